/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock chip as a source of interrupts whose due time is known to the instruction
 * (Motorola MC146818A data sheet): with the emulator's clock tied to the instruction count,
 * the first one comes at a whole number of 32768 Hz cycles after its setting. */
#include "bench.h"

#define RTC_INDEX	0x70u
#define RTC_DATA	0x71u
#define RTC_LINE	8u
#define REGISTER_A	0x0au
#define REGISTER_B	0x0bu
#define REGISTER_C	0x0cu
#define DIVIDER_32768	0x20u /* register A: divider on; low four bits: rate */
#define HOURS_24	0x02u /* register B */
#define PERIODIC_ENABLE 0x40u

#define RATE_SHORT  3u
#define IDLE_ROUNDS 4u /* one of so many rounds, */
#define IDLE_LEAST  3u /* and so many more: of one alarm the time may not be known */

/* One cycle of 32768 Hz is CYCLE / PARTS instructions. */
#define CYCLE 1953125u
#define PARTS 64u

static cap_t port, line, thread;
static uint32_t due;

static void note(enum probe probe, uint32_t ticks)
{
	shared_t *s = shared();
	if (s->probe[probe] < ticks)
		s->probe[probe] = ticks;
}

/* Calls that have nothing to do with what the system is at. */
static void probe(void)
{
	uint32_t start = now();
	thread_yield();
	note(PROBE_YIELD, now() - start);
	start = now();
	int32_t cap = cap_derive(shared()->interrupt, RIGHT_READ, 0, 0);
	note(PROBE_DERIVE, now() - start);
	must("derive in between", cap);
	start = now();
	cap_release((cap_t)cap);
	note(PROBE_RELEASE, now() - start);
}

/* In a space of its own. Its time ends at its first instruction behind the call's stub. */
static void handler(void)
{
	const shared_t *s = shared();
	for (;;) {
		uint32_t bits;
		err_t err = notification_wait(s->interrupt, TIMEOUT_FOREVER, &bits);
		handler_woken();
		if (err)
			fail("wait for an interrupt", err);
		probe();
		handler_ends();
	}
}

static void rtc_write(uint8_t index, uint8_t value)
{
	cap_pio_write8(port, RTC_INDEX, index);
	cap_pio_write8(port, RTC_DATA, value);
}

cap_t interrupt_line(void)
{
	port = find_boot_cap(CAP_PIO, RTC_INDEX);
	line = must("derive the interrupt",
		    cap_derive(boot_info()->caps[BOOT_CAP_IRQ].cap, RIGHT_READ,
			       IRQ_SCOPE(RTC_LINE, RTC_LINE), 0));
	return line;
}

void interrupt_init(const space_t *space)
{
	interrupt_line();
	shared()->interrupt = make(CAP_NOTIFICATION, 0);
	must("bind the interrupt", irq_bind(line, shared()->interrupt, 1));
	thread = thread_start(space, PRIORITY_HANDLER, handler, STACK_HANDLER);
}

void interrupt_end(void)
{
	must("end the handler", cap_release(thread));
	must("let go of the interrupt", cap_release(line));
}

static void acknowledge(bool measured)
{
	uint8_t cause;
	rtc_write(REGISTER_B, HOURS_24);
	cap_pio_write8(port, RTC_INDEX, REGISTER_C);
	cap_pio_read8(port, RTC_DATA, &cause);
	interval_begin();
	err_t err = irq_ack(line);
	if (measured)
		sample(interval_ticks());
	must("acknowledge", err);
}

/* How far in its cycle the counter is, in parts of an instruction. */
static uint32_t into_cycle(uint64_t counter)
{
	uint64_t parts = counter * PARTS;
	uint32_t rest = (uint32_t)(parts >> 32) % CYCLE, low = (uint32_t)parts;
	__asm__("divl %2" : "+a"(low), "+d"(rest) : "r"(CYCLE) : "cc");
	return rest;
}

static void set(alarm_t *alarm, uint32_t rate)
{
	rtc_write(REGISTER_A, (uint8_t)(DIVIDER_32768 | rate));
	cap_pio_write8(port, RTC_INDEX, REGISTER_B);
	alarm->period = 1u << (rate - 1);
	alarm->seen = shared()->woken;
	alarm->before = now64();
	cap_pio_write8(port, RTC_DATA, HOURS_24 | PERIODIC_ENABLE);
	alarm->after = now64();
	due =
	    (uint32_t)alarm->after + (alarm->period * CYCLE - into_cycle(alarm->after)) / PARTS;
}

uint32_t alarm_due(void)
{
	return due;
}

void alarm_set(alarm_t *alarm, uint32_t rate)
{
	acknowledge(false);
	set(alarm, rate);
}

bool alarm_came(const alarm_t *alarm)
{
	return shared()->woken != alarm->seen;
}

void alarm_report(const char *name, const alarm_t *alarm)
{
	const shared_t *s = shared();
	while (!alarm_came(alarm))
		;
	report("bench alarm %s %08x%08x %08x%08x %u %08x%08x", name,
	       (uint32_t)(alarm->before >> 32), (uint32_t)alarm->before,
	       (uint32_t)(alarm->after >> 32), (uint32_t)alarm->after, alarm->period,
	       (uint32_t)(s->woken_at >> 32), (uint32_t)s->woken_at);
}

void measure_interrupt(const char *name)
{
	alarm_t alarm;
	for (uint32_t i = 0; i < shared()->rounds / IDLE_ROUNDS + IDLE_LEAST; i++) {
		acknowledge(true);
		set(&alarm, RATE_SHORT);
		alarm_report(name, &alarm);
	}
	report_samples("acknowledge");
}

void measure_idle(const char *name)
{
	shared_t *s = shared();
	alarm_t alarm;
	for (uint32_t i = 0; i < s->rounds / IDLE_ROUNDS + IDLE_LEAST; i++) {
		s->notify = 1;
		alarm_set(&alarm, RATE_SHORT);
		wait_done("an interrupt while idle");
		s->notify = 0;
		alarm_report(name, &alarm);
	}
}
