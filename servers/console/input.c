/* SPDX-License-Identifier: BSD-2-Clause */
/* The way of input.h. */
#include "input.h"

#include "cap/driver.h"
#include "kept.h"
#include "trace.h"

static bool tracing;

static void trace(const input_event_t *event)
{
	char text[DRIVER_LINE_MAX];
	if (tracing && trace_line(event, text, sizeof(text)) && kept_is_new_line())
		driver_trace("%s", text);
}

static err_t ask_place(link_t *driver)
{
	place_t place;
	uint32_t bytes = 0;
	err_t err = link_ioctl(driver, INPUT_IOCTL_GET_STATE, kept_desk()->position,
			       &place.position, &place.held, &bytes, sizeof(place.held));
	if (err)
		return err;
	if (bytes != sizeof(place.held))
		return DRV_EIO;
	kept_found(&place);
	return DRV_OK;
}

/* Events are missing. What was held and is not any more is released: its own event is lost. */
static void go_to_place(const place_t *place, desk_change_t *change)
{
	desk_t *desk = kept_next();
	if (tracing && desk->known && kept_is_new_line())
		driver_trace("input: lost");
	desk_release(desk, &place->held, trace);
	desk->known = desk->known < UINT8_MAX ? desk->known + 1 : 1;
	desk->position = place->position;
	kept_commit();
	change->any = true;
}

/* Not inlined: where it begins, the events have come (test/bench/README.md). */
__attribute__((noinline)) static void take_events(const input_event_t *events, uint32_t count,
						  uint32_t position, desk_change_t *change)
{
	desk_t *desk = kept_next();
	for (uint32_t i = 0; i < count; i++) {
		if (tracing)
			trace(&events[i]);
		desk_take(desk, kept_around(), &events[i], change);
	}
	desk->position = position;
	kept_commit();
}

int32_t input_move(link_t *driver, bool traces, desk_change_t *change, bool *more)
{
	input_event_t events[DESK_BATCH];
	const desk_t *desk = kept_desk();
	uint32_t position = desk->position;
	int32_t bytes = DRV_EOVERFLOW;
	tracing = traces;
	if (desk->known && !kept_place(desk))
		bytes = link_read_at(driver, &position, events, sizeof(events));
	if (bytes == DRV_EOVERFLOW) {
		err_t err = kept_place(desk) ? DRV_OK : ask_place(driver);
		if (!err)
			go_to_place(kept_place(desk), change);
		*more = !err;
		return err;
	}
	*more = bytes == (int32_t)sizeof(events);
	if (bytes < 0)
		return bytes;
	uint32_t count = (uint32_t)bytes / (uint32_t)sizeof(events[0]);
	if (position != desk->position)
		take_events(events, count, position, change);
	return (int32_t)count;
}
