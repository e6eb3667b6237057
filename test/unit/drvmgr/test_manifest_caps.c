/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of what a manifest may ask for: ports, interrupts and memory, at their edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claims/manifest.h"

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

/* True if exactly one error was found, at caps.KIND, and it is `text` if that is not null. */
static bool refused(const char *kind, const char *list, const char *text)
{
	err_t error = parse(kind, list);
	const char *found = errors.count ? strstr(errors.lines[0], "caps.") : NULL;
	bool is_it = found && (!text || strcmp(found, text) == 0);
	if (error == DRV_EFORMAT && errors.count == 1 && is_it)
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

static void port_numbers_reach_to_65535_and_no_further(void **state)
{
	(void)state;
	assert_true(refused("pio", "[{\"start\":65535,\"end\":65535}]",
			    "caps.pio[0]: 65535 can be granted to no driver; abi/ports.h lists "
			    "the ports that can, the nearest are 1016..1023"));
	assert_true(refused("pio", "[{\"start\":65535,\"end\":65536}]",
			    "caps.pio[0].end: 65536 is outside 0..65535"));
	assert_false(pio_good(65536, 65536));
}

static void the_ports_of_a_row_are_granted_and_none_beside_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < port_row_count; i++) {
		unsigned first = port_rows[i].ports.first, last = port_rows[i].ports.last;
		bool good = port_rows[i].who == PORTS_DRIVER;
		span_t withheld;
		assert_int_equal(pio_good(first, last), good);
		assert_int_equal(pio_good(first, first), good);
		assert_int_equal(pio_good(last, last), good);
		if (ports_withheld((span_t){first - 1, first - 1}, &withheld))
			assert_false(pio_good(first - 1, last));
		if (ports_withheld((span_t){last + 1, last + 1}, &withheld))
			assert_false(pio_good(first, last + 1));
	}
	assert_true(pio_good(96, 100));
	assert_true(pio_good(0x3e8, 0x3ff));
	assert_false(pio_good(0, 65535));
}

static void ports_that_cannot_be_granted_are_named_as_they_were_written(void **state)
{
	(void)state;
	assert_true(refused("pio", "[{\"start\":\"0x510\",\"end\":\"0x51b\"}]",
			    "caps.pio[0]: 0x510..0x51b can be granted to no driver; "
			    "abi/ports.h lists the ports that can, the nearest are "
			    "0x3f8..0x3ff"));
	assert_non_null(strstr(errors.lines[0], "d:1:"));
	assert_true(refused("pio", "[{\"start\":1296,\"end\":1307}]",
			    "caps.pio[0]: 1296..1307 can be granted to no driver; abi/ports.h "
			    "lists the ports that can, the nearest are 1016..1023"));
	assert_true(refused("pio", "[{\"start\":96,\"end\":\"0x65\"}]",
			    "caps.pio[0]: 0x65 can be granted to no driver; abi/ports.h lists "
			    "the ports that can, the nearest are 0x60..0x64"));
	assert_true(refused("pio", "[{\"start\":\"0x0\",\"end\":31,\"mode\":\"r\"}]",
			    "caps.pio[0]: 0x0..0x1f can be granted to no driver; abi/ports.h "
			    "lists the ports that can, the nearest are 0x60..0x64"));
}

static void ports_of_the_manager_are_refused_with_whose_they_are(void **state)
{
	(void)state;
	assert_true(refused("pio", "[{\"start\":\"0xf4\",\"end\":\"0xf4\"}]",
			    "caps.pio[0]: 0xf4 (the bench's exit (QEMU isa-debug-exit)) can be "
			    "granted to no driver; abi/ports.h lists the ports that can, the "
			    "nearest are 0x80"));
	assert_true(refused("pio", "[{\"start\":\"0xcf8\",\"end\":\"0xcff\"}]", NULL));
	assert_non_null(strstr(errors.lines[0], "0xcf8..0xcff (PCI configuration"));
}

static void bad_port_ranges_are_refused(void **state)
{
	(void)state;
	assert_true(refused("pio", "[{\"start\":100,\"end\":96}]",
			    "caps.pio[0]: end 96 is below start 100"));
	assert_true(refused("pio", "[{\"start\":\"0x64\",\"end\":\"0x60\"}]",
			    "caps.pio[0]: end 0x60 is below start 0x64"));
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
			    "caps.pio[0].end: 0x10000 is outside 0x0..0xffff"));
	assert_true(refused("pio", "[{\"start\":1,\"end\":\"0xfffffffff\"}]",
			    "caps.pio[0].end: 0xfffffffff is outside 0x0..0xffff"));
	assert_true(refused("pio", "[96]", "caps.pio[0]: an object is expected"));
	assert_true(refused("pio", "{}", "caps.pio: an array is expected"));
	assert_true(refused("pio", "[{\"start\":768,\"end\":772},{\"start\":772,\"end\":773}]",
			    "caps.pio[1]: overlaps caps.pio[0]"));
	assert_int_equal(
	    parse("pio", "[{\"start\":768,\"end\":772},{\"start\":773,\"end\":773}]"), DRV_OK);
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
		snprintf(list, sizeof(list), "[{\"start\":768,\"end\":772,%s}]", bad[i]);
		assert_int_equal(parse("pio", list), DRV_EFORMAT);
		assert_int_equal(errors.count, 1);
	}
	assert_int_equal(
	    parse("pio", "[{\"start\":768,\"end\":772,\"width\":[32,8,16],\"mode\":\"w\"}]"),
	    DRV_OK);
	assert_int_equal(manifest.caps.pio.items[0].widths, PIO_WIDTH_ALL);
	assert_int_equal(manifest.caps.pio.items[0].rights, RIGHT_WRITE);
}

/* It can be opened for native access: that needs all widths. */
static void a_range_with_all_widths_that_fit_has_all(void **state)
{
	(void)state;
	static const struct {
		const char *fields;
		uint32_t widths;
	} rows[] = {{"\"end\":768", PIO_WIDTH_ALL},
		    {"\"end\":769", PIO_WIDTH_ALL},
		    {"\"end\":770", PIO_WIDTH_ALL},
		    {"\"end\":771", PIO_WIDTH_ALL},
		    {"\"end\":768,\"width\":[8]", PIO_WIDTH_ALL},
		    {"\"end\":770,\"width\":[16,8]", PIO_WIDTH_ALL},
		    {"\"end\":769,\"width\":[8]", PIO_WIDTH_8},
		    {"\"end\":770,\"width\":[16]", PIO_WIDTH_16},
		    {"\"end\":771,\"width\":[16,8]", PIO_WIDTH_8 | PIO_WIDTH_16}};
	char list[96];
	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(list, sizeof(list), "[{\"start\":768,%s}]", rows[i].fields);
		assert_int_equal(parse("pio", list), DRV_OK);
		assert_int_equal(manifest.caps.pio.items[0].widths, rows[i].widths);
	}
}

static void a_width_fits_into_its_range(void **state)
{
	(void)state;
	char list[96];
	for (uint32_t ports = 1; ports <= 4; ports++) {
		for (uint32_t width = 1; width <= 4; width *= 2) {
			snprintf(list, sizeof(list),
				 "[{\"start\":768,\"end\":%u,\"width\":[%u]}]", 767 + ports,
				 width * 8);
			assert_int_equal(parse("pio", list) == DRV_OK, width <= ports);
		}
	}
	assert_true(refused("pio", "[{\"start\":768,\"end\":768,\"width\":[8,32]}]",
			    "caps.pio[0]: width 32 does not fit into 1 port"));
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
			    "caps.irq[0].trigger: \"both\" is not known here. Known: \"edge\", "
			    "\"level\""));
	assert_true(refused("irq", "[{\"line\":5,\"share\":0}]",
			    "caps.irq[0].share: true or false is expected"));
	for (unsigned line = 0; line < IRQ_LINES; line++) {
		bool edge = line == 0 || line == 1 || line == 2 || line == 8 || line == 13;
		char list[64];
		snprintf(list, sizeof(list), "[{\"line\":%u,\"trigger\":\"level\"}]", line);
		assert_int_equal(parse("irq", list) == DRV_OK, !edge);
	}
	assert_true(refused("irq", "[{\"line\":8,\"trigger\":\"level\"}]",
			    "caps.irq[0]: line 8 is edge triggered on every machine"));
	assert_true(refused("irq", "[{\"line\":5,\"share\":true}]",
			    "caps.irq[0]: share needs \"trigger\": \"level\""));
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
	assert_true(mmio_good("0xa0000", "0x1000"));
	assert_false(mmio_good("0xa0000", "0x1001000"));
	assert_false(mmio_good("0xff001000", "0x1000000"));
	assert_false(mmio_good("0xa0800", "0x1000"));
	assert_false(mmio_good("0xa0000", "0x1800"));
	assert_false(mmio_good("0xa0000", "0x0"));
	assert_true(refused("mmio", "[{\"base\":4294967296,\"size\":4096}]",
			    "caps.mmio[0].base: 4294967296 is outside 0..4294967295"));
	assert_true(refused("mmio", "[{\"base\":\"0xfffff000\",\"size\":8192}]",
			    "caps.mmio[0]: base + size is beyond 4 GiB"));
}

static void the_isa_window_is_granted_to_its_ends_and_no_page_further(void **state)
{
	(void)state;
	assert_true(mmio_good("0xa0000", "0x50000"));
	assert_true(mmio_good("0xb8000", "0x8000"));
	assert_true(mmio_good("0xef000", "0x1000"));
	assert_false(mmio_good("0x9f000", "0x1000"));
	assert_false(mmio_good("0x9f000", "0x2000"));
	assert_false(mmio_good("0xef000", "0x2000"));
	assert_false(mmio_good("0xf0000", "0x1000"));
	assert_false(mmio_good("0xa0000", "0x51000"));
}

static void memory_outside_the_isa_window_is_refused_as_it_was_written(void **state)
{
	(void)state;
	static const char *const pages[] = {
	    "0x0",	  "0x100000",	"0xb0000000", "0xd0000000", "0xfebff000",
	    "0xfec00000", "0xfed00000", "0xfee00000", "0xfeeff000", "0xfffff000"};
	for (size_t i = 0; i < COUNT(pages); i++)
		assert_false(mmio_good(pages[i], "0x1000"));
	assert_true(refused("mmio", "[{\"base\":\"0xfeeff000\",\"size\":\"0x1000\"}]",
			    "caps.mmio[0]: 0xfeeff000..0xfeefffff is not inside the ISA window "
			    "0xa0000..0xeffff; other memory can be granted to no driver"));
	assert_true(refused("mmio", "[{\"base\":4096,\"size\":4096}]",
			    "caps.mmio[0]: 4096..8191 is not inside the ISA window "
			    "655360..983039; other memory can be granted to no driver"));
}

static void what_the_machine_does_not_have_to_give_is_refused(void **state)
{
	(void)state;
	static const span_t windows[] = {
	    {0xa0000, 0xc7fff}, {0xd0000, 0xeffff}, {0x2000000, 0xfebfffff}};
	assert_true(mmio_good("0xc8000", "0x1000"));
	reader.windows = windows;
	reader.window_count = COUNT(windows);
	assert_true(mmio_good("0xa0000", "0x28000"));
	assert_true(mmio_good("0xd0000", "0x20000"));
	assert_false(mmio_good("0xa0000", "0x29000"));
	assert_false(mmio_good("0xcf000", "0x2000"));
	assert_false(mmio_good("0xa0000", "0x50000"));
	assert_false(mmio_good("0x2000000", "0x1000"));
	assert_true(refused("mmio", "[{\"base\":\"0xc8000\",\"size\":4096}]",
			    "caps.mmio[0]: of 0xc8000..0xc8fff this machine's memory map names "
			    "a part, which is granted to nobody then"));
	reader.window_count = 0;
	assert_false(mmio_good("0xa0000", "0x1000"));
	reader.windows = NULL;
	assert_true(mmio_good("0xa0000", "0x1000"));
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
	    cmocka_unit_test(port_numbers_reach_to_65535_and_no_further),
	    cmocka_unit_test(the_ports_of_a_row_are_granted_and_none_beside_it),
	    cmocka_unit_test(ports_that_cannot_be_granted_are_named_as_they_were_written),
	    cmocka_unit_test(ports_of_the_manager_are_refused_with_whose_they_are),
	    cmocka_unit_test(bad_port_ranges_are_refused),
	    cmocka_unit_test(widths_are_a_subset_and_modes_are_words),
	    cmocka_unit_test(a_range_with_all_widths_that_fit_has_all),
	    cmocka_unit_test(a_width_fits_into_its_range),
	    cmocka_unit_test(lines_0_and_2_are_never_granted_and_the_others_are),
	    cmocka_unit_test(bad_interrupts_are_refused),
	    cmocka_unit_test(the_ninth_entry_of_a_list_is_refused),
	    cmocka_unit_test(memory_ranges_are_whole_pages_that_do_not_wrap),
	    cmocka_unit_test(the_isa_window_is_granted_to_its_ends_and_no_page_further),
	    cmocka_unit_test(memory_outside_the_isa_window_is_refused_as_it_was_written),
	    cmocka_unit_test(what_the_machine_does_not_have_to_give_is_refused),
	    cmocka_unit_test(overlapping_memory_inside_a_manifest_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
