/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls to the manager: each sends the request that it is named after, what the manager answers
 * reaches the caller, and neither a wrong answer nor a manager that dies meanwhile does harm.
 * The manager is one answer here. */
#include "manager_world.h"

static const struct command {
	uint32_t label;
	err_t (*call)(const char *name);
} commands[] = {
    {MANAGER_START, manager_start}, {MANAGER_STOP, manager_stop},
    {MANAGER_KILL, manager_kill},   {MANAGER_RELEASE, manager_release},
    {MANAGER_HOLD, manager_hold},   {MANAGER_QUIESCE, manager_quiesce},
    {MANAGER_RESET, manager_reset}, {MANAGER_RESTART, manager_restart},
    {MANAGER_CLEAR, manager_clear},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void each_command_is_sent_with_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMMANDS; i++) {
		answers(DRV_OK, 0, 0);
		assert_int_equal(commands[i].call("ps2kbd"), DRV_OK);
		asked(commands[i].label, 1);
		assert_int_equal(manager_is.sent.word0, 6);
		assert_int_equal(MSG_WORD_COUNT(manager_is.sent.info), DRIVER_DATA_WORD + 2);
		assert_int_equal(MSG_CAP_COUNT(manager_is.sent.info), 0);
		/* The rest of the last word is of an earlier message, and nobody's business. */
		assert_memory_equal(manager_is.text, "ps2kbd\0\0", 8);
		answers(DRV_EBUSY, 0, 0);
		FAILS(DRV_EBUSY, commands[i].call("ps2kbd"));
	}
	answers(DRV_ENOTSUP, 0, 0);
	FAILS(DRV_ENOTSUP, manager_reboot());
	asked(MANAGER_REBOOT, 1);
}

static void a_name_that_no_driver_can_have_is_not_sent(void **state)
{
	char name[MANAGER_NAME_MAX + 2];
	(void)state;
	memset(name, 'a', sizeof(name));
	name[MANAGER_NAME_MAX + 1] = '\0';
	answers(DRV_OK, 0, 0);
	FAILS(DRV_EINVAL, manager_start(name));
	assert_int_equal(manager_is.calls, 0);
	assert_int_equal(manager_start(name + 1), DRV_OK);
	assert_int_equal(manager_is.sent.word0, MANAGER_NAME_MAX);
}

static void what_can_be_asked_twice_is_when_the_manager_died(void **state)
{
	char text[ROOM];
	uint32_t position = 0;
	(void)state;
	answers(3, 0, 3);
	manager_is.dies = 1;
	assert_int_equal(manager_explain("a", text, ROOM), DRV_OK);
	asked(MANAGER_EXPLAIN, 2);
	answers(DRV_OK, 0, 0);
	manager_is.dies = 2;
	FAILS(DRV_EGONE, manager_log_written(&position));
	asked(MANAGER_LOG_WRITTEN, 2);
}

static void a_command_is_never_given_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMMANDS; i++) {
		answers(DRV_OK, 0, 0);
		manager_is.dies = 1;
		FAILS(DRV_EGONE, commands[i].call("a"));
		asked(commands[i].label, 1);
	}
	answers(DRV_OK, 0, 0);
	manager_is.dies = 1;
	FAILS(DRV_EGONE, manager_reboot());
	asked(MANAGER_REBOOT, 1);
}

static void a_connection_comes_as_a_capability(void **state)
{
	cap_t endpoint = CAP_NULL;
	(void)state;
	answers(DRV_OK, 0, 0);
	manager_is.message.info = MSG_INFO(0, DRIVER_DATA_WORD, 1);
	assert_int_equal(manager_connect("serial", &endpoint), DRV_OK);
	asked(MANAGER_CONNECT, 1);
	assert_int_equal(endpoint, MADE);
	assert_int_equal(manager_is.accepted, 1);
	endpoint = CAP_NULL;
	answers(DRV_OK, 0, 0);
	FAILS(DRV_EIO, manager_connect("serial", &endpoint)); /* none came */
	answers(DRV_EPERM, 0, 0);
	manager_is.message.info = MSG_INFO(0, DRIVER_DATA_WORD, 1);
	FAILS(DRV_EPERM, manager_connect("serial", &endpoint));
	assert_int_equal(endpoint, CAP_NULL);
}

static void a_list_has_the_rows_that_came_and_no_more_than_there_is_room_for(void **state)
{
	manager_status_t rows[3];
	(void)state;
	answers(DRV_OK, 3, 3 * sizeof(rows[0]));
	memset(rows, 0, sizeof(rows));
	assert_int_equal(manager_list(5, rows, 2), 2);
	asked(MANAGER_STATUS, 1);
	assert_int_equal(manager_is.sent.word0, 5);
	assert_int_equal(rows[1].index, 0x78787878);
	assert_int_equal(rows[2].index, 0);
	assert_int_equal(strlen(rows[0].name), MANAGER_NAME_MAX); /* it has an end */
	answers(DRV_OK, 2, sizeof(rows[0]));
	FAILS(DRV_EIO, manager_list(0, rows, 3)); /* the second did not come */
	answers(DRV_OK, MANAGER_STATUS_ROWS + 1, MANAGER_TEXT_MAX);
	FAILS(DRV_EIO, manager_list(0, rows, 3));
	answers(DRV_ENOENT, 0, 0);
	FAILS(DRV_ENOENT, manager_list(9, rows, 3));
}

static void the_state_of_one_is_the_row_of_its_number(void **state)
{
	manager_status_t status = {.index = 0};
	(void)state;
	answers(DRV_OK, 1, sizeof(status));
	assert_int_equal(manager_status(4, &status), DRV_OK);
	assert_int_equal(manager_is.sent.word0, 4);
	assert_int_equal(status.index, 0x78787878);
	answers(DRV_OK, 0, 0);
	FAILS(DRV_EIO, manager_status(4, &status));
	answers(DRV_ENOENT, 0, 0);
	FAILS(DRV_ENOENT, manager_status(4, &status));
}

static void the_counters_are_taken_only_whole(void **state)
{
	audit_report_t report = {.timers = 0};
	(void)state;
	answers(DRV_OK, 0, sizeof(report) - 4);
	FAILS(DRV_EIO, manager_audit(&report));
	assert_int_equal(report.timers, 0);
	answers(sizeof(report), 0, sizeof(report));
	assert_int_equal(manager_audit(&report), DRV_OK);
	asked(MANAGER_AUDIT, 1);
	assert_int_equal(report.timers, 0x78787878);
	answers(DRV_EPERM, 0, sizeof(report));
	FAILS(DRV_EPERM, manager_audit(&report));
}

static err_t explain(char *text, size_t size)
{
	return manager_explain("a", text, size);
}

static err_t manifest(char *text, size_t size)
{
	return manager_manifest("a", 3, text, size);
}

static err_t uses(char *text, size_t size)
{
	return manager_uses("a", MANAGER_PROVIDES, 3, text, size);
}

static const struct question {
	uint32_t label, word1;
	err_t (*ask)(char *text, size_t size);
} questions[] = {{MANAGER_EXPLAIN, 0, explain},
		 {MANAGER_MANIFEST, 3, manifest},
		 {MANAGER_USES, MANAGER_PROVIDES | 3u << MANAGER_USES_FROM, uses},
		 {MANAGER_CMDLINE, 0, manager_cmdline}};

static void a_report_is_whole_and_its_texts_end(void **state)
{
	manager_report_t report;
	const uint32_t bytes = sizeof(report);
	(void)state;
	answers((int32_t)bytes, 0, bytes);
	assert_int_equal(manager_report("a", &report), DRV_OK);
	asked(MANAGER_REPORT, 1);
	assert_int_equal(strlen(report.status.name), MANAGER_NAME_MAX);
	assert_int_equal(strlen(report.waits_for), MANAGER_NAME_MAX);
	assert_int_equal(strlen(report.failure.culprit), MANAGER_NAME_MAX);
	assert_int_equal(strlen(report.failure.why), sizeof(report.failure.why) - 1);
	answers((int32_t)bytes - 4, 0, bytes);
	FAILS(DRV_EIO, manager_report("a", &report));
	answers((int32_t)bytes, 0, bytes - 4);
	FAILS(DRV_EIO, manager_report("a", &report));
	answers(DRV_ENOENT, 0, 0);
	FAILS(DRV_ENOENT, manager_report("a", &report));
}

static void a_text_fits_its_room_with_its_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		const struct question *question = &questions[i];
		char text[ROOM + 1];
		memset(text, MARK & 0xff, sizeof(text));
		answers(ROOM - 1, 0, ROOM - 1);
		assert_int_equal(question->ask(text, ROOM), DRV_OK);
		asked(question->label, 1);
		assert_int_equal(manager_is.sent.word1, question->word1);
		assert_string_equal(text, "xxxxxxxxxxxxxxx");
		answers(ROOM, 0, ROOM);
		FAILS(DRV_EMSGSIZE, question->ask(text, ROOM));
		answers(ROOM - 1, 0, ROOM - 4); /* the last ones did not come */
		FAILS(DRV_EIO, question->ask(text, ROOM));
		answers(MANAGER_TEXT_MAX + 1, 0, MANAGER_TEXT_MAX);
		FAILS(DRV_EIO, question->ask(text, ROOM));
		answers(DRV_EPERM, 0, 0);
		FAILS(DRV_EPERM, question->ask(text, ROOM));
		assert_int_equal(text[ROOM], MARK & 0xff);
	}
}

static void the_log_is_read_from_where_the_last_read_ended(void **state)
{
	char text[ROOM];
	uint32_t position = 100;
	(void)state;
	answers(ROOM, 104, ROOM); /* what was between is gone */
	assert_int_equal(manager_log_read(&position, text, ROOM), ROOM);
	asked(MANAGER_LOG_READ, 1);
	assert_int_equal(manager_is.sent.word0, 100);
	assert_int_equal(manager_is.sent.word1, ROOM);
	assert_int_equal(position, 104 + ROOM);
	assert_memory_equal(text, "xxxxxxxxxxxxxxxx", ROOM);
	answers(ROOM + 1, 200, ROOM + 1);
	FAILS(DRV_EIO, manager_log_read(&position, text, ROOM));
	answers(ROOM, 200, ROOM - 4);
	FAILS(DRV_EIO, manager_log_read(&position, text, ROOM));
	answers(DRV_EPERM, 200, 0);
	FAILS(DRV_EPERM, manager_log_read(&position, text, ROOM));
	assert_int_equal(position, 104 + ROOM);
}

static void lines_are_asked_for_with_the_whole_question(void **state)
{
	manager_log_ask_t ask = {.from = 7, .level = LOG_WARN, .name = "serial"};
	char text[ROOM];
	uint32_t next = 7;
	(void)state;
	answers(ROOM, 12, ROOM);
	assert_int_equal(manager_log_records(&ask, &next, text, ROOM), ROOM);
	asked(MANAGER_LOG_RECORDS, 1);
	assert_int_equal(manager_is.sent.word0, sizeof(ask));
	assert_memory_equal(manager_is.text, &ask, sizeof(ask));
	assert_int_equal(next, 12);
	assert_memory_equal(text, "xxxxxxxxxxxxxxxx", ROOM);
	answers(ROOM + 1, 13, ROOM + 1);
	FAILS(DRV_EIO, manager_log_records(&ask, &next, text, ROOM));
	answers(DRV_ENOENT, 13, 0);
	FAILS(DRV_ENOENT, manager_log_records(&ask, &next, text, ROOM));
	assert_int_equal(next, 12);
	answers(0, 13, 0);
	manager_is.dies = 1; /* asked again */
	assert_int_equal(manager_log_records(&ask, &next, text, ROOM), 0);
	asked(MANAGER_LOG_RECORDS, 2);
	assert_int_equal(next, 13);
}

static void up_to_where_the_log_is_written_is_told(void **state)
{
	uint32_t position = 1;
	(void)state;
	answers(DRV_EPERM, 44, 0);
	FAILS(DRV_EPERM, manager_log_written(&position));
	assert_int_equal(position, 1);
	answers(DRV_OK, 44, 0);
	assert_int_equal(manager_log_written(&position), DRV_OK);
	asked(MANAGER_LOG_WRITTEN, 1);
	assert_int_equal(position, 44);
}

static void a_subscription_sends_its_notification(void **state)
{
	(void)state;
	answers(DRV_OK, 0, 0);
	assert_int_equal(manager_subscribe(SIGNAL), DRV_OK);
	asked(MANAGER_SUBSCRIBE, 1);
	assert_int_equal(MSG_CAP_COUNT(manager_is.sent.info), 1);
	assert_int_equal(manager_is.cap, SIGNAL);
	answers(DRV_EINVAL, 0, 0);
	FAILS(DRV_EINVAL, manager_subscribe(CAP_NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_command_is_sent_with_its_name),
	    cmocka_unit_test(a_name_that_no_driver_can_have_is_not_sent),
	    cmocka_unit_test(what_can_be_asked_twice_is_when_the_manager_died),
	    cmocka_unit_test(a_command_is_never_given_twice),
	    cmocka_unit_test(a_connection_comes_as_a_capability),
	    cmocka_unit_test(a_list_has_the_rows_that_came_and_no_more_than_there_is_room_for),
	    cmocka_unit_test(the_state_of_one_is_the_row_of_its_number),
	    cmocka_unit_test(the_counters_are_taken_only_whole),
	    cmocka_unit_test(a_text_fits_its_room_with_its_end),
	    cmocka_unit_test(a_report_is_whole_and_its_texts_end),
	    cmocka_unit_test(the_log_is_read_from_where_the_last_read_ended),
	    cmocka_unit_test(lines_are_asked_for_with_the_whole_question),
	    cmocka_unit_test(up_to_where_the_log_is_written_is_told),
	    cmocka_unit_test(a_subscription_sends_its_notification),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
