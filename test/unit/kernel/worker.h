/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of long work: a worker of low priority, and an urgent thread that sleeps until a
 * test wakes it in an interrupt window. Both have the root's handles. */
#ifndef WORKER_H
#define WORKER_H

#include "bench.h"
#include "check.h"

#define MOST_TOUCHES 400u /* memory accesses between two windows: some microseconds */

static process_t worker, urgent;
static cap_t top; /* a notification */

static int worker_setup(void **state)
{
	bench_setup(state);
	top = make(CAP_NOTIFICATION, 0);
	worker = process_make(5);
	urgent = process_make(PRIORITY_MAX);
	done(bench.root, SYS_THREAD_BIND, worker.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_BIND, urgent.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_SUSPEND, urgent.thread, 0, 0, 0);
	return 0;
}

/* From now on the worker is the most urgent but for what a window makes ready. */
static void root_stands_back(void)
{
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
}

static void start2(tcb_t *tcb, uint32_t number, uint32_t a0, uint32_t a1)
{
	switch_to(tcb);
	tcb->frame.eax = number;
	tcb->frame.ebx = a0;
	tcb->frame.esi = a1;
	tcb->frame.edi = tcb->frame.ebp = 0;
	tcb->frame.eip += 2;
	fake_count_from_here();
	bench_trap();
}

static void start(tcb_t *tcb, uint32_t number, uint32_t a0)
{
	start2(tcb, number, a0, 0);
}

static uint32_t notifications(void)
{
	return kernel.audit.caps[CAP_NOTIFICATION];
}

static uint32_t wake_after;

/* An interrupt in the n-th window makes the urgent thread ready. */
static inline void wake_urgent(void)
{
	if (fake.windows == wake_after)
		thread_resume(urgent.tcb);
}

static inline void urgent_sleeps(void)
{
	thread_suspend(urgent.tcb);
	fake_leave();
}

#define TEST(name) cmocka_unit_test_setup(name, worker_setup)

#endif
