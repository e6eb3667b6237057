/* SPDX-License-Identifier: BSD-2-Clause */
/* The line's server dies at any of its stores to what outlives it: the next one says of each
 * command what became of it, does none twice, and tells none that was not begun as done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/format.h"
#include "cap/syscall.h"
#include "servers/drvmgr/line/answer.h"
#include "test/fake/cut.h"

#define COMMANDS 40u

static const char *const path[] = {NULL};
static answer_kept_t *kept;
static uint32_t done, ended; /* commands that were done; what was given up */
static frame_t asked;

const command_row_t command_rows[COMMAND_COUNT] = {
    [COMMAND_KILL] = {.word = "add", .effect = OPERATOR_CHANGES}};

void job_begin(job_t *job, const char *line, const char *const *of)
{
	(void)line, (void)of;
	*job = (job_t){.active = true, .command.verb = COMMAND_KILL};
}

void job_end(job_t *job)
{
	job->active = false;
	ended++;
}

bool job_step(job_t *job, char *text, size_t size)
{
	cut_here();
	done++;
	cut_here();
	format(text, size, "done");
	job->active = false;
	return true;
}

bool job_waits(const job_t *job, uint32_t now_ms)
{
	(void)job, (void)now_ms;
	return false;
}

uint32_t clock_ms(void)
{
	return 0;
}

err_t manager_load_begin(const manager_load_t *begun)
{
	(void)begun;
	return DRV_EINVAL;
}

err_t manager_load_put(uint32_t offset, const void *data, uint32_t bytes)
{
	(void)offset, (void)data, (void)bytes;
	return DRV_EINVAL;
}

err_t manager_load_commit(char *text, size_t size)
{
	(void)text, (void)size;
	return DRV_EINVAL;
}

/* A new instance is asked command `number`; its answer. */
static frame_t ask(uint32_t session, uint32_t number)
{
	static answer_t answer;
	answer = (answer_t){.kept = kept, .path = path};
	asked = (frame_t){
	    .type = LINE_ASK, .session = session, .number = number, .length = 3, .data = "add"};
	assert_true(answer_take(&answer, &asked));
	return answer.frame;
}

static void run(void *argument)
{
	const uint32_t *command = argument;
	ask(command[0], command[1]);
}

static void no_command_is_done_twice_and_none_told_as_done_that_was_not(void **state)
{
	static const uint32_t sessions[] = {0, 1, 0x9e37a9eau, UINT32_MAX};
	(void)state;
	for (uint32_t s = 0; s < sizeof(sessions) / sizeof(sessions[0]); s++)
		for (uint32_t number = 1; number < COMMANDS; number++) {
			uint32_t command[] = {sessions[s], number};
			uint32_t before = done;
			cut_t cut;
			cut_record(&cut, run, command);
			for (uint32_t point = 0; point <= cut.points; point++) {
				cut_back(&cut, point);
				bool was = done != before;
				frame_t told = ask(sessions[s], number);
				assert_int_equal(done, before + (was || told.code == 0));
				assert_true(!was || told.flags & LINE_END);
			}
			cut_free(&cut);
		}
}

static void of_the_page_as_it_was_made_nothing_is_done(void **state)
{
	(void)state;
	memset(kept, 0, sizeof(*kept));
	uint32_t before = done;
	ask(0, 0);
	assert_int_equal(done, before + 1);
	memset(kept, 0xff, sizeof(*kept)); /* nor of one that somebody wrote */
	ask(UINT32_MAX, UINT32_MAX);
	assert_int_equal(done, before + 2);
}

static void one_that_was_begun_is_not_done_again_and_says_so(void **state)
{
	(void)state;
	cut_t cut;
	uint32_t command[] = {7, 7}, before = done, unsure = 0;
	cut_record(&cut, run, command);
	for (uint32_t point = 0; point <= cut.points; point++) {
		cut_back(&cut, point);
		uint32_t was = done;
		frame_t told = ask(7, 7);
		if (told.code == LINE_EXIT_DONE)
			continue;
		unsure++; /* between what it noted before and after */
		assert_int_equal(done, was);
	}
	cut_free(&cut);
	assert_in_range(unsure, 2, 4);
	assert_true(done > before);
}

int main(void)
{
	kept = cut_page();
	cut_world(&done, sizeof(done));
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_command_is_done_twice_and_none_told_as_done_that_was_not),
	    cmocka_unit_test(of_the_page_as_it_was_made_nothing_is_done),
	    cmocka_unit_test(one_that_was_begun_is_not_done_again_and_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
