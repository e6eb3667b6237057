/* SPDX-License-Identifier: BSD-2-Clause */
/* The texts of view.h. */
#include "view.h"

#include "cap/format.h"
#include "cap/report.h"
#include "cap/string.h"

#define NAME_LEAST 16u
#define SECOND_MS  1000u
#define TENTH_MS   100u

static uint32_t listed(const view_t *view)
{
	return view->count < VIEW_DRIVERS ? view->count : VIEW_DRIVERS;
}

static void set(view_t *view, uint32_t *to, uint32_t value)
{
	view->changes += *to != value;
	*to = value;
}

/* ---- drivers ---- */

static bool is_same(const manager_status_t *a, const manager_status_t *b)
{
	return a->state == b->state && a->generation == b->generation &&
	       a->restarts == b->restarts && !strcmp(a->name, b->name);
}

/* Takes a row; true: it may have died since. */
static bool take_row(view_t *view, view_row_t *row, const manager_status_t *status)
{
	if (is_same(&row->status, status))
		return false;
	if (strcmp(row->status.name, status->name) != 0)
		*row = (view_row_t){.share = VIEW_UNKNOWN};
	row->status = *status;
	view->changes++;
	return status->restarts || status->last_error;
}

uint32_t view_drivers(view_t *view, const manager_status_t *drivers, uint32_t count)
{
	uint32_t running = 0, ask = 0;
	set(view, &view->count, count);
	for (uint32_t i = 0; i < count; i++) {
		running += drivers[i].state == STATE_RUNNING;
		if (i < VIEW_DRIVERS && take_row(view, &view->rows[i], &drivers[i]))
			ask |= 1u << i;
	}
	set(view, &view->running, running);
	return ask;
}

void view_share(view_t *view, uint32_t row, uint32_t share)
{
	if (row < VIEW_DRIVERS)
		set(view, &view->rows[row].share, share);
}

/* ---- deaths ---- */

static const char *word_of(uint32_t kind)
{
#define KIND_WORD(name, value, word) [value] = (word),
	static const char *const words[DEATH_KIND_COUNT] = {DEATH_KINDS(KIND_WORD)};
#undef KIND_WORD
	return kind < DEATH_KIND_COUNT ? words[kind] : "?";
}

static size_t format_time(char *text, size_t size, uint32_t ms)
{
	return format(text, size, "%u.%u", (unsigned)(ms / SECOND_MS),
		      (unsigned)(ms % SECOND_MS / TENTH_MS));
}

/* As many as there is room for, each whole. */
bool view_deaths(view_t *view, uint32_t row, const death_line_t *deaths, uint32_t count)
{
	char text[VIEW_DEATHS + 1] = "", piece[VIEW_DEATHS + 1], when[16];
	size_t used = 0;
	if (row >= VIEW_DRIVERS)
		return false;
	for (uint32_t i = 0; i < count && deaths[i].number; i++) {
		format_time(when, sizeof(when), deaths[i].at_ms);
		size_t length = format(piece, sizeof(piece), "%s%s %s", used ? ", " : "",
				       word_of(deaths[i].kind), when);
		if (used + length > VIEW_DEATHS)
			break;
		memcpy(text + used, piece, length + 1);
		used += length;
	}
	view->changes += strcmp(view->rows[row].deaths, text) != 0;
	memcpy(view->rows[row].deaths, text, used + 1);
	return count && deaths[0].number > view->death;
}

/* What is not printable ASCII is somebody's who has no say here. */
static void clean(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

void view_cause(view_t *view, uint32_t row, const death_line_t *death, const char *cause)
{
	char when[16];
	if (row >= VIEW_DRIVERS)
		return;
	format_time(when, sizeof(when), death->at_ms);
	view->death = death->number;
	format(view->last, sizeof(view->last), "Last death: %s, instance %u, at %s s: %s",
	       view->rows[row].status.name, (unsigned)death->generation, when, cause);
	clean(view->last);
	view->changes++;
}

/* ---- log ---- */

void view_log(view_t *view, const manager_log_record_t *record, const char *text)
{
	view_line_t *line = &view->log[view->lines % VIEW_LINES];
	if (record->source == MANAGER_LOG_RAW)
		return;
	format(line->text, sizeof(line->text), "%5u.%03u %s",
	       (unsigned)(record->time_ms / SECOND_MS), (unsigned)(record->time_ms % SECOND_MS),
	       text);
	clean(line->text);
	line->paint = paint_of_level(record->level);
	if (line->paint == PAINT_PLAIN)
		line->paint = paint_of_line(text, strlen(text));
	view->lines++;
	view->changes++;
}

/* ---- rows ---- */

void view_heading(const view_t *view, char *text, size_t size)
{
	char right[40];
	uint32_t other = view->count - view->running;
	size_t length = other ? format(right, sizeof(right), "%u drivers, %u not Running",
				       (unsigned)view->count, (unsigned)other)
			      : format(right, sizeof(right), "%u drivers, all Running",
				       (unsigned)view->count);
	format(text, size, "Castellan%*s%s", (int)(VIEW_WIDTH - 10 - length), "", right);
}

static uint32_t name_width(const view_t *view)
{
	uint32_t width = NAME_LEAST;
	for (uint32_t i = 0; i < listed(view); i++)
		if (strlen(view->rows[i].status.name) > width)
			width = (uint32_t)strlen(view->rows[i].status.name);
	return width;
}

void view_columns(const view_t *view, char *text, size_t size)
{
	format(text, size, "%-*s %-12s %8s %8s %4s  %s", (int)name_width(view), "NAME", "STATE",
	       "INSTANCE", "RESTARTS", "CPU%", "LAST DEATHS, SECONDS");
}

void view_row(const view_t *view, uint32_t row, char *text, size_t size)
{
	const view_row_t *of = &view->rows[row];
	char share[12] = "-";
	if (of->share != VIEW_UNKNOWN)
		format(share, sizeof(share), "%u", (unsigned)of->share);
	format(text, size, "%-*s %-12s %8u %8u %4s  %s", (int)name_width(view), of->status.name,
	       report_state(of->status.state), (unsigned)of->status.generation,
	       (unsigned)of->status.restarts, share, of->deaths);
}
