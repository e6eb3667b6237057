/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that bring a driver into the running system. */
#include "cap/manager.h"

#include <stdbool.h>

#include "cap/string.h"
#include "libs/libcap/client/ask.h"

#define DATA (&message_buffer()->words[DRIVER_DATA_WORD])

static err_t begin(const manager_load_t *what, enum manager_load_as as)
{
	message_t message = {.word1 = as};
	return manager_ask(MANAGER_LOAD_BEGIN, what, sizeof(*what), &message);
}

err_t manager_load_begin(const manager_load_t *what)
{
	return begin(what, MANAGER_LOAD_AS_NEW);
}

err_t manager_replace_begin(const manager_load_t *what)
{
	return begin(what, MANAGER_LOAD_AS_REPLACEMENT);
}

/* May one more be sent in this period? What else the process asks for is not counted. */
static bool is_paced(void)
{
	static uint32_t period, sent;
	uint32_t now = clock_ms() / MANAGER_PERIOD_MS;
	if (now != period)
		sent = 0;
	period = now;
	return sent++ < MANAGER_LOAD_PACE;
}

err_t manager_load_put(uint32_t offset, const void *data, uint32_t bytes)
{
	message_t message = {.word1 = offset};
	if (bytes > MANAGER_TEXT_MAX)
		return cap_failed(DRV_EINVAL);
	if (!is_paced())
		return DRV_EAGAIN;
	return manager_ask(MANAGER_LOAD_PUT, data, bytes, &message);
}

/* Without a call that was answered there is no text: the first word of a request is 0. */
err_t manager_load_commit(char *text, size_t size)
{
	message_t message = {0};
	text[0] = '\0';
	err_t err = manager_ask(MANAGER_LOAD_COMMIT, NULL, 0, &message);
	uint32_t bytes = message.word1;
	bool answered = err == (err_t)message.word0;
	if (!answered || bytes == 0)
		return err;
	if (bytes > MANAGER_TEXT_MAX ||
	    MSG_WORD_COUNT(message.info) < DRIVER_DATA_WORD + (bytes + 3) / 4)
		return err ? err : cap_failed(DRV_EIO);
	if (bytes >= size)
		return err ? err : cap_failed(DRV_EMSGSIZE);
	memcpy(text, DATA, bytes);
	text[bytes] = '\0';
	return err;
}

err_t manager_load_abort(void)
{
	message_t message = {0};
	return manager_ask(MANAGER_LOAD_ABORT, NULL, 0, &message);
}

err_t manager_unload(const char *name)
{
	message_t message = {0};
	size_t length = strlen(name);
	if (length > MANAGER_NAME_MAX)
		return cap_failed(DRV_EINVAL);
	return manager_ask(MANAGER_UNLOAD, name, (uint32_t)length, &message);
}
