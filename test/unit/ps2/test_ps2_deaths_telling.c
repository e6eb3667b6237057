/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver dies on the way to a client that listens: before each store to its kept page, each
 * access to a port and each call that signals, and behind that. A client that reads only if it
 * is signalled, or behind a new session, has each event once and in order all the same. */
#include "ps2_script.h"
#include "ps2_telling.h"

#define SIGNAL 33u

/* As link_read_at(): from what came along, if it follows; else the driver is asked. */
static int32_t read_on(uint32_t *position, void *to, uint32_t bytes)
{
	assert_true(bench.count + DRIVER_DATA_MAX / sizeof(input_event_t) < BENCH_EVENTS);
	uint32_t told = told_take(SIGNAL, position, to, bytes);
	return told ? (int32_t)told : telling_read_at(position, to, bytes);
}

static void read_all(void)
{
	for (;;) {
		uint32_t position = bench.position; /* as long as it has no answer */
		int32_t bytes = read_on(&position, &bench.events[bench.count], DRIVER_DATA_MAX);
		assert_true(bytes >= 0);
		if (!bytes)
			return;
		bench.position = position;
		bench.count += (unsigned)bytes / sizeof(input_event_t);
	}
}

/* The client comes to its receive. */
static void listen(void)
{
	if (telling.has_told)
		told_keep(SIGNAL, telling.from, telling.next, telling.data, TOLD_WORDS,
			  telling.bytes);
	telling.has_told = false;
	if (telling.signalled) {
		telling.signalled = false;
		read_all();
	}
	telling.listens = true;
}

/* The rest of the script. Now and then the client is busy and does not listen. */
static void act_told(void *unused)
{
	(void)unused;
	while (deeds < script_count) {
		while (is_due())
			bench_pass(1);
		perform(&script[deeds++]);
		bench_pass(DEED_MS);
		if (deeds % 4)
			listen();
	}
}

/* `heard`: what was told by the dead instance came to the client before it knew of the death.
 */
static void be_made_again(bool heard)
{
	bench.tells = telling_tell;
	telling_process();
	assert_int_equal(bench_start(), DRV_OK);
	bench_pass(DEED_MS);
	if (heard && telling.has_told)
		told_keep(SIGNAL, telling.from, telling.next, telling.data, TOLD_WORDS,
			  telling.bytes);
	else
		told_drop(SIGNAL);
	telling.has_told = telling.signalled = false;
	telling_open();
	read_all();
	telling.listens = true;
}

/* Nothing is left of which nobody was told. */
static void see_told(seen_t *seen)
{
	bench_pass(REST_MS);
	for (unsigned i = 0; i < 3; i++)
		listen();
	assert_int_equal(bench.position, bench_state()->head);
	see(seen);
}

static void die_everywhere(const deed_t *deed, uint32_t count)
{
	static seen_t wanted, got;
	static bool is_set;
	cut_t cut;
	begin(deed, count);
	if (!is_set)
		cut_world(&telling, sizeof(telling));
	is_set = true;
	telling = (telling_t){0};
	told_drop(SIGNAL);
	bench_ready();
	be_made_again(false);
	cut_record(&cut, act_told, NULL);
	see_told(&wanted);
	assert_as_typed(&wanted);
	assert_in_range(cut.points, 20 * count, CUT_POINTS);
	for (uint32_t heard = 0; heard < 2; heard++)
		for (uint32_t point = 0; point < cut.points; point++) {
			cut_back(&cut, point);
			told_drop(SIGNAL); /* it is given at once, or not at all */
			be_made_again(heard);
			act_told(NULL);
			see_told(&got);
			assert_same(&got, &wanted, point, cut.points);
		}
	cut_free(&cut);
}

static void keys_and_packets_that_are_told(void **state)
{
	static const deed_t deed[] = {
	    TAP(KEY_A),	  {MOVE, 3, -5}, {PRESS, KEY_LEFTSHIFT, 0},   TAP(KEY_UP),
	    CLICK(1),	  {MOVE, 1, 1},	 TAP(KEY_CAPSLOCK),	      {MOVE, -2, 7},
	    {MOVE, 4, 0}, {MOVE, 5, 1},	 {RELEASE, KEY_LEFTSHIFT, 0}, TAP(KEY_PAUSE),
	    TAP(KEY_B)};
	(void)state;
	die_everywhere(deed, LENGTH(deed));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH(keys_and_packets_that_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
