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
} found_object_t;

/* All that can be reached. */
typedef struct found {
	uint32_t slots, objects;
	slot_t *slot[FOUND_SLOTS];
	found_object_t object[FOUND_OBJECTS];
} found_t;

extern found_t found;

#define hold(condition, text) ((condition) ? (void)0 : panic(text))

found_object_t *find_object(uint32_t address, uint32_t type);

/* S1 of a slot without a capability. */
void check_free(const slot_t *slot);

/* A thread waits through this slot. */
void count_waiting(const slot_t *slot);

/* T4, in the ring: how many wait through the slot. */
uint32_t check_peers(const slot_t *slot);

/* T, D, E, N, R and I, and their counters. */
void check_threads(audit_report_t *audit);

#endif
