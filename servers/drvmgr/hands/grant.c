/* SPDX-License-Identifier: BSD-2-Clause */
/* Grants. Each device capability is narrowed from the manager's master to exactly the
 * manifest's range before it goes into the driver's cspace. */
#include "hands/grant.h"

#include "cap/syscall.h"
#include "hands/ends.h"
#include "hands/give.h"

#define PIECE 64u /* steps of a revocation, in one call */

/* Narrows `master`, delegates the result and lets go of the intermediate handle. A scope of 0
 * would keep the master's whole range (abi/cap.h): port, line and page 0 are the kernel's. */
static int32_t delegate_narrowed(const driver_t *driver, cap_t master, uint32_t rights,
				 uint32_t scope0, uint32_t scope1)
{
	if (scope0 == 0)
		return DRV_EPERM;
	int32_t narrow = cap_derive(master, rights, scope0, scope1);
	if (narrow < 0)
		return narrow;
	int32_t handle =
	    cap_delegate(driver->instance.process.cspace, (cap_t)narrow, rights, 0);
	cap_release((cap_t)narrow);
	return handle;
}

/* Tries every master of the type: the kernel says whether one covers the scope. */
static err_t grant(const manager_t *manager, const driver_t *driver, uint32_t type,
		   uint32_t rights, const uint32_t scope[2], uint32_t *handle)
{
	for (uint32_t i = BOOT_CAP_FIRST; i < manager->boot->cap_count; i++) {
		const struct boot_cap_entry *entry = &manager->boot->caps[i];
		if (entry->type != type)
			continue;
		int32_t made =
		    delegate_narrowed(driver, entry->cap, rights, scope[0], scope[1]);
		if (made == DRV_EPERM || made == DRV_EINVAL)
			continue;
		if (made < 0)
			return made;
		*handle = (uint32_t)made;
		return DRV_OK;
	}
	return DRV_EPERM;
}

/* Lets the driver open its ports for native access. */
static err_t add_iobitmap(const driver_t *driver)
{
	int32_t bitmap =
	    untyped_retype(driver->instance.process.untyped, CAP_IOBITMAP, 0, CAP_NULL);
	return bitmap < 0 ? bitmap
			  : vspace_map(driver->instance.process.vspace, (cap_t)bitmap, 0, 0);
}

static err_t grant_ports(const manager_t *manager, driver_t *driver)
{
	const pio_list_t *pio = &driver->manifest.caps.pio;
	for (uint32_t i = 0; i < pio->count; i++) {
		const pio_range_t *range = &pio->items[i];
		uint32_t scope[] = {PIO_SCOPE(range->start, range->end), range->widths};
		err_t err = grant(manager, driver, CAP_PIO, range->rights, scope,
				  &driver->instance.page->context.pio_caps[i]);
		if (err)
			return err;
	}
	if (!pio->count)
		return DRV_OK;
	err_t err = give(driver, driver->instance.config_frame, RIGHT_WRITE,
			 &driver->instance.page->kept_frame);
	return err ? err : add_iobitmap(driver);
}

static err_t grant_registers(const manager_t *manager, driver_t *driver)
{
	const mmio_list_t *mmio = &driver->manifest.caps.mmio;
	uint32_t bytes = 0;
	for (uint32_t i = 0; i < mmio->count; i++) {
		const mmio_range_t *range = &mmio->items[i];
		uint32_t scope[] = {range->base, range->size};
		err_t err = grant(manager, driver, CAP_MMIO, RIGHT_READ | RIGHT_WRITE, scope,
				  &driver->instance.page->context.mmio_caps[i]);
		if (err)
			return err;
		bytes += range->size;
	}
	return process_add_tables(&manager->maker, &driver->instance.process,
				  DRIVER_MMIO_WINDOW, bytes);
}

err_t grant_devices(const manager_t *manager, driver_t *driver)
{
	err_t err = grant_ports(manager, driver);
	return err ? err : grant_registers(manager, driver);
}

/* How the kernel is told that a line is raised, word 1 of an interrupt's scope (abi/cap.h). */
static uint32_t trigger_of(const irq_line_t *irq)
{
	return irq->shared ? IRQ_LEVEL_SHARED : irq->trigger;
}

/* The manager keeps what the driver's capability comes from, to inspect the line. */
static err_t grant_irq(const manager_t *manager, driver_t *driver, uint32_t i)
{
	const irq_line_t *irq = &driver->manifest.caps.irq.items[i];
	if (irq->line == 0)
		return DRV_EPERM;
	int32_t own = cap_derive(manager->boot->caps[BOOT_CAP_IRQ].cap,
				 RIGHT_READ | RIGHT_INSPECT | RIGHT_GRANT,
				 IRQ_SCOPE(irq->line, irq->line), trigger_of(irq));
	if (own < 0)
		return own;
	driver->instance.lines[i] = (cap_t)own;
	int32_t handle =
	    cap_delegate(driver->instance.process.cspace, (cap_t)own, RIGHT_READ, 0);
	if (handle < 0)
		return handle;
	driver->instance.page->context.irq_caps[i] = (uint32_t)handle;
	return DRV_OK;
}

err_t grant_irqs(const manager_t *manager, driver_t *driver)
{
	err_t err = DRV_OK;
	for (uint32_t i = 0; !err && i < driver->manifest.caps.irq.count; i++)
		err = grant_irq(manager, driver, i);
	return err;
}

err_t grant_channels(driver_t *driver)
{
	driver_page_t *page = driver->instance.page;
	cap_t untyped = driver->instance.process.untyped;
	int32_t notification = untyped_retype(untyped, CAP_NOTIFICATION, 0, CAP_NULL);
	int32_t reply = untyped_retype(untyped, CAP_REPLY, 0, CAP_NULL);
	if (notification < 0 || reply < 0)
		return notification < 0 ? notification : reply;
	driver->instance.notification = (cap_t)notification;
	driver->instance.reply = (cap_t)reply;
	err_t err = give(driver, driver->instance.endpoint, RIGHT_READ, &page->endpoint);
	if (!err)
		err = give(driver, driver->instance.reply, RIGHT_WRITE, &page->reply);
	if (!err)
		err = give(driver, driver->instance.notification, RIGHT_READ,
			   &page->notification);
	if (!err)
		err = give(driver, driver->instance.notification, RIGHT_WRITE,
			   &page->notification_grant);
	return err ? err : ends_open(driver);
}

cap_t grant_master_port(const manager_t *manager, uint16_t port)
{
	for (uint32_t i = BOOT_CAP_FIRST; i < manager->boot->cap_count; i++) {
		const struct boot_cap_entry *entry = &manager->boot->caps[i];
		if (entry->type == CAP_PIO && PIO_SCOPE_FIRST(entry->scope0) <= port &&
		    port <= PIO_SCOPE_LAST(entry->scope0))
			return entry->cap;
	}
	return CAP_NULL;
}

/* What the driver sent of it to others is taken back in pieces. */
static bool take_back(cap_t *kept)
{
	if (*kept && cap_revoke_some(*kept, PIECE) == DRV_EAGAIN)
		return false;
	if (*kept)
		cap_release(*kept);
	*kept = CAP_NULL;
	return true;
}

int32_t grant_connection(driver_t *driver, uint32_t place, const driver_t *server,
			 uint32_t badge)
{
	cap_t *kept = &driver->instance.connections[place];
	uint8_t *whose = &driver->instance.servers[place];
	cap_info_t info;
	if (*kept && cap_get_info(*kept, &info)) /* revoked with a server that was unloaded */
		*kept = CAP_NULL;
	if ((place == MANIFEST_PLACES || *whose != server->index) && !take_back(kept))
		return DRV_EAGAIN;
	int32_t made =
	    *kept ? (int32_t)*kept
		  : cap_derive(server->instance.endpoint, RIGHT_WRITE | RIGHT_GRANT, badge, 0);
	if (made < 0)
		return made;
	*kept = (cap_t)made;
	*whose = (uint8_t)server->index;
	return made;
}
