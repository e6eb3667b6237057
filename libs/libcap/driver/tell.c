/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals that say what came. A driver that has nobody wait for it never waits for who is told:
 * who does not listen just then is signalled, and asks. */
#include "cap/string.h"
#include "private.h"

#define DATA (&message_buffer()->words[DRIVER_TOLD_WORD])

#define READERS_MS	10u
#define READERS_POLL_MS 1u

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

static bool is_behind(session_t *session)
{
	uint32_t data[DRIVER_TOLD_MAX / 4], next = session->next;
	if (!session->badge || !(session->how & DRIVER_OPEN_LISTENS))
		return false;
	return !session->knows || runtime.ops->read_at(session, &next, data, sizeof(data)) != 0;
}

static bool somebody_is_behind(void)
{
	for (uint32_t i = 0; runtime.ops->read_at && i < DRIVER_SESSIONS; i++)
		if (is_behind(&runtime.sessions[i]))
			return true;
	return false;
}

/* The manager may stop the driver as soon as it is told that this is quiesced: who listens, and
 * has still to read what came of that, has READERS_MS. `seq`: of the step, which is done but
 * for that; 0: it is time to look. */
__attribute__((cold)) static void await_readers(uint32_t seq)
{
	uint32_t now = driver_now_ms();
	if (seq) {
		runtime.readers_seq = seq;
		runtime.readers_until = now + READERS_MS;
		runtime.quiet = true;
		runtime.timers = 0;
	}
	if (runtime.readers_seq != runtime.command_seq)
		return; /* another command came */
	if ((int32_t)(now - runtime.readers_until) < 0 && somebody_is_behind()) {
		runtime.timers |= 1u << TIMER_READERS;
		runtime.timer_at[TIMER_READERS] = now + READERS_POLL_MS;
		return;
	}
	lifecycle_answer(runtime.readers_seq, DRV_OK);
}

void driver_tell(void)
{
	runtime.readers = await_readers;
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
