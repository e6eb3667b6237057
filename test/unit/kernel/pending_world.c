/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine of pending_world.h. */
#include "pending_world.h"

#define ROW	     48u /* others that die before and after the one that is tried */
#define TABLE_BITS   11u
#define LOW_FIRST    0x00010000u /* what the bench makes by hand */
#define LOW_END	     0x00030000u
#define USED_AT	     0x00580000u /* where the dying ones are mapped */
#define CHECK_EACH   3u		 /* of the calls: looking at all takes long */
#define WAITER_LEVEL 4u
#define WORKER_LEVEL 5u

pending_t pending;

/* All that there is. */
typedef struct image {
	kernel_t kernel;
	fake_machine_t fake;
	uint32_t given; /* of the root untyped, or made zero for what comes next */
	uint8_t low[LOW_END - LOW_FIRST], ram[1u << BENCH_RAM_BITS];
} image_t;

static image_t ready; /* before the revocation */
static process_t worker;
static cap_t table; /* where others are that die */

/* -- The machine as a whole. ------------------------------------------------------------ */

static void keep(image_t *image)
{
	image->kernel = kernel;
	image->fake = fake;
	memcpy(image->low, fake_memory() + LOW_FIRST, sizeof(image->low));
	image->given = slot_of(bench.root, bench.untyped)->zeroed;
	memcpy(image->ram, fake_memory() + BENCH_RAM, image->given);
}

static void restore(const image_t *image)
{
	kernel = image->kernel;
	fake = image->fake;
	memcpy(fake_memory() + LOW_FIRST, image->low, sizeof(image->low));
	memcpy(fake_memory() + BENCH_RAM, image->ram, image->given);
}

/* -- Calls. ----------------------------------------------------------------------------- */

void pending_restore(void)
{
	restore(&ready);
}

/* The worker revokes what that type's dying capability comes from, till it is done or somebody
 * more urgent is ready. */
static void revoke(uint32_t type, void (*window)(void))
{
	fake_count_from_here();
	fake.window = window;
	switch_to(worker.tcb);
	worker.tcb->frame.eax = SYS_CAP_REVOKE;
	worker.tcb->frame.ebx = pending.dying[type].parent;
	worker.tcb->frame.esi = 0;
	worker.tcb->frame.eip += 2;
	bench_trap();
	fake.window = NULL;
}

/* Goes on with a call that was interrupted until it is done, `after` it. */
static void go_on(tcb_t *tcb, uint32_t after)
{
	while (tcb->state == THREAD_READY && tcb->frame.eip != after) {
		switch_to(tcb);
		tcb->frame.eip += 2;
		bench_trap();
	}
}

static err_t make_call(const attempt_t *attempt, tcb_t *tcb)
{
	uint32_t after = tcb->frame.eip + 2;
	switch_to(tcb);
	attempt_load(attempt, tcb);
	bench_trap();
	go_on(tcb, after);
	return answer(tcb);
}

static uint32_t wake_in;
static tcb_t *wake_whom;

/* In the last window nothing may be left to revoke: it was done then. */
static bool work_left;

static void wake(void)
{
	if (fake.windows == wake_in)
		thread_resume(wake_whom);
}

static err_t call_before(const attempt_t *attempt, tcb_t *tcb)
{
	restore(&ready);
	thread_resume(tcb);
	return make_call(attempt, tcb);
}

static err_t call_after(uint32_t type, const attempt_t *attempt, tcb_t *tcb)
{
	restore(&ready);
	revoke(type, NULL);
	assert_int_equal(answer(worker.tcb), DRV_OK);
	pending.dying[type].windows = fake.windows;
	thread_resume(tcb);
	return make_call(attempt, tcb);
}

/* The call comes in one of the windows. */
static err_t call_within(uint32_t type, const attempt_t *attempt, tcb_t *tcb, uint32_t window)
{
	restore(&ready);
	wake_in = window;
	wake_whom = tcb;
	revoke(type, wake);
	assert_ptr_equal(kernel.sched.current, tcb);
	pending.calls++;
	work_left = slot_of(bench.root, pending.dying[type].parent)->child != 0;
	pending.interrupted += work_left;
	return make_call(attempt, tcb);
}

/* Of handles, any will do. */
static bool is_like(err_t got, err_t expected)
{
	return got == expected || (got > 0 && expected > 0);
}

/* The worker comes to its end; what is wrong then. */
static const char *finish(uint32_t type, tcb_t *tcb, uint32_t after)
{
	if (pending.calls % CHECK_EACH == 0)
		check_all();
	if (tcb->state == THREAD_READY)
		thread_suspend(tcb);
	if (worker.tcb->state != THREAD_READY)
		return "the worker was stopped";
	go_on(worker.tcb, after);
	if (pending.calls % CHECK_EACH == 1)
		check_all();
	tcb_t *caller = world.caller[AS_CALLER];
	const slot_t *parent = slot_of(bench.root, pending.dying[type].parent);
	if (answer(worker.tcb) != (parent || !work_left ? DRV_OK : DRV_EBADCAP))
		return "the revocation fails";
	if (parent && parent->child && work_left)
		return "something is left";
	if (parent && thread_cspace(caller) && alive(caller, pending.dying[type].cap))
		return "it lives on";
	return owed_is_empty(&worker.tcb->owes) ? NULL : "something is owed";
}

void pending_fail(const attempt_t *attempt, uint32_t type, uint32_t window, const char *what)
{
	fail_msg("%s(%#x, %#x, %#x, %#x) while %s is revoked, window %u of %u: %s",
		 refusal_calls[attempt->number].name, attempt->arg[0], attempt->arg[1],
		 attempt->arg[2], attempt->arg[3], type_name(type), window,
		 pending.dying[type].windows, what);
}

err_t pending_try(uint32_t type, const attempt_t *attempt, tcb_t *tcb, uint32_t step)
{
	err_t before = call_before(attempt, tcb);
	err_t later = call_after(type, attempt, tcb);
	pending_restore();
	uint32_t after = worker.tcb->frame.eip + 2;
	for (uint32_t window = 1; window <= pending.dying[type].windows; window += step) {
		err_t got = call_within(type, attempt, tcb, window);
		if (!is_like(got, before) && !is_like(got, later))
			pending_fail(attempt, type, window, "another answer");
		const char *what = finish(type, tcb, after);
		if (what)
			pending_fail(attempt, type, window, what);
	}
	return later;
}

/* -- The world. ------------------------------------------------------------------------- */

/* Something derived from the parent, or from an object made from it. */
static void make_others(uint32_t type)
{
	cap_t from = pending.dying[type].parent;
	if (bench_is_retyped(type))
		from = make_from(from, CAP_NOTIFICATION, 0);
	for (uint32_t i = 0; i < ROW; i++)
		done(bench.root, SYS_CAP_DELEGATE, table, from, RIGHT_READ, 0);
}

/* Those that die first are made last. */
static void make_dying(uint32_t type)
{
	cap_t memory =
		  !bench_is_retyped(type) ? CAP_NULL : make(CAP_UNTYPED, PENDING_MEMORY_BITS),
	      parent;
	pending.dying[type].parent = memory;
	if (memory)
		make_others(type);
	pending.dying[type].cap = world_put(memory, type, &parent);
	pending.dying[type].parent = parent;
	make_others(type);
	if (!bench_is_retyped(type))
		make_others(type);
}

static process_t make_thread(uint32_t priority, cap_t cspace)
{
	process_t process = process_make(priority);
	done(bench.root, SYS_THREAD_BIND, process.thread, BIND_CSPACE, cspace, 0);
	return process;
}

/* The dying ones are mapped, claimed, bound and waited for. */
static void use_dying(void)
{
	tcb_t *caller = world.caller[AS_CALLER];
	cap_t vspace = world.role[ROLE_OWN_VSPACE];
	done(caller, SYS_VSPACE_MAP, vspace, pending.dying[CAP_FRAME].cap, USED_AT, RIGHT_READ);
	done(caller, SYS_VSPACE_MAP, vspace, pending.dying[CAP_PTABLE].cap, TABLE_END, 0);
	done(caller, SYS_CAP_MMIO_MAP, pending.dying[CAP_MMIO].cap, USED_AT + PAGE_SIZE, 1, 0);
	done(caller, SYS_CAP_PIO_MAP, pending.dying[CAP_PIO].cap, 0, 0, 0);
	done(caller, SYS_IRQ_BIND, pending.dying[CAP_IRQ].cap,
	     world.role[ROLE_NOTIFICATION_BADGED], 1, 0);
	done(caller, SYS_THREAD_BIND, pending.dying[CAP_THREAD].cap, BIND_VSPACE,
	     pending.dying[CAP_VSPACE].cap, 0);
	done(caller, SYS_THREAD_BIND, pending.dying[CAP_THREAD].cap, BIND_CSPACE,
	     pending.dying[CAP_CSPACE].cap, 0);
	done(caller, SYS_CAP_DELEGATE, pending.dying[CAP_CSPACE].cap,
	     world.role[ROLE_FRAME_MAPPED], RIGHT_READ, 0);
	done(caller, SYS_UNTYPED_RETYPE, pending.dying[CAP_UNTYPED].cap, CAP_ENDPOINT, 0,
	     CAP_NULL);
	blocks(make_thread(WAITER_LEVEL, world.cspace).tcb, SYS_NOTIFICATION_WAIT,
	       pending.dying[CAP_NOTIFICATION].cap, TIMEOUT_FOREVER, 0, 0);
	blocks(make_thread(WAITER_LEVEL, world.cspace).tcb, SYS_IPC_RECV,
	       pending.dying[CAP_ENDPOINT].cap, CAP_NULL, TIMEOUT_FOREVER, 0);
	/* A client waits for the answer through the dying reply object. */
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	process_t client = process_make(WAITER_LEVEL);
	cap_t sends = give(&client, endpoint, RIGHT_WRITE, 0);
	cap_t receives =
	    done(bench.root, SYS_CAP_DELEGATE, world.cspace, endpoint, RIGHT_READ, 0);
	blocks(client.tcb, SYS_IPC_CALL, sends, MSG_INFO(1, 0, 0), 0, 0);
	done(caller, SYS_IPC_RECV, receives, pending.dying[CAP_REPLY].cap, TIMEOUT_POLL, 0);
}

/* The worker is the most urgent. */
static void everybody_else_sleeps(void)
{
	fake_leave();
	while (kernel.sched.current != worker.tcb) {
		thread_suspend(kernel.sched.current);
		fake_leave();
	}
	for (uint32_t who = 0; who < CALLERS; who++)
		assert_int_equal(world.caller[who]->state, THREAD_STOPPED);
}

int pending_setup(void **state)
{
	bench_setup(state);
	world_make();
	/* No matter here, and not as it must be. */
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++)
		slot_of(world.caller[AS_CALLER], world.by_rights[type][0])->rights =
		    (uint8_t)type_rights(type);
	worker = make_thread(WORKER_LEVEL, bench.cspace);
	pending.urgent = make_thread(LIMIT, bench.cspace).tcb;
	table = make(CAP_CSPACE, TABLE_BITS);
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++)
		make_dying(type);
	use_dying();
	everybody_else_sleeps();
	keep(&ready);
	return 0;
}
