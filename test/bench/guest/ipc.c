/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages, signals and faults between two threads. */
#include "bench.h"

#define FAULT_INSTRUCTION 2u	/* length of the instruction in fault_once() */
#define CALL_LIMIT_MS	  1000u /* what libcap's runtime gives a call */
#define SERVER_LIMIT_MS	  500u	/* half a heartbeat: what it waits at most */
#define BUDGET		  THREAD_BUDGET_MS(5, 10)
#define CONTENDED_ROUNDS  20u /* one of so many rounds */
#define PAYLOAD		  10u
#define PAYLOAD_LABEL	  1u
#define IN_REGISTERS	  2u

static _Noreturn void stop(void)
{
	shared()->enough = 1;
	notification_signal(shared()->done, 1);
	for (;;)
		thread_exit(0);
}

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE void echo(uint32_t limit_ms)
{
	const shared_t *s = shared();
	message_t message;
	err_t err = ipc_receive(s->endpoint, s->reply, limit_ms, &message);
	while (err == DRV_OK)
		err = ipc_reply_receive(s->endpoint, s->reply, limit_ms, &message);
	fail("echo", err);
}

static void echo_untimed(void)
{
	echo(TIMEOUT_FOREVER);
}

static void echo_timed(void)
{
	echo(SERVER_LIMIT_MS);
}

ALWAYS_INLINE void call_empty(uint32_t rounds, uint32_t limit_ms)
{
	const shared_t *s = shared();
	for (uint32_t i = 0; i < rounds; i++) {
		message_t message = {.info = MSG_INFO(PAYLOAD_LABEL, 0, 0)};
		interval_begin();
		err_t err = ipc_call(s->endpoint, &message, limit_ms);
		sample(interval_ticks());
		if (err)
			fail("call", err);
	}
	stop();
}

static void call_untimed(void)
{
	call_empty(shared()->rounds, TIMEOUT_FOREVER);
}

static void call_timed(void)
{
	call_empty(shared()->rounds, CALL_LIMIT_MS);
}

/* Writing the words into the message counts. */
ALWAYS_INLINE void call_words(uint32_t limit_ms)
{
	const shared_t *s = shared();
	for (uint32_t i = 0; i < s->rounds; i++) {
		interval_begin();
		message_t message = {
		    .info = MSG_INFO(PAYLOAD_LABEL, PAYLOAD, 0), .word0 = i, .word1 = i};
		for (uint32_t word = IN_REGISTERS; word < PAYLOAD; word++)
			message_buffer()->words[word] = i;
		err_t err = ipc_call(s->endpoint, &message, limit_ms);
		sample(interval_ticks());
		if (err || MSG_WORD_COUNT(message.info) != PAYLOAD ||
		    message_buffer()->words[PAYLOAD - 1] != i)
			fail("call with words", err);
	}
	stop();
}

static void words_untimed(void)
{
	call_words(TIMEOUT_FOREVER);
}

static void words_timed(void)
{
	call_words(CALL_LIMIT_MS);
}

/* Of the priority of client and server, and ready all the time. */
static void hog(void)
{
	while (!shared()->enough)
		;
	for (;;)
		thread_exit(0);
}

static void call_contended(void)
{
	shared_t *s = shared();
	s->enough = 0;
	must("start the hog", thread_resume(s->hog));
	call_empty(s->rounds / CONTENDED_ROUNDS + 1, CALL_LIMIT_MS);
}

static void waiter(void)
{
	const shared_t *s = shared();
	for (;;) {
		uint32_t bits;
		err_t err = notification_wait(s->notification, TIMEOUT_FOREVER, &bits);
		sample(interval_ticks());
		if (err)
			fail("wait", err);
	}
}

static void signaller(void)
{
	const shared_t *s = shared();
	for (uint32_t i = 0; i < s->rounds; i++) {
		interval_begin();
		notification_signal(s->notification, 1);
	}
	stop();
}

/* Reads an address that is not mapped. The handler makes it go on behind the instruction. */
static void fault_once(void)
{
	uint32_t value;
	__asm__ volatile(".byte 0x8b, 0x01" /* movl (%%ecx), %%eax */
			 : "=a"(value)
			 : "c"(0)
			 : "memory");
}

static void faulter(void)
{
	const shared_t *s = shared();
	for (uint32_t i = 0; i < s->rounds; i++) {
		interval_begin();
		fault_once();
		sample(interval_ticks());
	}
	stop();
}

static void fault_handler(void)
{
	const shared_t *s = shared();
	thread_registers_t *registers =
	    (thread_registers_t *)&message_buffer()->words[FAULT_WORD_REGISTERS];
	message_t message;
	err_t err = ipc_receive(s->endpoint, s->reply, TIMEOUT_FOREVER, &message);
	while (err == DRV_OK && MSG_LABEL(message.info) == FAULT_PAGE) {
		registers->eip += FAULT_INSTRUCTION;
		message.info = MSG_INFO(0, FAULT_WORDS, 0);
		message.word0 = FAULT_REPLY_SET_REGISTERS;
		err = ipc_reply_receive(s->endpoint, s->reply, TIMEOUT_FOREVER, &message);
	}
	if (err)
		fail("handle a fault", err);
	for (;;)
		thread_exit(0);
}

typedef struct pair {
	const char *name;
	void (*client)(void), (*server)(void);
	const space_t *client_space, *server_space;
	uint32_t server_priority, budget;
} pair_t;

static void run(const pair_t *pair)
{
	shared_t *s = shared();
	s->endpoint = make(CAP_ENDPOINT, 0);
	s->reply = make(CAP_REPLY, 0);
	s->notification = make(CAP_NOTIFICATION, 0);
	s->count = 0;
	s->hog = thread_make(pair->server_space, PRIORITY_WORKER, hog, STACK_HOG);
	cap_t server =
	    thread_start(pair->server_space, pair->server_priority, pair->server, STACK_SERVER);
	must("set a budget", thread_set(server, THREAD_BUDGET, pair->budget));
	cap_t client =
	    thread_make(pair->client_space, PRIORITY_WORKER, pair->client, STACK_CLIENT);
	if (pair->server == fault_handler)
		must("bind a fault endpoint", thread_bind(client, BIND_FAULT, s->endpoint, 0));
	must("start the client", thread_resume(client));
	wait_done(pair->name);
	report_samples(pair->name);
	cap_release(client);
	cap_release(server);
	cap_release(s->hog);
	cap_release(s->endpoint);
	cap_release(s->reply);
	cap_release(s->notification);
}

void measure_ipc(const space_t *client, const space_t *server)
{
	const uint32_t same = PRIORITY_WORKER;
	const pair_t pairs[] = {
	    {"call_spaces", call_untimed, echo_untimed, client, server, same, 0},
	    {"call_same", call_untimed, echo_untimed, server, server, same, 0},
	    {"call_words", words_untimed, echo_untimed, client, server, same, 0},
	    {"call_spaces_timed", call_timed, echo_timed, client, server, same, 0},
	    {"call_same_timed", call_timed, echo_timed, server, server, same, 0},
	    {"call_words_timed", words_timed, echo_timed, client, server, same, 0},
	    {"call_contended", call_contended, echo_timed, client, server, same, 0},
	    {"call_budget", call_timed, echo_timed, client, server, same, BUDGET},
	    {"signal_wake", signaller, waiter, client, server, PRIORITY_WAITER, 0},
	    {"fault", faulter, fault_handler, client, server, same, 0},
	};
	for (uint32_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		run(&pairs[i]);
}

void measure_traced(const space_t *client, const space_t *server)
{
	const boot_info_t *info = boot_info();
	must("record calls",
	     trace_calls(info->caps[BOOT_CAP_AUDIT].cap, world_whole(UNTYPED_BITS_MIN)));
	run(&(pair_t){"call_traced", call_untimed, echo_untimed, client, server,
		      PRIORITY_WORKER, 0});
}
