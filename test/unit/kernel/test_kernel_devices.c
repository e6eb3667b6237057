/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports, physical ranges, interrupt lines and address spaces. */
#include "bench.h"
#include "check.h"

#define MMIO BENCH_MMIO_FIRST

static process_t p;

static int setup(void **state)
{
	bench_setup(state);
	p = process_make(PRIORITY_MAX);
	return 0;
}

static void ports_are_checked_at_both_ends(void **state)
{
	(void)state;
	cap_t pio = give(&p, bench.pio, RW, PIO_SCOPE(0x60, 0x67));
	static const struct {
		uint16_t port;
		uint8_t width;
		bool inside;
	} cases[] = {{0x60, 1, true},	{0x67, 1, true},  {0x5f, 1, false}, {0x68, 1, false},
		     {0x66, 2, true},	{0x67, 2, false}, {0x5f, 2, false}, {0x64, 4, true},
		     {0x65, 4, false},	{0x67, 4, false}, {0, 1, false},    {0xffff, 4, false},
		     {0xffff, 1, false}};
	for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t in = PIO_OP_READ(cases[i].port, cases[i].width);
		uint32_t out = PIO_OP_WRITE(cases[i].port, cases[i].width);
		if (!cases[i].inside) {
			refused(DRV_EPERM, p.tcb, SYS_CAP_PIO_RW, pio, in, 0, 0);
			refused(DRV_EPERM, p.tcb, SYS_CAP_PIO_RW, pio, out, 0, 0);
			continue;
		}
		fake.port_value = 0x1234 + i;
		fake.port_accesses = 0;
		done(p.tcb, SYS_CAP_PIO_RW, pio, in, 0, 0);
		assert_int_equal(result[0], 0x1234 + i);
		done(p.tcb, SYS_CAP_PIO_RW, pio, out, 99, 0);
		assert_int_equal(fake.port_accesses, 2);
		assert_false(fake.port_log[0].write);
		assert_true(fake.port_log[1].write);
		assert_int_equal(fake.port_log[1].port, cases[i].port);
		assert_int_equal(fake.port_log[1].width, cases[i].width);
		assert_int_equal(fake.port_log[1].value, 99);
	}
}

static void the_last_port_takes_one_byte(void **state)
{
	(void)state;
	done(bench.root, SYS_CAP_PIO_RW, bench.pio, PIO_OP_WRITE(0xffff, 1), 1, 0);
	done(bench.root, SYS_CAP_PIO_RW, bench.pio, PIO_OP_WRITE(0xfffc, 4), 1, 0);
	refused(DRV_EPERM, bench.root, SYS_CAP_PIO_RW, bench.pio, PIO_OP_WRITE(0xffff, 4), 1,
		0);
	refused(DRV_EPERM, bench.root, SYS_CAP_PIO_RW, bench.pio, PIO_OP_READ(0xffff, 2), 1, 0);
	refused(DRV_EPERM, bench.root, SYS_CAP_PIO_RW, bench.pio, PIO_OP_READ(0xfffd, 4), 1, 0);
	refused(DRV_EPERM, bench.root, SYS_CAP_PIO_RW, bench.pio, PIO_OP_READ(0, 1), 1, 0);
}

static void directions_and_widths_are_rights(void **state)
{
	(void)state;
	cap_t in = done(bench.root, SYS_CAP_DERIVE, bench.pio, RIGHT_READ,
			PIO_SCOPE(0x60, 0x67), PIO_WIDTH_8 | PIO_WIDTH_32);
	cap_t out = done(bench.root, SYS_CAP_DERIVE, bench.pio, RIGHT_WRITE, 0, 0);
	tcb_t *by = bench.root;
	refused(DRV_EPERM, by, SYS_CAP_PIO_RW, in, PIO_OP_WRITE(0x60, 1), 0, 0);
	refused(DRV_EPERM, by, SYS_CAP_PIO_RW, in, PIO_OP_READ(0x60, 2), 0, 0);
	refused(DRV_EPERM, by, SYS_CAP_PIO_RW, out, PIO_OP_READ(0x60, 1), 0, 0);
	done(by, SYS_CAP_PIO_RW, in, PIO_OP_READ(0x60, 1), 0, 0);
	done(by, SYS_CAP_PIO_RW, in, PIO_OP_READ(0x60, 4), 0, 0);
	done(by, SYS_CAP_PIO_RW, out, PIO_OP_WRITE(0x60, 2), 0, 0);
	for (uint32_t width = 0; width < 8; width++)
		if (width != 1 && width != 2 && width != 4)
			refused(DRV_EINVAL, by, SYS_CAP_PIO_RW, in, PIO_OP_READ(0x60, width), 0,
				0);
	refused(DRV_EINVAL, by, SYS_CAP_PIO_RW, in, PIO_OP_READ(0x60, 1) | 1u << 25, 0, 0);
	refused(DRV_EINVAL, by, SYS_CAP_PIO_RW, in, PIO_OP_READ(0x60, 1) | 1u << 19, 0, 0);
	refused(DRV_EINVAL, by, SYS_CAP_PIO_RW, in, PIO_OP_READ(0x60, 1) | 1u << 31, 0, 0);
	refused(DRV_EPERM, by, SYS_CAP_DERIVE, in, RIGHT_READ, 0, PIO_WIDTH_16);
	refused(DRV_EINVAL, by, SYS_CAP_DERIVE, in, RIGHT_READ, 0, 8);
	refused(DRV_EPERM, by, SYS_CAP_DERIVE, in, RIGHT_READ, PIO_SCOPE(0x60, 0x68), 0);
	refused(DRV_EPERM, by, SYS_CAP_DERIVE, in, RIGHT_READ, PIO_SCOPE(0x5f, 0x67), 0);
	refused(DRV_EPERM, by, SYS_CAP_DERIVE, in, RIGHT_READ, PIO_SCOPE(0x64, 0x63), 0);
}

/* -- Physical ranges. ------------------------------------------------------------------- */

static cap_t physical(uint32_t base, uint32_t size)
{
	cap_t mine = give(&p, bench.mmio, RW, 0);
	return done(p.tcb, SYS_CAP_DERIVE, mine, RW, base, size);
}

static void table_at(uint32_t virt)
{
	done(bench.root, SYS_VSPACE_MAP, p.vspace, make(CAP_PTABLE, 0), virt, 0);
}

static uint32_t page_at(uint32_t virt)
{
	return fake_page_entry(vspace_directory(p.tcb->vspace), virt);
}

static void physical_ranges_narrow_in_whole_pages(void **state)
{
	(void)state;
	cap_t range = physical(MMIO + 0x1000, 0x3000);
	static const struct {
		uint32_t base, size;
		err_t err;
	} wrong[] = {{MMIO, 0x1000, DRV_EPERM},
		     {MMIO + 0x1000, 0x4000, DRV_EPERM},
		     {MMIO + 0x3000, 0x2000, DRV_EPERM},
		     {MMIO + 0x4000, 0x1000, DRV_EPERM},
		     {MMIO + 0x1000, 0xfffff000, DRV_EPERM},
		     {MMIO + 0x1001, 0x1000, DRV_EINVAL},
		     {MMIO + 0x1000, 0x800, DRV_EINVAL},
		     {MMIO + 0x1000, 0, DRV_EINVAL},
		     {0, 0x1000, DRV_EPERM}};
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(wrong[i].err, p.tcb, SYS_CAP_DERIVE, range, RW, wrong[i].base,
			wrong[i].size);
	done(p.tcb, SYS_CAP_DERIVE, range, RW, MMIO + 0x1000, 0x3000);
	done(p.tcb, SYS_CAP_DERIVE, range, RW, MMIO + 0x3000, 0x1000);
	physical(0xfffff000, 0x1000);
}

static void ranges_map_uncached_and_unmap_whole(void **state)
{
	(void)state;
	cap_t range = physical(MMIO + 0x1000, 0x3000);
	uint32_t at = 0x400000;
	refused(DRV_ENOTABLE, p.tcb, SYS_CAP_MMIO_MAP, range, at, 1, 0);
	table_at(at);
	refused(DRV_EINVAL, p.tcb, SYS_CAP_MMIO_MAP, range, at, 0, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_MMIO_MAP, range, at, 4, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_MMIO_MAP, range, at, 5, 0);
	refused(DRV_EFAULT, p.tcb, SYS_CAP_MMIO_MAP, range, at + 1, 1, 0);
	refused(DRV_EFAULT, p.tcb, SYS_CAP_MMIO_MAP, range, 0, 1, 0);
	refused(DRV_EFAULT, p.tcb, SYS_CAP_MMIO_MAP, range, USER_END, 1, 0);
	refused(DRV_EFAULT, p.tcb, SYS_CAP_MMIO_MAP, range, USER_END - 0x1000, 2, 0);
	refused(DRV_EFAULT, p.tcb, SYS_CAP_MMIO_MAP, range, 0xfffff000, 2, 0);
	refused(DRV_ENOTABLE, p.tcb, SYS_CAP_MMIO_MAP, range, 0x7ff000, 2, 0);
	refused(DRV_EINVAL, p.tcb, SYS_CAP_MMIO_UNMAP, range, 0, 0, 0);
	refused(DRV_EINVAL, p.tcb, SYS_CAP_MMIO_MAP, physical(0xf0000000, 0x1000000), at,
		MMIO_MAP_PAGES + 1, 0);
	done(p.tcb, SYS_CAP_MMIO_MAP, range, at, 3, 0);
	assert_int_equal(kernel.audit.mmio_pages, 3);
	assert_int_equal(page_at(at + 0x2000), (MMIO + 0x3000) | FAKE_PAGE_PRESENT |
						   ARCH_PAGE_WRITE | ARCH_PAGE_UNCACHED);
	refused(DRV_EBUSY, p.tcb, SYS_CAP_MMIO_MAP, range, at + 0x8000, 1, 0);
	cap_t other = physical(MMIO + 0x8000, 0x2000);
	refused(DRV_EEXIST, p.tcb, SYS_CAP_MMIO_MAP, other, at + 0x2000, 1, 0);
	refused(DRV_EEXIST, p.tcb, SYS_CAP_MMIO_MAP, other, at - 0x1000 + 0x3000, 2, 0);
	done(p.tcb, SYS_CAP_MMIO_UNMAP, range, 0, 0, 0);
	assert_int_equal(page_at(at), 0);
	done(p.tcb, SYS_CAP_MMIO_MAP, other, at, 2, 0);
	done(bench.root, SYS_CAP_REVOKE, bench.mmio, 0, 0, 0);
	assert_int_equal(page_at(at), 0);
	assert_int_equal(page_at(at + 0x1000), 0);
	assert_int_equal(kernel.audit.mmio_pages, 0);
}

static void a_range_without_write_is_mapped_without_it(void **state)
{
	(void)state;
	cap_t all = physical(MMIO, 0x1000);
	cap_t loads = done(p.tcb, SYS_CAP_DERIVE, all, RIGHT_READ, 0, 0);
	cap_t stores = done(p.tcb, SYS_CAP_DERIVE, all, RIGHT_WRITE, 0, 0);
	table_at(0x400000);
	refused(DRV_EPERM, p.tcb, SYS_CAP_MMIO_MAP, stores, 0x400000, 1, 0);
	done(p.tcb, SYS_CAP_MMIO_MAP, loads, 0x400000, 1, 0);
	assert_int_equal(page_at(0x400000), MMIO | FAKE_PAGE_PRESENT | ARCH_PAGE_UNCACHED);
}

/* -- Address spaces. -------------------------------------------------------------------- */

static void frames_map_with_no_more_than_their_rights(void **state)
{
	(void)state;
	cap_t frame = make(CAP_FRAME, 0), table = make(CAP_PTABLE, 0), v = p.vspace;
	tcb_t *by = bench.root;
	cap_t loads = done(by, SYS_CAP_DERIVE, frame, RIGHT_READ, 0, 0);
	refused(DRV_ENOTABLE, by, SYS_VSPACE_MAP, v, frame, 0x400000, RW);
	refused(DRV_EFAULT, by, SYS_VSPACE_MAP, v, table, 0x401000, 0);
	refused(DRV_EFAULT, by, SYS_VSPACE_MAP, v, table, USER_END, 0);
	done(by, SYS_VSPACE_MAP, v, table, 0x400000, 0);
	refused(DRV_EBUSY, by, SYS_VSPACE_MAP, v, table, 0x800000, 0);
	refused(DRV_EEXIST, by, SYS_VSPACE_MAP, v, make(CAP_PTABLE, 0), 0x400000, 0);
	static const uint32_t bad[] = {0,
				       RIGHT_WRITE,
				       RIGHT_EXEC,
				       RIGHT_WRITE | RIGHT_EXEC,
				       RW | RIGHT_EXEC,
				       RIGHT_READ | RIGHT_GRANT,
				       0x103};
	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(DRV_EPERM, by, SYS_VSPACE_MAP, v, frame, 0x400000, bad[i]);
	refused(DRV_EPERM, by, SYS_VSPACE_MAP, v, loads, 0x400000, RW);
	refused(DRV_EPERM, by, SYS_VSPACE_MAP, v, loads, 0x400000, RIGHT_READ | RIGHT_EXEC);
	static const uint32_t outside[] = {0,	       0x400001,	  0x400800,  USER_END,
					   0xfffff000, USER_END + 0x1000, 0x80000001};
	for (uint32_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		refused(DRV_EFAULT, by, SYS_VSPACE_MAP, v, frame, outside[i], RW);
	refused(DRV_ENOTABLE, by, SYS_VSPACE_MAP, v, frame, USER_END - PAGE_SIZE, RW);
	refused(DRV_EBUSY, by, SYS_VSPACE_MAP, v, frame, 0x400000, RIGHT_READ | RIGHT_EXEC);
	done(by, SYS_VSPACE_MAP, v, frame, 0x400000, RW);
	refused(DRV_EEXIST, by, SYS_VSPACE_MAP, v, loads, 0x400000, RIGHT_READ);
	refused(DRV_EBUSY, by, SYS_VSPACE_MAP, v, frame, 0x401000, RIGHT_READ);
	done(by, SYS_VSPACE_MAP, v, loads, 0x7ff000, RIGHT_READ);
	assert_int_equal(page_at(0x400000) & FAKE_PAGE_FLAGS, ARCH_PAGE_WRITE);
	assert_int_equal(page_at(0x7ff000) & FAKE_PAGE_FLAGS, 0);
	done(by, SYS_CAP_REVOKE, frame, 0, 0, 0);
	assert_int_equal(page_at(0x7ff000), 0);
	done(by, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	refused(DRV_EINVAL, by, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	assert_int_equal(page_at(0x400000), 0);
}

static void a_page_table_carries_nothing_into_its_next_space(void **state)
{
	(void)state;
	process_t q = process_make(PRIORITY_MAX);
	cap_t table = make(CAP_PTABLE, 0), frame = make(CAP_FRAME, 0);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, table, 0x400000, 0);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, frame, 0x400000, RW);
	done(bench.root, SYS_VSPACE_UNMAP, table, 0, 0, 0);
	done(bench.root, SYS_VSPACE_MAP, q.vspace, table, 0x400000, 0);
	assert_int_equal(fake_page_entry(vspace_directory(q.tcb->vspace), 0x400000), 0);
	done(bench.root, SYS_VSPACE_UNMAP, frame, 0, 0, 0);
	done(bench.root, SYS_VSPACE_MAP, q.vspace, frame, 0x401000, RW);
	/* A space that dies gives all back. */
	done(bench.root, SYS_CAP_REVOKE, q.vspace, 0, 0, 0);
	done(bench.root, SYS_CAP_RELEASE, q.vspace, 0, 0, 0);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, table, 0x400000, 0);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, frame, 0x402000, RW);
	assert_int_equal(page_at(0x401000), 0);
}

static void a_range_is_open_to_native_access_as_long_as_it_lives(void **state)
{
	(void)state;
	cap_t pio = give(&p, bench.pio, RW, PIO_SCOPE(0x61, 0x82));
	refused(DRV_ENOTABLE, p.tcb, SYS_CAP_PIO_MAP, pio, 0, 0, 0);
	cap_t bitmap = make(CAP_IOBITMAP, 0);
	const uint8_t *bits = object_of(bitmap);
	done(bench.root, SYS_VSPACE_MAP, p.vspace, bitmap, 0, 0);
	refused(DRV_EINVAL, p.tcb, SYS_CAP_PIO_UNMAP, pio, 0, 0, 0);
	done(p.tcb, SYS_CAP_PIO_MAP, pio, 0, 0, 0);
	for (uint32_t port = 0; port < 0x10000; port++)
		assert_int_equal(!(bits[port / 8] >> port % 8 & 1),
				 port >= 0x61 && port <= 0x82);
	refused(DRV_EBUSY, p.tcb, SYS_CAP_PIO_MAP, pio, 0, 0, 0);
	cap_t narrow = done(p.tcb, SYS_CAP_DERIVE, pio, RW, PIO_SCOPE(0x70, 0x70), 0);
	refused(DRV_EEXIST, p.tcb, SYS_CAP_PIO_MAP, narrow, 0, 0, 0);
	cap_t reads = done(p.tcb, SYS_CAP_DERIVE, pio, RIGHT_READ, 0, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_PIO_MAP, reads, 0, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, bench.pio, 0, 0, 0);
	for (uint32_t i = 0; i < ARCH_IOBITMAP_BYTES; i++)
		assert_int_equal(bits[i], 0xff);
}

/* -- Interrupt lines. ------------------------------------------------------------------- */

static cap_t line(const process_t *process, uint32_t number)
{
	return give(process, bench.irq, RIGHT_READ, IRQ_SCOPE(number, number));
}

static void lines_of_the_kernel_and_ranges_are_not_claimed(void **state)
{
	(void)state;
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(2, 2),
		0);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(16, 16),
		0);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(5, 4),
		0);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(1, 1),
		IRQ_LEVEL);
	refused(DRV_EINVAL, bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(5, 5),
		IRQ_TRIGGERS);
	refused(DRV_EINVAL, bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(5, 6),
		IRQ_LEVEL);
	/* To ask for line 0 alone keeps the range, of which nothing can be claimed. */
	cap_t all = done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(0, 0), 0);
	refused(DRV_EINVAL, bench.root, SYS_CAP_IRQ_WAIT, all, 0, 0, 0);
	refused(DRV_EINVAL, bench.root, SYS_CAP_IRQ_WAIT, bench.irq, 0, 0, 0);
	refused(DRV_EINVAL, bench.root, SYS_IRQ_ACK, bench.irq, 0, 0, 0);
	cap_t notification = make(CAP_NOTIFICATION, 0);
	refused(DRV_EINVAL, bench.root, SYS_IRQ_BIND, bench.irq, notification, 1, 0);
	cap_t waits = done(bench.root, SYS_CAP_DERIVE, notification, RIGHT_READ, 0, 0);
	cap_t one = done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ, IRQ_SCOPE(1, 1), 0);
	refused(DRV_EPERM, bench.root, SYS_IRQ_BIND, one, waits, 1, 0);
	refused(DRV_EINVAL, bench.root, SYS_IRQ_BIND, one, notification, 0, 0);
	refused(DRV_EPERM, bench.root, SYS_IRQ_ACK, one, 0, 0, 0);
}

static void a_line_is_masked_on_delivery_and_unmasked_by_waiting(void **state)
{
	(void)state;
	process_t q = process_make(PRIORITY_MAX);
	cap_t mine = line(&p, 5), theirs = line(&q, 5);
	fire(5);
	assert_int_equal(kernel.audit.spurious, 1);
	blocks(p.tcb, SYS_CAP_IRQ_WAIT, mine, TIMEOUT_FOREVER, 0, 0);
	assert_int_equal(fake.irq_unmasked, 1u << 5);
	assert_int_equal(kernel.audit.irq_bound, 1u << 5);
	refused(DRV_EBUSY, q.tcb, SYS_CAP_IRQ_WAIT, theirs, 0, 0, 0);
	fire(5);
	assert_int_equal(answer(p.tcb), DRV_OK);
	assert_int_equal(result[0], 1);
	assert_int_equal(fake.irq_unmasked, 0);
	refused(DRV_EPERM, q.tcb, SYS_IRQ_ACK, theirs, 0, 0, 0);
	done(p.tcb, SYS_IRQ_ACK, mine, 0, 0, 0);
	assert_int_equal(fake.irq_unmasked, 1u << 5);
	fire(5);
	done(p.tcb, SYS_CAP_IRQ_WAIT, mine, 0, 0, 0);
	assert_int_equal(result[0], 1);
	blocks(p.tcb, SYS_CAP_IRQ_WAIT, mine, 3, 0, 0);
	ticks_and_slice(4);
	assert_int_equal(answer(p.tcb), DRV_ETIMEDOUT);
	blocks(p.tcb, SYS_CAP_IRQ_WAIT, mine, TIMEOUT_FOREVER, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, bench.irq, 0, 0, 0);
	assert_int_equal(answer(p.tcb), DRV_EGONE);
	assert_int_equal(fake.irq_unmasked | kernel.audit.irq_bound, 0);
	fire(5);
	assert_int_equal(kernel.audit.spurious, 2);
	kernel_on_stray();
	assert_int_equal(kernel.audit.spurious, 3);
}

static void a_bound_line_signals_and_outlives_its_notification_masked(void **state)
{
	(void)state;
	process_t q = process_make(PRIORITY_MAX);
	cap_t notification = make(CAP_NOTIFICATION, 0);
	cap_t mine = line(&p, 7), theirs = line(&q, 7);
	cap_t target = give(&p, notification, RIGHT_WRITE, 0);
	cap_t badged = give(&p, notification, RIGHT_WRITE, 2);
	cap_t waits = give(&q, notification, RIGHT_READ, 0);
	cap_t signals = give(&q, notification, RIGHT_WRITE, 0);
	done(p.tcb, SYS_IRQ_BIND, mine, target, 8, 0);
	refused(DRV_EBUSY, q.tcb, SYS_IRQ_BIND, theirs, signals, 1, 0);
	fire(7);
	done(q.tcb, SYS_NOTIFICATION_WAIT, waits, 0, 0, 0);
	assert_int_equal(result[0], 8);
	assert_int_equal(fake.irq_unmasked, 0);
	done(p.tcb, SYS_IRQ_BIND, mine, badged, 8, 0);
	fire(7);
	done(q.tcb, SYS_NOTIFICATION_WAIT, waits, 0, 0, 0);
	assert_int_equal(result[0], 2);
	done(p.tcb, SYS_IRQ_ACK, mine, 0, 0, 0);
	done(bench.root, SYS_CAP_REVOKE, notification, 0, 0, 0);
	fire(7);
	assert_int_equal(fake.irq_unmasked, 0);
	assert_int_equal(kernel.audit.irq_bound, 1u << 7);
	/* What came meanwhile is delivered once, to the next target. */
	cap_t again = give(&p, notification, RIGHT_WRITE, 0);
	done(p.tcb, SYS_IRQ_BIND, mine, again, 1, 0);
	done(bench.root, SYS_NOTIFICATION_WAIT, notification, 0, 0, 0);
	assert_int_equal(result[0], 1);
	done(p.tcb, SYS_CAP_RELEASE, mine, 0, 0, 0);
	assert_int_equal(kernel.audit.irq_bound, 0);
	blocks(q.tcb, SYS_CAP_IRQ_WAIT, theirs, 1, 0, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(ports_are_checked_at_both_ends),
	    TEST(the_last_port_takes_one_byte),
	    TEST(directions_and_widths_are_rights),
	    TEST(physical_ranges_narrow_in_whole_pages),
	    TEST(ranges_map_uncached_and_unmap_whole),
	    TEST(a_range_without_write_is_mapped_without_it),
	    TEST(frames_map_with_no_more_than_their_rights),
	    TEST(a_page_table_carries_nothing_into_its_next_space),
	    TEST(a_range_is_open_to_native_access_as_long_as_it_lives),
	    TEST(lines_of_the_kernel_and_ranges_are_not_claimed),
	    TEST(a_line_is_masked_on_delivery_and_unmasked_by_waiting),
	    TEST(a_bound_line_signals_and_outlives_its_notification_masked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
