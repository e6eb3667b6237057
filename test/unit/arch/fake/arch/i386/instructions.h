/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands in for microkernel/arch/i386/instructions.h on the host: the same functions,
 * which the model of the processor (processor.c) and of its devices (devices.c) carry out. */
#ifndef FAKE_I386_INSTRUCTIONS_H
#define FAKE_I386_INSTRUCTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/i386/selectors.h"

typedef struct table_register {
	uint16_t limit;
	uint32_t base;
} table_register_t;

uint8_t in8(uint16_t port);
void out8(uint16_t port, uint8_t value);
uint32_t in_width(uint16_t port, uint32_t width);
void out_width(uint16_t port, uint32_t width, uint32_t value);

void interrupts_off(void);
void interrupts_take(void);
void halt(void);
void task_return(void);

bool has_cpuid(void);
void cpuid(uint32_t leaf, uint32_t id[4]);
uint64_t read_tsc(void);

void load_tables(const table_register_t *gdt, const table_register_t *idt);
void load_fs_gs(uint32_t selector);

#define ZERO_LINE 128u
void zero_lines(void *to, uint32_t lines);

uint32_t read_cr0(void);
void write_cr0(uint32_t value);
uint32_t read_cr2(void);
void write_cr3(uint32_t value);
uint32_t read_cr4(void);
void write_cr4(uint32_t value);
void invlpg(uint32_t virt);
void rdmsr(uint32_t msr, uint32_t *low, uint32_t *high);
void wrmsr(uint32_t msr, uint32_t low, uint32_t high);

#endif
