/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of check.h on threads, queues and who runs. */
#include "check_parts.h"

static bool in_queue(const thread_queue_t *queue, const tcb_t *tcb)
{
	for (const tcb_t *at = queue->first; at; at = at->next)
		if (at == tcb)
			return true;
	return false;
}

uint32_t check_queue(const thread_queue_t *queue)
{
	const tcb_t *before = NULL;
	uint32_t count = 0;
	for (const tcb_t *at = queue->first; at; before = at, at = at->next) {
		hold(at->prev == before, "queue: prev");
		hold(++count < FOUND_OBJECTS, "queue: loop");
	}
	hold(queue->last == before, "queue: last");
	return count;
}

/* All waiters of an object's queue wait there. */
void check_waiters(const thread_queue_t *queue, bool sending, bool receiving)
{
	check_queue(queue);
	for (const tcb_t *at = queue->first; at; at = at->next) {
		hold(at->waiting_in == queue, "T1: in a queue without knowing");
		if (sending || receiving)
			hold(at->state == (sending ? THREAD_SENDING : THREAD_RECEIVING),
			     "E1: senders or receivers");
		else
			hold(at->state == THREAD_WAITING, "T1: waits");
	}
}

uint32_t check_peers(const slot_t *slot)
{
	if (!slot->waiter)
		return 0;
	const tcb_t *first = arch_pointer(slot->waiter);
	uint32_t count = 0;
	hold(first->wait_slot == slot, "T4: waits through another slot");
	if (!first->peer_next)
		return 1;
	hold(first->peer_next != first, "T4: a ring of one");
	for (const tcb_t *at = first; count == 0 || at != first; at = at->peer_next) {
		hold(at->wait_slot == slot, "T4: in the ring of another slot");
		hold(at->peer_next->peer_prev == at, "T4: links of the ring");
		hold(++count < FOUND_OBJECTS, "T4: loop");
	}
	return count;
}

static void check_bindings(tcb_t *tcb)
{
	static const uint8_t types[BIND_COUNT] = {CAP_CSPACE, CAP_VSPACE, CAP_FRAME,
						  CAP_ENDPOINT, CAP_NOTIFICATION};
	for (uint32_t i = 0; i < BIND_COUNT; i++) {
		const slot_t *slot = &tcb->slots[i];
		hold(slot->home == HOME_THREAD && slot->index == i, "a binding's place");
		hold(slot->type == CAP_NONE || slot->type == types[i], "a binding's type");
		hold(slot->child == 0, "a binding with children");
		if (slot->type == CAP_NONE)
			check_free(slot);
	}
	const slot_t *slot = &tcb->slots[BIND_NOTIFICATION];
	if (slot->type == CAP_NONE)
		return;
	const notification_t *notification = arch_pointer(slot->object);
	hold(notification->bound == tcb, "bound to another thread");
	hold(tcb->state != THREAD_RECEIVING || notification->pending == 0,
	     "N1: pending while the bound thread receives");
}

/* Physical address of what one of the thread's slots names, 0 if nothing. */
static uint32_t held(const tcb_t *tcb, enum thread_bind what)
{
	const slot_t *slot = &tcb->slots[what];
	return slot->type == CAP_NONE ? 0 : slot->object;
}

static void *pointer(uint32_t object)
{
	return object ? arch_pointer(object) : NULL;
}

/* What the slots name is ready for use. */
static void check_ready_for_use(const tcb_t *tcb)
{
	cspace_t *cspace = pointer(held(tcb, BIND_CSPACE));
	hold(tcb->cspace == (cspace ? cspace : &kernel.no_space.header), "T5: cspace");
	hold(thread_cspace(tcb) == cspace, "T5: cspace, asked for");
	hold(tcb->buffer == pointer(held(tcb, BIND_BUFFER)), "T5: buffer");
	hold(tcb->vspace == held(tcb, BIND_VSPACE), "T5: vspace");
}

/* What it owes are objects that lost their last capability. */
static void check_owed(const tcb_t *tcb)
{
	uint32_t head = arch_physical(&tcb->owes), count = 0;
	for (uint32_t at = tcb->owes.next; at != head; at = owed_at(at)->next) {
		const object_header_t *header = object_owed(at);
		hold(header->refs == 0, "O1: owed, but alive");
		hold(is_tomb(object_tomb(header->type, arch_physical(header))),
		     "O1: owed, without a tomb");
		hold(++count < FOUND_OBJECTS, "O1: loop");
	}
}

static void check_links(const object_header_t *header)
{
	uint32_t at = arch_physical(&header->owed);
	hold(header->owed.next && owed_at(header->owed.next)->prev == at &&
		 owed_at(header->owed.prev)->next == at,
	     "O1: buried, and in no list");
}

static void check_time(const tcb_t *tcb, bool queued)
{
	hold(tcb->priority == (tcb->spent ? PRIORITY_SPENT : tcb->base_priority),
	     "D4: priority");
	hold(!tcb->spent || tcb->budget_ms, "D4: spent without a budget");
	hold(timer_runs(tcb) == in_bucket(tcb), "T2: timer");
	if (tcb->state == THREAD_READY)
		hold(timer_runs(tcb) == tcb->spent, "T2: spent for ever");
	else
		hold(!timer_runs(tcb) || queued || tcb->state == THREAD_CALLING,
		     "T2: a timer without a wait");
}

static void check_wait(const tcb_t *tcb, bool queued)
{
	hold((tcb->waiting_in != NULL) == queued, "T1: waits without a queue");
	hold(!queued || in_queue(tcb->waiting_in, tcb), "T1: not in its queue");
	hold((tcb->answer != NULL) == (tcb->state == THREAD_CALLING), "T3: answer");
	hold(!tcb->answer || tcb->answer->caller == tcb, "T3: caller");
	hold(!tcb->offered || (tcb->state == THREAD_RECEIVING && tcb->offered->waiter == tcb),
	     "R1: offered");
	hold(!queued || tcb->wait_slot, "T4: waits through nothing");
	hold(tcb->wait_slot || !tcb->peer_next, "T4: peers without a wait");
	if (tcb->wait_slot) {
		hold(queued, "T4: a slot without a wait");
		count_waiting(tcb->wait_slot);
	}
}

static void check_thread(tcb_t *tcb)
{
	bool queued = tcb->state == THREAD_SENDING || tcb->state == THREAD_RECEIVING ||
		      tcb->state == THREAD_WAITING;
	hold(tcb->state <= THREAD_WAITING && tcb->priority <= PRIORITY_MAX &&
		 tcb->base_priority <= PRIORITY_MAX,
	     "state, priority");
	check_wait(tcb, queued);
	check_time(tcb, queued);
	bool ready =
	    tcb == kernel.sched.current || in_queue(&kernel.sched.ready[tcb->priority], tcb);
	hold(ready == (tcb->state == THREAD_READY), "D1: ready");
	hold(tcb->state == THREAD_STOPPED || tcb->vspace, "runs without an address space");
	if (tcb->tomb.type == CAP_NONE)
		check_free(&tcb->tomb);
	check_owed(tcb);
	check_ready_for_use(tcb);
	check_bindings(tcb);
}

static void check_faults(const endpoint_t *endpoint)
{
	check_waiters(&endpoint->faults, true, false);
	hold(!endpoint->faults.first || endpoint->sending, "E3: faults and receivers");
	for (const tcb_t *at = endpoint->faults.first; at; at = at->next)
		hold(at->message == MESSAGE_FAULT, "E3: a message among the faults");
	for (const tcb_t *at = endpoint->queue.first; endpoint->sending && at; at = at->next)
		hold(at->message != MESSAGE_FAULT, "E3: a fault among the messages");
}

/* The closed endpoints that a check found, and how many wait to send at each. */
#define CLOSED_MAX 64u
typedef struct closed {
	uint32_t machine, count;
	struct {
		uint32_t address, senders;
	} endpoint[CLOSED_MAX];
} closed_t;
static closed_t closed, closed_before;

static void begin_closed(void)
{
	closed_before = closed;
	closed = (closed_t){.machine = fake.number};
	if (closed_before.machine != fake.number)
		closed_before.count = 0;
}

/* At a closed endpoint no more wait to send than when the last check found it closed. */
static void check_closed(const endpoint_t *endpoint)
{
	if (!endpoint->closed)
		return;
	uint32_t address = arch_physical(endpoint);
	uint32_t senders = check_queue(&endpoint->faults) +
			   (endpoint->sending ? check_queue(&endpoint->queue) : 0);
	for (uint32_t i = 0; i < closed_before.count; i++)
		hold(closed_before.endpoint[i].address != address ||
			 senders <= closed_before.endpoint[i].senders,
		     "E2: a sender joined");
	hold(closed.count < CLOSED_MAX, "more closed endpoints than CLOSED_MAX");
	closed.endpoint[closed.count].address = address;
	closed.endpoint[closed.count++].senders = senders;
}

static void check_endpoint(const endpoint_t *endpoint)
{
	check_waiters(&endpoint->queue, endpoint->sending, !endpoint->sending);
	check_faults(endpoint);
	check_closed(endpoint);
}

static void check_notification(const notification_t *notification)
{
	check_waiters(&notification->queue, false, false);
	hold(!notification->pending || !notification->queue.first, "N1: pending with waiters");
	if (notification->bound)
		hold(notification->bound->slots[BIND_NOTIFICATION].type == CAP_NOTIFICATION &&
			 arch_pointer(notification->bound->slots[BIND_NOTIFICATION].object) ==
			     notification,
		     "bound to a thread that does not know");
}

static void check_reply(const reply_t *reply)
{
	hold(!reply->caller || !reply->waiter, "R1: caller and waiter");
	hold(!reply->caller ||
		 (reply->caller->answer == reply && reply->caller->state == THREAD_CALLING),
	     "T3: a caller that does not know");
	hold(!reply->waiter || reply->waiter->offered == reply, "R1: waiter");
}

static void check_ready(void)
{
	for (uint32_t p = 0; p <= PRIORITY_MAX; p++) {
		const thread_queue_t *queue = &kernel.sched.ready[p];
		check_queue(queue);
		bool due = kernel.timers.due >> p & 1;
		hold((queue->first || due) == ((kernel.sched.bitmap >> p) & 1), "D2: bitmap");
		for (const tcb_t *at = queue->first; at; at = at->next)
			hold(at->state == THREAD_READY && at->priority == p &&
				 at != kernel.sched.current,
			     "D1: in a ready queue");
	}
}

/* D3: the quick way out of the kernel is right. */
static void check_settled(void)
{
	const tcb_t *current = kernel.sched.current;
	if (!kernel.sched.settled)
		return;
	hold(current && kernel.sched.bitmap >> current->priority <= 1,
	     "D3: settled, out-ranked");
	hold(current->slice != 0, "D3: settled, its slice is over");
	hold(kernel.sched.space == current->vspace, "D3: settled in another's space");
	hold(fake.frame == &current->frame, "D3: settled in another's frame");
}

void check_threads(audit_report_t *audit)
{
	const tcb_t *current = kernel.sched.current;
	hold(!current || current->state == THREAD_READY, "D1: the current thread is not ready");
	begin_closed();
	check_ready();
	check_settled();
	check_lines(audit);
	audit->timers = check_timers();
	for (uint32_t i = 0; i < found.objects; i++) {
		void *object = arch_pointer(found.object[i].address);
		if (found.object[i].buried)
			check_links(object);
		if (found.object[i].type == CAP_THREAD)
			check_thread(object);
		else if (found.object[i].type == CAP_ENDPOINT)
			check_endpoint(object);
		else if (found.object[i].type == CAP_NOTIFICATION)
			check_notification(object);
		else if (found.object[i].type == CAP_REPLY)
			check_reply(object);
	}
}
