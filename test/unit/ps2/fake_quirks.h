/* SPDX-License-Identifier: BSD-2-Clause */
/* Machines that were seen in the wild, as data: what is odd about each, who reported it, and
 * what a driver must make of it. Facts alone were taken from the reports. `reported` is a
 * public repository and the number of an issue, a file of a public driver that works around it,
 * or a mailing list and a date. Where no report names a time or a count, the row picks one. */
#ifndef TEST_FAKE_QUIRKS_H
#define TEST_FAKE_QUIRKS_H

#include "abi/types.h"
#include "fake_pc.h"

#define QUIRK_RULES  3u
#define QUIRK_SENDS  3u
#define QUIRK_EVENTS 6u

/* A byte that the driver writes exactly so often until the row is judged; of devices' bytes
 * parameters do not count. */
typedef struct quirk_sends {
	fake_target_t target;
	uint8_t byte;
	uint8_t count; /* QUIRK_NEVER: 0; 0: no such row */
} quirk_sends_t;
#define QUIRK_NEVER 0xffu

typedef struct quirk_event {
	uint16_t code; /* KEY_…, BTN_…; 0: none */
	int8_t value;
} quirk_event_t;

typedef struct fake_quirk {
	const char *name, *reported;

	/* The machine. */
	const fake_personality_t *is; /* null: fake_8042 */
	uint16_t keyboard_test_ms;    /* 0: as it is */
	uint8_t ack_ms;		      /* 0: as it is */
	fake_faults_t faults;
	fake_rule_t rules[QUIRK_RULES];
	fake_happening_t happenings[FAKE_HAPPENING];
	bool no_mouse_at_start, no_keyboard_at_start;
	bool moves;	  /* somebody moves the mouse all the time while it is set up */
	bool types;	  /* the same with a key */
	bool asks_repeat; /* somebody wants another repeat rate, once all is set up */

	/* What must come of it. */
	err_t probe, init;
	uint16_t within_ms; /* all that follows is so then; 0: 3000 */
	bool keyboard_gone; /* it is no working keyboard: a healthy state */
	bool mouse_gone;
	err_t health; /* as told, before somebody types */
	quirk_sends_t sends[QUIRK_SENDS];
	quirk_event_t events[QUIRK_EVENTS]; /* of keys and buttons, before the trial typing */
	uint8_t gaps; /* places where the driver says that events are lost */
} fake_quirk_t;

typedef struct quirk_table {
	const char *of;
	const fake_quirk_t *rows;
	unsigned count;
} quirk_table_t;
extern const quirk_table_t quirks_controller, quirks_keyboard, quirks_mouse;

/* The machine of a row, before the first access. */
void quirk_machine(const fake_quirk_t *quirk, fake_pc_t *pc);

#endif
