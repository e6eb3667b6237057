/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver manager: loads the manifests, starts the drivers and serves its one endpoint.
 * It never waits for a driver: commands and their answers are left in shared pages. */
#include "driver.h"
#include "load/load.h"
#include "log/wire.h"
#include "doors/service.h"
#include "hands/memory.h"
#include "hands/perform.h"
#include "hands/spawn.h"
#include "supervisor/supervisor.h"

static manager_t manager;

/* The kernel's 32-bit milliseconds, carried on over their wrap. */
static void read_clock(void)
{
	manager.now_ms += clock_ms() - (uint32_t)manager.now_ms;
}

static err_t prepare(void)
{
	manager.boot = (const boot_info_t *)ROOT_BOOT_INFO;
	err_t err = memory_begin(&manager);
	if (!err)
		err = memory_init(&manager);
	if (!err)
		err = memory_make(CAP_ENDPOINT, &manager.endpoint);
	if (!err)
		err = memory_make(CAP_REPLY, &manager.reply);
	if (!err)
		err = memory_make(CAP_NOTIFICATION, &manager.signal);
	if (!err)
		err = thread_bind(manager.boot->caps[BOOT_CAP_THREAD].cap, BIND_NOTIFICATION,
				  manager.signal, 0);
	return err;
}

static driver_t *sender_of(uint32_t badge)
{
	uint32_t index = (badge & ~FAULT_BADGE) - 1;
	return index < manager.count ? &manager.drivers[index] : NULL;
}

/* Handles one message. */
static void handle(message_t *message)
{
	if (message->badge == BADGE_NOTIFICATION) {
		door_signals(&manager, message->word0);
		return;
	}
	driver_t *driver = sender_of(message->badge);
	if (!driver)
		return;
	if (message->badge & FAULT_BADGE) {
		door_drain(&manager, driver);
		supervisor_fault(&manager, driver, message);
		return;
	}
	door_message(&manager, driver, message);
}

static uint32_t wait_ms(void)
{
	uint32_t wait = supervisor_wait_ms(&manager), log = wire_wait_ms(&manager);
	uint32_t doors = door_wait_ms(&manager);
	if (log < wait)
		wait = log;
	return doors < wait ? doors : wait;
}

static _Noreturn void serve(void)
{
	for (;;) {
		message_t message;
		message_buffer()->accept = 1;
		err_t err = ipc_receive(manager.endpoint, manager.reply, wait_ms(), &message);
		read_clock();
		if (err == DRV_OK)
			handle(&message);
		else if (err != DRV_ETIMEDOUT)
			thread_exit((uint32_t)err);
		door_tick(&manager);
		supervisor_tick(&manager);
		wire_tick(&manager);
		service_tell(&manager);
	}
}

/* How the incarnation before this one ended, as the root task saw it. */
static void log_death(void)
{
	const boot_death_t *death = &manager.boot->death;
	if (death->cause == BOOT_DEATH_FAULT)
		manager_log_line(&manager,
				 "init: drvmgr died: fault %x, address 0x%x, code %x, at 0x%x",
				 death->label, death->address, death->code, death->eip);
	else if (death->cause == BOOT_DEATH_HANGS)
		manager_log_line(&manager,
				 "init: drvmgr died: it ran on without serving, at 0x%x",
				 death->eip);
}

int main(void)
{
	err_t err = prepare();
	if (err)
		return err;
	read_clock();
	log_death();
	manager_log_line(
	    &manager,
	    "castellan: driver manager, driver ABI %u..%u, context %u, %u KiB of memory",
	    DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION, manager.boot->ram_kib);
	load_archive(&manager);
	perform_all(&manager);
	serve();
}
