/* SPDX-License-Identifier: BSD-2-Clause */
/* Measures the driver manager from outside, as a driver with the operator's calls. Its name
 * says what: "meter-boot" the time at which all drivers run, "meter-kill" how long each takes
 * from a crash to Running again, "meter-large" the same of the large one alone, "meter-wait"
 * how long the manager lets others wait while a large driver ends and begins, "meter-death" how
 * long the manager takes from its own to serving. It says the samples in the log, in
 * microseconds; manager.py makes the table. */
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define KILLS	 100u /* of each driver */
#define DEATHS	 50u
#define WAITS	 20u  /* restarts of the large driver, under requests or a load */
#define ASK_US	 200u /* from an answer to when the next request is due: below a share */
#define DYING_MS 1u
#define ASKED_US 200000u /* while nobody below runs but when this thread waits */
#define LARGE	 "big"
#define PAUSE_MS                                                                               \
	350u /* beyond reset_ms of the manifests and a look: each restart is a first one */
#define DEATH_MS 4000u /* between two deaths of the manager */
#define ABSENCES 20u   /* looks at one that does not run */
#define LIMIT_US 3000000u
#define SIGNAL	 0u
#define LINE_MAX 12u /* samples in a line of the log */
#define TRY_MS	 50u
#define LOOK_MS	 1u /* between two looks at a boot */
#define METER	 "meter-"
#define EXTRA	 "extra" /* drivers of this name are there to be many */

static struct {
	uint32_t index, generation, kills, absences;
	uint64_t begun_us; /* 0: nothing is being measured */
	manager_status_t row;
	char line[DRIVER_LINE_MAX];
	size_t length;
	uint32_t samples;
} meter;

static const char *task(void)
{
	return ((const driver_page_t *)DRIVER_PAGE)->name + strlen(METER);
}

static bool kills(void)
{
	return !strcmp(task(), "kill") || !strcmp(task(), "large");
}

static void flush(void)
{
	if (meter.samples)
		driver_log("%s", meter.line);
	meter.samples = 0;
	meter.length = 0;
}

static void sample(const char *what, uint32_t us)
{
	size_t room = sizeof(meter.line) - meter.length;
	if (!meter.samples)
		meter.length = format(meter.line, room, "samples %s %u", what, us);
	else
		meter.length += format(meter.line + meter.length, room, " %u", us);
	if (++meter.samples == LINE_MAX)
		flush();
}

/* All that are there run: the time since boot. Who runs is not asked for again: more calls than
 * a driver's share would be answered later. */
static void look_at_boot(void)
{
	manager_status_t row;
	while (!manager_status(meter.index, &row)) {
		if (row.state != STATE_RUNNING) {
			driver_set_timer(LOOK_MS);
			return;
		}
		meter.index++;
	}
	driver_log("samples boot %u", (uint32_t)clock_us());
	driver_log("end of %u drivers", meter.index);
}

static bool begins_with(const char *name, const char *begin)
{
	return !strncmp(name, begin, strlen(begin));
}

/* The large one, where that is the task, or any that is neither a meter nor there to be many.
 */
static bool is_measured(const char *name)
{
	if (!strcmp(task(), "large"))
		return !strcmp(name, LARGE);
	return !begins_with(name, METER) && !begins_with(name, EXTRA);
}

/* The next driver that is measured, from meter.index on. */
static bool choose(void)
{
	for (; !manager_status(meter.index, &meter.row); meter.index++)
		if (is_measured(meter.row.name))
			return true;
	return false;
}

static void kill_next(void)
{
	if (meter.kills == (strcmp(task(), "large") ? KILLS : WAITS)) {
		flush();
		meter.kills = 0;
		meter.index++;
	}
	if (!choose()) {
		driver_log("end");
		return;
	}
	driver_set_timer(PAUSE_MS);
	if (meter.row.state != STATE_RUNNING) {
		meter.absences++;
		if (meter.absences == ABSENCES) {
			meter.absences = 0;
			meter.kills = KILLS; /* it will not come: the next one */
		}
		return;
	}
	meter.generation = meter.row.generation;
	meter.begun_us = clock_us();
	if (manager_kill(meter.row.name))
		meter.begun_us = 0;
}

static void look_at_kill(void)
{
	uint32_t passed = (uint32_t)(clock_us() - meter.begun_us);
	manager_status_t row;
	if (manager_status(meter.index, &row))
		return;
	bool back = row.state == STATE_RUNNING && row.generation > meter.generation;
	if (!back && passed < LIMIT_US)
		return;
	sample(row.name, passed);
	meter.kills++;
	meter.begun_us = 0;
}

/* Sets meter.index to the large driver. */
static bool find_large(void)
{
	meter.index = 0;
	while (!manager_status(meter.index, &meter.row)) {
		if (!strcmp(meter.row.name, LARGE))
			return meter.row.state == STATE_RUNNING;
		meter.index++;
	}
	return false;
}

static void spin_until(uint64_t us)
{
	while (clock_us() < us)
		;
}

/* Requests while the large driver ends and begins. Each is due at a time that does not depend
 * on when this thread gets to run: it waits from then on. */
static uint32_t longest_wait(void)
{
	uint64_t begun = clock_us(), due = begun, now = begun;
	uint32_t longest = 0;
	manager_status_t row;
	while (now - begun < ASKED_US) {
		spin_until(due);
		if (manager_status(meter.index, &row))
			break;
		now = clock_us();
		if (now - due > longest)
			longest = (uint32_t)(now - due);
		due = now + ASK_US;
	}
	return longest;
}

/* A driver that is killed has to run to fault: that is what the first millisecond is for. */
static void wait_next(void)
{
	if (!meter.begun_us) {
		meter.begun_us = find_large() && !manager_kill(LARGE) ? clock_us() : 0;
		driver_set_timer(meter.begun_us ? DYING_MS : PAUSE_MS);
		return;
	}
	meter.begun_us = 0;
	driver_set_timer(PAUSE_MS);
	sample("wait", longest_wait());
	flush();
	if (++meter.kills == WAITS)
		driver_log("end");
}

/* The manager dies, and is asked until it answers. */
static void kill_manager(void)
{
	manager_status_t row;
	uint64_t begun = clock_us();
	err_t err = manager_kill("drvmgr");
	if (err && err != DRV_EGONE) {
		driver_log("end %d", err);
		return;
	}
	while (manager_status(0, &row) && clock_us() - begun < LIMIT_US)
		;
	sample("manager", (uint32_t)(clock_us() - begun));
	flush();
	if (++meter.kills == DEATHS)
		driver_log("end");
	else
		driver_set_timer(DEATH_MS);
}

static void meter_signal(uint32_t bits)
{
	(void)bits;
	if (meter.begun_us && kills())
		look_at_kill();
}

static void meter_timer(void)
{
	if (!strcmp(task(), "boot"))
		look_at_boot();
	else if (!strcmp(task(), "death"))
		kill_manager();
	else if (!strcmp(task(), "wait"))
		wait_next();
	else if (meter.begun_us)
		driver_set_timer(TRY_MS); /* the one before is still under way */
	else if (kills())
		kill_next();
	meter_signal(0);
}

static err_t meter_run(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	int32_t signal =
	    cap_derive(page->notification_grant, RIGHT_WRITE, DRIVER_SIGNAL_CLIENT(SIGNAL), 0);
	if (signal < 0)
		return signal;
	driver_set_timer(strcmp(task(), "boot") ? 1000 : 0);
	return manager_subscribe((cap_t)signal);
}

int main(void)
{
	static const driver_ops_t ops = {
	    .run = meter_run, .timer = meter_timer, .signal = meter_signal};
	return driver_main(&ops);
}
