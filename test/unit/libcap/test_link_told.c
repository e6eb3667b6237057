/* SPDX-License-Identifier: BSD-2-Clause */
/* A client's link that listens: what its driver told with a signal is answered without asking,
 * and in which cases it is not. */
#include "link_world.h"

static uint32_t position;

static void is_told(uint32_t from)
{
	static const uint32_t words[] = {0x11111111};
	assert_true(told_keep(SIGNAL, from, from + 3, words, 1, 4));
}

static int32_t read_word(uint32_t *word)
{
	*word = 0;
	return link_read_at(&driver, &position, word, sizeof(*word));
}

static int listening(void **state)
{
	fresh(state);
	driver.listens = true;
	driver.signal = SIGNAL;
	position = 40;
	told_drop(SIGNAL);
	assert_int_equal(link_open(&driver), DRV_OK);
	return 0;
}

static void what_was_told_is_answered_and_nobody_asked(void **state)
{
	uint32_t word;
	(void)state;
	assert_int_equal(world.listening, 1);
	is_told(40);
	assert_int_equal(read_word(&word), 4);
	assert_int_equal(word, 0x11111111);
	assert_int_equal(position, 43);
	assert_int_equal(world.asked, 0);
	assert_int_equal(read_word(&word), 4); /* it is given once */
	assert_int_equal(world.asked, 1);
	assert_int_equal(world.word1, 43);
}

static void what_was_told_of_another_place_is_asked_for(void **state)
{
	uint32_t word;
	(void)state;
	is_told(39);
	assert_int_equal(read_word(&word), 4);
	assert_int_equal(world.asked, 1);
	assert_int_equal(word, 0);
	is_told(position);
	uint16_t half;
	assert_int_equal(link_read_at(&driver, &position, &half, sizeof(half)), 2);
	assert_int_equal(world.asked, 2);
}

static void what_a_session_before_was_told_counts_no_more(void **state)
{
	uint32_t word;
	(void)state;
	is_told(40);
	link_lose(&driver, DRV_EGONE);
	assert_int_equal(read_word(&word), 4);
	assert_int_equal(world.asked, 1);
	assert_int_equal(word, 0);
	assert_int_equal(world.listening, 2);
	assert_int_equal(world.revoked, 2);
}

static void without_a_session_nothing_that_was_told_is_answered(void **state)
{
	uint32_t word;
	(void)state;
	link_lose(&driver, DRV_ETIMEDOUT);
	is_told(40);
	assert_int_equal(read_word(&word), DRV_EAGAIN);
	assert_int_equal(position, 40);
}

static void who_does_not_listen_is_answered_by_the_driver_alone(void **state)
{
	uint32_t word;
	(void)state;
	driver.listens = false;
	is_told(40);
	assert_int_equal(read_word(&word), 4);
	assert_int_equal(world.asked, 1);
	link_lose(&driver, DRV_EGONE);
	assert_int_equal(read_word(&word), 4);
	assert_int_equal(world.listening, 1);
	assert_int_equal(world.revoked, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_was_told_is_answered_and_nobody_asked, listening),
	    cmocka_unit_test_setup(what_was_told_of_another_place_is_asked_for, listening),
	    cmocka_unit_test_setup(what_a_session_before_was_told_counts_no_more, listening),
	    cmocka_unit_test_setup(without_a_session_nothing_that_was_told_is_answered,
				   listening),
	    cmocka_unit_test_setup(who_does_not_listen_is_answered_by_the_driver_alone,
				   listening),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
