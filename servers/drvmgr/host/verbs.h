/* SPDX-License-Identifier: BSD-2-Clause */
/* What abi/protocol/operator.h describes, for people and tools. Host only. */
#ifndef DRVMGR_HOST_VERBS_H
#define DRVMGR_HOST_VERBS_H

#include <stdio.h>

/* The JSON Schema (draft 2020-12) of all answers: abi/operator.schema.json is what this prints.
 * Each verb's answer is a definition with its name. */
void verbs_print_schema(FILE *to);

/* The verbs, and the fields of their answers, as tables for a Markdown document. */
void verbs_print_table(FILE *to);
void verbs_print_fields(FILE *to);

#endif
