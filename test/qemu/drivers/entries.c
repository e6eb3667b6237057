/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that enters the kernel with flags and segments of its own choice, and says what it
 * has when it is back; and then, again and again, with the trap flag set. */
#include "cap/driver.h"
#include "cap/syscall.h"

#define FLAG_TRAP	0x100u
#define FLAG_INTERRUPTS 0x200u
#define FLAG_DIRECTION	0x400u
#define FLAG_NESTED	0x4000u
#define FLAG_ALIGN	0x40000u
#define FLAG_ID		0x200000u
#define FLAGS_LOST	(FLAG_TRAP | FLAG_DIRECTION | FLAG_NESTED | FLAG_ALIGN | FLAG_ID)
#define SELECTOR_DATA	0x23u
#define TRAP_PERIOD_MS	5u

/* The flags behind a system call by sysenter that was made with `flags` set as well: what is
 * left of those, or all if interrupts are off. Nothing stands between popfl and sysenter,
 * behind which a trap flag first counts. */
static uint32_t flags_over_sysenter(uint32_t flags)
{
	uint32_t number = SYS_CLOCK, after;
	__asm__ volatile("pushl %%ebp\n\t"
			 "movl %%esp, %%ecx\n\t"
			 "movl $1f, %%edx\n\t"
			 "pushfl\n\t"
			 "orl %%ebx, (%%esp)\n\t"
			 "popfl\n\t"
			 "sysenter\n"
			 "1:\n\t"
			 "pushfl\n\t"
			 "popl %%edx\n\t"
			 "pushl $0x202\n\t"
			 "popfl\n\t"
			 "popl %%ebp"
			 : "+a"(number), "=d"(after), "+b"(flags)
			 :
			 : "ecx", "esi", "edi", "memory", "cc");
	return after & FLAG_INTERRUPTS ? after & FLAGS_LOST : after;
}

/* fs and gs behind a system call by interrupt that was made without any. */
static uint32_t segments_over_interrupt(void)
{
	uint32_t number = SYS_CLOCK, fs, gs;
	__asm__ volatile("movw %%cx, %%fs\n\t"
			 "movw %%cx, %%gs\n\t"
			 "int $0x80\n\t"
			 "movl %%fs, %%ecx\n\t"
			 "movl %%gs, %%edx"
			 : "+a"(number), "=c"(fs), "=d"(gs)
			 : "c"(0)
			 : "ebx", "esi", "edi", "memory");
	return fs == gs ? fs : 0;
}

/* ecx and edx, which a way back by sysexit loses, behind a system call by interrupt. */
static bool registers_are_kept(void)
{
	uint32_t number = SYS_YIELD, ecx = 0x1234, edx = 0x5678;
	__asm__ volatile("int $0x80" : "+a"(number), "+c"(ecx), "+d"(edx)::"memory");
	return ecx == 0x1234 && edx == 0x5678;
}

/* A system call by interrupt with all flags that a user can set and that count in the kernel.
 */
static void interrupt_with_flags(void)
{
	uint32_t number = SYS_CLOCK;
	__asm__ volatile("pushfl\n\t"
			 "orl %1, (%%esp)\n\t"
			 "popfl\n\t"
			 "int $0x80\n\t"
			 "pushl $0x202\n\t"
			 "popfl"
			 : "+a"(number)
			 : "i"(FLAG_DIRECTION | FLAG_ALIGN)
			 : "ebx", "ecx", "edx", "esi", "edi", "memory", "cc");
}

static void entries_timer(void)
{
	interrupt_with_flags();
	flags_over_sysenter(FLAG_TRAP);
	driver_set_timer(TRAP_PERIOD_MS);
}

static err_t entries_run(void)
{
	static const uint32_t flags[] = {FLAG_DIRECTION, FLAG_NESTED, FLAG_ALIGN, FLAG_ID,
					 FLAG_TRAP};
	for (uint32_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		uint32_t left = flags_over_sysenter(flags[i]);
		driver_log("flag %x: %x left", flags[i], left);
	}
	driver_log("segments %s",
		   segments_over_interrupt() == SELECTOR_DATA ? "flat" : "left as they were");
	driver_log("registers %s", registers_are_kept() ? "kept" : "lost");
	driver_set_timer(TRAP_PERIOD_MS);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = entries_run, .timer = entries_timer};
	return driver_main(&ops);
}
