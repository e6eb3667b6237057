/* SPDX-License-Identifier: BSD-2-Clause */
/* Whoever watches the reader of an archive sees it go on, however much there is to read. */
#include "archive_maker.h"

static admission_t admission;
static manifest_errors_t errors;
static uint32_t steps;

static void count_step(void *context)
{
	(*(uint32_t *)context)++;
}

static void say(void *context, const char *line)
{
	(void)context;
	(void)line;
}

static void scan(void)
{
	pack_files();
	steps = 0;
	admission.goes_on = count_step;
	admission.watched = &steps;
	admission_scan(&admission, archive, archive_size, &errors, say, NULL);
}

static bool nobody(void *context, const char *image)
{
	(void)context;
	(void)image;
	return false;
}

static void each_pass_over_the_files_goes_on_with_each(void **state)
{
	(void)state;
	begin_archive();
	for (uint32_t i = 0; i < 40; i++)
		add_text("text", "");
	scan();
	assert_in_range(steps, 2 * 40, 2 * 41); /* boot.list, manifests, and the end */
	steps = 0;
	admission_say_orphans(&admission, nobody, say, NULL);
	assert_int_equal(steps, (40 + ADMISSION_HEADERS - 1) / ADMISSION_HEADERS);
}

static void a_large_image_is_hashed_in_pieces(void **state)
{
	(void)state;
	static uint8_t large[2 * ADMISSION_PIECE + 100];
	static manifest_reader_t reader;
	static manifest_t manifest;
	static registry_t registry;
	char text[256] = "{\"name\":\"one\",\"abi\":1,\"image\":\"large.elf\",\"sha256\":\"";
	uint8_t digest[SHA256_SIZE];
	image_t image;
	begin_archive();
	memcpy(large, &good, sizeof(good));
	digest_of(large, sizeof(large), digest);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		sprintf(text + strlen(text), "%02x", digest[i]);
	strcat(text, "\"}");
	add_file("large.elf", '0', large, sizeof(large));
	add_text("one.drv.json", text);
	scan();
	assert_int_equal(admission.count, 1);
	steps = 0;
	assert_int_equal(
	    admission_check(&admission, 0, &registry, &reader, &manifest, &image, &errors),
	    DRV_OK);
	assert_int_equal(steps, 1 + 2); /* the file, and its whole pieces */
}

/* With more programs than the table has room for, an image is looked for in the archive. */
static void a_search_through_the_archive_goes_on_with_each_file(void **state)
{
	(void)state;
	static manifest_reader_t reader;
	static manifest_t manifest;
	static registry_t registry;
	image_t image;
	begin_archive();
	for (uint32_t i = 0; i < 30; i++)
		add_text("text", "");
	add_program("one.prg");
	add_text("one.drv.json", "{\"name\":\"one\",\"abi\":1,\"image\":\"one.prg\"}");
	scan();
	steps = 0;
	assert_int_equal(
	    admission_check(&admission, 0, &registry, &reader, &manifest, &image, &errors),
	    DRV_OK);
	assert_in_range(steps, 32, 34);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_pass_over_the_files_goes_on_with_each),
	    cmocka_unit_test(a_large_image_is_hashed_in_pieces),
	    cmocka_unit_test(a_search_through_the_archive_goes_on_with_each_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
