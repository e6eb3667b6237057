/* SPDX-License-Identifier: BSD-2-Clause */
/* The interrupt controllers, the timer and the early console, as they are set up and used. */
#include "world.h"

#define CYCLES 1193u /* a millisecond of the timer */

static void the_controllers_deliver_where_the_vectors_are(void)
{
	assert_int_equal(devices.pic[0].first_vector, IRQ_VECTOR);
	assert_int_equal(devices.pic[1].first_vector, IRQ_VECTOR + 8);
	assert_int_equal(devices.pic[0].step + devices.pic[1].step, 0);
}

static void only_the_timer_and_the_cascade_are_open_at_the_start(void)
{
	assert_int_equal(devices.pic[0].mask, 0xfa);
	assert_int_equal(devices.pic[1].mask, 0xff);
}

static void no_dma_channel_is_open(void)
{
	assert_int_equal(devices.dma_masks[0], 0x0f);
	assert_int_equal(devices.dma_masks[1], 0x0f);
}

static void a_line_is_opened_and_closed_alone(void)
{
	for (uint32_t line = 0; line < 16; line++) {
		uint32_t before = devices.pic[0].mask | devices.pic[1].mask << 8;
		arch_irq_unmask(line);
		assert_int_equal(devices.pic[0].mask | devices.pic[1].mask << 8,
				 before & ~(1u << line));
		arch_irq_mask(line);
		assert_int_equal(devices.pic[0].mask | devices.pic[1].mask << 8,
				 before | 1u << line);
	}
	assert_int_equal(ARCH_IRQ_USER_MASK & (1u << TIMER_LINE | 1u << 2), 0);
}

static uint32_t levels(void)
{
	return devices.level[0] | (uint32_t)devices.level[1] << 8;
}

/* Whatever the others are: told is what this one was. */
static void the_trigger_of_a_line_is_set_alone_and_what_it_was_is_told(void)
{
	static const uint8_t others[] = {0x00, 0xff, 0xa5, 0x5a};
	for (uint32_t line = 0; line < 16; line++) {
		if (!(ARCH_IRQ_TRIGGER_MASK & 1u << line))
			continue;
		for (uint32_t i = 0; i < sizeof(others); i++) {
			uint32_t bit = 1u << line;
			devices.level[0] = devices.level[1] = others[i];
			uint32_t before = levels();
			assert_int_equal(arch_irq_set_level(line, true), (before & bit) != 0);
			assert_int_equal(levels(), before | bit);
			assert_true(arch_irq_set_level(line, false));
			assert_int_equal(levels(), before & ~bit);
			assert_false(arch_irq_set_level(line, false));
			assert_int_equal(levels(), before & ~bit);
		}
	}
}

static void the_timer_ticks_each_millisecond(void)
{
	assert_int_equal(devices.reload, CYCLES);
}

static void time_runs_within_a_tick_and_over_it(void)
{
	devices.counter = CYCLES;
	uint64_t start = arch_time_us();
	devices.counter = CYCLES / 2;
	assert_in_range(arch_time_us() - start, 498, 501);
	devices.counter = 1;
	assert_in_range(arch_time_us() - start, 997, 999);
	pit_tick();
	devices.counter = CYCLES;
	assert_in_range(arch_time_us() - start, 999, 1001);
}

/* The counter has begun anew, and its interrupt is not taken yet. */
static void time_does_not_go_back_before_the_tick_is_taken(void)
{
	devices.counter = 10;
	uint64_t before = arch_time_us();
	devices.counter = CYCLES - 10;
	devices.pic[0].requested = 1u << TIMER_LINE;
	uint64_t after = arch_time_us();
	assert_in_range(after - before, 1, 30);
	devices.pic[0].requested = 0;
	assert_int_equal(arch_time_us(), after);
}

/* Asked just before the counter begins anew, an interrupt that waits is the next one. */
static void a_tick_is_not_counted_before_it_is_due(void)
{
	devices.counter = 2;
	uint64_t before = arch_time_us();
	devices.pic[0].requested = 1u << TIMER_LINE;
	assert_int_equal(arch_time_us(), before);
}

static void twenty_thousand_ticks_are_twenty_seconds_to_the_microsecond(void)
{
	devices.counter = CYCLES;
	uint64_t start = arch_time_us();
	for (uint32_t i = 0; i < 20000; i++)
		pit_tick();
	assert_int_equal(arch_time_us() - start, 19996960);
}

#define READS 40u

/* The counter counts how often it is read. */
static void the_counter_s_rate_is_that_of_the_ticks_since_it_was_last_counted(void)
{
	if (!processor.kind->pse)
		return;
	for (uint32_t tick = 1; tick < 2000; tick++) {
		pit_tick();
		if (tick == 1)
			assert_int_equal(arch_ticks_per_ms(), 0);
		else /* with the read that counts, for one tick */
			assert_in_range(arch_ticks_per_ms(), READS, READS + (tick < 4));
		for (uint32_t i = 0; i < READS; i++)
			arch_ticks();
	}
}

static void without_a_counter_the_ticks_of_the_timer_are_told_at_each_place(void)
{
	if (processor.kind->pse)
		return;
	for (uint32_t tick = 1; tick < 2000; tick++) {
		pit_tick();
		for (uint32_t i = 0; i < PROCESSOR_TSC_READS; i++)
			assert_int_equal(arch_ticks(), tick);
		assert_int_equal(arch_ticks_per_ms(), tick > 1);
	}
	machine.ticks = 0x123456789abull;
	assert_int_equal(arch_ticks(), 0x123456789abull);
}

/* -- The early console. ----------------------------------------------------------------- */

static void a_missing_serial_line_does_not_hold_the_kernel_up(void)
{
	devices.line_status = 0;
	arch_console_put('a');
	assert_in_range(devices.line_polls, 1000, 1000000);
	assert_int_equal(devices.line[0], 'a');
}

static void what_was_typed_before_is_kept(void)
{
	devices_reset();
	devices.line_status = 0x21; /* a byte is there */
	arch_console_init();
	assert_false(devices.fifo_written);
	assert_int_equal(devices.line[1], 0); /* no interrupts */
	assert_int_equal(devices.line[3], 3); /* 8 bits, no parity, 1 stop bit */
	devices_reset();
	arch_console_init();
	assert_int_equal(devices.line[2], 1);
}

int main(void)
{
	static const world_test_t tests[] = {
	    WORLD_TEST(the_controllers_deliver_where_the_vectors_are),
	    WORLD_TEST(only_the_timer_and_the_cascade_are_open_at_the_start),
	    WORLD_TEST(no_dma_channel_is_open),
	    WORLD_TEST(a_line_is_opened_and_closed_alone),
	    WORLD_TEST(the_trigger_of_a_line_is_set_alone_and_what_it_was_is_told),
	    WORLD_TEST(the_timer_ticks_each_millisecond),
	    WORLD_TEST(time_runs_within_a_tick_and_over_it),
	    WORLD_TEST(time_does_not_go_back_before_the_tick_is_taken),
	    WORLD_TEST(a_tick_is_not_counted_before_it_is_due),
	    WORLD_TEST(twenty_thousand_ticks_are_twenty_seconds_to_the_microsecond),
	    WORLD_TEST(the_counter_s_rate_is_that_of_the_ticks_since_it_was_last_counted),
	    WORLD_TEST(without_a_counter_the_ticks_of_the_timer_are_told_at_each_place),
	    WORLD_TEST(a_missing_serial_line_does_not_hold_the_kernel_up),
	    WORLD_TEST(what_was_typed_before_is_kept),
	};
	return WORLD_RUN(tests);
}
