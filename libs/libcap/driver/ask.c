/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver asks of the manager, which is rarely anything. */
#include "private.h"

#define ASK_TIMEOUT_MS 1000u

/* Not inlined, and short: two ask. */
__attribute__((cold, noinline)) err_t ask_manager(uint32_t label, uint32_t word)
{
	message_t message = {.info = MSG_INFO(label, DRIVER_DATA_WORD, 0), .word0 = word};
	message_buffer()->accept = 0;
	err_t err = ipc_call(driver_page()->manager, &message, ASK_TIMEOUT_MS);
	return err ? err : (err_t)message.word0;
}
