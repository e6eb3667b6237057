/* SPDX-License-Identifier: BSD-2-Clause */
/* Keyboards of fake_quirks.h. Numbers are the protocol's: FA acknowledges, FE asks for the byte
 * again, AA passes and FC fails a self-test, FF resets, F5 and F4 disable and enable, F2 asks
 * who it is, ED sets lamps, F3 rates. */
#include "fake_quirks.h"

#include "abi/driver_errno.h"
#include "abi/protocol/input.h"

#define KBD    FAKE_KEYBOARD
#define ALWAYS 0
#define MS(n)  ((n)*FAKE_MS)

static const fake_quirk_t rows[] = {
    {
	.name = "F5 kills the keyboard until a reset",
	.reported = "torvalds/linux drivers/input/keyboard/atkbd.c, skips F5 (LG, HONOR)",
	.rules = {{KBD, 0xf5, 0, ALWAYS, FAKE_DIES, 0, 1, {0xfa}}},
	.sends = {{KBD, 0xf5, 1}, {KBD, 0xff, 2}},
	.within_ms = 8000,
    },
    {
	.name = "F5 is refused",
	.reported = "linux-kernel, 14 July 2002, keyboard of 2.5.25",
	.rules = {{KBD, 0xf5, 0, ALWAYS, FAKE_REFUSES, 0, 1, {0xfe}}},
	.sends = {{KBD, 0xf5, 3}},
	.within_ms = 8000,
    },
    {
	.name = "no keyboard; FE with a status bit in its place",
	.reported = "linux-kernel, 12 February 2004, messages with missing keyboard",
	.no_keyboard_at_start = true,
	.keyboard_gone = true,
    },
    {
	.name = "no keyboard at boot, one ten seconds later",
	.reported = "artemisamsx/artemisa#126",
	.no_keyboard_at_start = true,
	.happenings = {{10000, FAKE_PLUGS, KBD}},
	.within_ms = 13000,
	.sends = {{KBD, 0xff, 4}},
    },
    {
	.name = "a reset is answered by AA alone",
	.reported = "linuxboot/heads#958, tianocore/edk2#450",
	.rules = {{KBD, 0xff, 0, ALWAYS, FAKE_INSTEAD, MS(300), 1, {0xaa}}},
	.sends = {{KBD, 0xff, 1}},
    },
    {
	.name = "the self-test takes 2.4 s",
	.reported = "theseus-os/Theseus#1079 (OptiPlex 9020), #834 (VirtualBox)",
	.keyboard_test_ms = 2400,
	.within_ms = 4000,
	.sends = {{KBD, 0xff, 1}},
    },
    {
	.name = "the self-test takes almost 4 s",
	.reported = "asterinas/asterinas#2646 (ThinkPad); torvalds/linux libps2.c waits 4 s",
	.keyboard_test_ms = 3900,
	.within_ms = 6000,
	.sends = {{KBD, 0xff, 1}},
    },
    {
	.name = "a reset is acknowledged and its test never reported",
	.reported = "nealcrook/nascom#7",
	.rules = {{KBD, 0xff, 0, ALWAYS, FAKE_INSTEAD, 0, 1, {0xfa}}},
	.within_ms = 20000,
	.sends = {{KBD, 0xff, 3}},
    },
    {
	.name = "the keyboard fails its self-test twice",
	.reported = "[KBD] BAT failure code",
	.rules = {{KBD, 0xff, 0, 2, FAKE_INSTEAD, 0, 2, {0xfa, 0xfc}}},
	.within_ms = 8000,
	.sends = {{KBD, 0xff, 3}},
    },
    {
	.name = "the keyboard always fails its self-test",
	.reported = "[KBD] BAT failure code",
	.rules = {{KBD, 0xff, 0, ALWAYS, FAKE_INSTEAD, 0, 2, {0xfa, 0xfc}}},
	.within_ms = 2000,
	.sends = {{KBD, 0xff, 3}},
	.health = DRV_EIO,
    },
    {
	.name = "the keyboard tests itself unasked and answers nobody meanwhile",
	.reported = "linuxboot/heads#698",
	.keyboard_test_ms = 1500,
	.happenings = {{0, FAKE_PLUGS, KBD}},
	.within_ms = 8000,
    },
    {
	.name = "AA comes again and again",
	.reported = "techpaul/PS2KeyAdvanced#17, jfoucher/picovic#8",
	.happenings = {{3000, FAKE_SENDS, KBD, 1, {0xaa}},
		       {4000, FAKE_SENDS, KBD, 1, {0xaa}},
		       {5000, FAKE_SENDS, KBD, 1, {0xaa}},
		       {6000, FAKE_SENDS, KBD, 1, {0xaa}},
		       {7000, FAKE_SENDS, KBD, 1, {0xaa}},
		       {8000, FAKE_SENDS, KBD, 1, {0xaa}}},
	.within_ms = 14000,
	.sends = {{KBD, 0xff, 5}},
	.gaps = 1,
    },
    {
	.name = "AA comes damaged",
	.reported = "techpaul/PS2KeyAdvanced#16",
	.happenings = {{2500, FAKE_DAMAGES, KBD, 0, {0xaa, 0x80}}},
	.within_ms = 6000,
	.gaps = 1,
    },
    {
	.name = "F4 works and is never acknowledged",
	.reported = "intel/ecfw-zephyr#95 (ACK lost as the port is enabled)",
	.rules = {{KBD, 0xf4, 0, ALWAYS, FAKE_INSTEAD}},
	.within_ms = 8000,
    },
    {
	.name = "who it is goes unanswered behind the ACK",
	.reported = "IBM PC AT Technical Reference, Keyboard; linuxboot/heads#1525",
	.rules = {{KBD, 0xf2, 0, ALWAYS, FAKE_INSTEAD, 0, 1, {0xfa}}},
	.sends = {{KBD, 0xf2, 1}},
	.within_ms = 8000,
    },
    {
	.name = "it takes lamps but not the question who it is",
	.reported = "torvalds/linux drivers/input/keyboard/atkbd.c, probe",
	.rules = {{KBD, 0xf2, 0, ALWAYS, FAKE_REFUSES}},
	.sends = {{KBD, 0xf2, 3}},
	.within_ms = 8000,
    },
    {
	.name = "the question who it is is refused",
	.reported = "linux-kernel, 14 July 2002, keyboard of 2.5.25",
	.rules = {{KBD, 0xf2, 0, ALWAYS, FAKE_REFUSES, 0, 1, {0xfe}}},
	.sends = {{KBD, 0xf2, 3}},
	.within_ms = 8000,
    },
    {
	.name = "a terminal's keyboard with an id of its own",
	.reported = "torvalds/linux drivers/input/keyboard/atkbd.c, ids AC, 2B, 5D, 60, 47",
	.faults = {.id_count = 2, .ids = {0xac, 0x83}},
    },
    {
	.name = "the reset's ACK takes 400 ms",
	.reported = "genodelabs/genode#3442",
	.rules = {{KBD, 0xff, 0, ALWAYS, FAKE_INSTEAD, MS(400), 2, {0xfa, 0xaa}}},
	.sends = {{KBD, 0xff, 1}},
    },
    {
	.name = "an id that nobody knows",
	.reported = "copy/v86#1018",
	.faults = {.id_count = 2, .ids = {0xab, 0x53}},
    },
    {
	.name = "a byte to the keyboard is never taken",
	.reported = "X16Community/x16-smc#51",
	.no_keyboard_at_start = true,
	.faults = {.stuck_ms = 250},
	.keyboard_gone = true,
	.within_ms = 8000,
    },
    {
	.name = "an id of one byte",
	.reported = "[KBD] Read ID, its second byte lost",
	.faults = {.id_count = 1, .ids = {0xab}},
    },
    {
	.name = "lamps are never acknowledged",
	.reported = "marmolak/gray386linux#4 (Pocket386)",
	.rules = {{KBD, 0xed, 0, ALWAYS, FAKE_REFUSES}},
	.happenings = {{2500, FAKE_SENDS, KBD, 3, {0x58, 0xf0, 0x58}}},
	.sends = {{KBD, 0xed, 3}},
	.events = {{KEY_CAPSLOCK, 1}, {KEY_CAPSLOCK, 0}},
	.within_ms = 8000,
    },
    {
	.name = "the lamps' parameter is refused",
	.reported = "techpaul/PS2KeyAdvanced#29, #39",
	.rules = {{KBD, FAKE_PARAMETER(0xed), 0, ALWAYS, FAKE_REFUSES, 0, 1, {0xfe}}},
	.happenings = {{2500, FAKE_SENDS, KBD, 3, {0x58, 0xf0, 0x58}}},
	.sends = {{KBD, 0xed, 3}},
	.events = {{KEY_CAPSLOCK, 1}, {KEY_CAPSLOCK, 0}},
	.within_ms = 8000,
    },
    {
	.name = "typematic is refused",
	.reported = "torvalds/linux drivers/input/keyboard/atkbd.c, software repeat",
	.rules = {{KBD, 0xf3, 0, ALWAYS, FAKE_REFUSES, 0, 1, {0xfe}}},
	.asks_repeat = true,
	.sends = {{KBD, 0xf3, 3}},
	.within_ms = 8000,
    },
    {
	.name = "F4 is asked for again twice",
	.reported = "[KBD] Resend",
	.rules = {{KBD, 0xf4, 0, 2, FAKE_REFUSES, 0, 1, {0xfe}}},
	.sends = {{KBD, 0xf4, 3}},
    },
    {
	.name = "each ACK takes almost 200 ms",
	.reported = "flower-os/flower#27",
	.ack_ms = 190,
	.within_ms = 5000,
	.sends = {{KBD, 0xff, 1}, {KBD, 0xf4, 1}},
    },
    {
	.name = "commands are acknowledged once more than they should",
	.reported = "joncampbell123/dosbox-x#161",
	.rules = {{KBD, FAKE_ANY, 0, ALWAYS, FAKE_AFTER, 0, 1, {0xfa}}},
	.within_ms = 8000,
    },
    {
	.name = "an ACK of nothing comes from the keyboard",
	.reported = "ghaerr/elks#910, theseus-os/Theseus#667",
	.happenings = {{2500, FAKE_SENDS, KBD, 2, {0xfa, 0xfe}}},
    },
    {
	.name = "an ACK stands inside a code",
	.reported = "theseus-os/Theseus#667; QEMU's answers overtake codes",
	.happenings = {{2500, FAKE_SENDS, KBD, 6, {0xe0, 0xfa, 0x75, 0xe0, 0xf0, 0x75}}},
	.events = {{KEY_UP, 1}, {KEY_UP, 0}},
    },
    {
	.name = "the prefix of a release is lost",
	.reported = "systemd/systemd#9635",
	.happenings = {{2500, FAKE_SENDS, KBD, 4, {0xe0, 0x75, 0xf0, 0x75}}},
	.events = {{KEY_UP, 1}, {KEY_UP, 0}},
    },
    {
	.name = "the right shift is faked away, too",
	.reported = "genodelabs/genode#2888 (ThinkPad X250)",
	.happenings = {{2500, FAKE_SENDS, KBD, 6, {0x59, 0xe0, 0xf0, 0x59, 0xe0, 0x7d}},
		       {2550, FAKE_SENDS, KBD, 6, {0xe0, 0xf0, 0x7d, 0xe0, 0x59, 0xf0}},
		       {2580, FAKE_SENDS, KBD, 1, {0x59}}},
	.events = {{KEY_RIGHTSHIFT, 1}, {KEY_PAGEUP, 1}, {KEY_PAGEUP, 0}, {KEY_RIGHTSHIFT, 0}},
    },
    {
	.name = "keys without a release",
	.reported = "torvalds/linux drivers/input/keyboard/atkbd.c, Hanja and Hangeul",
	.happenings = {{2500, FAKE_SENDS, KBD, 2, {0xf1, 0xf2}}},
	.events = {{KEY_HANJA, 1}, {KEY_HANJA, 0}, {KEY_HANGEUL, 1}, {KEY_HANGEUL, 0}},
    },
    {
	.name = "too many keys at once",
	.reported = "torvalds/linux drivers/input/keyboard/atkbd.c, count of errors",
	.happenings = {{2500, FAKE_SENDS, KBD, 2, {0x1c, 0x00}}},
	.events = {{KEY_A, 1}, {KEY_A, 0}},
	.gaps = 1,
    },
    {
	.name = "scanning is switched off behind the driver",
	.reported = "acidanthera/bugtracker#965, Dasharo/dasharo-issues#418",
	.happenings = {{2500, FAKE_DEAFENS, KBD}},
	.within_ms = 64000,
    },
    {
	.name = "keys are typed while all is set up",
	.reported = "SerenityOS/serenity#10872",
	.types = true,
    },
    {
	.name = "keys are typed while all is set up, in the emulator",
	.reported = "LemonOSProject/LemonOS#41, SerenityOS/serenity#10872",
	.is = &fake_emulator,
	.types = true,
    },
    {
	.name = "lamps are refused with FC, which is also a failed self-test",
	.reported = "torvalds/linux drivers/input/serio/libps2.c, what is no ACK",
	.rules = {{KBD, 0xed, 0, ALWAYS, FAKE_REFUSES, 0, 1, {0xfc}}},
	.happenings = {{2500, FAKE_SENDS, KBD, 3, {0x58, 0xf0, 0x58}}},
	.within_ms = 60000,
	.sends = {{KBD, 0xff, 1}, {KBD, 0xed, 3}},
	.events = {{KEY_CAPSLOCK, 1}, {KEY_CAPSLOCK, 0}},
    },
};

const quirk_table_t quirks_keyboard = {"keyboard", rows, sizeof(rows) / sizeof(rows[0])};
