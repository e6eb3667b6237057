/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's devices: two 8259A with their edge/level registers, channel 0 of an 8254, the
 * status of a 16550, the masks of two 8237A. A port of none of them answers what was asked for,
 * and notes the access. */
#ifndef TEST_DEVICES_H
#define TEST_DEVICES_H

#include <stdbool.h>
#include <stdint.h>

typedef struct pic {
	uint8_t first_vector, mask, in_service, requested;
	uint32_t step;	    /* of the initialisation; 0: done */
	bool reads_service; /* what the command port answers */
	uint32_t ended;	    /* interrupts that were acknowledged */
} pic_t;

typedef struct devices {
	pic_t pic[2];
	uint8_t level[2];     /* bit n: that controller's line n is level triggered */
	uint8_t dma_masks[2]; /* 0 when the machine begins: all channels are open */
	uint32_t reload;      /* of the timer */
	uint32_t counter;     /* what it has left */
	uint8_t line_status;
	uint32_t line_polls;
	uint8_t line[8]; /* written to the registers of the serial line */
	bool fifo_written;
	uint16_t last_port;
	uint32_t last_width, last_value;
} devices_t;
extern devices_t devices;

void devices_reset(void);

/* The processor takes the interrupt of a line; fails the test if it is masked. */
void devices_raise(uint32_t line);

#endif
