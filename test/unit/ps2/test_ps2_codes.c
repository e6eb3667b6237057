/* SPDX-License-Identifier: BSD-2-Clause */
/* Every key of fake_codes.h in both sets, under each set of modifiers that changes its codes:
 * the decoder makes of them that key, once down and once up, and nothing else. The mouse's
 * packets in their three kinds, over all that each field can say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/protocol/input.h"
#include "fake_codes.h"
#include "ps2/keyboard/scancode.h"
#include "ps2/mouse/packet.h"

#define SHIFTS 32u /* of five modifiers */

static scan_t scan;

static fake_shifts_t shifts_of(unsigned number)
{
	return (fake_shifts_t){.left_shift = number & 1,
			       .right_shift = number >> 1 & 1,
			       .ctrl = number >> 2 & 1,
			       .alt = number >> 3 & 1,
			       .num_lock = number >> 4 & 1};
}

/* What bytes come to: counts of presses and releases of `key`, and a failure for all else. */
static void decode(uint16_t key, const uint8_t *bytes, unsigned count, unsigned *down,
		   unsigned *up)
{
	for (unsigned i = 0; i < count; i++) {
		scan_result_t found = scan_byte(&scan, bytes[i], 0);
		if (found.kind == SCAN_NOTHING)
			continue;
		assert_true(found.kind == SCAN_KEY || found.kind == SCAN_TAP);
		assert_int_equal(found.code, key);
		*down += found.kind == SCAN_TAP || found.down;
		*up += found.kind == SCAN_TAP || !found.down;
	}
}

static void try_key(uint16_t key, unsigned set, fake_shifts_t shifts)
{
	uint8_t bytes[FAKE_KEY_BYTES];
	unsigned down = 0, up = 0;
	decode(key, bytes, fake_key_bytes(key, true, set, shifts, bytes), &down, &up);
	assert_int_equal(down, 1);
	decode(key, bytes, fake_key_bytes(key, false, set, shifts, bytes), &down, &up);
	assert_int_equal(down, 1);
	assert_int_equal(up, 1);
	assert_false(scan.extended || scan.release || scan.skip);
}

static void each_key_is_decoded_in_both_sets_under_all_modifiers(void **state)
{
	(void)state;
	for (unsigned set = 1; set <= 2; set++) {
		scan_init(&scan, set == 1 ? SCAN_SET1 : SCAN_SET2);
		for (unsigned number = 0; number < SHIFTS; number++) {
			for (unsigned i = 0; i < fake_code_count; i++)
				try_key(fake_codes[i].key, set, shifts_of(number));
			try_key(KEY_HANJA, set, shifts_of(number));
			try_key(KEY_HANGEUL, set, shifts_of(number));
		}
	}
}

/* Set 2 through the controller's translation is set 1: of a key's bytes as of the tables. */
static void translated_codes_are_those_of_set_1(void **state)
{
	(void)state;
	for (unsigned number = 0; number < SHIFTS; number++)
		for (unsigned i = 0; i < 2 * fake_code_count; i++) {
			uint8_t set1[FAKE_KEY_BYTES], set2[FAKE_KEY_BYTES], mask = 0;
			uint16_t key = fake_codes[i / 2].key;
			unsigned at = 0;
			unsigned count1 =
			    fake_key_bytes(key, i & 1, 1, shifts_of(number), set1);
			unsigned count2 =
			    fake_key_bytes(key, i & 1, 2, shifts_of(number), set2);
			for (unsigned k = 0; k < count2; k++) {
				if (set2[k] == 0xf0) {
					mask = 0x80;
					continue;
				}
				assert_true(at < count1);
				assert_int_equal(fake_translation[set2[k]] | mask, set1[at++]);
				mask = 0;
			}
			assert_int_equal(at, count1);
		}
}

static packet_result_t packet_of(packet_t *packet, const uint8_t *bytes)
{
	packet_result_t found = {0};
	unsigned count = packet->kind == PACKET_PLAIN ? 3 : 4;
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(found.kind, PACKET_NOTHING);
		found = packet_byte(packet, bytes[i], 0);
	}
	assert_int_equal(found.kind, PACKET_MOTION);
	return found;
}

static void motion_is_nine_bits_in_each_kind(void **state)
{
	static const uint8_t kinds[] = {PACKET_PLAIN, PACKET_WHEEL, PACKET_FIVE};
	(void)state;
	for (unsigned kind = 0; kind < sizeof(kinds); kind++)
		for (int32_t d = -256; d < 256; d++) {
			packet_t packet;
			uint8_t sign = d < 0;
			uint8_t bytes[] = {
			    (uint8_t)(0x08 | sign << 4 | (d & 7 & (sign ? 7 : 0))), (uint8_t)d,
			    (uint8_t)~d, 0};
			bytes[0] |= ~d < 0 ? 0x20 : 0;
			packet_init(&packet, kinds[kind]);
			packet_result_t found = packet_of(&packet, bytes);
			assert_int_equal(found.dx, d);
			assert_int_equal(found.dy, -(~d)); /* a mouse's y grows upwards */
			assert_int_equal(found.buttons, bytes[0] & 7);
		}
}

static void an_overflow_keeps_buttons_and_gives_no_motion(void **state)
{
	(void)state;
	for (unsigned bits = 1; bits < 4; bits++) {
		packet_t packet;
		uint8_t bytes[] = {(uint8_t)(0x0d | bits << 6), 0x55, 0xaa};
		packet_init(&packet, PACKET_PLAIN);
		packet_result_t found = packet_of(&packet, bytes);
		assert_true(found.overflow);
		assert_int_equal(found.dx, 0);
		assert_int_equal(found.dy, 0);
		assert_int_equal(found.buttons, 5);
	}
}

static void the_wheel_has_eight_bits_or_four_or_six(void **state)
{
	(void)state;
	for (int32_t dz = -128; dz < 128; dz++) {
		packet_t packet;
		uint8_t bytes[] = {0x08, 0, 0, (uint8_t)dz};
		packet_init(&packet, PACKET_WHEEL);
		assert_int_equal(packet_of(&packet, bytes).wheel, -dz);
		if (dz >= -8 && dz < 8) {
			packet_init(&packet, PACKET_FIVE);
			bytes[3] = (uint8_t)(0x30 | (dz & 0x0f));
			packet_result_t found = packet_of(&packet, bytes);
			assert_int_equal(found.wheel, -dz);
			assert_int_equal(found.buttons, 0x18);
			bytes[3] = 0x42; /* the second wheel alone: no word of buttons */
			found = packet_of(&packet, bytes);
			assert_int_equal(found.buttons, 0x18);
			assert_int_equal(found.wheel, 0);
		}
		if (dz >= -32 && dz < 32) {
			packet_init(&packet, PACKET_FIVE);
			bytes[3] = (uint8_t)(0x40 | (dz & 0x3f));
			assert_int_equal(packet_of(&packet, bytes).hwheel, -dz);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_key_is_decoded_in_both_sets_under_all_modifiers),
	    cmocka_unit_test(translated_codes_are_those_of_set_1),
	    cmocka_unit_test(motion_is_nine_bits_in_each_kind),
	    cmocka_unit_test(an_overflow_keeps_buttons_and_gives_no_motion),
	    cmocka_unit_test(the_wheel_has_eight_bits_or_four_or_six),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
