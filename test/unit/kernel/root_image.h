/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task's image for host tests: as long as a real one's parts, and nothing in it. */
#ifndef TEST_ROOT_IMAGE_H
#define TEST_ROOT_IMAGE_H

#include <stdint.h>

#define ROOT_IMAGE_ENTRY 0x00400123u
#define ROOT_IMAGE_DATA	 0x00402000u /* code ends, data begins */
#define ROOT_IMAGE_END	 0x00404000u

extern uint8_t root_image[], root_image_end[];

#endif
