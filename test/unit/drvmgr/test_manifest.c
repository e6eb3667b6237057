/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the manifest room, claims/manifest.h: what is read, and how a
 * refusal reads. */
#include "manifest_bench.h"

static void the_users_own_example_is_valid_as_it_is(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("{\"name\":\"ps2kbd\",\"abi\":1,\n"
		  " \"caps\":{\"irq\":[1],\"pio\":[{\"start\":96,\"end\":100}],\"mmio\":[]},\n"
		  " \"restart\":\"on-failure\"}"),
	    DRV_OK);
	assert_string_equal(manifest.name, "ps2kbd");
	assert_string_equal(manifest.image, "ps2kbd.elf");
	assert_int_equal(manifest.abi.min, 1);
	assert_int_equal(manifest.abi.max, 1);
	assert_int_equal(manifest.caps.irq.count, 1);
	assert_int_equal(manifest.caps.irq.items[0].line, 1);
	assert_int_equal(manifest.caps.pio.count, 1);
	assert_int_equal(manifest.caps.pio.items[0].start, 96);
	assert_int_equal(manifest.caps.pio.items[0].end, 100);
	assert_int_equal(manifest.caps.mmio.count, 0);
	assert_int_equal(manifest.restart.policy.kind, POLICY_ON_FAILURE);
	assert_int_equal(manifest.caps.irq.items[0].place.line, 2);
	assert_int_equal(manifest.caps.irq.items[0].place.column, 17);
	assert_int_equal(manifest.caps.pio.items[0].place.column, 27);
}

static void what_is_absent_has_its_default(void **state)
{
	(void)state;
	assert_int_equal(
	    parse_with("\"caps\":{\"irq\":[5],\"pio\":[{\"start\":768,\"end\":769}],"
		       "\"mmio\":[{\"base\":\"0xa0000\",\"size\":4096}]}"),
	    DRV_OK);
	assert_int_equal(manifest.memory_kib, 256);
	assert_int_equal(manifest.priority, 10);
	assert_int_equal(manifest.lifecycle.probe_ms, 500);
	assert_int_equal(manifest.lifecycle.init_ms, 2000);
	assert_int_equal(manifest.lifecycle.quiesce_ms, 500);
	assert_int_equal(manifest.lifecycle.stop_ms, 500);
	assert_int_equal(manifest.lifecycle.recover_ms, 1000);
	assert_int_equal(manifest.heartbeat.period_ms, 250);
	assert_int_equal(manifest.heartbeat.misses, 3);
	assert_int_equal(manifest.heartbeat.progress_ms, 750);
	assert_int_equal(manifest.cpu.budget_us, 25000);
	assert_int_equal(manifest.cpu.period_us, 100000);
	assert_true(manifest.hold);
	assert_int_equal(manifest.sha256.present, 0);
	assert_string_equal(manifest.group.name, "");
	assert_int_equal(manifest.safe_state.count, 0);
	assert_int_equal(manifest.restart.policy.kind, POLICY_NEVER);
	assert_int_equal(manifest.restart.policy.base_ms, 100);
	assert_int_equal(manifest.restart.policy.burst, 5);
	assert_int_equal(manifest.restart.policy.window_ms, 60000);
	assert_int_equal(manifest.caps.irq.items[0].trigger, IRQ_EDGE);
	assert_int_equal(manifest.caps.irq.items[0].ack_ms, 20);
	assert_int_equal(manifest.caps.pio.items[0].widths, PIO_WIDTH_ALL);
	assert_int_equal(manifest.caps.pio.items[0].rights, RIGHT_READ | RIGHT_WRITE);
	assert_int_equal(manifest.needs.count, 0);
}

static void every_field_that_is_given_is_read(void **state)
{
	(void)state;
	assert_int_equal(
	    parse(
		"{\"$schema\":\"any\",\"x-note\":{\"a\":[1]},\"n\\u0061me\":\"a-b_9\","
		"\"abi\":{\"min\":1,\"max\":3},\"image\":\"Other.elf\",\"caps\":{\"x-y\":1,"
		"\"pio\":[{\"start\":\"0x3F8\",\"end\":1023,\"width\":[8,32],\"mode\":\"r\"}],"
		"\"irq\":[{\"line\":4,\"trigger\":\"level\",\"share\":true,\"ack_ms\":7}],"
		"\"mmio\":[{\"base\":\"0xEF000\",\"size\":\"0x1000\",\"cache\":\"uncached\"}"
		"]},"
		"\"memory_kib\":16384,\"priority\":20,\"requires\":[\"p\",\"q\"],"
		"\"provides\":[\"tty\"],\"uses\":[\"operator\",\"vga\"],"
		"\"lifecycle\":{\"probe\":10,\"init\":10000,\"quiesce\":30,\"stop\":40,"
		"\"recover\":50},"
		"\"heartbeat\":{\"period_ms\":20,\"misses\":10,\"progress_ms\":0},"
		"\"restart\":{\"policy\":\"always\",\"first_ms\":1,\"base_ms\":10,"
		"\"factor_pct\":100,\"max_ms\":20,\"burst\":3,\"window_ms\":1000,"
		"\"reset_ms\":100},"
		"\"sha256\":"
		"\"00112233445566778899aabbccddeeffFFEEDDCCBBAA99887766554433221100\","
		"\"group\":{\"name\":\"g\",\"strategy\":\"rest\"},\"hold\":false,"
		"\"cpu\":{\"budget_us\":50000,\"period_us\":200000},"
		"\"safe_state\":[{\"op\":\"wait\",\"port\":\"0x3f8\",\"width\":32,"
		"\"value\":1,\"mask\":\"0x3\",\"tries\":7}]}"),
	    DRV_OK);
	assert_int_equal(manifest.sha256.bytes[1], 0x11);
	assert_int_equal(manifest.sha256.bytes[16], 0xff);
	assert_string_equal(manifest.group.name, "g");
	assert_int_equal(manifest.group.strategy, GROUP_REST);
	assert_false(manifest.hold);
	assert_int_equal(manifest.cpu.budget_us, 50000);
	assert_true(manifest.caps.irq.items[0].shared);
	const safe_op_t *op = &manifest.safe_state.items[0];
	assert_int_equal(op->kind, SAFE_WAIT);
	assert_int_equal(op->port, 0x3f8);
	assert_int_equal(op->width, 4);
	assert_int_equal(op->mask, 3);
	assert_int_equal(op->tries, 7);
	assert_string_equal(manifest.name, "a-b_9");
	assert_string_equal(manifest.image, "Other.elf");
	assert_int_equal(manifest.abi.max, 3);
	const pio_range_t *pio = &manifest.caps.pio.items[0];
	assert_int_equal(pio->start, 0x3f8);
	assert_int_equal(pio->widths, PIO_WIDTH_8 | PIO_WIDTH_32);
	assert_int_equal(pio->rights, RIGHT_READ);
	assert_int_equal(manifest.caps.irq.items[0].trigger, IRQ_LEVEL);
	assert_int_equal(manifest.caps.irq.items[0].ack_ms, 7);
	assert_int_equal(manifest.caps.mmio.items[0].base, 0xef000u);
	assert_int_equal(manifest.memory_kib, 16384);
	assert_int_equal(manifest.needs.count, 2);
	assert_string_equal(manifest.needs.items[1], "q");
	assert_string_equal(manifest.provides.items[0], "tty");
	assert_int_equal(manifest.lifecycle.recover_ms, 50);
	assert_int_equal(manifest.heartbeat.progress_ms, 0);
	assert_int_equal(manifest.restart.policy.kind, POLICY_ALWAYS);
	assert_int_equal(manifest.restart.policy.reset_ms, 100);
}

static void errors_name_file_line_column_and_path(void **state)
{
	(void)state;
	assert_int_equal(parse("{\"name\":\"d\",\n\"abi\":1,\n\"caps\":{\"pio\":["
			       "{\"start\":96,\n \"end\": 70000}]}}"),
			 DRV_EFORMAT);
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.lines[0],
			    "d.drv.json:4:9: caps.pio[0].end: 70000 is outside 0..65535");
}

static void all_errors_are_told_in_one_pass(void **state)
{
	(void)state;
	assert_int_equal(parse("{\"abi\":99,\"abi\":14,\"prio\":1,\"priority\":0,"
			       "\"caps\":{\"irq\":[0,16]},\"restart\":\"maybe\"}"),
			 DRV_EFORMAT);
	assert_int_equal(errors.count, 8);
	assert_true(has_error("this key is here twice"));
	assert_true(has_error(
	    "prio: there is no such field; did you mean \"priority\"? Known: name abi image "
	    "sha256 caps memory_kib priority cpu requires provides uses lifecycle heartbeat "
	    "restart group hold safe_state"));
	assert_true(has_error("priority: 0 is outside 1..20"));
	assert_true(has_error("caps.irq[1]: 16 is outside 0..15"));
	assert_true(has_error("restart: \"maybe\" is not known here. Known: \"never\", "
			      "\"on-failure\", \"always\""));
	assert_true(has_error("name: is missing"));
	assert_true(has_error("abi: 14..14 has nothing in common with this manager's 1..13"));
	assert_true(has_error("caps.irq[0]: line 0 is the kernel timer's and never granted"));
}

/* "d.drv.json:LINE:COLUMN: …": what stands behind the file, as one number. */
static unsigned long place_of(const char *line)
{
	unsigned at, column;
	assert_int_equal(sscanf(line, FILE_NAME ":%u:%u:", &at, &column), 2);
	return (unsigned long)at << 16 | column;
}

static void errors_are_told_in_the_order_of_their_places(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("{\"cpu\":{\"budget_us\":5000,\"period_us\":2000},\n"
		  "\"caps\":{\"irq\":[0,2],\n \"pio\":[{\"start\":5,\"end\":3}]},\n"
		  "\"abi\":99,\"name\":\"d\",\n\"priority\":0,\"hodl\":1}"),
	    DRV_EFORMAT);
	assert_in_range(errors.count, 6, MANIFEST_ERRORS_MAX);
	for (uint32_t i = 1; i < errors.count; i++)
		assert_true(place_of(errors.lines[i - 1]) <= place_of(errors.lines[i]));
	assert_true(has_error("caps.irq[0]: line 0 is the kernel timer's and never granted"));
	assert_true(has_error("priority: 0 is outside 1..20"));
}

static void of_too_many_errors_the_first_by_place_are_kept(void **state)
{
	(void)state;
	manifest_errors_t many = {.count = 0};
	manifest_note(&many, "f", "a note");
	for (uint32_t i = 40; i > 0; i--)
		manifest_error(&many, "f", (place_t){i, 1}, "e");
	assert_int_equal(many.count, MANIFEST_ERRORS_MAX);
	assert_int_equal(many.dropped, 41 - MANIFEST_ERRORS_MAX);
	assert_string_equal(many.lines[0], "f:1:1: e");
	assert_string_equal(many.lines[MANIFEST_ERRORS_MAX - 1], "f:32:1: e");
	manifest_error(&many, "f", (place_t){1, 1}, "found later");
	assert_string_equal(many.lines[0], "f:1:1: e");
	assert_string_equal(many.lines[1], "f:1:1: found later");
	many.count = many.dropped = 0;
	manifest_note(&many, "f", "a note");
	manifest_error(&many, "f", (place_t){7, 1}, "e");
	assert_string_equal(many.lines[0], "f:7:1: e");
	assert_string_equal(many.lines[1], "f: a note");
}

static const char *brief(uint32_t more, const char *file, const char *what, size_t size)
{
	static char text[MANIFEST_ERROR_SIZE];
	static manifest_errors_t some;
	some.count = some.dropped = 0;
	manifest_error(&some, file, (place_t){1, 22}, "%s", what);
	some.dropped = more;
	manifest_brief(&some, file, text, size);
	assert_true(strlen(text) < size);
	return text;
}

static void a_brief_has_the_first_error_and_says_what_it_leaves_out(void **state)
{
	const char *long_name =
	    "name: \"a-name-that-is-far-too-long-to-be-one\" is no name of a driver";
	(void)state;
	assert_string_equal(brief(0, "d.drv.json", "name: is missing", 120),
			    "1:22: name: is missing");
	assert_string_equal(brief(2, "d.drv.json", "name: is missing", 120),
			    "1:22: name: is missing (and 2 more in the log)");
	assert_string_equal(brief(0, "d.drv.json", long_name, 66),
			    "1:22: name:... (all of it in the log)");
	assert_string_equal(
	    brief(7, "d.drv.json", long_name, 98),
	    "1:22: name: \"a-name-that-is-far-too-long-to-be-one\" is no... (and "
	    "7 more in the log)");
	/* A word that does not fit is cut, and so is a file's name in front of it. */
	char word[100] = "", file[100] = "";
	memset(word, 'x', sizeof(word) - 1);
	memset(file, 'f', sizeof(file) - 1);
	manifest_errors_t note = {.count = 0};
	char text[64];
	manifest_note(&note, file, "%s", word);
	note.dropped = UINT32_MAX - 1;
	manifest_brief(&note, file, text, sizeof(text));
	assert_string_equal(text,
			    "xxxxxxxxxxxxxxxxxxxxxxxx... (and 4294967294 more in the log)");
}

static void not_more_than_32_errors_are_kept_and_the_rest_is_counted(void **state)
{
	(void)state;
	char more[1024] = "";
	for (unsigned i = 0; i < 40; i++) {
		size_t used = strlen(more);
		snprintf(more + used, sizeof(more) - used, "%s\"k%u\":0", i ? "," : "", i);
	}
	assert_int_equal(parse_with(more), DRV_EFORMAT);
	assert_int_equal(errors.count, MANIFEST_ERRORS_MAX);
	assert_int_equal(errors.dropped, 40 - MANIFEST_ERRORS_MAX);
	assert_int_equal(parse_with(""), DRV_OK);
	assert_int_equal(errors.count, 0);
}

static void a_missing_field_is_refused(void **state)
{
	(void)state;
	assert_int_equal(parse("{}"), DRV_EFORMAT);
	assert_true(has_error("name: is missing"));
	assert_true(has_error("abi: is missing"));
	assert_int_equal(parse("[]"), DRV_EFORMAT);
	assert_true(has_error("an object is expected"));
	assert_int_equal(parse_caps("pio", "[{}]"), DRV_EFORMAT);
	assert_true(has_error("caps.pio[0].start: is missing"));
	assert_true(has_error("caps.pio[0].end: is missing"));
}

static void an_abi_that_is_not_spoken_is_refused(void **state)
{
	(void)state;
	/* clang-format off */
	static const struct {
		const char *abi;
		err_t result;
	} rows[] = {
		{"1", DRV_OK}, {"{\"min\":1,\"max\":65535}", DRV_OK},
		{"13", DRV_OK}, {"14", DRV_EFORMAT}, {"0", DRV_EFORMAT}, {"65536", DRV_EFORMAT},
		{"1.0", DRV_EFORMAT}, {"\"1\"", DRV_EFORMAT}, {"{\"min\":1}", DRV_EFORMAT},
		{"{\"min\":3,\"max\":2}", DRV_EFORMAT}, {"{\"min\":14,\"max\":15}", DRV_EFORMAT},
	};
	/* clang-format on */
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[96];
		snprintf(text, sizeof(text), "{\"name\":\"d\",\"abi\":%s}", rows[i].abi);
		assert_int_equal(parse(text), rows[i].result);
	}
}

static void the_highest_common_abi_is_chosen(void **state)
{
	(void)state;
	assert_int_equal(parse("{\"name\":\"d\",\"abi\":{\"min\":1,\"max\":13}}"), DRV_OK);
	assert_int_equal(manifest_abi(&manifest, 1, 14), DRIVER_ABI_MAX);
	assert_int_equal(manifest_abi(&manifest, DRIVER_ABI_MAX + 1, 14), 0);
	assert_int_equal(manifest_abi(&manifest, 0, 0), 0);
	assert_int_equal(manifest_abi(&manifest, 5, 1), 0);
}

static void connections_are_what_uses_and_requires_name(void **state)
{
	(void)state;
	assert_int_equal(parse_with("\"uses\":[\"operator\",\"a\"],\"requires\":[\"b\"]"),
			 DRV_OK);
	assert_true(manifest_uses(&manifest, "operator"));
	assert_true(manifest_uses(&manifest, "a"));
	assert_true(manifest_uses(&manifest, "b"));
	assert_false(manifest_uses(&manifest, "c"));
	assert_false(manifest_uses(&manifest, "d"));
}

static void bytes_behind_a_nul_are_refused(void **state)
{
	(void)state;
	static const char text[] = "{\"name\":\"d\",\"abi\":1}\0{}";
	assert_int_equal(
	    manifest_parse(&reader, FILE_NAME, text, sizeof(text) - 1, &manifest, &errors),
	    DRV_EFORMAT);
	assert_string_equal(errors.lines[0], "d.drv.json:1:21: bytes after the end");
}

static void a_long_path_or_value_is_cut_and_harmless(void **state)
{
	(void)state;
	char key[3000];
	memset(key, 'k', sizeof(key));
	key[sizeof(key) - 1] = '\0';
	char more[4000];
	snprintf(more, sizeof(more), "\"%s\":\"\x7f\xc2\x9b\"", key);
	assert_int_equal(parse_with(more), DRV_EFORMAT);
	assert_true(strlen(errors.lines[0]) < MANIFEST_ERROR_SIZE);
	assert_int_equal(parse_with("\"restart\":\"\x7f\xc2\x9b\""), DRV_EFORMAT);
	assert_true(has_error("restart: \"???\" is not known here. Known: \"never\", "
			      "\"on-failure\", \"always\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_users_own_example_is_valid_as_it_is),
	    cmocka_unit_test(what_is_absent_has_its_default),
	    cmocka_unit_test(every_field_that_is_given_is_read),
	    cmocka_unit_test(errors_name_file_line_column_and_path),
	    cmocka_unit_test(all_errors_are_told_in_one_pass),
	    cmocka_unit_test(errors_are_told_in_the_order_of_their_places),
	    cmocka_unit_test(of_too_many_errors_the_first_by_place_are_kept),
	    cmocka_unit_test(a_brief_has_the_first_error_and_says_what_it_leaves_out),
	    cmocka_unit_test(not_more_than_32_errors_are_kept_and_the_rest_is_counted),
	    cmocka_unit_test(a_missing_field_is_refused),
	    cmocka_unit_test(an_abi_that_is_not_spoken_is_refused),
	    cmocka_unit_test(the_highest_common_abi_is_chosen),
	    cmocka_unit_test(connections_are_what_uses_and_requires_name),
	    cmocka_unit_test(bytes_behind_a_nul_are_refused),
	    cmocka_unit_test(a_long_path_or_value_is_cut_and_harmless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
