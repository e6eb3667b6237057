/* SPDX-License-Identifier: BSD-2-Clause */
/* cut.h: the page may not be written to while a run is under way. A store to it faults, is
 * counted, and is let through by stepping over one instruction. */
#define _GNU_SOURCE /* REG_EFL, MAP_32BIT */
#include "cut.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#define PAGE_BYTES 4096u
#define EFL_STEP   0x100

static uint8_t *page;
static sigjmp_buf end;
static bool runs;
static uint32_t cut_at, points;

static void guard(int allowed)
{
	if (mprotect(page, PAGE_BYTES, allowed))
		abort();
}

void *cut_page(void)
{
	page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (page == MAP_FAILED)
		abort();
	return page;
}

static void count_point(void)
{
	if (points++ != cut_at)
		return;
	guard(PROT_READ | PROT_WRITE);
	siglongjmp(end, 1);
}

void cut_here(void)
{
	if (runs)
		count_point();
}

/* Another fault than the page's is the test's own: it happens again, and ends it. */
static void on_store(int number, siginfo_t *info, void *context)
{
	ucontext_t *at = context;
	uintptr_t offset = (uintptr_t)info->si_addr - (uintptr_t)page;
	if (offset >= PAGE_BYTES) {
		signal(number, SIG_DFL);
		return;
	}
	count_point();
	guard(PROT_READ | PROT_WRITE);
	at->uc_mcontext.gregs[REG_EFL] |= EFL_STEP;
}

static void on_step(int number, siginfo_t *info, void *context)
{
	ucontext_t *at = context;
	(void)number, (void)info;
	at->uc_mcontext.gregs[REG_EFL] &= ~EFL_STEP;
	guard(PROT_READ);
}

bool cut_run(uint32_t at, void (*run)(void *), void *argument)
{
	struct sigaction store = {.sa_sigaction = on_store, .sa_flags = SA_SIGINFO};
	struct sigaction step = {.sa_sigaction = on_step, .sa_flags = SA_SIGINFO};
	struct sigaction store_before, step_before;
	volatile bool whole = false;
	cut_at = at;
	points = 0;
	sigaction(SIGSEGV, &store, &store_before);
	sigaction(SIGTRAP, &step, &step_before);
	if (!sigsetjmp(end, 1)) {
		runs = true;
		guard(PROT_READ);
		run(argument);
		whole = true;
	}
	runs = false;
	guard(PROT_READ | PROT_WRITE);
	sigaction(SIGSEGV, &store_before, NULL);
	sigaction(SIGTRAP, &step_before, NULL);
	return whole;
}

uint32_t cut_points(void)
{
	return points;
}
