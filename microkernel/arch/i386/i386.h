/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this directory share. Nobody else includes it. */
#ifndef I386_I386_H
#define I386_I386_H

#include "arch/arch.h"
#include "arch/i386/instructions.h"
#include "arch/i386/selectors.h"

#define TIMER_LINE 0u /* of the first controller */

/* The processor's own tables. */
typedef struct tss {
	uint32_t link, esp0, ss0, esp1, ss1, esp2, ss2, cr3, eip, eflags;
	uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs, ldt;
	uint16_t trap, iomap;
} tss_t;
_Static_assert(sizeof(tss_t) == 104, "SDM 3A, figure 7-2");

/* How this processor's page tables look. */
typedef struct paging {
	bool pae;
	uint8_t span_bits;   /* log2 of the bytes under one table */
	uint8_t entry_bits;  /* log2 of the bytes of an entry */
	uint32_t index_mask; /* entries of a table, less one */
	uint32_t no_execute; /* set in the high word of what is not to be executed; 0: cannot */
	uint32_t global;     /* set in the kernel's own pages; 0: cannot */
	uint32_t kernel_directory; /* PAE: what all address spaces share */
	uint32_t image_table[2];   /* PAE: tables of the kernel's image */
} paging_t;

/* The machine-dependent state. */
typedef struct machine {
	uint64_t ticks; /* of the timer; entry.S reads it here */
	/* Of the ring of abi/trace.h: bytes written, its bytes less one, where it is. */
	uint32_t trace_at, trace_mask, trace_base;
	tss_t double_fault_tss, nmi_tss;
	uint64_t gdt[8];
	uint64_t idt[256]; /* all vectors that there are */
	paging_t paging;
	uint32_t window;     /* physical address of what iobitmap_window shows; 0: none yet */
	uint16_t irq_masked; /* bit n: line n is masked at the controller */
	uint64_t last_us;    /* last time told */
	bool has_sse;
	uint32_t count_at;	   /* the tick at which what follows is brought up to date, */
	uint32_t count_over;	   /* as many ticks after the last time; a power of two */
	uint64_t ticks_ms;	   /* milliseconds up to that one */
	uint32_t ticks_ns;	   /* and the nanoseconds beyond them, below 1000000 */
	uint32_t tick_counter;	   /* the time stamp counter then */
	uint32_t counter_per_tick; /* 0: not known yet */
	uint32_t nmis;		   /* survived */
} machine_t;
extern machine_t machine;

/* In boot.S and the linker script. */
extern uint32_t boot_directory[1024];
extern uint32_t boot_tables[4 * 1024];
extern uint32_t boot_spare_table[1024]; /* for one piece of memory more */
extern tss_t main_tss;			/* directly before the window */
extern uint8_t iobitmap_window[];	/* where the processor looks for the I/O bitmap */
extern uint8_t kernel_stack_guard[], kernel_stack_top[];
extern uint8_t kernel_image_start[], kernel_image_end[], kernel_readonly_start[],
    kernel_readonly_end[];
extern const uint32_t trap_vectors[STRAY_VECTOR + 1];
void vector_syscall(void);
void vector_sysenter(void);
extern const uint32_t traced_vectors[STRAY_VECTOR + 1];
void traced_syscall(void);
void traced_sysenter(void);
void vector_debug_checked(void);
void vector_fpu_checked(void);
/* The places of read_tsc(). */
extern const uint32_t tsc_reads[], tsc_reads_end[];
/* Answers the timer's ticks in edx:eax and changes nothing else. */
extern const uint8_t read_ticks[];
/* Behind a sti that holds interrupts back for one instruction more. */
extern const uint8_t held_back_leave[], held_back_idle[];

void cpu_init(void);

/* Takes the FPU away from all programs. */
void fpu_init(void);

/* CPUID (SDM 2A): eax, ebx, ecx, edx of a leaf, subleaf 0; false: the CPU does not have it. */
bool cpu_id(uint32_t leaf, uint32_t id[4]);

/* Leaf 1, edx; 0 on a CPU without the instruction (early 486). */
uint32_t cpu_features(void);

void mmu_init(uint32_t top, uint32_t (*page)(void *), void *pages);

/* Shows `bytes` of physical memory, in whole pages, at a place in the kernel's image. */
void mmu_window(const uint8_t *place, uint32_t address, uint32_t bytes);

/* No channel of the DMA controllers answers a device from now on. */
void dma_close(void);

void pic_init(void);
void pit_init(void);

/* Tells the controller that the interrupt was taken; false: it was spurious (7 and 15). */
bool pic_acknowledge(uint32_t line);

/* Was the line, one of the first eight, raised and not taken yet? */
bool pic_is_waiting(uint32_t line);

/* Called with each tick. */
void pit_tick(void);

#endif
