/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls to the driver manager. */
#include "cap/manager.h"

#include <stdbool.h>

#include "cap/string.h"
#include "cap/syscall.h"
#include "libs/libcap/client/ask.h"

#define DATA		   (&message_buffer()->words[DRIVER_DATA_WORD])
#define MANAGER_TIMEOUT_MS 1000u
#define DEATH_TRIES	   3u

static cap_t manager(void)
{
	return ((const driver_page_t *)DRIVER_PAGE)->manager;
}

static bool is_repeatable(uint32_t label)
{
#define REPEATABLE(name, value, repeatable) [(value)] = (repeatable),
	static const bool table[] = {MANAGER_REQUESTS(REPEATABLE)};
#undef REPEATABLE
	return label < sizeof(table) / sizeof(table[0]) && table[label];
}

/* Calls, and once more after a death of the manager if that can do no harm: the message buffer
 * is as it was. A second death in a row is told. */
static err_t call(uint32_t label, message_t *message)
{
	message_t again = *message;
	err_t err = ipc_call(manager(), message, MANAGER_TIMEOUT_MS);
	if (err != DRV_EGONE || !is_repeatable(label))
		return err;
	*message = again;
	return ipc_call(manager(), message, MANAGER_TIMEOUT_MS);
}

/* Calls with `bytes` of text; the result is word 0 of the answer, which *message becomes. */
static int32_t request(uint32_t label, const char *text, uint32_t bytes, uint32_t caps,
		       message_t *message)
{
	message->info = MSG_INFO(label, DRIVER_DATA_WORD + (bytes + 3) / 4, caps);
	if (bytes)
		memcpy(DATA, text, bytes);
	message_trim(DATA, bytes);
	err_t err = call(label, message);
	return err ? err : cap_noted((int32_t)message->word0);
}

int32_t manager_ask(uint32_t label, const void *text, uint32_t bytes, message_t *message)
{
	message->word0 = bytes;
	return request(label, text, bytes, 0, message);
}

static int32_t named(uint32_t label, const char *name, uint32_t argument, message_t *message)
{
	size_t length = strlen(name);
	*message = (message_t){.word0 = (uint32_t)length, .word1 = argument};
	if (length > MANAGER_NAME_MAX)
		return cap_failed(DRV_EINVAL);
	return request(label, name, (uint32_t)length, 0, message);
}

/* Copies the text of an answer of `count` bytes. */
static err_t take_text(const message_t *message, int32_t count, char *text, size_t size)
{
	if (count < 0)
		return count;
	uint32_t bytes = (uint32_t)count;
	if (bytes > MANAGER_TEXT_MAX ||
	    MSG_WORD_COUNT(message->info) < DRIVER_DATA_WORD + (bytes + 3) / 4)
		return cap_failed(DRV_EIO);
	if (bytes >= size)
		return cap_failed(DRV_EMSGSIZE);
	memcpy(text, DATA, bytes);
	text[bytes] = '\0';
	return DRV_OK;
}

/* Copies the data of an answer of `count` bytes, all of it or none. */
static int32_t take_data(const message_t *message, int32_t count, void *to, size_t size)
{
	if (count < 0)
		return count;
	uint32_t bytes = (uint32_t)count;
	if (bytes > size || bytes > MANAGER_TEXT_MAX ||
	    MSG_WORD_COUNT(message->info) < DRIVER_DATA_WORD + (bytes + 3) / 4)
		return cap_failed(DRV_EIO);
	memcpy(to, DATA, bytes);
	return count;
}

err_t manager_connect(const char *name, cap_t *endpoint)
{
	message_t message;
	message_buffer()->accept = 1;
	int32_t err = named(MANAGER_CONNECT, name, 0, &message);
	if (err)
		return err;
	if (MSG_CAP_COUNT(message.info) != 1)
		return cap_failed(DRV_EIO);
	*endpoint = message_buffer()->caps[0];
	return DRV_OK;
}

/* Rows of `each` bytes, which word 1 of the answer counts: at most `most` of them. */
static int32_t take_rows(const message_t *message, int32_t answer, uint32_t each, void *rows,
			 uint32_t most)
{
	uint32_t count = message->word1;
	if (answer < 0)
		return answer;
	if (count > MANAGER_TEXT_MAX / each ||
	    MSG_WORD_COUNT(message->info) < DRIVER_DATA_WORD + count * each / 4)
		return cap_failed(DRV_EIO);
	if (count > most)
		count = most;
	memcpy(rows, DATA, count * each);
	return (int32_t)count;
}

int32_t manager_list(uint32_t first, manager_status_t *rows, uint32_t most)
{
	message_t message = {.word0 = first};
	int32_t err = request(MANAGER_STATUS, NULL, 0, 0, &message);
	int32_t count = take_rows(&message, err, sizeof(*rows), rows, most);
	for (int32_t i = 0; i < count; i++)
		rows[i].name[MANAGER_NAME_MAX] = '\0';
	return count;
}

err_t manager_status(uint32_t index, manager_status_t *status)
{
	int32_t count = manager_list(index, status, 1);
	if (count < 0)
		return count;
	return count ? DRV_OK : cap_failed(DRV_EIO);
}

err_t manager_audit(audit_report_t *report)
{
	message_t message = {0};
	int32_t err = request(MANAGER_AUDIT, NULL, 0, 0, &message);
	if (err < 0)
		return err;
	if (MSG_WORD_COUNT(message.info) < DRIVER_DATA_WORD + sizeof(*report) / 4)
		return cap_failed(DRV_EIO);
	memcpy(report, DATA, sizeof(*report));
	return DRV_OK;
}

/* All pieces are of one report, or *number changes. */
static int32_t death_pieces(const char *name, uint32_t piece, char *data, uint32_t size,
			    uint32_t *number)
{
	uint32_t at = 0;
	while (at < size) {
		message_t message;
		int32_t count = named(MANAGER_DEATH, name, piece + at, &message);
		if (count < 0)
			return count;
		uint32_t bytes = (uint32_t)count;
		if (bytes > MANAGER_TEXT_MAX ||
		    MSG_WORD_COUNT(message.info) < DRIVER_DATA_WORD + (bytes + 3) / 4)
			return cap_failed(DRV_EIO);
		if (at && *number != message.word1)
			return DRV_EBUSY;
		*number = message.word1;
		if (!bytes)
			break;
		if (bytes > size - at)
			bytes = size - at;
		memcpy(data + at, DATA, bytes);
		at += bytes;
	}
	return (int32_t)at;
}

int32_t manager_death(const char *name, enum death_part part, uint32_t report, uint32_t at,
		      void *data, uint32_t size, uint32_t *number)
{
	int32_t count = DRV_EBUSY;
	for (uint32_t tries = 0; count == DRV_EBUSY && tries < DEATH_TRIES; tries++) {
		memset(data, 0, size);
		count = death_pieces(name, DEATH_PIECE(part, report, at), data, size, number);
	}
	return count == DRV_EBUSY ? cap_failed(count) : count;
}

err_t manager_explain(const char *name, char *text, size_t size)
{
	message_t message;
	int32_t count = named(MANAGER_EXPLAIN, name, 0, &message);
	return take_text(&message, count, text, size);
}

/* Copies a structure of so many bytes out of an answer of `count`. */
static err_t take_struct(const message_t *message, int32_t count, void *to, uint32_t bytes)
{
	if (count < 0)
		return count;
	if ((uint32_t)count != bytes ||
	    MSG_WORD_COUNT(message->info) < DRIVER_DATA_WORD + bytes / 4)
		return cap_failed(DRV_EIO);
	memcpy(to, DATA, bytes);
	return DRV_OK;
}

/* Its texts end, whatever the answer was. */
err_t manager_report(const char *name, manager_report_t *report)
{
	message_t message;
	int32_t count = named(MANAGER_REPORT, name, 0, &message);
	err_t err = take_struct(&message, count, report, sizeof(*report));
	if (err)
		return err;
	report->status.name[MANAGER_NAME_MAX] = report->waits_for[MANAGER_NAME_MAX] = '\0';
	report->failure.culprit[MANAGER_NAME_MAX] = '\0';
	report->failure.why[sizeof(report->failure.why) - 1] = '\0';
	return DRV_OK;
}

err_t manager_held(const char *name, uint32_t index, manager_held_t *held)
{
	message_t message;
	int32_t count = named(MANAGER_HELD, name, index, &message);
	err_t err = take_struct(&message, count, held, sizeof(*held));
	if (err)
		return err;
	held->owner[sizeof(held->owner) - 1] = held->text[sizeof(held->text) - 1] = '\0';
	return DRV_OK;
}

err_t manager_manifest(const char *name, uint32_t from, char *text, size_t size)
{
	message_t message;
	int32_t count = named(MANAGER_MANIFEST, name, from, &message);
	return take_text(&message, count, text, size);
}

err_t manager_policy(const char *name, uint32_t first, manager_policy_t *policy)
{
	message_t message;
	int32_t count = named(MANAGER_POLICY, name, first, &message);
	err_t err = take_struct(&message, count, policy, sizeof(*policy));
	if (!err && policy->count > MANAGER_RETRIES)
		policy->count = MANAGER_RETRIES;
	return err;
}

int32_t manager_margins(const char *name, manager_margin_t rows[MARGIN_COUNT])
{
	message_t message;
	int32_t answer = named(MANAGER_MARGINS, name, 0, &message);
	return take_rows(&message, answer, sizeof(*rows), rows, MARGIN_COUNT);
}

int32_t manager_usage(uint32_t first, manager_usage_t *rows, uint32_t most)
{
	message_t message = {.word0 = first};
	int32_t answer = request(MANAGER_USAGE, NULL, 0, 0, &message);
	int32_t count = take_rows(&message, answer, sizeof(*rows), rows, most);
	for (int32_t i = 0; i < count; i++)
		rows[i].name[MANAGER_NAME_MAX] = '\0';
	return count;
}

err_t manager_uses(const char *name, enum manager_uses which, uint32_t from, char *text,
		   size_t size)
{
	message_t message;
	uint32_t names = (uint32_t)which | from << MANAGER_USES_FROM;
	int32_t count = named(MANAGER_USES, name, names, &message);
	return take_text(&message, count, text, size);
}

err_t manager_restart(const char *name)
{
	message_t message;
	return named(MANAGER_RESTART, name, 0, &message);
}

err_t manager_clear(const char *name)
{
	message_t message;
	return named(MANAGER_CLEAR, name, 0, &message);
}

err_t manager_start(const char *name)
{
	message_t message;
	return named(MANAGER_START, name, 0, &message);
}

err_t manager_stop(const char *name)
{
	message_t message;
	return named(MANAGER_STOP, name, 0, &message);
}

err_t manager_kill(const char *name)
{
	message_t message;
	return named(MANAGER_KILL, name, 0, &message);
}

err_t manager_hold(const char *name)
{
	message_t message;
	return named(MANAGER_HOLD, name, 0, &message);
}

err_t manager_release(const char *name)
{
	message_t message;
	return named(MANAGER_RELEASE, name, 0, &message);
}

err_t manager_quiesce(const char *name)
{
	message_t message;
	return named(MANAGER_QUIESCE, name, 0, &message);
}

err_t manager_reset(const char *name)
{
	message_t message;
	return named(MANAGER_RESET, name, 0, &message);
}

err_t manager_reboot(void)
{
	message_t message = {0};
	return request(MANAGER_REBOOT, NULL, 0, 0, &message);
}

int32_t manager_log_records(const manager_log_ask_t *ask, uint32_t *next, void *records,
			    size_t size)
{
	message_t message = {.word0 = sizeof(*ask)};
	int32_t count =
	    request(MANAGER_LOG_RECORDS, (const char *)ask, sizeof(*ask), 0, &message);
	count = take_data(&message, count, records, size);
	if (count >= 0)
		*next = message.word1;
	return count;
}

int32_t manager_log_read(uint32_t *position, char *text, size_t size)
{
	message_t message = {.word0 = *position, .word1 = (uint32_t)size};
	int32_t count = request(MANAGER_LOG_READ, NULL, 0, 0, &message);
	count = take_data(&message, count, text, size);
	if (count >= 0)
		*position = message.word1 + (uint32_t)count;
	return count;
}

err_t manager_log_written(uint32_t *position)
{
	message_t message = {0};
	int32_t err = request(MANAGER_LOG_WRITTEN, NULL, 0, 0, &message);
	if (err)
		return err;
	*position = message.word1;
	return DRV_OK;
}

err_t manager_subscribe(cap_t notification)
{
	message_t message = {0};
	message_buffer()->caps[0] = notification;
	return request(MANAGER_SUBSCRIBE, NULL, 0, 1, &message);
}

err_t manager_cmdline(char *text, size_t size)
{
	message_t message = {0};
	int32_t count = request(MANAGER_CMDLINE, NULL, 0, 0, &message);
	return take_text(&message, count, text, size);
}
