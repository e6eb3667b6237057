/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is judged for flooding another one, and whose suffering is nobody's doing but its own. */
#include "verdict_bench.h"

static void many_messages_are_a_flood_only_if_somebody_suffers(void **state)
{
	(void)state;
	for (uint32_t t = 0; t < 1000; t += STEP_MS) {
		sights[1].thread.messages += 100;
		step(IDLE);
		assert_well(1);
	}
	sights[0].thread.spent = 1;
	sights[0].thread.received_ms = clock_ms;
	sights[1].reaches = 1;
	sights[1].thread.messages += 100;
	for (uint32_t t = 0; t < LOOK_MS; t += STEP_MS)
		step(IDLE);
	assert_int_equal(verdicts[1].kind, VERDICT_FLOODS);
	assert_int_equal(verdicts[1].harms, 0);
	assert_int_equal(verdict_culprit(&verdicts[1]), NOBODY); /* not its victim */
}

/* Is driver 1, which sends much, named, if driver 0 is as the test made it? */
static bool is_named(void)
{
	for (uint32_t t = 0; t < 3 * VERDICT_WINDOW_MS; t += STEP_MS) {
		sights[1].thread.messages += 100;
		if (sights[0].thread.state == INSPECT_RECEIVING)
			sights[0].thread.received_ms = clock_ms;
		sights[1].thread.received_ms = clock_ms;
		step(IDLE);
	}
	return verdicts[1].kind == VERDICT_FLOODS && verdicts[1].harms == 0;
}

/* What 0 does to itself, or others do to it, is not 1's: it never sent to it. */
static void only_whom_it_can_send_to_is_flooded_by_it(void **state)
{
	for (uint32_t i = 0; i < 6; i++) {
		fresh(state);
		sights[0].thread.spent = i & 1;
		sights[0].senders = !(i & 1);
		sights[1].reaches = i < 4 ? ~1u : 0;
		if (i / 2 == 1)
			sights[1].reaches = 1;
		if (i / 2 == 2) /* it is seen to */
			set_state(1, INSPECT_CALLING, i & 1 ? 10 : 20);
		assert_int_equal(is_named(), i >= 2);
	}
}

/* Who uses all of its share since another one sends it too much is not named for that: the
 * other one is. */
static void who_is_made_to_use_all_its_share_is_not_named(void **state)
{
	for (uint32_t floods = 0; floods < 2; floods++) {
		fresh(state);
		bool named = false, other = false;
		sights[1].reaches = 1;
		for (uint32_t t = 0; t < VERDICT_PERSISTS_MS + 1000; t += STEP_MS) {
			sights[1].thread.messages += floods ? 100 : 10;
			sights[0].thread.received_ms = clock_ms;
			sights[0].thread.spent = 1;
			if (t % LOOK_MS == 0)
				run(0, 13);
			step(IDLE);
			named |= verdicts[0].kind != VERDICT_WELL;
			other |= verdicts[1].kind == VERDICT_FLOODS;
		}
		assert_int_equal(named, !floods);
		assert_int_equal(other, floods);
	}
}

/* One that spins receives nothing, so what it uses up is its own doing. */
static void who_does_not_receive_is_not_flooded(void **state)
{
	(void)state;
	sights[0].thread.spent = 1;
	sights[1].reaches = 1;
	set_state(0, INSPECT_READY, 0);
	assert_false(is_named());
	set_state(0, INSPECT_RECEIVING, 0);
	assert_true(is_named());
}

/* It is the only one that waits. */
static void who_makes_only_itself_wait_floods_nobody(void **state)
{
	(void)state;
	sights[0].senders = 1;
	sights[1].reaches = 1;
	set_state(1, INSPECT_SENDING, 10);
	assert_false(is_named());
	sights[0].senders = 2;
	assert_true(is_named());
	sights[0].senders = 1;
	set_state(1, INSPECT_SENDING, 12); /* so another one waits for 0 */
	assert_true(is_named());
}

static void of_two_who_flood_none_is_the_others_victim(void **state)
{
	(void)state;
	sights[0].senders = 1;
	sights[1].reaches = 1;
	for (uint32_t t = 0; t < 1000; t += STEP_MS) {
		sights[0].thread.messages += 100;
		sights[0].thread.received_ms = clock_ms;
		sights[1].thread.messages += 100;
		step(IDLE);
		if (t > 2 * VERDICT_WINDOW_MS)
			assert_well(1);
	}
}

/* Who failed because of it, before anybody else was seen to suffer, gets that failure back. */
static void the_trouble_began_with_the_flood_not_with_who_suffers(void **state)
{
	(void)state;
	uint32_t begun = clock_ms + STEP_MS;
	sights[1].reaches = 1;
	for (uint32_t t = 0; t < 500; t += STEP_MS) {
		sights[1].thread.messages += 100;
		step(IDLE);
	}
	sights[0].senders = 1;
	step(IDLE);
	for (uint32_t t = 0; verdicts[1].kind != VERDICT_FLOODS; t += STEP_MS) {
		assert_true(t < LOOK_MS);
		sights[1].thread.messages += 100;
		step(IDLE);
	}
	assert_true(verdicts[1].since_ms - begun <= LOOK_MS);
	for (uint32_t t = 0; t < 2 * VERDICT_WINDOW_MS; t += STEP_MS) /* it is over */
		step(IDLE);
	uint32_t again = clock_ms;
	for (uint32_t t = 0; t < 500; t += STEP_MS) {
		sights[1].thread.messages += 100;
		step(IDLE);
	}
	assert_int_equal(verdicts[1].kind, VERDICT_FLOODS);
	assert_true(verdicts[1].since_ms + VERDICT_WINDOW_MS - again <= 2 * VERDICT_WINDOW_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(many_messages_are_a_flood_only_if_somebody_suffers),
	    TEST(only_whom_it_can_send_to_is_flooded_by_it),
	    TEST(who_is_made_to_use_all_its_share_is_not_named),
	    TEST(who_does_not_receive_is_not_flooded),
	    TEST(who_makes_only_itself_wait_floods_nobody),
	    TEST(of_two_who_flood_none_is_the_others_victim),
	    TEST(the_trouble_began_with_the_flood_not_with_who_suffers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
