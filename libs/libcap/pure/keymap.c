/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of cap/keymap.h. */
#include "cap/keymap.h"

#include <stdbool.h>

/* Plain and with Shift. */
static const char characters[][2] = {
    [KEY_1] = "1!",	      [KEY_2] = "2@",		[KEY_3] = "3#",
    [KEY_4] = "4$",	      [KEY_5] = "5%",		[KEY_6] = "6^",
    [KEY_7] = "7&",	      [KEY_8] = "8*",		[KEY_9] = "9(",
    [KEY_0] = "0)",	      [KEY_MINUS] = "-_",	[KEY_EQUAL] = "=+",
    [KEY_BACKSPACE] = "\b\b", [KEY_TAB] = "\t\t",	[KEY_Q] = "qQ",
    [KEY_W] = "wW",	      [KEY_E] = "eE",		[KEY_R] = "rR",
    [KEY_T] = "tT",	      [KEY_Y] = "yY",		[KEY_U] = "uU",
    [KEY_I] = "iI",	      [KEY_O] = "oO",		[KEY_P] = "pP",
    [KEY_LEFTBRACE] = "[{",   [KEY_RIGHTBRACE] = "]}",	[KEY_ENTER] = "\n\n",
    [KEY_A] = "aA",	      [KEY_S] = "sS",		[KEY_D] = "dD",
    [KEY_F] = "fF",	      [KEY_G] = "gG",		[KEY_H] = "hH",
    [KEY_J] = "jJ",	      [KEY_K] = "kK",		[KEY_L] = "lL",
    [KEY_SEMICOLON] = ";:",   [KEY_APOSTROPHE] = "'\"", [KEY_GRAVE] = "`~",
    [KEY_BACKSLASH] = "\\|",  [KEY_Z] = "zZ",		[KEY_X] = "xX",
    [KEY_C] = "cC",	      [KEY_V] = "vV",		[KEY_B] = "bB",
    [KEY_N] = "nN",	      [KEY_M] = "mM",		[KEY_COMMA] = ",<",
    [KEY_DOT] = ".>",	      [KEY_SLASH] = "/?",	[KEY_KPASTERISK] = "**",
    [KEY_SPACE] = "  ",	      [KEY_KPMINUS] = "--",	[KEY_KPPLUS] = "++",
    [KEY_102ND] = "\\|",      [KEY_KPENTER] = "\n\n",	[KEY_KPSLASH] = "//",
    [KEY_KPEQUAL] = "==",
};

/* The keypad's keys from KEY_KP7 to KEY_KPDOT; a blank marks one that is no digit. */
static const char keypad[] = "789 456 1230.";

static char keypad_char(uint16_t code)
{
	if (code < KEY_KP7 || code > KEY_KPDOT)
		return '\0';
	char digit = keypad[code - KEY_KP7];
	return digit == ' ' ? '\0' : digit;
}

char key_char(uint16_t code, uint8_t modifiers)
{
	bool shift = modifiers & INPUT_SHIFT;
	if (modifiers & (INPUT_CTRL | INPUT_ALT | INPUT_ALTGR | INPUT_META))
		return '\0';
	char digit = keypad_char(code);
	if (digit)
		return (modifiers & INPUT_NUMLOCK) && !shift ? digit : '\0';
	if (code >= sizeof(characters) / sizeof(characters[0]))
		return '\0';
	char plain = characters[code][0];
	if ((modifiers & INPUT_CAPSLOCK) && plain >= 'a' && plain <= 'z')
		shift = !shift;
	return characters[code][shift];
}

const char *key_name(uint16_t code)
{
#define NAME(key, value, text) [key] = (text),
	static const char *const names[INPUT_KEYS_MAX] = {INPUT_KEYS(NAME)};
#undef NAME
	if (code >= INPUT_KEYS_MAX || !names[code])
		return "unknown";
	return names[code];
}
