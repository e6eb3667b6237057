/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial driver dies at each store to what it keeps and at each access to its port, from
 * its start to the last byte of what is typed: its reader has each byte, once and in order. */
#include "serial_process.h"

#define TYPED "A line is typed while its driver dies\r"

/* The reader, which keeps what it read and the position in one step. */
static struct {
	uint32_t position;
	uint32_t count;
	char text[sizeof(TYPED) + 8];
} reader;

static void read_all(void)
{
	int32_t count;
	do {
		char bytes[5];
		uint32_t next = reader.position;
		count = ops->read_at(&session, &next, bytes, sizeof(bytes));
		if (count == DRV_EOVERFLOW) { /* it died before it kept anything */
			ioctl_t place = {.code = SERIAL_IOCTL_GET_PLACE};
			assert_int_equal(reader.count, 0);
			assert_int_equal(ops->ioctl(&session, &place), DRV_OK);
			reader.position = place.value;
			continue;
		}
		assert_true(count >= 0);
		assert_true(reader.count + (uint32_t)count < sizeof(reader.text));
		memcpy(reader.text + reader.count, bytes, (uint32_t)count);
		reader.count += (uint32_t)count;
		reader.position = next;
	} while (count != 0);
}

static void live(void)
{
	assert_int_equal(step(ops->probe()), DRV_OK);
	if (generation > 1)
		assert_int_equal(ops->recover(), DRV_OK);
	assert_int_equal(step(ops->init()), DRV_OK);
	ops->irq(0);
	read_all();
}

static void run(void *argument)
{
	(void)argument;
	type("A l"); /* before it begins */
	start_process();
	live();
	for (size_t at = 3; at < sizeof(TYPED) - 1; at += 3) {
		char piece[4] = "";
		strncpy(piece, &TYPED[at], 3);
		type(piece);
		ops->irq(0);
		read_all();
	}
}

/* What is not typed yet is typed now. */
static void the_next_one_goes_on(void)
{
	bool had = reader.count > 0;
	start_process();
	live();
	assert_true(!had || !forgot);
	type(&TYPED[port.input_count]);
	ops->irq(0);
	read_all();
	assert_int_equal(reader.count, sizeof(TYPED) - 1);
	assert_memory_equal(reader.text, TYPED, sizeof(TYPED) - 1);
}

static void no_death_loses_or_doubles_a_byte(void **state)
{
	cut_t cut;
	(void)state;
	new_machine();
	memset(&reader, 0, sizeof(reader));
	cut_world(&port, sizeof(port));
	cut_world(&reader, sizeof(reader));
	cut_world(&generation, sizeof(generation));
	cut_record(&cut, run, NULL);
	assert_true(cut.points > 10 * sizeof(TYPED));
	for (uint32_t point = 0; point <= cut.points; point++) {
		cut_back(&cut, point);
		the_next_one_goes_on();
	}
	cut_free(&cut);
}

/* ---- what is written ---- */

#define WRITTEN "A line is written while its driver dies\r\n"

static uint32_t written; /* bytes that it took: the writer keeps that */

static void begin(void)
{
	assert_int_equal(step(ops->probe()), DRV_OK);
	if (generation > 1)
		assert_int_equal(ops->recover(), DRV_OK);
	assert_int_equal(step(ops->init()), DRV_OK);
}

static void write_rest(void)
{
	while (written < sizeof(WRITTEN) - 1) {
		uint32_t most =
		    sizeof(WRITTEN) - 1 - written < 5 ? sizeof(WRITTEN) - 1 - written : 5;
		int32_t took = ops->write(&session, &WRITTEN[written], most);
		assert_true(took > 0);
		written += (uint32_t)took;
	}
}

static void run_writer(void *argument)
{
	(void)argument;
	start_process();
	begin();
	write_rest();
}

/* The wire has all of it, in order; of what the one that died wrote its last byte at most
 * twice, and of a write that it did not answer as much as it had put into the ring. */
static void the_next_one_sends_the_rest(void)
{
	uint32_t before = written;
	start_process();
	begin();
	port.stuck_sender = false;
	ops->timer();
	const char *at = port.wire;
	uint32_t seen = 0, twice = 0;
	for (; *at; at++) {
		if (seen < sizeof(WRITTEN) - 1 && *at == WRITTEN[seen])
			seen++;
		else if (seen && *at == WRITTEN[seen - 1])
			twice++;
		else
			fail_msg("'%s' on the wire, %u taken at generation %u", port.wire,
				 before, generation);
	}
	assert_in_range(seen, before, before + 5);
	assert_in_range(twice, 0, 1);
}

static void no_death_loses_what_was_taken_for_sending(void **state)
{
	cut_t cut;
	(void)state;
	new_machine();
	written = 0;
	cut_world(&port, sizeof(port));
	cut_world(&written, sizeof(written));
	cut_world(&generation, sizeof(generation));
	cut_record(&cut, run_writer, NULL);
	assert_true(cut.points > 2 * sizeof(WRITTEN));
	for (uint32_t point = 0; point <= cut.points; point++) {
		cut_back(&cut, point);
		the_next_one_sends_the_rest();
	}
	cut_free(&cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_death_loses_or_doubles_a_byte),
	    cmocka_unit_test(no_death_loses_what_was_taken_for_sending),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
