/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver as the earlier interface wants it, but for the #include: the PC's real-time clock
 * (Motorola MC146818A), which interrupts 64 times a second. It trusts its device, waits for
 * ever and looks at a status port in a loop. */
#include "clock.h"

#include "cap/legacy.h"

#define INDEX	  0x70
#define DATA	  0x71
#define SECONDS	  0x00
#define MINUTES	  0x02
#define HOURS	  0x04
#define STATUS_A  0x0a
#define STATUS_B  0x0b
#define STATUS_C  0x0c /* to read it takes the interrupt back */
#define UPDATING  0x80 /* in STATUS_A */
#define RATE	  0x2a /* 64 a second */
#define PERIODIC  0x40 /* in STATUS_B */
#define CLOCK_IRQ 8

static char text[] = "00:00:00\n";
static uint32_t ticks;
static volatile int hang;

static uint8_t get(uint8_t index)
{
	outb(INDEX, index);
	return (uint8_t)inb(DATA);
}

static void put(uint8_t index, uint8_t value)
{
	outb(INDEX, index);
	outb(DATA, value);
}

static void show(char *to, uint8_t decimal)
{
	to[0] = (char)('0' + (decimal >> 4 & 7));
	to[1] = (char)('0' + (decimal & 15));
}

void clock_loop(void)
{
	for (;;) {
		wait_irq(CLOCK_IRQ);
		get(STATUS_C);
		ticks++;
		while (get(STATUS_A) & UPDATING)
			;
		uint8_t hours = get(HOURS), minutes = get(MINUTES), seconds = get(SECONDS);
		show(&text[0], hours);
		show(&text[3], minutes);
		show(&text[6], seconds);
		while (hang)
			;
	}
}

static int clock_init(void)
{
	put(STATUS_A, RATE);
	put(STATUS_B, get(STATUS_B) | PERIODIC);
	return 0;
}

static int clock_read(void *buffer, uint32_t size)
{
	char *to = buffer;
	uint32_t count = 0;
	for (; count < size && text[count]; count++)
		to[count] = text[count];
	return (int)count;
}

static int clock_ioctl(uint32_t code, uint32_t *value)
{
	if (code == CLOCK_HANG)
		hang = 1;
	*value = ticks;
	return 0;
}

static int clock_stop(void)
{
	put(STATUS_B, get(STATUS_B) & ~PERIODIC);
	return 0;
}

const DriverAPI clock_driver = {
    .init = clock_init, .read = clock_read, .ioctl = clock_ioctl, .stop = clock_stop};
