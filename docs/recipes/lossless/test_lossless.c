/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver and the client of docs/lossless.md, cut at each store to a kept page and at each
 * access to a port: the client has what was typed, each event once and in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/fake/cut.h"

int keypad_main(void);
int reader_main(void);
#define main keypad_main
#include "keypad.c"
#undef main
#define main reader_main
#include "reader.c"
#undef main

#define BYTES 28u /* typed, two an event */

/* ---- the device, the kernel and the runtime ---- */

static uint8_t *kept_pages;
static enum { KEYPAD, READER, NOBODY } runs;
static const driver_ops_t *ops[2];
static DriverContextV2 contexts[2];
static uint32_t generation, forgot;
static uint8_t queue[BYTES];
static uint32_t typed_bytes, taken_bytes;

/* Where the driver thinks that the client is, which is in its memory. */
static struct {
	uint32_t next;
	bool knows;
} session;

/* What came along with a signal, in the client's. */
static struct {
	uint32_t from, next;
	int32_t bytes;
	keypad_event_t events[EACH];
} along;
static unsigned tells, takes;

DriverContextV2 *driver_context(void)
{
	return &contexts[runs];
}

uint32_t driver_generation(void)
{
	return generation;
}

int driver_main(const driver_ops_t *given)
{
	ops[runs] = given;
	return 0;
}

err_t driver_in8(unsigned index, uint16_t port, uint8_t *value)
{
	cut_here();
	assert_int_equal(index, PIO_KEYPAD);
	assert_int_equal(port, KEYPAD_STATUS);
	*value = taken_bytes < typed_bytes ? KEYPAD_WAITS : 0;
	return DRV_OK;
}

err_t driver_keep8(unsigned index, uint16_t port, uint32_t offset, uint8_t *value)
{
	cut_here();
	assert_int_equal(index, PIO_KEYPAD);
	assert_int_equal(port, KEYPAD_DATA);
	assert_true(taken_bytes < typed_bytes);
	pio_kept_t *at = (pio_kept_t *)(void *)(kept_pages + offset);
	*value = queue[taken_bytes++];
	cut_hold(true);
	at->value = *value;
	at->count++;
	cut_hold(false);
	return DRV_OK;
}

_Noreturn void driver_fail(err_t reason)
{
	fail_msg("%d", reason);
	__builtin_unreachable();
}

void driver_set_timer(uint32_t ms)
{
	(void)ms;
}

/* The client listens only now and then. */
void driver_tell(void)
{
	if (!session.knows)
		return;
	uint32_t next = session.next;
	keypad_event_t events[EACH];
	int32_t bytes = ops[KEYPAD]->read_at(NULL, &next, events, sizeof(events));
	session.knows = bytes > 0 && typed_bytes % 8 < 5;
	if (!session.knows)
		return;
	along.from = session.next;
	along.next = session.next = next;
	along.bytes = bytes;
	memcpy(along.events, events, (size_t)bytes);
	tells++;
}

void driver_forget(void)
{
	forgot++;
}

err_t driver_make_signal(unsigned number, cap_t *signal)
{
	*signal = number + 1;
	return DRV_OK;
}

int32_t link_read_at(link_t *link, uint32_t *position, void *to, uint32_t bytes)
{
	uint32_t next = *position;
	assert_true(link->listens);
	if (along.bytes && along.from == next && (uint32_t)along.bytes <= bytes) {
		memcpy(to, along.events, (size_t)along.bytes);
		*position = along.next;
		bytes = (uint32_t)along.bytes;
		along.bytes = 0;
		takes++;
		return (int32_t)bytes;
	}
	int32_t answer = ops[KEYPAD]->read_at(NULL, &next, to, bytes);
	if (answer >= 0)
		*position = next;
	session.next = next;
	session.knows = answer >= 0;
	return answer;
}

err_t link_ioctl(link_t *link, uint32_t code, uint32_t argument, uint32_t *value, void *data,
		 uint32_t *bytes, uint32_t room)
{
	ioctl_t request = {.code = code, .argument = argument};
	(void)link, (void)data, (void)bytes, (void)room;
	err_t err = ops[KEYPAD]->ioctl(NULL, &request);
	*value = request.value;
	return err;
}

/* ---- processes ---- */

static void start_keypad(void)
{
	runs = KEYPAD;
	page = NULL;
	pair = (keep_pair_t){0};
	generation++;
	session.knows = false;
	keypad_main();
	if (generation > 1)
		assert_int_equal(ops[KEYPAD]->recover(), DRV_OK);
	assert_int_equal(ops[KEYPAD]->run(), DRV_OK);
	runs = NOBODY;
}

static void start_reader(void)
{
	runs = READER;
	kept = (keep_pair_t){0};
	along.bytes = 0;
	session.knows = false;
	reader_main();
	assert_int_equal(ops[READER]->init(), DRV_OK);
	ops[READER]->timer();
	runs = NOBODY;
}

/* What is typed comes in bytes; the reader looks now and then. From where it was to the end. */
static void type_all(void *unused)
{
	(void)unused;
	while (typed_bytes < BYTES) {
		typed_bytes++;
		runs = KEYPAD;
		if (typed_bytes % 4) /* else its interrupt is lost */
			ops[KEYPAD]->irq(0);
		runs = READER;
		if (typed_bytes % 3 == 0 || (along.bytes && typed_bytes % 5))
			ops[READER]->signal(1);
	}
	runs = KEYPAD;
	ops[KEYPAD]->timer();
	runs = READER;
	ops[READER]->timer();
	runs = NOBODY;
}

/* Before anything is typed, with both running. */
static int fresh(void **unused)
{
	(void)unused;
	if (!kept_pages) {
		kept_pages = cut_pages(2);
		cut_world(&runs, sizeof(runs));
		cut_world(&generation, sizeof(generation));
		cut_world(&forgot, sizeof(forgot));
		cut_world(&typed_bytes, sizeof(typed_bytes));
		cut_world(&taken_bytes, sizeof(taken_bytes));
		cut_world(&session, sizeof(session));
		cut_world(&along, sizeof(along));
	}
	cut_pages(2);
	for (int i = 0; i < 2; i++)
		contexts[i] = (DriverContextV2){
		    .shared_cfg =
			(driver_address_t)(uintptr_t)(kept_pages + (size_t)i * PAGE_SIZE),
		    .shared_cfg_size = PAGE_SIZE};
	for (uint32_t i = 0; i < BYTES; i++)
		queue[i] = (uint8_t)(i % 2 == 0 ? KEYPAD_ROW | i / 4
						: (i / 4 + 3) | (i % 4 == 3 ? KEYPAD_UP : 0));
	generation = forgot = typed_bytes = taken_bytes = 0;
	start_keypad();
	start_reader();
	return 0;
}

static void restart_who_died(void *unused)
{
	(void)unused;
	if (runs == READER)
		start_reader();
	else
		start_keypad();
}

/* ---- what the client has ---- */

static keypad_event_t event_of(uint32_t number)
{
	return (keypad_event_t){(uint8_t)(number / 2), (uint8_t)(number / 2 + 3),
				number % 2 == 0};
}

/* When it began, it was told that there was something before. */
static void assert_all_once_and_in_order(void)
{
	const typed_t *got = keep_live(&kept);
	assert_int_equal(got->count, BYTES / 2);
	assert_int_equal(got->lost, 1);
	for (uint32_t i = 0; i < got->count; i++) {
		keypad_event_t event = event_of(i);
		assert_memory_equal(&got->events[i], &event, sizeof(event));
	}
	assert_int_equal(forgot, 0);
}

/* The events are in order, none twice; how many of them are missing. */
static uint32_t missing(void)
{
	const typed_t *got = keep_live(&kept);
	uint32_t at = 0;
	for (uint32_t i = 0; i < BYTES / 2; i++) {
		keypad_event_t event = event_of(i);
		if (at < got->count && !memcmp(&got->events[at], &event, sizeof(event)))
			at++;
	}
	assert_int_equal(at, got->count);
	return BYTES / 2 - at;
}

/* ---- tests ---- */

static void what_is_typed_is_read(void **unused)
{
	(void)unused;
	tells = takes = 0;
	type_all(NULL);
	assert_all_once_and_in_order();
	assert_in_range(takes, 2, tells); /* both ways are gone */
}

static void a_death_at_any_store_or_port_access_loses_and_doubles_nothing(void **unused)
{
	(void)unused;
	cut_t cut;
	uint32_t deaths[2] = {0, 0};
	cut_record(&cut, type_all, NULL);
	for (uint32_t point = 0; point < cut.points; point++) {
		cut_back(&cut, point);
		deaths[runs]++;
		restart_who_died(NULL);
		type_all(NULL);
		assert_all_once_and_in_order();
	}
	cut_free(&cut);
	assert_in_range(deaths[KEYPAD], 4 * BYTES,
			10000); /* a byte is read, stored, committed */
	assert_in_range(deaths[READER], BYTES, 10000);
}

/* Both lose what they have in their memory. */
static void a_death_of_both_loses_and_doubles_nothing(void **unused)
{
	(void)unused;
	cut_t cut;
	cut_record(&cut, type_all, NULL);
	for (uint32_t point = 0; point < cut.points; point++) {
		cut_back(&cut, point);
		start_keypad();
		start_reader();
		type_all(NULL);
		assert_all_once_and_in_order();
	}
	cut_free(&cut);
}

/* The next instance dies as well, before it has served: of a byte over which both died nobody
 * knows whether it is what kills, so that it is dropped, and told. */
static void a_second_death_loses_at_most_one_byte_and_tells_it(void **unused)
{
	(void)unused;
	cut_t cut, again;
	uint32_t told = 0, whole = 0;
	cut_record(&cut, type_all, NULL);
	for (uint32_t point = 0; point < cut.points; point++) {
		cut_back(&cut, point);
		cut_record(&again, restart_who_died, NULL);
		for (uint32_t second = 0; second < again.points; second++) {
			cut_back(&again, second);
			restart_who_died(NULL);
			type_all(NULL);
			const typed_t *got = keep_live(&kept);
			bool is_told = got->lost > 1;
			assert_in_range(missing(), 0, is_told);
			assert_in_range(got->lost, 1, 2);
			told += is_told;
			whole += !is_told;
		}
		cut_free(&again);
	}
	cut_free(&cut);
	assert_in_range(told, 1, whole);
}

static void a_page_thrown_away_is_told(void **unused)
{
	(void)unused;
	typed_bytes = BYTES / 2;
	runs = KEYPAD;
	ops[KEYPAD]->timer();
	runs = READER;
	ops[READER]->timer();
	memset(kept_pages, 0, PAGE_SIZE);
	start_keypad();
	type_all(NULL);
	const typed_t *got = keep_live(&kept);
	assert_int_equal(forgot, 1);
	assert_int_equal(got->lost, 2);
	assert_int_equal(got->count, BYTES / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_typed_is_read, fresh),
	    cmocka_unit_test_setup(
		a_death_at_any_store_or_port_access_loses_and_doubles_nothing, fresh),
	    cmocka_unit_test_setup(a_death_of_both_loses_and_doubles_nothing, fresh),
	    cmocka_unit_test_setup(a_second_death_loses_at_most_one_byte_and_tells_it, fresh),
	    cmocka_unit_test_setup(a_page_thrown_away_is_told, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
