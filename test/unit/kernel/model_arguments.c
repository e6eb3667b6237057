/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes up the arguments of calls, so that most of them succeed and now and then one does not:
 * it looks at the model to find what a call could sensibly be given. */
#include "generate.h"

#include "abi/boot.h"
#include "bench.h"
#include "call_table.h"

/* The size of a frame that begins in memory that frames held and ends behind it; 0: none. */
static uint32_t bits_across(const m_cap_t *untyped)
{
	for (uint32_t bits = FRAME_BITS_MIN; bits <= untyped->last; bits++) {
		uint64_t size = (uint64_t)1 << bits;
		uint64_t start = (untyped->used + size - 1) / size * size;
		if (start < untyped->stale && untyped->stale < start + size)
			return bits;
	}
	return 0;
}

static void pick_retype(op_t *op)
{
	const m_cap_t *untyped = offer(op, 0, CAP_UNTYPED, ANY);
	op->arg[1] = one_in(5) ? (uint32_t)CAP_FRAME : 1 + below(CAP_TYPE_COUNT);
	if (op->arg[1] == CAP_UNTYPED)
		op->arg[2] = one_in(8) ? below(40) : 12 + below(3);
	else if (op->arg[1] == CAP_CSPACE)
		op->arg[2] = one_in(8) ? 5 : CSPACE_BITS_MIN + one_in(3);
	else if (op->arg[1] == CAP_FRAME)
		op->arg[2] = one_in(3) ? FRAME_BITS_MIN + below(one_in(8) ? 12 : 3) : 0;
	else
		op->arg[2] = one_in(16);
	if (one_in(op->arg[1] == CAP_FRAME ? 3 : 40))
		op->arg[2] |= RETYPE_STALE;
	if (op->arg[1] == CAP_FRAME && untyped && bits_across(untyped) && one_in(4))
		op->arg[2] = RETYPE_STALE | bits_across(untyped);
	if (one_in(6))
		op->arg[2] |= RETYPE_LIMIT(1 + below(3));
	if (one_in(3))
		offer(op, 3, CAP_CSPACE, ANY);
}

static void pick_map(op_t *op)
{
	static const uint8_t types[] = {CAP_FRAME, CAP_FRAME, CAP_PTABLE, CAP_IOBITMAP};
	static const uint8_t rights[] = {RIGHT_READ, RW, RIGHT_READ | RIGHT_EXEC,
					 RW | RIGHT_EXEC, 0};
	uint32_t type = PICK(types);
	const m_cap_t *space = offer(op, 0, CAP_VSPACE, ANY);
	offer(op, 1, type, UNMAPPED);
	if (type == CAP_FRAME)
		op->arg[2] = pick_page(space ? space->object : NULL);
	else if (type == CAP_PTABLE)
		op->arg[2] =
		    one_in(10) ? USER_END + below(2) : MODEL_SPAN * below(MODEL_TABLES);
	else
		op->arg[2] = one_in(10);
	op->arg[3] = PICK(rights);
}

static void pick_mmio_map(op_t *op)
{
	static const uint32_t pages[] = {
	    1, 1, 1, 2, 2, 3, 4, 0, 130, 260, MMIO_MAP_PAGES + 1, 0x80000000u};
	offer(op, 0, CAP_MMIO, UNMAPPED);
	op->arg[1] = pick_page(m_bound(thread_named(op->actor), BIND_VSPACE));
	op->arg[2] = PICK(pages);
}

static void pick_bind(op_t *op)
{
	static const uint8_t types[] = {CAP_CSPACE,   CAP_VSPACE,	CAP_FRAME,
					CAP_ENDPOINT, CAP_NOTIFICATION, CAP_UNTYPED};
	offer(op, 0, CAP_THREAD, ANY);
	op->arg[1] = one_in(3) ? below(BIND_COUNT + 1) : BIND_FAULT + below(2);
	if (!one_in(6))
		offer(op, 2, types[op->arg[1]], ANY);
	if (one_in(op->arg[1] == BIND_FAULT ? 2 : 20))
		op->arg[3] = 1 + below(9);
}

static void pick_set(op_t *op)
{
	static const uint32_t budgets[] = {THREAD_BUDGET_MS(1, 2), THREAD_BUDGET_MS(1, 4),
					   THREAD_BUDGET_MS(2, 3), THREAD_BUDGET_MS(3, 5),
					   THREAD_BUDGET_MS(0, 3), THREAD_BUDGET_MS(3, 3)};
	offer(op, 0, CAP_THREAD, ANY);
	op->arg[1] = below(4);
	if (op->arg[1] == THREAD_BUDGET)
		op->arg[2] = one_in(3) ? 0 : PICK(budgets);
	else
		op->arg[2] = one_in(8) ? below(40) : PRIORITY_USUAL - 1 + below(3);
}

static void pick_message(op_t *op)
{
	op->arg[1] = pick_info(op->number == SYS_IPC_REPLY || op->number == SYS_IPC_REPLY_RECV);
	op->arg[2] = op->id;
	op->arg[3] = random_word() & 0xff;
}

static void pick_derive(op_t *op, uint32_t cap_at)
{
	const m_cap_t *cap = offer(op, cap_at, CAP_NONE, DERIVABLE);
	uint32_t type = cap ? cap->type : (uint32_t)CAP_NONE;
	op->arg[cap_at + 1] = pick_rights(cap);
	if (cap_at == 0) {
		pick_scope(op, 2, type, cap);
		return;
	}
	op_t scope = *op;
	pick_scope(&scope, 2, type, cap);
	op->arg[3] = type == CAP_MMIO ? 0 : scope.arg[2];
	offer(op, 0, CAP_CSPACE, ANY);
}

static wish_t wish_for(uint32_t number)
{
	switch (number) {
	case SYS_CAP_PIO_MAP:
		return UNMAPPED;
	case SYS_VSPACE_UNMAP:
	case SYS_CAP_MMIO_UNMAP:
	case SYS_CAP_PIO_UNMAP:
		return MAPPED;
	case SYS_CAP_RELEASE:
	case SYS_CAP_REVOKE:
		return one_in(2) ? WAITED : ANY;
	default:
		return ANY;
	}
}

/* Where a read value is kept. */
static void pick_place(op_t *op)
{
	if (!one_in(6))
		op->arg[1] &= ~(PIO_OP_WRITE(0, 0) | 1u << 20);
	offer(op, 2, CAP_FRAME, ANY);
	op->arg[3] = one_in(8) ? 1u << below(24) : 8 * below(sizeof(message_buffer_t) / 8);
}

/* Calls whose first argument says almost all. */
static void pick_simple(op_t *op)
{
	uint32_t type;
	call_argument_is_handle(op->number, 0, &type);
	offer(op, 0, type, wish_for(op->number));
	if (op->number == SYS_CAP_PIO_RW || op->number == SYS_CAP_PIO_KEEP) {
		op->arg[1] = 0x60 + below(16);
		op->arg[1] = PIO_OP_READ(op->arg[1], 1u << below(3));
		op->arg[1] |= one_in(2) ? PIO_OP_WRITE(0, 0) : 0;
		op->arg[1] |= one_in(16) ? 1u << 20 : 0;
		op->arg[2] = random_word();
		if (op->number == SYS_CAP_PIO_KEEP)
			pick_place(op);
	} else if (op->number == SYS_CAP_REVOKE) {
		op->arg[1] = one_in(3) ? 1 + below(4) : 0;
	} else if (op->number == SYS_CSPACE_LIST) {
		op->arg[1] = below(70);
	} else if (op->number == SYS_ENDPOINT_CANCEL) {
		op->arg[1] = one_in(2) ? CANCEL_REOPEN : below(4);
		op->arg[2] = op->arg[1] == CANCEL_REOPEN ? one_in(8) : 0u - below(24);
	} else if (op->number == SYS_NOTIFICATION_SIGNAL) {
		op->arg[1] = one_in(8) ? 0 : 1u << below(8);
	} else if (op->number == SYS_NOTIFICATION_TELL) {
		pick_message(op);
		if (!one_in(8))
			op->arg[1] = MSG_INFO(MSG_LABEL(op->arg[1]), op->arg[1] & 0xff, 0);
		op->arg[2] = one_in(8) ? 0 : 1u << below(8);
	} else if (op->number == SYS_NOTIFICATION_WAIT) {
		op->arg[1] = pick_timeout(op);
	} else {
		for (uint32_t i = 1; i < CALL_ARGUMENTS; i++)
			if (call_argument_is_handle(op->number, i, &type))
				offer(op, i, type, ANY);
	}
}

static void pick_device(op_t *op)
{
	static const uint8_t types[] = {CAP_IRQ, CAP_PIO, CAP_MMIO, CAP_FRAME};
	switch (op->number) {
	case SYS_CAP_ACQUIRE:
		op->arg[0] = one_in(16) ? types[3] : types[below(3)];
		pick_scope(op, 1, op->arg[0], NULL);
		return;
	case SYS_CAP_MMIO_MAP:
		pick_mmio_map(op);
		return;
	case SYS_CAP_IRQ_WAIT:
		op->arg[1] = pick_timeout(op);
		break;
	case SYS_IRQ_BIND:
		offer(op, 1, CAP_NOTIFICATION, ANY);
		op->arg[2] = one_in(12) ? 0 : 1u << below(8);
		break;
	default:
		break;
	}
	offer(op, 0, CAP_IRQ, SINGLE);
}

static void pick_ipc(op_t *op)
{
	bool replies = op->number == SYS_IPC_REPLY;
	offer(op, 0, replies ? CAP_REPLY : CAP_ENDPOINT, replies ? TIED : ANY);
	if (op->number != SYS_IPC_RECV) {
		pick_message(op);
		return;
	}
	if (!one_in(6))
		offer(op, 1, CAP_REPLY, FREE);
	op->arg[2] = pick_timeout(op);
	if (one_in(3))
		offer(op, 3, CAP_IRQ, SINGLE);
}

void pick_arguments(op_t *op)
{
	switch (op->number) {
	case SYS_CAP_ACQUIRE:
	case SYS_CAP_MMIO_MAP:
	case SYS_CAP_IRQ_WAIT:
	case SYS_IRQ_BIND:
	case SYS_IRQ_ACK:
		pick_device(op);
		break;
	case SYS_CAP_DERIVE:
		pick_derive(op, 0);
		break;
	case SYS_CAP_DELEGATE:
		pick_derive(op, 1);
		break;
	case SYS_UNTYPED_RETYPE:
		pick_retype(op);
		break;
	case SYS_VSPACE_MAP:
		pick_map(op);
		break;
	case SYS_THREAD_BIND:
		pick_bind(op);
		break;
	case SYS_THREAD_SET:
		pick_set(op);
		break;
	case SYS_IPC_SEND:
	case SYS_IPC_RECV:
	case SYS_IPC_CALL:
	case SYS_IPC_REPLY:
	case SYS_IPC_REPLY_RECV:
		pick_ipc(op);
		break;
	case SYS_THREAD_EXIT:
		op->arg[0] = below(100);
		break;
	default:
		pick_simple(op);
	}
}

/* Any name at all, of something that is alive or not. */
static uint32_t any_name(void)
{
	return model.cap[below(model.caps)].name;
}

void spoil_argument(op_t *op)
{
	uint32_t i = one_in(2) ? 0 : below(4);
	bool number = one_in(2) && !(op->named >> i & 1);
	if (op->number == SYS_CAP_MMIO_MAP && i != 0)
		op->arg[i] = random_word() | 0x80000001u; /* no page, too many pages */
	else if (number && op->number != SYS_VSPACE_MAP)
		op->arg[i] = random_word();
	else if (number)
		op->arg[i] = random_word() | 1; /* no page */
	else if (op->named >> i & 1)
		op->arg[i] = any_name();
	if (op->named >> i & 1 && one_in(6)) {
		op->named &= ~(1u << i); /* a handle of a slot that is none */
		op->arg[i] = one_in(2) ? 1u << CSPACE_BITS_MIN : 1u << ROOT_BITS;
		op->arg[i] *= below(4);
	}
}

void pick_buffer(op_t *op)
{
	const m_object_t *thread = thread_named(op->actor);
	wish_t wish = one_in(3) ? FREE : one_in(3) ? ANY : TIED;
	const m_cap_t *reply = pick_cap(thread, CAP_REPLY, wish);
	op->timeout_ms = pick_timeout(op);
	op->accept = one_in(3) ? below(MSG_CAPS + 1) : MSG_CAPS;
	op->reply = reply ? reply->name : 0;
	for (uint32_t i = 0; i < MSG_CAPS; i++) {
		const m_cap_t *cap = pick_cap(thread, CAP_NONE, DERIVABLE);
		op->caps[i] = one_in(24) ? any_name() : cap ? cap->name : 0;
	}
}
