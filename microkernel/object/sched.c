/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling. */
#include "object/sched.h"

#include "object/kernel.h"
#include "object/vspace.h"

#define US_PER_MS 1000u

static void enqueue(tcb_t *tcb, bool first)
{
	thread_queue_t *queue = &kernel.sched.ready[tcb->priority];
	if (first)
		thread_queue_push_front(queue, tcb);
	else
		thread_queue_push(queue, tcb);
	kernel.sched.bitmap |= 1u << tcb->priority;
}

void sched_ready(tcb_t *tcb)
{
	const tcb_t *current = kernel.sched.current;
	tcb->state = THREAD_READY;
	tcb->slice = SCHED_SLICE_MS;
	enqueue(tcb, false);
	if (current && tcb->priority > current->priority)
		kernel.sched.settled = false;
}

void sched_pre_empt(void)
{
	enqueue(kernel.sched.current, true);
}

void sched_take_interrupts(void)
{
	kernel.sched.settled = false;
	arch_interrupt_window();
}

static bool period_over(const tcb_t *tcb)
{
	return kernel.timers.now_ms - tcb->period_start >= tcb->period_ms;
}

static bool is_spent(const tcb_t *tcb)
{
	return tcb->budget_ms != 0 && tcb->used_us >= tcb->budget_ms * US_PER_MS &&
	       !period_over(tcb);
}

/* What was used beyond the budget counts in the period that follows, if that is this one. */
static void begin_period(tcb_t *tcb)
{
	uint32_t budget_us = tcb->budget_ms * US_PER_MS;
	bool follows = kernel.timers.now_ms - tcb->period_start < 2u * tcb->period_ms;
	tcb->used_us = follows && tcb->used_us > budget_us ? tcb->used_us - budget_us : 0;
	tcb->period_start = kernel.timers.now_ms;
}

/* Takes from the current thread's budget, if it has one, what it has run since the last time.
 */
static void charge(tcb_t *tcb)
{
	if (tcb->budget_ms == 0)
		return;
	uint32_t now_us = (uint32_t)arch_time_us(), ran_us = now_us - kernel.sched.charged_us;
	kernel.sched.charged_us = now_us;
	if (ran_us && period_over(tcb))
		begin_period(tcb);
	tcb->used_us += ran_us;
}

void sched_remove(tcb_t *tcb)
{
	if (tcb == kernel.sched.current) {
		charge(tcb);
		kernel.sched.current = NULL;
		kernel.sched.settled = false;
		return;
	}
	thread_queue_t *queue = &kernel.sched.ready[tcb->priority];
	thread_queue_remove(queue, tcb);
	if (!queue->first)
		kernel.sched.bitmap &= ~(1u << tcb->priority);
}

static uint32_t highest_ready(void)
{
	return 31u - (uint32_t)__builtin_clz(kernel.sched.bitmap);
}

bool sched_preempted(void)
{
	const tcb_t *current = kernel.sched.current;
	if (!current)
		return kernel.sched.bitmap != 0;
	return kernel.sched.bitmap >> current->priority > 1;
}

bool sched_has_to_stop(void)
{
	const tcb_t *current = kernel.sched.current;
	return sched_preempted() || (current && is_spent(current));
}

void sched_yield(void)
{
	tcb_t *current = kernel.sched.current;
	current->slice = kernel.sched.bitmap >> current->priority ? 0 : SCHED_SLICE_MS;
	if (current->slice == 0)
		kernel.sched.settled = false;
}

void sched_set_budget(tcb_t *tcb, uint32_t budget_ms, uint32_t period_ms)
{
	tcb->budget_ms = (uint16_t)budget_ms;
	tcb->period_ms = (uint16_t)period_ms;
	tcb->used_us = 0;
	tcb->period_start = kernel.timers.now_ms;
	kernel.sched.settled = false;
	if (tcb == kernel.sched.current)
		kernel.sched.charged_us = (uint32_t)arch_time_us();
	if (tcb->state == THREAD_PARKED)
		sched_unpark(tcb);
}

/* Takes a thread that is not queued out of the choice until its next period. */
static void park(tcb_t *tcb)
{
	tcb->state = THREAD_PARKED;
	timer_start(tcb, tcb->period_ms - (kernel.timers.now_ms - tcb->period_start));
}

void sched_unpark(tcb_t *tcb)
{
	timer_stop(tcb);
	begin_period(tcb);
	sched_ready(tcb);
}

void sched_tick(void)
{
	tcb_t *current = kernel.sched.current;
	if (!current)
		return;
	if (current->slice > 0)
		current->slice--;
	charge(current);
	if (current->slice == 0)
		kernel.sched.settled = false;
}

/* Decides whether the current thread goes on; if not, puts it back among the ready: before
 * others of its priority, or behind them if its slice is over. */
static bool current_goes_on(void)
{
	tcb_t *current = kernel.sched.current;
	if (!current)
		return false;
	charge(current);
	if (is_spent(current)) {
		kernel.sched.current = NULL;
		park(current);
		return false;
	}
	bool spent = current->slice == 0;
	if (spent)
		current->slice = SCHED_SLICE_MS;
	/* Bit 0: others of its priority; the rest: those above. */
	uint32_t rivals = kernel.sched.bitmap >> current->priority;
	if (rivals == 0 || (rivals == 1 && !spent))
		return true;
	kernel.sched.current = NULL;
	enqueue(current, !spent);
	return false;
}

/* Takes the next thread out of its queue; waits while there is none. */
static tcb_t *take_next(void)
{
	while (!kernel.sched.bitmap)
		arch_idle();
	uint32_t priority = highest_ready();
	thread_queue_t *queue = &kernel.sched.ready[priority];
	tcb_t *next = thread_queue_pop(queue);
	if (!queue->first)
		kernel.sched.bitmap &= ~(1u << priority);
	return next;
}

tcb_t *sched_choose(void)
{
	while (!current_goes_on()) {
		kernel.sched.current = take_next();
		if (kernel.sched.current->budget_ms)
			kernel.sched.charged_us = (uint32_t)arch_time_us();
	}
	vspace_use(kernel.sched.current->vspace);
	arch_frame_use(&kernel.sched.current->frame);
	return kernel.sched.current;
}
