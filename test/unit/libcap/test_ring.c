/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the byte ring, cap/ring.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/ring.h"

#define SIZE 16u

static ring_t fresh_ring(uint8_t *data)
{
	ring_t ring;
	ring_init(&ring, data, SIZE);
	return ring;
}

static void what_is_put_comes_out_in_order(void **state)
{
	(void)state;
	uint8_t data[SIZE];
	char out[8];
	ring_t ring = fresh_ring(data);

	assert_true(ring_put(&ring, "abc", 3));
	assert_true(ring_put(&ring, "de", 2));
	assert_int_equal(ring_used(&ring), 5);
	assert_int_equal(ring_free(&ring), SIZE - 5);
	assert_int_equal(ring_get(&ring, out, sizeof(out)), 5);
	assert_memory_equal(out, "abcde", 5);
	assert_int_equal(ring_used(&ring), 0);
}

static void an_empty_ring_gives_nothing(void **state)
{
	(void)state;
	uint8_t data[SIZE];
	char out = 'x';
	ring_t ring = fresh_ring(data);

	assert_int_equal(ring_get(&ring, &out, 1), 0);
	assert_int_equal(out, 'x');
}

static void get_takes_no_more_than_asked(void **state)
{
	(void)state;
	uint8_t data[SIZE];
	char out[4] = "....";
	ring_t ring = fresh_ring(data);

	assert_true(ring_put(&ring, "abcdef", 6));
	assert_int_equal(ring_get(&ring, out, 2), 2);
	assert_memory_equal(out, "ab..", 4);
	assert_int_equal(ring_get(&ring, out, 0), 0);
	assert_int_equal(ring_used(&ring), 4);
}

static void a_full_ring_takes_its_whole_size_and_not_a_byte_more(void **state)
{
	(void)state;
	uint8_t data[SIZE];
	uint8_t block[SIZE + 1];
	ring_t ring = fresh_ring(data);
	memset(block, 7, sizeof(block));

	assert_false(ring_put(&ring, block, SIZE + 1));
	assert_int_equal(ring_used(&ring), 0);
	assert_true(ring_put(&ring, block, SIZE));
	assert_int_equal(ring_free(&ring), 0);
	assert_false(ring_put(&ring, block, 1));
	assert_int_equal(ring_used(&ring), SIZE);
	assert_int_equal(ring.dropped, 2);
}

static void a_record_that_does_not_fit_is_refused_whole(void **state)
{
	(void)state;
	uint8_t data[SIZE];
	uint8_t out[SIZE];
	ring_t ring = fresh_ring(data);

	assert_true(ring_put(&ring, "0123456789", 10));
	assert_false(ring_put(&ring, "abcdefg", 7));
	assert_true(ring_put(&ring, "ABCDEF", 6));
	assert_int_equal(ring_get(&ring, out, SIZE), SIZE);
	assert_memory_equal(out, "0123456789ABCDEF", SIZE);
}

static void the_indices_may_wrap_at_two_to_the_32(void **state)
{
	(void)state;
	uint8_t data[SIZE];
	char out[SIZE];
	ring_t ring = fresh_ring(data);
	ring.head = ring.tail = UINT32_MAX - 2;

	assert_true(ring_put(&ring, "wraparound", 10));
	assert_true(ring.head < ring.tail);
	assert_int_equal(ring_used(&ring), 10);
	assert_int_equal(ring_get(&ring, out, SIZE), 10);
	assert_memory_equal(out, "wraparound", 10);
}

static void high_water_is_the_most_ever_held(void **state)
{
	(void)state;
	uint8_t data[SIZE];
	uint8_t out[SIZE];
	ring_t ring = fresh_ring(data);

	assert_true(ring_put(&ring, "12345", 5));
	assert_int_equal(ring_get(&ring, out, 5), 5);
	assert_true(ring_put(&ring, "12", 2));
	assert_int_equal(ring.high_water, 5);
}

static void clearing_forgets_data_but_not_the_counters(void **state)
{
	(void)state;
	uint8_t data[SIZE];
	uint8_t block[SIZE] = {0};
	ring_t ring = fresh_ring(data);

	assert_true(ring_put(&ring, block, SIZE));
	assert_false(ring_put(&ring, block, 1));
	ring_clear(&ring);
	assert_int_equal(ring_used(&ring), 0);
	assert_int_equal(ring.dropped, 1);
	assert_int_equal(ring.high_water, SIZE);
}

/* The other side of a shared ring may write anything into its index. */
static void a_lying_peer_costs_no_more_than_the_capacity(void **state)
{
	(void)state;
	uint8_t data[SIZE] = {0};
	uint8_t out[SIZE * 2];
	ring_t ring = fresh_ring(data);

	ring.head = 0x80000000u;
	assert_int_equal(ring_used(&ring), SIZE);
	assert_int_equal(ring_free(&ring), 0);
	assert_false(ring_put(&ring, "x", 1));
	assert_int_equal(ring_get(&ring, out, sizeof(out)), SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_put_comes_out_in_order),
	    cmocka_unit_test(an_empty_ring_gives_nothing),
	    cmocka_unit_test(get_takes_no_more_than_asked),
	    cmocka_unit_test(a_full_ring_takes_its_whole_size_and_not_a_byte_more),
	    cmocka_unit_test(a_record_that_does_not_fit_is_refused_whole),
	    cmocka_unit_test(the_indices_may_wrap_at_two_to_the_32),
	    cmocka_unit_test(high_water_is_the_most_ever_held),
	    cmocka_unit_test(clearing_forgets_data_but_not_the_counters),
	    cmocka_unit_test(a_lying_peer_costs_no_more_than_the_capacity),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
