/* SPDX-License-Identifier: BSD-2-Clause */
/* A process with several threads that make random system calls on everything that they share:
 * capability space, address space, each other, and the frames that are their message buffers.
 * One call in a few takes such a frame from another thread, whatever that does just now. Or, in
 * other processes, a server and its client, which must not notice. */
#include "cap/syscall.h"
#include "crowd.h"
#include "drivers/fuzzer/choose.h"

#define MOVES_ONE_IN  8u
#define REPAIR_EVERY  32u
#define CLIENT_REST   5u /* ms between two questions */
#define CLIENT_LIMIT  1000u
#define NUMBER_FACTOR 0x01000193u

int main(void);

/* All threads choose from one sequence and one set of handles, as they happen to run. */
static handles_t handles;
static cap_t buffer[CROWD]; /* derived from crowd()->frame[], mapped and bound */

static err_t enter(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	uint32_t registers[4] = {a0, a1, a2, a3};
	return sys_enter(number, registers);
}

/* The thread's buffer, which it may write although it has lost it. */
static message_buffer_t *alias(uint32_t thread)
{
	return (message_buffer_t *)(ALIAS_AT + thread * PAGE_SIZE);
}

/* -- Taking buffers away, and giving them back. ------------------------------------------ */

static void repair(uint32_t thread)
{
	err_t made =
	    enter(SYS_CAP_DERIVE, crowd()->frame[thread], RIGHT_READ | RIGHT_WRITE, 0, 0);
	if (made <= 0)
		return;
	enter(SYS_CAP_RELEASE, buffer[thread], 0, 0, 0);
	buffer[thread] = (cap_t)made;
	enter(SYS_VSPACE_MAP, crowd()->vspace, (cap_t)made, BUFFER_AT + thread * PAGE_SIZE,
	      RIGHT_READ | RIGHT_WRITE);
	enter(SYS_THREAD_BIND, crowd()->thread[thread], BIND_BUFFER, (cap_t)made, 0);
}

static void move(uint32_t thread)
{
	cap_t other = crowd()->thread[thread];
	crowd()->moves++;
	switch (choose_below(8)) {
	case 0:
		enter(SYS_VSPACE_UNMAP, buffer[thread], 0, 0, 0);
		break;
	case 1:
		enter(SYS_CAP_REVOKE, crowd()->frame[thread], 0, 0, 0);
		break;
	case 2:
		enter(SYS_CAP_RELEASE, buffer[thread], 0, 0, 0);
		break;
	case 3:
		enter(SYS_THREAD_BIND, other, BIND_BUFFER, crowd()->frame[choose_below(CROWD)],
		      0);
		break;
	case 4:
		enter(SYS_THREAD_BIND, other, BIND_BUFFER, CAP_NULL, 0);
		break;
	case 5:
		enter(SYS_THREAD_SUSPEND, other, 0, 0, 0);
		enter(SYS_THREAD_RESUME, other, 0, 0, 0);
		break;
	default:
		repair(thread);
		break;
	}
}

/* -- Random calls. ----------------------------------------------------------------------- */

static void fill(message_buffer_t *to)
{
	to->timeout_ms = choose_timeout();
	to->reply = choose_handle(&handles, CAP_REPLY);
	to->accept = choose_below(4) ? choose_below(MSG_CAPS + 2) : choose_word();
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		to->caps[i] = choose_handle(&handles, choose_below(CAP_TYPE_COUNT));
	for (uint32_t i = 0; i < 4; i++)
		to->words[choose_below(MSG_WORDS)] = choose_word();
}

/* A new handle takes the place of another one, which is let go: there is always room. */
static void keep(cap_t cap)
{
	uint32_t at = choose_below(MADE_MAX);
	cap_t old = handles.made[at];
	handles.made[at] = cap;
	if (old)
		enter(SYS_CAP_RELEASE, old, 0, 0, 0);
}

static bool makes_handle(uint32_t number)
{
	return number == SYS_CAP_ACQUIRE || number == SYS_CAP_DERIVE ||
	       number == SYS_CAP_DELEGATE || number == SYS_UNTYPED_RETYPE;
}

static void call_once(uint32_t thread)
{
	crowd_t *shared = crowd();
	fill(alias(thread));
	choice_t choice = choose_call(&handles);
	err_t result =
	    enter(choice.number, choice.arg[0], choice.arg[1], choice.arg[2], choice.arg[3]);
	shared->succeeded += result >= 0;
	shared->lost += result == DRV_EFAULT;
	if (result > 0 && makes_handle(choice.number))
		keep((cap_t)result);
	shared->hash = (shared->hash ^ (uint32_t)result ^ choice.number << 16) * NUMBER_FACTOR;
	shared->calls[thread]++;
}

static _Noreturn void run(void)
{
	uint32_t here, thread = ((uint32_t)&here - STACK_AT) / CROWD_STACK_BYTES;
	for (;;) {
		if (crowd()->calls[thread] % REPAIR_EVERY == 0)
			repair(thread);
		if (choose_below(MOVES_ONE_IN) == 0)
			move(choose_below(CROWD));
		call_once(thread);
	}
}

static void find_own(void)
{
	for (uint32_t i = 0; i < crowd()->own_count; i++) {
		cap_info_t info;
		if (cap_get_info(crowd()->own[i], &info))
			continue;
		handles.own[handles.own_count] = crowd()->own[i];
		handles.type[handles.own_count++] = info.type;
	}
}

/* -- The others. ------------------------------------------------------------------------- */

static _Noreturn void serve(void)
{
	for (;;) {
		message_t message;
		if (ipc_receive(crowd()->endpoint, crowd()->reply, TIMEOUT_FOREVER, &message))
			crowd()->wrong++;
		message.info = MSG_INFO(0, 1, 0);
		message.word0++;
		if (ipc_reply(crowd()->reply, &message))
			crowd()->wrong++;
		crowd()->beats++;
	}
}

static _Noreturn void ask(void)
{
	for (uint32_t number = 1;; number++) {
		message_t message = {.info = MSG_INFO(1, 1, 0), .word0 = number};
		if (ipc_call(crowd()->endpoint, &message, CLIENT_LIMIT) ||
		    message.word0 != number + 1)
			crowd()->wrong++;
		crowd()->beats++;
		uint32_t bits;
		notification_wait(crowd()->idle, CLIENT_REST, &bits);
	}
}

int main(void)
{
	if (crowd()->role == ROLE_SERVER)
		serve();
	if (crowd()->role == ROLE_CLIENT)
		ask();
	choose_seed(crowd()->seed);
	find_own();
	crowd()->entry = (uint32_t)run;
	thread_exit(0);
}
