/* SPDX-License-Identifier: BSD-2-Clause */
/* An operator's client of the actor "calm": has it quiesced and reset through its ioctls, and
 * says what it answers meanwhile. It asks once in a while: what was taken is done a little
 * later. */
#include "checks.h"

#include "actor.h"
#include "cap/client.h"
#include "cap/manager.h"

#define ASK_MS 5u

static client_t calm;
static uint32_t step;

static err_t ask(uint32_t code, uint32_t *value)
{
	uint32_t data[4], bytes = 0;
	return client_ioctl(calm, code, 0, value, data, &bytes, sizeof(data));
}

static void begin(void)
{
	uint32_t value = 0;
	EXPECT(DRV_OK, manager_connect("calm", &calm.endpoint));
	EXPECT(DRV_OK, client_open(calm, CAP_NULL));
	EXPECT(DRV_OK, ask(ACTOR_GENERATION, &value));
	EXPECT(1, value);
	EXPECT(DRV_EPERM, manager_reset("")); /* nobody waits for it */
	EXPECT(DRV_EPERM, manager_quiesce(""));
	EXPECT(DRV_OK, ask(DRV_IOCTL_QUIESCE, &value));
}

/* It is Quiesced, and says so. */
static void go_on(void)
{
	uint32_t value = 0;
	uint8_t byte;
	EXPECT(DRV_EAGAIN, ask(ACTOR_GENERATION, &value));
	EXPECT(DRV_EAGAIN, client_read(calm, &byte, 1));
	EXPECT(DRV_EAGAIN, client_open(calm, CAP_NULL));
	EXPECT(DRV_OK, ask(DRV_IOCTL_GET_VERSION, &value));
	EXPECT(DRV_OK, ask(DRV_IOCTL_GET_HEALTH, &value));
	EXPECT(DRV_EBUSY, ask(DRV_IOCTL_QUIESCE, &value));
	EXPECT(DRV_OK, ask(DRV_IOCTL_RESET, &value));
}

/* It runs again, the same instance with the same session. */
static void end(void)
{
	uint32_t value = 0;
	uint8_t byte;
	EXPECT(DRV_OK, ask(ACTOR_GENERATION, &value));
	EXPECT(1, value);
	EXPECT(1, client_read(calm, &byte, 1));
	report_checks("calls");
}

static void chief_timer(void)
{
	static void (*const steps[])(void) = {begin, go_on, end};
	steps[step++]();
	if (step < sizeof(steps) / sizeof(steps[0]))
		driver_set_timer(ASK_MS);
}

static err_t chief_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = chief_run, .timer = chief_timer};
	return driver_main(&ops);
}
