/* SPDX-License-Identifier: BSD-2-Clause */
/* The short ways through the kernel against the long one: random threads do random things, and
 * every system call, fault and interrupt comes twice from the same state, with the short ways
 * and without them. The kernel's state, all objects, all registers and messages, the machine
 * and who runs next must be the same to the byte. */
#include "check.h"
#include "fastpath_asks.h"

#define SEEDS	    4u
#define STEPS	    12000u
#define CHECK_EVERY 32u
#define IDLE_LIMIT  40u /* ticks after which a sleeper is woken */
#define LINE_WAITED 5u
#define LINE_BOUND  6u
#define LOW_FIRST   0x00010000u /* what the bench makes by hand */
#define LOW_BYTES   0x00020000u

static struct {
	uint32_t calls, replies;     /* done the short way */
	uint32_t others;	     /* done the long way only */
	uint32_t at_once;	     /* of these, that switched to whom they woke */
	uint32_t faults, interrupts; /* that did */
} count;

/* The whole machine at one moment. */
typedef struct image {
	kernel_t kernel;
	fake_machine_t fake;
	uint8_t low[LOW_BYTES];
	uint8_t ram[1u << BENCH_RAM_BITS];
} image_t;

/* -- The machine before and after. ------------------------------------------------------ */

static uint32_t ram_bytes(void)
{
	return slot_of(bench.root, bench.untyped)->used;
}

static void take(image_t *image)
{
	fake_count_from_here();
	image->kernel = kernel;
	image->kernel.sched.worked = 0; /* the short way charges nothing */
	image->fake = fake;
	memcpy(image->low, fake_memory() + LOW_FIRST, LOW_BYTES);
	memcpy(image->ram, fake_memory() + BENCH_RAM, ram_bytes());
}

/* A short way leaves limits of the same priority that are over for later, where the long one
 * looks through them before it chooses. */
static void look_through_limits(void)
{
	for (uint32_t p = 0; p <= PRIORITY_MAX; p++) {
		while (kernel.timers.due >> p & 1)
			timer_sweep_step(p);
		if (!kernel.sched.ready[p].first)
			kernel.sched.bitmap &= ~(1u << p);
	}
}

static void take_after(image_t *image)
{
	look_through_limits();
	fake_leave();
	take(image);
}

static void put_back(const image_t *image)
{
	kernel = image->kernel;
	fake = image->fake;
	memcpy(fake_memory() + LOW_FIRST, image->low, LOW_BYTES);
	memcpy(fake_memory() + BENCH_RAM, image->ram, ram_bytes());
}

static void assert_same(const image_t *one, const image_t *other, uint32_t step)
{
	const char *what = NULL;
	if (one->kernel.sched.current != other->kernel.sched.current)
		what = "another thread runs";
	else if (memcmp(&one->kernel, &other->kernel, sizeof(kernel)) != 0)
		what = "another state of the kernel";
	else if (memcmp(&one->fake, &other->fake, sizeof(fake)) != 0)
		what = "another machine";
	else if (memcmp(one->low, other->low, LOW_BYTES) != 0 ||
		 memcmp(one->ram, other->ram, ram_bytes()) != 0)
		what = "other objects, registers or messages";
	if (what)
		fail_msg("step %u by the short way: %s", step, what);
}

/* -- One system call, three times. ------------------------------------------------------------
 */

/* Is another thread than this one current already, with nothing left to choose? */
static bool has_switched(const tcb_t *from)
{
	if (!kernel.sched.settled || kernel.sched.current == from)
		return false;
	assert_ptr_equal(fake.frame, &kernel.sched.current->frame);
	return true;
}

/* By the short way, if that takes it. */
static bool trap_short(void)
{
	const tcb_t *caller = kernel.sched.current;
	if (bench_short_way()) {
		assert_true(has_switched(caller));
		return true;
	}
	fake_enter();
	count.at_once += has_switched(caller);
	fake_leave();
	return false;
}

/* The way that the machine takes by itself, the short one if it can be taken, the long one. */
static void call_thrice(uint32_t step)
{
	static image_t before, whole, fast, slow;
	uint32_t number = kernel.sched.current->frame.eax;
	take(&before);
	fake_syscall();
	take_after(&whole);
	put_back(&before);
	bool taken = trap_short();
	take_after(&fast);
	put_back(&before);
	bench_long_way();
	fake_leave();
	take_after(&slow);
	assert_same(&fast, &slow, step);
	assert_same(&whole, &slow, step);
	if (!taken)
		count.others++;
	else if (number == SYS_IPC_CALL)
		count.calls++;
	else
		count.replies++;
}

/* -- One event, twice. ------------------------------------------------------------------ */

static uint32_t drawn[2];

static void fault(void)
{
	kernel_on_fault(FAULT_PAGE, drawn[0], drawn[1]);
}

static void interrupt(void)
{
	kernel_on_interrupt(drawn[0] % 2 ? LINE_WAITED : LINE_BOUND);
}

/* The way that the machine takes by itself, and the one on which all is left to choose. */
static void happen_twice(uint32_t step, void (*event)(void), uint32_t *switched)
{
	static image_t before, whole, slow;
	const tcb_t *interrupted = kernel.sched.current;
	drawn[0] = draw(UINT32_MAX);
	drawn[1] = draw(8);
	take(&before);
	event();
	*switched += has_switched(interrupted);
	fake_leave();
	take_after(&whole);
	put_back(&before);
	kernel.sched.settled = false;
	event();
	assert_false(kernel.sched.settled);
	fake_leave();
	take_after(&slow);
	assert_same(&whole, &slow, step);
}

/* -- What happens besides. -------------------------------------------------------------- */

static void wake_somebody(void)
{
	for (uint32_t i = 0; i < IDLE_LIMIT && !kernel.sched.current; i++) {
		kernel_on_tick();
		fake_leave();
	}
	while (!kernel.sched.current) {
		thread_resume(PICK(cast.tcb));
		fake_leave();
	}
}

/* Handles that died are replaced, so that there is always something to do. */
static void refresh(void)
{
	const cap_t original = cast.endpoint[0];
	for (uint32_t i = 2; i < 5; i++) {
		if (alive(bench.root, cast.endpoint[i]))
			continue;
		slot_t *slot = cspace_take(bench.table);
		if (!slot)
			return;
		const uint32_t rights[] = {RIGHT_READ, RIGHT_WRITE, RW};
		slot_derive(slot, slot_of(bench.root, original), rights[i - 2], draw(9), 0);
		cast.endpoint[i] = slot->name;
	}
}

/* What SYS_CAP_DERIVE made is let go when room is short. */
static void make_room(void)
{
	if (bench.table->free_count > 20)
		return;
	for (uint32_t i = CSPACE_FIRST; i < 1u << ROOT_BITS; i++) {
		slot_t *slot = cspace_slot(bench.table, i);
		if (slot->type == CAP_ENDPOINT && !slot->child && !slot->waiter &&
		    slot->name != cast.endpoint[0] && slot->name != cast.endpoint[1])
			slot_clear(slot);
	}
}

static void tick(void)
{
	fake.time_us += 1000;
	kernel_on_tick();
}

static void step_once(uint32_t step)
{
	if (!kernel.sched.current)
		wake_somebody();
	uint32_t what = draw(100);
	if (what < 10) {
		tick();
		fake_leave();
	} else if (what < 16) {
		happen_twice(step, fault, &count.faults);
	} else if (what < 24) {
		happen_twice(step, interrupt, &count.interrupts);
	} else {
		/* A tick that came in the middle of long work: even a thread that has spent
		 * its budget makes its call then. */
		if (draw(8) == 0)
			tick();
		ask(what);
		call_thrice(step);
	}
}

/* -- The scene. ------------------------------------------------------------------------- */

static cap_t derive(cap_t cap, uint32_t rights, uint32_t badge)
{
	return done(bench.root, SYS_CAP_DERIVE, cap, rights, badge, 0);
}

static void make_threads(void)
{
	cast.tcb[0] = bench.root;
	cast.thread[0] = bench.thread;
	cast.frame[0] = make(CAP_FRAME, 0);
	for (uint32_t i = 1; i < THREADS; i++) {
		cap_t thread = cast.thread[i] = make(CAP_THREAD, 0);
		cast.tcb[i] = object_of(thread);
		cast.frame[i] = make(CAP_FRAME, 0);
		cap_t vspace = i < 3 ? make(CAP_VSPACE, 0) : bench.vspace;
		done(bench.root, SYS_THREAD_BIND, thread, BIND_CSPACE, bench.cspace, 0);
		done(bench.root, SYS_THREAD_BIND, thread, BIND_VSPACE, vspace, 0);
		done(bench.root, SYS_THREAD_BIND, thread, BIND_BUFFER, cast.frame[i], 0);
		done(bench.root, SYS_THREAD_BIND, thread, BIND_FAULT, cast.endpoint[i % 2],
		     100 + i);
		done(bench.root, SYS_THREAD_SET, thread, THREAD_PRIORITY, 1 + draw(3), 0);
		done(bench.root, SYS_THREAD_SET, thread, THREAD_MAX_PRIORITY, PRIORITY_MAX, 0);
		done(bench.root, SYS_THREAD_RESUME, thread, 0, 0, 0);
	}
	done(bench.root, SYS_THREAD_BIND, cast.thread[1], BIND_NOTIFICATION, cast.notification,
	     0);
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, 2, 0);
}

static cap_t derive_line(uint32_t line)
{
	return derive(bench.irq, RIGHT_READ, IRQ_SCOPE(line, line));
}

static void make_scene(void)
{
	cast.endpoint[0] = make(CAP_ENDPOINT, 0);
	cast.endpoint[1] = make(CAP_ENDPOINT, 0);
	cast.endpoint[2] = derive(cast.endpoint[0], RIGHT_READ, 0);
	cast.endpoint[3] = derive(cast.endpoint[0], RIGHT_WRITE, 5);
	cast.endpoint[4] = derive(cast.endpoint[0], RW, 6);
	cast.endpoint[5] = CAP_NULL;
	cast.endpoint[6] = cast.endpoint[0] + (1u << ROOT_BITS);
	cast.notification = make(CAP_NOTIFICATION, 0);
	cast.endpoint[7] = cast.notification;
	cast.line = derive_line(LINE_WAITED);
	done(bench.root, SYS_IRQ_BIND, derive_line(LINE_BOUND), cast.notification, 1, 0);
	for (uint32_t i = 0; i < REPLIES; i++)
		cast.reply[i] = make(CAP_REPLY, 0);
	cast.reply[REPLIES] = CAP_NULL;
	cast.reply[REPLIES + 1] = cast.endpoint[1];
	make_threads();
}

static void the_short_way_does_what_the_long_one_does(void **state)
{
	for (uint32_t run = 1; run <= SEEDS; run++) {
		bench_setup(state);
		draw_from(run * 0x9e3779b9u);
		make_scene();
		for (uint32_t step = 0; step < STEPS; step++) {
			step_once(step);
			if (step % CHECK_EVERY == 0) {
				make_room();
				refresh();
				check_all();
			}
		}
	}
	print_message("fast path: %u calls and %u replies the short way, %u calls of the long "
		      "way only; %u of them, %u faults and %u interrupts with a switch at "
		      "once; all the same\n",
		      count.calls, count.replies, count.others, count.at_once, count.faults,
		      count.interrupts);
	assert_true(count.calls > 1000);
	assert_true(count.replies > 1000);
	assert_true(count.others > 1000);
	assert_true(count.at_once > 100);
	assert_true(count.faults > 20);
	assert_true(count.interrupts > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_short_way_does_what_the_long_one_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
