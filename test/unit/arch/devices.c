/* SPDX-License-Identifier: BSD-2-Clause */
/* 8259A (Intel order 231468), its edge/level registers (PIIX3 data sheet, 2.5.3), 8254
 * (231164), PC16550D, 8237A, as far as arch/i386 uses them. */
#include "devices.h"

#include "hw/ns16550.h"
#include "processor.h"

#define PIC_MASTER 0x20
#define PIC_SLAVE  0xa0
#define LEVEL	   0x4d0 /* and the next: the slave's */
#define PIT_DATA   0x40
#define PIT_MODE   0x43
#define DMA_FIRST  0x0f
#define DMA_SECOND 0xde

#define ICW1	    0x10
#define ICW1_EDGES  0x11
#define OCW3	    0x08
#define EOI	    0x20
#define READ_IRR    0x0a
#define READ_ISR    0x0b
#define PIT_RATE    0x34
#define CASCADE_BIT 0x04

devices_t devices;
static uint32_t pit_byte, pit_latch;

void devices_reset(void)
{
	devices = (devices_t){.line_status = 0x20};
	pit_byte = pit_latch = 0;
}

static void require(bool condition, const char *reason)
{
	if (!condition)
		machine_fault(reason);
}

static void pic_command(pic_t *pic, uint8_t value)
{
	if (value & ICW1) {
		require(value == ICW1_EDGES, "not edges with a cascade");
		*pic = (pic_t){.step = 1};
	} else if (value & OCW3) {
		require(value == READ_IRR || value == READ_ISR, "an unknown command");
		pic->reads_service = value == READ_ISR;
	} else {
		require(value == EOI, "not the end of an interrupt");
		require(pic->in_service != 0, "the end of an interrupt that was not there");
		pic->in_service &= (uint8_t)(pic->in_service - 1); /* the most urgent one */
		pic->ended++;
	}
}

static void pic_data(pic_t *pic, uint8_t value)
{
	bool master = pic == &devices.pic[0];
	switch (pic->step) {
	case 0:
		pic->mask = value;
		return;
	case 1:
		pic->first_vector = value;
		break;
	case 2:
		require(value == (master ? CASCADE_BIT : 2), "the cascade's line");
		break;
	default:
		require(value == 1, "not the mode of the 8086, with ends of interrupts");
		pic->step = 0;
		return;
	}
	pic->step++;
}

void devices_raise(uint32_t line)
{
	pic_t *pic = &devices.pic[line / 8];
	uint8_t bit = (uint8_t)(1u << line % 8);
	require(!(pic->mask & bit), "a line that is masked");
	pic->in_service |= bit;
	if (line >= 8) {
		require(!(devices.pic[0].mask & CASCADE_BIT), "the cascade is masked");
		devices.pic[0].in_service |= CASCADE_BIT;
	}
}

static void pit_write(uint8_t value)
{
	if (pit_byte++ % 2 == 0)
		devices.reload = value;
	else
		devices.reload |= (uint32_t)value << 8;
}

static void uart_write(uint32_t offset, uint8_t value)
{
	devices.line[offset] = value;
	if (offset == NS16550_FIFO)
		devices.fifo_written = true;
}

static void pit_command(uint8_t value)
{
	require(value == 0 || value == PIT_RATE, "not a rate of the timer");
	pit_byte = 0;
	if (value == 0)
		pit_latch = devices.counter;
}

void out8(uint16_t port, uint8_t value)
{
	if ((port & ~0x81) == PIC_MASTER)
		(port & 1 ? pic_data : pic_command)(&devices.pic[port / PIC_SLAVE], value);
	else if ((port & ~1) == LEVEL)
		devices.level[port & 1] = value;
	else if (port == PIT_MODE)
		pit_command(value);
	else if (port == PIT_DATA)
		pit_write(value);
	else if (port == DMA_FIRST || port == DMA_SECOND)
		devices.dma_masks[port == DMA_SECOND] = value;
	else if ((uint16_t)(port - NS16550_BASE) < 8)
		uart_write(port - NS16550_BASE, value);
	else
		out_width(port, 1, value);
}

uint8_t in8(uint16_t port)
{
	if ((port & ~0x80) == PIC_MASTER) {
		const pic_t *pic = &devices.pic[port / PIC_SLAVE];
		return pic->reads_service ? pic->in_service : pic->requested;
	}
	if ((port & ~1) == LEVEL)
		return devices.level[port & 1];
	if (port == PIT_DATA)
		return (uint8_t)(pit_latch >> (pit_byte++ % 2) * 8);
	if (port == NS16550_BASE + NS16550_LINE_STATUS) {
		devices.line_polls++;
		return devices.line_status;
	}
	return (uint8_t)in_width(port, 1);
}

uint32_t in_width(uint16_t port, uint32_t width)
{
	devices.last_port = port;
	devices.last_width = width;
	return devices.last_value;
}

void out_width(uint16_t port, uint32_t width, uint32_t value)
{
	devices.last_port = port;
	devices.last_width = width;
	devices.last_value = value;
}
