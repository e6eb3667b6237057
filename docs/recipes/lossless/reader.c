/* SPDX-License-Identifier: BSD-2-Clause */
/* The client of docs/lossless.md: it keeps what it has read together with the position up to
 * which it has, so that no death, the driver's or its own, lets an event be lost or come twice.
 */
#include "cap/driver.h"
#include "cap/keep.h"
#include "cap/link.h"
#include "cap/string.h"
#include "keypad.h"

#define KEPT_VERSION 1u
#define TYPED	     32u /* of the newest events are kept */
#define EACH	     8u	 /* in one request */
#define PERIOD_MS    100u
#define LIMIT_MS     200u

/* What the client makes of events, and where it is: one state. */
typedef struct typed {
	uint32_t position;
	uint32_t count; /* ever */
	uint32_t lost;	/* times that events were missing */
	keypad_event_t events[TYPED];
} typed_t;

static link_t keypad = {.name = "keypad", .client.limit_ms = LIMIT_MS, .listens = true};
static keep_pair_t kept;

/* Events are missing at the position. What a client takes for held it releases here. */
static err_t pass_gap(typed_t *next)
{
	next->lost++;
	return link_ioctl(&keypad, KEYPAD_IOCTL_WHERE, next->position, &next->position, NULL,
			  NULL, 0);
}

/* One batch, one commit. DRV_OK: there may be more. */
static int32_t read_some(void)
{
	typed_t *next = keep_next(&kept);
	keypad_event_t events[EACH];
	int32_t bytes = link_read_at(&keypad, &next->position, events, sizeof(events));
	if (bytes == DRV_EOVERFLOW)
		bytes = pass_gap(next);
	else if (bytes == 0)
		return DRV_ENOENT;
	if (bytes < 0)
		return bytes; /* nothing is committed: it is asked again */
	for (uint32_t i = 0; i < (uint32_t)bytes / sizeof(events[0]); i++)
		next->events[next->count++ % TYPED] = events[i];
	keep_commit(&kept);
	return DRV_OK;
}

static void reader_read(void)
{
	while (read_some() == DRV_OK)
		;
	driver_set_timer(PERIOD_MS);
}

static void reader_signal(uint32_t bits)
{
	(void)bits;
	reader_read();
}

static err_t reader_init(void)
{
	err_t err = keep_open(&kept, driver_context(), 0, KEPT_VERSION, sizeof(typed_t));
	if (err && err != DRV_ENOENT)
		return err;
	if (err) {
		keep_next(&kept); /* zeros */
		keep_commit(&kept);
	}
	return driver_make_signal(0, &keypad.signal);
}

static err_t reader_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {
	    .init = reader_init,
	    .run = reader_run,
	    .timer = reader_read,
	    .signal = reader_signal,
	};
	return driver_main(&ops);
}
