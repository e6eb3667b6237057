/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests of doors/upload.h: whose an upload is, and which pieces are taken. */
#include "upload_world.h"

static void what_is_no_upload_is_refused(void **state)
{
	manager_load_t endless = {.image_bytes = IMAGE, .manifest_bytes = TEXT};
	(void)state;
	assert_int_equal(ask(upload_begin, ASKER, "text", 4, 0), DRV_EMSGSIZE);
	assert_int_equal(begin_with(ASKER, "", IMAGE, TEXT), DRV_EINVAL);
	assert_int_equal(begin_with(ASKER, "New", IMAGE, TEXT), DRV_EINVAL);
	assert_int_equal(begin_with(ASKER, "new", 0, TEXT), DRV_EINVAL);
	assert_int_equal(begin_with(ASKER, "new", IMAGE, 0), DRV_EINVAL);
	assert_int_equal(begin_with(ASKER, "new", UINT32_MAX, TEXT), DRV_EINVAL);
	assert_int_equal(begin_with(ASKER, "new", MANAGER_LOAD_BYTES_MAX, 1), DRV_EINVAL);
	assert_int_equal(begin_with(ASKER, "new", IMAGE, MANAGER_LOAD_TEXT_MAX + 1),
			 DRV_EINVAL);
	memset(endless.name, 'a', sizeof(endless.name));
	assert_int_equal(ask(upload_begin, ASKER, &endless, sizeof(endless), 0), DRV_EINVAL);
	assert_int_equal(manager.upload.owner, 0);
	assert_int_equal(taken_bytes, 0);
	assert_int_equal(begin_with(ASKER, "new",
				    MANAGER_LOAD_BYTES_MAX - MANAGER_LOAD_TEXT_MAX,
				    MANAGER_LOAD_TEXT_MAX),
			 DRV_OK);
	assert_int_equal(taken_bytes, MANAGER_LOAD_BYTES_MAX);
}

static void without_memory_nothing_is_left_of_it(void **state)
{
	(void)state;
	no_memory = DRV_ENOMEM;
	assert_int_equal(begin(ASKER), DRV_ENOMEM);
	assert_int_equal(manager.upload.owner, 0);
	assert_int_equal(cleaned, 1);
}

static void an_upload_is_its_senders(void **state)
{
	(void)state;
	assert_int_equal(begin(ASKER), DRV_OK);
	assert_int_equal(begin(OTHER), DRV_EBUSY);
	assert_int_equal(put(OTHER, 0, 1, 1), DRV_ENOENT);
	assert_int_equal(commit(OTHER), DRV_ENOENT);
	assert_int_equal(ask(upload_abort, OTHER, NULL, 0, 0), DRV_ENOENT);
	drivers[ASKER].unit.generation++; /* nor is it the next instance's */
	assert_int_equal(put(ASKER, 0, 1, 1), DRV_ENOENT);
	assert_int_equal(begin(OTHER), DRV_OK);
}

static void who_begins_again_gives_up_what_it_had_begun(void **state)
{
	(void)state;
	assert_int_equal(begin(ASKER), DRV_OK);
	assert_int_equal(put(ASKER, 0, 50, 1), DRV_OK);
	assert_int_equal(begin(ASKER), DRV_OK);
	assert_int_equal(cleaned, 1);
	assert_int_equal(manager.upload.received, 0);
}

static void it_is_given_up_when_its_sender_ends_or_is_silent(void **state)
{
	(void)state;
	assert_int_equal(begin(ASKER), DRV_OK);
	manager.now_ms += MANAGER_LOAD_MS - 1;
	upload_tick(&manager);
	assert_int_equal(put(ASKER, 0, 1, 1), DRV_OK); /* is heard */
	manager.now_ms += MANAGER_LOAD_MS - 1;
	upload_tick(&manager);
	assert_int_equal(manager.upload.owner, ASKER + 1);
	manager.now_ms++;
	assert_int_equal(put(ASKER, 1, 1, 1), DRV_ENOENT);
	upload_tick(&manager);
	assert_int_equal(manager.upload.owner, 0);
	assert_int_equal(cleaned, 1);
	assert_int_equal(begin(ASKER), DRV_OK);
	drivers[ASKER].instance.alive = false;
	upload_tick(&manager);
	assert_int_equal(manager.upload.owner, 0);
	assert_int_equal(cleaned, 2);
	upload_tick(&manager);
	assert_int_equal(cleaned, 2);
}

static void a_piece_lies_in_it_and_leaves_no_gap(void **state)
{
	(void)state;
	assert_int_equal(begin(ASKER), DRV_OK);
	assert_int_equal(put(ASKER, 1, 1, 1), DRV_EINVAL);
	assert_int_equal(put(ASKER, 0, ALL + 1, 1), DRV_EINVAL);
	assert_int_equal(put(ASKER, UINT32_MAX, 2, 1), DRV_EINVAL);
	assert_int_equal(put(ASKER, 0, ALL - 1, 1), DRV_OK);
	assert_int_equal(put(ASKER, ALL - 1, 2, 1), DRV_EINVAL);
	assert_int_equal(put(ASKER, ALL, 1, 1), DRV_EINVAL);
	assert_int_equal(put(ASKER, ALL - 1, 1, 1), DRV_OK);
	assert_int_equal(put(ASKER, ALL, 0, 1), DRV_OK);
}

static void the_same_piece_twice_does_no_harm_and_another_one_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(begin(ASKER), DRV_OK);
	assert_int_equal(put(ASKER, 0, 70, 1), DRV_OK);
	assert_int_equal(put(ASKER, 0, 70, 2), DRV_OK);
	assert_int_equal(put(ASKER, 60, 20, 3), DRV_OK);
	assert_int_equal(memory[69], 1);
	assert_int_equal(memory[70], 3);
	assert_int_equal(memory[79], 3);
	assert_int_equal(manager.upload.received, 80);
}

static void only_all_of_it_is_loaded(void **state)
{
	(void)state;
	assert_int_equal(begin(ASKER), DRV_OK);
	assert_int_equal(put(ASKER, 0, ALL - 1, 1), DRV_OK);
	assert_int_equal(commit(ASKER), DRV_EINVAL);
	assert_int_equal(loaded, 0);
	assert_int_equal(put(ASKER, ALL - 1, 1, 1), DRV_OK);
	assert_int_equal(commit(ASKER), DRV_OK);
	assert_int_equal(loaded, 1);
	assert_int_equal(asked.value, sizeof(WORDS) - 1);
	assert_int_equal(asked.bytes, sizeof(WORDS) - 1);
	assert_memory_equal(&buffer.words[DRIVER_DATA_WORD], WORDS, sizeof(WORDS) - 1);
	assert_int_equal(manager.upload.owner, 0);
	assert_int_equal(cleaned, 1);
	assert_int_equal(commit(ASKER), DRV_ENOENT);
}

static void what_is_refused_is_given_up_and_why_is_told(void **state)
{
	(void)state;
	refusal = DRV_EFORMAT;
	assert_int_equal(begin(ASKER), DRV_OK);
	assert_int_equal(put(ASKER, 0, ALL, 1), DRV_OK);
	assert_int_equal(commit(ASKER), DRV_EFORMAT);
	assert_int_equal(asked.bytes, sizeof(WORDS) - 1);
	assert_int_equal(manager.upload.owner, 0);
}

/* In whatever pieces they came. */
static void the_digest_is_of_the_image_alone(void **state)
{
	uint8_t expected[SHA256_SIZE];
	sha256_t hash;
	for (uint32_t piece = 1; piece <= ALL; piece++) {
		fresh(state);
		assert_int_equal(begin(ASKER), DRV_OK);
		for (uint32_t at = 0; at < ALL; at += piece)
			assert_int_equal(put(ASKER, at, at + piece < ALL ? piece : ALL - at, 7),
					 DRV_OK);
		assert_int_equal(commit(ASKER), DRV_OK);
		sha256_begin(&hash);
		sha256_add(&hash, memory, IMAGE / SHA256_BLOCK);
		sha256_end(&hash, memory + IMAGE / SHA256_BLOCK * SHA256_BLOCK, IMAGE,
			   expected);
		assert_memory_equal(digest, expected, sizeof(expected));
	}
}

static void what_is_aborted_is_free(void **state)
{
	(void)state;
	assert_int_equal(ask(upload_abort, ASKER, NULL, 0, 0), DRV_ENOENT);
	assert_int_equal(begin(ASKER), DRV_OK);
	assert_int_equal(ask(upload_abort, ASKER, NULL, 0, 0), DRV_OK);
	assert_int_equal(cleaned, 1);
	assert_int_equal(put(ASKER, 0, 1, 1), DRV_ENOENT);
}

static void only_who_was_loaded_and_has_ended_is_unloaded(void **state)
{
	(void)state;
	assert_int_equal(ask(upload_unload, ASKER, "nobody", 6, 0), DRV_ENOENT);
	assert_int_equal(ask(upload_unload, ASKER, "", 0, 0), DRV_ENOENT);
	assert_int_equal(ask(upload_unload, ASKER, "other", 5, 0), DRV_EINVAL);
	drivers[GUEST].unit.state = STATE_RUNNING;
	assert_int_equal(ask(upload_unload, ASKER, "guest", 5, 0), DRV_EBUSY);
	assert_int_equal(unloaded, 0);
	drivers[GUEST].unit.state = STATE_STOPPED;
	assert_int_equal(ask(upload_unload, ASKER, "guest", 5, 0), DRV_OK);
	assert_int_equal(unloaded, 1);
	assert_int_equal(forgotten, 1);
	assert_int_equal(cleaned, 1);
	/* Whoever dies before that is sealed leaves the driver whole, with its record. */
	assert_false(sealed_with_discarded);
	assert_int_equal(drivers[GUEST].unit.state, STATE_REJECTED);
}

static int32_t begin_replacement(const char *name)
{
	manager_load_t what = {.image_bytes = IMAGE, .manifest_bytes = TEXT};
	strncpy(what.name, name, sizeof(what.name));
	return ask(upload_begin, ASKER, &what, sizeof(what), MANAGER_LOAD_AS_REPLACEMENT);
}

static void only_who_is_there_is_replaced(void **state)
{
	manager_load_t what = {"guest", IMAGE, TEXT};
	(void)state;
	assert_int_equal(begin_replacement("new"), DRV_ENOENT);
	assert_int_equal(
	    ask(upload_begin, ASKER, &what, sizeof(what), MANAGER_LOAD_AS_REPLACEMENT + 1),
	    DRV_EINVAL);
	assert_int_equal(manager.upload.owner, 0);
	assert_int_equal(begin_replacement("guest"), DRV_OK);
	assert_true(manager.upload.replaces);
	assert_int_equal(begin(ASKER), DRV_OK);
	assert_false(manager.upload.replaces);
}

/* Only when it is sealed that there is another image anybody begins with it. */
static void who_is_replaced_is_told_so_behind_the_seal(void **state)
{
	(void)state;
	assert_int_equal(begin_replacement("guest"), DRV_OK);
	assert_int_equal(put(ASKER, 0, ALL, 1), DRV_OK);
	refusal = DRV_EBUSY;
	assert_int_equal(commit(ASKER), DRV_EBUSY);
	assert_int_equal(drivers[GUEST].unit.swap, SWAP_NONE);
	refusal = DRV_OK;
	assert_int_equal(begin_replacement("guest"), DRV_OK);
	assert_int_equal(put(ASKER, 0, ALL, 1), DRV_OK);
	assert_int_equal(commit(ASKER), DRV_OK);
	assert_int_equal(replaced, 2);
	assert_int_equal(loaded, 0);
	assert_int_equal(sealed_swap, SWAP_NONE);
	assert_int_equal(drivers[GUEST].unit.swap, SWAP_DUE);
	assert_true(drivers[GUEST].unit.anew);
}

/* Of one that is on probation. */
static void both_images_of_who_is_unloaded_go(void **state)
{
	(void)state;
	manager.second_is = SECOND_LAST;
	manager.second.index = OTHER;
	assert_int_equal(ask(upload_unload, ASKER, "guest", 5, 0), DRV_OK);
	assert_int_equal(manager.second_is, SECOND_LAST);
	fresh(state);
	manager.second_is = SECOND_LAST;
	manager.second.index = GUEST;
	assert_int_equal(ask(upload_unload, ASKER, "guest", 5, 0), DRV_OK);
	assert_int_equal(manager.second_is, SECOND_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_no_upload_is_refused, fresh),
	    cmocka_unit_test_setup(only_who_is_there_is_replaced, fresh),
	    cmocka_unit_test_setup(who_is_replaced_is_told_so_behind_the_seal, fresh),
	    cmocka_unit_test_setup(both_images_of_who_is_unloaded_go, fresh),
	    cmocka_unit_test_setup(without_memory_nothing_is_left_of_it, fresh),
	    cmocka_unit_test_setup(an_upload_is_its_senders, fresh),
	    cmocka_unit_test_setup(who_begins_again_gives_up_what_it_had_begun, fresh),
	    cmocka_unit_test_setup(it_is_given_up_when_its_sender_ends_or_is_silent, fresh),
	    cmocka_unit_test_setup(a_piece_lies_in_it_and_leaves_no_gap, fresh),
	    cmocka_unit_test_setup(
		the_same_piece_twice_does_no_harm_and_another_one_changes_nothing, fresh),
	    cmocka_unit_test_setup(only_all_of_it_is_loaded, fresh),
	    cmocka_unit_test_setup(what_is_refused_is_given_up_and_why_is_told, fresh),
	    cmocka_unit_test_setup(the_digest_is_of_the_image_alone, fresh),
	    cmocka_unit_test_setup(what_is_aborted_is_free, fresh),
	    cmocka_unit_test_setup(only_who_was_loaded_and_has_ended_is_unloaded, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
