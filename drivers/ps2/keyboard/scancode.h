/* SPDX-License-Identifier: BSD-2-Clause */
/* Scan codes to keys. Pure: bytes and time in, keys out; never touches a port and never
 * knows which keys a reader believes to be held. One byte yields at most one result. */
#ifndef PS2_SCANCODE_H
#define PS2_SCANCODE_H

#include "cap/bits.h"

#define SCAN_CODES 128u /* of a table: plain ones, and those behind E0 */

/* A code is dropped if so long after a byte of it nothing waits. They are about 1 ms apart on
 * the wire; one that the driver comes late for has waited in the device, and is not late. */
#define SCAN_PREFIX_MS 500u

typedef enum scan_set {
	SCAN_SET1 = 1, /* translated by the controller */
	SCAN_SET2 = 2, /* as the keyboard sends it */
} scan_set_t;

typedef enum scan_kind {
	SCAN_NOTHING,	/* inside a code, or a fake shift */
	SCAN_KEY,	/* `code` went down or up */
	SCAN_TAP,	/* `code` went down and up: Pause and Break have no release */
	SCAN_OVERRUN,	/* the keyboard lost keys: release all that are held */
	SCAN_SELF_TEST, /* a keyboard was plugged in and reported: set it up */
	SCAN_ACK,	/* FA, which is no code and leaves a prefix as it is */
	SCAN_RESEND,	/* FE, the same */
	SCAN_ECHO,	/* EE, the same */
	SCAN_RAW,	/* a release of set 2 where set 1 is due: translation is lost */
	SCAN_UNKNOWN,
} scan_kind_t;

typedef struct scan_result {
	scan_kind_t kind;
	uint16_t code; /* KEY_…, for SCAN_KEY and SCAN_TAP */
	bool down;     /* for SCAN_KEY */
	bool passed;   /* for SCAN_SELF_TEST */
} scan_result_t;

/* Without pointers, for it is kept over the driver's death.
 *
 * Invariant PS12: extended, release and skip are all zero between codes.
 * Invariant PS13: in `made` are the codes, as in set 1, that came down and not up since
 *               scan_init(): plain ones first, then those behind E0. */
typedef struct scan {
	uint8_t set;				   /* enum scan_set */
	bool extended;				   /* E0 seen */
	bool release;				   /* F0 seen (set 2) */
	uint8_t skip;				   /* bytes of the E1 sequence still to come */
	uint32_t heard_ms;			   /* when its last byte was taken */
	uint32_t made[BITS_WORDS(2 * SCAN_CODES)]; /* tells the release of left shift (AA) from
						      a self-test report, and whose release it
						      is that lost its E0 */
} scan_t;

/* Starts afresh, with no key pressed. */
void scan_init(scan_t *scan, scan_set_t set);

/* Is a code begun and not complete? */
static inline bool scan_is_inside(const scan_t *scan)
{
	return scan->extended | scan->release | (scan->skip != 0);
}

/* Until it is late, to be asked when nothing waits. 0: it is; UINT32_MAX: there is none. */
uint32_t scan_left_ms(const scan_t *scan, uint32_t now_ms);
static inline bool scan_is_late(const scan_t *scan, uint32_t now_ms)
{
	return scan_left_ms(scan, now_ms) == 0;
}

/* Forgets an unfinished code, as after a byte that was damaged on the wire. */
void scan_drop_prefix(scan_t *scan);

/* The keyboard could send nothing for a while: what came before `now_ms` came just now. */
void scan_resume(scan_t *scan, uint32_t now_ms);

/* Decodes one byte that came at `now_ms`. */
scan_result_t scan_byte(scan_t *scan, uint8_t byte, uint32_t now_ms);

#endif
