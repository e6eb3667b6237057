/* SPDX-License-Identifier: BSD-2-Clause */
/* Two drivers at the manager's doors. The kernel's part is written down here: which reply
 * object holds a caller, what was revoked. */
#ifndef DOOR_WORLD_H
#define DOOR_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)
#include "doors/door.c"
#include "claims/need.h"
#include "hands/memory.h"

#define ENDPOINT    5u
#define SIGNAL	    6u
#define REPLY	    7u /* the manager's; more are made from OBJECTS on */
#define OBJECTS	    20u
#define DERIVED	    40u
#define HANDLES	    60u
#define GIVEN	    50u /* a capability that comes along with a message */
#define PERIOD	    MANAGER_PERIOD_MS
#define START	    1000u
#define CAPS	    100u
#define LABEL_NOTED 9u

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];
static driver_page_t pages[2];
static uint8_t rings[2][DRIVER_LOG_BYTES];
static uint32_t numbers[2];
static struct {
	uint32_t objects, derived, handles;
	bool tied[CAPS];	/* a caller waits in this reply object */
	uint32_t answers[CAPS]; /* given through it */
	err_t told[CAPS];	/* the last of them */
	uint32_t revoked[CAPS], released[CAPS];
	uint32_t left[CAPS];	    /* derived of it, beside what the driver was given */
	uint32_t served, committed; /* requests; and of these so many are kept */
	err_t not_taken; /* how the next answer fails, since its caller does not take it */
	uint32_t word_seen;
	cap_t cap_seen;
	uint32_t done, done_seq;
	err_t done_result;
	uint32_t backlog;
} world;

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	(void)rights, (void)scope1;
	assert_true(cap == ENDPOINT || cap == SIGNAL);
	/* The ends of one driver, then those of the next: by these the manager knows them. */
	uint32_t driver = world.derived / 2;
	assert_int_equal(scope0, cap == ENDPOINT ? driver + 1 : 1u << driver);
	return (int32_t)(DERIVED + world.derived++);
}

int32_t cap_delegate(cap_t cspace, cap_t cap, uint32_t rights, uint32_t badge)
{
	(void)cspace, (void)rights;
	assert_in_range(cap, DERIVED, DERIVED + world.derived - 1);
	assert_int_equal(badge, 0);
	return (int32_t)(HANDLES + world.handles++);
}

/* No more than one process can hold in one go. */
err_t cap_revoke_some(cap_t cap, uint32_t limit)
{
	assert_in_range(limit, 1, 1u << NEED_CSPACE_BITS);
	world.revoked[cap]++;
	world.left[cap] -= limit < world.left[cap] ? limit : world.left[cap];
	return world.left[cap] ? DRV_EAGAIN : DRV_OK;
}

err_t cap_revoke(cap_t cap)
{
	return cap_revoke_some(cap, 0);
}

err_t cap_release(cap_t cap)
{
	return cap_release_some(cap);
}

err_t cap_release_some(cap_t cap)
{
	world.released[cap]++;
	return DRV_OK;
}

err_t memory_make_body(const manager_t *of, uint32_t type, cap_t *cap)
{
	(void)of;
	assert_int_equal(type, CAP_REPLY);
	*cap = OBJECTS + world.objects++;
	return DRV_OK;
}

err_t ipc_reply(cap_t reply, const message_t *message)
{
	assert_int_equal(world.committed, world.served); /* what is answered outlives a death */
	if (!world.tied[reply])
		return DRV_EGONE;
	if (world.not_taken) {
		err_t err = world.not_taken;
		world.not_taken = DRV_OK;
		return err;
	}
	world.told[reply] = (err_t)message->word0;
	world.tied[reply] = false;
	world.answers[reply]++;
	return DRV_OK;
}

void service_request(manager_t *of, driver_t *sender, message_t *message)
{
	(void)of, (void)sender, (void)message;
	world.served++;
	world.word_seen = buffer.words[DRIVER_DATA_WORD];
	world.cap_seen = buffer.caps[0];
}

void supervisor_done(manager_t *of, driver_t *driver, uint32_t seq, err_t result)
{
	(void)of, (void)driver;
	world.done++;
	world.done_seq = seq;
	world.done_result = result;
}

uint32_t wire_backlog(const manager_t *of)
{
	(void)of;
	return world.backlog;
}

void kept_commit(manager_t *of)
{
	(void)of;
	world.committed = world.served;
}

static int fresh(void **state)
{
	(void)state;
	static log_t log;
	memset(drivers, 0, sizeof(drivers));
	memset(&manager, 0, sizeof(manager));
	manager.drivers = drivers;
	memset(&log, 0, sizeof(log));
	manager.log = &log;
	memset(&world, 0, sizeof(world));
	memset(pages, 0, sizeof(pages));
	memset(numbers, 0, sizeof(numbers));
	manager.endpoint = ENDPOINT;
	manager.signal = SIGNAL;
	manager.reply = REPLY;
	manager.now_ms = START;
	manager.count = 2;
	for (uint32_t i = 0; i < 2; i++) {
		driver_t *driver = &drivers[i];
		driver->index = i;
		driver->instance.alive = true;
		driver->instance.page = &pages[i];
		driver->instance.log_text = rings[i];
		driver->unit.generation = 1;
		driver->manifest.name[0] = (char)('a' + i);
		assert_int_equal(ends_make(&manager, driver), DRV_OK);
		assert_int_equal(ends_open(driver), DRV_OK);
	}
	return 0;
}

static void pass_ms(uint32_t ms)
{
	manager.now_ms += ms;
	door_tick(&manager);
}

#endif
