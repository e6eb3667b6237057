/* SPDX-License-Identifier: BSD-2-Clause */
/* Stops and starts the driver "cycled" as often as its own name says, "stress-2000", as fast as
 * the states change, and then compares the kernel's counters with those before. Meanwhile the
 * console is stopped: all it could do is print some hundred thousand lines. */
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define TARGET	"cycled"
#define CONSOLE "console"
#define WARMUP	100u /* cycles before those that count; they are logged and shown */
#define LOOK_MS 1u
#define SIGNAL	0u

static uint32_t target, console, cycles, wanted;
static audit_report_t before;
static enum { WARMING_UP, SILENCING, CYCLING, DONE } phase;

static err_t find(const char *name, uint32_t *index)
{
	manager_status_t status;
	err_t err;
	for (*index = 0; (err = manager_status(*index, &status)) == DRV_OK; ++*index)
		if (!strcmp(status.name, name))
			return DRV_OK;
	return err;
}

/* What is held; who waits just now and what interrupted in vain is left out. */
static err_t read_audit(audit_report_t *report)
{
	err_t err = manager_audit(report);
	report->timers = report->spurious = 0;
	return err;
}

static void finish(void)
{
	audit_report_t after;
	read_audit(&after);
	const uint32_t *a = (const uint32_t *)&before, *b = (const uint32_t *)&after;
	bool equal = memcmp(&before, &after, sizeof(before)) == 0;
	for (uint32_t i = 0; i < AUDIT_WORDS; i++)
		if (a[i] != b[i])
			driver_log("word %u of the audit: %u before, %u after", (unsigned)i,
				   (unsigned)a[i], (unsigned)b[i]);
	driver_log("%u cycles, audit %s", (unsigned)cycles, equal ? "equal" : "different");
	manager_start(CONSOLE);
	phase = DONE;
}

/* The target is Running. */
static void cycle(void)
{
	if (phase == WARMING_UP && cycles == WARMUP) {
		manager_stop(CONSOLE);
		phase = SILENCING;
	} else if (phase == CYCLING && cycles == wanted) {
		finish();
	} else {
		cycles++;
		manager_stop(TARGET);
	}
}

static void silence(void)
{
	manager_status_t status;
	if (manager_status(console, &status) || status.state != STATE_STOPPED)
		return;
	phase = CYCLING;
	cycles = 0;
	read_audit(&before);
	cycle();
}

/* Takes things one step on, if they have arrived in a state where that is possible. */
static void look(void)
{
	manager_status_t status;
	if (phase == SILENCING) {
		silence();
		return;
	}
	if (phase == DONE || manager_status(target, &status))
		return;
	if (status.state == STATE_STOPPED) {
		manager_start(TARGET);
	} else if (status.state == STATE_RUNNING) {
		cycle();
	} else if (status.state == STATE_QUARANTINED || status.state == STATE_BACKOFF) {
		driver_log("%s failed in cycle %u", TARGET, (unsigned)cycles);
		manager_start(CONSOLE);
		phase = DONE;
	}
}

/* Looks soon, and not at every change: the manager's time is everybody's. */
static void stress_signal(uint32_t bits)
{
	(void)bits;
	driver_set_timer(LOOK_MS);
}

/* The number at the end of the name. */
static uint32_t read_name(const char *name)
{
	uint32_t number = 0;
	for (; *name; name++)
		if (*name >= '0' && *name <= '9')
			number = number * 10 + (uint32_t)(*name - '0');
	return number;
}

static err_t stress_run(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	wanted = read_name(page->name);
	int32_t signal =
	    cap_derive(page->notification_grant, RIGHT_WRITE, DRIVER_SIGNAL_CLIENT(SIGNAL), 0);
	err_t err = signal < 0 ? signal : find(TARGET, &target);
	if (!err)
		err = find(CONSOLE, &console);
	return err ? err : manager_subscribe((cap_t)signal);
}

int main(void)
{
	static const driver_ops_t ops = {
	    .run = stress_run, .timer = look, .signal = stress_signal};
	return driver_main(&ops);
}
