/* SPDX-License-Identifier: BSD-2-Clause */
/* What a PS/2 keyboard sends for each key, and what a controller makes of it. Written from
 * public tables and from nothing of the driver's, so that the two can be compared: [SC]
 * Microsoft, "Keyboard Scan Code Specification", revision 1.3a, appendix (sets 1 and 2); [HID]
 * Microsoft, "USB HID to PS/2 Scan Code Translation Table" (international and F13-F24); [KBD]
 * IBM PS/2 Hardware Interface Technical Reference, "Keyboard (101- and 102-Key)". */
#ifndef TEST_FAKE_CODES_H
#define TEST_FAKE_CODES_H

#include <stdbool.h>
#include <stdint.h>

/* A code behind the prefix E0. */
#define FAKE_E0(code)	(0xe000u | (code))
#define FAKE_KEY_BYTES	16u /* at most for one press or release */
#define FAKE_TRANSLATED 256u

/* A key and its make codes. Print, Pause, and the keys of grey blocks under shift send more:
 * see fake_key_bytes(). */
typedef struct fake_code {
	uint16_t key, set1, set2; /* evdev code; codes, FAKE_E0 or plain */
} fake_code_t;

extern const fake_code_t fake_codes[];
extern const unsigned fake_code_count;

/* The controller's translation of each byte from set 2 to set 1 ([SC], and identity above 84).
 */
extern const uint8_t fake_translation[FAKE_TRANSLATED];

/* The row of a key, or null: this keyboard has no such key. */
const fake_code_t *fake_code_of(uint16_t key);

/* Which modifiers of its own the keyboard sees held while a key moves. */
typedef struct fake_shifts {
	bool left_shift, right_shift, ctrl, alt, num_lock;
} fake_shifts_t;

/* The bytes of one press or release in set 1 or 2. 0: there are none (release of Pause). */
unsigned fake_key_bytes(uint16_t key, bool down, unsigned set, fake_shifts_t shifts,
			uint8_t bytes[FAKE_KEY_BYTES]);

#endif
