/* SPDX-License-Identifier: BSD-2-Clause */
/* What a keyboard driver hands to its readers: one record per key event, and the numbers
 * and names of the keys. Numbers and names are those of the evdev interface (Linux,
 * input-event-codes.h), so that every tool that knows evdev knows them. This is about
 * keys, not characters: cap/keymap.h turns a key into a character. */
#ifndef ABI_INPUT_H
#define ABI_INPUT_H

#include "abi/types.h"

enum input_value {
	INPUT_UP = 0,
	INPUT_DOWN = 1,
	INPUT_REPEAT = 2, /* still held; the keyboard's own typematic repeat */
};

/* Bits of input_event_t.modifiers: held keys and lock states, after the event. */
enum input_modifier {
	INPUT_SHIFT = 1,
	INPUT_CTRL = 2,
	INPUT_ALT = 4, /* the left one */
	INPUT_META = 8,
	INPUT_ALTGR = 16, /* the right Alt */
	INPUT_CAPSLOCK = 32,
	INPUT_NUMLOCK = 64,
	INPUT_SCROLLLOCK = 128,
};

/* A read() of a keyboard driver returns a whole number of these, oldest first. */
typedef struct input_event {
	uint32_t time_ms;  /* since boot; wraps after 49 days */
	uint16_t code;	   /* KEY_… */
	uint8_t value;	   /* enum input_value */
	uint8_t modifiers; /* INPUT_… */
} input_event_t;
ABI_ASSERT(sizeof(input_event_t) == 8, "input event layout");
ABI_ASSERT(offsetof(input_event_t, code) == 4, "input event layout");
ABI_ASSERT(offsetof(input_event_t, modifiers) == 7, "input event layout");

/* Codes are below this. */
#define INPUT_KEYS_MAX 256u

/* X(NAME, code, "name") */
#define INPUT_KEYS(X)                                                                          \
	X(KEY_ESC, 1, "esc")                                                                   \
	X(KEY_1, 2, "1")                                                                       \
	X(KEY_2, 3, "2")                                                                       \
	X(KEY_3, 4, "3")                                                                       \
	X(KEY_4, 5, "4")                                                                       \
	X(KEY_5, 6, "5")                                                                       \
	X(KEY_6, 7, "6")                                                                       \
	X(KEY_7, 8, "7")                                                                       \
	X(KEY_8, 9, "8")                                                                       \
	X(KEY_9, 10, "9")                                                                      \
	X(KEY_0, 11, "0")                                                                      \
	X(KEY_MINUS, 12, "minus")                                                              \
	X(KEY_EQUAL, 13, "equal")                                                              \
	X(KEY_BACKSPACE, 14, "backspace")                                                      \
	X(KEY_TAB, 15, "tab")                                                                  \
	X(KEY_Q, 16, "q")                                                                      \
	X(KEY_W, 17, "w")                                                                      \
	X(KEY_E, 18, "e")                                                                      \
	X(KEY_R, 19, "r")                                                                      \
	X(KEY_T, 20, "t")                                                                      \
	X(KEY_Y, 21, "y")                                                                      \
	X(KEY_U, 22, "u")                                                                      \
	X(KEY_I, 23, "i")                                                                      \
	X(KEY_O, 24, "o")                                                                      \
	X(KEY_P, 25, "p")                                                                      \
	X(KEY_LEFTBRACE, 26, "leftbrace")                                                      \
	X(KEY_RIGHTBRACE, 27, "rightbrace")                                                    \
	X(KEY_ENTER, 28, "enter")                                                              \
	X(KEY_LEFTCTRL, 29, "leftctrl")                                                        \
	X(KEY_A, 30, "a")                                                                      \
	X(KEY_S, 31, "s")                                                                      \
	X(KEY_D, 32, "d")                                                                      \
	X(KEY_F, 33, "f")                                                                      \
	X(KEY_G, 34, "g")                                                                      \
	X(KEY_H, 35, "h")                                                                      \
	X(KEY_J, 36, "j")                                                                      \
	X(KEY_K, 37, "k")                                                                      \
	X(KEY_L, 38, "l")                                                                      \
	X(KEY_SEMICOLON, 39, "semicolon")                                                      \
	X(KEY_APOSTROPHE, 40, "apostrophe")                                                    \
	X(KEY_GRAVE, 41, "grave")                                                              \
	X(KEY_LEFTSHIFT, 42, "leftshift")                                                      \
	X(KEY_BACKSLASH, 43, "backslash")                                                      \
	X(KEY_Z, 44, "z")                                                                      \
	X(KEY_X, 45, "x")                                                                      \
	X(KEY_C, 46, "c")                                                                      \
	X(KEY_V, 47, "v")                                                                      \
	X(KEY_B, 48, "b")                                                                      \
	X(KEY_N, 49, "n")                                                                      \
	X(KEY_M, 50, "m")                                                                      \
	X(KEY_COMMA, 51, "comma")                                                              \
	X(KEY_DOT, 52, "dot")                                                                  \
	X(KEY_SLASH, 53, "slash")                                                              \
	X(KEY_RIGHTSHIFT, 54, "rightshift")                                                    \
	X(KEY_KPASTERISK, 55, "kpasterisk")                                                    \
	X(KEY_LEFTALT, 56, "leftalt")                                                          \
	X(KEY_SPACE, 57, "space")                                                              \
	X(KEY_CAPSLOCK, 58, "capslock")                                                        \
	X(KEY_F1, 59, "f1")                                                                    \
	X(KEY_F2, 60, "f2")                                                                    \
	X(KEY_F3, 61, "f3")                                                                    \
	X(KEY_F4, 62, "f4")                                                                    \
	X(KEY_F5, 63, "f5")                                                                    \
	X(KEY_F6, 64, "f6")                                                                    \
	X(KEY_F7, 65, "f7")                                                                    \
	X(KEY_F8, 66, "f8")                                                                    \
	X(KEY_F9, 67, "f9")                                                                    \
	X(KEY_F10, 68, "f10")                                                                  \
	X(KEY_NUMLOCK, 69, "numlock")                                                          \
	X(KEY_SCROLLLOCK, 70, "scrolllock")                                                    \
	X(KEY_KP7, 71, "kp7")                                                                  \
	X(KEY_KP8, 72, "kp8")                                                                  \
	X(KEY_KP9, 73, "kp9")                                                                  \
	X(KEY_KPMINUS, 74, "kpminus")                                                          \
	X(KEY_KP4, 75, "kp4")                                                                  \
	X(KEY_KP5, 76, "kp5")                                                                  \
	X(KEY_KP6, 77, "kp6")                                                                  \
	X(KEY_KPPLUS, 78, "kpplus")                                                            \
	X(KEY_KP1, 79, "kp1")                                                                  \
	X(KEY_KP2, 80, "kp2")                                                                  \
	X(KEY_KP3, 81, "kp3")                                                                  \
	X(KEY_KP0, 82, "kp0")                                                                  \
	X(KEY_KPDOT, 83, "kpdot")                                                              \
	X(KEY_ZENKAKUHANKAKU, 85, "zenkakuhankaku")                                            \
	X(KEY_102ND, 86, "102nd")                                                              \
	X(KEY_F11, 87, "f11")                                                                  \
	X(KEY_F12, 88, "f12")                                                                  \
	X(KEY_RO, 89, "ro")                                                                    \
	X(KEY_KATAKANA, 90, "katakana")                                                        \
	X(KEY_HIRAGANA, 91, "hiragana")                                                        \
	X(KEY_HENKAN, 92, "henkan")                                                            \
	X(KEY_KATAKANAHIRAGANA, 93, "katakanahiragana")                                        \
	X(KEY_MUHENKAN, 94, "muhenkan")                                                        \
	X(KEY_KPJPCOMMA, 95, "kpjpcomma")                                                      \
	X(KEY_KPENTER, 96, "kpenter")                                                          \
	X(KEY_RIGHTCTRL, 97, "rightctrl")                                                      \
	X(KEY_KPSLASH, 98, "kpslash")                                                          \
	X(KEY_SYSRQ, 99, "sysrq")                                                              \
	X(KEY_RIGHTALT, 100, "rightalt")                                                       \
	X(KEY_LINEFEED, 101, "linefeed")                                                       \
	X(KEY_HOME, 102, "home")                                                               \
	X(KEY_UP, 103, "up")                                                                   \
	X(KEY_PAGEUP, 104, "pageup")                                                           \
	X(KEY_LEFT, 105, "left")                                                               \
	X(KEY_RIGHT, 106, "right")                                                             \
	X(KEY_END, 107, "end")                                                                 \
	X(KEY_DOWN, 108, "down")                                                               \
	X(KEY_PAGEDOWN, 109, "pagedown")                                                       \
	X(KEY_INSERT, 110, "insert")                                                           \
	X(KEY_DELETE, 111, "delete")                                                           \
	X(KEY_MACRO, 112, "macro")                                                             \
	X(KEY_MUTE, 113, "mute")                                                               \
	X(KEY_VOLUMEDOWN, 114, "volumedown")                                                   \
	X(KEY_VOLUMEUP, 115, "volumeup")                                                       \
	X(KEY_POWER, 116, "power")                                                             \
	X(KEY_KPEQUAL, 117, "kpequal")                                                         \
	X(KEY_KPPLUSMINUS, 118, "kpplusminus")                                                 \
	X(KEY_PAUSE, 119, "pause")                                                             \
	X(KEY_SCALE, 120, "scale")                                                             \
	X(KEY_KPCOMMA, 121, "kpcomma")                                                         \
	X(KEY_HANGEUL, 122, "hangeul")                                                         \
	X(KEY_HANJA, 123, "hanja")                                                             \
	X(KEY_YEN, 124, "yen")                                                                 \
	X(KEY_LEFTMETA, 125, "leftmeta")                                                       \
	X(KEY_RIGHTMETA, 126, "rightmeta")                                                     \
	X(KEY_COMPOSE, 127, "compose")                                                         \
	X(KEY_STOP, 128, "stop")                                                               \
	X(KEY_CALC, 140, "calc")                                                               \
	X(KEY_SLEEP, 142, "sleep")                                                             \
	X(KEY_WAKEUP, 143, "wakeup")                                                           \
	X(KEY_WWW, 150, "www")                                                                 \
	X(KEY_MAIL, 155, "mail")                                                               \
	X(KEY_BOOKMARKS, 156, "bookmarks")                                                     \
	X(KEY_COMPUTER, 157, "computer")                                                       \
	X(KEY_BACK, 158, "back")                                                               \
	X(KEY_FORWARD, 159, "forward")                                                         \
	X(KEY_NEXTSONG, 163, "nextsong")                                                       \
	X(KEY_PLAYPAUSE, 164, "playpause")                                                     \
	X(KEY_PREVIOUSSONG, 165, "previoussong")                                               \
	X(KEY_STOPCD, 166, "stopcd")                                                           \
	X(KEY_HOMEPAGE, 172, "homepage")                                                       \
	X(KEY_REFRESH, 173, "refresh")                                                         \
	X(KEY_F13, 183, "f13")                                                                 \
	X(KEY_F14, 184, "f14")                                                                 \
	X(KEY_F15, 185, "f15")                                                                 \
	X(KEY_F16, 186, "f16")                                                                 \
	X(KEY_F17, 187, "f17")                                                                 \
	X(KEY_F18, 188, "f18")                                                                 \
	X(KEY_F19, 189, "f19")                                                                 \
	X(KEY_F20, 190, "f20")                                                                 \
	X(KEY_F21, 191, "f21")                                                                 \
	X(KEY_F22, 192, "f22")                                                                 \
	X(KEY_F23, 193, "f23")                                                                 \
	X(KEY_F24, 194, "f24")                                                                 \
	X(KEY_SEARCH, 217, "search")                                                           \
	X(KEY_MEDIA, 226, "media")

#define ABI_X_ENUM(name, value, text) name = (value),
enum input_key { KEY_NONE = 0, INPUT_KEYS(ABI_X_ENUM) };
#undef ABI_X_ENUM

#endif
