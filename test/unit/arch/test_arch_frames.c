/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of a thread: what others may read of them and set in them. */
#include "world.h"

#include <string.h>

#define ARITHMETIC 0x0cd5u /* CF PF AF ZF SF DF OF */
#define PRIVILEGED 0x3000u /* IOPL */

static arch_frame_t frame;

static const thread_registers_t numbered = {.edi = 1,
					    .esi = 2,
					    .ebp = 3,
					    .ebx = 4,
					    .edx = 5,
					    .ecx = 6,
					    .eax = 7,
					    .eip = 8,
					    .eflags = EFLAGS_FIXED,
					    .esp = 9};

static uint32_t flags_after(uint32_t flags)
{
	thread_registers_t registers = numbered;
	registers.eflags = flags;
	frame = (arch_frame_t){.eflags = 0xffffffff};
	arch_frame_set(&frame, &registers);
	return frame.eflags;
}

static void a_thread_gets_the_arithmetic_flags_and_interrupts_and_no_others(void)
{
	for (uint32_t bit = 0; bit < 32; bit++)
		assert_int_equal(flags_after(1u << bit),
				 EFLAGS_FIXED | (ARITHMETIC & 1u << bit));
	assert_int_equal(flags_after(0xffffffff), EFLAGS_FIXED | ARITHMETIC);
	assert_int_equal(flags_after(0), EFLAGS_FIXED);
	assert_int_equal(flags_after(0xffffffff) & (PRIVILEGED | EFLAGS_TRAP), 0);
}

static void registers_that_are_set_are_read_back(void)
{
	thread_registers_t got;
	frame = (arch_frame_t){.vector = 14, .cs = 0x08, .ss = 0x10};
	arch_frame_set(&frame, &numbered);
	arch_frame_get(&frame, &got);
	assert_memory_equal(&got, &numbered, sizeof(got));
	assert_int_equal(frame.cs, USER_CODE);
	assert_int_equal(frame.ss, USER_DATA);
}

/* sysexit restores neither ecx nor edx. */
static void registers_that_are_set_are_all_restored(void)
{
	frame = (arch_frame_t){.vector = SYSENTER_VECTOR};
	arch_frame_set(&frame, &numbered);
	assert_int_not_equal(frame.vector, SYSENTER_VECTOR);
}

static void flags_that_sysenter_did_not_store_are_not_shown(void)
{
	thread_registers_t got;
	frame = (arch_frame_t){.vector = SYSENTER_VECTOR, .eflags = 0xffffffff};
	arch_frame_get(&frame, &got);
	assert_int_equal(got.eflags, EFLAGS_FIXED);
	frame.vector = SYSCALL_VECTOR;
	frame.eflags = EFLAGS_FIXED | 1;
	arch_frame_get(&frame, &got);
	assert_int_equal(got.eflags, EFLAGS_FIXED | 1);
}

static void a_call_that_is_made_again_returns_to_user_mode_before_itself(void)
{
	const uint32_t ways[] = {SYSCALL_VECTOR, SYSENTER_VECTOR};
	for (uint32_t i = 0; i < 2; i++) {
		frame = (arch_frame_t){.vector = ways[i], .eip = 0x1002, .eflags = 0x246};
		arch_frame_restart(&frame);
		assert_int_equal(frame.eip, 0x1000);
		assert_int_equal(frame.cs, USER_CODE);
		assert_int_equal(frame.ss, USER_DATA);
		assert_int_equal(frame.eflags, i == 0 ? 0x246 : EFLAGS_FIXED);
		assert_int_not_equal(frame.vector, SYSENTER_VECTOR);
	}
}

static void a_new_thread_starts_in_user_mode_with_interrupts_on(void)
{
	memset(&frame, 0, sizeof(frame));
	arch_frame_init(&frame);
	assert_int_equal(frame.cs, USER_CODE);
	assert_int_equal(frame.ss, USER_DATA);
	assert_int_equal(frame.eflags, EFLAGS_FIXED);
}

int main(void)
{
	static const world_test_t tests[] = {
	    WORLD_TEST(a_thread_gets_the_arithmetic_flags_and_interrupts_and_no_others),
	    WORLD_TEST(registers_that_are_set_are_read_back),
	    WORLD_TEST(registers_that_are_set_are_all_restored),
	    WORLD_TEST(flags_that_sysenter_did_not_store_are_not_shown),
	    WORLD_TEST(a_call_that_is_made_again_returns_to_user_mode_before_itself),
	    WORLD_TEST(a_new_thread_starts_in_user_mode_with_interrupts_on),
	};
	return WORLD_RUN(tests);
}
