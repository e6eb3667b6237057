/* SPDX-License-Identifier: BSD-2-Clause */
/* The fuzz targets without a fuzzer: the corpus, which is one input a line in hexadecimal, and
 * random inputs from a seed. `test_ps2_fuzz TARGET HEX` runs one input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz.h"

#define CORPUS	CASTELLAN_SOURCE_DIR "/test/unit/ps2/corpus/"
#define INPUT	1024u
#define LINE	(2 * INPUT + 2)
#define DECODES 20000u
#define SCRIPTS 300u
#define SHORT	24u
#define LEAST	5u /* inputs of a corpus */

typedef void target_t(const uint8_t *data, size_t size);

static const uint8_t *input; /* under way */
static size_t input_size;

/* FUZZ_CHECK aborts: says with what input, for the corpus. */
static void show_input(int number)
{
	(void)number;
	for (size_t i = 0; i < input_size; i++)
		fprintf(stderr, "%02x", input[i]);
	fprintf(stderr, "\n");
}

static void run(target_t *target, const uint8_t *data, size_t size)
{
	input = data;
	input_size = size;
	target(data, size);
}

static size_t from_hex(const char *line, uint8_t *data)
{
	size_t count = 0;
	unsigned byte;
	for (; count < INPUT && sscanf(line + 2 * count, "%2x", &byte) == 1; count++)
		data[count] = (uint8_t)byte;
	return count;
}

static unsigned replay(const char *path, target_t *target)
{
	char line[LINE];
	uint8_t data[INPUT];
	unsigned count = 0;
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#')
			continue;
		run(target, data, from_hex(line, data));
		count++;
	}
	fclose(file);
	return count;
}

static uint32_t next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void random_inputs(target_t *target, unsigned count, size_t most)
{
	uint32_t seed = 12;
	uint8_t data[INPUT];
	while (count--) {
		size_t size = next(&seed) % most;
		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t)(next(&seed) >> 8);
		run(target, data, size);
	}
}

static void the_decoders_keep_their_promises(void **state)
{
	(void)state;
	assert_true(replay(CORPUS "decoder.txt", fuzz_decoder) >= LEAST);
	random_inputs(fuzz_decoder, DECODES, 64);
}

static void the_driver_keeps_its_promises(void **state)
{
	(void)state;
	assert_true(replay(CORPUS "machine.txt", fuzz_machine) >= LEAST);
	random_inputs(fuzz_machine, SCRIPTS, 200);
	random_inputs(fuzz_machine, SCRIPTS, SHORT); /* in which few things happen at once */
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_decoders_keep_their_promises),
	    cmocka_unit_test(the_driver_keeps_its_promises),
	};
	uint8_t data[INPUT];
	signal(SIGABRT, show_input);
	if (argc != 3)
		return cmocka_run_group_tests(tests, NULL, NULL);
	target_t *target = strcmp(argv[1], "decoder") ? fuzz_machine : fuzz_decoder;
	run(target, data, from_hex(argv[2], data));
	return 0;
}
