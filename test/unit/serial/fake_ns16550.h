/* SPDX-License-Identifier: BSD-2-Clause */
/* A serial port for tests: it keeps what is sent, receives what is typed, and can be told to
 * misbehave. Its time is moved by who uses it. */
#ifndef TEST_FAKE_NS16550_H
#define TEST_FAKE_NS16550_H

#include <stdbool.h>
#include <stdint.h>

#define WIRE_BYTES 8192u

typedef struct fake_ns16550 {
	bool absent, no_loop, no_fifo, stuck_sender, stuck_identity;
	bool stuck_scratch; /* that register holds one value */
	bool broken;	    /* a break without end, until interrupts are let through */
	bool aloof; /* more input only comes when a byte was read, as in QEMU's monitor */
	uint8_t registers[8];
	uint8_t status;		   /* error bits, reported once */
	uint32_t busy_ms;	   /* the sender is idle from then on */
	uint32_t room;		   /* bytes that it takes before it is full; 0: until told */
	uint32_t held;		   /* taken since it was empty */
	uint8_t input[WIRE_BYTES]; /* typed */
	uint32_t input_at, input_in, input_count; /* read, received and typed of it */
	uint32_t late;		   /* typed so much when the FIFO is turned on or off */
	uint32_t flushed;	   /* received and thrown away by that */
	char wire[WIRE_BYTES + 1]; /* sent */
	uint32_t wire_count;
	uint32_t lost; /* cut off by loop mode */
	uint32_t now_ms;
} fake_ns16550_t;

extern fake_ns16550_t port;

/* Is the FIFO turned on? */
bool port_has_fifo(void);

/* The other side sends what there is room for. */
void port_receive(void);

uint8_t port_read(uint8_t reg);
void port_write(uint8_t reg, uint8_t value);

#endif
