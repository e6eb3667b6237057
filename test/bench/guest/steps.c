/* SPDX-License-Identifier: BSD-2-Clause */
/* Many short steps, each with as much behind it as there can be, and then the longest step: who
 * charges too little for one of them, or begins to count anew, keeps interrupts off too long.
 */
#include "load.h"

#define CSPACE_BITS  17u /* log2 of the bytes of each memory */
#define THREADS_BITS 20u
#define MAPS_BITS    21u
#define HOME_SLOTS   10u /* log2 */
#define SPACES	     24u
#define DEAD_SPACES  20u
#define DEAD_EACH    36u
#define WAITERS_EACH 11u
#define LAST_SPACES  3u
#define LAST_BITS    7u
#define LAST_DEAD    37u
#define LAST_WAITERS 100u /* and up to as many as a window has steps more */
#define LAST_SPREAD  12u
#define SENDERS	     300u
#define REFUSED	     60u
#define SPARSE_HOMES 8u
#define SPARSE_EACH  32u
#define LIMIT_MS     100000u
#define ALERT	     3u /* priority of who calls and sends */
#define SETTLE_MS    8u
#define PORT	     0x300u

static struct steps {
	space_t space;
	cap_t cspaces, threads, maps, things, sleepers, home, keeper, endpoint, reply, port;
	cap_t spaces[SPACES];
	cap_t home_endpoint, home_port; /* in `home` */
	uint32_t turn;
} steps;

static cap_t make_of(cap_t memory, uint32_t type, uint32_t bits, cap_t home)
{
	return must("make an object", untyped_retype(memory, type, bits, home));
}

static cap_t give(cap_t home, cap_t cap, uint32_t rights)
{
	return must("delegate", cap_delegate(home, cap, rights, 0));
}

static void begin_anew(void)
{
	cap_t all[] = {steps.sleepers, steps.things, steps.cspaces, steps.threads, steps.maps};
	for (uint32_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		must("revoke", cap_revoke(all[i]));
}

static void revoke_cspaces(void)
{
	must("revoke", cap_revoke(steps.cspaces));
}

static void revoke_things(void)
{
	must("revoke", cap_revoke(steps.things));
}

/* An address space with a bitmap, of which `home` holds the only capability. */
static void make_space(cap_t home)
{
	cap_t space = make_of(steps.maps, CAP_VSPACE, 0, CAP_NULL);
	must("install a bitmap",
	     vspace_map(space, make_of(steps.maps, CAP_IOBITMAP, 0, CAP_NULL), 0, 0));
	give(home, space, RIGHT_WRITE);
	must("release", cap_release(space));
}

/* -- Threads that die, none of which ever ran ---------------------------------------------- */
static void fill_with_threads(cap_t home, uint32_t spaces, uint32_t each, bool bitmaps)
{
	for (uint32_t k = 0; k < spaces; k++) {
		if (bitmaps)
			make_space(home);
		for (uint32_t i = 0; i < each; i++)
			make_of(steps.threads, CAP_THREAD, 0, home);
	}
}

static void threads_die(void)
{
	begin_anew();
	fill_with_threads(make_of(steps.cspaces, CAP_CSPACE, HOME_SLOTS, CAP_NULL), DEAD_SPACES,
			  DEAD_EACH, false);
}

static void threads_and_bitmaps_die(void)
{
	begin_anew();
	fill_with_threads(make_of(steps.cspaces, CAP_CSPACE, HOME_SLOTS, CAP_NULL), DEAD_SPACES,
			  DEAD_EACH, true);
}

/* Of each capability space nothing is left but what passing by its slots costs. */
static void sparse_spaces_die(void)
{
	begin_anew();
	for (uint32_t k = 0; k < SPARSE_HOMES; k++) {
		cap_t home = make_of(steps.cspaces, CAP_CSPACE, LAST_BITS, CAP_NULL);
		cap_t gone = must("derive", cap_derive(steps.port, RIGHT_READ, 0, 0));
		for (uint32_t i = 0; i < SPARSE_EACH; i++)
			give(home, gone, RIGHT_READ);
		must("revoke", cap_revoke(gone));
		must("release", cap_release(gone));
		make_space(home);
	}
}

/* -- Notifications that go, each with one who waits for it --------------------------------- */
static __attribute__((naked)) void waiter(void)
{
	__asm__ volatile("leal 4(%%esp), %%ebx\n\t"
			 "movl %0, %%eax\n\t"
			 "movl %1, %%esi\n\t"
			 "int $0x80\n\t"
			 "1:\n\t"
			 "movl %2, %%eax\n\t"
			 "int $0x80\n\t"
			 "jmp 1b"
			 :
			 : "i"(SYS_NOTIFICATION_WAIT), "i"(LIMIT_MS), "i"(SYS_YIELD));
}

static cap_t make_thread(const thread_registers_t *registers, bool budget)
{
	cap_t thread = make_of(steps.sleepers, CAP_THREAD, 0, CAP_NULL);
	must("bind a cspace", thread_bind(thread, BIND_CSPACE, steps.home, 0));
	must("bind a vspace", thread_bind(thread, BIND_VSPACE, steps.space.vspace, 0));
	must("bind a buffer", thread_bind(thread, BIND_BUFFER, steps.space.buffer, 0));
	must("set registers", thread_write(thread, registers));
	if (budget)
		must("set a budget", thread_set(thread, THREAD_BUDGET, THREAD_BUDGET_MS(1, 2)));
	return thread;
}

static void start(cap_t thread)
{
	must("start", thread_resume(thread));
	give(steps.keeper, thread, RIGHT_READ);
	must("release", cap_release(thread));
}

/* The stack pointer is the handle, as there is no stack. */
static void add_waiters(uint32_t count, bool budget)
{
	for (uint32_t i = 0; i < count; i++) {
		cap_t thing = make_of(steps.things, CAP_NOTIFICATION, 0, steps.home);
		const thread_registers_t registers = {.eip = (uint32_t)waiter,
						      .esp = thing - 4};
		start(make_thread(&registers, budget));
	}
}

static void waiters_wait(bool bitmaps, bool budget)
{
	begin_anew();
	for (uint32_t k = 0; k < SPACES; k++) {
		add_waiters(WAITERS_EACH, budget);
		if (bitmaps)
			must("install a bitmap",
			     vspace_map(steps.spaces[k],
					make_of(steps.things, CAP_IOBITMAP, 0, CAP_NULL), 0,
					0));
	}
	rest(SETTLE_MS);
}

static void budgets_wait(void)
{
	waiters_wait(false, true);
}

static void waiters_and_bitmaps(void)
{
	waiters_wait(true, false);
}

static void budgets_and_bitmaps(void)
{
	waiters_wait(true, true);
}

/* Ends anywhere in a window, and then its caller owes what the capability space held. */
static void owed_behind_a_window(void)
{
	begin_anew();
	make_of(steps.things, CAP_NOTIFICATION, 0, steps.home);
	fill_with_threads(make_of(steps.things, CAP_CSPACE, LAST_BITS, CAP_NULL), LAST_SPACES,
			  LAST_DEAD, true);
	add_waiters(LAST_WAITERS + steps.turn++ % LAST_SPREAD, true);
	rest(SETTLE_MS);
}

/* -- Senders that are woken, or refused, all at once --------------------------------------- */

/* Sends or calls (eax), with four capabilities (edx), again and again. */
static __attribute__((naked)) void sender(void)
{
	__asm__ volatile(
	    "movl %0, %c1\n\t"
	    "movl %2, %c3\n\t"
	    "movl %%edx, %c4\n\t"
	    "movl %%edx, %c5\n\t"
	    "movl %%edx, %c6\n\t"
	    "movl %%edx, %c7\n\t"
	    "int $0x80\n\t"
	    "1:\n\t"
	    "movl %8, %%eax\n\t"
	    "int $0x80\n\t"
	    "jmp 1b"
	    :
	    : "i"(LIMIT_MS), "i"(MESSAGE_BUFFER + offsetof(message_buffer_t, timeout_ms)),
	      "i"(MSG_CAPS), "i"(MESSAGE_BUFFER + offsetof(message_buffer_t, accept)),
	      "i"(MESSAGE_BUFFER + offsetof(message_buffer_t, caps[0])),
	      "i"(MESSAGE_BUFFER + offsetof(message_buffer_t, caps[1])),
	      "i"(MESSAGE_BUFFER + offsetof(message_buffer_t, caps[2])),
	      "i"(MESSAGE_BUFFER + offsetof(message_buffer_t, caps[3])), "i"(SYS_YIELD));
}

static void start_sender(uint32_t call, uint32_t info)
{
	const thread_registers_t registers = {.eip = (uint32_t)sender,
					      .eax = call,
					      .ebx = steps.home_endpoint,
					      .esi = info,
					      .edx = steps.home_port};
	cap_t thread = make_thread(&registers, true);
	must("set a priority", thread_set(thread, THREAD_PRIORITY, ALERT));
	start(thread);
}

static void senders_send(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		start_sender(SYS_IPC_SEND, MSG_INFO(0, 0, MSG_CAPS));
	rest(SETTLE_MS);
}

static void many_send(void)
{
	begin_anew();
	senders_send(SENDERS);
}

static void cancel_them(void)
{
	must("cancel", endpoint_cancel(steps.endpoint, CANCEL_WAITING, DRV_ECANCELED));
}

static void set_home(cap_t home)
{
	steps.home = home;
	steps.home_endpoint = give(home, steps.endpoint, RIGHT_WRITE | RIGHT_GRANT);
	steps.home_port = give(home, steps.port, RIGHT_READ);
}

/* One call was taken, and senders wait whose capabilities are not accepted. */
static void one_calls_and_many_send(void)
{
	message_t message;
	begin_anew();
	set_home(make_of(steps.things, CAP_CSPACE, HOME_SLOTS, CAP_NULL));
	start_sender(SYS_IPC_CALL, MSG_INFO(0, 2, 0));
	rest(SETTLE_MS);
	message_buffer()->accept = 0;
	must("take a call", ipc_receive(steps.endpoint, steps.reply, LIMIT_MS, &message));
	senders_send(REFUSED);
}

/* An answer with all that a message can have. */
static void answer_and_refuse(void)
{
	message_t message = {.info = MSG_INFO(0, MSG_WORDS, MSG_CAPS)};
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		message_buffer()->caps[i] = steps.port;
	ipc_reply_receive(steps.endpoint, steps.reply, TIMEOUT_POLL, &message);
}

static const load_t loads[] = {
    {"owed-behind-window", owed_behind_a_window, revoke_things, NULL, 3, 3, false, 4},
    {"dead-threads", threads_die, revoke_cspaces, NULL, 4, 4, false, 8},
    {"dead-threads-bitmaps", threads_and_bitmaps_die, revoke_cspaces, NULL, 4, 4, false, 4},
    {"sparse-spaces", sparse_spaces_die, revoke_cspaces, NULL, 3, 3, false, 8},
    {"budgets", budgets_wait, revoke_things, NULL, 3, 3, false, 8},
    {"waiters-bitmaps", waiters_and_bitmaps, revoke_things, NULL, 3, 3, false, 4},
    {"budgets-bitmaps", budgets_and_bitmaps, revoke_things, NULL, 3, 3, false, 4},
    {"cancel-budgets", many_send, cancel_them, NULL, 3, 3, false, 8},
    {"answer-and-refuse", one_calls_and_many_send, answer_and_refuse, NULL, 3, 3, false, 2},
};

void measure_steps(const space_t *space)
{
	steps.space = *space;
	steps.cspaces = world_memory(CSPACE_BITS);
	steps.threads = world_memory(THREADS_BITS);
	steps.maps = world_memory(MAPS_BITS);
	steps.things = world_memory(MAPS_BITS);
	steps.sleepers = world_memory(THREADS_BITS);
	steps.keeper = make(CAP_CSPACE, HOME_SLOTS);
	for (uint32_t i = 0; i < SPACES; i++)
		steps.spaces[i] = make(CAP_VSPACE, 0);
	steps.endpoint = make(CAP_ENDPOINT, 0);
	steps.reply = make(CAP_REPLY, 0);
	steps.port = find_boot_cap(CAP_PIO, PORT);
	set_home(make(CAP_CSPACE, HOME_SLOTS));
	loads_run(loads, sizeof(loads) / sizeof(loads[0]));
	begin_anew();
}
