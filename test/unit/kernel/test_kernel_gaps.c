/* SPDX-License-Identifier: BSD-2-Clause */
/* What the other kernel tests let pass: each test here kills a planted bug of
 * test/mutate/mutants.txt that survived them, or reaches lines that they did not. */
#include "pair.h"

#define LINE 5u

static void the_scope_of_a_physical_range_is_its_size(void **state)
{
	(void)state;
	cap_t mmio =
	    done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW, BENCH_MMIO_FIRST, 3 * PAGE_SIZE);
	done(bench.root, SYS_CAP_INFO, mmio, 0, 0, 0);
	assert_int_equal(result[0], CAP_MMIO);
	assert_int_equal(result[2], BENCH_MMIO_FIRST);
	assert_int_equal(result[3], 3 * PAGE_SIZE);
}

static void fault(tcb_t *tcb)
{
	switch_to(tcb);
	kernel_on_fault(FAULT_PAGE, 0x1234, 6);
	fake_leave();
	check_all();
}

static void an_interrupt_that_was_not_taken_goes_with_its_claim(void **state)
{
	(void)state;
	cap_t first = give(&p, bench.irq, RIGHT_READ, 0);
	cap_t mine = done(p.tcb, SYS_CAP_DERIVE, first, RIGHT_READ, IRQ_SCOPE(LINE, LINE), 0);
	assert_int_equal(call(p.tcb, SYS_CAP_IRQ_WAIT, mine, TIMEOUT_POLL, 0, 0),
			 DRV_ETIMEDOUT);
	fire(LINE);
	done(p.tcb, SYS_CAP_RELEASE, mine, 0, 0, 0);
	cap_t next =
	    done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(LINE, LINE), 0);
	assert_int_equal(call(bench.root, SYS_CAP_IRQ_WAIT, next, TIMEOUT_POLL, 0, 0),
			 DRV_ETIMEDOUT);
}

static void a_bitmap_takes_effect_and_ends_at_once(void **state)
{
	(void)state;
	cap_t bitmap = make(CAP_IOBITMAP, 0);
	assert_int_equal(fake.iobitmap, 0);
	done(bench.root, SYS_VSPACE_MAP, bench.vspace, bitmap, 0, 0);
	assert_int_equal(fake.iobitmap, slot_of(bench.root, bitmap)->object);
	done(bench.root, SYS_VSPACE_UNMAP, bitmap, 0, 0, 0);
	assert_int_equal(fake.iobitmap, 0);
}

static void a_removed_bitmap_is_closed(void **state)
{
	(void)state;
	cap_t bitmap = make(CAP_IOBITMAP, 0);
	cap_t pio = done(bench.root, SYS_CAP_DERIVE, bench.pio, RW, PIO_SCOPE(0x60, 0x1ff), 0);
	done(bench.root, SYS_VSPACE_MAP, bench.vspace, bitmap, 0, 0);
	done(bench.root, SYS_CAP_PIO_MAP, pio, 0, 0, 0);
	const uint8_t *bits = arch_pointer(slot_of(bench.root, bitmap)->object);
	assert_int_equal(bits[0x60 / 8], 0);
	done(bench.root, SYS_VSPACE_UNMAP, bitmap, 0, 0, 0);
	for (uint32_t i = 0; i < ARCH_IOBITMAP_BYTES; i++)
		assert_int_equal(bits[i], 0xff);
	/* Closing what was open in it touches nothing. */
	done(bench.root, SYS_CAP_PIO_UNMAP, pio, 0, 0, 0);
	refused(DRV_EINVAL, bench.root, SYS_CAP_PIO_UNMAP, pio, 0, 0, 0);
}

static void ports_are_open_through_one_capability_only(void **state)
{
	(void)state;
	cap_t bitmap = make(CAP_IOBITMAP, 0);
	tcb_t *by = bench.root;
	cap_t inner = done(by, SYS_CAP_DERIVE, bench.pio, RW, PIO_SCOPE(0x100, 0x11f), 0);
	cap_t outer = done(by, SYS_CAP_DERIVE, bench.pio, RW, PIO_SCOPE(0x0e0, 0x13f), 0);
	done(by, SYS_VSPACE_MAP, bench.vspace, bitmap, 0, 0);
	done(by, SYS_CAP_PIO_MAP, inner, 0, 0, 0);
	refused(DRV_EEXIST, by, SYS_CAP_PIO_MAP, outer, 0, 0, 0);
	done(by, SYS_CAP_PIO_UNMAP, inner, 0, 0, 0);
	done(by, SYS_CAP_PIO_MAP, outer, 0, 0, 0);
	refused(DRV_EEXIST, by, SYS_CAP_PIO_MAP, inner, 0, 0, 0);
	const uint8_t *bits = arch_pointer(slot_of(by, bitmap)->object);
	assert_int_equal(bits[0x100 / 8], 0);
	done(by, SYS_CAP_PIO_UNMAP, outer, 0, 0, 0);
	for (uint32_t i = 0; i < ARCH_IOBITMAP_BYTES; i++)
		assert_int_equal(bits[i], 0xff);
}

static void each_address_space_has_its_own_ports(void **state)
{
	(void)state;
	cap_t bitmap = make(CAP_IOBITMAP, 0);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, bitmap, 0, 0);
	done(p.tcb, SYS_NULL, 0, 0, 0, 0);
	assert_int_equal(fake.iobitmap, slot_of(bench.root, bitmap)->object);
	done(q.tcb, SYS_NULL, 0, 0, 0, 0);
	assert_int_equal(fake.iobitmap, 0);
}

static void nothing_is_mapped_past_the_users_addresses(void **state)
{
	(void)state;
	cap_t frame = make(CAP_FRAME, 0);
	refused(DRV_EFAULT, bench.root, SYS_VSPACE_MAP, p.vspace, frame, USER_END, RIGHT_READ);
	refused(DRV_ENOTABLE, bench.root, SYS_VSPACE_MAP, p.vspace, frame, USER_END - PAGE_SIZE,
		RIGHT_READ);
}

static void an_address_space_that_a_thread_lost_is_not_in_use(void **state)
{
	(void)state;
	done(p.tcb, SYS_NULL, 0, 0, 0, 0);
	assert_int_equal(fake.directory, vspace_directory(p.tcb->vspace));
	bench_enter(bench.root, SYS_THREAD_BIND,
		    (const uint32_t[4]){p.thread, BIND_VSPACE, CAP_NULL, 0});
	assert_int_equal(fake.directory, 0);
	fake_leave();
	check_all();
	assert_int_equal(p.tcb->state, THREAD_STOPPED);
}

static void a_thread_that_goes_takes_what_only_it_held_along(void **state)
{
	(void)state;
	cap_t cap = make(CAP_NOTIFICATION, 0);
	cap_t other = make(CAP_NOTIFICATION, 0);
	const notification_t *kept = object_of(other);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_NOTIFICATION, cap, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_NOTIFICATION, other, 0);
	done(bench.root, SYS_CAP_RELEASE, cap, 0, 0, 0);
	assert_int_equal(kernel.audit.objects[CAP_NOTIFICATION], 2);
	uint32_t threads = kernel.audit.objects[CAP_THREAD];
	uint32_t spaces = kernel.audit.objects[CAP_CSPACE] + kernel.audit.objects[CAP_VSPACE];
	done(bench.root, SYS_CAP_RELEASE, p.cspace, 0, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, p.vspace, 0, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, p.thread, 0, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, q.thread, 0, 0, 0);
	assert_int_equal(kernel.audit.objects[CAP_THREAD], threads - 2);
	assert_int_equal(kernel.audit.objects[CAP_NOTIFICATION], 1);
	assert_int_equal(kernel.audit.objects[CAP_CSPACE] + kernel.audit.objects[CAP_VSPACE],
			 spaces - 2);
	assert_null(kept->bound);
}

/* -- Messages. -------------------------------------------------------------------------- */

static void a_queued_sender_needs_the_right_to_grant_too(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t sends = give(&p, endpoint, RIGHT_WRITE, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	p.buffer->caps[0] = sends;
	q.buffer->accept = 1;
	blocks(p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 1), 0, 0);
	assert_int_equal(call(q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_POLL, 0),
			 DRV_ETIMEDOUT);
	assert_int_equal(answer(p.tcb), DRV_EPERM);
}

static void a_reply_object_that_went_is_not_offered(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t object = make(CAP_REPLY, 0);
	cap_t sends = give(&p, endpoint, RIGHT_WRITE, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	cap_t reply = give(&q, object, RIGHT_WRITE, 0);
	blocks(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	done(bench.root, SYS_CAP_REVOKE, object, 0, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, object, 0, 0, 0);
	refused(DRV_ENOTSUP, p.tcb, SYS_IPC_CALL, sends, MSG_INFO(1, 0, 0), 0, 0);
	done(p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 0), 0, 0);
	assert_int_equal(answer(q.tcb), DRV_OK);
}

static void registers_that_were_not_sent_are_not_set(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	cap_t reply = give(&q, make(CAP_REPLY, 0), RIGHT_WRITE, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_FAULT, endpoint, 9);
	blocks(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	p.tcb->frame.ecx = 7;
	fault(p.tcb);
	thread_registers_t *registers = (void *)&q.buffer->words[FAULT_WORD_REGISTERS];
	registers->ecx = 8;
	done(q.tcb, SYS_IPC_REPLY, reply, MSG_INFO(0, FAULT_WORDS - 1, 0),
	     FAULT_REPLY_SET_REGISTERS, 0);
	assert_int_equal(p.tcb->state, THREAD_READY);
	assert_int_equal(p.tcb->frame.ecx, 7);
}

/* -- Trust at boot. --------------------------------------------------------------------- */

#define RAM_FIRST 0x00100000u
#define RAM_LAST  0x00ffffffu
#define LOW_PAGE  0x000a0000u

/* A kernel built for development, for one call of that thread. */
static err_t acquire_trusted(tcb_t *by, uint32_t type, uint32_t base, uint32_t size)
{
	kernel.audit.flags = AUDIT_TRUST_BOOT;
	bench_enter(by, SYS_CAP_ACQUIRE, (const uint32_t[4]){type, base, size});
	kernel.audit.flags = 0;
	fake_leave();
	check_all();
	return answer(by);
}

static void boot(void)
{
	kernel.root = bench.root;
	kernel.ram_first = RAM_FIRST;
	kernel.ram_last = RAM_LAST;
}

static void only_a_development_kernel_trusts_the_root_task(void **state)
{
	(void)state;
	boot();
	tcb_t *root = bench.root;
	refused(DRV_EPERM, root, SYS_CAP_ACQUIRE, CAP_MMIO, LOW_PAGE, PAGE_SIZE, 0);
	assert_int_equal(acquire_trusted(p.tcb, CAP_MMIO, LOW_PAGE, PAGE_SIZE), DRV_EPERM);
	/* Not even another thread of the root task. */
	done(root, SYS_THREAD_BIND, p.thread, BIND_CSPACE, bench.cspace, 0);
	assert_int_equal(acquire_trusted(p.tcb, CAP_MMIO, LOW_PAGE, PAGE_SIZE), DRV_EPERM);
	err_t handle = acquire_trusted(root, CAP_MMIO, LOW_PAGE, PAGE_SIZE);
	assert_true(handle > 0);
	done(root, SYS_CAP_INFO, (cap_t)handle, 0, 0, 0);
	assert_int_equal(result[0], CAP_MMIO);
	assert_int_equal(result[1], RW);
	assert_int_equal(result[2], LOW_PAGE);
	assert_int_equal(result[3], PAGE_SIZE);
}

static void trust_gives_physical_ranges_that_are_not_ram(void **state)
{
	(void)state;
	static const struct {
		uint32_t type, base, size;
		bool given;
	} cases[] = {
	    {CAP_MMIO, RAM_FIRST - PAGE_SIZE, PAGE_SIZE, true},
	    {CAP_MMIO, RAM_FIRST - PAGE_SIZE, 2 * PAGE_SIZE, false},
	    {CAP_MMIO, RAM_FIRST, PAGE_SIZE, false},
	    {CAP_MMIO, RAM_LAST + 1 - PAGE_SIZE, PAGE_SIZE, false},
	    {CAP_MMIO, RAM_LAST + 1, PAGE_SIZE, true},
	    {CAP_MMIO, LOW_PAGE + 1, PAGE_SIZE, false},
	    {CAP_MMIO, LOW_PAGE, PAGE_SIZE + 1, false},
	    {CAP_MMIO, LOW_PAGE, 0, false},
	    {CAP_MMIO, LOW_PAGE, UINT32_MAX - LOW_PAGE + 1, false},
	    {CAP_IRQ, IRQ_SCOPE(IRQ_LINES, IRQ_LINES), 0, false},
	};
	boot();
	for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err_t err =
		    acquire_trusted(bench.root, cases[i].type, cases[i].base, cases[i].size);
		assert_true(cases[i].given ? err > 0 : err == DRV_EPERM);
	}
}

static void a_queued_sender_that_lost_its_space_sends_no_capability(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t sends = give(&p, endpoint, RIGHT_WRITE | RIGHT_GRANT, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	p.buffer->caps[0] = sends;
	q.buffer->accept = 1;
	blocks(p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 1), 0, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_CSPACE, CAP_NULL, 0);
	assert_int_equal(call(q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_POLL, 0),
			 DRV_ETIMEDOUT);
	assert_int_equal(answer(p.tcb), DRV_EBADCAP);
}

static void a_queued_sender_that_lost_its_buffer_sends_what_is_in_registers(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t sends = give(&p, endpoint, RIGHT_WRITE, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	for (uint32_t words = 2; words <= 3; words++) {
		done(bench.root, SYS_THREAD_BIND, p.thread, BIND_BUFFER, p.frame, 0);
		p.buffer->timeout_ms = TIMEOUT_FOREVER;
		blocks(p.tcb, SYS_IPC_SEND, sends, MSG_INFO(7, words, 0), 3, 4);
		done(bench.root, SYS_THREAD_BIND, p.thread, BIND_BUFFER, CAP_NULL, 0);
		err_t err = call(q.tcb, SYS_IPC_RECV, receives, 0, TIMEOUT_POLL, 0);
		assert_int_equal(err, words == 2 ? DRV_OK : DRV_ETIMEDOUT);
		assert_int_equal(answer(p.tcb), words == 2 ? DRV_OK : DRV_EFAULT);
	}
}

static void a_receiver_that_lost_its_space_or_buffer_gets_no_capability(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t sends = give(&p, endpoint, RIGHT_WRITE | RIGHT_GRANT, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	p.buffer->caps[0] = sends;
	q.buffer->accept = 1;
	blocks(q.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_FOREVER, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_CSPACE, CAP_NULL, 0);
	refused(DRV_ENOMEM, p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 1), 0, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_BUFFER, CAP_NULL, 0);
	refused(DRV_ENOTSUP, p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 0, 1), 0, 0);
	/* Of words it gets those that fit into registers. */
	done(p.tcb, SYS_IPC_SEND, sends, MSG_INFO(1, 9, 0), 11, 22);
	assert_int_equal(answer(q.tcb), DRV_OK);
	assert_int_equal(result[1], MSG_INFO(1, 2, 0));
	assert_int_equal(result[3], 22);
}

static void a_fault_is_told_without_registers_where_there_is_no_buffer(void **state)
{
	(void)state;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t receives = give(&q, endpoint, RIGHT_READ, 0);
	cap_t reply = give(&q, make(CAP_REPLY, 0), RIGHT_WRITE, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_FAULT, endpoint, 9);
	blocks(q.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
	done(bench.root, SYS_THREAD_BIND, q.thread, BIND_BUFFER, CAP_NULL, 0);
	fault(p.tcb);
	assert_int_equal(answer(q.tcb), DRV_OK);
	assert_int_equal(result[1], MSG_INFO(FAULT_PAGE, FAULT_WORD_REGISTERS, 0));
	assert_int_equal(result[2], 0x1234);
}

static void a_notification_can_be_bound_to_its_thread_again(void **state)
{
	(void)state;
	cap_t cap = make(CAP_NOTIFICATION, 0);
	const notification_t *notification = object_of(cap);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_NOTIFICATION, cap, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_NOTIFICATION, cap, 0);
	assert_ptr_equal(notification->bound, p.tcb);
	refused(DRV_EBUSY, bench.root, SYS_THREAD_BIND, q.thread, BIND_NOTIFICATION, cap, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_scope_of_a_physical_range_is_its_size),
	    TEST(an_interrupt_that_was_not_taken_goes_with_its_claim),
	    TEST(a_bitmap_takes_effect_and_ends_at_once),
	    TEST(a_removed_bitmap_is_closed),
	    TEST(ports_are_open_through_one_capability_only),
	    TEST(each_address_space_has_its_own_ports),
	    TEST(nothing_is_mapped_past_the_users_addresses),
	    TEST(an_address_space_that_a_thread_lost_is_not_in_use),
	    TEST(a_thread_that_goes_takes_what_only_it_held_along),
	    TEST(a_queued_sender_needs_the_right_to_grant_too),
	    TEST(a_reply_object_that_went_is_not_offered),
	    TEST(registers_that_were_not_sent_are_not_set),
	    TEST(only_a_development_kernel_trusts_the_root_task),
	    TEST(trust_gives_physical_ranges_that_are_not_ram),
	    TEST(a_queued_sender_that_lost_its_space_sends_no_capability),
	    TEST(a_queued_sender_that_lost_its_buffer_sends_what_is_in_registers),
	    TEST(a_receiver_that_lost_its_space_or_buffer_gets_no_capability),
	    TEST(a_fault_is_told_without_registers_where_there_is_no_buffer),
	    TEST(a_notification_can_be_bound_to_its_thread_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
