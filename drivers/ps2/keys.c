/* SPDX-License-Identifier: BSD-2-Clause */
/* Held keys, modifiers and the event ring (keys.h). */
#include "ps2/keys.h"

ABI_ASSERT(KEYS_EVENTS >= INPUT_KEYS_MAX, "an empty ring can release every key");
ABI_ASSERT((KEYS_BYTES & (KEYS_BYTES - 1)) == 0, "the ring's size is a power of two");

static bool is_held(const keys_t *keys, uint16_t code)
{
	return (keys->held[code / 8] >> (code % 8)) & 1;
}

static void set_held(keys_t *keys, uint16_t code, bool down)
{
	uint8_t bit = (uint8_t)(1u << (code % 8));
	if (is_held(keys, code) == down)
		return;
	keys->held[code / 8] ^= bit;
	keys->held_count += down ? 1u : -1u;
}

void keys_init(keys_t *keys)
{
	*keys = (keys_t){0};
	ring_init(&keys->ring, keys->data, sizeof(keys->data));
}

uint8_t keys_modifiers(const keys_t *keys)
{
	static const struct {
		uint16_t code;
		uint8_t bit;
	} map[] = {
	    {KEY_LEFTSHIFT, INPUT_SHIFT}, {KEY_RIGHTSHIFT, INPUT_SHIFT},
	    {KEY_LEFTCTRL, INPUT_CTRL},	  {KEY_RIGHTCTRL, INPUT_CTRL},
	    {KEY_LEFTALT, INPUT_ALT},	  {KEY_RIGHTALT, INPUT_ALTGR},
	    {KEY_LEFTMETA, INPUT_META},	  {KEY_RIGHTMETA, INPUT_META},
	};
	uint8_t bits = keys->locks;
	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		if (is_held(keys, map[i].code))
			bits |= map[i].bit;
	}
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

/* There must be room. */
static void put_event(keys_t *keys, uint16_t code, uint8_t value)
{
	set_held(keys, code, value != INPUT_UP);
	if (value == INPUT_DOWN)
		keys->locks ^= lock_of(code);
	input_event_t event = {
	    .time_ms = keys->now_ms,
	    .code = code,
	    .type = INPUT_KEY,
	    .value = value,
	    .modifiers = keys_modifiers(keys),
	};
	ring_put(&keys->ring, &event, sizeof(event));
}

/* Releases all if that is due and there is room; true if nothing is due any more. */
static bool settle(keys_t *keys)
{
	if (!keys->release_pending)
		return true;
	if (ring_free(&keys->ring) < keys->held_count * sizeof(input_event_t))
		return false;
	for (uint16_t code = 0; code < INPUT_KEYS_MAX; code++) {
		if (is_held(keys, code))
			put_event(keys, code, INPUT_UP);
	}
	keys->release_pending = false;
	return true;
}

void keys_feed(keys_t *keys, uint16_t code, bool down, uint32_t now_ms)
{
	if (code == KEY_NONE || code >= INPUT_KEYS_MAX)
		return;
	keys->now_ms = now_ms;
	bool settled = settle(keys);
	bool held = is_held(keys, code);
	if (!down && !held)
		return;
	if (!settled || ring_free(&keys->ring) < sizeof(input_event_t)) {
		keys->ring.dropped++;
		keys->release_pending = true;
		return;
	}
	put_event(keys, code, !down ? INPUT_UP : held ? INPUT_REPEAT : INPUT_DOWN);
}

void keys_release_all(keys_t *keys, uint32_t now_ms)
{
	keys->now_ms = now_ms;
	keys->release_pending = true;
	settle(keys);
}

uint32_t keys_read(keys_t *keys, void *to, uint32_t bytes)
{
	uint32_t whole = bytes - bytes % (uint32_t)sizeof(input_event_t);
	uint32_t taken = ring_get(&keys->ring, to, whole);
	settle(keys);
	return taken;
}
