/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers and descriptor tables of the model; pages are in walk.c. */
#include "processor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"
#include "walk.h"

#define CR4_OSFXSR	      0x200u
#define CR4_OFFERED(has, bit) ((has) ? (bit) : 0u)

#define MSR_EFER	 0xc0000080u
#define MSR_APIC	 0x1bu
#define MSR_SYSENTER	 0x174u /* and the next two */
#define EARLY_PAGES	 (ARCH_EARLY_LIMIT / PAGE_SIZE)
#define PRESENT_WRITABLE 0x003u

#define DESCRIPTOR_KIND(d) ((uint32_t)((d) >> 40) & 0x9fu) /* present, system or not, type */
#define DESCRIPTOR_DPL(d)  ((uint32_t)((d) >> 45) & 3u)
#define KIND_CODE	   0x9au /* readable, not conforming */
#define KIND_DATA	   0x92u /* writable, grows up */
#define KIND_TSS	   0x89u /* of 32 bits, available */
#define TSS_BUSY	   (2ull << 40)

processor_t processor;

/* The Pentium Pro sets the bit for sysenter and has not got it. */
const processor_kind_t processor_kinds[PROCESSOR_KINDS] = {
    {.name = "486"},
    {.name = "Pentium", .cpuid = true, .pse = true},
    {.name = "K6-III", .cpuid = true, .pse = true, .pge = true, .sysenter = true},
    {.name = "Pentium Pro", .cpuid = true, .pse = true, .pge = true, .pae = true},
    {.name = "Pentium III",
     .cpuid = true,
     .apic = true,
     .pse = true,
     .pge = true,
     .pae = true,
     .sysenter = true,
     .sse = true},
    {.name = "processor whose highest leaf is 0", .cpuid = true, .leaf0 = true},
    {.name = "processor without PGE",
     .cpuid = true,
     .pse = true,
     .pae = true,
     .nx = true,
     .sysenter = true},
    {.name = "modern",
     .cpuid = true,
     .apic = true,
     .x2apic = true,
     .pse = true,
     .pae = true,
     .pge = true,
     .nx = true,
     .sysenter = true,
     .smep = true,
     .smap = true,
     .umip = true,
     .sse = true},
};

_Noreturn void machine_fault(const char *reason)
{
	fprintf(stderr, "%s: %s\n", processor.kind ? processor.kind->name : "?", reason);
	fail_msg("%s", reason);
	abort();
}

static void require(bool condition, const char *reason)
{
	if (!condition)
		machine_fault(reason);
}

/* rdtsc as instructions.h has it, and one byte of what is behind it. */
static const uint8_t tsc_read[] = {0x3e, 0x3e, 0x3e, 0x0f, 0x31, 0xcc};

static uint8_t *tsc_place(uint64_t number)
{
	return arch_pointer(0x104000u - 3 + (uint32_t)(number % PROCESSOR_TSC_READS) * 0x1000u);
}

/* What the linker writes, and nothing else may: a compiler need not see a store there. */
static void write_tsc_reads(void)
{
	volatile uint32_t *places = (uint32_t *)(uintptr_t)tsc_reads;
	for (uint32_t i = 0; i < PROCESSOR_TSC_READS; i++) {
		places[i] = (uint32_t)(uintptr_t)tsc_place(i);
		memcpy(tsc_place(i), tsc_read, sizeof(tsc_read));
	}
}

void processor_start(const processor_kind_t *kind)
{
	write_tsc_reads();
	for (uint32_t i = 0; i < EARLY_PAGES; i++)
		boot_tables[i] = i * PAGE_SIZE | PRESENT_WRITABLE;
	for (uint32_t i = 0; i < 1024; i++)
		boot_directory[i] = 0;
	for (uint32_t i = 0; i < 4; i++)
		boot_directory[(KERNEL_BASE >> 22) + i] =
		    (arch_physical(boot_tables) + i * PAGE_SIZE) | PRESENT_WRITABLE;
	processor = (processor_t){.kind = kind,
				  .cr0 = CR0_PAGING | CR0_WRITE_PROTECT | 1,
				  .cr3 = arch_physical(boot_directory),
				  .apic_base = APIC_START | (kind->x2apic ? APIC_X2 : 0)};
	walk_forget(true);
}

/* -- CPUID. ----------------------------------------------------------------------------- */

bool has_cpuid(void)
{
	return processor.kind->cpuid;
}

/* Leaf 1, eax: family 6, and the model and stepping that tell a Pentium Pro. */
static uint32_t signature(const processor_kind_t *kind)
{
	return kind->pae && !kind->sysenter ? 0x611u : 0x6f0u;
}

static uint32_t features(const processor_kind_t *kind)
{
	bool sep = kind->sysenter || signature(kind) == 0x611u;
	return (kind->pse ? 0x18u : 0) | (kind->pae ? 0x40u : 0) | (sep ? 0x800u : 0) |
	       (kind->pge ? 0x2000u : 0) | (kind->apic ? 0x200u : 0) |
	       (kind->apic || kind->nx ? 0x20u : 0) | (kind->sse ? 0x3000000u : 0);
}

/* What is at one place after the other: rdtsc, which counts how often it is asked, or a call.
 */
uint64_t read_tsc(void)
{
	const uint8_t *code = tsc_place(processor.tsc++);
	uint32_t distance, behind = (uint32_t)(uintptr_t)code + 5;
	require(code[5] == tsc_read[5], "written behind a place of rdtsc");
	if (memcmp(code, tsc_read, sizeof(tsc_read)) == 0) {
		require(processor.kind->pse, "rdtsc on a processor that has none");
		return processor.tsc;
	}
	memcpy(&distance, code + 1, sizeof(distance));
	require(code[0] == 0xe8 && behind + distance == (uint32_t)(uintptr_t)read_ticks,
		"neither rdtsc nor a call of read_ticks");
	return machine.ticks;
}

void cpuid(uint32_t leaf, uint32_t id[4])
{
	const processor_kind_t *kind = processor.kind;
	require(kind->cpuid, "cpuid on a processor that has none");
	id[0] = id[1] = id[2] = id[3] = 0;
	if (leaf == 0) {
		id[0] = kind->leaf0 ? 0 : kind->smep ? 7 : 1;
	} else if (leaf == 1 && !kind->leaf0) {
		id[0] = signature(kind);
		id[3] = features(kind);
	} else if (leaf == 7 && kind->smep) {
		id[1] = 0x80u | (kind->smap ? 0x100000u : 0);
		id[2] = kind->umip ? 0x4u : 0;
	} else if (leaf == 0x80000000u) {
		id[0] = kind->nx ? 0x80000001u : 0x2u; /* an old one tells of another leaf */
	} else if (leaf == 0x80000001u && kind->nx) {
		id[3] = 0x100000u;
	} else {
		id[1] = id[2] = id[3] = ~0u; /* what a leaf says that is not there: anything */
	}
}

/* -- Control and model-specific registers. ---------------------------------------------- */

uint32_t read_cr0(void)
{
	return processor.cr0;
}

void write_cr0(uint32_t value)
{
	require(value & CR0_PAGING, "paging turned off");
	processor.cr0 = value;
	walk_check_kernel();
}

/* SDM 2A, MOVUPS: what it needs. */
void zero_lines(void *to, uint32_t lines)
{
	require(processor.cr4 & CR4_OSFXSR, "SSE without CR4.OSFXSR");
	require(!(processor.cr0 & CR0_EM_TS), "SSE with CR0.EM or TS");
	memset(to, 0, lines * ZERO_LINE);
	processor.lines_zeroed += lines;
}

uint32_t read_cr2(void)
{
	return processor.cr2;
}

void write_cr3(uint32_t value)
{
	processor.cr3 = value;
	walk_load_root();
	walk_forget(false);
	walk_check_kernel();
}

static uint32_t cr4_offered(const processor_kind_t *kind)
{
	return CR4_OFFERED(kind->pse, CR4_MODEL_PSE) | CR4_OFFERED(kind->pae, CR4_MODEL_PAE) |
	       CR4_OFFERED(kind->pge, CR4_MODEL_PGE) | CR4_OFFERED(kind->umip, 0x800u) |
	       CR4_OFFERED(kind->smep, CR4_MODEL_SMEP) |
	       CR4_OFFERED(kind->smap, CR4_MODEL_SMAP) | CR4_OFFERED(kind->sse, CR4_OSFXSR);
}

uint32_t read_cr4(void)
{
	require(processor.kind->cpuid, "cr4 on a processor that has none");
	return processor.cr4;
}

void write_cr4(uint32_t value)
{
	const uint32_t flushing = CR4_MODEL_PSE | CR4_MODEL_PAE | CR4_MODEL_PGE;
	require((value & ~cr4_offered(processor.kind)) == 0, "a reserved bit of cr4");
	bool forget = ((value ^ processor.cr4) & flushing) != 0;
	processor.cr4 = value;
	if (forget) {
		walk_load_root();
		walk_forget(true);
	}
	walk_check_kernel();
}

void rdmsr(uint32_t msr, uint32_t *low, uint32_t *high)
{
	bool apic = msr == MSR_APIC && processor.kind->apic;
	require(apic || (msr == MSR_EFER && processor.kind->nx),
		"a register that is not there");
	*low = apic ? processor.apic_base : processor.efer;
	*high = 0;
}

/* From x2APIC mode a way leads to no mode alone, and one into it from the other: SDM 3A,
 * 10.12.5. */
static void write_apic(uint32_t value)
{
	uint32_t modes = APIC_ON | APIC_X2, before = processor.apic_base & modes;
	require((value & modes) != APIC_X2, "x2APIC mode of an APIC that is off");
	require(before != modes || (value & modes) != APIC_ON, "x2APIC mode left for another");
	processor.apic_base = value;
}

void wrmsr(uint32_t msr, uint32_t low, uint32_t high)
{
	require(high == 0, "a reserved bit of a register");
	if (msr == MSR_EFER && processor.kind->nx)
		processor.efer = low;
	else if (msr == MSR_APIC && processor.kind->apic)
		write_apic(low);
	else if (msr - MSR_SYSENTER < 3 && processor.kind->sysenter)
		processor.sysenter[msr - MSR_SYSENTER] = low;
	else
		machine_fault("a register that is not there");
}

/* -- Segments and tasks. ---------------------------------------------------------------- */

static uint64_t *descriptor_at(uint32_t selector)
{
	uint32_t offset = selector & ~7u;
	require((selector & 4) == 0 && offset != 0 && offset + 7 <= processor.gdt.limit,
		"a selector behind the descriptor table");
	return (uint64_t *)(uintptr_t)processor.gdt.base + offset / 8;
}

uint64_t processor_descriptor(uint32_t selector)
{
	return *descriptor_at(selector);
}

static void require_segment(uint32_t selector, uint32_t kind, uint32_t level)
{
	uint64_t descriptor = processor_descriptor(selector);
	require(DESCRIPTOR_KIND(descriptor) == kind && DESCRIPTOR_DPL(descriptor) == level,
		"not the segment that the selector is for");
}

void load_tables(const table_register_t *gdt, const table_register_t *idt)
{
	processor.gdt = *gdt;
	processor.idt = *idt;
	require_segment(KERNEL_CODE, KIND_CODE, 0);
	require_segment(KERNEL_DATA, KIND_DATA, 0);
	load_fs_gs(USER_DATA);
	require_segment(TSS_MAIN, KIND_TSS, 0);
	*descriptor_at(TSS_MAIN) |= TSS_BUSY;
}

void load_fs_gs(uint32_t selector)
{
	require_segment(selector, KIND_DATA, 3);
	processor.fs = processor.gs = selector;
}

const tss_t *processor_tss(uint32_t selector, uint32_t *limit)
{
	uint64_t descriptor = processor_descriptor(selector);
	uint32_t kind = DESCRIPTOR_KIND(descriptor & ~TSS_BUSY);
	require(kind == KIND_TSS && DESCRIPTOR_DPL(descriptor) == 0, "not a task's segment");
	*limit = (uint32_t)(descriptor & 0xffff) | (uint32_t)(descriptor >> 32 & 0xf0000);
	uint32_t base = (uint32_t)(descriptor >> 16 & 0xffffff) | (uint32_t)(descriptor >> 56)
								      << 24;
	return (const tss_t *)(uintptr_t)base;
}

/* A byte of the kernel's, as the processor finds it by its page tables. */
static uint8_t byte_at(uintptr_t virt)
{
	uint32_t address;
	require(processor_access((uint32_t)virt, READ, &address),
		"page fault in the I/O bitmap");
	return (uint8_t)(memory_word(address & ~3u) >> (address & 3u) * 8);
}

bool processor_port_open(uint16_t port, uint32_t width)
{
	uint32_t limit;
	const tss_t *tss = processor_tss(TSS_MAIN, &limit);
	uint32_t offset = tss->iomap + port / 8u;
	if (offset + 1 > limit)
		return false;
	uintptr_t at = (uintptr_t)tss + offset;
	uint32_t bits = byte_at(at) | (uint32_t)byte_at(at + 1) << 8;
	return (bits >> port % 8 & ((1u << width) - 1)) == 0;
}

/* -- Interrupts. ------------------------------------------------------------------------ */

void interrupts_off(void)
{
	processor.interrupts = false;
}

void interrupts_take(void)
{
	if (processor.window)
		processor.window();
}

void halt(void)
{
	machine_fault("halted");
}

void task_return(void)
{
	if (processor.task_returns)
		processor.task_returns();
}
