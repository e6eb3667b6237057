/* SPDX-License-Identifier: BSD-2-Clause */
/* What the screen tells of drivers and log, as texts. It is told what there is, and counts its
 * own changes, so that what is the same is not drawn again. Pure. */
#ifndef CONSOLE_VIEW_H
#define CONSOLE_VIEW_H

#include <stdbool.h>

#include "abi/protocol/death.h"
#include "abi/protocol/screen.h"
#include "paint.h"

#define VIEW_DRIVERS 8u /* rows of the table; those beyond are counted in one more */
#define VIEW_LINES   8u /* of the log, the newest */
#define VIEW_DEATHS  40u
#define VIEW_WIDTH   (SCREEN_COLUMNS - 1u) /* characters of a row, behind a margin */
#define VIEW_UNKNOWN UINT32_MAX		   /* no share */

typedef struct view_row {
	manager_status_t status;
	uint32_t share; /* of the processor, in percent; VIEW_UNKNOWN: none is known */
	char deaths[VIEW_DEATHS + 1]; /* kinds and times of the last ones, the newest first */
} view_row_t;

typedef struct view_line {
	paint_t paint;
	char text[VIEW_WIDTH + 1];
} view_line_t;

/* Invariant VI1: all texts end with a NUL and are printable. */
typedef struct view {
	uint32_t changes;	 /* so often something became another */
	uint32_t count, running; /* drivers */
	view_row_t rows[VIEW_DRIVERS];
	uint32_t death; /* the number of the last one that was told of, or 0 */
	char last[VIEW_WIDTH + 1];
	uint32_t
	    lines; /* so many ever, of which the newest are held: line n is n % VIEW_LINES */
	view_line_t log[VIEW_LINES];
} view_t;

/* All drivers as they are now. Bit n of the result: of row n the deaths are to be asked, since
 * it is not what it was, and has failed or been killed. */
uint32_t view_drivers(view_t *view, const manager_status_t *drivers, uint32_t count);

/* The share of row number `row`. */
void view_share(view_t *view, uint32_t row, uint32_t share);

/* The deaths of row number `row`, the newest first. The result: it is the newest of all, so its
 * cause is to be asked and told. */
bool view_deaths(view_t *view, uint32_t row, const death_line_t *deaths, uint32_t count);

/* The cause of the last one, a text with a NUL. */
void view_cause(view_t *view, uint32_t row, const death_line_t *death, const char *cause);

/* One more line of the log, whose text ends with a NUL. Lines that an operator wrote as they
 * are have no place there. */
void view_log(view_t *view, const manager_log_record_t *record, const char *line);

/* The rows of the screen, in `size` bytes. */
void view_heading(const view_t *view, char *text, size_t size);
void view_columns(const view_t *view, char *text, size_t size);
void view_row(const view_t *view, uint32_t row, char *text, size_t size);

#endif
