/* SPDX-License-Identifier: BSD-2-Clause */
/* Stops and starts the driver "cycled" again and again, as fast as its states change, and then
 * compares the kernel's counters with those before. */
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define TARGET "cycled"
#define CYCLES 10000u
#define WARMUP 10u /* cycles before the counters are read for the first time */
#define SIGNAL 0u

static uint32_t target, cycles;
static audit_report_t before;
static bool done;

static err_t find_target(manager_status_t *status)
{
	err_t err;
	for (target = 0; (err = manager_status(target, status)) == DRV_OK; target++)
		if (!strcmp(status->name, TARGET))
			return DRV_OK;
	return err;
}

/* What is held; who waits just now and what interrupted in vain is left out. */
static err_t read_audit(audit_report_t *report)
{
	err_t err = audit_read(report);
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
	driver_log("%u cycles, audit %s", (unsigned)(cycles - WARMUP),
		   equal ? "equal" : "different");
	done = true;
}

/* Takes the target one step on, if it has arrived in a state where that is possible. */
static void step(void)
{
	manager_status_t status;
	if (done || manager_status(target, &status))
		return;
	if (status.state == STATE_STOPPED) {
		manager_start(TARGET);
	} else if (status.state == STATE_RUNNING) {
		if (cycles == WARMUP)
			read_audit(&before);
		if (cycles++ == CYCLES + WARMUP) {
			cycles--;
			finish();
			return;
		}
		manager_stop(TARGET);
	} else if (status.state == STATE_QUARANTINED || status.state == STATE_BACKOFF) {
		driver_log("%s failed in cycle %u", TARGET, (unsigned)cycles);
		done = true;
	}
}

static void stress_signal(uint32_t bits)
{
	(void)bits;
	step();
}

static err_t stress_run(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	manager_status_t status;
	int32_t signal =
	    cap_derive(page->notification_grant, RIGHT_WRITE, DRIVER_SIGNAL_CLIENT(SIGNAL), 0);
	err_t err = signal < 0 ? signal : find_target(&status);
	return err ? err : manager_subscribe((cap_t)signal);
}

int main(void)
{
	static const driver_ops_t ops = {.run = stress_run, .signal = stress_signal};
	return driver_main(&ops);
}
