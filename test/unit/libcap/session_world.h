/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver runtime as clients see it: its files are included, and what they call is here. */
#ifndef SESSION_WORLD_H
#define SESSION_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)
#include "libs/libcap/driver/private.h"

static driver_page_t page;
#define driver_page() (&page)
#include "libs/libcap/driver/ask.c"
#include "libs/libcap/driver/session.c"
#undef DATA
#include "libs/libcap/driver/share.c"
#include "libs/libcap/driver/stats.c"

#define OLD    0xa5u /* what earlier messages left in the buffer */
#define CLIENT 7u
#define COMES  90u /* a capability that comes along */
#define OWN    DRV_IOCTL_OWN

runtime_t runtime;
static uint32_t now_ms;
static message_t told;	  /* what the manager was told last … */
static uint32_t tells;	  /* … of so many messages */
static err_t hears;	  /* what a message to the manager answers */
static message_t asked;	  /* what the manager was called with last */
static err_t calls;	  /* what a call to the manager answers … */
static err_t says;	  /* … and the manager */
static uint32_t closed;	  /* sessions */
static uint32_t released; /* times that COMES was */
static err_t signalled;	  /* what the kernel says to a signal to COMES */
static uint32_t answered; /* bytes that the driver answers */
static uint32_t old_seen; /* bytes of earlier messages that the driver saw */

/* Of OPEN, which looks what came along; or of a driver to the session with this one. */
#define SIGNALLED 33u
static unsigned plain_signals;

err_t notification_signal(cap_t notification, uint32_t bits)
{
	if (notification == SIGNALLED) {
		assert_int_equal(bits, 1);
		plain_signals++;
		return DRV_OK;
	}
	assert_int_equal(notification, COMES);
	assert_int_equal(bits, 0);
	return signalled;
}

err_t cap_release_some(cap_t cap)
{
	assert_int_equal(cap, COMES);
	released++;
	return DRV_OK;
}

uint32_t clock_ms(void)
{
	return now_ms;
}

DriverContextV2 *driver_context(void)
{
	return &page.context;
}

err_t ipc_send(cap_t endpoint, const message_t *message, uint32_t timeout_ms)
{
	(void)endpoint;
	assert_int_equal(timeout_ms, TIMEOUT_POLL);
	told = *message;
	tells += hears == DRV_OK;
	return hears;
}

err_t ipc_call(cap_t endpoint, message_t *message, uint32_t timeout_ms)
{
	assert_int_equal(endpoint, page.manager);
	assert_int_not_equal(timeout_ms, TIMEOUT_FOREVER);
	assert_int_equal(buffer.accept, 0);
	asked = *message;
	*message = (message_t){.word0 = (uint32_t)says};
	memset(&buffer, OLD, sizeof(buffer));
	return calls;
}

static void note_close(session_t *session)
{
	(void)session;
	closed++;
}

static int32_t read_some(session_t *session, void *to, uint32_t bytes)
{
	(void)session;
	memset(to, 'd', answered < bytes ? answered : bytes);
	return (int32_t)answered;
}

static err_t do_something(session_t *session, ioctl_t *ioctl)
{
	(void)session;
	for (uint32_t i = ioctl->in_bytes; i < DRIVER_DATA_MAX; i++)
		old_seen += ((const uint8_t *)ioctl->data)[i] == OLD;
	memset(ioctl->data, 'd', answered < DRIVER_DATA_MAX ? answered : DRIVER_DATA_MAX);
	ioctl->out_bytes = answered;
	return DRV_OK;
}

static int fresh(void **state)
{
	static const driver_ops_t ops = {
	    .read = read_some, .ioctl = do_something, .close = note_close};
	(void)state;
	runtime = (runtime_t){.ops = &ops, .serving = UINT32_MAX};
	runtime.sessions[CLIENT - 1].badge = CLIENT;
	page = (driver_page_t){.manager = 44};
	asked = (message_t){0};
	calls = says = DRV_OK;
	released = 0;
	signalled = DRV_OK;
	now_ms = tells = closed = 0;
	hears = DRV_OK;
	memset(&buffer, OLD, sizeof(buffer));
	old_seen = 0;
	return 0;
}

/* What a request without data is answered. */
static err_t ask(uint32_t badge, uint32_t label)
{
	message_t message = {.badge = badge, .info = MSG_INFO(label, 2, 0)};
	answered = 0;
	session_request(&message);
	return (err_t)message.word0;
}

#endif
