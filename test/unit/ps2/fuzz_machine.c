/* SPDX-License-Identifier: BSD-2-Clause */
/* The second target of fuzz.h. Input: one byte for the machine, then pairs of what happens and
 * an argument, of which a rule takes more. At the end all that is wrong is mended, but for what
 * the driver has to notice itself, and some time later trial input must come out. */
#include "fuzz.h"

#include <string.h>

#include "ps2_bench.h"

#define SCRIPT_MOST 256u   /* pairs; more are not looked at */
#define HEAL_MS	    70000u /* all set-ups that may be due, and looks after silence */
#define TRIAL_MS    100u
#define HAND_MS	    3000u /* it takes a hand to plug something in */
#define PASS_LONG   20u
#define TRIAL_KEY   KEY_F9 /* not among `keys` */

static const uint16_t keys[] = {KEY_A,		KEY_B,	      KEY_1,	    KEY_LEFTSHIFT,
				KEY_RIGHTSHIFT, KEY_LEFTCTRL, KEY_RIGHTALT, KEY_CAPSLOCK,
				KEY_HOME,	KEY_UP,	      KEY_PAUSE,    KEY_SYSRQ,
				KEY_KPENTER,	KEY_NUMLOCK,  KEY_DELETE,   KEY_LEFTMETA};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

static bool failed; /* the driver gave up: its manager starts another one */
static bool ruled[FAKE_TARGETS];
static bool garbled;			  /* bytes came that no key stands behind */
static bool forged;			  /* among them such as may be taken for an answer */
static unsigned damages, switches, plugs; /* of bytes, of the configuration, of devices */

static void start(void)
{
	err_t err = bench_operate(PS2_EV_START);
	FUZZ_CHECK(err != NOT_DONE, "an operation ends");
	failed = err != DRV_OK;
	bench.running = !failed;
}

static void live(uint32_t ms)
{
	if (failed)
		pc_pass(&bench.pc, ms * (uint64_t)FAKE_MS);
	else
		bench_pass(ms);
	failed |= bench_failed();
	if (!failed)
		bench_read();
}

static void die(bool kept)
{
	if (!kept)
		memset(bench.ps2.turn.page, 0, PAGE_SIZE);
	bench_process();
	start();
}

static void stop_and_start(ps2_event_type_t how)
{
	FUZZ_CHECK(bench_operate(how) != NOT_DONE, "an operation ends");
	if (how == PS2_EV_STOP)
		bench_process();
	start();
}

static void add_rule(const uint8_t bytes[5])
{
	fake_target_t target = bytes[0] % FAKE_TARGETS;
	static const uint8_t often[] = {0xff, 0xf4, 0xf2, 0xed, 0xee, 0xf3, 0xf5, 0xaa, 0x20};
	fake_rule_t rule = {.target = target,
			    .on = often[bytes[1] % sizeof(often)],
			    .times = bytes[1] >> 6,
			    .then = bytes[2] % (FAKE_GONE + 1),
			    .late_us = (bytes[2] >> 4) * 50u * FAKE_MS,
			    .count = bytes[0] >> 6,
			    .bytes = {bytes[3], bytes[4], bytes[3]}};
	ruled[target] = true;
	for (unsigned i = FAKE_RULES - 1; i > 0; i--)
		bench.pc.rules[i] = bench.pc.rules[i - 1];
	bench.pc.rules[0] = rule;
}

static void send_raw(fake_target_t port, uint8_t byte)
{
	fake_happening_t *slot = &bench.pc.happenings[0];
	garbled = forged = true;
	*slot = (fake_happening_t){
	    (uint32_t)(bench.pc.now_us / FAKE_MS), FAKE_SENDS, port, 1, {byte}};
	bench.pc.happened &= ~1u;
	live(1);
}

static void happen(fake_what_t what, fake_target_t port, uint8_t first, uint8_t second)
{
	bench.pc.happenings[1] = (fake_happening_t){
	    (uint32_t)(bench.pc.now_us / FAKE_MS), what, port, 1, {first, second}};
	bench.pc.happened &= ~2u;
	live(1);
}

static void upset(uint8_t how)
{
	fake_faults_t *faults = &bench.pc.faults;
	faults->no_irq ^= how & 1;
	faults->config_lost = how >> 1 & 3;
	faults->test_sets ^= how >> 3 & 1;
	faults->test_config = how;
	faults->endless ^= how >> 4 & 1;
	faults->endless_byte = how;
	faults->never_ready ^= how >> 5 & 1;
	faults->overtakes ^= how >> 6 & 1;
	faults->absent ^= how == 0xff;
	forged |= faults->endless | faults->overtakes;
	garbled |= forged;
}

/* What may happen; the number is the input's. */
enum what {
	PRESS,
	RELEASE,
	MOVE,
	BUTTONS,
	PASS,
	PASS_LONGER,
	SEND_KEYBOARD,
	SEND_MOUSE,
	DAMAGE,
	CONFIGURE,
	UNPLUG,
	PLUG,
	RULE,
	UPSET,
	DIE,
	DIE_FORGETTING,
	STOP,
	QUIESCE,
	LEDS,
	REPEAT,
	DEAFEN,
	SPURIOUS,
	WHATS,
};

/* The driver itself: deaths, stops, wishes. */
static void command(enum what what, uint8_t argument)
{
	if (what == DIE || what == DIE_FORGETTING)
		die(what == DIE);
	else if (what == STOP || what == QUIESCE)
		stop_and_start(what == STOP ? PS2_EV_STOP : PS2_EV_QUIESCE);
	else if (what == LEDS)
		keyboard_set_leds(&bench.ps2.turn, argument & INPUT_LOCKS);
	else
		keyboard_set_repeat(&bench.ps2.turn, argument * 4u + 1, argument + 1u);
}

static void machine(enum what what, uint8_t argument)
{
	fake_target_t port = argument & 1 ? FAKE_MOUSE : FAKE_KEYBOARD;
	if (what == DAMAGE || what == CONFIGURE)
		garbled = true;
	damages += what == DAMAGE;
	switches += what == CONFIGURE;
	plugs += what == PLUG;
	switch (what) {
	case SEND_KEYBOARD:
	case SEND_MOUSE:
		send_raw(what == SEND_MOUSE ? FAKE_MOUSE : FAKE_KEYBOARD, argument);
		break;
	case DAMAGE:
		happen(FAKE_DAMAGES, port, argument, argument & 2 ? 0x80 : 0x40);
		break;
	case CONFIGURE:
		happen(FAKE_CONFIG, FAKE_CONTROLLER, argument & 0x77, 0);
		break;
	case UNPLUG:
		pc_unplug(&bench.pc, port);
		break;
	case PLUG:
		live(HAND_MS);
		pc_plug(&bench.pc, port);
		break;
	case UPSET:
		upset(argument);
		break;
	case DEAFEN:
		garbled = true;
		happen(FAKE_DEAFENS, port, 0, 0);
		break;
	default:
		happen(FAKE_SPURIOUS, port, 0, 0);
		break;
	}
}

static void hand(enum what what, uint8_t argument)
{
	if (what == PRESS || what == RELEASE)
		pc_key(&bench.pc, keys[argument % KEYS], what == PRESS);
	else if (what == MOVE)
		pc_move(&bench.pc, (int8_t)argument, argument % 7 - 3, argument % 5 - 2, 0);
	else if (what == BUTTONS)
		pc_buttons(&bench.pc, argument & 0x1f);
	else
		live(what == PASS ? argument : argument * PASS_LONG);
}

static void check(void)
{
	FUZZ_CHECK(bench.pc.dangerous == 0, "no dangerous command is written");
	if (failed)
		return;
	bench_read();
	const ps2_state_t *state = turn_state(&bench.ps2.turn);
	FUZZ_CHECK(!memcmp(bench.held.keys, state->held, sizeof(bench.held.keys)),
		   "a reader believes in the keys that are held");
	FUZZ_CHECK(bench.held.buttons == state->buttons,
		   "a reader believes in the buttons that are held");
}

static void heal(void)
{
	bench.pc.faults = (fake_faults_t){0};
	memset(bench.pc.rules, 0, sizeof(bench.pc.rules));
	if (failed)
		die(true);
	FUZZ_CHECK(!failed, "a sane machine is set up");
	live(HAND_MS);
	for (unsigned port = 0; port < FAKE_PORTS; port++) {
		const fake_device_t *device = &bench.pc.devices[port];
		if (ruled[port] || !device->plugged || device->dead || device->gone)
			pc_plug(&bench.pc, port);
	}
	live(HEAL_MS);
	for (unsigned i = 0; i < KEYS; i++)
		pc_key(&bench.pc, keys[i], false);
	pc_buttons(&bench.pc, 0);
	live(HEAL_MS);
	check();
}

/* Lamps are as asked for, or the locks that are on. */
static void try_settings(void)
{
	const ps2_state_t *state = turn_state(&bench.ps2.turn);
	uint32_t lit = state->leds == INPUT_LEDS_FOLLOW ? state->locks : state->leds;
	uint8_t leds = (uint8_t)((lit & INPUT_SCROLLLOCK ? KBD_LED_SCROLL : 0) |
				 (lit & INPUT_NUMLOCK ? KBD_LED_NUM : 0) |
				 (lit & INPUT_CAPSLOCK ? KBD_LED_CAPS : 0));
	FUZZ_CHECK(bench.pc.keys.leds == leds, "the lamps are as asked for");
	FUZZ_CHECK(bench.pc.keys.typematic == state->repeat, "the rate is as asked for");
}

static void try_all(bool mouse)
{
	static const uint8_t nothing[sizeof(bench.held.keys)];
	unsigned from = bench.count = bench.shown = 0;
	if (!garbled)
		FUZZ_CHECK(!memcmp(bench.held.keys, nothing, sizeof(nothing)),
			   "no key stays stuck");
	pc_key(&bench.pc, TRIAL_KEY, true);
	live(TRIAL_MS);
	FUZZ_CHECK(bench.held.keys[TRIAL_KEY / 8] >> TRIAL_KEY % 8 & 1, "a key goes down");
	pc_key(&bench.pc, TRIAL_KEY, false);
	live(TRIAL_MS);
	FUZZ_CHECK(!(bench.held.keys[TRIAL_KEY / 8] >> TRIAL_KEY % 8 & 1), "and up");
	pc_move(&bench.pc, 7, 0, 0, 0);
	live(TRIAL_MS);
	FUZZ_CHECK(!mouse || bench_motion(from, REL_X) == 7, "the mouse moves");
	/* A keyboard whose answers fail as often as it is asked refuses, as far as the driver
	 * can tell; so does one that is switched off again while it is told once more. One that
	 * is plugged in while its port is off comes unseen, and has forgotten all. */
	if (!forged && damages < PORT_TRIES && switches < (plugs ? 1 : 2))
		try_settings();
	check();
}

void fuzz_machine(const uint8_t *data, size_t size)
{
	if (!size)
		return;
	bench_fresh(data[0] & 1 ? &fake_emulator : &fake_8042);
	bench.mouse_given = !(data[0] & 2);
	failed = garbled = forged = false;
	damages = switches = plugs = 0;
	memset(ruled, 0, sizeof(ruled));
	bench_process();
	start();
	for (size_t i = 1; i + 1 < size && i < 2 * SCRIPT_MOST; i += 2) {
		enum what what = data[i] % WHATS;
		if (what == RULE && i + 6 < size) {
			add_rule(data + i + 1);
			i += 4;
		} else if (what <= PASS_LONGER) {
			hand(what, data[i + 1]);
		} else if (what >= DIE && what <= REPEAT) {
			if (!failed || what <= DIE_FORGETTING)
				command(what, data[i + 1]);
		} else if (what != RULE) {
			machine(what, data[i + 1]);
		}
		check();
	}
	heal();
	try_all(!(data[0] & 2));
}
