/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory: carving, exhaustion, reuse. */
#include "bench.h"
#include "check.h"

static void revoke(cap_t cap)
{
	done(bench.root, SYS_CAP_REVOKE, cap, 0, 0, 0);
}

static void objects_are_aligned_and_apart(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 19);
	static const struct {
		uint32_t type, bits, size;
	} kinds[] = {{CAP_ENDPOINT, 0, 64},   {CAP_CSPACE, 6, 4096},  {CAP_REPLY, 0, 64},
		     {CAP_THREAD, 0, 1024},   {CAP_VSPACE, 0, 16384}, {CAP_NOTIFICATION, 0, 64},
		     {CAP_FRAME, 0, 4096},    {CAP_PTABLE, 0, 4096},  {CAP_UNTYPED, 12, 4096},
		     {CAP_UNTYPED, 15, 32768}};
	uint32_t end = slot_of(bench.root, memory)->object;
	for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		cap_t cap = make_from(memory, kinds[i].type, kinds[i].bits);
		const slot_t *slot = slot_of(bench.root, cap);
		assert_int_equal(slot->object % kinds[i].size, 0);
		assert_true(slot->object >= end && slot->object - end < kinds[i].size);
		end = slot->object + kinds[i].size;
		assert_int_equal(slot->rights, object_types[kinds[i].type].rights);
	}
}

static void what_cannot_be_made_is_refused(void **state)
{
	(void)state;
	static const struct {
		uint32_t type, bits;
	} wrong[] = {{CAP_NONE, 0},	{CAP_IRQ, 0},	     {CAP_PIO, 0},
		     {CAP_MMIO, 0},	{CAP_TYPE_COUNT, 0}, {0xffffffffu, 0},
		     {CAP_FRAME, 11},	{CAP_FRAME, 23},     {CAP_CSPACE, 5},
		     {CAP_CSPACE, 13},	{CAP_CSPACE, 0},     {CAP_UNTYPED, 11},
		     {CAP_UNTYPED, 31}, {CAP_UNTYPED, 32},   {CAP_UNTYPED, 0xffffffffu}};
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(DRV_EINVAL, bench.root, SYS_UNTYPED_RETYPE, bench.untyped,
			wrong[i].type, wrong[i].bits, CAP_NULL);
	make(CAP_CSPACE, CSPACE_BITS_MAX);
	make(CAP_UNTYPED, UNTYPED_BITS_MIN);
}

static void exhaustion_is_exact(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 14);
	for (uint32_t i = 0; i < 3; i++)
		make_from(memory, CAP_FRAME, 0);
	refused(DRV_ENOMEM, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_UNTYPED, 13, CAP_NULL);
	refused(DRV_ENOMEM, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_UNTYPED, 30, CAP_NULL);
	for (uint32_t i = 0; i < 64; i++)
		make_from(memory, CAP_ENDPOINT, 0);
	refused(DRV_ENOMEM, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_ENDPOINT, 0, CAP_NULL);
	refused(DRV_ENOMEM, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, 0, CAP_NULL);
	make(CAP_FRAME, 0);
}

static void a_plan_never_wraps(void **state)
{
	(void)state;
	carve_t carve = {0};
	slot_t most = {.type = CAP_UNTYPED, .rights = RIGHT_WRITE, .extra = UNTYPED_BITS_MAX};
	assert_int_equal(untyped_plan(&most, CAP_UNTYPED, 30, &carve), DRV_OK);
	assert_int_equal(carve.size, 1u << 30);
	most.used = 64;
	assert_int_equal(untyped_plan(&most, CAP_UNTYPED, 30, &carve), DRV_ENOMEM);
	most.used = (1u << 30) - 4096;
	assert_int_equal(untyped_plan(&most, CAP_FRAME, 0, &carve), DRV_OK);
	most.used++;
	assert_int_equal(untyped_plan(&most, CAP_FRAME, 0, &carve), DRV_ENOMEM);
	most.used = 1u << 30;
	assert_int_equal(untyped_plan(&most, CAP_ENDPOINT, 0, &carve), DRV_ENOMEM);
}

static void memory_comes_back_when_the_last_object_goes(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 14);
	cap_t first = make_from(memory, CAP_UNTYPED, 13),
	      second = make_from(memory, CAP_UNTYPED, 13);
	done(bench.root, SYS_CAP_RELEASE, first, 0, 0, 0);
	refused(DRV_ENOMEM, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, 0, CAP_NULL);
	done(bench.root, SYS_CAP_RELEASE, second, 0, 0, 0);
	make_from(memory, CAP_UNTYPED, 13);
}

static void an_object_lives_as_long_as_any_capability_to_it(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 12);
	cap_t first = make_from(memory, CAP_NOTIFICATION, 0);
	cap_t copy = done(bench.root, SYS_CAP_DERIVE, first, RW, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, first, 0, 0, 0);
	done(bench.root, SYS_NOTIFICATION_SIGNAL, copy, 5, 0, 0);
	assert_int_equal(kernel.audit.objects[CAP_NOTIFICATION], 1);
	for (uint32_t i = 0; i < 63; i++)
		make_from(memory, CAP_ENDPOINT, 0);
	revoke(memory);
	assert_false(alive(bench.root, copy));
	assert_int_equal(kernel.audit.objects[CAP_NOTIFICATION], 0);
}

static void revoking_memory_restores_every_counter(void **state)
{
	(void)state;
	audit_report_t before = kernel.audit;
	for (uint32_t round = 0; round < 3; round++) {
		cap_t memory = make(CAP_UNTYPED, 18);
		process_t p = process_make_from(memory, PRIORITY_MAX);
		process_t q = process_make_from(memory, PRIORITY_MAX);
		cap_t endpoint = make_from(memory, CAP_ENDPOINT, 0);
		cap_t nested = make_from(memory, CAP_UNTYPED, 13);
		make_from(nested, CAP_FRAME, 0);
		give(&p, p.thread, RW, 0);
		give(&p, p.cspace, RW, 0);
		give(&q, p.cspace, RW, 0);
		cap_t sends = give(&p, endpoint, RW, 3);
		cap_t line =
		    done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(1, 1), 0);
		cap_t waits = give(&q, line, RIGHT_READ, 0);
		blocks(p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
		blocks(q.tcb, SYS_CAP_IRQ_WAIT, waits, 1000, 0, 0);
		revoke(bench.untyped);
		done(bench.root, SYS_CAP_RELEASE, line, 0, 0, 0);
		assert_memory_equal(&before, &kernel.audit, sizeof(before));
	}
	done(bench.root, SYS_AUDIT, bench.audit, 0, 0, 0);
	assert_memory_equal(root_buffer()->words, &before, sizeof(before));
}

static void a_released_untyped_leaves_its_objects_to_the_memory_above(void **state)
{
	(void)state;
	audit_report_t before = kernel.audit;
	cap_t outer = make(CAP_UNTYPED, 16);
	cap_t inner = make_from(outer, CAP_UNTYPED, 14);
	cap_t frame = make_from(inner, CAP_FRAME, 0);
	done(bench.root, SYS_CAP_RELEASE, inner, 0, 0, 0);
	assert_true(alive(bench.root, frame));
	cap_t other = make_from(outer, CAP_FRAME, 0);
	assert_int_not_equal(slot_of(bench.root, frame)->object,
			     slot_of(bench.root, other)->object);
	revoke(bench.untyped);
	assert_false(alive(bench.root, frame));
	assert_memory_equal(&before, &kernel.audit, sizeof(before));
}

static void reused_memory_is_zero(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 16);
	for (uint32_t round = 0; round < 3; round++) {
		cap_t frame = CAP_NULL;
		for (uint32_t i = 0; i < 16; i++) {
			frame = make_from(memory, CAP_FRAME, 0);
			for (uint32_t at = 0; at < PAGE_SIZE; at++)
				assert_int_equal(((uint8_t *)object_of(frame))[at], 0);
			memset(object_of(frame), 0xa5, PAGE_SIZE);
		}
		revoke(memory);
		/* Objects would not stand leftovers. */
		make_from(memory, CAP_THREAD, 0);
		make_from(memory, CAP_VSPACE, 0);
		revoke(memory);
		make_from(memory, CAP_ENDPOINT, 0);
		make_from(memory, CAP_CSPACE, 6);
		revoke(memory);
	}
}

static process_t urgent;

static void wake_urgent(void)
{
	if (urgent.tcb->state == THREAD_STOPPED)
		thread_resume(urgent.tcb);
}

/* Of `memory` a thread makes a large object; while it is being zeroed,
 * `urgent` becomes ready. Answers that thread, whose call is to be made again. */
static tcb_t *interrupt_zeroing(cap_t memory)
{
	process_t p = process_make(5);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_CSPACE, bench.cspace, 0);
	urgent = process_make(PRIORITY_MAX);
	done(bench.root, SYS_THREAD_BIND, urgent.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_SUSPEND, urgent.thread, 0, 0, 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);

	fake.window = wake_urgent;
	switch_to(p.tcb);
	arch_frame_t *frame = &p.tcb->frame;
	frame->eax = SYS_UNTYPED_RETYPE;
	frame->ebx = memory;
	frame->esi = CAP_CSPACE;
	frame->edi = 10;
	frame->ebp = CAP_NULL;
	uint32_t eip = frame->eip;
	fake_enter();
	assert_int_equal(frame->eip, eip - 2);
	assert_int_equal(frame->eax, SYS_UNTYPED_RETYPE);
	fake_leave();
	fake.window = NULL;
	assert_ptr_equal(kernel.sched.current, urgent.tcb);
	return p.tcb;
}

/* Another object is made from the same memory meanwhile. */
static void interrupted_zeroing_leaves_no_hole(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 17);
	memset(object_of(memory), 0xa5, 1u << 17);
	make_from(memory, CAP_ENDPOINT, 0);
	tcb_t *interrupted = interrupt_zeroing(memory);
	cap_t small = done(urgent.tcb, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, 0, CAP_NULL);
	for (uint32_t at = 0; at < PAGE_SIZE; at++)
		assert_int_equal(((uint8_t *)object_of(small))[at], 0);
	done(urgent.tcb, SYS_UNTYPED_RETYPE, memory, CAP_THREAD, 0, CAP_NULL);
	done(interrupted, SYS_UNTYPED_RETYPE, memory, CAP_CSPACE, 10, CAP_NULL);
}

/* The memory goes meanwhile: nothing in its slot says of the next one that it is zero. */
static void interrupted_zeroing_is_forgotten_with_the_memory(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 17);
	tcb_t *interrupted = interrupt_zeroing(memory);
	done(urgent.tcb, SYS_CAP_RELEASE, memory, 0, 0, 0);
	assert_int_equal(
	    call(interrupted, SYS_UNTYPED_RETYPE, memory, CAP_CSPACE, 10, CAP_NULL),
	    DRV_EBADCAP);
}

#define TEST(name) cmocka_unit_test_setup(name, bench_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(objects_are_aligned_and_apart),
	    TEST(what_cannot_be_made_is_refused),
	    TEST(exhaustion_is_exact),
	    TEST(a_plan_never_wraps),
	    TEST(memory_comes_back_when_the_last_object_goes),
	    TEST(an_object_lives_as_long_as_any_capability_to_it),
	    TEST(revoking_memory_restores_every_counter),
	    TEST(a_released_untyped_leaves_its_objects_to_the_memory_above),
	    TEST(reused_memory_is_zero),
	    TEST(interrupted_zeroing_leaves_no_hole),
	    TEST(interrupted_zeroing_is_forgotten_with_the_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
