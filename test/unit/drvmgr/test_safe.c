/* SPDX-License-Identifier: BSD-2-Clause */
/* What a device is left like when its driver has ended: which registers the manager touches,
 * and that it holds nothing afterwards. */
#define _GNU_SOURCE /* memory at an address of one's own */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "hands/memory.h"
#include "hands/safe.h"

#define PORT	 0x300u
#define REGISTER 0xb8000u

static manager_t manager;
static driver_t driver;
static struct {
	uint32_t asked, held, acquired, reads, written[8], writes, lines;
	uint32_t type, scope0, scope1;
	err_t refuses;
	uint32_t says; /* what a port answers */
	bool mapped;
} fake;

int32_t cap_acquire(uint32_t type, uint32_t scope0, uint32_t scope1)
{
	fake.asked++;
	fake.type = type;
	fake.scope0 = scope0;
	fake.scope1 = scope1;
	if (fake.refuses)
		return fake.refuses;
	fake.held++;
	return (int32_t)++fake.acquired;
}

err_t cap_release(cap_t cap)
{
	assert_true(cap != CAP_NULL && fake.held > 0);
	fake.held--;
	fake.mapped = false;
	return DRV_OK;
}

static err_t read_port(uint16_t port)
{
	assert_true(port >= PORT && fake.held == 1 && fake.type == CAP_PIO);
	fake.reads++;
	return DRV_OK;
}

static err_t write_port(uint16_t port, uint32_t value)
{
	assert_true(port >= PORT && fake.held == 1 && fake.type == CAP_PIO);
	fake.written[fake.writes++] = value;
	return DRV_OK;
}

err_t cap_pio_read8(cap_t cap, uint16_t port, uint8_t *value)
{
	(void)cap;
	*value = (uint8_t)fake.says;
	return read_port(port);
}

err_t cap_pio_read16(cap_t cap, uint16_t port, uint16_t *value)
{
	(void)cap;
	*value = (uint16_t)fake.says;
	return read_port(port);
}

err_t cap_pio_read32(cap_t cap, uint16_t port, uint32_t *value)
{
	(void)cap;
	*value = fake.says;
	return read_port(port);
}

err_t cap_pio_write8(cap_t cap, uint16_t port, uint8_t value)
{
	(void)cap;
	return write_port(port, value);
}

err_t cap_pio_write16(cap_t cap, uint16_t port, uint16_t value)
{
	(void)cap;
	return write_port(port, value);
}

err_t cap_pio_write32(cap_t cap, uint16_t port, uint32_t value)
{
	(void)cap;
	return write_port(port, value);
}

err_t cap_mmio_map(cap_t cap, uint32_t virt, uint32_t pages)
{
	(void)cap;
	assert_int_equal(virt, MANAGER_SCRATCH);
	assert_int_equal(pages, 1);
	assert_int_equal(fake.type, CAP_MMIO);
	fake.mapped = true;
	return DRV_OK;
}

void driver_log_at(manager_t *of, const driver_t *whose, log_level_t level, const char *text,
		   ...)
{
	(void)of, (void)text;
	assert_int_equal(level, LOG_WARN);
	assert_ptr_equal(whose, &driver);
	fake.lines++;
}

static int fresh(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	memset(&driver, 0, sizeof(driver));
	driver.manifest.caps.pio.count = 1;
	driver.manifest.caps.pio.items[0] =
	    (pio_range_t){.start = PORT, .end = PORT + 7, .widths = PIO_WIDTH_ALL};
	driver.manifest.caps.mmio.count = 1;
	driver.manifest.caps.mmio.items[0] = (mmio_range_t){.base = REGISTER, .size = 0x8000};
	return 0;
}

static void add(safe_op_t op)
{
	safe_list_t *list = &driver.manifest.safe_state;
	if (!op.mask)
		op.mask = safe_bits(op.width);
	if (!op.tries)
		op.tries = 1;
	list->items[list->count++] = op;
}

/* All of it, so many accesses at a time; how often that took. */
static uint32_t perform(uint32_t most)
{
	safe_turn_t turn = {0};
	uint32_t turns = 0, units;
	bool done;
	driver.instance.alive = true;
	do {
		uint32_t before = fake.acquired;
		units = most;
		done = safe_perform(&manager, &driver, &turn, &units);
		assert_in_range(fake.acquired - before, 0, most);
		assert_true(done || units == 0);
		assert_int_equal(driver.instance.alive, !done);
		turns++;
	} while (!done);
	return turns;
}

static void what_names_nothing_touches_nothing(void **state)
{
	(void)state;
	perform(UINT32_MAX);
	assert_int_equal(fake.acquired + fake.reads + fake.writes + fake.lines, 0);
}

static void ports_are_written_in_order_with_their_widths(void **state)
{
	(void)state;
	add((safe_op_t){.kind = SAFE_WRITE, .port = PORT, .width = 1, .value = 0x12});
	add((safe_op_t){.kind = SAFE_WRITE, .port = PORT + 2, .width = 2, .value = 0x3456});
	add((safe_op_t){.kind = SAFE_WRITE, .port = PORT + 4, .width = 4, .value = 0x789abcde});
	perform(UINT32_MAX);
	assert_int_equal(fake.writes, 3);
	assert_int_equal(fake.written[0], 0x12);
	assert_int_equal(fake.written[1], 0x3456);
	assert_int_equal(fake.written[2], 0x789abcde);
	assert_int_equal(fake.scope0, PIO_SCOPE(PORT + 4, PORT + 7));
	assert_int_equal(fake.held + fake.reads + fake.lines, 0);
}

static void a_write_of_some_bits_keeps_the_others(void **state)
{
	(void)state;
	fake.says = 0xf5;
	add((safe_op_t){
	    .kind = SAFE_WRITE, .port = PORT, .width = 1, .value = 0x02, .mask = 0x0f});
	perform(UINT32_MAX);
	assert_int_equal(fake.reads, 1);
	assert_int_equal(fake.written[0], 0xf2);
}

static void a_wait_ends_and_is_told_if_it_was_in_vain(void **state)
{
	(void)state;
	fake.says = 0x80;
	add((safe_op_t){.kind = SAFE_WAIT, .port = PORT, .width = 1, .mask = 0x80, .tries = 9});
	add((safe_op_t){.kind = SAFE_WRITE, .port = PORT, .width = 1, .value = 7});
	perform(UINT32_MAX);
	assert_int_equal(fake.reads, 9);
	assert_int_equal(fake.writes, 1);
	assert_int_equal(fake.lines, 1);
	fresh(state);
	fake.says = 0x7f;
	add((safe_op_t){.kind = SAFE_WAIT, .port = PORT, .width = 1, .mask = 0x80, .tries = 9});
	perform(UINT32_MAX);
	assert_int_equal(fake.reads, 1);
	assert_int_equal(fake.lines, 0);
}

static void registers_in_memory_are_reached_page_by_page(void **state)
{
	(void)state;
	uint8_t *page = (uint8_t *)(uintptr_t)MANAGER_SCRATCH;
	memset(page, 0xee, PAGE_SIZE);
	add((safe_op_t){
	    .kind = SAFE_WRITE, .address = REGISTER + 0x2010, .width = 4, .value = 0x01020304});
	add((safe_op_t){
	    .kind = SAFE_WRITE, .address = REGISTER + 0x2ffe, .width = 2, .value = 0x0506});
	add((safe_op_t){.kind = SAFE_WRITE,
			.address = REGISTER + 0x2ffd,
			.width = 1,
			.value = 1,
			.mask = 0x0f});
	perform(UINT32_MAX);
	assert_int_equal(fake.scope0, REGISTER + 0x2000);
	assert_int_equal(fake.scope1, PAGE_SIZE);
	const uint8_t first[] = {0xee, 4, 3, 2, 1, 0xee}, last[] = {0xee, 0xe1, 6, 5};
	assert_memory_equal(page + 0xf, first, sizeof(first));
	assert_memory_equal(page + 0xffc, last, sizeof(last));
	assert_int_equal(fake.held + fake.lines, 0);
	assert_false(fake.mapped);
}

static void a_range_that_is_not_to_be_had_ends_it_with_a_line(void **state)
{
	(void)state;
	fake.refuses = DRV_EPERM;
	add((safe_op_t){.kind = SAFE_WRITE, .port = PORT, .width = 1});
	add((safe_op_t){.kind = SAFE_WRITE, .port = PORT, .width = 1});
	perform(UINT32_MAX);
	assert_int_equal(fake.writes + fake.held, 0);
	assert_int_equal(fake.asked, 1);
	assert_int_equal(fake.lines, 1);
}

static void a_turn_makes_as_many_accesses_as_it_may_and_the_next_goes_on(void **state)
{
	fake.says = 0x80;
	add((safe_op_t){.kind = SAFE_WAIT, .port = PORT, .width = 1, .mask = 0x80, .tries = 9});
	add((safe_op_t){.kind = SAFE_WRITE, .port = PORT, .width = 1, .value = 7});
	assert_int_equal(perform(4), 3);
	assert_int_equal(fake.reads, 9);
	assert_int_equal(fake.writes, 1);
	assert_int_equal(fake.lines, 1); /* that it waited in vain, once */
	fresh(state);
	add((safe_op_t){.kind = SAFE_WRITE, .port = PORT, .width = 1, .value = 7});
	assert_int_equal(perform(1), 2); /* the second sees that it was the last */
	assert_int_equal(fake.writes, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_names_nothing_touches_nothing),
	    TEST(ports_are_written_in_order_with_their_widths),
	    TEST(a_write_of_some_bits_keeps_the_others),
	    TEST(a_wait_ends_and_is_told_if_it_was_in_vain),
	    TEST(registers_in_memory_are_reached_page_by_page),
	    TEST(a_turn_makes_as_many_accesses_as_it_may_and_the_next_goes_on),
	    TEST(a_range_that_is_not_to_be_had_ends_it_with_a_line),
	};
	void *page = mmap((void *)(uintptr_t)MANAGER_SCRATCH, PAGE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (page != (void *)(uintptr_t)MANAGER_SCRATCH)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
