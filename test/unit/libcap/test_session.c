/* SPDX-License-Identifier: BSD-2-Clause */
/* Clients' requests as the driver runtime answers them: what an answer holds besides what it is
 * to hold. */
#include "session_world.h"

static err_t opens; /* what the driver says to a session */

static err_t take_open(session_t *session)
{
	assert_int_equal(session->badge, CLIENT);
	return opens;
}

static int32_t write_all(session_t *session, const void *from, uint32_t bytes)
{
	(void)session, (void)from;
	return (int32_t)bytes;
}

/* Asks for `bytes` and checks the answer: so many bytes of data, and zeros in the last word. */
static void check_answer(uint32_t label, uint32_t word0, uint32_t bytes)
{
	message_t message = {.badge = CLIENT, .info = MSG_INFO(label, 2, 0), .word0 = word0};
	memset(&buffer, OLD, sizeof(buffer));
	answered = bytes;
	session_request(&message);
	assert_int_equal((int32_t)message.word0, bytes);
	uint32_t sent = (MSG_WORD_COUNT(message.info) - DRIVER_DATA_WORD) * 4;
	assert_in_range(sent, bytes, bytes + 3);
	const uint8_t *data = (const uint8_t *)&buffer.words[DRIVER_DATA_WORD];
	for (uint32_t i = 0; i < sent; i++)
		assert_int_equal(data[i], i < bytes ? 'd' : 0);
}

static void what_was_read_is_followed_by_nothing_of_others(void **state)
{
	(void)state;
	for (uint32_t bytes = 0; bytes <= 9; bytes++)
		check_answer(DRIVER_READ, 16, bytes);
	check_answer(DRIVER_READ, DRIVER_DATA_MAX, DRIVER_DATA_MAX);
	check_answer(DRIVER_READ, DRIVER_DATA_MAX, DRIVER_DATA_MAX - 1);
}

static void what_an_ioctl_answers_is_followed_by_nothing_of_others(void **state)
{
	(void)state;
	for (uint32_t bytes = 0; bytes <= 9; bytes++)
		check_answer(DRIVER_IOCTL, OWN, bytes);
	check_answer(DRIVER_IOCTL, OWN, DRIVER_DATA_MAX);
	check_answer(DRIVER_IOCTL, OWN, DRIVER_DATA_MAX - 3);
}

static void an_ioctl_is_given_nothing_of_earlier_messages(void **state)
{
	(void)state;
	check_answer(DRIVER_IOCTL, OWN, 4);
	assert_int_equal(old_seen, 0);
}

static void trimming_touches_only_the_rest_of_the_last_word(void **state)
{
	(void)state;
	for (uint32_t bytes = 0; bytes <= 8; bytes++) {
		uint32_t words[3];
		uint8_t seen[sizeof(words)];
		memset(words, OLD, sizeof(words));
		message_trim(words, bytes);
		memcpy(seen, words, sizeof(seen));
		for (uint32_t i = 0; i < sizeof(seen); i++)
			assert_int_equal(seen[i],
					 i >= bytes && i < (bytes + 3) / 4 * 4 ? 0 : OLD);
	}
}

static void each_client_has_a_place_whatever_others_left(void **state)
{
	(void)state;
	for (uint32_t number = 1; number <= DRIVER_CLIENTS_MAX; number++)
		assert_int_equal(ask(DRIVER_BADGE(number, 1), DRIVER_OPEN), DRV_OK);
	for (uint32_t number = 1; number <= DRIVER_CLIENTS_MAX; number++)
		assert_int_equal(ask(DRIVER_BADGE(number, 1), DRIVER_READ), DRV_OK);
	assert_int_equal(closed, 1); /* what fresh() had opened */
	assert_int_equal(runtime.used, UINT32_MAX);
	assert_int_equal(ask(DRIVER_BADGE(DRIVER_CLIENTS_MAX + 1, 1), DRIVER_OPEN), DRV_EPERM);
	assert_int_equal(ask(0, DRIVER_OPEN), DRV_EPERM);
}

static void a_client_that_died_leaves_its_place_to_its_next_instance(void **state)
{
	(void)state;
	for (uint32_t generation = 1; generation <= 20; generation++) {
		uint32_t badge = DRIVER_BADGE(CLIENT, generation);
		assert_int_equal(ask(badge, DRIVER_READ), DRV_EGONE);
		assert_int_equal(ask(badge, DRIVER_OPEN), DRV_OK);
		assert_int_equal(ask(badge, DRIVER_READ), DRV_OK);
		assert_int_equal(ask(DRIVER_BADGE(CLIENT, generation - 1), DRIVER_READ),
				 DRV_EGONE);
		assert_int_equal(closed, generation);
		assert_int_equal(ask(badge, DRIVER_READ), DRV_OK);
	}
}

static void a_device_is_reserved_while_the_operator_has_a_session(void **state)
{
	uint32_t chief = DRIVER_BADGE(2, 1) | DRIVER_BADGE_OPERATOR;
	const session_t *other = &runtime.sessions[CLIENT - 1];
	(void)state;
	assert_false(driver_is_reserved(other));
	assert_int_equal(ask(chief, DRIVER_OPEN), DRV_OK);
	assert_true(driver_is_reserved(other));
	assert_false(driver_is_reserved(find_session(chief)));
	assert_int_equal(ask(chief, DRIVER_CLOSE), DRV_OK);
	assert_false(driver_is_reserved(other));
}

/* Asks for a session with a capability to signal. */
static err_t open_with_signal(void)
{
	message_t message = {.badge = CLIENT, .info = MSG_INFO(DRIVER_OPEN, 2, 1)};
	buffer.caps[0] = COMES;
	session_request(&message);
	return (err_t)message.word0;
}

static void a_capability_that_came_along_lasts_as_long_as_its_session(void **state)
{
	static const driver_ops_t ops = {.open = take_open};
	(void)state;
	runtime.ops = &ops;
	assert_int_equal(open_with_signal(), DRV_OK);
	assert_int_equal(runtime.sessions[CLIENT - 1].notification, COMES);
	assert_int_equal(released, 0);
	assert_int_equal(open_with_signal(), DRV_OK); /* instead of the one before */
	assert_int_equal(released, 1);
	assert_int_equal(ask(CLIENT, DRIVER_CLOSE), DRV_OK);
	assert_int_equal(released, 2);
	opens = DRV_EBUSY;
	assert_int_equal(open_with_signal(), DRV_EBUSY);
	assert_int_equal(released, 3);
	assert_int_equal(ask(CLIENT, DRIVER_SEEK), DRV_EGONE); /* there is no session */
	opens = DRV_OK;
	runtime.serving = 0;
	assert_int_equal(open_with_signal(), DRV_EAGAIN);
	assert_int_equal(released, 4);
	assert_int_equal(ask(CLIENT, DRIVER_SEEK), DRV_EAGAIN);
}

static void what_is_no_notification_is_not_kept(void **state)
{
	(void)state;
	signalled = DRV_EINVAL;
	assert_int_equal(open_with_signal(), DRV_EINVAL);
	assert_int_equal(released, 1);
	assert_int_equal(runtime.sessions[CLIENT - 1].notification, CAP_NULL);
	assert_int_equal(closed, 0); /* the session before goes on */
}

static void a_driver_that_claims_more_than_there_is_room_for_is_not_believed(void **state)
{
	message_t message = {.badge = CLIENT, .info = MSG_INFO(DRIVER_READ, 2, 0), .word0 = 16};
	(void)state;
	answered = 17;
	session_request(&message);
	assert_int_equal((err_t)message.word0, DRV_EIO);
	message =
	    (message_t){.badge = CLIENT, .info = MSG_INFO(DRIVER_IOCTL, 2, 0), .word0 = OWN};
	answered = DRIVER_DATA_MAX + 1;
	session_request(&message);
	assert_int_equal((err_t)message.word0, DRV_EMSGSIZE);
}

static void a_client_writes_no_more_than_it_sent(void **state)
{
	static const driver_ops_t ops = {.write = write_all};
	(void)state;
	runtime.ops = &ops;
	for (uint32_t bytes = 1; bytes <= 9; bytes++) {
		message_t message = {.badge = CLIENT,
				     .info = MSG_INFO(DRIVER_WRITE, DRIVER_DATA_WORD + 2, 0),
				     .word0 = bytes};
		session_request(&message);
		assert_int_equal((int32_t)message.word0,
				 bytes <= 8 ? (int32_t)bytes : DRV_EINVAL);
	}
}

/* What a request for an ioctl is answered. */
static err_t ask_ioctl(uint32_t badge, uint32_t code)
{
	message_t message = {
	    .badge = badge, .info = MSG_INFO(DRIVER_IOCTL, 2, 0), .word0 = code};
	answered = 0;
	session_request(&message);
	assert_int_equal(MSG_CAP_COUNT(message.info), 0);
	return (err_t)message.word0;
}

/* It is the manager's to do; and it is asked about the driver itself, which has no name there.
 */
static void what_is_the_operators_is_passed_on_and_refused_to_others(void **state)
{
	static const uint32_t codes[][2] = {{DRV_IOCTL_RESET, MANAGER_RESET},
					    {DRV_IOCTL_QUIESCE, MANAGER_QUIESCE}};
	const uint32_t chief = DRIVER_BADGE(2, 1) | DRIVER_BADGE_OPERATOR;
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		fresh(NULL);
		assert_int_equal(ask_ioctl(CLIENT, codes[i][0]), DRV_EPERM);
		assert_int_equal(asked.info, 0);
		assert_int_equal(ask_ioctl(chief, codes[i][0]), DRV_OK);
		assert_int_equal(MSG_LABEL(asked.info), codes[i][1]);
		assert_int_equal(asked.word0, 0);
		says = DRV_EBUSY;
		assert_int_equal(ask_ioctl(chief, codes[i][0]), DRV_EBUSY);
		calls = DRV_ETIMEDOUT;
		assert_int_equal(ask_ioctl(chief, codes[i][0]), DRV_ETIMEDOUT);
		assert_true(runtime.serving);
	}
}

/* Before Running, and while it is Quiesced. */
static void who_does_not_serve_answers_what_every_driver_does(void **state)
{
	(void)state;
	runtime.serving = 0;
	page.abi = 5;
	assert_int_equal(ask(CLIENT, DRIVER_READ), DRV_EAGAIN);
	assert_int_equal(ask(CLIENT, DRIVER_OPEN), DRV_EAGAIN);
	assert_int_equal(ask_ioctl(CLIENT, OWN), DRV_EAGAIN);
	assert_int_equal(ask_ioctl(CLIENT, UINT32_MAX), DRV_EAGAIN);
	assert_int_equal(ask_ioctl(CLIENT, OWN - 1), DRV_ENOTSUP);
	assert_int_equal(ask_ioctl(CLIENT, DRV_IOCTL_GET_VERSION), DRV_OK);
	assert_int_equal(ask_ioctl(CLIENT, DRV_IOCTL_GET_HEALTH), 8);
	runtime.serving = UINT32_MAX;
	assert_int_equal(ask_ioctl(CLIENT, OWN), DRV_OK);
	assert_int_equal(ask(CLIENT, DRIVER_OPEN), DRV_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_was_read_is_followed_by_nothing_of_others, fresh),
	    cmocka_unit_test_setup(what_an_ioctl_answers_is_followed_by_nothing_of_others,
				   fresh),
	    cmocka_unit_test_setup(an_ioctl_is_given_nothing_of_earlier_messages, fresh),
	    cmocka_unit_test_setup(each_client_has_a_place_whatever_others_left, fresh),
	    cmocka_unit_test_setup(a_client_that_died_leaves_its_place_to_its_next_instance,
				   fresh),
	    cmocka_unit_test_setup(a_device_is_reserved_while_the_operator_has_a_session,
				   fresh),
	    cmocka_unit_test_setup(what_is_no_notification_is_not_kept, fresh),
	    cmocka_unit_test_setup(a_capability_that_came_along_lasts_as_long_as_its_session,
				   fresh),
	    cmocka_unit_test_setup(
		a_driver_that_claims_more_than_there_is_room_for_is_not_believed, fresh),
	    cmocka_unit_test_setup(a_client_writes_no_more_than_it_sent, fresh),
	    cmocka_unit_test_setup(what_is_the_operators_is_passed_on_and_refused_to_others,
				   fresh),
	    cmocka_unit_test_setup(who_does_not_serve_answers_what_every_driver_does, fresh),
	    cmocka_unit_test(trimming_touches_only_the_rest_of_the_last_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
