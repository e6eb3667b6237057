/* SPDX-License-Identifier: BSD-2-Clause */
/* The decoder of scancode.h. There is one table of keys, by set-1 code; set 2 goes through
 * the same table after the translation that the controller would have made. */
#include "ps2/keyboard/scancode.h"

#include "abi/protocol/input.h"
#include "ps2/i8042.h"

/* Codes that mean more than a key. */
#define SCAN1_CTRL	 0x1du /* first byte of the Pause sequence after E1 */
#define SCAN1_NUMLOCK	 0x45u /* and its last */
#define SCAN1_BREAK	 0x46u /* after E0 */
#define SCAN1_LEFTSHIFT	 0x2au /* after E0: a fake shift */
#define SCAN1_RIGHTSHIFT 0x36u
#define SCAN_HANJA	 0xf1u /* Korean keys have no release, in either set */
#define SCAN_HANGEUL	 0xf2u
#define PAUSE_BYTES	 2u /* after E1 */
#define PAUSE_RELEASE2	 3u /* set 2: more bytes after E1 F0 */
#define SCAN1_CODES	 SCAN_CODES

/* Set 2 to set 1, by the controller's translation ([AT] "Keyboard Controller", scan-code
 * translation table). The last two entries are F7 and SysRq. */
static const uint8_t set2_to_set1[] = {
    0xff, 0x43, 0x41, 0x3f, 0x3d, 0x3b, 0x3c, 0x58, 0x64, 0x44, 0x42, 0x40, /* 00 */
    0x3e, 0x0f, 0x29, 0x59, 0x65, 0x38, 0x2a, 0x70, 0x1d, 0x10, 0x02, 0x5a, /* 0c */
    0x66, 0x71, 0x2c, 0x1f, 0x1e, 0x11, 0x03, 0x5b, 0x67, 0x2e, 0x2d, 0x20, /* 18 */
    0x12, 0x05, 0x04, 0x5c, 0x68, 0x39, 0x2f, 0x21, 0x14, 0x13, 0x06, 0x5d, /* 24 */
    0x69, 0x31, 0x30, 0x23, 0x22, 0x15, 0x07, 0x5e, 0x6a, 0x72, 0x32, 0x24, /* 30 */
    0x16, 0x08, 0x09, 0x5f, 0x6b, 0x33, 0x25, 0x17, 0x18, 0x0b, 0x0a, 0x60, /* 3c */
    0x6c, 0x34, 0x35, 0x26, 0x27, 0x19, 0x0c, 0x61, 0x6d, 0x73, 0x28, 0x74, /* 48 */
    0x1a, 0x0d, 0x62, 0x6e, 0x3a, 0x36, 0x1c, 0x1b, 0x75, 0x2b, 0x63, 0x76, /* 54 */
    0x55, 0x56, 0x77, 0x78, 0x79, 0x7a, 0x0e, 0x7b, 0x7c, 0x4f, 0x7d, 0x4b, /* 60 */
    0x47, 0x7e, 0x7f, 0x6f, 0x52, 0x53, 0x50, 0x4c, 0x4d, 0x48, 0x01, 0x45, /* 6c */
    0x57, 0x4e, 0x51, 0x4a, 0x37, 0x49, 0x46, 0x54, 0x80, 0x81, 0x82, 0x41, /* 78 */
    0x54,								    /* 84 */
};

/* Codes 01 to 53 of set 1 are also the evdev codes; these are the rest. */
#define SCAN1_IDENTICAL 0x53u
static const uint8_t plain_keys[SCAN1_CODES] = {
    [0x54] = KEY_SYSRQ,
    [0x56] = KEY_102ND,
    [0x57] = KEY_F11,
    [0x58] = KEY_F12,
    [0x59] = KEY_KPEQUAL,
    [0x64] = KEY_F13,
    [0x65] = KEY_F14,
    [0x66] = KEY_F15,
    [0x67] = KEY_F16,
    [0x68] = KEY_F17,
    [0x69] = KEY_F18,
    [0x6a] = KEY_F19,
    [0x6b] = KEY_F20,
    [0x6c] = KEY_F21,
    [0x6d] = KEY_F22,
    [0x6e] = KEY_F23,
    [0x70] = KEY_KATAKANAHIRAGANA,
    [0x73] = KEY_RO,
    [0x76] = KEY_F24,
    [0x77] = KEY_HIRAGANA,
    [0x78] = KEY_KATAKANA,
    [0x79] = KEY_HENKAN,
    [0x7b] = KEY_MUHENKAN,
    [0x7d] = KEY_YEN,
    [0x7e] = KEY_KPCOMMA,
};

static const uint8_t extended_keys[SCAN1_CODES] = {
    [0x10] = KEY_PREVIOUSSONG, [0x19] = KEY_NEXTSONG, [0x1c] = KEY_KPENTER,
    [0x1d] = KEY_RIGHTCTRL,    [0x20] = KEY_MUTE,     [0x21] = KEY_CALC,
    [0x22] = KEY_PLAYPAUSE,    [0x24] = KEY_STOPCD,   [0x2e] = KEY_VOLUMEDOWN,
    [0x30] = KEY_VOLUMEUP,     [0x32] = KEY_HOMEPAGE, [0x35] = KEY_KPSLASH,
    [0x37] = KEY_SYSRQ,	       [0x38] = KEY_RIGHTALT, [0x46] = KEY_PAUSE,
    [0x47] = KEY_HOME,	       [0x48] = KEY_UP,	      [0x49] = KEY_PAGEUP,
    [0x4b] = KEY_LEFT,	       [0x4d] = KEY_RIGHT,    [0x4f] = KEY_END,
    [0x50] = KEY_DOWN,	       [0x51] = KEY_PAGEDOWN, [0x52] = KEY_INSERT,
    [0x53] = KEY_DELETE,       [0x5b] = KEY_LEFTMETA, [0x5c] = KEY_RIGHTMETA,
    [0x5d] = KEY_COMPOSE,      [0x5e] = KEY_POWER,    [0x5f] = KEY_SLEEP,
    [0x63] = KEY_WAKEUP,       [0x65] = KEY_SEARCH,   [0x66] = KEY_BOOKMARKS,
    [0x67] = KEY_REFRESH,      [0x68] = KEY_STOP,     [0x69] = KEY_FORWARD,
    [0x6a] = KEY_BACK,	       [0x6b] = KEY_COMPUTER, [0x6c] = KEY_MAIL,
    [0x6d] = KEY_MEDIA,
};

void scan_init(scan_t *scan, scan_set_t set)
{
	*scan = (scan_t){.set = (uint8_t)set};
}

void scan_drop_prefix(scan_t *scan)
{
	scan->extended = false;
	scan->release = false;
	scan->skip = 0;
}

void scan_resume(scan_t *scan, uint32_t now_ms)
{
	scan->heard_ms = now_ms;
}

uint32_t scan_left_ms(const scan_t *scan, uint32_t now_ms)
{
	uint32_t passed = now_ms - scan->heard_ms;
	if (!scan_is_inside(scan))
		return UINT32_MAX;
	return passed < SCAN_PREFIX_MS ? SCAN_PREFIX_MS - passed : 0;
}

static scan_result_t result(scan_kind_t kind, uint16_t code, bool down)
{
	return (scan_result_t){.kind = kind, .code = code, .down = down};
}

/* The bytes after E1: in set 1 `1D 45` and `9D C5`, in set 2 `14 77` and `F0 14 F0 77`. */
static scan_result_t pause_byte(scan_t *scan, uint8_t byte)
{
	if (scan->set == SCAN_SET2 && byte == SCAN_RELEASE && scan->skip == PAUSE_BYTES &&
	    !scan->release) {
		scan->release = true;
		scan->skip = PAUSE_RELEASE2;
		return result(SCAN_NOTHING, 0, false);
	}
	scan->skip--;
	if (scan->set == SCAN_SET2 && scan->release && scan->skip == 1 && byte == SCAN_RELEASE)
		return result(SCAN_NOTHING, 0, false);
	uint8_t code = byte;
	if (scan->set == SCAN_SET1) {
		scan->release = byte & SCAN1_RELEASE;
		code = byte & (uint8_t)~SCAN1_RELEASE;
	} else if (byte < sizeof(set2_to_set1)) {
		code = set2_to_set1[byte];
	}
	bool last = scan->skip == 0;
	bool released = scan->release;
	if (code != (last ? SCAN1_NUMLOCK : SCAN1_CTRL)) {
		scan_drop_prefix(scan);
		return result(SCAN_UNKNOWN, 0, false);
	}
	if (!last)
		return result(SCAN_NOTHING, 0, false);
	scan_drop_prefix(scan);
	return released ? result(SCAN_NOTHING, 0, false) : result(SCAN_TAP, KEY_PAUSE, false);
}

static scan_result_t extended_key(uint8_t code, bool down)
{
	if (code == SCAN1_LEFTSHIFT || code == SCAN1_RIGHTSHIFT)
		return result(SCAN_NOTHING, 0, false);
	if (code == SCAN1_BREAK)
		return down ? result(SCAN_TAP, KEY_PAUSE, false)
			    : result(SCAN_NOTHING, 0, false);
	uint8_t key = extended_keys[code];
	return result(key ? SCAN_KEY : SCAN_UNKNOWN, key, down);
}

static scan_result_t plain_key(uint8_t code, bool down)
{
	uint8_t key = code <= SCAN1_IDENTICAL ? code : plain_keys[code];
	return result(key ? SCAN_KEY : SCAN_UNKNOWN, key, down);
}

/* A byte that is no scan code. False: it may be one. */
static bool special_byte(uint8_t byte, scan_result_t *found)
{
	switch (byte) {
	case KBD_OVERRUN_SET1:
	case KBD_OVERRUN_SET2:
		*found = result(SCAN_OVERRUN, 0, false);
		return true;
	case KBD_SELF_TEST_GOOD:
	case KBD_SELF_TEST_BAD:
	case KBD_SELF_TEST_BAD_2:
		*found = result(SCAN_SELF_TEST, 0, false);
		found->passed = byte == KBD_SELF_TEST_GOOD;
		return true;
	case SCAN_HANJA:
		*found = result(SCAN_TAP, KEY_HANJA, false);
		return true;
	case SCAN_HANGEUL:
		*found = result(SCAN_TAP, KEY_HANGEUL, false);
		return true;
	default:
		return false;
	}
}

static bool is_made(const scan_t *scan, uint8_t code, bool extended)
{
	return bits_test(scan->made, (extended ? SCAN_CODES : 0) + code);
}

/* An E0 was lost, at this release or when the key went down: it is the other key's. */
static bool is_of_other(const scan_t *scan, uint8_t code, bool extended)
{
	if (extended && (code == SCAN1_LEFTSHIFT || code == SCAN1_RIGHTSHIFT))
		return false; /* of no key */
	return !is_made(scan, code, extended) && is_made(scan, code, !extended);
}

/* A whole code, of either set, as a set-1 code and a direction. A release that lost its E0 is
 * that of the key behind E0 which is down, if the plain one is not. */
static scan_result_t whole_code(scan_t *scan, uint8_t code, bool down)
{
	bool extended = scan->extended;
	scan_drop_prefix(scan);
	if (!down && is_of_other(scan, code, extended))
		extended = !extended;
	scan_result_t found = extended ? extended_key(code, down) : plain_key(code, down);
	if (found.kind == SCAN_KEY)
		bits_set(scan->made, (extended ? SCAN_CODES : 0) + code, down);
	return found;
}

/* Is it the release, in set 1, of a key that is down? */
static bool is_due(const scan_t *scan, uint8_t byte)
{
	uint8_t code = byte & (uint8_t)~SCAN1_RELEASE;
	return scan->set == SCAN_SET1 && code != byte &&
	       bits_test(scan->made, (scan->extended ? SCAN_CODES : 0) + code);
}

/* Answers of the keyboard, which may stand between the bytes of a code. */
static scan_kind_t answer_of(const scan_t *scan, uint8_t byte)
{
	if (is_due(scan, byte))
		return SCAN_NOTHING;
	return byte == PS2_ACK	    ? SCAN_ACK
	       : byte == PS2_RESEND ? SCAN_RESEND
	       : byte == KBD_ECHO   ? SCAN_ECHO
				    : SCAN_NOTHING;
}

static scan_result_t set1_byte(scan_t *scan, uint8_t byte)
{
	scan_result_t special;
	uint8_t code = byte & (uint8_t)~SCAN1_RELEASE;
	bool down = !(byte & SCAN1_RELEASE);
	if (byte == SCAN_RELEASE && !is_due(scan, byte)) {
		scan_drop_prefix(scan);
		return result(SCAN_RAW, 0, false);
	}
	bool may_be_special = !down || !byte;
	if (may_be_special && !scan->extended && !is_due(scan, byte) &&
	    special_byte(byte, &special))
		return special;
	return whole_code(scan, code, down);
}

static scan_result_t set2_byte(scan_t *scan, uint8_t byte)
{
	scan_result_t special;
	if (byte == SCAN_RELEASE) {
		scan->release = true;
		return result(SCAN_NOTHING, 0, false);
	}
	if (!scan_is_inside(scan) && special_byte(byte, &special))
		return special;
	uint8_t code = byte < sizeof(set2_to_set1) ? set2_to_set1[byte] : SCAN1_RELEASE;
	if (code >= SCAN1_CODES) {
		scan_drop_prefix(scan);
		return result(SCAN_UNKNOWN, 0, false);
	}
	return whole_code(scan, code, !scan->release);
}

scan_result_t scan_byte(scan_t *scan, uint8_t byte, uint32_t now_ms)
{
	scan_result_t found = {.kind = SCAN_NOTHING};
	scan->heard_ms = now_ms;
	found.kind = answer_of(scan, byte);
	if (found.kind != SCAN_NOTHING)
		return found;
	if (scan->skip) {
		found = pause_byte(scan, byte);
	} else if (byte == SCAN_EXTENDED) {
		scan->extended = true;
	} else if (byte == SCAN_EXTENDED_1) {
		scan->skip = PAUSE_BYTES;
	} else {
		found = scan->set == SCAN_SET1 ? set1_byte(scan, byte) : set2_byte(scan, byte);
	}
	return found;
}
