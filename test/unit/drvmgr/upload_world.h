/* SPDX-License-Identifier: BSD-2-Clause */
/* What doors/upload.h stands on, for its test: memory of one node, and a count of what is asked
 * of the rooms below. */
#ifndef TEST_UPLOAD_WORLD_H
#define TEST_UPLOAD_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "doors/upload.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)
#include "doors/upload.c"

enum { ASKER, OTHER, GUEST, COUNT };
#define IMAGE 100u
#define TEXT  40u
#define ALL   (IMAGE + TEXT)
#define NODE  3u
#define FRAME 40u
#define WORDS "guest.drv.json: accepted\n"

static manager_t manager;
static driver_t drivers[COUNT];
static uint8_t memory[ALL];
static uint32_t taken_bytes, collected, sealed, cleaned, loaded, unloaded, forgotten, replaced;
static bool sealed_with_discarded;
static uint8_t sealed_swap;
static err_t no_memory, refusal;
static uint8_t digest[SHA256_SIZE];

err_t depot_take(manager_t *of, uint32_t bytes, uint32_t *node)
{
	(void)of;
	if (no_memory)
		return no_memory;
	taken_bytes = bytes;
	*node = NODE;
	return DRV_OK;
}

err_t depot_make_frame(manager_t *of, uint32_t node, cap_t *frame)
{
	(void)of;
	assert_int_equal(node, NODE);
	*frame = FRAME;
	memset(memory, 0, sizeof(memory));
	return DRV_OK;
}

void *depot_address(const manager_t *of, uint32_t node)
{
	(void)of;
	assert_int_equal(node, NODE);
	return memory;
}

/* In this order: what is free is free only when that is kept. */
void depot_collect(manager_t *of)
{
	(void)of;
	assert_int_equal(collected, cleaned);
	collected++;
}

void kept_seal(manager_t *of)
{
	(void)of;
	assert_int_equal(sealed + 1, collected);
	sealed_with_discarded = unloaded && of->drivers[GUEST].unit.state == STATE_REJECTED;
	sealed_swap = of->drivers[GUEST].unit.swap;
	sealed++;
}

void depot_clean(const manager_t *of)
{
	(void)of;
	assert_int_equal(cleaned + 1, sealed);
	cleaned++;
}

err_t push_load(manager_t *of, const upload_t *upload)
{
	sha256_t hash = upload->hash;
	(void)of;
	sha256_end(&hash, memory + upload->hashed, upload->what.image_bytes, digest);
	loaded++;
	return refusal;
}

err_t replace_prepare(manager_t *of, const upload_t *upload)
{
	assert_true(upload->replaces);
	replaced++;
	if (refusal)
		return refusal;
	of->second_is = SECOND_NEXT;
	of->second.index = GUEST;
	return DRV_OK;
}

void push_unload(manager_t *of, driver_t *driver)
{
	(void)of;
	assert_int_equal(driver->index, GUEST);
	unloaded++;
}

void push_forget(manager_t *of, driver_t *driver)
{
	(void)of;
	assert_int_equal(driver->unit.state, STATE_REJECTED);
	forgotten++;
}

size_t push_lines(char *text, size_t size)
{
	assert_in_range(sizeof(WORDS), 0, size);
	memcpy(text, WORDS, sizeof(WORDS));
	return sizeof(WORDS) - 1;
}

err_t verb_target(const request_t *request, const driver_t **driver)
{
	*driver = manager_find(request->manager, request->name);
	return *driver ? DRV_OK : DRV_ENOENT;
}

static int fresh(void **state)
{
	static log_t log;
	static const char *const names[COUNT] = {"asker", "other", "guest"};
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	manager = (manager_t){.drivers = drivers, .count = COUNT, .log = &log, .now_ms = 1000};
	static store_t deaths;
	manager.deaths = &deaths;
	manager.world.count = COUNT;
	taken_bytes = collected = sealed = cleaned = loaded = unloaded = forgotten = replaced =
	    0;
	no_memory = refusal = DRV_OK;
	for (uint32_t i = 0; i < COUNT; i++) {
		manager.world.units[i] = &drivers[i].unit;
		drivers[i].index = i;
		drivers[i].instance.alive = true;
		drivers[i].unit.generation = 1;
		strcpy(drivers[i].file, names[i]);
		strcpy(drivers[i].manifest.name, names[i]);
	}
	drivers[GUEST].nodes[DEPOT_IMAGE] = drivers[GUEST].nodes[DEPOT_ENDS] = NODE;
	drivers[GUEST].unit.state = STATE_STOPPED;
	return 0;
}

static request_t asked;

static int32_t ask(int32_t (*handler)(request_t *request), uint32_t who, const void *text,
		   uint32_t length, uint32_t word1)
{
	static char bytes[MANAGER_TEXT_MAX + 1];
	memset(bytes, 0, sizeof(bytes));
	if (length)
		memcpy(bytes, text, length);
	asked = (request_t){.manager = &manager,
			    .sender = &drivers[who],
			    .word0 = length,
			    .word1 = word1,
			    .name = bytes,
			    .length = length};
	return handler(&asked);
}

static int32_t begin_with(uint32_t who, const char *name, uint32_t image, uint32_t text)
{
	manager_load_t what = {.image_bytes = image, .manifest_bytes = text};
	strncpy(what.name, name, sizeof(what.name));
	return ask(upload_begin, who, &what, sizeof(what), 0);
}

static int32_t begin(uint32_t who)
{
	return begin_with(who, "new", IMAGE, TEXT);
}

static int32_t put(uint32_t who, uint32_t at, uint32_t bytes, uint8_t value)
{
	static uint8_t data[MANAGER_TEXT_MAX];
	memset(data, value, sizeof(data));
	return ask(upload_put, who, data, bytes, at);
}

static int32_t commit(uint32_t who)
{
	return ask(upload_commit, who, NULL, 0, 0);
}

#endif
