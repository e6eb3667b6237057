/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of claims/admission.h: archives are made here, in any order of their files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "archive_maker.h"
#include "claims/admission.h"
#include "claims/claims.h"

#define PERMUTATIONS 10000u
#define TEXT_SIZE    16384u
#define BESIDE	     13u /* pages that a driver without devices takes beside its image */

static admission_t admission;
static manifest_reader_t reader;
static manifest_errors_t errors;
static manifest_t manifests[REGISTRY_MAX];
static registry_t registry;
static char said[TEXT_SIZE];
static bool clean;

static int setup(void **state)
{
	(void)state;
	begin_archive();
	return 0;
}

static void say(void *context, const char *line)
{
	(void)context;
	size_t used = strlen(said);
	snprintf(said + used, sizeof(said) - used, "%s\n", line);
}

static void admit_one(uint32_t index)
{
	image_t image;
	char text[CLAIMS_TOLD];
	claim_conflict_t conflict;
	err_t err = admission_check(&admission, index, &registry, &reader, &manifests[index],
				    &image, &errors);
	for (uint32_t i = 0; i < errors.count; i++)
		say(NULL, errors.lines[i]);
	if (err) {
		snprintf(text, sizeof(text), "%s: refused %d", admission.items[index].file,
			 err);
		say(NULL, text);
		return;
	}
	assert_ptr_equal(image.data,
			 (const uint8_t *)archive + ((const uint8_t *)image.data - archive));
	assert_int_equal(
	    registry_add(&registry, admission.items[index].file, &manifests[index], &errors),
	    DRV_OK);
	snprintf(text, sizeof(text), "%s: admitted, priority %u", manifests[index].name,
		 manifests[index].priority);
	say(NULL, text);
	if (!claims_check(&registry, registry.count - 1, UINT32_MAX, &conflict))
		return;
	claims_tell(&registry, registry.count - 1, &conflict, true, text, sizeof(text));
	say(NULL, text);
}

/* Admits all that was packed; `said` has every word and every decision. */
static void admit(void)
{
	said[0] = '\0';
	registry_clear(&registry);
	clean = admission_scan(&admission, archive, archive_size, &errors, say, NULL);
	for (uint32_t i = 0; i < admission.count; i++)
		admit_one(i);
}

/* Packs the files in their order, and admits all. */
static void run(void)
{
	pack_files();
	admit();
}

static void expect_said(const char *text)
{
	if (!strstr(said, text))
		fail_msg("not said: %s\nbut:\n%s", text, said);
}

static void essential_drivers_come_first_and_then_names(void **state)
{
	(void)state;
	add_program("a.elf");
	add_manifest("aaa", "\"caps\":{\"irq\":[4]}");
	add_manifest("console", "\"priority\":3");
	add_manifest("serial", "\"caps\":{\"irq\":[4]}");
	add_manifest("bbb", "");
	add_text("boot.list", "console 21\nserial 23\n");
	run();
	static const char *const order[] = {"serial", "console", "aaa", "bbb"};
	assert_int_equal(registry.count, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_string_equal(registry.entries[i].manifest->name, order[i]);
	assert_int_equal(registry.entries[0].manifest->priority, 23);
	assert_int_equal(registry.entries[1].manifest->priority, 21);
	assert_true(registry.entries[1].manifest->essential);
	assert_false(registry.entries[2].manifest->essential);
	expect_said("waits for serial: line 4 (aaa.drv.json:1:54), which it has "
		    "(serial.drv.json:1:57)");
	assert_true(clean);
}

static void no_crowd_displaces_an_essential_driver(void **state)
{
	(void)state;
	char name[8];
	add_program("a.elf");
	for (unsigned i = 0; i < REGISTRY_MAX; i++) {
		snprintf(name, sizeof(name), "a%02u", i);
		add_manifest(name, "");
	}
	add_manifest("console", "");
	add_manifest("serial", "");
	add_text("1.drv.json", "{}"); /* called like no driver: behind all that are */
	add_text("boot.list", "console 21\nserial 23\n");
	run();
	assert_int_equal(registry.count, REGISTRY_MAX);
	assert_string_equal(registry.entries[0].manifest->name, "serial");
	assert_string_equal(registry.entries[1].manifest->name, "console");
	assert_string_equal(registry.entries[31].manifest->name, "a29");
	assert_false(clean);
	expect_said(
	    "there is room for 32 drivers: manifests behind a29.drv.json are ignored\n");
}

static void what_is_in_the_archive_twice_is_not_taken(void **state)
{
	(void)state;
	add_program("a.elf");
	add_program("b.elf");
	add_program("b.elf");
	add_manifest("one", "");
	add_manifest("two", "");
	add_manifest("two", "\"priority\":3");
	add_text("three.drv.json", "{\"name\":\"three\",\"abi\":1,\"image\":\"b.elf\"}");
	run();
	assert_int_equal(registry.count, 1);
	expect_said("two.drv.json: is in the archive twice, so neither is taken\n");
	expect_said("three.drv.json: image b.elf is in the archive twice\n");
	expect_said("boot.list: is not in the archive, so no driver is essential\n");
	add_text("boot.list", "one 24\n");
	add_text("boot.list", "two 24\n");
	run();
	expect_said("boot.list: is in the archive twice, so none of them counts\n");
	assert_false(registry.entries[0].manifest->essential);
	assert_false(clean);
}

static void only_files_at_the_top_are_taken(void **state)
{
	(void)state;
	add_program("a.elf");
	add_manifest("good", "");
	add_file("dir/", '5', "", 0);
	add_file("link.drv.json", '2', "", 0);
	add_file("hard.elf", '1', "", 0);
	add_file("pipe.elf", '6', "", 0);
	add_file("../up.drv.json", '0', "{}", 2);
	add_file("dir/in.drv.json", '0', "{}", 2);
	add_file("dir/..", '0', "{}", 2);
	add_file("a..b.elf", '0', "x", 1);
	add_file("\x1b[m.drv.json", '2', "", 0);
	run();
	assert_int_equal(admission.count, 1);
	assert_int_equal(registry.count, 1);
	assert_false(clean);
	expect_said("link.drv.json: is a link, and only files are taken\n");
	expect_said("hard.elf: is a link, and only files are taken\n");
	expect_said("pipe.elf: is no regular file\n");
	expect_said("../up.drv.json: leads out of the archive\n");
	expect_said("dir/..: leads out of the archive\n");
	expect_said("dir/in.drv.json: is in a directory, and only files at the top of the "
		    "archive are taken\n");
	expect_said("?[m.drv.json: is a link");
	assert_null(strstr(said, "a..b.elf"));
}

static void behind_what_is_damaged_nothing_is_taken_and_it_is_told(void **state)
{
	(void)state;
	add_program("a.elf");
	add_manifest("good", "");
	pack_files();
	size_t good_size = archive_size;
	add_manifest("behind", "");
	run();
	assert_int_equal(registry.count, 2);
	assert_true(clean);
	archive[good_size]++;
	admit();
	assert_int_equal(registry.count, 1);
	assert_false(clean);
	assert_int_equal(good_size, 4 * BLOCK);
	expect_said("the boot archive is damaged behind byte 2048\n");
}

static void what_boot_list_names_and_nobody_is_is_told_and_harmless(void **state)
{
	(void)state;
	add_program("a.elf");
	add_manifest("serial", "");
	add_text("boot.list", "nobody 24\nserial 23\nserial 22\n");
	run();
	expect_said("boot.list:1:1: nobody is in no manifest of the archive\n");
	expect_said("boot.list:3:1: serial is here twice; the first line counts\n");
	assert_int_equal(registry.entries[0].manifest->priority, 23);
}

static void an_image_is_the_one_that_was_meant_and_fits(void **state)
{
	(void)state;
	char more[160] = "\"sha256\":\"";
	uint8_t digest[SHA256_SIZE];
	digest_of(&good, sizeof(good), digest);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		sprintf(more + strlen(more), "%02x", digest[i]);
	strcat(more, "\"");
	add_program("a.elf");
	add_manifest("meant", more);
	more[10] = more[10] == '0' ? '1' : '0';
	add_manifest("other", more);
	static program_file_t large;
	large = good;
	large.program[0].flags = 6;
	large.program[0].memory_bytes = 256 * 1024 - BESIDE * PAGE_SIZE + 1;
	large.head.program_count = 2;
	large.head.entry = 0x400000;
	large.program[0].flags = 5;
	add_file("large.elf", '0', &large, sizeof(large));
	add_text("small.drv.json", "{\"name\":\"small\",\"abi\":1,\"image\":\"large.elf\"}");
	add_text("wide.drv.json",
		 "{\"name\":\"wide\",\"abi\":1,\"image\":\"large.elf\",\"memory_kib\":260}");
	run();
	expect_said("meant: admitted");
	expect_said(
	    "other.drv.json: a.elf is refused: its SHA-256 is not the manifest's sha256\n");
	expect_said("small.drv.json: memory_kib 256 is too little: with large.elf it takes 260 "
		    "KiB\n");
	expect_said("wide: admitted");
}

static bool names_a(void *context, const char *image)
{
	(void)context;
	return strcmp(image, "a.elf") == 0;
}

static void programs_that_nobody_names_are_told(void **state)
{
	(void)state;
	add_program("a.elf");
	add_program("orphan.elf");
	add_file("link.elf", '2', "", 0);
	run();
	said[0] = '\0';
	admission_say_orphans(&admission, names_a, say, NULL);
	assert_string_equal(said, "orphan.elf: no manifest names it, so it is not started\n");
}

static void a_refused_manifest_names_the_program_that_is_called_like_it(void **state)
{
	(void)state;
	manifest_t unread = {0}, read = {.image = "b.elf"};
	assert_true(admission_names("a.drv.json", &unread, "a.elf"));
	assert_false(admission_names("a.drv.json", &unread, "ab.elf"));
	assert_false(admission_names("ab.drv.json", &unread, "a.elf"));
	assert_true(admission_names("a.drv.json", &read, "b.elf"));
	assert_false(admission_names("a.drv.json", &read, "a.elf"));
}

static void swap(file_t *a, file_t *b)
{
	file_t kept = *a;
	*a = *b;
	*b = kept;
}

static void add_mixed_files(void)
{
	add_program("a.elf");
	add_text("boot.list", "console 21\nserial 23\nnobody 24\n");
	add_manifest("serial", "\"caps\":{\"irq\":[4]},\"provides\":[\"tty\"]");
	add_manifest("console", "\"uses\":[\"tty\"]");
	add_manifest("aaa", "\"caps\":{\"irq\":[4]}");
	add_manifest("bbb", "\"provides\":[\"tty\"]");
	add_manifest("ccc", "\"provides\":[\"serial\",\"ddd\",\"broken\"]");
	add_manifest("ddd", "\"caps\":{\"pio\":[{\"start\":768,\"end\":770}]}");
	add_manifest("eee", "\"caps\":{\"pio\":[{\"start\":770,\"end\":771}]}");
	add_manifest("fff", "\"group\":{\"name\":\"g\",\"strategy\":\"all\"}");
	add_manifest("ggg", "\"group\":{\"name\":\"g\"}");
	add_manifest("twice", "\"priority\":3");
	add_manifest("twice", "\"priority\":4");
	add_text("hhh.drv.json", "{\"name\":\"iii\",\"abi\":1}");
	add_text("UPPER.drv.json", "{\"name\":\"upper\",\"abi\":1}");
	add_text("broken.drv.json", "{\"name\":");
	add_text("gone.drv.json", "{\"name\":\"gone\",\"abi\":1}");
	for (unsigned i = 0; i < 24; i++) {
		char name[8];
		snprintf(name, sizeof(name), "x%02u", i);
		add_manifest(name, "");
	}
	add_manifest("x23", "\"priority\":3"); /* for which there is no room, twice */
}

static void any_order_of_the_same_files_ends_in_the_same_admission(void **state)
{
	(void)state;
	static char first[TEXT_SIZE];
	uint32_t random = 0x2545f491u;
	add_mixed_files();
	run();
	expect_said("manifests behind");
	expect_said("aaa: admitted");
	expect_said("bbb: admitted");
	expect_said("waits for serial: service tty (bbb.drv.json:");
	expect_said("fff: admitted");
	expect_said("ggg: admitted");
	expect_said("group: \"g\" has another strategy in fff");
	expect_said("provides: \"serial\" is the name of the driver of serial.drv.json");
	expect_said("provides: \"ddd\" is the name of the driver of ddd.drv.json");
	expect_said("provides: \"broken\" is the name of the driver of broken.drv.json");
	expect_said("ddd: admitted");
	assert_string_equal(registry.entries[0].manifest->name, "serial");
	memcpy(first, said, sizeof(first));
	for (uint32_t round = 0; round < PERMUTATIONS; round++) {
		for (uint32_t i = file_count - 1; i > 0; i--) {
			random ^= random << 13;
			random ^= random >> 17;
			random ^= random << 5;
			swap(&files[i], &files[random % (i + 1)]);
		}
		run();
		assert_string_equal(said, first);
	}
}

static void a_program_for_another_abi_is_refused(void **state)
{
	static const struct {
		driver_note_t note;
		const char *said;
	} others[] = {
	    {{DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION, ABI_VERSION},
	     "one: admitted"},
	    {{DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION, ABI_VERSION - 1},
	     "one: admitted"},
	    {{DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION, ABI_VERSION + 1},
	     "is built for context"},
	    {{DRIVER_ABI_MAX + 1, DRIVER_ABI_MAX + 1, DRIVER_CONTEXT_VERSION, ABI_VERSION},
	     "no common driver ABI"},
	    {{DRIVER_ABI_MIN, DRIVER_ABI_LAYOUT - 1, DRIVER_CONTEXT_VERSION, ABI_VERSION},
	     "build it again"},
	    {{DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION + 1, ABI_VERSION},
	     "is built for context"},
	    {{DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION, ABI_VERSION + 0x10000},
	     "is built for context"},
	};
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		setup(state);
		good.note = others[i].note;
		add_program("a.elf");
		add_manifest("one", "");
		run();
		expect_said(others[i].said);
		assert_int_equal(registry.count, i < 2);
	}
}

#define TEST(function) cmocka_unit_test_setup(function, setup)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(essential_drivers_come_first_and_then_names),
	    TEST(no_crowd_displaces_an_essential_driver),
	    TEST(what_is_in_the_archive_twice_is_not_taken),
	    TEST(only_files_at_the_top_are_taken),
	    TEST(behind_what_is_damaged_nothing_is_taken_and_it_is_told),
	    TEST(what_boot_list_names_and_nobody_is_is_told_and_harmless),
	    TEST(an_image_is_the_one_that_was_meant_and_fits),
	    TEST(programs_that_nobody_names_are_told),
	    TEST(a_refused_manifest_names_the_program_that_is_called_like_it),
	    TEST(any_order_of_the_same_files_ends_in_the_same_admission),
	    TEST(a_program_for_another_abi_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
