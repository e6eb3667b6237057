/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of a client to a driver. The driver's answers are not trusted: counts are checked. */
#include "cap/client.h"

#include "cap/string.h"
#include "cap/syscall.h"

#define DATA (&message_buffer()->words[DRIVER_DATA_WORD])

static bool answered;

bool client_was_answered(void)
{
	return answered;
}

static uint32_t data_words(uint32_t bytes)
{
	return DRIVER_DATA_WORD + (bytes + 3) / 4;
}

/* One request without data; the result is word 0 of the answer. */
static int32_t request(client_t client, uint32_t label, uint32_t words, uint32_t caps,
		       message_t *message)
{
	message->info = MSG_INFO(label, words, caps);
	message_buffer()->accept = 0;
	uint32_t limit = client.limit_ms ? client.limit_ms : CLIENT_TIMEOUT_MS;
	err_t err = ipc_call(client.endpoint, message, limit);
	answered = err == DRV_OK;
	return err ? err : cap_noted((int32_t)message->word0);
}

static err_t open_with(client_t client, cap_t notification, uint32_t how, uint32_t *kept_since)
{
	message_t message = {.word0 = client.asked, .word1 = how};
	message_buffer()->caps[0] = notification;
	err_t err = request(client, DRIVER_OPEN, 2, notification != CAP_NULL, &message);
	if (!err)
		*kept_since = message.word1;
	return err;
}

err_t client_open_since(client_t client, cap_t notification, uint32_t *kept_since)
{
	return open_with(client, notification, 0, kept_since);
}

err_t client_open_listening(client_t client, cap_t notification, uint32_t *kept_since)
{
	return open_with(client, notification, DRIVER_OPEN_LISTENS, kept_since);
}

err_t client_open(client_t client, cap_t notification)
{
	uint32_t kept_since;
	return client_open_since(client, notification, &kept_since);
}

err_t client_close(client_t client)
{
	message_t message = {0};
	return request(client, DRIVER_CLOSE, 2, 0, &message);
}

/* *message becomes the answer. */
static int32_t read_data(client_t client, uint32_t label, message_t *message, void *to,
			 uint32_t bytes)
{
	if (bytes > DRIVER_DATA_MAX)
		return cap_failed(DRV_EINVAL);
	message->word0 = bytes;
	int32_t count = request(client, label, 2, 0, message);
	if (count <= 0)
		return count;
	if ((uint32_t)count > bytes ||
	    MSG_WORD_COUNT(message->info) < data_words((uint32_t)count))
		return cap_failed(DRV_EIO);
	memcpy(to, DATA, (uint32_t)count);
	return count;
}

int32_t client_read(client_t client, void *to, uint32_t bytes)
{
	message_t message = {0};
	return read_data(client, DRIVER_READ, &message, to, bytes);
}

int32_t client_read_at(client_t client, uint32_t *position, void *to, uint32_t bytes)
{
	message_t message = {.word1 = *position};
	int32_t count = read_data(client, DRIVER_READ_AT, &message, to, bytes);
	if (count >= 0)
		*position = message.word1;
	return count;
}

int32_t client_write(client_t client, const void *from, uint32_t bytes)
{
	message_t message = {.word0 = bytes};
	if (bytes > DRIVER_DATA_MAX)
		return cap_failed(DRV_EINVAL);
	memcpy(DATA, from, bytes);
	message_trim(DATA, bytes);
	int32_t count = request(client, DRIVER_WRITE, data_words(bytes), 0, &message);
	return count > (int32_t)bytes ? cap_failed(DRV_EIO) : count;
}

err_t client_seek(client_t client, uint32_t position)
{
	message_t message = {.word0 = position};
	return request(client, DRIVER_SEEK, 2, 0, &message);
}

err_t client_ioctl(client_t client, uint32_t code, uint32_t argument, uint32_t *value,
		   void *data, uint32_t *bytes, uint32_t room)
{
	message_t message = {.word0 = code, .word1 = argument};
	uint32_t sent = bytes ? *bytes : 0;
	if (sent > DRIVER_DATA_MAX)
		return cap_failed(DRV_EINVAL);
	if (sent)
		memcpy(DATA, data, sent);
	message_trim(DATA, sent);
	int32_t count = request(client, DRIVER_IOCTL, data_words(sent), 0, &message);
	if (count < 0)
		return count;
	if ((uint32_t)count > DRIVER_DATA_MAX ||
	    MSG_WORD_COUNT(message.info) < data_words((uint32_t)count) ||
	    (bytes && (uint32_t)count > room))
		return cap_failed(DRV_EIO);
	if (bytes) {
		memcpy(data, DATA, (uint32_t)count);
		*bytes = (uint32_t)count;
	}
	if (value)
		*value = message.word1;
	return DRV_OK;
}

int32_t client_stats(client_t client, uint32_t first, driver_stat_t rows[DRIVER_STATS_EACH],
		     uint32_t *total)
{
	uint32_t bytes = 0, room = DRIVER_STATS_EACH * sizeof(*rows);
	err_t err = client_ioctl(client, DRV_IOCTL_GET_STATS, first, total, rows, &bytes, room);
	if (err)
		return err;
	if (bytes % sizeof(*rows))
		return cap_failed(DRV_EIO);
	for (uint32_t i = 0; i < bytes / sizeof(*rows); i++)
		rows[i].name[sizeof(rows[i].name) - 1] = '\0';
	return (int32_t)(bytes / sizeof(*rows));
}
