/* SPDX-License-Identifier: BSD-2-Clause */
/* Verdicts by evidence: which driver is sick, in what way, and who only suffers from it. What
 * goes in is what the kernel says (abi/inspect.h), never a word that a driver wrote; what comes
 * out is one verdict a driver. Pure: time is in the evidence.
 *
 * A limit counts only a driver's *own time*: time in which it ran, or waited for something that
 * it chose to wait for. Time in which it was ready and others ran is not its own. */
#ifndef DRVMGR_VERDICT_H
#define DRVMGR_VERDICT_H

#include <stdbool.h>

#include "abi/protocol/manager.h"
#include "abi/driver_errno.h"
#include "abi/inspect.h"
#include "core/busy.h"
#include "core/nobody.h"
#include "core/stretch.h"

/* What follows from a verdict. */
enum verdict_action {
	VERDICT_NOTHING,
	VERDICT_FAILS,	  /* a failure: the restart policy decides */
	VERDICT_THROTTLES /* it is named and gets less of the processor */
};

/* What follows from each of MANAGER_VERDICTS. X(NAME, action, error) */
#define VERDICTS(X)                                                                            \
	X(VERDICT_WELL, VERDICT_NOTHING, DRV_OK)                                               \
	X(VERDICT_LIMIT, VERDICT_FAILS, DRV_ETIMEDOUT)                                         \
	X(VERDICT_SPINS, VERDICT_FAILS, DRV_ETIMEDOUT)                                         \
	X(VERDICT_WAITS, VERDICT_FAILS, DRV_ETIMEDOUT)                                         \
	X(VERDICT_NO_WORK, VERDICT_FAILS, DRV_ETIMEDOUT)                                       \
	X(VERDICT_NO_ACK, VERDICT_FAILS, DRV_ETIMEDOUT)                                        \
	X(VERDICT_STORM, VERDICT_FAILS, DRV_EIO)                                               \
	X(VERDICT_BUSY, VERDICT_THROTTLES, DRV_OK)                                             \
	X(VERDICT_HOGS, VERDICT_THROTTLES, DRV_OK)                                             \
	X(VERDICT_STARVES, VERDICT_THROTTLES, DRV_OK)                                          \
	X(VERDICT_FLOODS, VERDICT_THROTTLES, DRV_OK)                                           \
	X(VERDICT_PERSISTS, VERDICT_FAILS, DRV_EBUSY)

typedef struct verdict {
	uint32_t kind;	    /* verdict_kind_t */
	uint32_t own_ms;    /* of its own time, for which it holds */
	uint32_t waits_for; /* index, or NOBODY */
	uint32_t harms;	    /* index of whom it starves or floods, or NOBODY */
	uint32_t value;	    /* STORM, NO_ACK: the number of the interrupt capability */
	uint32_t since_ms;  /* when the trouble began, on the kernel's clock */
	uint32_t alone;	    /* 1: it holds without the time spent waiting for others, too */
	uint32_t tries;	    /* 1: it owes something and waited for others again and again, for
			       too long in all */
} verdict_t;

/* One about nobody else. */
static inline verdict_t verdict_of(verdict_kind_t kind, uint32_t since_ms)
{
	return (verdict_t){
	    .kind = kind, .waits_for = NOBODY, .harms = NOBODY, .since_ms = since_ms};
}

/* One interrupt line of a driver at a look. */
typedef struct line_sight {
	uint32_t count;	   /* of the line since boot; 0 of a shared one: storm.h judges it */
	bool shared;	   /* others wait for this driver's acknowledgement */
	bool owed;	   /* an interrupt is not acknowledged */
	uint32_t since_ms; /* since when */
} line_sight_t;

/* What is seen of one driver at one look. */
typedef struct sight {
	bool alive;
	inspect_thread_t thread;
	uint32_t endpoint, reply; /* their numbers: who waits for one waits for this driver */
	bool tied;		  /* a call is tied to its reply object … */
	uint32_t tied_ms;	  /* … since then */
	uint32_t senders;	  /* callers that wait at its endpoint … */
	uint32_t oldest_ms;	  /* … and the next one's arrival */
	uint32_t line_count;
	line_sight_t lines[DRIVER_CAPS_MAX];
	uint32_t over;	  /* messages, signals and log lines beyond its share, over its lives */
	uint32_t reaches; /* bit n: what it sends can be for driver n */
} sight_t;

/* What a driver's manifest and state allow. 0 switches a limit off. */
typedef struct verdict_limits {
	uint32_t state_ms;    /* of the lifecycle's state */
	uint32_t leave_ms;    /* on its way out: in that state, whoever ran meanwhile */
	uint32_t silence_ms;  /* without a receive at its own endpoint */
	uint32_t call_ms;     /* without an answer */
	uint32_t progress_ms; /* with an interrupt owed */
	uint32_t ack_ms[DRIVER_CAPS_MAX];
	budget_t cpu;	/* by its manifest … */
	budget_t share; /* … and less of that if it is throttled */
	/* What it sends and uses is not judged: the prompt is answered through it, and what
	 * others log makes it send. */
	bool essential;
} verdict_limits_t;

/* Windows for rates, and what is too much in one; of interrupts it is STORM_MOST. */
#define VERDICT_WINDOW_MS   100u
#define VERDICT_RAN	    8u	   /* windows of which it is kept how long a driver ran */
#define VERDICT_MOST_SENT   500u   /* messages and signals, while somebody suffers from it */
#define VERDICT_BUSY_MS	    700u   /* its whole budget for so long */
#define VERDICT_PERSISTS_MS 10000u /* floods, or uses its budget, for so long */
#define VERDICT_EXCUSED	    4u /* times a limit that is waited for others, before this wait */
#define VERDICT_LATES	    3u /* late acknowledgements … */
#define VERDICT_LATES_MS    1000u /* … in so many milliseconds */

/* What is remembered of a driver from look to look. All zero: nothing was seen yet. */
typedef struct watch {
	bool begun;
	uint32_t first_ms;  /* when it was seen first; what it was at then … */
	uint32_t before_ms; /* … began at this time or later */
	uint32_t looked_ms; /* when it was last seen, … */
	uint32_t ready_ms;  /* … how long, in all, it had been ready by then … */
	uint32_t waited_ms; /* … and how long, in all, it was seen to wait for others, … */
	uint32_t wait_ms;   /* … of which so long with its last message, … */
	uint32_t wait_of;   /* … which is this one */
	uint32_t received_ms; /* as last seen */
	uint32_t tied_ms;     /* the same … */
	uint32_t oldest_ms;   /* … to know another call */
	stretch_t state, silent, call, queue;
	struct line_watch {
		stretch_t owed;
		uint32_t owed_ms;		 /* of which interrupt; to count each once */
		bool late;			 /* that one is counted */
		uint32_t late_ms[VERDICT_LATES]; /* when the last ones were found late */
		uint32_t late_next, late_count;
		uint32_t count; /* at the window's beginning */
	} lines[DRIVER_CAPS_MAX];
	uint32_t line_count; /* of those that were seen */
	bool storm;	     /* the last whole window had one … */
	uint32_t storm_line; /* … on this line */
	bool counted;	     /* a window has ended in this life */
	uint32_t most_run_ms,
	    most_sent; /* of whole windows: it ran so long, and sent so much */
	bool rests;    /* it waited in its event loop, and nothing was begun or too much */

	/* What follows is the driver's, whose instances come and go. */
	used_t used;
	bool lent;			  /* it has what is left of its budget … */
	uint32_t lent_ms;		  /* … since then, until its period is over */
	bool windows;			  /* one has begun, … */
	uint32_t window_ms;		  /* … when, … */
	uint64_t window_run;		  /* … at how many ticks, … */
	uint32_t messages, signals, over; /* … and how many of these */
	bool sends;	    /* it sent more, signals too, than is usual in each since … */
	uint32_t sends_ms;  /* … then */
	bool drove;	    /* it did so, in a window that ended … */
	uint32_t drove_ms;  /* … then */
	uint32_t ended;	    /* windows that are over */
	uint32_t sent;	    /* messages in the last of them */
	uint32_t signalled; /* signals in it */
	uint32_t run_ms;    /* it ran so long in it */
	uint32_t sent_last; /* messages in the one in which its last instance ended */
	uint64_t ran_ms;  /* of each of the last windows, a byte; the last one in the lowest */
	bool runs;	  /* that was much of it, and of each since … */
	uint32_t runs_ms; /* … then */
	busy_t busy;
	bool floods;	    /* it had more than its share in each since … */
	uint32_t floods_ms; /* … then */
} watch_t;

/* How long the driver ran in the last `count` windows, VERDICT_RAN at most, as far as they were
 * before `now_ms`: a window that is not over counts as none. In milliseconds. */
uint32_t verdict_ran_ms(const watch_t *watch, uint32_t now_ms, uint32_t count);

/* Has the driver waited in its event loop since the last look, at which it did so too and there
 * was nothing to judge? Then this look is noted, and verdict_look() would note nothing else. */
bool verdict_rests(watch_t *watch, const sight_t *sight);

/* Notes what is seen at a look. */
void verdict_look(watch_t *watch, const sight_t *sight, const verdict_limits_t *limits);

/* The driver's instance is new, or enters another state: its limits begin anew. */
void verdict_begin(watch_t *watch);

/* The instance's life is over, and `thread` is what the kernel says of it at last: what it did
 * counts with what the next one does. `cpu` and `share` as in its limits. */
void verdict_end(watch_t *watch, const inspect_thread_t *thread, budget_t cpu, budget_t share);

/* A new instance's life begins. */
void verdict_live(watch_t *watch);

/* VERDICT_BUSY: it has used all of its share for long, which it may be right to do; or
 * VERDICT_HOGS: but not for ever, if a window of this life is over, too. Else VERDICT_WELL. */
verdict_kind_t verdict_busy(const watch_t *watch, uint32_t now_ms);

/* Judges all drivers by their last look. verdicts[i] is of driver i; what is not alive is
 * VERDICT_WELL. Who waits for the manager, at its endpoint or for a reply object of its, is
 * excused. */
typedef struct bench {
	uint32_t count;
	const sight_t *sights;
	const watch_t *watches;
	const verdict_limits_t *limits;
	uint32_t manager;	 /* number of the manager's endpoint */
	const uint32_t *replies; /* numbers of its reply objects, `reply_count` of them */
	uint32_t reply_count;
} bench_t;
void verdict_judge(const bench_t *bench, verdict_t *verdicts);

/* Whose fault a failure by this verdict is if that one turns out to be to blame: the index of
 * whom the driver waited for, unless it failed without that time, too; or NOBODY. */
uint32_t verdict_culprit(const verdict_t *verdict);

/* "spins: it ran and did not …"; "?" for no kind. */
const char *verdict_text(uint32_t kind);
enum verdict_action verdict_action(uint32_t kind);
err_t verdict_error(uint32_t kind);

/* Bit n of `named`: the driver was named by verdict n. Those that hold for its next instance,
 * too. */
uint32_t verdict_lasting(uint32_t named);

/* Each of these throttles it. Who is busy runs behind all others in any case. */
#define VERDICTS_THROTTLE (1u << VERDICT_HOGS | 1u << VERDICT_STARVES | 1u << VERDICT_FLOODS)

#endif
