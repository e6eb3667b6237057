/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task's image as servers/init/init.ld lays it out: magic number, entry, first writable
 * page and end, two pages of code and constants, two of data. Its symbols have to lie one
 * behind the other, which C does not promise. */
#include "root_image.h"

__asm__(".pushsection .data\n\t"
	".balign 4096\n\t"
	".globl root_image, root_image_end\n"
	"root_image:\n\t"
	".long 0x544f4f52, 0x00400123, 0x00402000, 0x00404000\n\t"
	".space 16384 - 16\n"
	"root_image_end:\n\t"
	".popsection");
