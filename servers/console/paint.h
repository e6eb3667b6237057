/* SPDX-License-Identifier: BSD-2-Clause */
/* Colours by state: how well it is that is told of. Pure. */
#ifndef CONSOLE_PAINT_H
#define CONSOLE_PAINT_H

#include "abi/protocol/manager.h"

typedef enum paint { PAINT_PLAIN, PAINT_GOOD, PAINT_BAD, PAINT_CHANGING } paint_t;

/* Of a driver's state, and of a line's level. */
paint_t paint_of_state(uint32_t state);
paint_t paint_of_level(uint32_t level);

/* Of a line of the log or of an answer: a failure is bad; a change of state is as the state
 * that it leads to; else as the first state that it names, or the level behind a time. */
paint_t paint_of_line(const char *line, size_t length);

/* The same as an attribute of the screen (abi/protocol/screen.h), and as a sequence that has a
 * terminal use that colour (ECMA-48 8.3.117); "" for PAINT_PLAIN. PAINT_END ends all. */
uint8_t paint_attribute(paint_t paint);
const char *paint_sequence(paint_t paint);
#define PAINT_PROMPT "\x1b[1m"
#define PAINT_END    "\x1b[0m"

#endif
