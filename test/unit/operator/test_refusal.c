/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a command was not done, refusal.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libs/libcap/answer/refusal.h"
#include "cap/report.h"

static char answer[201];

static command_t parse(const char *text)
{
	answer[0] = '\0';
	return command_parse(text, answer, sizeof(answer));
}

static const char *refuse_why(const char *line, err_t error, const char *name, uint32_t in,
			      const char *why)
{
	command_t command = parse(line);
	manager_status_t status = {.state = in};
	strcpy(status.name, name);
	refusal_describe(&command, error, *name ? &status : NULL, why, answer, sizeof(answer));
	return answer;
}

static const char *refuse(const char *line, err_t error, const char *name, uint32_t in)
{
	return refuse_why(line, error, name, in, "");
}

static void a_refusal_names_the_state_and_what_to_do(void **state)
{
	(void)state;
	assert_string_equal(refuse("stop screen", DRV_EBUSY, "screen", STATE_STOPPED),
			    "stop screen: it is Stopped; start screen starts it");
	assert_string_equal(refuse("kill x", DRV_EBUSY, "x", STATE_BACKOFF),
			    "kill x: it is Backoff; it starts again by itself");
	assert_string_equal(refuse("start x", DRV_EBUSY, "x", STATE_RUNNING),
			    "start x: it is Running; kill x restarts it");
	assert_string_equal(refuse("quiesce x", DRV_EBUSY, "x", STATE_QUIESCED),
			    "quiesce x: it is Quiesced; start x sets it up afresh");
	assert_string_equal(refuse("reset x", DRV_EBUSY, "x", STATE_STOPPED),
			    "reset x: it is Stopped; start x starts it");
	assert_string_equal(refuse("unload x", DRV_EBUSY, "x", STATE_RUNNING),
			    "unload x: it has not ended; stop it first");
	assert_string_equal(refuse("unload x", DRV_EBUSY, "x", STATE_BACKOFF),
			    "unload x: it has not ended; stop it first");
	const uint32_t ends[] = {STATE_QUIESCING, STATE_STOPPING, STATE_STOPPED};
	for (uint32_t i = 0; i < 3; i++)
		assert_string_equal(refuse("unload x", DRV_EBUSY, "x", ends[i]),
				    "unload x: it has not ended yet; try again in a moment");
	assert_string_equal(refuse("unload x", DRV_EINVAL, "x", STATE_STOPPED),
			    "unload x: it came with the system; only what was loaded can go");
	assert_string_equal(refuse("start x", DRV_EFORMAT, "x", STATE_REJECTED),
			    "start x: it is Rejected; its manifest or image was refused, the "
			    "log says why");
}

static void who_waits_is_said_to_wait_for_what(void **state)
{
	(void)state;
	assert_string_equal(
	    refuse_why("start x", DRV_EBUSY, "x", STATE_WAITING, "is held until `release x`"),
	    "start x: it is Waiting: it is held until `release x`");
	assert_string_equal(refuse("start x", DRV_EBUSY, "x", STATE_WAITING),
			    "start x: it is Waiting; ps says what it waits for");
	assert_string_equal(
	    refuse_why("start x", DRV_EBUSY, "x", STATE_RUNNING, "is held until `release x`"),
	    "start x: it is Running; kill x restarts it");
}

static void who_is_rejected_or_waits_to_restart_is_said_to_be_so_why(void **state)
{
	(void)state;
	assert_string_equal(
	    refuse_why("start x", DRV_EFORMAT, "x", STATE_REJECTED, "1:22: name: is missing"),
	    "start x: it is Rejected; its manifest or image was refused, the "
	    "log says why: 1:22: name: is missing");
	assert_string_equal(
	    refuse_why("kill x", DRV_EBUSY, "x", STATE_BACKOFF,
		       "failed with DRV_EGONE (it exited); starts in 7 ms"),
	    "kill x: it is Backoff: it failed with DRV_EGONE (it exited); starts "
	    "in 7 ms, or now with stop, then start");
	assert_string_equal(
	    refuse_why("stop x", DRV_EBUSY, "x", STATE_STOPPED, "was stopped by the operator"),
	    "stop x: it is Stopped; start x starts it");
}

static void a_name_that_is_nearly_right_is_answered_with_the_right_one(void **state)
{
	static const manager_status_t drivers[] = {{.name = "serial"}, {.name = "ps2kbd"}};
	(void)state;
	assert_string_equal(refusal_guess("ps2kdb", drivers, 2), "ps2kbd");
	assert_string_equal(refusal_guess("ser", drivers, 2), "serial");
	assert_string_equal(refusal_guess("drvmgt", drivers, 2), "drvmgr");
	assert_string_equal(refusal_guess("disk", drivers, 2), "");
	assert_string_equal(refuse_why("stop ps2kdb", DRV_ENOENT, "", 0, "ps2kbd"),
			    "stop ps2kdb: there is no driver of that name; did you mean "
			    "ps2kbd? ps lists them");
}

static void that_the_manager_was_killed_is_no_error(void **state)
{
	(void)state;
	assert_string_equal(refuse("kill drvmgr", DRV_EGONE, "", 0),
			    "kill drvmgr: killed; init starts it again, the drivers go on");
	assert_string_equal(
	    refuse("stop drvmgr", DRV_ENOENT, "", 0),
	    "stop drvmgr: it is the manager and no driver; kill alone knows it");
	assert_non_null(strstr(refuse("kill drvmgr", DRV_EPERM, "", 0), "operator"));
	assert_non_null(strstr(refuse("stop drvmgr", DRV_EGONE, "", 0), "look with ps"));
}

static void whether_a_driver_is_held_is_not_its_state(void **state)
{
	(void)state;
	assert_string_equal(refuse("hold x", DRV_EEXIST, "x", STATE_RUNNING),
			    "hold x: it is held already; release x lets go of it");
	assert_string_equal(refuse("hold x", DRV_EBUSY, "x", STATE_STOPPED),
			    "hold x: it is Stopped; start x starts it");
	assert_string_equal(refuse("release x", DRV_EBUSY, "x", STATE_STOPPED),
			    "release x: it is Stopped; start x starts it");
	assert_string_equal(refuse("release x", DRV_EBUSY, "x", STATE_RUNNING),
			    "release x: it is not held; ps says which are");
	assert_string_equal(refuse("hold x", DRV_EFORMAT, "x", STATE_REJECTED),
			    "hold x: it is Rejected; its manifest or image was refused, the "
			    "log says why");
	assert_string_equal(refuse("release x", DRV_ENOENT, "", 0),
			    "release x: there is no driver of that name; ps lists them");
}

static void a_start_says_what_has_to_end_before(void **state)
{
	(void)state;
	command_t command = parse("start x");
	for (uint32_t in = 0; in < STATE_COUNT; in++) {
		manager_status_t status = {.state = in};
		bool ends = in == STATE_QUIESCING || in == STATE_STOPPING;
		answer[0] = '\0';
		refusal_describe_later(&command, &status, answer, sizeof(answer));
		assert_string_equal(answer, ends ? "start x: it starts when that is over" : "");
	}
}

static void every_state_has_its_advice(void **state)
{
	(void)state;
	for (uint32_t in = 0; in < STATE_COUNT; in++) {
		const char *text = strchr(refuse("stop x", DRV_EBUSY, "x", in), ';');
		assert_non_null(text);
		assert_true(strlen(text) > 10);
		assert_null(strstr(text, "null"));
	}
	refuse("stop x", DRV_EBUSY, "x", STATE_COUNT);
	assert_string_equal(answer, "stop x: it is ?; ps shows it");
}

static void a_refusal_without_a_state_says_why(void **state)
{
	(void)state;
	assert_string_equal(refuse("kill x", DRV_ENOENT, "", 0),
			    "kill x: there is no driver of that name; ps lists them");
	assert_non_null(strstr(refuse("kill x", DRV_EPERM, "x", STATE_RUNNING), "operator"));
	assert_non_null(strstr(refuse("ps", DRV_ETIMEDOUT, "", 0), "ps: DRV_ETIMEDOUT: "));
	assert_non_null(strstr(refuse("reboot", DRV_ENOTSUP, "", 0), "switch it off and on"));
	assert_non_null(
	    strstr(refuse("kill x", DRV_EGONE, "x", STATE_RUNNING), "look with ps"));
	assert_non_null(strstr(refuse("ps", DRV_EBADCAP, "", 0), "try again"));
}

static void what_the_prompt_runs_through_is_not_stopped(void **state)
{
	(void)state;
	command_t command = parse("stop serial");
	refusal_describe_path(&command, answer, sizeof(answer));
	assert_string_equal(answer, "stop serial: this prompt runs through it; use kill serial "
				    "to restart it");
}

static const char *advise(const char *why)
{
	manager_status_t status = {.name = "x", .state = STATE_WAITING};
	refusal_advise(&status, why, answer, sizeof(answer));
	return answer;
}

/* The sentences are those of servers/drvmgr/log/tell.c and claims/claims.c. */
static void each_reason_to_wait_has_its_own_advice(void **state)
{
	(void)state;
	assert_string_equal(advise("is held until `release x`"), "release x lets it start");
	assert_string_equal(advise("requires disk, which nobody provides"),
			    "load a driver that provides disk, or boot with one");
	assert_string_equal(advise("waits for y, which it requires: that one is Quarantined"),
			    "start y starts that one");
	assert_string_equal(advise("waits for y, which it requires: that one is Stopped"),
			    "start y starts that one");
	assert_string_equal(advise("waits for y, which it requires: that one is Quiesced"),
			    "start y starts that one");
	assert_string_equal(advise("waits for y, which it requires: that one is Absent"),
			    "start y starts that one");
	assert_string_equal(advise("waits for y, which it requires: that one is Rejected"),
			    "mend the manifest or image of y, and boot");
	assert_string_equal(advise("waits for y, which it requires: that one is Waiting"),
			    "explain y says what to do about that one");
	assert_string_equal(advise("waits for y of its group: that one is Stopped"),
			    "start y starts that one");
	assert_string_equal(advise("waits for y: irq 4 (x.drv.json:3:5), which it has "
				   "(y.drv.json:3:5)"),
			    "stop y makes room for it");
	const char *const passing[] = {
	    "waits for y, which it requires: that one is Backoff",
	    "waits for y, which it requires: that one is Running",
	    "waits for y of its group: that one is Probing",
	    "waits for y: irq 4 (x.drv.json:3:5), which it gets first (y.drv.json:3:5)",
	    "waits for y",
	    "",
	};
	for (uint32_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		assert_string_equal(advise(passing[i]), "it starts by itself when that is so");
	char longest[100]; /* a name that is none ends somewhere */
	memset(longest, 'y', sizeof(longest));
	memcpy(longest, "waits for ", 10);
	longest[99] = '\0';
	assert_string_equal(advise(longest), "it starts by itself when that is so");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_refusal_names_the_state_and_what_to_do),
	    cmocka_unit_test(who_waits_is_said_to_wait_for_what),
	    cmocka_unit_test(each_reason_to_wait_has_its_own_advice),
	    cmocka_unit_test(who_is_rejected_or_waits_to_restart_is_said_to_be_so_why),
	    cmocka_unit_test(a_name_that_is_nearly_right_is_answered_with_the_right_one),
	    cmocka_unit_test(that_the_manager_was_killed_is_no_error),
	    cmocka_unit_test(whether_a_driver_is_held_is_not_its_state),
	    cmocka_unit_test(a_start_says_what_has_to_end_before),
	    cmocka_unit_test(every_state_has_its_advice),
	    cmocka_unit_test(a_refusal_without_a_state_says_why),
	    cmocka_unit_test(what_the_prompt_runs_through_is_not_stopped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
