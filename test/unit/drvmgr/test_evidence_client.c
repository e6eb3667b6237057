/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose call a driver serves, hands/evidence.h: as the kernel says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "hands/evidence.h"

enum { CLIENT, SERVER, COUNT };
enum { THREAD = 10, REPLY = 20, ENDPOINT = 30 }; /* handles, and a driver's number */

static manager_t manager;
static driver_t drivers[COUNT];
static inspect_thread_t threads[COUNT];
static inspect_reply_t replies[COUNT];
static uint32_t answers; /* of the kernel, before it answers nothing */

/* An object's number is its handle. */
err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size)
{
	if (!answers)
		return DRV_EBADCAP;
	answers--;
	if (number && cap)
		*number = cap;
	if (size)
		memcpy(evidence,
		       cap < REPLY ? (void *)&threads[cap - THREAD]
				   : (void *)&replies[cap - REPLY],
		       size);
	return DRV_OK;
}

err_t thread_set(cap_t thread, enum thread_attribute what, uint32_t value)
{
	(void)thread, (void)what, (void)value;
	return DRV_OK;
}

err_t thread_read(cap_t thread, thread_registers_t *registers)
{
	(void)thread, (void)registers;
	return DRV_OK;
}

/* The client waits for the server's answer to a call that came at 1000 ms. */
static int fresh(void **state)
{
	(void)state;
	answers = UINT32_MAX;
	memset(drivers, 0, sizeof(drivers));
	memset(threads, 0, sizeof(threads));
	memset(replies, 0, sizeof(replies));
	manager = (manager_t){.drivers = drivers, .count = COUNT};
	for (uint32_t i = 0; i < COUNT; i++) {
		drivers[i].index = i;
		drivers[i].instance = (instance_t){.alive = true,
						   .process = {.thread = THREAD + i},
						   .reply = REPLY + i,
						   .endpoint = ENDPOINT + i};
	}
	threads[CLIENT].state = INSPECT_CALLING;
	threads[CLIENT].waits_for = REPLY + SERVER;
	replies[SERVER] = (inspect_reply_t){.tied = 1, .since_ms = 1000};
	return 0;
}

static uint32_t client(void)
{
	return evidence_client(&manager, &drivers[SERVER]);
}

static void whose_call_a_driver_has_taken_the_kernel_says(void **state)
{
	(void)state;
	assert_int_equal(client(), CLIENT);
	threads[CLIENT].waits_for = REPLY;
	assert_int_equal(client(), NOBODY);
	threads[CLIENT].waits_for = REPLY + SERVER;
	threads[CLIENT].state = INSPECT_RECEIVING;
	assert_int_equal(client(), NOBODY);
	threads[CLIENT].state = INSPECT_CALLING;
	drivers[CLIENT].instance.alive = false;
	assert_int_equal(client(), NOBODY);
	drivers[CLIENT].instance.alive = true;
	replies[SERVER].tied = 0;
	assert_int_equal(client(), NOBODY);
}

static uint32_t server(uint32_t *for_ms)
{
	return evidence_server(&manager, &drivers[CLIENT], for_ms);
}

/* Whether that one has taken the call or has yet to, and also while it is made anew. */
static void whom_a_driver_waits_for_the_kernel_says(void **state)
{
	uint32_t for_ms;
	(void)state;
	threads[CLIENT].now_ms = 1640;
	threads[CLIENT].since_ms = 1000;
	assert_int_equal(server(&for_ms), SERVER);
	assert_int_equal(for_ms, 640);
	threads[CLIENT].waits_for = ENDPOINT + SERVER;
	threads[CLIENT].state = INSPECT_SENDING;
	assert_int_equal(server(&for_ms), SERVER);
	drivers[SERVER].instance.alive = false;
	assert_int_equal(server(&for_ms), SERVER);
	threads[CLIENT].waits_for = REPLY + SERVER; /* of the one that was */
	assert_int_equal(server(&for_ms), NOBODY);
	drivers[SERVER].instance.alive = true;
	threads[CLIENT].state = INSPECT_RECEIVING;
	assert_int_equal(server(&for_ms), NOBODY);
	threads[CLIENT].state = INSPECT_CALLING;
	threads[CLIENT].waits_for = THREAD; /* of somebody who is no driver */
	assert_int_equal(server(&for_ms), NOBODY);
	threads[CLIENT].waits_for = 0;
	drivers[SERVER].instance.endpoint = CAP_NULL; /* it was refused */
	assert_int_equal(server(&for_ms), NOBODY);
}

static void who_is_asked_by_an_operator_the_kernel_says_too(void **state)
{
	(void)state;
	assert_false(evidence_is_asked(&manager, &drivers[SERVER]));
	strcpy(drivers[CLIENT].manifest.uses.items[0], MANIFEST_OPERATOR);
	drivers[CLIENT].manifest.uses.count = 1;
	assert_true(evidence_is_asked(&manager, &drivers[SERVER]));
	assert_false(evidence_is_asked(&manager, &drivers[CLIENT]));
	replies[SERVER].tied = 0;
	assert_false(evidence_is_asked(&manager, &drivers[SERVER]));
}

/* What follows from a call is another state, so it counts once. The kernel's clock of 32 bits
 * wraps. */
static void a_call_that_came_before_the_state_does_not_count(void **state)
{
	(void)state;
	strcpy(drivers[CLIENT].manifest.uses.items[0], MANIFEST_OPERATOR);
	drivers[CLIENT].manifest.uses.count = 1;
	for (uint64_t wraps = 0; wraps < 3; wraps++) {
		drivers[SERVER].unit.since_ms = (wraps << 32) + 1000;
		assert_true(evidence_is_asked(&manager, &drivers[SERVER]));
		drivers[SERVER].unit.since_ms++;
		assert_false(evidence_is_asked(&manager, &drivers[SERVER]));
	}
}

/* All zero is a call of a time that, behind 25 days, is after the state. */
static void of_which_the_kernel_tells_nothing_is_no_call(void **state)
{
	(void)state;
	strcpy(drivers[CLIENT].manifest.uses.items[0], MANIFEST_OPERATOR);
	drivers[CLIENT].manifest.uses.count = 1;
	for (uint32_t told = 0; told < 4; told++) {
		drivers[SERVER].unit.since_ms = 0x80000001u;
		replies[SERVER].since_ms = 0x80000002u;
		answers = told;
		bool asked = evidence_is_asked(&manager, &drivers[SERVER]);
		assert_int_equal(asked, told >= 2); /* of the call, and of who calls */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	    TEST(whose_call_a_driver_has_taken_the_kernel_says),
	    TEST(whom_a_driver_waits_for_the_kernel_says),
	    TEST(who_is_asked_by_an_operator_the_kernel_says_too),
	    TEST(a_call_that_came_before_the_state_does_not_count),
	    TEST(of_which_the_kernel_tells_nothing_is_no_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
