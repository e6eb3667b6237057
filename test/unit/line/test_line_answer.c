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
static uint32_t more_lines;
static err_t failing, load_error;
static const char *refusal = "";
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
	format(text, size,
	       "done, and there are so many letters that two more find no room in one piece "
	       "with it, since a line has two hundred of them at most: %u",
	       (unsigned)done);
	job->active = job->index++ < more_lines;
	job->failed = failing;
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

err_t manager_replace_begin(const manager_load_t *what)
{
	return manager_load_begin(what);
}

err_t manager_load_put(uint32_t offset, const void *data, uint32_t bytes)
{
	(void)offset, (void)data, (void)bytes;
	return DRV_EINVAL;
}

err_t manager_load_commit(char *text, size_t size)
{
	format(text, size, "%s", refusal);
	return load_error;
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

static bool take(answer_t *answer, uint32_t type, uint32_t number, uint32_t piece)
{
	asked = (frame_t){.type = (uint8_t)type,
			  .session = 9,
			  .number = number,
			  .piece = (uint16_t)piece,
			  .length = type == LINE_ASK ? 3 : 0,
			  .data = "add"};
	return answer_take(answer, &asked);
}

/* A line may repeat what came before. */
static void what_comes_late_does_nothing_and_is_not_answered(void **state)
{
	static answer_t answer;
	(void)state;
	answer = (answer_t){.kept = kept, .path = path};
	assert_true(take(&answer, LINE_ASK, 1, 0));
	assert_true(take(&answer, LINE_ASK, 2, 0));
	uint32_t before = done;
	frame_t told = answer.frame;
	for (uint32_t type = LINE_ASK; type <= LINE_COMMIT; type++)
		assert_false(take(&answer, type, 1, 0));
	assert_int_equal(done, before);
	assert_memory_equal(&answer.frame, &told, sizeof(told));
	assert_true(take(&answer, LINE_PUT, 3, 0)); /* of which nothing is kept */
	assert_false(take(&answer, LINE_ASK, 2, 0));
	answer = (answer_t){.kept = kept, .path = path}; /* the next instance knows it, too */
	assert_false(take(&answer, LINE_ASK, 1, 0));
	assert_true(take(&answer, LINE_ASK, 2, 0));
	assert_int_equal(done, before);
}

static void of_an_answer_in_pieces_none_that_was_passed_comes_again(void **state)
{
	static answer_t answer;
	(void)state;
	answer = (answer_t){.kept = kept, .path = path};
	more_lines = 6;
	assert_true(take(&answer, LINE_ASK, 3, 0));
	assert_true(take(&answer, LINE_ASK, 3, 0)); /* it was lost */
	assert_true(take(&answer, LINE_NEXT, 3, 1));
	assert_true(take(&answer, LINE_NEXT, 3, 2));
	uint32_t before = done;
	assert_false(take(&answer, LINE_ASK, 3, 0));
	assert_false(take(&answer, LINE_NEXT, 3, 1));
	assert_int_equal(done, before);
	assert_int_equal(answer.frame.piece, 2);
	more_lines = 0;
}

static void a_refusal_is_kept_as_one(void **state)
{
	static answer_t answer;
	(void)state;
	answer = (answer_t){.kept = kept, .path = path};
	failing = DRV_EBUSY;
	assert_true(take(&answer, LINE_ASK, 4, 0));
	assert_int_equal(answer.frame.code, LINE_EXIT_REFUSED);
	failing = DRV_OK;
	answer = (answer_t){.kept = kept, .path = path};
	assert_true(take(&answer, LINE_ASK, 4, 0));
	assert_int_equal(answer.frame.code, LINE_EXIT_REFUSED);
}

static void more_words_than_there_is_room_for_are_cut(void **state)
{
	static answer_t answer;
	static char words[MANAGER_TEXT_MAX];
	(void)state;
	memset(words, 'x', sizeof(words) - 1);
	answer = (answer_t){.kept = kept, .path = path};
	answer.frame = (frame_t){.session = 9, .number = 4};
	refusal = words;
	load_error = DRV_EFORMAT;
	assert_true(take(&answer, LINE_COMMIT, 5, 0));
	assert_int_equal(answer.frame.length, LINE_DATA_MAX);
	assert_memory_equal(answer.frame.data, "DRV_EFORMAT\nx", 13);
	assert_int_equal(answer.frame.code, LINE_EXIT_REFUSED);
}

int main(void)
{
	kept = cut_page();
	cut_world(&done, sizeof(done));
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_command_is_done_twice_and_none_told_as_done_that_was_not),
	    cmocka_unit_test(of_the_page_as_it_was_made_nothing_is_done),
	    cmocka_unit_test(one_that_was_begun_is_not_done_again_and_says_so),
	    cmocka_unit_test(what_comes_late_does_nothing_and_is_not_answered),
	    cmocka_unit_test(of_an_answer_in_pieces_none_that_was_passed_comes_again),
	    cmocka_unit_test(a_refusal_is_kept_as_one),
	    cmocka_unit_test(more_words_than_there_is_room_for_are_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
