/* SPDX-License-Identifier: BSD-2-Clause */
/* What model_generate.c, model_arguments.c and model_choose.c share. */
#ifndef GENERATE_H
#define GENERATE_H

#include "random.h"
#include "sequence.h"

/* The priority that all have at first, the root thread as well. */
#define PRIORITY_USUAL 10u

#define PICK(list) (list)[below(sizeof(list) / sizeof((list)[0]))]

/* -- Choosing (model_choose.c). ---------------------------------------------------------- */

/* Unmapped and, of ports, few; of a single line; reply objects that nobody waits for, or that a
 * caller waits for; waited through, it or what was derived from it. */
typedef enum wish { ANY, MAPPED, UNMAPPED, SINGLE, FREE, TIED, DERIVABLE, WAITED } wish_t;

/* Any capability of the thread of this type (CAP_NONE: of all) that is as wished; if there is
 * none, any of the type; null: it has none. */
const m_cap_t *pick_cap(const m_object_t *thread, uint32_t type, wish_t wish);

/* Makes such a one of the actor's the argument number i. */
const m_cap_t *offer(op_t *op, uint32_t i, uint32_t type, wish_t wish);

uint32_t pick_timeout(const op_t *op);
uint32_t pick_rights(const m_cap_t *cap);
uint32_t pick_page(const m_object_t *space);
uint32_t pick_info(bool answers);

/* Two arguments, from number `at` on: a part of what the parent covers, if that is known. */
void pick_scope(op_t *op, uint32_t at, uint32_t type, const m_cap_t *parent);

/* -- Arguments (model_arguments.c). ------------------------------------------------------ */

/* Arguments that suit op->number and op->actor. */
void pick_arguments(op_t *op);

/* What a message takes along. */
void pick_buffer(op_t *op);

/* Makes one argument wrong. */
void spoil_argument(op_t *op);

#endif
