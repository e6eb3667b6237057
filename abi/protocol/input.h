/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver of keyboards and mice hands to its readers: one record per event, and the
 * numbers and names of keys, buttons and axes. Numbers and names are those of the evdev
 * interface (Linux, input-event-codes.h), so that every tool that knows evdev knows them; but
 * there is no SYN event: each record is whole by itself. This is about keys, not characters:
 * cap/keymap.h turns a key into a character.
 *
 * Events are a stream, and each has a number in it, its position, which nothing sets back: no
 * death of the driver, no stop and start, no reset. The driver holds the newest INPUT_HELD.
 *
 *   READ_AT  answers a whole number of events, oldest first, from the position on. Where
 *            events are missing, because they are not held any more or were never had, it
 *            answers DRV_EOVERFLOW, behind what lies before that place. The client asks
 *            INPUT_IOCTL_GET_STATE, takes as up what is not held there, and reads on from
 *            the position that comes with it, so it meets each place once. A position of
 *            which the driver knows nothing, because what it kept was thrown away, is such
 *            a place, too. Whose answer ends before such a place is signalled once more
 *   READ     the same from a position of the session's own, which begins behind the newest
 *            event that anybody was answered. Behind DRV_EOVERFLOW it goes on with what
 *            there is. At a gap the releases of what was held come first; of events that
 *            are not held any more nothing is told, so a client that has to know what went
 *            up among them reads by position
 *
 * Both answer DRV_EINVAL if there is no room for one event. What a stop or a reset releases is
 * there before the driver is Quiesced: READ_AT answers it until then, or tells it, and READ
 * from the next start on. */
#ifndef ABI_INPUT_H
#define ABI_INPUT_H

#include "abi/protocol/driver.h"

/* What a session is for, word 0 of DRIVER_OPEN. DRV_EINVAL: anything else. A session for one of
 * them does not meet the other's events; positions are the same. */
enum input_open {
	INPUT_OPEN_ALL = 0,
	INPUT_OPEN_KEYBOARD = 1,
	INPUT_OPEN_MOUSE = 2,
};

enum input_type {
	INPUT_KEY = 1, /* of a key or button: code KEY_… or BTN_…, value enum input_value */
	INPUT_REL = 2, /* a motion: code REL_…, value how far */
};

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
#define INPUT_LOCKS (INPUT_CAPSLOCK | INPUT_NUMLOCK | INPUT_SCROLLLOCK)

typedef struct input_event {
	uint32_t time_ms; /* since boot; wraps after 49 days */
	uint16_t code;
	uint8_t type;	   /* enum input_type; a reader passes over one that it does not know */
	uint8_t modifiers; /* INPUT_… */
	int32_t value;
} input_event_t;
ABI_ASSERT(sizeof(input_event_t) == 12, "input event layout");
ABI_ASSERT(offsetof(input_event_t, code) == 4, "input event layout");
ABI_ASSERT(offsetof(input_event_t, modifiers) == 7, "input event layout");
ABI_ASSERT(offsetof(input_event_t, value) == 8, "input event layout");

#define INPUT_HELD 256u /* so many of the newest events can be read again */

/* Codes of keys are below this. */
#define INPUT_KEYS_MAX 256u

/* The buttons: BTN_LEFT + n for n below INPUT_BUTTONS. X(NAME, code, "name") */
#define INPUT_BUTTONS 8u
#define INPUT_BUTTON_CODES(X)                                                                  \
	X(BTN_LEFT, 0x110, "btn_left")                                                         \
	X(BTN_RIGHT, 0x111, "btn_right")                                                       \
	X(BTN_MIDDLE, 0x112, "btn_middle")                                                     \
	X(BTN_SIDE, 0x113, "btn_side")                                                         \
	X(BTN_EXTRA, 0x114, "btn_extra")

/* Axes of motion; right, down, and away from who sits there for the wheel are positive.
 * X(NAME, code, "name") */
#define INPUT_AXES(X)                                                                          \
	X(REL_X, 0, "x")                                                                       \
	X(REL_Y, 1, "y")                                                                       \
	X(REL_HWHEEL, 6, "hwheel")                                                             \
	X(REL_WHEEL, 8, "wheel")

#define ABI_X_ENUM(name, value, text) name = (value),
enum input_button { INPUT_BUTTON_CODES(ABI_X_ENUM) };
enum input_axis { INPUT_AXES(ABI_X_ENUM) };
#undef ABI_X_ENUM

/* All that is held at a position of the stream. */
typedef struct input_state {
	uint8_t keys[INPUT_KEYS_MAX / 8]; /* key n: bit n % 8 of byte n / 8 */
	uint8_t buttons;		  /* bit n: BTN_LEFT + n */
	uint8_t modifiers;		  /* INPUT_…, the locks that are on too */
	uint8_t reserved[2];		  /* 0 */
} input_state_t;
ABI_ASSERT(sizeof(input_state_t) == INPUT_KEYS_MAX / 8 + 4, "input state layout");

/* DRV_EPERM as of read: the device is the operator's (abi/protocol/ps2.h). What is set holds
 * for the device, whoever set it, and over restarts; settings that follow closely are one. */
enum input_ioctl {
	/* Argument: the position where DRV_EOVERFLOW was met, or any other. Value: the
	 * position to read on from: that one, or where nothing can be read there, the first
	 * one behind it where something can. Data: input_state_t there. */
	INPUT_IOCTL_GET_STATE = DRV_IOCTL_INPUT,
	/* Argument: the locks whose lamps are lit, or INPUT_LEDS_FOLLOW: those that are on, as
	 * in the beginning. DRV_EINVAL: other bits. */
	INPUT_IOCTL_SET_LEDS,
	/* Argument: INPUT_REPEAT_RATE, of which the keyboard takes what is nearest. DRV_EINVAL:
	 * one of the two is 0. */
	INPUT_IOCTL_SET_REPEAT,
};
ABI_ASSERT((int)INPUT_IOCTL_SET_REPEAT <= (int)DRV_IOCTL_INPUT_LAST, "codes of the class");
#define INPUT_LEDS_FOLLOW 0x100u
#define INPUT_REPEAT_RATE(delay_ms, period_ms)                                                 \
	((uint32_t)(delay_ms) << 16 | (uint32_t)(period_ms))

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
