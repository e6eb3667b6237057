/* SPDX-License-Identifier: BSD-2-Clause */
/* manager_death(): a report that comes in pieces is one report, whatever dies meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/protocol/manager.h"
#include "cap/syscall.h"

static message_buffer_t buffer;
static driver_page_t page;
#define message_buffer() (&buffer)
#undef DRIVER_PAGE
#define DRIVER_PAGE (&page)
#include "libs/libcap/client/manager.c"

#define SIZE 1000u

static struct {
	uint8_t bytes[SIZE]; /* of the report */
	uint32_t size, number;
	unsigned calls;
	unsigned changes; /* so many calls, each at another time, find another report */
	int32_t refuses;
	uint32_t too_much; /* bytes more than came along */
} manager_has;

err_t ipc_call(cap_t endpoint, message_t *message, uint32_t timeout_ms)
{
	(void)endpoint, (void)timeout_ms;
	assert_int_equal(MSG_LABEL(message->info), MANAGER_DEATH);
	assert_int_equal(message->word0, 4);
	assert_memory_equal(DATA, "sick", 4);
	uint32_t at = DEATH_PIECE_AT(message->word1);
	assert_int_equal(DEATH_PIECE_PART(message->word1), DEATH_STACK_COPY);
	assert_int_equal(DEATH_PIECE_REPORT(message->word1), 2);
	manager_has.calls++;
	if (manager_has.refuses) {
		message->word0 = (uint32_t)manager_has.refuses;
		message->info = MSG_INFO(0, 2, 0);
		return DRV_OK;
	}
	if (at && manager_has.changes) {
		manager_has.changes--;
		manager_has.number++;
	}
	uint32_t left = at < manager_has.size ? manager_has.size - at : 0;
	uint32_t count = left < MANAGER_TEXT_MAX ? left : MANAGER_TEXT_MAX;
	memcpy(DATA, manager_has.bytes + at, count);
	*message = (message_t){.info = MSG_INFO(0, DRIVER_DATA_WORD + (count + 3) / 4, 0),
			       .word0 = count + manager_has.too_much,
			       .word1 = manager_has.number};
	return DRV_OK;
}

static int fresh(void **state)
{
	(void)state;
	memset(&manager_has, 0, sizeof(manager_has));
	for (uint32_t i = 0; i < SIZE; i++)
		manager_has.bytes[i] = (uint8_t)(i * 7);
	manager_has.size = SIZE;
	manager_has.number = 9;
	return 0;
}

static uint8_t got[SIZE];
static uint32_t number, from;

static int32_t ask(uint32_t size)
{
	memset(got, 0xee, sizeof(got));
	return manager_death("sick", DEATH_STACK_COPY, 2, from, got, size, &number);
}

static void the_pieces_are_put_together(void **state)
{
	(void)state;
	assert_int_equal(ask(SIZE), SIZE);
	assert_memory_equal(got, manager_has.bytes, SIZE);
	assert_int_equal(number, 9);
	assert_int_equal(manager_has.calls, 3);
}

static void what_is_asked_for_may_begin_anywhere(void **state)
{
	(void)state;
	from = 400;
	assert_int_equal(ask(500), 500);
	assert_memory_equal(got, manager_has.bytes + 400, 500);
	assert_int_equal(ask(SIZE), SIZE - 400);
	from = 0;
}

static void what_is_not_there_is_zero(void **state)
{
	(void)state;
	manager_has.size = 600;
	assert_int_equal(ask(SIZE), 600);
	assert_memory_equal(got, manager_has.bytes, 600);
	assert_int_equal(got[600], 0);
	assert_int_equal(got[SIZE - 1], 0);
}

static void no_more_is_written_than_there_is_room(void **state)
{
	(void)state;
	assert_int_equal(ask(500), 500);
	assert_memory_equal(got, manager_has.bytes, 500);
	assert_int_equal(got[500], 0xee);
}

static void another_death_in_between_begins_it_anew(void **state)
{
	(void)state;
	manager_has.changes = 1;
	assert_int_equal(ask(SIZE), SIZE);
	assert_int_equal(number, 10);
	manager_has.changes = 100;
	assert_int_equal(ask(SIZE), DRV_EBUSY); /* but not for ever */
	assert_in_range(manager_has.calls, 1, 20);
}

static void what_the_manager_refuses_is_told(void **state)
{
	(void)state;
	manager_has.refuses = DRV_ENOENT;
	assert_int_equal(ask(SIZE), DRV_ENOENT);
	assert_int_equal(manager_has.calls, 1);
	assert_int_equal(got[0], 0);
}

static void a_count_that_is_not_so_is_refused(void **state)
{
	(void)state;
	manager_has.too_much = 4;
	manager_has.size = 100;
	assert_int_equal(ask(SIZE), DRV_EIO);
	manager_has.too_much = MANAGER_TEXT_MAX;
	assert_int_equal(ask(SIZE), DRV_EIO);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_pieces_are_put_together),
	    TEST(what_is_asked_for_may_begin_anywhere),
	    TEST(what_is_not_there_is_zero),
	    TEST(no_more_is_written_than_there_is_room),
	    TEST(another_death_in_between_begins_it_anew),
	    TEST(what_the_manager_refuses_is_told),
	    TEST(a_count_that_is_not_so_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
