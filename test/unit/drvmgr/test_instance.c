/* SPDX-License-Identifier: BSD-2-Clause */
/* How an instance of a driver is made: what its page tells it, what its process is made of,
 * which capabilities it gets with which rights, that nothing is left over, and that it runs
 * only when all of that is there. */
#include "instance_world.h"

static void its_page_tells_an_instance_what_it_is(void **state)
{
	(void)state;
	assert_int_equal(spawn_begin(&manager, &driver, false), DRV_OK);
	assert_int_equal(page.context.abi_version, DRIVER_CONTEXT_VERSION);
	assert_int_equal(page.context.driver_tid, 4);
	assert_int_equal(page.context.flags, 0);
	assert_int_equal(page.context.last_error, DRV_OK); /* nothing of the last one */
	assert_int_equal(page.context.shared_cfg_size, PAGE_SIZE);
	assert_int_equal(page.abi, 5);
	assert_int_equal(page.generation, 1);
	assert_int_equal(page.kept_since, 1);
	assert_int_equal(page.heartbeat_ms, 250);
	assert_string_equal(page.name, "disk");
	driver.unit.generation = 3;
	manager.world.rules[3].essential = true;
	assert_int_equal(spawn_begin(&manager, &driver, false), DRV_OK);
	assert_int_equal(page.context.flags, DRIVER_FLAG_RESTARTED | DRIVER_FLAG_ESSENTIAL);
}

static void what_is_to_be_forgotten_is_and_the_instance_is_told(void **state)
{
	uint8_t *kept = (uint8_t *)(uintptr_t)SCRATCH;
	(void)state;
	memset(kept, 0x5a, PAGE_SIZE);
	assert_int_equal(spawn_begin(&manager, &driver, false), DRV_OK);
	assert_int_equal(kept[0], 0x5a);
	assert_int_equal(spawn_begin(&manager, &driver, true), DRV_OK);
	assert_int_equal(page.context.flags, DRIVER_FLAG_FORGOTTEN);
	for (uint32_t i = 0; i < PAGE_SIZE; i++)
		assert_int_equal(kept[i], 0);
}

static void it_runs_when_all_is_there_and_not_before(void **state)
{
	(void)state;
	claim_devices();
	manager.now_ms = 7000;
	manager.heard_ms[driver.index] = 10; /* the last one */
	build();
	assert_int_equal(manager.heard_ms[driver.index], 7000);
	assert_string_equal(kernel.order, "pffodbnr");
	assert_int_equal(kernel.mode, CANCEL_REOPEN);
}

/* The capability that the driver has: of that object, with these rights. */
static const made_t *has(uint32_t handle, uint32_t rights)
{
	const made_t *given = made_of(handle);
	assert_true(given->delegated);
	assert_int_equal(given->rights, rights);
	return made_of(given->from);
}

static void each_device_is_narrowed_from_the_master_that_has_it(void **state)
{
	(void)state;
	claim_devices();
	build();
	const made_t *narrow = has(page.context.pio_caps[0], RIGHT_READ);
	assert_true(narrow->from == PORTS_LOW && narrow->rights == RIGHT_READ);
	assert_true(narrow->scope0 == PIO_SCOPE(0x60, 0x61) && narrow->scope1 == PIO_WIDTH_8);
	assert_true(narrow->released); /* the driver has it, and the manager does not need it */
	narrow = has(page.context.pio_caps[1], RIGHT_READ | RIGHT_WRITE);
	assert_true(narrow->from == PORTS_HIGH && narrow->released);
	narrow = has(page.context.mmio_caps[0], RIGHT_READ | RIGHT_WRITE);
	assert_true(narrow->from == WINDOW && narrow->scope0 == 0xb8000 && narrow->released);
	assert_int_equal(kernel.table_bytes, 0x8000);
	assert_true(kernel.bitmap); /* for ports that are opened */
	assert_int_equal(grant_irqs(&manager, &driver), DRV_OK);
	narrow = has(page.context.irq_caps[0], RIGHT_READ);
	assert_true(narrow->from == LINES && narrow->scope0 == IRQ_SCOPE(14, 14));
	assert_false(narrow->released); /* the manager looks at the line through it */
	assert_ptr_equal(made_of(driver.instance.lines[0]), narrow);
}

static void its_channels_have_the_rights_of_their_use(void **state)
{
	(void)state;
	build();
	assert_false(kernel.bitmap);
	const made_t *waits = made_of(page.notification),
		     *hands_on = made_of(page.notification_grant);
	assert_int_equal(made_of(page.endpoint)->from, OWN_ENDPOINT);
	assert_int_equal(made_of(page.endpoint)->rights, RIGHT_READ);
	assert_int_equal(made_of(page.reply)->from, driver.instance.reply);
	assert_int_equal(made_of(page.reply)->rights, RIGHT_WRITE);
	assert_true(waits->from == driver.instance.notification && waits->rights == RIGHT_READ);
	assert_true(hands_on->from == driver.instance.notification &&
		    hands_on->rights == RIGHT_WRITE);
}

static void a_command_is_seen_whenever_it_was_given(void **state)
{
	(void)state;
	process_build_t making = {0};
	uint32_t units = 100;
	assert_int_equal(spawn_begin(&manager, &driver, false), DRV_OK);
	spawn_command(&driver, DRIVER_PROBE, 1);
	assert_int_equal(kernel.signalled, 0); /* nobody is there to be woken */
	assert_int_equal(spawn_build(&manager, &driver, &making, &units), DRV_OK);
	assert_int_equal(kernel.signalled, 1);
	assert_int_equal(page.command, DRIVER_PROBE);
	spawn_command(&driver, DRIVER_INIT, 2);
	assert_int_equal(kernel.signalled, 2);
	assert_int_equal(page.command, DRIVER_INIT);
	assert_int_equal(page.command_seq, 2);
}

static void who_waits_for_one_that_is_gone_is_told_why(void **state)
{
	(void)state;
	spawn_close(&driver, DRV_EQUARANTINED);
	assert_int_equal(kernel.mode, CANCEL_CLOSE);
	assert_int_equal(kernel.told, DRV_EQUARANTINED);
	spawn_close(&driver, DRV_OK); /* it may come back: they wait */
	assert_int_equal(kernel.mode, CANCEL_REOPEN);
	driver.instance.endpoint = CAP_NULL;
	spawn_close(&driver, DRV_EGONE);
	assert_int_equal(kernel.cancelled, 2);
}

static void who_is_killed_goes_on_where_nothing_is(void **state)
{
	(void)state;
	build();
	kernel.order[0] = '\0';
	assert_int_equal(spawn_kill(&driver), DRV_OK);
	assert_int_equal(kernel.registers.eip, 0);
	assert_int_equal(kernel.registers.esp, 12);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(its_page_tells_an_instance_what_it_is),
	    TEST(what_is_to_be_forgotten_is_and_the_instance_is_told),
	    TEST(it_runs_when_all_is_there_and_not_before),
	    TEST(each_device_is_narrowed_from_the_master_that_has_it),
	    TEST(its_channels_have_the_rights_of_their_use),
	    TEST(a_command_is_seen_whenever_it_was_given),
	    TEST(who_waits_for_one_that_is_gone_is_told_why),
	    TEST(who_is_killed_goes_on_where_nothing_is),
	};
	return cmocka_run_group_tests(tests, make_scratch, NULL);
}
