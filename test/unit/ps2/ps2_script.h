/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of deaths: a script of what is done to the devices, from which a run can go on
 * wherever it was left, and what a client has in the end. */
#ifndef PS2_SCRIPT_H
#define PS2_SCRIPT_H

#include "ps2_bench.h"

#include <string.h>

#include "test/fake/cut.h"

#define EVENTS	128u /* of a script, at most */
#define DEED_MS 25u  /* from one to the next */
#define REST_MS 2500u

typedef enum what { PRESS, RELEASE, MOVE, WHEEL, BUTTONS, LEDS, REPEAT, WAIT } what_t;

typedef struct deed {
	what_t what;
	int32_t a, b;
} deed_t;
#define TAP(key)                                                                               \
	{PRESS, key, 0},                                                                       \
	{                                                                                      \
		RELEASE, key, 0                                                                \
	}
#define CLICK(button)                                                                          \
	{BUTTONS, button, 0},                                                                  \
	{                                                                                      \
		BUTTONS, 0, 0                                                                  \
	}

/* What a client has, so that it can be compared: keys one by one, buttons with the motion that
 * came before each. */
typedef struct seen {
	uint32_t keys, buttons;
	struct {
		uint16_t code;
		uint8_t value, modifiers;
	} key[EVENTS];
	struct {
		uint16_t code;
		int32_t value, motion[4];
	} button[EVENTS]; /* the last one is the motion behind all */
	unsigned overflows;
	input_state_t held;
	uint8_t leds;
} seen_t;

static const deed_t *script;
static uint32_t script_count, deeds; /* done */

static inline void perform(const deed_t *deed)
{
	switch (deed->what) {
	case PRESS:
	case RELEASE:
		pc_key(&bench.pc, (uint16_t)deed->a, deed->what == PRESS);
		break;
	case MOVE:
		pc_move(&bench.pc, deed->a, deed->b, 0, 0);
		break;
	case WHEEL:
		pc_move(&bench.pc, 0, 0, deed->a, deed->b);
		break;
	case BUTTONS:
		pc_buttons(&bench.pc, (uint8_t)deed->a);
		break;
	case LEDS:
		assert_int_equal(keyboard_set_leds(&bench.ps2.turn, (uint32_t)deed->a), DRV_OK);
		bench_feed(PS2_EV_TIMER, 0);
		break;
	case REPEAT:
		assert_int_equal(
		    keyboard_set_repeat(&bench.ps2.turn, (uint32_t)deed->a, (uint32_t)deed->b),
		    DRV_OK);
		bench_feed(PS2_EV_TIMER, 0);
		break;
	case WAIT:
		bench_pass((uint32_t)deed->a);
		break;
	}
}

/* A real controller that translates takes an answer between F0 and the code behind it for that
 * code, and a release becomes a press, whoever drives it. So no key is moved while an answer is
 * due. */
static inline bool is_due(void)
{
	const fake_pc_t *pc = &bench.pc;
	return pc->devices[FAKE_KEYBOARD].answer_count || pc->input_full || pc->receives.busy ||
	       pc->sends.busy;
}

/* Who asks a driver that dies over it asks again; what is done to the device is done. */
static inline bool is_asked(const deed_t *deed)
{
	return deed->what == LEDS || deed->what == REPEAT;
}

/* The rest of the script. The client reads now and then. */
static inline void act(void *unused)
{
	(void)unused;
	while (deeds < script_count) {
		const deed_t *deed = &script[deeds];
		while (is_due())
			bench_pass(1);
		deeds += !is_asked(deed);
		perform(deed);
		deeds += is_asked(deed);
		bench_pass(DEED_MS);
		if (deeds % 3 == 0)
			bench_read();
	}
}

static inline unsigned axis_of(uint16_t code)
{
	return code == REL_X ? 0 : code == REL_Y ? 1 : code == REL_WHEEL ? 2 : 3;
}

static inline void see_event(seen_t *seen, const input_event_t *event)
{
	assert_true(seen->keys < EVENTS && seen->buttons + 1 < EVENTS);
	if (event->type == INPUT_REL) {
		seen->button[seen->buttons].motion[axis_of(event->code)] += event->value;
	} else if (event->code >= BTN_LEFT) {
		seen->button[seen->buttons].code = event->code;
		seen->button[seen->buttons++].value = event->value;
	} else if (event->value != INPUT_REPEAT) {
		seen->key[seen->keys].code = event->code;
		seen->key[seen->keys].value = (uint8_t)event->value;
		seen->key[seen->keys++].modifiers = event->modifiers;
	}
}

/* Time until all is said, and what the client has then. */
static inline void see(seen_t *seen)
{
	bench_pass(REST_MS);
	bench_read();
	*seen = (seen_t){.overflows = bench.overflows, .leds = bench.pc.keys.leds};
	for (unsigned i = 0; i < bench.count; i++)
		see_event(seen, &bench.events[i]);
	events_state_at(bench.ps2.turn.page, bench_state(), bench.position, &seen->held);
}

/* The keys that are the script's, by which the driver is judged without a death as well. */
static inline void assert_as_typed(const seen_t *seen)
{
	uint32_t at = 0;
	for (uint32_t i = 0; i < script_count; i++) {
		bool down = script[i].what == PRESS;
		if (script[i].what != PRESS && script[i].what != RELEASE)
			continue;
		if (!down && script[i].a == KEY_PAUSE)
			continue; /* its release came with it */
		for (int value = down; value >= (down && script[i].a == KEY_PAUSE ? 0 : down);
		     value--) {
			assert_true(at < seen->keys);
			assert_int_equal(seen->key[at].code, script[i].a);
			assert_int_equal(seen->key[at++].value, value);
		}
	}
	assert_int_equal(at, seen->keys);
	assert_int_equal(seen->overflows, 0);
}

/* Why they differ, or null. */
static inline const char *difference(const seen_t *got, const seen_t *wanted)
{
	if (got->overflows != wanted->overflows)
		return "a gap is told";
	if (got->keys < wanted->keys)
		return "keys are lost";
	if (got->keys > wanted->keys)
		return "keys are doubled";
	if (memcmp(got->key, wanted->key, sizeof(got->key)) != 0)
		return "keys are others";
	if (got->buttons != wanted->buttons)
		return "buttons are lost or doubled";
	if (memcmp(got->button, wanted->button, sizeof(got->button)) != 0)
		return "motion is another";
	if (memcmp(&got->held, &wanted->held, sizeof(got->held)) != 0)
		return "something is held";
	return got->leds != wanted->leds ? "lamps are others" : NULL;
}

static inline void print(const seen_t *seen)
{
	for (uint32_t i = 0; i < seen->keys; i++)
		print_message("%u=%u/%02x ", seen->key[i].code, seen->key[i].value,
			      seen->key[i].modifiers);
	for (uint32_t i = 0; i <= seen->buttons; i++)
		print_message("[%d %d %d %d] %x=%d ", (int)seen->button[i].motion[0],
			      (int)seen->button[i].motion[1], (int)seen->button[i].motion[2],
			      (int)seen->button[i].motion[3], seen->button[i].code,
			      (int)seen->button[i].value);
	print_message("overflows %u, leds %x\n", seen->overflows, seen->leds);
}

static inline void assert_same(const seen_t *got, const seen_t *wanted, uint32_t point,
			       uint32_t points)
{
	const char *why = difference(got, wanted);
	if (!why)
		why = bench.pc.hasty_writes || bench.pc.dangerous ? "it wrote what it must not"
								  : NULL;
	if (!why)
		return;
	print(wanted);
	print(got);
	fail_msg("death at point %u of %u, deed %u: %s", point, points, deeds, why);
}

static inline void set_world(void)
{
	static bool is_set;
	if (is_set)
		return;
	is_set = true;
	cut_world(&deeds, sizeof(deeds));
	cut_world(&bench.pc, sizeof(bench.pc));
	cut_world(&bench.generation, offsetof(bench_t, events) +
					 EVENTS * sizeof(input_event_t) -
					 offsetof(bench_t, generation));
	cut_world(&bench.count, sizeof(bench.count));
}

static inline void begin(const deed_t *deed, uint32_t count)
{
	set_world();
	script = deed;
	script_count = count;
	deeds = 0;
}

#endif
