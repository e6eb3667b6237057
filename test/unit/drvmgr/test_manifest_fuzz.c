/* SPDX-License-Identifier: BSD-2-Clause */
/* Mutates good manifests, always the same way, and looks only for broken promises: no
 * access outside the text (the sanitizers see it), no accepted struct that breaks its
 * invariants, no refusal without an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "claims/manifest.h"
#include "claims/registry.h"
#include "claims/safe_state.h"

#define ROUNDS	      100000u
#define MUTATIONS_MAX 4u
#define TEXT_MAX      2048u

static const char *const seeds[] = {
    "{\"name\":\"ps2kbd\",\"abi\":1,\"caps\":{\"irq\":[1],"
    "\"pio\":[{\"start\":96,\"end\":100}],\"mmio\":[]},\"restart\":\"on-failure\"}",
    "{\"$schema\":\"s\",\"x-a\":[[]],\"name\":\"a\",\"abi\":{\"min\":1,\"max\":2},\"image\":"
    "\"b.elf\","
    "\"caps\":{\"pio\":[{\"start\":\"0x3F8\",\"end\":1023,\"width\":[8],\"mode\":\"r\"}],"
    "\"irq\":[4,{\"line\":5,\"trigger\":\"level\",\"share\":false,\"ack_ms\":7}],"
    "\"mmio\":[{\"base\":\"0xa0000\",\"size\":\"0x1000\"},{\"base\":\"0xef000\",\"size\":"
    "4096}]},"
    "\"memory_kib\":128,\"requires\":[\"p\"],\"provides\":[\"q\"],\"uses\":[\"operator\"]}",
    "{\"name\":\"\\u0061\\n\\ud83d\\ude00\xc3\xa9\",\"abi\":1,\"lifecycle\":{\"probe\":10},"
    "\"heartbeat\":{\"misses\":2},\"restart\":{\"policy\":\"always\",\"burst\":3,\"first_ms\":"
    "9,"
    "\"factor_pct\":150,\"window_ms\":3600000}}",
    "{\"name\":\"c\",\"abi\":1,\"caps\":{\"pio\":[{\"start\":768,\"end\":771,\"mode\":\"rw\"}],"
    "\"mmio\":[{\"base\":\"0xa0000\",\"size\":4096}],\"irq\":[{\"line\":5,\"trigger\":"
    "\"level\",\"share\":true}]},\"group\":{\"name\":\"g\",\"strategy\":\"all\"},\"hold\":"
    "false,"
    "\"safe_state\":[{\"port\":769,\"value\":3},{\"op\":\"wait\",\"port\":\"0x300\",\"width\":"
    "32,"
    "\"mask\":7,\"value\":1,\"tries\":9},{\"address\":\"0xa0004\",\"width\":16,\"value\":2,"
    "\"mask\":2}],\"cpu\":{\"budget_us\":2000,\"period_us\":9000}}",
};
#define SEEDS (sizeof(seeds) / sizeof(seeds[0]))

/* Bytes and pieces that matter to the grammar or to the fields. */
static const char *const pieces[] = {"{",	  "}",		"[",
				     "]",	  ",",		":",
				     "\"",	  "\\",		"\\u",
				     "\\ud800",	  "0",		"-",
				     "1e9",	  "4294967295", "4096",
				     "null",	  "true",	"\"a\":1",
				     "\xc3",	  "\x01",	"\"0xef000\"",
				     "\"x-\":{}", " ",		"\n",
				     "[[[[[[",	  "65535",	"\"name\":\"b\","};
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static manifest_reader_t reader;
static manifest_errors_t errors;
static manifest_t manifest;
static manifest_t first;

/* Xorshift: the same numbers on every machine. */
static uint32_t random_below(uint32_t *state, uint32_t bound)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % bound;
}

static size_t replace(char *text, size_t size, size_t at, size_t gone, const char *piece,
		      size_t length)
{
	if (gone > size - at)
		gone = size - at;
	if (size - gone + length > TEXT_MAX)
		return size;
	memmove(text + at + length, text + at + gone, size - at - gone);
	memcpy(text + at, piece, length);
	return size - gone + length;
}

static size_t mutate(char *text, size_t size, uint32_t *random)
{
	size_t at = random_below(random, (uint32_t)size + 1);
	char byte = (char)random_below(random, 256);
	const char *piece = pieces[random_below(random, PIECES)];
	char copy[32];
	size_t from = random_below(random, (uint32_t)size + 1);
	size_t length = size - from < sizeof(copy) ? size - from : sizeof(copy);
	memcpy(copy, text + from, length);
	switch (random_below(random, 5)) {
	case 0:
		return replace(text, size, at, 1, &byte, 1);
	case 1:
		return replace(text, size, at, 0, piece, strlen(piece));
	case 2:
		return replace(text, size, at, random_below(random, 8), piece, strlen(piece));
	case 3:
		return replace(text, size, at, random_below(random, 16), "", 0);
	default:
		return replace(text, size, at, 0, copy, length);
	}
}

/* Every access lies in a range, has its width and its direction, and there is an end. */
static void check_safe_ops(const manifest_t *m)
{
	safe_run_t run = {0};
	safe_access_t access;
	uint32_t accesses = 0;
	while (safe_next(m, &run, 0xa5a5a5a5u, &access)) {
		assert_true(++accesses <= MANIFEST_SAFE_MAX * 1000);
		if (access.memory) {
			assert_true(access.index < m->caps.mmio.count);
			uint32_t size = m->caps.mmio.items[access.index].size;
			assert_true(access.where <= size - access.width);
			continue;
		}
		assert_true(access.index < m->caps.pio.count);
		const pio_range_t *range = &m->caps.pio.items[access.index];
		assert_true(range->start <= access.where &&
			    access.where + access.width - 1 <= range->end);
		assert_true(range->widths & access.width);
		assert_true(range->rights & (access.write ? RIGHT_WRITE : RIGHT_READ));
	}
}

static void check_invariants(const manifest_t *m)
{
	assert_true(m->name[0] >= 'a' && m->name[0] <= 'z');
	assert_true(strlen(m->name) <= MANAGER_NAME_MAX && m->image[0]);
	assert_true(m->abi.min >= 1 && m->abi.min <= m->abi.max);
	assert_true(m->caps.pio.count <= DRIVER_CAPS_MAX);
	for (uint32_t i = 0; i < m->caps.pio.count; i++) {
		const pio_range_t *range = &m->caps.pio.items[i];
		span_t withheld;
		assert_true(range->start <= range->end);
		assert_false(ports_withheld(pio_span(range), &withheld));
		assert_true(range->widths && range->widths <= PIO_WIDTH_ALL && range->rights);
	}
	for (uint32_t i = 0; i < m->caps.irq.count; i++)
		assert_true(m->caps.irq.items[i].line < IRQ_LINES && m->caps.irq.items[i].line);
	for (uint32_t i = 0; i < m->caps.mmio.count; i++) {
		const mmio_range_t *range = &m->caps.mmio.items[i];
		assert_true(range->size && (range->base | range->size) % PAGE_SIZE == 0);
		assert_true(span_inside(mmio_span(range), memory_window()));
	}
	assert_true(m->memory_kib >= MANIFEST_MEMORY_KIB_MIN && m->memory_kib <= 16384);
	assert_true(m->priority >= 1 && m->priority <= 20);
	assert_true(m->restart.policy.kind < POLICY_KIND_COUNT);
	assert_true(m->cpu.budget_us / 1000 < m->cpu.period_us / 1000);
	assert_true(m->cpu.period_us / 1000 <= heartbeat_silence_ms(&m->heartbeat));
	check_safe_ops(m);
	assert_null(policy_problem(&m->restart.policy));
}

/* Parses a copy that ends where the text ends; true if it was accepted. */
static bool try_text(const char *text, size_t size, registry_t *registry)
{
	char *copy = malloc(size ? size : 1);
	assert_non_null(copy);
	memcpy(copy, text, size);
	err_t error = manifest_parse(&reader, "f", copy, size, &manifest, &errors);
	free(copy);
	assert_true(errors.count <= MANIFEST_ERRORS_MAX);
	for (uint32_t i = 0; i < errors.count; i++)
		assert_true(memchr(errors.lines[i], '\0', MANIFEST_ERROR_SIZE) != NULL);
	assert_int_equal(error == DRV_OK, errors.count == 0);
	if (error)
		return false;
	check_invariants(&manifest);
	registry_check(registry, "g", &manifest, &errors);
	return true;
}

static void no_mutation_breaks_a_promise(void **state)
{
	(void)state;
	static char text[TEXT_MAX];
	static registry_t registry;
	uint32_t random = 0x2545f491u;
	uint32_t accepted = 0;
	registry_clear(&registry);
	manifest_parse(&reader, "f", seeds[0], strlen(seeds[0]), &first, &errors);
	assert_int_equal(registry_add(&registry, "ps2kbd.drv.json", &first, &errors), DRV_OK);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		const char *seed = seeds[random_below(&random, SEEDS)];
		size_t size = strlen(seed);
		memcpy(text, seed, size);
		for (uint32_t n = random_below(&random, MUTATIONS_MAX) + 1; n; n--)
			size = mutate(text, size, &random);
		accepted += try_text(text, size, &registry);
	}
	/* Had nothing or everything been accepted, this test would test nothing. */
	assert_in_range(accepted, ROUNDS / 200, ROUNDS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_mutation_breaks_a_promise)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
