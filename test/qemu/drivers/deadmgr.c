/* SPDX-License-Identifier: BSD-2-Clause */
/* A manager that faults as soon as it runs, for the test of the root task. */
#include "cap/note.h"
#include "cap/syscall.h"

CAP_NOTE();

int main(void)
{
	__asm__ volatile("ud2");
	return 0;
}
