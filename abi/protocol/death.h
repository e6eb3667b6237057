/* SPDX-License-Identifier: BSD-2-Clause */
/* Death reports: what the manager keeps of the end of an instance that failed or was killed,
 * taken before anything of it was revoked. A report is a structure of facts and a copy of the
 * stack. Each driver's last one is kept whole, DEATH_POOL further ones of all drivers, the
 * oldest out first, and of each driver DEATH_LINES lines of history.
 *
 * Of the facts most are the kernel's word or the manager's own. What the driver itself says, in
 * its page, stands apart (death_words_t): it may have written there what it liked. So it may
 * have into its stack and, but for eip, its registers. */
#ifndef ABI_DEATH_H
#define ABI_DEATH_H

#include "abi/protocol/manager.h"
#include "abi/steps.h"

/* What ended it. X(NAME, value, "word") */
#define DEATH_KINDS(X)                                                                         \
	X(DEATH_NONE, 0, "none")                                                               \
	X(DEATH_NULL, 1, "null-pointer")    /* below the first page that can be mapped */      \
	X(DEATH_READ, 2, "bad-read")	    /* where nothing is, or what is not its own */     \
	X(DEATH_WRITE, 3, "bad-write")	    /* there, or where it may only read */             \
	X(DEATH_STACK, 4, "stack-overflow") /* the page below its stack */                     \
	X(DEATH_JUMP, 5, "wild-jump")	    /* to where nothing is */                          \
	X(DEATH_DATA, 6, "executes-data")   /* its data, or its stack */                       \
	X(DEATH_PORT, 7, "foreign-port")    /* `in` or `out` at a port that is not open */     \
	X(DEATH_PRIVILEGED, 8, "privileged-instruction")                                       \
	X(DEATH_PROTECTION, 9, "protection-fault") /* any other */                             \
	X(DEATH_OPCODE, 10, "invalid-instruction")                                             \
	X(DEATH_DIVISION, 11, "division")     /* by zero, or the quotient does not fit */      \
	X(DEATH_ARITHMETIC, 12, "arithmetic") /* `into` or `bound` */                          \
	X(DEATH_FPU, 13, "floating-point")                                                     \
	X(DEATH_DEBUG, 14, "debug-trap")                                                       \
	X(DEATH_ALIGNMENT, 15, "alignment")                                                    \
	X(DEATH_EXIT, 16, "exit")	   /* with a code, or where it should not */           \
	X(DEATH_GAVE_UP, 17, "gave-up")	   /* driver_fail() */                                 \
	X(DEATH_ANSWER, 18, "step-failed") /* a step of its lifecycle answered an error */     \
	X(DEATH_VERDICT, 19, "verdict")	   /* the manager's: `verdict` says which */           \
	X(DEATH_MANAGER, 20, "not-made")   /* it could not be given what it was to have */     \
	X(DEATH_KILLED, 21, "killed")	   /* by the operator */

#define ABI_X_ENUM(name, value, text) name = (value),
typedef enum death_kind { DEATH_KINDS(ABI_X_ENUM) DEATH_KIND_COUNT } death_kind_t;
#undef ABI_X_ENUM

/* What the driver says. Names are not among it: whoever shows it has nothing to escape. */
typedef struct death_words {
	int32_t health;	    /* DRV_OK or DRV_E… */
	int32_t call_error; /* of its last failing call */
	uint32_t beats, work;
	uint32_t
	    kept_since; /* the instance that began with nothing kept, or found it useless */
	uint32_t steps; /* so many of `step`, the oldest first */
	struct death_step {
		uint32_t what, a, b; /* as in abi/steps.h */
		uint32_t ago_us;     /* before the end; UINT32_MAX: not known */
	} step[STEPS_HELD];
} death_words_t;

#define DEATH_CODE	 16u
#define DEATH_CAUSE	 120u
#define DEATH_CAPS_MOST	 24u /* capabilities that are counted */
#define DEATH_STACK_MOST PAGE_SIZE

/* Texts are NUL-terminated, "" where there is none, and printable. Times are milliseconds. */
typedef struct death_facts {
	uint32_t number;     /* of the death since boot, from 1 on */
	uint32_t index;	     /* the driver's */
	uint32_t generation; /* of the instance that died */
	uint32_t kind;	     /* death_kind_t */
	uint32_t verdict;    /* VERDICT: verdict_kind_t */
	int32_t error;	     /* DRV_E… that its policy judged; KILLED: DRV_ECANCELED */
	uint32_t at_ms;	     /* of the manager's clock, since boot */
	uint32_t age_ms;     /* of the instance */
	uint32_t state;	     /* driver_state_t, … */
	uint32_t state_ms;   /* … for so long */
	uint32_t restarts;   /* before this end, that its policy counts */
	char name[32];
	char cause[DEATH_CAUSE]; /* in words */
	char culprit[32];	 /* whose fault it was, if not its own */
	uint8_t build_id[20];	 /* the image's; zeros if it has none */

	/* The kernel's word of its thread. */
	uint32_t thread_state;	       /* enum inspect_state */
	uint32_t label, address, code; /* of a fault: FAULT_…; else 0 */
	uint32_t registers_known;      /* 1: `registers` are the thread's */
	thread_registers_t registers;
	char waits_for[32];   /* the driver that its call was with */
	uint32_t received_ms; /* since it was last in its event loop */
	uint32_t code_bytes;  /* so many of `bytes` are of its image, at eip */
	uint8_t bytes[DEATH_CODE];

	/* What was under way. */
	uint32_t command; /* enum driver_command that was not answered; 0: none */
	uint32_t tied;	  /* 1: it had taken a call and not answered it, since */
	uint32_t tied_ms; /* so long, … */
	char client[32];  /* … of this one; "" if the kernel does not say */
	uint32_t senders; /* further calls that waited at its endpoint; 255: so many or more */
	uint32_t oldest_ms;

	/* What it held. */
	uint32_t caps[CAP_TYPE_COUNT]; /* by type; */
	uint32_t caps_more; /* 1: there were more than the DEATH_CAPS_MOST that were counted */

	/* What became of it; zero as long as that is not known. */
	uint32_t decided; /* manager_decision_t */
	uint32_t restart; /* as in manager_report_t */
	uint32_t delay_ms;
	uint32_t forgot; /* 1: what it kept was thrown away before the next instance */

	/* The copy of the stack: so many bytes from this address of the driver's on. */
	uint32_t stack, stack_bytes;

	death_words_t words;
} death_facts_t;
ABI_ASSERT(sizeof(death_facts_t) <= PAGE_SIZE, "facts fit a page");
ABI_ASSERT(offsetof(death_facts_t, name) == 44, "facts layout");

/* One line of a driver's history. */
typedef struct death_line {
	uint32_t number; /* of the death; 0: none */
	uint32_t generation, kind, verdict, state;
	int32_t error;
	uint32_t at_ms, eip, address;
	uint32_t decided, restart, delay_ms;
} death_line_t;
ABI_ASSERT(sizeof(death_line_t) == 48, "line layout");

/* A function that was under way: in the innermost frame at `address`, in the others that is
 * where it would have gone on. Its name is what the image says, without functions that were
 * inlined; "" where it says nothing. */
typedef struct death_frame {
	uint32_t address;
	char function[52]; /* NUL-terminated, printable */
} death_frame_t;
ABI_ASSERT(sizeof(death_frame_t) == 56, "frame layout");

#define DEATH_LINES	  8u
#define DEATH_POOL	  16u
#define DEATH_FRAMES_MOST 16u

/* Word 1 of MANAGER_DEATH: which part of which report, from which byte on. Report 0 of a driver
 * is its last, 1 the one before, …. Where other reports come in between, the number in the
 * answer says so. */
enum death_part {
	DEATH_FACTS = 0, /* death_facts_t */
	DEATH_STACK_COPY = 1,
	DEATH_HISTORY = 2, /* of the driver: death_line_t, the newest first; the report is 0 */
	DEATH_FRAMES = 3,  /* death_frame_t, the innermost first, DEATH_FRAMES_MOST at most */
	DEATH_PARTS
};
#define DEATH_PIECE(part, report, at)                                                          \
	((uint32_t)(at) | (uint32_t)(report) << 16 | (uint32_t)(part) << 24)
#define DEATH_PIECE_AT(word)	 ((word)&0xffffu)
#define DEATH_PIECE_REPORT(word) ((word) >> 16 & 0xffu)
#define DEATH_PIECE_PART(word)	 ((word) >> 24)

#endif
