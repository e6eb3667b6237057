/* SPDX-License-Identifier: BSD-2-Clause */
/* A short way through the two calls that servers and clients live on. It does what the handlers
 * of SYS_IPC_CALL and SYS_IPC_REPLY_RECV do in the most common case, check for check, and
 * leaves every other case to them. */
#ifndef SYSCALL_FASTPATH_H
#define SYSCALL_FASTPATH_H

#include "object/thread.h"

/* Tries to do the current thread's call. True: it is done and another thread is current, its
 * address space and frame in place. False: nothing was changed. */
bool fastpath_call(tcb_t *caller);
bool fastpath_reply_recv(tcb_t *server);

#endif
