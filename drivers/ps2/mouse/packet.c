/* SPDX-License-Identifier: BSD-2-Clause */
/* The packets of packet.h. */
#include "ps2/mouse/packet.h"

#include "ps2/i8042.h"

#define BUTTONS_3     (MOUSE_LEFT | MOUSE_RIGHT | MOUSE_MIDDLE)
#define EXTRA_SHIFT   1u /* from the fourth byte to BTN_SIDE's and BTN_EXTRA's places */
#define WHEEL_BITS    4u
#define WHEEL_BITS_6  6u
#define EXTRA_BUTTONS ((MOUSE_BUTTON_4 | MOUSE_BUTTON_5) >> EXTRA_SHIFT)

void packet_init(packet_t *packet, uint8_t kind)
{
	*packet = (packet_t){.kind = kind};
}

uint8_t packet_drop(packet_t *packet)
{
	uint8_t lost = packet->count;
	packet->count = 0;
	return lost;
}

void packet_resume(packet_t *packet, uint32_t now_ms)
{
	packet->heard_ms = now_ms;
}

uint32_t packet_left_ms(const packet_t *packet, uint32_t now_ms)
{
	uint32_t passed = now_ms - packet->heard_ms;
	if (!packet->count)
		return UINT32_MAX;
	return passed < PACKET_MS ? PACKET_MS - passed : 0;
}

/* The lowest `bits` bits as a number with a sign. */
static int16_t low_bits(uint8_t byte, unsigned bits)
{
	unsigned value = byte & ((1u << bits) - 1);
	return (int16_t)(value >> (bits - 1) ? (int)value - (1 << bits) : (int)value);
}

/* Nine bits: the sign is in the first byte. */
static int16_t motion_of(uint8_t byte, bool negative)
{
	return (int16_t)(negative ? byte - 256 : byte);
}

/* The mouse counts wheels the other way. Packets of the second wheel carry no buttons 4 and 5:
 * these stay. */
static void fourth_byte(packet_t *packet, packet_result_t *found)
{
	uint8_t byte = packet->bytes[3];
	if (packet->kind == PACKET_WHEEL) {
		found->wheel = (int16_t)-low_bits(byte, 8);
		return;
	}
	switch (byte & MOUSE_SCROLL) {
	case MOUSE_SCROLL_H:
		found->hwheel = (int16_t)-low_bits(byte, WHEEL_BITS_6);
		break;
	case MOUSE_SCROLL_V:
		found->wheel = (int16_t)-low_bits(byte, WHEEL_BITS_6);
		break;
	default:
		found->wheel = (int16_t)-low_bits(byte, WHEEL_BITS);
		packet->extra = byte >> EXTRA_SHIFT & EXTRA_BUTTONS;
		break;
	}
}

static packet_result_t whole_packet(packet_t *packet)
{
	uint8_t first = packet->bytes[0];
	packet_result_t found = {.kind = PACKET_MOTION};
	packet->count = 0;
	if (packet->kind != PACKET_PLAIN)
		fourth_byte(packet, &found);
	found.buttons = (first & BUTTONS_3) | packet->extra;
	found.overflow = first & (MOUSE_OVERFLOW_X | MOUSE_OVERFLOW_Y);
	if (found.overflow)
		return found;
	found.dx = motion_of(packet->bytes[1], first & MOUSE_NEGATIVE_X);
	found.dy = (int16_t)-motion_of(packet->bytes[2], first & MOUSE_NEGATIVE_Y);
	return found;
}

packet_result_t packet_byte(packet_t *packet, uint8_t byte, uint32_t now_ms)
{
	packet_result_t found = {.kind = PACKET_NOTHING};
	packet->heard_ms = now_ms;
	if (packet->count == 0 && !(byte & MOUSE_ALWAYS)) {
		found.kind = PACKET_BAD;
		return found;
	}
	packet->bytes[packet->count++] = byte;
	if (packet->count == 2 && packet->bytes[0] == MOUSE_SELF_TEST_GOOD &&
	    byte == MOUSE_ID_PLAIN) {
		packet->count = 0;
		found.kind = PACKET_PLUGGED;
		return found;
	}
	if (packet->count < (packet->kind == PACKET_PLAIN ? 3u : 4u))
		return found;
	return whole_packet(packet);
}
