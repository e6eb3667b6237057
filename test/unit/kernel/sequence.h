/* SPDX-License-Identifier: BSD-2-Clause */
/* Sequences of operations as plain records, which both the kernel and its model perform.
 * Capabilities and threads are called by names that say which operation made them, so that an
 * operation still means the same when others are left out. */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stdio.h>

#include "model.h"

#define SEQUENCE_MAX 700u

/* Operation n makes the capabilities NAME(n) (what it answers) to NAME(n) + MSG_CAPS (what is
 * transferred); those that the machine boots with are before NAME(1). */
#define NAMES	 16u /* names that an operation may need */
#define NAME(id) ((id)*NAMES)
enum boot_name {
	NAME_CSPACE = 1,
	NAME_VSPACE,
	NAME_THREAD,
	NAME_IRQ,
	NAME_PIO,
	NAME_MMIO,
	NAME_UNTYPED,
	NAME_AUDIT,
	NAME_SPARE,
};

typedef enum op_kind { OP_CALL, OP_FAULT, OP_TICKS, OP_INTERRUPT } op_kind_t;

typedef struct op {
	uint32_t id; /* from 1 on; the same for ever */
	op_kind_t kind;
	uint32_t actor;	 /* the thread's name, for a call or fault */
	uint32_t number; /* of the call */
	uint32_t named;	 /* bit i: arg[i] is a name, not a number */
	uint32_t arg[4]; /* call: arguments; fault: label, address, code; ticks: how many;
			  * interrupt: line */
	/* What the caller has in its message buffer, for calls that read it: */
	uint32_t timeout_ms, accept, reply, caps[MSG_CAPS]; /* the last two: names */
} op_t;

typedef struct sequence {
	uint32_t count;
	op_t op[SEQUENCE_MAX];
} sequence_t;

/* What became of calls: how often which answer (by -error), at once or after a wait. */
#define RESULTS (-DRV_ERROR_LAST + 1)
typedef struct tally {
	uint32_t results[SYS_COUNT + 1][RESULTS];
	uint32_t performed[OP_INTERRUPT + 1], skipped, lost;
} tally_t;

/* Boots the kernel and the model. */
void sequence_begin(bool lies);

/* The kernel stopped in the middle of long work that ended its own caller, which the model does
 * not know: the two are not compared any more. */
extern bool sequence_lost;

/* Performs one operation on both and compares them; false: they differ, and how is in
 * `difference`. An operation whose thread cannot run is skipped. */
bool sequence_perform(const op_t *op, tally_t *tally);
extern char difference[256];

/* Compares everything that can be seen of the two. */
bool models_agree(void);

/* Is there still the capability that all objects were made from? */
bool root_owns_all(void);

/* Can the thread be the one that runs next? */
bool can_run(const m_object_t *thread);
m_object_t *thread_named(uint32_t name);

/* The next operation, in view of the state of the model; the first ones set processes up.
 * False: nobody has been able to run for so long that a new sequence is better. */
void generate_begin(uint64_t seed);
bool generate(op_t *op, uint32_t id);

/* One line for a reader. */
void op_print(FILE *file, const op_t *op);

/* Leaves out what can be left out and makes numbers simple while `fails` stays true; it is
 * true of the sequence given. Answers how often it asked. */
uint32_t sequence_shrink(sequence_t *sequence, bool (*fails)(const sequence_t *sequence));

#endif
