/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task of the test with several hostile threads in one process. It makes a server and
 * a client, whose heartbeats it watches, and one hostile process after the other until enough
 * calls were made; after each the kernel's counters must be what they were before. "seed=N" and
 * "calls=N" are on the kernel's command line; the same seed gives the same run. */
#include "abi/message.h"
#include "bench.h"
#include "cap/string.h"
#include "crowd.h"

#define IMAGE_AT	  0x63000000u /* the boot module: child.c */
#define PAGES_AT	  0x64000000u /* the pages that are shared with the processes */
#define HOSTILE_BITS	  19u
#define PEACEFUL_BITS	  17u
#define CHILD_CSPACE	  9u
#define SPARE_BITS	  15u /* of an untyped that the hostile process holds */
#define PRIORITY_CHILD	  5u
#define PROCESS_STACK_TOP 0x60000000u
#define LOOK_MS		  20u
#define SILENCE_LOOKS	  50u	 /* without a heartbeat: a second */
#define STUCK_LOOKS	  10u	 /* without a call: the thread begins again */
#define INSTANCE_CALLS	  40000u /* then another one is made */
#define INSTANCE_LOOKS	  3000u	 /* the same if it takes a minute */
#define SEED_STEP	  0x9e3779b9u
#define FIRST_PORT	  0x300u
#define LAST_PORT	  0x303u
#define LINE		  5u
#define MEMORY		  0xa0000u
#define RIGHTS_RW	  (RIGHT_READ | RIGHT_WRITE)
#define CHILDREN	  3u

int main(void);

typedef struct child {
	process_t process;
	cap_t untyped, frame, copy; /* frame: of its shared page; copy: mapped there */
	crowd_t *page;
} child_t;

static child_t child[CHILDREN]; /* by role */
static cap_t faults, endpoint, port, line, memory;
static elf_plan_t plan;
static struct {
	uint32_t beats[CHILDREN], silent[CHILDREN]; /* of those that are not hostile */
	uint32_t calls[CROWD], stuck[CROWD];
	cap_t thread[CROWD];
	uint32_t faults, begun;
} watch;

static uint32_t read_number(const char *word)
{
	const char *at = boot_info()->cmdline;
	size_t length = strlen(word);
	while (*at && strncmp(at, word, length) != 0)
		at++;
	uint32_t number = 0;
	for (at += *at ? length : 0; *at >= '0' && *at <= '9'; at++)
		number = number * 10 + (uint32_t)(*at - '0');
	return number;
}

/* -- Making processes. -------------------------------------------------------------------- */

static cap_t take(const child_t *of, uint32_t type, uint32_t bits)
{
	return must("make for a child", untyped_retype(of->untyped, type, bits, CAP_NULL));
}

static void map(const child_t *to, cap_t frame, uint32_t virt)
{
	must("map for a child",
	     process_map(world_maker(), &to->process, frame, virt, RIGHTS_RW));
}

static cap_t hand(const child_t *to, cap_t cap, uint32_t rights)
{
	return must("give to a child", cap_delegate(to->process.cspace, cap, rights, 0));
}

static void create(child_t *made)
{
	const process_config_t config = {.untyped = made->untyped,
					 .image = (const void *)IMAGE_AT,
					 .plan = &plan,
					 .cspace_bits = CHILD_CSPACE,
					 .stack_top = PROCESS_STACK_TOP,
					 .stack_pages = 1,
					 .buffer = MESSAGE_BUFFER,
					 .priority = PRIORITY_CHILD,
					 .fault_endpoint = faults,
					 .fault_badge = CROWD + 1};
	must("make a process", process_create(world_maker(), &config, &made->process));
	made->copy = must("share", cap_derive(made->frame, RIGHTS_RW, 0, 0));
	map(made, made->copy, SHARED_AT);
}

static void own(child_t *to, cap_t cap, uint32_t rights)
{
	to->page->own[to->page->own_count++] = hand(to, cap, rights);
}

/* A hostile thread's stack, buffer, and all that it needs but registers. */
static void add_thread(child_t *to, uint32_t number)
{
	cap_t thread = take(to, CAP_THREAD, 0), buffer = take(to, CAP_FRAME, 0);
	map(to, take(to, CAP_FRAME, 0), STACK_AT + number * CROWD_STACK_BYTES);
	to->page->frame[number] = hand(to, buffer, RIGHTS_RW);
	map(to, buffer, ALIAS_AT + number * PAGE_SIZE);
	must("bind", thread_bind(thread, BIND_FAULT, faults, number + 1));
	must("set", thread_set(thread, THREAD_PRIORITY, PRIORITY_CHILD));
	must("set", thread_set(thread, THREAD_MAX_PRIORITY, PRIORITY_CHILD));
	to->page->thread[number] = hand(to, thread, RIGHTS_RW);
	to->page->own[to->page->own_count++] = to->page->thread[number];
	to->page->own[to->page->own_count++] = to->page->frame[number];
	watch.thread[number] = thread;
}

static void equip(child_t *to)
{
	own(to, to->process.cspace, RIGHTS_RW);
	own(to, to->process.vspace, RIGHT_WRITE);
	to->page->vspace = to->page->own[1];
	to->page->own[to->page->own_count++] =
	    must("give memory",
		 untyped_retype(to->untyped, CAP_UNTYPED, SPARE_BITS, to->process.cspace));
	own(to, take(to, CAP_ENDPOINT, 0), RIGHTS_RW | RIGHT_GRANT);
	own(to, take(to, CAP_REPLY, 0), RIGHT_WRITE);
	own(to, take(to, CAP_NOTIFICATION, 0), RIGHTS_RW);
	own(to, port, RIGHTS_RW);
	own(to, line, RIGHT_READ);
	own(to, memory, RIGHTS_RW);
	for (uint32_t i = 0; i < CROWD; i++)
		add_thread(to, i);
}

static void make_page(uint32_t role, uint32_t bits)
{
	child_t *made = &child[role];
	made->untyped = make(CAP_UNTYPED, bits);
	made->frame = make(CAP_FRAME, 0);
	cap_t mine = must("share", cap_derive(made->frame, RIGHTS_RW, 0, 0));
	made->page = (crowd_t *)(PAGES_AT + role * PAGE_SIZE);
	must("share",
	     process_map(world_maker(), world_root(), mine, (uint32_t)made->page, RIGHTS_RW));
	made->page->role = role;
}

static void make_peaceful(uint32_t role, uint32_t rights)
{
	make_page(role, PEACEFUL_BITS);
	create(&child[role]);
	child[role].page->endpoint = hand(&child[role], endpoint, rights);
	child[role].page->reply =
	    hand(&child[role], take(&child[role], CAP_REPLY, 0), RIGHT_WRITE);
	child[role].page->idle =
	    hand(&child[role], take(&child[role], CAP_NOTIFICATION, 0), RIGHT_READ);
	must("start", thread_resume(child[role].process.thread));
}

/* -- Watching them. ----------------------------------------------------------------------- */

/* A thread begins again, with whatever it lost. What it did is the kernel's affair. */
static void begin(uint32_t number)
{
	const child_t *of = &child[ROLE_HOSTILE];
	cap_t thread = watch.thread[number];
	const thread_registers_t registers = {
	    .eip = of->page->entry, .esp = STACK_AT + (number + 1) * CROWD_STACK_BYTES - 16};
	must("stop a thread", thread_suspend(thread));
	must("bind", thread_bind(thread, BIND_CSPACE, of->process.cspace, 0));
	must("bind", thread_bind(thread, BIND_VSPACE, of->process.vspace, 0));
	must("bind", thread_bind(thread, BIND_FAULT, faults, number + 1));
	must("set", thread_set(thread, THREAD_PRIORITY, PRIORITY_CHILD));
	must("set registers", thread_write(thread, &registers));
	must("start a thread", thread_resume(thread));
	watch.stuck[number] = 0;
	watch.begun++;
}

/* Waits a little, or until one of them faults. */
static void look(void)
{
	message_t message;
	err_t err = ipc_receive(faults, CAP_NULL, LOOK_MS, &message);
	if (err == DRV_ETIMEDOUT)
		return;
	must("hear of faults", err);
	if (message.badge == CROWD + 1)
		return; /* the first thread has ended, or a peaceful one: its heart stops */
	watch.faults++;
	begin(message.badge - 1);
}

static void check_hearts(void)
{
	for (uint32_t role = ROLE_SERVER; role <= ROLE_CLIENT; role++) {
		const crowd_t *page = child[role].page;
		if (page->wrong)
			fail("a neighbour got a wrong answer", DRV_EIO);
		if (page->beats != watch.beats[role])
			watch.silent[role] = 0;
		else if (++watch.silent[role] == SILENCE_LOOKS)
			fail("a neighbour's heart stopped", DRV_ETIMEDOUT);
		watch.beats[role] = page->beats;
	}
}

/* All calls of this instance. Threads that are stuck begin again. */
static uint32_t check_calls(void)
{
	const crowd_t *page = child[ROLE_HOSTILE].page;
	uint32_t sum = 0;
	for (uint32_t i = 0; i < CROWD; i++) {
		if (page->calls[i] == watch.calls[i] && ++watch.stuck[i] == STUCK_LOOKS)
			begin(i);
		else if (page->calls[i] != watch.calls[i])
			watch.stuck[i] = 0;
		watch.calls[i] = page->calls[i];
		sum += page->calls[i];
	}
	return sum;
}

static void read_audit(audit_report_t *report)
{
	must("read the audit", audit_read(boot_info()->caps[BOOT_CAP_AUDIT].cap, report));
	report->timers = report->spurious = 0;
}

static void compare_audits(const audit_report_t *before)
{
	audit_report_t after;
	read_audit(&after);
	const uint32_t *a = (const uint32_t *)before, *b = (const uint32_t *)&after;
	for (uint32_t i = 0; i < AUDIT_WORDS; i++)
		if (a[i] != b[i]) {
			report("crowd: word %u of the audit: %u before, %u after", i, a[i],
			       b[i]);
			fail("something is left", DRV_ENOMEM);
		}
}

/* One hostile process, from nothing to nothing. */
static uint32_t live_and_die(uint32_t seed)
{
	child_t *hostile = &child[ROLE_HOSTILE];
	audit_report_t before;
	uint32_t calls = 0;
	read_audit(&before);
	memset(hostile->page, 0, sizeof(*hostile->page));
	memset(&watch.calls, 0, sizeof(watch.calls));
	hostile->page->seed = seed;
	watch.faults = watch.begun = 0;
	create(hostile);
	equip(hostile);
	must("start", thread_resume(hostile->process.thread));
	while (!hostile->page->entry)
		look();
	for (uint32_t i = 0; i < CROWD; i++)
		begin(i);
	for (uint32_t i = 0; i < INSTANCE_LOOKS && calls < INSTANCE_CALLS; i++) {
		look();
		check_hearts();
		calls = check_calls();
	}
	must("end it", cap_revoke(hostile->untyped));
	must("end it", cap_release(hostile->copy));
	const crowd_t *page = hostile->page;
	report("crowd: seed %u: %u %u %u %u calls, %u succeeded, %u without buffer, %u moves, "
	       "%u faults, %u begun, hash %08x",
	       seed, page->calls[0], page->calls[1], page->calls[2], page->calls[3],
	       page->succeeded, page->lost, page->moves, watch.faults, watch.begun, page->hash);
	compare_audits(&before);
	return calls;
}

static void prepare(void)
{
	const boot_info_t *info = boot_info();
	uint32_t pages = (info->archive_size + PAGE_SIZE - 1) / PAGE_SIZE;
	const char *why;
	must("page tables",
	     process_add_tables(world_maker(), world_root(), IMAGE_AT, pages * PAGE_SIZE));
	must("map the module", cap_mmio_map(info->caps[BOOT_CAP_ARCHIVE].cap, IMAGE_AT, pages));
	must("check the image",
	     elf_check((const void *)IMAGE_AT, info->archive_size, &plan, &why));
	faults = make(CAP_ENDPOINT, 0);
	endpoint = make(CAP_ENDPOINT, 0);
	port = must("ports", cap_acquire(CAP_PIO, PIO_SCOPE(FIRST_PORT, LAST_PORT), 0));
	line = must("a line", cap_acquire(CAP_IRQ, IRQ_SCOPE(LINE, LINE), 0));
	memory = must("memory", cap_acquire(CAP_MMIO, MEMORY, PAGE_SIZE));
	make_page(ROLE_HOSTILE, HOSTILE_BITS);
	make_peaceful(ROLE_SERVER, RIGHT_READ);
	make_peaceful(ROLE_CLIENT, RIGHT_WRITE);
}

int main(void)
{
	report_init();
	world_init();
	uint32_t seed = read_number("seed="), wanted = read_number("calls="), calls = 0;
	prepare();
	for (; calls < wanted; seed += SEED_STEP)
		calls += live_and_die(seed);
	report("crowd: %u calls, %u and %u heartbeats, audit equal", calls,
	       child[ROLE_SERVER].page->beats, child[ROLE_CLIENT].page->beats);
	finish();
}
