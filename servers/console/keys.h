/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of the line editor, from a terminal's bytes and from a keyboard's events. Pure. Escape
 * sequences (ECMA-48 5.4, and of the cursor keys of a DEC VT100) of keys that it does not know
 * are swallowed, but no control character: that ends what was begun, and is its own key. */
#ifndef CONSOLE_KEYS_H
#define CONSOLE_KEYS_H

#include "abi/protocol/input.h"
#include "edit.h"

/* How far into something a terminal's bytes are. All zeros at the beginning. */
typedef struct keys {
	uint8_t escape;	   /* into an escape sequence */
	uint8_t number;	   /* its parameter so far */
	bool after_return; /* a line feed that follows belongs to the return before it */
} keys_t;

/* The key that is whole with this byte; EDIT_NOTHING: none. */
uint32_t keys_take(keys_t *keys, char byte);

/* The key that goes down, or is repeated, with this event; EDIT_NOTHING: none. */
uint32_t keys_of(const input_event_t *event);

#endif
