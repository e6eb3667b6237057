/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver manager: loads the manifests, starts the drivers and serves its one endpoint.
 * It never waits for a driver: commands and their answers are left in shared pages. */
#include "driver.h"
#include "cap/fault.h"
#include "cap/ms.h"
#include "cap/note.h"
#include "cap/string.h"
#include "doors/door.h"
#include "doors/service.h"
#include "doors/upload.h"
#include "hands/depot.h"
#include "hands/idle.h"
#include "hands/memory.h"
#include "hands/spawn.h"
#include "kept/kept.h"
#include "load/load.h"
#include "log/take.h"
#include "log/wire.h"
#include "report/capture.h"
#include "supervisor/adopt.h"
#include "supervisor/terminal.h"
#include "supervisor/perform.h"
#include "supervisor/supervisor.h"
#include "supervisor/work.h"

#define WHAT_MAX 100u

CAP_NOTE(); /* init starts it if the kernel has what it asks for */

static manager_t manager;

/* All of it: times that are kept outlive this incarnation. What core/ is told of next happens
 * now, not when it last looked. */
static void read_clock(void)
{
	manager.now_ms = ms_of(clock_us());
	manager.world.now_ms = manager.now_ms;
}

/* What ends with this incarnation. */
static err_t make_own(void)
{
	err_t err = memory_make_body(&manager, CAP_REPLY, &manager.reply);
	if (!err)
		err = idle_make(&manager);
	return err ? err
		   : thread_bind(manager.boot->caps[BOOT_CAP_THREAD].cap, BIND_NOTIFICATION,
				 manager.signal, 0);
}

static err_t prepare(void)
{
	manager.boot = (const boot_info_t *)ROOT_BOOT_INFO;
	err_t err = memory_init(&manager);
	return err ? err : kept_open(&manager);
}

/* There is no driver yet: makes what is kept, and all drivers from their files. */
static err_t begin(void)
{
	kept_begin(&manager);
	memset(&manager.world, 0, sizeof(manager.world));
	manager.count = 0;
	registry_clear(&manager.registry);
	wire_restore(&manager, 0);
	err_t err = memory_begin(&manager);
	if (!err)
		err = memory_make(&manager, CAP_ENDPOINT, &manager.endpoint);
	if (!err)
		err = memory_make(&manager, CAP_NOTIFICATION, &manager.signal);
	if (err)
		return err;
	capture_begin(&manager);
	manager_log_line(
	    &manager,
	    "castellan: driver manager, driver ABI %u..%u, context %u, %u KiB of memory",
	    DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION, manager.boot->ram_kib);
	err = load_archive(&manager);
	if (!err)
		err = make_own();
	if (err)
		return err;
	depot_begin(&manager);
	kept_seal(&manager);
	return DRV_OK;
}

static err_t adopt(void)
{
	uint32_t living = 0;
	capture_adopt(&manager);
	err_t err = adopt_all(&manager);
	if (!err)
		err = make_own(); /* after what it has for drivers, as in begin() */
	if (err)
		return err;
	door_begin(&manager);
	perform_all(&manager);
	for (uint32_t i = 0; i < manager.count; i++)
		living += manager.drivers[i].instance.alive;
	manager_log_line(&manager,
			 "drvmgr: %u drivers are as they were, %u of them live; nobody served "
			 "for %u us",
			 manager.count, living,
			 (uint32_t)clock_us() - manager.boot->death.at_us);
	return DRV_OK;
}

static driver_t *sender_of(uint32_t badge)
{
	uint32_t index = (badge & ~FAULT_BADGE) - 1;
	return index < manager.count ? driver_touch(&manager, index) : NULL;
}

static void handle(message_t *message)
{
	if (message->badge == BADGE_NOTIFICATION) {
		door_signals(&manager, message->word0);
		return;
	}
	if (message->badge == IDLE_BADGE) {
		idle_take(&manager);
		return;
	}
	driver_t *driver = sender_of(message->badge);
	if (!driver)
		return;
	if (message->badge & FAULT_BADGE) {
		take_all(&manager, driver);
		supervisor_fault(&manager, driver, message);
	} else {
		door_message(&manager, driver, message);
	}
}

static uint32_t wait_ms(void)
{
	uint32_t wait = supervisor_wait_ms(&manager), log = wire_wait_ms(&manager);
	uint32_t doors = door_wait_ms(&manager);
	if (log < wait)
		wait = log;
	if (manager.sweeps && wait > KEPT_SWEEP_MS)
		wait = KEPT_SWEEP_MS;
	return doors < wait ? doors : wait;
}

/* While the hands are at work, others run first, but not for ever. */
static uint32_t pause_ms(void)
{
	if (!manager.works.open)
		return wait_ms();
	idle_ask(&manager);
	return WORK_PAUSE_MS;
}

/* What a turn entails. */
static void end_turn(void)
{
	door_tick(&manager);
	supervisor_tick(&manager);
	terminal_tick(&manager);
	if (manager.upload.owner)
		upload_tick(&manager);
	wire_tick(&manager);
	service_tell(&manager);
	kept_turn(&manager);
	kept_sweep(&manager);
}

static _Noreturn void serve(void)
{
	uint64_t worked_ms = 0, ended_ms = 0;
	for (;;) {
		message_t message = {0};
		message_buffer()->accept = 1;
		err_t err = ipc_receive(manager.endpoint, manager.reply, pause_ms(), &message);
		read_clock();
		if (err == DRV_OK)
			handle(&message);
		else if (err != DRV_ETIMEDOUT && err != DRV_EAGAIN)
			thread_exit((uint32_t)err);
		bool idle = message.badge == IDLE_BADGE;
		if (idle || worked_ms != manager.now_ms) { /* several who ask wait for one */
			worked_ms = manager.now_ms;
			work_turn(&manager);
		}
		/* Where nothing happened but work, all else is looked at once a millisecond. */
		if (idle && manager.works.open && ended_ms == manager.now_ms)
			continue;
		end_turn();
		ended_ms = manager.now_ms;
	}
}

/* How the incarnation before this one ended, as the root task saw it. */
static void log_death(void)
{
	const boot_death_t *death = &manager.boot->death;
	char what[WHAT_MAX];
	if (death->cause == BOOT_DEATH_NONE)
		return;
	fault_describe_death(death, what, sizeof(what));
	manager_log_at(&manager, HISTORY_INIT, LOG_ERROR, "init: drvmgr died: %s", what);
}

/* What is torn is forgotten, and this incarnation, which has believed half of it, ends. */
static err_t take_over_or_begin(void)
{
	err_t err = kept_adopt(&manager);
	if (err == DRV_OK)
		return adopt();
	if (err == DRV_ENOENT)
		return begin();
	kept_begin(&manager);
	return err;
}

int main(void)
{
	err_t err = prepare();
	if (err)
		return err;
	read_clock();
	log_death();
	err = take_over_or_begin();
	if (err)
		return err;
	perform_all(&manager);
	serve();
}
