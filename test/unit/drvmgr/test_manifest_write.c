/* SPDX-License-Identifier: BSD-2-Clause */
/* A manifest in force as JSON: all fields with their values, and the reader takes it again. */
#include "manifest_bench.h"

#include "claims/write.h"

static char text[JSON_SIZE_MAX + 1];

static const char *written(const manifest_t *of)
{
	json_sink_t sink = {.to = text, .size = sizeof(text)};
	manifest_write(of, &sink);
	assert_false(sink.full);
	text[sink.used] = '\0';
	return text;
}

static const char full[] =
    "{\"name\":\"d\",\n"
    "\"abi\":{\"min\":1,\"max\":3},\n"
    "\"image\":\"e.elf\",\n"
    "\"sha256\":\"00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff\",\n"
    "\"caps\":{\"pio\":[{\"start\":\"0x300\",\"end\":\"0x303\",\"width\":[8,16],"
    "\"mode\":\"w\"},{\"start\":782,\"end\":782,\"mode\":\"rw\"}],"
    "\"irq\":[{\"line\":5,\"trigger\":\"level\",\"share\":true,\"ack_ms\":7}],"
    "\"mmio\":[{\"base\":\"0xa0000\",\"size\":\"0x2000\",\"cache\":\"uncached\"}]},\n"
    "\"memory_kib\":300,\n"
    "\"priority\":3,\n"
    "\"cpu\":{\"budget_us\":1000,\"period_us\":2000},\n"
    "\"requires\":[\"a\"],\n"
    "\"provides\":[\"b\",\"c\"],\n"
    "\"uses\":[\"operator\"],\n"
    "\"lifecycle\":{\"probe\":11,\"init\":12,\"quiesce\":13,\"stop\":14,\"recover\":15},\n"
    "\"heartbeat\":{\"period_ms\":20,\"misses\":2,\"progress_ms\":30},\n"
    "\"restart\":{\"policy\":\"always\",\"first_ms\":1,\"base_ms\":20,\"factor_pct\":150,"
    "\"max_ms\":300,\"burst\":4,\"window_ms\":5000,\"reset_ms\":600},\n"
    "\"group\":{\"name\":\"g\",\"strategy\":\"all\"},\n"
    "\"hold\":false,\n"
    "\"safe_state\":[{\"op\":\"write\",\"port\":\"0x300\",\"width\":8,\"value\":\"0x1\","
    "\"mask\":\"0xff\",\"tries\":100},{\"op\":\"write\",\"address\":655360,\"width\":32,"
    "\"value\":7,\"tries\":100}]}\n";

static void all_fields_are_written_as_they_were_read(void **state)
{
	(void)state;
	assert_int_equal(parse(full), DRV_OK);
	assert_string_equal(written(&manifest), full);
}

/* And what it does not name has its value, too. */
static void what_is_written_of_any_manifest_is_read_as_the_same(void **state)
{
	static const char *const rows[] = {
	    "", "\"restart\":\"on-failure\"", "\"caps\":{\"irq\":[5]}",
	    "\"caps\":{\"pio\":[{\"start\":\"0x300\",\"end\":768}]}",
	    "\"x-note\":[1],\"hold\":false"};
	char first[sizeof(text)];
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(parse_with(rows[i]), DRV_OK);
		strcpy(first, written(&manifest));
		assert_non_null(strstr(first, "\"priority\":10,"));
		assert_int_equal(parse(first), DRV_OK);
		assert_string_equal(written(&manifest), first);
	}
}

/* Its priority is above those that a manifest may have. */
static void what_boot_list_gave_is_no_field(void **state)
{
	(void)state;
	assert_int_equal(parse_with(""), DRV_OK);
	manifest.essential = true;
	manifest.priority = 24;
	assert_non_null(strstr(written(&manifest), "\n\"x-priority\":24,\n"));
	assert_null(strstr(text, "\"priority\""));
	assert_non_null(strstr(text, "\n\"x-cpu\":{"));
	assert_null(strstr(text, "\"cpu\""));
	assert_int_equal(parse(text), DRV_OK);
	assert_int_equal(manifest.cpu.place.line, 0);
}

/* Its own budget counts, also if boot.list names it. */
static void what_the_file_has_is_a_field(void **state)
{
	(void)state;
	assert_int_equal(parse_with("\"cpu\": {\"budget_us\": 20000, \"period_us\": 50000}"),
			 DRV_OK);
	manifest.essential = true;
	assert_non_null(strstr(written(&manifest), "\n\"cpu\":{"));
	assert_null(strstr(text, "x-cpu"));
}

static void it_comes_in_pieces_of_any_size(void **state)
{
	(void)state;
	assert_int_equal(parse(full), DRV_OK);
	for (size_t size = 2; size < 500; size += 7) {
		char piece[500];
		text[0] = '\0';
		for (json_sink_t sink = {.full = true}; sink.full;) {
			sink = (json_sink_t){.to = piece, .size = size, .skip = strlen(text)};
			manifest_write(&manifest, &sink);
			piece[sink.used] = '\0';
			strcat(text, piece);
		}
		assert_string_equal(text, full);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_fields_are_written_as_they_were_read),
	    cmocka_unit_test(what_is_written_of_any_manifest_is_read_as_the_same),
	    cmocka_unit_test(what_boot_list_gave_is_no_field),
	    cmocka_unit_test(what_the_file_has_is_a_field),
	    cmocka_unit_test(it_comes_in_pieces_of_any_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
