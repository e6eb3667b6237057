/* SPDX-License-Identifier: BSD-2-Clause */
/* The descriptor tables that the kernel loads: segments, gates, tasks, ports of users. */
#include "world.h"

#include <string.h>

#define CODE_OF(level) (0x00cf9a000000ffffull | (uint64_t)(level) << 45)
#define DATA_OF(level) (0x00cf92000000ffffull | (uint64_t)(level) << 45)
#define ACCESSED_CODE  (1ull << 40) /* the processor may set it */

#define GATE_KIND(gate)	    ((uint32_t)((gate) >> 40) & 0x9fu)
#define GATE_LEVEL(gate)    ((uint32_t)((gate) >> 45) & 3u)
#define GATE_SELECTOR(gate) ((uint32_t)((gate) >> 16) & 0xffffu)
#define GATE_OFFSET(gate)                                                                      \
	((uint32_t)((gate)&0xffffu) | ((uint32_t)((gate) >> 32) & 0xffff0000u))
#define INTERRUPT_GATE 0x8eu /* present, 32 bits; the flag IF is cleared */
#define TASK_GATE      0x85u

#define NMI	     2u
#define DOUBLE_FAULT 8u

static uint64_t gate_of(uint32_t vector)
{
	assert_true(vector * 8 + 7 <= processor.idt.limit);
	return ((const uint64_t *)(uintptr_t)processor.idt.base)[vector];
}

static uint32_t address_of(const void *pointer)
{
	return (uint32_t)(uintptr_t)pointer;
}

static void segments_are_flat_and_those_of_users_have_no_privilege(void)
{
	assert_int_equal(processor_descriptor(KERNEL_CODE), CODE_OF(0));
	assert_int_equal(processor_descriptor(KERNEL_DATA), DATA_OF(0));
	assert_int_equal(processor_descriptor(USER_CODE), CODE_OF(3));
	assert_int_equal(processor_descriptor(USER_DATA), DATA_OF(3));
	assert_int_equal(USER_CODE & 3, 3);
	assert_int_equal(USER_DATA & 3, 3);
}

static void users_can_use_no_other_segment_and_enter_no_task(void)
{
	for (uint32_t selector = 8; selector <= processor.gdt.limit; selector += 8) {
		uint64_t descriptor = processor_descriptor(selector);
		bool theirs = selector == (USER_CODE & ~7u) || selector == (USER_DATA & ~7u);
		assert_int_equal(GATE_LEVEL(descriptor), theirs ? 3 : 0);
	}
	assert_int_equal(processor.gdt.base, address_of(machine.gdt));
	assert_int_equal(processor.gdt.limit, sizeof(machine.gdt) - 1);
}

static uint32_t way_in(uint32_t vector)
{
	bool traced = machine.trace_base != 0;
	switch (vector) {
	case 1:
		return address_of(vector_debug_checked);
	case 7:
		return address_of(vector_fpu_checked);
	case SYSCALL_VECTOR:
		return address_of(traced ? traced_syscall : vector_syscall);
	default:
		return (traced ? traced_vectors : trap_vectors)[vector < 48 ? vector : 48];
	}
}

static void each_vector_has_a_way_in_with_interrupts_off(void)
{
	for (uint32_t vector = 0; vector < 256; vector++) {
		if (vector == NMI || vector == DOUBLE_FAULT)
			continue;
		uint64_t gate = gate_of(vector);
		assert_int_equal(GATE_KIND(gate), INTERRUPT_GATE);
		assert_int_equal(GATE_SELECTOR(gate), KERNEL_CODE);
		assert_int_equal(GATE_OFFSET(gate), way_in(vector));
	}
}

static void users_call_three_vectors_and_no_others(void)
{
	uint32_t theirs = 0;
	for (uint32_t vector = 0; vector * 8 + 7 <= processor.idt.limit; vector++) {
		uint64_t gate = gate_of(vector);
		if (GATE_LEVEL(gate) == 0)
			continue;
		assert_true(vector == 3 || vector == 4 || vector == SYSCALL_VECTOR);
		theirs++;
	}
	assert_int_equal(theirs, 3);
	assert_int_equal(processor.idt.base, address_of(machine.idt));
	assert_int_equal(processor.idt.limit, 256 * 8 - 1);
}

/* What leads from a vector to a task that can run whatever the kernel's stack is like. */
static const tss_t *task_of(uint32_t vector)
{
	uint64_t gate = gate_of(vector);
	assert_int_equal(GATE_KIND(gate), TASK_GATE);
	assert_int_equal(GATE_LEVEL(gate), 0);
	uint32_t limit;
	const tss_t *tss = processor_tss(GATE_SELECTOR(gate), &limit);
	assert_int_equal(limit, sizeof(*tss) - 1);
	assert_int_equal(tss->cr3, arch_physical(boot_directory));
	assert_int_equal(tss->cs, KERNEL_CODE);
	assert_int_equal(tss->ss, KERNEL_DATA);
	assert_int_equal(tss->ss0, KERNEL_DATA);
	assert_int_equal(tss->ds, USER_DATA);
	assert_int_equal(tss->es, USER_DATA);
	assert_int_equal(tss->fs, USER_DATA);
	assert_int_equal(tss->gs, USER_DATA);
	assert_int_equal(tss->eflags, EFLAGS_KERNEL);
	assert_int_not_equal(tss->esp, 0);
	assert_true(tss->iomap > limit - 1);
	return tss;
}

static void a_double_fault_and_an_nmi_have_tasks_of_their_own(void)
{
	const tss_t *fault = task_of(DOUBLE_FAULT), *nmi = task_of(NMI);
	assert_ptr_not_equal(fault, nmi);
	assert_int_not_equal(fault->esp, nmi->esp);
	assert_int_not_equal(fault->eip, nmi->eip);
	assert_true(world_panics((void (*)(void))(uintptr_t)fault->eip));
}

static void the_kernel_is_entered_at_the_end_of_the_threads_frame(void)
{
	static arch_frame_t frame;
	arch_frame_use(&frame);
	uint32_t limit;
	const tss_t *tss = processor_tss(TSS_MAIN, &limit);
	assert_ptr_equal(tss, &main_tss);
	assert_int_equal(tss->esp0, address_of(&frame + 1));
	assert_int_equal(tss->ss0, KERNEL_DATA);
	assert_int_equal(tss->cr3, processor.cr3);
}

static void sysenter_is_set_up_where_the_processor_has_it(void)
{
	bool has = processor.kind->sysenter;
	assert_int_equal(processor.sysenter[0], has ? KERNEL_CODE : 0);
	assert_int_equal(processor.sysenter[1], has ? address_of(&main_tss.esp0) : 0);
	uint32_t entry = address_of(machine.trace_base ? traced_sysenter : vector_sysenter);
	assert_int_equal(processor.sysenter[2], has ? entry : 0);
}

static void what_is_recorded_comes_another_way_and_nothing_else_changes(void)
{
	assert_int_equal(machine.trace_base, 0);
	uint32_t bits = 16, ring = memory_pages((1u << bits) / PAGE_SIZE);
	arch_trace(ring, bits);
	assert_int_equal(machine.trace_base, address_of(arch_pointer(ring)));
	assert_int_equal(machine.trace_mask, 0xffff);
	assert_int_equal(machine.trace_at, 0);
	each_vector_has_a_way_in_with_interrupts_off();
	users_call_three_vectors_and_no_others();
	a_double_fault_and_an_nmi_have_tasks_of_their_own();
	sysenter_is_set_up_where_the_processor_has_it();
}

static void the_local_apic_is_off_where_there_is_one(void)
{
	assert_int_equal(processor.apic_base,
			 processor.kind->apic ? APIC_START & ~APIC_ON : APIC_START);
}

static void floating_point_is_off(void)
{
	assert_int_equal(processor.cr0 & CR0_EM_TS, CR0_EM_TS);
}

/* -- Ports. ----------------------------------------------------------------------------- */

static void no_port_is_open_without_a_bitmap(void)
{
	for (uint32_t port = 0; port <= 0xffff; port++)
		for (uint32_t width = 1; width <= 4; width *= 2)
			assert_false(processor_port_open((uint16_t)port, width));
}

/* A bitmap in which all is refused but these ports. */
static uint32_t make_bitmap(uint32_t first, uint32_t last)
{
	uint32_t bitmap = memory_pages(ARCH_IOBITMAP_BYTES / PAGE_SIZE);
	uint8_t *bits = arch_pointer(bitmap);
	memset(bits, 0xff, ARCH_IOBITMAP_BYTES);
	for (uint32_t port = first; port <= last; port++)
		bits[port / 8] &= (uint8_t) ~(1u << port % 8);
	return bitmap;
}

static void check_open(uint32_t first, uint32_t last)
{
	for (uint32_t port = 0; port <= 0xffff; port++)
		for (uint32_t width = 1; width <= 4; width *= 2)
			assert_int_equal(processor_port_open((uint16_t)port, width),
					 port >= first && port + width - 1 <= last);
}

static void a_bitmap_opens_its_own_ports_and_no_others(void)
{
	arch_iobitmap_use(make_bitmap(0x3f8, 0x3ff));
	check_open(0x3f8, 0x3ff);
	arch_iobitmap_use(make_bitmap(0x7ff9, 0x8003)); /* on both of its pages */
	check_open(0x7ff9, 0x8003);
	arch_iobitmap_use(0);
	no_port_is_open_without_a_bitmap();
}

static void there_is_no_port_behind_the_last(void)
{
	arch_iobitmap_use(make_bitmap(0xff00, 0xffff));
	check_open(0xff00, 0xffff);
	assert_int_equal(iobitmap_window[ARCH_IOBITMAP_BYTES], 0xff);
}

static void the_window_to_the_bitmap_is_the_kernels_alone(void)
{
	uint32_t bitmap = make_bitmap(0, 0);
	arch_iobitmap_use(bitmap);
	for (uint32_t at = 0; at < ARCH_IOBITMAP_BYTES; at += PAGE_SIZE) {
		page_t page = processor_walk(address_of(iobitmap_window) + at);
		assert_int_equal(page.address, bitmap + at);
		assert_false(page.user);
		assert_int_equal(page.executable, !processor.kind->nx);
		assert_int_equal(page.global, processor.kind->pge);
	}
	assert_int_equal(address_of(iobitmap_window), address_of(&main_tss + 1));
}

static void every_address_space_has_the_same_window(void)
{
	arch_directory_use(world_space().root);
	arch_iobitmap_use(make_bitmap(0x60, 0x64));
	check_open(0x60, 0x64);
	arch_directory_use(world_space().root);
	check_open(0x60, 0x64);
}

/* -- The NMI. --------------------------------------------------------------------------- */

static jmp_buf returned;

static void come_back(void)
{
	longjmp(returned, 1);
}

/* An NMI that interrupts the kernel at this place. */
static void take_nmi(uint32_t eip, uint32_t cs)
{
	main_tss.eip = eip;
	main_tss.cs = cs;
	main_tss.eflags = EFLAGS_FIXED;
	processor.task_returns = come_back;
	if (setjmp(returned) == 0)
		((void (*)(void))(uintptr_t)task_of(NMI)->eip)();
	processor.task_returns = NULL;
}

static void an_nmi_behind_a_sti_makes_the_sti_again(void)
{
	const uint32_t places[] = {address_of(held_back_leave), address_of(held_back_idle)};
	for (uint32_t i = 0; i < 2; i++) {
		take_nmi(places[i], KERNEL_CODE);
		assert_int_equal(main_tss.eip, places[i] - 1);
		assert_int_equal(main_tss.eflags, EFLAGS_KERNEL);
		take_nmi(places[i] + 1, KERNEL_CODE);
		assert_int_equal(main_tss.eip, places[i] + 1);
		assert_int_equal(main_tss.eflags, EFLAGS_FIXED);
		take_nmi(places[i], USER_CODE);
		assert_int_equal(main_tss.eip, places[i]);
		assert_int_equal(main_tss.eflags, EFLAGS_FIXED);
	}
	assert_int_equal(machine.nmis, 6);
}

int main(void)
{
	static const world_test_t tests[] = {
	    WORLD_TEST(segments_are_flat_and_those_of_users_have_no_privilege),
	    WORLD_TEST(users_can_use_no_other_segment_and_enter_no_task),
	    WORLD_TEST(each_vector_has_a_way_in_with_interrupts_off),
	    WORLD_TEST(users_call_three_vectors_and_no_others),
	    WORLD_TEST(a_double_fault_and_an_nmi_have_tasks_of_their_own),
	    WORLD_TEST(the_kernel_is_entered_at_the_end_of_the_threads_frame),
	    WORLD_TEST(sysenter_is_set_up_where_the_processor_has_it),
	    WORLD_TEST(what_is_recorded_comes_another_way_and_nothing_else_changes),
	    WORLD_TEST(the_local_apic_is_off_where_there_is_one),
	    WORLD_TEST(floating_point_is_off),
	    WORLD_TEST(no_port_is_open_without_a_bitmap),
	    WORLD_TEST(a_bitmap_opens_its_own_ports_and_no_others),
	    WORLD_TEST(there_is_no_port_behind_the_last),
	    WORLD_TEST(the_window_to_the_bitmap_is_the_kernels_alone),
	    WORLD_TEST(every_address_space_has_the_same_window),
	    WORLD_TEST(an_nmi_behind_a_sti_makes_the_sti_again),
	};
	return WORLD_RUN(tests);
}
