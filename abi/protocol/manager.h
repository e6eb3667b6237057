/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's protocol: what a supervised process asks its manager, at its manager
 * endpoint. The endpoint's badge says which process it is; it cannot be forged. */
#ifndef ABI_MANAGER_H
#define ABI_MANAGER_H

#include "abi/protocol/driver.h"

#define MANAGER_NAME_MAX 31u /* characters of a driver's name */
#define MANAGER_TEXT_MAX DRIVER_DATA_MAX

/* Labels. All are called; what is only sent gets no answer. A name or text is packed into bytes
 * from word DRIVER_DATA_WORD on, its length is in word 0. Answers: word 0 DRV_… or a count,
 * word 1 a value. Who asks more than MANAGER_SHARE times in a period of MANAGER_PERIOD_MS is
 * answered at the next one; who sends twice as many messages, or signals more than
 * MANAGER_SHARE times, finds the capability for it gone until the page names a new one.
 *
 * Where the manager dies under a call, the answer is DRV_EGONE and it may have been done;
 * libcap asks again what is repeatable, and the rest is the operator's to look at.
 *
 *   FAIL         word 0: DRV_E…: the driver cannot go on
 *   CONNECT      name; answers a capability
 *   STATUS       word 0: index; answers as data as many manager_status_t as fit, the first of
 *                that index; word 1: their count
 *   CAPS         name, word 1: index; answers text (the operator's)
 *   START, STOP, KILL  name (the operator's)
 *   HOLD, RELEASE  name: what runs goes on, what ends is not started again until it is
 *                released, or started from Stopped, Quarantined or Absent (the operator's)
 *   REBOOT       the machine (the operator's)
 *   LOG_READ     word 0: position, word 1: most bytes; answers text, word 1 its position (the
 *                operator's)
 *   SUBSCRIBE    a notification capability with `write` comes along; of anything else the
 *                answer is what SYS_NOTIFICATION_SIGNAL says
 *   CMDLINE      answers text
 *   LOG_WRITTEN  answers in word 1 a position of the log (the operator's)
 *   AUDIT        answers audit_report_t as data (the operator's)
 *   EXPLAIN      name; answers text: what keeps that driver from running, or will once it ends;
 *                empty if nothing does (the operator's)
 *   EXCESS       word 0: the badge of a client that asked more than DRIVER_SHARE; word 1: 1
 *                if it was more than twice that, else 0 (an essential driver's)
 *
 * X(NAME, value, repeatable) */
#define MANAGER_REQUESTS(X)                                                                    \
	X(MANAGER_FAIL, 3, false)                                                              \
	X(MANAGER_CONNECT, 16, true)                                                           \
	X(MANAGER_STATUS, 17, true)                                                            \
	X(MANAGER_CAPS, 18, true)                                                              \
	X(MANAGER_START, 19, false)                                                            \
	X(MANAGER_STOP, 20, false)                                                             \
	X(MANAGER_KILL, 21, false)                                                             \
	X(MANAGER_REBOOT, 22, false)                                                           \
	X(MANAGER_LOG_READ, 23, true)                                                          \
	X(MANAGER_SUBSCRIBE, 24, true)                                                         \
	X(MANAGER_CMDLINE, 25, true)                                                           \
	X(MANAGER_LOG_WRITTEN, 26, true)                                                       \
	X(MANAGER_AUDIT, 27, true)                                                             \
	X(MANAGER_EXPLAIN, 28, true)                                                           \
	X(MANAGER_HOLD, 29, false)                                                             \
	X(MANAGER_RELEASE, 30, false)                                                          \
	X(MANAGER_EXCESS, 31, true)

#define ABI_X_ENUM(name, value, repeatable) name = (value),
enum manager_request { MANAGER_REQUESTS(ABI_X_ENUM) };
#undef ABI_X_ENUM

#define MANAGER_PERIOD_MS 100u
#define MANAGER_SHARE	  200u

/* X(NAME, value, "text") */
#define MANAGER_STATES(X)                                                                      \
	X(STATE_LOADED, 0, "Loaded")                                                           \
	X(STATE_REJECTED, 1, "Rejected")                                                       \
	X(STATE_WAITING, 2, "Waiting")                                                         \
	X(STATE_PROBING, 3, "Probing")                                                         \
	X(STATE_ABSENT, 4, "Absent")                                                           \
	X(STATE_INITIALISING, 5, "Initialising")                                               \
	X(STATE_RUNNING, 6, "Running")                                                         \
	X(STATE_QUIESCING, 7, "Quiescing")                                                     \
	X(STATE_STOPPING, 8, "Stopping")                                                       \
	X(STATE_STOPPED, 9, "Stopped")                                                         \
	X(STATE_RECOVERING, 10, "Recovering")                                                  \
	X(STATE_BACKOFF, 11, "Backoff")                                                        \
	X(STATE_QUARANTINED, 12, "Quarantined")

#define ABI_X_ENUM(name, value, text) name = (value),
typedef enum driver_state { MANAGER_STATES(ABI_X_ENUM) STATE_COUNT } driver_state_t;
#undef ABI_X_ENUM

/* One row of `ps`. */
typedef struct manager_status {
	char name[32];
	uint32_t state;	     /* driver_state_t */
	uint32_t generation; /* 0: never started */
	uint32_t restarts;
	uint32_t beat_age_ms; /* since it was seen in its event loop; 0 unless live */
	int32_t last_error;   /* why it last failed */
	uint32_t index;
} manager_status_t;
ABI_ASSERT(sizeof(manager_status_t) == 56, "status layout");
#define MANAGER_STATUS_ROWS (MANAGER_TEXT_MAX / sizeof(manager_status_t))

#endif
