/* SPDX-License-Identifier: BSD-2-Clause */
/* The ends of ends.h. */
#include "hands/ends.h"

#include "cap/syscall.h"
#include "claims/need.h"
#include "hands/give.h"
#include "hands/memory.h"

/* Of a revocation: what a capability space has room for. */
#define ROOM (1u << NEED_CSPACE_BITS)

static err_t derive_once(cap_t *copy, cap_t cap, uint32_t rights, uint32_t badge)
{
	int32_t made = *copy ? (int32_t)*copy : cap_derive(cap, rights, badge, 0);
	if (made < 0)
		return made;
	*copy = (cap_t)made;
	return DRV_OK;
}

static err_t give_endpoint(driver_t *driver)
{
	return give(driver, driver->door.endpoint, RIGHT_WRITE | RIGHT_GRANT,
		    &driver->instance.page->manager);
}

static err_t give_signal(driver_t *driver)
{
	return give(driver, driver->door.signal, RIGHT_WRITE, &driver->instance.page->signal);
}

bool ends_take_away(cap_t end)
{
	return cap_revoke_some(end, ROOM) != DRV_EAGAIN;
}

void ends_forget(door_t *door, err_t told)
{
	if (!door->waits)
		return;
	door->waits = false;
	if (door->cap)
		cap_release_some(door->cap);
	door->cap = CAP_NULL;
	ipc_reply(door->reply, &(message_t){.info = MSG_INFO(0, DRIVER_DATA_WORD, 0),
					    .word0 = (uint32_t)told});
}

static void unmake(cap_t *end)
{
	if (*end) {
		cap_revoke(*end);
		cap_release(*end);
	}
	*end = CAP_NULL;
}

void ends_unmake(driver_t *driver)
{
	door_t *door = &driver->door;
	ends_forget(door, DRV_EGONE);
	unmake(&door->endpoint);
	unmake(&door->signal);
	*door = (door_t){.reply = door->reply};
}

err_t ends_make(const manager_t *manager, driver_t *driver)
{
	door_t *door = &driver->door;
	door->share = share_begin(manager->now_ms);
	err_t err = derive_once(&door->endpoint, manager->endpoint, RIGHT_WRITE | RIGHT_GRANT,
				driver->index + 1);
	if (!err)
		err = derive_once(&door->signal, manager->signal, RIGHT_WRITE,
				  1u << driver->index);
	if (!err && !door->reply)
		err = memory_make_body(manager, CAP_REPLY, &door->reply);
	return err;
}

err_t ends_open(driver_t *driver)
{
	door_t *door = &driver->door;
	ends_forget(door, DRV_EGONE);
	/* Who was built before driver ABI 8 counts from 0. */
	uint32_t number = driver->abi < 8 ? 0 : door->lines.number;
	door->lines = (lines_reader_t){.number = number};
	driver->instance.page->line = number;
	door->done_seq = 0;
	door->generation = driver->unit.generation;
	door->no_endpoint = door->no_signal = false;
	err_t err = give_endpoint(driver);
	return err ? err : give_signal(driver);
}

void ends_give_again(driver_t *driver)
{
	door_t *door = &driver->door;
	if (door->no_endpoint)
		door->no_endpoint =
		    !ends_take_away(door->endpoint) || give_endpoint(driver) != DRV_OK;
	if (door->no_signal)
		door->no_signal =
		    !ends_take_away(door->signal) || give_signal(driver) != DRV_OK;
}
