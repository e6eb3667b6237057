/* SPDX-License-Identifier: BSD-2-Clause */
/* The doors of door.h. */
#include "doors/door.h"

#include "cap/string.h"
#include "doors/service.h"
#include "hands/ends.h"
#include "kept/kept.h"
#include "log/take.h"
#include "log/wire.h"
#include "supervisor/supervisor.h"

#define IDLE_MS	     1000u /* nothing waits */
#define ADOPTED_MS   1u	   /* who waits for the manager comes first */
#define BACKLOG_MOST (LOG_SIZE / 2)

/* The driver's door is looked at when the next period begins. */
static void mark(manager_t *manager, const driver_t *driver)
{
	if (!manager->doors_due)
		manager->doors_at = manager->now_ms + share_wait_ms(manager->now_ms);
	manager->doors_due |= 1u << driver->index;
}

void door_begin(manager_t *manager)
{
	for (uint32_t i = 0; i < manager->count; i++)
		mark(manager, &manager->drivers[i]);
	manager->doors_at = manager->now_ms + ADOPTED_MS;
}

/* ---- messages ---- */

/* Answers whoever called, if anybody did. One who does not take the answer as it is gets the
 * reason instead: with a caller left in it, the reply object could not be offered again. */
static void answer(cap_t reply, const message_t *message)
{
	err_t err = ipc_reply(reply, message);
	if (err && err != DRV_EGONE)
		ipc_reply(reply, &(message_t){.info = MSG_INFO(0, DRIVER_DATA_WORD, 0),
					      .word0 = (uint32_t)err});
}

/* What came along is of no use to anybody. */
static void refuse(cap_t reply, const message_t *message)
{
	if (MSG_CAP_COUNT(message->info))
		cap_release_some(message_buffer()->caps[0]);
	answer(reply, &(message_t){.info = MSG_INFO(0, DRIVER_DATA_WORD, 0),
				   .word0 = (uint32_t)DRV_EGONE});
}

/* Lays a call by. One that lies there already is of a caller that has given it up. The driver's
 * own reply object has been there from the start: a flood takes no memory. */
static void lay_by(manager_t *manager, driver_t *driver, const message_t *message)
{
	door_t *door = &driver->door;
	cap_t tied = manager->reply;
	cap_t cap = MSG_CAP_COUNT(message->info) ? message_buffer()->caps[0] : CAP_NULL;
	ends_forget(door, DRV_ECANCELED);
	manager->reply = door->reply;
	door->reply = tied;
	door->message = *message;
	door->cap = cap;
	memcpy(door->words, message_buffer()->words, sizeof(door->words));
	door->waits = true;
	mark(manager, driver);
}

static void take_up(manager_t *manager, driver_t *driver)
{
	door_t *door = &driver->door;
	message_t message = door->message;
	if (!door->waits)
		return;
	door->waits = false;
	memcpy(message_buffer()->words, door->words, sizeof(door->words));
	message_buffer()->caps[0] = door->cap;
	door->cap = CAP_NULL; /* whoever gets it has it */
	service_request(manager, driver, &message);
	kept_commit(manager);
	answer(door->reply, &message);
}

/* The prompt is answered through essential drivers: each line that somebody else logs has the
 * console ask for it. */
static uint32_t message_share(const manager_t *manager, const driver_t *driver)
{
	bool essential = manager->world.rules[driver->index].essential;
	return essential ? SHARE_ESSENTIAL : MANAGER_SHARE;
}

/* Whose instance is gone, or on its way out, asks for nothing any more: somebody else has what
 * it was given, and not for long. */
void door_message(manager_t *manager, driver_t *driver, message_t *message)
{
	door_t *door = &driver->door;
	if (!driver_has_door(driver) || driver->unit.ends) {
		refuse(manager->reply, message);
		return;
	}
	share_renew(&door->share, manager->now_ms);
	switch (share_message(&door->share, message_share(manager, driver))) {
	case SHARE_NOW:
		service_request(manager, driver, message);
		kept_commit(manager);
		answer(manager->reply, message);
		break;
	case SHARE_CLOSE:
		door->no_endpoint = true;
		ends_take_away(door->endpoint);
		mark(manager, driver);
		/* fall through */
	case SHARE_LATER:
		driver->over++;
		lay_by(manager, driver, message);
		break;
	}
}

/* ---- lines ---- */

/* May the driver's next line enter the log? While its reader is far behind, lines wait with
 * those who write them: what else the log holds is not pushed out. */
static bool may_log(manager_t *manager, driver_t *driver)
{
	return driver_is_operator(driver) ||
	       (wire_backlog(manager) < BACKLOG_MOST && share_line(&driver->door.share));
}

static void take_lines(manager_t *manager, driver_t *driver)
{
	while (take_has_line(driver)) {
		if (!may_log(manager, driver)) {
			mark(manager, driver);
			return;
		}
		if (!take_line(manager, driver))
			return;
	}
}

/* ---- signals ---- */

static void take_done(manager_t *manager, driver_t *driver)
{
	const driver_page_t *page = driver->instance.page;
	uint32_t seq = __atomic_load_n(&page->done_seq, __ATOMIC_ACQUIRE);
	if (seq == driver->door.done_seq)
		return;
	driver->door.done_seq = seq;
	supervisor_done(manager, driver, seq, page->done_result);
}

static void look(manager_t *manager, driver_t *driver)
{
	if (driver_has_door(driver))
		take_lines(manager, driver);
	if (driver_has_door(driver))
		take_done(manager, driver);
}

void door_signals(manager_t *manager, uint32_t bits)
{
	for (; bits; bits &= bits - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(bits);
		if (i >= manager->count || !driver_has_door(&manager->drivers[i]))
			continue;
		driver_t *driver = driver_touch(manager, i);
		door_t *door = &driver->door;
		share_renew(&door->share, manager->now_ms);
		if (share_signal(&door->share) == SHARE_CLOSE) {
			driver->over++;
			door->no_signal = true;
			ends_take_away(door->signal);
			mark(manager, driver);
		}
		look(manager, driver);
	}
}

/* ---- periods ---- */

/* A door that stays shut, since something is left of what was taken away or since the driver
 * has no room for a capability, is tried again. */
static void go_on(manager_t *manager, driver_t *driver)
{
	if (!driver_has_door(driver)) {
		ends_forget(&driver->door, DRV_EGONE);
		return;
	}
	share_renew(&driver->door.share, manager->now_ms);
	ends_give_again(driver);
	if (driver->door.no_endpoint || driver->door.no_signal)
		mark(manager, driver);
	take_up(manager, driver);
	look(manager, driver);
}

void door_tick(manager_t *manager)
{
	uint32_t due = manager->doors_due;
	if (!due || manager->now_ms < manager->doors_at)
		return;
	manager->doors_due = 0;
	for (uint32_t i = 0; i < manager->count; i++)
		if (due >> i & 1)
			go_on(manager, driver_touch(manager, i));
}

uint32_t door_wait_ms(const manager_t *manager)
{
	if (!manager->doors_due)
		return IDLE_MS;
	return manager->doors_at > manager->now_ms
		   ? (uint32_t)(manager->doors_at - manager->now_ms)
		   : 0;
}
