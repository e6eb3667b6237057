/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine of refusal_world.h. All of it is made by system calls; only capabilities without
 * a single right are not: no call makes them, so a slot's rights are taken away by hand. */
#include "refusal_world.h"

#include "check.h"

#define BITS	     8u /* log2 of the slots of the caller and of the other process */
#define SLOTS	     (1u << BITS)
#define SMALL_BITS   13u /* log2 of the bytes of an untyped */
#define SEED	     0x2545f491u
#define OTHER_LINE   6u
#define OWNED_LINE   7u
#define AWAITED_LINE 9u
#define PORTS_LAST   0xfff0u

refusal_world_t world;

static cap_t own_cspace, other_cspace, full_cspace; /* the root's handles */
static cap_t own_vspace, other_vspace;
static cap_t dummy; /* what slots are filled with */

/* -- Making capabilities. --------------------------------------------------------------- */

static cap_t delegate(cap_t cspace, cap_t cap, uint32_t rights, uint32_t badge)
{
	return done(bench.root, SYS_CAP_DELEGATE, cspace, cap, rights, badge);
}

/* A new object, or a part of the root's range, of which the root keeps the parent. */
static cap_t put(cap_t untyped, cap_t cspace, uint32_t type, cap_t *parent)
{
	uint32_t bits = type == CAP_UNTYPED  ? SMALL_BITS
			: type == CAP_CSPACE ? CSPACE_BITS_MIN
					     : 0;
	*parent = untyped;
	if (type == CAP_PIO)
		*parent = done(bench.root, SYS_CAP_DERIVE, bench.pio, RW | RIGHT_GRANT,
			       PIO_SCOPE(PORT_FIRST, PORT_LAST), PIO_WIDTH_ALL);
	else if (type == CAP_IRQ)
		*parent = done(bench.root, SYS_CAP_DERIVE, bench.irq, type_rights(type),
			       IRQ_SCOPE(LINE, LINE), 0);
	else if (type == CAP_MMIO)
		*parent = done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW | RIGHT_GRANT,
			       MMIO_BASE, MMIO_PAGES * PAGE_SIZE);
	else if (!bench_is_retyped(type))
		*parent = done(bench.root, SYS_CAP_DERIVE, bench_root_cap(type),
			       type_rights(type), 0, 0);
	else
		return done(bench.root, SYS_UNTYPED_RETYPE, untyped, type, bits, cspace);
	return delegate(cspace, *parent, type_rights(type), 0);
}

cap_t world_put(cap_t untyped, uint32_t type, cap_t *parent)
{
	return put(untyped, own_cspace, type, parent);
}

static cap_t put_own(uint32_t type)
{
	cap_t parent;
	return put(bench.untyped, own_cspace, type, &parent);
}

/* Uses up the free slots of a cspace; `made` gets the handles. */
static uint32_t fill(cap_t cspace, cap_t *made)
{
	const cspace_t *table = object_of(cspace);
	uint32_t count = 0;
	while (table->free_count)
		made[count++] = delegate(cspace, dummy, RIGHT_READ, 0);
	return count;
}

static void release(tcb_t *tcb, cap_t cap)
{
	done(tcb, SYS_CAP_RELEASE, cap, 0, 0, 0);
}

static tcb_t *thread_make(cap_t cspace, cap_t vspace, message_buffer_t **buffer)
{
	cap_t thread = make(CAP_THREAD, 0);
	if (cspace)
		done(bench.root, SYS_THREAD_BIND, thread, BIND_CSPACE, cspace, 0);
	done(bench.root, SYS_THREAD_BIND, thread, BIND_VSPACE, vspace, 0);
	if (buffer) {
		cap_t frame = make(CAP_FRAME, 0);
		*buffer = object_of(frame);
		(*buffer)->timeout_ms = TIMEOUT_FOREVER;
		(*buffer)->accept = 1;
		done(bench.root, SYS_THREAD_BIND, thread, BIND_BUFFER, frame, 0);
	}
	done(bench.root, SYS_THREAD_SET, thread, THREAD_PRIORITY, LIMIT, 0);
	done(bench.root, SYS_THREAD_SET, thread, THREAD_MAX_PRIORITY, LIMIT, 0);
	done(bench.root, SYS_THREAD_RESUME, thread, 0, 0, 0);
	return object_of(thread);
}

static tcb_t *other_thread(void)
{
	message_buffer_t *buffer;
	return thread_make(other_cspace, other_vspace, &buffer);
}

static void make_processes(void)
{
	message_buffer_t *buffer;
	/* Nobody is more urgent than the others, so no long work is interrupted half-way. */
	done(bench.root, SYS_THREAD_SET, bench.thread, THREAD_PRIORITY, LIMIT, 0);
	dummy = make(CAP_NOTIFICATION, 0);
	own_cspace = world.cspace = make(CAP_CSPACE, BITS);
	other_cspace = make(CAP_CSPACE, BITS);
	full_cspace = make(CAP_CSPACE, CSPACE_BITS_MIN);
	own_vspace = make(CAP_VSPACE, 0);
	other_vspace = make(CAP_VSPACE, 0);
	world.caller[AS_CALLER] = thread_make(own_cspace, own_vspace, &world.buffer);
	world.caller[AS_BARE] = thread_make(own_cspace, other_vspace, NULL);
	world.caller[AS_HOMELESS] = thread_make(CAP_NULL, other_vspace, &buffer);
	world.caller[AS_FULL] = thread_make(full_cspace, other_vspace, &buffer);
}

/* -- Objects in every state. ------------------------------------------------------------ */

static void make_spaces(void)
{
	tcb_t *caller = world.caller[AS_CALLER];
	cap_t *role = world.role;
	cap_t parent;
	role[ROLE_OWN_CSPACE] = delegate(own_cspace, own_cspace, RW, 0);
	role[ROLE_CSPACE_FULL] = delegate(own_cspace, full_cspace, RW, 0);
	role[ROLE_OWN_VSPACE] = delegate(own_cspace, own_vspace, RIGHT_WRITE, 0);
	role[ROLE_UNTYPED_USED] = put_own(CAP_UNTYPED);
	done(caller, SYS_UNTYPED_RETYPE, role[ROLE_UNTYPED_USED], CAP_UNTYPED, SMALL_BITS,
	     CAP_NULL);
	role[ROLE_UNTYPED_WHOLE] = bench_add_memory(thread_cspace(caller), 0);
	role[ROLE_FRAME_MAPPED] = put_own(CAP_FRAME);
	role[ROLE_PTABLE_MAPPED] = put_own(CAP_PTABLE);
	role[ROLE_IOBITMAP_IN_USE] = put_own(CAP_IOBITMAP);
	cap_t vspace = role[ROLE_OWN_VSPACE];
	done(caller, SYS_VSPACE_MAP, vspace, role[ROLE_PTABLE_MAPPED], TABLE_AT, 0);
	done(caller, SYS_VSPACE_MAP, vspace, role[ROLE_FRAME_MAPPED], MAPPED_AT, RIGHT_READ);
	done(caller, SYS_VSPACE_MAP, vspace, role[ROLE_IOBITMAP_IN_USE], 0, 0);
	role[ROLE_FRAME_IN_FULL] = put(bench.untyped, full_cspace, CAP_FRAME, &parent);
}

static void make_threads(void)
{
	const tcb_t *own = world.caller[AS_CALLER];
	cap_t other = make(CAP_THREAD, 0);
	done(bench.root, SYS_THREAD_BIND, other, BIND_VSPACE, other_vspace, 0);
	world.role[ROLE_OTHER_THREAD] = delegate(own_cspace, other, RW, 0);
	/* The root made the caller's thread before its own handles are known here. */
	for (uint32_t i = CSPACE_FIRST; i < 1u << ROOT_BITS; i++) {
		slot_t *slot = cspace_slot(bench.table, i);
		if (slot->type == CAP_THREAD && arch_pointer(slot->object) == own)
			world.role[ROLE_OWN_THREAD] = delegate(own_cspace, slot->name, RW, 0);
	}
}

/* An endpoint at which a thread of `cspace` waits. */
static cap_t make_waited(tcb_t *receiver, cap_t cspace, cap_t reply)
{
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t theirs = delegate(cspace, endpoint, RIGHT_READ, 0);
	blocks(receiver, SYS_IPC_RECV, theirs, reply, TIMEOUT_FOREVER, 0);
	return endpoint;
}

static void make_endpoints(void)
{
	message_buffer_t *buffer;
	tcb_t *caller = world.caller[AS_CALLER];
	cap_t *role = world.role;
	cap_t all = RIGHT_READ | RIGHT_WRITE | RIGHT_GRANT;
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	role[ROLE_ENDPOINT_BADGED] = delegate(own_cspace, endpoint, all, 7);
	role[ROLE_ENDPOINT_CLOSED] = put_own(CAP_ENDPOINT);
	done(caller, SYS_ENDPOINT_CANCEL, role[ROLE_ENDPOINT_CLOSED], CANCEL_CLOSE,
	     (uint32_t)CLOSED_WITH, 0);

	cap_t reply = make(CAP_REPLY, 0);
	role[ROLE_REPLY_OFFERED] = delegate(own_cspace, reply, RIGHT_WRITE, 0);
	cap_t offered = delegate(other_cspace, reply, RIGHT_WRITE, 0);
	endpoint = make_waited(other_thread(), other_cspace, offered);
	role[ROLE_ENDPOINT_SERVED] = delegate(own_cspace, endpoint, all, 0);
	role[ROLE_SERVED_NO_GRANT] = delegate(own_cspace, endpoint, RW, 0);
	endpoint = make_waited(other_thread(), other_cspace, CAP_NULL);
	role[ROLE_ENDPOINT_ONEWAY] = delegate(own_cspace, endpoint, all, 0);
	endpoint =
	    make_waited(thread_make(full_cspace, other_vspace, &buffer), full_cspace, CAP_NULL);
	role[ROLE_ENDPOINT_CROWDED] = delegate(own_cspace, endpoint, all, 0);

	endpoint = make(CAP_ENDPOINT, 0);
	role[ROLE_REPLY_TIED] = put_own(CAP_REPLY);
	cap_t read = delegate(own_cspace, endpoint, RIGHT_READ, 0);
	cap_t write = delegate(other_cspace, endpoint, RIGHT_WRITE, 0);
	blocks(other_thread(), SYS_IPC_CALL, write, MSG_INFO(1, 0, 0), 0, 0);
	done(caller, SYS_IPC_RECV, read, role[ROLE_REPLY_TIED], TIMEOUT_POLL, 0);
}

static void make_notifications(void)
{
	cap_t notification = make(CAP_NOTIFICATION, 0);
	world.role[ROLE_NOTIFICATION_BADGED] = delegate(own_cspace, notification, RW, 2);
	notification = make(CAP_NOTIFICATION, 0);
	world.role[ROLE_NOTIFICATION_BOUND] = delegate(own_cspace, notification, RW, 0);
	done(bench.root, SYS_THREAD_BIND, bench.thread, BIND_NOTIFICATION, notification, 0);
}

static cap_t make_line(uint32_t line)
{
	return delegate(own_cspace, bench.irq, RIGHT_READ, IRQ_SCOPE(line, line));
}

static void make_devices(void)
{
	tcb_t *caller = world.caller[AS_CALLER];
	cap_t *role = world.role;
	message_buffer_t *buffer;
	cap_t taken = done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ,
			   IRQ_SCOPE(OTHER_LINE, OTHER_LINE), 0);
	done(bench.root, SYS_IRQ_BIND, taken, dummy, 1, 0);
	role[ROLE_IRQ_MANY] = delegate(own_cspace, bench.irq, RIGHT_READ, 0);
	role[ROLE_IRQ_TAKEN] = make_line(OTHER_LINE);
	role[ROLE_IRQ_OWNED] = make_line(OWNED_LINE);
	done(caller, SYS_IRQ_BIND, role[ROLE_IRQ_OWNED], role[ROLE_NOTIFICATION_BADGED], 1, 0);
	role[ROLE_IRQ_AWAITED] = make_line(AWAITED_LINE);
	blocks(thread_make(own_cspace, other_vspace, &buffer), SYS_CAP_IRQ_WAIT,
	       role[ROLE_IRQ_AWAITED], TIMEOUT_FOREVER, 0, 0);

	cap_t bytes = done(bench.root, SYS_CAP_DERIVE, bench.pio, RW | RIGHT_GRANT,
			   PIO_SCOPE(BYTES_FIRST, BYTES_FIRST + 1), PIO_WIDTH_8);
	role[ROLE_PIO_BYTES] = delegate(own_cspace, bytes, RW, 0);
	role[ROLE_PIO_LAST] =
	    delegate(own_cspace, bench.pio, RW, PIO_SCOPE(PORTS_LAST, BENCH_PORT_LAST));
	role[ROLE_PIO_MAPPED] =
	    delegate(own_cspace, bench.pio, RW, PIO_SCOPE(OPEN_FIRST, OPEN_FIRST + 7));
	role[ROLE_PIO_OVERLAP] =
	    delegate(own_cspace, bench.pio, RW, PIO_SCOPE(OPEN_FIRST, OPEN_FIRST + 3));
	done(caller, SYS_CAP_PIO_MAP, role[ROLE_PIO_MAPPED], 0, 0, 0);

	cap_t page = done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW, 0xe0100000u, PAGE_SIZE);
	role[ROLE_MMIO_MAPPED] = delegate(own_cspace, page, RW, 0);
	done(caller, SYS_CAP_MMIO_MAP, role[ROLE_MMIO_MAPPED], MAPPED_AT + PAGE_SIZE, 1, 0);
	page = done(bench.root, SYS_CAP_DERIVE, bench.mmio, RW, 0xfffff000u, PAGE_SIZE);
	role[ROLE_MMIO_LAST] = delegate(own_cspace, page, RW, 0);
}

/* -- A capability of each type with each set of rights. --------------------------------- */

/* In a slot that had two owners before: its generation is the third. */
static void make_full(uint32_t type, cap_t filler)
{
	tcb_t *caller = world.caller[AS_CALLER];
	release(caller, filler);
	cap_t second = put_own(type);
	release(caller, second);
	world.by_rights[type][type_rights(type)] = put_own(type);
	world.dead[type][DEAD_PAST] = filler;
	world.dead[type][DEAD_STALE] = second;
}

static void make_lesser(uint32_t type)
{
	tcb_t *caller = world.caller[AS_CALLER];
	uint32_t all = type_rights(type);
	for (uint32_t rights = 1; rights < all; rights++)
		if ((rights & ~all) == 0 && object_types[type].narrow)
			world.by_rights[type][rights] =
			    done(caller, SYS_CAP_DERIVE, full_cap(type), rights, 0, 0);
	world.by_rights[type][0] = put_own(type);
}

/* -- Handles that name nothing. --------------------------------------------------------- */

static uint32_t next_random(void)
{
	static uint32_t state = SEED;
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static cap_t random_dead(uint32_t mask, uint32_t bits)
{
	cap_t handle;
	do {
		handle = (next_random() & ~mask) | bits;
	} while (slot_of(world.caller[AS_CALLER], handle));
	return handle;
}

static void make_numbers(uint32_t type)
{
	cap_t *dead = world.dead[type];
	cap_t live = full_cap(type);
	uint32_t index = live & (SLOTS - 1);
	dead[DEAD_FUTURE] = live + SLOTS;
	dead[DEAD_NEXT] = dead[DEAD_RELEASED] + SLOTS;
	dead[DEAD_WRAPPED] = live | 0x80000000u;
	dead[DEAD_NO_GENERATION] = index;
	dead[DEAD_ALL_GENERATIONS] = index | ~(SLOTS - 1);
	dead[DEAD_RANDOM_GENERATION] = random_dead(SLOTS - 1, index);
	dead[DEAD_RANDOM_SLOT] = random_dead(0, 0);
	dead[DEAD_SLOT_ZERO] = type << BITS;
	dead[DEAD_SLOT_LAST] = (type << BITS) | (SLOTS - 1);
	dead[DEAD_NEGATIVE] = (cap_t) - (int32_t)type;
	dead[DEAD_ALL_ONES] = UINT32_MAX;
}

/* In the other process, where every slot had an owner before. */
static void make_foreign(void)
{
	static cap_t fillers[SLOTS];
	cap_t parent;
	tcb_t *other = other_thread();
	uint32_t count = fill(other_cspace, fillers);
	for (uint32_t i = 0; i < count; i++)
		release(other, fillers[i]);
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
		cap_t foreign = put(bench.untyped, other_cspace, type, &parent);
		assert_int_equal(slot_of(other, foreign)->type, type);
		world.dead[type][DEAD_FOREIGN] = foreign;
	}
}

/* Both while the caller's cspace has room; they die when the other slots are used up. */
static void make_doomed(cap_t parents[CAP_TYPE_COUNT])
{
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
		cap_t untyped = make(CAP_UNTYPED, 14);
		world.dead[type][DEAD_RELEASED] = put_own(type);
		world.dead[type][DEAD_REVOKED] = put(untyped, own_cspace, type, &parents[type]);
	}
}

static void check_dead(void)
{
	tcb_t *caller = world.caller[AS_CALLER];
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
		assert_int_equal(slot_of(caller, full_cap(type))->type, type);
		for (uint32_t i = 0; i < DEAD_COUNT; i++)
			assert_null(slot_of(caller, world.dead[type][i]));
		cap_t next = world.dead[type][DEAD_NEXT];
		assert_int_equal(cspace_slot(thread_cspace(caller), next & (SLOTS - 1))->name,
				 next);
	}
}

void world_make(void)
{
	static cap_t fillers[SLOTS], crowd[SLOTS];
	cap_t parents[CAP_TYPE_COUNT] = {0};
	tcb_t *caller;
	make_processes();
	caller = world.caller[AS_CALLER];
	make_spaces();
	make_threads();
	make_endpoints();
	make_notifications();
	make_devices();
	make_doomed(parents);
	make_foreign();
	fill(full_cspace, crowd);
	uint32_t count = fill(own_cspace, fillers), used = 0;
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++)
		make_full(type, fillers[used++]);
	while (used < count)
		release(caller, fillers[used++]);
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
		make_lesser(type);
		make_numbers(type);
	}
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
		release(caller, world.dead[type][DEAD_RELEASED]);
		done(bench.root, SYS_CAP_REVOKE, parents[type], 0, 0, 0);
	}
	check_all();
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++)
		slot_of(caller, world.by_rights[type][0])->rights = 0;
	check_dead();
}
