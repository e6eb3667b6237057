/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: state changes. Who runs is sched.c, messages are endpoint.c. */
#include "object/thread.h"

#include "object/endpoint.h"
#include "object/limit.h"
#include "object/kernel.h"
#include "object/notification.h"
#include "object/reply.h"
#include "object/switch.h"
#include "object/wait.h"

void thread_queue_push_front(thread_queue_t *queue, tcb_t *tcb)
{
	tcb->prev = NULL;
	tcb->next = queue->first;
	if (queue->first)
		queue->first->prev = tcb;
	else
		queue->last = tcb;
	queue->first = tcb;
}

void thread_queue_remove(thread_queue_t *queue, tcb_t *tcb)
{
	if (tcb->prev)
		tcb->prev->next = tcb->next;
	else
		queue->first = tcb->next;
	if (tcb->next)
		tcb->next->prev = tcb->prev;
	else
		queue->last = tcb->prev;
	tcb->next = tcb->prev = NULL;
}

/* In a ring the last is before the first. */
void thread_join_peers(slot_t *slot, tcb_t *tcb)
{
	tcb_t *first = arch_pointer(slot->waiter);
	if (!first->peer_next)
		first->peer_prev = first;
	tcb->peer_next = first;
	tcb->peer_prev = first->peer_prev;
	tcb->peer_prev->peer_next = first->peer_prev = tcb;
}

/* There are others; one who is left is not a ring. */
__attribute__((noinline)) void thread_leave_peers(slot_t *slot, tcb_t *tcb)
{
	tcb_t *next = tcb->peer_next;
	tcb->peer_prev->peer_next = next;
	next->peer_prev = tcb->peer_prev;
	if (next->peer_next == next)
		next->peer_next = NULL;
	tcb->peer_next = NULL;
	if (slot->waiter == arch_physical(tcb))
		slot->waiter = arch_physical(next);
}

void thread_create(uint32_t object, uint32_t bits)
{
	(void)bits;
	tcb_t *tcb = arch_pointer(object);
	arch_frame_init(&tcb->frame);
	owed_close(&tcb->owes);
	tcb->cspace = &kernel.no_space.header;
	for (uint32_t i = 0; i < BIND_COUNT; i++) {
		tcb->slots[i].home = HOME_THREAD;
		tcb->slots[i].index = i;
	}
}

cspace_t *thread_cspace(const tcb_t *tcb)
{
	return tcb->cspace == &kernel.no_space.header ? NULL : tcb->cspace;
}

static tcb_t *thread_of(const slot_t *slot)
{
	return arch_pointer(arch_physical(slot) & ~((1u << THREAD_BITS) - 1));
}

void thread_slot_filled(slot_t *slot)
{
	tcb_t *tcb = thread_of(slot);
	if (slot->index == BIND_CSPACE)
		tcb->cspace = arch_pointer(slot->object);
	else if (slot->index == BIND_BUFFER)
		tcb->buffer = arch_pointer(slot->object);
	else if (slot->index == BIND_VSPACE)
		tcb->vspace = slot->object;
}

void thread_unblock(tcb_t *tcb)
{
	timer_stop(tcb);
	if (tcb->state == THREAD_READY)
		sched_remove(tcb);
	if (tcb->waiting_in) {
		thread_queue_remove(tcb->waiting_in, tcb);
		thread_wait_over(tcb);
	}
	if (tcb->answer) {
		tcb->answer->caller = NULL;
		tcb->answer = NULL;
	}
	if (tcb->offered) {
		tcb->offered->waiter = NULL;
		tcb->offered = NULL;
	}
	tcb->state = THREAD_STOPPED;
	tcb->since_ms = kernel_now_ms();
}

bool thread_in_fault(const tcb_t *tcb)
{
	return (tcb->state == THREAD_SENDING || tcb->state == THREAD_CALLING) &&
	       tcb->message == MESSAGE_FAULT;
}

void thread_wake(tcb_t *tcb, err_t result)
{
	if (thread_in_fault(tcb))
		tcb->fault_label = 0;
	else
		frame_set_result(&tcb->frame, (uint32_t)result);
	thread_unblock(tcb);
	sched_ready(tcb);
}

uint32_t thread_wake_cost(const tcb_t *tcb)
{
	return COST_OF_WAKING + (timer_runs(tcb) ? COST_OF_A_LIMIT : 0) +
	       (tcb->budget_ms ? COST_OF_A_BUDGET : 0);
}

void thread_wake_first(thread_queue_t *queue, uint32_t word)
{
	tcb_t *tcb = thread_queue_pop(queue), *current = kernel.sched.current;
	thread_wait_over(tcb);
	timer_stop(tcb);
	frame_set_result(&tcb->frame, DRV_OK);
	frame_set_word(&tcb->frame, 0, word);
	if (!kernel.sched.settled || !switch_is_due(tcb) ||
	    tcb->priority <= current->priority) {
		sched_ready(tcb);
		return;
	}
	/* It would be chosen anyway. */
	sched_pre_empt();
	switch_now(current, tcb, SCHED_SLICE_MS);
}

void thread_abandon(tcb_t *tcb, err_t result)
{
	if (thread_in_fault(tcb))
		thread_unblock(tcb);
	else
		thread_wake(tcb, result);
}

void thread_resume(tcb_t *tcb)
{
	if (tcb->state == THREAD_READY || !tcb->vspace)
		return;
	if (tcb->state == THREAD_STOPPED) {
		tcb->fault_label = 0;
		sched_ready(tcb);
	} else {
		thread_wake(tcb, DRV_ECANCELED);
	}
}

void thread_suspend(tcb_t *tcb)
{
	bool blocked = tcb->state != THREAD_READY && tcb->state != THREAD_STOPPED;
	if (blocked && !thread_in_fault(tcb))
		frame_set_result(&tcb->frame, (uint32_t)DRV_ECANCELED);
	thread_unblock(tcb);
}

void thread_set_priority(tcb_t *tcb, uint32_t priority)
{
	bool timed = timer_runs(tcb);
	timer_stop(tcb);
	tcb->base_priority = (uint8_t)priority;
	if (timed) {
		/* A bucket that is over may have been looked through. */
		if (tcb->deadline <= kernel.timers.now_ms)
			tcb->deadline = kernel.timers.now_ms + 1;
		timer_file(tcb);
	}
	sched_rank_again(tcb);
}

void thread_fault(tcb_t *tcb, uint32_t label, uint32_t address, uint32_t code)
{
	tcb->fault_label = label;
	tcb->fault_address = address;
	tcb->fault_code = code;
	slot_t *slot = &tcb->slots[BIND_FAULT];
	if (slot->type == CAP_ENDPOINT && endpoint_send_fault(tcb, slot))
		return;
	thread_unblock(tcb);
}

/* What it costs to leave the address space in place, which may be the thread's. */
#define COST_OF_STOPPING 100u

/* A thread cannot live without an address space; the other losses show when used. */
__attribute__((noinline)) void thread_slot_emptied(slot_t *slot)
{
	tcb_t *tcb = thread_of(slot);
	if (slot->index == BIND_CSPACE) {
		tcb->cspace = &kernel.no_space.header;
	} else if (slot->index == BIND_BUFFER) {
		tcb->buffer = NULL;
	} else if (slot->index == BIND_VSPACE) {
		tcb->vspace = 0;
		work_note(COST_OF_STOPPING + thread_wake_cost(tcb));
		thread_suspend(tcb);
		vspace_leave();
		kernel.sched.settled = false; /* the current thread's is to be put back */
	}
}

/* It runs no more, whenever it is taken apart. */
void thread_end(uint32_t object)
{
	tcb_t *tcb = arch_pointer(object);
	if (tcb->state != THREAD_STOPPED) {
		work_note(thread_wake_cost(tcb));
		thread_unblock(tcb);
	}
}

/* A part of one of its slots. */
uint32_t thread_destroy_step(uint32_t object)
{
	tcb_t *tcb = arch_pointer(object);
	work_forget(tcb);
	for (uint32_t i = 0; i < BIND_COUNT; i++)
		if (tcb->slots[i].type != CAP_NONE)
			return slot_clear_step(&tcb->slots[i]);
	return 0;
}

/* What a thread waits for, as abi/inspect.h names it. */
static uint32_t waits_for(const tcb_t *tcb)
{
	if (tcb->answer)
		return OBJECT_NUMBER(arch_physical(tcb->answer));
	if (!tcb->wait_slot)
		return 0;
	if (tcb->wait_slot->type == CAP_IRQ)
		return INSPECT_LINE(tcb->wait_slot->object);
	return object_number(tcb->wait_slot);
}

void thread_inspect(const slot_t *slot, void *words)
{
	const tcb_t *tcb = arch_pointer(slot->object);
	uint64_t run = sched_run_time(tcb);
	/* Its limit is over, and more urgent ones have kept it from going on. */
	bool late = tcb->state != THREAD_READY && timer_runs(tcb) &&
		    tcb->deadline <= kernel.timers.now_ms;
	*(inspect_thread_t *)words =
	    (inspect_thread_t){.now_ms = kernel_now_ms(),
			       .state = late ? INSPECT_READY : tcb->state,
			       .since_ms = late ? (uint32_t)tcb->deadline : tcb->since_ms,
			       .waits_for = late ? 0 : waits_for(tcb),
			       .run_low = (uint32_t)run,
			       .run_high = (uint32_t)(run >> 32),
			       .ticks_per_ms = arch_ticks_per_ms(),
			       .ready_ms = tcb->ready_ms,
			       .received_ms = tcb->received_ms,
			       .messages = tcb->messages,
			       .signals = tcb->signals,
			       .stop_label = tcb->fault_label,
			       .stop_address = tcb->fault_label ? tcb->fault_address : 0,
			       .stop_code = tcb->fault_label ? tcb->fault_code : 0,
			       .priority = tcb->priority,
			       .spent = tcb->spent};
}
