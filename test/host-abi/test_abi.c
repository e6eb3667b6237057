/* SPDX-License-Identifier: BSD-2-Clause */
/* The contract in abi/ against the numbers that it promised. They are spelled out here
 * once more on purpose: a change of the contract has to be made in two places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/audit.h"
#include "abi/boot.h"
#include "abi/cap.h"
#include "abi/protocol/driver.h"
#include "abi/driver_errno.h"
#include "abi/inspect.h"
#include "abi/protocol/input.h"
#include "abi/protocol/manager.h"
#include "abi/message.h"
#include "abi/syscalls.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void the_driver_context_is_124_bytes_field_for_field(void **state)
{
	(void)state;
	assert_int_equal(sizeof(DriverContextV2), 124);
	assert_int_equal(offsetof(DriverContextV2, abi_version), 0);
	assert_int_equal(offsetof(DriverContextV2, driver_tid), 4);
	assert_int_equal(offsetof(DriverContextV2, device_id), 8);
	assert_int_equal(offsetof(DriverContextV2, flags), 12);
	assert_int_equal(offsetof(DriverContextV2, irq_caps), 16);
	assert_int_equal(offsetof(DriverContextV2, pio_caps), 48);
	assert_int_equal(offsetof(DriverContextV2, mmio_caps), 80);
	assert_int_equal(offsetof(DriverContextV2, shared_cfg), 112);
	assert_int_equal(offsetof(DriverContextV2, shared_cfg_size), 116);
	assert_int_equal(offsetof(DriverContextV2, last_error), 120);
	assert_int_equal(DRIVER_CONTEXT_VERSION, 2);
}

static void sysenter_is_not_believed_of_a_pentium_pro(void **state)
{
	(void)state;
	const uint32_t sep = 0x800;
	assert_true(CPU_HAS_SYSENTER(0x633u, sep)); /* the first Pentium II */
	assert_true(CPU_HAS_SYSENTER(0x663u, sep | 1u));
	assert_true(CPU_HAS_SYSENTER(0xf12u, sep));
	assert_true(CPU_HAS_SYSENTER(0x613u, sep));
	assert_false(CPU_HAS_SYSENTER(0x612u, sep));
	assert_false(CPU_HAS_SYSENTER(0x611u, sep));
	assert_false(CPU_HAS_SYSENTER(0x633u, ~sep));
	assert_false(CPU_HAS_SYSENTER(0u, 0u));
}

static void shared_structures_have_their_sizes(void **state)
{
	(void)state;
	assert_int_equal(sizeof(driver_page_t), 512 + 272);
	assert_int_equal(sizeof(driver_note_t), 16);
	assert_int_equal(sizeof(input_event_t), 12);
	assert_int_equal(sizeof(input_state_t), 36);
	assert_int_equal(sizeof(message_buffer_t), 512);
	assert_int_equal(sizeof(thread_registers_t), 40);
	assert_int_equal(sizeof(manager_status_t), 56);
	assert_int_equal(sizeof(audit_report_t), 164);
	assert_true(sizeof(boot_info_t) <= PAGE_SIZE);
}

static void evidence_has_its_sizes_and_fits_a_message_buffer(void **state)
{
	(void)state;
	assert_int_equal(sizeof(inspect_thread_t), 64);
	assert_int_equal(offsetof(inspect_thread_t, run_low), 16);
	assert_int_equal(offsetof(inspect_thread_t, stop_label), 44);
	assert_int_equal(sizeof(inspect_endpoint_t), 16);
	assert_int_equal(sizeof(inspect_reply_t), 16);
	assert_int_equal(sizeof(inspect_irq_t), 52);
	assert_int_equal(sizeof(pio_kept_t), 8);
	assert_int_equal(offsetof(pio_kept_t, count), 4);
	assert_true(sizeof(inspect_thread_t) <= MSG_WORDS * sizeof(uint32_t));
}

static void the_word_of_a_retype_is_taken_apart_as_it_was_made(void **state)
{
	(void)state;
	const uint32_t form = RETYPE_SIZE(FRAME_BITS_MAX) | RETYPE_STALE | RETYPE_LIMIT(0xffff);
	assert_int_equal(RETYPE_SIZE_BITS(form), FRAME_BITS_MAX);
	assert_int_equal(RETYPE_LIMIT_PAGES(form), 0xffff);
	assert_int_equal(form & ~RETYPE_MASK, 0);
	assert_int_equal(RETYPE_SIZE(0) | RETYPE_LIMIT(0), 0);
}

static void errors_are_negative_and_each_number_is_used_once(void **state)
{
	(void)state;
#define VALUE(name, value, text) (value),
	static const int values[] = {DRV_ERRORS(VALUE)};
#undef VALUE
	assert_int_equal(values[0], 0);
	for (size_t i = 1; i < COUNT(values); i++) {
		assert_true(values[i] < -1);
		assert_true(values[i] >= DRV_ERROR_LAST);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(values[i], values[j]);
	}
	assert_int_equal(values[COUNT(values) - 1], DRV_ERROR_LAST);
}

static void the_first_errors_keep_their_numbers(void **state)
{
	(void)state;
	assert_int_equal(DRV_OK, 0);
	assert_int_equal(DRV_EPERM, -2);
	assert_int_equal(DRV_EINVAL, -3);
	assert_int_equal(DRV_ETIMEDOUT, -4);
	assert_int_equal(DRV_EIO, -5);
	assert_int_equal(DRV_EBUSY, -6);
	assert_int_equal(DRV_EAGAIN, -7);
	assert_int_equal(DRV_ENOTSUP, -8);
	assert_int_equal(DRV_EBADCAP, -9);
}

static void system_calls_are_numbered_without_gaps(void **state)
{
	(void)state;
#define NUMBER(number, NAME, handler, args, result) (number),
	static const unsigned numbers[] = {SYSCALLS(NUMBER)};
#undef NUMBER
	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_int_equal(numbers[i], i);
	assert_int_equal(SYS_COUNT, COUNT(numbers));
}

static void the_capability_calls_have_their_numbers(void **state)
{
	(void)state;
	assert_int_equal(SYS_CAP_ACQUIRE, 1);
	assert_int_equal(SYS_CAP_RELEASE, 2);
	assert_int_equal(SYS_CAP_PIO_RW, 3);
	assert_int_equal(SYS_CAP_IRQ_WAIT, 4);
	assert_int_equal(SYS_CAP_MMIO_MAP, 5);
	assert_int_equal(SYS_CAP_MMIO_UNMAP, 6);
	assert_int_equal(SYS_INSPECT, 37);
	assert_int_equal(SYS_CAP_PIO_KEEP, 38);
}

static void capability_types_are_dense_and_fit_the_audit_report(void **state)
{
	(void)state;
#define VALUE(name, value, text, rights)  (value),
#define RIGHTS(name, value, text, rights) (rights),
	static const unsigned values[] = {CAP_TYPES(VALUE)};
	static const unsigned rights[] = {CAP_TYPES(RIGHTS)};
#undef VALUE
#undef RIGHTS
	for (size_t i = 0; i < COUNT(values); i++) {
		assert_int_equal(values[i], i);
		assert_int_equal(rights[i] & ~(unsigned)RIGHT_ALL, 0);
	}
	assert_int_equal(CAP_TYPE_COUNT, COUNT(values));
	assert_true(CAP_TYPE_COUNT <= AUDIT_TYPES);
}

static void a_port_scope_is_taken_apart_as_it_was_made(void **state)
{
	(void)state;
	assert_int_equal(PIO_SCOPE(0x60, 0x64), 0x00640060);
	assert_int_equal(PIO_SCOPE_FIRST(PIO_SCOPE(0x3f8, 0x3ff)), 0x3f8);
	assert_int_equal(PIO_SCOPE_LAST(PIO_SCOPE(0x3f8, 0xffff)), 0xffff);
	assert_int_equal(PIO_OP_READ(0x64, 1), 0x00010064);
	assert_int_equal(PIO_OP_WRITE(0x64, 1), 0x01010064);
	assert_int_equal(PIO_OP_WRITE(0xffff, PIO_WIDTH_ALL) & ~PIO_OP_MASK, 0);
}

static void a_message_word_is_taken_apart_as_it_was_made(void **state)
{
	(void)state;
	const uint32_t info = MSG_INFO(0x1234, MSG_WORDS, MSG_CAPS);
	assert_int_equal(MSG_LABEL(info), 0x1234);
	assert_int_equal(MSG_WORD_COUNT(info), MSG_WORDS);
	assert_int_equal(MSG_CAP_COUNT(info), MSG_CAPS);
}

static void the_pages_of_a_driver_lie_apart(void **state)
{
	(void)state;
	static const uint32_t pages[] = {DRIVER_PAGE, DRIVER_SHARED_CFG, DRIVER_LOG,
					 DRIVER_STACK_TOP - PAGE_SIZE};
	for (size_t i = 0; i < COUNT(pages); i++) {
		assert_int_equal(pages[i] % PAGE_SIZE, 0);
		assert_true(pages[i] + PAGE_SIZE <= USER_END);
		assert_true(pages[i] > DRIVER_MMIO_WINDOW);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(pages[i], pages[j]);
	}
	assert_true(DRIVER_IMAGE_BASE >= USER_START);
	assert_true(DRIVER_IMAGE_BASE < DRIVER_MMIO_WINDOW);
}

static void a_driver_s_signals_do_not_overlap(void **state)
{
	(void)state;
	uint32_t used = DRIVER_SIGNAL_COMMAND;
	for (unsigned n = 0; n < DRIVER_CAPS_MAX; n++) {
		assert_int_equal(used & DRIVER_SIGNAL_IRQ(n), 0);
		used |= DRIVER_SIGNAL_IRQ(n);
	}
	for (unsigned n = 0; n < 16; n++) {
		assert_int_equal(used & DRIVER_SIGNAL_CLIENT(n), 0);
		used |= DRIVER_SIGNAL_CLIENT(n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_driver_context_is_124_bytes_field_for_field),
	    cmocka_unit_test(sysenter_is_not_believed_of_a_pentium_pro),
	    cmocka_unit_test(shared_structures_have_their_sizes),
	    cmocka_unit_test(evidence_has_its_sizes_and_fits_a_message_buffer),
	    cmocka_unit_test(the_word_of_a_retype_is_taken_apart_as_it_was_made),
	    cmocka_unit_test(errors_are_negative_and_each_number_is_used_once),
	    cmocka_unit_test(the_first_errors_keep_their_numbers),
	    cmocka_unit_test(system_calls_are_numbered_without_gaps),
	    cmocka_unit_test(the_capability_calls_have_their_numbers),
	    cmocka_unit_test(capability_types_are_dense_and_fit_the_audit_report),
	    cmocka_unit_test(a_port_scope_is_taken_apart_as_it_was_made),
	    cmocka_unit_test(a_message_word_is_taken_apart_as_it_was_made),
	    cmocka_unit_test(the_pages_of_a_driver_lie_apart),
	    cmocka_unit_test(a_driver_s_signals_do_not_overlap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
