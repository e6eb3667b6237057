/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver runtime. A driver is
 *
 *     static const driver_ops_t ops = { .init = my_init, .irq = my_irq, … };
 *     int main(void) { return driver_main(&ops); }
 *
 * The runtime owns the one event loop: it takes interrupts, timers, the manager's lifecycle
 * commands and clients' requests in turn and answers errors. A driver has
 * one thread; its callbacks never run at the same time and must not block for long. All
 * that a driver may touch is in driver_context(): its manifest's capabilities, in order. */
#ifndef CAP_DRIVER_H
#define CAP_DRIVER_H

#include <stdbool.h>

#include "abi/protocol/driver.h"

/* One client's connection, from open to close. Each client has a place for one of its own, so
 * that none is refused one because of what others do or have left behind. */
typedef struct session {
	uint32_t badge;	    /* DRIVER_BADGE; set by the kernel, cannot be forged; 0: free */
	cap_t notification; /* signalled by driver_notify(), or CAP_NULL */
	uint32_t position;  /* 0 on open; set by seek, or the driver's own */
	uint32_t asked;	    /* word 0 of DRIVER_OPEN: what of the driver it is for */
	uint32_t how;	    /* word 1 of DRIVER_OPEN */
	/* libcap's: where in the stream the client is, as far as is known (driver_tell()). */
	uint32_t next;
	bool knows;
} session_t;
#define DRIVER_SESSIONS DRIVER_CLIENTS_MAX

/* An ioctl in and out. `data` holds `in_bytes` on entry; the driver may write up to
 * DRIVER_DATA_MAX bytes there and sets `out_bytes`. */
typedef struct ioctl {
	uint32_t code;
	uint32_t argument;
	uint32_t value; /* answered as word 1; 0 on entry */
	uint32_t in_bytes;
	uint32_t out_bytes; /* 0 on entry */
	void *data;
} ioctl_t;

/* Rows of GET_STATS that are being gathered: all of them are made each time, and those from
 * number `first` on are kept, as far as there is room. */
typedef struct driver_stats {
	uint32_t first, room;
	uint32_t total; /* made, kept or not; at most DRIVER_STATS_MAX */
	uint32_t count; /* kept */
	driver_stat_t *rows;
} driver_stats_t;

/* Every callback is optional: without one, lifecycle steps succeed and requests answer
 * DRV_ENOTSUP. Lifecycle callbacks answer DRV_OK, DRV_E…, or DRV_EAGAIN for "not done yet":
 * the step then ends when the driver calls driver_done(), or at its limit in the manifest.
 * quiesce is followed by stop; or, in a reset, by init and run again, without recover:
 * interrupts are bound then, and may come during init. When quiesce is done no timer is set,
 * and none can be, and signals are dropped, until the next step begins: only `irq` is called.
 */
typedef struct driver_ops {
	err_t (*probe)(void);	/* DRV_ENODEV: there is no such device; not a failure */
	err_t (*recover)(void); /* before init, in a restarted instance only */
	err_t (*init)(void);
	err_t (*run)(void);
	err_t (*quiesce)(void);
	err_t (*stop)(void);
	void (*irq)(unsigned index);   /* irq_caps[index] fired; acknowledged after return */
	void (*timer)(void);	       /* the time of driver_set_timer() has come */
	void (*timed)(unsigned index); /* that of driver_timer_set() */
	/* DRIVER_SIGNAL_CLIENT bits arrived. From the first driver_make_signal() on there are
	 * at most DRIVER_SIGNALS_EACH calls in each DRIVER_SIGNALS_MS unless the driver is
	 * essential; what comes beyond is told then. */
	void (*signal)(uint32_t bits);
	err_t (*open)(session_t *session);
	void (*close)(session_t *session);
	/* Answer bytes moved (>= 0, at most `bytes`) or DRV_E…. `bytes` <= DRIVER_DATA_MAX. */
	int32_t (*read)(session_t *session, void *to, uint32_t bytes);
	int32_t (*write)(session_t *session, const void *from, uint32_t bytes);
	/* The same from a position of the client's own on, which it moves behind what it
	 * answers: *position is the one to ask from next time. After a death libcap's clients
	 * ask the next instance from where they are, so positions outlive an instance.
	 * DRV_EOVERFLOW: what follows *position is not there any more. On an error *position
	 * does not count. It answers from memory, without the device: it is asked from run
	 * until stop, of a quiesced driver, too. driver_tell() calls it as well. */
	int32_t (*read_at)(session_t *session, uint32_t *position, void *to, uint32_t bytes);
	err_t (*seek)(session_t *session, uint32_t position);
	err_t (*ioctl)(session_t *session, ioctl_t *request); /* codes >= DRV_IOCTL_OWN */
	void (*stats)(driver_stats_t *rows); /* adds its rows to libcap's: driver_stat() */
} driver_ops_t;

/* Runs the driver until it is told to stop; the value is the exit code (0). */
int driver_main(const driver_ops_t *ops);

/* What the driver was given. Valid from the start of main() on. */
DriverContextV2 *driver_context(void);

/* The number of this instance; 1 for the first. */
uint32_t driver_generation(void);

/* What the instances before kept is of no use to this one: clients that open a session are
 * told. Of what the manager threw away they are told anyway. */
void driver_forget(void);

/* Ends a lifecycle step that answered DRV_EAGAIN. Without such a step: no effect. */
void driver_done(err_t result);

/* The driver cannot go on: tells the manager, which restarts it by policy. Does not return. */
_Noreturn void driver_fail(err_t reason);

/* Calls ops->timer once, `ms` from now (0: on the next turn; more than DRIVER_TIMER_MAX_MS:
 * then); replaces an earlier setting. DRIVER_NO_TIMER cancels. */
void driver_set_timer(uint32_t ms);
#define DRIVER_NO_TIMER	    0xffffffffu
#define DRIVER_TIMER_MAX_MS 0x7fffffffu /* almost 25 days */

/* The same at the time `at_ms` of driver_now_ms(), without a look at the clock: for who knows
 * what time it is. One that has passed, by less than DRIVER_TIMER_MAX_MS: on the next turn. */
void driver_set_timer_at(uint32_t at_ms);

/* The same for ops->timed and one of DRIVER_TIMERS timers more, each on its own. DRV_EINVAL:
 * there is no such timer. */
err_t driver_timer_set(unsigned index, uint32_t ms);
#define DRIVER_TIMERS 8u

/* Milliseconds since boot; wraps after 49 days, so compare differences. A callback's timers may
 * come late by as long as it goes on after this. */
uint32_t driver_now_ms(void);

/* The same without a look at the clock, as far as that can be: when the interrupt, or what else
 * the callback is about, was signalled, or what driver_now_ms() told last. It is earlier than
 * now by as long as the driver had to wait for its turn, and by a millisecond. */
uint32_t driver_turn_ms(void);

/* How often ops->signal is called, so that who may signal a driver cannot have it ask others
 * for more than its share of them. */
#define DRIVER_SIGNALS_MS   10u
#define DRIVER_SIGNALS_EACH 5u

/* A capability for others that signals DRIVER_SIGNAL_CLIENT(number) (0..15) to ops->signal. */
err_t driver_make_signal(unsigned number, cap_t *signal);

/* In ops->irq: the interrupt that it is told of was not its device's. Whoever shares a line
 * says so, because an interrupt that is nobody's is the mark of a device that nobody serves;
 * without this one it counts as the driver's own. */
void driver_irq_disown(void);

/* Has another client, one with `operator` in its `uses`, a session now, and this one does not
 * have that? A driver of a device at which the operator sits then answers DRV_EPERM. */
bool driver_is_reserved(const session_t *session);

/* Signals every session that has a notification: data or room is there. */
void driver_notify(void);

/* The same, and whose client reads by position and waits just now gets what follows along with
 * the signal, and need not ask. For each such session it calls ops->read_at, as if the client
 * had asked, before it returns; what that answers may come to nobody, as any answer may.
 * Records are at most DRIVER_RECORD_MAX bytes long. Nobody is waited for. */
void driver_tell(void);

/* One line for the system log, without a line end; the manager puts "NAME: " in front. At most
 * DRIVER_LINE_MAX characters; what is longer is cut. Never waits: who writes faster than the
 * manager takes lines loses its oldest ones, and the log says how many. */
void driver_log(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* The same with a level; driver_log()'s is LOG_INFO. It is shown where lines are asked for with
 * their levels, and not on the serial line. The line's time is not the driver's to say: it is
 * when the manager takes the line, at once but for one that logs more than its share. */
void driver_log_at(log_level_t level, const char *text, ...)
    __attribute__((format(printf, 2, 3)));

/* The same without "NAME: " in front, if the manifest has `operator` in `uses`. */
void driver_trace(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* The number of the next line. It is never set back, not by the driver's death or the
 * manager's: a new instance begins with the number behind the last line that reached the
 * manager. Who keeps it with what the lines are about knows after a death which of them are
 * out. It is 0 for each instance where the manager or the manifest is of a driver ABI before 8.
 */
uint32_t driver_line(void);

/* What GET_HEALTH answers: DRV_OK or why the driver is not well. */
void driver_set_health(err_t health);

/* In ops->stats: one more row, "NAME VALUE" for whoever types `stats` and the driver's name. Of
 * `name` 23 characters count; it is the same each time, and so is the order. If it ends in
 * "error", the value is a DRV_E…. Beyond DRIVER_STATS_MAX rows there are none. It may be asked
 * for before init.
 *
 *     static void my_stats(driver_stats_t *rows)
 *     {
 *             driver_stat(rows, "reads", reads);
 *     }
 */
void driver_stat(driver_stats_t *rows, const char *name, uint32_t value);

/* What GET_STATS answers from row `first` on: at most `room` rows, whose number it returns, and
 * in *total how many there are. */
uint32_t driver_stats(uint32_t first, driver_stat_t *rows, uint32_t room, uint32_t *total);

/* Ports by index into the manifest's caps.pio, in one access of 8, 16 or 32 bits. DRV_EPERM:
 * not wholly in the range, or not its direction or width; DRV_EBADCAP: there is no such range.
 * On error *value is untouched. A range with both directions and all widths is opened at its
 * first access of 8 bits: from then on such an access is one instruction, and a fault if the
 * capability was taken away. */
err_t driver_in8(unsigned index, uint16_t port, uint8_t *value);
err_t driver_in16(unsigned index, uint16_t port, uint16_t *value);
err_t driver_in32(unsigned index, uint16_t port, uint32_t *value);
err_t driver_out8(unsigned index, uint16_t port, uint8_t value);
err_t driver_out16(unsigned index, uint16_t port, uint16_t value);
err_t driver_out32(unsigned index, uint16_t port, uint32_t value);

/* Reads 8 bits and keeps them: in the page at DriverContextV2.shared_cfg is at `offset`, a
 * multiple of 8 within it, what was read and behind it the count of such reads (pio_kept_t),
 * and nothing comes between the read and that, no death either. As driver_in8(); DRV_EINVAL: no
 * such offset, nothing was read; DRV_EBADCAP: the manager gave no frame, too, because it is of
 * a driver ABI before 8. */
err_t driver_keep8(unsigned index, uint16_t port, uint32_t offset, uint8_t *value);

/* Maps all of caps.mmio[index] and gives its address. DRV_EBADCAP: there is none. */
err_t driver_map(unsigned index, volatile void **address);

#endif
