/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling. */
#include "object/sched.h"

#include "object/kernel.h"
#include "object/limit.h"
#include "object/vspace.h"

static void enqueue(tcb_t *tcb, bool first)
{
	thread_queue_t *queue = &kernel.sched.ready[tcb->priority];
	if (first)
		thread_queue_push_front(queue, tcb);
	else
		thread_queue_push(queue, tcb);
	kernel.sched.bitmap |= 1u << tcb->priority;
	if (kernel.sched.current && tcb->priority > kernel.sched.current->priority)
		kernel.sched.settled = false;
}

/* Notes that a queue may have become empty. */
static inline void note_emptied(uint32_t priority)
{
	if (!kernel.sched.ready[priority].first)
		kernel.sched.bitmap &= ~(1u << priority) | kernel.timers.due;
}

static void make_ready(tcb_t *tcb, uint32_t slice)
{
	tcb->state = THREAD_READY;
	tcb->slice = (uint8_t)slice;
	tcb->since_ms = kernel_now_ms();
	if (tcb->budget_ms && !sched_rank_thrifty(tcb, tcb->since_ms))
		sched_rank(tcb);
}

void sched_ready(tcb_t *tcb)
{
	make_ready(tcb, SCHED_SLICE_MS);
	enqueue(tcb, false);
}

void sched_hand_over(tcb_t *tcb)
{
	make_ready(tcb, kernel.sched.current->slice);
	enqueue(tcb, true);
}

void sched_pre_empt(void)
{
	tcb_t *current = kernel.sched.current;
	current->since_ms = kernel_now_ms();
	enqueue(current, true);
}

void sched_take_interrupts(void)
{
	kernel.sched.settled = false;
	arch_interrupt_window();
	kernel.sched.worked = 0;
}

uint64_t sched_run_time(const tcb_t *tcb)
{
	return tcb->run + (tcb == kernel.sched.current ? arch_ticks() : 0);
}

/* Notes that the budget is spent, and what was run beyond it before that was noticed, which is
 * less than a tick. Until the rate of arch_ticks() is known, nobody's is. */
static void look_at_budget(tcb_t *tcb)
{
	uint32_t rate = arch_ticks_per_ms();
	uint64_t budget = (uint64_t)tcb->budget_ms * rate;
	uint64_t used = sched_run_time(tcb) - tcb->period_run;
	if (tcb->spent || budget == 0 || used < budget)
		return;
	tcb->spent = true;
	tcb->overrun = used - budget < rate ? (uint32_t)(used - budget) : rate - 1;
}

/* What was run beyond the budget counts in the period that follows, if that is this one; what
 * was run at PRIORITY_SPENT does not. It is less than a millisecond, and no budget is: so it is
 * not spent now. */
static void begin_period(tcb_t *tcb)
{
	look_at_budget(tcb);
	bool follows = kernel_now_ms() - tcb->period_start < 2u * tcb->period_ms;
	tcb->period_run = sched_run_time(tcb) - (tcb->spent && follows ? tcb->overrun : 0);
	tcb->period_start = kernel_now_ms();
	tcb->spent = false;
}

void sched_rank(tcb_t *tcb)
{
	if (tcb->budget_ms && kernel_now_ms() - tcb->period_start >= tcb->period_ms)
		begin_period(tcb);
	else
		look_at_budget(tcb);
	tcb->priority = tcb->spent ? PRIORITY_SPENT : tcb->base_priority;
	if (tcb->state != THREAD_READY || tcb->spent == timer_runs(tcb))
		return;
	if (tcb->spent)
		timer_add(tcb, tcb->period_ms - (kernel_now_ms() - tcb->period_start));
	else
		timer_remove(tcb);
}

void sched_rank_again(tcb_t *tcb)
{
	bool queued = tcb->state == THREAD_READY && tcb != kernel.sched.current;
	if (queued)
		sched_remove(tcb);
	sched_rank(tcb);
	kernel.sched.settled = false;
	if (queued)
		enqueue(tcb, false);
}

void sched_set_budget(tcb_t *tcb, uint32_t budget_ms, uint32_t period_ms)
{
	bool goes_on = tcb->budget_ms && tcb->period_ms == period_ms;
	tcb->budget_ms = (uint16_t)budget_ms;
	tcb->period_ms = (uint16_t)period_ms;
	if (!goes_on) {
		tcb->period_run = sched_run_time(tcb);
		tcb->period_start = kernel_now_ms();
	}
	tcb->spent = false;
	sched_rank_again(tcb);
}

void sched_remove(tcb_t *tcb)
{
	if (tcb == kernel.sched.current) {
		sched_end_turn();
		kernel.sched.settled = false;
		return;
	}
	thread_queue_remove(&kernel.sched.ready[tcb->priority], tcb);
	note_emptied(tcb->priority);
	tcb->ready_ms += kernel_now_ms() - tcb->since_ms;
	tcb->since_ms = kernel_now_ms();
}

bool sched_has_to_stop(void)
{
	const tcb_t *current = kernel.sched.current;
	if (!current)
		return true;
	uint32_t rivals = kernel.sched.bitmap >> current->priority;
	return rivals > 1 || (rivals == 1 && current->slice == 0);
}

void sched_yield(void)
{
	tcb_t *current = kernel.sched.current;
	current->slice = kernel.sched.bitmap >> current->priority ? 0 : SCHED_SLICE_MS;
	if (current->slice == 0)
		kernel.sched.settled = false;
}

__attribute__((noinline)) void sched_tick(void)
{
	tcb_t *current = kernel.sched.current;
	if (current->slice > 0)
		current->slice--;
	if (current->budget_ms)
		sched_rank(current);
	if (current->slice == 0 || kernel.sched.bitmap >> current->priority >> 1)
		kernel.sched.settled = false;
}

/* Decides whether the current thread goes on; if not, puts it back among the ready: before
 * others of its priority, or behind them if its slice is over. */
static bool current_goes_on(void)
{
	tcb_t *current = kernel.sched.current;
	if (!current)
		return false;
	bool spent = current->slice == 0;
	if (spent)
		current->slice = SCHED_SLICE_MS;
	/* Bit 0: others of its priority; the rest: those above. */
	uint32_t rivals = kernel.sched.bitmap >> current->priority;
	if (rivals == 0 || (rivals == 1 && !spent))
		return true;
	sched_end_turn();
	current->since_ms = kernel_now_ms();
	enqueue(current, !spent);
	return false;
}

/* Looks through a wheel of time limits as far as is bounded. */
static void sweep(uint32_t priority)
{
	uint32_t bit = 1u << priority;
	while (!work_is_due() && (kernel.timers.due & bit))
		work_note(timer_sweep_step(priority));
	if (!(kernel.timers.due & bit))
		note_emptied(priority);
	sched_take_interrupts();
}

/* Takes the next thread out of its queue; waits while there is none. */
static tcb_t *take_next(void)
{
	for (;;) {
		while (!kernel.sched.bitmap)
			arch_idle();
		uint32_t priority = 31u ^ (uint32_t)__builtin_clz(kernel.sched.bitmap);
		if (kernel.timers.due >> priority & 1) {
			sweep(priority);
			continue;
		}
		tcb_t *next = thread_queue_pop(&kernel.sched.ready[priority]);
		note_emptied(priority);
		return next;
	}
}

tcb_t *sched_choose(void)
{
	while (!current_goes_on()) {
		tcb_t *next = take_next();
		next->ready_ms += kernel_now_ms() - next->since_ms;
		next->run -= arch_ticks();
		kernel.sched.current = next;
		if (next->slice)
			break;
	}
	vspace_use(kernel.sched.current->vspace);
	arch_frame_use(&kernel.sched.current->frame);
	return kernel.sched.current;
}
