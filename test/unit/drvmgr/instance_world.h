/* SPDX-License-Identifier: BSD-2-Clause */
/* What an instance of a driver is made with: the kernel is a list of capabilities, and writes
 * down in which order it was called. */
#ifndef INSTANCE_WORLD_H
#define INSTANCE_WORLD_H

#define _GNU_SOURCE /* memory at an address of one's own */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "claims/need.h"
#include "hands/budget.h"
#include "hands/ends.h"
#include "hands/grant.h"
#include "hands/memory.h"
#include "hands/spawn.h"

#define SCRATCH 0x20000000u
#define MOST	64u

enum {
	UNTYPED = 1,
	FRAMES,
	PAGE,
	CONFIG,
	LOG,
	ENDPOINT,
	OWN_ENDPOINT,
	CSPACE,
	VSPACE,
	THREAD,
	MANAGERS,
	PORTS_LOW,
	PORTS_HIGH,
	WINDOW,
	LINES,
	FIRST = 100
};

typedef struct made {
	uint32_t from, rights, scope0, scope1;
	bool delegated, released;
} made_t;

static struct {
	uint32_t count;
	made_t made[MOST]; /* of handle FIRST + n */
	char order[16];	   /* what was done, a letter each */
	uint32_t signalled, cancelled;
	enum endpoint_cancel mode;
	err_t told;
	uint32_t table_bytes;
	thread_registers_t registers;
	bool bitmap;
} kernel;
static manager_t manager;
static driver_t driver;
static driver_page_t page;
static boot_info_t boot;

static void note(char what)
{
	size_t length = strlen(kernel.order);
	assert_in_range(length, 0, sizeof(kernel.order) - 2);
	kernel.order[length] = what;
}

static int32_t add(made_t made)
{
	assert_in_range(kernel.count, 0, MOST - 1);
	kernel.made[kernel.count] = made;
	return (int32_t)(FIRST + kernel.count++);
}

static const made_t *made_of(uint32_t handle)
{
	assert_in_range(handle, FIRST, FIRST + kernel.count - 1);
	return &kernel.made[handle - FIRST];
}

/* As the kernel: no more ports than the parent has, and no port of a window. */
int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	if ((cap == PORTS_LOW && PIO_SCOPE_LAST(scope0) > 0xff) ||
	    (cap == PORTS_HIGH && PIO_SCOPE_FIRST(scope0) < 0x100))
		return DRV_EPERM;
	if (cap == WINDOW)
		assert_in_range(scope0, 0xa0000, 0xeffff);
	return add((made_t){cap, rights, scope0, scope1, false, false});
}

int32_t cap_delegate(cap_t cspace, cap_t cap, uint32_t rights, uint32_t badge)
{
	assert_int_equal(cspace, CSPACE);
	return add((made_t){cap, rights, badge, 0, true, false});
}

err_t cap_release(cap_t cap)
{
	((made_t *)(uintptr_t)made_of(cap))->released = true;
	return DRV_OK;
}

int32_t untyped_retype(cap_t untyped, uint32_t type, uint32_t size, cap_t cspace)
{
	assert_int_equal(untyped, UNTYPED);
	assert_int_equal(cspace, CAP_NULL);
	return add((made_t){untyped, type, size, 0, false, false});
}

err_t vspace_map(cap_t vspace, cap_t cap, uint32_t virt, uint32_t rights)
{
	if (vspace == MANAGERS) {
		assert_true(cap == CONFIG && virt == SCRATCH &&
			    rights == (RIGHT_READ | RIGHT_WRITE));
	} else {
		assert_int_equal(made_of(cap)->rights, CAP_IOBITMAP);
		kernel.bitmap = true;
	}
	return DRV_OK;
}

err_t vspace_unmap(cap_t cap)
{
	assert_int_equal(cap, CONFIG);
	return DRV_OK;
}

err_t process_map(const process_maker_t *maker, const process_t *process, cap_t frame,
		  uint32_t virt, uint32_t rights)
{
	(void)maker;
	assert_int_equal(process->vspace, VSPACE);
	assert_true((made_of(frame)->from == CONFIG && virt == DRIVER_SHARED_CFG) ||
		    (made_of(frame)->from == LOG && virt == DRIVER_LOG));
	assert_int_equal(rights, RIGHT_READ | RIGHT_WRITE);
	note('f');
	return DRV_OK;
}

err_t process_add_tables(const process_maker_t *maker, const process_t *process, uint32_t virt,
			 uint32_t bytes)
{
	(void)maker, (void)process;
	assert_int_equal(virt, DRIVER_MMIO_WINDOW);
	kernel.table_bytes = bytes;
	note('d'); /* the last of the devices */
	return DRV_OK;
}

err_t process_create_some(const process_maker_t *maker, const process_config_t *config,
			  process_build_t *build, uint32_t *units)
{
	(void)maker, (void)units;
	assert_int_equal(config->untyped, UNTYPED);
	assert_int_equal(config->frames, FRAMES);
	assert_int_equal(config->buffer_frame, PAGE);
	assert_int_equal(config->buffer, DRIVER_PAGE);
	assert_int_equal(config->priority, 17);
	assert_int_equal(config->fault_endpoint, ENDPOINT);
	assert_int_equal(config->fault_badge, FAULT_BADGE | 4);
	build->made = (process_t){
	    .untyped = UNTYPED, .cspace = CSPACE, .vspace = VSPACE, .thread = THREAD};
	note('p');
	return DRV_OK;
}

err_t budget_begin(manager_t *of, const driver_t *whose)
{
	(void)of, (void)whose;
	note('b');
	return DRV_OK;
}

err_t thread_bind(cap_t thread, enum thread_bind what, cap_t cap, uint32_t badge)
{
	assert_true(thread == THREAD && what == BIND_NOTIFICATION && !badge);
	assert_int_equal(cap, driver.instance.notification);
	note('n');
	return DRV_OK;
}

err_t thread_resume(cap_t thread)
{
	assert_int_equal(thread, THREAD);
	note('r');
	return DRV_OK;
}

err_t thread_read(cap_t thread, thread_registers_t *registers)
{
	assert_int_equal(thread, THREAD);
	*registers = (thread_registers_t){.eip = 4711, .esp = 12};
	return DRV_OK;
}

err_t thread_write(cap_t thread, const thread_registers_t *registers)
{
	assert_int_equal(thread, THREAD);
	kernel.registers = *registers;
	return DRV_OK;
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	assert_int_equal(notification, driver.instance.notification);
	assert_int_equal(bits, DRIVER_SIGNAL_COMMAND);
	kernel.signalled++;
	return DRV_OK;
}

err_t endpoint_cancel(cap_t endpoint, enum endpoint_cancel mode, err_t error)
{
	assert_int_equal(endpoint, OWN_ENDPOINT);
	kernel.cancelled++;
	kernel.mode = mode;
	kernel.told = error;
	return DRV_OK;
}

err_t ends_open(driver_t *to)
{
	assert_ptr_equal(to, &driver);
	note('o');
	return DRV_OK;
}

/* ---- what is not called here ---- */

err_t cap_revoke_some(cap_t cap, uint32_t limit)
{
	(void)cap, (void)limit;
	return DRV_ENOTSUP;
}

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	(void)cap, (void)info;
	return DRV_ENOTSUP;
}

err_t cap_release_some(cap_t cap)
{
	(void)cap;
	return DRV_ENOTSUP;
}

err_t thread_suspend(cap_t thread)
{
	(void)thread;
	return DRV_ENOTSUP;
}

err_t memory_map(manager_t *of, cap_t frame, uint32_t virt)
{
	(void)of, (void)frame, (void)virt;
	return DRV_ENOTSUP;
}

err_t memory_take(manager_t *of, uint32_t bits, cap_t *untyped)
{
	(void)of, (void)bits, (void)untyped;
	return DRV_ENOTSUP;
}

void memory_give_back(manager_t *of, uint32_t bits, cap_t *untyped)
{
	(void)of, (void)bits, (void)untyped;
}

err_t memory_make(const manager_t *of, uint32_t type, cap_t *cap)
{
	(void)of, (void)type, (void)cap;
	return DRV_ENOTSUP;
}

uint32_t memory_bits(uint32_t bytes)
{
	return bytes;
}

/* ---- */

static void set_master(uint32_t n, cap_t cap, uint32_t type, uint32_t scope0)
{
	boot.caps[BOOT_CAP_FIRST + n].cap = cap;
	boot.caps[BOOT_CAP_FIRST + n].type = type;
	boot.caps[BOOT_CAP_FIRST + n].scope0 = scope0;
}

static int fresh(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	memset(&manager, 0, sizeof(manager));
	memset(&driver, 0, sizeof(driver));
	memset(&page, 0x5a, sizeof(page)); /* as the last instance left it */
	manager.boot = &boot;
	manager.endpoint = ENDPOINT;
	manager.maker = (process_maker_t){.vspace = MANAGERS, .scratch = SCRATCH};
	boot.cap_count = BOOT_CAP_FIRST + 3;
	boot.caps[BOOT_CAP_IRQ].cap = LINES;
	set_master(0, WINDOW, CAP_MMIO, 0xa0000);
	set_master(1, PORTS_LOW, CAP_PIO, PIO_SCOPE(1, 0xff));
	set_master(2, PORTS_HIGH, CAP_PIO, PIO_SCOPE(0x100, 0xffff));
	driver.index = 3;
	driver.abi = 5;
	driver.unit.generation = 1;
	driver.unit.kept_since = 1;
	strcpy(driver.manifest.name, "disk");
	driver.manifest.priority = 17;
	driver.manifest.heartbeat.period_ms = 250;
	driver.untyped = UNTYPED;
	driver.frames = FRAMES;
	driver.instance = (instance_t){.page_frame = PAGE,
				       .config_frame = CONFIG,
				       .log_frame = LOG,
				       .endpoint = OWN_ENDPOINT,
				       .page = &page};
	return 0;
}

/* Two ranges of ports, one of them to be read alone, a window and a line. */
static void claim_devices(void)
{
	caps_t *caps = &driver.manifest.caps;
	caps->pio.count = 2;
	caps->pio.items[0] = (pio_range_t){
	    .start = 0x60, .end = 0x61, .widths = PIO_WIDTH_8, .rights = RIGHT_READ};
	caps->pio.items[1] = (pio_range_t){.start = 0x1f0,
					   .end = 0x1f7,
					   .widths = PIO_WIDTH_ALL,
					   .rights = RIGHT_READ | RIGHT_WRITE};
	caps->mmio.count = 1;
	caps->mmio.items[0] = (mmio_range_t){.base = 0xb8000, .size = 0x8000};
	caps->irq.count = 1;
	caps->irq.items[0] = (irq_line_t){.line = 14};
}

static void build(void)
{
	process_build_t making = {0};
	uint32_t units = 100;
	assert_int_equal(spawn_begin(&manager, &driver, false), DRV_OK);
	assert_int_equal(spawn_build(&manager, &driver, &making, &units), DRV_OK);
	assert_true(driver.instance.alive);
}

static int make_scratch(void **state)
{
	(void)state;
	void *at = mmap((void *)(uintptr_t)SCRATCH, PAGE_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	return at == MAP_FAILED;
}

#endif
