/* SPDX-License-Identifier: BSD-2-Clause */
/* Performs operations on the kernel and on its model. */
#include "sequence.h"

#include <assert.h>

#include "bench.h"
#include "check.h"

#define RUN_US_MAX 300u

bool sequence_lost;

/* -- Long work is not interrupted. ------------------------------------------------------- */

static bool hurried; /* as the kernel does not know who else is ready */
static bool in_call;

/* Lets long work go on to its end: in an interrupt window of it nobody else is ready. The calls
 * of a thread that ended itself stop at the first one, which the model does not do. */
static void hurry(void)
{
	if (!kernel.sched.current) {
		sequence_lost |= in_call;
		return;
	}
	kernel.sched.bitmap = 0;
	hurried = true;
}

static void slow_down(void)
{
	if (!hurried)
		return;
	hurried = false;
	kernel.sched.settled = false;
	kernel.sched.bitmap = kernel.timers.due;
	for (uint32_t p = 0; p <= PRIORITY_MAX; p++)
		if (kernel.sched.ready[p].first)
			kernel.sched.bitmap |= 1u << p;
}

static void leave_once(void)
{
	do {
		slow_down();
		fake_leave();
	} while (hurried);
}

/* When limits of the current thread's own priority are looked through depends on the way
 * through the kernel: it is done now. */
static void leave_kernel(void)
{
	leave_once();
	const tcb_t *current = kernel.sched.current;
	if (!current || !(kernel.timers.due >> current->priority & 1))
		return;
	uint32_t priority = current->priority;
	while (kernel.timers.due >> priority & 1)
		timer_sweep_step(priority);
	hurried = true; /* who is ready is found out anew */
	leave_once();
}

/* -- Booting the model as bench_setup() boots the kernel. -------------------------------- */

static m_cap_t *boot_cap(m_object_t *home, uint32_t type, uint32_t rights, uint32_t first,
			 uint32_t last, m_object_t *object)
{
	m_cap_t *cap = m_take_slot(home, type, rights);
	cap->flags = type == CAP_PIO ? PIO_WIDTH_ALL : 0;
	cap->first = first;
	cap->last = last;
	cap->object = object;
	return cap;
}

static void bind_boot(m_object_t *thread, uint32_t what, m_cap_t *cap, uint32_t rights)
{
	thread->thread.bound[what] = m_new_cap(thread, what, cap->type, rights);
	m_derive(thread->thread.bound[what], cap, 0, 0);
}

void sequence_begin(bool lies)
{
	bench_setup(NULL);
	fake.port_value = MODEL_PORT_VALUE;
	fake.time_us = MODEL_TIME_US(0);
	kernel.sched.current->run = -arch_ticks();
	fake.window = hurry;
	sequence_lost = false;
	model_reset(lies);
	model.ram_first = BENCH_RAM;
	model.names = 0;
	uint32_t frame_at = bench.root->slots[BIND_BUFFER].object;
	uint32_t space_at = bench.root->slots[BIND_VSPACE].object;
	m_object_t *cspace = m_new_object(CAP_CSPACE, arch_physical(bench.table), ROOT_BITS);
	m_object_t *space = m_new_object(CAP_VSPACE, space_at, 0);
	m_object_t *thread = m_new_object(CAP_THREAD, arch_physical(bench.root), 0);
	m_object_t *frame = m_new_object(CAP_FRAME, frame_at, 0);
	model.names = NAME_CSPACE;
	m_cap_t *to_cspace = boot_cap(cspace, CAP_CSPACE, RW | RIGHT_INSPECT, cspace->address,
				      ROOT_BITS, cspace);
	m_cap_t *to_space =
	    boot_cap(cspace, CAP_VSPACE, RIGHT_WRITE | RIGHT_INSPECT, space->address, 0, space);
	boot_cap(cspace, CAP_THREAD, RW | RIGHT_INSPECT, thread->address, 0, thread);
	boot_cap(cspace, CAP_IRQ, RIGHT_READ | RIGHT_GRANT | RIGHT_INSPECT, 0, IRQ_LINES - 1,
		 NULL);
	boot_cap(cspace, CAP_PIO, RW | RIGHT_GRANT, BENCH_PORT_FIRST, BENCH_PORT_LAST, NULL);
	boot_cap(cspace, CAP_MMIO, RW | RIGHT_GRANT, BENCH_MMIO_FIRST, BENCH_MMIO_LAST, NULL);
	boot_cap(cspace, CAP_UNTYPED, RIGHT_WRITE, BENCH_RAM, BENCH_RAM_BITS, NULL);
	boot_cap(cspace, CAP_AUDIT, RW, 0, 0, NULL);
	bench_add_memory(bench.table, 0);
	boot_cap(cspace, CAP_UNTYPED, RIGHT_WRITE, BENCH_SPARE, PAGE_BITS, NULL);
	model.ram_bytes = (1u << BENCH_RAM_BITS) + PAGE_SIZE;
	bind_boot(thread, BIND_CSPACE, to_cspace, RW);
	bind_boot(thread, BIND_VSPACE, to_space, RIGHT_WRITE);
	m_cap_t *buffer = m_new_cap(thread, BIND_BUFFER, CAP_FRAME, RW);
	buffer->first = frame_at;
	buffer->last = PAGE_BITS;
	buffer->flags = FRAME_FIRST;
	buffer->object = frame;
	thread->thread.bound[BIND_BUFFER] = buffer;
	thread->thread.priority = thread->thread.base_priority = PRIORITY_MAX;
	thread->thread.max_priority = PRIORITY_MAX;
	m_ready(thread);
	m_choose();
}

/* -- Performing. ------------------------------------------------------------------------- */

m_object_t *thread_named(uint32_t name)
{
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		if (at->name == name)
			return at;
	return NULL;
}

bool can_run(const m_object_t *thread)
{
	if (!thread || thread->thread.state != M_READY)
		return false;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		if (at->thread.state == M_READY &&
		    at->thread.priority > thread->thread.priority)
			return false;
	return true;
}

bool root_owns_all(void)
{
	return model.cap[NAME_UNTYPED - 1].live;
}

/* The handle of what is called so, dead or alive; 0: there never was such a thing. */
static cap_t handle_of(uint32_t name)
{
	for (uint32_t i = 0; name && i < model.caps; i++)
		if (model.cap[i].name == name)
			return model.cap[i].handle;
	return CAP_NULL;
}

/* What the thread has in its buffer when it makes the call. */
static void fill_buffer(m_object_t *thread, const op_t *op)
{
	message_buffer_t *models = m_buffer(thread);
	const tcb_t *tcb = arch_pointer(thread->address);
	message_buffer_t *kernels = tcb->buffer;
	if (!models || !kernels)
		return;
	models->timeout_ms = op->timeout_ms;
	models->accept = op->accept;
	models->reply = handle_of(op->reply);
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		models->caps[i] = handle_of(op->caps[i]);
	for (uint32_t i = 0; i < MSG_WORDS; i++)
		models->words[i] = op->id << 8 | i;
	*kernels = *models;
}

/* How many arguments the call has; where it has none is something else. */
static uint32_t arguments_of(uint32_t number)
{
#define ARGUMENTS(number, NAME, handler, args, result) [number] = args,
	static const char *const names[SYS_COUNT] = {SYSCALLS(ARGUMENTS)};
#undef ARGUMENTS
	if (number >= SYS_COUNT || !names[number][0])
		return 0;
	uint32_t count = 1;
	for (const char *at = names[number]; (at = strchr(at, ',')); at++)
		count++;
	return count;
}

static uint32_t argument(const op_t *op, uint32_t i)
{
	if (op->named >> i & 1)
		return handle_of(op->arg[i]);
	return op->arg[i] || i < arguments_of(op->number) ? op->arg[i] : op->id << 8 | i;
}

/* The model does at once what the kernel does in pieces: goes on with them. */
static void go_on(tcb_t *tcb, uint32_t number)
{
	bool again = number == SYS_IPC_RECV || number == SYS_IPC_REPLY_RECV ||
		     number == SYS_ENDPOINT_CANCEL;
	while (again && kernel.sched.current == tcb && (err_t)tcb->frame.eax == DRV_EAGAIN) {
		tcb->frame.eax = number;
		fake_enter();
	}
	uint32_t answered = tcb->frame.eax, first = tcb->frame.ebx;
	bool pays =
	    number == SYS_CAP_RELEASE
		? (err_t)answered == DRV_EAGAIN
		: answered == DRV_OK && (number == SYS_CAP_REVOKE || number == SYS_THREAD_BIND);
	while (pays && kernel.sched.current == tcb && !owed_is_empty(&tcb->owes)) {
		tcb->frame.eax = SYS_CAP_RELEASE;
		tcb->frame.ebx = CAP_NULL;
		fake_enter();
		tcb->frame.ebx = first;
		if (number != SYS_CAP_RELEASE)
			tcb->frame.eax = answered;
	}
}

static void perform_call(m_object_t *thread, const op_t *op)
{
	uint32_t arg[4];
	tcb_t *tcb = arch_pointer(thread->address);
	for (uint32_t i = 0; i < 4; i++)
		arg[i] = argument(op, i);
	fill_buffer(thread, op);
	thread_registers_t *regs = &thread->thread.regs;
	regs->eax = tcb->frame.eax = op->number;
	regs->ebx = tcb->frame.ebx = arg[0];
	regs->esi = tcb->frame.esi = arg[1];
	regs->edi = tcb->frame.edi = arg[2];
	regs->ebp = tcb->frame.ebp = arg[3];
	model_call(op->number, arg);
	in_call = true;
	fake_enter();
	go_on(tcb, op->number);
	in_call = false;
	leave_kernel();
}

static void perform_ticks(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		model_tick();
		fake.time_us = MODEL_TIME_US(model.now_ms);
		kernel_on_tick();
		leave_kernel();
	}
}

static void count(tally_t *tally, uint32_t number, const m_object_t *thread)
{
	int32_t answered = (int32_t)thread->thread.regs.eax;
	if (!thread->live || thread->thread.state != M_READY)
		return; /* later, if it comes back */
	tally->results[number < SYS_COUNT ? number : SYS_COUNT][answered < 0 ? -answered : 0]++;
}

static bool waits(const m_object_t *at)
{
	return at->live && at->type == CAP_THREAD && at->thread.state >= M_SENDING &&
	       at->thread.state <= M_WAITING && !m_in_fault(at);
}

/* Before it does something the thread has run for a while, but no tick is due. */
static void pass_time(const op_t *op)
{
	uint32_t us = op->id % RUN_US_MAX;
	if (model.time_us + us >= MODEL_TIME_US(model.now_ms + 1))
		return;
	model_pass(us);
	fake.time_us += us;
}

/* Makes it the one that runs; false: it cannot. */
static bool let_run(m_object_t *thread)
{
	if (!can_run(thread))
		return false;
	switch_to(arch_pointer(thread->address));
	model_switch_to(thread);
	return true;
}

static void happen(const op_t *op, m_object_t *thread)
{
	if (op->kind == OP_CALL) {
		perform_call(thread, op);
	} else if (op->kind == OP_FAULT) {
		model_fault(op->arg[0], op->arg[1], op->arg[2]);
		kernel_on_fault(op->arg[0], op->arg[1], op->arg[2]);
		leave_kernel();
	} else if (op->kind == OP_TICKS) {
		perform_ticks(op->arg[0]);
	} else {
		model_interrupt(op->arg[0]);
		kernel_on_interrupt(op->arg[0]);
		leave_kernel();
	}
}

static bool compare(void)
{
	if (!models_agree())
		return false;
	if (root_owns_all())
		check_all(); /* that finds everything from there */
	return true;
}

bool sequence_perform(const op_t *op, tally_t *tally)
{
	m_object_t *thread = NULL;
	uint32_t waited[MODEL_OBJECTS]; /* in which call; 0: in none */
	if (sequence_lost)
		return true;
	model.names = NAME(op->id);
	for (uint32_t i = 0; i < MODEL_OBJECTS; i++)
		waited[i] = i < model.objects && waits(&model.object[i])
				? model.object[i].thread.regs.eax
				: 0;
	if (op->kind == OP_CALL || op->kind == OP_FAULT) {
		thread = thread_named(op->actor);
		if (!let_run(thread)) {
			tally->skipped++;
			return compare();
		}
		pass_time(op);
	}
	happen(op, thread);
	tally->lost += sequence_lost;
	if (sequence_lost)
		return true;
	tally->performed[op->kind]++;
	if (op->kind == OP_CALL)
		count(tally, op->number, thread);
	for (uint32_t i = 0; i < MODEL_OBJECTS; i++)
		if (waited[i])
			count(tally, waited[i], &model.object[i]);
	return compare();
}
