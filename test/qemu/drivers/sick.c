/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that dies in run() of what its name says: "sick-null" writes through a null pointer,
 * and so on. The line in which it does has a mark that the test finds, and so do the lines of
 * those who call. It has no ports but those of a game port. */
#include "cap/driver.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define PREFIX	     "sick-"
#define FOREIGN_PORT 0x61u
#define DEPTH	     64u

#define OWN __attribute__((noinline)) static

static volatile uint32_t zero; /* which the compiler does not know */
static uint8_t code[16];

OWN void die_null(uint32_t *at)
{
	*(volatile uint32_t *)at = 1; /* mark: null */
}

OWN uint32_t die_stack(uint32_t depth)
{
	volatile uint32_t frame[DEPTH];
	frame[depth % DEPTH] = depth;			    /* mark: stack */
	return depth ? die_stack(depth + 1) + frame[1] : 0; /* mark: stack caller */
}

OWN void die_jump(void (*to)(void))
{
	to(); /* mark: jump caller */
	zero++;
}

OWN void die_data(void)
{
	memset(code, 0x0f, sizeof(code)); /* two of which are no instruction */
	code[1] = 0x0b;
	((void (*)(void))(uintptr_t)code)(); /* mark: data caller */
	zero++;
}

OWN void die_port(void)
{
	port_in8(FOREIGN_PORT); /* mark: port caller */
	zero++;
}

OWN uint32_t die_divide(uint32_t by)
{
	return 100u / by; /* mark: divide */
}

OWN void die_opcode(void)
{
	__asm__ volatile("ud2"); /* mark: opcode */
}

OWN void die_spin(void)
{
	for (;;) /* mark: spin */
		__asm__ volatile("" ::: "memory");
}

/* Waits where nothing comes: inside a stub of libcap. */
OWN void die_wait(void)
{
	uint32_t bits;
	const cap_t wakes = ((const driver_page_t *)DRIVER_PAGE)->notification;
	while (!notification_wait(wakes, TIMEOUT_FOREVER, &bits)) /* mark: wait caller */
		zero++;
}

OWN void die_flood(void)
{
	const cap_t signal = ((const driver_page_t *)DRIVER_PAGE)->signal;
	for (;;)
		notification_signal(signal, 1); /* mark: flood caller */
}

OWN void die_fail(void)
{
	driver_fail(DRV_EIO); /* mark: fail caller */
}

OWN void die_exit(void)
{
	thread_exit(7); /* mark: exit caller */
}

static err_t sick_run(void)
{
	const char *what = ((const driver_page_t *)DRIVER_PAGE)->name + strlen(PREFIX);
	if (!strcmp(what, "null"))
		die_null((uint32_t *)(uintptr_t)(zero + 0x10)); /* mark: run null */
	if (!strcmp(what, "stack"))
		zero += die_stack(1);
	if (!strcmp(what, "jump"))
		die_jump((void (*)(void))(uintptr_t)(zero + 0x12345678));
	if (!strcmp(what, "data"))
		die_data();
	if (!strcmp(what, "port"))
		die_port();
	if (!strcmp(what, "divide"))
		zero += die_divide(zero);
	if (!strcmp(what, "opcode"))
		die_opcode();
	if (!strcmp(what, "spin"))
		die_spin();
	if (!strcmp(what, "wait"))
		die_wait();
	if (!strcmp(what, "flood"))
		die_flood();
	if (!strcmp(what, "fail"))
		die_fail();
	if (!strcmp(what, "exit"))
		die_exit();
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = sick_run};
	return driver_main(&ops);
}
