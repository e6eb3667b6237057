/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of what the manager asks the kernel for when it grants devices: exactly the manifest's
 * range, and never the scope 0, with which a derivation keeps all of its parent's range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "hands/ends.h"
#include "hands/grant.h"

#define NARROWED 77
#define GRANTED	 78
#define KEPT	 79 /* the frame of the kept page */

static boot_info_t boot;
static driver_page_t page;
static manager_t manager;
static driver_t driver;
static struct {
	unsigned count;
	uint32_t rights, scope0, scope1;
	uint32_t given; /* the rights with which it was handed on */
} derived;

static uint32_t kept_rights; /* with which KEPT was handed on, 0: it was not */
static uint32_t released;    /* times that NARROWED was */
static err_t revoked;	     /* what taking back answers */

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	(void)cap;
	derived.count++;
	derived.rights = rights;
	derived.scope0 = scope0;
	derived.scope1 = scope1;
	return NARROWED;
}

int32_t cap_delegate(cap_t cspace, cap_t cap, uint32_t rights, uint32_t badge)
{
	(void)cspace, (void)badge;
	if (cap == KEPT)
		kept_rights = rights;
	else
		derived.given = rights;
	return GRANTED;
}

static err_t there; /* what asking about NARROWED answers */

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	assert_int_equal(cap, NARROWED);
	*info = (cap_info_t){0};
	return there;
}

err_t cap_release(cap_t cap)
{
	released += cap == NARROWED;
	return DRV_OK;
}

err_t cap_revoke_some(cap_t cap, uint32_t steps)
{
	assert_int_equal(cap, NARROWED);
	assert_in_range(steps, 1, 64);
	return revoked;
}

int32_t untyped_retype(cap_t untyped, uint32_t type, uint32_t bits, cap_t cspace)
{
	(void)untyped, (void)type, (void)bits, (void)cspace;
	return GRANTED;
}

err_t vspace_map(cap_t vspace, cap_t cap, uint32_t virt, uint32_t rights)
{
	(void)vspace, (void)cap, (void)virt, (void)rights;
	return DRV_OK;
}

err_t process_add_tables(const process_maker_t *maker, const process_t *process, uint32_t virt,
			 uint32_t size)
{
	(void)maker, (void)process, (void)virt, (void)size;
	return DRV_OK;
}

err_t ends_open(driver_t *to)
{
	(void)to;
	return DRV_OK;
}

static caps_t *setup(uint32_t type, uint32_t scope0)
{
	memset(&driver, 0, sizeof(driver));
	memset(&derived, 0, sizeof(derived));
	memset(&page, 0, sizeof(page));
	boot.cap_count = BOOT_CAP_FIRST + 1;
	boot.caps[BOOT_CAP_FIRST].cap = 1;
	boot.caps[BOOT_CAP_FIRST].type = type;
	boot.caps[BOOT_CAP_FIRST].scope0 = scope0;
	boot.caps[BOOT_CAP_IRQ].cap = 2;
	manager.boot = &boot;
	driver.instance.page = &page;
	driver.instance.config_frame = KEPT;
	kept_rights = 0;
	return &driver.manifest.caps;
}

static err_t grant_port_for(uint32_t start, uint32_t end, uint32_t rights)
{
	caps_t *caps = setup(CAP_PIO, PIO_SCOPE(1, 31));
	caps->pio.count = 1;
	caps->pio.items[0] =
	    (pio_range_t){.start = start, .end = end, .widths = PIO_WIDTH_8, .rights = rights};
	return grant_devices(&manager, &driver);
}

static err_t grant_port(uint32_t start, uint32_t end)
{
	return grant_port_for(start, end, RIGHT_READ);
}

static err_t grant_memory(uint32_t base, uint32_t size)
{
	caps_t *caps = setup(CAP_MMIO, 0xa0000);
	caps->mmio.count = 1;
	caps->mmio.items[0] = (mmio_range_t){.base = base, .size = size};
	return grant_devices(&manager, &driver);
}

static err_t grant_line(uint32_t line, uint32_t trigger, bool shared)
{
	caps_t *caps = setup(CAP_NONE, 0);
	caps->irq.count = 1;
	caps->irq.items[0] = (irq_line_t){.line = line, .trigger = trigger, .shared = shared};
	return grant_irqs(&manager, &driver);
}

static void the_manifests_range_is_what_is_derived(void **state)
{
	(void)state;
	assert_int_equal(grant_port(5, 6), DRV_OK);
	assert_int_equal(derived.scope0, PIO_SCOPE(5, 6));
	assert_int_equal(derived.scope1, PIO_WIDTH_8);
	assert_int_equal(page.context.pio_caps[0], GRANTED);
	assert_int_equal(grant_memory(0xb8000, 0x8000), DRV_OK);
	assert_int_equal(derived.scope0, 0xb8000);
	assert_int_equal(derived.scope1, 0x8000);
	assert_int_equal(grant_line(4, IRQ_EDGE, false), DRV_OK);
	assert_int_equal(derived.scope0, IRQ_SCOPE(4, 4));
	assert_int_equal(page.context.irq_caps[0], GRANTED);
}

static void the_kernel_is_told_how_a_line_is_raised(void **state)
{
	(void)state;
	assert_int_equal(grant_line(4, IRQ_EDGE, false), DRV_OK);
	assert_int_equal(derived.scope1, IRQ_EDGE);
	assert_int_equal(grant_line(5, IRQ_LEVEL, false), DRV_OK);
	assert_int_equal(derived.scope1, IRQ_LEVEL);
	assert_int_equal(grant_line(5, IRQ_LEVEL, true), DRV_OK);
	assert_int_equal(derived.scope1, IRQ_LEVEL_SHARED);
}

static void a_scope_of_0_is_never_asked_for(void **state)
{
	(void)state;
	assert_int_equal(grant_port(0, 0), DRV_EPERM);
	assert_int_equal(derived.count, 0);
	assert_int_equal(page.context.pio_caps[0], CAP_NULL);
	assert_int_equal(grant_memory(0, 0), DRV_EPERM);
	assert_int_equal(grant_memory(0, 0x1000), DRV_EPERM);
	assert_int_equal(derived.count, 0);
	assert_int_equal(grant_line(0, IRQ_EDGE, false), DRV_EPERM);
	assert_int_equal(derived.count, 0);
	assert_int_equal(page.context.irq_caps[0], CAP_NULL);
}

/* What a driver may hand on, or look at, is not more than what it was given it for. */
static void a_driver_gets_the_rights_that_it_works_with(void **state)
{
	static const uint32_t modes[] = {RIGHT_READ, RIGHT_WRITE, RIGHT_READ | RIGHT_WRITE};
	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(grant_port_for(5, 6, modes[i]), DRV_OK);
		assert_int_equal(derived.rights & derived.given & ~RIGHT_GRANT, modes[i]);
		assert_int_equal(derived.given & RIGHT_GRANT, 0);
	}
	assert_int_equal(grant_memory(0xb8000, 0x8000), DRV_OK);
	assert_int_equal(derived.given, RIGHT_READ | RIGHT_WRITE);
	assert_int_equal(grant_line(4, IRQ_EDGE, false), DRV_OK);
	assert_int_equal(derived.given, RIGHT_READ);
	assert_int_equal(derived.rights, RIGHT_READ | RIGHT_INSPECT | RIGHT_GRANT);
}

/* SYS_CAP_PIO_KEEP is for who has ports. */
static void who_has_ports_has_the_frame_that_is_kept_to_write_and_no_one_else(void **state)
{
	(void)state;
	assert_int_equal(grant_port(5, 6), DRV_OK);
	assert_int_equal(kept_rights, RIGHT_WRITE);
	assert_int_equal(page.kept_frame, GRANTED);
	assert_int_equal(grant_memory(0xb8000, 0x8000), DRV_OK);
	assert_int_equal(kept_rights, 0);
	assert_int_equal(page.kept_frame, CAP_NULL);
}

static const driver_t first = {.index = 0, .instance.endpoint = 70};
static const driver_t second = {.index = 1, .instance.endpoint = 71};

static void one_capability_is_kept_of_each_connection(void **state)
{
	(void)state;
	driver = (driver_t){0};
	derived.count = 0;
	assert_int_equal(grant_connection(&driver, 3, &first, 0x107), NARROWED);
	assert_int_equal(derived.count, 1);
	assert_int_equal(derived.rights, RIGHT_WRITE | RIGHT_GRANT);
	assert_int_equal(derived.scope0, 0x107);
	assert_int_equal(driver.instance.connections[3], NARROWED);
	assert_int_equal(grant_connection(&driver, 3, &first, 0x107), NARROWED);
	assert_int_equal(derived.count, 1);
	assert_int_equal(grant_connection(&driver, 4, &second, 0x107), NARROWED);
	assert_int_equal(derived.count, 2);
}

/* The manager died behind the end of its server's endpoint, and the server is loaded still. */
static void a_connection_that_is_gone_is_made_again(void **state)
{
	(void)state;
	driver = (driver_t){0};
	derived.count = 0;
	assert_int_equal(grant_connection(&driver, 3, &first, 0x107), NARROWED);
	there = DRV_EBADCAP;
	assert_int_equal(grant_connection(&driver, 3, &first, 0x107), NARROWED);
	there = DRV_OK;
	assert_int_equal(derived.count, 2);
}

static void who_provides_the_name_now_takes_the_place_of_who_did(void **state)
{
	(void)state;
	driver = (driver_t){0};
	derived.count = released = 0;
	assert_int_equal(grant_connection(&driver, 3, &first, 0x107), NARROWED);
	revoked = DRV_EAGAIN; /* it was sent to many */
	assert_int_equal(grant_connection(&driver, 3, &second, 0x107), DRV_EAGAIN);
	assert_int_equal(driver.instance.servers[3], 0);
	revoked = DRV_OK;
	assert_int_equal(grant_connection(&driver, 3, &second, 0x107), NARROWED);
	assert_int_equal(derived.count, 2);
	assert_int_equal(released, 1);
	assert_int_equal(driver.instance.servers[3], 1);
	assert_int_equal(grant_connection(&driver, 3, &second, 0x107), NARROWED);
	assert_int_equal(derived.count, 2);
}

static void besides_its_manifest_the_operator_has_one_connection_at_a_time(void **state)
{
	(void)state;
	driver = (driver_t){0};
	derived.count = released = 0;
	assert_int_equal(grant_connection(&driver, MANIFEST_PLACES, &first, 0x107), NARROWED);
	assert_int_equal(derived.count, 1);
	assert_int_equal(released, 0);
	revoked = DRV_EAGAIN; /* it was sent to many */
	assert_int_equal(grant_connection(&driver, MANIFEST_PLACES, &second, 0x107),
			 DRV_EAGAIN);
	assert_int_equal(driver.instance.connections[MANIFEST_PLACES], NARROWED);
	assert_int_equal(derived.count, 1);
	revoked = DRV_OK;
	assert_int_equal(grant_connection(&driver, MANIFEST_PLACES, &second, 0x107), NARROWED);
	assert_int_equal(derived.count, 2);
	assert_int_equal(released, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_manifests_range_is_what_is_derived),
	    cmocka_unit_test(the_kernel_is_told_how_a_line_is_raised),
	    cmocka_unit_test(a_scope_of_0_is_never_asked_for),
	    cmocka_unit_test(a_driver_gets_the_rights_that_it_works_with),
	    cmocka_unit_test(who_has_ports_has_the_frame_that_is_kept_to_write_and_no_one_else),
	    cmocka_unit_test(one_capability_is_kept_of_each_connection),
	    cmocka_unit_test(a_connection_that_is_gone_is_made_again),
	    cmocka_unit_test(who_provides_the_name_now_takes_the_place_of_who_did),
	    cmocka_unit_test(besides_its_manifest_the_operator_has_one_connection_at_a_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
