/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals that say what came. A driver that has nobody wait for it never waits for who is told:
 * who does not listen just then is signalled, and asks. */
#include "cap/string.h"
#include "private.h"

#define DATA (&message_buffer()->words[DRIVER_TOLD_WORD])

/* Sends what was read. True: the client has it, and was waiting. */
static bool send(const session_t *session, uint32_t next, const uint32_t *data, uint32_t bytes)
{
	bool taken = false;
	uint32_t words = (bytes + 3) / 4;
	message_t message = {
	    .info = MSG_INFO(bytes, DRIVER_TOLD_WORD + words, 0), .word0 = 1, .word1 = next};
	message_buffer()->words[DRIVER_TOLD_WORD - 1] = session->next;
	memcpy(DATA, data, 4 * words);
	message_trim(DATA, bytes);
	/* A kernel before ABI 2.4 has no such call. */
	if (notification_tell(session->notification, &message, &taken) != DRV_OK)
		notification_signal(session->notification, 1);
	return taken;
}

/* Reads for the client what follows the place where it is. What it knows not is where it is
 * while that is under way: the driver may signal. */
static void tell_to(session_t *session)
{
	uint32_t data[DRIVER_TOLD_MAX / 4], next = session->next;
	session->knows = false;
	int32_t count = runtime.ops->read_at(session, &next, data, sizeof(data));
	if (count <= 0 || (uint32_t)count > sizeof(data)) {
		notification_signal(session->notification, 1);
		return;
	}
	session->knows = send(session, next, data, (uint32_t)count);
	session->next = next;
	if ((uint32_t)count > DRIVER_TOLD_MAX - DRIVER_RECORD_MAX) /* there may be more */
		notification_signal(session->notification, 1);
}

/* ---- quiescing ---- */

/* The manager may stop the driver as soon as it is told that this is quiesced: who listens, and
 * has still to read what came of that, has so long to do it. A step that takes its time anyway
 * gives it. Only drivers that tell have this, with callbacks of their own around theirs. */
#define READERS_MS	10u
#define READERS_POLL_MS 1u

static const driver_ops_t *given;
static driver_ops_t around;
static uint32_t waits_seq, waits_until; /* the step that waits for readers; clock_ms() */

static bool is_behind(session_t *session)
{
	uint32_t data[DRIVER_TOLD_MAX / 4], next = session->next;
	if (!session->badge || !(session->how & DRIVER_OPEN_LISTENS))
		return false;
	return !session->knows || given->read_at(session, &next, data, sizeof(data)) != 0;
}

static bool somebody_is_behind(void)
{
	for (uint32_t i = 0; i < DRIVER_SESSIONS; i++)
		if (is_behind(&runtime.sessions[i]))
			return true;
	return false;
}

static void look_soon(void)
{
	runtime.timers |= 1u << TIMER_READERS;
	runtime.timer_at[TIMER_READERS] = driver_now_ms() + READERS_POLL_MS;
}

/* Reads by position are answered until the next step begins. */
static err_t quiesce(void)
{
	runtime.serving = 1u << DRIVER_READ_AT;
	err_t err = given->quiesce ? given->quiesce() : DRV_OK;
	if (err || !runtime.step_seq || !somebody_is_behind())
		return err;
	waits_seq = runtime.step_seq;
	waits_until = driver_now_ms() + READERS_MS;
	runtime.quiet = true;
	runtime.timers = 0;
	look_soon();
	return DRV_EAGAIN;
}

/* Another command may have come meanwhile. */
static void timed(unsigned index)
{
	if (index != TIMER_READERS) {
		if (given->timed)
			given->timed(index);
		return;
	}
	if (waits_seq != runtime.step_seq)
		return;
	if ((int32_t)(driver_now_ms() - waits_until) < 0 && somebody_is_behind())
		look_soon();
	else
		driver_done(DRV_OK);
}

static err_t init(void)
{
	runtime.serving = 0;
	return given->init ? given->init() : DRV_OK;
}

static err_t stop(void)
{
	runtime.serving = 0;
	return given->stop ? given->stop() : DRV_OK;
}

__attribute__((cold, noinline)) static void begin_telling(void)
{
	given = runtime.ops;
	around = *given;
	around.init = init;
	around.quiesce = quiesce;
	around.stop = stop;
	around.timed = timed;
	runtime.ops = &around;
}

void driver_tell(void)
{
	if (runtime.ops != &around)
		begin_telling();
	for (uint32_t left = runtime.used; left; left &= left - 1) {
		session_t *session = &runtime.sessions[(unsigned)__builtin_ctz(left)];
		if (!session->notification)
			continue;
		if ((session->how & DRIVER_OPEN_LISTENS) && session->knows)
			tell_to(session);
		else
			notification_signal(session->notification, 1);
	}
}
