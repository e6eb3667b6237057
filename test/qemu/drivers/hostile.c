/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that runs one forbidden thing in each of its instances: the number of the instance
 * is the number of the case. It says what it is about to do and, should it still be there
 * afterwards, that it survived. */
#include "cap/driver.h"
#include "cap/syscall.h"
#include "hw/ns16550.h"

#define NOBODYS_PAGE	0x20000000u /* mapped in no driver */
#define MANAGERS_PAGE	0x10000000u /* mapped in other processes alone: the archive */
#define KERNEL_SELECTOR 0x08
#define FLAG_TRAP	0x100u
#define FLAG_IOPL	0x3000u
#define FLAG_NESTED	0x4000u
#define FLAG_ALIGN	0x40000u

#define INSTRUCTION(name, ...)                                                                 \
	static void do_##name(void)                                                            \
	{                                                                                      \
		__asm__ volatile(__VA_ARGS__);                                                 \
	}

INSTRUCTION(in, "inb $0x60, %%al" ::: "eax")
INSTRUCTION(in_dx, "inl %%dx, %%eax" ::"d"(NS16550_BASE) : "eax")
INSTRUCTION(out, "outb %%al, $0x64" ::"a"(0xfe))
INSTRUCTION(ins, "insb" ::"d"(0x60), "D"(DRIVER_SHARED_CFG) : "memory")
INSTRUCTION(outs, "outsb" ::"d"(0x64), "S"(DRIVER_SHARED_CFG) : "memory")
INSTRUCTION(cli, "cli")
INSTRUCTION(sti, "sti")
INSTRUCTION(hlt, "hlt")
INSTRUCTION(lgdt, "lgdt %0" ::"m"(*(const uint64_t *)DRIVER_SHARED_CFG))
INSTRUCTION(lidt, "lidt %0" ::"m"(*(const uint64_t *)DRIVER_SHARED_CFG))
INSTRUCTION(lldt, "lldt %%ax" ::"a"(0))
INSTRUCTION(ltr, "ltr %%ax" ::"a"(0x28))
INSTRUCTION(read_cr0, "mov %%cr0, %%eax" ::: "eax")
INSTRUCTION(write_cr3, "mov %%eax, %%cr3" ::"a"(0))
INSTRUCTION(write_cr4, "mov %%eax, %%cr4" ::"a"(0))
INSTRUCTION(write_dr7, "mov %%eax, %%dr7" ::"a"(0))
INSTRUCTION(clts, "clts")
INSTRUCTION(invlpg, "invlpg (%%eax)" ::"a"(0))
INSTRUCTION(wbinvd, "wbinvd")
INSTRUCTION(rdmsr, "rdmsr" ::"c"(0x1b) : "eax", "edx")
INSTRUCTION(wrmsr, "wrmsr" ::"c"(0x174), "a"(0), "d"(0))
INSTRUCTION(int_timer, "int $0x20")
INSTRUCTION(int_keyboard, "int $0x21")
INSTRUCTION(int_page_fault, "int $0x0e")
INSTRUCTION(int_double_fault, "int $0x08")
INSTRUCTION(int_81, "int $0x81")
INSTRUCTION(int_ff, "int $0xff")
INSTRUCTION(int3, "int3")
INSTRUCTION(into, "movb $0x7f, %%al\n\taddb $1, %%al\n\tinto" ::: "eax", "cc")
INSTRUCTION(ud2, "ud2")
INSTRUCTION(divide, "divl %%ecx" ::"a"(1), "d"(0), "c"(0))
INSTRUCTION(divide_overflow, "divl %%ecx" ::"a"(0), "d"(5), "c"(1))
INSTRUCTION(x87, "fld1")
INSTRUCTION(mmx, "movd %%eax, %%mm0" ::"a"(0))
INSTRUCTION(sse, "xorps %%xmm0, %%xmm0" ::)
INSTRUCTION(sysenter, "sysenter" ::"a"(0), "c"(0), "d"(0))
INSTRUCTION(iret_null, "pushfl\n\tpushl $0\n\tpushl $0x400000\n\tiretl")
INSTRUCTION(iret_kernel,
	    "pushfl\n\tpushl %0\n\tpushl $0x400000\n\tiretl" ::"i"(KERNEL_SELECTOR))
INSTRUCTION(far_jump, "ljmp %0, $0x400000" ::"i"(KERNEL_SELECTOR))
INSTRUCTION(far_jump_null, "ljmp $0, $0x400000")
INSTRUCTION(load_ds, "movw %%ax, %%ds" ::"a"(KERNEL_SELECTOR))
INSTRUCTION(load_es_beyond, "movw %%ax, %%es" ::"a"(0xfff8))
INSTRUCTION(load_ss_null, "movw %%ax, %%ss" ::"a"(0))
INSTRUCTION(load_fs_tss, "movw %%ax, %%fs" ::"a"(0x28))
INSTRUCTION(null_segments,
	    "movw %%ax, %%ds\n\tmovw %%ax, %%es\n\tmovw %%ax, %%fs\n\tmovw %%ax, "
	    "%%gs\n\tint $0x80\n\tud2" ::"a"(0))
INSTRUCTION(trap_flag, "pushfl\n\torl %0, (%%esp)\n\tpopfl\n\tnop\n\tnop" ::"i"(FLAG_TRAP))
INSTRUCTION(iopl_cli, "pushfl\n\torl %0, (%%esp)\n\tpopfl\n\tcli" ::"i"(FLAG_IOPL))
INSTRUCTION(nested_iret, "pushfl\n\torl %0, (%%esp)\n\tpopfl\n\tiretl" ::"i"(FLAG_NESTED))
INSTRUCTION(lost_stack, "movl %0, %%esp\n\tint $0x80\n\tpushl %%eax" ::"i"(NOBODYS_PAGE),
	    "a"(0))
INSTRUCTION(kernel_stack, "movl %0, %%esp\n\tint $0x80\n\tpushl %%eax" ::"i"(0xc0100000),
	    "a"(0))
INSTRUCTION(
    flags_at_entry,
    "pushfl\n\torl %0, (%%esp)\n\tpopfl\n\tstd\n\txorl %%eax, %%eax\n\tint $0x80\n\tud2" ::"i"(
	FLAG_NESTED | FLAG_ALIGN))

/* An address that the compiler knows nothing about. */
static uint32_t hidden(uint32_t address)
{
	__asm__("" : "+r"(address));
	return address;
}

/* Native port access to what the manifest grants, and then to a port beside it. */
#define NATIVE_FIRST 0x300
#define NATIVE_LAST  0x303

static cap_t open_native(void)
{
	cap_t pio = driver_context()->pio_caps[0];
	if (cap_pio_map(pio))
		driver_log("no native access");
	return pio;
}

static void native_in8(uint16_t port)
{
	__asm__ volatile("inb %%dx, %%al" ::"d"(port) : "eax");
}

static void native_in16(uint16_t port)
{
	__asm__ volatile("inw %%dx, %%ax" ::"d"(port) : "eax");
}

static void do_native_inside(void)
{
	open_native();
	native_in8(NATIVE_FIRST);
	native_in8(NATIVE_LAST);
	native_in16(NATIVE_LAST - 1);
	__asm__ volatile("ud2"); /* so far it must get */
}

static void do_native_below(void)
{
	open_native();
	native_in8(NATIVE_FIRST - 1);
}

static void do_native_above(void)
{
	open_native();
	native_in8(NATIVE_LAST + 1);
}

static void do_native_across(void)
{
	open_native();
	native_in16(NATIVE_LAST);
}

static void do_native_last_port(void)
{
	open_native();
	native_in16(0xffff);
}

static void do_native_keyboard(void)
{
	open_native();
	native_in8(0x60);
}

static void do_native_closed(void)
{
	if (!cap_pio_unmap(open_native()))
		native_in8(NATIVE_FIRST);
}

static void do_native_released(void)
{
	if (!cap_release(open_native()))
		native_in8(NATIVE_FIRST);
}

#define READ(name, address)                                                                    \
	static void do_##name(void)                                                            \
	{                                                                                      \
		(void)*(volatile uint32_t *)hidden(address);                                   \
	}
#define WRITE(name, address)                                                                   \
	static void do_##name(void)                                                            \
	{                                                                                      \
		*(volatile uint32_t *)hidden(address) = 0x90909090u;                           \
	}
#define JUMP(name, address)                                                                    \
	static void do_##name(void)                                                            \
	{                                                                                      \
		((void (*)(void))hidden(address))();                                           \
	}
READ(read_kernel, USER_END)
READ(read_kernel_text, 0xc0100000u)
READ(read_last, 0xfffffffcu)
READ(read_straddling, USER_END - 2)
READ(read_page_0, 0x10u)
READ(read_manager, MANAGERS_PAGE)
READ(read_nobodys, NOBODYS_PAGE)
READ(read_page_tables, 0xffc00000u)
READ(read_guard, DRIVER_STACK_TOP - (DRIVER_STACK_PAGES + 1) * PAGE_SIZE)
WRITE(write_kernel, USER_END)
WRITE(write_own_text, DRIVER_IMAGE_BASE)
WRITE(write_manager, MANAGERS_PAGE)
JUMP(jump_kernel, 0xc0100000u)
JUMP(jump_null, 0)

/* On a CPU without the bit for it, data can be run: the one case that may be survived. */
static uint8_t code_in_data[] = {0xc3}; /* ret */
JUMP(run_data, (uint32_t)code_in_data)

static void do_run_stack(void)
{
	volatile uint8_t code_on_stack[] = {0xc3};
	((void (*)(void))hidden((uint32_t)code_on_stack))();
}

static uint32_t recurse(volatile uint32_t depth)
{
	volatile uint32_t frame[64];
	frame[depth % 64] = depth;
	return depth ? recurse(depth + 1) + frame[depth % 64] : 0;
}

static void do_overflow_stack(void)
{
	recurse(1);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
#define CASE(name)                                                                             \
	{                                                                                      \
#name, do_##name                                                               \
	}
    CASE(in),
    CASE(in_dx),
    CASE(out),
    CASE(ins),
    CASE(outs),
    CASE(cli),
    CASE(sti),
    CASE(hlt),
    CASE(lgdt),
    CASE(lidt),
    CASE(lldt),
    CASE(ltr),
    CASE(read_cr0),
    CASE(write_cr3),
    CASE(write_cr4),
    CASE(write_dr7),
    CASE(clts),
    CASE(invlpg),
    CASE(wbinvd),
    CASE(rdmsr),
    CASE(wrmsr),
    CASE(int_timer),
    CASE(int_keyboard),
    CASE(int_page_fault),
    CASE(int_double_fault),
    CASE(int_81),
    CASE(int_ff),
    CASE(int3),
    CASE(into),
    CASE(ud2),
    CASE(divide),
    CASE(divide_overflow),
    CASE(x87),
    CASE(mmx),
    CASE(sse),
    CASE(sysenter),
    CASE(iret_null),
    CASE(iret_kernel),
    CASE(far_jump),
    CASE(far_jump_null),
    CASE(load_ds),
    CASE(load_es_beyond),
    CASE(load_ss_null),
    CASE(load_fs_tss),
    CASE(null_segments),
    CASE(trap_flag),
    CASE(iopl_cli),
    CASE(nested_iret),
    CASE(lost_stack),
    CASE(kernel_stack),
    CASE(flags_at_entry),
    CASE(read_kernel),
    CASE(read_kernel_text),
    CASE(read_last),
    CASE(read_straddling),
    CASE(read_page_0),
    CASE(read_manager),
    CASE(read_nobodys),
    CASE(read_page_tables),
    CASE(read_guard),
    CASE(write_kernel),
    CASE(write_own_text),
    CASE(write_manager),
    CASE(jump_kernel),
    CASE(jump_null),
    CASE(run_data),
    CASE(run_stack),
    CASE(overflow_stack),
    CASE(native_inside),
    CASE(native_below),
    CASE(native_above),
    CASE(native_across),
    CASE(native_last_port),
    CASE(native_keyboard),
    CASE(native_closed),
    CASE(native_released),
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static err_t hostile_run(void)
{
	uint32_t number = driver_generation() - 1;
	if (number >= CASES) {
		driver_log("all %u cases done", (unsigned)CASES);
		return DRV_OK;
	}
	driver_log("case %s", cases[number].name);
	cases[number].run();
	driver_log("survived %s", cases[number].name);
	thread_exit(0);
}

int main(void)
{
	static const driver_ops_t ops = {.run = hostile_run};
	return driver_main(&ops);
}
