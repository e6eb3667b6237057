/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines that drivers share, hands/shared.h: who is one of them, and who lets one storm. */
#include "evidence_world.h"
#include "hands/shared.h"

static driver_page_t pages[2];

/* Both drivers have a share in line 5. */
static void share_the_line(void)
{
	give_line(1, true);
	drivers[0].manifest.caps.irq = drivers[1].manifest.caps.irq;
	drivers[0].instance.lines[0] = LINE;
	for (uint32_t i = 0; i < 2; i++) {
		pages[i].foreign[0] = 0;
		drivers[i].instance.page = &pages[i];
	}
}

static void a_storm_of_a_shared_line_takes_away_a_member_that_stays(void **state)
{
	(void)state;
	share_the_line();
	assert_int_equal(shared_lines(&manager), 1u << 5);
	drivers[0].unit.state = STATE_QUIESCED;	 /* its device may do it all the same */
	drivers[1].unit.state = STATE_QUIESCING; /* it leaves anyway */
	storm_answer_t answer = {.suspect = NOBODY};
	for (uint32_t i = 0; i < 4 && answer.suspect == NOBODY; i++) {
		answer = shared_look(&manager, 5);
		irq.count += 100000;
		pass(STEP_MS);
	}
	assert_int_equal(answer.suspect, 0);
	assert_int_equal(manager.storms[5].any, 1u << 1);
	drivers[0].instance.alive = drivers[1].instance.alive = false; /* one is apart */
	uint32_t ms = STEP_MS;
	for (; shared_lines(&manager); ms += STEP_MS) {
		assert_in_range(ms, 0, STORM_APART_MS);
		shared_look(&manager, 5);
		pass(STEP_MS);
	}
	assert_int_equal(manager.storms[5].quiet, 1u << 0);
}

/* Who is suspected in the next looks, with 100 interrupts between two of them. */
static uint32_t suspected(void)
{
	storm_answer_t answer = {.suspect = NOBODY};
	for (uint32_t i = 0; i < 4 && answer.suspect == NOBODY; i++) {
		answer = shared_look(&manager, 5);
		irq.count += 100;
		pass(STEP_MS);
	}
	return answer.suspect;
}

static void interrupts_are_nobodys_if_all_who_are_told_of_them_say_so(void **state)
{
	(void)state;
	share_the_line();
	pages[0].foreign[0] = UINT32_MAX;
	assert_int_equal(suspected(), NOBODY);
	pages[0].foreign[0] = STORM_FOREIGN - 1;
	pages[1].foreign[0] = UINT32_MAX;
	assert_int_equal(suspected(), NOBODY);
	pages[0].foreign[0] = STORM_FOREIGN;
	pages[1].foreign[0] = STORM_FOREIGN - 1;
	assert_int_equal(suspected(), NOBODY);
	drivers[1].unit.state = STATE_STOPPING; /* it still serves its device */
	assert_int_equal(suspected(), NOBODY);
	drivers[1].unit.state = STATE_INITIALISING; /* it is told of none yet … */
	drivers[1].unit.resets = true;		    /* … unless it ran before */
	assert_int_equal(suspected(), NOBODY);
	drivers[1].unit.resets = false;
	assert_int_equal(suspected(), 0);
}

/* A line can be one driver's alone while another one, which had a share in it, is apart. */
static void who_has_a_line_alone_is_none_that_shares_it(void **state)
{
	for (uint32_t quiesces = 0; quiesces < 2; quiesces++) {
		fresh(state);
		share_the_line();
		give_line(1, false);
		drivers[0].instance.alive = false;
		assert_int_equal(shared_lines(&manager), 0);
		drivers[1].unit.state = quiesces ? STATE_QUIESCING : STATE_RUNNING;
		drivers[1].instance.page = &pages[1];
		manager.storms[5] = (storm_t){.apart = 1, .apart_for_ms = STORM_APART_MS};
		manager.apart = 1u << 5;
		assert_int_equal(shared_lines(&manager), 1u << 5);
		pages[1].foreign[0] = UINT32_MAX;
		assert_int_equal(suspected(), NOBODY);
		assert_int_equal(manager.storms[5].any, 0);
		drivers[1].manifest.caps.irq.items[0].shared = true;
		pages[1].foreign[0] = 0;
		assert_int_equal(suspected(), NOBODY);
		assert_int_equal(manager.storms[5].any, 1u << 1);
	}
}

/* Its number is to be another driver's. */
static void of_the_lines_of_who_goes_nothing_is_remembered(void **state)
{
	(void)state;
	share_the_line();
	for (uint32_t line = 0; line < IRQ_LINES; line++)
		manager.storms[line].loud = manager.storms[line].apart = 1;
	manager.apart = UINT32_MAX;
	shared_forget(&manager, &drivers[0]);
	for (uint32_t line = 0; line < IRQ_LINES; line++) {
		assert_int_equal(manager.storms[line].loud, line != 5);
		assert_int_equal(manager.storms[line].apart, line != 5);
		assert_int_equal(manager.apart >> line & 1, line != 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_storm_of_a_shared_line_takes_away_a_member_that_stays),
	    TEST(interrupts_are_nobodys_if_all_who_are_told_of_them_say_so),
	    TEST(who_has_a_line_alone_is_none_that_shares_it),
	    TEST(of_the_lines_of_who_goes_nothing_is_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
