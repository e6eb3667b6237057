/* SPDX-License-Identifier: BSD-2-Clause */
/* What the calls of manager.c have for those of load.c. */
#ifndef CLIENT_ASK_H
#define CLIENT_ASK_H

#include "cap/syscall.h"

/* Asks the manager with `bytes` of text, and once more after its death if that can do no harm.
 * The result is word 0 of the answer, which *message becomes; after an error of the call itself
 * it is as it was sent, or nothing. */
int32_t manager_ask(uint32_t label, const void *text, uint32_t bytes, message_t *message);

#endif
