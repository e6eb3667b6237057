/* SPDX-License-Identifier: BSD-2-Clause */
/* What came along with a signal (abi/protocol/driver.h), between the event loop that takes the
 * signal and the link that is asked for what follows. One is kept, the newest; to lose it costs
 * a request and nothing else. Makes no system call. */
#ifndef CAP_TOLD_H
#define CAP_TOLD_H

#include <stdbool.h>

#include "abi/types.h"

/* Words in which what is told can lie: all that a message has but the three before it. */
#define TOLD_WORDS 117u

/* Keeps what came with `signal`: `words` words, of which `bytes` bytes count, that follow
 * position `from` in the stream, and `next` is the position behind them. False, and nothing is
 * kept: they are none, more than there are, or more than TOLD_WORDS. */
bool told_keep(cap_t signal, uint32_t from, uint32_t next, const uint32_t *data, uint32_t words,
	       uint32_t bytes);

/* Gives what came with `signal`, if it begins at *position and fits, and moves *position behind
 * it: how many bytes; 0: there is nothing of the kind. It is given once. */
uint32_t told_take(cap_t signal, uint32_t *position, void *to, uint32_t bytes);

/* Drops what came with `signal`. */
void told_drop(cap_t signal);

#endif
