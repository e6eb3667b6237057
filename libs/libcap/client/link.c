/* SPDX-License-Identifier: BSD-2-Clause */
/* The connections of cap/link.h. */
#include "cap/link.h"

#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "cap/told.h"

#define TRIES 3u /* of one request */

/* A request as it is made again. */
typedef struct request {
	uint32_t label;
	uint32_t word0, word1; /* as in abi/protocol/driver.h */
	void *to;
	const void *from;
	uint32_t *value, *bytes;
	uint32_t room;
} request_t;

void link_lose(link_t *link, err_t error)
{
	link->open = false;
	link->patient = error == DRV_ETIMEDOUT;
	link->retry_at = clock_ms() + LINK_RETRY_MS;
	if (error == DRV_EBADCAP && link->client.endpoint) {
		cap_release(link->client.endpoint);
		link->client.endpoint = CAP_NULL;
	}
}

static bool may_try(const link_t *link)
{
	return !link->patient || (int32_t)(clock_ms() - link->retry_at) >= 0;
}

static void begin_session(link_t *link, uint32_t kept_since)
{
	link->open = true;
	link->patient = false;
	link->forgotten |= link->opened && kept_since > link->kept_since;
	link->kept_since = kept_since;
	link->opened++;
}

/* Who was given the signal for a session before can tell nothing any more. */
static err_t open_listening(link_t *link, uint32_t *kept_since)
{
	told_drop(link->signal);
	cap_revoke(link->signal);
	return client_open_listening(link->client, link->signal, kept_since);
}

err_t link_open(link_t *link)
{
	err_t error = DRV_OK;
	uint32_t kept_since;
	if (link->open)
		return DRV_OK;
	if (!may_try(link))
		return cap_failed(DRV_EAGAIN);
	if (!link->client.endpoint)
		error = manager_connect(link->name, &link->client.endpoint);
	if (error == DRV_OK)
		error = link->listens
			    ? open_listening(link, &kept_since)
			    : client_open_since(link->client, link->signal, &kept_since);
	if (error != DRV_OK) {
		link_lose(link, error);
		return error;
	}
	begin_session(link, kept_since);
	return DRV_OK;
}

static int32_t ask(const link_t *link, const request_t *request)
{
	switch (request->label) {
	case DRIVER_READ:
		return client_read(link->client, request->to, request->word0);
	case DRIVER_READ_AT:
		return client_read_at(link->client, request->value, request->to,
				      request->word0);
	case DRIVER_WRITE:
		return client_write(link->client, request->from, request->word0);
	case DRIVER_SEEK:
		return client_seek(link->client, request->word0);
	default:
		return client_ioctl(link->client, request->word0, request->word1,
				    request->value, request->to, request->bytes, request->room);
	}
}

static bool is_repeatable(uint32_t label)
{
#define REPEATABLE(name, value, repeatable) [(value)] = (repeatable),
	static const bool table[] = {DRIVER_REQUESTS(REPEATABLE)};
#undef REPEATABLE
	return table[label];
}

/* Does the error say that there is no session any more? */
static bool is_end(int32_t error)
{
	return error == DRV_EGONE || error == DRV_ETIMEDOUT || error == DRV_EBADCAP ||
	       error == DRV_EQUARANTINED || error == DRV_ENODEV;
}

static int32_t ask_until_done(link_t *link, const request_t *request)
{
	for (unsigned tries = 1;; tries++) {
		err_t error = link_open(link);
		if (error != DRV_OK)
			return error;
		int32_t result = ask(link, request);
		if (!is_end(result))
			return result;
		bool undone = client_was_answered() || result == DRV_EBADCAP;
		link_lose(link, result);
		if (tries == TRIES || (result != DRV_EGONE && result != DRV_EBADCAP) ||
		    (!undone && !is_repeatable(request->label)))
			return result;
	}
}

int32_t link_read(link_t *link, void *to, uint32_t bytes)
{
	return ask_until_done(link,
			      &(request_t){.label = DRIVER_READ, .word0 = bytes, .to = to});
}

int32_t link_ask_at(link_t *link, uint32_t *position, void *to, uint32_t bytes)
{
	return ask_until_done(
	    link,
	    &(request_t){.label = DRIVER_READ_AT, .word0 = bytes, .to = to, .value = position});
}

int32_t link_read_at(link_t *link, uint32_t *position, void *to, uint32_t bytes)
{
	uint32_t told =
	    link->listens && link->open ? told_take(link->signal, position, to, bytes) : 0;
	return told ? (int32_t)told : link_ask_at(link, position, to, bytes);
}

int32_t link_write(link_t *link, const void *from, uint32_t bytes)
{
	return ask_until_done(
	    link, &(request_t){.label = DRIVER_WRITE, .word0 = bytes, .from = from});
}

err_t link_seek(link_t *link, uint32_t position)
{
	return ask_until_done(link, &(request_t){.label = DRIVER_SEEK, .word0 = position});
}

err_t link_ioctl(link_t *link, uint32_t code, uint32_t argument, uint32_t *value, void *data,
		 uint32_t *bytes, uint32_t room)
{
	return ask_until_done(link, &(request_t){.label = DRIVER_IOCTL,
						 .word0 = code,
						 .word1 = argument,
						 .to = data,
						 .value = value,
						 .bytes = bytes,
						 .room = room});
}

bool link_follow(link_t *link, const manager_status_t *status)
{
	if (strcmp(link->name, status->name) != 0)
		return false;
	bool lives = status->state == STATE_RUNNING || status->state == STATE_QUIESCING;
	if (!lives || status->generation != link->generation)
		link->open = false; /* one that quiesces may still have something to say */
	link->generation = status->generation;
	if (status->state != STATE_RUNNING || link->open)
		return false;
	return link_open(link) == DRV_OK;
}
