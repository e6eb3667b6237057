/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine in which refusals are tried: a process that holds a capability of every type with
 * every set of rights, objects in every state that a call may object to, and handles that name
 * nothing, made in every way in which a handle dies. */
#ifndef REFUSAL_WORLD_H
#define REFUSAL_WORLD_H

#include "bench.h"

/* Who makes the call. */
enum refusal_caller {
	AS_CALLER,   /* the process that holds everything */
	AS_BARE,     /* its second thread: no message buffer, another address space */
	AS_HOMELESS, /* a thread without a capability space */
	AS_FULL,     /* a process whose capability space is full */
	CALLERS
};

/* Handles of the caller that a type does not name. */
#define REFUSAL_ROLES(X)                                                                       \
	X(OWN_CSPACE)                                                                          \
	X(OWN_VSPACE)                                                                          \
	X(OWN_THREAD)                                                                          \
	X(OTHER_THREAD) /* with an address space */                                            \
	X(CSPACE_FULL)                                                                         \
	X(UNTYPED_USED)	 /* all of it given out */                                             \
	X(UNTYPED_WHOLE) /* derived from none, nothing given out */                            \
	X(FRAME_MAPPED)	 /* at MAPPED_AT */                                                    \
	X(PTABLE_MAPPED) /* at TABLE_AT, in the caller's address space */                      \
	X(IOBITMAP_IN_USE)                                                                     \
	X(ENDPOINT_BADGED)                                                                     \
	X(ENDPOINT_CLOSED)  /* with CLOSED_WITH */                                             \
	X(ENDPOINT_SERVED)  /* a receiver with a reply object waits, accepts 1 */              \
	X(SERVED_NO_GRANT)  /* the same, without the right to transfer */                      \
	X(ENDPOINT_ONEWAY)  /* a receiver without one waits, accepts 1 */                      \
	X(ENDPOINT_CROWDED) /* the receiver's capability space is full */                      \
	X(REPLY_OFFERED)    /* by the receiver of ENDPOINT_SERVED */                           \
	X(REPLY_TIED)	    /* a caller waits for the answer, accepts 1 */                     \
	X(NOTIFICATION_BADGED)                                                                 \
	X(NOTIFICATION_BOUND) /* to another thread */                                          \
	X(IRQ_MANY)	      /* all lines */                                                  \
	X(IRQ_TAKEN)	      /* by somebody else */                                           \
	X(IRQ_AWAITED)	      /* claimed by this one, a thread waits */                        \
	X(IRQ_OWNED)	      /* claimed by this one, bound */                                 \
	X(PIO_BYTES)	      /* BYTES_FIRST, 2 ports, 8 bits wide only */                     \
	X(PIO_LAST)	      /* the last 16 ports */                                          \
	X(PIO_MAPPED)	      /* OPEN_FIRST, 8 ports, open in the bitmap */                    \
	X(PIO_OVERLAP)	      /* the first 4 of these, not opened */                           \
	X(MMIO_MAPPED)                                                                         \
	X(MMIO_LAST)	 /* the last page of the machine */                                    \
	X(FRAME_IN_FULL) /* names a frame in the full capability space */

#define REFUSAL_X(name) ROLE_##name,
enum refusal_role { ROLE_NONE, REFUSAL_ROLES(REFUSAL_X) ROLE_COUNT };
#undef REFUSAL_X

#define TABLE_AT    0x00400000u /* the one page table covers from here ... */
#define TABLE_END   0x00800000u /* ... to here */
#define FREE_AT	    0x00500000u
#define MAPPED_AT   0x00600000u
#define PORT_FIRST  0x0060u /* the ports of the full port capability */
#define PORT_LAST   0x0064u
#define BYTES_FIRST 0x0070u
#define OPEN_FIRST  0x0300u
#define LINE	    5u /* the line of the full interrupt capability */
#define MMIO_BASE   0xe0000000u
#define MMIO_PAGES  2u /* of the full physical range */
#define CLOSED_WITH DRV_EQUARANTINED
#define LIMIT	    20u /* the caller's highest priority */

/* Ways in which a handle names nothing; each exists for each type. */
#define DEAD_HANDLES(X)                                                                        \
	X(STALE, "of a slot that was used again")                                              \
	X(RELEASED, "released")                                                                \
	X(REVOKED, "revoked")                                                                  \
	X(NEXT, "that a free slot's next owner gets")                                          \
	X(FOREIGN, "of another process")                                                       \
	X(PAST, "one generation below")                                                        \
	X(FUTURE, "one generation above")                                                      \
	X(WRAPPED, "with the top bit set")                                                     \
	X(NO_GENERATION, "a bare slot number")                                                 \
	X(ALL_GENERATIONS, "all ones above the slot number")                                   \
	X(RANDOM_GENERATION, "a random generation")                                            \
	X(RANDOM_SLOT, "a random number")                                                      \
	X(SLOT_ZERO, "of slot 0")                                                              \
	X(SLOT_LAST, "of the last slot, which is free")                                        \
	X(NEGATIVE, "an error taken for a handle")                                             \
	X(ALL_ONES, "all ones")

#define REFUSAL_X(name, text) DEAD_##name,
enum refusal_dead { DEAD_HANDLES(REFUSAL_X) DEAD_COUNT };
#undef REFUSAL_X

typedef struct refusal_world {
	tcb_t *caller[CALLERS];
	cap_t role[ROLE_COUNT];
	cap_t by_rights[CAP_TYPE_COUNT][RIGHT_ALL + 1]; /* CAP_NULL: no such set of rights */
	cap_t dead[CAP_TYPE_COUNT][DEAD_COUNT];
	message_buffer_t *buffer; /* the caller's */
	cap_t cspace;		  /* the root's handle of the caller's capability space */
} refusal_world_t;

extern refusal_world_t world;

/* All rights that exist for a type. */
uint32_t type_rights(uint32_t type);

/* Puts a new object of this type, made from `untyped`, or a range or line into the caller's
 * capability space; the caller's handle. `parent` gets the root's handle of what it comes from.
 */
cap_t world_put(cap_t untyped, uint32_t type, cap_t *parent);

/* The capability of this type with all its rights. */
cap_t full_cap(uint32_t type);

/* The name of a type, and of a way to be dead. */
const char *type_name(uint32_t type);
const char *dead_name(uint32_t dead);

/* Builds it on a booted machine. */
void world_make(void);

/* Remembers the whole machine as it is while `who` runs; what follows is compared with this. */
void world_remember(enum refusal_caller who);

/* What differs from what is remembered, null if nothing does. */
const char *world_difference(void);

/* Is memory zero that was never given out? Too much to look at after each call. */
bool world_rest_is_zero(void);

/* Makes the machine as it is remembered. */
void world_restore(void);

#endif
