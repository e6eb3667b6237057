/* SPDX-License-Identifier: BSD-2-Clause */
/* Random operations with interrupts in the middle: all system calls with plausible and wild
 * arguments by several threads, ticks, faults, and ticks and interrupts between the steps of
 * long work, where what comes first is not for a model to say (test_kernel_model.c does the
 * rest). Nothing is predicted; every invariant is checked after each operation. The seed and
 * the number of operations may be given on the command line. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "call_table.h"
#include "check.h"
#include "check_parts.h"
#include "random_arguments.h"

#define OPERATIONS_DEFAULT 50000u
#define OPERATIONS_A_WORLD 600u
#define QUIET_LIMIT	   20u /* operations without a call: nobody is left */
#define PROCESSES	   4u

static uint64_t seed = 20240229;
static uint32_t operations = OPERATIONS_DEFAULT;
static uint32_t quiet;
static uint32_t last_operation, last[5]; /* the call under way, for the report of a failure */

/* Any ready thread; null: there is none. */
static tcb_t *pick_thread(void)
{
	tcb_t *chosen = NULL;
	uint32_t seen = 0;
	for (uint32_t p = 0; p <= PRIORITY_MAX; p++)
		for (tcb_t *at = kernel.sched.ready[p].first; at; at = at->next)
			if (one_in(++seen))
				chosen = at;
	if (kernel.sched.current && one_in(++seen))
		chosen = kernel.sched.current;
	return chosen;
}

/* Destroying calls are rarer than they would be by chance, and rarest for the root. */
static uint32_t pick_number(const tcb_t *tcb)
{
	for (;;) {
		uint32_t number = one_in(100) ? random_word() : below(SYS_COUNT);
		bool destroys = number == SYS_CAP_RELEASE || number == SYS_CAP_REVOKE ||
				number == SYS_THREAD_SUSPEND || number == SYS_THREAD_EXIT ||
				number == SYS_THREAD_BIND;
		if (!destroys || one_in(tcb == bench.root ? 12 : 3))
			return number;
	}
}

static void one_call(tcb_t *tcb)
{
	switch_to(tcb);
	uint32_t number = pick_number(tcb);
	uint32_t arg[4] = {0};
	fill_buffer(tcb);
	if (number < SYS_COUNT)
		pick_all(tcb, number, arg);
	last[0] = number;
	memcpy(&last[1], arg, sizeof(arg));
	tcb->frame.eax = number;
	tcb->frame.ebx = arg[0];
	tcb->frame.esi = arg[1];
	tcb->frame.edi = arg[2];
	tcb->frame.ebp = arg[3];
	bench_trap();
}

static void one_operation(void)
{
	tcb_t *tcb = pick_thread();
	uint32_t choice = below(40);
	quiet = tcb ? 0 : quiet + 1;
	if (choice == 0)
		kernel_on_interrupt(below(IRQ_LINES));
	else if (choice < 4 || !tcb) {
		fake.time_us += 1000;
		kernel_on_tick();
	} else if (choice == 4 && tcb != bench.root) {
		switch_to(tcb);
		kernel_on_fault(FAULT_PAGE + below(7), random_word(), below(32));
	} else {
		one_call(tcb);
		return;
	}
	fake_leave();
}

static void in_a_window(void)
{
	fake.time_us += below(200);
	if (one_in(4))
		kernel_on_tick();
	if (one_in(8))
		kernel_on_interrupt(below(IRQ_LINES));
}

/* Processes that can talk to each other and to the hardware. */
static void build_world(void)
{
	quiet = 0;
	bench_setup(NULL);
	cap_t endpoint = make(CAP_ENDPOINT, 0), notification = make(CAP_NOTIFICATION, 0);
	for (uint32_t i = 0; i < PROCESSES; i++) {
		cap_t untyped = make(CAP_UNTYPED, 17);
		process_t p = process_make_from(untyped, 8 * (i + 1) - 1);
		give(&p, endpoint, i & 1 ? RW : call_rights_of(CAP_ENDPOINT), i & 1 ? i : 0);
		give(&p, notification, RW, i & 2 ? 1u << i : 0);
		give(&p, p.thread, RW, 0);
		give(&p, p.vspace, RIGHT_WRITE, 0);
		give(&p, p.frame, RW, 0);
		give(&p, bench.pio, RW, PIO_SCOPE(0x60, 0x67));
		give(&p, bench.irq, RIGHT_READ | RIGHT_INSPECT, 0);
		give(&p, bench.audit, RIGHT_READ, 0);
		cap_t mmio = done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW, BENCH_MMIO_FIRST,
				  16 * PAGE_SIZE);
		give(&p, mmio, RW, 0);
		done(bench.root, SYS_UNTYPED_RETYPE, untyped, CAP_UNTYPED, 14, p.cspace);
		done(bench.root, SYS_UNTYPED_RETYPE, untyped, CAP_REPLY, 0, p.cspace);
		done(bench.root, SYS_UNTYPED_RETYPE, untyped, CAP_PTABLE, 0, p.cspace);
		done(bench.root, SYS_UNTYPED_RETYPE, untyped, CAP_IOBITMAP, 0, p.cspace);
		if (i == 0)
			done(bench.root, SYS_THREAD_BIND, p.thread, BIND_FAULT, endpoint, 9);
	}
	fake.window = in_a_window;
}

static void every_invariant_holds_after_every_operation(void **state)
{
	(void)state;
	read_calls();
	random_begin(seed | 1);
	print_message("seed %llu, %u operations\n", (unsigned long long)seed, operations);
	for (uint32_t i = 0; i < operations; i++) {
		last_operation = i;
		if (i % OPERATIONS_A_WORLD == 0 || quiet > QUIET_LIMIT)
			build_world();
		one_operation();
		check_all();
	}
}

static int tell_where(void **state)
{
	(void)state;
	if (last_operation + 1 < operations)
		print_error("seed %llu, operation %u: last call %u(0x%x, 0x%x, 0x%x, 0x%x)\n",
			    (unsigned long long)seed, last_operation, last[0], last[1], last[2],
			    last[3], last[4]);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(every_invariant_holds_after_every_operation, tell_where),
	};
	if (argc > 1)
		seed = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		operations = (uint32_t)strtoul(argv[2], NULL, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
