/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames over a line that changes, loses and repeats bytes: servers/drvmgr/line/frame.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "servers/drvmgr/line/frame.h"

static frame_reader_t reader;
static frame_t got;
static uint8_t wire[LINE_WIRE_MAX];

static frame_t make(uint32_t seed, uint32_t length)
{
	frame_t frame = {.type = (uint8_t)(seed % 5),
			 .flags = (uint8_t)(seed % 7),
			 .code = (uint8_t)(seed % 3),
			 .session = seed * 2654435761u,
			 .number = seed,
			 .piece = (uint16_t)(seed * 31),
			 .length = (uint16_t)length};
	for (uint32_t i = 0; i < length; i++)
		frame.data[i] = seed % 3 ? (uint8_t)rand() : (uint8_t)(LINE_MARK - seed % 2);
	return frame;
}

/* How many frames come of the bytes. */
static uint32_t feed(const uint8_t *bytes, size_t count)
{
	uint32_t frames = 0;
	for (size_t i = 0; i < count; i++)
		frames += frame_feed(&reader, bytes[i], &got);
	return frames;
}

static void a_check_is_that_of_ieee_802_3(void **state)
{
	(void)state;
	assert_int_equal(frame_check((const uint8_t *)"123456789", 9), 0xcbf43926u);
}

static void a_frame_of_any_length_and_bytes_comes_back_as_it_was(void **state)
{
	(void)state;
	for (uint32_t length = 0; length <= LINE_DATA_MAX; length++) {
		srand(length);
		frame_t frame = make(length, length);
		size_t count = frame_encode(&frame, wire);
		assert_in_range(count, LINE_HEAD + LINE_CHECK + length + 2, LINE_WIRE_MAX);
		for (size_t i = 1; i + 1 < count; i++)
			assert_int_not_equal(wire[i], LINE_MARK);
		assert_int_equal(feed(wire, count), 1);
		assert_memory_equal(&got, &frame, sizeof(frame));
	}
}

/* Each one, at each place. */
static void a_flipped_bit_is_no_frame_and_the_next_one_is_found(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed < 4; seed++) {
		srand(seed);
		frame_t frame = make(seed, 40);
		size_t count = frame_encode(&frame, wire);
		for (size_t bit = 0; bit < 8 * count; bit++) {
			wire[bit / 8] ^= (uint8_t)(1u << bit % 8);
			uint32_t frames = feed(wire, count);
			/* A mark that is gone may be the one behind the frame. */
			assert_true(frames == 0 || !memcmp(&got, &frame, sizeof(frame)));
			wire[bit / 8] ^= (uint8_t)(1u << bit % 8);
			assert_in_range(feed(wire, count), 1, 2);
			assert_memory_equal(&got, &frame, sizeof(frame));
		}
	}
}

static void a_frame_that_is_cut_or_too_long_is_none(void **state)
{
	(void)state;
	srand(1);
	frame_t frame = make(5, 100);
	size_t count = frame_encode(&frame, wire);
	for (size_t cut = 1; cut < count - 1; cut++) {
		assert_int_equal(feed(wire, cut), 0);
		assert_int_equal(feed(wire, count), 1);
	}
	for (uint32_t i = 0; i < 3 * LINE_RAW_MAX; i++)
		assert_int_equal(feed((const uint8_t *)"x", 1), 0);
	assert_int_equal(feed(wire, count), 1);
	wire[1]++; /* another version */
	assert_int_equal(feed(wire, count), 0);
}

/* Whatever comes, what is given is one of those that were sent. */
static void out_of_noise_come_only_frames_that_were_sent(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 3000; seed++) {
		static uint8_t line[8 * LINE_WIRE_MAX];
		frame_t sent[4];
		size_t count = 0;
		reader = (frame_reader_t){0};
		srand(seed);
		for (uint32_t i = 0; i < 4; i++) {
			sent[i] = make(seed * 4 + i, (uint32_t)rand() % 60);
			size_t bytes = frame_encode(&sent[i], line + count);
			if (rand() % 4 == 0) /* twice */
				bytes += frame_encode(&sent[i], line + count + bytes);
			count += bytes;
		}
		for (int errors = rand() % 12; errors > 0; errors--) {
			size_t at = (size_t)rand() % count;
			if (rand() % 3)
				line[at] ^= (uint8_t)(1 << rand() % 8);
			else /* lost */
				memmove(line + at, line + at + 1, --count - at);
		}
		for (size_t i = 0; i < count; i++) {
			if (!frame_feed(&reader, line[i], &got))
				continue;
			uint32_t same = 0;
			for (uint32_t k = 0; k < 4; k++)
				same += !memcmp(&got, &sent[k], sizeof(got));
			assert_in_range(same, 1, 4);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_check_is_that_of_ieee_802_3),
	    cmocka_unit_test(a_frame_of_any_length_and_bytes_comes_back_as_it_was),
	    cmocka_unit_test(a_flipped_bit_is_no_frame_and_the_next_one_is_found),
	    cmocka_unit_test(a_frame_that_is_cut_or_too_long_is_none),
	    cmocka_unit_test(out_of_noise_come_only_frames_that_were_sent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
