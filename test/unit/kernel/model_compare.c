/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares the kernel with its model: every capability, thread, queue, page, port, line,
 * message buffer and counter. Changes neither. */
#include "sequence.h"

#include <stdarg.h>
#include <stdio.h>

#include "bench.h"
#include "object/iobitmap.h"

char difference[256];

static bool agreed;

/* Notes the first difference only: the others follow from it. */
__attribute__((format(printf, 3, 4))) static void same(uint32_t kernels, uint32_t models,
						       const char *format, ...)
{
	if (kernels == models || !agreed)
		return;
	char what[160];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	snprintf(difference, sizeof(difference), "%s: the kernel has 0x%x, the model 0x%x",
		 what, kernels, models);
	agreed = false;
}

/* -- Capabilities. ----------------------------------------------------------------------- */

static slot_t *slot_for(const m_cap_t *cap)
{
	if (cap->tomb)
		return object_tomb(cap->type, cap->first);
	if (!cap->home)
		return &kernel.irq[cap->index / IRQ_CLAIMERS]
			    .claims[cap->index % IRQ_CLAIMERS]
			    .target;
	if (cap->home->type == CAP_THREAD)
		return &((tcb_t *)arch_pointer(cap->home->address))->slots[cap->index];
	return cspace_slot(arch_pointer(cap->home->address), cap->index);
}

static slot_ref_t ref_of(const m_cap_t *cap)
{
	return cap ? slot_ref(slot_for(cap)) : 0;
}

/* The first child knows its parent; behind the last one comes the first. */
static void compare_place(const slot_t *slot, const m_cap_t *cap)
{
	const m_cap_t *parent = cap->parent;
	uint32_t n = cap->name;
	bool first = parent && parent->child == cap;
	same(slot->parent, first ? ref_of(parent) : 0, "capability %u/%u: parent", n / NAMES,
	     n % NAMES);
	same(slot->child, ref_of(cap->child), "capability %u/%u: first child", n / NAMES,
	     n % NAMES);
	if (parent)
		same(slot->next, ref_of(cap->next ? cap->next : parent->child),
		     "capability %u/%u: next child", n / NAMES, n % NAMES);
}

static void compare_mapping(const slot_t *slot, const m_cap_t *cap)
{
	uint32_t n = cap->name;
	same(slot->map_space, cap->space ? cap->space->address : 0,
	     "capability %u/%u: where mapped", n / NAMES, n % NAMES);
	same(slot->map_virt, cap->virt, "capability %u/%u: mapped at", n / NAMES, n % NAMES);
	same(slot->map_pages, cap->pages, "capability %u/%u: pages mapped", n / NAMES,
	     n % NAMES);
}

static void compare_cap(const m_cap_t *cap)
{
	const slot_t *slot = slot_for(cap);
	uint32_t n = cap->name;
	compare_place(slot, cap);
	same(slot->type, cap->type, "capability %u/%u: type", n / NAMES, n % NAMES);
	same(slot->rights, cap->rights, "capability %u/%u: rights", n / NAMES, n % NAMES);
	if (cap->tomb)
		return;
	if (cap->type == CAP_PIO || cap->type == CAP_IRQ || cap->type == CAP_FRAME)
		same(slot->flags, cap->flags, "capability %u/%u: flags", n / NAMES, n % NAMES);
	same(slot->object, cap->first, "capability %u/%u: object", n / NAMES, n % NAMES);
	same(slot->extra, cap->last, "capability %u/%u: badge or end", n / NAMES, n % NAMES);
	if (cap->home && cap->home->type == CAP_CSPACE)
		same(slot->name, cap->handle, "capability %u/%u: handle", n / NAMES, n % NAMES);
	if (cap->type == CAP_UNTYPED) {
		same(slot->used, cap->used, "capability %u/%u: bytes used", n / NAMES,
		     n % NAMES);
		same(slot->zeroed, cap->zeroed, "capability %u/%u: bytes zeroed", n / NAMES,
		     n % NAMES);
		same(slot->stale, cap->stale, "capability %u/%u: bytes of frames alone",
		     n / NAMES, n % NAMES);
	} else if (cap->type != CAP_IRQ) {
		compare_mapping(slot, cap);
	}
}

/* -- Threads and queues. ----------------------------------------------------------------- */

static m_object_t *thread_at(const tcb_t *tcb)
{
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		if (at->address == arch_physical(tcb))
			return at;
	return NULL;
}

static uint32_t address_of(const m_object_t *object)
{
	return object ? object->address : 0;
}

static uint32_t physical(const void *pointer)
{
	return pointer ? arch_physical(pointer) : 0;
}

static void compare_registers(const tcb_t *tcb, const m_thread_t *thread, uint32_t n)
{
	uint32_t kernels[THREAD_REGISTER_WORDS], models[THREAD_REGISTER_WORDS];
	thread_registers_t registers;
	arch_frame_get(&tcb->frame, &registers);
	memcpy(kernels, &registers, sizeof(kernels));
	memcpy(models, &thread->regs, sizeof(models));
	static const char *const names[] = {"edi", "esi", "ebp", "ebx",	   "edx",
					    "ecx", "eax", "eip", "eflags", "esp"};
	static const uint8_t order[] = {6, 3, 1, 0, 2, 4, 5, 7, 8, 9};
	for (uint32_t i = 0; i < THREAD_REGISTER_WORDS; i++)
		same(kernels[order[i]], models[order[i]], "thread %u: %s", n, names[order[i]]);
}

static void compare_time(const tcb_t *tcb, const m_thread_t *thread, uint32_t n)
{
	same(tcb->priority, thread->priority, "thread %u: priority", n);
	same(tcb->base_priority, thread->base_priority, "thread %u: base priority", n);
	same(tcb->max_priority, thread->max_priority, "thread %u: highest priority", n);
	same(timer_runs(tcb), thread->timed, "thread %u: time limit", n);
	if (thread->timed)
		same((uint32_t)tcb->deadline, (uint32_t)thread->deadline, "thread %u: deadline",
		     n);
	if (thread->state == M_READY)
		same(tcb->slice, thread->slice, "thread %u: slice", n);
	same(tcb->budget_ms, thread->budget, "thread %u: budget", n);
	same(tcb->spent, thread->spent, "thread %u: budget spent", n);
	same((uint32_t)sched_run_time(tcb), (uint32_t)thread->run, "thread %u: run time", n);
	same((uint32_t)tcb->period_run, (uint32_t)thread->period_run,
	     "thread %u: run time before the period", n);
	same(tcb->since_ms, thread->since_ms, "thread %u: since when in its state", n);
	same(tcb->ready_ms, thread->ready_ms, "thread %u: time in which it did not run", n);
	same(tcb->received_ms, thread->received_ms, "thread %u: last receive", n);
	same(tcb->messages, thread->messages, "thread %u: messages sent", n);
	same(tcb->signals, thread->signals, "thread %u: signals sent", n);
}

/* In the order in which it will take them apart. */
static void compare_owed(const tcb_t *tcb, const m_object_t *thread)
{
	uint32_t n = thread->name / NAMES, before = UINT32_MAX, count = 0, listed = 0;
	for (uint32_t i = 0; i < model.objects; i++)
		count += model.object[i].live && model.object[i].owner == thread;
	for (uint32_t at = tcb->owes.next; at != arch_physical(&tcb->owes);
	     at = owed_at(at)->next, listed++) {
		uint32_t address = arch_physical(object_owed(at)), age = 0;
		for (uint32_t i = 0; i < model.objects; i++)
			if (model.object[i].live && model.object[i].address == address &&
			    model.object[i].owner == thread)
				age = model.object[i].owed;
		same(age != 0 && age < before, true, "thread %u: owes 0x%x", n, address);
		before = age;
	}
	same(listed, count, "thread %u: objects that it owes", n);
}

static void compare_thread(const m_object_t *object)
{
	const m_thread_t *thread = &object->thread;
	const tcb_t *tcb = arch_pointer(object->address);
	uint32_t n = object->name / NAMES;
	same(tcb->state, thread->state, "thread %u: state", n);
	compare_registers(tcb, thread, n);
	compare_time(tcb, thread, n);
	compare_owed(tcb, object);
	same(tcb->fault_label, thread->fault[0], "thread %u: why it stopped", n);
	same(physical(tcb->wait_slot),
	     thread->through ? arch_physical(slot_for(thread->through)) : 0,
	     "thread %u: what it waits through", n);
	same(physical(tcb->answer), address_of(thread->answer), "thread %u: reply of its call",
	     n);
	same(physical(tcb->offered), address_of(thread->offered),
	     "thread %u: reply that it offers", n);
	for (uint32_t i = 0; i < BIND_COUNT; i++)
		same(tcb->slots[i].type, thread->bound[i] ? thread->bound[i]->type : CAP_NONE,
		     "thread %u: binding %u", n, i);
}

/* They stand in the order in which they began to wait. */
static void compare_queue(const thread_queue_t *queue, const char *what, uint32_t which,
			  uint32_t count)
{
	uint32_t listed = 0;
	const m_object_t *before = NULL;
	for (const tcb_t *tcb = queue->first; tcb; tcb = tcb->next, listed++) {
		const m_object_t *thread = thread_at(tcb);
		if (thread && before)
			same(before->thread.since < thread->thread.since, true,
			     "%s %u: thread %u before thread %u", what, which,
			     before->name / NAMES, thread->name / NAMES);
		before = thread;
	}
	same(listed, count, "%s %u: threads in the queue", what, which);
}

/* The kernel's own directory, or that of an address space that is still there? */
static bool is_alive(uint32_t directory)
{
	bool found = directory == 0;
	for (uint32_t i = 0; i < model.objects; i++)
		found |= model.object[i].live && model.object[i].type == CAP_VSPACE &&
			 model.object[i].address + PAGE_SIZE == directory;
	return found;
}

static void compare_ready(void)
{
	uint32_t count[PRIORITY_MAX + 1] = {0};
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		if (at->thread.state == M_READY)
			count[at->thread.priority] += at != model.current;
	for (uint32_t i = 0; i <= PRIORITY_MAX; i++)
		compare_queue(&kernel.sched.ready[i], "priority", i, count[i]);
	same(physical(kernel.sched.current), address_of(model.current), "who runs");
	const m_object_t *space = model.current ? m_bound(model.current, BIND_VSPACE) : NULL;
	if (space)
		same(fake.directory, space->address + PAGE_SIZE, "the directory in use");
	else
		same(is_alive(fake.directory), true, "the directory in use is alive");
	if (space)
		same(fake.iobitmap, space->space.bitmap ? space->space.bitmap->first : 0,
		     "the I/O bitmap in use");
}

static uint32_t count_waiters(const m_object_t *object, bool in_fault)
{
	uint32_t count = 0;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		count += at->thread.through && at->thread.through->object == object &&
			 m_in_fault(at) == in_fault;
	return count;
}

/* -- Objects. ---------------------------------------------------------------------------- */

static void compare_space(const m_object_t *object)
{
	const m_space_t *space = &object->space;
	uint32_t directory = vspace_directory(object->address), n = object->name / NAMES;
	const uint32_t *tables = arch_pointer(directory);
	for (uint32_t i = 0; i < MODEL_TABLES; i++) {
		same(tables[i] & FAKE_ADDRESS, space->table[i] ? space->table[i]->first : 0,
		     "address space %u: table %u", n, i);
		if (!agreed || !space->table[i])
			continue;
		const uint32_t *pages = arch_pointer(tables[i] & FAKE_ADDRESS);
		for (uint32_t j = 0; j < MODEL_PAGES; j++)
			same(pages[j] & ~FAKE_PAGE_PRESENT, space->page[i][j],
			     "address space %u: page 0x%x", n, i * MODEL_SPAN + j * PAGE_SIZE);
	}
	const vspace_t *vspace = arch_pointer(object->address);
	same(vspace->iobitmap, space->bitmap ? space->bitmap->first : 0,
	     "address space %u: I/O bitmap", n);
	if (agreed && space->bitmap)
		same(memcmp(arch_pointer(vspace->iobitmap), space->closed,
			    sizeof(space->closed)) == 0,
		     true, "address space %u: open ports", n);
}

static void compare_buffer(const m_object_t *object)
{
	uint32_t kernels[sizeof(message_buffer_t) / 4], models[sizeof(message_buffer_t) / 4];
	memcpy(kernels, arch_pointer(object->address), sizeof(kernels));
	memcpy(models, m_memory(object->address), sizeof(models));
	if (memcmp(kernels, models, sizeof(kernels)) == 0)
		return;
	for (uint32_t i = 0; i < sizeof(kernels) / 4; i++)
		same(kernels[i], models[i], "frame %u: word %u", object->name / NAMES, i);
}

static void compare_object(const m_object_t *object)
{
	uint32_t n = object->name / NAMES;
	const void *at = arch_pointer(object->address);
	if (object->type == CAP_THREAD)
		compare_thread(object);
	else if (object->type == CAP_VSPACE)
		compare_space(object);
	else if (object->type == CAP_FRAME)
		compare_buffer(object);
	else if (object->type == CAP_ENDPOINT) {
		const endpoint_t *endpoint = at;
		same((uint32_t)endpoint->closed, (uint32_t)object->closed,
		     "endpoint %u: closed with", n);
		compare_queue(&endpoint->queue, "endpoint", n, count_waiters(object, false));
		compare_queue(&endpoint->faults, "faults at endpoint", n,
			      count_waiters(object, true));
	} else if (object->type == CAP_NOTIFICATION) {
		const notification_t *notification = at;
		same(notification->pending, object->pending, "notification %u: bits", n);
		same(physical(notification->bound), address_of(m_bound_thread(object)),
		     "notification %u: bound thread", n);
		compare_queue(&notification->queue, "notification", n,
			      count_waiters(object, false));
	} else if (object->type == CAP_REPLY) {
		const reply_t *reply = at;
		same(physical(reply->caller), address_of(m_caller_of(object)),
		     "reply %u: caller", n);
		same(physical(reply->waiter), address_of(m_waiter_of(object)),
		     "reply %u: waiter", n);
	}
}

static void compare_claim(uint32_t number, uint32_t place)
{
	const irq_claim_t *claim = &kernel.irq[number].claims[place];
	const m_claim_t *models = &model.line[number].claim[place];
	same(claim->claimer, ref_of(models->claimer), "line %u/%u: claimed by", number, place);
	same(claim->pending, models->pending, "line %u/%u: pending", number, place);
	same(claim->target.type, models->target ? CAP_NOTIFICATION : CAP_NONE,
	     "line %u/%u: target", number, place);
	same(kernel.irq[number].owed >> place & 1, models->owes,
	     "line %u/%u: owes an acknowledgement", number, place);
	if (models->target)
		same(claim->bits, models->bits, "line %u/%u: bits", number, place);
}

static void compare_lines(void)
{
	for (uint32_t i = 0; i < IRQ_LINES; i++) {
		for (uint32_t k = 0; k < IRQ_CLAIMERS; k++)
			compare_claim(i, k);
		same(kernel.irq[i].count, model.line[i].count, "line %u: interrupts", i);
		same(fake.irq_unmasked >> i & 1, model.line[i].unmasked, "line %u: unmasked",
		     i);
		same(fake.irq_level >> i & 1, model.line[i].level, "line %u: level triggered",
		     i);
	}
}

static void compare_counters(void)
{
	audit_report_t audit = model_audit();
	uint32_t kernels[AUDIT_WORDS], models[AUDIT_WORDS];
	memcpy(kernels, &kernel.audit, sizeof(kernels));
	memcpy(models, &audit, sizeof(models));
	for (uint32_t i = 0; i < AUDIT_WORDS; i++)
		same(kernels[i], models[i], "audit word %u", i);
	same((uint32_t)kernel.timers.now_ms, model.now_ms, "milliseconds");
	same(fake.trace != 0, model.traced, "calls recorded");
	same(fake.port_accesses, model.port_accesses, "port accesses");
	if (!fake.port_accesses)
		return;
	const fake_port_access_t *last =
	    &fake.port_log[(fake.port_accesses - 1) % FAKE_PORT_LOG];
	uint32_t op = last->write ? PIO_OP_WRITE(last->port, last->width)
				  : PIO_OP_READ(last->port, last->width);
	same(op, model.last_port, "the last port access");
	same(last->value, model.last_port_value, "the last port access: value");
}

bool models_agree(void)
{
	agreed = true;
	for (uint32_t i = 0; i < model.objects; i++)
		if (model.object[i].live)
			compare_object(&model.object[i]);
	for (uint32_t i = 0; i < model.caps; i++)
		if (model.cap[i].live)
			compare_cap(&model.cap[i]);
	compare_lines();
	compare_ready();
	compare_counters();
	return agreed;
}
