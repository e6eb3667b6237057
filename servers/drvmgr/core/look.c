/* SPDX-License-Identifier: BSD-2-Clause */
/* What is remembered from look to look: since when something lasts, and how much there was of
 * it in a window. */
#include "core/verdict.h"

#include <stddef.h>

#include "cap/string.h"
#include "core/storm.h"

/* Follows a condition: its stretch begins with it, and anew when another one of its kind takes
 * its place. It began before the look; but how much of that was its own is not known. */
static void follow(stretch_t *stretch, bool holds, bool another, const inspect_thread_t *thread,
		   uint32_t waited_ms)
{
	if (!holds)
		stretch->begun = false;
	else if (!stretch->begun || another)
		stretch_begin(stretch, thread, waited_ms);
	else
		stretch_note(stretch, thread);
}

/* Adds what the thread has waited for another one since the last look, as far as that wait goes
 * on: of one that is over nobody knows. */
static void look_at_wait(watch_t *watch, const inspect_thread_t *thread)
{
	uint32_t since_ms = thread->since_ms;
	if (!watch->begun)
		since_ms = thread->now_ms;
	else if ((int32_t)(since_ms - watch->looked_ms) < 0)
		since_ms = watch->looked_ms;
	if (thread->messages != watch->wait_of)
		watch->wait_ms = 0;
	watch->wait_of = thread->messages;
	if (thread->state != INSPECT_SENDING && thread->state != INSPECT_CALLING)
		return;
	watch->waited_ms += thread->now_ms - since_ms;
	watch->wait_ms += thread->now_ms - since_ms;
}

/* While its limit is over and it is kept from running, a thread is told as ready. If its wait
 * ends in another way before it runs, the kernel does not add that time up. It is not the
 * driver's own all the same: what lasts began with so much less. */
static void keep_ready_time(watch_t *watch, const inspect_thread_t *thread)
{
	uint32_t lost = watch->ready_ms - stretch_ready_ms(thread);
	if ((int32_t)lost <= 0)
		return;
	watch->state.ready_ms -= lost;
	watch->silent.ready_ms -= lost;
	watch->call.ready_ms -= lost;
	watch->queue.ready_ms -= lost;
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX; i++)
		watch->lines[i].owed.ready_ms -= lost;
}

/* True: it has received since the last look. */
static bool look_at_silence(watch_t *watch, const inspect_thread_t *thread)
{
	bool received = thread->received_ms != watch->received_ms;
	follow(&watch->silent, thread->state != INSPECT_RECEIVING, received, thread,
	       watch->waited_ms);
	watch->received_ms = thread->received_ms;
	return received;
}

static void note_late(struct line_watch *line, uint32_t now_ms)
{
	line->late = true;
	line->late_ms[line->late_next] = now_ms;
	line->late_next = (line->late_next + 1) % VERDICT_LATES;
	if (line->late_count < VERDICT_LATES)
		line->late_count++;
}

/* An interrupt that came after the last look is owed since it came, not since this look, unless
 * it came amid this one, behind the time of the thread. How much of that time was the driver's
 * own is not known: all time since the last look in which it was ready and did not run is taken
 * off. */
static void look_at_line(struct line_watch *line, const line_sight_t *sight, uint32_t ack_ms,
			 const inspect_thread_t *thread, const watch_t *watch)
{
	bool another = sight->owed && sight->since_ms != line->owed_ms;
	bool begins = sight->owed && (another || !line->owed.begun);
	follow(&line->owed, sight->owed, another, thread, watch->waited_ms);
	bool between = (int32_t)(sight->since_ms - watch->looked_ms) > 0 &&
		       (int32_t)(thread->now_ms - sight->since_ms) >= 0;
	if (begins && watch->begun && between) {
		line->owed.since_ms = sight->since_ms;
		line->owed.ready_ms = watch->ready_ms;
	}
	if (another || !sight->owed)
		line->late = false;
	line->owed_ms = sight->since_ms;
	if (ack_ms && !line->late && stretch_own_ms(&line->owed, thread) >= ack_ms)
		note_late(line, thread->now_ms);
}

_Static_assert(VERDICT_WINDOW_MS == STORM_WINDOW_MS, "a storm is one, shared or not");

/* More than `most` a window, in `length` milliseconds. */
static bool exceeds(uint32_t count, uint32_t most, uint32_t length)
{
	return count >= most && count / most >= length / VERDICT_WINDOW_MS;
}

/* Keeps since when a condition held in every window. */
static void keep_since(bool *held, uint32_t *since_ms, bool holds, uint32_t window_ms)
{
	if (holds && !*held)
		*since_ms = window_ms;
	*held = holds;
}

/* Keeps how long it ran of each of the windows that `length` milliseconds are. */
static void keep_ran(watch_t *watch, uint32_t ran_ms, uint32_t length)
{
	uint32_t windows = length / VERDICT_WINDOW_MS;
	for (uint32_t n = 0; n < windows && n < VERDICT_RAN; n++)
		watch->ran_ms = watch->ran_ms << 8 | ran_ms;
}

uint32_t verdict_ran_ms(const watch_t *watch, uint32_t now_ms, uint32_t count)
{
	uint32_t sum = 0, since = (now_ms - watch->window_ms) / VERDICT_WINDOW_MS;
	uint64_t ran_ms = watch->ran_ms;
	for (; since < count; since++, ran_ms >>= 8)
		sum += ran_ms & 0xff;
	return sum;
}

static void begin_window(watch_t *watch, const sight_t *sight)
{
	const inspect_thread_t *thread = &sight->thread;
	watch->window_ms = thread->now_ms;
	watch->window_run = ticks_run(thread);
	watch->messages = thread->messages;
	watch->signals = thread->signals;
	watch->over = sight->over;
	for (uint32_t i = 0; i < sight->line_count; i++)
		watch->lines[i].count = sight->lines[i].count;
}

static void end_window(watch_t *watch, const sight_t *sight)
{
	const inspect_thread_t *thread = &sight->thread;
	uint32_t length = thread->now_ms - watch->window_ms;
	watch->ended++;
	uint32_t messages = thread->messages - watch->messages;
	uint32_t signals = thread->signals - watch->signals;
	watch->sent = messages * VERDICT_WINDOW_MS / length;
	watch->signalled = signals * VERDICT_WINDOW_MS / length;
	watch->storm = false;
	for (uint32_t i = 0; i < sight->line_count; i++) {
		uint32_t count = sight->lines[i].count - watch->lines[i].count;
		if (exceeds(count, STORM_MOST, length)) {
			watch->storm = true;
			watch->storm_line = i;
		}
	}
	keep_since(&watch->sends, &watch->sends_ms,
		   exceeds(messages + signals, VERDICT_MOST_SENT, length), watch->window_ms);
	if (watch->sends) {
		watch->drove = true;
		watch->drove_ms = thread->now_ms;
	}
	watch->run_ms = ms_divide(ticks_run(thread) - watch->window_run, thread->ticks_per_ms);
	/* Of a window, however long this one was. It ran by the time stamp counter, and the
	 * window is measured by the timer's interrupts, some of which an emulator on a busy
	 * host leaves out: a driver cannot have run for longer than the window. */
	uint32_t ran_ms = watch->run_ms < length
			      ? ms_divide((uint64_t)watch->run_ms * VERDICT_WINDOW_MS, length)
			      : VERDICT_WINDOW_MS;
	keep_ran(watch, ran_ms, length);
	if (ran_ms > watch->most_run_ms)
		watch->most_run_ms = ran_ms;
	if (watch->sent > watch->most_sent)
		watch->most_sent = watch->sent;
	keep_since(&watch->runs, &watch->runs_ms, watch->run_ms > length / 4, watch->window_ms);
	keep_since(&watch->floods, &watch->floods_ms, sight->over != watch->over,
		   watch->window_ms);
	watch->counted = true;
	begin_window(watch, sight);
}

/* What a line counted before the driver had it is not the driver's. */
static void see_new_lines(watch_t *watch, const sight_t *sight)
{
	for (; watch->line_count < sight->line_count; watch->line_count++)
		watch->lines[watch->line_count].count = sight->lines[watch->line_count].count;
}

/* Is nothing owed on its lines, and did nothing come since the window began? */
static bool are_quiet(const watch_t *watch, const sight_t *sight)
{
	for (uint32_t i = 0; i < sight->line_count; i++)
		if (sight->lines[i].owed || sight->lines[i].count != watch->lines[i].count)
			return false;
	return true;
}

/* Who has not run has received, sent and acknowledged nothing. Where run time is only sampled
 * that is not known. */
bool verdict_rests(watch_t *watch, const sight_t *sight)
{
	const inspect_thread_t *thread = &sight->thread;
	if (!watch->rests || thread->state != INSPECT_RECEIVING || thread->ticks_per_ms <= 1 ||
	    ticks_run(thread) != watch->window_run || thread->messages != watch->messages ||
	    thread->signals != watch->signals || sight->over != watch->over || sight->tied ||
	    sight->senders || !are_quiet(watch, sight))
		return false;
	uint32_t length = thread->now_ms - watch->window_ms;
	if (length >= VERDICT_WINDOW_MS) {
		if (watch->ran_ms)
			keep_ran(watch, 0, length);
		watch->window_ms = thread->now_ms;
		watch->ended++;
		watch->sent = 0;
	}
	busy_begin(&watch->busy, thread);
	return true;
}

static bool begins_to_rest(const watch_t *watch, const sight_t *sight,
			   const verdict_limits_t *limits)
{
	const inspect_thread_t *thread = &sight->thread;
	return thread->state == INSPECT_RECEIVING && !limits->state_ms && !watch->run_ms &&
	       !sight->tied && !sight->senders && are_quiet(watch, sight) && !watch->storm &&
	       !watch->sends && !watch->floods && !watch->lent && !watch->busy.ran;
}

static void begin_earlier(uint32_t *since_ms, bool holds, uint32_t at_ms)
{
	if (holds && (int32_t)(at_ms - *since_ms) < 0)
		*since_ms = at_ms;
}

/* The first look at an instance may not be the first that was: another incarnation of the
 * manager may have looked before. Of whatever it found the kernel knows when it can have begun;
 * who never received has just begun itself. */
static void look_back(watch_t *watch, const sight_t *sight)
{
	const inspect_thread_t *thread = &sight->thread;
	watch->first_ms = watch->before_ms = thread->now_ms;
	begin_earlier(&watch->before_ms,
		      thread->state != INSPECT_RECEIVING && thread->received_ms,
		      thread->received_ms);
	begin_earlier(&watch->before_ms, sight->tied, sight->tied_ms);
	begin_earlier(&watch->before_ms, sight->senders != 0, sight->oldest_ms);
}

void verdict_look(watch_t *watch, const sight_t *sight, const verdict_limits_t *limits)
{
	const inspect_thread_t *thread = &sight->thread;
	if (used_is_behind(&watch->used, thread))
		used_count(&watch->used, thread, limits->share);
	look_at_wait(watch, thread);
	keep_ready_time(watch, thread);
	see_new_lines(watch, sight);
	if (!watch->begun)
		look_back(watch, sight);
	if (!watch->windows)
		begin_window(watch, sight);
	watch->begun = watch->windows = true;
	if (!watch->state.begun)
		stretch_begin(&watch->state, thread, watch->waited_ms);
	bool received = look_at_silence(watch, thread);
	bool another = sight->tied && sight->tied_ms != watch->tied_ms;
	follow(&watch->call, sight->tied, another, thread, watch->waited_ms);
	watch->tied_ms = sight->tied_ms;
	/* Who receives serves others, who may be more urgent than the one that waits longest.
	 */
	another = sight->senders && (sight->oldest_ms != watch->oldest_ms || received);
	follow(&watch->queue, sight->senders != 0, another, thread, watch->waited_ms);
	watch->oldest_ms = sight->oldest_ms;
	for (uint32_t i = 0; i < sight->line_count; i++)
		look_at_line(&watch->lines[i], &sight->lines[i], limits->ack_ms[i], thread,
			     watch);
	watch->looked_ms = thread->now_ms;
	watch->ready_ms = stretch_ready_ms(thread);
	busy_count(&watch->busy, thread, limits->cpu);
	if (thread->now_ms - watch->window_ms >= VERDICT_WINDOW_MS)
		end_window(watch, sight);
	watch->rests = begins_to_rest(watch, sight, limits);
}

void verdict_begin(watch_t *watch)
{
	watch->state.begun = watch->silent.begun = watch->rests = false;
}

/* What it sent so far in the window that goes on. One that was never looked at is younger than
 * a look, and the window may be much older: then all its messages count. */
static uint32_t sent_so_far(const watch_t *watch, const inspect_thread_t *thread)
{
	uint32_t length = thread->now_ms - watch->window_ms;
	if (!watch->begun)
		return thread->messages;
	uint32_t messages = thread->messages - watch->messages;
	return length > VERDICT_WINDOW_MS ? messages * VERDICT_WINDOW_MS / length : messages;
}

/* The next thread counts from 0 on: what this one had counted since the window began is below
 * that. */
void verdict_end(watch_t *watch, const inspect_thread_t *thread, budget_t cpu, budget_t share)
{
	used_end(&watch->used, thread, share);
	busy_end(&watch->busy, thread, cpu);
	watch->sent_last = sent_so_far(watch, thread);
	watch->window_run -= ticks_run(thread);
	watch->messages -= thread->messages;
	watch->signals -= thread->signals;
}

void verdict_live(watch_t *watch)
{
	memset(watch, 0, offsetof(watch_t, used));
}
