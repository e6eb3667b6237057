/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects, spaces and threads of the benchmark. A second address space is a copy of this
 * program's own image: the same code at the same addresses, in memory of its own. */
#include "bench.h"
#include "cap/string.h"

extern const char data_start[], image_end[];

static struct world {
	process_maker_t maker;
	process_t root;
	cap_t cspace;
	cap_t idle; /* never signalled */
	cap_t shared_frames[SHARED_PAGES];
} world;

const process_maker_t *world_maker(void)
{
	return &world.maker;
}

const process_t *world_root(void)
{
	return &world.root;
}

cap_t world_pool(void)
{
	return world.root.untyped;
}

uint32_t must(const char *what, int32_t value)
{
	if (value < 0)
		fail(what, value);
	return (uint32_t)value;
}

cap_t make(uint32_t type, uint32_t bits)
{
	return must("make an object", untyped_retype(world_pool(), type, bits, CAP_NULL));
}

static bool covers(const struct boot_cap_entry *entry, uint32_t type, uint32_t address)
{
	if (entry->type != type)
		return false;
	if (type == CAP_PIO)
		return PIO_SCOPE_FIRST(entry->scope0) <= address &&
		       address <= PIO_SCOPE_LAST(entry->scope0);
	return entry->scope0 <= address && address - entry->scope0 < entry->scope1;
}

cap_t find_boot_cap(uint32_t type, uint32_t address)
{
	const boot_info_t *info = boot_info();
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++)
		if (covers(&info->caps[i], type, address))
			return info->caps[i].cap;
	return CAP_NULL;
}

static cap_t largest_untyped(void)
{
	const boot_info_t *info = boot_info();
	cap_t found = CAP_NULL;
	uint32_t bits = 0;
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++) {
		if (info->caps[i].type != CAP_UNTYPED || info->caps[i].scope1 <= bits)
			continue;
		found = info->caps[i].cap;
		bits = info->caps[i].scope1;
	}
	return found;
}

cap_t world_whole(uint32_t bits)
{
	static uint8_t taken[BOOT_CAPS_MAX];
	const boot_info_t *info = boot_info();
	uint32_t found = 0;
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++) {
		if (info->caps[i].type != CAP_UNTYPED || info->caps[i].scope1 < bits ||
		    info->caps[i].cap == world_pool() || taken[i])
			continue;
		if (!found || info->caps[i].scope1 < info->caps[found].scope1)
			found = i;
	}
	if (!found)
		fail("find memory", DRV_ENOMEM);
	taken[found] = 1;
	return info->caps[found].cap;
}

cap_t world_memory(uint32_t bits)
{
	return must("make memory",
		    untyped_retype(world_whole(bits), CAP_UNTYPED, bits, CAP_NULL));
}

static void map_shared(const process_t *process)
{
	for (uint32_t i = 0; i < SHARED_PAGES; i++) {
		uint32_t frame =
		    must("share a page",
			 cap_derive(world.shared_frames[i], RIGHT_READ | RIGHT_WRITE, 0, 0));
		must("map a shared page",
		     process_map(&world.maker, process, frame, SHARED_BASE + i * PAGE_SIZE,
				 RIGHT_READ | RIGHT_WRITE));
	}
}

void world_init(void)
{
	const boot_info_t *info = boot_info();
	world.cspace = info->caps[BOOT_CAP_CSPACE].cap;
	world.maker = (process_maker_t){.vspace = info->caps[BOOT_CAP_VSPACE].cap,
					.scratch = SCRATCH_BASE,
					.table_span = info->table_span};
	world.root = (process_t){.untyped = largest_untyped(), .vspace = world.maker.vspace};
	must("page tables",
	     process_add_tables(&world.maker, &world.root, SCRATCH_BASE, PAGE_SIZE));
	for (uint32_t i = 0; i < SHARED_PAGES; i++)
		world.shared_frames[i] = make(CAP_FRAME, 0);
	map_shared(&world.root);
	world.idle = make(CAP_NOTIFICATION, 0);
	must("own priority",
	     thread_set(info->caps[BOOT_CAP_THREAD].cap, THREAD_PRIORITY, PRIORITY_ROOT));
}

static cap_t copy_page(uint32_t from)
{
	cap_t frame = make(CAP_FRAME, 0);
	must("map a page to fill", vspace_map(world.maker.vspace, frame, world.maker.scratch,
					      RIGHT_READ | RIGHT_WRITE));
	memcpy((void *)world.maker.scratch, (const void *)from, PAGE_SIZE);
	must("unmap a page", vspace_unmap(frame));
	return frame;
}

static void map_new(const process_t *process, uint32_t virt)
{
	must("map a page", process_map(&world.maker, process, make(CAP_FRAME, 0), virt,
				       RIGHT_READ | RIGHT_WRITE));
}

space_t space_clone(void)
{
	space_t space = {.vspace = make(CAP_VSPACE, 0), .buffer = make(CAP_FRAME, 0)};
	process_t process = {.untyped = world_pool(), .vspace = space.vspace};
	for (uint32_t at = ROOT_BASE; at < (uint32_t)image_end; at += PAGE_SIZE)
		must("map the image",
		     process_map(&world.maker, &process, copy_page(at), at,
				 at < (uint32_t)data_start ? RIGHT_READ | RIGHT_EXEC
							   : RIGHT_READ | RIGHT_WRITE));
	for (uint32_t at = 0; at < STACKS * STACK_BYTES; at += PAGE_SIZE)
		map_new(&process, STACKS_BASE + at);
	for (uint32_t at = 0; at < CROWD_PAGES * PAGE_SIZE; at += PAGE_SIZE)
		map_new(&process, CROWD_STACKS + at);
	must("map the message buffer", process_map(&world.maker, &process, space.buffer,
						   MESSAGE_BUFFER, RIGHT_READ | RIGHT_WRITE));
	map_shared(&process);
	return space;
}

static void thread_fill(const space_t *space, cap_t cspace, cap_t thread, uint32_t priority,
			void (*entry)(void), uint32_t stack_top)
{
	const thread_registers_t registers = {.eip = (uint32_t)entry, .esp = stack_top - 4};
	must("bind a cspace", thread_bind(thread, BIND_CSPACE, cspace, 0));
	must("bind a vspace", thread_bind(thread, BIND_VSPACE, space->vspace, 0));
	must("bind a buffer", thread_bind(thread, BIND_BUFFER, space->buffer, 0));
	must("set a priority", thread_set(thread, THREAD_PRIORITY, priority));
	must("set registers", thread_write(thread, &registers));
}

cap_t thread_make(const space_t *space, uint32_t priority, void (*entry)(void), uint32_t stack)
{
	cap_t thread = make(CAP_THREAD, 0);
	thread_fill(space, world.cspace, thread, priority, entry,
		    STACKS_BASE + (stack + 1) * STACK_BYTES);
	return thread;
}

cap_t thread_start(const space_t *space, uint32_t priority, void (*entry)(void), uint32_t stack)
{
	cap_t thread = thread_make(space, priority, entry, stack);
	must("start a thread", thread_resume(thread));
	return thread;
}

void thread_start_in(const space_t *space, cap_t untyped, cap_t home, cap_t keeper,
		     uint32_t priority, void (*entry)(void), uint32_t stack_top)
{
	cap_t thread = must("make a thread", untyped_retype(untyped, CAP_THREAD, 0, CAP_NULL));
	thread_fill(space, home, thread, priority, entry, stack_top);
	must("keep a thread", cap_delegate(keeper, thread, RIGHT_READ | RIGHT_WRITE, 0));
	must("start a thread", thread_resume(thread));
	must("let go of a thread", cap_release(thread));
}

void wait_done(const char *what)
{
	uint32_t bits;
	must(what, notification_wait(shared()->done, BENCH_TIMEOUT, &bits));
}

void rest(uint32_t timeout_ms)
{
	uint32_t bits;
	notification_wait(world.idle, timeout_ms, &bits);
}
