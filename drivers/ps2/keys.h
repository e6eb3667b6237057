/* SPDX-License-Identifier: BSD-2-Clause */
/* Which keys the reader believes to be held, and the ring of events for it. Pure: no I/O.
 * It never lets a key stay stuck: whatever is lost on the way, every key that was reported
 * down is reported up. When the ring is full the newest event is dropped and counted, and
 * all held keys are released as soon as there is room for that. */
#ifndef PS2_KEYS_H
#define PS2_KEYS_H

#include <stdbool.h>

#include "abi/protocol/input.h"
#include "cap/ring.h"

#define KEYS_BYTES  4096u /* of the ring, a power of two */
#define KEYS_EVENTS (KEYS_BYTES / (uint32_t)sizeof(input_event_t)) /* that it holds */

/* Invariant K1: a key's bit in `held` is set exactly if the newest event put for it is not
 *               INPUT_UP.
 * Invariant K2: `held_count` is the number of bits set, and at most KEYS_EVENTS, so an
 *               empty ring has room to release all. */
typedef struct keys {
	uint8_t held[INPUT_KEYS_MAX / 8];
	uint32_t held_count;
	uint8_t locks;	      /* INPUT_CAPSLOCK, INPUT_NUMLOCK, INPUT_SCROLLLOCK */
	bool release_pending; /* events were lost: release all before anything else */
	uint32_t now_ms;      /* time of the newest event */
	ring_t ring;
	uint8_t data[KEYS_BYTES];
} keys_t;

/* Empties everything. Must not be moved afterwards: the ring points into it. */
void keys_init(keys_t *keys);

/* Key `code` (below INPUT_KEYS_MAX) went down or up. Down again while held is a repeat; up
 * while not held is ignored. */
void keys_feed(keys_t *keys, uint16_t code, bool down, uint32_t now_ms);

/* Reports every held key up, now or as soon as the ring has room. */
void keys_release_all(keys_t *keys, uint32_t now_ms);

/* Takes as many whole events as fit into `bytes` and returns the bytes taken. */
uint32_t keys_read(keys_t *keys, void *to, uint32_t bytes);

/* INPUT_… for the keys held and the locks that are on. */
uint8_t keys_modifiers(const keys_t *keys);

#endif
