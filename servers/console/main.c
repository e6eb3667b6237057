/* SPDX-License-Identifier: BSD-2-Clause */
/* The operator's console: all of its calls. It moves the log and the prompt to the serial
 * driver, keys from the keyboard driver and cells to the screen driver, and asks the manager
 * what the operator types. What it moves is made in the other files. No driver's death ends
 * it or loses text: a connection that fails is opened anew when its driver runs again. */
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/link.h"
#include "cap/manager.h"
#include "cap/operator.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "abi/protocol/serial.h"
#include "cmdline.h"
#include "display.h"
#include "input.h"
#include "kept.h"
#include "terminal.h"

#define REFRESH_MS	  1000u /* the table is at most so old */
#define REFRESH_SIGNAL_MS 50u	/* at most so often on the manager's signal, … */
#define REFRESH_BURST_MS  5u	/* … and so late: one change seldom comes alone */
#define UNASKED_EACH	  10u	/* refresh: then keys and line are read without a signal */
#define TURN_STEPS	  64u	/* then the event loop has a look */
#define PATIENCE_MS	  2000u
#define DRIVERS_MAX	  64u
#define INPUT_BYTES	  64u
#define SIGNAL_MANAGER	  0u /* DRIVER_SIGNAL_CLIENT numbers */
#define SIGNAL_SERIAL	  1u
#define SIGNAL_KEYBOARD	  2u

/* Those that it talks to stand above it: who does not answer within so long does not work. */
#define LIMIT_MS    20u
/* That wait in the serial driver: 11 ms at 115200 bits a second. */
#define AHEAD_BYTES 128u
static link_t serial = {.name = "serial", .client.limit_ms = LIMIT_MS};
static link_t keyboard = {.name = "ps2kbd", .client.limit_ms = LIMIT_MS};
static link_t screen = {.name = "screen", .client.limit_ms = LIMIT_MS};
static link_t *const links[] = {&serial, &keyboard, &screen};
#define LINKS (sizeof(links) / sizeof(links[0]))
static uint32_t serial_session, keyboard_session, screen_session; /* as link_t.opened */
static cap_t manager_signal;

static terminal_t terminal;
static pump_t pump;
static job_t job;
static struct {
	uint32_t at, count;
	char bytes[INPUT_BYTES];
} input;
static manager_status_t drivers[DRIVERS_MAX];
static uint32_t driver_count;
static uint32_t asked_at; /* the log's position when it was read last */
static bool log_due, input_due, keys_due;
static desk_change_t change;   /* to be drawn */
static bool prompted;	       /* the log of the boot is out */
static uint32_t patient_until; /* for it: commands are taken then at the latest */
static uint32_t refreshed_at, refresh_at, refreshes;
static bool tracing;

/* ---- connections ---- */

static bool is_past(uint32_t time)
{
	return (int32_t)(driver_now_ms() - time) >= 0;
}

static void refresh_within(uint32_t ms)
{
	uint32_t at = refreshed_at + ms, soon = driver_now_ms() + REFRESH_BURST_MS;
	if ((int32_t)(at - soon) < 0)
		at = soon;
	if ((int32_t)(at - refresh_at) < 0)
		refresh_at = at;
}

static void lose(link_t *link, err_t error)
{
	if (error == DRV_EAGAIN)
		return; /* it does not serve now */
	link_lose(link, error);
	refresh_within(REFRESH_SIGNAL_MS);
}

/* While no driver had the serial line the manager may have written the log there by itself.
 * What waits here is then older than what was written last, or the same. */
static void skip_written(void)
{
	uint32_t written;
	if (manager_log_written(&written) != DRV_OK || (int32_t)(written - asked_at) <= 0)
		return;
	terminal_forget(&terminal);
	pump = (pump_t){.position = written};
	asked_at = written;
}

/* Whether the link has a session that `seen` is not. */
static bool is_new(link_t *link, uint32_t *seen)
{
	bool is = link->opened != *seen;
	if (link->forgotten)
		driver_log("%s forgot what it kept", link->name);
	link->forgotten = false;
	*seen = link->opened;
	return is;
}

/* A driver of which the console is a client may have come back. */
static void greet(void)
{
	if (is_new(&serial, &serial_session)) {
		input_due = true;
		link_ioctl(&serial, SERIAL_IOCTL_SET_AHEAD, AHEAD_BYTES, NULL, NULL, NULL, 0);
		skip_written();
	}
	if (is_new(&keyboard, &keyboard_session))
		keys_due = true;
	if (is_new(&screen, &screen_session)) {
		display_forget();
		change.any = change.all = true;
	}
}

/* A driver that did not answer has a look of its own when it may be asked again. */
static void refresh_for(const link_t *link)
{
	bool waits = !link->open && link->patient && !is_past(link->retry_at);
	if (waits && (int32_t)(link->retry_at - refresh_at) < 0)
		refresh_at = link->retry_at;
}

/* Asks the manager how all drivers are. */
static void refresh(void)
{
	refreshed_at = driver_now_ms();
	if (++refreshes % UNASKED_EACH == 0)
		input_due = keys_due = true;
	refresh_at = refreshed_at + REFRESH_MS;
	int32_t count = job_list(drivers, DRIVERS_MAX);
	driver_count = count > 0 ? (uint32_t)count : 0;
	for (uint32_t i = 0; i < driver_count; i++)
		for (uint32_t n = 0; n < LINKS; n++)
			link_follow(links[n], &drivers[i]);
	for (uint32_t n = 0; n < LINKS; n++)
		refresh_for(links[n]);
	greet();
	log_due = true;
	if (!display_has(drivers, driver_count))
		change.any = change.all = true;
}

/* ---- the serial line ---- */

/* Sends what waits. True: some of it was taken. */
static bool flush(void)
{
	char bytes[DRIVER_DATA_MAX];
	uint32_t count = terminal_peek(&terminal, bytes, sizeof(bytes));
	if (!count || !serial.open)
		return false;
	int32_t taken = link_write(&serial, bytes, count);
	if (taken < 0) {
		lose(&serial, taken);
		return false;
	}
	terminal_sent(&terminal, (uint32_t)taken);
	if ((uint32_t)taken == count && !terminal_peek(&terminal, bytes, 1))
		kept_save(pump.position);
	return taken > 0;
}

/* A line of the log follows when all before it is with the serial driver, which holds little:
 * what is typed and answered meanwhile goes before the next one. More is read when all that was
 * read is with the driver: what is read here, the manager takes for sent. */
static bool move_log(void)
{
	char waits[1];
	if (terminal_peek(&terminal, waits, sizeof(waits)))
		return false;
	if (!pump_is_empty(&pump)) {
		terminal_log(&terminal, &pump);
		return true;
	}
	if (!log_due || !serial.open)
		return false;
	uint32_t next = asked_at = pump.position;
	int32_t count = manager_log_read(&next, pump.text, sizeof(pump.text));
	log_due = count > 0;
	if (count <= 0)
		return false;
	uint32_t gone = pump_fill(&pump, next, (uint32_t)count);
	if (gone) {
		char text[TERMINAL_LINE];
		format(text, sizeof(text), "console: %u bytes of the log were gone",
		       (unsigned)gone);
		terminal_print(&terminal, text);
	}
	return true;
}

/* The prompt runs through the driver of the line, and the console. */
static void begin_command(const char *line)
{
	const driver_page_t *self = (const driver_page_t *)DRIVER_PAGE;
	const char *const path[] = {serial.name, self->name, NULL};
	job_begin(&job, line, path);
}

static bool move_input(void)
{
	char line[LINE_MOST + 1];
	if (pump.mid_line || (!prompted && !is_past(patient_until)))
		return false;
	if (input.at < input.count) {
		if (terminal_feed(&terminal, input.bytes[input.at++], line))
			begin_command(line);
		return true;
	}
	if (!input_due || !serial.open)
		return false;
	int32_t count = link_read(&serial, input.bytes, sizeof(input.bytes));
	input_due = count > 0;
	input.at = 0;
	input.count = count > 0 ? (uint32_t)count : 0;
	if (count < 0)
		lose(&serial, count);
	return input_due;
}

/* Prints one line of the running command. False: it waits for the serial line, since what a
 * command does may be the end of that. */
static bool move_command(void)
{
	char text[TERMINAL_LINE + 1];
	if (!job.index && terminal_peek(&terminal, text, 1))
		return false;
	bool ends = job_step(&job, text, sizeof(text));
	if (!ends)
		terminal_print_piece(&terminal, text);
	else if (*text)
		terminal_print(&terminal, text);
	log_due = true; /* what the command caused comes before the prompt */
	return true;
}

/* ---- keyboard and screen ---- */

static void draw(void)
{
	if (!change.any || !screen.open)
		return;
	err_t error =
	    display_draw(&screen, drivers, driver_count, kept_desk(), kept_history(), &change);
	change = (desk_change_t){.any = error != DRV_OK};
	if (error != DRV_OK)
		lose(&screen, error);
}

/* Whoever types looks at the screen: what came of the keys is drawn before anything else. */
static bool move_keys(void)
{
	if (!keys_due || !keyboard.open)
		return false;
	int32_t count = input_move(&keyboard, tracing, &change, &keys_due);
	if (count < 0)
		lose(&keyboard, count);
	else if (!keys_due)
		draw();
	return keys_due;
}

/* ---- the loop ---- */

/* The prompt comes when nothing else is to be said. */
static void show_prompt(void)
{
	if (job.active || log_due || !pump_is_empty(&pump) || pump.mid_line ||
	    !terminal_has_room(&terminal))
		return;
	terminal_prompt(&terminal);
	prompted = true;
}

/* Moves things on. False: nothing can be moved now. */
static bool step(void)
{
	bool moved = move_keys();
	bool waits = job.waits && job_waits(&job, driver_now_ms());
	if (job.active && !waits) {
		if (terminal_has_room(&terminal) && move_command())
			return true;
		return flush() || moved;
	}
	if (!waits && terminal_has_room(&terminal) && move_input())
		return true;
	if (terminal_has_room(&terminal))
		moved |= move_log();
	if (moved)
		return true;
	show_prompt();
	return flush();
}

/* When the console has something to do without being signalled. */
static uint32_t next_at(void)
{
	bool sooner = job.active && job.waits && (int32_t)(job.due_ms - refresh_at) < 0;
	return sooner ? job.due_ms : refresh_at;
}

static void turn(void)
{
	bool moved = true;
	for (uint32_t i = 0; moved && i < TURN_STEPS; i++)
		moved = step();
	greet();
	draw();
	if (moved)
		driver_set_timer(0);
	else
		driver_set_timer_at(next_at());
}

/* The timer is set for next_at(), or for now to go on. */
static void console_timer(void)
{
	if (is_past(refresh_at))
		refresh();
	turn();
}

/* Looks at no clock where a key came, and need not: the timer is set. */
static void console_signal(uint32_t bits)
{
	if (bits & DRIVER_SIGNAL_CLIENT(SIGNAL_MANAGER)) {
		log_due = true;
		refresh_within(REFRESH_SIGNAL_MS);
	}
	input_due |= (bits & DRIVER_SIGNAL_CLIENT(SIGNAL_SERIAL)) != 0;
	keys_due |= (bits & DRIVER_SIGNAL_CLIENT(SIGNAL_KEYBOARD)) != 0;
	turn();
}

static err_t make_signals(void)
{
	err_t error = driver_make_signal(SIGNAL_MANAGER, &manager_signal);
	error = error ? error : driver_make_signal(SIGNAL_SERIAL, &serial.signal);
	return error ? error : driver_make_signal(SIGNAL_KEYBOARD, &keyboard.signal);
}

static err_t console_init(void)
{
	terminal_init(&terminal);
	err_t error = kept_open();
	error = error ? error : make_signals();
	error = error ? error : manager_subscribe(manager_signal);
	if (error != DRV_OK)
		return error;
	tracing = cmdline_traces();
	pump.position = asked_at = kept_position();
	refreshed_at = driver_now_ms();
	refresh_at = refreshed_at + REFRESH_BURST_MS;
	patient_until = refreshed_at + PATIENCE_MS;
	if (driver_generation() > 1)
		terminal_print(&terminal, ""); /* behind the prompt of the one before */
	return DRV_OK;
}

/* A signal of the manager may have come before, and its turn have done all that there is. */
static err_t console_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {
	    .init = console_init,
	    .run = console_run,
	    .timer = console_timer,
	    .signal = console_signal,
	};
	return driver_main(&ops);
}
