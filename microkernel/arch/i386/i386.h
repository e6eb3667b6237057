/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this directory share. Nobody else includes it. */
#ifndef I386_I386_H
#define I386_I386_H

#include "arch/arch.h"
#include "arch/i386/selectors.h"

#define KERNEL_BASE 0xc0000000u

/* The processor's own tables. */
typedef struct tss {
	uint32_t link, esp0, ss0, esp1, ss1, esp2, ss2, cr3, eip, eflags;
	uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs, ldt;
	uint16_t trap, iomap;
} tss_t;
_Static_assert(sizeof(tss_t) == 104, "SDM 3A, figure 7-2");

/* The machine-dependent state. */
typedef struct machine {
	tss_t double_fault_tss, nmi_tss;
	uint64_t gdt[8];
	uint64_t idt[129];
	uint32_t directory;  /* physical address of the current page directory */
	uint16_t irq_masked; /* bit n: line n is masked at the controller */
	uint64_t ticks_us;   /* microseconds up to the last tick */
	uint64_t last_us;    /* last time told */
	uint32_t nmis;	     /* survived */
} machine_t;
extern machine_t machine;

/* In boot.S and the linker script. */
extern uint32_t boot_directory[1024];
extern uint32_t boot_tables[4 * 1024];
extern tss_t main_tss;		  /* directly before the window */
extern uint8_t iobitmap_window[]; /* where the processor looks for the I/O bitmap */
extern uint8_t kernel_stack_guard[], kernel_stack_top[];
extern uint8_t kernel_image_start[], kernel_image_end[], kernel_readonly_start[],
    kernel_readonly_end[];
extern const uint32_t trap_vectors[48];
void vector_syscall(void);
void vector_sysenter(void);
void vector_debug_checked(void);

void cpu_init(void);
/* CPUID leaf 1, edx (SDM 2A, CPUID); 0 on a CPU without the instruction (early 486). */
#define CPUID_PSE      0x8u
#define CPUID_SYSENTER 0x800u
uint32_t cpu_features(void);

void mmu_init(uint32_t top, uint32_t (*page)(void));
/* Shows `bytes` of physical memory, in whole pages, at a place in the kernel's image. */
void mmu_window(const uint8_t *place, uint32_t address, uint32_t bytes);

void pic_init(void);
void pit_init(void);

/* Tells the controller that the interrupt was taken; false: it was spurious (7 and 15). */
bool pic_acknowledge(uint32_t line);

/* Called with each tick. */
void pit_tick(void);

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

#endif
