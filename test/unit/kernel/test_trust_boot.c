/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel built with RE36_DEV_TRUST_BOOT=1. microkernel/boot/main.c turns that into a bit of
 * the audit report, which is all that the rest of the kernel looks at; here it is set as there.
 * Every request is made by every kind of thread, with and without the bit: the root task's
 * thread 0 gets physical ranges that hold no RAM beyond its own, and nobody else, and nothing
 * else, differs. test_refusal_matrix.c --trust-boot does the same for all other calls. */
#include "bench.h"
#include "check.h"

/* RAM as the boot code says it: not where the bench has its own. */
#define RAM_FIRST  0x00100000u
#define RAM_LAST   0x00ffffffu
#define LOW_PAGE   0x000a0000u
#define APIC_PAGE  0x40000000u
#define DEVICE	   0xe0000000u /* in every granted range */
#define WHOLE_LOW  (RAM_FIRST - PAGE_SIZE)
#define ABOVE_RAM  (RAM_LAST + 1)
#define TABLE_AT   0x00400000u
#define MAX_CROWD  4096u
#define LAST_FIELD 0xfffff000u

enum who { THREAD_0, ROOTS_SECOND, ROOTS_TABLE, OWN_RANGE, NO_RANGE, FULL, HOMELESS, CALLERS };

static tcb_t *caller[CALLERS];
static process_t own, full;

typedef struct request {
	uint32_t type, scope0, scope1;
	bool given; /* to a thread 0 that is trusted */
} request_t;

#define MMIO(base, size, given)                                                                \
	{                                                                                      \
		CAP_MMIO, (base), (size), (given)                                              \
	}
#define GIVEN(base, size)   MMIO(base, size, true)
#define REFUSED(base, size) MMIO(base, size, false)

static const request_t requests[] = {
    GIVEN(PAGE_SIZE, PAGE_SIZE),
    GIVEN(PAGE_SIZE, WHOLE_LOW),
    GIVEN(LOW_PAGE, PAGE_SIZE),
    GIVEN(RAM_FIRST - PAGE_SIZE, PAGE_SIZE),
    GIVEN(ABOVE_RAM, PAGE_SIZE),
    GIVEN(APIC_PAGE, PAGE_SIZE),
    GIVEN(ABOVE_RAM, BENCH_MMIO_FIRST - ABOVE_RAM),
    GIVEN(BENCH_MMIO_FIRST - PAGE_SIZE, PAGE_SIZE),
    GIVEN(BENCH_MMIO_FIRST - PAGE_SIZE, 2 * PAGE_SIZE),
    GIVEN(ABOVE_RAM, 0u - ABOVE_RAM),
    /* RAM, some of it or all, the kernel's image and what wraps round to it. */
    REFUSED(RAM_FIRST, PAGE_SIZE),
    REFUSED(RAM_LAST + 1 - PAGE_SIZE, PAGE_SIZE),
    REFUSED(RAM_FIRST, RAM_LAST + 1 - RAM_FIRST),
    REFUSED(RAM_FIRST - PAGE_SIZE, 2 * PAGE_SIZE),
    REFUSED(RAM_LAST + 1 - PAGE_SIZE, 2 * PAGE_SIZE),
    REFUSED(RAM_FIRST - PAGE_SIZE, RAM_LAST + 1 - RAM_FIRST + 2 * PAGE_SIZE),
    REFUSED(PAGE_SIZE, 0u - PAGE_SIZE),
    REFUSED(LOW_PAGE, 0u - LOW_PAGE),
    REFUSED(LAST_FIELD, 2 * PAGE_SIZE),
    REFUSED(ABOVE_RAM, 0u - ABOVE_RAM + PAGE_SIZE),
    REFUSED(ABOVE_RAM, 0u - ABOVE_RAM + RAM_FIRST + PAGE_SIZE),
    /* What is no range of pages. */
    REFUSED(0, PAGE_SIZE),
    REFUSED(0, 0),
    REFUSED(LOW_PAGE, 0),
    REFUSED(LOW_PAGE, PAGE_SIZE - 1),
    REFUSED(LOW_PAGE, PAGE_SIZE + 1),
    REFUSED(LOW_PAGE + 1, PAGE_SIZE),
    REFUSED(LOW_PAGE, UINT32_MAX),
    REFUSED(UINT32_MAX, UINT32_MAX),
    /* Ports and lines are never a matter of trust. */
    {CAP_PIO, PIO_SCOPE(0, BENCH_PORT_FIRST), 0, false},
    {CAP_PIO, PIO_SCOPE(BENCH_PORT_LAST, BENCH_PORT_FIRST), 0, false},
    {CAP_IRQ, IRQ_SCOPE(2, 2), 0, false},
    {CAP_IRQ, IRQ_SCOPE(IRQ_LINES, IRQ_LINES), 0, false},
    {CAP_PIO, LOW_PAGE, PAGE_SIZE, false},
    {CAP_IRQ, LOW_PAGE, PAGE_SIZE, false},
    {CAP_UNTYPED, LOW_PAGE, PAGE_SIZE, false},
    {CAP_FRAME, LOW_PAGE, PAGE_SIZE, false},
    {CAP_NONE, LOW_PAGE, PAGE_SIZE, false},
    {UINT32_MAX, LOW_PAGE, PAGE_SIZE, false},
    /* Within what was granted: the same with and without. */
    REFUSED(DEVICE, PAGE_SIZE),
    REFUSED(DEVICE, 2 * PAGE_SIZE),
    REFUSED(LAST_FIELD, PAGE_SIZE),
};
#define REQUESTS (sizeof(requests) / sizeof(requests[0]))

static void trust(bool on)
{
	kernel.audit.flags = on ? AUDIT_TRUST_BOOT : 0;
}

static void fill_table(const process_t *process)
{
	cap_t cap = give(process, bench.mmio, RW, 0);
	uint32_t count = 0;
	while (call(process->tcb, SYS_CAP_DERIVE, cap, RIGHT_READ, 0, 0) > 0)
		assert_true(++count < MAX_CROWD);
}

static int setup(void **state)
{
	bench_setup(state);
	kernel.root = bench.root;
	kernel.ram_first = RAM_FIRST;
	kernel.ram_last = RAM_LAST;
	process_t second = process_make(PRIORITY_MAX), table = process_make(PRIORITY_MAX);
	process_t none = process_make(PRIORITY_MAX), homeless = process_make(PRIORITY_MAX);
	own = process_make(PRIORITY_MAX);
	full = process_make(PRIORITY_MAX);
	/* As near to thread 0 as a thread can be: its tables, its pages, its rights. */
	done(bench.root, SYS_THREAD_BIND, second.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_SUSPEND, second.thread, 0, 0, 0);
	done(bench.root, SYS_THREAD_BIND, second.thread, BIND_VSPACE, bench.vspace, 0);
	done(bench.root, SYS_THREAD_RESUME, second.thread, 0, 0, 0);
	done(bench.root, SYS_THREAD_BIND, table.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_BIND, homeless.thread, BIND_CSPACE, CAP_NULL, 0);
	cap_t part = done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW, DEVICE, PAGE_SIZE);
	give(&own, part, RW, 0);
	fill_table(&full);
	caller[THREAD_0] = bench.root;
	caller[ROOTS_SECOND] = second.tcb;
	caller[ROOTS_TABLE] = table.tcb;
	caller[OWN_RANGE] = own.tcb;
	caller[NO_RANGE] = none.tcb;
	caller[FULL] = full.tcb;
	caller[HOMELESS] = homeless.tcb;
	return 0;
}

static err_t ask(enum who who, const request_t *request)
{
	return call(caller[who], SYS_CAP_ACQUIRE, request->type, request->scope0,
		    request->scope1, 0);
}

/* What the request gives, of which nothing is kept; a refusal must leave all as it was. */
static err_t outcome(enum who who, const request_t *request)
{
	audit_report_t before = kernel.audit;
	err_t err = ask(who, request);
	if (err < 0) {
		assert_memory_equal(&before, &kernel.audit, sizeof(before));
		refused(err, caller[who], SYS_CAP_ACQUIRE, request->type, request->scope0,
			request->scope1, 0);
		return err;
	}
	done(caller[who], SYS_CAP_INFO, (cap_t)err, 0, 0, 0);
	assert_int_equal(result[0], request->type);
	assert_int_equal(result[2], request->scope0);
	assert_int_equal(result[3], request->scope1);
	done(caller[who], SYS_CAP_RELEASE, (cap_t)err, 0, 0, 0);
	assert_memory_equal(&before, &kernel.audit, sizeof(before));
	return DRV_OK;
}

static void only_thread_0_gets_more_and_no_ram(void **state)
{
	(void)state;
	uint32_t more = 0;
	for (uint32_t i = 0; i < REQUESTS; i++) {
		for (enum who who = 0; who < CALLERS; who++) {
			trust(false);
			err_t without = outcome(who, &requests[i]);
			trust(true);
			err_t with = outcome(who, &requests[i]);
			bool given = who == THREAD_0 && requests[i].given;
			if (with != (given ? DRV_OK : without) ||
			    (requests[i].given && without == DRV_OK))
				fail_msg("request %u by %u: %d, without trust %d", i, who, with,
					 without);
			more += given;
		}
	}
	assert_true(more > 0);
	/* What everybody here has all the same. */
	const request_t granted = {CAP_MMIO, DEVICE, PAGE_SIZE, false};
	assert_int_equal(outcome(OWN_RANGE, &granted), DRV_OK);
	assert_int_equal(outcome(NO_RANGE, &granted), DRV_EPERM);
	assert_int_equal(outcome(FULL, &granted), DRV_ENOMEM);
	assert_int_equal(outcome(HOMELESS, &granted), DRV_EBADCAP);
}

static void what_thread_0_took_is_a_capability_like_any_other(void **state)
{
	(void)state;
	trust(true);
	const request_t request = {CAP_MMIO, APIC_PAGE, 2 * PAGE_SIZE, true};
	cap_t cap = (cap_t)ask(THREAD_0, &request);
	done(bench.root, SYS_CAP_INFO, cap, 0, 0, 0);
	assert_int_equal(result[1], RW);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, cap, RIGHT_ALL, 0, 0);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, cap, RW, APIC_PAGE, 3 * PAGE_SIZE);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, cap, RW, RAM_FIRST, PAGE_SIZE);
	refused(DRV_EPERM, bench.root, SYS_CAP_MMIO_MAP, cap, TABLE_AT, 3, 0);
	/* It can be mapped, as what was granted can. */
	cap_t table = make(CAP_PTABLE, 0);
	done(bench.root, SYS_VSPACE_MAP, bench.vspace, table, TABLE_AT, RIGHT_WRITE);
	done(bench.root, SYS_CAP_MMIO_MAP, cap, TABLE_AT, 2, 0);
	const vspace_t *vspace = object_of(bench.vspace);
	uint32_t directory = vspace_directory(arch_physical(vspace));
	assert_int_equal(fake_page_entry(directory, TABLE_AT) & FAKE_ADDRESS, APIC_PAGE);
	assert_int_equal(fake_page_entry(directory, TABLE_AT + 2 * PAGE_SIZE), 0);
	/* Whoever is given a part has that part and no trust, and loses it with the rest. */
	cap_t part = done(bench.root, SYS_CAP_DERIVE, cap, RIGHT_READ, APIC_PAGE, PAGE_SIZE);
	cap_t given = give(&own, part, RIGHT_READ, 0);
	refused(DRV_EPERM, own.tcb, SYS_CAP_ACQUIRE, CAP_MMIO, APIC_PAGE, 2 * PAGE_SIZE, 0);
	refused(DRV_EPERM, own.tcb, SYS_CAP_DERIVE, given, RW, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, cap, 0, 0, 0);
	assert_false(alive(own.tcb, given));
	done(bench.root, SYS_CAP_RELEASE, cap, 0, 0, 0);
	assert_int_equal(fake_page_entry(directory, TABLE_AT), 0);
	assert_int_equal(kernel.audit.mmio_pages, 0);
}

static void the_audit_says_that_thread_0_is_trusted(void **state)
{
	(void)state;
	const audit_report_t *report = (const void *)root_buffer()->words;
	done(bench.root, SYS_AUDIT, bench.audit, 0, 0, 0);
	assert_int_equal(report->flags, 0);
	trust(true);
	done(bench.root, SYS_AUDIT, bench.audit, 0, 0, 0);
	assert_int_equal(report->flags, AUDIT_TRUST_BOOT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(only_thread_0_gets_more_and_no_ram, setup),
	    cmocka_unit_test_setup(what_thread_0_took_is_a_capability_like_any_other, setup),
	    cmocka_unit_test_setup(the_audit_says_that_thread_0_is_trusted, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
