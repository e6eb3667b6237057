/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial line: the log, the prompt, and the commands that come from there. What is typed is
 * kept with each byte that is taken, so that the console's death loses none of it; a command is
 * begun once, if at all. */
#ifndef CONSOLE_TELETYPE_H
#define CONSOLE_TELETYPE_H

#include "cap/link.h"

/* What it is like, and what was kept: once, before anything else. */
void teletype_init(bool colours, uint32_t columns);

/* There may be something: in the log, or typed. */
void teletype_log_due(void);
void teletype_input_due(void);

/* The driver of the line may be another. While none had it the manager may have written the log
 * there by itself; that is skipped. */
void teletype_greet(link_t *serial);

/* Moves things on. False: nothing can be moved now. */
bool teletype_step(link_t *serial);

/* Is there something to be done at *at without a signal? */
bool teletype_waits(uint32_t *at);

#endif
