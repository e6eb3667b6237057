/* SPDX-License-Identifier: BSD-2-Clause */
/* What a dead incarnation held and no record names is released: capabilities that came with a
 * message, or that it had made and not yet used. Objects of drivers' processes are named by
 * nobody and stay: they go with their driver's memory. */
#include "cap/syscall.h"
#include "kept/kept.h"
#include "log/wire.h"

#define AT_ONCE 16u /* capabilities in one turn */

static bool is_one_of(cap_t cap, const cap_t *caps, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (caps[i] == cap)
			return true;
	return false;
}

static bool is_of_driver(const driver_t *driver, cap_t cap)
{
	const instance_t *instance = &driver->instance;
	const cap_t caps[] = {
	    instance->untyped,	      instance->endpoint,	instance->notification,
	    instance->reply,	      instance->page_frame,	instance->config_frame,
	    instance->log_frame,      instance->page_copy,	instance->config_copy,
	    instance->log_copy,	      instance->process.cspace, instance->process.vspace,
	    instance->process.thread, driver->door.endpoint,	driver->door.signal,
	    driver->door.reply,	      driver->door.cap,		driver->subscriber};
	return is_one_of(cap, caps, sizeof(caps) / sizeof(caps[0])) ||
	       is_one_of(cap, instance->lines, DRIVER_CAPS_MAX);
}

/* Of the manager itself: from the root task, or made once. */
static bool is_own(const manager_t *manager, cap_t cap)
{
	const boot_info_t *boot = manager->boot;
	for (uint32_t i = 0; i < boot->cap_count; i++)
		if (boot->caps[i].cap == cap)
			return true;
	return wire_holds(cap) || cap == manager->pool || cap == manager->small ||
	       cap == manager->endpoint || cap == manager->reply || cap == manager->signal;
}

/* A process is made of such: nobody keeps their handles. */
static bool is_made_of(uint32_t type)
{
	return type == CAP_FRAME || type == CAP_PTABLE || type == CAP_IOBITMAP ||
	       type == CAP_UNTYPED;
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

static bool is_named(const manager_t *manager, cap_t cap)
{
	for (uint32_t i = 0; i < manager->count; i++)
		if (is_of_driver(&manager->drivers[i], cap))
			return true;
	return is_own(manager, cap);
}

/* A line that was on its way to a driver is taken from that too. What clients were given of an
 * endpoint is theirs. */
static void drop(cap_t cap, uint32_t type)
{
	if (type == CAP_IRQ)
		cap_revoke(cap);
	cap_release(cap);
}

bool kept_sweep(manager_t *manager)
{
	cap_info_t info;
	for (uint32_t i = 0; i < AT_ONCE && manager->sweeps; i++) {
		err_t err = cspace_list(manager->boot->caps[BOOT_CAP_CSPACE].cap,
					&manager->swept, &info);
		if (err)
			manager->sweeps = false;
		else if (!is_made_of(info.type) && !is_of_archive(manager, &info) &&
			 !is_named(manager, manager->swept))
			drop(manager->swept, info.type);
	}
	return manager->sweeps;
}
