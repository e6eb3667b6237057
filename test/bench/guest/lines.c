/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines that as many share as can. Whom it costs the most to tell: two threads wait
 * through one capability, with a limit and a budget that begins anew, each more urgent than who
 * was told before, and in another address space. The serial port raises its line at once where
 * it is told to say that it could send (National Semiconductor PC16550D data sheet, 8.6). */
#include "hw/ns16550.h"
#include "load.h"

#define SERIAL_LINE   4u
#define WAIT_EACH     2u
#define MEMORY_BITS   18u /* log2 of the bytes of each memory */
#define HOME_SLOTS    10u /* log2 */
#define LIMIT_MS      100000u
#define PERIOD_MS     2u
#define SETTLE_MS     (2u * PERIOD_MS)
#define LEAST	      (PRIORITY_ROOT + 1)
#define AHEAD	      4500u /* instructions before the alarm, at most, that the line is raised */
#define CLAIMED_LINES 0xdee8u /* all that can be shared, but for the serial one */

static struct lines {
	space_t spaces[2];
	cap_t memory, home_memory, home, port, line[IRQ_CLAIMERS];
	cap_t shared; /* the serial port's line */
} lines;

static cap_t make_of(cap_t memory, uint32_t type, uint32_t bits)
{
	return must("make an object", untyped_retype(memory, type, bits, CAP_NULL));
}

static cap_t give(cap_t cap, uint32_t rights)
{
	return must("delegate", cap_delegate(lines.home, cap, rights, 0));
}

/* Ends all threads, and all claimers but those of the serial line. */
static void begin_anew(void)
{
	must("revoke", cap_revoke(lines.home_memory));
	must("revoke", cap_revoke(lines.memory));
	lines.home = make_of(lines.home_memory, CAP_CSPACE, HOME_SLOTS);
}

static cap_t share(uint32_t line)
{
	return must("derive a shared line",
		    cap_derive(boot_info()->caps[BOOT_CAP_IRQ].cap, RIGHT_READ | RIGHT_GRANT,
			       IRQ_SCOPE(line, line), IRQ_LEVEL_SHARED));
}

/* There is no stack. */
static void start(const thread_registers_t *registers, uint32_t place, uint32_t priority)
{
	cap_t thread = make_of(lines.memory, CAP_THREAD, 0);
	must("bind a cspace", thread_bind(thread, BIND_CSPACE, lines.home, 0));
	must("bind a vspace",
	     thread_bind(thread, BIND_VSPACE, lines.spaces[place % 2].vspace, 0));
	must("set registers", thread_write(thread, registers));
	must("set a priority", thread_set(thread, THREAD_PRIORITY, priority));
	must("set a budget", thread_set(thread, THREAD_BUDGET, THREAD_BUDGET_MS(1, PERIOD_MS)));
	must("start", thread_resume(thread));
	give(thread, RIGHT_READ);
	must("release", cap_release(thread));
}

/* -- A line that is raised ----------------------------------------------------------------- */

/* Waits for the notification in edx, again and again. */
static __attribute__((naked)) void waiter(void)
{
	__asm__ volatile("1:\n\t"
			 "movl %0, %%eax\n\t"
			 "movl %%edx, %%ebx\n\t"
			 "movl %1, %%esi\n\t"
			 "int $0x80\n\t"
			 "jmp 1b"
			 :
			 : "i"(SYS_NOTIFICATION_WAIT), "i"(LIMIT_MS));
}

static void claim_serial(uint32_t place)
{
	cap_t notification = make_of(lines.memory, CAP_NOTIFICATION, 0);
	const thread_registers_t registers = {.eip = (uint32_t)waiter,
					      .edx = give(notification, RIGHT_READ)};
	must("bind the line", irq_bind(lines.line[place], notification, 1));
	for (uint32_t i = 0; i < WAIT_EACH; i++)
		start(&registers, place, LEAST + place);
}

/* All wait, and the periods of their budgets are over. */
static void settle(void)
{
	rest(SETTLE_MS);
}

static void write_interrupts(uint8_t value)
{
	must("write a port", cap_pio_write8(lines.port, NS16550_BASE + NS16550_ENABLE, value));
}

static void raise_line(void)
{
	spin_until(alarm_due() - random_below(AHEAD));
	write_interrupts(NS16550_ENABLE_EMPTY);
}

static void acknowledge(void)
{
	write_interrupts(0);
	for (uint32_t i = 0; i < IRQ_CLAIMERS; i++)
		must("acknowledge", irq_ack(lines.line[i]));
}

/* -- Claimers that go, all at once --------------------------------------------------------- */

/* Binds the line in edx to the notification in ecx, and waits for the line. */
static __attribute__((naked)) void claimer(void)
{
	__asm__ volatile("movl %0, %%eax\n\t"
			 "movl %%edx, %%ebx\n\t"
			 "movl %%ecx, %%esi\n\t"
			 "movl $1, %%edi\n\t"
			 "int $0x80\n\t"
			 "movl %1, %%eax\n\t"
			 "movl %%edx, %%ebx\n\t"
			 "movl %2, %%esi\n\t"
			 "int $0x80\n\t"
			 "1:\n\t"
			 "movl %3, %%eax\n\t"
			 "int $0x80\n\t"
			 "jmp 1b"
			 :
			 : "i"(SYS_IRQ_BIND), "i"(SYS_CAP_IRQ_WAIT), "i"(LIMIT_MS),
			   "i"(SYS_YIELD));
}

static cap_t claim(cap_t line, uint32_t place)
{
	cap_t notification = make_of(lines.memory, CAP_NOTIFICATION, 0);
	cap_t told = give(notification, RIGHT_WRITE);
	const thread_registers_t registers = {
	    .eip = (uint32_t)claimer, .ecx = told, .edx = give(line, RIGHT_READ)};
	start(&registers, place, PRIORITY_CROWD);
	return notification;
}

/* What a line tells is the last capability of its notification, when those in the capability
 * space before that of the line are gone. */
static void many_claim(void)
{
	cap_t told[IRQ_LINES * IRQ_CLAIMERS];
	uint32_t count = 0;
	begin_anew();
	for (uint32_t left = CLAIMED_LINES; left; left &= left - 1) {
		cap_t line = share((uint32_t)__builtin_ctz(left));
		for (uint32_t i = 0; i < IRQ_CLAIMERS; i++)
			told[count++] = claim(line, i);
		must("release", cap_release(line));
	}
	rest(SETTLE_MS);
	while (count > 0)
		must("let go of what is told", cap_release(told[--count]));
}

static void end_claimers(void)
{
	must("revoke", cap_revoke(lines.home_memory));
}

static const load_t raised[] = {
    {"shared-line", settle, raise_line, acknowledge, 4, 4, false, 2},
};
static const load_t ended[] = {
    {"end-claimers", many_claim, end_claimers, NULL, 3, 3, false, 4},
};

void measure_lines(const space_t *first, const space_t *second)
{
	lines.spaces[0] = *first;
	lines.spaces[1] = *second;
	lines.memory = world_memory(MEMORY_BITS);
	lines.home_memory = world_memory(MEMORY_BITS);
	lines.port = find_boot_cap(CAP_PIO, NS16550_BASE);
	lines.shared = share(SERIAL_LINE);
	begin_anew();
	for (uint32_t i = 0; i < IRQ_CLAIMERS; i++) {
		lines.line[i] = must("derive", cap_derive(lines.shared, RIGHT_READ, 0, 0));
		claim_serial(i);
	}
	loads_run(raised, sizeof(raised) / sizeof(raised[0]));
	must("end the claimers", cap_revoke(lines.shared));
	loads_run(ended, sizeof(ended) / sizeof(ended[0]));
	begin_anew();
}
