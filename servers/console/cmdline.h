/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's command line, which the manager has. */
#ifndef CONSOLE_CMDLINE_H
#define CONSOLE_CMDLINE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct cmdline {
	bool traces;	  /* WORD_TRACE */
	bool colours;	  /* WORD_COLOUR */
	uint32_t columns; /* WORD_COLUMNS; 0: it says nothing of them */
} cmdline_t;

/* What is on it for the console. The first instance says in the log what nobody knows. */
cmdline_t cmdline_read(void);

#endif
