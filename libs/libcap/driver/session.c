/* SPDX-License-Identifier: BSD-2-Clause */
/* Clients' requests: sessions, the four transfers, ioctls. Whatever a client sends, it gets an
 * answer; sizes are checked before data is touched. Callbacks work on copies: they may send
 * messages themselves, and those go through the same buffer. */
#include "cap/string.h"
#include "private.h"

#define DATA (&message_buffer()->words[DRIVER_DATA_WORD])

err_t driver_make_signal(unsigned number, cap_t *signal)
{
	if (number >= DRIVER_SIGNAL_CLIENTS)
		return DRV_EINVAL;
	int32_t cap = cap_derive(driver_page()->notification_grant, RIGHT_WRITE,
				 DRIVER_SIGNAL_CLIENT(number), 0);
	if (cap < 0)
		return cap;
	*signal = (cap_t)cap;
	return DRV_OK;
}

/* The client's place, the same for all its instances. Null: no client has such a number. */
static session_t *place_of(uint32_t badge)
{
	uint32_t index = DRIVER_BADGE_NUMBER(badge) - 1;
	return index < DRIVER_SESSIONS ? &runtime.sessions[index] : NULL;
}

static session_t *find_session(uint32_t badge)
{
	session_t *session = place_of(badge);
	return session && session->badge == badge ? session : NULL;
}

bool driver_is_reserved(const session_t *session)
{
	if (session->badge & DRIVER_BADGE_OPERATOR)
		return false;
	for (uint32_t i = 0; i < DRIVER_SESSIONS; i++)
		if (runtime.sessions[i].badge & DRIVER_BADGE_OPERATOR)
			return true;
	return false;
}

static void end_session(session_t *session)
{
	if (runtime.ops->close)
		runtime.ops->close(session);
	if (session->notification)
		cap_release_some(session->notification);
	*session = (session_t){0};
}

/* An answer of nothing but a result and a value. */
static void answer_plainly(message_t *message, uint32_t value)
{
	*message = (message_t){.info = MSG_INFO(0, 2, 0), .word1 = value};
}

/* Instead of the one before, unless that is a later instance's: then who asks was given what an
 * instance had that is gone. */
static err_t begin_session(uint32_t badge, cap_t notification)
{
	session_t *session = place_of(badge);
	if (!session)
		return DRV_EPERM;
	if (session->badge && badge_is_before(badge, session->badge))
		return DRV_EGONE;
	if (session->badge)
		end_session(session);
	*session = (session_t){.badge = badge, .notification = notification};
	err_t err = runtime.ops->open ? runtime.ops->open(session) : DRV_OK;
	if (err)
		*session = (session_t){0};
	return err;
}

static int32_t do_open(session_t *session, message_t *message)
{
	cap_t notification =
	    MSG_CAP_COUNT(message->info) ? message_buffer()->caps[0] : CAP_NULL;
	err_t err = begin_session(message->badge, notification);
	(void)session; /* is the one before */
	if (err && notification)
		cap_release_some(notification);
	answer_plainly(message, err ? 0 : driver_page()->kept_since);
	return err;
}

static err_t common_ioctl(const message_t *request, ioctl_t *ioctl)
{
	bool operator=(request->badge &DRIVER_BADGE_OPERATOR) != 0;
	switch (ioctl->code) {
	case DRV_IOCTL_GET_VERSION:
		ioctl->value = driver_page()->abi;
		return DRV_OK;
	case DRV_IOCTL_GET_HEALTH:
		ioctl->value = driver_page()->health;
		((uint32_t *)ioctl->data)[0] = driver_page()->beats;
		((uint32_t *)ioctl->data)[1] = driver_page()->work;
		ioctl->out_bytes = 8;
		return DRV_OK;
	case DRV_IOCTL_RESET:
		if (!operator)
			return DRV_EPERM;
		runtime.serving = true;
		return runtime.ops->init ? runtime.ops->init() : DRV_OK;
	case DRV_IOCTL_QUIESCE:
		if (!operator)
			return DRV_EPERM;
		runtime.serving = false;
		return runtime.ops->quiesce ? runtime.ops->quiesce() : DRV_OK;
	default:
		return DRV_ENOTSUP;
	}
}

static int32_t do_ioctl(session_t *session, message_t *message)
{
	uint32_t data[DRIVER_DATA_MAX / 4] = {0};
	uint32_t words = MSG_WORD_COUNT(message->info);
	ioctl_t ioctl = {.code = message->word0,
			 .argument = message->word1,
			 .in_bytes =
			     words > DRIVER_DATA_WORD ? (words - DRIVER_DATA_WORD) * 4 : 0,
			 .data = data};
	err_t err = DRV_ENOTSUP;
	memcpy(data, DATA, ioctl.in_bytes);
	if (ioctl.code < DRV_IOCTL_OWN)
		err = common_ioctl(message, &ioctl);
	else if (!session)
		err = DRV_EGONE;
	else if (runtime.ops->ioctl)
		err = runtime.ops->ioctl(session, &ioctl);
	if (ioctl.out_bytes > DRIVER_DATA_MAX)
		err = DRV_EMSGSIZE;
	if (err) {
		answer_plainly(message, 0);
		return err;
	}
	memcpy(DATA, data, ioctl.out_bytes);
	message_trim(DATA, ioctl.out_bytes);
	*message =
	    (message_t){.info = MSG_INFO(0, DRIVER_DATA_WORD + (ioctl.out_bytes + 3) / 4, 0),
			.word1 = ioctl.value};
	return (int32_t)ioctl.out_bytes;
}

static int32_t do_write(session_t *session, message_t *message)
{
	uint32_t data[DRIVER_DATA_MAX / 4];
	uint32_t bytes = message->word0, sent = MSG_WORD_COUNT(message->info);
	answer_plainly(message, 0);
	if (bytes > DRIVER_DATA_MAX || sent < DRIVER_DATA_WORD + (bytes + 3) / 4)
		return DRV_EINVAL;
	memcpy(data, DATA, bytes);
	return runtime.ops->write ? runtime.ops->write(session, data, bytes) : DRV_ENOTSUP;
}

static int32_t do_read(session_t *session, message_t *message)
{
	uint32_t data[DRIVER_DATA_MAX / 4];
	uint32_t bytes = message->word0;
	answer_plainly(message, 0);
	if (bytes > DRIVER_DATA_MAX)
		return DRV_EINVAL;
	if (!runtime.ops->read)
		return DRV_ENOTSUP;
	int32_t count = runtime.ops->read(session, data, bytes);
	if (count > (int32_t)bytes)
		return DRV_EIO;
	if (count > 0) {
		memcpy(DATA, data, (uint32_t)count);
		message_trim(DATA, (uint32_t)count);
		message->info = MSG_INFO(0, DRIVER_DATA_WORD + ((uint32_t)count + 3) / 4, 0);
	}
	return count;
}

static int32_t do_seek(session_t *session, message_t *message)
{
	uint32_t position = message->word0;
	err_t err = runtime.ops->seek ? runtime.ops->seek(session, position) : DRV_ENOTSUP;
	if (err == DRV_OK)
		session->position = position;
	answer_plainly(message, 0);
	return err;
}

static int32_t do_close(session_t *session, message_t *message)
{
	end_session(session);
	answer_plainly(message, 0);
	return DRV_OK;
}

/* Each makes *message the answer, but for its result. */
static const struct request {
	int32_t (*perform)(session_t *session, message_t *message);
	bool without; /* a session */
} requests[] = {
    [DRIVER_OPEN] = {do_open, true},  [DRIVER_CLOSE] = {do_close, false},
    [DRIVER_READ] = {do_read, false}, [DRIVER_WRITE] = {do_write, false},
    [DRIVER_SEEK] = {do_seek, false}, [DRIVER_IOCTL] = {do_ioctl, true},
};

static int32_t perform(uint32_t label, message_t *message)
{
	bool known = label < sizeof(requests) / sizeof(requests[0]) && requests[label].perform;
	session_t *session = find_session(message->badge);
	if (known && (session || requests[label].without))
		return requests[label].perform(session, message);
	answer_plainly(message, 0);
	return session ? DRV_ENOTSUP : DRV_EGONE;
}

/* Before the driver serves, requests count all the same: they take its time. */
void session_request(message_t *message)
{
	uint32_t label = MSG_LABEL(message->info);
	bool taken = share_take(message->badge) && (runtime.serving || label == DRIVER_IOCTL);
	int32_t result = DRV_EAGAIN;
	if (MSG_CAP_COUNT(message->info) && (!taken || label != DRIVER_OPEN))
		cap_release_some(message_buffer()->caps[0]);
	if (taken)
		result = perform(label, message);
	else
		answer_plainly(message, 0);
	message->word0 = (uint32_t)result;
}
