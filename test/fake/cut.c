/* SPDX-License-Identifier: BSD-2-Clause */
/* cut.h: the pages may not be written to while a run is under way. A store faults, is a point,
 * and is let through by stepping over one instruction. */
#define _GNU_SOURCE /* REG_EFL, MAP_32BIT */
#include "cut.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define PAGE_BYTES 4096u
#define EFL_STEP   0x100

static struct {
	uint8_t *at;
	size_t bytes;
} regions[CUT_REGIONS + 1]; /* the first one is the pages */
static size_t region_count, world_bytes;
static cut_t *now;	     /* the run under way, or null */
static uint32_t most_points; /* of it; CUT_POINTS + 1: there may not be more than CUT_POINTS */

void cut_world(void *at, size_t bytes)
{
	if (region_count > CUT_REGIONS)
		abort();
	regions[region_count].at = at;
	regions[region_count++].bytes = bytes;
	world_bytes += bytes;
}

static void *map(size_t bytes, int flags)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
	if (at == MAP_FAILED)
		abort();
	return at;
}

void *cut_pages(size_t count)
{
	size_t bytes = count * PAGE_BYTES;
	if (!region_count)
		cut_world(map(bytes, MAP_32BIT), bytes);
	if (regions[0].bytes != bytes)
		abort();
	return memset(regions[0].at, 0, bytes);
}

static void guard(int allowed)
{
	if (mprotect(regions[0].at, regions[0].bytes, allowed))
		abort();
}

static void put_aside(cut_t *cut)
{
	uint8_t *to = cut->worlds + cut->points * world_bytes;
	for (size_t i = 0; i < region_count; to += regions[i++].bytes)
		memcpy(to, regions[i].at, regions[i].bytes);
}

static void take_point(void)
{
	if (now->points == CUT_POINTS)
		abort();
	put_aside(now);
	now->points++;
}

void cut_here(void)
{
	if (now && now->points < most_points)
		take_point();
}

void cut_hold(bool held)
{
	if (now)
		guard(held ? PROT_READ | PROT_WRITE : PROT_READ);
}

/* Another fault than that is the test's own: it happens again, and ends it. */
static void on_store(int number, siginfo_t *info, void *context)
{
	ucontext_t *at = context;
	uintptr_t offset = (uintptr_t)info->si_addr - (uintptr_t)regions[0].at;
	if (offset >= regions[0].bytes) {
		signal(number, SIG_DFL);
		return;
	}
	guard(PROT_READ | PROT_WRITE);
	if (now->points == most_points) {
		now = NULL;
		return;
	}
	take_point();
	at->uc_mcontext.gregs[REG_EFL] |= EFL_STEP;
}

static void on_step(int number, siginfo_t *info, void *context)
{
	ucontext_t *at = context;
	(void)number, (void)info;
	at->uc_mcontext.gregs[REG_EFL] &= ~EFL_STEP;
	guard(PROT_READ);
}

static void record(cut_t *cut, uint32_t most, void (*run)(void *), void *argument)
{
	struct sigaction store = {.sa_sigaction = on_store, .sa_flags = SA_SIGINFO};
	struct sigaction step = {.sa_sigaction = on_step, .sa_flags = SA_SIGINFO};
	struct sigaction store_before, step_before;
	cut->worlds = map((CUT_POINTS + 1) * world_bytes, MAP_NORESERVE);
	cut->points = 0;
	most_points = most;
	sigaction(SIGSEGV, &store, &store_before);
	sigaction(SIGTRAP, &step, &step_before);
	now = cut;
	guard(PROT_READ);
	run(argument);
	guard(PROT_READ | PROT_WRITE);
	now = NULL;
	sigaction(SIGSEGV, &store_before, NULL);
	sigaction(SIGTRAP, &step_before, NULL);
	put_aside(cut);
}

void cut_record(cut_t *cut, void (*run)(void *), void *argument)
{
	record(cut, CUT_POINTS + 1, run, argument);
}

void cut_record_some(cut_t *cut, uint32_t most, void (*run)(void *), void *argument)
{
	record(cut, most, run, argument);
}

void cut_back(const cut_t *cut, uint32_t point)
{
	const uint8_t *from = cut->worlds + point * world_bytes;
	for (size_t i = 0; i < region_count; from += regions[i++].bytes)
		memcpy(regions[i].at, from, regions[i].bytes);
}

void cut_free(cut_t *cut)
{
	munmap(cut->worlds, (CUT_POINTS + 1) * world_bytes);
}
