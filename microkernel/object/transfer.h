/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving one message from a sender to a receiver: registers, buffer words, capabilities. */
#ifndef OBJECT_TRANSFER_H
#define OBJECT_TRANSFER_H

#include "object/thread.h"

typedef struct transfer {
	tcb_t *from, *to;
	uint32_t info;
	uint32_t badge;
	bool can_grant; /* may capabilities go along? */
} transfer_t;

/* Moves the message and puts badge, info and the first words into the receiver's registers
 * with result DRV_OK. A receiver without a buffer gets two words at most, and is told so many.
 * On error nothing was moved; the error is the sender's:
 *   DRV_EPERM   capabilities without the right to grant
 *   DRV_EBADCAP one of them is not live
 *   DRV_EINVAL  one of them cannot be derived
 *   DRV_EFAULT  the sender's buffer is gone
 *   DRV_ENOTSUP the receiver does not take that many
 *   DRV_ENOMEM  the receiver has no free slots */
err_t transfer_message(const transfer_t *transfer);

/* What moving a message costs at most, in instructions. */
static inline uint32_t transfer_cost(uint32_t info)
{
	return 300 + MSG_WORD_COUNT(info) + 200 * MSG_CAP_COUNT(info);
}

/* Copies the words that do not travel in registers; there must be such. */
static inline void transfer_words(message_buffer_t *to, const message_buffer_t *from,
				  uint32_t words)
{
	arch_copy_words(&to->words[2], &from->words[2], words - 2);
}

/* Moves what a message has of words beyond one of two: how many arrive. A receiver sees nothing
 * of its peer that the message does not name. */
uint32_t transfer_rest(const tcb_t *from, tcb_t *to, uint32_t words);

/* Moves a message without capabilities as transfer_message() does; its sender has a buffer, or
 * it has two words at most. */
static inline void transfer_plain(const tcb_t *from, tcb_t *to, uint32_t badge, uint32_t info)
{
	uint32_t words = MSG_WORD_COUNT(info);
	frame_set_word(&to->frame, 2, frame_word(&from->frame, 2));
	frame_set_word(&to->frame, 3, frame_word(&from->frame, 3));
	if (words != 2)
		info += transfer_rest(from, to, words) - words;
	frame_set_result(&to->frame, DRV_OK);
	frame_set_word(&to->frame, 0, badge);
	frame_set_word(&to->frame, 1, info);
}

/* Gives a message that fits the registers. */
static inline void transfer_registers(tcb_t *to, uint32_t badge, uint32_t info, uint32_t word0,
				      uint32_t word1)
{
	frame_set_result(&to->frame, DRV_OK);
	frame_set_word(&to->frame, 0, badge);
	frame_set_word(&to->frame, 1, info);
	frame_set_word(&to->frame, 2, word0);
	frame_set_word(&to->frame, 3, word1);
}

/* Where a fault's message has the thread's registers. */
static inline thread_registers_t *fault_registers(message_buffer_t *buffer)
{
	return (thread_registers_t *)&buffer->words[FAULT_WORD_REGISTERS];
}

/* Moves the message of the fault that is noted in `from`. Cannot fail. */
void transfer_fault(tcb_t *from, tcb_t *to, uint32_t badge);

#endif
