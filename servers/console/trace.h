/* SPDX-License-Identifier: BSD-2-Clause */
/* Input events as lines of the log. Pure. */
#ifndef CONSOLE_TRACE_H
#define CONSOLE_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/protocol/input.h"

/* `input: key NAME down` or `up`, `input: rel AXIS COUNT`. False: the event has no line: a
 * repetition, or what is not known. */
bool trace_line(const input_event_t *event, char *text, size_t size);

#endif
