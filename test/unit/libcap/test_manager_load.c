/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls that bring a driver into the running system. The manager is one answer here. */
#include "manager_world.h"
#undef DATA
#include "libs/libcap/client/load.c"

static uint32_t now_ms;

uint32_t clock_ms(void)
{
	return now_ms;
}

static void a_load_begins_with_what_it_is_to_be(void **state)
{
	manager_load_t what = {.name = "guest", .image_bytes = 5, .manifest_bytes = 6};
	(void)state;
	answers(DRV_OK, 0, 0);
	assert_int_equal(manager_load_begin(&what), DRV_OK);
	asked(MANAGER_LOAD_BEGIN, 1);
	assert_int_equal(manager_is.sent.word0, sizeof(what));
	assert_memory_equal(manager_is.text, &what, sizeof(what));
	answers(DRV_EBUSY, 0, 0);
	FAILS(DRV_EBUSY, manager_load_begin(&what));
	assert_int_equal(manager_is.sent.word1, MANAGER_LOAD_AS_NEW);
	answers(DRV_ENOENT, 0, 0);
	FAILS(DRV_ENOENT, manager_replace_begin(&what));
	assert_int_equal(manager_is.sent.word1, MANAGER_LOAD_AS_REPLACEMENT);
	assert_memory_equal(manager_is.text, &what, sizeof(what));
}

static void a_piece_is_put_where_it_belongs_and_again_after_a_death(void **state)
{
	char data[MANAGER_TEXT_MAX + 1];
	(void)state;
	memset(data, 'd', sizeof(data));
	answers(DRV_OK, 0, 0);
	manager_is.dies = 1;
	assert_int_equal(manager_load_put(1234, data, MANAGER_TEXT_MAX), DRV_OK);
	asked(MANAGER_LOAD_PUT, 2);
	assert_int_equal(manager_is.sent.word0, MANAGER_TEXT_MAX);
	assert_int_equal(manager_is.sent.word1, 1234);
	assert_memory_equal(manager_is.text, data, MANAGER_TEXT_MAX);
	answers(DRV_OK, 0, 0);
	FAILS(DRV_EINVAL, manager_load_put(0, data, MANAGER_TEXT_MAX + 1));
	assert_int_equal(manager_is.calls, 0);
}

static void a_sender_stays_below_its_share(void **state)
{
	(void)state;
	for (now_ms = 10 * MANAGER_PERIOD_MS; now_ms < 13 * MANAGER_PERIOD_MS;
	     now_ms += MANAGER_PERIOD_MS) {
		answers(DRV_OK, 0, 0);
		for (uint32_t i = 0; i < MANAGER_LOAD_PACE; i++) {
			answers(DRV_OK, 0, 0);
			assert_int_equal(manager_load_put(i, "d", 1), DRV_OK);
		}
		answers(DRV_OK, 0, 0);
		assert_int_equal(manager_load_put(0, "d", 1), DRV_EAGAIN);
		now_ms += MANAGER_PERIOD_MS - 1;
		assert_int_equal(manager_load_put(0, "d", 1), DRV_EAGAIN);
		assert_int_equal(manager_is.calls, 0);
		now_ms -= MANAGER_PERIOD_MS - 1;
	}
}

static void what_is_said_of_the_files_comes_with_either_answer(void **state)
{
	char text[ROOM];
	(void)state;
	answers(DRV_OK, 3, 3);
	assert_int_equal(manager_load_commit(text, sizeof(text)), DRV_OK);
	asked(MANAGER_LOAD_COMMIT, 1);
	assert_string_equal(text, "xxx");
	answers(DRV_EFORMAT, 3, 3);
	FAILS(DRV_EFORMAT, manager_load_commit(text, sizeof(text)));
	assert_string_equal(text, "xxx");
	answers(DRV_EFORMAT, 0, 0);
	FAILS(DRV_EFORMAT, manager_load_commit(text, sizeof(text)));
	assert_string_equal(text, "");
}

static void a_text_that_is_not_there_is_not_taken(void **state)
{
	char text[ROOM];
	(void)state;
	answers(DRV_OK, 30, 3);
	FAILS(DRV_EIO, manager_load_commit(text, sizeof(text)));
	answers(DRV_OK, ROOM, ROOM);
	FAILS(DRV_EMSGSIZE, manager_load_commit(text, sizeof(text)));
	answers(DRV_EFORMAT, UINT32_MAX, 3);
	assert_int_equal(manager_load_commit(text, sizeof(text)), DRV_EFORMAT);
}

/* It may have been done. */
static void a_commit_is_not_made_twice(void **state)
{
	char text[ROOM];
	(void)state;
	answers(DRV_OK, 0, 0);
	manager_is.dies = 1;
	FAILS(DRV_EGONE, manager_load_commit(text, sizeof(text)));
	asked(MANAGER_LOAD_COMMIT, 1);
	answers(DRV_OK, 0, 0);
	manager_is.dies = 1;
	FAILS(DRV_EGONE, manager_unload("guest"));
	asked(MANAGER_UNLOAD, 1);
}

static void an_upload_is_aborted(void **state)
{
	(void)state;
	answers(DRV_OK, 0, 0);
	assert_int_equal(manager_load_abort(), DRV_OK);
	asked(MANAGER_LOAD_ABORT, 1);
	answers(DRV_ENOENT, 0, 0);
	FAILS(DRV_ENOENT, manager_load_abort());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_load_begins_with_what_it_is_to_be),
	    cmocka_unit_test(a_piece_is_put_where_it_belongs_and_again_after_a_death),
	    cmocka_unit_test(a_sender_stays_below_its_share),
	    cmocka_unit_test(what_is_said_of_the_files_comes_with_either_answer),
	    cmocka_unit_test(a_text_that_is_not_there_is_not_taken),
	    cmocka_unit_test(a_commit_is_not_made_twice),
	    cmocka_unit_test(an_upload_is_aborted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
