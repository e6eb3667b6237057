/* SPDX-License-Identifier: BSD-2-Clause */
/* Instances of drivers. */
#include "hands/spawn.h"

#include "cap/string.h"
#include "cap/syscall.h"
#include "claims/need.h"
#include "hands/budget.h"
#include "hands/grant.h"
#include "hands/memory.h"

/* In units of work.h. */
#define PIECE		8u /* steps of a revocation, in one call, … */
#define UNITS_FOR_PIECE 2u /* … and what they cost */
#define UNITS_TO_FINISH 8u /* what a process gets when it is made */
_Static_assert(NEED_FILLED_BITS == PROCESS_SCRATCH_BITS, "its frames are counted");

err_t spawn_map_pages(manager_t *manager, const driver_t *driver)
{
	uint32_t offset = driver->index * PAGE_SIZE;
	err_t err = memory_map(manager, driver->instance.page_frame, MANAGER_PAGES + offset);
	return err ? err
		   : memory_map(manager, driver->instance.log_frame, MANAGER_LOGS + offset);
}

err_t spawn_place_pages(manager_t *manager, driver_t *driver)
{
	uint32_t page = MANAGER_PAGES + driver->index * PAGE_SIZE;
	uint32_t lines = MANAGER_LOGS + driver->index * PAGE_SIZE;
	driver->instance.page = (driver_page_t *)(uintptr_t)page;
	driver->instance.log_text = (const void *)(uintptr_t)lines;
	return spawn_map_pages(manager, driver);
}

err_t spawn_reserve(manager_t *manager, driver_t *driver)
{
	need_t need = need_of(&driver->manifest, &driver->plan);
	err_t err = memory_take(manager, memory_bits(need.objects), &driver->untyped);
	if (!err)
		err = memory_take(manager, memory_bits(need.frames), &driver->frames);
	if (!err)
		err = memory_make(manager, CAP_ENDPOINT, &driver->instance.endpoint);
	if (!err)
		err = memory_make(manager, CAP_FRAME, &driver->instance.page_frame);
	if (!err)
		err = memory_make(manager, CAP_FRAME, &driver->instance.config_frame);
	if (!err)
		err = memory_make(manager, CAP_FRAME, &driver->instance.log_frame);
	if (!err) {
		driver->home[HOME_OBJECTS] =
		    (home_t){driver->untyped, memory_bits(need.objects)};
		driver->home[HOME_FRAMES] = (home_t){driver->frames, memory_bits(need.frames)};
		return spawn_place_pages(manager, driver);
	}
	memory_give_back(manager, memory_bits(need.objects), &driver->untyped);
	memory_give_back(manager, memory_bits(need.frames), &driver->frames);
	return err;
}

static void spend(uint32_t *units, uint32_t cost)
{
	*units -= cost < *units ? cost : *units;
}

static void fill_page(const manager_t *manager, driver_t *driver, bool forgets)
{
	driver_page_t *page = driver->instance.page;
	bool essential = manager->world.rules[driver->index].essential;
	memset(page, 0, sizeof(*page));
	((step_ring_t *)((char *)page + STEPS_AT))->next =
	    0; /* those that are left do not count */
	page->context.abi_version = DRIVER_CONTEXT_VERSION;
	page->context.driver_tid = driver->index + 1;
	page->context.flags = (unit_is_restarted(&driver->unit) ? DRIVER_FLAG_RESTARTED : 0) |
			      (forgets ? DRIVER_FLAG_FORGOTTEN : 0) |
			      (essential ? DRIVER_FLAG_ESSENTIAL : 0);
	page->context.shared_cfg = (driver_address_t)(uintptr_t)DRIVER_SHARED_CFG;
	page->context.shared_cfg_size = PAGE_SIZE;
	page->abi = driver->abi;
	page->generation = driver->unit.generation;
	page->kept_since = driver->unit.kept_since;
	page->heartbeat_ms = driver->manifest.heartbeat.period_ms;
	memcpy(page->name, driver->manifest.name, sizeof(driver->manifest.name));
}

/* Maps a copy of one of the manager's frames into the instance. The copy is found by what it
 * comes from. */
static err_t share_frame(const manager_t *manager, const driver_t *driver, cap_t frame,
			 uint32_t virt)
{
	int32_t copy = cap_derive(frame, RIGHT_READ | RIGHT_WRITE, 0, 0);
	return copy < 0 ? copy
			: process_map(&manager->maker, &driver->instance.process, (cap_t)copy,
				      virt, RIGHT_READ | RIGHT_WRITE);
}

static err_t share_frames(const manager_t *manager, const driver_t *driver)
{
	const instance_t *instance = &driver->instance;
	err_t err = share_frame(manager, driver, instance->config_frame, DRIVER_SHARED_CFG);
	return err ? err : share_frame(manager, driver, instance->log_frame, DRIVER_LOG);
}

static err_t create_process(const manager_t *manager, const driver_t *driver,
			    process_build_t *build, uint32_t *units)
{
	process_config_t config = {.untyped = driver->untyped,
				   .frames = driver->frames,
				   .image = driver->image,
				   .plan = &driver->plan,
				   .cspace_bits = NEED_CSPACE_BITS,
				   .stack_top = DRIVER_STACK_TOP,
				   .stack_pages = DRIVER_STACK_PAGES,
				   .buffer = DRIVER_PAGE,
				   .buffer_frame = driver->instance.page_frame,
				   .priority = driver->manifest.priority,
				   .fault_endpoint = manager->endpoint,
				   .fault_badge = FAULT_BADGE | (driver->index + 1)};
	return process_create_some(&manager->maker, &config, build, units);
}

static err_t start_thread(manager_t *manager, const driver_t *driver)
{
	err_t err = budget_begin(manager, driver);
	manager->heard_ms[driver->index] = manager->now_ms; /* not when the last one was */
	if (!err)
		err = thread_bind(driver->instance.process.thread, BIND_NOTIFICATION,
				  driver->instance.notification, 0);
	return err ? err : thread_resume(driver->instance.process.thread);
}

/* Throws away what the last instance kept. */
static err_t forget_kept(const manager_t *manager, const driver_t *driver)
{
	uint32_t rights = RIGHT_READ | RIGHT_WRITE;
	err_t err = vspace_map(manager->maker.vspace, driver->instance.config_frame,
			       manager->maker.scratch, rights);
	if (err)
		return err;
	memset((void *)(uintptr_t)manager->maker.scratch, 0, PAGE_SIZE);
	return vspace_unmap(driver->instance.config_frame);
}

err_t spawn_begin(const manager_t *manager, driver_t *driver, bool forgets)
{
	fill_page(manager, driver, forgets);
	driver->instance.born_ms = (uint32_t)manager->now_ms;
	return forgets ? forget_kept(manager, driver) : DRV_OK;
}

/* What it was told before it was there, it is told now. */
static err_t finish(manager_t *manager, driver_t *driver)
{
	err_t err = share_frames(manager, driver);
	if (!err)
		err = grant_channels(driver);
	if (!err)
		err = grant_devices(manager, driver);
	if (!err && driver->instance.page->command_seq)
		err = notification_signal(driver->instance.notification, DRIVER_SIGNAL_COMMAND);
	return err ? err : start_thread(manager, driver);
}

err_t spawn_build(manager_t *manager, driver_t *driver, process_build_t *build, uint32_t *units)
{
	err_t err = create_process(manager, driver, build, units);
	if (err)
		return err;
	spend(units, UNITS_TO_FINISH);
	driver->instance.process = build->made;
	err = finish(manager, driver);
	if (err)
		return err;
	driver->instance.alive = true;
	spawn_close(driver, DRV_OK);
	return DRV_OK;
}

void spawn_command(const driver_t *driver, uint32_t what, uint32_t number)
{
	driver->instance.page->command = what;
	driver->instance.page->command_seq = number;
	if (driver->instance.alive)
		notification_signal(driver->instance.notification, DRIVER_SIGNAL_COMMAND);
}

static void release(cap_t *cap)
{
	if (*cap)
		cap_release(*cap);
	*cap = CAP_NULL;
}

void spawn_tell_gone(const driver_t *driver)
{
	endpoint_cancel(driver->instance.endpoint, CANCEL_WAITING, DRV_EGONE);
}

void spawn_freeze(const driver_t *driver, bool tells)
{
	thread_suspend(driver->instance.process.thread);
	if (tells)
		spawn_tell_gone(driver);
}

/* False: the units are spent, and something may be left. A call that finds little or nothing is
 * charged as any other: of those there are many in each end. */
static bool revoke(cap_t cap, uint32_t *units)
{
	err_t err = DRV_EAGAIN;
	while (*units && err == DRV_EAGAIN) {
		err = cap_revoke_some(cap, PIECE);
		spend(units, UNITS_FOR_PIECE);
	}
	return err != DRV_EAGAIN;
}

/* Copies of its connections can be in others' hands, whom it sent them to. */
static bool disconnect(driver_t *driver, uint32_t *units)
{
	cap_t *connections = driver->instance.connections;
	for (uint32_t i = 0; i <= MANIFEST_PLACES; i++) {
		if (connections[i] && !revoke(connections[i], units))
			return false;
		release(&connections[i]);
	}
	return true;
}

bool spawn_clear(driver_t *driver, uint32_t *at, uint32_t *units)
{
	instance_t *instance = &driver->instance;
	/* And so can copies of the ends of its door. */
	const cap_t from[] = {
	    driver->door.endpoint, driver->door.signal,	   driver->untyped,    driver->frames,
	    instance->page_frame,  instance->config_frame, instance->log_frame};
	if (!disconnect(driver, units))
		return false;
	for (; *at < sizeof(from) / sizeof(from[0]); ++*at)
		if (from[*at] && !revoke(from[*at], units))
			return false;
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX; i++)
		release(&instance->lines[i]);
	instance->process = (process_t){0};
	instance->notification = instance->reply = CAP_NULL;
	/* A copy of the driver's own notification went with its memory. Of anything else that
	 * it sent, it decided how much there is to take apart: one piece is enough. */
	if (driver->subscriber)
		cap_release_some(driver->subscriber);
	driver->subscriber = CAP_NULL;
	return true;
}

void spawn_close(const driver_t *driver, err_t told)
{
	if (driver->instance.endpoint)
		endpoint_cancel(driver->instance.endpoint, told ? CANCEL_CLOSE : CANCEL_REOPEN,
				told);
}

err_t spawn_kill(const driver_t *driver)
{
	thread_registers_t registers;
	err_t err = thread_read(driver->instance.process.thread, &registers);
	if (err)
		return err;
	registers.eip = 0; /* page 0 is never mapped */
	err = thread_write(driver->instance.process.thread, &registers);
	return err ? err : thread_resume(driver->instance.process.thread);
}
