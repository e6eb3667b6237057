/* SPDX-License-Identifier: BSD-2-Clause */
/* Restart policy: what happens after a driver has ended. A pure function of the policy, the
 * history and the time, which is an argument; it never reads a clock, starts or stops
 * anything, and never allocates. Times are milliseconds on one clock that does not go back. */
#ifndef DRVMGR_POLICY_H
#define DRVMGR_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum policy_kind { POLICY_NEVER, POLICY_ON_FAILURE, POLICY_ALWAYS, POLICY_KIND_COUNT };

/* Bounds and defaults; the manifest's field table uses them. */
#define POLICY_FIRST_MS_MAX	 600000u
#define POLICY_FIRST_MS_DEFAULT	 0u
#define POLICY_BASE_MS_MIN	 10u
#define POLICY_BASE_MS_MAX	 60000u
#define POLICY_BASE_MS_DEFAULT	 100u
#define POLICY_FACTOR_MIN	 100u
#define POLICY_FACTOR_MAX	 400u
#define POLICY_FACTOR_DEFAULT	 200u
#define POLICY_MAX_MS_MIN	 10u
#define POLICY_MAX_MS_MAX	 3600000u
#define POLICY_MAX_MS_DEFAULT	 30000u
#define POLICY_BURST_MAX	 100u
#define POLICY_BURST_DEFAULT	 5u
#define POLICY_WINDOW_MS_MIN	 1000u
#define POLICY_WINDOW_MS_MAX	 3600000u
#define POLICY_WINDOW_MS_DEFAULT 60000u
#define POLICY_RESET_MS_MIN	 100u
#define POLICY_RESET_MS_MAX	 3600000u
#define POLICY_RESET_MS_DEFAULT	 10000u

/* Of a window, for each failure that it forgives: a driver chooses how long it lives, so it can
 * fail so often for ever, and each restart costs some 1.5 ms of the processor. */
#define POLICY_EACH_MS 50u

/* Restarts of a driver that has never reached Running. */
#define POLICY_EARLY_RESTARTS 2u

/* `restart` of a manifest. All within the bounds above; policy_problem() tells the rest. */
typedef struct policy {
	uint32_t kind;	     /* enum policy_kind */
	uint32_t first_ms;   /* before the first restart */
	uint32_t base_ms;    /* before the second */
	uint32_t factor_pct; /* growth from there on, in percent */
	uint32_t max_ms;     /* no delay from the second on is longer */
	uint32_t burst;	     /* failures that a window may hold */
	uint32_t window_ms;
	uint32_t reset_ms; /* Running for so long, the delays start again */
} policy_t;

/* How an instance ended. */
typedef enum policy_ending {
	ENDING_FAILURE,	   /* fault, exit code, verdict, limit, driver_fail() … */
	ENDING_CLEAN_EXIT, /* exit(0) while Running, unasked */
	ENDING_STOPPED,	   /* on its way out: stop, dependency lost, group */
	ENDING_COUNT
} policy_ending_t;

typedef enum policy_action { POLICY_STOP, POLICY_RESTART, POLICY_QUARANTINE } policy_action_t;

typedef struct policy_decision {
	policy_action_t action;
	uint32_t delay_ms; /* POLICY_RESTART: wait this long first */
	uint32_t restart;  /* POLICY_RESTART: the number n of this restart, from 1 */
	uint32_t within;   /* failures in the window before this end */
} policy_decision_t;

/* What the policy remembers of one driver. All zero is a driver without a past.
 * Invariant PO1: held <= POLICY_BURST_MAX; no failure is older than one before it. Entries
 * of `failures` from `held` on are unused, and not kept. */
typedef struct policy_history {
	uint64_t running_since; /* meaningful while `running` */
	bool running;
	bool ever_ran;	   /* reached Running at least once */
	uint32_t restarts; /* n: restarts since the last reset */
	uint32_t held;
	uint64_t failures[POLICY_BURST_MAX]; /* the latest times of failure */
} policy_history_t;

/* Decides after an end at `now_ms` and notes it in `history`. */
policy_decision_t policy_decide(const policy_t *policy, policy_history_t *history,
				policy_ending_t ending, uint64_t now_ms);

/* The driver has reached Running. */
void policy_on_running(policy_history_t *history, uint64_t now_ms);

/* The driver is Running and no verdict is against it. From `reset_ms` of Running on, n is 0
 * again; the window of failures is not touched. */
void policy_on_progress(const policy_t *policy, policy_history_t *history, uint64_t now_ms);

/* Forgets everything: the operator's start. */
void policy_clear(policy_history_t *history);

/* Failures since `since_ms` were another's fault: they are taken back. False: there are none.
 */
bool policy_forgive(policy_history_t *history, uint64_t since_ms);

/* Milliseconds before restart n (n >= 1): first_ms, then base_ms growing by factor_pct, cut
 * to whole milliseconds and to max_ms. */
uint32_t policy_delay(const policy_t *policy, uint32_t n);

/* Why a policy whose fields are within bounds makes no sense, or a null pointer: the longest
 * delay is below the shortest, more failures are forgiven than one in POLICY_EACH_MS of the
 * window, or a driver that fails at the end of each delay, or after
 * reset_ms of Running, whichever is worse, could never fail burst + 1 times in one window. What
 * starts take is not counted: nothing says that it is more than 0. */
const char *policy_problem(const policy_t *policy);

/* One line of a simulation. */
typedef struct policy_retry {
	uint64_t at_ms;	   /* when the restart takes place; the first failure is at 0 */
	uint32_t delay_ms; /* how long it had waited */
} policy_retry_t;

/* Noted failures that are younger than the window. */
uint32_t policy_failures(const policy_t *policy, const policy_history_t *history,
			 uint64_t now_ms);

/* Lists the restarts of a driver with this history that fails now and again `run_ms` after each
 * start, having reached Running or not, until the policy ends it or `most` are listed. The
 * count is the result; *last is the last decision. Uses policy_decide() for every line;
 * *history is what it is then. Times in `retries` are on the clock of `now_ms`. */
size_t policy_forecast(const policy_t *policy, policy_history_t *history, uint64_t now_ms,
		       bool reaches_running, uint32_t run_ms, policy_retry_t *retries,
		       size_t most, policy_decision_t *last);

/* The same without a past, from 0 on. */
size_t policy_simulate(const policy_t *policy, bool reaches_running, uint32_t run_ms,
		       policy_retry_t *retries, size_t most, policy_decision_t *last);

#endif
