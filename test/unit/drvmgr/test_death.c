/* SPDX-License-Identifier: BSD-2-Clause */
/* A death report, read in pieces: doors/death.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doors/death.h"
#include "doors/verbs.h"
#include "test/unit/symbols_image.h"

static manager_t manager;
static driver_t drivers[2];
static store_t store;
static uint8_t piece[MANAGER_TEXT_MAX];
static uint32_t number; /* of the report that was read last */

err_t verb_target(const request_t *request, const driver_t **driver)
{
	if (strcmp(request->name, "sick") != 0)
		return DRV_ENOENT;
	*driver = &drivers[1];
	return DRV_OK;
}

static int fresh(void **state)
{
	(void)state;
	memset(&store, 0, sizeof(store));
	drivers[1].index = 1;
	manager.deaths = &store;
	for (uint8_t n = 1; n <= 3; n++) {
		store_place_t *place = store_open(&store, n == 2 ? 0 : 1);
		place->facts.generation = n;
		place->facts.stack_bytes = 500;
		memset(place->stack, n, sizeof(place->stack));
		store_seal(&store, place);
	}
	return 0;
}

static int32_t ask(const char *name, uint32_t word1)
{
	char text[32];
	strcpy(text, name);
	request_t request = {.manager = &manager, .name = text, .word1 = word1};
	memset(piece, 0xee, sizeof(piece));
	int32_t result = death_read(&request, piece);
	assert_int_equal(request.bytes, result > 0 ? result : 0);
	number = request.value;
	return result;
}

static void facts_come_in_pieces(void **state)
{
	death_facts_t facts;
	uint32_t at = 0;
	(void)state;
	for (int32_t count; (count = ask("sick", DEATH_PIECE(DEATH_FACTS, 0, at))) > 0;) {
		assert_in_range(at + (uint32_t)count, 1, sizeof(facts));
		memcpy((char *)&facts + at, piece, (uint32_t)count);
		at += (uint32_t)count;
		assert_int_equal(number, 3);
	}
	assert_int_equal(at, sizeof(facts));
	assert_int_equal(facts.generation, 3);
}

static void the_report_before_is_the_driver_s_own(void **state)
{
	(void)state;
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_STACK_COPY, 1, 0)), MANAGER_TEXT_MAX);
	assert_int_equal(number, 1);
	assert_int_equal(piece[0], 1);
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_STACK_COPY, 2, 0)), DRV_ENOENT);
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_FACTS, 255, 0)), DRV_ENOENT);
}

static void the_stack_ends_where_its_copy_does(void **state)
{
	(void)state;
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_STACK_COPY, 0, MANAGER_TEXT_MAX)),
			 500 - MANAGER_TEXT_MAX);
	assert_int_equal(piece[0], 3);
	assert_int_equal(piece[500 - MANAGER_TEXT_MAX], 0xee);
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_STACK_COPY, 0, 500)), 0);
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_STACK_COPY, 0, 0xffff)), 0);
	store.places[2].facts.stack_bytes = UINT32_MAX; /* it is torn */
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_STACK_COPY, 0, 0x8000)), 0);
}

static void the_history_is_its_lines(void **state)
{
	death_line_t lines[2];
	(void)state;
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_HISTORY, 0, 0)), sizeof(lines));
	memcpy(lines, piece, sizeof(lines));
	assert_int_equal(number, 3);
	assert_int_equal(lines[0].generation, 3);
	assert_int_equal(lines[1].generation, 1);
	memset(&store, 0, sizeof(store));
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_HISTORY, 0, 0)), 0);
	assert_int_equal(number, 0);
}

/* How many functions of the last report have names. */
static uint32_t names_of(const char *died, const char *there)
{
	death_frame_t frames[DEATH_FRAMES_MOST];
	store_place_t *place = &store.places[2];
	uint32_t names = 0;
	memset(place->facts.build_id, 0, sizeof(place->facts.build_id));
	memset(drivers[1].build_id, 0, sizeof(drivers[1].build_id));
	strcpy((char *)place->facts.build_id, died);
	strcpy((char *)drivers[1].build_id, there);
	int32_t bytes = ask("sick", DEATH_PIECE(DEATH_FRAMES, 0, 0));
	assert_in_range(bytes, sizeof(frames[0]), sizeof(frames));
	memcpy(frames, piece, (uint32_t)bytes);
	assert_int_equal(frames[0].address, INNER + 4);
	for (uint32_t i = 0; i < (uint32_t)bytes / sizeof(frames[0]); i++)
		names += *frames[i].function != '\0';
	return names;
}

static void functions_have_names_of_the_image_that_died_alone(void **state)
{
	static uint8_t image[IMAGE_SIZE];
	store_place_t *place = &store.places[2];
	(void)state;
	make_image(image);
	drivers[1].image = image;
	drivers[1].image_bytes = sizeof(image);
	place->facts.registers_known = 1;
	place->facts.registers.eip = INNER + 4;
	assert_int_equal(names_of("this", "this"), 1);
	assert_int_equal(names_of("this", "that"), 0);
	assert_int_equal(names_of("this", ""), 0);
	assert_int_equal(names_of("", "this"), 0);
	assert_int_equal(names_of("", ""), 0); /* either may be any */
}

static void what_is_not_there_is_refused(void **state)
{
	(void)state;
	assert_int_equal(ask("nobody", DEATH_PIECE(DEATH_FACTS, 0, 0)), DRV_ENOENT);
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_PARTS, 0, 0)), DRV_EINVAL);
	assert_int_equal(ask("sick", UINT32_MAX), DRV_EINVAL);
	manager.deaths = NULL; /* there was no memory */
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_FACTS, 0, 0)), DRV_ENOENT);
	assert_int_equal(ask("sick", DEATH_PIECE(DEATH_HISTORY, 0, 0)), DRV_ENOENT);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(facts_come_in_pieces),
	    TEST(the_report_before_is_the_driver_s_own),
	    TEST(the_stack_ends_where_its_copy_does),
	    TEST(the_history_is_its_lines),
	    TEST(functions_have_names_of_the_image_that_died_alone),
	    TEST(what_is_not_there_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
