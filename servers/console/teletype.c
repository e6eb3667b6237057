/* SPDX-License-Identifier: BSD-2-Clause */
/* The line of teletype.h. */
#include "teletype.h"

#include "abi/protocol/serial.h"
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/manager.h"
#include "cap/operator.h"
#include "cap/string.h"
#include "kept.h"
#include "terminal.h"

#define PATIENCE_MS 2000u
/* That wait in the serial driver: 11 ms at 115200 bits a second. */
#define AHEAD_BYTES 128u

static terminal_t terminal;
static pump_t pump;
static job_t job;
static uint32_t asked_at; /* the log's position when it was read last */
static bool log_due, input_due;
static bool prompted;	       /* the log of the boot is out */
static uint32_t patient_until; /* for it: commands are taken then at the latest */

static bool is_past(uint32_t time)
{
	return (int32_t)(driver_now_ms() - time) >= 0;
}

void teletype_log_due(void)
{
	log_due = true;
}

void teletype_input_due(void)
{
	input_due = true;
}

bool teletype_waits(uint32_t *at)
{
	*at = job.due_ms;
	return job.active && job.waits;
}

static void set_under_way(bool is)
{
	kept_next_typed()->under_way = is;
	kept_commit_typed();
}

void teletype_init(bool colours, uint32_t columns)
{
	terminal_init(&terminal);
	terminal_set(&terminal, colours, columns);
	terminal.line = kept_typed()->line;
	pump.position = asked_at = kept_position();
	patient_until = driver_now_ms() + PATIENCE_MS;
	if (driver_generation() > 1)
		terminal_print(&terminal, ""); /* behind the prompt of the one before */
	if (!kept_typed()->under_way)
		return;
	terminal_print(&terminal,
		       "console: what was typed last may not have been done, or not to "
		       "its end: the console ended");
	set_under_way(false);
}

/* What waits here is then older than what was written last, or the same. */
static void skip_written(void)
{
	uint32_t written;
	if (manager_log_written(&written) != DRV_OK || (int32_t)(written - asked_at) <= 0)
		return;
	terminal_forget(&terminal);
	pump = (pump_t){.position = written};
	asked_at = written;
}

void teletype_greet(link_t *serial)
{
	input_due = true;
	link_ioctl(serial, SERIAL_IOCTL_SET_AHEAD, AHEAD_BYTES, NULL, NULL, NULL, 0);
	skip_written();
}

static void lose(link_t *serial, err_t error)
{
	if (error != DRV_EAGAIN) /* then it does not serve now */
		link_lose(serial, error);
}

/* Sends what waits. True: some of it was taken. */
static bool flush(link_t *serial)
{
	char bytes[DRIVER_DATA_MAX];
	uint32_t count = terminal_peek(&terminal, bytes, sizeof(bytes));
	if (!count || !serial->open)
		return false;
	int32_t taken = link_write(serial, bytes, count);
	if (taken < 0) {
		lose(serial, taken);
		return false;
	}
	terminal_sent(&terminal, (uint32_t)taken);
	if ((uint32_t)taken == count && !terminal_peek(&terminal, bytes, 1))
		kept_save(pump.position);
	return taken > 0;
}

/* How many bytes are behind the last end of a line, if there is one. */
static uint32_t behind_lines(const char *text, uint32_t bytes)
{
	uint32_t behind = 0;
	while (behind < bytes && text[bytes - behind - 1] != '\n')
		behind++;
	return behind < bytes ? behind : 0;
}

/* A line of the log follows when all before it is with the serial driver, which holds little:
 * what is typed and answered meanwhile goes before the next one. More is read when all that was
 * read is with the driver: what is read here, the manager takes for sent. */
static bool move_log(const link_t *serial)
{
	char waits[1];
	if (terminal_peek(&terminal, waits, sizeof(waits)))
		return false;
	if (!pump_is_empty(&pump)) {
		terminal_log(&terminal, &pump);
		return true;
	}
	if (!log_due || !serial->open)
		return false;
	uint32_t next = asked_at = pump.position;
	int32_t count = manager_log_read(&next, pump.text, sizeof(pump.text));
	log_due = count > 0;
	if (count <= 0)
		return false;
	/* A colour is that of a whole line. */
	if (job_follows(&job)) { /* it says what it is asked for */
		pump.position = next - behind_lines(pump.text, (uint32_t)count);
		kept_save(pump.position);
		return true;
	}
	uint32_t cut = terminal.colours ? behind_lines(pump.text, (uint32_t)count) : 0;
	next -= cut;
	count -= (int32_t)cut;
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
static void begin_command(const link_t *serial, const char *line)
{
	const driver_page_t *self = (const driver_page_t *)DRIVER_PAGE;
	const char *const path[] = {serial->name, self->name, NULL};
	job_begin(&job, line, path);
	/* What ends the console itself is done when the next one begins. */
	if (!job.active || !strcmp(job.command.name, self->name))
		set_under_way(false);
}

/* Takes the next byte of those that are kept. */
static void take_byte(const link_t *serial)
{
	char line[LINE_MOST + 1];
	edit_side_t side = kept_typed_side();
	typed_t *typed = kept_next_typed();
	bool entered = terminal_feed(&terminal, &side, typed->bytes[typed->at++], line);
	typed->line = terminal.line;
	typed->under_way = entered;
	kept_commit_typed();
	if (entered)
		begin_command(serial, line);
}

/* From where the line is on; where the driver does not have that place, from where it is. A
 * driver that is not read by position loses what is under way when one of the two dies. */
static int32_t read_on(link_t *serial, typed_t *typed)
{
	uint32_t most = sizeof(typed->bytes);
	int32_t count = link_ask_at(serial, &typed->position, typed->bytes, most);
	if (count == DRV_ENOTSUP)
		return link_read(serial, typed->bytes, most);
	if (count != DRV_EOVERFLOW)
		return count;
	err_t error =
	    link_ioctl(serial, SERIAL_IOCTL_GET_PLACE, 0, &typed->position, NULL, NULL, 0);
	return error ? error : link_ask_at(serial, &typed->position, typed->bytes, most);
}

static bool read_bytes(link_t *serial)
{
	typed_t *typed = kept_next_typed();
	int32_t count = read_on(serial, typed);
	input_due = count > 0;
	if (count < 0)
		lose(serial, count);
	if (count <= 0)
		return false;
	typed->at = 0;
	typed->count = (uint8_t)count;
	kept_commit_typed();
	return true;
}

static bool move_input(link_t *serial)
{
	if (pump.mid_line || (!prompted && !is_past(patient_until)))
		return false;
	if (kept_typed()->at < kept_typed()->count) {
		take_byte(serial);
		return true;
	}
	return input_due && serial->open && read_bytes(serial);
}

/* A key ends a command that goes on for ever. It is no character of the next one. */
static bool end_by_key(link_t *serial)
{
	bool is_typed = kept_typed()->at < kept_typed()->count;
	if (!is_typed && !(input_due && serial->open && read_bytes(serial)))
		return false;
	typed_t *typed = kept_next_typed();
	typed->at++;
	typed->under_way = false;
	kept_commit_typed();
	job_end(&job);
	return true;
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
	else if (*text && job.command.json)
		terminal_print(&terminal, text);
	else if (*text)
		terminal_tell(&terminal, text);
	if (!job.active)
		set_under_way(false);
	log_due = true; /* what the command caused comes before the prompt */
	return true;
}

/* The prompt comes when nothing else is to be said. */
static void show_prompt(void)
{
	if (job.active || log_due || !pump_is_empty(&pump) || pump.mid_line ||
	    !terminal_has_room(&terminal))
		return;
	terminal_prompt(&terminal);
	prompted = true;
}

bool teletype_step(link_t *serial)
{
	if (job_follows(&job) && end_by_key(serial))
		return true;
	bool waits = job.waits && job_waits(&job, driver_now_ms());
	if (job.active && !waits)
		return (terminal_has_room(&terminal) && move_command()) || flush(serial);
	if (!waits && terminal_has_room(&terminal) && move_input(serial))
		return true;
	if (terminal_has_room(&terminal) && move_log(serial))
		return true;
	show_prompt();
	return flush(serial);
}
