/* SPDX-License-Identifier: BSD-2-Clause */
/* The causes of cause.h. Opcodes: Intel SDM 2, chapters 3 to 5; error codes: SDM 3A, 4.7. */
#include "report/cause.h"

#include "cap/fault.h"
#include "cap/format.h"

#define PAGE_WRITE 2u
#define PAGE_FETCH 16u
#define STACK_LOW  (DRIVER_STACK_TOP - DRIVER_STACK_PAGES * PAGE_SIZE)

const uint8_t *cause_code(const elf_plan_t *plan, const void *image, uint32_t eip,
			  size_t *count)
{
	for (uint32_t i = 0; i < plan->count; i++) {
		const elf_segment_t *segment = &plan->segments[i];
		if (!segment->exec || eip - segment->virt >= segment->file_bytes)
			continue;
		*count = segment->file_bytes - (eip - segment->virt);
		return (const uint8_t *)image + segment->offset + (eip - segment->virt);
	}
	return NULL;
}

cause_range_t cause_range(uint32_t esp, uint32_t low, uint32_t size)
{
	uint32_t from = esp & ~3u;
	if (low - esp <= PAGE_SIZE) /* in the guard page, or at the end */
		from = low;
	if (from - low >= size)
		return (cause_range_t){0};
	uint32_t left = size - (from - low);
	return (cause_range_t){from, left < DEATH_STACK_MOST ? left : DEATH_STACK_MOST};
}

/* ---- page faults ---- */

/* The segment of the image in which the address is; null: none. */
static const elf_segment_t *segment_of(const elf_plan_t *plan, uint32_t address)
{
	for (uint32_t i = 0; i < plan->count; i++) {
		const elf_segment_t *segment = &plan->segments[i];
		uint32_t pages = (segment->memory_bytes + PAGE_SIZE - 1) / PAGE_SIZE;
		if (address - segment->virt < pages * PAGE_SIZE)
			return segment;
	}
	return NULL;
}

static bool is_in_stack(uint32_t address)
{
	return address - STACK_LOW < DRIVER_STACK_PAGES * PAGE_SIZE;
}

static bool is_data(const elf_plan_t *plan, uint32_t address)
{
	const elf_segment_t *segment = segment_of(plan, address);
	return is_in_stack(address) || (segment && !segment->exec);
}

static death_kind_t cause_of_jump(const elf_plan_t *plan, uint32_t to, char *text, size_t size)
{
	if (to < PAGE_SIZE) {
		format(text, size, "jump to 0x%x through a null pointer", (unsigned)to);
		return DEATH_NULL;
	}
	if (is_data(plan, to)) {
		format(text, size, "executes data at 0x%x%s", (unsigned)to,
		       is_in_stack(to) ? ", on its stack" : "");
		return DEATH_DATA;
	}
	format(text, size, "jump to 0x%x, which is no code of its own", (unsigned)to);
	return DEATH_JUMP;
}

static const char *what_is_at(const elf_plan_t *plan, uint32_t address)
{
	if (address >= USER_END)
		return "which is the kernel's";
	return segment_of(plan, address) ? "which it may only read" : "where nothing is";
}

static death_kind_t cause_of_page(const elf_plan_t *plan, const cause_fault_t *fault,
				  char *text, size_t size)
{
	uint32_t address = fault->address;
	bool writes = fault->code & PAGE_WRITE;
	const char *what = writes ? "write to" : "read of";
	if ((fault->code & PAGE_FETCH) || address == fault->registers.eip)
		return cause_of_jump(plan, address, text, size);
	if (address < PAGE_SIZE) {
		format(text, size, "%s 0x%x through a null pointer", what, (unsigned)address);
		return DEATH_NULL;
	}
	if (address - (STACK_LOW - PAGE_SIZE) < PAGE_SIZE) {
		format(text, size, "stack overflow: 0x%x is in the guard page",
		       (unsigned)address);
		return DEATH_STACK;
	}
	format(text, size, "%s 0x%x, %s", what, (unsigned)address, what_is_at(plan, address));
	return writes ? DEATH_WRITE : DEATH_READ;
}

/* ---- what an instruction tried ---- */

static bool is_in_manifest(const manifest_t *manifest, uint32_t port)
{
	for (uint32_t i = 0; i < manifest->caps.pio.count; i++)
		if (port >= manifest->caps.pio.items[i].start &&
		    port <= manifest->caps.pio.items[i].end)
			return true;
	return false;
}

/* The manifest says whether it asked too little, or opened too little of it. */
static death_kind_t cause_of_protection(const manifest_t *manifest, const cause_fault_t *fault,
					char *text, size_t size)
{
	uint32_t port = 0;
	switch (fault_instruction(fault->bytes, fault->count, fault->registers.edx, &port)) {
	case FAULT_DOES_PORT:
		format(text, size, "port 0x%x is %s", (unsigned)port,
		       is_in_manifest(manifest, port)
			   ? "in its manifest, but not open to an instruction"
			   : "not in its manifest");
		return DEATH_PORT;
	case FAULT_DOES_PRIVILEGED:
		format(text, size, "an instruction that is the kernel's");
		return DEATH_PRIVILEGED;
	default:
		format(text, size, "protection fault, code 0x%x", (unsigned)fault->code);
		return DEATH_PROTECTION;
	}
}

/* `div` and `idiv` of a register, which then says whether it was zero: F6 /6, F6 /7, F7 /6 and
 * F7 /7. False: of memory, or nothing of the kind. */
static bool divides_by(const cause_fault_t *fault, uint32_t *divisor)
{
	const thread_registers_t *r = &fault->registers;
	const uint8_t *bytes = fault->bytes;
	size_t at = fault->count && bytes[0] == 0x66 ? 1 : 0;
	if (fault->count < at + 2 || (bytes[at] & 0xfeu) != 0xf6u ||
	    (bytes[at + 1] & 0xf0u) != 0xf0u)
		return false;
	uint32_t number = bytes[at + 1] & 7u;
	const uint32_t words[] = {r->eax, r->ecx, r->edx, r->ebx,
				  r->esp, r->ebp, r->esi, r->edi};
	if (bytes[at] == 0xf6u) /* al, cl, dl, bl, ah, ch, dh, bh */
		*divisor = words[number & 3u] >> (number & 4u ? 8 : 0) & 0xffu;
	else
		*divisor = at ? words[number] & 0xffffu : words[number];
	return true;
}

static death_kind_t cause_of_arithmetic(const cause_fault_t *fault, char *text, size_t size)
{
	uint32_t divisor;
	size_t at = fault->count && fault->bytes[0] == 0x66 ? 1 : 0;
	bool divides = fault->count > at && (fault->bytes[at] & 0xfeu) == 0xf6u;
	if (!divides) {
		format(text, size, "overflow, or a bound that is exceeded");
		return DEATH_ARITHMETIC;
	}
	if (!divides_by(fault, &divisor))
		format(text, size, "division by zero, or a quotient that does not fit");
	else if (divisor)
		format(text, size, "a quotient that does not fit");
	else
		format(text, size, "division by zero");
	return DEATH_DIVISION;
}

static death_kind_t kind_of(uint32_t label)
{
	switch (label) {
	case FAULT_OPCODE:
		return DEATH_OPCODE;
	case FAULT_FPU:
		return DEATH_FPU;
	case FAULT_DEBUG:
		return DEATH_DEBUG;
	case FAULT_ALIGNMENT:
		return DEATH_ALIGNMENT;
	default:
		return DEATH_PROTECTION;
	}
}

/* What is executed outside its code is told as that, whatever came of it. */
death_kind_t cause_of_fault(const manifest_t *manifest, const elf_plan_t *plan,
			    const cause_fault_t *fault, char *text, size_t size)
{
	if (is_data(plan, fault->registers.eip))
		return cause_of_jump(plan, fault->registers.eip, text, size);
	switch (fault->label) {
	case FAULT_PAGE:
		return cause_of_page(plan, fault, text, size);
	case FAULT_PROTECTION:
		return cause_of_protection(manifest, fault, text, size);
	case FAULT_ARITHMETIC:
		return cause_of_arithmetic(fault, text, size);
	default:
		format(text, size, "%s", fault_name(fault->label));
		return kind_of(fault->label);
	}
}
