/* SPDX-License-Identifier: BSD-2-Clause */
/* What check.c and check_threads.c share. */
#ifndef CHECK_PARTS_H
#define CHECK_PARTS_H

#include "base/assert.h"
#include "bench.h"

#define FOUND_SLOTS   60000u
#define FOUND_OBJECTS 4096u

typedef struct found_object {
	uint32_t address, type, refs;
	bool buried; /* it has a tomb */
} found_object_t;

/* All that can be reached. */
typedef struct found {
	uint32_t slots, objects, tombs;
	slot_t *slot[FOUND_SLOTS];
	found_object_t object[FOUND_OBJECTS];
} found_t;

extern found_t found;

#define hold(condition, text) ((condition) ? (void)0 : panic(text))

found_object_t *find_object(uint32_t address, uint32_t type);

/* Has the last check come to this slot, as one in use? */
bool is_found(slot_ref_t ref);

/* Does it hold the place of an object that is being taken apart? */
bool is_tomb(const slot_t *slot);

/* What it was derived from, whether it knows or not; null: nothing. */
const slot_t *parent_of(const slot_t *slot);

/* S1 of a slot without a capability. */
void check_free(const slot_t *slot);

/* A thread waits through this slot. */
void count_waiting(const slot_t *slot);
uint32_t counted_waiting(const slot_t *slot);

/* T4, in the ring: how many wait through the slot. */
uint32_t check_peers(const slot_t *slot);

/* All waiters of an object's queue wait there: to send, to receive, or else. */
void check_waiters(const thread_queue_t *queue, bool sending, bool receiving);

/* Links; how many there are. */
uint32_t check_queue(const thread_queue_t *queue);

/* Is the thread where its time limit belongs? */
bool in_bucket(const tcb_t *tcb);

/* L1 to L3; how many have a limit. */
uint32_t check_timers(void);

/* I, and its counters. */
void check_lines(audit_report_t *audit);

/* T, D, L, E, N, R and I, and their counters. */
void check_threads(audit_report_t *audit);

#endif
