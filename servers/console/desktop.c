/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of desktop.h. */
#include "desktop.h"

#include "cap/driver.h"
#include "cap/operator.h"
#include "cap/string.h"
#include "kept.h"

static job_t job;

static void print(const char *text, bool ends, desk_change_t *change)
{
	desk_print(kept_next(), kept_side(), text, ends);
	kept_commit();
	change->any = change->all = true;
}

/* The prompt comes back. */
static void end(desk_change_t *change)
{
	kept_side()->under_way = 0;
	change->any = change->all = true;
}

void desktop_init(desk_change_t *change)
{
	if (!kept_side()->under_way)
		return;
	print("console: what was typed last may not have been done, or not to its end", true,
	      change);
	end(change);
}

bool desktop_waits(uint32_t *at)
{
	*at = job.due_ms;
	return job.active && job.waits;
}

/* Not inlined: most often none waits. */
__attribute__((noinline)) static bool begin(const char *keyboard, const char *screen,
					    desk_change_t *change)
{
	const driver_page_t *self = (const driver_page_t *)DRIVER_PAGE;
	const char *const path[] = {keyboard, screen, self->name, NULL};
	char line[LINE_MOST + 1];
	if (!desk_next_command(kept_desk(), kept_side(), line))
		return false;
	job_begin(&job, line, path);
	/* What ends the console itself is done when the next one begins. */
	if (!job.active || !strcmp(job.command.name, self->name))
		end(change);
	return true;
}

/* Is there a character, or a command, behind the one that runs? */
static bool is_typed(void)
{
	return kept_desk()->line.length || kept_desk()->queued != kept_side()->done;
}

bool desktop_step(const char *keyboard, const char *screen, desk_change_t *change)
{
	char text[DESK_PRINTED];
	if (!job.active)
		return kept_desk()->queued != kept_side()->done &&
		       begin(keyboard, screen, change);
	if (job_follows(&job) && is_typed()) {
		job_end(&job);
		end(change);
		return true;
	}
	if (job.waits && job_waits(&job, driver_now_ms()))
		return false;
	bool ends = job_step(&job, text, JOB_LINE + 1);
	if (!ends || *text)
		print(text, ends, change);
	if (!job.active)
		end(change);
	return true;
}
