/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that says with its signals what came: to whom, what exactly, and what becomes of it
 * where the client does not listen just then. */
#include "tell_world.h"

static void what_follows_goes_along_with_the_signal(void **state)
{
	(void)state;
	world.head = 105;
	driver_tell();
	EXPECT(1, 0);
	assert_int_equal(world.message.info, MSG_INFO(5, DRIVER_TOLD_WORD + 2, 0));
	assert_int_equal(world.message.word0, 1);
	assert_int_equal(world.message.word1, 105);
	assert_int_equal(world.words[2], 100);
	assert_int_equal(world.words[3], 0x67666564);
	assert_int_equal(world.words[4], 0x68); /* and nothing of an earlier message */
	world.head = 106;
	driver_tell();
	assert_int_equal(world.words[2], 105);
	assert_int_equal(world.message.word1, 106);
	EXPECT(2, 0);
}

static void who_did_not_listen_is_signalled_until_it_reads(void **state)
{
	(void)state;
	world.head = 101;
	world.listening = false;
	driver_tell();
	EXPECT(1, 0); /* the kernel has set the bits */
	world.listening = true;
	world.head = 102;
	driver_tell();
	EXPECT(1, 1);
	assert_int_equal(world.asked, 1); /* nobody was asked for nothing */
	assert_int_equal(read_at(100, 1), 1);
	world.head = 103;
	driver_tell();
	EXPECT(2, 1);
	assert_int_equal(world.words[2], 101);
	assert_int_equal(world.message.word1, 103);
}

static void a_client_that_never_read_by_position_is_signalled(void **state)
{
	(void)state;
	open_session(DRIVER_OPEN_LISTENS);
	world.head = 101;
	driver_tell();
	EXPECT(0, 1);
}

static void a_client_that_did_not_say_that_it_listens_is_signalled(void **state)
{
	static const uint32_t hows[] = {0, ~DRIVER_OPEN_LISTENS};
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		open_session(hows[i]);
		world.head = 101;
		assert_int_equal(read_at(100, 8), 1);
		world.head = 102;
		driver_tell();
		EXPECT(0, i + 1);
	}
	client()->notification = CAP_NULL;
	driver_tell();
	EXPECT(0, 2);
}

static void who_has_closed_its_session_hears_nothing(void **state)
{
	(void)state;
	world.head = 101;
	client()->notification = COMES; /* which is let go of */
	assert_int_equal(ask(CLIENT, DRIVER_CLOSE), DRV_OK);
	driver_tell();
	EXPECT(0, 0);
}

static void what_is_no_answer_is_only_signalled(void **state)
{
	static const int32_t wrong[] = {DRV_EOVERFLOW, DRV_EPERM, DRIVER_TOLD_MAX + 1,
					INT32_MAX, INT32_MIN};
	(void)state;
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		world.wrong = wrong[i];
		driver_tell();
		EXPECT(i, i + 1);
		world.wrong = 0;
		world.head = 101;
		assert_int_equal(read_at(100, 8), 1);
		world.head = 102;
		driver_tell(); /* as ever */
		EXPECT(i + 1, i + 1);
		assert_int_equal(world.words[2], 101);
	}
	world.head = 102;
	driver_tell(); /* nothing is there */
	EXPECT(sizeof(wrong) / sizeof(wrong[0]), sizeof(wrong) / sizeof(wrong[0]) + 1);
}

static void an_error_of_a_read_leaves_the_place_unknown(void **state)
{
	(void)state;
	world.wrong = DRV_EOVERFLOW;
	assert_int_equal(read_at(100, 8), (uint32_t)DRV_EOVERFLOW);
	world.wrong = 0;
	world.head = 101;
	driver_tell();
	EXPECT(0, 1);
}

static void more_than_surely_fits_is_signalled_once_more(void **state)
{
	(void)state;
	world.head = 100 + DRIVER_RECORD_MAX;
	driver_tell();
	EXPECT(1, 0);
	world.head += DRIVER_RECORD_MAX + 1;
	driver_tell();
	EXPECT(2, 1);
	world.head += 2 * DRIVER_TOLD_MAX;
	driver_tell();
	EXPECT(3, 2);
	assert_int_equal(MSG_WORD_COUNT(world.message.info), MSG_WORDS);
	assert_int_equal(MSG_LABEL(world.message.info), DRIVER_TOLD_MAX);
}

/* Of driver ABI 8 and before the kernel may be, which has no such call. */
static void where_the_kernel_has_no_such_call_it_is_a_signal(void **state)
{
	(void)state;
	world.refuses = DRV_ENOSYS;
	world.head = 101;
	driver_tell();
	EXPECT(1, 1);
	driver_tell();
	EXPECT(1, 2);
}

static void a_driver_that_signals_while_it_is_asked_does_so_once(void **state)
{
	(void)state;
	world.notifies = true;
	world.head = 101;
	driver_tell();
	EXPECT(1, 1);
	assert_int_equal(world.asked, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, listening)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_follows_goes_along_with_the_signal),
	    TEST(who_did_not_listen_is_signalled_until_it_reads),
	    TEST(a_client_that_never_read_by_position_is_signalled),
	    TEST(a_client_that_did_not_say_that_it_listens_is_signalled),
	    TEST(who_has_closed_its_session_hears_nothing),
	    TEST(what_is_no_answer_is_only_signalled),
	    TEST(an_error_of_a_read_leaves_the_place_unknown),
	    TEST(more_than_surely_fits_is_signalled_once_more),
	    TEST(where_the_kernel_has_no_such_call_it_is_a_signal),
	    TEST(a_driver_that_signals_while_it_is_asked_does_so_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
