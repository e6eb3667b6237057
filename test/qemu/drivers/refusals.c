/* SPDX-License-Identifier: BSD-2-Clause */
/* Tries what its capabilities do not allow and checks that each attempt is refused with the
 * right error. The name says what it holds: "nocaps" nothing, "narrow" little, "thief" other
 * things than narrow, whose handles it asks narrow for. */
#include "checks.h"

#include "abi/boot.h"
#include "cap/client.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

/* What narrow's manifest grants. */
#define FIRST	       0x300u /* four ports, 8 and 16 bits, both directions */
#define LAST	       0x303u
#define ONLY_IN	       0x308u
#define ONLY_OUT       0x30au
#define LINE	       5u
#define MEMORY	       0xa0000u /* two pages */
#define MEMORY_PAGES   2u
#define LAST_PORT      0xffffu
#define GET_HANDLES    DRV_IOCTL_OWN
#define FOREIGN_PORT   0x60u
#define FOREIGN_LINE   1u
#define FOREIGN_MEMORY 0xb8000u
#define NO_TABLE       0x20000000u
#define WIDTH_3	       (PIO_OP_READ(FIRST, 1) | (2u << 16))
#define UNKNOWN_BIT    (PIO_OP_READ(FIRST, 1) | (1u << 20))
#define HANDLES	       (3 * DRIVER_CAPS_MAX)

static const driver_page_t *page(void)
{
	return (const driver_page_t *)DRIVER_PAGE;
}

/* SYS_CAP_PIO_RW with any operation word. */
static err_t port(cap_t cap, uint32_t op)
{
	uint32_t registers[4] = {cap, op, 0, 0};
	return sys_enter(SYS_CAP_PIO_RW, registers);
}

static err_t call(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
	uint32_t registers[4] = {a0, a1, a2, 0};
	return sys_enter(number, registers);
}

/* Every call on a device, with a handle that must not do for it. */
static void expect_refused(cap_t cap, err_t port_error, err_t line_error, err_t memory_error)
{
	uint8_t byte = 0;
	uint16_t word = 0;
	uint32_t dword = 0;
	EXPECT(port_error, cap_pio_read8(cap, FIRST, &byte));
	EXPECT(port_error, cap_pio_read16(cap, FIRST, &word));
	EXPECT(port_error, cap_pio_read32(cap, FIRST, &dword));
	EXPECT(port_error, cap_pio_write8(cap, FIRST, 0));
	EXPECT(port_error, cap_pio_write16(cap, FIRST, 0));
	EXPECT(port_error, cap_pio_write32(cap, FIRST, 0));
	EXPECT(line_error, cap_irq_wait(cap, TIMEOUT_POLL, NULL));
	EXPECT(line_error, cap_irq_wait(cap, TIMEOUT_FOREVER, NULL));
	EXPECT(line_error, irq_bind(cap, page()->notification_grant, 1));
	EXPECT(line_error, irq_ack(cap));
	EXPECT(memory_error, cap_mmio_map(cap, DRIVER_MMIO_WINDOW, 1));
	EXPECT(memory_error, cap_mmio_unmap(cap));
}

static void expect_bad(cap_t cap)
{
	audit_report_t report;
	uint8_t byte;
	expect_refused(cap, DRV_EBADCAP, DRV_EBADCAP, DRV_EBADCAP);
	EXPECT(DRV_EBADCAP, cap_release(cap));
	EXPECT(cap ? DRV_EBADCAP : DRV_OK, cap_release_some(cap)); /* null: what is owed */
	EXPECT(DRV_EBADCAP, cap_revoke(cap));
	EXPECT(DRV_EBADCAP, cap_derive(cap, RIGHT_READ, 0, 0));
	EXPECT(DRV_EBADCAP, vspace_unmap(cap));
	EXPECT(DRV_EBADCAP, thread_suspend(cap));
	EXPECT(DRV_EBADCAP, notification_signal(cap, 1));
	EXPECT(DRV_EBADCAP, untyped_retype(cap, CAP_FRAME, 0, CAP_NULL));
	EXPECT(DRV_EBADCAP, cap_inspect(cap, NULL, NULL, 0));
	EXPECT(DRV_EBADCAP, audit_read(cap, &report));
	EXPECT(DRV_EBADCAP, cap_pio_keep8(cap, FIRST, cap, 0, &byte));
}

/* Handles that name nothing, live ones of another type, and ones that were released. */
static void check_handles(void)
{
	static const cap_t wild[] = {CAP_NULL,	  0xffffffffu, 0xfffffffeu, 0x80000000u,
				     0x7fffffffu, 127,	       128,	    0x10000u};
	for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++)
		expect_bad(wild[i]);
	expect_refused(page()->notification_grant, DRV_EINVAL, DRV_EINVAL, DRV_EINVAL);
	expect_refused(page()->manager, DRV_EINVAL, DRV_EINVAL, DRV_EINVAL);
	expect_refused(page()->reply, DRV_EINVAL, DRV_EINVAL, DRV_EINVAL);
	cap_t old = EXPECT_CAP(cap_derive(page()->notification_grant, RIGHT_WRITE, 0, 0));
	EXPECT(DRV_OK, cap_release(old));
	expect_bad(old);
	/* Slots are used again, handles are not. */
	for (uint32_t i = 0; i < 300; i++) {
		int32_t next = cap_derive(page()->notification_grant, RIGHT_WRITE, 0, 0);
		if (next <= 0 || (cap_t)next == old || cap_release((cap_t)next))
			EXPECT(DRV_OK, DRV_EBADCAP);
	}
	expect_bad(old);
	/* Nothing that a driver gets tells of others. */
	audit_report_t report;
	EXPECT(DRV_EINVAL, audit_read(page()->endpoint, &report));
	EXPECT(DRV_EPERM, cap_inspect(page()->endpoint, NULL, NULL, 0));
	EXPECT(DRV_EPERM, cap_inspect(page()->manager, NULL, NULL, 0));
	EXPECT(DRV_EPERM, cap_inspect(page()->reply, NULL, NULL, 0));
	EXPECT(DRV_EPERM, cap_inspect(page()->notification, NULL, NULL, 0));
	EXPECT(DRV_ENOSYS, call(SYS_COUNT, 0, 0, 0));
	EXPECT(DRV_ENOSYS, call(0xffffffffu, 0, 0, 0));
	EXPECT(DRV_ENOSYS, call(0x80000000u, 0, 0, 0));
}

static int32_t acquire_port(uint32_t first, uint32_t last)
{
	return cap_acquire(CAP_PIO, PIO_SCOPE(first, last), 0);
}

static int32_t acquire_line(uint32_t line)
{
	return cap_acquire(CAP_IRQ, IRQ_SCOPE(line, line), 0);
}

/* Asking for what belongs to others, to the kernel or to nobody. */
static void check_acquire(void)
{
	EXPECT(DRV_EPERM, acquire_port(FOREIGN_PORT, FOREIGN_PORT));
	EXPECT(DRV_EPERM, acquire_port(0x20, 0x21));
	EXPECT(DRV_EPERM, acquire_port(0, 0));
	EXPECT(DRV_EPERM, acquire_port(0, LAST_PORT));
	EXPECT(DRV_EPERM, acquire_port(LAST_PORT, 0));
	EXPECT(DRV_EPERM, acquire_line(FOREIGN_LINE));
	EXPECT(DRV_EPERM, acquire_line(0));
	EXPECT(DRV_EPERM, acquire_line(IRQ_LINES));
	EXPECT(DRV_EPERM, acquire_line(0xffff));
	EXPECT(DRV_EPERM, cap_acquire(CAP_MMIO, FOREIGN_MEMORY, PAGE_SIZE));
	EXPECT(DRV_EPERM, cap_acquire(CAP_MMIO, 0x100000, PAGE_SIZE));
	EXPECT(DRV_EPERM, cap_acquire(CAP_MMIO, 0xfee00000u, PAGE_SIZE));
	EXPECT(DRV_EPERM, cap_acquire(CAP_MMIO, 0, 0));
	EXPECT(DRV_EINVAL, cap_acquire(CAP_NONE, 1, 0));
	EXPECT(DRV_EINVAL, cap_acquire(CAP_UNTYPED, 1, 0));
	EXPECT(DRV_EINVAL, cap_acquire(CAP_ENDPOINT, 1, 0));
	EXPECT(DRV_EINVAL, cap_acquire(CAP_TYPE_COUNT, 1, 0));
	EXPECT(DRV_EINVAL, cap_acquire(0xffffffffu, 1, 0));
}

static void check_nocaps(void)
{
	uint8_t byte;
	EXPECT(DRV_EBADCAP, driver_in8(0, FIRST, &byte));
	EXPECT(DRV_EBADCAP, driver_out8(0, FIRST, 0));
	EXPECT(DRV_EBADCAP, driver_in8(1000, FIRST, &byte));
	EXPECT(DRV_EPERM, acquire_port(FIRST, FIRST));
	EXPECT(DRV_EPERM, acquire_line(LINE));
	EXPECT(DRV_EPERM, cap_acquire(CAP_MMIO, MEMORY, PAGE_SIZE));
}

static void check_ports(void)
{
	const uint32_t *pio = driver_context()->pio_caps;
	EXPECT(DRV_OK, port(pio[0], PIO_OP_READ(FIRST, 1)));
	EXPECT(DRV_OK, port(pio[0], PIO_OP_READ(LAST, 1)));
	EXPECT(DRV_OK, port(pio[0], PIO_OP_WRITE(LAST, 1)));
	EXPECT(DRV_OK, port(pio[0], PIO_OP_READ(LAST - 1, 2)));
	EXPECT(DRV_OK, port(pio[0], PIO_OP_WRITE(FIRST, 2)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(FIRST - 1, 1)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(LAST + 1, 1)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_WRITE(FIRST - 1, 1)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_WRITE(LAST + 1, 1)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(FIRST - 1, 2)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(LAST, 2)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_WRITE(LAST, 2)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(FIRST, 4)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_WRITE(FIRST, 4)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(LAST_PORT, 1)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(LAST_PORT, 2)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(LAST_PORT, 4)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(LAST_PORT - 2, 4)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(0, 1)));
	EXPECT(DRV_EPERM, port(pio[0], PIO_OP_READ(FOREIGN_PORT, 1)));
	EXPECT(DRV_EINVAL, port(pio[0], WIDTH_3));
	EXPECT(DRV_EINVAL, port(pio[0], UNKNOWN_BIT));
	EXPECT(DRV_EINVAL, port(pio[0], FIRST));
	EXPECT(DRV_EINVAL, port(pio[0], 0xffffffffu));
	EXPECT(DRV_OK, port(pio[1], PIO_OP_READ(ONLY_IN, 1)));
	EXPECT(DRV_EPERM, port(pio[1], PIO_OP_WRITE(ONLY_IN, 1)));
	EXPECT(DRV_EPERM, port(pio[1], PIO_OP_READ(FIRST, 1)));
	EXPECT(DRV_OK, port(pio[2], PIO_OP_WRITE(ONLY_OUT, 1)));
	EXPECT(DRV_EPERM, port(pio[2], PIO_OP_READ(ONLY_OUT, 1)));
	EXPECT(DRV_EINVAL, port(driver_context()->irq_caps[0], PIO_OP_READ(FIRST, 1)));
	EXPECT(DRV_EINVAL, port(driver_context()->mmio_caps[0], PIO_OP_READ(FIRST, 1)));
	EXPECT(DRV_EINVAL, cap_mmio_map(pio[0], DRIVER_MMIO_WINDOW, 1));
	EXPECT(DRV_EINVAL, cap_irq_wait(pio[0], TIMEOUT_FOREVER, NULL));
}

/* Derivation and acquiring never widen. */
static void check_derivation(void)
{
	const DriverContextV2 *context = driver_context();
	cap_t pio = context->pio_caps[0], memory = context->mmio_caps[0];
	EXPECT(DRV_EPERM, cap_derive(pio, RIGHT_ALL, 0, 0));
	EXPECT(DRV_EPERM, cap_derive(pio, 0, 0, 0));
	EXPECT(DRV_EPERM, cap_derive(pio, RIGHT_READ, PIO_SCOPE(FIRST - 1, LAST), 0));
	EXPECT(DRV_EPERM, cap_derive(pio, RIGHT_READ, PIO_SCOPE(FIRST, LAST + 1), 0));
	EXPECT(DRV_EPERM, cap_derive(pio, RIGHT_READ, PIO_SCOPE(LAST, FIRST), 0));
	EXPECT(DRV_EPERM, cap_derive(pio, RIGHT_READ, 0, PIO_WIDTH_32));
	EXPECT(DRV_EINVAL, cap_derive(pio, RIGHT_READ, 0, 8));
	EXPECT(DRV_EPERM, cap_derive(context->pio_caps[1], RIGHT_WRITE, 0, 0));
	EXPECT(DRV_EPERM, cap_derive(memory, RIGHT_READ, MEMORY, 3 * PAGE_SIZE));
	EXPECT(DRV_EPERM, cap_derive(memory, RIGHT_READ, MEMORY - PAGE_SIZE, PAGE_SIZE));
	EXPECT(DRV_EPERM, cap_derive(memory, RIGHT_READ, 0xfffff000u, 2 * PAGE_SIZE));
	EXPECT(DRV_EINVAL, cap_derive(memory, RIGHT_READ, MEMORY + 1, PAGE_SIZE));
	EXPECT(DRV_EINVAL, cap_derive(memory, RIGHT_READ, MEMORY, 1));
	EXPECT(DRV_EPERM, cap_derive(page()->endpoint, RIGHT_WRITE, 0, 0));
	EXPECT(DRV_EPERM, cap_derive(page()->manager, RIGHT_WRITE, 1, 0));
	EXPECT(DRV_EPERM, acquire_port(FIRST - 1, FIRST));
	EXPECT(DRV_EPERM, acquire_port(LAST, LAST + 1));
	EXPECT(DRV_EPERM, acquire_line(LINE + 1));
	EXPECT(DRV_EPERM, cap_acquire(CAP_MMIO, MEMORY, 3 * PAGE_SIZE));
	EXPECT(DRV_EPERM, cap_acquire(CAP_MMIO, 0xfffff000u, 2 * PAGE_SIZE));
	cap_t acquired = EXPECT_CAP(acquire_port(FIRST + 1, FIRST + 1));
	EXPECT(DRV_OK, port(acquired, PIO_OP_READ(FIRST + 1, 1)));
	EXPECT(DRV_EPERM, port(acquired, PIO_OP_READ(FIRST, 1)));
	EXPECT(DRV_EPERM, port(acquired, PIO_OP_READ(FIRST + 1, 2)));
	EXPECT(DRV_OK, cap_revoke(pio));
	EXPECT(DRV_EBADCAP, port(acquired, PIO_OP_READ(FIRST + 1, 1)));
	EXPECT(DRV_OK, port(pio, PIO_OP_READ(FIRST + 1, 1)));
}

static void check_line(void)
{
	cap_t line = driver_context()->irq_caps[0];
	EXPECT(DRV_EBADCAP, irq_bind(line, CAP_NULL, 1));
	EXPECT(DRV_EINVAL, irq_bind(line, line, 1));
	EXPECT(DRV_EPERM, irq_bind(line, page()->notification, 1));
	EXPECT(DRV_EINVAL, irq_bind(line, page()->notification_grant, 0));
	EXPECT(DRV_ETIMEDOUT, cap_irq_wait(line, TIMEOUT_POLL, NULL));
	EXPECT(DRV_ETIMEDOUT, cap_irq_wait(line, 1, NULL));
	cap_t second = EXPECT_CAP(acquire_line(LINE));
	EXPECT(DRV_EBUSY, cap_irq_wait(second, TIMEOUT_POLL, NULL));
	EXPECT(DRV_EBUSY, irq_bind(second, page()->notification_grant, 1));
	EXPECT(DRV_EPERM, irq_ack(second));
	EXPECT(DRV_OK, cap_release(second));
	EXPECT(DRV_OK, irq_ack(line));
}

static void check_memory(void)
{
	cap_t memory = driver_context()->mmio_caps[0];
	const uint32_t at = DRIVER_MMIO_WINDOW;
	EXPECT(DRV_EINVAL, cap_mmio_unmap(memory));
	EXPECT(DRV_EPERM, cap_mmio_map(memory, at, MEMORY_PAGES + 1));
	EXPECT(DRV_EPERM, cap_mmio_map(memory, at, 0xffffffffu));
	EXPECT(DRV_EPERM, cap_mmio_map(memory, at, 0x100001u));
	EXPECT(DRV_EINVAL, cap_mmio_map(memory, at, 0));
	EXPECT(DRV_EFAULT, cap_mmio_map(memory, at + 1, 1));
	EXPECT(DRV_EFAULT, cap_mmio_map(memory, 0, 1));
	EXPECT(DRV_EFAULT, cap_mmio_map(memory, USER_END, 1));
	EXPECT(DRV_EFAULT, cap_mmio_map(memory, USER_END - PAGE_SIZE, 2));
	EXPECT(DRV_EFAULT, cap_mmio_map(memory, 0xfffff000u, 2));
	EXPECT(DRV_ENOTABLE, cap_mmio_map(memory, NO_TABLE, 1));
	EXPECT(DRV_EEXIST, cap_mmio_map(memory, DRIVER_IMAGE_BASE, 1));
	EXPECT(DRV_OK, cap_mmio_map(memory, at, MEMORY_PAGES));
	EXPECT(DRV_EBUSY, cap_mmio_map(memory, at + 4 * PAGE_SIZE, 1));
	EXPECT(DRV_OK, cap_mmio_unmap(memory));
	EXPECT(DRV_EINVAL, cap_mmio_unmap(memory));
}

static err_t narrow_ioctl(session_t *session, ioctl_t *request)
{
	(void)session;
	if (request->code != GET_HANDLES)
		return DRV_ENOTSUP;
	memcpy(request->data, driver_context()->irq_caps, HANDLES * sizeof(uint32_t));
	request->out_bytes = HANDLES * sizeof(uint32_t);
	return DRV_OK;
}

/* What the thief's own capability of that number answers: nothing, wrong type, or, where it
 * is of the right type by chance, what the thief's own ports and line answer. */
static err_t answer_of(cap_t cap, uint32_t type)
{
	cap_info_t info;
	if (cap_get_info(cap, &info))
		return DRV_EBADCAP;
	if (info.type != type)
		return DRV_EINVAL;
	return type == CAP_IRQ ? DRV_ETIMEDOUT : DRV_EPERM;
}

/* A neighbour's numbers are the thief's own numbers or nothing. */
static void check_thief(void)
{
	uint32_t handles[HANDLES];
	uint32_t value, bytes = 0;
	client_t narrow;
	EXPECT(DRV_OK, manager_connect("narrow", &narrow.endpoint));
	EXPECT(DRV_OK, client_open(narrow, CAP_NULL));
	EXPECT(DRV_OK,
	       client_ioctl(narrow, GET_HANDLES, 0, &value, handles, &bytes, sizeof(handles)));
	EXPECT(sizeof(handles), bytes);
	for (uint32_t i = 0; i < HANDLES; i++) {
		if (!handles[i])
			continue;
		EXPECT(answer_of(handles[i], CAP_PIO), port(handles[i], PIO_OP_READ(FIRST, 1)));
		EXPECT(answer_of(handles[i], CAP_PIO),
		       port(handles[i], PIO_OP_WRITE(FIRST, 1)));
		EXPECT(answer_of(handles[i], CAP_IRQ),
		       cap_irq_wait(handles[i], TIMEOUT_POLL, NULL));
		EXPECT(answer_of(handles[i], CAP_MMIO),
		       cap_mmio_map(handles[i], DRIVER_MMIO_WINDOW, 1));
		EXPECT(answer_of(handles[i], CAP_MMIO), cap_mmio_unmap(handles[i]));
	}
	EXPECT(DRV_EPERM, acquire_port(FIRST, LAST));
	EXPECT(DRV_EPERM, acquire_line(LINE));
	EXPECT(DRV_EPERM, cap_acquire(CAP_MMIO, MEMORY, PAGE_SIZE));
}

static err_t refusals_run(void)
{
	check_handles();
	check_acquire();
	if (!strcmp(page()->name, "nocaps"))
		check_nocaps();
	if (!strcmp(page()->name, "thief"))
		check_thief();
	if (!strcmp(page()->name, "narrow")) {
		check_ports();
		check_derivation();
		check_line();
		check_memory();
	}
	report_checks("refusals");
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = refusals_run, .ioctl = narrow_ioctl};
	return driver_main(&ops);
}
