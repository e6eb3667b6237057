/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task. It holds everything, gives all but its own small memory to drvmgr, waits for
 * drvmgr to die and then starts it again with nothing left of the old one. It never talks to a
 * driver and never reads a manifest. */
#include "cap/format.h"
#include "cap/tar.h"
#include "init.h"

#define ARCHIVE_BASE   0x10000000u
#define SCRATCH	       0x0f000000u
#define INFO_WINDOW    (SCRATCH + PAGE_SIZE)
#define MANAGER_IMAGE  "drvmgr.elf"
#define MANAGER_CSPACE 11u
#define MANAGER_STACK  8u /* pages */
#define RESTARTS_MAX   5u /* without anybody to fix it, more will not help */

typedef struct state {
	process_maker_t maker;
	process_t self; /* for process_map() into the root task itself */
	cap_t endpoint, reply, info_frame;
	const void *image;
	elf_plan_t plan;
	process_t drvmgr;
} state_t;

/* Nobody can help the root task: it says why and stops. */
static _Noreturn void give_up(const char *what, err_t err)
{
	report("init: %s: %s (%s); nothing is running now, reset the machine", what,
	       error_name(err), error_text(err));
	for (;;)
		thread_exit((uint32_t)err);
}

static cap_t make(uint32_t type)
{
	int32_t made = untyped_retype(own_untyped(), type, 0, CAP_NULL);
	if (made < 0)
		give_up("cannot make its own objects", made);
	return (cap_t)made;
}

static void prepare(state_t *state)
{
	const boot_info_t *info = boot_info();
	state->maker = (process_maker_t){.vspace = info->caps[BOOT_CAP_VSPACE].cap,
					 .scratch = SCRATCH,
					 .table_span = info->table_span};
	state->self = (process_t){.untyped = own_untyped(), .vspace = state->maker.vspace};
	state->endpoint = make(CAP_ENDPOINT);
	state->reply = make(CAP_REPLY);
	state->info_frame = make(CAP_FRAME);
	err_t err = process_add_tables(&state->maker, &state->self, SCRATCH, PAGE_SIZE);
	if (!err)
		err = process_map(&state->maker, &state->self, state->info_frame, INFO_WINDOW,
				  RIGHT_READ | RIGHT_WRITE);
	if (err)
		give_up("cannot map its own pages", err);
}

static void find_manager(state_t *state)
{
	const boot_info_t *info = boot_info();
	uint32_t pages = (info->archive_size + PAGE_SIZE - 1) / PAGE_SIZE;
	tar_entry_t entry;
	const char *why;
	if (pages == 0)
		give_up(
		    "no boot module: give the archive to the boot loader (-initrd boot.tar)",
		    DRV_ENOENT);
	err_t err =
	    process_add_tables(&state->maker, &state->self, ARCHIVE_BASE, pages * PAGE_SIZE);
	if (!err)
		err = cap_mmio_map_all(info->caps[BOOT_CAP_ARCHIVE].cap, ARCHIVE_BASE);
	if (err)
		give_up("cannot map the boot module", err);
	err = tar_find((const void *)ARCHIVE_BASE, info->archive_size, MANAGER_IMAGE, &entry);
	if (err)
		give_up("the boot module is no archive with " MANAGER_IMAGE, err);
	err = elf_check(entry.data, entry.size, &state->plan, &why);
	if (err) {
		report("init: %s: %s", MANAGER_IMAGE, why);
		give_up("cannot load " MANAGER_IMAGE, err);
	}
	state->image = entry.data;
}

static err_t start_manager(state_t *state)
{
	process_config_t config = {.image = state->image,
				   .plan = &state->plan,
				   .cspace_bits = MANAGER_CSPACE,
				   .stack_top = ROOT_STACK_TOP,
				   .stack_pages = MANAGER_STACK,
				   .buffer = ROOT_BUFFER,
				   .priority = PRIORITY_MAX - 1,
				   .fault_endpoint = state->endpoint,
				   .fault_badge = 1};
	err_t err = hand_over_untyped(&config.untyped);
	if (!err)
		err = process_create(&state->maker, &config, &state->drvmgr);
	if (!err)
		err = hand_over_rest(&state->drvmgr, (boot_info_t *)INFO_WINDOW);
	if (err)
		return err;
	int32_t info = cap_derive(state->info_frame, RIGHT_READ, 0, 0);
	if (info < 0)
		return info;
	err =
	    process_map(&state->maker, &state->drvmgr, (cap_t)info, ROOT_BOOT_INFO, RIGHT_READ);
	return err ? err : thread_resume(state->drvmgr.thread);
}

/* Returns when drvmgr has faulted or exited. */
static void watch_manager(const state_t *state)
{
	message_t message;
	err_t err = ipc_receive(state->endpoint, state->reply, TIMEOUT_FOREVER, &message);
	if (err)
		give_up("cannot watch drvmgr", err);
	thread_registers_t registers = {0};
	thread_suspend(state->drvmgr.thread);
	thread_read(state->drvmgr.thread, &registers);
	report("\r\ninit: drvmgr died: fault %x, address 0x%x, code %x, at 0x%x",
	       MSG_LABEL(message.info), message.word0, message.word1, registers.eip);
}

int main(void)
{
	static state_t state;
	report_init();
	prepare(&state);
	find_manager(&state);
	for (uint32_t restarts = 0;; restarts++) {
		err_t err = start_manager(&state);
		if (err)
			give_up("cannot start drvmgr", err);
		watch_manager(&state);
		take_back();
		cap_revoke(state.info_frame);
		if (restarts == RESTARTS_MAX)
			give_up("drvmgr died too often", DRV_EQUARANTINED);
		report("init: everything it held is taken back; starting it again");
	}
}
