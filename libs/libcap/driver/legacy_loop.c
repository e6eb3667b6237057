/* SPDX-License-Identifier: BSD-2-Clause */
/* An old driver's loop beside the event loop: one thread with two stacks. Where the loop waits,
 * or has used ports for a while, driver_main() goes on; its callbacks here go back to the loop.
 * Whatever the manager knows of the driver holds for both. A program that does not call
 * driver_main_legacy() has nothing of this file. */
#include "cap/legacy.h"

#include "private.h"

#define ACCESSES 64u		 /* of ports, between two turns of the event loop */
#define NOTHING	 DRIVER_CAPS_MAX /* no line */

static struct {
	const driver_ops_t *ops; /* the driver's own */
	void (*loop)(void);
	void *other;	    /* the stack of who does not run */
	uint32_t accesses;  /* since the last turn of the event loop */
	uint32_t arrived;   /* bit n: of irq_caps[n], which the loop was not told */
	uint32_t owed;	    /* bit n: it was told, and has not waited since */
	unsigned waits_for; /* what the loop pauses for: a line, … */
	bool over;	    /* … unless its time is over first */
	bool goes_on;	    /* from run to quiesce */
} legacy = {.waits_for = NOTHING};

/* In user.ld this is what data begins with: below it is code. */
__attribute__((section(".fiber"), aligned(PAGE_SIZE))) static uint8_t stack[LEGACY_STACK];

/* ---- on the loop's stack ---- */

/* The event loop goes on until an interrupt of the line has come, or the time is over. */
static void pause(unsigned line, uint32_t ms)
{
	legacy.accesses = 0;
	legacy.waits_for = line;
	legacy.over = false;
	timers_set(TIMER_LOOP, ms);
	fiber_switch(&legacy.other);
}

static void used_port(void)
{
	if (++legacy.accesses > ACCESSES)
		pause(NOTHING, 0);
}

static void acknowledge(uint32_t which)
{
	for (; which; which &= which - 1)
		irq_ack(driver_context()->irq_caps[__builtin_ctz(which)]);
}

static err_t wait(unsigned index, uint32_t timeout_ms)
{
	uint32_t line = 1u << index;
	acknowledge(legacy.owed);
	legacy.owed = 0;
	if (timeout_ms != TIMEOUT_FOREVER && timeout_ms > INT32_MAX)
		timeout_ms = INT32_MAX;
	if (!(legacy.arrived & line))
		pause(index, timeout_ms);
	if (!(legacy.arrived & line))
		return DRV_ETIMEDOUT;
	legacy.arrived &= ~line;
	legacy.owed |= line;
	return DRV_OK;
}

static void begin(void)
{
	legacy.loop();
	thread_exit(0);
}

/* ---- on the event loop's ---- */

static bool is_due(void)
{
	return legacy.over || (legacy.arrived >> legacy.waits_for & 1);
}

/* Who does not go on owes no acknowledgement. */
static void pause_loop(void)
{
	legacy.goes_on = false;
	acknowledge(legacy.owed);
	legacy.owed = 0;
}

/* Not when the loop is what runs: it may call driver_done(), which has looks at the devices. */
static void go_on(void)
{
	static const legacy_turns_t turns = {used_port, wait};
	if (legacy_turns || !legacy.goes_on || !is_due())
		return;
	timers_set(TIMER_LOOP, DRIVER_NO_TIMER);
	legacy_turns = &turns;
	fiber_switch(&legacy.other);
	legacy_turns = NULL;
}

/* The loop begins in the event loop's next turn; there it also goes on, or before, with the
 * look at the device whose line it waits for. */
static err_t loop_run(void)
{
	err_t err = legacy.ops->run ? legacy.ops->run() : DRV_OK;
	legacy.goes_on = err == DRV_OK || err == DRV_EAGAIN;
	if (legacy.waits_for == NOTHING || is_due())
		timers_set(TIMER_LOOP, 0);
	return err;
}

static err_t loop_quiesce(void)
{
	pause_loop();
	return legacy.ops->quiesce ? legacy.ops->quiesce() : DRV_OK;
}

static err_t loop_stop(void)
{
	pause_loop();
	return legacy.ops->stop ? legacy.ops->stop() : DRV_OK;
}

static void loop_irq(unsigned index)
{
	legacy.arrived |= 1u << index;
	if (!legacy.goes_on)
		acknowledge(1u << index);
	go_on();
}

static void loop_timed(unsigned index)
{
	if (index != TIMER_LOOP) {
		if (legacy.ops->timed)
			legacy.ops->timed(index);
		return;
	}
	legacy.over = true;
	go_on();
}

int driver_main_legacy(const driver_ops_t *ops, void (*loop)(void))
{
	static driver_ops_t with_loop;
	with_loop = *ops;
	with_loop.run = loop_run;
	with_loop.quiesce = loop_quiesce;
	with_loop.stop = loop_stop;
	with_loop.irq = loop_irq;
	with_loop.timed = loop_timed;
	legacy.ops = ops;
	legacy.loop = loop;
	legacy.other = fiber_make(stack + sizeof(stack), begin);
	runtime.acks_itself = true;
	return driver_main(&with_loop);
}
