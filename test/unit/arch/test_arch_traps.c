/* SPDX-License-Identifier: BSD-2-Clause */
/* What each vector means: the way from a frame to what the kernel is told. */
#include "world.h"

#include "abi/message.h"

#define CALL_NUMBER 17u
#define CODE	    5u
#define CR2	    0xbadb0000u

const arch_frame_t *trap_from_user(void);
void trap_in_kernel(const arch_frame_t *interrupted);
void tick_in_kernel(void);

static arch_frame_t frame;

/* A vector, taken from user mode. */
static const arch_frame_t *enter(uint32_t vector)
{
	frame = (arch_frame_t){
	    .vector = vector, .error = CODE, .eax = CALL_NUMBER, .cs = USER_CODE};
	arch_frame_use(&frame);
	processor.cr2 = CR2;
	return trap_from_user();
}

static uint32_t last_vector;

static void enter_last(void)
{
	enter(last_vector);
}

static void enter_in_kernel(void)
{
	frame = (arch_frame_t){.vector = last_vector, .cs = KERNEL_CODE};
	trap_in_kernel(&frame);
}

static void a_system_call_goes_to_the_kernel_with_its_number(void)
{
	assert_ptr_equal(enter(SYSCALL_VECTOR), &world_next);
	assert_int_equal(told.syscalls, 1);
	assert_int_equal(told.number, CALL_NUMBER);
	assert_int_equal(told.faults + told.interrupts + told.ticks + told.leaves, 0);
}

static void check_fault(uint32_t vector, uint32_t label)
{
	told = (told_t){0};
	assert_ptr_equal(enter(vector), &world_next);
	assert_int_equal(told.faults, 1);
	assert_int_equal(told.leaves, 1);
	assert_int_equal(told.label, label);
	assert_int_equal(told.code, CODE);
	assert_int_equal(told.address, vector == 14 ? CR2 : 0);
}

static void each_exception_of_a_user_is_told_as_what_it_is(void)
{
	const struct {
		uint32_t label;
		uint32_t vectors[4];
	} rows[] = {{FAULT_ARITHMETIC, {0, 4, 5, 5}},	  {FAULT_DEBUG, {1, 3, 3, 3}},
		    {FAULT_OPCODE, {6, 6, 6, 6}},	  {FAULT_FPU, {7, 16, 19, 19}},
		    {FAULT_PROTECTION, {10, 11, 12, 13}}, {FAULT_PAGE, {14, 14, 14, 14}},
		    {FAULT_ALIGNMENT, {17, 17, 17, 17}}};
	for (uint32_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (uint32_t k = 0; k < 4; k++)
			check_fault(rows[i].vectors[k], rows[i].label);
}

static void an_exception_that_no_user_can_cause_stops_the_kernel(void)
{
	const uint32_t vectors[] = {2, 8, 9, 15, 18, 20, 31};
	for (uint32_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		last_vector = vectors[i];
		assert_true(world_panics(enter_last));
	}
	assert_int_equal(told.faults, 0);
}

static void each_line_is_acknowledged_and_told(void)
{
	for (uint32_t line = 1; line < 16; line++) {
		if (line == 2)
			continue;
		told = (told_t){0};
		arch_irq_unmask(line);
		devices_raise(line);
		assert_ptr_equal(enter(IRQ_VECTOR + line), &world_next);
		assert_int_equal(told.interrupts, 1);
		assert_int_equal(told.line, line);
		assert_int_equal(told.ticks, 0);
		assert_int_equal(told.leaves, 1);
		assert_int_equal(devices.pic[0].in_service | devices.pic[1].in_service, 0);
	}
}

static void the_timers_line_is_a_tick_and_nobody_elses(void)
{
	uint32_t before = machine.ticks;
	devices_raise(TIMER_LINE);
	enter(IRQ_VECTOR + TIMER_LINE);
	assert_int_equal(told.ticks, 1);
	assert_int_equal(told.interrupts, 0);
	assert_int_equal(machine.ticks - before, 1);
	assert_int_equal(devices.pic[0].in_service, 0);
}

static void a_tick_that_comes_while_the_kernel_waits_is_one_too(void)
{
	uint32_t before = machine.ticks;
	devices_raise(TIMER_LINE);
	tick_in_kernel();
	assert_int_equal(told.ticks, 1);
	assert_int_equal(told.interrupts + told.leaves, 0);
	assert_int_equal(machine.ticks - before, 1);
	assert_int_equal(devices.pic[0].in_service, 0);
}

static void an_interrupt_that_was_none_is_counted_and_told_to_nobody(void)
{
	enter(IRQ_VECTOR + 7);
	assert_int_equal(told.interrupts, 0);
	assert_int_equal(devices.pic[0].ended, 0);
	arch_irq_unmask(14);
	devices_raise(14); /* the master has a real one from the second controller */
	devices.pic[1].in_service = 0;
	enter(IRQ_VECTOR + 15);
	assert_int_equal(told.interrupts, 0);
	assert_int_equal(devices.pic[0].ended, 1);
	assert_int_equal(devices.pic[1].ended, 0);
	assert_int_equal(told.leaves, 2);
	assert_int_equal(told.strays, 2);
}

static void a_vector_that_no_controller_can_send_is_counted_and_told_to_nobody(void)
{
	uint32_t count = 0;
	for (uint32_t vector = IRQ_VECTOR + 16; vector < 256; vector++)
		if (vector != SYSCALL_VECTOR) {
			assert_ptr_equal(enter(vector), &world_next);
			assert_int_equal(told.strays, ++count);
		}
	assert_int_equal(told.interrupts + told.ticks + told.faults + told.syscalls, 0);
	assert_int_equal(devices.pic[0].ended + devices.pic[1].ended, 0);
}

static void such_a_vector_is_counted_while_the_kernel_waits_too(void)
{
	uint32_t count = 0;
	for (last_vector = IRQ_VECTOR + 16; last_vector < 256; last_vector++) {
		assert_false(world_panics(enter_in_kernel));
		assert_int_equal(told.strays, ++count);
	}
	assert_int_equal(told.interrupts + told.ticks + told.faults + told.syscalls, 0);
}

static void a_line_that_comes_while_the_kernel_waits_is_told_too(void)
{
	arch_irq_unmask(9);
	devices_raise(9);
	last_vector = IRQ_VECTOR + 9;
	assert_false(world_panics(enter_in_kernel));
	assert_int_equal(told.interrupts, 1);
	assert_int_equal(told.line, 9);
	assert_int_equal(told.leaves, 0);
}

static void an_exception_in_the_kernel_stops_it(void)
{
	const uint32_t vectors[] = {0, 6, 13, 14, 31};
	for (uint32_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		last_vector = vectors[i];
		assert_true(world_panics(enter_in_kernel));
	}
	assert_int_equal(told.interrupts + told.faults + told.syscalls, 0);
}

static uint32_t windows;

static void count_window(void)
{
	windows++;
}

static void pending_interrupts_are_taken_between_two_steps(void)
{
	windows = 0;
	processor.window = count_window;
	arch_interrupt_window();
	assert_int_equal(windows, 1);
}

static void a_port_is_accessed_in_the_width_that_was_asked_for(void)
{
	for (uint32_t width = 1; width <= 4; width *= 2) {
		arch_port_write(0x300, width, 0x12345678);
		assert_int_equal(devices.last_port, 0x300);
		assert_int_equal(devices.last_width, width);
		assert_int_equal(devices.last_value, 0x12345678);
		assert_int_equal(arch_port_read(0x304, width), 0x12345678);
		assert_int_equal(devices.last_port, 0x304);
		assert_int_equal(devices.last_width, width);
	}
}

int main(void)
{
	static const world_test_t tests[] = {
	    WORLD_TEST(a_system_call_goes_to_the_kernel_with_its_number),
	    WORLD_TEST(each_exception_of_a_user_is_told_as_what_it_is),
	    WORLD_TEST(an_exception_that_no_user_can_cause_stops_the_kernel),
	    WORLD_TEST(each_line_is_acknowledged_and_told),
	    WORLD_TEST(the_timers_line_is_a_tick_and_nobody_elses),
	    WORLD_TEST(a_tick_that_comes_while_the_kernel_waits_is_one_too),
	    WORLD_TEST(an_interrupt_that_was_none_is_counted_and_told_to_nobody),
	    WORLD_TEST(a_vector_that_no_controller_can_send_is_counted_and_told_to_nobody),
	    WORLD_TEST(such_a_vector_is_counted_while_the_kernel_waits_too),
	    WORLD_TEST(a_line_that_comes_while_the_kernel_waits_is_told_too),
	    WORLD_TEST(an_exception_in_the_kernel_stops_it),
	    WORLD_TEST(pending_interrupts_are_taken_between_two_steps),
	    WORLD_TEST(a_port_is_accessed_in_the_width_that_was_asked_for),
	};
	return WORLD_RUN(tests);
}
