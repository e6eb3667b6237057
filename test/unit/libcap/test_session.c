/* SPDX-License-Identifier: BSD-2-Clause */
/* Clients' requests as the driver runtime answers them: what an answer holds besides what it is
 * to hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)
#include "libs/libcap/driver/session.c"

#define OLD    0xa5u /* what earlier messages left in the buffer */
#define CLIENT 7u
#define OWN    DRV_IOCTL_OWN

runtime_t runtime;
static uint32_t answered; /* bytes that the driver answers */
static uint32_t old_seen; /* bytes of earlier messages that the driver saw */

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	(void)cap, (void)rights, (void)scope0, (void)scope1;
	return DRV_EBADCAP;
}

err_t cap_release(cap_t cap)
{
	(void)cap;
	return DRV_OK;
}

static int32_t read_some(session_t *session, void *to, uint32_t bytes)
{
	(void)session;
	assert_true(answered <= bytes);
	memset(to, 'd', answered);
	return (int32_t)answered;
}

static err_t do_something(session_t *session, ioctl_t *ioctl)
{
	(void)session;
	for (uint32_t i = ioctl->in_bytes; i < DRIVER_DATA_MAX; i++)
		old_seen += ((const uint8_t *)ioctl->data)[i] == OLD;
	memset(ioctl->data, 'd', answered);
	ioctl->out_bytes = answered;
	return DRV_OK;
}

static int fresh(void **state)
{
	static const driver_ops_t ops = {.read = read_some, .ioctl = do_something};
	(void)state;
	runtime = (runtime_t){.ops = &ops, .serving = true};
	runtime.sessions[0].badge = CLIENT;
	memset(&buffer, OLD, sizeof(buffer));
	old_seen = 0;
	return 0;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_was_read_is_followed_by_nothing_of_others, fresh),
	    cmocka_unit_test_setup(what_an_ioctl_answers_is_followed_by_nothing_of_others,
				   fresh),
	    cmocka_unit_test_setup(an_ioctl_is_given_nothing_of_earlier_messages, fresh),
	    cmocka_unit_test(trimming_touches_only_the_rest_of_the_last_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
