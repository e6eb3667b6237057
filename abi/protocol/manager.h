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
 *   STATUS       word 0: how many drivers to pass over; answers as data as many
 *                manager_status_t of those behind as fit; word 1: their count
 *   START, STOP, KILL  name (the operator's)
 *   HOLD, RELEASE  name: what runs goes on, what ends is not started again until it is
 *                released, or started from Stopped, Recovering, Quarantined or Absent (the
 *                operator's)
 *   REBOOT       the machine (the operator's)
 *   LOG_READ     word 0: position, word 1: most bytes; answers text, word 1 its position (the
 *                operator's)
 *   SUBSCRIBE    a notification capability with `write` comes along; of anything else the
 *                answer is what SYS_NOTIFICATION_SIGNAL says
 *   CMDLINE      answers text
 *   LOG_WRITTEN  answers in word 1 a position of the log (the operator's)
 *   AUDIT        answers audit_report_t as data (the operator's)
 *   EXPLAIN      name; answers text: what keeps that driver from running, or will once it ends,
 *                and for whose answer it has waited for 100 ms or longer; empty if nothing is
 *                to be said (the operator's)
 *   REPORT       name; answers manager_report_t as data (the operator's)
 *   DEATH        name, word 1: DEATH_PIECE() of abi/protocol/death.h; answers as data that
 *                piece of a death report, at most MANAGER_TEXT_MAX bytes, and 0 behind its end;
 *                word 1: the report's number (the operator's)
 *   EXCESS       word 0: the badge of a client that asked more than DRIVER_SHARE; word 1: 1 if
 *                it was more than twice that, else 0 (an essential driver's)
 *   QUIESCE      name: it finishes what is under way, and is Quiesced until it is started or
 *                reset
 *   RESET        name: it quiesces and is set up afresh, in the same instance (both are the
 *                operator's). Without a name, the sender itself: if an operator's client waits
 *                for its answer to a call just now
 *   LOG_RECORDS  manager_log_ask_t; answers as data as many manager_log_record_t, each with its
 *                line, as fit; word 1: from which number on to ask next time (the operator's)
 *   RESTART      name: it ends in good order and is started again, which its policy does not
 *                count; DRV_EBUSY unless it is Running and wanted (the operator's)
 *   CLEAR        name: START, of one that is Quarantined; DRV_EBUSY of others (the operator's)
 *   HELD         name, word 1: index; answers manager_held_t as data (the operator's)
 *   MANIFEST     name, word 1: from which byte on; answers as much text as fits of the manifest
 *                in force: JSON, with a line feed between two members of the whole and behind
 *                it; 0 bytes behind its end. Keys with x- are boot.list's (the operator's)
 *   POLICY       name, word 1: from which retry on; answers manager_policy_t as data (the
 *                operator's)
 *   MARGINS      name; answers manager_margin_t as data; word 1: how many (the operator's)
 *   USAGE        word 0: index; answers as data as many manager_usage_t as fit, the first of
 *                that index; word 1: their count (the operator's)
 *   USES         name, word 1: enum manager_uses and, from bit MANAGER_USES_FROM on, from which
 *                name on; answers text: as many names as fit, a blank between two (the
 *                operator's)
 *
 *   LOAD_BEGIN   manager_load_t, word 1: enum manager_load_as: a driver is to be brought into
 *                the running system, or another image for one that is there, else DRV_ENOENT;
 *                what the sender had begun before is given up (these five are the operator's)
 *   LOAD_PUT     word 1: offset, and data: bytes of the image or, behind it, of the manifest's
 *                text. No piece may begin behind what is there; what is there is left as it is
 *   LOAD_COMMIT  all is there: the files are checked as at boot, and the driver is Loaded;
 *                or, if it is there, ends in good order and begins anew with that image,
 *                which is on probation until it has run for its `reset_ms`: if it fails, the
 *                one before comes back. DRV_EBUSY: that driver is not Running, another one
 *                is on probation, or something that the image requires does not run;
 *                DRV_EEXIST: it claims what another one claims, and the image before does
 *                not; answers, whatever the result, text: what is to be said of the files,
 *                a line each, as much as fits, word 1 its bytes. Nothing else is left of
 *                the upload
 *   LOAD_ABORT   the upload is given up
 *   UNLOAD       name: of a driver that was loaded so and has ended; nothing is left of it
 *
 * X(NAME, value, repeatable). 18 was asked up to driver ABI 10, and is not given again. */
#define MANAGER_REQUESTS(X)                                                                    \
	X(MANAGER_FAIL, 3, false)                                                              \
	X(MANAGER_CONNECT, 16, true)                                                           \
	X(MANAGER_STATUS, 17, true)                                                            \
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
	X(MANAGER_EXCESS, 31, true)                                                            \
	X(MANAGER_QUIESCE, 32, false)                                                          \
	X(MANAGER_RESET, 33, false)                                                            \
	X(MANAGER_REPORT, 34, true)                                                            \
	X(MANAGER_LOG_RECORDS, 35, true)                                                       \
	X(MANAGER_DEATH, 36, true)                                                             \
	X(MANAGER_RESTART, 40, false)                                                          \
	X(MANAGER_CLEAR, 41, false)                                                            \
	X(MANAGER_HELD, 42, true)                                                              \
	X(MANAGER_MANIFEST, 43, true)                                                          \
	X(MANAGER_POLICY, 44, true)                                                            \
	X(MANAGER_MARGINS, 45, true)                                                           \
	X(MANAGER_USAGE, 46, true)                                                             \
	X(MANAGER_USES, 47, true)                                                              \
	X(MANAGER_LOAD_BEGIN, 50, true)                                                        \
	X(MANAGER_LOAD_PUT, 51, true)                                                          \
	X(MANAGER_LOAD_COMMIT, 52, false)                                                      \
	X(MANAGER_LOAD_ABORT, 53, true)                                                        \
	X(MANAGER_UNLOAD, 54, false)

#define ABI_X_ENUM(name, value, repeatable) name = (value),
enum manager_request { MANAGER_REQUESTS(ABI_X_ENUM) };
#undef ABI_X_ENUM

#define MANAGER_PERIOD_MS 100u
#define MANAGER_SHARE	  200u

/* Who wrote a line of the log, and what it looks like: what is in front of its text. */
enum manager_log_source {
	MANAGER_LOG_OF_DRIVER = 0,    /* "NAME: text" */
	MANAGER_LOG_ABOUT_DRIVER = 1, /* the manager, of a driver: "drvmgr: NAME: text", or, of
					 its files, "drvmgr: text" */
	MANAGER_LOG_OF_MANAGER = 2,   /* "drvmgr: text"; of its beginning "castellan: text" */
	MANAGER_LOG_OF_INIT = 3,      /* "init: text": how the manager ended */
	MANAGER_LOG_RAW = 4,	      /* an operator's line as it is */
};

/* One line of the log. Behind it follow the bytes of the line, printable or above 0x7f, padded
 * to a multiple of 4. */
#define MANAGER_LOG_LINE_MAX 240u
typedef struct manager_log_record {
	uint32_t number;  /* greater than that of any line before it; wraps */
	uint32_t time_ms; /* since boot, when the manager took it; wraps */
	uint8_t level;	  /* log_level_t */
	uint8_t source;	  /* enum manager_log_source */
	uint8_t skip;	  /* the text begins so many bytes behind the line's beginning */
	uint8_t length;	  /* of the line, at most MANAGER_LOG_LINE_MAX */
} manager_log_record_t;
ABI_ASSERT(sizeof(manager_log_record_t) == 12, "log record layout");

/* Which lines LOG_RECORDS gives: in the order of their numbers, those that are left of the ones
 * from number `from` on. */
typedef struct manager_log_ask {
	uint32_t from;	/* 0: the oldest one */
	uint32_t level; /* log_level_t: these and graver ones */
	/* NUL-terminated. "": all; a driver's name: what it wrote, and what the manager did of
	 * it; "drvmgr": all of the manager's; "init"; "input": what operators wrote as it is.
	 * Another one: DRV_ENOENT. */
	char name[32];
} manager_log_ask_t;
ABI_ASSERT(sizeof(manager_log_ask_t) == 40, "log question layout");

/* What is to be loaded. One upload is under way at a time; it is its sender's, and is given up
 * when that instance ends, when nothing was heard of it for MANAGER_LOAD_MS, and at the
 * manager's death. */
enum manager_load_as {
	MANAGER_LOAD_AS_NEW,	     /* a driver that is not there yet */
	MANAGER_LOAD_AS_REPLACEMENT, /* another image, and manifest, of one that is */
};
#define MANAGER_LOAD_BYTES_MAX 0x200000u /* image and text together */
#define MANAGER_LOAD_TEXT_MAX  8192u	 /* of a manifest */
#define MANAGER_LOAD_MS	       5000u
#define MANAGER_LOAD_PACE      (MANAGER_SHARE / 2) /* pieces in a period that libcap sends */
typedef struct manager_load {
	char name[32]; /* of the driver, NUL-terminated; its file is NAME.drv.json */
	uint32_t image_bytes, manifest_bytes;
} manager_load_t;
ABI_ASSERT(sizeof(manager_load_t) == 40, "load layout");

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
	X(STATE_QUARANTINED, 12, "Quarantined")                                                \
	X(STATE_QUIESCED, 13, "Quiesced")

#define ABI_X_ENUM(name, value, text) name = (value),
typedef enum driver_state { MANAGER_STATES(ABI_X_ENUM) STATE_COUNT } driver_state_t;
#undef ABI_X_ENUM

/* One row of `ps`. */
typedef struct manager_status {
	char name[32];
	uint32_t state;	      /* driver_state_t */
	uint32_t generation;  /* 0: never started */
	uint32_t restarts;    /* that were decided after an end of its own, a kill too */
	uint32_t beat_age_ms; /* since it was seen in its event loop; 0 unless live */
	int32_t last_error;   /* why it last failed */
	uint32_t index;
} manager_status_t;
ABI_ASSERT(sizeof(manager_status_t) == 56, "status layout");
#define MANAGER_STATUS_ROWS (MANAGER_TEXT_MAX / sizeof(manager_status_t))

/* What the manager finds of a driver by the kernel's evidence. X(NAME, value, "text"): the text
 * follows the driver's name. */
#define MANAGER_VERDICTS(X)                                                                    \
	X(VERDICT_WELL, 0, "does its work")                                                    \
	X(VERDICT_LIMIT, 1, "took longer than the limit of its state")                         \
	X(VERDICT_SPINS, 2, "spins: it ran and did not come back to its event loop")           \
	X(VERDICT_WAITS, 3, "waits, and not in its event loop")                                \
	X(VERDICT_NO_WORK, 4, "does no work: a call is not answered")                          \
	X(VERDICT_NO_ACK, 5, "does no work: an interrupt is not acknowledged")                 \
	X(VERDICT_STORM, 6, "lets its interrupt line storm")                                   \
	X(VERDICT_BUSY, 7, "uses all of its share")                                            \
	X(VERDICT_HOGS, 8, "goes on using all of its share")                                   \
	X(VERDICT_STARVES, 9, "keeps others from running")                                     \
	X(VERDICT_FLOODS, 10, "sends more than its share")                                     \
	X(VERDICT_PERSISTS, 11, "goes on sending more than its share")

#define ABI_X_ENUM(name, value, text) name = (value),
typedef enum verdict_kind { MANAGER_VERDICTS(ABI_X_ENUM) VERDICT_COUNT } verdict_kind_t;
#undef ABI_X_ENUM

/* What became of a driver that failed, or was killed. */
typedef enum manager_decision {
	DECIDED_NOTHING, /* not yet: what was left of it is being taken apart */
	DECIDED_RESTART,
	DECIDED_STOP,
	DECIDED_GIVE_UP,
	DECIDED_RETURN, /* it was on probation: the image before it comes back */
	DECISION_COUNT
} manager_decision_t;

/* All that the manager tells of one driver. Names and texts are NUL-terminated, and "" where
 * there is none. */
typedef struct manager_report {
	manager_status_t status;
	/* What the manager believes. */
	uint32_t state_ms;   /* so long it is in its state */
	uint32_t silence_ms; /* so long of its own time it may be out of its event loop; 0:
				there is another limit in this state, or no instance */
	uint32_t named;	     /* bit n: verdict n was told of this instance, or lasts */
	char waits_for[32];  /* the driver that its call is with, as the kernel says */
	/* What the driver says, in its page: it may write there what it likes. Zero if none
	 * lives.
	 */
	uint32_t lives;
	int32_t health;	    /* DRV_OK or DRV_E… */
	int32_t call_error; /* of its last failing call */
	uint32_t beats, work;
	/* Of driver ABI: what is in use (0: it was refused), and from and to which number its
	 * manifest and its binary go; then what the binary was built for, and its build id, all
	 * zero if it has none. */
	uint32_t abi, manifest_min, manifest_max, binary_min, binary_max;
	uint32_t context, kernel_abi;
	uint8_t build_id[20];
	/* Its last failure, or last kill; `generation` 0: there was none. */
	struct manager_failure {
		uint32_t generation;
		uint32_t killed; /* 1: by the operator, and nothing follows but `decided` */
		uint32_t state;	 /* in which; driver_state_t */
		int32_t error;
		uint32_t ago_ms;
		int32_t
		    call_error;	   /* of its last failing call, as it said then; DRV_OK: none */
		uint32_t decided;  /* manager_decision_t */
		uint32_t restart;  /* RESTART: its number, 0 if it does not count. GIVE_UP: how
				      many failures came before within the policy's window */
		uint32_t delay_ms; /* RESTART: came so much later */
		char culprit[32];  /* whose fault it was, if not its own */
		char why[100];	   /* as the log has it, cut if it is longer */
	} failure;
} manager_report_t;
ABI_ASSERT(sizeof(manager_report_t) == 336, "report layout");
ABI_ASSERT(sizeof(manager_report_t) <= MANAGER_TEXT_MAX, "a report fits one answer");

/* A capability that a driver holds. */
typedef struct manager_held {
	uint32_t type, rights; /* enum cap_type, RIGHT_… */
	uint32_t ranged;       /* 1: it has the range from `first` to `last`, itself included */
	uint32_t first, last;  /* ports, lines, physical addresses */
	char owner[32]; /* whose endpoint, notification or reply object it is: a driver, or
			   manager */
	char text[160]; /* all of it, and what it is for; cut if it is longer */
} manager_held_t;
ABI_ASSERT(sizeof(manager_held_t) == 212, "held layout");

/* The policy in force, what it remembers, and the retries that would follow if the driver
 * failed now and at once again each time: what decides then has made them. */
#define MANAGER_RETRIES 16u
typedef struct manager_policy {
	uint32_t kind; /* 0 never, 1 on-failure, 2 always */
	uint32_t first_ms, base_ms, factor_pct, max_ms, burst, window_ms, reset_ms;
	uint32_t failures;  /* within the window now */
	uint32_t restarts;  /* since the delays began anew */
	uint32_t ever_ran;  /* 0: it never was Running, and has two restarts at most */
	uint32_t essential; /* 1: spent, it goes on at max_ms */
	uint32_t retries;   /* until the policy ends it; in all */
	uint32_t count;	    /* of those that follow here */
	struct manager_retry {
		uint32_t delay_ms;
		uint32_t at_ms; /* from now on */
	} retry[MANAGER_RETRIES];
} manager_policy_t;
ABI_ASSERT(sizeof(manager_policy_t) == 184, "policy layout");

/* What a driver came near to. X(NAME, value, "rule", "unit", "what to do if it is near") */
#define MANAGER_MARGINS_OF(X)                                                                  \
	X(MARGIN_SILENCE, 0, "out of its event loop", "ms",                                    \
	  "let it come back to its event loop sooner, or raise heartbeat")                     \
	X(MARGIN_CALL, 1, "a call unanswered", "ms",                                           \
	  "let it answer sooner, or raise heartbeat.progress_ms")                              \
	X(MARGIN_ACK, 2, "an interrupt unacknowledged", "ms",                                  \
	  "let it acknowledge sooner, or raise ack_ms")                                        \
	X(MARGIN_STATE, 3, "in this state", "ms", "raise its limit in lifecycle")              \
	X(MARGIN_PROCESSOR, 4, "processor time in 100 ms", "ms",                               \
	  "let it do less at once, or raise cpu.budget_us")                                    \
	X(MARGIN_SENT, 5, "messages in 100 ms", "", "let it send less")                        \
	X(MARGIN_FAILURES, 6, "failures within its policy's window", "",                       \
	  "see why it fails; start forgets them")                                              \
	X(MARGIN_EARLY, 7, "restarts before it ever ran", "",                                  \
	  "see why it does not come to run")                                                   \
	X(MARGIN_MEMORY, 8, "memory", "KiB", "raise memory_kib")

#define ABI_X_ENUM(name, value, rule, unit, advice) name = (value),
enum manager_margin_rule { MANAGER_MARGINS_OF(ABI_X_ENUM) MARGIN_COUNT };
#undef ABI_X_ENUM

/* Of what lasts, the most that its instance was seen to come to, at looks 100 ms apart. */
typedef struct manager_margin {
	uint32_t rule;	/* enum manager_margin_rule */
	uint32_t value; /* what there is, or was at most … */
	uint32_t limit; /* … of so much; at or beyond it something follows */
} manager_margin_t;
ABI_ASSERT(sizeof(manager_margin_t) * MARGIN_COUNT <= MANAGER_TEXT_MAX, "all fit an answer");

/* What a driver uses. Counts are of its instance's, from 0 on, but for those of interrupts,
 * which are of its lines since boot. */
typedef struct manager_usage {
	char name[32];
	uint32_t state, generation;
	uint32_t now_ms;	    /* of the kernel's clock */
	uint32_t run_low, run_high; /* ticks, as in inspect_thread_t */
	uint32_t ticks_per_ms;
	uint32_t memory_kib; /* what it takes, and keeps while it does not run */
	uint32_t interrupts, messages, signals;
	uint32_t has_lines; /* 1: it has all its interrupt lines, which `interrupts` counts */
	uint32_t work;	    /* requests, interrupts and timers, as it says */
	uint32_t restarted; /* 1: it was restarted after a failure or a kill, which took … */
	uint32_t
	    restart_ms; /* … so long, from the end to Running, without the policy's delay */
} manager_usage_t;
ABI_ASSERT(sizeof(manager_usage_t) == 88, "usage layout");
#define MANAGER_USAGE_ROWS (MANAGER_TEXT_MAX / sizeof(manager_usage_t))

/* Which names of a manifest; USED_BY: the drivers whose manifests name the driver, or a service
 * that it provides, in `requires` or `uses`. */
enum manager_uses {
	MANAGER_REQUIRES,
	MANAGER_MAY_USE,
	MANAGER_PROVIDES,
	MANAGER_USED_BY,
	MANAGER_USES_COUNT
};
#define MANAGER_USES_FROM 8u

#endif
