/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole machine as the rest of the kernel sees it. arch/i386 implements it for the PC,
 * test/fake for the host. Nothing here takes a user pointer. */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/boot.h"
#include "abi/driver_errno.h"
#include "abi/message.h"

/* -- Physical memory: all of it that is used is mapped at a constant offset. ------------ */

/* The kernel's pointer to physical address `address`, which must be RAM in use. */
void *arch_pointer(uint32_t address);

/* The inverse, for pointers into such memory and into the kernel's own data. */
uint32_t arch_physical(const void *pointer);

/* Copies words between places that do not overlap. */
void arch_copy_words(uint32_t *to, const uint32_t *from, uint32_t words);

/* -- Registers of a thread that is in the kernel. --------------------------------------- */

/* In the order in which the entry code stores them. */
typedef struct arch_frame {
	uint32_t edi, esi, ebp, unused, ebx, edx, ecx, eax;
	uint32_t vector, error;
	uint32_t eip, cs, eflags, esp, ss;
} arch_frame_t;

/* The words that a system call takes, and answers, in registers: n is 0..3; and its result,
 * which on the way in is the call's number. */
static inline uint32_t frame_word(const arch_frame_t *frame, uint32_t n)
{
	return n == 0 ? frame->ebx : n == 1 ? frame->esi : n == 2 ? frame->edi : frame->ebp;
}

static inline void frame_set_word(arch_frame_t *frame, uint32_t n, uint32_t value)
{
	if (n == 0)
		frame->ebx = value;
	else if (n == 1)
		frame->esi = value;
	else if (n == 2)
		frame->edi = value;
	else
		frame->ebp = value;
}

static inline void frame_set_result(arch_frame_t *frame, uint32_t result)
{
	frame->eax = result;
}

/* Makes a zeroed frame one that will enter user mode with everything else zero. */
void arch_frame_init(arch_frame_t *frame);

/* Where it will enter user mode, and with which stack. */
static inline void frame_set_start(arch_frame_t *frame, uint32_t entry, uint32_t stack_top)
{
	frame->eip = entry;
	frame->esp = stack_top;
}

/* Moves registers in and out. Setting keeps segments and cleans the flags: a user gets
 * the arithmetic flags and interrupts on, nothing else. */
void arch_frame_get(const arch_frame_t *frame, thread_registers_t *registers);
void arch_frame_set(arch_frame_t *frame, const thread_registers_t *registers);

/* Makes the frame execute its system call again. */
void arch_frame_restart(arch_frame_t *frame);

/* Where user mode saves its registers on the next entry: the running thread's frame. */
void arch_frame_use(arch_frame_t *frame);

/* -- Memory. -------------------------------------------------------------------------- */

/* Zeroes physical memory, all of which the kernel has mapped. */
void arch_zero(uint32_t address, uint32_t bytes);

/* -- Address spaces: a directory and page tables (one page each). ----------------------- */

/* A directory is this many pages. In the page before it, the machine keeps something of its own
 * from ARCH_ROOT_OFFSET on. */
#define ARCH_DIRECTORY_PAGES 3u
#define ARCH_ROOT_OFFSET     2048u

/* Bytes of address space under one page table. */
uint32_t arch_table_span(void);

/* Makes a directory, whatever was in its memory, with the kernel's own part and nothing else;
 * its root, which makes it current. */
uint32_t arch_directory_init(uint32_t directory);

/* Makes the directory with that root the current one. */
void arch_directory_use(uint32_t root);

/* Makes the kernel's own directory the current one, which is without user pages. */
void arch_directory_leave(void);

/* Bytes of an I/O permission bitmap: one bit a port, set: refused. */
#define ARCH_IOBITMAP_BYTES 8192u

/* Makes the bitmap at this physical address the one that decides over native port accesses of
 * user mode; 0: all are refused. */
void arch_iobitmap_use(uint32_t bitmap);

/* Is there a table at `virt`? Enters one, where there is none. */
bool arch_table_present(uint32_t directory, uint32_t virt);
void arch_table_set(uint32_t directory, uint32_t virt, uint32_t table);

/* Removes the table at `virt` if it is `table`. */
void arch_table_clear(uint32_t directory, uint32_t virt, uint32_t table);

#define ARCH_PAGE_WRITE	   1u
#define ARCH_PAGE_EXEC	   2u
#define ARCH_PAGE_UNCACHED 4u

/* Are `pages` pages from `virt` on free? DRV_ENOTABLE: no table there; DRV_EEXIST: taken. */
err_t arch_pages_check(uint32_t directory, uint32_t virt, uint32_t pages);

/* Maps one page of physical memory; errors as above. */
err_t arch_page_set(uint32_t directory, uint32_t virt, uint32_t address, uint32_t flags);

/* Maps `pages` pages of physical memory from `address` on, where all is free. */
void arch_pages_set(uint32_t directory, uint32_t virt, uint32_t address, uint32_t pages,
		    uint32_t flags);

/* Unmaps those that are still there: a page whose table is gone, or that is another one by now,
 * is left alone. */
void arch_pages_clear(uint32_t directory, uint32_t virt, uint32_t address, uint32_t pages);

/* -- Devices. --------------------------------------------------------------------------- */

/* `width` is 1, 2 or 4 bytes. */
uint32_t arch_port_read(uint16_t port, uint32_t width);
void arch_port_write(uint16_t port, uint32_t width, uint32_t value);

/* Lines that users may have: all but the kernel's timer and the cascade. */
#define ARCH_IRQ_USER_MASK 0xfffau

/* Holds the line's interrupts back, and lets them come. */
void arch_irq_mask(uint32_t line);
void arch_irq_unmask(uint32_t line);

/* May the line be edge or level triggered, as a register of the machine says? */
#define ARCH_IRQ_TRIGGER_MASK 0xdef8u

/* Makes such a line level or edge triggered; what it was. */
bool arch_irq_set_level(uint32_t line, bool level);

/* Microseconds since boot; never goes back. */
uint64_t arch_time_us(void);

/* The time of the timer's last tick, in milliseconds; wraps. Never ahead of arch_time_us(). */
uint32_t arch_tick_ms(void);

/* A counter of run time. And how often it counts in a millisecond, as seen at the
 * timer: 0 before that is known; 1: there is none, and it counts the timer's ticks. */
uint64_t arch_ticks(void);
uint32_t arch_ticks_per_ms(void);

/* Takes pending interrupts now, between two bounded steps of long work. */
void arch_interrupt_window(void);

/* Waits for an interrupt and takes it. */
void arch_idle(void);

/* Makes the early console usable; the very first thing at boot. */
void arch_console_init(void);

/* One character on the early console: boot and panic only. */
void arch_console_put(char c);

/* From now on each way into the kernel and out of it writes a record (abi/trace.h) into this
 * ring of 2^bits bytes of memory that the kernel has mapped. Once. */
void arch_trace(uint32_t address, uint32_t bits);

/* -- Start-up. -------------------------------------------------------------------------- */

/* The kernel maps no more physical memory than this. */
#define ARCH_MEMORY_LIMIT 0x30000000u

/* Pages below this are mapped from the first instruction on. */
#define ARCH_EARLY_LIMIT 0x01000000u

/* Maps one piece more of this size, aligned so, above ARCH_EARLY_LIMIT; 0: none. Once. */
#define ARCH_EARLY_CHUNK 0x00400000u
void arch_map_early(uint32_t address);

/* Maps memory up to `top`, protects the kernel's own text, sets up descriptor tables, interrupt
 * and DMA controllers and the timer. `page(pages)` gives a zeroed page of what is mapped. */
void arch_init(uint32_t top, uint32_t (*page)(void *), void *pages);

/* Where the kernel image lies in physical memory: [start, end). */
uint32_t arch_image_start(void);
uint32_t arch_image_end(void);

/* Leaves the kernel for the thread whose frame this is, for the first time. */
_Noreturn void arch_enter(const arch_frame_t *frame);

/* -- What the machine calls: syscall/dispatch.c, syscall/entry.c and object/irq.c. -------- */

/* The system call with this number, as it is in the running thread's frame as well: does it and
 * answers who leaves the kernel next. */
const arch_frame_t *kernel_syscall(uint32_t number);

void kernel_on_fault(uint32_t label, uint32_t address, uint32_t code);

/* The line fired. All claimers are told at once: at most IRQ_CLAIMERS threads are woken. */
void kernel_on_interrupt(uint32_t line);

void kernel_on_stray(void); /* an interrupt that the controllers did not mean, or no line's */
void kernel_on_tick(void);

/* Who leaves the kernel next. */
const arch_frame_t *kernel_leave(void);

#endif
