/* SPDX-License-Identifier: BSD-2-Clause */
/* Controllers of fake_quirks.h. Numbers are commands: AA is the self-test, 20 and 60 read and
 * write the configuration, AB and A9 test the ports, D3 sends a byte round the second one. */
#include "fake_quirks.h"

#include "abi/driver_errno.h"

#define KBD    FAKE_KEYBOARD
#define MOUSE  FAKE_MOUSE
#define CHIP   FAKE_CONTROLLER
#define ALWAYS 0

static const fake_quirk_t rows[] = {
    {
	.name = "no controller: both ports read all ones",
	.reported = "SerenityOS/serenity#12411, ReturnInfinity/BareMetal-OS#143",
	.faults = {.absent = true},
	.probe = DRV_ENODEV,
	.sends = {{CHIP, 0x20, QUIRK_NEVER}, {CHIP, 0xaa, QUIRK_NEVER}},
    },
    {
	.name = "a byte waits for ever, all ones",
	.reported = "KernelTestFramework/ktf#146; torvalds/linux i8042.c, bound of the flush",
	.faults = {.endless = true, .endless_byte = 0xff},
	.probe = DRV_ENODEV,
    },
    {
	.name = "the input buffer never empties",
	.reported = "aros-development-team/AROS#150",
	.faults = {.never_ready = true},
	.init = DRV_ETIMEDOUT,
	.sends = {{CHIP, 0x20, QUIRK_NEVER}},
    },
    {
	.name = "the controller takes commands and answers none",
	.reported = "ghaerr/elks#2694",
	.rules = {{CHIP, 0x20, 0, ALWAYS, FAKE_REFUSES}, {CHIP, 0xaa, 0, ALWAYS, FAKE_REFUSES}},
	.init = DRV_ETIMEDOUT,
	.sends = {{CHIP, 0x20, 3}},
    },
    {
	.name = "the self-test writes another configuration",
	.reported = "SerenityOS/serenity#12660",
	.faults = {.test_sets = true, .test_config = 0x30},
	.sends = {{CHIP, 0xaa, 1}},
    },
    {
	.name = "the self-test switches translation off",
	.reported = "genodelabs/genode#1260 (ThinkPad T430s)",
	.faults = {.test_sets = true, .test_config = 0x07},
	.sends = {{CHIP, 0xaa, 1}},
    },
    {
	.name = "the self-test fails twice, then passes",
	.reported = "SerenityOS/serenity#12660; torvalds/linux i8042.c tries five times",
	.rules = {{CHIP, 0xaa, 0, 2, FAKE_INSTEAD, 0, 1, {0xfc}}},
	.sends = {{CHIP, 0xaa, 3}},
    },
    {
	.name = "the self-test never passes",
	.reported = "asterinas/asterinas#3568",
	.rules = {{CHIP, 0xaa, 0, ALWAYS, FAKE_INSTEAD, 0, 1, {0xfc}}},
	.init = DRV_EIO,
	.sends = {{CHIP, 0xaa, 3}},
    },
    {
	.name = "tests of good ports report errors",
	.reported = "CosmosOS/Cosmos#1227 (50); torvalds/linux i8042.c (FA, FF)",
	.rules = {{CHIP, 0xab, 0, ALWAYS, FAKE_INSTEAD, 0, 1, {0x50}},
		  {CHIP, 0xa9, 0, ALWAYS, FAKE_INSTEAD, 0, 1, {0xff}}},
    },
    {
	.name = "what is sent round the second port does not come back",
	.reported = "torvalds/linux i8042-acpipnpio.h, no loop (ASUS P/I-P65UP5); SiS 5597",
	.faults = {.no_loop = true},
    },
    {
	.name = "a multiplexer of four ports",
	.reported = "torvalds/linux i8042-acpipnpio.h, no multiplexer (Fujitsu P7010)",
	.faults = {.multiplexer = 0x11},
    },
    {
	.name = "firmware left the multiplexer on",
	.reported = "[MUX] Active multiplexing, return to legacy mode",
	.faults = {.multiplexer = 0x11, .multiplexed = true},
    },
    {
	.name = "legacy emulation of USB looks like a multiplexer",
	.reported = "torvalds/linux drivers/input/serio/i8042.c, version AC",
	.faults = {.multiplexer = 0xac},
    },
    {
	.name = "a write of the configuration does not take",
	.reported = "shadokos/kfs#81",
	.faults = {.config_lost = 1},
    },
    {
	.name = "the last write of the configuration does not take",
	.reported = "theseus-os/Theseus#373",
	.happenings = {{1500, FAKE_CONFIG, CHIP, 1, {0x74}}},
	.within_ms = 6000,
    },
    {
	.name = "firmware left translation off",
	.reported = "SerenityOS/serenity#13691 (microvm)",
	.faults = {.test_sets = true, .test_config = 0x00},
    },
    {
	.name = "translation cannot be switched on",
	.reported = "asterinas/asterinas#3568",
	.faults = {.fixed = 0x40, .fixed_to = 0x00},
    },
    {
	.name = "translation cannot be switched off",
	.reported = "linuxboot/heads#698",
	.faults = {.fixed = 0x40, .fixed_to = 0x40},
    },
    {
	.name = "translation is lost while running",
	.reported = "linuxboot/heads#958 (raw after one boot, translated after another)",
	.happenings = {{2500, FAKE_CONFIG, CHIP, 1, {0x07}},
		       {2600, FAKE_SENDS, KBD, 3, {0xf0, 0x1c, 0x1c}}},
	.within_ms = 8000,
	.gaps = 1,
    },
    {
	.name = "interrupts are switched off behind the driver",
	.reported = "pop-os/system76-driver#175 (dead after a resume)",
	.happenings = {{2500, FAKE_CONFIG, CHIP, 1, {0x44}}},
	.within_ms = 8000,
    },
    {
	.name = "the keyboard's port is switched off behind the driver",
	.reported = "theseus-os/Theseus#373 (VirtualBox)",
	.happenings = {{2500, FAKE_CONFIG, CHIP, 1, {0x57}}},
	.within_ms = 8000,
    },
    {
	.name = "no interrupt ever comes",
	.reported = "torvalds/linux i8042.c, test of interrupt delivery",
	.faults = {.no_irq = true},
	.within_ms = 8000,
    },
    {
	.name = "interrupts end while running",
	.reported = "cl91/NeptuneOS#32",
	.happenings = {{2500, FAKE_QUIET}},
	.within_ms = 4000,
    },
    {
	.name = "interrupts without a byte",
	.reported = "nitros9project/nitros9#11",
	.happenings = {{1, FAKE_SPURIOUS, KBD},
		       {400, FAKE_SPURIOUS, MOUSE},
		       {2500, FAKE_SPURIOUS, KBD},
		       {2501, FAKE_SPURIOUS, MOUSE}},
    },
    {
	.name = "bytes wait before interrupts are enabled",
	.reported = "vlang/vinix#140, FlorenceOS/Florence#47",
	.happenings = {{0, FAKE_SENDS, KBD, 4, {0x1c, 0xf0, 0x1c, 0x29}}},
    },
    {
	.name = "there is no second port",
	.reported = "theseus-os/Theseus#1092; torvalds/linux i8042.c, AT controllers",
	.faults = {.no_aux = true},
	.mouse_gone = true,
    },
    {
	.name = "a byte to the empty port blocks the controller",
	.reported = "asterinas/asterinas#2646",
	.faults = {.stuck_ms = 250},
	.no_mouse_at_start = true,
	.mouse_gone = true,
    },
    {
	.name = "all bytes are marked as timed out",
	.reported = "torvalds/linux i8042-acpipnpio.h, no timeout (Dell Vostro V13)",
	.faults = {.marks_timeout = true},
    },
    {
	.name = "nobody reads the mouse, and the keyboard waits behind it",
	.reported = "akkartik/mu#52",
	.happenings = {{2500, FAKE_SENDS, MOUSE, 4, {0x08}}},
    },
};

const quirk_table_t quirks_controller = {"controller", rows, sizeof(rows) / sizeof(rows[0])};
