/* SPDX-License-Identifier: BSD-2-Clause */
/* The 8254 timer, channel 0 (Intel 8254 data sheet, order 231164): one tick a millisecond.
 * 1193 cycles of 1193182 Hz are 999.85 us. */
#include "arch/i386/i386.h"

#define COUNTER0 0x40
#define CONTROL	 0x43

#define CONTROL_RATE  0x34 /* channel 0, low then high byte, mode 2 */
#define CONTROL_LATCH 0x00

#define DIVISOR 1193u
#define TICK_NS 999848u
#define US_NS	1000u
#define MS_US	1000u
#define MS_NS	1000000u

/* What does not have to be done at each tick is done once in so many, and before, when there
 * have been 1, 2, 4 and so on. The rate of the time stamp counter is then counted over as many:
 * less than 2^32 counts, up to 16 GHz. Their nanoseconds are less than 2^32, too. */
#define RATE_TICKS 256u

void pit_init(void)
{
	machine.count_at = machine.count_over = 1;
	out8(CONTROL, CONTROL_RATE);
	out8(COUNTER0, DIVISOR & 0xff);
	out8(COUNTER0, DIVISOR >> 8);
}

/* Notes the rate of the time stamp counter, and the time of the ticks since this was done last.
 */
__attribute__((noinline)) static void count(void)
{
	uint32_t over = machine.count_over;
	uint32_t counter = (uint32_t)read_tsc();
	bool first = machine.ticks == 1;
	if (!first)
		machine.counter_per_tick =
		    (counter - machine.tick_counter) >> __builtin_ctz(over);
	machine.tick_counter = counter;
	machine.ticks_ns += over * TICK_NS;
	machine.ticks_ms += machine.ticks_ns / MS_NS;
	machine.ticks_ns %= MS_NS;
	if (!first && over < RATE_TICKS)
		machine.count_over = 2 * over;
	machine.count_at += machine.count_over;
}

void pit_tick(void)
{
	machine.ticks++;
	if ((uint32_t)machine.ticks == machine.count_at)
		count();
}

/* Nanoseconds from machine.ticks_ms to the last tick. */
static uint32_t ticks_ns(void)
{
	uint32_t since = (uint32_t)machine.ticks - (machine.count_at - machine.count_over);
	return since * TICK_NS + machine.ticks_ns;
}

uint32_t arch_tick_ms(void)
{
	return (uint32_t)machine.ticks_ms + ticks_ns() / MS_NS;
}

uint64_t arch_ticks(void)
{
	return read_tsc();
}

uint32_t arch_ticks_per_ms(void)
{
	return machine.counter_per_tick;
}

uint64_t arch_time_us(void)
{
	out8(CONTROL, CONTROL_LATCH);
	uint32_t left = in8(COUNTER0);
	left |= (uint32_t)in8(COUNTER0) << 8;
	uint32_t passed = DIVISOR - (left > DIVISOR ? DIVISOR : left);
	/* A cycle takes 0.8381 us; 858 / 1024 is 0.8379. */
	uint64_t now = machine.ticks_ms * MS_US + ticks_ns() / US_NS + passed * 858u / 1024u;
	/* The counter has begun anew, and the tick for that is not taken yet. */
	if (passed < DIVISOR / 2 && pic_is_waiting(TIMER_LINE))
		now += TICK_NS / US_NS;
	if (now > machine.last_us)
		machine.last_us = now;
	return machine.last_us;
}
