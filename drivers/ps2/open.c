/* SPDX-License-Identifier: BSD-2-Clause */
/* How the driver begins, with or without what the instance before kept (controller.h). */
#include "ps2/controller.h"
#include "ps2/i8042.h"
#include "ps2/keyboard/rows.h"
#include "ps2/live.h"
#include "ps2/mouse/rows.h"

void ps2_init(ps2_t *ps2)
{
	*ps2 = (ps2_t){0};
	device_init(&ps2->keyboard.device, &keyboard_kind);
	device_init(&ps2->mouse.device, &mouse_kind);
}

/* The first state of all. */
static void begin_afresh(turn_t *turn, uint32_t first, bool lost)
{
	ps2_page_t *page = turn->page;
	ps2_state_t *state = turn_edit(turn);
	page->tried = 0;
	page->empty[PS2_KEYBOARD] = page->empty[PS2_MOUSE] = 0;
	state->taken = page->taken.count;
	state->leds = INPUT_LEDS_FOLLOW;
	state->repeat = state->repeat_sent = KBD_REPEAT_BEGINS;
	scan_init(&state->scan, SCAN_SET1);
	events_begin(page, state, first);
	if (lost)
		events_gap(page, state, PS2_BOTH, turn->now_ms);
	turn_commit(turn);
}

/* The byte that the dead instance took from the device and did not bring to its end. Its step
 * is made now; the second time that such a step ends in a death it is made without the byte. */
static void resume_byte(ps2_t *ps2)
{
	ps2_page_t *page = ps2->turn.page;
	uint32_t beyond = page->taken.count - turn_state(&ps2->turn)->taken;
	bool tried = page->tried == page->taken.count;
	if (beyond == 0)
		return;
	if (beyond > 1) { /* of a set-up of the controller */
		turn_edit(&ps2->turn)->warm = false;
		turn_edit(&ps2->turn)->taken = page->taken.count;
	} else if (tried) {
		live_drop(ps2, (uint8_t)page->status);
	} else {
		page->tried = page->taken.count;
		ps2->turn.stats.resumed++;
		ps2->keyboard.echo_due = true; /* it is not asked for anything before */
		live_take(ps2, (uint8_t)page->status, (uint8_t)page->taken.value);
		ps2->keyboard.echo_due = false;
	}
	turn_commit(&ps2->turn);
}

err_t ps2_open(ps2_t *ps2, const DriverContextV2 *context, uint32_t first, bool lost,
	       uint32_t now_ms, bool *kept)
{
	turn_t *turn = &ps2->turn;
	err_t err = keep_open(&turn->pair, context, offsetof(ps2_page_t, pair),
			      PS2_KEPT_VERSION, sizeof(ps2_state_t));
	if (err && err != DRV_ENOENT)
		return err;
	turn->page = (ps2_page_t *)(uintptr_t)context->shared_cfg;
	turn->state = keep_live(&turn->pair);
	turn->now_ms = now_ms;
	*kept = !err;
	if (err)
		begin_afresh(turn, first, lost);
	else if (turn_state(turn)->warm)
		resume_byte(ps2);
	return DRV_OK;
}
