/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames: large ones that are mapped in pieces, memory that keeps what was in it, and ports
 * that are read into one. test_kernel_seal.c is about executable ones. */
#include "pair.h"

#define AT    0x00400000u
#define BITS  20u
#define PAGES (1u << (BITS - PAGE_BITS))

static uint32_t page_at(uint32_t virt)
{
	return fake_page_entry(vspace_directory(p.tcb->vspace), virt);
}

static cap_t table_at(uint32_t virt)
{
	cap_t table = make(CAP_PTABLE, 0);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, table, virt, 0);
	return table;
}

/* -- Large frames. ---------------------------------------------------------------------- */

static uint32_t mapped_pages(void)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < FAKE_TABLE_ENTRIES; i++)
		count += page_at(AT + i * PAGE_SIZE) != 0;
	return count;
}

static void a_frame_of_many_pages_is_mapped_whole(void **state)
{
	(void)state;
	table_at(AT);
	cap_t memory = make(CAP_UNTYPED, BITS);
	for (uint32_t bits = FRAME_BITS_MIN; bits <= BITS; bits++) {
		cap_t frame = make_from(memory, CAP_FRAME, bits);
		uint32_t address = slot_of(bench.root, frame)->object;
		assert_int_equal(address % (1u << bits), 0);
		done(bench.root, SYS_CAP_INFO, frame, 0, 0, 0);
		assert_int_equal(result[2], address);
		assert_int_equal(result[3], bits);
		done(bench.root, SYS_VSPACE_MAP, p.vspace, frame, AT, RW);
		uint32_t pages = 1u << (bits - PAGE_BITS);
		assert_int_equal(mapped_pages(), pages);
		assert_int_equal(page_at(AT + (pages - 1) * PAGE_SIZE),
				 (address + (pages - 1) * PAGE_SIZE) | ARCH_PAGE_WRITE |
				     FAKE_PAGE_PRESENT);
		if (bits % 2 == 0)
			done(bench.root, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
		done(bench.root, SYS_CAP_RELEASE, frame, 0, 0, 0);
		assert_int_equal(mapped_pages(), 0);
	}
}

static void a_frame_of_many_pages_is_mapped_nowhere_if_a_page_is_taken(void **state)
{
	(void)state;
	table_at(AT);
	cap_t small = make(CAP_FRAME, 0), frame = make(CAP_FRAME, BITS);
	uint32_t last = AT + (PAGES - 1) * PAGE_SIZE;
	done(bench.root, SYS_VSPACE_MAP, p.vspace, small, last, RIGHT_READ);
	refused(DRV_EEXIST, bench.root, SYS_VSPACE_MAP, p.vspace, frame, AT, RW);
	refused(DRV_ENOTABLE, bench.root, SYS_VSPACE_MAP, p.vspace, frame,
		AT + FAKE_TABLE_SPAN - PAGE_SIZE, RW);
	refused(DRV_EFAULT, bench.root, SYS_VSPACE_MAP, p.vspace, frame,
		USER_END - (PAGES - 1) * PAGE_SIZE, RW);
	refused(DRV_EFAULT, bench.root, SYS_VSPACE_MAP, p.vspace, frame, AT + 1, RW);
	done(bench.root, SYS_VSPACE_UNMAP, small, 0, 0, 0);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, frame, AT, RW);
	refused(DRV_EBUSY, bench.root, SYS_VSPACE_MAP, p.vspace, frame, AT, RW);
	refused(DRV_EBUSY, bench.root, SYS_VSPACE_MAP, p.vspace, frame,
		AT + FAKE_TABLE_SPAN / 2, RW);
}

static uint32_t wake_at;

static void wake_q(void)
{
	if (fake.windows == wake_at)
		thread_resume(q.tcb);
}

/* p's call is stopped in this window by q, who is more urgent. */
static void stop_in_window(uint32_t window, uint32_t number, const uint32_t arg[4])
{
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_CSPACE, bench.cspace, 0);
	done(bench.root, SYS_THREAD_SET, p.thread, THREAD_PRIORITY, 5, 0);
	done(bench.root, SYS_THREAD_SUSPEND, q.thread, 0, 0, 0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 0, 0);
	wake_at = window;
	fake_count_from_here();
	fake.window = wake_q;
	uint32_t eip = p.tcb->frame.eip;
	bench_enter(p.tcb, number, arg);
	fake.window = NULL;
	assert_int_equal(p.tcb->frame.eip, eip);
	fake_leave();
	assert_ptr_equal(kernel.sched.current, q.tcb);
	check_all();
}

static void stop_while_mapping(cap_t frame, uint32_t rights)
{
	/* The first look is before anything is mapped. */
	stop_in_window(2, SYS_VSPACE_MAP, (const uint32_t[4]){p.vspace, frame, AT, rights});
	assert_in_range(mapped_pages(), VSPACE_STEP, PAGES - 1);
	assert_int_equal(slot_of(bench.root, frame)->map_pages, mapped_pages());
}

static void a_mapping_that_was_interrupted_before_its_first_page_changed_nothing(void **state)
{
	(void)state;
	table_at(AT);
	cap_t frame = make(CAP_FRAME, BITS);
	uint32_t rights = RIGHT_READ | RIGHT_EXEC;
	stop_in_window(1, SYS_VSPACE_MAP, (const uint32_t[4]){p.vspace, frame, AT, rights});
	assert_int_equal(mapped_pages(), 0);
	assert_int_equal(slot_of(bench.root, frame)->map_space, 0);
	done(q.tcb, SYS_VSPACE_MAP, p.vspace, frame, AT, RW);
	assert_int_equal(mapped_pages(), PAGES);
	thread_suspend(q.tcb);
	refused(DRV_EBUSY, p.tcb, SYS_VSPACE_MAP, p.vspace, frame, AT, rights);
}

static void a_mapping_that_was_interrupted_goes_on(void **state)
{
	(void)state;
	table_at(AT);
	cap_t frame = make(CAP_FRAME, BITS);
	stop_while_mapping(frame, RW);
	done(p.tcb, SYS_VSPACE_MAP, p.vspace, frame, AT, RW);
	assert_int_equal(mapped_pages(), PAGES);
}

static void a_mapping_that_was_interrupted_is_not_gone_on_with_elsewhere(void **state)
{
	(void)state;
	table_at(AT);
	table_at(AT + FAKE_TABLE_SPAN);
	cap_t frame = make(CAP_FRAME, BITS);
	stop_while_mapping(frame, RW);
	refused(DRV_EBUSY, q.tcb, SYS_VSPACE_MAP, p.vspace, frame, AT + FAKE_TABLE_SPAN, RW);
	refused(DRV_EBUSY, q.tcb, SYS_VSPACE_MAP, q.vspace, frame, AT, RW);
	done(q.tcb, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	assert_int_equal(mapped_pages(), 0);
	thread_suspend(q.tcb);
	done(p.tcb, SYS_VSPACE_MAP, p.vspace, frame, AT, RW);
	assert_int_equal(mapped_pages(), PAGES);
}

static void an_interrupted_mapping_is_taken_back_if_another_was_quicker(void **state)
{
	(void)state;
	table_at(AT);
	cap_t small = make(CAP_FRAME, 0), frame = make(CAP_FRAME, BITS);
	stop_while_mapping(frame, RW);
	done(q.tcb, SYS_VSPACE_MAP, p.vspace, small, AT + (PAGES - 1) * PAGE_SIZE, RIGHT_READ);
	assert_int_equal(call(p.tcb, SYS_VSPACE_MAP, p.vspace, frame, AT, RW), DRV_EEXIST);
	assert_int_equal(mapped_pages(), 1);
	assert_int_equal(slot_of(bench.root, frame)->map_space, 0);
}

static void an_interrupted_mapping_goes_with_its_frame_or_its_space(void **state)
{
	(void)state;
	table_at(AT);
	cap_t frame = make(CAP_FRAME, BITS);
	stop_while_mapping(frame, RW);
	done(q.tcb, SYS_CAP_RELEASE, frame, 0, 0, 0);
	assert_int_equal(mapped_pages(), 0);
	assert_int_equal(call(p.tcb, SYS_VSPACE_MAP, p.vspace, frame, AT, RW), DRV_EBADCAP);
}

static void a_large_frame_is_unmapped_in_pieces(void **state)
{
	(void)state;
	table_at(AT);
	cap_t frame = make(CAP_FRAME, BITS);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, frame, AT, RW);
	stop_in_window(1, SYS_VSPACE_UNMAP, (const uint32_t[4]){frame});
	assert_in_range(mapped_pages(), 1, PAGES - VSPACE_STEP);
	done(p.tcb, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	assert_int_equal(mapped_pages(), 0);
}

/* -- Memory that keeps what was in it. -------------------------------------------------- */

static cap_t retype(cap_t memory, uint32_t type, uint32_t form)
{
	return done(bench.root, SYS_UNTYPED_RETYPE, memory, type, form, CAP_NULL);
}

static void revoke(cap_t memory)
{
	done(bench.root, SYS_CAP_REVOKE, memory, 0, 0, 0);
}

static bool is_filled(cap_t frame, uint8_t with)
{
	const slot_t *slot = slot_of(bench.root, frame);
	const uint8_t *bytes = arch_pointer(slot->object);
	return bytes[0] == with && memcmp(bytes, bytes + 1, (1u << slot->extra) - 1) == 0;
}

static void stale_refused(cap_t memory, err_t error)
{
	refused(error, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, RETYPE_STALE,
		CAP_NULL);
}

static void a_frame_keeps_what_frames_of_the_same_memory_held(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 15);
	stale_refused(memory, DRV_EPERM);
	for (uint32_t i = 0; i < 2; i++)
		memset(object_of(retype(memory, CAP_FRAME, 0)), 0xa5, PAGE_SIZE);
	stale_refused(memory, DRV_EPERM);
	revoke(memory);
	assert_true(is_filled(retype(memory, CAP_FRAME, RETYPE_STALE), 0xa5));
	assert_true(is_filled(retype(memory, CAP_FRAME, RETYPE_STALE), 0xa5));
	stale_refused(memory, DRV_EPERM);
	revoke(memory);
	/* Of another size, and never more than was written. */
	assert_true(is_filled(retype(memory, CAP_FRAME, RETYPE_STALE | 13), 0xa5));
	refused(DRV_EPERM, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_FRAME, RETYPE_STALE | 14,
		CAP_NULL);
	revoke(memory);
	assert_true(is_filled(retype(memory, CAP_FRAME, 0), 0));
}

static void what_the_kernel_had_there_is_never_seen(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 15);
	static const uint8_t types[] = {CAP_THREAD, CAP_VSPACE, CAP_PTABLE, CAP_REPLY,
					CAP_IOBITMAP};
	for (uint32_t i = 0; i < sizeof(types); i++) {
		retype(memory, CAP_FRAME, 14);
		revoke(memory);
		retype(memory, types[i], 0);
		revoke(memory);
		stale_refused(memory, DRV_EPERM);
		retype(memory, CAP_FRAME, 0);
		revoke(memory);
		retype(memory, CAP_FRAME, RETYPE_STALE);
		stale_refused(memory, DRV_EPERM);
		revoke(memory);
	}
}

/* Nor what was never in a frame, behind what was: a frame that begins in the one and ends in
 * the other is refused. */
static void a_frame_that_ends_behind_what_frames_held_is_refused(void **state)
{
	(void)state;
	for (uint32_t bits = FRAME_BITS_MIN + 1; bits <= 15; bits++) {
		cap_t memory = make(CAP_UNTYPED, 16), part = make_from(memory, CAP_UNTYPED, 16);
		memset(object_of(retype(part, CAP_FRAME, bits)), 0x5a, 1u << bits);
		revoke(memory);
		memset(object_of(retype(memory, CAP_FRAME, 0)), 0xa5, PAGE_SIZE);
		revoke(memory);
		refused(DRV_EPERM, bench.root, SYS_UNTYPED_RETYPE, memory, CAP_FRAME,
			RETYPE_STALE | bits, CAP_NULL);
		assert_true(is_filled(retype(memory, CAP_FRAME, RETYPE_STALE), 0xa5));
		revoke(memory);
		done(bench.root, SYS_CAP_RELEASE, memory, 0, 0, 0);
	}
}

static void what_others_had_in_a_part_of_the_memory_is_not_seen(void **state)
{
	(void)state;
	cap_t memory = make(CAP_UNTYPED, 15);
	retype(memory, CAP_FRAME, 14);
	revoke(memory);
	cap_t part = retype(memory, CAP_UNTYPED, 14);
	stale_refused(part, DRV_EPERM);
	memset(object_of(retype(part, CAP_FRAME, 0)), 0xa5, PAGE_SIZE);
	revoke(memory);
	stale_refused(memory, DRV_EPERM);
}

/* -- Ports that are read into a frame. -------------------------------------------------- */

static void a_port_is_read_and_what_it_said_is_kept(void **state)
{
	(void)state;
	cap_t frame = make(CAP_FRAME, 13), pio = bench.pio;
	static const uint32_t places[] = {0, 8, PAGE_SIZE - 8, PAGE_SIZE, 2 * PAGE_SIZE - 8};
	for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const pio_kept_t *kept =
		    (const void *)((const uint8_t *)object_of(frame) + places[i]);
		for (uint32_t n = 1; n <= 3; n++) {
			fake.port_value = 0x100 * i + n;
			done(bench.root, SYS_CAP_PIO_KEEP, pio, PIO_OP_READ(0x60, 1), frame,
			     places[i]);
			assert_int_equal(result[0], fake.port_value);
			assert_int_equal(kept->value, fake.port_value);
			assert_int_equal(kept->count, n);
		}
	}
	assert_int_equal(fake.port_log[0].port, 0x60);
	assert_false(fake.port_log[0].write);
	refused(DRV_EINVAL, bench.root, SYS_CAP_PIO_KEEP, pio, PIO_OP_READ(0x60, 1), frame,
		2 * PAGE_SIZE);
}

static void a_port_is_kept_only_where_one_may_read_it_and_write_there(void **state)
{
	(void)state;
	cap_t frame = make(CAP_FRAME, 0);
	cap_t in = done(bench.root, SYS_CAP_DERIVE, bench.pio, RIGHT_READ,
			PIO_SCOPE(0x60, 0x64), PIO_WIDTH_8);
	cap_t out = done(bench.root, SYS_CAP_DERIVE, bench.pio, RIGHT_WRITE, 0, 0);
	cap_t loads = done(bench.root, SYS_CAP_DERIVE, frame, RIGHT_READ, 0, 0);
	uint32_t op = PIO_OP_READ(0x60, 1);
	tcb_t *by = bench.root;
	refused(DRV_EPERM, by, SYS_CAP_PIO_KEEP, out, op, frame, 0);
	refused(DRV_EPERM, by, SYS_CAP_PIO_KEEP, in, op, loads, 0);
	refused(DRV_EPERM, by, SYS_CAP_PIO_KEEP, in, PIO_OP_READ(0x65, 1), frame, 0);
	refused(DRV_EPERM, by, SYS_CAP_PIO_KEEP, in, PIO_OP_READ(0x60, 2), frame, 0);
	refused(DRV_EINVAL, by, SYS_CAP_PIO_KEEP, in, op, frame, 4);
	done(by, SYS_CAP_PIO_KEEP, in, op, frame, 0);
	/* Nor into what somebody executes. */
	done(by, SYS_CAP_RELEASE, loads, 0, 0, 0);
	table_at(AT);
	done(by, SYS_VSPACE_MAP, p.vspace, frame, AT, RIGHT_READ | RIGHT_EXEC);
	refused(DRV_EPERM, by, SYS_CAP_PIO_KEEP, in, op, frame, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_frame_of_many_pages_is_mapped_whole),
	    TEST(a_frame_of_many_pages_is_mapped_nowhere_if_a_page_is_taken),
	    TEST(a_mapping_that_was_interrupted_before_its_first_page_changed_nothing),
	    TEST(a_mapping_that_was_interrupted_goes_on),
	    TEST(a_mapping_that_was_interrupted_is_not_gone_on_with_elsewhere),
	    TEST(an_interrupted_mapping_is_taken_back_if_another_was_quicker),
	    TEST(an_interrupted_mapping_goes_with_its_frame_or_its_space),
	    TEST(a_large_frame_is_unmapped_in_pieces),
	    TEST(a_frame_keeps_what_frames_of_the_same_memory_held),
	    TEST(what_the_kernel_had_there_is_never_seen),
	    TEST(a_frame_that_ends_behind_what_frames_held_is_refused),
	    TEST(what_others_had_in_a_part_of_the_memory_is_not_seen),
	    TEST(a_port_is_read_and_what_it_said_is_kept),
	    TEST(a_port_is_kept_only_where_one_may_read_it_and_write_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
