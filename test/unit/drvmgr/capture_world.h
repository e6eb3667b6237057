/* SPDX-License-Identifier: BSD-2-Clause */
/* A dead instance, of which report/capture.h takes reports: the kernel is here, and the
 * driver's memory. */
#ifndef CAPTURE_WORLD_H
#define CAPTURE_WORLD_H

#define _GNU_SOURCE /* memory at an address of one's own */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "hands/evidence.h"
#include "hands/memory.h"

#define SCRATCH 0x10000000u
static store_t store;
#undef MANAGER_DEATHS
#define MANAGER_DEATHS		       (&store)
#define memory_map(manager, cap, virt) map_store(manager, cap)
static err_t map_store(manager_t *of, cap_t cap);
#include "servers/drvmgr/report/capture.c"

#define STACK_FRAME 40u
#define DATA_FRAME  41u
#define COPY	    42u
#define THREAD	    43u
#define REPLY	    44u
#define ENDPOINT    45u
#define CSPACE	    46u
#define FRAME	    47u
#define UNTYPED	    48u
#define DATA	    0x00403000u
#define DATA_BITS   13u

static manager_t manager;
static driver_t drivers[2];
static union {
	driver_page_t page;
	uint8_t bytes[PAGE_SIZE];
} page;
static uint8_t stack[STACK_BYTES], data[1u << DATA_BITS], image[PAGE_SIZE];
static inspect_thread_t thread;
static inspect_reply_t reply;
static thread_registers_t registers;
static uint32_t held, copied_from, copies, ticks;
static err_t no_copy;

static err_t map_store(manager_t *of, cap_t cap)
{
	(void)of;
	assert_int_equal(cap, FRAME);
	return DRV_OK;
}

err_t memory_take(manager_t *of, uint32_t bits, cap_t *untyped)
{
	(void)of;
	assert_int_equal(bits, CAPTURE_BITS);
	*untyped = UNTYPED;
	return no_copy;
}

int32_t untyped_retype(cap_t untyped, uint32_t type, uint32_t size, cap_t cspace)
{
	assert_int_equal(untyped, UNTYPED);
	assert_int_equal(type, CAP_FRAME);
	assert_int_equal(size, CAPTURE_BITS);
	assert_int_equal(cspace, CAP_NULL);
	return FRAME;
}

err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size)
{
	const inspect_endpoint_t endpoint = {.now_ms = 1000, .senders = 3, .oldest_ms = 960};
	(void)number;
	const void *from = cap == THREAD  ? (const void *)&thread
			   : cap == REPLY ? (const void *)&reply
					  : (const void *)&endpoint;
	memcpy(evidence, from, size);
	return DRV_OK;
}

err_t thread_read(cap_t cap, thread_registers_t *to)
{
	assert_int_equal(cap, THREAD);
	*to = registers;
	return DRV_OK;
}

err_t cspace_list(cap_t cspace, cap_t *handle, cap_info_t *info)
{
	assert_int_equal(cspace, CSPACE);
	if (*handle == held)
		return DRV_ENOENT;
	*info = (cap_info_t){.type = *handle % 2 ? CAP_PIO : CAP_ENDPOINT};
	++*handle;
	return DRV_OK;
}

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	assert_int_equal(cap, DATA_FRAME);
	*info = (cap_info_t){.type = CAP_FRAME, .scope1 = DATA_BITS};
	return DRV_OK;
}

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	(void)scope0, (void)scope1;
	assert_int_equal(rights, RIGHT_READ);
	copied_from = cap;
	if (no_copy)
		return no_copy;
	copies++;
	return COPY;
}

err_t vspace_map(cap_t vspace, cap_t cap, uint32_t virt, uint32_t rights)
{
	(void)vspace;
	assert_int_equal(virt, SCRATCH);
	assert_int_equal(cap, COPY);
	assert_int_equal(rights, RIGHT_READ);
	if (copied_from == STACK_FRAME)
		memcpy((void *)(uintptr_t)SCRATCH, stack, sizeof(stack));
	else
		memcpy((void *)(uintptr_t)SCRATCH, data, sizeof(data));
	return DRV_OK;
}

err_t cap_release(cap_t cap)
{
	assert_int_equal(cap, COPY);
	copies--;
	return DRV_OK;
}

uint32_t evidence_server(const manager_t *of, const driver_t *client, uint32_t *for_ms)
{
	(void)of, (void)client;
	*for_ms = 0;
	return 1;
}

uint32_t evidence_client(const manager_t *of, const driver_t *server)
{
	(void)of, (void)server;
	return 1;
}

uint32_t steps_clock(void)
{
	return ticks;
}

static int fresh(void **state)
{
	(void)state;
	memset(&manager, 0, sizeof(manager));
	memset(drivers, 0, sizeof(drivers));
	memset(&page, 0, sizeof(page));
	memset(&store, 0, sizeof(store));
	memset(&reply, 0, sizeof(reply));
	for (uint32_t i = 0; i < sizeof(stack); i++)
		stack[i] = (uint8_t)(i / 4);
	memset(data, 0xda, sizeof(data));
	memset(image, 0x90, sizeof(image));
	manager.count = 2;
	manager.maker.scratch = SCRATCH;
	manager.drivers = drivers;
	manager.now_ms = 5000;
	no_copy = DRV_OK;
	held = 5;
	ticks = 1000;
	capture_begin(&manager);
	assert_ptr_equal(manager.deaths, &store);
	drivers[1].index = 1;
	strcpy(drivers[1].manifest.name, "other");
	driver_t *driver = &drivers[0];
	strcpy(driver->manifest.name, "sick");
	driver->build_id[0] = 0xab;
	driver->image = image;
	driver->plan = (elf_plan_t){
	    .count = 1,
	    .segments = {
		{.virt = 0x400000, .file_bytes = 0x20, .memory_bytes = 0x20, .exec = true}}};
	driver->unit = (unit_t){.state = STATE_RUNNING, .since_ms = 4400, .generation = 3};
	driver->unit.restarts = 2;
	driver->unit.command_seq = page.page.done_seq = 9;
	driver->instance = (instance_t){.page = &page.page,
					.alive = true,
					.born_ms = 4000,
					.endpoint = ENDPOINT,
					.reply = REPLY,
					.process = {.thread = THREAD,
						    .cspace = CSPACE,
						    .stack = STACK_FRAME,
						    .data = DATA_FRAME,
						    .data_at = DATA}};
	thread = (inspect_thread_t){.now_ms = 1000,
				    .state = INSPECT_STOPPED,
				    .received_ms = 250,
				    .ticks_per_ms = 1000000,
				    .stop_label = FAULT_PAGE,
				    .stop_address = 0x10,
				    .stop_code = 6};
	registers = (thread_registers_t){.eip = 0x40001c, .esp = STACK_LOW + STACK_BYTES - 64};
	return 0;
}

/* Of the same instance as the last one, or … */
static const death_facts_t *take_again(death_kind_t kind)
{
	capture_take(&manager, &drivers[0],
		     &(capture_end_t){.kind = kind,
				      .error = DRV_EFAULT,
				      .culprit = NOBODY,
				      .cause = "write to 0x10 through a null pointer"});
	assert_int_equal(copies, 0);
	const store_place_t *place = store_find(&store, 0, 0);
	return place ? &place->facts : NULL;
}

/* … of the next one. */
static const death_facts_t *take(death_kind_t kind)
{
	const store_place_t *place = store_find(&store, 0, 0);
	if (place && place->facts.generation == drivers[0].unit.generation)
		drivers[0].unit.generation++;
	return take_again(kind);
}

static int make_scratch(void **state)
{
	(void)state;
	void *at = mmap((void *)(uintptr_t)SCRATCH, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	return at == MAP_FAILED;
}

#endif
