/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock of arch/i386/pit.c, compiled for the host, on a timer and an interrupt controller
 * that are played here: ticks are taken late, and the time goes on meanwhile. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#define CYCLES	    1193u /* of a tick */
#define TICK_NS	    999848u
#define PORT_COUNT  0x40
#define PORT_LATCH  0x43
#define TIMER_LINE  0u
#define MINUTES_NS  (30ull * 60 * 1000000000)
#define STEP_NS	    7919u /* shares nothing with a tick */
#define LATE_NS	    (TICK_NS / 3)
#define TOLERATE_US 3

/* Stands in for arch/i386/i386.h, which has the instructions. */
#define I386_I386_H
static struct {
	uint64_t ticks_ms, last_us;
	uint32_t ticks_ns;
	uint32_t ticks, count_at, count_over, tick_counter, counter_per_tick;
} machine;

static struct {
	uint64_t now_ns, taken; /* time, and the ticks that the kernel has taken */
	uint32_t latched;
	bool high; /* the second byte is read next */
} chip;

static void out8(uint16_t port, uint8_t value)
{
	if (port != PORT_LATCH || value != 0)
		return;
	chip.latched = CYCLES - (uint32_t)(chip.now_ns % TICK_NS * CYCLES / TICK_NS);
	chip.high = false;
}

static uint8_t in8(uint16_t port)
{
	assert_int_equal(port, PORT_COUNT);
	uint8_t value = (uint8_t)(chip.latched >> (chip.high ? 8 : 0));
	chip.high = !chip.high;
	return value;
}

#define TSC_PER_US 2500u
static bool has_tsc;

/* Without a counter cpu.c has put the ticks in its place. */
static uint64_t read_tsc(void)
{
	return has_tsc ? chip.now_ns * TSC_PER_US / 1000 : machine.ticks;
}

static bool pic_is_waiting(uint32_t line)
{
	return line == TIMER_LINE && chip.now_ns / TICK_NS > chip.taken;
}

void pit_init(void);
void pit_tick(void);
uint64_t arch_time_us(void);
uint32_t arch_tick_ms(void);
uint64_t arch_ticks(void);
uint32_t arch_ticks_per_ms(void);
#include "arch/i386/pit.c"

static int setup(void **state)
{
	(void)state;
	machine.ticks_ms = machine.last_us = machine.ticks_ns = 0;
	machine.ticks = machine.counter_per_tick = 0;
	chip.now_ns = chip.taken = 0;
	has_tsc = true;
	pit_init();
	return 0;
}

static void take_ticks(uint64_t late_ns)
{
	while (chip.now_ns >= (chip.taken + 1) * TICK_NS + late_ns) {
		chip.taken++;
		pit_tick();
	}
}

static void assert_right(void)
{
	uint32_t tick_ms = arch_tick_ms();
	uint64_t now_us = arch_time_us();
	int64_t off_us = (int64_t)now_us - (int64_t)(chip.now_ns / 1000);
	assert_in_range(off_us + TOLERATE_US, 0, 2 * TOLERATE_US);
	assert_int_equal(tick_ms, chip.taken * TICK_NS / 1000000);
	assert_true(tick_ms <= now_us / 1000);
}

static void time_goes_on_while_a_tick_waits(void **state)
{
	(void)state;
	for (uint64_t tick = 1; tick < 1000; tick++) {
		chip.now_ns = tick * TICK_NS - 1000;
		assert_right();
		chip.now_ns = tick * TICK_NS + 2000; /* due, not taken */
		assert_right();
		take_ticks(0);
		assert_right();
	}
}

static void time_is_right_after_half_an_hour_of_late_ticks(void **state)
{
	(void)state;
	uint64_t before = 0;
	while (chip.now_ns < MINUTES_NS) {
		chip.now_ns += STEP_NS * (1 + chip.now_ns % 29);
		take_ticks(chip.now_ns % LATE_NS);
		assert_right();
		uint64_t now = arch_time_us();
		assert_true(now >= before);
		before = now;
	}
}

/* In a tick, which is a little shorter than a millisecond. */
#define RATE (TSC_PER_US * (TICK_NS / 1000))

static void the_counter_s_rate_is_known_from_the_second_tick_on(void **state)
{
	(void)state;
	for (uint64_t tick = 1; tick < 3000; tick++) {
		chip.now_ns = tick * TICK_NS + 700;
		take_ticks(0);
		if (tick == 1)
			assert_int_equal(arch_ticks_per_ms(), 0);
		else
			assert_in_range(arch_ticks_per_ms(), RATE - RATE / 100,
					RATE + RATE / 100);
	}
	assert_int_equal(arch_ticks(), read_tsc());
}

static void the_number_of_ticks_may_wrap(void **state)
{
	(void)state;
	machine.ticks =
	    0x100000000u - 2 * RATE_TICKS; /* as if so many had been counted before */
	machine.count_over = RATE_TICKS;
	machine.count_at = (uint32_t)machine.ticks + RATE_TICKS;
	for (uint64_t tick = 1; tick < 5 * RATE_TICKS; tick++) {
		chip.now_ns = tick * TICK_NS + 700;
		take_ticks(0);
		assert_right();
		if (tick >= 2 * RATE_TICKS)
			assert_in_range(arch_ticks_per_ms(), RATE - RATE / 100,
					RATE + RATE / 100);
	}
	assert_true((uint32_t)machine.ticks < 3 * RATE_TICKS);
}

static void late_ticks_do_not_put_the_rate_wrong_for_long(void **state)
{
	(void)state;
	while (chip.now_ns < MINUTES_NS / 1800) {
		chip.now_ns += STEP_NS * (1 + chip.now_ns % 29);
		take_ticks(chip.now_ns % LATE_NS);
		if (machine.ticks > RATE_TICKS)
			assert_in_range(arch_ticks_per_ms(), RATE - RATE / 100,
					RATE + RATE / 100);
	}
}

static void without_a_counter_the_ticks_of_the_timer_are_counted(void **state)
{
	(void)state;
	has_tsc = false;
	for (uint64_t tick = 1; tick < 100; tick++) {
		chip.now_ns = tick * TICK_NS;
		take_ticks(0);
		assert_int_equal(arch_ticks(), tick);
		assert_int_equal(arch_ticks_per_ms(), tick > 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(time_goes_on_while_a_tick_waits, setup),
	    cmocka_unit_test_setup(the_counter_s_rate_is_known_from_the_second_tick_on, setup),
	    cmocka_unit_test_setup(the_number_of_ticks_may_wrap, setup),
	    cmocka_unit_test_setup(late_ticks_do_not_put_the_rate_wrong_for_long, setup),
	    cmocka_unit_test_setup(without_a_counter_the_ticks_of_the_timer_are_counted, setup),
	    cmocka_unit_test_setup(time_is_right_after_half_an_hour_of_late_ticks, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
