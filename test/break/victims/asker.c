/* SPDX-License-Identifier: BSD-2-Clause */
/* A client of `victim` that asks it something every PERIOD_MS and says each second how many
 * answers it got, how many of its calls failed, and how long the slowest took. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"

#define PERIOD_MS 2u
#define SECOND_MS 1000u

static struct {
	client_t victim;
	uint32_t since_ms, replies, failures, slowest_ms;
	err_t last;
} ask;

static void report(uint32_t passed_ms)
{
	driver_log("%u replies, %u failures in %u ms, slowest %u ms, last error %d",
		   ask.replies, ask.failures, passed_ms, ask.slowest_ms, ask.last);
	ask.replies = ask.failures = ask.slowest_ms = 0;
	ask.last = DRV_OK;
}

static void ask_once(void)
{
	uint32_t value, bytes = 0;
	uint32_t begun = driver_now_ms();
	uint32_t data[4];
	err_t err =
	    client_ioctl(ask.victim, DRV_IOCTL_OWN, begun, &value, data, &bytes, sizeof(data));
	uint32_t took = driver_now_ms() - begun;
	if (!err && value == begun) {
		ask.replies++;
	} else {
		ask.failures++;
		ask.last = err ? err : DRV_EIO;
	}
	if (took > ask.slowest_ms)
		ask.slowest_ms = took;
}

static void asker_timer(void)
{
	ask_once();
	uint32_t passed_ms = driver_now_ms() - ask.since_ms;
	if (passed_ms >= SECOND_MS) {
		report(passed_ms);
		ask.since_ms += passed_ms;
	}
	driver_set_timer(PERIOD_MS);
}

static err_t asker_run(void)
{
	err_t err = manager_connect("victim", &ask.victim.endpoint);
	if (!err)
		err = client_open(ask.victim, CAP_NULL);
	ask.since_ms = driver_now_ms();
	driver_set_timer(PERIOD_MS);
	return err;
}

int main(void)
{
	static const driver_ops_t ops = {.run = asker_run, .timer = asker_timer};
	return driver_main(&ops);
}
