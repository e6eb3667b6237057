/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that says with its signals what came: to whom, what exactly, and what becomes of it
 * where the client does not listen just then. */
#include "session_world.h"

#undef DATA
#include "libs/libcap/driver/tell.c"

static unsigned quiesced; /* times that the manager is told so */

uint32_t driver_now_ms(void)
{
	return now_ms;
}

void lifecycle_answer(uint32_t seq, err_t result)
{
	assert_int_equal(seq, runtime.command_seq);
	assert_int_equal(result, DRV_OK);
	quiesced++;
}

static struct {
	uint32_t head;	      /* position behind the newest byte of the driver's stream */
	int32_t wrong;	      /* what it answers instead, if that is not 0 */
	bool notifies;	      /* it signals everybody while it is asked */
	bool listening;	      /* the client waits in a receive */
	err_t refuses;	      /* what the kernel says to a message with a signal */
	unsigned asked, told; /* how often the driver was, and the client */
	message_t message;
	uint32_t words[MSG_WORDS];
} world;

err_t notification_tell(cap_t notification, const message_t *message, bool *taken)
{
	assert_int_equal(notification, SIGNALLED);
	world.told++;
	world.message = *message;
	memcpy(world.words, buffer.words, sizeof(world.words));
	if (world.refuses)
		return world.refuses;
	*taken = world.listening;
	return DRV_OK;
}

/* Byte n of the stream is n. */
static int32_t stream(session_t *session, uint32_t *position, void *to, uint32_t bytes)
{
	uint32_t count = world.head - *position;
	world.asked++;
	if (world.notifies)
		driver_tell();
	memset(&buffer, OLD, sizeof(buffer)); /* it may send messages itself */
	assert_int_equal(session->badge, CLIENT);
	if (world.wrong)
		return world.wrong;
	count = count < bytes ? count : bytes;
	for (uint32_t i = 0; i < count; i++)
		((uint8_t *)to)[i] = (uint8_t)(*position + i);
	*position += count;
	return (int32_t)count;
}

static session_t *client(void)
{
	return &runtime.sessions[CLIENT - 1];
}

static void open_session(uint32_t how)
{
	message_t message = {
	    .badge = CLIENT, .info = MSG_INFO(DRIVER_OPEN, 2, 1), .word1 = how};
	client()->notification = CAP_NULL;
	buffer.caps[0] = COMES;
	session_request(&message);
	assert_int_equal(message.word0, DRV_OK);
	client()->notification = SIGNALLED;
}

static uint32_t read_at(uint32_t position, uint32_t bytes)
{
	message_t message = {.badge = CLIENT,
			     .info = MSG_INFO(DRIVER_READ_AT, 2, 0),
			     .word0 = bytes,
			     .word1 = position};
	session_request(&message);
	return message.word0;
}

static int listening(void **state)
{
	static const driver_ops_t ops = {.read_at = stream, .read = read_some};
	fresh(state);
	memset(&world, 0, sizeof(world));
	world.head = 100;
	world.listening = true;
	runtime.ops = &ops;
	runtime.sessions[CLIENT - 1].badge = 0;
	open_session(DRIVER_OPEN_LISTENS);
	assert_int_equal(read_at(100, 8), 0); /* nothing is there */
	world.asked = plain_signals = 0;
	return 0;
}

#define EXPECT(tells, signals)                                                                 \
	do {                                                                                   \
		assert_int_equal(world.told, (tells));                                         \
		assert_int_equal(plain_signals, (signals));                                    \
	} while (0)

static void what_follows_goes_along_with_the_signal(void **state)
{
	(void)state;
	world.head = 105;
	driver_tell();
	EXPECT(1, 0);
	assert_int_equal(world.message.info, MSG_INFO(5, DRIVER_TOLD_WORD + 2, 0));
	assert_int_equal(world.message.word0, 1);
	assert_int_equal(world.message.word1, 105);
	assert_int_equal(world.words[2], 100);
	assert_int_equal(world.words[3], 0x67666564);
	assert_int_equal(world.words[4], 0x68); /* and nothing of an earlier message */
	world.head = 106;
	driver_tell();
	assert_int_equal(world.words[2], 105);
	assert_int_equal(world.message.word1, 106);
	EXPECT(2, 0);
}

static void who_did_not_listen_is_signalled_until_it_reads(void **state)
{
	(void)state;
	world.head = 101;
	world.listening = false;
	driver_tell();
	EXPECT(1, 0); /* the kernel has set the bits */
	world.listening = true;
	world.head = 102;
	driver_tell();
	EXPECT(1, 1);
	assert_int_equal(world.asked, 1); /* nobody was asked for nothing */
	assert_int_equal(read_at(100, 1), 1);
	world.head = 103;
	driver_tell();
	EXPECT(2, 1);
	assert_int_equal(world.words[2], 101);
	assert_int_equal(world.message.word1, 103);
}

static void a_client_that_never_read_by_position_is_signalled(void **state)
{
	(void)state;
	open_session(DRIVER_OPEN_LISTENS);
	world.head = 101;
	driver_tell();
	EXPECT(0, 1);
}

static void a_client_that_did_not_say_that_it_listens_is_signalled(void **state)
{
	static const uint32_t hows[] = {0, ~DRIVER_OPEN_LISTENS};
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		open_session(hows[i]);
		world.head = 101;
		assert_int_equal(read_at(100, 8), 1);
		world.head = 102;
		driver_tell();
		EXPECT(0, i + 1);
	}
	client()->notification = CAP_NULL;
	driver_tell();
	EXPECT(0, 2);
}

static void who_has_closed_its_session_hears_nothing(void **state)
{
	(void)state;
	world.head = 101;
	client()->notification = COMES; /* which is let go of */
	assert_int_equal(ask(CLIENT, DRIVER_CLOSE), DRV_OK);
	driver_tell();
	EXPECT(0, 0);
}

static void what_is_no_answer_is_only_signalled(void **state)
{
	static const int32_t wrong[] = {DRV_EOVERFLOW, DRV_EPERM, DRIVER_TOLD_MAX + 1,
					INT32_MAX, INT32_MIN};
	(void)state;
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		world.wrong = wrong[i];
		driver_tell();
		EXPECT(i, i + 1);
		world.wrong = 0;
		world.head = 101;
		assert_int_equal(read_at(100, 8), 1);
		world.head = 102;
		driver_tell(); /* as ever */
		EXPECT(i + 1, i + 1);
		assert_int_equal(world.words[2], 101);
	}
	world.head = 102;
	driver_tell(); /* nothing is there */
	EXPECT(sizeof(wrong) / sizeof(wrong[0]), sizeof(wrong) / sizeof(wrong[0]) + 1);
}

static void an_error_of_a_read_leaves_the_place_unknown(void **state)
{
	(void)state;
	world.wrong = DRV_EOVERFLOW;
	assert_int_equal(read_at(100, 8), (uint32_t)DRV_EOVERFLOW);
	world.wrong = 0;
	world.head = 101;
	driver_tell();
	EXPECT(0, 1);
}

static void more_than_surely_fits_is_signalled_once_more(void **state)
{
	(void)state;
	world.head = 100 + DRIVER_RECORD_MAX;
	driver_tell();
	EXPECT(1, 0);
	world.head += DRIVER_RECORD_MAX + 1;
	driver_tell();
	EXPECT(2, 1);
	world.head += 2 * DRIVER_TOLD_MAX;
	driver_tell();
	EXPECT(3, 2);
	assert_int_equal(MSG_WORD_COUNT(world.message.info), MSG_WORDS);
	assert_int_equal(MSG_LABEL(world.message.info), DRIVER_TOLD_MAX);
}

/* Of driver ABI 8 and before the kernel may be, which has no such call. */
static void where_the_kernel_has_no_such_call_it_is_a_signal(void **state)
{
	(void)state;
	world.refuses = DRV_ENOSYS;
	world.head = 101;
	driver_tell();
	EXPECT(1, 1);
	driver_tell();
	EXPECT(1, 2);
}

static void a_driver_that_signals_while_it_is_asked_does_so_once(void **state)
{
	(void)state;
	world.notifies = true;
	world.head = 101;
	driver_tell();
	EXPECT(1, 1);
	assert_int_equal(world.asked, 1);
}

/* What a driver that quiesces looks at. */
static void who_listens_is_behind_until_it_has_read_all(void **state)
{
	(void)state;
	assert_false(somebody_is_behind());
	world.head = 103;
	assert_true(somebody_is_behind());
	world.listening = false;
	driver_tell();
	assert_true(somebody_is_behind()); /* that may have come to nobody */
	assert_int_equal(read_at(100, 2), 2);
	assert_true(somebody_is_behind());
	assert_int_equal(read_at(102, 2), 1);
	assert_false(somebody_is_behind());
	world.listening = true;
	world.head = 104;
	driver_tell(); /* it goes along */
	assert_false(somebody_is_behind());
	world.wrong = DRV_EOVERFLOW; /* it does not know that yet */
	assert_true(somebody_is_behind());
}

static void nobody_else_is_waited_for(void **state)
{
	static const driver_ops_t cannot = {.read = read_some};
	(void)state;
	open_session(0);
	assert_int_equal(read_at(100, 8), 0);
	world.head = 101;
	assert_false(somebody_is_behind());
	open_session(DRIVER_OPEN_LISTENS);
	assert_true(somebody_is_behind());
	runtime.ops = &cannot;
	assert_false(somebody_is_behind());
	runtime.sessions[CLIENT - 1].badge = 0;
	assert_false(somebody_is_behind());
}

/* The driver has quiesced, and said what came of that. */
static void quiesce(void)
{
	world.head = 103;
	world.listening = false;
	driver_tell();
	now_ms = 0xfffffffc; /* it wraps soon */
	quiesced = 0;
	runtime.command_seq = 5;
	runtime.timers = 1;
	runtime.readers(5);
}

static void look_again(void)
{
	assert_int_equal(runtime.timers, 1u << TIMER_READERS);
	assert_int_equal(runtime.timer_at[TIMER_READERS], ++now_ms);
	assert_true(runtime.quiet);
	runtime.timers = 0;
	runtime.readers(0);
}

static void who_listens_reads_what_came_of_quiescing_first(void **state)
{
	(void)state;
	assert_null(runtime.readers); /* nothing was told */
	quiesce();
	assert_int_equal(quiesced, 0);
	look_again();
	assert_int_equal(quiesced, 0);
	assert_int_equal(read_at(100, 8), 3);
	look_again();
	assert_int_equal(quiesced, 1);
	assert_int_equal(runtime.timers, 0);
	runtime.readers(5); /* nobody is behind */
	assert_int_equal(quiesced, 2);
}

static void who_never_reads_keeps_nobody_waiting_for_long(void **state)
{
	(void)state;
	quiesce();
	for (uint32_t i = 0; i < READERS_MS; i++) {
		assert_int_equal(quiesced, 0);
		look_again();
	}
	assert_int_equal(quiesced, 1);
	assert_int_equal(runtime.timers, 0);
}

static void a_command_that_comes_meanwhile_is_what_counts(void **state)
{
	(void)state;
	quiesce();
	runtime.command_seq = 6;
	look_again();
	assert_int_equal(quiesced, 0);
	assert_int_equal(runtime.timers, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, listening)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_follows_goes_along_with_the_signal),
	    TEST(who_did_not_listen_is_signalled_until_it_reads),
	    TEST(a_client_that_never_read_by_position_is_signalled),
	    TEST(a_client_that_did_not_say_that_it_listens_is_signalled),
	    TEST(who_has_closed_its_session_hears_nothing),
	    TEST(what_is_no_answer_is_only_signalled),
	    TEST(an_error_of_a_read_leaves_the_place_unknown),
	    TEST(more_than_surely_fits_is_signalled_once_more),
	    TEST(where_the_kernel_has_no_such_call_it_is_a_signal),
	    TEST(a_driver_that_signals_while_it_is_asked_does_so_once),
	    TEST(who_listens_is_behind_until_it_has_read_all),
	    TEST(nobody_else_is_waited_for),
	    TEST(who_listens_reads_what_came_of_quiescing_first),
	    TEST(who_never_reads_keeps_nobody_waiting_for_long),
	    TEST(a_command_that_comes_meanwhile_is_what_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
