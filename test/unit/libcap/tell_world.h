/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that tells one client what comes in its stream, and the kernel that takes it along.
 */
#ifndef TELL_WORLD_H
#define TELL_WORLD_H

#include "session_world.h"

#undef DATA
#include "libs/libcap/driver/tell.c"

static unsigned ended; /* steps */

uint32_t driver_now_ms(void)
{
	return now_ms;
}

void driver_done(err_t result)
{
	assert_int_equal(result, DRV_OK);
	runtime.step_seq = 0;
	ended++;
}

static struct {
	uint32_t head;	      /* position behind the newest byte of the driver's stream */
	int32_t wrong;	      /* what it answers instead, if that is not 0 */
	bool notifies;	      /* it signals everybody while it is asked */
	bool listening;	      /* the client waits in a receive */
	err_t refuses;	      /* what the kernel says to a message with a signal */
	unsigned asked, told; /* how often the driver was, and the client */
	message_t message;
	uint32_t words[MSG_WORDS];
} world;

err_t notification_tell(cap_t notification, const message_t *message, bool *taken)
{
	assert_int_equal(notification, SIGNALLED);
	world.told++;
	world.message = *message;
	memcpy(world.words, buffer.words, sizeof(world.words));
	if (world.refuses)
		return world.refuses;
	*taken = world.listening;
	return DRV_OK;
}

/* Byte n of the stream is n. */
static int32_t stream(session_t *session, uint32_t *position, void *to, uint32_t bytes)
{
	uint32_t count = world.head - *position;
	world.asked++;
	if (world.notifies)
		driver_tell();
	memset(&buffer, OLD, sizeof(buffer)); /* it may send messages itself */
	assert_int_equal(session->badge, CLIENT);
	if (world.wrong)
		return world.wrong;
	count = count < bytes ? count : bytes;
	for (uint32_t i = 0; i < count; i++)
		((uint8_t *)to)[i] = (uint8_t)(*position + i);
	*position += count;
	return (int32_t)count;
}

static session_t *client(void)
{
	return &runtime.sessions[CLIENT - 1];
}

static void open_session(uint32_t how)
{
	message_t message = {
	    .badge = CLIENT, .info = MSG_INFO(DRIVER_OPEN, 2, 1), .word1 = how};
	client()->notification = CAP_NULL;
	buffer.caps[0] = COMES;
	session_request(&message);
	assert_int_equal(message.word0, DRV_OK);
	client()->notification = SIGNALLED;
}

static uint32_t read_at(uint32_t position, uint32_t bytes)
{
	message_t message = {.badge = CLIENT,
			     .info = MSG_INFO(DRIVER_READ_AT, 2, 0),
			     .word0 = bytes,
			     .word1 = position};
	session_request(&message);
	return message.word0;
}

static int listening(void **state)
{
	static const driver_ops_t ops = {.read_at = stream, .read = read_some};
	fresh(state);
	memset(&world, 0, sizeof(world));
	world.head = 100;
	world.listening = true;
	runtime.ops = &ops;
	runtime.sessions[CLIENT - 1].badge = 0;
	open_session(DRIVER_OPEN_LISTENS);
	assert_int_equal(read_at(100, 8), 0); /* nothing is there */
	world.asked = plain_signals = 0;
	return 0;
}

#define EXPECT(tells, signals)                                                                 \
	do {                                                                                   \
		assert_int_equal(world.told, (tells));                                         \
		assert_int_equal(plain_signals, (signals));                                    \
	} while (0)

#endif
