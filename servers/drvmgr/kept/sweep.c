/* SPDX-License-Identifier: BSD-2-Clause */
/* What a dead incarnation held and no record names is released: capabilities that came with a
 * message, or that it had made and not yet used. Objects of drivers' processes are named by
 * nobody and stay: they go with their driver's memory. No driver has a capability of such an
 * object, so none comes with a message: but for the frame of its kept page, to write alone. */
#include "cap/syscall.h"
#include "kept/kept.h"
#include "log/wire.h"

#define AT_ONCE 16u /* capabilities in one turn */

/* Slots of the capability space that are named: no two live capabilities share one. */
typedef struct named {
	uint32_t bits[(1u << CSPACE_BITS_MAX) / 32];
} named_t;

static uint32_t slot_of(cap_t cap)
{
	return cap % (1u << CSPACE_BITS_MAX);
}

static void name(named_t *named, const cap_t *caps, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		named->bits[slot_of(caps[i]) / 32] |= 1u << slot_of(caps[i]) % 32;
}

static bool is_named(const named_t *named, cap_t cap)
{
	return named->bits[slot_of(cap) / 32] >> slot_of(cap) % 32 & 1;
}

static void name_of_driver(named_t *named, const driver_t *driver)
{
	const instance_t *instance = &driver->instance;
	const cap_t caps[] = {
	    driver->untyped,	      driver->frames,		instance->endpoint,
	    instance->notification,   instance->reply,		instance->page_frame,
	    instance->config_frame,   instance->log_frame,	instance->process.cspace,
	    instance->process.vspace, instance->process.thread, driver->door.endpoint,
	    driver->door.signal,      driver->door.reply,	driver->door.cap,
	    driver->subscriber};
	name(named, caps, sizeof(caps) / sizeof(caps[0]));
	name(named, instance->lines, DRIVER_CAPS_MAX);
	name(named, instance->connections, MANIFEST_PLACES + 1);
}

/* Those of the manager itself, from the root task or made once, and those of all drivers. */
static void name_all(named_t *named, const manager_t *manager)
{
	const boot_info_t *boot = manager->boot;
	const cap_t own[] = {manager->pool,	    manager->small,  manager->endpoint,
			     manager->reply,	    manager->signal, manager->idle,
			     manager->deaths_frame, wire_port()};
	for (uint32_t i = 0; i < boot->cap_count; i++)
		name(named, &boot->caps[i].cap, 1);
	name(named, own, sizeof(own) / sizeof(own[0]));
	for (uint32_t i = 0; i < manager->count; i++) {
		const process_t *in_making = &manager->works.items[i].build.made;
		const cap_t made[] = {in_making->cspace, in_making->vspace};
		name(named, made, sizeof(made) / sizeof(made[0]));
		name_of_driver(named, &manager->drivers[i]);
	}
}

/* A process is made of such: nobody keeps their handles. The frames can be read. */
static bool is_made_of(const cap_info_t *info)
{
	return info->type == CAP_PTABLE || info->type == CAP_IOBITMAP ||
	       info->type == CAP_UNTYPED ||
	       (info->type == CAP_FRAME && (info->rights & RIGHT_READ));
}

/* A part of the boot module, as which this incarnation has mapped it. */
static bool is_of_archive(const manager_t *manager, const cap_info_t *info)
{
	cap_info_t archive = {0};
	if (info->type != CAP_MMIO)
		return false;
	cap_get_info(manager->boot->caps[BOOT_CAP_ARCHIVE].cap, &archive);
	return info->scope0 - archive.scope0 < archive.scope1;
}

/* A line that was on its way to a driver is taken from that too. What clients were given of an
 * endpoint is theirs. */
static void drop(cap_t cap, uint32_t type)
{
	if (type == CAP_IRQ)
		cap_revoke(cap);
	cap_release(cap);
}

/* Not inlined: where nothing is to be swept, no names are gathered. */
__attribute__((noinline)) static void sweep(manager_t *manager)
{
	cap_info_t info;
	named_t named = {0};
	manager->sweep_ms = manager->now_ms + KEPT_SWEEP_MS;
	name_all(&named, manager);
	for (uint32_t i = 0; i < AT_ONCE && manager->sweeps; i++) {
		err_t err = cspace_list(manager->boot->caps[BOOT_CAP_CSPACE].cap,
					&manager->swept, &info);
		if (err)
			manager->sweeps = false;
		else if (!is_made_of(&info) && !is_of_archive(manager, &info) &&
			 !is_named(&named, manager->swept))
			drop(manager->swept, info.type);
	}
}

void kept_sweep(manager_t *manager)
{
	if (manager->sweeps && manager->now_ms >= manager->sweep_ms)
		sweep(manager);
}
