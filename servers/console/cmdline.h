/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's command line, which the manager has. */
#ifndef CONSOLE_CMDLINE_H
#define CONSOLE_CMDLINE_H

#include <stdbool.h>

/* Is WORD_TRACE on it? The first instance of the console says in the log what nobody knows. */
bool cmdline_traces(void);

#endif
