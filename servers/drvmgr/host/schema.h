/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints the manifest's field tables, as a JSON Schema and as a table for people. Host
 * only; has no field of its own. */
#ifndef DRVMGR_HOST_SCHEMA_H
#define DRVMGR_HOST_SCHEMA_H

#include <stdio.h>

/* JSON Schema, draft 2020-12: the committed abi/drv.schema.json. */
void schema_print(FILE *to);

/* A Markdown table of all fields: the one in the README. */
void schema_print_table(FILE *to);

#endif
