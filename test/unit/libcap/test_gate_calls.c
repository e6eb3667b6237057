/* SPDX-License-Identifier: BSD-2-Clause */
/* Each function that is a system call: the number and the registers with which it enters the
 * kernel, what of the answer it gives back, that it gives back nothing of a refusal, and that
 * each refusal is left where failing calls leave theirs. The kernel is one answer here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)

/* In place of the instructions that enter the kernel. */
#define LIBCAP_ENTER_H
static int32_t enter_for4(uint32_t number, uint32_t *r0, uint32_t *r1, uint32_t *r2,
			  uint32_t *r3);
static int32_t enter_for2(uint32_t number, uint32_t *r0, uint32_t *r1);
static int32_t enter3(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2);
#define enter0(number)	       enter3(number, 0, 0, 0)
#define enter1(number, a0)     enter3(number, a0, 0, 0)
#define enter2(number, a0, a1) enter3(number, a0, a1, 0)
#include "libs/libcap/gate/device.c"
#include "libs/libcap/gate/ipc.c"
#include "libs/libcap/gate/syscall.c"
#include "steps_fake.h"

#define AGAIN_MOST 3u

static struct {
	uint32_t number, registers[4]; /* of the last call, … */
	unsigned calls, again;	       /* … of so many; the first of them answer DRV_EAGAIN */
	int32_t answer;
	uint32_t rights; /* of what is listed */
	bool nothing;	 /* it answers 0 first */
} kernel;
static jmp_buf ended;

static int32_t enter_for4(uint32_t number, uint32_t *r0, uint32_t *r1, uint32_t *r2,
			  uint32_t *r3)
{
	const uint32_t registers[] = {*r0, *r1, *r2, *r3};
	kernel.number = number;
	memcpy(kernel.registers, registers, sizeof(registers));
	*r0 = kernel.nothing ? 0 : 101, *r1 = 102 | kernel.rights << 8, *r2 = 103, *r3 = 104;
	if (number == SYS_THREAD_EXIT && kernel.calls == AGAIN_MOST)
		longjmp(ended, 1);
	return kernel.calls++ < kernel.again ? DRV_EAGAIN : kernel.answer;
}

static int32_t enter_for2(uint32_t number, uint32_t *r0, uint32_t *r1)
{
	uint32_t r2 = 0, r3 = 0;
	return enter_for4(number, r0, r1, &r2, &r3);
}

static int32_t enter3(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
	uint32_t a3 = 0;
	return enter_for4(number, &a0, &a1, &a2, &a3);
}

static void answers(int32_t answer)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.answer = answer;
}

/* The last call entered the kernel so. */
static void entered(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	const uint32_t registers[] = {a0, a1, a2, a3};
	assert_int_equal(kernel.number, number);
	assert_memory_equal(kernel.registers, registers, sizeof(registers));
}

/* The call enters so, answers what the kernel does, and leaves its refusal. */
#define IS(call, number, a0, a1, a2, a3)                                                       \
	do {                                                                                   \
		int32_t last = DRV_OK;                                                         \
		answers(DRV_OK);                                                               \
		assert_int_equal((call), DRV_OK);                                              \
		entered((number), (a0), (a1), (a2), (a3));                                     \
		answers(DRV_EPERM);                                                            \
		cap_record_errors(&last);                                                      \
		assert_int_equal((call), DRV_EPERM);                                           \
		assert_int_equal(last, DRV_EPERM);                                             \
		cap_record_errors(NULL);                                                       \
	} while (0)

static void calls_on_capabilities(void **state)
{
	(void)state;
	IS(cap_acquire(1, 2, 3), SYS_CAP_ACQUIRE, 1, 2, 3, 0);
	IS(cap_release_some(1), SYS_CAP_RELEASE, 1, 0, 0, 0);
	IS(cap_derive(1, 2, 3, 4), SYS_CAP_DERIVE, 1, 2, 3, 4);
	IS(cap_delegate(1, 2, 3, 4), SYS_CAP_DELEGATE, 1, 2, 3, 4);
	IS(cap_revoke(1), SYS_CAP_REVOKE, 1, 0, 0, 0);
	IS(cap_revoke_some(1, 2), SYS_CAP_REVOKE, 1, 2, 0, 0);
	answers(77); /* a handle */
	assert_int_equal(cap_acquire(1, 2, 3), 77);
	assert_int_equal(cap_derive(1, 2, 3, 4), 77);
	assert_int_equal(cap_delegate(1, 2, 3, 4), 77);
	assert_int_equal(untyped_retype(1, 2, 3, 4), 77);
}

static void calls_on_memory_and_threads(void **state)
{
	(void)state;
	IS(untyped_retype(1, 2, 3, 4), SYS_UNTYPED_RETYPE, 1, 2, 3, 4);
	IS(vspace_map(1, 2, 3, 4), SYS_VSPACE_MAP, 1, 2, 3, 4);
	IS(vspace_unmap(1), SYS_VSPACE_UNMAP, 1, 0, 0, 0);
	IS(thread_bind(1, BIND_FAULT, 3, 4), SYS_THREAD_BIND, 1, BIND_FAULT, 3, 4);
	IS(thread_set(1, THREAD_BUDGET, 3), SYS_THREAD_SET, 1, THREAD_BUDGET, 3, 0);
	IS(thread_resume(1), SYS_THREAD_RESUME, 1, 0, 0, 0);
	IS(thread_suspend(1), SYS_THREAD_SUSPEND, 1, 0, 0, 0);
	answers(DRV_OK);
	thread_yield();
	entered(SYS_YIELD, 0, 0, 0, 0);
}

/* Whatever the kernel answers, the thread does not go on. */
static void a_thread_that_exits_tells_its_code_and_does_not_come_back(void **state)
{
	(void)state;
	answers(DRV_OK);
	if (!setjmp(ended))
		thread_exit(7);
	entered(SYS_THREAD_EXIT, 7, 0, 0, 0);
	assert_int_equal(kernel.calls, AGAIN_MOST);
}

/* What was noted last is this access, and it is one of so many. */
static void noted(uint32_t kind, uint32_t op, unsigned count)
{
	assert_int_equal(steps_last.what, kind);
	assert_int_equal(steps_last.a, op);
	assert_int_equal(steps_count, count);
}

static void calls_on_devices(void **state)
{
	uint8_t byte;
	uint16_t half;
	uint32_t word;
	(void)state;
	steps_count = 0;
	IS(cap_pio_read8(1, 0x60, &byte), SYS_CAP_PIO_RW, 1, PIO_OP_READ(0x60, 1), 0, 0);
	noted(STEP_READ, PIO_OP_READ(0x60, 1), 1);
	IS(cap_pio_read16(1, 0x60, &half), SYS_CAP_PIO_RW, 1, PIO_OP_READ(0x60, 2), 0, 0);
	IS(cap_pio_read32(1, 0x60, &word), SYS_CAP_PIO_RW, 1, PIO_OP_READ(0x60, 4), 0, 0);
	IS(cap_pio_write8(1, 0x60, 9), SYS_CAP_PIO_RW, 1, PIO_OP_WRITE(0x60, 1), 9, 0);
	noted(STEP_WRITE, PIO_OP_WRITE(0x60, 1), 5); /* one that was refused, too */
	assert_int_equal(steps_last.b, 9);
	IS(cap_pio_write16(1, 0x60, 9), SYS_CAP_PIO_RW, 1, PIO_OP_WRITE(0x60, 2), 9, 0);
	IS(cap_pio_write32(1, 0x60, 9), SYS_CAP_PIO_RW, 1, PIO_OP_WRITE(0x60, 4), 9, 0);
	IS(cap_pio_keep8(1, 0x60, 3, 4, &byte), SYS_CAP_PIO_KEEP, 1, PIO_OP_READ(0x60, 1), 3,
	   4);
	noted(STEP_WRITE, PIO_OP_WRITE(0x60, 4), 9); /* what is kept is not noted */
	IS(cap_pio_map(1), SYS_CAP_PIO_MAP, 1, 0, 0, 0);
	IS(cap_pio_unmap(1), SYS_CAP_PIO_UNMAP, 1, 0, 0, 0);
	IS(cap_irq_wait(1, 2, &word), SYS_CAP_IRQ_WAIT, 1, 2, 0, 0);
	IS(cap_irq_wait(1, 2, NULL), SYS_CAP_IRQ_WAIT, 1, 2, 0, 0);
	IS(irq_bind(1, 2, 3), SYS_IRQ_BIND, 1, 2, 3, 0);
	IS(irq_ack(1), SYS_IRQ_ACK, 1, 0, 0, 0);
	IS(cap_mmio_map(1, 2, 3), SYS_CAP_MMIO_MAP, 1, 2, 3, 0);
	IS(cap_mmio_unmap(1), SYS_CAP_MMIO_UNMAP, 1, 0, 0, 0);
}

static void calls_with_messages(void **state)
{
	message_t message = {.info = 11, .word0 = 12, .word1 = 13};
	bool taken;
	(void)state;
	IS(ipc_send(1, &message, 50), SYS_IPC_SEND, 1, 11, 12, 13);
	assert_int_equal(buffer.timeout_ms, 50);
	IS(ipc_reply(1, &message), SYS_IPC_REPLY, 1, 11, 12, 13);
	IS(endpoint_cancel_some(1, CANCEL_CLOSE, DRV_EGONE), SYS_ENDPOINT_CANCEL, 1,
	   CANCEL_CLOSE, (uint32_t)DRV_EGONE, 0);
	IS(notification_signal(1, 2), SYS_NOTIFICATION_SIGNAL, 1, 2, 0, 0);
	IS(notification_tell(1, &message, &taken), SYS_NOTIFICATION_TELL, 1, 11, 12, 13);
}

/* All that came, and nothing where nothing came. */
static void took(const message_t *message, err_t err)
{
	const message_t came = {101, 102, 103, 104}, before = {1, 2, 3, 4};
	assert_memory_equal(message, err ? &before : &came, sizeof(came));
}

static void what_is_received_is_taken_only_if_it_came(void **state)
{
	static const err_t results[] = {DRV_OK, DRV_EGONE};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		message_t message = {1, 2, 3, 4};
		answers(results[i]);
		assert_int_equal(ipc_call(9, &message, 60), results[i]);
		entered(SYS_IPC_CALL, 9, 2, 3, 4);
		assert_int_equal(buffer.timeout_ms, 60);
		took(&message, results[i]);
		message = (message_t){1, 2, 3, 4};
		assert_int_equal(ipc_receive(9, 8, 70, &message), results[i]);
		entered(SYS_IPC_RECV, 9, 8, 70, 0);
		took(&message, results[i]);
		assert_int_equal(ipc_receive_acking(9, 8, 70, 5, &message), results[i]);
		entered(SYS_IPC_RECV, 9, 8, 70, 5);
		message = (message_t){1, 2, 3, 4};
		assert_int_equal(ipc_reply_receive(9, 8, 80, &message), results[i]);
		entered(SYS_IPC_REPLY_RECV, 9, 2, 3, 4);
		assert_int_equal(buffer.timeout_ms, 80);
		assert_int_equal(buffer.reply, 8);
		took(&message, results[i]);
	}
}

/* Type and rights share a register. */
static void a_listed_capability_has_type_and_rights(void **state)
{
	cap_info_t info;
	uint32_t handle = 5;
	(void)state;
	answers(DRV_OK);
	kernel.rights = RIGHT_READ | RIGHT_GRANT;
	assert_int_equal(cspace_list(1, &handle, &info), DRV_OK);
	assert_int_equal(info.type, 102);
	assert_int_equal(info.rights, RIGHT_READ | RIGHT_GRANT);
}

static void what_the_kernel_tells_is_taken_only_if_it_does(void **state)
{
	static const err_t results[] = {DRV_OK, DRV_EBADCAP};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		bool good = results[i] == DRV_OK;
		cap_info_t info = {0};
		uint32_t bits = 0, number = 0, count = 0, handle = 5, word = 0;
		uint16_t half = 0;
		uint8_t byte = 0, kept = 0;
		answers(results[i]);
		assert_int_equal(cap_get_info(1, &info), results[i]);
		entered(SYS_CAP_INFO, 1, 0, 0, 0);
		assert_int_equal(info.type, good ? 101 : 0);
		assert_int_equal(info.scope1, good ? 104 : 0);
		assert_int_equal(cspace_list(1, &handle, &info), results[i]);
		entered(SYS_CSPACE_LIST, 1, 5, 0, 0);
		assert_int_equal(handle, good ? 101 : 5);
		assert_int_equal(info.type, good ? 102 : 0);
		assert_int_equal(info.scope0, good ? 103 : 0);
		assert_int_equal(notification_wait(1, 30, &bits), results[i]);
		entered(SYS_NOTIFICATION_WAIT, 1, 30, 0, 0);
		assert_int_equal(bits, good ? 101 : 0);
		bool taken = false;
		assert_int_equal(notification_tell(1, &(message_t){0}, &taken), results[i]);
		assert_int_equal(taken, good);
		kernel.nothing = true;
		taken = good;
		assert_int_equal(notification_tell(1, &(message_t){0}, &taken), results[i]);
		assert_false(taken);
		kernel.nothing = false;
		assert_int_equal(cap_inspect(1, &number, NULL, 0), results[i]);
		assert_int_equal(number, good ? 102 : 0);
		assert_int_equal(cap_irq_wait(1, 30, &count), results[i]);
		assert_int_equal(count, good ? 101 : 0);
		assert_int_equal(cap_pio_read8(1, 2, &byte), results[i]);
		assert_int_equal(byte, good ? 101 : 0);
		assert_int_equal(cap_pio_read16(1, 2, &half), results[i]);
		assert_int_equal(half, good ? 101 : 0);
		assert_int_equal(cap_pio_read32(1, 2, &word), results[i]);
		assert_int_equal(word, good ? 101 : 0);
		assert_int_equal(cap_pio_keep8(1, 2, 3, 4, &kept), results[i]);
		assert_int_equal(kept, good ? 101 : 0);
	}
}

static void what_lies_in_the_buffer_is_copied_only_if_it_does(void **state)
{
	static const err_t results[] = {DRV_OK, DRV_EBADCAP};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		thread_registers_t registers = {.eip = 0};
		audit_report_t report = {.timers = 0};
		uint32_t evidence[2] = {0};
		memset(&buffer, 0x5a, sizeof(buffer));
		uint32_t seen = results[i] ? 0 : 0x5a5a5a5a;
		answers(results[i]);
		assert_int_equal(thread_read(1, &registers), results[i]);
		entered(SYS_THREAD_READ, 1, 0, 0, 0);
		assert_int_equal(registers.eip, seen);
		assert_int_equal(audit_read(1, &report), results[i]);
		entered(SYS_AUDIT, 1, 0, 0, 0);
		assert_int_equal(trace_calls(1, 2), results[i]);
		entered(SYS_TRACE, 1, 2, 0, 0);
		assert_int_equal(report.timers, seen);
		assert_int_equal(cap_inspect(1, NULL, evidence, 4), results[i]);
		entered(SYS_INSPECT, 1, 0, 0, 0);
		assert_int_equal(evidence[0], seen);
		assert_int_equal(evidence[1], 0);
	}
	answers(DRV_OK);
	assert_int_equal(thread_write(1, &(thread_registers_t){.eip = 77}), DRV_OK);
	entered(SYS_THREAD_WRITE, 1, 0, 0, 0);
	assert_int_equal(((const thread_registers_t *)(const void *)buffer.words)->eip, 77);
}

static void what_takes_several_calls_goes_on_until_it_is_done(void **state)
{
	(void)state;
	answers(DRV_OK);
	kernel.again = AGAIN_MOST;
	assert_int_equal(cap_release(7), DRV_OK);
	assert_int_equal(kernel.calls, AGAIN_MOST + 1);
	entered(SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0); /* goes on with what is left */
	answers(DRV_OK);
	assert_int_equal(cap_release(CAP_NULL), DRV_EBADCAP); /* and does not by mistake */
	assert_int_equal(kernel.calls, 0);
	kernel.again = AGAIN_MOST;
	assert_int_equal(endpoint_cancel(7, CANCEL_WAITING, DRV_EGONE), DRV_OK);
	assert_int_equal(kernel.calls, AGAIN_MOST + 1);
	answers(DRV_EBADCAP);
	assert_int_equal(endpoint_cancel(7, CANCEL_WAITING, DRV_EGONE), DRV_EBADCAP);
	assert_int_equal(kernel.calls, 1);
}

static void the_time_has_64_bits(void **state)
{
	(void)state;
	answers(DRV_OK);
	assert_true(clock_us() == (102ull << 32 | 101));
	entered(SYS_CLOCK, 0, 0, 0, 0);
	assert_int_equal(clock_ms(), (uint32_t)((102ull << 32 | 101) / 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(calls_on_capabilities),
	    cmocka_unit_test(calls_on_memory_and_threads),
	    cmocka_unit_test(a_thread_that_exits_tells_its_code_and_does_not_come_back),
	    cmocka_unit_test(calls_on_devices),
	    cmocka_unit_test(calls_with_messages),
	    cmocka_unit_test(what_is_received_is_taken_only_if_it_came),
	    cmocka_unit_test(a_listed_capability_has_type_and_rights),
	    cmocka_unit_test(what_the_kernel_tells_is_taken_only_if_it_does),
	    cmocka_unit_test(what_lies_in_the_buffer_is_copied_only_if_it_does),
	    cmocka_unit_test(what_takes_several_calls_goes_on_until_it_is_done),
	    cmocka_unit_test(the_time_has_64_bits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
