/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving one message. Handles are read from the sender's buffer once, into a copy that is
 * then checked and used: another of its threads may be writing there. */
#include "object/transfer.h"

/* Looks up what the sender wants to transfer. */
static err_t find_caps(const transfer_t *transfer, slot_t *caps[MSG_CAPS], uint32_t count)
{
	const message_buffer_t *from = transfer->from->buffer;
	const message_buffer_t *to = transfer->to->buffer;
	cspace_t *source = thread_cspace(transfer->from);
	cspace_t *target = thread_cspace(transfer->to);
	if (!transfer->can_grant)
		return DRV_EPERM;
	if (!source)
		return DRV_EBADCAP;
	for (uint32_t i = 0; i < count; i++) {
		caps[i] = cspace_lookup(source, from->caps[i]);
		if (!caps[i])
			return DRV_EBADCAP;
		if (object_types[caps[i]->type].device && !slot_allows(caps[i], RIGHT_GRANT))
			return DRV_EPERM;
		reach_t reach;
		err_t err = slot_check_derive(caps[i], caps[i]->rights, 0, 0, &reach);
		if (err)
			return err;
	}
	if (!to || to->accept < count)
		return DRV_ENOTSUP;
	if (!target || target->free_count < count)
		return DRV_ENOMEM;
	return DRV_OK;
}

static void move_caps(const transfer_t *transfer, slot_t *caps[MSG_CAPS], uint32_t count)
{
	message_buffer_t *to = transfer->to->buffer;
	cspace_t *target = thread_cspace(transfer->to);
	for (uint32_t i = 0; i < count; i++) {
		slot_t *slot = cspace_take(target);
		slot_derive(slot, caps[i], caps[i]->rights, 0, 0);
		to->caps[i] = slot->name;
	}
}

uint32_t transfer_rest(const tcb_t *from, tcb_t *to, uint32_t words)
{
	if (words < 1)
		frame_set_word(&to->frame, 2, 0);
	if (words < 2)
		frame_set_word(&to->frame, 3, 0);
	else if (!to->buffer)
		return 2;
	else
		transfer_words(to->buffer, from->buffer, words);
	return words;
}

err_t transfer_message(const transfer_t *transfer)
{
	uint32_t count = MSG_CAP_COUNT(transfer->info);
	slot_t *caps[MSG_CAPS];
	if (!transfer->from->buffer && (MSG_WORD_COUNT(transfer->info) > 2 || count > 0))
		return DRV_EFAULT;
	if (count > 0) {
		err_t err = find_caps(transfer, caps, count);
		if (err)
			return err;
		move_caps(transfer, caps, count);
	}
	transfer_plain(transfer->from, transfer->to, transfer->badge, transfer->info);
	return DRV_OK;
}

void transfer_fault(tcb_t *from, tcb_t *to, uint32_t badge)
{
	message_buffer_t *buffer = to->buffer;
	uint32_t words = buffer ? FAULT_WORDS : FAULT_WORD_REGISTERS;
	if (buffer)
		arch_frame_get(&from->frame, fault_registers(buffer));
	transfer_registers(to, badge, MSG_INFO(from->fault_label, words, 0),
			   from->fault_address, from->fault_code);
}
