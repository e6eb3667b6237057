/* SPDX-License-Identifier: BSD-2-Clause */
/* What the current thread asks for. */
#include "fastpath_asks.h"

#define LONG_TIMEOUT 30u

cast_t cast;

static uint32_t seed;

void draw_from(uint32_t first)
{
	seed = first;
}

uint32_t draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static void load(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	arch_frame_t *frame = &kernel.sched.current->frame;
	frame->eax = number;
	frame->ebx = a0;
	frame->esi = a1;
	frame->edi = a2;
	frame->ebp = a3;
	frame->eip += 2;
}

static uint32_t random_timeout(void)
{
	const uint32_t timeouts[] = {TIMEOUT_POLL, 1, LONG_TIMEOUT, TIMEOUT_FOREVER,
				     TIMEOUT_FOREVER};
	return PICK(timeouts);
}

static uint32_t random_info(void)
{
	const uint32_t words[] = {0, 1, 2, 3, 4, 17, MSG_WORDS - 1, MSG_WORDS, MSG_WORDS + 1};
	const uint32_t labels[] = {0, 1, 2, 3, 4, 5, 6, MSG_LABEL_KERNEL - 1, MSG_LABEL_KERNEL};
	return MSG_INFO(PICK(labels), PICK(words), draw(16) ? 0 : draw(MSG_CAPS + 2));
}

/* Most of the time one that is good for everything. */
static cap_t random_endpoint(void)
{
	return draw(4) ? cast.endpoint[draw(2)] : PICK(cast.endpoint);
}

static void fill_buffer(void)
{
	message_buffer_t *buffer = kernel.sched.current->buffer;
	if (!buffer)
		return;
	buffer->timeout_ms = random_timeout();
	buffer->reply = PICK(cast.reply);
	buffer->accept = draw(3);
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		buffer->caps[i] = PICK(cast.endpoint);
	for (uint32_t i = 0; i < 8; i++)
		buffer->words[draw(2) ? i : draw(MSG_WORDS)] = draw(UINT32_MAX);
}

/* The reply object that answers somebody who waits, if there is one. */
static void aim_reply(void)
{
	message_buffer_t *buffer = kernel.sched.current->buffer;
	for (uint32_t i = 0; buffer && i < REPLIES; i++)
		if (((reply_t *)object_of(cast.reply[i]))->caller)
			buffer->reply = cast.reply[i];
}

static void ask_message(void)
{
	fill_buffer();
	if (draw(4))
		aim_reply();
	const uint32_t numbers[] = {SYS_IPC_CALL,	SYS_IPC_CALL, SYS_IPC_REPLY_RECV,
				    SYS_IPC_REPLY_RECV, SYS_IPC_SEND, SYS_IPC_REPLY};
	uint32_t number = PICK(numbers);
	cap_t cap = number == SYS_IPC_REPLY ? PICK(cast.reply) : random_endpoint();
	load(number, cap, random_info(), draw(UINT32_MAX), draw(UINT32_MAX));
}

static void ask_receive(void)
{
	fill_buffer();
	load(SYS_IPC_RECV, random_endpoint(), draw(6) ? PICK(cast.reply) : CAP_NULL,
	     random_timeout(), 0);
}

static void ask_thread(void)
{
	const uint32_t priorities[] = {1, 2, 2, 3, PRIORITY_MAX};
	cap_t thread = PICK(cast.thread);
	uint32_t what = draw(6);
	if (what == 0)
		load(SYS_THREAD_SET, thread, THREAD_PRIORITY, PICK(priorities), 0);
	else if (what == 1)
		load(SYS_THREAD_SET, thread, THREAD_BUDGET,
		     draw(4) ? 0 : THREAD_BUDGET_MS(1, 2 + draw(8)), 0);
	else if (what == 2)
		load(draw(3) ? SYS_THREAD_RESUME : SYS_THREAD_SUSPEND, thread, 0, 0, 0);
	else if (what == 3)
		load(SYS_YIELD, 0, 0, 0, 0);
	else
		load(SYS_THREAD_BIND, thread, BIND_BUFFER,
		     draw(4) ? cast.frame[draw(THREADS)] : CAP_NULL, 0);
}

/* Wakes who waits for bits, or waits for them, or for an interrupt. */
static void ask_wait(void)
{
	const notification_t *notification = object_of(cast.notification);
	uint32_t what = draw(4);
	if (what == 0)
		load(SYS_CAP_IRQ_WAIT, cast.line, random_timeout(), 0, 0);
	else if (what == 1 || !notification->queue.first)
		load(SYS_NOTIFICATION_WAIT, cast.notification, random_timeout(), 0, 0);
	else
		load(SYS_NOTIFICATION_SIGNAL, cast.notification, 1 + draw(3), 0, 0);
}

static void ask_other(void)
{
	uint32_t what = draw(5);
	uint32_t mode = draw(3);
	if (what == 0)
		load(SYS_ENDPOINT_CANCEL, random_endpoint(), mode,
		     mode == CANCEL_REOPEN ? 0 : (uint32_t)DRV_EGONE, 0);
	else if (what == 1)
		load(SYS_ENDPOINT_CANCEL, random_endpoint(), CANCEL_REOPEN, 0, 0);
	else if (what == 2)
		load(SYS_NOTIFICATION_SIGNAL, cast.notification, draw(4), 0, 0);
	else if (what == 3)
		load(SYS_CAP_REVOKE, PICK(cast.endpoint), 0, 0, 0);
	else
		load(SYS_CAP_DERIVE, PICK(cast.endpoint), RW, draw(2) ? draw(100) : 0, 0);
}

/* What a server or a client in its right mind would do now. */
static void ask_sensibly(void)
{
	cap_t cap = cast.endpoint[draw(2)];
	const endpoint_t *endpoint = object_of(cap);
	fill_buffer();
	aim_reply();
	message_buffer_t *buffer = kernel.sched.current->buffer;
	if (endpoint->closed)
		load(SYS_ENDPOINT_CANCEL, cap, CANCEL_REOPEN, 0, 0);
	else if (!buffer)
		load(SYS_THREAD_BIND, PICK(cast.thread), BIND_BUFFER, PICK(cast.frame), 0);
	else if (slot_of(bench.root, buffer->reply) && draw(3))
		load(SYS_IPC_REPLY_RECV, cap, MSG_INFO(1, draw(6), 0), draw(9), draw(9));
	else if (endpoint->queue.first && !endpoint->sending)
		load(SYS_IPC_CALL, cap, MSG_INFO(2, draw(6), 0), draw(9), draw(9));
	else
		load(SYS_IPC_RECV, cap, cast.reply[draw(REPLIES)], TIMEOUT_FOREVER, 0);
}

void ask(uint32_t what)
{
	if (what < 60)
		ask_sensibly();
	else if (what < 76)
		ask_message();
	else if (what < 81)
		ask_receive();
	else if (what < 92)
		ask_wait();
	else if (what < 96)
		ask_thread();
	else
		ask_other();
}
