/* SPDX-License-Identifier: BSD-2-Clause */
/* Clients' requests as they reach a driver: what it is given, in which session, and what it is
 * not even asked. */
#include "session_world.h"

static struct {
	unsigned calls;
	const session_t *session;
	uint32_t bytes; /* asked for, or given */
	uint8_t data[DRIVER_DATA_MAX];
	uint32_t code, argument, position;
	int32_t result;
} driver_was;

static int32_t do_as_told(session_t *session)
{
	driver_was.calls++;
	driver_was.session = session;
	return driver_was.result;
}

static int32_t take_write(session_t *session, const void *from, uint32_t bytes)
{
	driver_was.bytes = bytes;
	memcpy(driver_was.data, from, bytes);
	return do_as_told(session);
}

static int32_t take_read(session_t *session, void *to, uint32_t bytes)
{
	driver_was.bytes = bytes;
	memset(to, 'd', bytes);
	return do_as_told(session);
}

static int32_t take_read_at(session_t *session, uint32_t *position, void *to, uint32_t bytes)
{
	driver_was.position = *position;
	*position += 10;
	return take_read(session, to, bytes);
}

static err_t take_seek(session_t *session, uint32_t position)
{
	driver_was.position = position;
	return do_as_told(session);
}

static err_t take_ioctl(session_t *session, ioctl_t *ioctl)
{
	driver_was.code = ioctl->code;
	driver_was.argument = ioctl->argument;
	driver_was.bytes = ioctl->in_bytes;
	memcpy(driver_was.data, ioctl->data, ioctl->in_bytes);
	ioctl->value = 99;
	return do_as_told(session);
}

static const driver_ops_t ops = {.write = take_write,
				 .read = take_read,
				 .read_at = take_read_at,
				 .seek = take_seek,
				 .ioctl = take_ioctl,
				 .close = note_close};

static int begin(void **state)
{
	fresh(state);
	runtime.ops = &ops;
	memset(&driver_was, 0, sizeof(driver_was));
	return 0;
}

/* A request with `bytes` of data; the answer. */
static message_t request(uint32_t badge, uint32_t label, uint32_t word0, uint32_t word1,
			 uint32_t bytes)
{
	message_t message = {.badge = badge,
			     .info = MSG_INFO(label, DRIVER_DATA_WORD + (bytes + 3) / 4, 0),
			     .word0 = word0,
			     .word1 = word1};
	for (uint32_t i = 0; i < bytes; i++)
		((uint8_t *)&buffer.words[DRIVER_DATA_WORD])[i] = (uint8_t)i;
	session_request(&message);
	return message;
}

/* So it was answered, and the driver does not know. */
static void is_refusal(err_t answer, err_t error)
{
	assert_int_equal(answer, error);
	assert_int_equal(driver_was.calls, 0);
}

static void a_driver_is_given_what_was_written_in_the_session_of_who_wrote(void **state)
{
	(void)state;
	driver_was.result = 5;
	message_t answer = request(CLIENT, DRIVER_WRITE, 5, 0, 5);
	assert_int_equal(answer.word0, 5);
	assert_ptr_equal(driver_was.session, &runtime.sessions[CLIENT - 1]);
	assert_int_equal(driver_was.bytes, 5);
	assert_memory_equal(driver_was.data, "\0\1\2\3\4", 5);
}

static void a_driver_is_given_no_bytes_that_did_not_come(void **state)
{
	(void)state;
	message_t answer = request(CLIENT, DRIVER_WRITE, 5, 0, 4);
	is_refusal((err_t)answer.word0, DRV_EINVAL);
	answer = request(CLIENT, DRIVER_WRITE, DRIVER_DATA_MAX + 1, 0, DRIVER_DATA_MAX);
	is_refusal((err_t)answer.word0, DRV_EINVAL);
	answer = request(CLIENT, DRIVER_WRITE, DRIVER_DATA_MAX, 0, DRIVER_DATA_MAX);
	assert_int_equal(driver_was.calls, 1);
}

static void a_driver_is_asked_for_no_more_than_an_answer_can_have(void **state)
{
	(void)state;
	message_t answer = request(CLIENT, DRIVER_READ, DRIVER_DATA_MAX + 1, 0, 0);
	is_refusal((err_t)answer.word0, DRV_EINVAL);
	driver_was.result = DRIVER_DATA_MAX;
	answer = request(CLIENT, DRIVER_READ, DRIVER_DATA_MAX, 0, 0);
	assert_int_equal(answer.word0, DRIVER_DATA_MAX);
	driver_was.result = 5;
	answer = request(CLIENT, DRIVER_READ, 4, 0, 0);
	assert_int_equal((err_t)answer.word0, DRV_EIO); /* so much it was not asked for */
}

static void a_driver_is_told_from_where_to_read_and_says_from_where_next_time(void **state)
{
	(void)state;
	driver_was.result = 5;
	message_t answer = request(CLIENT, DRIVER_READ_AT, 8, 300, 0);
	assert_int_equal(answer.word0, 5);
	assert_int_equal(answer.word1, 310);
	assert_int_equal(MSG_WORD_COUNT(answer.info), DRIVER_DATA_WORD + 2);
	assert_memory_equal(&buffer.words[DRIVER_DATA_WORD], "ddddd", 5);
	assert_int_equal(driver_was.position, 300);
	assert_int_equal(driver_was.bytes, 8);
	driver_was.result = 0;
	answer = request(CLIENT, DRIVER_READ_AT, 8, 310, 0);
	assert_int_equal(answer.word0, 0);
	assert_int_equal(answer.word1, 320);
	assert_int_equal(MSG_WORD_COUNT(answer.info), DRIVER_DATA_WORD);
}

static void a_read_from_a_position_is_bounded_and_may_be_refused(void **state)
{
	(void)state;
	message_t answer = request(CLIENT, DRIVER_READ_AT, DRIVER_DATA_MAX + 1, 0, 0);
	is_refusal((err_t)answer.word0, DRV_EINVAL);
	is_refusal((err_t)request(CLIENT + 1, DRIVER_READ_AT, 4, 0, 0).word0, DRV_EGONE);
	driver_was.result = 5;
	answer = request(CLIENT, DRIVER_READ_AT, 4, 0, 0);
	assert_int_equal((err_t)answer.word0, DRV_EIO); /* so much it was not asked for */
	driver_was.result = DRV_EOVERFLOW;
	answer = request(CLIENT, DRIVER_READ_AT, 4, 0, 0);
	assert_int_equal((err_t)answer.word0, DRV_EOVERFLOW);
	assert_int_equal(MSG_WORD_COUNT(answer.info), DRIVER_DATA_WORD);
}

/* It may have something to say about that: nothing else reaches it then. */
static void of_a_driver_that_serves_reads_alone_nothing_else_is_asked(void **state)
{
	(void)state;
	runtime.serving = 0;
	is_refusal((err_t)request(CLIENT, DRIVER_READ_AT, 8, 300, 0).word0, DRV_EAGAIN);
	runtime.serving = 1u << DRIVER_READ_AT;
	driver_was.result = 5;
	assert_int_equal(request(CLIENT, DRIVER_READ_AT, 8, 300, 0).word0, 5);
	driver_was.calls = 0;
	is_refusal((err_t)request(CLIENT + 1, DRIVER_READ_AT, 8, 300, 0).word0, DRV_EGONE);
	is_refusal((err_t)request(CLIENT, DRIVER_READ, 8, 0, 0).word0, DRV_EAGAIN);
	is_refusal((err_t)request(CLIENT, DRIVER_WRITE, 8, 0, 8).word0, DRV_EAGAIN);
	is_refusal((err_t)request(CLIENT, DRIVER_IOCTL, OWN, 0, 0).word0, DRV_EAGAIN);
	is_refusal((err_t)request(CLIENT, DRIVER_OPEN, 0, 0, 0).word0, DRV_EAGAIN);
}

static void a_seek_moves_the_session_if_the_driver_lets_it(void **state)
{
	(void)state;
	const session_t *session = &runtime.sessions[CLIENT - 1];
	message_t answer = request(CLIENT, DRIVER_SEEK, 40, 0, 0);
	assert_int_equal(answer.word0, DRV_OK);
	assert_int_equal(driver_was.position, 40);
	assert_int_equal(session->position, 40);
	driver_was.result = DRV_EINVAL;
	answer = request(CLIENT, DRIVER_SEEK, 41, 0, 0);
	assert_int_equal((err_t)answer.word0, DRV_EINVAL);
	assert_int_equal(session->position, 40);
}

static void an_ioctl_reaches_the_driver_with_all_that_it_has(void **state)
{
	(void)state;
	message_t answer = request(CLIENT, DRIVER_IOCTL, OWN + 1, 12, 8);
	assert_int_equal(answer.word0, 0);
	assert_int_equal(answer.word1, 99);
	assert_int_equal(driver_was.code, OWN + 1);
	assert_int_equal(driver_was.argument, 12);
	assert_int_equal(driver_was.bytes, 8);
	assert_memory_equal(driver_was.data, "\0\1\2\3\4\5\6\7", 8);
}

static void without_a_session_nothing_reaches_the_driver(void **state)
{
	static const uint32_t labels[] = {DRIVER_CLOSE, DRIVER_READ, DRIVER_WRITE, DRIVER_SEEK};
	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		is_refusal(ask(CLIENT + 1, labels[i]), DRV_EGONE);
	message_t answer = request(CLIENT + 1, DRIVER_IOCTL, OWN, 0, 0);
	is_refusal((err_t)answer.word0, DRV_EGONE);
	assert_int_equal(closed, 0);
	answer = request(CLIENT + 1, DRIVER_IOCTL, DRV_IOCTL_GET_VERSION, 0, 0);
	assert_int_equal(answer.word0, DRV_OK); /* which anybody may ask */
}

static void what_no_driver_knows_is_refused(void **state)
{
	(void)state;
	message_t answer = request(CLIENT, 999, 0, 0, 0);
	is_refusal((err_t)answer.word0, DRV_ENOTSUP);
	runtime.ops = &(driver_ops_t){.open = NULL};
	answer = request(CLIENT, DRIVER_READ, 4, 0, 0);
	is_refusal((err_t)answer.word0, DRV_ENOTSUP);
	answer = request(CLIENT, DRIVER_READ_AT, 4, 0, 0);
	is_refusal((err_t)answer.word0, DRV_ENOTSUP);
	answer = request(CLIENT, DRIVER_WRITE, 4, 0, 4);
	is_refusal((err_t)answer.word0, DRV_ENOTSUP);
	answer = request(CLIENT, DRIVER_SEEK, 4, 0, 0);
	is_refusal((err_t)answer.word0, DRV_ENOTSUP);
	answer = request(CLIENT, DRIVER_IOCTL, OWN, 0, 0);
	is_refusal((err_t)answer.word0, DRV_ENOTSUP);
}

static void who_opens_says_what_for_and_is_told_since_when_the_driver_keeps(void **state)
{
	(void)state;
	page.kept_since = 6;
	message_t answer = request(CLIENT, DRIVER_OPEN, 0, 0, 0);
	assert_int_equal(answer.word0, DRV_OK);
	assert_int_equal(answer.word1, 6);
	assert_int_equal(runtime.sessions[CLIENT - 1].asked, 0);
	answer = request(CLIENT, DRIVER_OPEN, 2, 0, 0);
	assert_int_equal(answer.word0, DRV_OK);
	assert_int_equal(runtime.sessions[CLIENT - 1].asked, 2);
	answer = request(0, DRIVER_OPEN, 0, 0, 0);
	assert_int_equal((err_t)answer.word0, DRV_EPERM);
	assert_int_equal(answer.word1, 0);
}

static void the_version_is_that_which_the_manager_chose(void **state)
{
	(void)state;
	page.abi = 3;
	message_t answer = request(CLIENT, DRIVER_IOCTL, DRV_IOCTL_GET_VERSION, 0, 0);
	assert_int_equal(answer.word0, 0);
	assert_int_equal(answer.word1, 3);
}

static void health_is_what_the_driver_says_and_how_often_it_did_something(void **state)
{
	(void)state;
	page.health = (uint32_t)DRV_EIO;
	page.beats = 77;
	page.work = 55;
	message_t answer = request(CLIENT, DRIVER_IOCTL, DRV_IOCTL_GET_HEALTH, 0, 0);
	assert_int_equal(answer.word0, 8);
	assert_int_equal((err_t)answer.word1, DRV_EIO);
	assert_int_equal(buffer.words[DRIVER_DATA_WORD], 77);
	assert_int_equal(buffer.words[DRIVER_DATA_WORD + 1], 55);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(
		a_driver_is_given_what_was_written_in_the_session_of_who_wrote, begin),
	    cmocka_unit_test_setup(a_driver_is_given_no_bytes_that_did_not_come, begin),
	    cmocka_unit_test_setup(a_driver_is_asked_for_no_more_than_an_answer_can_have,
				   begin),
	    cmocka_unit_test_setup(
		a_driver_is_told_from_where_to_read_and_says_from_where_next_time, begin),
	    cmocka_unit_test_setup(a_read_from_a_position_is_bounded_and_may_be_refused, begin),
	    cmocka_unit_test_setup(of_a_driver_that_serves_reads_alone_nothing_else_is_asked,
				   begin),
	    cmocka_unit_test_setup(a_seek_moves_the_session_if_the_driver_lets_it, begin),
	    cmocka_unit_test_setup(an_ioctl_reaches_the_driver_with_all_that_it_has, begin),
	    cmocka_unit_test_setup(without_a_session_nothing_reaches_the_driver, begin),
	    cmocka_unit_test_setup(what_no_driver_knows_is_refused, begin),
	    cmocka_unit_test_setup(
		who_opens_says_what_for_and_is_told_since_when_the_driver_keeps, begin),
	    cmocka_unit_test_setup(the_version_is_that_which_the_manager_chose, begin),
	    cmocka_unit_test_setup(
		health_is_what_the_driver_says_and_how_often_it_did_something, begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
