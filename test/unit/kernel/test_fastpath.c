/* SPDX-License-Identifier: BSD-2-Clause */
/* The short ways through the kernel against the long one: random threads do random things, and
 * every system call, fault and interrupt comes twice from the same state, with the short ways
 * and without them. The kernel's state, all objects, all registers and messages, the machine
 * and who runs next must be the same to the byte. */
#include "bench.h"
#include "check.h"

#define SEEDS	     4u
#define STEPS	     12000u
#define THREADS	     6u
#define REPLIES	     3u
#define CHECK_EVERY  32u
#define IDLE_LIMIT   40u /* ticks after which a sleeper is woken */
#define LONG_TIMEOUT 30u
#define LINE_WAITED  5u
#define LINE_BOUND   6u
#define LOW_FIRST    0x00010000u /* what the bench makes by hand */
#define LOW_BYTES    0x00020000u

/* What a step can find: handles of all kinds, most of them good. */
static struct {
	tcb_t *tcb[THREADS];
	cap_t thread[THREADS], frame[THREADS];
	cap_t endpoint[8];
	cap_t reply[REPLIES + 2];
	cap_t notification, line;
} cast;

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

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

#define PICK(array) ((array)[draw(sizeof(array) / sizeof((array)[0]))])

/* -- The machine before and after. ------------------------------------------------------ */

static uint32_t ram_bytes(void)
{
	return slot_of(bench.root, bench.untyped)->used;
}

static void take(image_t *image)
{
	fake_count_from_here();
	image->kernel = kernel;
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

static void load(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	arch_frame_t *frame = &kernel.sched.current->frame;
	frame->eax = number;
	frame->ebx = a0;
	frame->esi = a1;
	frame->edi = a2;
	frame->ebp = a3;
	frame->eip += 2;
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

/* -- What the current thread asks for. -------------------------------------------------- */

static uint32_t random_timeout(void)
{
	const uint32_t timeouts[] = {TIMEOUT_POLL, 1, LONG_TIMEOUT, TIMEOUT_FOREVER,
				     TIMEOUT_FOREVER};
	return PICK(timeouts);
}

static uint32_t random_info(void)
{
	const uint32_t words[] = {0, 1, 2, 3, 4, 17, MSG_WORDS - 1, MSG_WORDS, MSG_WORDS + 1};
	const uint32_t labels[] = {0, 1, 2, 3, 4, 5, 6, MSG_LABEL_KERNEL - 1, MSG_LABEL_KERNEL};
	return MSG_INFO(PICK(labels), PICK(words), draw(16) ? 0 : draw(MSG_CAPS + 2));
}

/* Most of the time one that is good for everything. */
static cap_t random_endpoint(void)
{
	return draw(4) ? cast.endpoint[draw(2)] : PICK(cast.endpoint);
}

static void fill_buffer(void)
{
	message_buffer_t *buffer = thread_buffer(kernel.sched.current);
	if (!buffer)
		return;
	buffer->timeout_ms = random_timeout();
	buffer->reply = PICK(cast.reply);
	buffer->accept = draw(3);
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		buffer->caps[i] = PICK(cast.endpoint);
	for (uint32_t i = 0; i < 8; i++)
		buffer->words[draw(2) ? i : draw(MSG_WORDS)] = draw(UINT32_MAX);
}

/* The reply object that answers somebody who waits, if there is one. */
static void aim_reply(void)
{
	message_buffer_t *buffer = thread_buffer(kernel.sched.current);
	for (uint32_t i = 0; buffer && i < REPLIES; i++)
		if (((reply_t *)object_of(cast.reply[i]))->caller)
			buffer->reply = cast.reply[i];
}

static void ask_message(void)
{
	fill_buffer();
	if (draw(4))
		aim_reply();
	const uint32_t numbers[] = {SYS_IPC_CALL,	SYS_IPC_CALL, SYS_IPC_REPLY_RECV,
				    SYS_IPC_REPLY_RECV, SYS_IPC_SEND, SYS_IPC_REPLY};
	uint32_t number = PICK(numbers);
	cap_t cap = number == SYS_IPC_REPLY ? PICK(cast.reply) : random_endpoint();
	load(number, cap, random_info(), draw(UINT32_MAX), draw(UINT32_MAX));
}

static void ask_receive(void)
{
	fill_buffer();
	load(SYS_IPC_RECV, random_endpoint(), draw(6) ? PICK(cast.reply) : CAP_NULL,
	     random_timeout(), 0);
}

static void ask_thread(void)
{
	const uint32_t priorities[] = {1, 2, 2, 3, PRIORITY_MAX};
	cap_t thread = PICK(cast.thread);
	uint32_t what = draw(6);
	if (what == 0)
		load(SYS_THREAD_SET, thread, THREAD_PRIORITY, PICK(priorities), 0);
	else if (what == 1)
		load(SYS_THREAD_SET, thread, THREAD_BUDGET,
		     draw(4) ? 0 : THREAD_BUDGET_MS(1, 2 + draw(8)), 0);
	else if (what == 2)
		load(draw(3) ? SYS_THREAD_RESUME : SYS_THREAD_SUSPEND, thread, 0, 0, 0);
	else if (what == 3)
		load(SYS_YIELD, 0, 0, 0, 0);
	else
		load(SYS_THREAD_BIND, thread, BIND_BUFFER,
		     draw(4) ? cast.frame[draw(THREADS)] : CAP_NULL, 0);
}

/* Wakes who waits for bits, or waits for them, or for an interrupt. */
static void ask_wait(void)
{
	const notification_t *notification = object_of(cast.notification);
	uint32_t what = draw(4);
	if (what == 0)
		load(SYS_CAP_IRQ_WAIT, cast.line, random_timeout(), 0, 0);
	else if (what == 1 || !notification->queue.first)
		load(SYS_NOTIFICATION_WAIT, cast.notification, random_timeout(), 0, 0);
	else
		load(SYS_NOTIFICATION_SIGNAL, cast.notification, 1 + draw(3), 0, 0);
}

static void ask_other(void)
{
	uint32_t what = draw(5);
	uint32_t mode = draw(3);
	if (what == 0)
		load(SYS_ENDPOINT_CANCEL, random_endpoint(), mode,
		     mode == CANCEL_REOPEN ? 0 : (uint32_t)DRV_EGONE, 0);
	else if (what == 1)
		load(SYS_ENDPOINT_CANCEL, random_endpoint(), CANCEL_REOPEN, 0, 0);
	else if (what == 2)
		load(SYS_NOTIFICATION_SIGNAL, cast.notification, draw(4), 0, 0);
	else if (what == 3)
		load(SYS_CAP_REVOKE, PICK(cast.endpoint), 0, 0, 0);
	else
		load(SYS_CAP_DERIVE, PICK(cast.endpoint), RW, draw(2) ? draw(100) : 0, 0);
}

/* What a server or a client in its right mind would do now. */
static void ask_sensibly(void)
{
	cap_t cap = cast.endpoint[draw(2)];
	const endpoint_t *endpoint = object_of(cap);
	fill_buffer();
	aim_reply();
	message_buffer_t *buffer = thread_buffer(kernel.sched.current);
	if (endpoint->closed)
		load(SYS_ENDPOINT_CANCEL, cap, CANCEL_REOPEN, 0, 0);
	else if (!buffer)
		load(SYS_THREAD_BIND, PICK(cast.thread), BIND_BUFFER, PICK(cast.frame), 0);
	else if (slot_of(bench.root, buffer->reply) && draw(3))
		load(SYS_IPC_REPLY_RECV, cap, MSG_INFO(1, draw(6), 0), draw(9), draw(9));
	else if (endpoint->queue.first && !endpoint->sending)
		load(SYS_IPC_CALL, cap, MSG_INFO(2, draw(6), 0), draw(9), draw(9));
	else
		load(SYS_IPC_RECV, cap, cast.reply[draw(REPLIES)], TIMEOUT_FOREVER, 0);
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

static void ask(uint32_t what)
{
	if (what < 60)
		ask_sensibly();
	else if (what < 76)
		ask_message();
	else if (what < 81)
		ask_receive();
	else if (what < 92)
		ask_wait();
	else if (what < 96)
		ask_thread();
	else
		ask_other();
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
		seed = run * 0x9e3779b9u;
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
