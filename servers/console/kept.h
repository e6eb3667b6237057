/* SPDX-License-Identifier: BSD-2-Clause */
/* What outlives the console's restart: how much of the log was printed. */
#ifndef CONSOLE_KEPT_H
#define CONSOLE_KEPT_H

#include <stdint.h>

/* The log's position that was saved last, or 0: all of the log is to be printed. */
uint32_t kept_position(void);

void kept_save(uint32_t position);

#endif
