/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine of a row of fake_quirks.h. */
#include "fake_quirks.h"

void quirk_machine(const fake_quirk_t *quirk, fake_pc_t *pc)
{
	pc_init(pc, quirk->is ? quirk->is : &fake_8042);
	pc->faults = quirk->faults;
	pc->config = (uint8_t)((pc->config & ~pc->faults.fixed) | pc->faults.fixed_to);
	for (unsigned i = 0; i < QUIRK_RULES; i++)
		pc->rules[i] = quirk->rules[i];
	for (unsigned i = 0; i < FAKE_HAPPENING; i++)
		pc->happenings[i] = quirk->happenings[i];
	pc->multiplexing = quirk->faults.multiplexed;
	if (quirk->keyboard_test_ms)
		pc->is.test_us[FAKE_KEYBOARD] = quirk->keyboard_test_ms * FAKE_MS;
	if (quirk->ack_ms)
		pc->is.ack_us = quirk->ack_ms * FAKE_MS;
	if (quirk->no_keyboard_at_start)
		pc_unplug(pc, FAKE_KEYBOARD);
	if (quirk->no_mouse_at_start)
		pc_unplug(pc, FAKE_MOUSE);
}
