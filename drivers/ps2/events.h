/* SPDX-License-Identifier: BSD-2-Clause */
/* The stream of events (abi/protocol/input.h) over the kept page: what is held, the ring, the
 * numbers. Pure: no I/O and no clock. Those that put work on a state that is not live yet, and
 * on places of the ring that no reader sees before it is.
 *
 * No key stays stuck: whatever is lost, each one that was reported down is reported up. Where
 * events are missing there is a gap, an event that no reader is given: each one meets it once.
 * At most PS2_STEP_EVENTS events come of one step: what is to be released is so in the next
 * ones. */
#ifndef PS2_EVENTS_H
#define PS2_EVENTS_H

#include "ps2/page.h"

/* A stream that begins with the event `number`, with nothing held. */
void events_begin(ps2_page_t *page, ps2_state_t *state, uint32_t number);

/* Key `code` went down or up. Down again while held is a repeat; up while not held is
 * ignored, and so is a code that is none. */
void events_key(ps2_page_t *page, ps2_state_t *state, uint16_t code, bool down,
		uint32_t now_ms);

/* The buttons are these now: bit n for BTN_LEFT + n. */
void events_buttons(ps2_page_t *page, ps2_state_t *state, uint8_t buttons, uint32_t now_ms);

/* Motion along an axis, one of PS2_AXES; 0 is none. It is added to the newest event of that
 * axis if no key or button came behind that, and nobody was answered it. */
void events_motion(ps2_page_t *page, ps2_state_t *state, uint16_t axis, int32_t value,
		   uint32_t now_ms);

/* All that is held at `devices` (INPUT_OPEN_…, more than one as a sum) is to go up, before
 * anything else of them. */
void events_release(ps2_state_t *state, uint8_t devices);

/* Makes such a release, in a step of its own, or of more than one if so much is held. True:
 * there was one. */
bool events_settle(ps2_page_t *page, ps2_state_t *state, uint32_t now_ms);

/* Events of `devices` are missing here; what was held is to be released behind it. */
void events_gap(ps2_page_t *page, ps2_state_t *state, uint8_t devices, uint32_t now_ms);

/* The ring is not to be believed before `head`. */
void events_forget(ps2_state_t *state);

/* Answers up to `bytes` of whole events for a reader of `devices` (0: both) from *position on:
 * the bytes, and *position goes behind them and behind what was passed over. DRV_EOVERFLOW: at
 * *position there is a gap, or no event any more or yet; *position is untouched. DRV_EINVAL: no
 * room for one event. */
int32_t events_read(ps2_page_t *page, const ps2_state_t *state, uint8_t devices,
		    uint32_t *position, void *to, uint32_t bytes);

/* Does a reader that came to `position` meet a gap there, before anything else? */
bool events_is_gap(const ps2_page_t *page, const ps2_state_t *state, uint32_t position);

/* Where to read on from where DRV_EOVERFLOW was met, or `position` if it can be read. */
uint32_t events_resume(const ps2_page_t *page, const ps2_state_t *state, uint8_t devices,
		       uint32_t position);

/* What is held at such a position. */
void events_state_at(const ps2_page_t *page, const ps2_state_t *state, uint32_t position,
		     input_state_t *held);

/* INPUT_… for the keys held and the locks that are on. */
uint8_t events_modifiers(const ps2_state_t *state);

#endif
