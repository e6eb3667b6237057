/* SPDX-License-Identifier: BSD-2-Clause */
/* Who runs, in the model: the most urgent, and of these the first; budgets; time limits, which
 * are looked through when nobody more urgent than those who have them is ready. */
#include "model.h"

#include <stddef.h>

#define SLICE_MS    10u
#define TICKS_IN_MS 1000u

/* -- Time limits. ------------------------------------------------------------------------ */

void m_file_timer(m_object_t *thread)
{
	m_thread_t *its = &thread->thread;
	if (its->deadline <= model.now_ms)
		its->deadline = (uint64_t)model.now_ms + 1;
	its->timed = true;
	model.filed[its->deadline % MODEL_BUCKETS] |= 1u << its->base_priority;
	its->timer_age = ++model.clock;
}

void m_start_timer(m_object_t *thread, uint32_t timeout_ms)
{
	thread->thread.timed = false; /* as its budget was spent */
	if (timeout_ms == TIMEOUT_FOREVER)
		return;
	/* the millisecond under way does not count */
	thread->thread.deadline = (uint64_t)model.now_ms + timeout_ms + 1;
	m_file_timer(thread);
}

/* Of those of the priority with a limit in that bucket, or, if `over`, a limit there that is
 * over, the one whose limit was set last. */
static m_object_t *last_filed(uint32_t priority, uint32_t index, bool over)
{
	m_object_t *found = NULL;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at)) {
		const m_thread_t *its = &at->thread;
		if (its->timed && its->base_priority == priority &&
		    (uint32_t)its->deadline % MODEL_BUCKETS == index &&
		    (!over || its->deadline <= model.now_ms) &&
		    (!found || its->timer_age > found->thread.timer_age))
			found = at;
	}
	return found;
}

/* Is there at most one with a limit in that bucket, and none whose limit is over? */
static bool is_early(uint32_t priority, uint32_t index)
{
	uint32_t count = 0;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at)) {
		const m_thread_t *its = &at->thread;
		count += its->timed && its->base_priority == priority &&
			 (uint32_t)its->deadline % MODEL_BUCKETS == index;
	}
	if (count == 0)
		model.filed[index] &= ~(1u << priority);
	return count <= 1 && !last_filed(priority, index, true);
}

static void note_due(void)
{
	uint32_t index = model.now_ms % MODEL_BUCKETS;
	for (uint32_t p = 0; p <= PRIORITY_MAX; p++) {
		if (!(model.filed[index] >> p & 1) || model.due[p] || is_early(p, index))
			continue;
		model.due[p] = true;
		model.swept_ms[p] = model.now_ms - 1;
	}
}

static void look_through_bucket(uint32_t priority, uint32_t index)
{
	if (!last_filed(priority, index, false))
		model.filed[index] &= ~(1u << priority);
	for (m_object_t *thread; (thread = last_filed(priority, index, true));) {
		if (thread->thread.state == M_READY) {
			m_rank_again(thread); /* its next period */
		} else {
			uint32_t end_ms = (uint32_t)thread->thread.deadline;
			m_abandon(thread, DRV_ETIMEDOUT);
			thread->thread.since_ms = end_ms;
		}
	}
}

static void look_through(uint32_t priority)
{
	uint32_t *swept_ms = &model.swept_ms[priority];
	if (model.now_ms - *swept_ms > MODEL_BUCKETS)
		*swept_ms = model.now_ms - MODEL_BUCKETS;
	while (*swept_ms != model.now_ms)
		look_through_bucket(priority, ++*swept_ms % MODEL_BUCKETS);
	model.due[priority] = false;
}

/* -- Budgets. ---------------------------------------------------------------------------- */

static void look_at_budget(m_thread_t *thread)
{
	uint64_t budget = (uint64_t)thread->budget * TICKS_IN_MS;
	uint64_t used = thread->run - thread->period_run;
	if (thread->spent || !thread->budget || used < budget)
		return;
	thread->spent = true;
	thread->overrun =
	    used - budget < TICKS_IN_MS ? (uint32_t)(used - budget) : TICKS_IN_MS - 1;
}

/* What was run too long is taken off the next period, and off none after that. */
static void begin_period(m_thread_t *thread)
{
	look_at_budget(thread);
	bool next = model.now_ms - thread->period_start < 2 * thread->period;
	thread->period_run = thread->run - (thread->spent && next ? thread->overrun : 0);
	thread->period_start = model.now_ms;
	thread->spent = false;
}

void m_rank(m_object_t *thread)
{
	m_thread_t *its = &thread->thread;
	if (its->budget && model.now_ms - its->period_start >= its->period)
		begin_period(its);
	look_at_budget(its);
	its->priority = its->spent ? PRIORITY_SPENT : its->base_priority;
	if (its->state != M_READY)
		return;
	if (its->spent && !its->timed)
		m_start_timer(thread, its->period - (model.now_ms - its->period_start));
	its->timed = its->spent;
}

/* -- The queues. ------------------------------------------------------------------------- */

/* Behind all others. */
void m_queue(m_object_t *thread)
{
	thread->thread.since = (int32_t)++model.clock;
}

/* A thread that waits to run goes behind others of its new priority. */
void m_rank_again(m_object_t *thread)
{
	bool queued = thread->thread.state == M_READY && thread != model.current;
	if (queued) {
		thread->thread.ready_ms += model.now_ms - thread->thread.since_ms;
		thread->thread.since_ms = model.now_ms;
		m_queue(thread);
	}
	m_rank(thread);
}

static void make_ready(m_object_t *thread, uint32_t slice)
{
	thread->thread.state = M_READY;
	thread->thread.slice = slice;
	thread->thread.since_ms = model.now_ms;
	if (thread->thread.budget)
		m_rank(thread);
}

void m_ready(m_object_t *thread)
{
	make_ready(thread, SLICE_MS);
	m_queue(thread);
}

/* Before all others, with what is left of the current one's slice. */
void m_hand_over(m_object_t *thread)
{
	make_ready(thread, model.current->thread.slice);
	thread->thread.since = --model.before_all;
}

/* The most urgent of the ready ones, and of those the first; without the current one. */
static m_object_t *best_ready(void)
{
	m_object_t *best = NULL;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at)) {
		if (at->thread.state != M_READY || at == model.current)
			continue;
		if (!best || at->thread.priority > best->thread.priority ||
		    (at->thread.priority == best->thread.priority &&
		     at->thread.since < best->thread.since))
			best = at;
	}
	return best;
}

/* The priority that has something to do, threads or limits, besides the current thread; -1:
 * none has. */
static int32_t top_priority(void)
{
	const m_object_t *best = best_ready();
	int32_t top = best ? (int32_t)best->thread.priority : -1;
	for (int32_t p = top + 1; p <= (int32_t)PRIORITY_MAX; p++)
		if (model.due[p])
			top = p;
	return top;
}

bool m_has_rival(void)
{
	return top_priority() >= (int32_t)model.current->thread.priority;
}

/* Does the current thread go on? If not, it is queued: in front if it was only interrupted by
 * somebody more urgent, at the end if its slice is over. */
static bool current_goes_on(void)
{
	m_object_t *current = model.current;
	if (!current)
		return false;
	int32_t top = top_priority(), mine = (int32_t)current->thread.priority;
	bool over = current->thread.slice == 0;
	if (over)
		current->thread.slice = SLICE_MS;
	if (top < mine || (top == mine && !over))
		return true;
	model.current = NULL;
	current->thread.since_ms = model.now_ms;
	current->thread.since = over ? (int32_t)++model.clock : --model.before_all;
	return false;
}

/* False: nobody is ready. */
static bool take_next(void)
{
	for (;;) {
		int32_t top = top_priority();
		if (top < 0)
			return false;
		if (model.due[top]) {
			look_through((uint32_t)top);
			continue;
		}
		m_object_t *next = best_ready();
		next->thread.ready_ms += model.now_ms - next->thread.since_ms;
		model.current = next;
		return true;
	}
}

void m_choose(void)
{
	while (!current_goes_on())
		if (!take_next())
			return;
}

/* Limits of its own priority make no thread wait. */
void model_leave(void)
{
	m_choose();
	if (!model.current || !model.due[model.current->thread.priority])
		return;
	look_through(model.current->thread.priority);
	m_choose();
}

void model_switch_to(m_object_t *thread)
{
	m_object_t *current = model.current;
	if (current == thread)
		return;
	if (current) {
		model.current = NULL;
		current->thread.since_ms = model.now_ms;
		m_ready(current);
	}
	thread->thread.ready_ms += model.now_ms - thread->thread.since_ms;
	thread->thread.since_ms = model.now_ms;
	model.current = thread;
}

/* -- Time. ------------------------------------------------------------------------------- */

void model_pass(uint32_t us)
{
	model.time_us += us;
	if (model.current)
		model.current->thread.run += us;
}

void model_tick(void)
{
	model_pass((uint32_t)(MODEL_TIME_US(model.now_ms + 1) - model.time_us));
	model.now_ms++;
	note_due();
	m_object_t *current = model.current;
	if (current) {
		if (current->thread.slice > 0)
			current->thread.slice--;
		if (current->thread.budget)
			m_rank(current);
	}
	model_leave();
}
