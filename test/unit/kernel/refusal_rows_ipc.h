/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls on endpoints, reply objects and notifications refuse. Data only. */
#ifndef REFUSAL_ROWS_IPC_H
#define REFUSAL_ROWS_IPC_H

#include "refusal_rows.h"

/* -- Messages. -------------------------------------------------------------------------- */

#define PLAIN	 MSG_INFO(1, 4, 0)
#define ONE_CAP	 MSG_INFO(1, 0, 1)
#define TWO_CAPS MSG_INFO(1, 0, 2)

/* Info words that no message can have. */
#define BAD_INFO(cap)                                                                          \
	REFUSE(DRV_EMSGSIZE, cap, MSG_INFO(1, MSG_WORDS + 1, 0)),                              \
	    REFUSE(DRV_EMSGSIZE, cap, MSG_INFO(1, 255, 0)),                                    \
	    REFUSE(DRV_EMSGSIZE, cap, MSG_INFO(1, 0, MSG_CAPS + 1)),                           \
	    REFUSE(DRV_EMSGSIZE, cap, MSG_INFO(1, 0, 255)),                                    \
	    REFUSE(DRV_EMSGSIZE, cap, UINT32_MAX),                                             \
	    REFUSE(DRV_EPERM, cap, MSG_INFO(MSG_LABEL_KERNEL, 0, 0)),                          \
	    REFUSE(DRV_EPERM, cap, MSG_INFO(FAULT_EXIT, MSG_WORDS, 0)),                        \
	    REFUSE(DRV_EPERM, cap, MSG_INFO(0xffff, MSG_WORDS, MSG_CAPS)),                     \
	    REFUSE_AS(AS_BARE, DRV_EFAULT, cap, MSG_INFO(1, 0, 0))

/* Answers the caller that waits. */
#define ANSWERING(place, accepted, any, needed, info)                                          \
	{                                                                                      \
		.kind = ROW_HANDLE, .at = (place), .types = (accepted), .loose = (any),        \
		.rights = (needed), .reply = ROLE(REPLY_TIED), .cap = {THE(FRAME)},            \
		.arg = { THE(ENDPOINT),                                                        \
			 info }                                                                \
	}

/* Both calls that send. */
#define SENDING                                                                                \
	HANDLE(0, T(ENDPOINT), RIGHT_WRITE, THE(ENDPOINT), PLAIN),                             \
	    BAD_INFO(ROLE(ENDPOINT_SERVED)), REFUSE_NOW(DRV_ETIMEDOUT, THE(ENDPOINT), PLAIN),  \
	    REFUSE(CLOSED_WITH, ROLE(ENDPOINT_CLOSED), PLAIN),                                 \
	    REFUSE_CAPS(DRV_EPERM, THE(FRAME), 0, ROLE(SERVED_NO_GRANT), ONE_CAP),             \
	    REFUSE_CAPS(DRV_ENOTSUP, THE(FRAME), THE(FRAME), ROLE(ENDPOINT_SERVED), TWO_CAPS), \
	    REFUSE_CAPS(DRV_EBADCAP, THE(FRAME), 0, ROLE(ENDPOINT_SERVED), TWO_CAPS),          \
	    REFUSE_CAPS(DRV_EINVAL, THE(FRAME), THE(UNTYPED), ROLE(ENDPOINT_SERVED),           \
			TWO_CAPS),                                                             \
	    LOOSE(IN_CAP, DERIVABLE, ROLE(ENDPOINT_SERVED), ONE_CAP)

static const refusal_row_t rows_IPC_SEND[] = {
    SENDING,
    REFUSE_CAPS(DRV_ENOMEM, THE(FRAME), 0, ROLE(ENDPOINT_CROWDED), ONE_CAP),
};

static const refusal_row_t rows_IPC_CALL[] = {
    SENDING,
    REFUSE(DRV_ENOTSUP, ROLE(ENDPOINT_ONEWAY), PLAIN),
    REFUSE_CAPS(DRV_ENOTSUP, THE(FRAME), 0, ROLE(ENDPOINT_ONEWAY), ONE_CAP),
};

static const refusal_row_t rows_IPC_RECV[] = {
    HANDLE(0, T(ENDPOINT), RIGHT_READ, THE(ENDPOINT), CAP_NULL, TIMEOUT_FOREVER),
    OPTIONAL(1, T(REPLY), RIGHT_WRITE, THE(ENDPOINT), THE(REPLY), TIMEOUT_FOREVER),
    REFUSE(DRV_ETIMEDOUT, THE(ENDPOINT), CAP_NULL, TIMEOUT_POLL),
    REFUSE(DRV_ETIMEDOUT, ROLE(ENDPOINT_SERVED), THE(REPLY), TIMEOUT_POLL),
    REFUSE(DRV_EBUSY, THE(ENDPOINT), ROLE(REPLY_OFFERED), TIMEOUT_FOREVER),
    REFUSE(DRV_EBUSY, THE(ENDPOINT), ROLE(REPLY_TIED), TIMEOUT_FOREVER),
    REFUSE(DRV_EBUSY, THE(ENDPOINT), ROLE(REPLY_TIED), TIMEOUT_FOREVER, ROLE(IRQ_OWNED)),
    OPTIONAL(3, T(IRQ), RIGHT_READ, THE(ENDPOINT), CAP_NULL, TIMEOUT_FOREVER, ROLE(IRQ_OWNED)),
    REFUSE(DRV_EPERM, THE(ENDPOINT), CAP_NULL, TIMEOUT_FOREVER, THE(IRQ)),
    REFUSE(DRV_EPERM, THE(ENDPOINT), CAP_NULL, TIMEOUT_FOREVER, ROLE(IRQ_TAKEN)),
    REFUSE(DRV_EINVAL, THE(ENDPOINT), CAP_NULL, TIMEOUT_FOREVER, ROLE(IRQ_MANY)),
    REFUSE_AS(AS_BARE, DRV_EFAULT, THE(ENDPOINT), CAP_NULL, TIMEOUT_FOREVER),
    REFUSE_AS(AS_BARE, DRV_EFAULT, THE(ENDPOINT), CAP_NULL, TIMEOUT_FOREVER, ROLE(IRQ_OWNED)),
};

static const refusal_row_t rows_IPC_REPLY[] = {
    HANDLE(0, T(REPLY), RIGHT_WRITE, ROLE(REPLY_TIED), PLAIN),
    LOOSE(IN_CAP, DERIVABLE, ROLE(REPLY_TIED), ONE_CAP),
    BAD_INFO(ROLE(REPLY_TIED)),
    REFUSE(DRV_EGONE, THE(REPLY), PLAIN),
    REFUSE(DRV_EGONE, ROLE(REPLY_OFFERED), PLAIN),
    REFUSE_CAPS(DRV_ENOTSUP, THE(FRAME), THE(FRAME), ROLE(REPLY_TIED), TWO_CAPS),
    REFUSE_CAPS(DRV_EBADCAP, 0, THE(FRAME), ROLE(REPLY_TIED), TWO_CAPS),
};

static const refusal_row_t rows_IPC_REPLY_RECV[] = {
    ANSWERING(0, T(ENDPOINT), 0, RIGHT_READ, PLAIN),
    ANSWERING(IN_REPLY, T(REPLY), 0, RIGHT_WRITE, PLAIN),
    ANSWERING(IN_CAP, 0, DERIVABLE, 0, ONE_CAP),
    BAD_INFO(THE(ENDPOINT)),
    REFUSE_REPLY(DRV_EBUSY, ROLE(REPLY_OFFERED), THE(ENDPOINT), PLAIN),
    REFUSE_REPLY(DRV_EBADCAP, ROLE(REPLY_TIED), THE(ENDPOINT), MSG_INFO(1, 0, 4)),
    {.kind = ROW_REFUSE,
     .error = DRV_ENOTSUP,
     .reply = ROLE(REPLY_TIED),
     .cap = {THE(FRAME), THE(FRAME)},
     .arg = {THE(ENDPOINT), TWO_CAPS}},
    {.kind = ROW_REFUSE,
     .error = DRV_ETIMEDOUT,
     .reply = THE(REPLY),
     .now = true,
     .arg = {THE(ENDPOINT), PLAIN}},
};

#define CANCEL(mode, error) REFUSE(DRV_EINVAL, THE(ENDPOINT), (mode), (uint32_t)(error))
#define CANCEL_WRONG(mode)                                                                     \
	CANCEL(mode, 0), CANCEL(mode, 1), CANCEL(mode, -1), CANCEL(mode, DRV_ERROR_LAST - 1),  \
	    CANCEL(mode, INT32_MIN), CANCEL(mode, INT32_MAX)

static const refusal_row_t rows_ENDPOINT_CANCEL[] = {
    HANDLE(0, T(ENDPOINT), RIGHT_READ, THE(ENDPOINT), CANCEL_WAITING, (uint32_t)DRV_EGONE),
    CANCEL_WRONG(CANCEL_WAITING),
    CANCEL_WRONG(CANCEL_CLOSE),
    CANCEL(CANCEL_REOPEN, 1),
    CANCEL(CANCEL_REOPEN, DRV_EGONE),
    CANCEL(CANCEL_REOPEN + 1, DRV_EGONE),
    CANCEL(CANCEL_REOPEN + 1, 0),
    CANCEL(UINT32_MAX, DRV_EGONE),
};

static const refusal_row_t rows_NOTIFICATION_SIGNAL[] = {
    HANDLE(0, T(NOTIFICATION), RIGHT_WRITE, THE(NOTIFICATION), 1),
};

static const refusal_row_t rows_NOTIFICATION_TELL[] = {
    HANDLE(0, T(NOTIFICATION), RIGHT_WRITE, THE(NOTIFICATION), PLAIN, 1),
    BAD_INFO(THE(NOTIFICATION)),
    REFUSE(DRV_EMSGSIZE, THE(NOTIFICATION), ONE_CAP, 1),
    REFUSE(DRV_EMSGSIZE, THE(NOTIFICATION), MSG_INFO(1, MSG_WORDS, MSG_CAPS), 1),
};

static const refusal_row_t rows_NOTIFICATION_WAIT[] = {
    HANDLE(0, T(NOTIFICATION), RIGHT_READ, THE(NOTIFICATION), TIMEOUT_FOREVER),
    REFUSE(DRV_ETIMEDOUT, THE(NOTIFICATION), TIMEOUT_POLL),
};

#endif
