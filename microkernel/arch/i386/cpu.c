/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables (Intel SDM 3A, chapters 3, 6 and 7) and frames. */
#include "arch/i386/i386.h"

#include "abi/syscalls.h"
#include "base/assert.h"
#include "base/print.h"

machine_t machine;

/* Flags that a user may set: CF PF AF ZF SF DF OF. IF is always on; bit 1 reads as one. */
#define EFLAGS_USER 0x0cd5u

#define FEATURE_MSR   0x20u /* CPUID leaf 1, edx: SDM 2A */
#define FEATURE_APIC  0x200u
#define MSR_APIC_BASE 0x1bu
#define APIC_ENABLE   0x800u
#define APIC_X2	      0x400u

#define FEATURE_TSC 0x10u

/* SDM 2A, CALL: what is called is so far from behind it. */
#define CALL 0xe8u
typedef struct call {
	uint8_t opcode;
	uint32_t distance;
} __attribute__((packed)) call_t;

#define MSR_SYSENTER_CS	 0x174u
#define MSR_SYSENTER_ESP 0x175u
#define MSR_SYSENTER_EIP 0x176u

/* With the bitmap and the byte behind it. */
#define MAIN_TSS_BYTES (sizeof(tss_t) + ARCH_IOBITMAP_BYTES + 1)

#define GATE_INTERRUPT 0x8e00u /* present, ring 0, 32-bit interrupt gate */
#define GATE_TASK      0x8500u
#define GATE_USER      0x6000u /* callable from ring 3 */

/* Flat 4 GiB segments: base 0, limit 0xfffff pages. */
#define SEGMENT(access) (0x00cf00000000ffffull | ((uint64_t)(access) << 40))
#define ACCESS_CODE	0x9au
#define ACCESS_DATA	0x92u
#define ACCESS_USER	0x60u
#define ACCESS_TSS	0x89u

bool cpu_id(uint32_t leaf, uint32_t id[4])
{
	if (!has_cpuid())
		return false;
	cpuid(leaf & 0x80000000u, id); /* the highest leaf of its kind */
	if (id[0] < leaf)
		return false;
	cpuid(leaf, id);
	return true;
}

uint32_t cpu_features(void)
{
	uint32_t id[4];
	return cpu_id(1, id) ? id[3] : 0;
}

_Static_assert(offsetof(arch_frame_t, vector) == FRAME_VECTOR, "selectors.h");
_Static_assert(offsetof(arch_frame_t, eip) == FRAME_EIP, "selectors.h");
_Static_assert(offsetof(arch_frame_t, esp) == FRAME_ESP, "selectors.h");
_Static_assert(sizeof(arch_frame_t) == FRAME_END, "selectors.h");
_Static_assert(offsetof(machine_t, ticks) == 0, "entry.S");
_Static_assert(offsetof(machine_t, trace_at) == MACHINE_TRACE, "selectors.h");

static uint64_t tss_descriptor(const tss_t *tss, uint32_t bytes)
{
	uint64_t base = (uint32_t)tss;
	return (bytes - 1) | (base & 0xffffff) << 16 | (uint64_t)ACCESS_TSS << 40 |
	       (base >> 24) << 56;
}

static uint64_t gate(uint32_t offset, uint32_t selector, uint32_t type)
{
	return (offset & 0xffffu) | (uint64_t)selector << 16 | (uint64_t)type << 32 |
	       (uint64_t)(offset & 0xffff0000u) << 32;
}

/* Runs on its own stack, through a task gate: the kernel's stack may be what is broken. */
static _Noreturn void double_fault(void)
{
	panic("double fault (kernel stack overflow?)");
}

static uint8_t double_fault_stack[1024];

/* An NMI ends what sti holds back (SDM 2B, STI): sti is made again. Or else an interrupt would
 * be taken where the stack is a thread's frame, or would come before the processor waits for
 * it. Users may jump to these addresses as well; they get a fault. */
static void hold_back_again(void)
{
	bool held = main_tss.eip == (uint32_t)held_back_leave ||
		    main_tss.eip == (uint32_t)held_back_idle;
	if (main_tss.cs == KERNEL_CODE && held) {
		main_tss.eip--; /* the length of sti */
		main_tss.eflags &= ~(uint32_t)EFLAGS_INTERRUPTS;
	}
}

/* Runs on its own stack as well: an NMI can come where the kernel's stack pointer is not yet
 * set. The next NMI goes on behind the iret. */
static _Noreturn void nmi_task(void)
{
	for (;;) {
		machine.nmis++;
		hold_back_again();
		task_return();
	}
}

static uint8_t nmi_stack[256];

static void init_task(tss_t *tss, void (*entry)(void), uint8_t *stack_end)
{
	tss->cr3 = arch_physical(boot_directory);
	tss->eip = (uint32_t)entry;
	tss->eflags = EFLAGS_KERNEL;
	tss->esp = tss->esp0 = (uint32_t)stack_end;
	tss->ss0 = tss->ss = KERNEL_DATA;
	tss->cs = KERNEL_CODE;
	tss->ds = tss->es = tss->fs = tss->gs = USER_DATA;
	tss->iomap = sizeof(tss_t);
}

static void init_tss(void)
{
	main_tss.ss0 = KERNEL_DATA;
	main_tss.cr3 = arch_physical(boot_directory);
	iobitmap_window[ARCH_IOBITMAP_BYTES] = 0xff; /* the processor reads one byte beyond */
	arch_iobitmap_use(0);
	init_task(&machine.double_fault_tss, double_fault,
		  double_fault_stack + sizeof(double_fault_stack));
	init_task(&machine.nmi_tss, nmi_task, nmi_stack + sizeof(nmi_stack));
}

static void init_gates(const uint32_t *vectors, void (*syscall)(void))
{
	for (uint32_t i = 0; i < sizeof(machine.idt) / sizeof(machine.idt[0]); i++)
		if (i != 2) /* an NMI may come meanwhile */
			machine.idt[i] = gate(vectors[i < STRAY_VECTOR ? i : STRAY_VECTOR],
					      KERNEL_CODE, GATE_INTERRUPT);
	machine.idt[1] = gate((uint32_t)vector_debug_checked, KERNEL_CODE, GATE_INTERRUPT);
	machine.idt[2] = gate(0, TSS_NMI, GATE_TASK);
	machine.idt[7] = gate((uint32_t)vector_fpu_checked, KERNEL_CODE, GATE_INTERRUPT);
	/* int3 and into are for users; every other vector is not theirs to call. */
	machine.idt[3] = gate(vectors[3], KERNEL_CODE, GATE_INTERRUPT | GATE_USER);
	machine.idt[4] = gate(vectors[4], KERNEL_CODE, GATE_INTERRUPT | GATE_USER);
	machine.idt[8] = gate(0, TSS_DOUBLE, GATE_TASK);
	machine.idt[SYSCALL_VECTOR] =
	    gate((uint32_t)syscall, KERNEL_CODE, GATE_INTERRUPT | GATE_USER);
}

static void init_tables(void)
{
	machine.gdt[KERNEL_CODE / 8] = SEGMENT(ACCESS_CODE);
	machine.gdt[KERNEL_DATA / 8] = SEGMENT(ACCESS_DATA);
	machine.gdt[USER_CODE / 8] = SEGMENT(ACCESS_CODE | ACCESS_USER);
	machine.gdt[USER_DATA / 8] = SEGMENT(ACCESS_DATA | ACCESS_USER);
	machine.gdt[TSS_MAIN / 8] = tss_descriptor(&main_tss, MAIN_TSS_BYTES);
	machine.gdt[TSS_DOUBLE / 8] = tss_descriptor(&machine.double_fault_tss, sizeof(tss_t));
	machine.gdt[TSS_NMI / 8] = tss_descriptor(&machine.nmi_tss, sizeof(tss_t));
	init_gates(trap_vectors, vector_syscall);
	table_register_t gdt = {sizeof(machine.gdt) - 1, (uint32_t)machine.gdt};
	table_register_t idt = {sizeof(machine.idt) - 1, (uint32_t)machine.idt};
	load_tables(&gdt, &idt);
}

void arch_iobitmap_use(uint32_t bitmap)
{
	/* An offset behind the limit: no port is open. */
	main_tss.iomap = bitmap ? sizeof(tss_t) : MAIN_TSS_BYTES;
	if (!bitmap || bitmap == machine.window)
		return;
	machine.window = bitmap;
	mmu_window(iobitmap_window, bitmap, ARCH_IOBITMAP_BYTES);
}

/* SDM 2B, SYSENTER; the processor loads the stack pointer with the address of tss.esp0. */
static void init_sysenter(void (*entry)(void))
{
	uint32_t id[4];
	if (!cpu_id(1, id) || !CPU_HAS_SYSENTER(id[0], id[3]))
		return;
	wrmsr(MSR_SYSENTER_CS, KERNEL_CODE, 0);
	wrmsr(MSR_SYSENTER_ESP, (uint32_t)&main_tss.esp0, 0);
	wrmsr(MSR_SYSENTER_EIP, (uint32_t)entry, 0);
}

/* Nothing of the local APIC is used. While it is off, no message to it is an interrupt: SDM 3A,
 * 10.4.3. One that the firmware left in x2APIC mode leaves it in the same write, as neither
 * mode may be left alone: 10.12.5. */
static void disable_apic(void)
{
	uint32_t low, high, id[4], needed = FEATURE_MSR | FEATURE_APIC;
	if (has_cpuid() && !cpu_id(1, id))
		print("castellan: CPUID has no leaf 1: a local APIC that is on lets no "
		      "interrupt through\n");
	if ((cpu_features() & needed) != needed)
		return;
	rdmsr(MSR_APIC_BASE, &low, &high);
	wrmsr(MSR_APIC_BASE, low & ~(APIC_ENABLE | APIC_X2), high);
}

/* Where there is no time stamp counter, each place that reads it calls read_ticks from now on.
 * The kernel's text is writable until mmu_init(). */
static void replace_tsc(void)
{
	if (cpu_features() & FEATURE_TSC)
		return;
	for (const uint32_t *at = tsc_reads; at < tsc_reads_end; at++)
		*(call_t *)*at = (call_t){CALL, (uint32_t)read_ticks - *at - sizeof(call_t)};
}

void cpu_init(void)
{
	replace_tsc();
	init_tss();
	init_tables();
	fpu_init();
	init_sysenter(vector_sysenter);
	disable_apic();
}

void arch_trace(uint32_t address, uint32_t bits)
{
	machine.trace_mask = (1u << bits) - 1;
	machine.trace_base = (uint32_t)arch_pointer(address);
	init_gates(traced_vectors, traced_syscall);
	init_sysenter(traced_sysenter);
}

void arch_frame_init(arch_frame_t *frame)
{
	frame->cs = USER_CODE;
	frame->ss = USER_DATA;
	frame->eflags = EFLAGS_FIXED;
}

/* sysenter stores no flags: the arithmetic ones are lost, the others are these. */
static uint32_t flags_of(const arch_frame_t *frame)
{
	return frame->vector == SYSENTER_VECTOR ? EFLAGS_FIXED : frame->eflags;
}

#define REGISTERS(X) X(edi) X(esi) X(ebp) X(ebx) X(edx) X(ecx) X(eax) X(eip) X(esp)

void arch_frame_get(const arch_frame_t *frame, thread_registers_t *registers)
{
#define GET(name) registers->name = frame->name;
	REGISTERS(GET)
#undef GET
	registers->eflags = flags_of(frame);
}

void arch_frame_set(arch_frame_t *frame, const thread_registers_t *registers)
{
#define SET(name) frame->name = registers->name;
	REGISTERS(SET)
#undef SET
	frame->eflags = (registers->eflags & EFLAGS_USER) | EFLAGS_FIXED;
	frame->cs = USER_CODE;
	frame->ss = USER_DATA;
	frame->vector = 0; /* all of these are to be restored, so not by sysexit */
}

void arch_frame_restart(arch_frame_t *frame)
{
	frame->eip -= 2; /* the length of int $0x80 and of sysenter */
	frame->cs = USER_CODE;
	frame->ss = USER_DATA;
	frame->eflags = flags_of(frame);
	frame->vector = 0; /* sysenter's own arguments, ecx and edx, are restored as well */
}

void arch_frame_use(arch_frame_t *frame)
{
	main_tss.esp0 = (uint32_t)(frame + 1);
}

void arch_init(uint32_t top, uint32_t (*page)(void *), void *pages)
{
	cpu_init();
	mmu_init(top, page, pages);
	dma_close();
	pic_init();
	pit_init();
}
