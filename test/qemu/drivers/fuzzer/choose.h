/* SPDX-License-Identifier: BSD-2-Clause */
/* What the fuzzer asks for: a pure function of a seed, of the handles that it has and of the
 * table of system calls. It makes no call itself. */
#ifndef FUZZER_CHOOSE_H
#define FUZZER_CHOOSE_H

#include <stdbool.h>

#include "abi/syscalls.h"

#define MADE_MAX 24u
#define OWN_MAX	 40u

typedef struct handles {
	cap_t own[OWN_MAX]; /* what the driver was given, not to be released */
	uint32_t own_count;
	uint32_t type[OWN_MAX]; /* of own[] */
	cap_t made[MADE_MAX];	/* what its calls have made since; CAP_NULL: none */
} handles_t;

typedef struct choice {
	uint32_t number;
	uint32_t arg[4];
	bool wild; /* nothing of it is meant to make sense */
} choice_t;

/* Starts the sequence; the same seed gives the same sequence. */
void choose_seed(uint32_t seed);

/* A number below `below`. */
uint32_t choose_below(uint32_t below);

/* Any word: often one that is near some boundary. */
uint32_t choose_word(void);

/* One of the handles, or something like one. */
cap_t choose_handle(const handles_t *handles, uint32_t type);

/* The next call. It waits for at most some milliseconds, but once in FATAL_ONE_IN. */
choice_t choose_call(const handles_t *handles);

/* Milliseconds to wait: none or few. */
uint32_t choose_timeout(void);

/* An info word: often a request that a manager knows. */
uint32_t choose_info(void);

/* Once in so many calls, one that is likely to end the driver is made all the same. */
#define FATAL_ONE_IN 20000u

#endif
