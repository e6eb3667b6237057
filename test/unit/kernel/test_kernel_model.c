/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel against its reference model (model.h): random sequences of calls, faults,
 * interrupts and milliseconds. After each operation everything that can be seen of the kernel
 * must be as the model says, and every invariant must hold (check.h). A sequence that fails is
 * made as short as it can be, and printed.
 *
 *     test_kernel_model [--seed N] [--ops N] [--no-shrink]
 *
 * makes other sequences, more of them, or leaves a failing one as it is. The sequences run in
 * processes of their own, so that a crash or an endless loop is a failure like any other. */
#include "sequence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define OPERATIONS_DEFAULT 100000u
#define SEED_DEFAULT	   2u
#define A_SEQUENCE	   500u /* operations */
#define HANGS_SECONDS	   20	/* of the processor, which a sequence never needs */

static uint64_t first_seed = SEED_DEFAULT;
static uint32_t operations = OPERATIONS_DEFAULT;
static bool shrinks = true;
static bool lies; /* the models to come */

/* Between the processes. */
typedef struct shared {
	sequence_t sequence; /* under way */
	uint64_t seed;	     /* of it */
	uint32_t performed;  /* operations of all sequences */
	uint32_t sequences;
	tally_t tally;
	char difference[sizeof(difference)]; /* empty: the process ended by itself */
} shared_t;
static shared_t *shared;

static int share(void **state)
{
	(void)state;
	FILE *file = tmpfile();
	assert_non_null(file);
	assert_int_equal(ftruncate(fileno(file), sizeof(shared_t)), 0);
	shared =
	    mmap(NULL, sizeof(shared_t), PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
	assert_true(shared != MAP_FAILED);
	fclose(file);
	return 0;
}

/* Runs it in a process of its own; true if that ended well. */
static bool runs_well(bool (*run)(void), bool quiet)
{
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		setenv("CMOCKA_TEST_ABORT", "1", 1); /* a panic ends this process */
		if (quiet && !freopen("/dev/null", "w", stderr))
			_exit(2);
		bool well = run();
		if (quiet)
			_exit(well ? 0 : 1); /* the looking for leaks would take longer */
		exit(well ? 0 : 1);
	}
	int status = 0;
	while (waitpid(child, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Ends this process if it computes for so long from now on. */
static void limit_time(void)
{
	struct rlimit limit;
	getrlimit(RLIMIT_CPU, &limit);
	limit.rlim_cur = (rlim_t)(clock() / CLOCKS_PER_SEC + HANGS_SECONDS);
	setrlimit(RLIMIT_CPU, &limit);
}

static bool perform(const op_t *op)
{
	if (sequence_perform(op, &shared->tally))
		return true;
	memcpy(shared->difference, difference, sizeof(difference));
	return false;
}

/* New sequences until there were enough operations, or one fails. */
static bool run_new(void)
{
	sequence_t *sequence = &shared->sequence;
	while (shared->performed < operations) {
		shared->seed = first_seed + shared->performed;
		shared->sequences++;
		sequence->count = 0;
		limit_time();
		sequence_begin(lies);
		generate_begin(shared->seed);
		bool lives = true;
		while (lives && sequence->count < A_SEQUENCE &&
		       shared->performed < operations) {
			op_t *op = &sequence->op[sequence->count++];
			lives = generate(op, sequence->count);
			shared->performed++;
			if (!perform(op))
				return false;
		}
	}
	return true;
}

/* The one that is there. */
static bool run_again(void)
{
	limit_time();
	sequence_begin(lies);
	for (uint32_t i = 0; i < shared->sequence.count; i++)
		if (!perform(&shared->sequence.op[i]))
			return false;
	return true;
}

static bool fails(const sequence_t *sequence)
{
	shared->sequence = *sequence;
	return !runs_well(run_again, true);
}

/* The shortest sequence that fails; empty: none did. */
static const sequence_t *find_failure(void)
{
	static sequence_t shortest;
	shortest.count = 0;
	memset(shared, 0, sizeof(*shared));
	if (runs_well(run_new, lies))
		return &shortest;
	shortest = shared->sequence;
	if (shrinks)
		sequence_shrink(&shortest, fails);
	shared->sequence = shortest;
	memset(shared->difference, 0, sizeof(shared->difference));
	runs_well(run_again, lies);
	return &shortest;
}

static void the_kernel_does_what_the_model_says(void **state)
{
	(void)state;
	print_message("seed %llu, %u operations\n", (unsigned long long)first_seed, operations);
	const sequence_t *failure = find_failure();
	if (!failure->count)
		return;
	fprintf(stderr, "seed %llu, operation %u; shrunk to %u operations:\n",
		(unsigned long long)shared->seed, shared->performed, failure->count);
	for (uint32_t i = 0; i < failure->count; i++)
		op_print(stderr, &failure->op[i]);
	fail_msg("%s", shared->difference[0] ? shared->difference : "the kernel panics");
}

/* Otherwise the test above would have proved little. */
static void every_call_has_succeeded(void **state)
{
	(void)state;
	if (shared->performed < OPERATIONS_DEFAULT)
		skip();
	for (uint32_t i = 0; i < SYS_COUNT; i++) {
		uint32_t done = shared->tally.results[i][0];
		print_message("call %2u: done %u\n", i, done);
		if (done < 10 && i != SYS_THREAD_EXIT)
			fail_msg("call %u succeeded too seldom", i);
	}
}

#define TEXT_ROW(name, value, text) [-(value)] = #name,
static const char *const error_names[RESULTS] = {DRV_ERRORS(TEXT_ROW)};
#undef TEXT_ROW

/* The error that a line of a page is about, 0 if it is about something else. */
static uint32_t error_of_line(const char *line)
{
	char name[32];
	if (sscanf(line, "| `%31[A-Z_]` |", name) != 1)
		return 0;
	for (uint32_t i = 1; i < RESULTS; i++)
		if (error_names[i] && strcmp(error_names[i], name) == 0)
			return i;
	return 0;
}

/* Has the call never failed with the error that the line is about? A capability for the
 * counters cannot lack its one right. What is done in pieces is gone on with (model_run.c). */
static bool is_never(uint32_t number, const char *line)
{
	uint32_t error = error_of_line(line);
	if (!error || strstr(line, "| `audit` lacks `read` |"))
		return false;
	if (strstr(line, "| `DRV_EAGAIN` |") && number != SYS_CAP_REVOKE &&
	    number != SYS_UNTYPED_RETYPE)
		return false;
	uint32_t times = shared->tally.results[number][error];
	print_message("call %2u: %s %u times\n", number, error_names[error], times);
	return times == 0;
}

/* Errors that the call has failed with and its page does not name. Who cancels a sender may
 * tell it anything. */
static uint32_t count_unnamed(uint32_t number, const bool named[RESULTS])
{
	uint32_t unnamed = 0;
	if (number == SYS_IPC_SEND || number == SYS_IPC_CALL)
		return 0;
	for (uint32_t i = 1; i < RESULTS; i++) {
		if (named[i] || shared->tally.results[number][i] == 0)
			continue;
		print_error("call %u: its page does not name %s\n", number, error_names[i]);
		unnamed++;
	}
	return unnamed;
}

static void the_errors_of_a_page_are_those_that_come(void **state)
{
	(void)state;
#define PAGE_ROW(number, NAME, handler, args, result)                                          \
	[number] = CASTELLAN_SOURCE_DIR "/docs/syscalls/" #NAME ".md",
	static const char *const pages[SYS_COUNT] = {SYSCALLS(PAGE_ROW)};
#undef PAGE_ROW
	uint32_t never = 0, unnamed = 0;
	for (uint32_t i = 0; i < SYS_COUNT; i++) {
		char line[4096];
		bool named[RESULTS] = {false};
		FILE *page = fopen(pages[i], "r");
		if (!page)
			fail_msg("there is no page %s", pages[i]);
		while (fgets(line, sizeof(line), page)) {
			never += is_never(i, line);
			named[error_of_line(line)] = true;
		}
		fclose(page);
		unnamed += count_unnamed(i, named);
	}
	print_message("%u never\n", never);
	assert_int_equal(unnamed, 0);
	/* Others may miss one by chance. */
	if (shared->performed >= OPERATIONS_DEFAULT && first_seed == SEED_DEFAULT)
		assert_int_equal(never, 0);
}

static void most_operations_are_performed(void **state)
{
	(void)state;
	static const char *const kinds[] = {"calls", "faults", "ticks", "interrupts"};
	const tally_t *tally = &shared->tally;
	for (uint32_t i = 0; i <= OP_INTERRUPT; i++)
		print_message("%s: %u\n", kinds[i], tally->performed[i]);
	print_message("skipped: %u\nsequences: %u, %u of them cut short\n", tally->skipped,
		      shared->sequences, tally->lost);
	assert_true(tally->performed[OP_CALL] > shared->performed / 2);
	assert_true(tally->skipped < shared->performed / 20);
	assert_true(tally->lost <= shared->sequences / 20);
}

/* -- The test's own tests. --------------------------------------------------------------- */

/* And what is left of the sequence shows why. */
static void a_model_that_lies_is_found_out_in_a_few_operations(void **state)
{
	(void)state;
	lies = true;
	const sequence_t *failure = find_failure();
	lies = false;
	if (!failure->count && operations < OPERATIONS_DEFAULT)
		skip(); /* none of the few met the lie */
	for (uint32_t i = 0; i < failure->count; i++)
		op_print(stdout, &failure->op[i]);
	print_message("  %s\n", shared->difference);
	if (shrinks)
		assert_in_range(failure->count, 1, 8);
	assert_non_null(strstr(shared->difference, "notification"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_kernel_does_what_the_model_says),
	    cmocka_unit_test(every_call_has_succeeded),
	    cmocka_unit_test(the_errors_of_a_page_are_those_that_come),
	    cmocka_unit_test(most_operations_are_performed),
	    cmocka_unit_test(a_model_that_lies_is_found_out_in_a_few_operations),
	};
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		if (strcmp(argv[i], "--no-shrink") == 0) {
			shrinks = false;
			continue;
		}
		if (strcmp(argv[i], "--seed") == 0)
			first_seed = strtoull(value, NULL, 0);
		else if (strcmp(argv[i], "--ops") == 0)
			operations = (uint32_t)strtoul(value, NULL, 0);
		else
			fprintf(stderr, "%s is no option\n", argv[i]);
		i++;
	}
	return cmocka_run_group_tests(tests, share, NULL);
}
