/* SPDX-License-Identifier: BSD-2-Clause */
/* The sessions of ps2_telling.h: libcap's files, and what they call. */
#include "ps2_telling.h"

#include <string.h>

#include "cap/syscall.h"
#include "ps2/clients.h"
#include "test/fake/cut.h"

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
#include "libs/libcap/driver/tell.c"

#define CLIENT 7u
#define SIGNAL 33u

runtime_t runtime;
telling_t telling;

/* ---- the kernel ---- */

err_t notification_signal(cap_t notification, uint32_t bits)
{
	if (!bits) /* a look whether it is one */
		return DRV_OK;
	cut_here();
	assert_int_equal(notification, SIGNAL);
	telling.signalled = true;
	cut_here();
	return DRV_OK;
}

/* Who does not wait has the bits, and the message is dropped. */
err_t notification_tell(cap_t notification, const message_t *message, bool *taken)
{
	cut_here();
	assert_int_equal(notification, SIGNAL);
	*taken = telling.listens;
	telling.signalled = true;
	telling.has_told = telling.listens;
	telling.listens = false;
	telling.from = buffer.words[DRIVER_TOLD_WORD - 1];
	telling.next = message->word1;
	telling.bytes = MSG_LABEL(message->info);
	memcpy(telling.data, &buffer.words[DRIVER_TOLD_WORD], sizeof(telling.data));
	cut_here();
	return DRV_OK;
}

err_t cap_release_some(cap_t cap)
{
	(void)cap;
	return DRV_OK;
}

uint32_t clock_ms(void)
{
	return (uint32_t)(bench.pc.now_us / FAKE_MS);
}

uint32_t driver_now_ms(void)
{
	return clock_ms();
}

DriverContextV2 *driver_context(void)
{
	return &bench.context;
}

void driver_done(err_t result)
{
	assert_int_equal(result, DRV_OK);
}

void driver_notify(void)
{
	if (runtime.used)
		notification_signal(SIGNAL, 1);
}

err_t ipc_send(cap_t endpoint, const message_t *message, uint32_t timeout_ms)
{
	(void)endpoint;
	(void)message;
	(void)timeout_ms;
	return DRV_OK;
}

err_t ipc_call(cap_t endpoint, message_t *message, uint32_t timeout_ms)
{
	(void)endpoint;
	(void)timeout_ms;
	message->word0 = DRV_OK;
	return DRV_OK;
}

/* ---- the driver ---- */

static err_t open(session_t *session)
{
	return clients_open(&bench.ps2, session);
}

static int32_t read_at(session_t *session, uint32_t *position, void *to, uint32_t bytes)
{
	return clients_read_at(&bench.ps2, session, position, to, bytes);
}

void telling_process(void)
{
	static const driver_ops_t ops = {.open = open, .read_at = read_at};
	runtime = (runtime_t){.ops = &ops, .serving = UINT32_MAX};
	page = (driver_page_t){.manager = 44};
}

void telling_tell(void)
{
	driver_tell();
}

/* ---- the client ---- */

void telling_open(void)
{
	message_t message = {
	    .badge = CLIENT, .info = MSG_INFO(DRIVER_OPEN, 2, 1), .word1 = DRIVER_OPEN_LISTENS};
	buffer.caps[0] = SIGNAL;
	session_request(&message);
	assert_int_equal(message.word0, DRV_OK);
}

int32_t telling_read_at(uint32_t *position, void *to, uint32_t bytes)
{
	message_t message = {.badge = CLIENT,
			     .info = MSG_INFO(DRIVER_READ_AT, 2, 0),
			     .word0 = bytes,
			     .word1 = *position};
	session_request(&message);
	int32_t count = (int32_t)message.word0;
	if (count < 0)
		return count;
	*position = message.word1;
	memcpy(to, &buffer.words[2], (uint32_t)count);
	return count;
}
