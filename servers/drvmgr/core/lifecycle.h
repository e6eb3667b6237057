/* SPDX-License-Identifier: BSD-2-Clause */
/* The lifecycle of a driver: one table of transitions, one of states. Both are data; the
 * functions only look things up. Nothing here starts, stops, grants or waits. */
#ifndef DRVMGR_LIFECYCLE_H
#define DRVMGR_LIFECYCLE_H

#include <stdbool.h>

#include "abi/protocol/manager.h"

/* X(NAME, "text") */
#define LIFECYCLE_EVENTS(X)                                                                    \
	X(EVENT_REFUSED, "manifest, image or ABI refused")                                     \
	X(EVENT_MISSING, "something that it needs is missing")                                 \
	X(EVENT_COMPLETE, "all that it needs is there")                                        \
	X(EVENT_OK, "step succeeded")                                                          \
	X(EVENT_NO_DEVICE, "no such device")                                                   \
	X(EVENT_FAILURE, "failure")                                                            \
	X(EVENT_LIMIT, "limit of the state passed")                                            \
	X(EVENT_EXIT, "clean exit")                                                            \
	X(EVENT_KILLED, "killed by the operator")                                              \
	X(EVENT_STOP, "stop")                                                                  \
	X(EVENT_DEPENDENCY_LOST, "dependency lost")                                            \
	X(EVENT_GROUP, "starts again with its group")                                          \
	X(EVENT_QUIESCE, "quiesce")                                                            \
	X(EVENT_RESET, "reset")                                                                \
	X(EVENT_RESTART, "restart")                                                            \
	X(EVENT_DRAINED, "drained")                                                            \
	X(EVENT_DRAINED_STAYS, "drained, and stays")                                           \
	X(EVENT_DRAINED_RESET, "drained, to be set up afresh")                                 \
	X(EVENT_TORN_DOWN_RETRY, "torn down, policy restarts")                                 \
	X(EVENT_TORN_DOWN_SPENT, "torn down, policy gives up")                                 \
	X(EVENT_TORN_DOWN_STOP, "torn down, policy stops")                                     \
	X(EVENT_TIMER, "delay over")                                                           \
	X(EVENT_START, "start")                                                                \
	X(EVENT_CLEAR, "start out of quarantine")                                              \
	X(EVENT_ABSOLVED, "another one was to blame")                                          \
	X(EVENT_APART, "taken away from its line")

#define LIFECYCLE_X_ENUM(name, text) name,
typedef enum lifecycle_event {
	LIFECYCLE_EVENTS(LIFECYCLE_X_ENUM) EVENT_COUNT
} lifecycle_event_t;
#undef LIFECYCLE_X_ENUM

/* `lifecycle` of a manifest, in milliseconds. */
#define LIFECYCLE_LIMIT_MS_MIN 10u
#define LIFECYCLE_LIMIT_MS_MAX 10000u
#define LIFECYCLE_PROBE_MS     500u
#define LIFECYCLE_INIT_MS      2000u
#define LIFECYCLE_QUIESCE_MS   500u
#define LIFECYCLE_STOP_MS      500u
#define LIFECYCLE_RECOVER_MS   1000u
typedef struct lifecycle_limits {
	uint32_t probe_ms, init_ms, quiesce_ms, stop_ms;
	uint32_t recover_ms; /* the driver's recover(), which runs before init() */
} lifecycle_limits_t;

#define LIFECYCLE_NO_LIMIT UINT32_MAX

/* What a driver holds in a state. */
enum lifecycle_holds {
	HOLDS_NOTHING = 0,
	HOLDS_PROCESS = 1, /* an address space and a thread: a live state */
	HOLDS_PIO = 2,
	HOLDS_MMIO = 4,
	HOLDS_IRQ = 8,	     /* interrupt capabilities, but the lines stay masked */
	HOLDS_IRQ_OPEN = 16, /* and may be unmasked */
};

/* The state after `event`; `state` itself if the event means nothing there. */
driver_state_t lifecycle_next(driver_state_t state, lifecycle_event_t event);

/* Milliseconds after which EVENT_LIMIT is due, or LIFECYCLE_NO_LIMIT. `recovers`: Initialising
 * includes recover(). Backoff has none: its time is the policy's delay and its end is
 * EVENT_TIMER. Recovering has one that is not of time: core_overdue(). */
uint32_t lifecycle_limit_ms(driver_state_t state, const lifecycle_limits_t *limits,
			    bool recovers);

/* Does it say that nothing is left of an instance? It is told when that is so. */
bool lifecycle_is_over(driver_state_t state);

/* The most that a driver may hold in the state: HOLDS_… bits. */
unsigned lifecycle_holds(driver_state_t state);

/* Does it have a process? */
bool lifecycle_is_live(driver_state_t state);

/* Whether going from one state to another ends the process: all that it held is revoked
 * before anything else happens. */
bool lifecycle_tears_down(driver_state_t from, driver_state_t to);

/* "Running"; "?" for no state. */
const char *lifecycle_state_name(driver_state_t state);

/* "killed by the operator"; "?" for no event. */
const char *lifecycle_event_name(lifecycle_event_t event);

#endif
