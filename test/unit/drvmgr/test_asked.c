/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager answers of drivers' capabilities, manifests, policies, limits and use. The
 * kernel is a few numbers here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)
#include "doors/asked.c"

enum { FIRST, SECOND, COUNT = 20 };
enum { CSPACE = 61, THREAD = 62, LINE = 63 };

static manager_t manager;
static driver_t drivers[COUNT];
static told_t told[COUNT];
static driver_page_t pages[COUNT];
static verdict_limits_t limits;
static char word[32];

err_t cspace_list(cap_t cspace, cap_t *handle, cap_info_t *info)
{
	static const cap_info_t held[] = {
	    {.type = CAP_PIO,
	     .rights = RIGHT_READ | RIGHT_WRITE,
	     .scope0 = PIO_SCOPE(0x300, 0x303)},
	    {.type = CAP_IRQ, .rights = RIGHT_READ, .scope0 = PIO_SCOPE(5, 5)},
	    {.type = CAP_MMIO, .rights = RIGHT_READ, .scope0 = 0xa0000, .scope1 = 0x2000},
	    {.type = CAP_ENDPOINT, .rights = RIGHT_WRITE | RIGHT_GRANT}};
	assert_int_equal(cspace, CSPACE);
	if (*handle == sizeof(held) / sizeof(held[0]))
		return DRV_ENOENT;
	*info = held[(*handle)++];
	return DRV_OK;
}

/* As in the machine, it writes where an answer would be. */
err_t cap_inspect(cap_t cap, uint32_t *number, void *report, uint32_t size)
{
	const inspect_irq_t line = {.count = 40};
	const inspect_thread_t thread = {
	    .now_ms = 1000, .run_low = 7, .run_high = 1, .ticks_per_ms = 9, .messages = 5};
	(void)number;
	memset(&buffer, 0xee, sizeof(buffer));
	assert_int_equal(size, cap == LINE ? sizeof(line) : sizeof(thread));
	memcpy(report, cap == LINE ? (const void *)&line : &thread, size);
	return DRV_OK;
}

const char *owner_of(const manager_t *of, const cap_info_t *info)
{
	(void)of;
	return info->type == CAP_ENDPOINT ? "second" : OWNER_UNKNOWN;
}

size_t holding_describe(const driver_t *driver, const cap_info_t *info, const char *owner,
			char *text, size_t size)
{
	(void)driver, (void)owner;
	return format(text, size, "type %u", info->type);
}

err_t verb_target(const request_t *request, const driver_t **driver)
{
	*driver = manager_find(request->manager, request->name);
	return *driver ? DRV_OK : DRV_ENOENT;
}

verdict_limits_t evidence_limits(const manager_t *of, const driver_t *driver)
{
	(void)of, (void)driver;
	return limits;
}

static int fresh(void **state)
{
	static const char *const names[] = {"first", "second"};
	(void)state;
	memset(&manager, 0, sizeof(manager));
	memset(drivers, 0, sizeof(drivers));
	memset(told, 0, sizeof(told));
	memset(pages, 0, sizeof(pages));
	manager.drivers = drivers;
	manager.told = told;
	manager.count = COUNT;
	limits = (verdict_limits_t){.silence_ms = 750};
	for (uint32_t i = 0; i < COUNT; i++) {
		driver_t *driver = &drivers[i];
		format(driver->manifest.name, sizeof(driver->manifest.name), "%s",
		       i < 2 ? names[i] : "other");
		driver->index = i;
		driver->accepted = driver->instance.alive = true;
		driver->instance.process.cspace = CSPACE;
		driver->instance.process.thread = THREAD;
		driver->instance.page = &pages[i];
		driver->unit.state = STATE_RUNNING;
		driver->manifest.memory_kib = 256;
	}
	return 0;
}

static int32_t ask(int32_t (*of)(request_t *request), const char *name, uint32_t word1,
		   request_t *request)
{
	*request =
	    (request_t){.manager = &manager, .name = word, .word0 = word1, .word1 = word1};
	strcpy(word, name);
	return of(request);
}

static void nobody_and_the_refused_have_nothing(void **state)
{
	static int32_t (*const all[])(request_t *) = {asked_manifest, asked_policy,
						      asked_margins};
	request_t request;
	(void)state;
	drivers[FIRST].accepted = false;
	drivers[FIRST].unit.last_error = DRV_EFORMAT;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_int_equal(ask(all[i], "none", 0, &request), DRV_ENOENT);
		assert_int_equal(ask(all[i], "first", 0, &request), DRV_EFORMAT);
		assert_int_equal(request.bytes, 0);
	}
	assert_int_equal(ask(asked_held, "none", 0, &request), DRV_ENOENT);
	assert_int_equal(ask(asked_uses, "none", 0, &request), DRV_ENOENT);
	assert_int_equal(ask(asked_usage, "", COUNT, &request), DRV_ENOENT);
}

static void capabilities_have_their_range_and_owner(void **state)
{
	static const uint32_t ranges[][2] = {{0x300, 0x303}, {5, 5}, {0xa0000, 0xa1fff}};
	manager_held_t held;
	request_t request;
	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(ask(asked_held, "first", i, &request), sizeof(held));
		memcpy(&held, PLACE, sizeof(held));
		assert_int_equal(held.ranged, i < 3);
		assert_int_equal(held.first, i < 3 ? ranges[i][0] : 0);
		assert_int_equal(held.last, i < 3 ? ranges[i][1] : 0);
		assert_string_equal(held.owner, i < 3 ? "" : "second");
		assert_memory_equal(held.text, "type ", 5);
	}
	assert_int_equal(held.rights, RIGHT_WRITE | RIGHT_GRANT);
	assert_int_equal(ask(asked_held, "first", 4, &request), DRV_ENOENT);
	drivers[FIRST].instance.alive = false;
	assert_int_equal(ask(asked_held, "first", 0, &request), DRV_ENOENT);
}

static void a_manifest_is_told_in_pieces_up_to_its_end(void **state)
{
	char text[4096] = "";
	request_t request;
	(void)state;
	drivers[FIRST].manifest.provides.count = MANIFEST_NAMES_MAX;
	for (uint32_t i = 0; i < MANIFEST_NAMES_MAX; i++)
		strcpy(drivers[FIRST].manifest.provides.items[i],
		       "a-name-of-31-characters-as-long");
	for (int32_t count;
	     (count = ask(asked_manifest, "first", (uint32_t)strlen(text), &request)) != 0;) {
		assert_in_range(count, 1, MANAGER_TEXT_MAX);
		assert_int_equal(request.bytes, count);
		strncat(text, PLACE, (size_t)count);
	}
	assert_memory_equal(text, "{\"name\":\"first\",\n", 17);
	assert_string_equal(text + strlen(text) - 3, "]}\n");
	assert_true(strlen(text) > MANAGER_TEXT_MAX);
	assert_int_equal(ask(asked_manifest, "first", UINT32_MAX, &request), 0);
}

static void names_are_of_the_list_that_is_asked_for(void **state)
{
	request_t request;
	manifest_t *manifest = &drivers[FIRST].manifest;
	(void)state;
	strcpy(manifest->uses.items[0], "a");
	strcpy(manifest->uses.items[1], "b");
	manifest->uses.count = 2;
	strcpy(manifest->needs.items[0], "c");
	strcpy(manifest->provides.items[0], "d");
	manifest->needs.count = manifest->provides.count = 1;
	assert_int_equal(ask(asked_uses, "first", MANAGER_MAY_USE, &request), 3);
	assert_memory_equal(PLACE, "a b", 3);
	assert_int_equal(ask(asked_uses, "first", MANAGER_REQUIRES, &request), 1);
	assert_int_equal(*PLACE, 'c');
	assert_int_equal(ask(asked_uses, "first", MANAGER_PROVIDES, &request), 1);
	assert_int_equal(*PLACE, 'd');
	assert_int_equal(ask(asked_uses, "second", MANAGER_PROVIDES, &request), 0);
	assert_int_equal(ask(asked_uses, "first", MANAGER_USES_COUNT, &request), DRV_EINVAL);
}

static int32_t ask_users(const char *name, uint32_t from, request_t *request)
{
	return ask(asked_uses, name, MANAGER_USED_BY | from << MANAGER_USES_FROM, request);
}

static void who_uses_a_driver_names_it_or_what_it_provides(void **state)
{
	request_t request;
	(void)state;
	assert_int_equal(ask_users("first", 0, &request), 0);
	strcpy(drivers[FIRST].manifest.provides.items[0], "service");
	drivers[FIRST].manifest.provides.count = 1;
	for (uint32_t i = SECOND; i < 6; i++)
		format(drivers[i].manifest.name, sizeof(drivers[i].manifest.name), "d%u",
		       (unsigned)i);
	strcpy(drivers[1].manifest.needs.items[0], "first");
	strcpy(drivers[2].manifest.needs.items[0], "service");
	strcpy(drivers[3].manifest.uses.items[0], "service");
	strcpy(drivers[4].manifest.uses.items[0], "other");
	strcpy(drivers[5].manifest.uses.items[0], "first");
	for (uint32_t i = 1; i < 3; i++)
		drivers[i].manifest.needs.count = 1;
	for (uint32_t i = 3; i < 6; i++)
		drivers[i].manifest.uses.count = 1;
	drivers[5].accepted = false; /* it never runs */
	assert_int_equal(ask_users("first", 0, &request), 8);
	assert_memory_equal(PLACE, "d1 d2 d3", 8);
	assert_int_equal(ask_users("first", 1, &request), 5);
	assert_memory_equal(PLACE, "d2 d3", 5);
	assert_int_equal(ask_users("first", 3, &request), 0);
	assert_int_equal(ask_users("d1", 0, &request), 0);
	drivers[FIRST].accepted = false; /* its name may be another one's */
	assert_int_equal(ask_users("first", 0, &request), 0);
}

static void of_many_names_there_are_as_many_as_find_room(void **state)
{
	request_t request;
	(void)state;
	for (uint32_t i = SECOND; i < COUNT; i++) {
		manifest_t *manifest = &drivers[i].manifest;
		format(manifest->name, sizeof(manifest->name),
		       "a-name-of-31-characters-long-%02u", (unsigned)i);
		strcpy(manifest->uses.items[0], "first");
		manifest->uses.count = 1;
	}
	assert_int_equal(ask_users("first", 0, &request), 14 * 32 - 1);
	assert_memory_equal(PLACE + 13 * 32, "a-name-of-31-characters-long-14", 31);
	assert_int_equal(ask_users("first", 14, &request), 5 * 32 - 1);
	assert_memory_equal(PLACE, "a-name-of-31-characters-long-15 ", 32);
	/* One that is short fits behind them; but nothing follows what did not fit. */
	strcpy(drivers[16].manifest.name, "short");
	strcpy(drivers[15].manifest.name, "1234567890123456789012345");
	assert_int_equal(ask_users("first", 0, &request), 14 * 32 - 1);
	strcpy(drivers[15].manifest.name, "123456789012345678901234");
	assert_int_equal(ask_users("first", 0, &request), MANAGER_TEXT_MAX);
}

/* What decides makes the list, with what it remembers. */
static void the_policys_retries_are_those_that_would_be(void **state)
{
	policy_t *policy = &manager.world.rules[FIRST].policy;
	policy_retry_t expected[RETRIES];
	policy_decision_t last;
	manager_policy_t page;
	request_t request;
	(void)state;
	*policy = (policy_t){POLICY_ON_FAILURE, 0, 10, 200, 1000, 40, 100000, 5000};
	manager.now_ms = 7000;
	drivers[FIRST].unit.history.ever_ran = true;
	uint32_t count = (uint32_t)policy_simulate(policy, true, 0, expected, RETRIES, &last),
		 seen = 0;
	do {
		assert_int_equal(ask(asked_policy, "first", seen, &request), sizeof(page));
		memcpy(&page, PLACE, sizeof(page));
		assert_int_equal(page.retries, count);
		for (uint32_t i = 0; i < page.count; i++, seen++) {
			assert_int_equal(page.retry[i].at_ms, expected[seen].at_ms);
			assert_int_equal(page.retry[i].delay_ms, expected[seen].delay_ms);
		}
	} while (page.count == MANAGER_RETRIES);
	assert_int_equal(seen, count);
	assert_int_equal(ask(asked_policy, "first", UINT32_MAX, &request), sizeof(page));
	drivers[FIRST].unit.history.failures[0] = 6500;
	drivers[FIRST].unit.history.held = 1;
	manager.world.rules[FIRST].essential = true;
	ask(asked_policy, "first", 0, &request);
	memcpy(&page, PLACE, sizeof(page));
	assert_int_equal(page.retries, count - 1);
	assert_int_equal(page.failures, 1);
	assert_true(page.essential && page.ever_ran);
	assert_int_equal(drivers[FIRST].unit.history.held, 1); /* it was not noted */
}

static void memory_is_one_of_the_limits(void **state)
{
	manager_margin_t rows[MARGIN_COUNT];
	request_t request;
	(void)state;
	int32_t bytes = ask(asked_margins, "first", 0, &request);
	assert_int_equal(bytes, request.value * sizeof(rows[0]));
	memcpy(rows, PLACE, (size_t)bytes);
	assert_int_equal(rows[0].rule, MARGIN_SILENCE);
	assert_int_equal(rows[request.value - 1].rule, MARGIN_MEMORY);
	assert_int_equal(rows[request.value - 1].limit, 256);
	assert_in_range(rows[request.value - 1].value, 1, 256);
}

static void use_is_told_of_as_many_as_fit(void **state)
{
	manager_usage_t rows[MANAGER_USAGE_ROWS];
	request_t request;
	(void)state;
	told[FIRST].took_of = 1;
	told[FIRST].took_ms = 3;
	pages[FIRST].work = 12;
	drivers[FIRST].manifest.caps.irq.count = 2;
	drivers[FIRST].instance.lines[0] = drivers[FIRST].instance.lines[1] = LINE;
	drivers[SECOND].instance.alive = false;
	assert_int_equal(ask(asked_usage, "", 0, &request), sizeof(rows));
	assert_int_equal(request.value, MANAGER_USAGE_ROWS);
	memcpy(rows, PLACE, sizeof(rows));
	assert_string_equal(rows[0].name, "first");
	assert_true(rows[0].run_low == 7 && rows[0].run_high == 1);
	assert_int_equal(rows[0].interrupts, 80);
	assert_int_equal(rows[0].messages, 5);
	assert_int_equal(rows[0].work, 12);
	assert_true(rows[0].restarted && rows[0].restart_ms == 3);
	assert_string_equal(rows[1].name, "second");
	assert_int_equal(rows[1].ticks_per_ms, 0);
	assert_int_equal(ask(asked_usage, "", COUNT - 1, &request), sizeof(rows[0]));
	assert_int_equal(request.value, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nobody_and_the_refused_have_nothing),
	    TEST(capabilities_have_their_range_and_owner),
	    TEST(a_manifest_is_told_in_pieces_up_to_its_end),
	    TEST(names_are_of_the_list_that_is_asked_for),
	    TEST(who_uses_a_driver_names_it_or_what_it_provides),
	    TEST(of_many_names_there_are_as_many_as_find_room),
	    TEST(the_policys_retries_are_those_that_would_be),
	    TEST(memory_is_one_of_the_limits),
	    TEST(use_is_told_of_as_many_as_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
