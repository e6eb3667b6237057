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
 * with result DRV_OK. On error nothing was moved; the error is the sender's:
 *   DRV_EPERM   capabilities without the right to grant
 *   DRV_EBADCAP one of them is not live
 *   DRV_EINVAL  one of them cannot be derived
 *   DRV_EFAULT  the sender's buffer is gone
 *   DRV_ENOTSUP the receiver does not take that many
 *   DRV_ENOMEM  the receiver has no free slots */
err_t transfer_message(const transfer_t *transfer);

/* The same for the fault that is noted in `from`. Cannot fail. */
void transfer_fault(tcb_t *from, tcb_t *to, uint32_t badge);

#endif
