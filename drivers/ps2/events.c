/* SPDX-License-Identifier: BSD-2-Clause */
/* The stream of events.h. */
#include "ps2/events.h"

#include "cap/string.h"

#define EVENT_GAP     0u  /* a type that no reader is given; its code: INPUT_OPEN_… */
#define RELEASES_EACH 20u /* in one step; at least INPUT_BUTTONS */

/* Where the event `number` lies, which is at most PS2_PLACES before `head`. */
static uint32_t place_of(const ps2_state_t *state, uint32_t number)
{
	uint32_t back = state->head - number;
	return state->place >= back ? state->place - back : state->place + PS2_PLACES - back;
}

static const input_event_t *event_at(const ps2_page_t *page, const ps2_state_t *state,
				     uint32_t number)
{
	return &page->events[place_of(state, number)];
}

void events_begin(ps2_page_t *page, ps2_state_t *state, uint32_t number)
{
	page->answered = number;
	state->head = state->oldest = number;
	state->place = 0;
}

void events_forget(ps2_state_t *state)
{
	state->oldest = state->head;
}

/* ---- what is held ---- */

/* X(KEY, bit): the keys that modify others. */
#define MODIFIER_KEYS(X)                                                                       \
	X(KEY_LEFTSHIFT, INPUT_SHIFT)                                                          \
	X(KEY_RIGHTSHIFT, INPUT_SHIFT)                                                         \
	X(KEY_LEFTCTRL, INPUT_CTRL)                                                            \
	X(KEY_RIGHTCTRL, INPUT_CTRL)                                                           \
	X(KEY_LEFTALT, INPUT_ALT)                                                              \
	X(KEY_RIGHTALT, INPUT_ALTGR)                                                           \
	X(KEY_LEFTMETA, INPUT_META)                                                            \
	X(KEY_RIGHTMETA, INPUT_META)

/* Those of them that are held, in a word of `held`. */
#define IN_WORD(word, key)  ((key) / 32u == (word) ? 1u << (key) % 32u : 0)
#define IN_WORD_0(key, bit) | IN_WORD(0, key)
#define IN_WORD_1(key, bit) | IN_WORD(1, key)
#define IN_WORD_3(key, bit) | IN_WORD(3, key)
#define MODIFIERS_IN(word)  (state->held[word] & (0 MODIFIER_KEYS(IN_WORD_##word)))

uint8_t events_modifiers(const ps2_state_t *state)
{
	uint8_t bits = state->locks;
	if (!(MODIFIERS_IN(0) | MODIFIERS_IN(1) | MODIFIERS_IN(3))) /* as with most keys */
		return bits;
#define HELD(key, bit) bits |= bits_test(state->held, key) ? (bit) : 0;
	MODIFIER_KEYS(HELD)
#undef HELD
	return bits;
}

static uint8_t lock_of(uint16_t code)
{
	switch (code) {
	case KEY_CAPSLOCK:
		return INPUT_CAPSLOCK;
	case KEY_NUMLOCK:
		return INPUT_NUMLOCK;
	case KEY_SCROLLLOCK:
		return INPUT_SCROLLLOCK;
	default:
		return 0;
	}
}

/* ---- putting ---- */

static void put(ps2_page_t *page, ps2_state_t *state, input_event_t event)
{
	page->events[state->place] = event;
	state->place = state->place + 1u < PS2_PLACES ? (uint16_t)(state->place + 1u) : 0;
	state->head++;
	if (state->head - state->oldest > INPUT_HELD)
		state->oldest = state->head - INPUT_HELD;
}

/* No motion before this is added to any more. */
static void close_motion(ps2_state_t *state)
{
	state->motion_open = 0;
}

static void put_key(ps2_page_t *page, ps2_state_t *state, uint16_t code, int32_t value,
		    uint32_t now_ms)
{
	if (code >= BTN_LEFT)
		state->buttons = (uint8_t)((state->buttons & ~(1u << (code - BTN_LEFT))) |
					   (value ? 1u << (code - BTN_LEFT) : 0));
	else
		bits_set(state->held, code, value != INPUT_UP);
	if (value == INPUT_DOWN)
		state->locks ^= lock_of(code);
	close_motion(state);
	put(page, state,
	    (input_event_t){.time_ms = now_ms,
			    .type = INPUT_KEY,
			    .code = code,
			    .value = value,
			    .modifiers = events_modifiers(state)});
}

void events_key(ps2_page_t *page, ps2_state_t *state, uint16_t code, bool down, uint32_t now_ms)
{
	if (code == KEY_NONE || code >= INPUT_KEYS_MAX)
		return;
	bool held = bits_test(state->held, code);
	if (down || held)
		put_key(page, state, code,
			!down  ? INPUT_UP
			: held ? INPUT_REPEAT
			       : INPUT_DOWN,
			now_ms);
}

void events_buttons(ps2_page_t *page, ps2_state_t *state, uint8_t buttons, uint32_t now_ms)
{
	uint8_t changed = state->buttons ^ buttons;
	for (uint16_t n = 0; changed >> n; n++)
		if (changed >> n & 1)
			put_key(page, state, BTN_LEFT + n,
				buttons >> n & 1 ? INPUT_DOWN : INPUT_UP, now_ms);
}

static uint32_t motion_of(uint16_t axis)
{
	static const uint8_t axes[PS2_AXES] = {REL_X, REL_Y, REL_HWHEEL, REL_WHEEL};
	uint32_t i = 0;
	while (i < PS2_AXES - 1 && axes[i] != axis)
		i++;
	return i;
}

void events_motion(ps2_page_t *page, ps2_state_t *state, uint16_t axis, int32_t value,
		   uint32_t now_ms)
{
	uint32_t which = motion_of(axis);
	ps2_motion_t *motion = &state->motion[which];
	if (value == 0)
		return;
	int32_t sum;
	if ((state->motion_open >> which & 1) &&
	    (int32_t)(motion->number - page->answered) >= 0 &&
	    (int32_t)(motion->number - state->oldest) >= 0 &&
	    !__builtin_add_overflow(motion->value, value, &sum)) {
		motion->value = sum;
		page->events[place_of(state, motion->number)].value = motion->value;
		return;
	}
	*motion = (ps2_motion_t){.number = state->head, .value = value};
	state->motion_open |= (uint8_t)(1u << which);
	put(page, state,
	    (input_event_t){.time_ms = now_ms,
			    .type = INPUT_REL,
			    .code = axis,
			    .value = value,
			    .modifiers = events_modifiers(state)});
}

/* ---- losing ---- */

__attribute__((noinline)) bool events_settle(ps2_page_t *page, ps2_state_t *state,
					     uint32_t now_ms)
{
	uint32_t room = RELEASES_EACH;
	if (!state->release)
		return false;
	if (state->release & INPUT_OPEN_MOUSE)
		for (uint16_t n = 0; n < INPUT_BUTTONS; n++)
			if (state->buttons >> n & 1) {
				put_key(page, state, BTN_LEFT + n, INPUT_UP, now_ms);
				room--;
			}
	state->release &= (uint8_t)~INPUT_OPEN_MOUSE;
	while (room && state->release) {
		uint32_t code = bits_first(state->held, 0, INPUT_KEYS_MAX);
		if (code == INPUT_KEYS_MAX)
			state->release = 0;
		else
			put_key(page, state, (uint16_t)code, INPUT_UP, now_ms);
		room--;
	}
	return true;
}

void events_release(ps2_state_t *state, uint8_t devices)
{
	state->release |= devices;
}

void events_gap(ps2_page_t *page, ps2_state_t *state, uint8_t devices, uint32_t now_ms)
{
	close_motion(state);
	put(page, state,
	    (input_event_t){.time_ms = now_ms, .type = EVENT_GAP, .code = devices});
	events_release(state, devices);
}

/* ---- reading ---- */

static uint8_t device_of(const input_event_t *event)
{
	if (event->type == EVENT_GAP)
		return (uint8_t)event->code;
	return event->type == INPUT_REL || event->code >= BTN_LEFT ? INPUT_OPEN_MOUSE
								   : INPUT_OPEN_KEYBOARD;
}

static bool is_held_back(const ps2_state_t *state, uint32_t position)
{
	return position - state->oldest > state->head - state->oldest;
}

int32_t events_read(ps2_page_t *page, const ps2_state_t *state, uint8_t devices,
		    uint32_t *position, void *to, uint32_t bytes)
{
	input_event_t *out = to;
	uint32_t at = *position;
	if (bytes < sizeof(*out))
		return DRV_EINVAL;
	if (is_held_back(state, at))
		return DRV_EOVERFLOW;
	for (; at != state->head && bytes >= sizeof(*out); at++) {
		const input_event_t *event = event_at(page, state, at);
		if (devices && !(device_of(event) & devices))
			continue;
		if (event->type == EVENT_GAP)
			break;
		*out++ = *event;
		bytes -= (uint32_t)sizeof(*out);
	}
	if (out == to && at != state->head)
		return DRV_EOVERFLOW;
	*position = at;
	if ((int32_t)(at - page->answered) > 0)
		page->answered = at;
	return (int32_t)((char *)out - (char *)to);
}

bool events_is_gap(const ps2_page_t *page, const ps2_state_t *state, uint32_t position)
{
	return position != state->head && event_at(page, state, position)->type == EVENT_GAP;
}

uint32_t events_resume(const ps2_page_t *page, const ps2_state_t *state, uint8_t devices,
		       uint32_t position)
{
	uint32_t at = is_held_back(state, position) ? state->oldest : position;
	for (; at != state->head; at++) {
		const input_event_t *event = event_at(page, state, at);
		if (!(device_of(event) & (devices ? devices : PS2_BOTH)))
			continue;
		if (event->type != EVENT_GAP)
			break;
	}
	return at;
}

/* Undoes an event. What came before a repeat is what it is now. */
static void undo(ps2_state_t *state, const input_event_t *event)
{
	bool key = event->code < INPUT_KEYS_MAX;
	bool button = event->code >= BTN_LEFT && event->code < BTN_LEFT + INPUT_BUTTONS;
	if (event->type != INPUT_KEY || event->value == INPUT_REPEAT || !(key || button))
		return;
	bool was_held = event->value == INPUT_UP;
	if (button)
		state->buttons =
		    (uint8_t)((state->buttons & ~(1u << (event->code - BTN_LEFT))) |
			      (was_held ? 1u << (event->code - BTN_LEFT) : 0));
	else
		bits_set(state->held, event->code, was_held);
	if (!was_held)
		state->locks ^= lock_of(event->code);
}

void events_state_at(const ps2_page_t *page, const ps2_state_t *state, uint32_t position,
		     input_state_t *held)
{
	ps2_state_t then = *state;
	for (uint32_t at = state->head; at != position; at--)
		undo(&then, event_at(page, state, at - 1));
	*held = (input_state_t){.buttons = then.buttons, .modifiers = events_modifiers(&then)};
	memcpy(held->keys, then.held, sizeof(held->keys));
}
