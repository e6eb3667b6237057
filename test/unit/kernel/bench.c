/* SPDX-License-Identifier: BSD-2-Clause */
/* The booted machine of bench.h. */
#include "bench.h"

#include <stdlib.h>

#include "check.h"
#include "syscall/fastpath.h"

#define ROOT_CSPACE 0x00010000u
#define ROOT_TCB    0x00020000u
#define ROOT_VSPACE 0x00022000u
#define ROOT_FRAME  0x00024000u

bench_t bench;
uint32_t result[4];
uint32_t bench_short_ways;

static cap_t boot_cap(uint32_t type, uint32_t rights, uint32_t object, uint32_t extra)
{
	cspace_t *cspace = arch_pointer(ROOT_CSPACE);
	slot_t *slot = cspace_take(cspace);
	slot_fill_root(slot, type, rights, object, extra);
	if (type == CAP_UNTYPED)
		untyped_add_root(slot);
	return slot->name;
}

cap_t bench_add_memory(cspace_t *cspace, uint32_t page)
{
	slot_t *slot = cspace_take(cspace);
	slot_fill_root(slot, CAP_UNTYPED, RIGHT_WRITE, BENCH_SPARE + page * PAGE_SIZE,
		       PAGE_BITS);
	untyped_add_root(slot);
	return slot->name;
}

int bench_setup(void **state)
{
	(void)state;
	fake_reset();
	irq_init();
	cspace_init();
	kernel.audit.abi_version = ABI_VERSION;
	cspace_create(ROOT_CSPACE, ROOT_BITS);
	thread_create(ROOT_TCB, 0);
	vspace_create(ROOT_VSPACE, 0);
	tcb_t *root = arch_pointer(ROOT_TCB);
	bench = (bench_t){
	    .root = root,
	    .table = arch_pointer(ROOT_CSPACE),
	    .space = ROOT_VSPACE,
	    .cspace =
		boot_cap(CAP_CSPACE, object_types[CAP_CSPACE].rights, ROOT_CSPACE, ROOT_BITS),
	    .vspace = boot_cap(CAP_VSPACE, object_types[CAP_VSPACE].rights, ROOT_VSPACE, 0),
	    .thread = boot_cap(CAP_THREAD, object_types[CAP_THREAD].rights, ROOT_TCB, 0),
	    .irq = boot_cap(CAP_IRQ, object_types[CAP_IRQ].rights, 0, IRQ_LINES - 1),
	    .pio = boot_cap(CAP_PIO, RW | RIGHT_GRANT, BENCH_PORT_FIRST, BENCH_PORT_LAST),
	    .mmio = boot_cap(CAP_MMIO, RW | RIGHT_GRANT, BENCH_MMIO_FIRST, BENCH_MMIO_LAST),
	    .untyped = boot_cap(CAP_UNTYPED, RIGHT_WRITE, BENCH_RAM, BENCH_RAM_BITS),
	    .audit = boot_cap(CAP_AUDIT, RW, 0, 0),
	};
	cspace_t *cspace = arch_pointer(ROOT_CSPACE);
	slot_derive(&root->slots[BIND_CSPACE], cspace_lookup(cspace, bench.cspace), RW, 0, 0);
	slot_derive(&root->slots[BIND_VSPACE], cspace_lookup(cspace, bench.vspace), RIGHT_WRITE,
		    0, 0);
	slot_fill_root(&root->slots[BIND_BUFFER], CAP_FRAME, RW, ROOT_FRAME, PAGE_BITS);
	for (uint32_t i = BIND_CSPACE; i <= BIND_BUFFER; i++)
		thread_slot_filled(&root->slots[i]);
	root->priority = root->base_priority = root->max_priority = PRIORITY_MAX;
	sched_ready(root);
	fake_leave();
	check_all();
	return 0;
}

void switch_to(tcb_t *tcb)
{
	tcb_t *current = kernel.sched.current;
	if (current == tcb)
		return;
	assert_int_equal(tcb->state, THREAD_READY);
	if (current) {
		sched_remove(current);
		sched_ready(current);
	}
	sched_remove(tcb);
	kernel.sched.current = tcb;
	kernel.sched.settled = false;
	tcb->run -= arch_ticks();
}

err_t answer(tcb_t *tcb)
{
	if (tcb->state != THREAD_READY)
		return BLOCKED;
	result[0] = tcb->frame.ebx;
	result[1] = tcb->frame.esi;
	result[2] = tcb->frame.edi;
	result[3] = tcb->frame.ebp;
	return (err_t)tcb->frame.eax;
}

/* Registers as the caller sets them. */
static void enter(tcb_t *tcb, uint32_t number, const uint32_t arg[4])
{
	switch_to(tcb);
	tcb->frame.eax = number;
	tcb->frame.ebx = arg[0];
	tcb->frame.esi = arg[1];
	tcb->frame.edi = arg[2];
	tcb->frame.ebp = arg[3];
	tcb->frame.eip += 2;
}

void bench_enter(tcb_t *tcb, uint32_t number, const uint32_t arg[4])
{
	enter(tcb, number, arg);
	fake_enter();
}

static bool has_short_way(uint32_t number)
{
	return number == SYS_IPC_CALL || number == SYS_IPC_REPLY_RECV;
}

bool bench_short_way(void)
{
	tcb_t *caller = kernel.sched.current;
	uint32_t number = caller->frame.eax;
	if (!has_short_way(number))
		return false;
	return number == SYS_IPC_CALL ? fastpath_call(caller) : fastpath_reply_recv(caller);
}

bool bench_short_way_alone(void)
{
	uint32_t bitmap = kernel.sched.bitmap;
	bool settled = kernel.sched.settled;
	kernel.sched.bitmap = 0;
	kernel.sched.settled = true;
	if (bench_short_way() || kernel.sched.bitmap || !kernel.sched.settled)
		return true;
	kernel.sched.bitmap = bitmap;
	kernel.sched.settled = settled;
	return false;
}

void bench_long_way(void)
{
	kernel.sched.settled = false;
	fake_enter();
	assert_false(kernel.sched.settled);
}

/* As the machine does it. Of the calls that have a short way, the long one leaves it to the way
 * out to choose who runs. */
void bench_trap(void)
{
	const tcb_t *caller = kernel.sched.current;
	bool counts = has_short_way(caller->frame.eax);
	fake_enter();
	bench_short_ways += counts && kernel.sched.settled && kernel.sched.current != caller;
	fake_leave();
}

err_t call_once(tcb_t *tcb, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	const uint32_t arg[4] = {a0, a1, a2, a3};
	uint32_t after = tcb->frame.eip + 2;
	enter(tcb, number, arg);
	bench_trap();
	/* Interrupted at a safe place: when it runs again, so does its call. */
	while (tcb->state == THREAD_READY && tcb->frame.eip != after) {
		switch_to(tcb);
		tcb->frame.eip += 2;
		bench_trap();
	}
	check_all();
	return answer(tcb);
}

uint32_t bench_pieces;

err_t call(tcb_t *tcb, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	err_t err = call_once(tcb, number, a0, a1, a2, a3);
	for (bench_pieces = 0; err == DRV_EAGAIN && tcb->state == THREAD_READY;
	     bench_pieces++) {
		if (number == SYS_CAP_RELEASE)
			err = call_once(tcb, number, CAP_NULL, 0, 0, 0);
		else if (number == SYS_IPC_REPLY_RECV) /* it has answered */
			err = call_once(tcb, SYS_IPC_RECV, a0, tcb->buffer->reply,
					tcb->buffer->timeout_ms, 0);
		else if (number == SYS_IPC_RECV || number == SYS_ENDPOINT_CANCEL)
			err = call_once(tcb, number, a0, a1, a2, a3);
		else
			break;
	}
	return err;
}

uint32_t done_at(const char *file, int line, tcb_t *tcb, uint32_t number, uint32_t a0,
		 uint32_t a1, uint32_t a2, uint32_t a3)
{
	err_t err = call(tcb, number, a0, a1, a2, a3);
	if (err < 0)
		print_error("call %u: %d\n", number, err);
	_assert_true(err >= 0, "the call succeeds", file, line);
	return (uint32_t)err;
}

void blocks_at(const char *file, int line, tcb_t *tcb, uint32_t number, uint32_t a0,
	       uint32_t a1, uint32_t a2, uint32_t a3)
{
	err_t err = call(tcb, number, a0, a1, a2, a3);
	if (err != BLOCKED)
		print_error("call %u: %d\n", number, err);
	_assert_true(err == BLOCKED, "the call blocks", file, line);
}

/* Everything that a refusal must leave as it was. */
typedef struct snapshot {
	kernel_t kernel;
	fake_machine_t fake;
	uint8_t memory[BENCH_RAM + (1u << BENCH_RAM_BITS)];
} snapshot_t;

static void snapshot_take(snapshot_t *snapshot)
{
	snapshot->kernel = kernel;
	snapshot->fake = fake;
	memcpy(snapshot->memory, fake_memory(), sizeof(snapshot->memory));
}

void refused_at(const char *file, int line, err_t expected, tcb_t *tcb, uint32_t number,
		uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	static snapshot_t before, after;
	const uint32_t arg[4] = {a0, a1, a2, a3};
	switch_to(tcb);
	arch_frame_t frame = tcb->frame;
	snapshot_take(&before);
	enter(tcb, number, arg);
	arch_frame_t loaded = tcb->frame;
	_assert_true(!bench_short_way() && !bench_short_way_alone(), "not the short way", file,
		     line);
	fake_enter();
	arch_frame_t answered = tcb->frame;
	tcb->frame = frame;
	loaded.eax = answered.eax;
	snapshot_take(&after);
	/* A search that took interrupts has the next thread chosen anew. */
	before.kernel.sched.settled = after.kernel.sched.settled = kernel.sched.settled;
	before.kernel.sched.worked = after.kernel.sched.worked = 0;
	before.fake.windows = after.fake.windows;
	before.fake.touches = after.fake.touches = 0;
	before.fake.most_touches = after.fake.most_touches = 0;
	if ((err_t)answered.eax != expected)
		print_error("call %u: %d, not %d\n", number, (err_t)answered.eax, expected);
	_assert_true((err_t)answered.eax == expected, "the expected error", file, line);
	_assert_true(memcmp(&loaded, &answered, sizeof(loaded)) == 0,
		     "no register besides is changed", file, line);
	_assert_true(memcmp(&before.kernel, &after.kernel, sizeof(kernel)) == 0,
		     "the kernel's state is as it was", file, line);
	_assert_true(memcmp(&before.fake, &after.fake, sizeof(fake)) == 0,
		     "the machine is as it was", file, line);
	_assert_true(memcmp(before.memory, after.memory, sizeof(before.memory)) == 0,
		     "memory is as it was", file, line);
	fake_leave();
}

cap_t make_from(cap_t untyped, uint32_t type, uint32_t bits)
{
	return done(bench.root, SYS_UNTYPED_RETYPE, untyped, type, bits, CAP_NULL);
}

cap_t make(uint32_t type, uint32_t bits)
{
	return make_from(bench.untyped, type, bits);
}

slot_t *slot_of(tcb_t *tcb, cap_t handle)
{
	return cspace_lookup(thread_cspace(tcb), handle);
}

bool alive(tcb_t *tcb, cap_t handle)
{
	return slot_of(tcb, handle) != NULL;
}

void *object_of(cap_t handle)
{
	slot_t *slot = slot_of(bench.root, handle);
	assert_non_null(slot);
	return arch_pointer(slot->object);
}

process_t process_make_from(cap_t untyped, uint32_t priority)
{
	process_t process = {.vspace = make_from(untyped, CAP_VSPACE, 0),
			     .cspace = make_from(untyped, CAP_CSPACE, CSPACE_BITS_MIN),
			     .frame = make_from(untyped, CAP_FRAME, 0),
			     .thread = make_from(untyped, CAP_THREAD, 0)};
	cap_t thread = process.thread;
	process.tcb = object_of(thread);
	process.buffer = object_of(process.frame);
	process.buffer->timeout_ms = TIMEOUT_FOREVER;
	done(bench.root, SYS_THREAD_BIND, thread, BIND_CSPACE, process.cspace, 0);
	done(bench.root, SYS_THREAD_BIND, thread, BIND_VSPACE, process.vspace, 0);
	done(bench.root, SYS_THREAD_BIND, thread, BIND_BUFFER, process.frame, 0);
	done(bench.root, SYS_THREAD_SET, thread, THREAD_PRIORITY, priority, 0);
	done(bench.root, SYS_THREAD_SET, thread, THREAD_MAX_PRIORITY, priority, 0);
	done(bench.root, SYS_THREAD_RESUME, thread, 0, 0, 0);
	return process;
}

process_t process_make(uint32_t priority)
{
	return process_make_from(bench.untyped, priority);
}

tcb_t *thread_in(const process_t *process)
{
	cap_t thread = make(CAP_THREAD, 0);
	done(bench.root, SYS_THREAD_BIND, thread, BIND_CSPACE, process->cspace, 0);
	done(bench.root, SYS_THREAD_BIND, thread, BIND_VSPACE, process->vspace, 0);
	done(bench.root, SYS_THREAD_BIND, thread, BIND_BUFFER, process->frame, 0);
	done(bench.root, SYS_THREAD_SET, thread, THREAD_PRIORITY, PRIORITY_MAX, 0);
	done(bench.root, SYS_THREAD_RESUME, thread, 0, 0, 0);
	return object_of(thread);
}

cap_t give(const process_t *process, cap_t cap, uint32_t rights, uint32_t badge)
{
	return done(bench.root, SYS_CAP_DELEGATE, process->cspace, cap, rights, badge);
}

message_buffer_t *root_buffer(void)
{
	return arch_pointer(ROOT_FRAME);
}

void ticks(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		fake.time_us += 1000;
		kernel_on_tick();
		fake_leave();
	}
	check_all();
}

void ticks_and_slice(uint32_t count)
{
	ticks(count);
	if (!kernel.sched.current)
		return;
	kernel.sched.current->slice = 0;
	kernel.sched.settled = false;
	fake_leave();
	check_all();
}

bool bench_owed(void)
{
	return check_tombs() != 0;
}

void fire(uint32_t line)
{
	kernel_on_interrupt(line);
	fake_leave();
	check_all();
}

bool bench_is_retyped(uint32_t type)
{
	return type == CAP_UNTYPED || type == CAP_CSPACE || type == CAP_FRAME ||
	       object_types[type].size_bits != 0;
}

cap_t bench_root_cap(uint32_t type)
{
	cspace_t *cspace = arch_pointer(ROOT_CSPACE);
	for (uint32_t i = CSPACE_FIRST; i < cspace->fresh; i++)
		if (cspace_slot(cspace, i)->type == type)
			return cspace_slot(cspace, i)->name;
	return CAP_NULL;
}
