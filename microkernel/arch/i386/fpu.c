/* SPDX-License-Identifier: BSD-2-Clause */
/* The FPU, which no program may use, and zeroing memory, for which the kernel uses one register
 * of SSE. That holds nothing but zeroes then, and no other is touched: there is nothing to
 * save, and nothing that a program could learn. */
#include "arch/i386/i386.h"

#include "base/memory.h"

#define CR0_EMULATION	  0x4u /* SDM 3A, 2.5 */
#define CR0_TASK_SWITCHED 0x8u
#define CR4_OSFXSR	  0x200u

#define FEATURES_SSE 0x3000000u /* CPUID leaf 1, edx: SSE and FXSR, SDM 2A */

/* With EM set, every such instruction of a program faults. */
void fpu_init(void)
{
	write_cr0(read_cr0() | CR0_EMULATION | CR0_TASK_SWITCHED);
	machine.has_sse = (cpu_features() & FEATURES_SSE) == FEATURES_SSE;
	if (machine.has_sse)
		write_cr4(read_cr4() | CR4_OSFXSR);
}

void arch_zero(uint32_t address, uint32_t bytes)
{
	uint32_t lines = machine.has_sse ? bytes / ZERO_LINE : 0;
	uint32_t rest = address + lines * ZERO_LINE;
	if (lines) {
		uint32_t cr0 = read_cr0();
		write_cr0(cr0 & ~(CR0_EMULATION | CR0_TASK_SWITCHED));
		zero_lines(arch_pointer(address), lines);
		write_cr0(cr0);
	}
	memset(arch_pointer(rest), 0, address + bytes - rest);
}
