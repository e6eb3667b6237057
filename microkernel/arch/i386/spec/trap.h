/* SPDX-License-Identifier: BSD-2-Clause */
/* What arch/i386/trap.c asks of whom it calls, for the proofs: docs/proof.md. Nothing is
 * compiled from here. That lines and labels are in bounds is what is proved. */
#ifndef I386_SPEC_TRAP_H
#define I386_SPEC_TRAP_H

#include "arch/i386/i386.h"

//@ ghost int outside; // what the controllers and the rest of the kernel do

/*@ requires line < IRQ_LINES;
    assigns outside; */
bool pic_acknowledge(uint32_t line);

/*@ assigns \nothing; */
static inline uint32_t read_cr2(void);

/*@ assigns outside; */
void pit_tick(void);

/*@ assigns outside; */
void kernel_on_tick(void);

/*@ requires line < IRQ_LINES && line != TIMER_LINE;
    assigns outside; */
void kernel_on_interrupt(uint32_t line);

/*@ assigns outside; */
void kernel_on_stray(void);

/*@ requires label != 0;
    assigns outside; */
void kernel_on_fault(uint32_t label, uint32_t address, uint32_t code);

/*@ assigns outside; */
const arch_frame_t *kernel_syscall(uint32_t number);

/*@ assigns outside; */
const arch_frame_t *kernel_leave(void);

#endif
