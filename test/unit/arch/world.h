/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of arch/i386 share: the machine started on a kind of processor, address spaces
 * on it, and each test run on every kind. */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

#include "devices.h"
#include "memory.h"
#include "processor.h"

#define WORLD_TESTS 24u

typedef struct world_test {
	const char *name;
	void (*check)(void);
} world_test_t;

#define WORLD_TEST(check)                                                                      \
	{                                                                                      \
#check, check                                                                  \
	}

/* Runs each test on each kind of processor, started anew; the number of failures. */
int world_run(const world_test_t *tests, uint32_t count);
#define WORLD_RUN(tests) world_run(tests, sizeof(tests) / sizeof((tests)[0]))

/* Makes a machine of this kind as the loader leaves it; its memory is full of ones. */
void world_load(const processor_kind_t *kind);

/* What is called between boot.S and the rest of the kernel. */
void world_init(void);

/* An address space in memory that was used before. */
typedef struct space {
	uint32_t directory, root;
} space_t;
space_t world_space(void);

/* Adds an empty table for `virt`; its address. */
uint32_t world_table(const space_t *space, uint32_t virt);

/* Is user mode let through at `virt`, and to `address`? Caches the page. */
bool world_reaches(uint32_t virt, unsigned access, uint32_t address);

/* Does the call end in a panic? */
bool world_panics(void (*call)(void));

/* What the kernel was told last, by the functions that arch.h lets the machine call. */
typedef struct told {
	uint32_t syscalls, faults, interrupts, strays, ticks, leaves;
	uint32_t number, label, address, code, line;
} told_t;
extern told_t told;
extern const arch_frame_t world_next; /* who leaves the kernel next, as the kernel says */

#endif
