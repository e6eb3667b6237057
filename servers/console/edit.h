/* SPDX-License-Identifier: BSD-2-Clause */
/* The line editor of both prompts: keys in, a line out. It knows no terminal and no screen.
 * Pure. */
#ifndef CONSOLE_EDIT_H
#define CONSOLE_EDIT_H

#include "abi/protocol/manager.h"
#include "cap/complete.h"
#include "recall.h"

/* A printable character is its own key. */
typedef enum edit_key {
	EDIT_NOTHING = 0,
	EDIT_ENTER = 0x80,
	EDIT_LEFT,
	EDIT_RIGHT,
	EDIT_HOME,
	EDIT_END,
	EDIT_UP,      /* to the command before */
	EDIT_DOWN,    /* and back */
	EDIT_RUB_OUT, /* the character before the cursor */
	EDIT_DELETE,  /* the one at it */
	EDIT_CUT_END, /* all behind it */
	EDIT_CUT_ALL,
	EDIT_CUT_WORD, /* the one before it */
	EDIT_FORGET,   /* the line */
	EDIT_TAB,
	EDIT_CLEAR, /* the screen */
} edit_key_t;

/* A line that is being typed, as it is kept. All zeros: nothing was.
 *
 * Invariants: ED1: at <= length <= LINE_MOST. ED2: `recalled` is the place of the command that
 * is being looked at, unless `drafted` is 0, and what was typed before that is in draft number
 * drafted - 1. ED3: the text is printable. */
typedef struct edit {
	uint32_t recalled;
	uint8_t length, at;
	uint8_t drafted;
	uint8_t tabbed; /* the last key was a Tab that had several words to offer */
	char text[LINE_MOST];
} edit_t;
ABI_ASSERT(sizeof(edit_t) % 4 == 0, "whole words are kept");

/* What was typed before a command was recalled. It lies beside the lines, of which one state
 * follows another: what the one that is kept has its draft in is not to be the free one. */
typedef struct draft {
	uint32_t length;
	char text[LINE_MOST];
} draft_t;

/* What lies beside a line. */
typedef struct edit_side {
	recall_t *recall;
	draft_t *drafts;
	uint32_t free;			 /* the number of one that may be written */
	const manager_status_t *drivers; /* whose names Tab knows */
	uint32_t count;
} edit_side_t;

/* What has changed: the characters from .. to - 1; the cursor alone if there are none. */
typedef struct edit_change {
	uint16_t from, to;
} edit_change_t;

/* Takes one key; what is none changes nothing. */
edit_change_t edit_take(edit_t *edit, const edit_side_t *side, uint32_t key);

/* The line was entered: it is empty, and `recall` has it. */
void edit_entered(edit_t *edit, const edit_side_t *side);

/* What Tab would offer, as cap/complete.h has it. */
complete_t edit_offer(const edit_t *edit, const edit_side_t *side);

#endif
