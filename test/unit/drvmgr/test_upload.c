/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests of doors/upload.h: whose an upload is, and which pieces are taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cap/syscall.h"
#include "doors/upload.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)
#include "doors/upload.c"

enum { ASKER, OTHER, GUEST, COUNT };
#define IMAGE 100u
#define TEXT  40u
#define ALL   (IMAGE + TEXT)
#define NODE  3u
#define FRAME 40u
#define WORDS "guest.drv.json: accepted\n"

static manager_t manager;
static driver_t drivers[COUNT];
static uint8_t memory[ALL];
static uint32_t taken_bytes, collected, sealed, cleaned, loaded, unloaded, forgotten, dropped;
static bool sealed_with_discarded;
static err_t no_memory, refusal;
static uint8_t digest[SHA256_SIZE];

err_t depot_take(manager_t *of, uint32_t bytes, uint32_t *node)
{
	(void)of;
	if (no_memory)
		return no_memory;
	taken_bytes = bytes;
	*node = NODE;
	return DRV_OK;
}

err_t depot_make_frame(manager_t *of, uint32_t node, cap_t *frame)
{
	(void)of;
	assert_int_equal(node, NODE);
	*frame = FRAME;
	memset(memory, 0, sizeof(memory));
	return DRV_OK;
}

void *depot_address(const manager_t *of, uint32_t node)
{
	(void)of;
	assert_int_equal(node, NODE);
	return memory;
}

/* In this order: what is free is free only when that is kept. */
void depot_collect(manager_t *of)
{
	(void)of;
	assert_int_equal(collected, cleaned);
	collected++;
}

void kept_seal(manager_t *of)
{
	(void)of;
	assert_int_equal(sealed + 1, collected);
	sealed_with_discarded = unloaded && of->drivers[GUEST].unit.state == STATE_REJECTED;
	sealed++;
}

void depot_clean(const manager_t *of)
{
	(void)of;
	assert_int_equal(cleaned + 1, sealed);
	cleaned++;
}

err_t push_load(manager_t *of, const upload_t *upload)
{
	sha256_t hash = upload->hash;
	(void)of;
	sha256_end(&hash, memory + upload->hashed, upload->what.image_bytes, digest);
	loaded++;
	return refusal;
}

void push_unload(manager_t *of, driver_t *driver)
{
	(void)of;
	assert_int_equal(driver->index, GUEST);
	unloaded++;
}

void push_forget(manager_t *of, driver_t *driver)
{
	(void)of;
	assert_int_equal(driver->unit.state, STATE_REJECTED);
	forgotten++;
}

void store_drop(store_t *store, uint32_t index)
{
	assert_ptr_equal(store, manager.deaths);
	assert_int_equal(index, GUEST);
	dropped++;
}

size_t push_lines(char *text, size_t size)
{
	assert_in_range(sizeof(WORDS), 0, size);
	memcpy(text, WORDS, sizeof(WORDS));
	return sizeof(WORDS) - 1;
}

err_t verb_target(const request_t *request, const driver_t **driver)
{
	*driver = manager_find(request->manager, request->name);
	return *driver ? DRV_OK : DRV_ENOENT;
}

static int fresh(void **state)
{
	static log_t log;
	static store_t deaths;
	static const char *const names[COUNT] = {"asker", "other", "guest"};
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	manager = (manager_t){.drivers = drivers, .count = COUNT, .log = &log, .now_ms = 1000};
	manager.deaths = &deaths;
	manager.world.count = COUNT;
	taken_bytes = collected = sealed = cleaned = loaded = unloaded = forgotten = dropped =
	    0;
	no_memory = refusal = DRV_OK;
	for (uint32_t i = 0; i < COUNT; i++) {
		manager.world.units[i] = &drivers[i].unit;
		drivers[i].index = i;
		drivers[i].instance.alive = true;
		drivers[i].unit.generation = 1;
		strcpy(drivers[i].file, names[i]);
		strcpy(drivers[i].manifest.name, names[i]);
	}
	drivers[GUEST].nodes[DEPOT_IMAGE] = NODE;
	drivers[GUEST].unit.state = STATE_STOPPED;
	return 0;
}

static request_t asked;
static int32_t ask(int32_t (*handler)(request_t *request), uint32_t who, const void *text,
		   uint32_t length, uint32_t word1)
{
	static char bytes[MANAGER_TEXT_MAX + 1];
	memset(bytes, 0, sizeof(bytes));
	if (length)
		memcpy(bytes, text, length);
	asked = (request_t){.manager = &manager,
			    .sender = &drivers[who],
			    .word0 = length,
			    .word1 = word1,
			    .name = bytes,
			    .length = length};
	return handler(&asked);
}

static int32_t begin_with(uint32_t who, const char *name, uint32_t image, uint32_t text)
{
	manager_load_t what = {.image_bytes = image, .manifest_bytes = text};
	strncpy(what.name, name, sizeof(what.name));
	return ask(upload_begin, who, &what, sizeof(what), 0);
}

static int32_t begin(uint32_t who)
{
	return begin_with(who, "new", IMAGE, TEXT);
}

static int32_t put(uint32_t who, uint32_t at, uint32_t bytes, uint8_t value)
{
	static uint8_t data[MANAGER_TEXT_MAX];
	memset(data, value, sizeof(data));
	return ask(upload_put, who, data, bytes, at);
}

static int32_t commit(uint32_t who)
{
	return ask(upload_commit, who, NULL, 0, 0);
}

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
	const manager_log_record_t mark = {.level = LOG_INFO};
	(void)state;
	history_add(&manager.log->history, HISTORY_OF(GUEST), &mark, "a", 1);
	history_add(&manager.log->history, HISTORY_ABOUT(GUEST), &mark, "b", 1);
	assert_int_equal(ask(upload_unload, ASKER, "nobody", 6, 0), DRV_ENOENT);
	assert_int_equal(ask(upload_unload, ASKER, "", 0, 0), DRV_ENOENT);
	assert_int_equal(ask(upload_unload, ASKER, "other", 5, 0), DRV_EINVAL);
	drivers[GUEST].unit.state = STATE_RUNNING;
	assert_int_equal(ask(upload_unload, ASKER, "guest", 5, 0), DRV_EBUSY);
	assert_int_equal(unloaded, 0);
	drivers[GUEST].unit.state = STATE_STOPPED;
	assert_int_equal(ask(upload_unload, ASKER, "guest", 5, 0), DRV_OK);
	assert_int_equal(unloaded, 1);
	assert_true(forgotten == 1 && cleaned == 1);
	assert_int_equal(dropped, 1);
	assert_int_equal(manager.log->history.taken, 0); /* the next one there is another */
	/* Whoever dies before that is sealed leaves the driver whole, with its record. */
	assert_false(sealed_with_discarded);
	assert_int_equal(drivers[GUEST].unit.state, STATE_REJECTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_is_no_upload_is_refused, fresh),
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
