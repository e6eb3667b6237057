/* SPDX-License-Identifier: BSD-2-Clause */
/* Random arguments of system calls, by what the table of calls says of them. */
#include "random_arguments.h"

#include <string.h>

#include "call_table.h"

typedef enum kind {
	NONE,
	HANDLE = 1, /* + type: a handle of that type; HANDLE + CAP_NONE: any */
	TYPE = HANDLE + CAP_TYPE_COUNT,
	HARDWARE_TYPE,
	FORM,
	VIRT,
	PAGES,
	TIMEOUT,
	INFO,
	OPERATION,
	INDEX,
	OFFSET,
	WHAT,
	VALUE,
	MODE,
	ERROR,
	WORD,
	/* These depend on the arguments before: */
	BINDABLE,
	RIGHTS,
	SCOPE,
	WIDTHS,
	BADGE,
} kind_t;

#define H(type) (HANDLE + CAP_##type)

/* What an argument of the table of system calls is, by its name; the rest are words. */
static const struct {
	const char *name;
	kind_t kind;
} by_name[] = {
    {"scope0", SCOPE},	{"scope1", WIDTHS}, {"rights", RIGHTS}, {"badge", BADGE},
    {"op", OPERATION},	{"virt", VIRT},	    {"pages", PAGES},	{"timeout_ms", TIMEOUT},
    {"limit", PAGES},	{"handle", INDEX},  {"type", TYPE},	{"size", FORM},
    {"what", WHAT},	{"info", INFO},	    {"mode", MODE},	{"error", ERROR},
    {"offset", OFFSET},
};

/* Where the name alone does not say it. */
static const uint8_t exceptions[SYS_COUNT][CALL_ARGUMENTS] = {
    [SYS_CAP_ACQUIRE] = {HARDWARE_TYPE},    [SYS_VSPACE_MAP] = {NONE, H(FRAME)},
    [SYS_VSPACE_UNMAP] = {H(FRAME)},	    [SYS_THREAD_BIND] = {NONE, NONE, BINDABLE},
    [SYS_THREAD_SET] = {NONE, NONE, VALUE},
};

static kind_t kind_of(uint32_t number, uint32_t at)
{
	char name[CALL_NAME_SIZE];
	uint32_t type;
	if (exceptions[number][at] != NONE)
		return exceptions[number][at];
	if (call_argument_is_handle(number, at, &type))
		return HANDLE + type;
	call_argument_name(number, at, name);
	for (uint32_t i = 0; i < sizeof(by_name) / sizeof(by_name[0]); i++)
		if (strcmp(name, by_name[i].name) == 0)
			return by_name[i].kind;
	return name[0] ? WORD : NONE;
}

/* Read once: each call asks. */
static uint8_t kinds[SYS_COUNT][CALL_ARGUMENTS];

void read_calls(void)
{
	for (uint32_t number = 0; number < SYS_COUNT; number++)
		for (uint32_t at = 0; at < CALL_ARGUMENTS; at++)
			kinds[number][at] = (uint8_t)kind_of(number, at);
}

/* A live handle of the type if there is one. */
static cap_t pick_handle(tcb_t *tcb, uint32_t type)
{
	cspace_t *cspace = thread_cspace(tcb);
	cap_t chosen = CAP_NULL;
	uint32_t seen = 0;
	if (!cspace)
		return random_word();
	for (uint32_t i = CSPACE_FIRST; i < cspace->fresh; i++) {
		const slot_t *slot = cspace_slot(cspace, i);
		if (slot->type != CAP_NONE && (type == CAP_NONE || slot->type == type) &&
		    one_in(++seen))
			chosen = slot->name;
	}
	return chosen;
}

/* Type and rights of what a handle names. */
static const slot_t *look(tcb_t *tcb, cap_t cap)
{
	static const slot_t nothing;
	cspace_t *cspace = thread_cspace(tcb);
	const slot_t *slot = cspace ? cspace_lookup(cspace, cap) : NULL;
	return slot ? slot : &nothing;
}

static uint32_t pick_scope(uint32_t type)
{
	uint32_t line = below(IRQ_LINES), port = 0x60 + below(8);
	switch (one_in(8) ? below(CAP_TYPE_COUNT) : type) {
	case CAP_PIO:
		return PIO_SCOPE(port, port + below(8));
	case CAP_IRQ:
		return IRQ_SCOPE(line, line + (one_in(3) ? 1 : 0));
	case CAP_MMIO:
		return BENCH_MMIO_FIRST + below(16) * PAGE_SIZE;
	case CAP_ENDPOINT:
	case CAP_NOTIFICATION:
		return below(4);
	default:
		return 0;
	}
}

static uint32_t pick_info(void)
{
	if (one_in(20))
		return random_word();
	return MSG_INFO(below(5), one_in(3) ? below(MSG_WORDS + 2) : below(3),
			one_in(2) ? 0 : below(MSG_CAPS + 2));
}

static uint32_t pick_form(void)
{
	uint32_t bits = one_in(2) ? 0 : one_in(4) ? below(32) : 6 + below(8);
	return RETYPE_SIZE(bits) | (one_in(4) ? RETYPE_STALE : 0) |
	       RETYPE_LIMIT(one_in(4) ? below(3) : 0);
}

static uint32_t pick_handle_or(tcb_t *tcb, uint32_t type)
{
	if (type == CAP_FRAME && one_in(3))
		type = one_in(2) ? CAP_PTABLE : CAP_IOBITMAP;
	if (type == CAP_CSPACE && one_in(2))
		return CAP_NULL;
	return pick_handle(tcb, one_in(20) ? CAP_NONE : type);
}

static uint32_t pick(tcb_t *tcb, uint32_t kind)
{
	static const uint32_t timeouts[] = {TIMEOUT_POLL,	1, 2, 7, 300, TIMEOUT_FOREVER,
					    TIMEOUT_FOREVER - 1};
	if (kind == NONE || one_in(40))
		return kind == NONE ? 0 : random_word();
	if (kind >= HANDLE && kind < TYPE)
		return pick_handle_or(tcb, kind - HANDLE);
	switch ((kind_t)kind) {
	case TYPE:
		return below(CAP_TYPE_COUNT + 1);
	case HARDWARE_TYPE:
		return CAP_IRQ + below(3);
	case FORM:
		return pick_form();
	case OFFSET:
		return below(PAGE_SIZE / 4) * 4;
	case VIRT:
		if (one_in(4))
			return 0;
		return one_in(8) ? USER_END - below(3) * PAGE_SIZE
				 : below(3) * FAKE_TABLE_SPAN + below(4) * PAGE_SIZE;
	case PAGES:
		return below(4);
	case TIMEOUT:
		return timeouts[below(sizeof(timeouts) / sizeof(timeouts[0]))];
	case INFO:
		return pick_info();
	case OPERATION:
		return PIO_OP_READ(0x60 + below(16), 1u << below(3)) | below(2) << 24;
	case INDEX:
		return below(70);
	case WHAT:
		return below(BIND_COUNT + 1);
	case VALUE:
		return one_in(3) ? THREAD_BUDGET_MS(1 + below(3), 2 + below(4))
				 : below(PRIORITY_MAX + 2);
	case MODE:
		return below(4);
	case ERROR:
		return one_in(3) ? 0 : (uint32_t) - (int32_t)below(24);
	default:
		return random_word();
	}
}

void pick_all(tcb_t *tcb, uint32_t number, uint32_t arg[4])
{
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t kind = kinds[number][i];
		const slot_t *given =
		    look(tcb, arg[number == SYS_CAP_DELEGATE || number == SYS_VSPACE_MAP]);
		uint32_t type = number == SYS_CAP_ACQUIRE ? arg[0] : given->type;
		if (number == SYS_THREAD_BIND)
			type = CAP_ENDPOINT;
		static const uint8_t bindable[BIND_COUNT] = {CAP_CSPACE, CAP_VSPACE, CAP_FRAME,
							     CAP_ENDPOINT, CAP_NOTIFICATION};
		if (kind == BINDABLE)
			arg[i] = pick_handle(tcb, bindable[arg[1] % BIND_COUNT]);
		else if (kind < RIGHTS)
			arg[i] = pick(tcb, kind);
		else if (kind == RIGHTS)
			arg[i] = one_in(6) ? below(RIGHT_ALL + 1) : given->rights;
		else if (kind == WIDTHS)
			arg[i] = type == CAP_MMIO  ? PAGE_SIZE * below(4)
				 : type == CAP_PIO ? below(8)
						   : below(IRQ_TRIGGERS + 1);
		else
			arg[i] = one_in(3) || (kind == BADGE && type != CAP_ENDPOINT)
				     ? 0
				     : pick_scope(type);
	}
}

void fill_buffer(tcb_t *tcb)
{
	message_buffer_t *buffer = tcb->buffer;
	if (!buffer)
		return;
	buffer->timeout_ms = pick(tcb, TIMEOUT);
	buffer->reply = pick(tcb, H(REPLY));
	buffer->accept = below(MSG_CAPS + 2);
	for (uint32_t i = 0; i < MSG_CAPS; i++)
		buffer->caps[i] = pick(tcb, H(NONE));
}
