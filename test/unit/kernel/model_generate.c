/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes up sequences: first processes that can talk to each other and to the hardware, then
 * what they do. The same seed makes the same sequence. */
#include "generate.h"

#include <string.h>

#include "bench.h"

#define PROCESSES  3u
#define SETUP_MOST 200u
#define CROWD	   46u /* capabilities that fill what is left of a cspace */
#define QUIET_MOST 20u

static op_t setup[SETUP_MOST];
static uint32_t setups;
static uint32_t quiet; /* operations without anybody who could run */

/* -- The processes. ---------------------------------------------------------------------- */

#define BY_NAME(i) (1u << (i))

static uint32_t preparer; /* whose calls they are */
static bool crowded;	  /* the last process has no free slot */

/* A call; the name of what it makes. Now and then one is left out. */
static uint32_t prepare(uint32_t number, uint32_t named, uint32_t a0, uint32_t a1, uint32_t a2,
			uint32_t a3)
{
	op_t *op = &setup[setups++];
	*op = (op_t){.id = setups,
		     .kind = OP_CALL,
		     .actor = preparer,
		     .number = one_in(80) ? (uint32_t)SYS_NULL : number,
		     .named = named,
		     .arg = {a0, a1, a2, a3}};
	return NAME(op->id);
}

static uint32_t prepare_object(uint32_t untyped, uint32_t type, uint32_t bits, uint32_t cspace)
{
	return prepare(SYS_UNTYPED_RETYPE, BY_NAME(0) | BY_NAME(3), untyped, type, bits,
		       cspace);
}

static uint32_t prepare_copy(uint32_t cspace, uint32_t cap, uint32_t rights, uint32_t badge)
{
	return prepare(SYS_CAP_DELEGATE, BY_NAME(0) | BY_NAME(1), cspace, cap, rights, badge);
}

static void prepare_bind(uint32_t thread, uint32_t what, uint32_t cap, uint32_t badge)
{
	prepare(SYS_THREAD_BIND, BY_NAME(0) | BY_NAME(2), thread, what, cap, badge);
}

static void prepare_map(uint32_t space, uint32_t cap)
{
	prepare(SYS_VSPACE_MAP, BY_NAME(0) | BY_NAME(1), space, cap, 0, 0);
}

typedef struct model_process {
	uint32_t thread, space, cspace, untyped;
	uint32_t own_space, table, bitmap; /* as its own calls name them */
} model_process_t;

/* A thread of the process. */
static uint32_t prepare_thread(const model_process_t *process)
{
	uint32_t frame = prepare_object(process->untyped, CAP_FRAME, 0, 0);
	uint32_t thread = prepare_object(process->untyped, CAP_THREAD, 0, 0);
	prepare_bind(thread, BIND_CSPACE, process->cspace, 0);
	prepare_bind(thread, BIND_VSPACE, process->space, 0);
	prepare_bind(thread, BIND_BUFFER, frame, 0);
	prepare(SYS_THREAD_SET, BY_NAME(0), thread, THREAD_MAX_PRIORITY, PRIORITY_USUAL + 2, 0);
	prepare(SYS_THREAD_SET, BY_NAME(0), thread, THREAD_PRIORITY, PRIORITY_USUAL, 0);
	return thread;
}

static model_process_t prepare_spaces(void)
{
	model_process_t made = {.untyped = prepare_object(NAME_UNTYPED, CAP_UNTYPED, 17, 0)};
	made.space = prepare_object(made.untyped, CAP_VSPACE, 0, 0);
	made.cspace = prepare_object(made.untyped, CAP_CSPACE, CSPACE_BITS_MIN, 0);
	made.thread = prepare_thread(&made);
	return made;
}

/* Copies with which less can be done. */
static void prepare_weak(uint32_t cspace, uint32_t endpoint, uint32_t notification,
			 uint32_t thread)
{
	prepare_copy(cspace, endpoint, RIGHT_READ, 0);
	prepare_copy(cspace, endpoint, RIGHT_WRITE, 0);
	prepare_copy(cspace, notification, RIGHT_READ, 0);
	prepare_copy(cspace, notification, RIGHT_WRITE, 0);
	prepare_copy(cspace, thread, RIGHT_READ, 0);
	prepare_copy(cspace, thread, RIGHT_WRITE, 0);
	prepare_copy(cspace, cspace, RIGHT_READ, 0);
	prepare_copy(cspace, cspace, RIGHT_WRITE, 0);
}

/* What every process has for itself alone. */
static void prepare_own(model_process_t *process)
{
	static const uint8_t types[] = {CAP_REPLY, CAP_REPLY, CAP_NOTIFICATION,
					CAP_FRAME, CAP_FRAME, CAP_PTABLE};
	for (uint32_t i = 0; i < sizeof(types); i++)
		prepare_object(process->untyped, types[i], 0, process->cspace);
	process->table = prepare_object(process->untyped, CAP_PTABLE, 0, process->cspace);
	process->bitmap = prepare_object(process->untyped, CAP_IOBITMAP, 0, process->cspace);
	prepare_object(process->untyped, CAP_UNTYPED, 15, process->cspace);
}

/* What they share. */
typedef struct common {
	uint32_t endpoint, notification, reply, mmio, line[PROCESSES], shared;
} common_t;

static uint32_t prepare_line(uint32_t line, uint32_t trigger)
{
	return prepare(SYS_CAP_DERIVE, BY_NAME(0), NAME_IRQ, RIGHT_READ | RIGHT_INSPECT,
		       IRQ_SCOPE(line, line), trigger);
}

static common_t prepare_common(void)
{
	common_t common;
	common.endpoint = prepare_object(NAME_UNTYPED, CAP_ENDPOINT, 0, 0);
	common.notification = prepare_object(NAME_UNTYPED, CAP_NOTIFICATION, 0, 0);
	common.reply = prepare_object(NAME_UNTYPED, CAP_REPLY, 0, 0);
	common.mmio = prepare(SYS_CAP_DERIVE, BY_NAME(0), NAME_MMIO, RW, BENCH_MMIO_FIRST,
			      16 * PAGE_SIZE);
	for (uint32_t i = 0; i < PROCESSES; i++)
		common.line[i] = prepare_line(3 + i, i == 2 ? IRQ_LEVEL : IRQ_EDGE);
	common.shared = prepare_line(9, IRQ_LEVEL_SHARED);
	return common;
}

static model_process_t prepare_process(uint32_t i, const common_t *common)
{
	uint32_t endpoint = common->endpoint, notification = common->notification;
	model_process_t made = prepare_spaces();
	if (i == 0)
		prepare_bind(made.thread, BIND_FAULT, endpoint, 9);
	if (i == 1)
		prepare_bind(made.thread, BIND_NOTIFICATION, notification, 0);
	prepare_copy(made.cspace, endpoint, (i == 2 ? RW : RW | RIGHT_GRANT) | RIGHT_INSPECT,
		     i == 1 ? 1 : 0);
	prepare_copy(made.cspace, notification, RW, i == 2 ? 4 : 0);
	prepare_copy(made.cspace, made.thread, RW | RIGHT_INSPECT, 0);
	made.own_space = prepare_copy(made.cspace, made.space, RIGHT_WRITE, 0);
	prepare_copy(made.cspace, made.cspace, RW, 0);
	prepare_copy(made.cspace, NAME_PIO, RW, PIO_SCOPE(0x60, 0x6f));
	prepare_copy(made.cspace, common->line[i], RIGHT_READ | RIGHT_INSPECT, 0);
	prepare_copy(made.cspace, common->shared, RIGHT_READ | RIGHT_INSPECT, 0);
	if (i == 0)
		prepare_copy(made.cspace, NAME_AUDIT, RIGHT_READ, 0);
	prepare_copy(made.cspace, common->mmio, RW, 0);
	prepare_copy(made.cspace, common->reply, RIGHT_WRITE, 0);
	prepare_own(&made);
	if (i == 1)
		prepare_weak(made.cspace, endpoint, notification, made.thread);
	for (uint32_t j = 0; i == 2 && crowded && j < CROWD; j++)
		prepare_copy(made.cspace, notification, RW, 0);
	prepare(SYS_THREAD_RESUME, BY_NAME(0), made.thread, 0, 0, 0);
	if (i == 0) /* which has two threads */
		prepare(SYS_THREAD_RESUME, BY_NAME(0), prepare_thread(&made), 0, 0, 0);
	return made;
}

void generate_begin(uint64_t seed)
{
	model_process_t made[PROCESSES];
	random_begin(seed);
	setups = quiet = preparer = 0;
	crowded = one_in(4);
	common_t common = prepare_common();
	for (uint32_t i = 0; i < PROCESSES; i++)
		made[i] = prepare_process(i, &common);
	prepare(SYS_THREAD_SET, BY_NAME(0), NAME_THREAD, THREAD_PRIORITY, PRIORITY_USUAL, 0);
	for (uint32_t i = 0; i < PROCESSES; i++) {
		preparer = made[i].thread;
		prepare_map(made[i].own_space, made[i].table);
		prepare_map(made[i].own_space, made[i].bitmap);
	}
}

/* -- What they do. ----------------------------------------------------------------------- */

/* How often each call is made, next to the others; not named: USUAL times. */
#define USUAL 4u
static const uint8_t weights[SYS_COUNT] = {
    [SYS_NULL] = 1,
    [SYS_CAP_ACQUIRE] = 6,
    [SYS_CAP_RELEASE] = 8,
    [SYS_CAP_PIO_RW] = 3,
    [SYS_CAP_IRQ_WAIT] = 6,
    [SYS_CAP_MMIO_MAP] = 8,
    [SYS_CAP_MMIO_UNMAP] = 3,
    [SYS_CAP_DERIVE] = 12,
    [SYS_CAP_DELEGATE] = 12,
    [SYS_CAP_REVOKE] = 7,
    [SYS_CAP_INFO] = 2,
    [SYS_CSPACE_LIST] = 3,
    [SYS_UNTYPED_RETYPE] = 16,
    [SYS_VSPACE_MAP] = 14,
    [SYS_THREAD_BIND] = 6,
    [SYS_THREAD_SET] = 5,
    [SYS_THREAD_RESUME] = 10,
    [SYS_THREAD_SUSPEND] = 2,
    [SYS_THREAD_READ] = 2,
    [SYS_THREAD_WRITE] = 2,
    [SYS_THREAD_EXIT] = 1,
    [SYS_YIELD] = 2,
    [SYS_IPC_SEND] = 14,
    [SYS_IPC_RECV] = 16,
    [SYS_IPC_CALL] = 18,
    [SYS_IPC_REPLY] = 10,
    [SYS_IPC_REPLY_RECV] = 10,
    [SYS_NOTIFICATION_SIGNAL] = 8,
    [SYS_NOTIFICATION_WAIT] = 12,
    [SYS_NOTIFICATION_TELL] = 8,
    [SYS_IRQ_BIND] = 5,
    [SYS_CLOCK] = 1,
    [SYS_AUDIT] = 2,
    [SYS_CAP_PIO_MAP] = 5,
    [SYS_CAP_PIO_UNMAP] = 2,
    [SYS_INSPECT] = 8,
    [SYS_TRACE] = 2,
};

static uint32_t weight_of(uint32_t number)
{
	return weights[number] ? weights[number] : USUAL;
}

/* What ends things, or needs much: rarer for the root, which the others live on. */
static bool is_for(uint32_t number, bool root)
{
	bool ends = number == SYS_CAP_RELEASE || number == SYS_CAP_REVOKE ||
		    number == SYS_THREAD_SUSPEND || number == SYS_THREAD_EXIT ||
		    number == SYS_THREAD_BIND;
	return !root || !ends || one_in(4);
}

static uint32_t pick_number(bool root)
{
	uint32_t sum = 0;
	if (one_in(500))
		return SYS_COUNT + (one_in(2) ? 0 : below(100));
	for (uint32_t i = 0; i < SYS_COUNT; i++)
		sum += weight_of(i);
	for (;;) {
		uint32_t at = below(sum), number = 0;
		for (; at >= weight_of(number); number++)
			at -= weight_of(number);
		if (is_for(number, root))
			return number;
	}
}

/* Any of the threads that could run now. */
static const m_object_t *pick_actor(void)
{
	const m_object_t *chosen = NULL;
	uint32_t seen = 0;
	for (m_object_t *at = m_next_thread(NULL); at; at = m_next_thread(at))
		if (can_run(at) && one_in(++seen))
			chosen = at;
	return chosen;
}

static bool reads_buffer(uint32_t number)
{
	return (number >= SYS_IPC_SEND && number <= SYS_IPC_REPLY_RECV) ||
	       number == SYS_THREAD_WRITE || number == SYS_NOTIFICATION_TELL;
}

static void generate_call(op_t *op)
{
	op->kind = OP_CALL;
	op->number = pick_number(op->actor == 0);
	if (op->number < SYS_COUNT)
		pick_arguments(op);
	if (one_in(12))
		spoil_argument(op);
	if (reads_buffer(op->number))
		pick_buffer(op);
}

static void generate_interrupt(op_t *op)
{
	op->kind = OP_INTERRUPT;
	op->arg[0] = below(IRQ_LINES);
	for (uint32_t i = 0; i < 8 && !model.line[op->arg[0]].unmasked; i++)
		op->arg[0] = below(IRQ_LINES);
}

bool generate(op_t *op, uint32_t id)
{
	if (id <= setups) {
		*op = setup[id - 1];
		return true;
	}
	const m_object_t *actor = pick_actor();
	uint32_t choice = below(100);
	memset(op, 0, sizeof(*op));
	op->id = id;
	op->actor = actor ? actor->name : 0;
	if (choice < 6 || (!actor && choice < 70)) {
		op->kind = OP_TICKS;
		op->arg[0] = one_in(actor ? 8 : 2) ? 1 + below(60) : 1 + below(2);
	} else if (choice < 12 || !actor) {
		generate_interrupt(op);
	} else if (choice < 14 && op->actor != 0) {
		op->kind = OP_FAULT;
		op->arg[0] = FAULT_PAGE + below(FAULT_ALIGNMENT - FAULT_PAGE + 1);
		op->arg[1] = random_word();
		op->arg[2] = below(32);
	} else {
		generate_call(op);
	}
	quiet = actor ? 0 : quiet + 1;
	return quiet < QUIET_MOST && root_owns_all() && !sequence_lost;
}
