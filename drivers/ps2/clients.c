/* SPDX-License-Identifier: BSD-2-Clause */
/* The answers of clients.h. */
#include "ps2/clients.h"

#include "cap/string.h"

#define PERIOD_MASK 0xffffu

err_t clients_open(const ps2_t *ps2, session_t *session)
{
	if (session->asked > INPUT_OPEN_MOUSE)
		return DRV_EINVAL;
	session->position = ps2->turn.page->answered;
	return DRV_OK;
}

/* Whoever is answered less than there was room for has all that there is, or comes to a gap:
 * then there is more, of which no interrupt tells. */
static int32_t answer(const ps2_t *ps2, int32_t bytes, uint32_t position)
{
	if (bytes > 0 && events_is_gap(ps2->turn.page, turn_state(&ps2->turn), position))
		driver_notify();
	return bytes;
}

int32_t clients_read(const ps2_t *ps2, session_t *session, void *to, uint32_t bytes)
{
	const ps2_state_t *state = turn_state(&ps2->turn);
	ps2_page_t *page = ps2->turn.page;
	uint8_t devices = (uint8_t)session->asked;
	if (driver_is_reserved(session))
		return DRV_EPERM;
	int32_t count = events_read(page, state, devices, &session->position, to, bytes);
	if (count == DRV_EOVERFLOW)
		session->position = events_resume(page, state, devices, session->position);
	return answer(ps2, count, session->position);
}

int32_t clients_read_at(const ps2_t *ps2, const session_t *session, uint32_t *position,
			void *to, uint32_t bytes)
{
	if (driver_is_reserved(session))
		return DRV_EPERM;
	int32_t count = events_read(ps2->turn.page, turn_state(&ps2->turn),
				    (uint8_t)session->asked, position, to, bytes);
	return answer(ps2, count, *position);
}

static void get_state(const ps2_t *ps2, const session_t *session, ioctl_t *request)
{
	const ps2_state_t *state = turn_state(&ps2->turn);
	ps2_page_t *page = ps2->turn.page;
	input_state_t held;
	request->value = events_resume(page, state, (uint8_t)session->asked, request->argument);
	events_state_at(page, state, request->value, &held);
	memcpy(request->data, &held, sizeof(held));
	request->out_bytes = sizeof(held);
}

err_t clients_ioctl(ps2_t *ps2, const session_t *session, ioctl_t *request, bool *changed)
{
	uint32_t argument = request->argument;
	if (request->code < INPUT_IOCTL_GET_STATE || request->code > INPUT_IOCTL_SET_REPEAT)
		return DRV_ENOTSUP;
	if (driver_is_reserved(session))
		return DRV_EPERM;
	*changed = request->code != INPUT_IOCTL_GET_STATE;
	if (request->code == INPUT_IOCTL_SET_LEDS)
		return keyboard_set_leds(&ps2->turn, argument);
	if (request->code == INPUT_IOCTL_SET_REPEAT)
		return keyboard_set_repeat(&ps2->turn, argument >> 16, argument & PERIOD_MASK);
	get_state(ps2, session, request);
	return DRV_OK;
}

void clients_stats(const ps2_t *ps2, driver_stats_t *rows)
{
	static const ps2_state_t none;
	const ps2_state_t *state = ps2->turn.page ? turn_state(&ps2->turn) : &none;
	const ps2_stats_t *stats = &ps2->turn.stats;
#define PS2_X_ROW(name) driver_stat(rows, #name, stats->name);
	PS2_STATS(PS2_X_ROW)
#undef PS2_X_ROW
	driver_stat(rows, "device_id", state->devices[PS2_KEYBOARD].id);
	driver_stat(rows, "mouse_id", state->devices[PS2_MOUSE].id);
	driver_stat(rows, "state", ps2->shown);
	driver_stat(rows, "keyboard_state", state->devices[PS2_KEYBOARD].state);
	driver_stat(rows, "mouse_state", state->devices[PS2_MOUSE].state);
	driver_stat(rows, "init_error", (uint32_t)ps2->init_error);
}
