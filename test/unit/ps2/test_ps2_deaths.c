/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver dies before each store to its kept page and before each access to a port, from the
 * interrupt to the event that a client has, for a moment or for seconds. Whatever was under
 * way: the client has what was typed and moved, each event once and in order, and nothing stays
 * held. */
#include "ps2_script.h"

/* A real mouse has no queue: what is done to it while nobody listens it says as one. */
static bool is_summed_up(const deed_t *deed)
{
	return !bench.pc.is.one_queue && deed->what >= MOVE && deed->what <= BUTTONS;
}

/* The driver is made again, some time later; so much of the script is done to the devices while
 * there is none. No repeats of a key that is held for so long: they fill the keyboard. */
static void be_dead(uint32_t while_dead, uint32_t dead_ms)
{
	if (dead_ms) {
		bench.pc.is.typematic = false;
		bench.pc.keys.repeats = 0;
	}
	for (uint32_t i = 0; i < while_dead && deeds < script_count; i++) {
		if (is_asked(&script[deeds]) || is_summed_up(&script[deeds]))
			break;
		pc_pass(&bench.pc, DEED_MS * FAKE_MS);
		perform(&script[deeds++]);
	}
	pc_pass(&bench.pc, (uint64_t)dead_ms * FAKE_MS);
	assert_int_equal(bench_start(), DRV_OK);
	bench_pass(DEED_MS); /* as long as without a death */
}

/* While something is done each time, at once, and long after all that has a limit in a code. */
static const struct {
	uint32_t deeds, ms[3];
} deaths[] = {{0, {0}}, {1, {0}}, {2, {0}}, {1, {SCAN_PREFIX_MS + 1, 1500, 4000}}};

/* Dies at each point of the script, once. */
static void die_everywhere(const deed_t *deed, uint32_t count)
{
	static seen_t wanted, got;
	cut_t cut;
	begin(deed, count);
	bench_ready();
	cut_record(&cut, act, NULL);
	see(&wanted);
	assert_as_typed(&wanted);
	assert_in_range(cut.points, 20 * count, CUT_POINTS);
	for (uint32_t how = 0; how < LENGTH(deaths); how++)
		for (uint32_t point = 0; point < cut.points; point++) {
			cut_back(&cut, point);
			be_dead(deaths[how].deeds, deaths[how].ms[point % 3]);
			act(NULL);
			see(&got);
			assert_same(&got, &wanted, point, cut.points);
		}
	cut_free(&cut);
}

#define DIE_EVERYWHERE(...)                                                                    \
	do {                                                                                   \
		static const deed_t deed[] = {__VA_ARGS__};                                    \
		die_everywhere(deed, LENGTH(deed));                                            \
	} while (0)

static void keys_of_each_kind(void **state)
{
	(void)state;
	DIE_EVERYWHERE(TAP(KEY_A), TAP(KEY_UP), TAP(KEY_PAUSE), TAP(KEY_SYSRQ),
		       TAP(KEY_RIGHTCTRL), TAP(KEY_F12), TAP(KEY_KPENTER), TAP(KEY_102ND),
		       TAP(KEY_LEFTMETA));
}

static void chords(void **state)
{
	(void)state;
	DIE_EVERYWHERE({PRESS, KEY_LEFTSHIFT, 0}, TAP(KEY_A), TAP(KEY_DELETE),
		       {PRESS, KEY_LEFTCTRL, 0}, TAP(KEY_PAUSE), TAP(KEY_SYSRQ),
		       {RELEASE, KEY_LEFTSHIFT, 0}, {PRESS, KEY_RIGHTALT, 0}, TAP(KEY_Q),
		       {RELEASE, KEY_LEFTCTRL, 0}, {PRESS, KEY_J, 0}, {PRESS, KEY_K, 0},
		       {RELEASE, KEY_J, 0}, {RELEASE, KEY_K, 0}, {RELEASE, KEY_RIGHTALT, 0});
}

static void locks_with_lamps_in_flight(void **state)
{
	(void)state;
	DIE_EVERYWHERE(TAP(KEY_CAPSLOCK), TAP(KEY_B), TAP(KEY_NUMLOCK), TAP(KEY_DELETE),
		       TAP(KEY_KP7), TAP(KEY_CAPSLOCK), TAP(KEY_NUMLOCK));
}

static void settings_in_flight(void **state)
{
	(void)state;
	DIE_EVERYWHERE({LEDS, INPUT_SCROLLLOCK, 0}, TAP(KEY_C), {REPEAT, 250, 100}, TAP(KEY_D),
		       {LEDS, INPUT_LEDS_FOLLOW, 0}, TAP(KEY_CAPSLOCK), TAP(KEY_E));
}

static void packets(void **state)
{
	(void)state;
	DIE_EVERYWHERE({MOVE, 3, -5}, {BUTTONS, 1, 0}, {MOVE, -100, 90}, {BUTTONS, 0, 0},
		       {WHEEL, 1, 0}, CLICK(2), {WHEEL, -2, 0}, CLICK(4), {MOVE, 1, 1},
		       {MOVE, 2, 2});
}

static void packets_of_five_buttons(void **state)
{
	(void)state;
	DIE_EVERYWHERE(CLICK(8), {WHEEL, 0, 1}, CLICK(16), {MOVE, 7, 0}, CLICK(1),
		       {WHEEL, 1, 0});
}

static void packets_without_a_wheel(void **state)
{
	(void)state;
	bench.pc.faults.mouse_ids = FAKE_PLAIN;
	DIE_EVERYWHERE({MOVE, 3, -5}, CLICK(1), {MOVE, -100, 90}, CLICK(2), {MOVE, 1, 1},
		       CLICK(4));
}

static void keys_without_translation(void **state)
{
	(void)state;
	bench.pc.faults.fixed = I8042_CONFIG_TRANSLATE;
	bench.pc.faults.fixed_to = 0;
	DIE_EVERYWHERE(TAP(KEY_A), TAP(KEY_UP), TAP(KEY_PAUSE), TAP(KEY_SYSRQ),
		       TAP(KEY_CAPSLOCK), {PRESS, KEY_RIGHTSHIFT, 0}, TAP(KEY_HOME),
		       {RELEASE, KEY_RIGHTSHIFT, 0});
}

static void keys_and_packets_together(void **state)
{
	(void)state;
	DIE_EVERYWHERE({PRESS, KEY_LEFTCTRL, 0}, {MOVE, 5, 5}, TAP(KEY_UP), {BUTTONS, 1, 0},
		       {MOVE, -1, 2}, TAP(KEY_CAPSLOCK), {WHEEL, 1, 0}, {BUTTONS, 0, 0},
		       TAP(KEY_PAUSE), {MOVE, 9, 9}, {RELEASE, KEY_LEFTCTRL, 0});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH(keys_of_each_kind),
	    ON_BOTH(chords),
	    ON_BOTH(locks_with_lamps_in_flight),
	    ON_BOTH(settings_in_flight),
	    ON_BOTH(packets),
	    ON_BOTH(packets_of_five_buttons),
	    ON_BOTH(packets_without_a_wheel),
	    ON_BOTH(keys_without_translation),
	    ON_BOTH(keys_and_packets_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
