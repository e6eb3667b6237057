/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints what can be granted at all. Host only; has no row of its own. */
#ifndef DRVMGR_HOST_PORTS_H
#define DRVMGR_HOST_PORTS_H

#include <stdio.h>

/* A Markdown table of the rows of abi/ports.h and the memory: the one in the README. */
void ports_print_table(FILE *to);

#endif
