/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that makes random system calls for as long as it lives: some that make sense, with
 * its own handles, some wild, by each way into the kernel. Its name ends in the seed, so that
 * the log of a run says how to repeat it. The first instance does nothing: it is there to be
 * stopped, so that what is held can be counted before. */
#include "abi/protocol/manager.h"
#include "cap/driver.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "choose.h"
#include "gate.h"

#define CALLS_A_TURN   256u
#define REPORT_EVERY   10000u
#define ANSWER_MS      1000u
#define UNKNOWN_LABEL  1u
#define FLAG_CARRY     0x1u
#define FLAG_FIXED     0x202u
#define FLAG_TRAP      0x100u
#define FLAG_DIRECTION 0x400u
#define FLAG_IOPL      0x3000u
#define FLAG_NESTED    0x4000u
#define FLAG_RESUME    0x10000u
#define FLAG_ALIGN     0x40000u
#define FLAG_ID	       0x200000u

static handles_t handles;
static uint32_t calls, succeeded, hash, seed;
static bool has_sysenter;

/* -- What the driver has. --------------------------------------------------------------- */

static void add_own(cap_t cap)
{
	cap_info_t info;
	if (cap == CAP_NULL || cap_get_info(cap, &info))
		return;
	handles.own[handles.own_count] = cap;
	handles.type[handles.own_count++] = info.type;
}

static void find_own(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	const cap_t channels[] = {page->endpoint, page->manager, page->notification,
				  page->notification_grant, page->reply};
	for (uint32_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++)
		add_own(channels[i]);
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX; i++) {
		add_own(page->context.pio_caps[i]);
		add_own(page->context.irq_caps[i]);
		add_own(page->context.mmio_caps[i]);
	}
}

/* A new handle takes the place of another one, which is let go: there is always room. */
static void keep(cap_t cap)
{
	cap_t *place = &handles.made[choose_below(MADE_MAX)];
	uint32_t registers[4] = {*place};
	if (*place)
		sys_enter(SYS_CAP_RELEASE, registers);
	*place = cap;
}

static bool makes_handle(uint32_t number)
{
	return number == SYS_CAP_ACQUIRE || number == SYS_CAP_DERIVE ||
	       number == SYS_CAP_DELEGATE;
}

/* -- One call. -------------------------------------------------------------------------- */

static void fill_buffer(void)
{
	message_buffer_t *buffer = message_buffer();
	buffer->timeout_ms = choose_timeout();
	buffer->reply = choose_handle(&handles, CAP_REPLY);
	buffer->accept = choose_below(4) ? choose_below(MSG_CAPS + 2) : choose_word();
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		buffer->caps[i] = choose_handle(&handles, choose_below(CAP_TYPE_COUNT));
	for (uint32_t i = 0; i < 4; i++)
		buffer->words[choose_below(MSG_WORDS)] = choose_word();
}

static bool is_fatal_turn(void)
{
	return choose_below(FATAL_ONE_IN) == 0;
}

/* Flags that no compiler sets. With the trap flag, int $0x80 is the last that the driver
 * does; sysenter forgets it. */
static uint32_t wild_flags(bool trap)
{
	static const uint32_t flags[] = {FLAG_CARRY,  FLAG_DIRECTION, FLAG_IOPL, FLAG_NESTED,
					 FLAG_RESUME, FLAG_ALIGN,     FLAG_ID};
	uint32_t value = FLAG_FIXED;
	for (uint32_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (choose_below(2))
			value |= flags[i];
	return trap ? value | FLAG_TRAP : value;
}

static void by_sysenter(void)
{
	gate.ecx = choose_word();
	gate.edx = is_fatal_turn() ? choose_word() : (uint32_t)gate_back;
	gate.flags = wild_flags(choose_below(4) == 0);
	gate_sysenter();
}

static void by_interrupt(void)
{
	gate.ecx = choose_word();
	gate.edx = choose_word();
	gate.flags = wild_flags(is_fatal_turn());
	gate.esp = choose_word();
	switch (choose_below(3)) {
	case 0:
		gate_lost();
		break;
	case 1:
		gate_null();
		break;
	default:
		gate_int();
		break;
	}
}

static int32_t enter(const choice_t *choice)
{
	uint32_t registers[4];
	memcpy(registers, choice->arg, sizeof(registers));
	if (choose_below(2))
		return sys_enter(choice->number, registers);
	gate = (gate_t){.eax = choice->number,
			.ebx = choice->arg[0],
			.esi = choice->arg[1],
			.edi = choice->arg[2],
			.ebp = choice->arg[3]};
	if (has_sysenter && choose_below(2))
		by_sysenter();
	else
		by_interrupt();
	return (int32_t)gate.eax;
}

static void call_once(void)
{
	fill_buffer();
	choice_t choice = choose_call(&handles);
	int32_t result = enter(&choice);
	succeeded += result >= 0;
	if (result > 0 && makes_handle(choice.number))
		keep((cap_t)result);
	hash = (hash ^ (uint32_t)result ^ choice.number << 16) * 0x01000193u;
	if (++calls % REPORT_EVERY == 0)
		driver_log("%u calls of instance %u, %u succeeded, hash %08x", (unsigned)calls,
			   (unsigned)driver_generation(), (unsigned)succeeded, (unsigned)hash);
}

static void fuzz(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	for (uint32_t i = 0; i < CALLS_A_TURN; i++)
		call_once();
	/* One of the calls may have taken the manager's signal. */
	notification_signal(page->notification_grant, DRIVER_SIGNAL_COMMAND);
	driver_set_timer(0);
}

/* -- Life. ------------------------------------------------------------------------------ */

/* What has once hurt the manager, whatever the seed: a call that it does not know, an answer
 * that is not taken, and a subscription with something else than a notification. */
static void attack_manager(void)
{
	static const char name[] = "screen";
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	message_t unknown = {.info = MSG_INFO(UNKNOWN_LABEL, 2, 0)};
	message_t connect = {.info = MSG_INFO(MANAGER_CONNECT, MSG_WORDS, 0),
			     .word0 = sizeof(name) - 1};
	message_t subscribe = {.info = MSG_INFO(MANAGER_SUBSCRIBE, 0, 1)};
	message_buffer()->accept = 0;
	ipc_call(page->manager, &unknown, ANSWER_MS);
	memcpy(&message_buffer()->words[DRIVER_DATA_WORD], name, sizeof(name));
	ipc_call(page->manager, &connect, ANSWER_MS);
	if ((int32_t)connect.word0 != DRV_ENOTSUP)
		driver_log("connecting without room gave %d", (int)connect.word0);
	message_buffer()->caps[0] = page->context.pio_caps[0];
	ipc_call(page->manager, &subscribe, ANSWER_MS);
}

/* The hexadecimal digits at the end of the name. */
static uint32_t seed_in_name(void)
{
	const char *name = ((const driver_page_t *)DRIVER_PAGE)->name;
	uint32_t value = 0;
	for (const char *at = name; *at; at++) {
		if (*at >= '0' && *at <= '9')
			value = value << 4 | (uint32_t)(*at - '0');
		else if (*at >= 'a' && *at <= 'f' && at > name + strlen("fuzz-") - 1)
			value = value << 4 | (uint32_t)(*at - 'a' + 10);
	}
	return value;
}

static bool find_sysenter(void)
{
	uint32_t eax = 1, ebx, ecx, edx;
	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return CPU_HAS_SYSENTER(eax, edx);
}

static err_t fuzzer_run(void)
{
	if (driver_generation() == 1)
		return DRV_OK;
	seed = seed_in_name() + driver_generation() * 0x9e3779b9u;
	choose_seed(seed);
	attack_manager();
	find_own();
	has_sysenter = find_sysenter();
	driver_log("instance %u, seed %08x", (unsigned)driver_generation(), (unsigned)seed);
	driver_set_timer(0);
	return DRV_OK;
}

static err_t fuzzer_stop(void)
{
	driver_log("stops after %u calls of instance %u", (unsigned)calls,
		   (unsigned)driver_generation());
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = fuzzer_run, .timer = fuzz, .stop = fuzzer_stop};
	return driver_main(&ops);
}
