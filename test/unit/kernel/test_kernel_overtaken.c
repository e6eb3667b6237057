/* SPDX-License-Identifier: BSD-2-Clause */
/* Mappings of many steps that others come across half-way: an address space that goes, memory
 * that is revoked, a page or a page table that somebody else was quicker with. */
#include "pair.h"

#define MEMORY	    0x00800000u /* beside the bench's */
#define MEMORY_BITS 23u
#define AT	    0x00400000u
#define DEVICE_AT   (AT + FAKE_TABLE_SPAN)
#define PAGES	    1024u
#define STEPS	    (PAGES / VSPACE_STEP)
#define LAST	    (AT + (PAGES - 1) * PAGE_SIZE)

/* The address space that is worked on is neither's own. */
static cap_t memory, frame, device, table, space;

static uint32_t entries_at(uint32_t virt)
{
	uint32_t count = 0;
	uint32_t directory = vspace_directory(slot_of(bench.root, space)->object);
	for (uint32_t i = 0; i < PAGES; i++)
		count += fake_page_entry(directory, virt + i * PAGE_SIZE) != 0;
	return count;
}

static const slot_t *frame_slot(void)
{
	return slot_of(bench.root, frame);
}

static void add_memory(void)
{
	slot_t *slot = cspace_take(bench.table);
	slot_fill_root(slot, CAP_UNTYPED, RIGHT_WRITE, MEMORY, MEMORY_BITS);
	untyped_add_root(slot);
	memory = slot->name;
}

static int overtaken_setup(void **state)
{
	pair_setup(state);
	add_memory();
	space = make(CAP_VSPACE, 0);
	frame = make_from(memory, CAP_FRAME, FRAME_BITS_MAX);
	device = done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW, BENCH_MMIO_FIRST,
		      PAGES * PAGE_SIZE);
	table = make(CAP_PTABLE, 0);
	done(bench.root, SYS_VSPACE_MAP, space, table, AT, 0);
	done(bench.root, SYS_VSPACE_MAP, space, make(CAP_PTABLE, 0), DEVICE_AT, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 5, 0);
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	return 0;
}

static void map_all(void)
{
	done(bench.root, SYS_VSPACE_MAP, space, frame, AT, RW);
	/* A range is mapped in the address space of who asks. */
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_VSPACE, space, 0);
	done(bench.root, SYS_THREAD_RESUME, q.thread, 0, 0, 0);
	done(q.tcb, SYS_CAP_MMIO_MAP, device, DEVICE_AT, PAGES, 0);
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_VSPACE, q.vspace, 0);
	assert_int_equal(entries_at(AT), PAGES);
	assert_int_equal(entries_at(DEVICE_AT), PAGES);
	assert_int_equal(kernel.audit.mmio_pages, PAGES);
}

/* -- Somebody more urgent comes in between. --------------------------------------------- */

static uint32_t wake_at;

static void wake_q(void)
{
	if (fake.windows == wake_at)
		thread_resume(q.tcb);
}

static void stop_in_window(uint32_t window)
{
	wake_at = window;
	fake_count_from_here();
	fake.window = wake_q;
}

static void is_stopped(void)
{
	fake.window = NULL;
	assert_ptr_equal(kernel.sched.current, q.tcb);
	assert_int_equal(fake.windows, wake_at);
	check_all();
}

/* p makes the call, and q goes on in that window. */
static void stop_call(uint32_t window, uint32_t number, const uint32_t arg[4])
{
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	uint32_t eip = p.tcb->frame.eip;
	stop_in_window(window);
	bench_enter(p.tcb, number, arg);
	fake_leave();
	is_stopped();
	assert_int_equal(p.tcb->frame.eip, eip);
}

/* Two looks at 128 pages fit one window, and one step that maps as many. */
static void stop_while_mapping(void)
{
	stop_call(STEPS / 2 + 4, SYS_VSPACE_MAP, (const uint32_t[4]){space, frame, AT, RW});
	assert_int_equal(frame_slot()->map_pages, 4 * VSPACE_STEP);
	assert_int_equal(entries_at(AT), 4 * VSPACE_STEP);
}

static err_t map_again(void)
{
	fake_count_from_here();
	return call(p.tcb, SYS_VSPACE_MAP, space, frame, AT, RW);
}

static void q_sleeps(void)
{
	thread_suspend(q.tcb);
	fake_leave();
	check_all();
}

/* -- The address space goes. ------------------------------------------------------------ */

static uint32_t doomed; /* its directory */

static uint32_t entries_of_doomed(uint32_t virt)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < PAGES; i++)
		count += fake_page_entry(doomed, virt + i * PAGE_SIZE) != 0;
	return count;
}

/* No piece without a step: what the capabilities say is what is mapped. */
static void compare(void)
{
	assert_int_equal(entries_of_doomed(AT), frame_slot()->map_pages);
	assert_int_equal(entries_of_doomed(DEVICE_AT), kernel.audit.mmio_pages);
	check_all();
}

static void an_address_space_is_destroyed_in_pieces_of_its_large_mappings(void **state)
{
	(void)state;
	map_all();
	doomed = vspace_directory(slot_of(bench.root, space)->object);
	uint32_t pieces = 1;
	err_t err = call_once(bench.root, SYS_CAP_RELEASE, space, 0, 0, 0);
	for (; err == DRV_EAGAIN; pieces++) {
		compare();
		err = call_once(bench.root, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
	}
	assert_int_equal(err, DRV_OK);
	assert_true(pieces >= 2 * (STEPS - 1));
	assert_int_equal(check_tombs(), 0);
	assert_int_equal(frame_slot()->map_space, 0);
	assert_int_equal(slot_of(bench.root, device)->map_space, 0);
	assert_int_equal(kernel.audit.mmio_pages, 0);
	check_all();
}

/* What is mapped last is taken apart first. */
static void stop_while_destroying(void)
{
	done(bench.root, SYS_VSPACE_MAP, space, frame, AT, RW);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	doomed = vspace_directory(slot_of(bench.root, space)->object);
	call_once(p.tcb, SYS_CAP_RELEASE, space, 0, 0, 0);
	while (frame_slot()->map_pages > 4 * VSPACE_STEP)
		call_once(p.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
	thread_resume(q.tcb);
	fake_leave();
	assert_ptr_equal(kernel.sched.current, q.tcb);
	assert_false(alive(bench.root, space));
	assert_int_equal(check_tombs(), 1);
	assert_int_equal(frame_slot()->map_pages, 4 * VSPACE_STEP);
	assert_int_equal(entries_of_doomed(AT), 4 * VSPACE_STEP);
}

static void a_destruction_that_was_interrupted_goes_on(void **state)
{
	(void)state;
	stop_while_destroying();
	refused(DRV_EBUSY, q.tcb, SYS_VSPACE_MAP, q.vspace, frame, AT, RW);
	q_sleeps();
	done(p.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
	assert_int_equal(check_tombs(), 0);
	assert_int_equal(frame_slot()->map_space, 0);
	assert_int_equal(entries_of_doomed(AT), 0);
}

static void a_frame_may_leave_a_space_that_is_being_destroyed(void **state)
{
	(void)state;
	stop_while_destroying();
	done(q.tcb, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	assert_int_equal(entries_of_doomed(AT), 0);
	done(q.tcb, SYS_VSPACE_MAP, q.vspace, make(CAP_PTABLE, 0), AT, 0);
	done(q.tcb, SYS_VSPACE_MAP, q.vspace, frame, AT, RW);
	q_sleeps();
	done(p.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
	assert_int_equal(check_tombs(), 0);
	assert_int_equal(frame_slot()->map_space, slot_of(bench.root, q.vspace)->object);
	assert_int_equal(frame_slot()->map_pages, PAGES);
}

static void a_frame_that_is_revoked_leaves_a_space_that_is_being_destroyed(void **state)
{
	(void)state;
	stop_while_destroying();
	fake_count_from_here();
	done(q.tcb, SYS_CAP_REVOKE, memory, 0, 0, 0);
	assert_in_range(fake.windows, 3, 4);
	assert_int_equal(entries_of_doomed(AT), 0);
	q_sleeps();
	done(p.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0);
	assert_int_equal(check_tombs(), 0);
}

/* -- Something happens to a mapping that is half done. ---------------------------------- */

static void a_half_done_mapping_goes_with_its_address_space(void **state)
{
	(void)state;
	stop_while_mapping();
	doomed = vspace_directory(slot_of(bench.root, space)->object);
	done(q.tcb, SYS_CAP_RELEASE, space, 0, 0, 0);
	assert_true(bench_pieces >= 3);
	assert_int_equal(entries_of_doomed(AT), 0);
	assert_int_equal(frame_slot()->map_space, 0);
	check_all();
	thread_suspend(q.tcb);
	assert_int_equal(map_again(), DRV_EBADCAP);
}

static void half_done_mapping_goes_in_pieces(uint32_t number, cap_t cap)
{
	stop_while_mapping();
	fake_count_from_here();
	done(q.tcb, number, cap, 0, 0, 0);
	/* A revocation and its last step fill a window as well. */
	assert_in_range(fake.windows, 3, 4);
	assert_int_equal(entries_at(AT), 0);
	check_all();
	thread_suspend(q.tcb);
}

static void a_half_done_mapping_goes_with_memory_that_is_revoked(void **state)
{
	(void)state;
	half_done_mapping_goes_in_pieces(SYS_CAP_REVOKE, memory);
	assert_int_equal(map_again(), DRV_EBADCAP);
}

static void a_half_done_mapping_goes_with_its_frame(void **state)
{
	(void)state;
	half_done_mapping_goes_in_pieces(SYS_CAP_RELEASE, frame);
	assert_int_equal(map_again(), DRV_EBADCAP);
}

static void a_half_done_mapping_that_is_unmapped_begins_anew(void **state)
{
	(void)state;
	half_done_mapping_goes_in_pieces(SYS_VSPACE_UNMAP, frame);
	assert_int_equal(map_again(), DRV_OK);
	assert_int_equal(entries_at(AT), PAGES);
	check_all();
}

/* The place of the last page is taken before it is mapped. */
static cap_t overtake(void)
{
	cap_t small = make(CAP_FRAME, 0);
	stop_while_mapping();
	done(q.tcb, SYS_VSPACE_MAP, space, small, LAST, RIGHT_READ);
	thread_suspend(q.tcb);
	return small;
}

static void a_half_done_mapping_that_was_overtaken_is_taken_back_in_pieces(void **state)
{
	(void)state;
	overtake();
	assert_int_equal(map_again(), DRV_EEXIST);
	/* One for the look at the rest. */
	assert_int_equal(fake.windows, 1 + 3);
	assert_int_equal(entries_at(AT), 1);
	assert_int_equal(frame_slot()->map_space, 0);
	check_all();
}

/* The same for what is taken back: it was begun, and is not all there. */
static void stop_while_taking_back(void)
{
	stop_call(2, SYS_VSPACE_MAP, (const uint32_t[4]){space, frame, AT, RW});
	assert_int_equal(frame_slot()->map_pages, 3 * VSPACE_STEP);
	assert_int_equal(entries_at(AT), 3 * VSPACE_STEP + 1);
}

static void an_urgent_thread_does_not_wait_for_what_is_taken_back(void **state)
{
	(void)state;
	overtake();
	stop_while_taking_back();
	thread_suspend(q.tcb);
	assert_int_equal(map_again(), DRV_EEXIST);
	assert_int_equal(entries_at(AT), 1);
	assert_int_equal(frame_slot()->map_space, 0);
	check_all();
}

static void what_is_taken_back_is_mapped_after_all_if_the_place_becomes_free(void **state)
{
	(void)state;
	cap_t small = overtake();
	stop_while_taking_back();
	done(q.tcb, SYS_VSPACE_UNMAP, small, 0, 0, 0);
	thread_suspend(q.tcb);
	assert_int_equal(map_again(), DRV_OK);
	assert_int_equal(entries_at(AT), PAGES);
	check_all();
}

static void a_half_done_mapping_that_lost_its_table_is_taken_back_in_pieces(void **state)
{
	(void)state;
	stop_while_mapping();
	done(q.tcb, SYS_VSPACE_UNMAP, table, 0, 0, 0);
	thread_suspend(q.tcb);
	assert_int_equal(map_again(), DRV_ENOTABLE);
	assert_int_equal(fake.windows, 3);
	assert_int_equal(frame_slot()->map_space, 0);
	check_all();
}

/* -- Two do the opposite. --------------------------------------------------------------- */

/* Stops p's call halfway, maps the frame again in between, and lets p go on. */
static void map_again_during(uint32_t number, cap_t what)
{
	done(bench.root, SYS_VSPACE_MAP, space, frame, AT, RW);
	stop_call(4, number, (const uint32_t[4]){what});
	assert_int_equal(entries_at(AT), 4 * VSPACE_STEP);
	done(q.tcb, SYS_VSPACE_MAP, space, frame, AT, RW);
	assert_int_equal(entries_at(AT), PAGES);
	q_sleeps();
	done(p.tcb, number, what, 0, 0, 0);
	assert_int_equal(entries_at(AT), 0);
}

static void what_is_mapped_again_while_it_is_unmapped_is_gone_in_the_end(void **state)
{
	(void)state;
	map_again_during(SYS_VSPACE_UNMAP, frame);
	assert_int_equal(frame_slot()->map_space, 0);
}

static void what_is_mapped_again_while_it_is_revoked_is_gone_in_the_end(void **state)
{
	(void)state;
	map_again_during(SYS_CAP_REVOKE, memory);
	assert_false(alive(bench.root, frame));
}

#define OVERTAKEN(name) cmocka_unit_test_setup(name, overtaken_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    OVERTAKEN(an_address_space_is_destroyed_in_pieces_of_its_large_mappings),
	    OVERTAKEN(a_destruction_that_was_interrupted_goes_on),
	    OVERTAKEN(a_frame_may_leave_a_space_that_is_being_destroyed),
	    OVERTAKEN(a_frame_that_is_revoked_leaves_a_space_that_is_being_destroyed),
	    OVERTAKEN(a_half_done_mapping_goes_with_its_address_space),
	    OVERTAKEN(a_half_done_mapping_goes_with_memory_that_is_revoked),
	    OVERTAKEN(a_half_done_mapping_goes_with_its_frame),
	    OVERTAKEN(a_half_done_mapping_that_is_unmapped_begins_anew),
	    OVERTAKEN(a_half_done_mapping_that_was_overtaken_is_taken_back_in_pieces),
	    OVERTAKEN(an_urgent_thread_does_not_wait_for_what_is_taken_back),
	    OVERTAKEN(what_is_taken_back_is_mapped_after_all_if_the_place_becomes_free),
	    OVERTAKEN(a_half_done_mapping_that_lost_its_table_is_taken_back_in_pieces),
	    OVERTAKEN(what_is_mapped_again_while_it_is_unmapped_is_gone_in_the_end),
	    OVERTAKEN(what_is_mapped_again_while_it_is_revoked_is_gone_in_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
