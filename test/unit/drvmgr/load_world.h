/* SPDX-License-Identifier: BSD-2-Clause */
/* What load/ stands on when something comes into the running system: memory for one upload, and
 * of the rooms below what they are asked. What reads manifests and images is the real one. */
#ifndef TEST_LOAD_WORLD_H
#define TEST_LOAD_WORLD_H

#define _GNU_SOURCE /* memory at an address of one's own */
#include "archive_maker.h"

#include <sys/mman.h>

#include "cap/syscall.h"
#include "hands/depot.h"
#include "hands/ends.h"
#include "hands/memory.h"
#include "hands/shared.h"
#include "load/files.h"
#include "load/push.h"
#include "load/replace.h"

#define NODE  5u /* of the upload */
#define FRAME 40u
#define DOOR  50u /* endpoints of instances: DOOR + index */

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];
static driver_t before[DRIVERS_MAX];
static registry_t registry_before;
static boot_info_t boot;
static log_t journal;
static uint8_t memory[sizeof(program_file_t) + 2048];
static char said[4096];
static struct {
	err_t no_table, no_depot, no_ends;
	uint32_t made, unmade, forgotten, body_taken, revoked;
} world_below;

err_t memory_add_drivers(manager_t *of, uint32_t count)
{
	assert_int_equal(count, of->count + 1);
	return world_below.no_table;
}

void *depot_address(const manager_t *of, uint32_t node)
{
	(void)of;
	assert_int_equal(node, NODE);
	return memory;
}

err_t depot_reserve_body(manager_t *of, driver_t *driver)
{
	(void)of;
	if (world_below.no_depot)
		return world_below.no_depot;
	world_below.body_taken++;
	driver->nodes[DEPOT_OBJECTS] = NODE + 1;
	driver->nodes[DEPOT_FRAMES] = NODE + 2;
	driver->untyped = 61;
	driver->frames = 62;
	return DRV_OK;
}

err_t depot_reserve(manager_t *of, driver_t *driver)
{
	err_t err = depot_reserve_body(of, driver);
	if (err)
		return err;
	driver->nodes[DEPOT_ENDS] = NODE + 3;
	driver->instance.endpoint = DOOR + driver->index;
	return DRV_OK;
}

err_t ends_make(const manager_t *of, driver_t *driver)
{
	(void)of;
	if (world_below.no_ends)
		return world_below.no_ends;
	driver->door.endpoint = 70;
	world_below.made++;
	return DRV_OK;
}

void ends_unmake(driver_t *driver)
{
	driver->door.endpoint = CAP_NULL;
	world_below.unmade++;
}

void shared_forget(manager_t *of, const driver_t *driver)
{
	(void)of, (void)driver;
	world_below.forgotten++;
}

err_t cap_revoke(cap_t cap)
{
	world_below.revoked = cap;
	return DRV_OK;
}

/* A connection to DOOR + n is called 100 + n. */
err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	(void)info;
	return cap - 100 + DOOR == world_below.revoked ? DRV_EBADCAP : DRV_OK;
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	(void)notification, (void)bits;
	return DRV_OK;
}

/* ---- */

static inline upload_t upload_of(const char *name, const char *manifest)
{
	upload_t upload = {.owner = 1,
			   .node = NODE,
			   .frame = FRAME,
			   .what = {.image_bytes = sizeof(good),
				    .manifest_bytes = (uint32_t)strlen(manifest)}};
	memcpy(memory, &good, sizeof(good));
	memcpy(memory + sizeof(good), manifest, strlen(manifest));
	strcpy(upload.what.name, name);
	upload.hashed = sizeof(good) / SHA256_BLOCK * SHA256_BLOCK;
	sha256_begin(&upload.hash);
	sha256_add(&upload.hash, memory, sizeof(good) / SHA256_BLOCK);
	return upload;
}

/* NAME's manifest with these members. */
static const char *text_of(const char *name, const char *more)
{
	static char text[1024];
	snprintf(text, sizeof(text), "{\"name\":\"%s\",\"abi\":1%s%s}", name, *more ? "," : "",
		 more);
	return text;
}

static inline err_t load(const char *name, const char *more)
{
	upload_t upload = upload_of(name, text_of(name, more));
	return push_load(&manager, &upload);
}

static inline err_t replace(const char *name, const char *more)
{
	upload_t upload = upload_of(name, text_of(name, more));
	return replace_prepare(&manager, &upload);
}

static driver_t *the(const char *name)
{
	driver_t *driver = (driver_t *)(uintptr_t)manager_find(&manager, name);
	assert_non_null(driver);
	return driver;
}

/* As the archive has it. */
static inline driver_t *ship(const char *name, const char *more)
{
	assert_int_equal(load(name, more), DRV_OK);
	driver_t *driver = the(name);
	driver->image_frame = CAP_NULL;
	memset(driver->nodes, 0, sizeof(driver->nodes));
	return driver;
}

static inline void run(driver_t *driver)
{
	driver->unit.state = STATE_RUNNING;
	driver->unit.wanted = WANTED_UP;
	driver->unit.generation++;
	driver->instance.alive = true;
}

static const char *lines(void)
{
	said[0] = '\0';
	size_t length = push_lines(said, sizeof(said));
	assert_int_equal(length, strlen(said));
	return said;
}

/* What must be so again. */
static inline void remember(void)
{
	memcpy(before, drivers, sizeof(drivers));
	registry_before = manager.registry;
}

static inline void is_as_before(void)
{
	assert_memory_equal(drivers, before, sizeof(drivers));
	assert_int_equal(manager.registry.count, registry_before.count);
	for (uint32_t i = 0; i < registry_before.count; i++) {
		assert_ptr_equal(manager.registry.entries[i].manifest,
				 registry_before.entries[i].manifest);
		assert_int_equal(manager.registry.entries[i].rivals,
				 registry_before.entries[i].rivals);
	}
	assert_int_equal(manager.second_is, SECOND_NONE);
}

static int fresh(void **state)
{
	(void)state;
	make_program();
	memset(&manager, 0, sizeof(manager));
	memset(drivers, 0, sizeof(drivers));
	memset(&boot, 0, sizeof(boot));
	memset(&world_below, 0, sizeof(world_below));
	static told_t told[DRIVERS_MAX];
	memset(told, 0, sizeof(told));
	manager.drivers = drivers;
	manager.boot = &boot;
	manager.log = &journal;
	manager.told = told;
	boot.cap_count = BOOT_CAP_FIRST + 1;
	boot.caps[BOOT_CAP_FIRST].type = CAP_MMIO;
	boot.caps[BOOT_CAP_FIRST].scope0 = 0xa0000;
	boot.caps[BOOT_CAP_FIRST].scope1 = 0x20000;
	return 0;
}

static int make_area(void **state)
{
	uintptr_t from = MANAGER_LOAD / PAGE_SIZE * PAGE_SIZE;
	(void)state;
	void *at = mmap((void *)from, MANAGER_LOAD_BYTES + PAGE_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	return at == MAP_FAILED;
}

#endif
