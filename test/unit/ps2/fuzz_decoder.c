/* SPDX-License-Identifier: BSD-2-Clause */
/* The first target of fuzz.h. Input: one byte for the set and the kind of mouse, then pairs of
 * a time and a byte, which both decoders get. What is late is dropped, as the driver does it.
 */
#include "abi/protocol/input.h"
#include "fuzz.h"
#include "ps2/keyboard/scancode.h"
#include "ps2/mouse/packet.h"

/* Codes of A, and what a mouse sends that went 5 to the right and 3 down, left button held. */
static const uint8_t make_a[] = {0, 0x1e, 0x1c};
static const uint8_t right_5_down_3[] = {0x29, 5, 0xfd, 0};

static void feed_key(scan_t *scan, uint8_t byte, uint32_t now_ms)
{
	bool answer = byte == 0xfa || byte == 0xfe || byte == 0xee;
	if (scan_is_late(scan, now_ms))
		scan_drop_prefix(scan);
	scan_result_t found = scan_byte(scan, byte, now_ms);
	FUZZ_CHECK(found.kind == SCAN_NOTHING || answer || !scan_is_inside(scan),
		   "a result is of a whole code");
	if (found.kind == SCAN_KEY || found.kind == SCAN_TAP)
		FUZZ_CHECK(found.code != KEY_NONE && found.code < INPUT_KEYS_MAX,
			   "a key is a key");
	if (found.kind == SCAN_SELF_TEST || found.kind == SCAN_RAW)
		scan_init(scan, scan->set);
}

static void end_keys(scan_t *scan, uint32_t now_ms)
{
	FUZZ_CHECK(!scan_is_inside(scan) || scan_is_late(scan, now_ms),
		   "no prefix outlives its time");
	scan_drop_prefix(scan);
	scan_result_t down = scan_byte(scan, make_a[scan->set], now_ms), up;
	FUZZ_CHECK(down.kind == SCAN_KEY && down.code == KEY_A && down.down, "a key is one");
	if (scan->set == SCAN_SET2) {
		up = scan_byte(scan, 0xf0, now_ms + 1);
		FUZZ_CHECK(up.kind == SCAN_NOTHING, "half a release is none");
		up = scan_byte(scan, make_a[SCAN_SET2], now_ms + 2);
	} else {
		up = scan_byte(scan, make_a[SCAN_SET1] | 0x80, now_ms + 1);
	}
	FUZZ_CHECK(up.kind == SCAN_KEY && up.code == KEY_A && !up.down, "a release is one");
}

static void feed_mouse(packet_t *packet, uint8_t byte, uint32_t now_ms)
{
	unsigned length = packet->kind == PACKET_PLAIN ? 3 : 4, before = packet->count;
	if (packet_is_late(packet, now_ms))
		before -= packet_drop(packet);
	packet_result_t found = packet_byte(packet, byte, now_ms);
	FUZZ_CHECK(packet->count == (found.kind == PACKET_NOTHING ? before + 1 : 0),
		   "a byte is one of a packet");
	FUZZ_CHECK(found.kind != PACKET_MOTION || before + 1 == length,
		   "a packet has its length");
}

static void end_packets(packet_t *packet, uint32_t now_ms)
{
	unsigned count = packet->kind == PACKET_PLAIN ? 3 : 4;
	packet_result_t found = {0};
	FUZZ_CHECK(!packet->count || packet_is_late(packet, now_ms),
		   "no packet outlives its time");
	packet_drop(packet);
	for (unsigned i = 0; i < count; i++) {
		FUZZ_CHECK(found.kind == PACKET_NOTHING, "a packet ends with its last byte");
		found = packet_byte(packet, right_5_down_3[i], now_ms);
	}
	FUZZ_CHECK(found.kind == PACKET_MOTION, "a packet is one");
	FUZZ_CHECK(found.dx == 5 && found.dy == 3 && (found.buttons & 7) == 1 && !found.wheel,
		   "motion is what the mouse said");
}

void fuzz_decoder(const uint8_t *data, size_t size)
{
	static const uint8_t kinds[] = {PACKET_PLAIN, PACKET_WHEEL, PACKET_FIVE};
	uint32_t now_ms = 0xffffff00u; /* it wraps on the way */
	scan_t scan;
	packet_t packet;
	if (!size)
		return;
	scan_init(&scan, data[0] & 1 ? SCAN_SET1 : SCAN_SET2);
	packet_init(&packet, kinds[data[0] / 2 % sizeof(kinds)]);
	for (size_t i = 1; i + 1 < size; i += 2) {
		now_ms += data[i] < 0xf0 ? data[i] / 16u : data[i] * 4u;
		feed_key(&scan, data[i + 1], now_ms);
		feed_mouse(&packet, data[i + 1], now_ms);
	}
	end_keys(&scan, now_ms + SCAN_PREFIX_MS);
	end_packets(&packet, now_ms + PACKET_MS);
}
