/* SPDX-License-Identifier: BSD-2-Clause */
/* The mouse's packets in its three protocols. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ps2/mouse/packet.h"

static packet_t packet;
static uint32_t now_ms;

static packet_result_t feed(const uint8_t *bytes, unsigned count)
{
	for (unsigned i = 0; i + 1 < count; i++)
		assert_int_equal(packet_byte(&packet, bytes[i], now_ms).kind, PACKET_NOTHING);
	return packet_byte(&packet, bytes[count - 1], now_ms);
}

#define FEED(...) feed((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void expect(packet_result_t found, uint8_t buttons, int dx, int dy, int wheel,
		   int hwheel)
{
	assert_int_equal(found.kind, PACKET_MOTION);
	assert_int_equal(found.buttons, buttons);
	assert_int_equal(found.dx, dx);
	assert_int_equal(found.dy, dy);
	assert_int_equal(found.wheel, wheel);
	assert_int_equal(found.hwheel, hwheel);
	assert_int_equal(packet.count, 0);
}

static void a_plain_mouse_sends_three_bytes(void **state)
{
	(void)state;
	packet_init(&packet, PACKET_PLAIN);
	expect(FEED(0x08, 0, 0), 0, 0, 0, 0, 0);
	expect(FEED(0x0f, 5, 7), 7, 5, -7, 0, 0);
	expect(FEED(0x38, 0xfb, 0xf9), 0, -5, 7, 0, 0);
	expect(FEED(0x18, 0x00, 0x01), 0, -256, -1, 0, 0);
	expect(FEED(0x28, 0xff, 0x00), 0, 255, 256, 0, 0);
}

static void a_wheel_is_signed_and_grows_away_from_the_user(void **state)
{
	(void)state;
	packet_init(&packet, PACKET_WHEEL);
	expect(FEED(0x08, 0, 0, 0xff), 0, 0, 0, 1, 0);
	expect(FEED(0x09, 1, 0, 0x01), 1, 1, 0, -1, 0);
	expect(FEED(0x08, 0, 0, 0xf8), 0, 0, 0, 8, 0);
}

static void five_buttons_and_a_wheel_share_a_byte(void **state)
{
	(void)state;
	packet_init(&packet, PACKET_FIVE);
	expect(FEED(0x08, 0, 0, 0x10), 0x08, 0, 0, 0, 0);
	expect(FEED(0x0c, 0, 0, 0x3f), 0x1c, 0, 0, 1, 0);
	expect(FEED(0x08, 0, 0, 0x28), 0x10, 0, 0, 8, 0);
	expect(FEED(0x08, 0, 0, 0x07), 0, 0, 0, -7, 0);
}

static void packets_of_the_second_wheel_carry_no_buttons_4_and_5(void **state)
{
	(void)state;
	packet_init(&packet, PACKET_FIVE);
	expect(FEED(0x08, 0, 0, 0x10), 0x08, 0, 0, 0, 0);
	expect(FEED(0x08, 0, 0, 0x41), 0x08, 0, 0, 0, -1); /* 4 is still down */
	expect(FEED(0x08, 0, 0, 0x7f), 0x08, 0, 0, 0, 1);
	expect(FEED(0x08, 0, 0, 0x60), 0x08, 0, 0, 0, 32);
	expect(FEED(0x08, 0, 0, 0xbf), 0x08, 0, 0, 1, 0); /* the first wheel, six bits */
	expect(FEED(0x08, 0, 0, 0x00), 0, 0, 0, 0, 0);
}

static void an_overflow_drops_motion_and_keeps_buttons(void **state)
{
	(void)state;
	packet_init(&packet, PACKET_PLAIN);
	packet_result_t found = FEED(0x49, 100, 100);
	assert_true(found.overflow);
	expect(found, 1, 0, 0, 0, 0);
	found = FEED(0x8a, 100, 100);
	assert_true(found.overflow);
	expect(found, 2, 0, 0, 0, 0);
}

static void a_byte_that_cannot_begin_a_packet_is_dropped(void **state)
{
	(void)state;
	packet_init(&packet, PACKET_PLAIN);
	assert_int_equal(FEED(0x07).kind, PACKET_BAD);
	expect(FEED(0x08, 1, 0), 0, 1, 0, 0, 0);
}

static void a_packet_that_is_not_completed_is_late(void **state)
{
	(void)state;
	packet_init(&packet, PACKET_PLAIN);
	assert_false(packet_is_late(&packet, PACKET_MS)); /* there is none */
	now_ms = 0xffffff00u;
	FEED(0x08, 1);
	assert_false(packet_is_late(&packet, now_ms + PACKET_MS - 1));
	assert_true(packet_is_late(&packet, now_ms + PACKET_MS));
	assert_int_equal(packet_drop(&packet), 2);
	expect(FEED(0x09, 3, 4), 1, 3, -4, 0, 0);
	FEED(0x08, 1);
	now_ms += 2 * PACKET_MS; /* it has waited for the driver */
	expect(FEED(2), 0, 1, -2, 0, 0);
	now_ms = 0;
}

static void the_time_of_a_mouse_that_could_send_nothing_does_not_count(void **state)
{
	(void)state;
	packet_init(&packet, PACKET_PLAIN);
	FEED(0x08, 1);
	packet_resume(&packet, 10000);
	assert_false(packet_is_late(&packet, 10000 + PACKET_MS - 1));
	assert_true(packet_is_late(&packet, 10000 + PACKET_MS));
}

static void a_mouse_that_reports_itself_was_plugged_in(void **state)
{
	(void)state;
	packet_init(&packet, PACKET_FIVE);
	assert_int_equal(FEED(0xaa, 0x00).kind, PACKET_PLUGGED);
	assert_int_equal(packet.count, 0);
	/* Within a packet it is motion. */
	expect(FEED(0x08, 0xaa, 0x00, 0x00), 0, 0xaa, 0, 0, 0);
	/* And with another byte behind it, a packet that says it overflowed. */
	assert_true(FEED(0xaa, 0x01, 0x00, 0x00).overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_plain_mouse_sends_three_bytes),
	    cmocka_unit_test(a_wheel_is_signed_and_grows_away_from_the_user),
	    cmocka_unit_test(five_buttons_and_a_wheel_share_a_byte),
	    cmocka_unit_test(packets_of_the_second_wheel_carry_no_buttons_4_and_5),
	    cmocka_unit_test(an_overflow_drops_motion_and_keeps_buttons),
	    cmocka_unit_test(a_byte_that_cannot_begin_a_packet_is_dropped),
	    cmocka_unit_test(a_packet_that_is_not_completed_is_late),
	    cmocka_unit_test(the_time_of_a_mouse_that_could_send_nothing_does_not_count),
	    cmocka_unit_test(a_mouse_that_reports_itself_was_plugged_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
