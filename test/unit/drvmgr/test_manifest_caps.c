/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of what a manifest may ask for: ports, interrupts and memory, at their edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "manifest/manifest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static manifest_reader_t reader;
static manifest_errors_t errors;
static manifest_t manifest;

static err_t parse(const char *kind, const char *list)
{
	char text[JSON_SIZE_MAX];
	snprintf(text, sizeof(text), "{\"name\":\"d\",\"abi\":1,\"caps\":{\"%s\":%s}}", kind,
		 list);
	return manifest_parse(&reader, "d", text, strlen(text), &manifest, &errors);
}

/* True if exactly one error was found, and it is `text` at caps.KIND. */
static bool refused(const char *kind, const char *list, const char *text)
{
	err_t error = parse(kind, list);
	const char *found = errors.count ? strstr(errors.lines[0], "caps.") : NULL;
	if (error == DRV_EFORMAT && errors.count == 1 && found && strcmp(found, text) == 0)
		return true;
	print_error("%s: %u errors, the first: %s\n", list, errors.count,
		    errors.count ? errors.lines[0] : "");
	return false;
}

static bool pio_good(unsigned start, unsigned end)
{
	char list[96];
	snprintf(list, sizeof(list), "[{\"start\":%u,\"end\":%u}]", start, end);
	return parse("pio", list) == DRV_OK;
}

static void port_ranges_reach_to_65535(void **state)
{
	(void)state;
	assert_true(pio_good(65535, 65535));
	assert_true(pio_good(0x1000, 65535));
	assert_false(pio_good(0, 65536));
	assert_false(pio_good(65536, 65536));
}

static void ports_that_are_never_granted_are_refused_to_the_edge(void **state)
{
	(void)state;
	static const struct {
		unsigned first, last;
	} rows[] = {{0x00, 0x2d}, {0x30, 0x3d}, {0x40, 0x43},	{0x50, 0x53},  {0x81, 0x8f},
		    {0x91, 0xbd}, {0xc0, 0xdf}, {0x4d0, 0x4d1}, {0xcf8, 0xcff}};
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned first = rows[i].first, last = rows[i].last;
		assert_true(pio_good(last + 1, last + 1));
		assert_true(first == 0 || pio_good(first - 1, first - 1));
		assert_false(first > 0 && pio_good(first - 1, last + 1));
		assert_false(first > 0 && pio_good(first - 1, first));
		assert_false(pio_good(last, last + 1));
		for (unsigned port = first; port <= last; port++)
			assert_false(pio_good(port, port));
	}
	assert_false(pio_good(0, 65535));
	assert_true(refused("pio", "[{\"start\":32,\"end\":32}]",
			    "caps.pio[0]: ports 0x20-0x21 are the interrupt controller's and "
			    "never granted"));
}

static void ports_that_stop_the_machine_or_reach_all_memory_are_refused_by_name(void **state)
{
	(void)state;
	assert_true(refused("pio", "[{\"start\":0,\"end\":0}]",
			    "caps.pio[0]: ports 0x0-0x1f are the first DMA controller's and "
			    "never granted"));
	assert_non_null(strstr(errors.lines[0], "d:1:"));
	assert_true(refused("pio", "[{\"start\":\"0x0\",\"end\":31,\"mode\":\"r\"}]",
			    "caps.pio[0]: ports 0x0-0x1f are the first DMA controller's and "
			    "never granted"));
	assert_true(refused("pio", "[{\"start\":\"0x92\",\"end\":\"0x92\"}]",
			    "caps.pio[0]: port 0x92 is system control port A's (processor "
			    "reset, address line 20) and never granted"));
	assert_true(refused("pio", "[{\"start\":\"0x80\",\"end\":\"0x87\"}]",
			    "caps.pio[0]: ports 0x81-0x8f are the DMA page registers' and "
			    "never granted"));
	assert_true(refused("pio", "[{\"start\":\"0xc0\",\"end\":\"0xdf\"}]",
			    "caps.pio[0]: ports 0xc0-0xdf are the second DMA controller's and "
			    "never granted"));
	assert_true(pio_good(0x80, 0x80));
}

static void bad_port_ranges_are_refused(void **state)
{
	(void)state;
	assert_true(refused("pio", "[{\"start\":100,\"end\":96}]",
			    "caps.pio[0]: end 96 is below start 100"));
	assert_true(refused("pio", "[{\"start\":-1,\"end\":96}]",
			    "caps.pio[0].start: -1 is outside 0..65535"));
	assert_true(
	    refused("pio", "[{\"start\":1,\"end\":\"60\"}]",
		    "caps.pio[0].end: an integer or a string like \"0x60\" is expected"));
	assert_true(
	    refused("pio", "[{\"start\":1,\"end\":\"0x\"}]",
		    "caps.pio[0].end: an integer or a string like \"0x60\" is expected"));
	assert_true(
	    refused("pio", "[{\"start\":1,\"end\":\"0x000000060\"}]",
		    "caps.pio[0].end: an integer or a string like \"0x60\" is expected"));
	assert_true(refused("pio", "[{\"start\":1,\"end\":\"0x10000\"}]",
			    "caps.pio[0].end: 0x10000 is outside 0..65535"));
	assert_true(refused("pio", "[96]", "caps.pio[0]: an object is expected"));
	assert_true(refused("pio", "{}", "caps.pio: an array is expected"));
	assert_true(refused("pio", "[{\"start\":257,\"end\":261},{\"start\":261,\"end\":262}]",
			    "caps.pio[1]: overlaps caps.pio[0]"));
	assert_int_equal(
	    parse("pio", "[{\"start\":257,\"end\":261},{\"start\":262,\"end\":262}]"), DRV_OK);
}

static void widths_are_a_subset_and_modes_are_words(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "\"width\":[]",	    "\"width\":[8,8]",	 "\"width\":[64]",  "\"width\":[8.0]",
	    "\"width\":8",	    "\"width\":[\"8\"]", "\"width\":[[8]]", "\"width\":[-8]",
	    "\"width\":[true]",	    "\"mode\":\"rwx\"",	 "\"mode\":\"\"",   "\"mode\":1",
	    "\"width\":[8,16,32,8]"};
	char list[96];
	for (size_t i = 0; i < COUNT(bad); i++) {
		snprintf(list, sizeof(list), "[{\"start\":257,\"end\":261,%s}]", bad[i]);
		assert_int_equal(parse("pio", list), DRV_EFORMAT);
		assert_int_equal(errors.count, 1);
	}
	assert_int_equal(
	    parse("pio", "[{\"start\":257,\"end\":261,\"width\":[32,8,16],\"mode\":\"w\"}]"),
	    DRV_OK);
	assert_int_equal(manifest.caps.pio.items[0].widths, PIO_WIDTH_ALL);
	assert_int_equal(manifest.caps.pio.items[0].rights, RIGHT_WRITE);
}

static void lines_0_and_2_are_never_granted_and_the_others_are(void **state)
{
	(void)state;
	for (unsigned line = 0; line <= IRQ_LINES; line++) {
		char list[32];
		snprintf(list, sizeof(list), "[%u]", line);
		bool good = line != 0 && line != 2 && line < IRQ_LINES;
		assert_int_equal(parse("irq", list) == DRV_OK, good);
	}
}

static void bad_interrupts_are_refused(void **state)
{
	(void)state;
	assert_true(
	    refused("irq", "[5,{\"line\":5}]", "caps.irq[1]: the same line as caps.irq[0]"));
	assert_true(refused("irq", "[{}]", "caps.irq[0].line: is missing"));
	assert_true(refused("irq", "[\"5\"]", "caps.irq[0]: an integer is expected"));
	assert_true(refused("irq", "[{\"line\":5,\"trigger\":\"both\"}]",
			    "caps.irq[0].trigger: \"both\" is not known here (known: \"edge\", "
			    "...)"));
	assert_true(refused("irq", "[{\"line\":5,\"share\":0}]",
			    "caps.irq[0].share: true or false is expected"));
	assert_true(refused("irq", "[{\"line\":5,\"ack_ms\":0}]",
			    "caps.irq[0].ack_ms: 0 is outside 1..1000"));
}

static void the_ninth_entry_of_a_list_is_refused(void **state)
{
	(void)state;
	assert_int_equal(parse("irq", "[1,3,4,5,6,7,8,9]"), DRV_OK);
	assert_int_equal(manifest.caps.irq.count, 8);
	assert_true(refused("irq", "[1,3,4,5,6,7,8,9,10]", "caps.irq: more than 8 entries"));
}

static bool mmio_good(const char *base, const char *size)
{
	char list[96];
	snprintf(list, sizeof(list), "[{\"base\":\"%s\",\"size\":\"%s\"}]", base, size);
	return parse("mmio", list) == DRV_OK;
}

static void memory_ranges_are_whole_pages_that_do_not_wrap(void **state)
{
	(void)state;
	assert_true(mmio_good("0xfffff000", "0x1000"));
	assert_true(mmio_good("0xa0000", "0x1000000"));
	assert_false(mmio_good("0xa0000", "0x1001000"));
	assert_false(mmio_good("0xfffff000", "0x2000"));
	assert_false(mmio_good("0xff001000", "0x1000000"));
	assert_false(mmio_good("0xa0800", "0x1000"));
	assert_false(mmio_good("0xa0000", "0x1800"));
	assert_false(mmio_good("0xa0000", "0x0"));
	assert_true(refused("mmio", "[{\"base\":4294967296,\"size\":4096}]",
			    "caps.mmio[0].base: 4294967296 is outside 0..4294967295"));
	assert_true(refused("mmio", "[{\"base\":\"0xfffff000\",\"size\":8192}]",
			    "caps.mmio[0]: base + size is beyond 4 GiB"));
}

static void low_memory_and_interrupt_controllers_are_never_granted(void **state)
{
	(void)state;
	assert_false(mmio_good("0x0", "0x1000"));
	assert_false(mmio_good("0x9f000", "0x1000"));
	assert_false(mmio_good("0x9f000", "0x2000"));
	assert_true(mmio_good("0xb8000", "0x8000"));
	static const char *const pages[] = {"0xfec00000", "0xfee00000"};
	for (size_t i = 0; i < COUNT(pages); i++)
		assert_false(mmio_good(pages[i], "0x1000"));
	assert_true(mmio_good("0xfebff000", "0x1000"));
	assert_true(mmio_good("0xfec01000", "0x1000"));
	assert_true(mmio_good("0xfedff000", "0x1000"));
	assert_true(mmio_good("0xfee01000", "0x1000"));
	assert_false(mmio_good("0xfe800000", "0x800000"));
}

static void ram_that_the_caller_names_is_refused(void **state)
{
	(void)state;
	static const memory_range_t ram[] = {{0x100000, 0x100000}, {0xfffff000, 0x1000}};
	assert_true(mmio_good("0x100000", "0x1000"));
	reader.ram = ram;
	reader.ram_count = COUNT(ram);
	assert_false(mmio_good("0x100000", "0x1000"));
	assert_false(mmio_good("0x1ff000", "0x1000"));
	assert_false(mmio_good("0xff000", "0x2000"));
	assert_false(mmio_good("0xfffff000", "0x1000"));
	assert_true(mmio_good("0xff000", "0x1000"));
	assert_true(mmio_good("0x200000", "0x1000"));
	assert_true(refused("mmio", "[{\"base\":\"0x150000\",\"size\":4096}]",
			    "caps.mmio[0]: 0x100000-0x1fffff is RAM and never granted"));
	reader.ram_count = 0;
}

static void overlapping_memory_inside_a_manifest_is_refused(void **state)
{
	(void)state;
	assert_true(refused("mmio",
			    "[{\"base\":\"0xa0000\",\"size\":8192},"
			    "{\"base\":\"0xa1000\",\"size\":4096}]",
			    "caps.mmio[1]: overlaps caps.mmio[0]"));
	assert_int_equal(parse("mmio", "[{\"base\":\"0xa0000\",\"size\":4096},"
				       "{\"base\":\"0xa1000\",\"size\":4096}]"),
			 DRV_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(port_ranges_reach_to_65535),
	    cmocka_unit_test(
		ports_that_stop_the_machine_or_reach_all_memory_are_refused_by_name),
	    cmocka_unit_test(ports_that_are_never_granted_are_refused_to_the_edge),
	    cmocka_unit_test(bad_port_ranges_are_refused),
	    cmocka_unit_test(widths_are_a_subset_and_modes_are_words),
	    cmocka_unit_test(lines_0_and_2_are_never_granted_and_the_others_are),
	    cmocka_unit_test(bad_interrupts_are_refused),
	    cmocka_unit_test(the_ninth_entry_of_a_list_is_refused),
	    cmocka_unit_test(memory_ranges_are_whole_pages_that_do_not_wrap),
	    cmocka_unit_test(low_memory_and_interrupt_controllers_are_never_granted),
	    cmocka_unit_test(ram_that_the_caller_names_is_refused),
	    cmocka_unit_test(overlapping_memory_inside_a_manifest_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
