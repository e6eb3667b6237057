/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver runtime with the loop of driver_main_legacy(): its files are included. The kernel
 * is a list of what comes, and the stacks are the host's. */
#ifndef LEGACY_WORLD_H
#define LEGACY_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include <cmocka.h>

#include "cap/syscall.h"

static message_buffer_t buffer;
#define message_buffer() (&buffer)
#include "libs/libcap/driver/private.h"

static driver_page_t own_page;
#define driver_page() (&own_page)
#include "libs/libcap/driver/ask.c"
#include "libs/libcap/driver/legacy.c"
#include "libs/libcap/driver/legacy_loop.c"
#include "libs/libcap/driver/lifecycle.c"
#include "libs/libcap/driver/main.c"
#include "libs/libcap/driver/timer.c"
#include "steps_fake.h"

#define LINE   8u  /* irq_caps[0] covers it, irq_caps[1] the one behind it */
#define HANDLE 50u /* of irq_caps[0] */
#define PORT   0x70u
#define CLIENT 3u
#define LIMIT  10000u /* of what one test does: more hangs */

/* ---- stacks ---- */

static ucontext_t contexts[2]; /* of driver_main(), of the loop */
static ucontext_t end;	       /* of a loop that returned without an end */
static unsigned runs;	       /* which of them */

void *fiber_make(void *top, void (*entry)(void))
{
	getcontext(&contexts[1]);
	/* The host needs more than the machine's. */
	static uint8_t wide[1 << 18];
	assert_ptr_equal(top, stack + LEGACY_STACK);
	contexts[1].uc_stack.ss_sp = wide;
	contexts[1].uc_stack.ss_size = sizeof(wide);
	static uint8_t last[1 << 16];
	getcontext(&end);
	end.uc_stack.ss_sp = last;
	end.uc_stack.ss_size = sizeof(last);
	makecontext(&end, abort, 0);
	contexts[1].uc_link = &end;
	makecontext(&contexts[1], entry, 0);
	runs = 0;
	return &contexts[1];
}

void fiber_switch(void **other)
{
	ucontext_t *from = &contexts[runs], *to = *other;
	assert_ptr_equal(to, &contexts[!runs]);
	*other = from;
	runs = !runs;
	swapcontext(from, to);
}

/* ---- the kernel: what comes, one after the other ---- */

enum what { NOTHING_COMES, COMMAND, INTERRUPT, REQUEST };
typedef struct coming {
	enum what what;
	uint32_t number;   /* the command, the index of the line, … */
	uint32_t after_ms; /* … and how long behind the one before it comes */
} coming_t;

static struct {
	const coming_t *coming;
	uint32_t now, last, receives, polls, acks[2], accesses, exit_code;
	uint32_t requests, answered, ended;
	err_t done[DRIVER_STOP + 1];
} world;
static char told[256]; /* what the loop did */

static void tell(const char *text)
{
	assert_true(strlen(told) + strlen(text) + 2 < sizeof(told));
	strcat(told, text);
	strcat(told, " ");
}

static err_t come(uint32_t timeout_ms, message_t *message)
{
	const coming_t *next = world.coming;
	assert_int_equal(runs, 0); /* only the event loop receives */
	world.polls += timeout_ms == 0;
	assert_in_range(++world.receives, 1, LIMIT);
	if ((uint64_t)world.now + timeout_ms < world.last + next->after_ms) {
		world.now += timeout_ms;
		return DRV_ETIMEDOUT;
	}
	world.coming++;
	world.now = world.last += next->after_ms;
	*message = (message_t){.badge = BADGE_NOTIFICATION};
	switch (next->what) {
	case COMMAND:
		own_page.command = next->number;
		own_page.command_seq++;
		message->word0 = DRIVER_SIGNAL_COMMAND;
		return DRV_OK;
	case INTERRUPT:
		message->word0 = DRIVER_SIGNAL_IRQ(next->number);
		return DRV_OK;
	case REQUEST:
		message->badge = CLIENT;
		return DRV_OK;
	default:
		runtime.stopped = true; /* there is no more to come */
		return DRV_ETIMEDOUT;
	}
}

err_t ipc_receive_acking(cap_t endpoint, cap_t reply, uint32_t timeout_ms, cap_t irq,
			 message_t *message)
{
	(void)endpoint, (void)reply;
	assert_int_equal(irq, CAP_NULL); /* the old loop says when */
	return come(timeout_ms, message);
}

err_t ipc_reply_receive(cap_t endpoint, cap_t reply, uint32_t timeout_ms, message_t *message)
{
	world.answered++;
	return ipc_receive_acking(endpoint, reply, timeout_ms, CAP_NULL, message);
}

err_t ipc_reply(cap_t reply, const message_t *message)
{
	(void)reply, (void)message;
	assert_int_equal(runs, 0);
	world.answered++;
	return DRV_OK;
}

err_t ipc_call(cap_t endpoint, message_t *message, uint32_t timeout_ms)
{
	(void)endpoint, (void)message, (void)timeout_ms;
	return DRV_OK;
}

void session_request(message_t *message)
{
	assert_int_equal(message->badge, CLIENT);
	world.requests++;
}

void thread_exit(uint32_t code)
{
	assert_int_equal(runs, 1);
	world.exit_code = code;
	world.ended++;
	runtime.stopped = true;
	fiber_switch(&legacy.other); /* to the test */
	abort();
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	(void)notification, (void)bits;
	world.done[own_page.command] = own_page.done_result;
	return DRV_OK;
}

err_t irq_bind(cap_t cap, cap_t notification, uint32_t bits)
{
	assert_int_equal(bits, DRIVER_SIGNAL_IRQ(cap - HANDLE));
	(void)notification;
	return DRV_OK;
}

err_t irq_ack(cap_t cap)
{
	assert_in_range(cap, HANDLE, HANDLE + 1);
	world.acks[cap - HANDLE]++;
	return DRV_OK;
}

err_t cap_irq_wait(cap_t cap, uint32_t timeout_ms, uint32_t *count)
{
	(void)cap, (void)timeout_ms, (void)count;
	tell("waits-in-the-kernel");
	return DRV_OK;
}

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	*info = (cap_info_t){.type = CAP_PIO, .scope0 = PIO_SCOPE(PORT, PORT + 1)};
	if (cap >= HANDLE)
		*info =
		    (cap_info_t){.type = CAP_IRQ,
				 .scope0 = IRQ_SCOPE(LINE + cap - HANDLE, LINE + cap - HANDLE)};
	return DRV_OK;
}

#define ACCESS(bits)                                                                           \
	err_t driver_in##bits(unsigned index, uint16_t port, uint##bits##_t *value)            \
	{                                                                                      \
		assert_true(index == 0 && port == PORT);                                       \
		assert_in_range(++world.accesses, 1, LIMIT);                                   \
		*value = (uint##bits##_t)world.accesses;                                       \
		return DRV_OK;                                                                 \
	}                                                                                      \
	err_t driver_out##bits(unsigned index, uint16_t port, uint##bits##_t value)            \
	{                                                                                      \
		(void)value;                                                                   \
		assert_true(index == 0 && port == PORT);                                       \
		assert_in_range(++world.accesses, 1, LIMIT);                                   \
		return DRV_OK;                                                                 \
	}
ACCESS(8)
ACCESS(16)
ACCESS(32)

int32_t cap_acquire(uint32_t type, uint32_t scope0, uint32_t scope1)
{
	(void)type, (void)scope0, (void)scope1;
	return DRV_EPERM;
}

err_t cap_mmio_map(cap_t cap, uint32_t virt, uint32_t pages)
{
	(void)cap, (void)virt, (void)pages;
	return DRV_EPERM;
}

err_t cap_release(cap_t cap)
{
	(void)cap;
	return DRV_EBADCAP;
}

uint32_t clock_ms(void)
{
	return world.now;
}

#endif
