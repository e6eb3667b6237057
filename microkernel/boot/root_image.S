/* SPDX-License-Identifier: BSD-2-Clause */
	.section .root, "aw"
	.balign 4096
	.globl root_image, root_image_end
root_image:
	.incbin "init.bin"
root_image_end:

	.section .note.GNU-stack, "", @progbits
