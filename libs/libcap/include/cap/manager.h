/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls to the driver manager. What a process may ask is in its manifest: "uses" lists the
 * drivers that it may connect to; the operator's calls need "uses": ["operator"] and answer
 * DRV_EPERM without. Names are at most 31 characters; DRV_ENOENT: no such driver. */
#ifndef CAP_MANAGER_H
#define CAP_MANAGER_H

#include "abi/audit.h"
#include "abi/protocol/death.h"
#include "abi/protocol/manager.h"

/* A connection to the driver `name`, which may be dead or not started yet.
 * DRV_EPERM: not in "uses". */
err_t manager_connect(const char *name, cap_t *endpoint);

/* The states of the drivers from number `first` on, in one call: as many as fit a message, at
 * most `most`. The count; DRV_ENOENT behind the last one. */
int32_t manager_list(uint32_t first, manager_status_t *rows, uint32_t most);

/* The state of driver number `index` (0, 1, …); DRV_ENOENT behind the last one. */
err_t manager_status(uint32_t index, manager_status_t *status);

/* Operator: what keeps driver `name` from running, or will once it ends, as text with a final
 * NUL; "" if nothing does. */
err_t manager_explain(const char *name, char *text, size_t size);

/* Operator: all that the manager tells of driver `name`. */
err_t manager_report(const char *name, manager_report_t *report);

/* Operator: reads `size` bytes of a part of a death report of driver `name`, from byte
 * `at` on; what is not there is zero. `report` 0 is the last one, 1 the one before. *number
 * is the report's, or of a history its first line's, and 0 if that has none. How many bytes
 * there are, or DRV_ENOENT: there is no such driver or report; DRV_EBUSY: other deaths came in
 * between, each time. */
int32_t manager_death(const char *name, enum death_part part, uint32_t report, uint32_t at,
		      void *data, uint32_t size, uint32_t *number);

/* Operator: start, stop, or kill (a CPU fault in its main thread). They answer when the
 * command is taken, not when it is done. DRV_EBUSY: not in this state; DRV_EGONE: the manager
 * died meanwhile, and may have done it. */
err_t manager_start(const char *name);
err_t manager_stop(const char *name);
err_t manager_kill(const char *name);

/* Operator: holds a driver: what runs goes on, but when it ends it is not started again; and
 * lets go of it, as manager_start() does from Stopped, Recovering, Quarantined or Absent.
 * DRV_EEXIST: it is held already; DRV_EBUSY: it is not wanted to run; or it is not held, as
 * stop ends a hold. Both outlive the manager; DRV_EGONE as above. */
err_t manager_hold(const char *name);
err_t manager_release(const char *name);

/* Operator: has a driver that runs finish what is under way and do nothing from then on, until
 * it is started or reset; and has one that runs, or does nothing, set its device up afresh in
 * the same process. DRV_OK: it was taken; what comes of it, its state says. DRV_EBUSY: in its
 * state that means nothing; DRV_EGONE as above. */
err_t manager_quiesce(const char *name);
err_t manager_reset(const char *name);

/* Operator: ends a driver that is Running in good order and starts it again, which its policy
 * does not count; and starts one that is Quarantined, and no other. DRV_EBUSY, DRV_EGONE as
 * above. */
err_t manager_restart(const char *name);
err_t manager_clear(const char *name);

/* Operator: the `index`-th capability that driver `name` holds; DRV_ENOENT behind the last one.
 * Its texts end with a NUL. */
err_t manager_held(const char *name, uint32_t index, manager_held_t *held);

/* Operator: the manifest in force as JSON, from byte `from` on, with a final NUL; "" behind its
 * end. `size` is MANAGER_TEXT_MAX + 1 at least. */
err_t manager_manifest(const char *name, uint32_t from, char *text, size_t size);

/* Operator: the policy in force, and its retries from number `first` on. */
err_t manager_policy(const char *name, uint32_t first, manager_policy_t *policy);

/* Operator: how near driver `name` came to its limits. The count of rows. */
int32_t manager_margins(const char *name, manager_margin_t rows[MARGIN_COUNT]);

/* Operator: what drivers use, from number `first` on: as many as fit a message, at most `most`.
 * The count; DRV_ENOENT behind the last one. Names end with a NUL. */
int32_t manager_usage(uint32_t first, manager_usage_t *rows, uint32_t most);

/* Operator: names of driver `name`'s manifest, or of its users, a blank between two, from
 * number `from` on: as many as MANAGER_TEXT_MAX bytes hold. MANAGER_TEXT_MAX + 1 bytes of
 * `text` are enough; DRV_EMSGSIZE: `size` is not. */
err_t manager_uses(const char *name, enum manager_uses which, uint32_t from, char *text,
		   size_t size);

/* Operator: brings a driver into the running system: begins, puts all of the image and, behind
 * it, of the manifest's text, in pieces of MANAGER_TEXT_MAX bytes at most, each where the one
 * before ended, and commits. The same piece twice does no harm.
 *
 * begin: DRV_EBUSY: another one's upload is under way; DRV_EINVAL: no such name, or sizes that
 * are 0 or more than can be; DRV_ENOMEM: there is no memory for it.
 * put: DRV_EINVAL: the piece begins behind what is there, or ends behind what there is to be;
 * DRV_EAGAIN, and the manager was not asked: MANAGER_LOAD_PACE pieces were sent in this period
 * of MANAGER_PERIOD_MS, so that the caller stays below its share: once more in the next.
 * commit: DRV_EINVAL: not all of it is there; or why the files are refused: DRV_EFORMAT,
 * DRV_EINVAL, DRV_EEXIST, DRV_EABI, or DRV_ENOMEM, no memory or no place. `text`, `size` bytes,
 * becomes what is to be said of them, in lines; MANAGER_TEXT_MAX + 1 bytes are enough.
 * put, commit and abort: DRV_ENOENT: no upload of the caller is under way: it was silent for
 * MANAGER_LOAD_MS, or the manager died. DRV_EGONE of a commit: that one died meanwhile, and the
 * driver is there or not, as the list of drivers says. */
err_t manager_load_begin(const manager_load_t *what);

/* The same for another image, and manifest, of a driver that is there, with the same put,
 * commit and abort. DRV_ENOENT: there is none of that name. Its commit answers as well
 * DRV_EBUSY: that driver is not Running, or not to run, another replacement is under way, or
 * something that the image requires does not run; DRV_EEXIST: it claims what another driver
 * claims, and the image before does not. The new image is on probation then:
 * abi/protocol/manager.h, LOAD_COMMIT. */
err_t manager_replace_begin(const manager_load_t *what);
err_t manager_load_put(uint32_t offset, const void *data, uint32_t bytes);
err_t manager_load_commit(char *text, size_t size);
err_t manager_load_abort(void);

/* Operator: nothing is left of a driver that was loaded so, and its memory is free. DRV_ENOENT:
 * nobody has that name; DRV_EINVAL: it came with the system; DRV_EBUSY: it has not ended;
 * DRV_EGONE as above. */
err_t manager_unload(const char *name);

/* Operator: the kernel's counters. */
err_t manager_audit(audit_report_t *report);

/* Operator: reboots the machine;
 * returns only on error: DRV_ENOTSUP if the machine knows no way that the manager does. */
err_t manager_reboot(void);

/* Operator: log text from position *position on, at most `size` bytes; moves *position
 * behind it. The count is 0 when there is nothing new. Positions that are gone skip ahead. It
 * says with *position that all before it is on the terminal: while nobody reads and no driver
 * has the serial line, the manager writes what follows there by itself. */
int32_t manager_log_read(uint32_t *position, char *text, size_t size);

/* Operator: the lines of the log that *ask wants, with times, sources and levels: so many whole
 * manager_log_record_t, each with its line, as one answer has, at most MANAGER_TEXT_MAX bytes;
 * `size` is the room for them. *next becomes the number to ask from next time. The count of
 * bytes; 0: no such line is left from ask->from on, and what is logged from now on has *next or
 * a greater number. DRV_ENOENT: nobody of ask->name; DRV_EINVAL: its level is none. */
int32_t manager_log_records(const manager_log_ask_t *ask, uint32_t *next, void *records,
			    size_t size);

/* A log that is read line by line: `ask` is the caller's to fill in, the rest begins with
 * zeros. */
typedef struct manager_log {
	manager_log_ask_t ask;
	uint32_t at, bytes; /* what of `records` is not taken yet */
	uint32_t records[MANAGER_TEXT_MAX / 4];
} manager_log_t;

typedef struct manager_log_line {
	manager_log_record_t record;
	char line[MANAGER_LOG_LINE_MAX + 1]; /* NUL-terminated; the text is at record.skip */
} manager_log_line_t;

/* Operator: the next line. DRV_EAGAIN: there is none now; other errors as above. */
err_t manager_log_next(manager_log_t *log, manager_log_line_t *line);

/* Operator: up to which position the log is on the terminal: that of the last read, or
 * behind what the manager has written since. */
err_t manager_log_written(uint32_t *position);

/* Signals `notification` on every new log line and every change of a driver's state.
 * DRV_EINVAL, DRV_EPERM: it is no notification, or not to be signalled through this capability.
 */
err_t manager_subscribe(cap_t notification);

/* The kernel's command line, NUL-terminated. */
err_t manager_cmdline(char *text, size_t size);

#endif
