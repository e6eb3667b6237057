/* SPDX-License-Identifier: BSD-2-Clause */
/* The fake machine. Each function refuses, by failing the test, what the real machine could
 * not do: pointers outside memory, pages without a table, unknown lines. */
#include "fake_arch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/assert.h"
#include "object/kernel.h"
#include "syscall/syscall.h"

fake_machine_t fake;

static _Alignas(4096) uint8_t memory[FAKE_MEMORY_BYTES];
static jmp_buf idle_for_ever;

_Noreturn void panic(const char *reason)
{
	fprintf(stderr, "kernel panic: %s\n", reason);
	fail_msg("kernel panic: %s", reason);
	abort();
}

static void require(bool condition, const char *reason)
{
	if (!condition)
		panic(reason);
}

void fake_reset(void)
{
	memset(memory, 0, sizeof(memory));
	memset(&kernel, 0, sizeof(kernel));
	fake = (fake_machine_t){.number = fake.number + 1, .ticks_per_ms = 1000};
}

void fake_count_from_here(void)
{
	fake.windows = fake.touches = fake.most_touches = 0;
}

uint8_t *fake_memory(void)
{
	return memory;
}

/* -- Memory. ---------------------------------------------------------------------------- */

void *arch_pointer(uint32_t address)
{
	fake.touches++;
	if (fake.touches > fake.most_touches)
		fake.most_touches = fake.touches;
	if (address >= FAKE_KERNEL_BASE && address < FAKE_KERNEL_BASE + sizeof(kernel))
		return (uint8_t *)&kernel + (address - FAKE_KERNEL_BASE);
	require(address >= PAGE_SIZE && address < FAKE_MEMORY_BYTES,
		"a pointer outside memory");
	return memory + address;
}

uint32_t arch_physical(const void *pointer)
{
	uintptr_t at = (uintptr_t)pointer;
	uintptr_t start = (uintptr_t)&kernel;
	if (at >= start && at < start + sizeof(kernel))
		return FAKE_KERNEL_BASE + (uint32_t)(at - start);
	start = (uintptr_t)fake.image;
	if (fake.image && at >= start && at < start + fake.image_bytes)
		return FAKE_IMAGE_BASE + (uint32_t)(at - start);
	start = (uintptr_t)memory;
	require(at >= start && at < start + sizeof(memory), "an address of foreign memory");
	return (uint32_t)(at - start);
}

/* -- Frames. ---------------------------------------------------------------------------- */

#define FLAGS_USER  0x0cd5u
#define FLAGS_FIXED 0x0202u

void arch_frame_init(arch_frame_t *frame)
{
	frame->cs = 3;
	frame->ss = 3;
	frame->eflags = FLAGS_FIXED;
}

void arch_frame_get(const arch_frame_t *frame, thread_registers_t *registers)
{
	*registers = (thread_registers_t){.edi = frame->edi,
					  .esi = frame->esi,
					  .ebp = frame->ebp,
					  .ebx = frame->ebx,
					  .edx = frame->edx,
					  .ecx = frame->ecx,
					  .eax = frame->eax,
					  .eip = frame->eip,
					  .eflags = frame->eflags,
					  .esp = frame->esp};
}

void arch_frame_set(arch_frame_t *frame, const thread_registers_t *registers)
{
	frame->edi = registers->edi;
	frame->esi = registers->esi;
	frame->ebp = registers->ebp;
	frame->ebx = registers->ebx;
	frame->edx = registers->edx;
	frame->ecx = registers->ecx;
	frame->eax = registers->eax;
	frame->eip = registers->eip;
	frame->eflags = (registers->eflags & FLAGS_USER) | FLAGS_FIXED;
	frame->esp = registers->esp;
}

void arch_frame_restart(arch_frame_t *frame)
{
	frame->eip -= 2;
}

void arch_frame_use(arch_frame_t *frame)
{
	fake.frame = frame;
}

/* -- Address spaces. -------------------------------------------------------------------- */

static uint32_t *directory_entry(uint32_t directory, uint32_t virt)
{
	require(directory % PAGE_SIZE == 0, "a directory that is not a page");
	return (uint32_t *)arch_pointer(directory) + virt / FAKE_TABLE_SPAN;
}

static uint32_t *table_entry(uint32_t directory, uint32_t virt)
{
	uint32_t table = *directory_entry(directory, virt);
	require(virt < USER_END && virt % PAGE_SIZE == 0, "not the address of a user page");
	if (!(table & FAKE_PAGE_PRESENT))
		return NULL;
	return (uint32_t *)arch_pointer(table & FAKE_ADDRESS) +
	       virt / PAGE_SIZE % FAKE_TABLE_ENTRIES;
}

uint32_t fake_page_entry(uint32_t directory, uint32_t virt)
{
	const uint32_t *entry = table_entry(directory, virt);
	return entry ? *entry : 0;
}

uint32_t arch_table_span(void)
{
	return FAKE_TABLE_SPAN;
}

void arch_zero(uint32_t address, uint32_t bytes)
{
	memset(arch_pointer(address), 0, bytes);
}

uint32_t arch_directory_init(uint32_t directory)
{
	memset(arch_pointer(directory), 0, FAKE_TABLE_ENTRIES * sizeof(uint32_t));
	return directory;
}

void arch_copy_words(uint32_t *to, const uint32_t *from, uint32_t words)
{
	memcpy(to, from, words * sizeof(*to));
}

void arch_directory_leave(void)
{
	arch_directory_use(0);
}

void arch_directory_use(uint32_t root)
{
	fake.directory = root;
}

bool arch_table_present(uint32_t directory, uint32_t virt)
{
	return *directory_entry(directory, virt) != 0;
}

void arch_table_set(uint32_t directory, uint32_t virt, uint32_t table)
{
	const uint32_t *entries = arch_pointer(table);
	for (uint32_t i = 0; i < FAKE_TABLE_ENTRIES; i++)
		require(entries[i] == 0, "a new page table brings pages along");
	require(virt < USER_END, "a table for the kernel's addresses");
	*directory_entry(directory, virt) = table | FAKE_PAGE_PRESENT;
}

void arch_table_clear(uint32_t directory, uint32_t virt, uint32_t table)
{
	uint32_t *entry = directory_entry(directory, virt);
	if ((*entry & FAKE_ADDRESS) == table)
		*entry = 0;
}

err_t arch_pages_check(uint32_t directory, uint32_t virt, uint32_t pages)
{
	for (uint32_t i = 0; i < pages; i++) {
		const uint32_t *entry = table_entry(directory, virt + i * PAGE_SIZE);
		if (!entry)
			return DRV_ENOTABLE;
		if (*entry)
			return DRV_EEXIST;
	}
	return DRV_OK;
}

err_t arch_page_set(uint32_t directory, uint32_t virt, uint32_t address, uint32_t flags)
{
	err_t err = arch_pages_check(directory, virt, 1);
	if (!err)
		arch_pages_set(directory, virt, address, 1, flags);
	return err;
}

void arch_pages_set(uint32_t directory, uint32_t virt, uint32_t address, uint32_t pages,
		    uint32_t flags)
{
	require(address % PAGE_SIZE == 0, "a page that is not aligned");
	for (uint32_t i = 0; i < pages; i++) {
		uint32_t *entry = table_entry(directory, virt + i * PAGE_SIZE);
		require(entry && *entry == 0, "a page without a table, or over another page");
		*entry = (address + i * PAGE_SIZE) | flags | FAKE_PAGE_PRESENT;
	}
}

void arch_pages_clear(uint32_t directory, uint32_t virt, uint32_t address, uint32_t pages)
{
	for (uint32_t i = 0; i < pages; i++) {
		uint32_t *entry = table_entry(directory, virt + i * PAGE_SIZE);
		if (entry && *entry && (*entry & FAKE_ADDRESS) == address + i * PAGE_SIZE)
			*entry = 0;
	}
}

/* -- Devices. --------------------------------------------------------------------------- */

static void log_port(fake_port_access_t access)
{
	require(access.width == 1 || access.width == 2 || access.width == 4, "port width");
	require(access.port + access.width - 1 <= 0xffff, "a port beyond the last");
	fake.port_log[fake.port_accesses++ % FAKE_PORT_LOG] = access;
}

uint32_t arch_port_read(uint16_t port, uint32_t width)
{
	log_port((fake_port_access_t){port, width, fake.port_value, false});
	return fake.port_value;
}

void arch_port_write(uint16_t port, uint32_t width, uint32_t value)
{
	log_port((fake_port_access_t){port, width, value, true});
}

void arch_irq_mask(uint32_t line)
{
	require(line < IRQ_LINES, "no such line");
	fake.irq_unmasked &= ~(1u << line);
}

void arch_irq_unmask(uint32_t line)
{
	require(line < IRQ_LINES && (ARCH_IRQ_USER_MASK & (1u << line)),
		"a line that is the kernel's");
	fake.irq_unmasked |= 1u << line;
}

bool arch_irq_set_level(uint32_t line, bool level)
{
	require(line < IRQ_LINES && (ARCH_IRQ_TRIGGER_MASK & (1u << line)),
		"a line whose trigger cannot be chosen");
	uint32_t bit = 1u << line;
	bool was = fake.irq_level & bit;
	fake.irq_level = level ? fake.irq_level | bit : fake.irq_level & ~bit;
	return was;
}

uint64_t arch_time_us(void)
{
	return fake.time_us;
}

uint32_t arch_tick_ms(void)
{
	return (uint32_t)(fake.time_us / 1000);
}

uint64_t arch_ticks(void)
{
	uint32_t rate = fake.ticks_per_ms ? fake.ticks_per_ms : 1000;
	return fake.time_us * rate / 1000;
}

uint32_t arch_ticks_per_ms(void)
{
	return fake.ticks_per_ms;
}

void arch_interrupt_window(void)
{
	fake.windows++;
	fake.touches = 0;
	if (fake.window)
		fake.window();
	fake.touches = 0;
}

void arch_idle(void)
{
	require(kernel.sched.current == NULL, "idle although a thread runs");
	if (!fake.idle || !fake.idle())
		longjmp(idle_for_ever, 1);
}

static bool leave_by(const arch_frame_t *(*way)(void))
{
	if (setjmp(idle_for_ever))
		return false;
	const arch_frame_t *frame = way();
	require(frame == &kernel.sched.current->frame && frame == fake.frame,
		"the frame that is left through is not the current thread's");
	return true;
}

/* As the entry code does it: the number is what is in eax. */
static uint32_t number_of_call(void)
{
	return kernel.sched.current->frame.eax;
}

void fake_enter(void)
{
	syscall_handle(number_of_call());
}

bool fake_leave(void)
{
	return leave_by(kernel_leave);
}

static const arch_frame_t *enter_and_leave(void)
{
	return kernel_syscall(number_of_call());
}

bool fake_syscall(void)
{
	return leave_by(enter_and_leave);
}

void arch_trace(uint32_t address, uint32_t bits)
{
	fake.trace = address;
	fake.trace_bits = bits;
}

void arch_iobitmap_use(uint32_t bitmap)
{
	fake.iobitmap = bitmap;
}
