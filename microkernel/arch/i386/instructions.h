/* SPDX-License-Identifier: BSD-2-Clause */
/* Every instruction that C cannot say and that only the kernel may execute, or whose effect is
 * on the processor and not on memory (Intel SDM 2). The directory's C files use no other, so
 * that they also compile for the host, where test/unit/arch has a processor in place of this
 * file. */
#ifndef I386_INSTRUCTIONS_H
#define I386_INSTRUCTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/i386/selectors.h"

#define EFLAGS_ID 0x200000u

/* What lgdt and lidt read: SDM 3A, figure 2-6. */
typedef struct table_register {
	uint16_t limit; /* of the last byte */
	uint32_t base;
} __attribute__((packed)) table_register_t;

/* -- Ports. ----------------------------------------------------------------------------- */

static inline uint8_t in8(uint16_t port)
{
	uint8_t value;
	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

/* The same for 1, 2 or 4 bytes; what is beyond the width is 0. */
static inline uint32_t in_width(uint16_t port, uint32_t width)
{
	uint32_t value = 0;
	if (width == 1)
		__asm__ volatile("inb %w1, %b0" : "+a"(value) : "Nd"(port));
	else if (width == 2)
		__asm__ volatile("inw %w1, %w0" : "+a"(value) : "Nd"(port));
	else
		__asm__ volatile("inl %w1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void out_width(uint16_t port, uint32_t width, uint32_t value)
{
	if (width == 1)
		__asm__ volatile("outb %b0, %w1" : : "a"(value), "Nd"(port));
	else if (width == 2)
		__asm__ volatile("outw %w0, %w1" : : "a"(value), "Nd"(port));
	else
		__asm__ volatile("outl %0, %w1" : : "a"(value), "Nd"(port));
}

/* -- Interrupts. ------------------------------------------------------------------------ */

static inline void interrupts_off(void)
{
	__asm__ volatile("cli");
}

/* Takes what is pending: sti holds it back for one instruction. */
static inline void interrupts_take(void)
{
	__asm__ volatile("sti\n\tnop\n\tcli" : : : "memory");
}

/* Only an NMI lets the processor go on behind it. */
static inline void halt(void)
{
	__asm__ volatile("cli\n\thlt");
}

/* Leaves a task that an interrupt entered; the next such interrupt goes on behind it. */
static inline void task_return(void)
{
	__asm__ volatile("iret" : : : "memory");
}

/* -- What the processor is. ------------------------------------------------------------- */

/* Does the processor have cpuid? Then, and only then, the flag ID can be changed. */
static inline bool has_cpuid(void)
{
	uint32_t before, after;
	__asm__ volatile("pushfl\n\t"
			 "popl %0\n\t"
			 "movl %0, %1\n\t"
			 "xorl %2, %1\n\t"
			 "pushl %1\n\t"
			 "popfl\n\t"
			 "pushfl\n\t"
			 "popl %1"
			 : "=&r"(before), "=&r"(after)
			 : "i"(EFLAGS_ID)
			 : "cc");
	return ((before ^ after) & EFLAGS_ID) != 0;
}

/* The time stamp counter: one instruction, as long as a call by three prefixes that mean
 * nothing to it. Where there is no counter, cpu_init() makes each place that has it, all of
 * which are listed, a call of read_ticks. */
static inline uint64_t read_tsc(void)
{
	uint64_t counter;
	__asm__ volatile("1:\t.byte 0x3e, 0x3e, 0x3e\n\t"
			 "rdtsc\n\t"
			 ".pushsection .tsc_reads, \"a\"\n\t"
			 ".long 1b\n\t"
			 ".popsection"
			 : "=A"(counter));
	return counter;
}

/* eax, ebx, ecx and edx of a leaf, subleaf 0. */
static inline void cpuid(uint32_t leaf, uint32_t id[4])
{
	__asm__ volatile("cpuid"
			 : "=a"(id[0]), "=b"(id[1]), "=c"(id[2]), "=d"(id[3])
			 : "a"(leaf), "c"(0));
}

/* -- Descriptor tables and segments. ---------------------------------------------------- */

/* Loads both tables and then, from the first, the kernel's code, data (also es, fs and gs),
 * stack and task; no local table. */
static inline void load_tables(const table_register_t *gdt, const table_register_t *idt)
{
	__asm__ volatile("lgdt %0\n\t"
			 "lidt %1\n\t"
			 "ljmp %2, $1f\n"
			 "1:\n\t"
			 "movl %3, %%ds\n\t"
			 "movl %3, %%es\n\t"
			 "movl %3, %%fs\n\t"
			 "movl %3, %%gs\n\t"
			 "movl %4, %%ss\n\t"
			 "ltr %w5\n\t"
			 "lldt %w6"
			 :
			 : "m"(*gdt), "m"(*idt), "i"(KERNEL_CODE), "r"(USER_DATA),
			   "r"(KERNEL_DATA), "r"(TSS_MAIN), "r"(0)
			 : "memory");
}

/* fs and gs, which the kernel does not use. */
static inline void load_fs_gs(uint32_t selector)
{
	__asm__ volatile("movl %0, %%fs\n\tmovl %0, %%gs" : : "r"(selector));
}

/* -- Control registers, caches of page tables, model-specific registers. ---------------- */

#define READ_REGISTER(name)                                                                    \
	static inline uint32_t read_##name(void)                                               \
	{                                                                                      \
		uint32_t value;                                                                \
		__asm__ volatile("movl %%" #name ", %0" : "=r"(value));                        \
		return value;                                                                  \
	}
#define WRITE_REGISTER(name)                                                                   \
	static inline void write_##name(uint32_t value)                                        \
	{                                                                                      \
		__asm__ volatile("movl %0, %%" #name : : "r"(value) : "memory");               \
	}
READ_REGISTER(cr0)
READ_REGISTER(cr2) /* the address of the last page fault */
READ_REGISTER(cr4)
WRITE_REGISTER(cr0)
WRITE_REGISTER(cr3) /* the current directory; forgets what was cached of pages not global */
WRITE_REGISTER(cr4)
#undef READ_REGISTER
#undef WRITE_REGISTER

/* Zeroes so many lines of 128 bytes, at least one, with a register of SSE, which the compiler
 * does not use: CR4.OSFXSR has to be set, CR0.EM and TS clear. */
#define ZERO_LINE 128u
static inline void zero_lines(void *to, uint32_t lines)
{
	__asm__ volatile("xorps %%xmm0, %%xmm0\n"
			 "1:\tmovups %%xmm0, (%0)\n\t"
			 "movups %%xmm0, 16(%0)\n\t"
			 "movups %%xmm0, 32(%0)\n\t"
			 "movups %%xmm0, 48(%0)\n\t"
			 "movups %%xmm0, 64(%0)\n\t"
			 "movups %%xmm0, 80(%0)\n\t"
			 "movups %%xmm0, 96(%0)\n\t"
			 "movups %%xmm0, 112(%0)\n\t"
			 "subl $-128, %0\n\t"
			 "decl %1\n\t"
			 "jnz 1b"
			 : "+r"(to), "+r"(lines)
			 :
			 : "memory", "cc");
}

/* Forgets what was cached of the page at `virt`. */
static inline void invlpg(uint32_t virt)
{
	__asm__ volatile("invlpg (%0)" : : "r"(virt) : "memory");
}

static inline void rdmsr(uint32_t msr, uint32_t *low, uint32_t *high)
{
	__asm__ volatile("rdmsr" : "=a"(*low), "=d"(*high) : "c"(msr));
}

static inline void wrmsr(uint32_t msr, uint32_t low, uint32_t high)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"(low), "d"(high));
}

#endif
