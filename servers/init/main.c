/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task. It holds everything, gives all but its own small memory to drvmgr, and makes
 * drvmgr again when it dies or hangs, in the capability space and with the frame that it had:
 * what it holds, and all drivers, outlive it. It never talks to a driver and never reads a
 * manifest. */
#include "abi/inspect.h"
#include "cap/fault.h"
#include "cap/format.h"
#include "cap/note.h"
#include "cap/tar.h"
#include "cap/word.h"
#include "init.h"
#include "judge.h"

#define ARCHIVE_BASE  0x10000000u
#define SCRATCH	      0x0f000000u
#define INFO_WINDOW   (SCRATCH + PROCESS_SCRATCH)
#define MANAGER_IMAGE "drvmgr.elf"
#define MANAGER_STACK 8u /* pages */
#define WHAT_MAX      100u
#define PATIENCE      3u /* deaths in a row before serving, until the serial port says so */

typedef struct state {
	process_maker_t maker;
	process_t self; /* for process_map() into the root task itself */
	cap_t endpoint, reply, info_frame;
	const void *image;
	elf_plan_t plan;
	manager_memory_t memory;
	process_t drvmgr;
	row_t row;
	uint32_t silent; /* incarnations in a row that never entered a receive */
} state_t;

static boot_info_t *manager_info(void)
{
	return (boot_info_t *)INFO_WINDOW;
}

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
	err_t err = process_add_tables(&state->maker, &state->self, SCRATCH,
				       PROCESS_SCRATCH + PAGE_SIZE);
	if (!err)
		err = process_map(&state->maker, &state->self, state->info_frame, INFO_WINDOW,
				  RIGHT_READ | RIGHT_WRITE);
	if (err)
		give_up("cannot map its own pages", err);
}

static bool is_asked(const char *word)
{
	const char *at = boot_info()->cmdline;
	for (word_t next = word_next(&at); next.length; next = word_next(&at))
		if (word_is(next, word))
			return true;
	return false;
}

/* First of all, so that what is recorded begins with the manager. */
static void record_calls(state_t *state)
{
	uint32_t bits = 0;
	err_t err = hand_over_ring(&state->memory, &bits);
	if (err)
		report("init: " BOOT_WORD_CALLS ": %s (%s); nothing is recorded",
		       error_name(err), error_text(err));
	else
		report("init: calls are recorded in %u KiB", (1u << bits) / 1024);
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
	uint32_t built = state->plan.has_note ? state->plan.note.kernel_abi : 0;
	if (!note_fits(built)) {
		report("init: %s is built for kernel ABI %u.%u, and this is %u.%u",
		       MANAGER_IMAGE, built >> 16, built & 0xffffu, ABI_VERSION_MAJOR,
		       ABI_VERSION_MINOR);
		give_up("kernel and boot module are not of one build", DRV_EABI);
	}
	state->image = entry.data;
}

static err_t start_manager(state_t *state)
{
	process_config_t config = {.untyped = state->memory.body,
				   .frames = state->memory.image,
				   .image = state->image,
				   .plan = &state->plan,
				   .cspace = state->memory.cspace,
				   .stack_top = ROOT_STACK_TOP,
				   .stack_pages = MANAGER_STACK,
				   .buffer = ROOT_BUFFER,
				   .priority = PRIORITY_MAX - 1,
				   .fault_endpoint = state->endpoint,
				   .fault_badge = 1};
	err_t err = process_create(&state->maker, &config, &state->drvmgr);
	if (!err)
		err = hand_over_body(&state->memory, &state->drvmgr, manager_info());
	if (err)
		return err;
	int32_t info = cap_derive(state->info_frame, RIGHT_READ, 0, 0);
	if (info < 0)
		return info;
	err =
	    process_map(&state->maker, &state->drvmgr, (cap_t)info, ROOT_BOOT_INFO, RIGHT_READ);
	return err ? err : thread_resume(state->drvmgr.thread);
}

/* Nothing is left of the incarnation; what drvmgr held stays. */
static void end_manager(const state_t *state)
{
	cap_revoke(state->memory.body);
	cap_revoke(state->memory.image);
	cap_revoke(state->info_frame);
}

/* Says on the serial port what nobody else can say. */
static void tell(const state_t *state, const boot_death_t *death, uint32_t delay)
{
	if (state->silent < PATIENCE)
		return;
	char what[WHAT_MAX];
	fault_describe_death(death, what, sizeof(what));
	report("init: drvmgr died: %s", what);
	report("init: it died %u times in a row before it served; it is tried again in %u ms",
	       state->silent, delay);
}

/* Returns when drvmgr has faulted, exited, or hangs, with what there is to say of it. */
static void watch_manager(state_t *state, boot_death_t *death)
{
	uint32_t begun_ms = clock_ms();
	message_t message = {0};
	inspect_thread_t thread = {0};
	thread_registers_t registers = {0};
	look_t look = {0};
	err_t err;
	for (;;) {
		err = ipc_receive(state->endpoint, state->reply, JUDGE_LOOK_MS, &message);
		cap_inspect(state->drvmgr.thread, NULL, &thread, sizeof(thread));
		judge_serves(&state->row, &thread);
		bool nothing = err == DRV_ETIMEDOUT || err == DRV_EAGAIN;
		if (!nothing || judge_hangs(&look, &thread))
			break;
	}
	thread_suspend(state->drvmgr.thread);
	thread_read(state->drvmgr.thread, &registers);
	bool served = thread.received_ms != 0;
	*death = (boot_death_t){
	    .count = death->count + 1,
	    .cause = err ? BOOT_DEATH_HANGS : BOOT_DEATH_FAULT,
	    .at_us = (uint32_t)clock_us(),
	    .label = err ? 0 : MSG_LABEL(message.info),
	    .address = message.word0,
	    .code = err ? clock_ms() - (served ? thread.received_ms : begun_ms) : message.word1,
	    .eip = registers.eip};
	state->silent = served ? 0 : state->silent + 1;
}

/* Nobody sends to the root task while there is no manager. A receive may end early all the
 * same, as it refuses what was sent before. */
static void wait(const state_t *state, uint32_t ms)
{
	message_t message;
	uint32_t until_ms = clock_ms() + ms;
	for (uint32_t left = ms; left && left <= ms; left = until_ms - clock_ms())
		ipc_receive(state->endpoint, state->reply, left, &message);
}

int main(void)
{
	static state_t state;
	report_init();
	if (is_asked(BOOT_WORD_CALLS))
		record_calls(&state);
	prepare(&state);
	find_manager(&state);
	boot_death_t *death = &manager_info()->death;
	err_t err = hand_over_kept(&state.memory, manager_info());
	if (err)
		give_up(err == DRV_ENOMEM
			    ? "cannot make room for drvmgr (8 MiB of memory are needed)"
			    : "cannot make room for drvmgr",
			err);
	for (;;) {
		err = start_manager(&state);
		if (!err)
			watch_manager(&state, death);
		end_manager(&state);
		uint32_t delay = judge_delay(&state.row, clock_ms());
		death->row = state.row.count;
		if (err)
			report("init: cannot start drvmgr: %s (%s); it is tried again in %u ms",
			       error_name(err), error_text(err), delay);
		else
			tell(&state, death, delay);
		wait(&state, delay);
	}
}
