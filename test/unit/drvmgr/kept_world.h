/* SPDX-License-Identifier: BSD-2-Clause */
/* What kept/kept.h stands on, for its test: the frame that is kept, and an incarnation of the
 * manager that has nothing but that. */
#ifndef TEST_KEPT_WORLD_H
#define TEST_KEPT_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hands/memory.h"

/* The frame has a fixed address in the machine, which the host may use for something else. */
static uint32_t frame[(1u << BOOT_KEPT_BITS) / sizeof(uint32_t)];
#undef MANAGER_KEPT
#define MANAGER_KEPT		       frame
#define memory_map(manager, cap, virt) map(manager, cap, virt)
static err_t map(manager_t *of, cap_t cap, const void *at);
#include "kept/kept.c"

#define KEPT  3u /* handle */
#define LINE  "before"
#define WROTE 4u

static boot_info_t boot;
static manager_t manager;
static driver_t drivers[1]; /* the table of the incarnation that there is */
static uint32_t on_the_line;

static err_t map(manager_t *of, cap_t cap, const void *at)
{
	(void)of;
	assert_int_equal(cap, KEPT);
	assert_ptr_equal(at, frame);
	return DRV_OK;
}

err_t memory_add_drivers(manager_t *of, uint32_t count)
{
	assert_int_equal(count, 1);
	of->drivers = drivers;
	return DRV_OK;
}

uint32_t wire_position(void)
{
	return on_the_line;
}

void wire_restore(const manager_t *of, uint32_t position)
{
	(void)of;
	on_the_line = position;
}

/* An incarnation begins: it has nothing but what is kept. */
static void incarnate(void)
{
	memset(&manager, 0, sizeof(manager));
	memset(drivers, 0, sizeof(drivers));
	on_the_line = 0;
	manager.boot = &boot;
	assert_int_equal(kept_open(&manager), DRV_OK);
}

/* One with a driver that was given up serves, and has written to the log. */
static int serves(void **state)
{
	(void)state;
	memset(frame, 0, sizeof(frame));
	boot.caps[BOOT_CAP_KEPT].cap = KEPT;
	incarnate();
	assert_int_equal(kept_adopt(&manager), DRV_ENOENT);
	kept_begin(&manager);
	manager.drivers = drivers;
	manager.count = manager.world.count = 1;
	manager.world.units[0] = &drivers[0].unit;
	drivers[0].accepted = true;
	strcpy(drivers[0].manifest.name, "given-up");
	kept_seal(&manager);
	unit_t *unit = &driver_touch(&manager, 0)->unit;
	unit->state = STATE_QUARANTINED;
	unit->generation = 7;
	unit->restarts = 6;
	unit->history = (policy_history_t){.held = 2, .failures = {11, 12}, .restarts = 1};
	manager_log_line(&manager, LINE);
	on_the_line = WROTE;
	assert_int_equal(manager.world.touched, 1);
	kept_turn(&manager);
	assert_int_equal(manager.world.touched, 0); /* that is written, and not written again */
	return 0;
}

static void reads(const char *expected)
{
	char text[64] = "";
	uint32_t position = 0;
	size_t count = log_read(manager.log, &position, text, sizeof(text));
	assert_int_equal(count, strlen(expected));
	assert_memory_equal(text, expected, count);
}

#endif
