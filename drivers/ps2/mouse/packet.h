/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of a mouse to motion and buttons. Pure: bytes and time in. One byte yields at most one
 * result.
 *
 * Sources: [AUX] IBM PS/2 Hardware Interface Technical Reference, "Mouse", "Data report"; the
 * wheel's fourth byte: Microsoft, "Windows and the 5-Button Wheel Mouse", section "PS/2". */
#ifndef PS2_PACKET_H
#define PS2_PACKET_H

#include <stdbool.h>
#include <stdint.h>

/* A packet is dropped if so long after a byte of it nothing waits. */
#define PACKET_MS 500u

/* What a mouse says it is: how long its packets are and what is in them. */
enum packet_kind {
	PACKET_PLAIN = 0, /* 3 bytes: motion and three buttons */
	PACKET_WHEEL = 3, /* 4 bytes: and a wheel */
	PACKET_FIVE = 4,  /* 4 bytes: and two more buttons, or a second wheel */
};

typedef enum packet_result_kind {
	PACKET_NOTHING, /* inside a packet */
	PACKET_MOTION,
	PACKET_BAD,	/* it cannot begin a packet: dropped */
	PACKET_PLUGGED, /* AA 00: a mouse was plugged in */
} packet_result_kind_t;

typedef struct packet_result {
	packet_result_kind_t kind;
	bool overflow;	       /* the mouse moved farther than it can say: no motion is given */
	uint8_t buttons;       /* bit n: left, right, middle, side, extra */
	int16_t dx, dy;	       /* right and down are positive */
	int16_t wheel, hwheel; /* away from the user, and right, are positive */
} packet_result_t;

/* Without pointers, for it is kept over the driver's death.
 *
 * Invariant PS11: `count` is less than the packet's length. */
typedef struct packet {
	uint8_t kind; /* enum packet_kind */
	uint8_t count;
	uint8_t bytes[4];
	uint8_t extra; /* buttons 4 and 5 as told last, in their places of `buttons` */
	uint8_t unused;
	uint32_t heard_ms; /* when the last byte was taken */
} packet_t;

/* Between packets, all buttons up. */
void packet_init(packet_t *packet, uint8_t kind);

/* Forgets an unfinished packet, and returns how many bytes it had. */
uint8_t packet_drop(packet_t *packet);

/* Until an unfinished one is late, to be asked when nothing waits. 0: it is; UINT32_MAX: there
 * is none. */
uint32_t packet_left_ms(const packet_t *packet, uint32_t now_ms);
static inline bool packet_is_late(const packet_t *packet, uint32_t now_ms)
{
	return packet_left_ms(packet, now_ms) == 0;
}

/* The mouse could send nothing for a while: what came before `now_ms` came just now. */
void packet_resume(packet_t *packet, uint32_t now_ms);

packet_result_t packet_byte(packet_t *packet, uint8_t byte, uint32_t now_ms);

#endif
