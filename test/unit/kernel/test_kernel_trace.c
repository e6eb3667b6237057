/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls are recorded in memory that nobody can have any more: whole, derived from none, and
 * taken from who gave it. */
#include "bench.h"
#include "check.h"

static cap_t spare(uint32_t page)
{
	return bench_add_memory(bench.table, page);
}

static void what_is_given_is_nobodys_from_then_on(void **state)
{
	(void)state;
	cap_t memory = spare(1);
	uint32_t free_bytes = kernel.audit.free_bytes, ram_bytes = kernel.audit.ram_bytes;
	assert_int_equal(kernel.audit.flags, 0);
	done(bench.root, SYS_TRACE, bench.audit, memory, 0, 0);
	assert_int_equal(fake.trace, BENCH_SPARE + PAGE_SIZE);
	assert_int_equal(fake.trace_bits, PAGE_BITS);
	assert_int_equal(kernel.audit.flags, AUDIT_TRACE);
	assert_int_equal(kernel.audit.free_bytes, free_bytes - PAGE_SIZE);
	assert_int_equal(kernel.audit.ram_bytes, ram_bytes);
	assert_false(alive(bench.root, memory));
	refused(DRV_EBADCAP, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, 0, CAP_NULL);
	check_all();
}

static void it_is_done_once(void **state)
{
	(void)state;
	cap_t first = spare(0), second = spare(1);
	done(bench.root, SYS_TRACE, bench.audit, first, 0, 0);
	refused(DRV_EEXIST, bench.root, SYS_TRACE, bench.audit, second, 0, 0);
	assert_int_equal(fake.trace, BENCH_SPARE);
	refused(DRV_EBADCAP, bench.root, SYS_TRACE, bench.audit, first, 0, 0);
}

static void who_reads_the_counters_has_nothing_recorded(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX);
	cap_t counters = give(&p, bench.audit, RIGHT_READ, 0);
	cap_t own = bench_add_memory(object_of(p.cspace), 0);
	refused(DRV_EPERM, p.tcb, SYS_TRACE, counters, own, 0, 0);
	refused(DRV_EINVAL, p.tcb, SYS_TRACE, own, own, 0, 0);
	assert_int_equal(fake.trace, 0);
	cap_t both = give(&p, bench.audit, RIGHT_READ | RIGHT_WRITE, 0);
	refused(DRV_EINVAL, p.tcb, SYS_TRACE, both, both, 0, 0);
	done(p.tcb, SYS_TRACE, both, own, 0, 0);
}

/* Revoking what is above it would give its memory to others. */
static void memory_that_somebody_could_take_back_is_refused(void **state)
{
	(void)state;
	cap_t whole = spare(0), only = make_from(whole, CAP_UNTYPED, UNTYPED_BITS_MIN);
	refused(DRV_EINVAL, bench.root, SYS_TRACE, bench.audit, only, 0, 0);
	cap_t several[] = {make(CAP_UNTYPED, 12), make(CAP_UNTYPED, 12), make(CAP_UNTYPED, 12)};
	for (uint32_t i = 0; i < 3; i++)
		refused(DRV_EINVAL, bench.root, SYS_TRACE, bench.audit, several[i], 0, 0);
	/* Nor has anybody what is left of it when its parent is gone. */
	done(bench.root, SYS_CAP_RELEASE, whole, 0, 0, 0);
	done(bench.root, SYS_TRACE, bench.audit, only, 0, 0);
	check_all();
}

static void memory_of_which_something_was_made_is_refused(void **state)
{
	(void)state;
	cap_t memory = spare(0), frame = make_from(memory, CAP_FRAME, 0);
	refused(DRV_EINVAL, bench.root, SYS_TRACE, bench.audit, memory, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, frame, 0, 0, 0);
	done(bench.root, SYS_TRACE, bench.audit, memory, 0, 0);
	check_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_given_is_nobodys_from_then_on, bench_setup),
	    cmocka_unit_test_setup(it_is_done_once, bench_setup),
	    cmocka_unit_test_setup(who_reads_the_counters_has_nothing_recorded, bench_setup),
	    cmocka_unit_test_setup(memory_that_somebody_could_take_back_is_refused,
				   bench_setup),
	    cmocka_unit_test_setup(memory_of_which_something_was_made_is_refused, bench_setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
