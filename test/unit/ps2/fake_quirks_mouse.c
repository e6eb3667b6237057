/* SPDX-License-Identifier: BSD-2-Clause */
/* Mice of fake_quirks.h. Numbers are the protocol's: FA acknowledges, FE asks for the byte
 * again, FF resets, F4 enables, F2 asks who it is, E8 sets the resolution. */
#include "fake_quirks.h"

#include "abi/protocol/input.h"

#define KBD    FAKE_KEYBOARD
#define MOUSE  FAKE_MOUSE
#define CHIP   FAKE_CONTROLLER
#define ALWAYS 0

static const fake_quirk_t rows[] = {
    {
	.name = "no mouse, and the keyboard must not wait for it",
	.reported = "skiselev/8088_bios#63 (20 s)",
	.no_mouse_at_start = true,
	.mouse_gone = true,
    },
    {
	.name = "a mouse is plugged in while running",
	.reported = "tmk/tmk_keyboard#718",
	.no_mouse_at_start = true,
	.happenings = {{5000, FAKE_PLUGS, MOUSE}},
	.within_ms = 9000,
    },
    {
	.name = "a mouse is plugged in, and the wire damages its report",
	.reported =
	    "qmk/qmk_firmware#18077; torvalds/linux psmouse-base.c, resync after silence",
	.happenings = {{2500, FAKE_UNPLUGS, MOUSE},
		       {4999, FAKE_PLUGS, MOUSE},
		       {5390, FAKE_DAMAGES, MOUSE, 0, {0x08, 0x80}}},
	.within_ms = 14000,
	.gaps = 1,
    },
    {
	.name = "a mouse is plugged in without a word",
	.reported = "torvalds/linux psmouse-base.c, resync after silence",
	.happenings = {{2500, FAKE_UNPLUGS, MOUSE},
		       {2501, FAKE_PLUGS, MOUSE},
		       {2520, FAKE_CONFIG, CHIP, 1, {0x67}},
		       {2900, FAKE_DEAFENS, MOUSE}},
	.within_ms = 64000,
	.gaps = 1,
    },
    {
	.name = "reporting is switched off behind the driver",
	.reported = "torvalds/linux psmouse-base.c, resync after silence",
	.happenings = {{2500, FAKE_DEAFENS, MOUSE}},
	.within_ms = 65000,
	.gaps = 1,
    },
    {
	.name = "a mouse is plugged in behind a stray byte",
	.reported = "qmk/qmk_firmware#18077",
	.happenings = {{2500, FAKE_UNPLUGS, MOUSE},
		       {2501, FAKE_PLUGS, MOUSE},
		       {2700, FAKE_SENDS, MOUSE, 1, {0x08}}},
	.within_ms = 12000,
	.gaps = 1,
    },
    {
	.name = "a mouse is plugged in behind a stray byte, which makes a packet of its report",
	.reported = "qmk/qmk_firmware#18077",
	.faults = {.mouse_ids = FAKE_PLAIN},
	.happenings = {{2500, FAKE_UNPLUGS, MOUSE},
		       {2501, FAKE_PLUGS, MOUSE},
		       {2700, FAKE_SENDS, MOUSE, 1, {0x08}}},
	.within_ms = 12000,
	.gaps = 1,
    },
    {
	.name = "the mouse's port is off while it is looked for",
	.reported = "theseus-os/Theseus#373 (VirtualBox)",
	.happenings = {{200, FAKE_CONFIG, CHIP, 1, {0x67}}},
	.within_ms = 20000,
    },
    {
	.name = "a mouse does not say what it is set to",
	.reported = "[AUX] Status request, refused",
	.rules = {{MOUSE, 0xe9, 0, ALWAYS, FAKE_REFUSES, 0, 1, {0xfe}}},
	.sends = {{MOUSE, 0xe9, 1}, {MOUSE, 0xff, 1}},
	.within_ms = 65000,
    },
    {
	.name = "a mouse without a wheel",
	.reported = "CosmosOS/Cosmos#1837",
	.faults = {.mouse_ids = FAKE_PLAIN},
    },
    {
	.name = "a mouse with a wheel stays one at the second knock",
	.reported = "tmk/tmk_keyboard#716",
	.faults = {.mouse_ids = 3},
    },
    {
	.name = "an Explorer's wheel has four bits",
	.reported = "SerenityOS/serenity#3289",
	.is = &fake_emulator,
    },
    {
	.name = "reporting is enabled and not acknowledged",
	.reported = "jtsiomb/sgikbd#3 (Logitech M-S69)",
	.rules = {{MOUSE, 0xf4, 0, ALWAYS, FAKE_INSTEAD}},
	.sends = {{MOUSE, 0xf4, 3}},
	.within_ms = 8000,
    },
    {
	.name = "who it is comes without an ACK",
	.reported = "getis/Arduino-PS2-Mouse-Handler#5",
	.rules = {{MOUSE, 0xf2, 0, 1, FAKE_INSTEAD, 0, 1, {0x00}}},
	.within_ms = 8000,
    },
    {
	.name = "the mouse's reset is stuck",
	.reported = "necroware/ps2-serial-mouse-adapter#4",
	.rules = {{MOUSE, 0xff, 0, ALWAYS, FAKE_GONE, 0, 1, {0xfa}}},
	.sends = {{MOUSE, 0xff, 4}},
	.within_ms = 15000,
	.mouse_gone = true,
    },
    {
	.name = "the mouse fails its self-test",
	.reported = "[AUX] Reset, FC 00",
	.rules = {{MOUSE, 0xff, 0, 1, FAKE_INSTEAD, 0, 3, {0xfa, 0xfc, 0x00}}},
	.sends = {{MOUSE, 0xff, 2}},
	.within_ms = 8000,
    },
    {
	.name = "a packet stands before the reset's ACK",
	.reported = "bochs-emu/Bochs#154 (38 in place of an ACK)",
	.rules = {{MOUSE, 0xff, 0, 1, FAKE_BEFORE, 0, 3, {0x38, 0xff, 0xff}}},
	.within_ms = 8000,
    },
    {
	.name = "the mouse moves while it is set up",
	.reported = "LemonOSProject/LemonOS#41",
	.moves = true,
    },
    {
	.name = "the mouse moves while it is set up, in the emulator",
	.reported = "LemonOSProject/LemonOS#41, SerenityOS/serenity#6608",
	.is = &fake_emulator,
	.moves = true,
	.within_ms = 8000,
    },
    {
	.name = "a packet lacks a byte",
	.reported = "kmu-embedded/k-hypervisor#41, qmk/qmk_firmware#18077",
	.happenings = {{2500, FAKE_SENDS, MOUSE, 3, {0x08, 0x01, 0x00}}},
	.within_ms = 4000,
	.gaps = 1,
    },
    {
	.name = "bytes of packets are damaged on the wire",
	.reported = "qmk/qmk_firmware#18077",
	.happenings = {{2500, FAKE_DAMAGES, MOUSE, 0, {0x09, 0x80}},
		       {2600, FAKE_SENDS, MOUSE, 3, {0x01, 0x00, 0x00}}},
	.within_ms = 6000,
	.gaps = 1,
    },
    {
	.name = "a packet that overflowed says nothing of motion",
	.reported = "nyxos-dev/nyx-os#45",
	.happenings = {{2500, FAKE_SENDS, MOUSE, 4, {0xf9, 0x10, 0x20, 0x00}},
		       {2600, FAKE_SENDS, MOUSE, 4, {0x08, 0x00, 0x00, 0x00}}},
	.events = {{BTN_LEFT, 1}, {BTN_LEFT, 0}},
    },
    {
	.name = "a switch between machines breaks packets",
	.reported = "freebsd/freebsd-src de75fd6d2b, Belkin switch",
	.happenings = {{2500, FAKE_SENDS, MOUSE, 5, {0x00, 0x00, 0x00, 0x00, 0x00}},
		       {2600, FAKE_SENDS, MOUSE, 6, {0x00, 0x00, 0x01, 0x00, 0x00, 0x00}}},
	.sends = {{MOUSE, 0xf5, 1}},
	.within_ms = 8000,
	.gaps = 1,
    },
    {
	.name = "a key stands inside a packet",
	.reported = "SerenityOS/serenity#956, #8390, #10846, jezze/fudge#72",
	.happenings = {{2500, FAKE_SENDS, MOUSE, 2, {0x09, 0x01}},
		       {2510, FAKE_SENDS, KBD, 3, {0x1c, 0xf0, 0x1c}},
		       {2520, FAKE_SENDS, MOUSE, 2, {0x01, 0x00}},
		       {2530, FAKE_SENDS, MOUSE, 4, {0x08, 0x00, 0x00, 0x00}}},
	.events = {{KEY_A, 1}, {KEY_A, 0}, {BTN_LEFT, 1}, {BTN_LEFT, 0}},
    },
    {
	.name = "the resolution is refused",
	.reported = "zephyrproject-rtos/zephyr#28149",
	.rules = {{MOUSE, 0xe8, 0, ALWAYS, FAKE_REFUSES, 0, 1, {0xfe}}},
	.sends = {{MOUSE, 0xe8, 3}},
	.within_ms = 8000,
    },
    {
	.name = "the mouse answers FE to all but a reset",
	.reported = "[AUX] Resend",
	.rules = {{MOUSE, 0xff, 0, ALWAYS, FAKE_BEFORE},
		  {MOUSE, FAKE_ANY, 0, ALWAYS, FAKE_REFUSES, 0, 1, {0xfe}}},
	.within_ms = 15000,
	.mouse_gone = true,
    },
};

const quirk_table_t quirks_mouse = {"mouse", rows, sizeof(rows) / sizeof(rows[0])};
