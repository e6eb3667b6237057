/* SPDX-License-Identifier: BSD-2-Clause */
/* A client's calls: what each sends, and what becomes of a driver's answer, also if it lives
 * and answers wrongly: counts beyond what was asked for, beyond what came along, or beyond
 * anything. The driver is one answer here. */
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
#include "libs/libcap/client/client.c"

#define ASKED 16u
#define FULL  (DRIVER_DATA_WORD + ASKED / 4) /* words of an answer with all that */
#define MARK  0x5a

static struct {
	int32_t count;	/* word 0 of the answer */
	uint32_t words; /* that came along, as the kernel says */
	uint32_t value; /* word 1 */
	err_t error;	/* of the call */
	unsigned calls;
} answer;

/* The last request. */
static struct {
	message_t message;
	uint8_t data[DRIVER_DATA_MAX];
	uint32_t accepted, cap, limit_ms;
} sent;
static const client_t driver = {.endpoint = 9};

err_t ipc_call(cap_t endpoint, message_t *message, uint32_t timeout_ms)
{
	assert_int_equal(endpoint, driver.endpoint);
	sent.message = *message;
	sent.limit_ms = timeout_ms;
	sent.accepted = buffer.accept;
	sent.cap = buffer.caps[0];
	memcpy(sent.data, &buffer.words[DRIVER_DATA_WORD], sizeof(sent.data));
	answer.calls++;
	memset(&message_buffer()->words[DRIVER_DATA_WORD], MARK, DRIVER_DATA_MAX);
	*message = (message_t){.info = MSG_INFO(0, answer.words, 0),
			       .word0 = (uint32_t)answer.count,
			       .word1 = answer.value};
	return cap_noted(answer.error);
}

/* How many bytes of `data`, which has 2 * ASKED, a call wrote; they are the first ones. */
static size_t written(uint8_t *data)
{
	size_t count = 0;
	while (count < 2 * ASKED && data[count] == MARK)
		count++;
	for (size_t i = count; i < 2 * ASKED; i++)
		assert_int_equal(data[i], 0);
	return count;
}

static void answers(int32_t count, uint32_t words)
{
	answer.count = count;
	answer.words = words;
	answer.value = 0;
	answer.error = DRV_OK;
	memset(&buffer, MARK, sizeof(buffer)); /* of an earlier message */
}

/* The call fails with that error, and leaves it where failing calls do. */
#define FAILS(error, call)                                                                     \
	do {                                                                                   \
		int32_t last = DRV_OK;                                                         \
		cap_record_errors(&last);                                                      \
		assert_int_equal((call), (error));                                             \
		assert_int_equal(last, (error));                                               \
		cap_record_errors(NULL);                                                       \
	} while (0)

static const int32_t too_many[] = {ASKED + 1, DRIVER_DATA_MAX, DRIVER_DATA_MAX + 1, INT32_MAX};

static void a_read_takes_no_more_than_was_asked_for_and_came(void **state)
{
	uint8_t data[2 * ASKED] = {0};
	(void)state;
	answers(ASKED, FULL);
	assert_int_equal(client_read(driver, data, ASKED), ASKED);
	assert_int_equal(written(data), ASKED);
	memset(data, 0, sizeof(data));
	answers(ASKED - 1, FULL);
	assert_int_equal(client_read(driver, data, ASKED), ASKED - 1);
	assert_int_equal(written(data), ASKED - 1);
	memset(data, 0, sizeof(data));
	answers(ASKED, FULL - 1); /* the last bytes did not come */
	FAILS(DRV_EIO, client_read(driver, data, ASKED));
	answers(ASKED, 0);
	FAILS(DRV_EIO, client_read(driver, data, ASKED));
	for (size_t i = 0; i < sizeof(too_many) / sizeof(too_many[0]); i++) {
		answers(too_many[i], MSG_WORDS);
		FAILS(DRV_EIO, client_read(driver, data, ASKED));
	}
	answers(INT32_MIN, MSG_WORDS);
	FAILS(INT32_MIN, client_read(driver, data, ASKED));
	assert_int_equal(written(data), 0);
}

static void a_read_from_a_position_moves_it_when_it_was_answered(void **state)
{
	uint8_t data[2 * ASKED] = {0};
	uint32_t position = 40;
	(void)state;
	answers(ASKED, FULL);
	answer.value = 42;
	assert_int_equal(client_read_at(driver, &position, data, ASKED), ASKED);
	assert_int_equal(MSG_LABEL(sent.message.info), DRIVER_READ_AT);
	assert_int_equal(sent.message.word0, ASKED);
	assert_int_equal(sent.message.word1, 40);
	assert_int_equal(position, 42);
	assert_int_equal(written(data), ASKED);
	answers(0, 2);
	answer.value = 43; /* what lies between is not for this session */
	assert_int_equal(client_read_at(driver, &position, data, ASKED), 0);
	assert_int_equal(position, 43);
}

static void a_read_from_a_position_that_fails_leaves_it(void **state)
{
	uint8_t data[DRIVER_DATA_MAX + 1] = {0};
	uint32_t position = 40;
	(void)state;
	answers(DRV_EOVERFLOW, 2);
	answer.value = 42;
	FAILS(DRV_EOVERFLOW, client_read_at(driver, &position, data, ASKED));
	answers(ASKED, FULL - 1); /* the last bytes did not come */
	answer.value = 42;
	FAILS(DRV_EIO, client_read_at(driver, &position, data, ASKED));
	answers(ASKED + 1, MSG_WORDS);
	FAILS(DRV_EIO, client_read_at(driver, &position, data, ASKED));
	answer.calls = 0;
	FAILS(DRV_EINVAL, client_read_at(driver, &position, data, sizeof(data)));
	assert_int_equal(answer.calls, 0);
	assert_int_equal(position, 40);
	assert_int_equal(written(data), 0);
}

static void a_write_took_no_more_than_was_sent(void **state)
{
	static const uint8_t data[ASKED];
	(void)state;
	answers(ASKED, 2);
	assert_int_equal(client_write(driver, data, ASKED), ASKED);
	for (size_t i = 0; i < sizeof(too_many) / sizeof(too_many[0]); i++) {
		answers(too_many[i], 2);
		FAILS(DRV_EIO, client_write(driver, data, ASKED));
	}
}

static int32_t ask(uint8_t *data, uint32_t *bytes, uint32_t *value)
{
	*bytes = 0;
	return client_ioctl(driver, DRV_IOCTL_OWN, 0, value, data, bytes, ASKED);
}

static void an_ioctl_takes_no_more_than_there_is_room_for_and_came(void **state)
{
	uint8_t data[2 * ASKED] = {0};
	uint32_t bytes, value = 1;
	(void)state;
	answers(ASKED, FULL);
	assert_int_equal(ask(data, &bytes, &value), DRV_OK);
	assert_int_equal(bytes, ASKED);
	assert_int_equal(value, 0);
	assert_int_equal(written(data), ASKED);
	memset(data, 0, sizeof(data));
	value = 1;
	answers(ASKED, FULL - 1);
	FAILS(DRV_EIO, ask(data, &bytes, &value));
	for (size_t i = 0; i < sizeof(too_many) / sizeof(too_many[0]); i++) {
		answers(too_many[i], MSG_WORDS);
		FAILS(DRV_EIO, ask(data, &bytes, &value));
		assert_int_equal(bytes, 0);
	}
	assert_int_equal(value, 1);
	assert_int_equal(written(data), 0);
}

static void what_is_too_much_is_not_even_asked_for(void **state)
{
	static uint8_t data[DRIVER_DATA_MAX + 1];
	uint32_t bytes = sizeof(data);
	(void)state;
	answers(0, 2);
	answer.calls = 0;
	FAILS(DRV_EINVAL, client_read(driver, data, sizeof(data)));
	FAILS(DRV_EINVAL, client_write(driver, data, sizeof(data)));
	FAILS(DRV_EINVAL, client_ioctl(driver, 0, 0, NULL, data, &bytes, 0));
	assert_int_equal(answer.calls, 0);
	assert_int_equal(client_read(driver, data, DRIVER_DATA_MAX), 0);
	assert_int_equal(answer.calls, 1);
}

static void who_answered_an_error_is_told_from_who_did_not_answer(void **state)
{
	uint8_t data[ASKED];
	(void)state;
	answers(DRV_EGONE, 2);
	FAILS(DRV_EGONE, client_read(driver, data, ASKED));
	assert_true(client_was_answered());
	answer.error = DRV_EGONE;
	FAILS(DRV_EGONE, client_read(driver, data, ASKED));
	assert_false(client_was_answered());
}

/* The last request had that label and so many words and capabilities. */
static void asked(uint32_t label, uint32_t words, uint32_t caps)
{
	assert_int_equal(MSG_LABEL(sent.message.info), label);
	assert_int_equal(MSG_WORD_COUNT(sent.message.info), words);
	assert_int_equal(MSG_CAP_COUNT(sent.message.info), caps);
	assert_int_equal(sent.accepted, 0); /* no driver gives its clients capabilities */
	assert_int_equal(sent.limit_ms, CLIENT_TIMEOUT_MS);
}

static void a_session_is_opened_with_its_notification_or_without(void **state)
{
	const client_t part = {.endpoint = driver.endpoint, .asked = 2};
	uint32_t since = 0;
	(void)state;
	answers(DRV_OK, 2);
	answer.value = 5;
	assert_int_equal(client_open_since(part, 8, &since), DRV_OK);
	asked(DRIVER_OPEN, 2, 1);
	assert_int_equal(sent.message.word0, 2);
	assert_int_equal(sent.cap, 8);
	assert_int_equal(since, 5);
	assert_int_equal(sent.message.word1, 0);
	assert_int_equal(client_open_listening(part, 8, &since), DRV_OK);
	asked(DRIVER_OPEN, 2, 1);
	assert_int_equal(sent.message.word0, 2);
	assert_int_equal(sent.message.word1, DRIVER_OPEN_LISTENS);
	assert_int_equal(sent.cap, 8);
	answers(DRV_EAGAIN, 2);
	answer.value = 6;
	FAILS(DRV_EAGAIN, client_open_listening(driver, 8, &since));
	FAILS(DRV_EAGAIN, client_open_since(driver, 8, &since));
	assert_int_equal(since, 5);
	answers(DRV_OK, 2);
	assert_int_equal(client_open(driver, 7), DRV_OK);
	asked(DRIVER_OPEN, 2, 1);
	assert_int_equal(sent.cap, 7);
	assert_int_equal(client_open(driver, CAP_NULL), DRV_OK);
	asked(DRIVER_OPEN, 2, 0);
	assert_int_equal(sent.message.word0, 0);
	assert_int_equal(client_close(driver), DRV_OK);
	asked(DRIVER_CLOSE, 2, 0);
	answers(DRV_EGONE, 2);
	FAILS(DRV_EGONE, client_close(driver));
}

static void each_request_sends_what_it_was_given(void **state)
{
	uint8_t data[ASKED] = "abcdef";
	uint32_t bytes = 5, value = 0;
	(void)state;
	answers(0, 2);
	assert_int_equal(client_read(driver, data, 7), 0);
	asked(DRIVER_READ, 2, 0);
	assert_int_equal(sent.message.word0, 7);
	answers(5, 2);
	assert_int_equal(client_write(driver, data, 5), 5);
	asked(DRIVER_WRITE, DRIVER_DATA_WORD + 2, 0);
	assert_int_equal(sent.message.word0, 5);
	assert_memory_equal(sent.data, "abcde\0\0\0", 8); /* nothing of an earlier message */
	answers(DRV_OK, 2);
	assert_int_equal(client_seek(driver, 4711), DRV_OK);
	asked(DRIVER_SEEK, 2, 0);
	assert_int_equal(sent.message.word0, 4711);
	answers(0, 2);
	answer.value = 77;
	assert_int_equal(client_ioctl(driver, DRV_IOCTL_OWN, 12, &value, data, &bytes, ASKED),
			 DRV_OK);
	asked(DRIVER_IOCTL, DRIVER_DATA_WORD + 2, 0);
	assert_int_equal(sent.message.word0, DRV_IOCTL_OWN);
	assert_int_equal(sent.message.word1, 12);
	assert_memory_equal(sent.data, "abcde\0\0\0", 8);
	assert_int_equal(value, 77);
}

static void a_client_waits_as_long_as_it_says(void **state)
{
	client_t patient = driver;
	uint8_t data[ASKED];
	(void)state;
	answers(0, 2);
	patient.limit_ms = 12345;
	assert_int_equal(client_read(patient, data, ASKED), 0);
	assert_int_equal(sent.limit_ms, 12345);
}

/* Whoever takes rows has room for one answer, and reads names as text. */
static void rows_are_whole_and_their_names_end(void **state)
{
	enum { ROW = sizeof(driver_stat_t) };
	driver_stat_t rows[DRIVER_STATS_EACH];
	uint32_t total = 1;
	(void)state;
	for (uint32_t count = 0; count <= DRIVER_STATS_EACH; count++) {
		answers((int32_t)(count * ROW), MSG_WORDS);
		assert_int_equal(client_stats(driver, 0, rows, &total), count);
		assert_int_equal(total, 0);
		for (uint32_t i = 0; i < count; i++)
			assert_int_equal(strlen(rows[i].name), sizeof(rows[i].name) - 1);
	}
	static const int32_t wrong[] = {1, ROW - 1, ROW + 4, DRIVER_DATA_MAX};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		answers(wrong[i], MSG_WORDS);
		FAILS(DRV_EIO, client_stats(driver, 0, rows, &total));
	}
	answers(ROW, DRIVER_DATA_WORD); /* that did not come along */
	FAILS(DRV_EIO, client_stats(driver, 0, rows, &total));
	answers(DRV_ENOTSUP, MSG_WORDS);
	FAILS(DRV_ENOTSUP, client_stats(driver, 0, rows, &total));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_are_whole_and_their_names_end),
	    cmocka_unit_test(a_read_takes_no_more_than_was_asked_for_and_came),
	    cmocka_unit_test(a_read_from_a_position_moves_it_when_it_was_answered),
	    cmocka_unit_test(a_read_from_a_position_that_fails_leaves_it),
	    cmocka_unit_test(a_write_took_no_more_than_was_sent),
	    cmocka_unit_test(an_ioctl_takes_no_more_than_there_is_room_for_and_came),
	    cmocka_unit_test(what_is_too_much_is_not_even_asked_for),
	    cmocka_unit_test(who_answered_an_error_is_told_from_who_did_not_answer),
	    cmocka_unit_test(a_session_is_opened_with_its_notification_or_without),
	    cmocka_unit_test(each_request_sends_what_it_was_given),
	    cmocka_unit_test(a_client_waits_as_long_as_it_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
