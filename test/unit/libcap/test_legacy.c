/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of the earlier driver interface on a kernel that is a few variables: which
 * capability each goes through, what is refused, what is left where one fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libs/libcap/driver/legacy.c"

enum { PORTS = 100, WIDE, LINE, OTHER_LINE, MEMORY, PART }; /* handles */
#define PORT  0x300u					    /* to 0x303 */
#define BASE  0xa0000u
#define PAGES 4u
#define AT    DRIVER_MMIO_WINDOW

runtime_t runtime;
static DriverContextV2 context;

static struct {
	unsigned index, bits, port; /* of the last access … */
	uint32_t value;		    /* … and what was written or is read */
	uint32_t accesses, turns, waits, acquired, released, asked;
	uint32_t timeout_ms;
	cap_t cap, line; /* line: that was waited for */
	uint32_t virt, pages;
	err_t fails, maps, acquires;
} world;

DriverContextV2 *driver_context(void)
{
	return &context;
}

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	world.asked++;
	switch (cap) {
	case PORTS:
		*info = (cap_info_t){.type = CAP_PIO, .scope0 = PIO_SCOPE(PORT, PORT + 3)};
		return DRV_OK;
	case WIDE:
		*info = (cap_info_t){.type = CAP_PIO, .scope0 = PIO_SCOPE(0xfffe, 0xffff)};
		return DRV_OK;
	case LINE:
		*info = (cap_info_t){.type = CAP_IRQ, .scope0 = IRQ_SCOPE(5, 5)};
		return DRV_OK;
	case OTHER_LINE:
		*info = (cap_info_t){.type = CAP_IRQ, .scope0 = IRQ_SCOPE(7, 7)};
		return DRV_OK;
	case MEMORY:
		*info = (cap_info_t){CAP_MMIO, 0, BASE, PAGES * PAGE_SIZE};
		return DRV_OK;
	default:
		return cap_failed(DRV_EBADCAP);
	}
}

static err_t note(unsigned index, unsigned port, unsigned bits)
{
	world.index = index;
	world.port = port;
	world.bits = bits;
	world.accesses++;
	return cap_noted(world.fails);
}

#define ACCESS(bits)                                                                           \
	err_t driver_in##bits(unsigned index, uint16_t port, uint##bits##_t *value)            \
	{                                                                                      \
		err_t err = note(index, port, bits);                                           \
		if (!err)                                                                      \
			*value = (uint##bits##_t)world.value;                                  \
		return err;                                                                    \
	}                                                                                      \
	err_t driver_out##bits(unsigned index, uint16_t port, uint##bits##_t value)            \
	{                                                                                      \
		world.value = value;                                                           \
		return note(index, port, bits);                                                \
	}
ACCESS(8)
ACCESS(16)
ACCESS(32)

err_t cap_irq_wait(cap_t cap, uint32_t timeout_ms, uint32_t *count)
{
	assert_null(count);
	world.line = cap;
	world.waits++;
	world.timeout_ms = timeout_ms;
	return cap_noted(world.fails);
}

int32_t cap_acquire(uint32_t type, uint32_t scope0, uint32_t scope1)
{
	assert_int_equal(type, CAP_MMIO);
	assert_int_equal(scope0 % PAGE_SIZE + scope1 % PAGE_SIZE, 0);
	if (world.acquires)
		return cap_failed(world.acquires);
	return (int32_t)(PART + world.acquired++);
}

err_t cap_mmio_map(cap_t cap, uint32_t virt, uint32_t pages)
{
	world.cap = cap;
	world.virt = virt;
	world.pages = pages;
	return cap_noted(world.maps);
}

err_t cap_release(cap_t cap)
{
	world.cap = cap;
	world.released++;
	return DRV_OK;
}

/* The loop of driver_main_legacy(), while it is what runs. */
static void take_turn(void)
{
	world.turns++;
}

static err_t wait_in_loop(unsigned index, uint32_t timeout_ms)
{
	world.index = index;
	world.timeout_ms = timeout_ms;
	world.waits++;
	return world.fails;
}

/* Before set_driver(). */
static int dumb(void **state)
{
	(void)state;
	context = (DriverContextV2){.abi_version = DRIVER_CONTEXT_VERSION,
				    .pio_caps = {PORTS, WIDE},
				    .irq_caps = {LINE, OTHER_LINE},
				    .mmio_caps = {MEMORY}};
	memset(&world, 0, sizeof(world));
	memset(mappings, 0, sizeof(mappings));
	runtime = (runtime_t){0};
	may_ask = false;
	legacy_turns = NULL;
	cap_record_errors(&context.last_error);
	return 0;
}

static int fresh(void **state)
{
	dumb(state);
	assert_int_equal(set_driver(), DRV_OK);
	assert_int_equal(context.last_error, DRV_OK);
	return 0;
}

/* The call was refused with that error, and says so where errors are said. */
#define REFUSED(error, call)                                                                   \
	do {                                                                                   \
		context.last_error = 1;                                                        \
		assert_int_equal((int32_t)(call), (error));                                    \
		assert_int_equal(context.last_error, (error));                                 \
	} while (0)

/* Of ports or a line, each answers this. */
static void no_access_is_made(err_t error)
{
	REFUSED(error, inb(PORT));
	REFUSED(error, inw(PORT));
	REFUSED(error, outb(PORT, 1));
	REFUSED(error, outw(PORT, 1));
	REFUSED(error, outl(PORT, 1));
	REFUSED(error, wait_irq(5));
	context.last_error = 1;
	assert_int_equal(inl(PORT), UINT32_MAX);
	assert_int_equal(context.last_error, error);
}

static void before_set_driver_every_call_is_refused(void **state)
{
	(void)state;
	no_access_is_made(DRV_EPERM);
	REFUSED(DRV_EPERM, grant_mmio(BASE, 1));
	REFUSED(DRV_EPERM, map_mmio(BASE, AT, 1));
	REFUSED(DRV_EPERM, unmap_mmio(AT, 1));
	assert_int_equal(world.accesses + world.waits + world.acquired + world.asked, 0);
	assert_int_equal(set_driver(), DRV_OK);
	assert_int_equal(outb(PORT, 1), DRV_OK);
}

static void set_driver_is_refused_to_what_is_no_driver(void **state)
{
	(void)state;
	context.abi_version = 0;
	REFUSED(DRV_EPERM, set_driver());
	REFUSED(DRV_EPERM, inb(PORT));
	assert_int_equal(world.accesses, 0);
}

static void an_access_goes_through_the_range_that_covers_all_of_it(void **state)
{
	(void)state;
	world.value = 0x12345678;
	assert_int_equal(inb(PORT + 3), 0x78);
	assert_true(world.index == 0 && world.port == PORT + 3 && world.bits == 8);
	assert_int_equal(inw(PORT + 2), 0x5678);
	assert_true(world.index == 0 && world.port == PORT + 2 && world.bits == 16);
	assert_int_equal(inl(PORT), 0x12345678);
	assert_true(world.index == 0 && world.port == PORT && world.bits == 32);
	assert_int_equal(outb(0xffff, 0x9a), DRV_OK);
	assert_true(world.index == 1 && world.port == 0xffff && world.value == 0x9a);
	assert_int_equal(outw(0xfffe, 0xabcd), DRV_OK);
	assert_true(world.index == 1 && world.bits == 16 && world.value == 0xabcd);
	assert_int_equal(outl(PORT, 0xfedcba98), DRV_OK);
	assert_true(world.index == 0 && world.bits == 32 && world.value == 0xfedcba98);
	assert_int_equal(world.accesses, 6);
	assert_int_equal(context.last_error, DRV_OK);
}

static void what_no_range_covers_wholly_is_refused(void **state)
{
	(void)state;
	REFUSED(DRV_EPERM, inb(PORT - 1));
	REFUSED(DRV_EPERM, inb(PORT + 4));
	REFUSED(DRV_EPERM, inw(PORT + 3));
	REFUSED(DRV_EPERM, outb(0, 1));
	REFUSED(DRV_EPERM, outw(0xffff, 1)); /* the second byte has no port */
	REFUSED(DRV_EPERM, outl(0xfffe, 1));
	context.last_error = 1;
	assert_int_equal(inl(PORT + 1), UINT32_MAX);
	assert_int_equal(context.last_error, DRV_EPERM);
	assert_int_equal(world.accesses, 0);
}

static void what_the_kernel_refuses_is_answered_as_it_says(void **state)
{
	(void)state;
	world.fails = DRV_EBADCAP;
	world.value = 7;
	no_access_is_made(DRV_EBADCAP);
}

static void one_argument_waits_for_ever_and_two_wait_so_long(void **state)
{
	(void)state;
	err_t (*function)(unsigned, uint32_t) = wait_irq;
	assert_int_equal(wait_irq(7), DRV_OK);
	assert_int_equal(world.line, OTHER_LINE);
	assert_int_equal(wait_irq(5), DRV_OK);
	assert_true(world.line == LINE && world.timeout_ms == TIMEOUT_FOREVER);
	assert_int_equal(wait_irq(2 + 3, 20), DRV_OK);
	assert_int_equal(world.timeout_ms, 20);
	assert_int_equal(function(5, 30), DRV_OK);
	assert_int_equal(world.timeout_ms, 30);
	world.fails = DRV_ETIMEDOUT;
	REFUSED(DRV_ETIMEDOUT, wait_irq(5, 0));
	assert_int_equal(world.waits, 5);
	REFUSED(DRV_EPERM, wait_irq(4));
	REFUSED(DRV_EPERM, wait_irq(UINT32_MAX, 0));
	assert_int_equal(world.waits, 5);
}

/* It would wait for ever: the interrupts go elsewhere. */
static void who_runs_without_a_loop_cannot_wait(void **state)
{
	(void)state;
	runtime.bound = true;
	REFUSED(DRV_EBUSY, wait_irq(5));
	assert_int_equal(world.waits, 0);
}

static void in_a_loop_others_have_their_turn(void **state)
{
	static const legacy_turns_t turns = {take_turn, wait_in_loop};
	(void)state;
	legacy_turns = &turns;
	runtime.bound = true;
	assert_int_equal(outb(PORT, 1), DRV_OK);
	assert_int_equal(inb(PORT), 1);
	inb(0); /* that it is refused in a loop is no way to keep others from running */
	assert_int_equal(world.turns, 3);
	assert_int_equal(wait_irq(5, 9), DRV_OK);
	assert_true(world.index == 0 && world.timeout_ms == 9);
	world.fails = DRV_ETIMEDOUT;
	REFUSED(DRV_ETIMEDOUT, wait_irq(5, 9));
	REFUSED(DRV_EPERM, wait_irq(6));
	assert_int_equal(world.waits, 2);
}

static void only_what_one_entry_names_is_granted(void **state)
{
	(void)state;
	assert_int_equal(grant_mmio(BASE, PAGES), DRV_OK);
	assert_int_equal(grant_mmio(BASE + 3 * PAGE_SIZE, 1), DRV_OK);
	REFUSED(DRV_EPERM, grant_mmio(BASE, PAGES + 1));
	REFUSED(DRV_EPERM, grant_mmio(BASE - PAGE_SIZE, 2));
	REFUSED(DRV_EPERM, grant_mmio(0, 1));
	REFUSED(DRV_EPERM, grant_mmio(0xfffff000u, 1));
	REFUSED(DRV_EINVAL, grant_mmio(BASE + 1, 1));
	REFUSED(DRV_EINVAL, grant_mmio(BASE, 0));
	REFUSED(DRV_EINVAL, grant_mmio(0xfffff000u, 2));
	REFUSED(DRV_EINVAL, grant_mmio(BASE, UINT32_MAX));
	assert_int_equal(world.acquired, 0);
}

static void what_was_mapped_is_unmapped_whole_and_once(void **state)
{
	(void)state;
	assert_int_equal(map_mmio(BASE, AT, 2), DRV_OK);
	assert_true(world.cap == PART && world.virt == AT && world.pages == 2);
	assert_int_equal(map_mmio(BASE, AT + 8 * PAGE_SIZE, PAGES),
			 DRV_OK); /* the same again */
	REFUSED(DRV_EINVAL, unmap_mmio(AT, 1));
	REFUSED(DRV_EINVAL, unmap_mmio(AT + PAGE_SIZE, 1));
	REFUSED(DRV_EINVAL, unmap_mmio(0, 0));
	assert_int_equal(world.released, 0);
	assert_int_equal(unmap_mmio(AT, 2), DRV_OK);
	assert_true(world.cap == PART && world.released == 1);
	REFUSED(DRV_EINVAL, unmap_mmio(AT, 2));
	assert_int_equal(unmap_mmio(AT + 8 * PAGE_SIZE, PAGES), DRV_OK);
	assert_true(world.cap == PART + 1 && world.released == 2);
}

static void a_mapping_that_fails_leaves_nothing(void **state)
{
	static const err_t errors[] = {DRV_EFAULT, DRV_ENOTABLE, DRV_EEXIST};
	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		world.maps = errors[i % 3];
		REFUSED(world.maps, map_mmio(BASE, AT, 1));
		assert_int_equal(world.acquired, i + 1);
		assert_int_equal(world.released, i + 1);
		assert_int_equal(world.cap, PART + i);
	}
	world.acquires = DRV_ENOMEM;
	REFUSED(DRV_ENOMEM, map_mmio(BASE, AT, 1));
	REFUSED(DRV_EPERM, map_mmio(BASE, AT, PAGES + 1));
	REFUSED(DRV_EINVAL, map_mmio(BASE, AT, 0));
	world.acquires = world.maps = DRV_OK;
	assert_int_equal(map_mmio(BASE, AT, 1), DRV_OK);
	assert_int_equal(world.acquired, 301);
	assert_int_equal(world.released, 300);
}

static void as_many_are_mapped_as_there_is_room_for(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < LEGACY_MAPS; i++)
		assert_int_equal(map_mmio(BASE, AT + i * PAGE_SIZE, 1), DRV_OK);
	REFUSED(DRV_ENOMEM, map_mmio(BASE, AT + LEGACY_MAPS * PAGE_SIZE, 1));
	assert_int_equal(world.acquired, LEGACY_MAPS);
	assert_int_equal(unmap_mmio(AT + 3 * PAGE_SIZE, 1), DRV_OK);
	assert_int_equal(map_mmio(BASE, AT + LEGACY_MAPS * PAGE_SIZE, 1), DRV_OK);
}

/* More than the kernel maps at once, of a manifest that names so much. */
static void more_than_is_mapped_at_once_is_refused(void **state)
{
	(void)state;
	memory[0].last = memory[0].first + MMIO_MAP_PAGES;
	REFUSED(DRV_EINVAL, map_mmio(BASE, AT, MMIO_MAP_PAGES + 1));
	assert_int_equal(world.acquired, 0);
	assert_int_equal(map_mmio(BASE, AT, MMIO_MAP_PAGES), DRV_OK);
}

/* As after a release: the others are as they were. */
static void a_capability_that_is_gone_covers_nothing(void **state)
{
	(void)state;
	context.pio_caps[0] = 999;
	assert_int_equal(set_driver(), DRV_OK);
	REFUSED(DRV_EPERM, inb(PORT));
	assert_int_equal(outb(0xffff, 1), DRV_OK);
	assert_int_equal(world.index, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(before_set_driver_every_call_is_refused, dumb),
	    cmocka_unit_test_setup(set_driver_is_refused_to_what_is_no_driver, dumb),
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	    TEST(an_access_goes_through_the_range_that_covers_all_of_it),
	    TEST(what_no_range_covers_wholly_is_refused),
	    TEST(what_the_kernel_refuses_is_answered_as_it_says),
	    TEST(one_argument_waits_for_ever_and_two_wait_so_long),
	    TEST(who_runs_without_a_loop_cannot_wait),
	    TEST(in_a_loop_others_have_their_turn),
	    TEST(only_what_one_entry_names_is_granted),
	    TEST(what_was_mapped_is_unmapped_whole_and_once),
	    TEST(a_mapping_that_fails_leaves_nothing),
	    TEST(as_many_are_mapped_as_there_is_room_for),
	    TEST(more_than_is_mapped_at_once_is_refused),
	    TEST(a_capability_that_is_gone_covers_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
