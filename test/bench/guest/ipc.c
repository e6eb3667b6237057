/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages, signals and faults between two threads. */
#include "bench.h"

#define FAULT_BADGE	  1u
#define FAULT_INSTRUCTION 2u /* length of the instruction in fault_once() */
#define STACK_CLIENT	  0u
#define STACK_SERVER	  1u
#define PAYLOAD		  10u
#define PAYLOAD_LABEL	  1u
#define IN_REGISTERS	  2u

static _Noreturn void stop(void)
{
	notification_signal(shared()->done, 1);
	for (;;)
		thread_exit(0);
}

static void echo(void)
{
	const shared_t *s = shared();
	message_t message;
	err_t err = ipc_receive(s->endpoint, s->reply, TIMEOUT_FOREVER, &message);
	while (err == DRV_OK)
		err = ipc_reply_receive(s->endpoint, s->reply, TIMEOUT_FOREVER, &message);
	fail("echo", err);
}

static void call_empty(void)
{
	const shared_t *s = shared();
	for (uint32_t i = 0; i < s->rounds; i++) {
		message_t message = {.info = MSG_INFO(PAYLOAD_LABEL, 0, 0)};
		uint32_t start = now();
		err_t err = ipc_call(s->endpoint, &message, TIMEOUT_FOREVER);
		sample(now() - start);
		if (err)
			fail("call", err);
	}
	stop();
}

/* Writing the words into the message counts. */
static void call_words(void)
{
	const shared_t *s = shared();
	for (uint32_t i = 0; i < s->rounds; i++) {
		uint32_t start = now();
		message_t message = {
		    .info = MSG_INFO(PAYLOAD_LABEL, PAYLOAD, 0), .word0 = i, .word1 = i};
		for (uint32_t word = IN_REGISTERS; word < PAYLOAD; word++)
			message_buffer()->words[word] = i;
		err_t err = ipc_call(s->endpoint, &message, TIMEOUT_FOREVER);
		sample(now() - start);
		if (err || MSG_WORD_COUNT(message.info) != PAYLOAD ||
		    message_buffer()->words[PAYLOAD - 1] != i)
			fail("call with words", err);
	}
	stop();
}

static void waiter(void)
{
	const shared_t *s = shared();
	for (;;) {
		uint32_t bits;
		err_t err = notification_wait(s->notification, TIMEOUT_FOREVER, &bits);
		sample(now() - s->start);
		if (err)
			fail("wait", err);
	}
}

static void signaller(void)
{
	shared_t *s = shared();
	for (uint32_t i = 0; i < s->rounds; i++) {
		s->start = now();
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
		uint32_t start = now();
		fault_once();
		sample(now() - start);
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
	uint32_t server_priority;
} pair_t;

static void run(const pair_t *pair)
{
	shared_t *s = shared();
	s->endpoint = make(CAP_ENDPOINT, 0);
	s->reply = make(CAP_REPLY, 0);
	s->notification = make(CAP_NOTIFICATION, 0);
	s->count = 0;
	cap_t server =
	    thread_start(pair->server_space, pair->server_priority, pair->server, STACK_SERVER);
	cap_t client =
	    thread_make(pair->client_space, PRIORITY_WORKER, pair->client, STACK_CLIENT);
	if (pair->server == fault_handler)
		must("bind a fault endpoint",
		     thread_bind(client, BIND_FAULT, s->endpoint, FAULT_BADGE));
	must("start the client", thread_resume(client));
	wait_done(pair->name);
	report_samples(pair->name);
	cap_release(client);
	cap_release(server);
	cap_release(s->endpoint);
	cap_release(s->reply);
	cap_release(s->notification);
}

void measure_ipc(const space_t *client, const space_t *server)
{
	const pair_t pairs[] = {
	    {"call_spaces", call_empty, echo, client, server, PRIORITY_WORKER},
	    {"call_same", call_empty, echo, server, server, PRIORITY_WORKER},
	    {"call_words", call_words, echo, client, server, PRIORITY_WORKER},
	    {"signal_wake", signaller, waiter, client, server, PRIORITY_WAITER},
	    {"fault", faulter, fault_handler, client, server, PRIORITY_WORKER},
	};
	for (uint32_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		run(&pairs[i]);
}
