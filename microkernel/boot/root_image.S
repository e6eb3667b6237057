/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task's flat image; the build says which file it is. */
	.section .root, "aw"
	.balign 4096
	.globl root_image, root_image_end
root_image:
	.incbin ROOT_IMAGE
root_image_end:

	.section .note.GNU-stack, "", @progbits
