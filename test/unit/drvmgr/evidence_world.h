/* SPDX-License-Identifier: BSD-2-Clause */
/* A few drivers, and a kernel that says of them what a test wants. */
#ifndef EVIDENCE_WORLD_H
#define EVIDENCE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "hands/evidence.h"

/* Handles. */
enum { THREAD = 100, ENDPOINT = 200, REPLY = 300, LINE = 400, DOOR = 500, OWN = 600 };
#define OWN_REPLY (OWN + 1)
#define DRIVERS	  3u
#define STEP_MS	  50u

static manager_t manager;
static driver_t drivers[DRIVERS_MAX];
static verdict_t verdicts[DRIVERS_MAX];
static inspect_thread_t threads[DRIVERS];
static inspect_irq_t irq;
static uint32_t asked;

/* An object's number is its handle. */
err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size)
{
	asked++;
	if (number)
		*number = cap;
	if (size)
		memset(evidence, 0, size);
	if (cap >= THREAD && cap < ENDPOINT)
		memcpy(evidence, &threads[cap - THREAD], size);
	else if (cap == LINE)
		memcpy(evidence, &irq, size);
	return DRV_OK;
}

err_t thread_set(cap_t thread, enum thread_attribute what, uint32_t value)
{
	(void)thread, (void)what, (void)value;
	return DRV_OK;
}

err_t thread_read(cap_t thread, thread_registers_t *registers)
{
	(void)thread;
	registers->eip = 0x401234;
	return DRV_OK;
}

static int fresh(void **state)
{
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	memset(&manager, 0, sizeof(manager));
	manager.drivers = drivers;
	memset(verdicts, 0, sizeof(verdicts));
	memset(&irq, 0, sizeof(irq));
	manager.count = DRIVERS;
	manager.endpoint = OWN;
	manager.reply = OWN_REPLY;
	evidence_look(&manager, verdicts); /* all are dead: what was seen of them is gone */
	for (uint32_t i = 0; i < DRIVERS; i++) {
		driver_t *driver = &drivers[i];
		driver->index = i;
		driver->unit.state = STATE_RUNNING;
		driver->manifest.heartbeat =
		    (heartbeat_t){.period_ms = 250, .misses = 3, .progress_ms = 750};
		driver->instance = (instance_t){.alive = true,
						.process = {.thread = THREAD + i},
						.endpoint = ENDPOINT + i,
						.reply = REPLY + i};
		driver->door.reply = DOOR + i;
		threads[i] = (inspect_thread_t){.state = INSPECT_RECEIVING, .ticks_per_ms = 1};
	}
	return 0;
}

static void pass(uint32_t ms)
{
	for (uint32_t at = 0; at < ms; at += STEP_MS) {
		manager.now_ms += STEP_MS;
		for (uint32_t i = 0; i < DRIVERS; i++)
			threads[i].now_ms = (uint32_t)manager.now_ms;
		irq.now_ms = (uint32_t)manager.now_ms;
		evidence_look(&manager, verdicts);
	}
}

static inline void give_line(uint32_t i, bool shared)
{
	driver_t *driver = &drivers[i];
	driver->manifest.caps.irq.count = 1;
	driver->manifest.caps.irq.items[0] =
	    (irq_line_t){.line = 5, .shared = shared, .ack_ms = 20};
	driver->instance.lines[0] = LINE;
	irq.claimers = irq.unacknowledged = 4;
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

#endif
