/* SPDX-License-Identifier: BSD-2-Clause */
/* Call-frame information, of cap/symbols.h: what gcc and clang write for i386.
 * tools/death/unwind.py reads the same. */
#include "cap/string.h"
#include "cap/symbols.h"

/* Registers as DWARF numbers them: System V ABI, i386 supplement, table 2.14. */
#define ESP 4u
#define EBP 5u
#define EIP 8u

#define CIE_ID	 0xffffffffu
#define KEPT	 4u /* rows that are remembered at once */
#define LEB_BITS 35u

#define COST_ENTRY 4u /* of SYMBOLS_COST */
#define COST_RULE  2u

/* Where a register of the caller's is: at an offset from its esp, at one from the ebp that
 * there is now, unknown, or as it was. */
typedef struct saved {
	enum { SAVED_SAME, SAVED_AT, SAVED_BESIDE, SAVED_LOST } how;
	int32_t offset;
} saved_t;

typedef struct row {
	uint32_t base;	/* register: the caller's esp is its value … */
	int32_t offset; /* … and so much … */
	bool is_word;	/* … or the word that lies there */
	saved_t ebp, eip;
} row_t;

/* Bytes that are read in order. Once they do not suffice, or are not understood, it is `wrong`,
 * and all is zero. */
typedef struct reader {
	const uint8_t *at, *end;
	bool wrong;
} reader_t;

static uint32_t number(reader_t *reader, uint32_t bytes)
{
	uint32_t value = 0;
	if ((size_t)(reader->end - reader->at) < bytes) {
		reader->wrong = true;
		reader->at = reader->end;
		return 0;
	}
	for (uint32_t i = 0; i < bytes; i++)
		value |= (uint32_t)*reader->at++ << 8 * i;
	return value;
}

/* LEB128, of which the sign counts or not. */
static uint32_t leb(reader_t *reader, bool is_signed)
{
	uint32_t value = 0, byte = 0, shift = 0;
	do {
		byte = number(reader, 1);
		if (shift < 32)
			value |= (byte & 0x7f) << shift;
		shift += 7;
	} while ((byte & 0x80) && shift < LEB_BITS);
	reader->wrong |= (byte & 0x80) != 0;
	if (is_signed && (byte & 0x40) && shift < 32)
		value |= ~0u << shift;
	return value;
}

/* What all entries that name it have in common. */
typedef struct common {
	uint32_t code;
	int32_t data;
	reader_t program;
} common_t;

/* The entry at `offset`: its bytes behind the length. */
static reader_t entry_at(const symbols_t *symbols, uint32_t offset)
{
	reader_t reader = {symbols->frames + offset, symbols->frames + symbols->frame_bytes,
			   offset >= symbols->frame_bytes};
	if (reader.wrong)
		reader.at = reader.end;
	uint32_t length = number(&reader, 4);
	if (length > (size_t)(reader.end - reader.at))
		reader.wrong = true;
	else
		reader.end = reader.at + length;
	return reader;
}

static bool read_common(const symbols_t *symbols, uint32_t offset, common_t *common)
{
	reader_t *reader = &common->program;
	*reader = entry_at(symbols, offset);
	bool is_common = number(reader, 4) == CIE_ID;
	uint32_t version = number(reader, 1);
	bool is_known = (version == 1 || version == 3 || version == 4) && !number(reader, 1);
	if (version == 4) /* of an address, and of a segment */
		is_known &= number(reader, 2) == 4;
	common->code = leb(reader, false);
	common->data = (int32_t)leb(reader, true);
	if (version == 1)
		number(reader, 1);
	else
		leb(reader, false);
	return is_common && is_known && !reader->wrong;
}

/* The entry of the function that has the address. */
static bool find(symbols_t *symbols, uint32_t address, common_t *common, reader_t *program,
		 uint32_t *low)
{
	uint32_t at = 0;
	while (symbols->frame_bytes - at >= 4 && symbols_spend(symbols, COST_ENTRY)) {
		*program = entry_at(symbols, at);
		if (program->wrong)
			return false;
		at = (uint32_t)(program->end - symbols->frames);
		uint32_t of = number(program, 4);
		if (of == CIE_ID)
			continue;
		*low = number(program, 4);
		if (address - *low < number(program, 4) && *low && !program->wrong)
			return read_common(symbols, of, common);
	}
	return false;
}

/* ---- instructions ---- */

typedef struct machine {
	row_t row, initial, kept[KEPT];
	uint32_t held;
	uint32_t where, until; /* an instruction for one behind `until` does not count */
	const common_t *common;
	symbols_t *symbols; /* whose steps are taken */
} machine_t;

static saved_t *saved_of(row_t *row, uint32_t number)
{
	return number == EBP ? &row->ebp : number == EIP ? &row->eip : NULL;
}

static void save(machine_t *machine, uint32_t number, saved_t saved)
{
	saved_t *place = saved_of(&machine->row, number);
	if (place)
		*place = saved;
}

static void save_at(machine_t *machine, uint32_t number, uint32_t factored)
{
	uint32_t offset = factored * (uint32_t)machine->common->data;
	save(machine, number, (saved_t){SAVED_AT, (int32_t)offset});
}

static void restore(machine_t *machine, uint32_t number)
{
	saved_t *initial = saved_of(&machine->initial, number);
	if (initial)
		save(machine, number, *initial);
}

static void advance(machine_t *machine, uint32_t factored)
{
	machine->where += factored * machine->common->code;
}

static void remember(machine_t *machine, reader_t *reader)
{
	reader->wrong |= machine->held == KEPT;
	if (!reader->wrong)
		machine->kept[machine->held++] = machine->row;
}

static void recall(machine_t *machine, reader_t *reader)
{
	reader->wrong |= !machine->held;
	if (!reader->wrong)
		machine->row = machine->kept[--machine->held];
}

/* ---- expressions: what lies beside a register, as in a function that aligns its stack ---- */

/* DW_OP_…: DWARF 5, 7.7.1. */
#define OP_DEREFERENCE 0x06u
#define OP_BASE	       0x70u /* and the number of a register */

/* The word there, or the place itself. */
static bool read_beside(reader_t *reader, uint32_t *base, int32_t *offset)
{
	uint32_t length = leb(reader, false);
	const uint8_t *begin = reader->at;
	*base = number(reader, 1) - OP_BASE;
	*offset = (int32_t)leb(reader, true);
	bool is_word = (uint32_t)(reader->at - begin) < length;
	reader->wrong |= is_word && number(reader, 1) != OP_DEREFERENCE;
	reader->wrong |= (uint32_t)(reader->at - begin) != length;
	return is_word;
}

static void save_beside(machine_t *machine, reader_t *reader)
{
	saved_t saved = {.how = SAVED_BESIDE};
	uint32_t of = leb(reader, false), base;
	bool is_word = read_beside(reader, &base, &saved.offset);
	reader->wrong |= is_word || base != EBP;
	save(machine, of, saved);
}

/* DW_CFA_…, of which operands the order counts: table 7.29. */
enum cfa {
	CFA_NOP = 0x00,
	CFA_ADVANCE_1 = 0x02,
	CFA_ADVANCE_2 = 0x03,
	CFA_ADVANCE_4 = 0x04,
	CFA_UNDEFINED = 0x07,
	CFA_SAME = 0x08,
	CFA_REMEMBER = 0x0a,
	CFA_RECALL = 0x0b,
	CFA_DEFINE = 0x0c,
	CFA_REGISTER = 0x0d,
	CFA_OFFSET = 0x0e,
	CFA_WORD = 0x0f,
	CFA_BESIDE = 0x10,
	CFA_ARGUMENTS = 0x2e, /* GNU: bytes of arguments on the stack */
	CFA_PRIMARY_ADVANCE = 0x40,
	CFA_PRIMARY_OFFSET = 0x80,
	CFA_PRIMARY_RESTORE = 0xc0,
};
#define PRIMARY 0xc0u
#define OPERAND 0x3fu

static void do_extended(machine_t *machine, reader_t *reader, uint32_t what)
{
	switch (what) {
	case CFA_NOP:
		break;
	case CFA_ADVANCE_1:
	case CFA_ADVANCE_2:
	case CFA_ADVANCE_4:
		advance(machine, number(reader, 1u << (what - CFA_ADVANCE_1)));
		break;
	case CFA_UNDEFINED:
		save(machine, leb(reader, false), (saved_t){.how = SAVED_LOST});
		break;
	case CFA_SAME:
		save(machine, leb(reader, false), (saved_t){.how = SAVED_SAME});
		break;
	case CFA_REMEMBER:
		remember(machine, reader);
		break;
	case CFA_RECALL:
		recall(machine, reader);
		break;
	case CFA_DEFINE:
		machine->row.is_word = false;
		machine->row.base = leb(reader, false);
		machine->row.offset = (int32_t)leb(reader, false);
		break;
	case CFA_REGISTER:
		machine->row.is_word = false;
		machine->row.base = leb(reader, false);
		break;
	case CFA_OFFSET:
		machine->row.is_word = false;
		machine->row.offset = (int32_t)leb(reader, false);
		break;
	case CFA_WORD:
		machine->row.is_word =
		    read_beside(reader, &machine->row.base, &machine->row.offset);
		break;
	case CFA_BESIDE:
		save_beside(machine, reader);
		break;
	case CFA_ARGUMENTS:
		leb(reader, false);
		break;
	default:
		reader->wrong = true;
	}
}

/* False: something was not understood. */
static bool run(machine_t *machine, reader_t reader)
{
	while (reader.at < reader.end && !reader.wrong && machine->where <= machine->until) {
		reader.wrong = !symbols_spend(machine->symbols, COST_RULE);
		uint32_t what = number(&reader, 1), operand = what & OPERAND;
		switch (what & PRIMARY) {
		case CFA_PRIMARY_ADVANCE:
			advance(machine, operand);
			break;
		case CFA_PRIMARY_OFFSET:
			save_at(machine, operand, leb(&reader, false));
			break;
		case CFA_PRIMARY_RESTORE:
			restore(machine, operand);
			break;
		default:
			do_extended(machine, &reader, what);
		}
	}
	return !reader.wrong;
}

/* ---- the caller ---- */

/* Of the caller whose esp is `esp`; `ebp` is that of the one that it called. */
static bool take(const saved_t *saved, uint32_t esp, uint32_t ebp, symbols_word_t *word,
		 const void *context, uint32_t *value)
{
	uint32_t base = saved->how == SAVED_BESIDE ? ebp : esp;
	if (saved->how == SAVED_AT || saved->how == SAVED_BESIDE)
		return word(context, base + (uint32_t)saved->offset, value);
	return saved->how == SAVED_SAME;
}

bool symbols_caller(symbols_t *symbols, uint32_t look, symbols_frame_t *frame,
		    symbols_word_t *word, const void *context)
{
	common_t common;
	reader_t program;
	machine_t machine = {.until = look, .common = &common, .symbols = symbols};
	symbols_frame_t caller = *frame;
	if (!find(symbols, look, &common, &program, &machine.where))
		return false;
	bool is_right = run(&machine, common.program);
	machine.initial = machine.row;
	is_right = is_right && run(&machine, program);
	const row_t *row = &machine.row;
	if (!is_right || (row->base != ESP && row->base != EBP) || row->eip.how != SAVED_AT)
		return false;
	caller.esp = (row->base == ESP ? frame->esp : frame->ebp) + (uint32_t)row->offset;
	if (row->is_word && !word(context, caller.esp, &caller.esp))
		return false;
	if (caller.esp <= frame->esp ||
	    !take(&row->eip, caller.esp, frame->ebp, word, context, &caller.eip))
		return false;
	if (!take(&row->ebp, caller.esp, frame->ebp, word, context, &caller.ebp))
		caller.ebp = 0;
	*frame = caller;
	return true;
}
