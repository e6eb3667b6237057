/* SPDX-License-Identifier: BSD-2-Clause */
/* Two 8259A interrupt controllers (Intel 8259A data sheet, order 231468). */
#include "arch/i386/i386.h"

#define MASTER_COMMAND 0x20
#define MASTER_DATA    0x21
#define SLAVE_COMMAND  0xa0
#define SLAVE_DATA     0xa1
#define MASTER_LEVEL   0x4d0
#define SLAVE_LEVEL    0x4d1

#define ICW1_INIT     0x11 /* edge triggered, cascade, ICW4 follows */
#define ICW4_8086     0x01
#define OCW2_EOI      0x20
#define OCW3_READ_IRR 0x0a
#define OCW3_READ_ISR 0x0b
#define CASCADE_LINE  2u

static void write_mask(uint32_t line)
{
	if (line < 8)
		out8(MASTER_DATA, (uint8_t)machine.irq_masked);
	else
		out8(SLAVE_DATA, (uint8_t)(machine.irq_masked >> 8));
}

void pic_init(void)
{
	out8(MASTER_COMMAND, ICW1_INIT);
	out8(MASTER_DATA, IRQ_VECTOR);
	out8(MASTER_DATA, 1u << CASCADE_LINE);
	out8(MASTER_DATA, ICW4_8086);
	out8(SLAVE_COMMAND, ICW1_INIT);
	out8(SLAVE_DATA, IRQ_VECTOR + 8);
	out8(SLAVE_DATA, CASCADE_LINE);
	out8(SLAVE_DATA, ICW4_8086);
	machine.irq_masked = (uint16_t) ~(1u << CASCADE_LINE | 1u << TIMER_LINE);
	write_mask(0);
	write_mask(8);
}

void arch_irq_mask(uint32_t line)
{
	machine.irq_masked |= (uint16_t)(1u << line);
	write_mask(line);
}

void arch_irq_unmask(uint32_t line)
{
	machine.irq_masked &= (uint16_t) ~(1u << line);
	write_mask(line);
}

/* The edge/level registers, one bit a line: Intel PIIX3 data sheet, 2.5.3. */
bool arch_irq_set_level(uint32_t line, bool level)
{
	uint16_t port = line < 8 ? MASTER_LEVEL : SLAVE_LEVEL;
	uint8_t bit = (uint8_t)(1u << line % 8), before = in8(port);
	out8(port, (uint8_t)(level ? before | bit : before & ~bit));
	return (before & bit) != 0;
}

bool pic_acknowledge(uint32_t line)
{
	uint16_t command = line < 8 ? MASTER_COMMAND : SLAVE_COMMAND;
	if (line % 8 == 7) {
		out8(command, OCW3_READ_ISR);
		if (!(in8(command) & 0x80)) {
			if (line == 15) /* the master saw a real cascade interrupt */
				out8(MASTER_COMMAND, OCW2_EOI);
			return false;
		}
	}
	if (line >= 8)
		out8(SLAVE_COMMAND, OCW2_EOI);
	out8(MASTER_COMMAND, OCW2_EOI);
	return true;
}

bool pic_is_waiting(uint32_t line)
{
	out8(MASTER_COMMAND, OCW3_READ_IRR);
	return (in8(MASTER_COMMAND) >> line & 1) != 0;
}
