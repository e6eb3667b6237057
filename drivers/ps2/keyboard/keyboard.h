/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard: its set-up, its bytes as events, its lamps and repeat rate, and looks after it.
 * Pure: bytes and time in; what it wants written is in its device's port. What must outlive the
 * driver is in the kept state; what is here is lost at a death, and keyboard_resume() makes up
 * for it. */
#ifndef PS2_KEYBOARD_H
#define PS2_KEYBOARD_H

#include "ps2/device.h"

#define KEYBOARD_QUIET_MS 100u	/* silence, after a restart, until it is asked for an echo */
#define KEYBOARD_LOOK_MS  5000u /* silence until somebody looks after it, by an echo */
#define KEYBOARD_LOOKS	  10u	/* such without a key; then it is told to scan */

/* Silence until its port is switched on: what one has to say that was plugged in meanwhile
 * comes before the look, over which a keyboard forgets it. */
#define KEYBOARD_LISTEN_MS 4000u

enum keyboard_task {
	KEYBOARD_SETUP_AGAIN = DEVICE_TASKS, /* without F5, which some do not outlive */
	KEYBOARD_CONFIRM,		     /* it reported a self-test: is it there? */
	KEYBOARD_ECHO,			     /* after a restart: does it answer? */
	KEYBOARD_LEDS,
	KEYBOARD_REPEAT,
	KEYBOARD_LOOK,	 /* after silence: is it there? */
	KEYBOARD_ENABLE, /* after a long one: it is to scan, should it not */
};

/* Invariant PS9: the kept state's `owes` is set while a parameter may be due.
 *
 * Invariant PS14: while `echo_due` no program runs and no set-up is due. */
typedef struct keyboard {
	device_t device;
	bool echo_due;		   /* as soon as it is quiet */
	bool unheard;		   /* a look came of lamps or a rate that it did not answer */
	uint8_t looks;		   /* since its last key */
	uint32_t listens_since_ms; /* the silence in which its port was switched on last */
} keyboard_t;

/* A set-up from the beginning. What it was before is not believed. */
void keyboard_setup(keyboard_t *keyboard, turn_t *turn);

/* Goes on where the instance before died. */
void keyboard_resume(keyboard_t *keyboard, turn_t *turn);

/* No more programs. */
void keyboard_stop(keyboard_t *keyboard);

void keyboard_byte(keyboard_t *keyboard, turn_t *turn, uint8_t byte);

/* A byte was damaged: it may have been a release. */
void keyboard_damaged(keyboard_t *keyboard, turn_t *turn);

/* The rest of a code will not come. */
void keyboard_drop_half(turn_t *turn);

/* A byte could not be written in time. */
void keyboard_unwritten(keyboard_t *keyboard, turn_t *turn);

/* Time has passed; or what is wanted of it has changed. */
void keyboard_time(keyboard_t *keyboard, turn_t *turn);

/* Until keyboard_time() has to be called. */
uint32_t keyboard_left_ms(const keyboard_t *keyboard, const turn_t *turn);

/* What is asked for (INPUT_IOCTL_…), kept at once: the keyboard has it behind the next
 * keyboard_time(). DRV_EINVAL: other bits than locks, or a time of 0; nothing has changed. */
err_t keyboard_set_leds(turn_t *turn, uint32_t leds);
err_t keyboard_set_repeat(turn_t *turn, uint32_t delay_ms, uint32_t period_ms);

/* The keyboard's byte for a repeat rate: what is nearest, the slower one of two. */
uint8_t keyboard_rate(uint32_t delay_ms, uint32_t period_ms);

#endif
