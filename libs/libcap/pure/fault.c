/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of fault.h. Opcodes: SDM 2, chapters 3 to 5. */
#include "cap/fault.h"

#include <stdbool.h>

#include "cap/format.h"

/* Of a page fault's error code: SDM 3A 4.7. */
#define PAGE_WRITE 2u
#define PAGE_FETCH 16u

/* Of a selector's error code, SDM 3A 6.13: what it names is a vector. */
#define CODE_VECTOR	  2u
#define CODE_NUMBER(code) ((code) >> 3)

#define TWO_BYTES 0x0fu
#define INT_BYTE  0xcdu

/* `in` and `out`: what it is, and whether its port is the next byte or in dx. */
typedef struct port_row {
	uint8_t opcode;
	const char *text;
	bool in_dx;
} port_row_t;

static const port_row_t port_rows[] = {
    {0x6c, "ins from", true}, {0x6d, "ins from", true}, {0x6e, "outs to", true},
    {0x6f, "outs to", true},  {0xe4, "in from", false}, {0xe5, "in from", false},
    {0xe6, "out to", false},  {0xe7, "out to", false},	{0xec, "in from", true},
    {0xed, "in from", true},  {0xee, "out to", true},	{0xef, "out to", true},
};

/* What only the kernel may do. Those of two bytes begin with TWO_BYTES. */
typedef struct privileged_row {
	uint8_t opcode;
	const char *text;
} privileged_row_t;

static const privileged_row_t privileged_rows[] = {{0xf4, "hlt"}, {0xfa, "cli"}, {0xfb, "sti"}};
static const privileged_row_t two_byte_rows[] = {
    {0x00, "lldt or ltr"},
    {0x01, "lgdt, lidt, lmsw or invlpg"},
    {0x06, "clts"},
    {0x08, "invd"},
    {0x09, "wbinvd"},
    {0x20, "mov from a control register"},
    {0x21, "mov from a debug register"},
    {0x22, "mov to a control register"},
    {0x23, "mov to a debug register"},
    {0x30, "wrmsr"},
    {0x32, "rdmsr"},
};
#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

const char *fault_name(uint32_t label)
{
	switch (label) {
	case FAULT_PAGE:
		return "page fault";
	case FAULT_PROTECTION:
		return "protection fault";
	case FAULT_OPCODE:
		return "invalid instruction";
	case FAULT_ARITHMETIC:
		return "arithmetic fault";
	case FAULT_FPU:
		return "floating-point instruction";
	case FAULT_DEBUG:
		return "debug trap";
	case FAULT_ALIGNMENT:
		return "alignment fault";
	default:
		return "unknown fault";
	}
}

static bool is_prefix(uint8_t byte)
{
	return byte == 0x26 || byte == 0x2e || byte == 0x36 || byte == 0x3e ||
	       (byte >= 0x64 && byte <= 0x67) || byte == 0xf0 || byte == 0xf2 || byte == 0xf3;
}

/* Null: it touches no port, or the port's byte is not there. */
static const port_row_t *port_row(const uint8_t *bytes, size_t count, uint32_t edx,
				  uint32_t *port)
{
	for (size_t i = 0; i < ROWS(port_rows); i++) {
		const port_row_t *row = &port_rows[i];
		if (row->opcode != bytes[0] || (!row->in_dx && count < 2))
			continue;
		*port = row->in_dx ? edx & 0xffffu : bytes[1];
		return row;
	}
	return NULL;
}

static size_t tell_port(const fault_t *fault, const uint8_t *bytes, size_t count, char *text,
			size_t size)
{
	uint32_t port;
	const port_row_t *row = port_row(bytes, count, fault->edx, &port);
	return row ? format(text, size, ": %s port 0x%x, which is not open to it", row->text,
			    (unsigned)port)
		   : 0;
}

/* Null: it is none of them. */
static const privileged_row_t *privileged_row(const uint8_t *bytes, size_t count)
{
	bool two = bytes[0] == TWO_BYTES && count > 1;
	const privileged_row_t *rows = two ? two_byte_rows : privileged_rows;
	size_t most = two ? ROWS(two_byte_rows) : ROWS(privileged_rows);
	for (size_t i = 0; i < most; i++)
		if (rows[i].opcode == bytes[two])
			return &rows[i];
	return NULL;
}

static size_t tell_privileged(const uint8_t *bytes, size_t count, char *text, size_t size)
{
	const privileged_row_t *row = privileged_row(bytes, count);
	return row ? format(text, size, ": %s, which is the kernel's", row->text) : 0;
}

/* Behind its prefixes, which *count loses. */
static const uint8_t *opcode_of(const uint8_t *bytes, size_t *count)
{
	for (; *count && is_prefix(*bytes); --*count)
		bytes++;
	return bytes;
}

enum fault_does fault_instruction(const uint8_t *bytes, size_t count, uint32_t edx,
				  uint32_t *port)
{
	bytes = opcode_of(bytes, &count);
	if (!count)
		return FAULT_DOES_OTHER;
	if (port_row(bytes, count, edx, port))
		return FAULT_DOES_PORT;
	return privileged_row(bytes, count) ? FAULT_DOES_PRIVILEGED : FAULT_DOES_OTHER;
}

/* What the instruction tried. */
static size_t tell_instruction(const fault_t *fault, const uint8_t *bytes, size_t count,
			       char *text, size_t size)
{
	bytes = opcode_of(bytes, &count);
	if (!count)
		return 0;
	if (*bytes == INT_BYTE && (fault->code & CODE_VECTOR))
		return format(text, size, ": int 0x%x, which is not open to it",
			      (unsigned)CODE_NUMBER(fault->code));
	size_t length = tell_port(fault, bytes, count, text, size);
	return length ? length : tell_privileged(bytes, count, text, size);
}

static bool is_below_stack(const fault_t *fault)
{
	return fault->address < fault->stack && fault->stack - fault->address <= PAGE_SIZE;
}

size_t fault_describe(const fault_t *fault, const uint8_t *bytes, size_t count, char *text,
		      size_t size)
{
	size_t length = format(text, size, "%s at eip 0x%x", fault_name(fault->label),
			       (unsigned)fault->eip);
	bool jumps = fault->code & PAGE_FETCH || fault->address == fault->eip;
	if (fault->label == FAULT_PAGE)
		return length + format(text + length, size - length,
				       ", a %s address 0x%x%s, code 0x%x",
				       jumps			  ? "jump to"
				       : fault->code & PAGE_WRITE ? "write to"
								  : "read of",
				       (unsigned)fault->address,
				       is_below_stack(fault) ? ", below its stack" : "",
				       (unsigned)fault->code);
	if (fault->label == FAULT_PROTECTION)
		length += tell_instruction(fault, bytes, count, text + length, size - length);
	if (fault->code)
		length +=
		    format(text + length, size - length, ", code 0x%x", (unsigned)fault->code);
	return length;
}

size_t fault_describe_death(const boot_death_t *death, char *text, size_t size)
{
	if (death->cause == BOOT_DEATH_HANGS)
		return format(text, size,
			      "hung: it did not come back to its door for %u ms, at eip 0x%x",
			      (unsigned)death->code, (unsigned)death->eip);
	return fault_describe(&(fault_t){.label = death->label,
					 .address = death->address,
					 .code = death->code,
					 .eip = death->eip},
			      NULL, 0, text, size);
}
