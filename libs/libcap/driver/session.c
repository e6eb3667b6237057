/* SPDX-License-Identifier: BSD-2-Clause */
/* Clients' requests: sessions, the four transfers, ioctls. Whatever a client sends, it gets an
 * answer; sizes are checked before data is touched. Callbacks work on copies: they may send
 * messages themselves, and those go through the same buffer. */
#include "abi/protocol/manager.h"
#include "cap/string.h"
#include "private.h"

#define DATA (&message_buffer()->words[DRIVER_DATA_WORD])
ABI_ASSERT(DRIVER_SESSIONS <= 32, "a bit for each");

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

__attribute__((cold)) static void end_session(session_t *session)
{
	if (runtime.ops->close)
		runtime.ops->close(session);
	if (session->notification)
		cap_release_some(session->notification);
	*session = (session_t){0};
}

/* Instead of the one before, which is the client's own or that of an instance that is gone. */
static err_t begin_session(const message_t *request, cap_t notification)
{
	session_t *session = place_of(request->badge);
	if (!session)
		return DRV_EPERM;
	if (session->badge)
		end_session(session);
	runtime.used |= 1u << (DRIVER_BADGE_NUMBER(request->badge) - 1);
	session->badge = request->badge;
	session->notification = notification;
	session->asked = request->word0;
	session->how = request->word1;
	err_t err = runtime.ops->open ? runtime.ops->open(session) : DRV_OK;
	if (err)
		*session = (session_t){0};
	return err;
}

/* ---- the requests: each completes the answer, but for its result ---- */

static void answer_data(message_t *answer, const uint32_t *data, uint32_t bytes)
{
	uint32_t words = (bytes + 3) / 4;
	memcpy(DATA, data, 4 * words);
	message_trim(DATA, bytes);
	answer->info = MSG_INFO(0, DRIVER_DATA_WORD + words, 0);
}

__attribute__((cold)) static int32_t do_open(session_t *before, const message_t *request,
					     message_t *answer)
{
	cap_t notification =
	    MSG_CAP_COUNT(request->info) ? message_buffer()->caps[0] : CAP_NULL;
	err_t err = notification ? notification_signal(notification, 0) : DRV_OK;
	(void)before;
	if (!err) /* it is a notification */
		err = begin_session(request, notification);
	if (err && notification)
		cap_release_some(notification);
	answer->word1 = err ? 0 : driver_page()->kept_since;
	return err;
}

/* What is done about a driver is the manager's business; it may be gone just now. */
__attribute__((cold, noinline)) static err_t pass_on(const message_t *request, uint32_t code)
{
	if (!(request->badge & DRIVER_BADGE_OPERATOR))
		return DRV_EPERM;
	return ask_manager(code == DRV_IOCTL_RESET ? MANAGER_RESET : MANAGER_QUIESCE, 0);
}

/* Rare ones lie apart, and are short. */
__attribute__((cold, noinline)) static err_t common_ioctl(const message_t *request,
							  ioctl_t *ioctl)
{
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
	case DRV_IOCTL_GET_STATS:
		ioctl->out_bytes = (uint32_t)sizeof(driver_stat_t) *
				   driver_stats(ioctl->argument, ioctl->data, DRIVER_STATS_EACH,
						&ioctl->value);
		return DRV_OK;
	case DRV_IOCTL_RESET:
	case DRV_IOCTL_QUIESCE:
		return pass_on(request, ioctl->code);
	default:
		return DRV_ENOTSUP;
	}
}

__attribute__((cold)) static int32_t do_ioctl(session_t *session, const message_t *request,
					      message_t *answer)
{
	uint32_t data[DRIVER_DATA_MAX / 4] = {0};
	uint32_t words = MSG_WORD_COUNT(request->info);
	ioctl_t ioctl = {.code = request->word0,
			 .argument = request->word1,
			 .in_bytes =
			     words > DRIVER_DATA_WORD ? (words - DRIVER_DATA_WORD) * 4 : 0,
			 .data = data};
	err_t err = DRV_ENOTSUP;
	memcpy(data, DATA, ioctl.in_bytes);
	if (ioctl.code < DRV_IOCTL_OWN)
		err = common_ioctl(request, &ioctl);
	else if (!session)
		err = DRV_EGONE;
	else if (runtime.ops->ioctl)
		err = runtime.ops->ioctl(session, &ioctl);
	if (err)
		return err;
	if (ioctl.out_bytes > DRIVER_DATA_MAX)
		return DRV_EMSGSIZE;
	answer_data(answer, data, ioctl.out_bytes);
	answer->word1 = ioctl.value;
	return (int32_t)ioctl.out_bytes;
}

static int32_t do_write(session_t *session, const message_t *request, message_t *answer)
{
	uint32_t data[DRIVER_DATA_MAX / 4];
	uint32_t bytes = request->word0, sent = MSG_WORD_COUNT(request->info);
	(void)answer;
	if (bytes > DRIVER_DATA_MAX || sent < DRIVER_DATA_WORD + (bytes + 3) / 4)
		return DRV_EINVAL;
	memcpy(data, DATA, bytes);
	return runtime.ops->write ? runtime.ops->write(session, data, bytes) : DRV_ENOTSUP;
}

/* Of both kinds: the driver moves a session, or the position that its client has. */
static int32_t do_read(session_t *session, const message_t *request, message_t *answer)
{
	uint32_t data[DRIVER_DATA_MAX / 4];
	uint32_t bytes = request->word0;
	const driver_ops_t *ops = runtime.ops;
	bool at = MSG_LABEL(request->info) == DRIVER_READ_AT;
	if (bytes > DRIVER_DATA_MAX)
		return DRV_EINVAL;
	if (at ? !ops->read_at : !ops->read)
		return DRV_ENOTSUP;
	answer->word1 = request->word1;
	int32_t count = at ? ops->read_at(session, &answer->word1, data, bytes)
			   : ops->read(session, data, bytes);
	if (count > (int32_t)bytes)
		return DRV_EIO;
	session->next = answer->word1;
	session->knows = count >= 0;
	if (count > 0)
		answer_data(answer, data, (uint32_t)count);
	return count;
}

__attribute__((cold)) static int32_t do_seek(session_t *session, const message_t *request,
					     message_t *answer)
{
	uint32_t position = request->word0;
	err_t err = runtime.ops->seek ? runtime.ops->seek(session, position) : DRV_ENOTSUP;
	(void)answer;
	if (err == DRV_OK)
		session->position = position;
	return err;
}

static int32_t do_close(session_t *session, const message_t *request, message_t *answer)
{
	(void)request, (void)answer;
	end_session(session);
	return DRV_OK;
}

/* By label, from DRIVER_OPEN on. */
static int32_t (*const requests[])(session_t *session, const message_t *request,
				   message_t *answer) = {do_open, do_close, do_read, do_write,
							 do_seek, do_ioctl, do_read};
ABI_ASSERT(sizeof(requests) / sizeof(requests[0]) == DRIVER_READ_AT, "a row for each request");

static int32_t perform(const message_t *request, message_t *answer)
{
	uint32_t label = MSG_LABEL(request->info);
	session_t *session = find_session(request->badge);
	if (!session && label != DRIVER_OPEN && label != DRIVER_IOCTL)
		return DRV_EGONE;
	if (label - DRIVER_OPEN >= sizeof(requests) / sizeof(requests[0]))
		return DRV_ENOTSUP;
	return requests[label - DRIVER_OPEN](session, request, answer);
}

/* While the driver does not serve, requests count all the same: they take its time. What it
 * answers then is what every driver does. */
void session_request(message_t *message)
{
	message_t answer = {.info = MSG_INFO(0, 2, 0)};
	uint32_t label = MSG_LABEL(message->info);
	bool common = label == DRIVER_IOCTL && message->word0 < DRV_IOCTL_OWN;
	bool serves = runtime.serving >> label % 32 & 1;
	bool taken = share_take(message->badge) && (serves || common);
	if (MSG_CAP_COUNT(message->info) && (!taken || label != DRIVER_OPEN))
		cap_release_some(message_buffer()->caps[0]);
	answer.word0 = (uint32_t)(taken ? perform(message, &answer) : DRV_EAGAIN);
	*message = answer;
}
