/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of keys.h. */
#include "keys.h"

#include "cap/keymap.h"

#define RUBOUT	     0x7f
#define ESCAPE	     0x1b
#define CTRL(letter) ((letter)&0x1f)

enum escape_state { ESCAPE_NONE = 0, ESCAPE_BEGUN, ESCAPE_SEQUENCE, ESCAPE_LAST };
#define FINAL_FIRST 0x40
#define FINAL_LAST  0x7e
#define NUMBER_MOST 99u
#define NO_NUMBER   255u /* more than one parameter, or none that is a number */

/* What a letter types with Ctrl. */
static uint32_t controlled(char letter)
{
	switch (letter) {
	case 'a':
		return EDIT_HOME;
	case 'b':
		return EDIT_LEFT;
	case 'c':
		return EDIT_FORGET;
	case 'd':
		return EDIT_DELETE;
	case 'e':
		return EDIT_END;
	case 'f':
		return EDIT_RIGHT;
	case 'h':
		return EDIT_RUB_OUT;
	case 'i':
		return EDIT_TAB;
	case 'k':
		return EDIT_CUT_END;
	case 'l':
		return EDIT_CLEAR;
	case 'j':
	case 'm':
		return EDIT_ENTER;
	case 'n':
		return EDIT_DOWN;
	case 'p':
		return EDIT_UP;
	case 'u':
		return EDIT_CUT_ALL;
	case 'w':
		return EDIT_CUT_WORD;
	default:
		return EDIT_NOTHING;
	}
}

/* ---- a terminal ---- */

/* The key of a sequence's last byte, with its number. */
static uint32_t final_key(char byte, uint32_t number)
{
	static const uint8_t tilde[] = {[1] = EDIT_HOME,
					[3] = EDIT_DELETE,
					[4] = EDIT_END,
					[7] = EDIT_HOME,
					[8] = EDIT_END};
	if (byte == '~')
		return number < sizeof(tilde) ? tilde[number] : (uint32_t)EDIT_NOTHING;
	if (number > 1)
		return EDIT_NOTHING;
	switch (byte) {
	case 'A':
		return EDIT_UP;
	case 'B':
		return EDIT_DOWN;
	case 'C':
		return EDIT_RIGHT;
	case 'D':
		return EDIT_LEFT;
	case 'H':
		return EDIT_HOME;
	case 'F':
		return EDIT_END;
	default:
		return EDIT_NOTHING;
	}
}

static uint32_t in_sequence(keys_t *keys, char byte)
{
	uint32_t number = keys->number * 10u + (uint32_t)(byte - '0');
	if (byte == '[' && !keys->number) { /* a function key of a Linux console: ESC [ [ A */
		keys->escape = ESCAPE_LAST;
		keys->number = NO_NUMBER;
		return EDIT_NOTHING;
	}
	if (byte >= FINAL_FIRST && byte <= FINAL_LAST) {
		keys->escape = ESCAPE_NONE;
		return final_key(byte, keys->number);
	}
	bool digit = byte >= '0' && byte <= '9' && number <= NUMBER_MOST;
	keys->number = (uint8_t)(digit ? number : NO_NUMBER);
	return EDIT_NOTHING;
}

static uint32_t in_escape(keys_t *keys, char byte)
{
	switch (keys->escape) {
	case ESCAPE_BEGUN:
		keys->escape = byte == '['   ? ESCAPE_SEQUENCE
			       : byte == 'O' ? ESCAPE_LAST
					     : ESCAPE_NONE;
		keys->number = 0;
		return EDIT_NOTHING;
	case ESCAPE_SEQUENCE:
		return in_sequence(keys, byte);
	default:
		keys->escape = ESCAPE_NONE;
		return final_key(byte, keys->number);
	}
}

/* Such a byte is in no sequence: who begins one and goes on with it has pressed another key.
 * ESC begins the next one. */
static bool ends_escape(char byte)
{
	return (uint8_t)byte < ' ' || byte == RUBOUT;
}

uint32_t keys_take(keys_t *keys, char byte)
{
	bool after_return = keys->after_return;
	keys->after_return = byte == '\r';
	if (ends_escape(byte))
		keys->escape = ESCAPE_NONE;
	if (keys->escape)
		return in_escape(keys, byte);
	if (byte == ESCAPE) {
		keys->escape = ESCAPE_BEGUN;
		return EDIT_NOTHING;
	}
	if (byte == '\n' && after_return)
		return EDIT_NOTHING;
	if (byte == RUBOUT)
		return EDIT_RUB_OUT;
	if (byte > 0 && byte < ' ')
		return controlled((char)(byte | 0x60));
	return byte >= ' ' && byte <= '~' ? (uint32_t)byte : (uint32_t)EDIT_NOTHING;
}

/* ---- a keyboard ---- */

static uint32_t plain_key(uint16_t code)
{
	switch (code) {
	case KEY_LEFT:
		return EDIT_LEFT;
	case KEY_RIGHT:
		return EDIT_RIGHT;
	case KEY_HOME:
		return EDIT_HOME;
	case KEY_END:
		return EDIT_END;
	case KEY_UP:
		return EDIT_UP;
	case KEY_DOWN:
		return EDIT_DOWN;
	case KEY_DELETE:
		return EDIT_DELETE;
	case KEY_BACKSPACE:
		return EDIT_RUB_OUT;
	case KEY_TAB:
		return EDIT_TAB;
	case KEY_ENTER:
	case KEY_KPENTER:
		return EDIT_ENTER;
	default:
		return EDIT_NOTHING;
	}
}

uint32_t keys_of(const input_event_t *event)
{
	input_event_t plain = *event;
	if (event->type != INPUT_KEY || event->value == INPUT_UP)
		return EDIT_NOTHING;
	char character = key_char(event->code, event->modifiers);
	if (character >= ' ')
		return (uint32_t)character;
	plain.modifiers =
	    event->modifiers & (INPUT_CTRL | INPUT_ALT | INPUT_ALTGR | INPUT_META);
	if (plain.modifiers == INPUT_CTRL)
		return controlled(key_char(event->code, 0));
	return plain.modifiers ? (uint32_t)EDIT_NOTHING : plain_key(event->code);
}
