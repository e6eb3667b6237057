/* SPDX-License-Identifier: BSD-2-Clause */
/* From keys to characters (US layout) and names. Pure: knows no driver and no device. */
#ifndef CAP_KEYMAP_H
#define CAP_KEYMAP_H

#include "abi/protocol/input.h"

/* The character that `code` types under `modifiers` (INPUT_…): printable ASCII, or '\n' for
 * Enter, '\t' for Tab, '\b' for Backspace. '\0' if it types nothing: other keys, any key
 * under Ctrl, Alt, AltGr or Meta, and the keypad's digits unless Num Lock is on and Shift
 * is not held. */
char key_char(uint16_t code, uint8_t modifiers);

/* The evdev name of `code`, in lower case without KEY_: "a", "leftshift". "unknown" if it
 * has none. Never null. */
const char *key_name(uint16_t code);

#endif
