/* SPDX-License-Identifier: BSD-2-Clause */
/* A model of the processor, as far as arch/i386 deals with it: control registers, the page walk
 * in both formats, what is cached of it, descriptor tables, ports and model-specific registers
 * (Intel SDM 3A, chapters 2 to 7, 19). What a real processor would answer with a fault, the
 * model answers by failing the test. */
#ifndef TEST_PROCESSOR_H
#define TEST_PROCESSOR_H

#include "arch/i386/i386.h"

/* What CPUID tells. */
typedef struct processor_kind {
	const char *name;
	bool cpuid, pse, pae, pge, nx, sysenter, apic, x2apic, smep, smap, umip, sse;
	bool leaf0; /* the highest leaf is 0: those above say anything */
} processor_kind_t;

#define PROCESSOR_KINDS 8u
extern const processor_kind_t processor_kinds[PROCESSOR_KINDS];

#define CR0_WRITE_PROTECT 0x00010000u
#define CR0_PAGING	  0x80000000u
#define CR0_EM_TS	  0x0000000cu

#define APIC_START 0xfee00900u /* as the firmware leaves it: on, of the first processor */
#define APIC_ON	   0x00000800u
#define APIC_X2	   0x00000400u

enum access { READ = 0, WRITE = 1, EXECUTE = 2, USER = 4 };

/* What the entries on the way to a page say together. */
typedef struct page {
	bool present, writable, user, executable, global, uncached;
	uint32_t address; /* physical */
} page_t;

/* As many places in the kernel's text read the time stamp counter. */
#define PROCESSOR_TSC_READS 3u

typedef struct processor {
	const processor_kind_t *kind;
	uint32_t cr0, cr2, cr3, cr4, efer;
	uint64_t root[4]; /* PAE: what CR3 pointed to when it was loaded */
	uint32_t sysenter[3];
	uint32_t apic_base;
	uint32_t fs, gs;
	table_register_t gdt, idt;
	bool interrupts, halted;
	uint32_t lines_zeroed;	    /* with the registers of SSE */
	uint64_t tsc;		    /* how often it was asked for */
	void (*task_returns)(void); /* may be NULL */
	void (*window)(void);	    /* likewise: what comes in an interrupt window */
} processor_t;
extern processor_t processor;

/* As boot.S leaves it: paging on, 16 MiB mapped at the kernel's base. */
void processor_start(const processor_kind_t *kind);

/* What the tables in memory say now. */
page_t processor_walk(uint32_t virt);

/* May an access, a sum of enum access, be made? Goes by what is cached, like the real one, and
 * caches what it finds. On success *address is where it goes. */
bool processor_access(uint32_t virt, unsigned access, uint32_t *address);

/* The descriptor that a selector stands for. */
uint64_t processor_descriptor(uint32_t selector);

/* The task-state segment that a descriptor is for, and the offset of its last byte. */
const tss_t *processor_tss(uint32_t selector, uint32_t *limit);

/* May user mode, without I/O privilege, access that many bytes at a port? SDM 1, 19.5.2. */
bool processor_port_open(uint16_t port, uint32_t width);

/* Fails the test. */
_Noreturn void machine_fault(const char *reason);

#endif
