/* SPDX-License-Identifier: BSD-2-Clause */
/* What model_generate.c and model_arguments.c share. */
#ifndef GENERATE_H
#define GENERATE_H

#include "sequence.h"

/* The priority that all have at first, the root thread as well. */
#define PRIORITY_USUAL 10u

void random_begin(uint64_t seed);
uint32_t random_word(void);
uint32_t below(uint32_t limit);
bool one_in(uint32_t n);

/* Arguments that suit op->number and op->actor. */
void pick_arguments(op_t *op);

/* What a message takes along. */
void pick_buffer(op_t *op);

/* Makes one argument wrong. */
void spoil_argument(op_t *op);

#endif
