/* SPDX-License-Identifier: BSD-2-Clause */
/* The bench of ps2_bench.h. */
#include "ps2_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/fake/cut.h"

#define STEPS_MAX 1000000u /* without a wait: it would never end */
#define IDLE_MS	  60000u   /* no operation takes longer */

bench_t bench;

void bench_fresh(const fake_personality_t *is)
{
	uint8_t *page = cut_page();
	memset(page, 0, PAGE_SIZE);
	memset(&bench, 0, sizeof(bench));
	pc_init(&bench.pc, is);
	bench.mouse_given = true;
	bench.context.shared_cfg = (driver_address_t)(uintptr_t)page;
	bench.context.shared_cfg_size = PAGE_SIZE;
}

int bench_emulator(void **state)
{
	(void)state;
	bench_fresh(&fake_emulator);
	return 0;
}

int bench_real(void **state)
{
	(void)state;
	bench_fresh(&fake_8042);
	return 0;
}

static uint32_t now_ms(void)
{
	return (uint32_t)(bench.pc.now_us / FAKE_MS);
}

void bench_process(void)
{
	uint32_t before = bench.generation++;
	bench.running = bench.timer = false;
	bench.result = DRV_OK;
	ps2_init(&bench.ps2);
	bench.ps2.mouse_given = bench.mouse_given;
	assert_int_equal(ps2_open(&bench.ps2, &bench.context, before << 20, before > 0,
				  now_ms(), &bench.kept),
			 DRV_OK);
}

static void access_port(ps2_action_t action, ps2_event_t *event)
{
	ps2_page_t *page = bench.ps2.turn.page;
	cut_here();
	event->type = PS2_EV_WRITTEN;
	if (action.type == PS2_ACT_READ_STATUS) {
		event->type = PS2_EV_STATUS;
		event->byte = pc_status(&bench.pc);
	} else if (action.type == PS2_ACT_READ_DATA) {
		event->type = PS2_EV_DATA;
		event->byte = pc_data(&bench.pc);
		cut_hold(true); /* the kernel does it, at once */
		page->taken = (pio_kept_t){event->byte, page->taken.count + 1};
		cut_hold(false);
		if (bench.reads && --bench.reads == 0)
			bench.happens();
	} else if (action.type == PS2_ACT_WRITE_COMMAND) {
		pc_command(&bench.pc, action.byte);
	} else {
		pc_write(&bench.pc, action.byte);
	}
	event->now_ms = now_ms();
}

/* ---- what is true between two steps ---- */

static const input_event_t *event_at(const ps2_state_t *state, uint32_t number)
{
	uint32_t place = state->place + PS2_PLACES - (state->head - number);
	return &bench.ps2.turn.page->events[place % PS2_PLACES];
}

static void apply(const input_event_t *event, input_state_t *held)
{
	uint8_t *of = &held->buttons;
	unsigned bit = event->code - (unsigned)BTN_LEFT;
	if (event->type != INPUT_KEY)
		return;
	if (event->code < INPUT_KEYS_MAX) {
		of = &held->keys[event->code / 8];
		bit = event->code % 8;
	}
	*of = (uint8_t)(event->value == INPUT_UP ? *of & ~(1u << bit) : *of | 1u << bit);
}

/* PS4 to PS6, and no more events than there are places for. */
static void check_stream(const ps2_state_t *before, const ps2_state_t *state)
{
	input_state_t held = {.buttons = before->buttons};
	memcpy(held.keys, before->held, sizeof(held.keys));
	uint32_t more = state->head - before->head;
	assert_true(more <= PS2_STEP_EVENTS);
	assert_true(state->head - state->oldest <= INPUT_HELD);
	assert_int_equal(state->place, (before->place + more) % PS2_PLACES);
	for (uint32_t number = before->head; number != state->head; number++)
		apply(event_at(state, number), &held);
	assert_memory_equal(held.keys, state->held, sizeof(held.keys));
	assert_int_equal(held.buttons, state->buttons);
	for (unsigned axis = 0; axis < PS2_AXES; axis++) {
		const ps2_motion_t *motion = &state->motion[axis];
		uint32_t back = state->head - motion->number;
		if (!motion->value || back == 0 || back > state->head - state->oldest)
			continue;
		assert_int_equal(event_at(state, motion->number)->type, INPUT_REL);
		assert_int_equal(event_at(state, motion->number)->value, motion->value);
	}
}

/* PS1 to PS3, PS7 to PS9, PS11, PS14. */
static void check_programs(const ps2_t *ps2, const ps2_state_t *state)
{
	const device_t *keyboard = &ps2->keyboard.device;
	const device_t *mouse = &ps2->mouse.device;
	const device_t *devices[] = {keyboard, mouse};
	const ps2_kept_device_t *kept = &state->devices[PS2_KEYBOARD];
	assert_int_equal(ps2->phase == PS2_PROGRAM, ps2->program.row != NULL);
	if (ps2->phase == PS2_PROGRAM)
		assert_int_equal(keyboard->task, DEVICE_NOTHING);
	if (ps2->phase == PS2_PROGRAM || !state->aux)
		assert_int_equal(mouse->task, DEVICE_NOTHING);
	assert_null(ps2->turn.next);
	for (unsigned port = 0; port < PS2_PORTS; port++) {
		assert_int_equal(device_is_busy(devices[port]),
				 devices[port]->port.program.row != NULL);
		assert_int_equal(device_is_busy(devices[port]),
				 devices[port]->task != DEVICE_NOTHING);
	}
	if (keyboard->task == KEYBOARD_LEDS || keyboard->task == KEYBOARD_REPEAT)
		assert_true(kept->owes);
	if (ps2->keyboard.echo_due)
		assert_false(keyboard->task != DEVICE_NOTHING || kept->setup_due);
	assert_true(state->packet.count < (state->packet.kind == PACKET_PLAIN ? 3 : 4));
}

/* While bytes are the devices' nothing is asked of the controller: a key could be taken for the
 * answer. */
static void check_commands(const ps2_t *ps2, ps2_action_t action)
{
	if (ps2_is_running(ps2) && action.type == PS2_ACT_WRITE_COMMAND)
		assert_true(action.byte == I8042_CMD_WRITE_CONFIG ||
			    action.byte == I8042_CMD_WRITE_AUX);
}

/* Makes one step. */
static ps2_action_t step(ps2_event_t event)
{
	const ps2_state_t before = *bench_state();
	ps2_action_t action = ps2_step(&bench.ps2, event);
	check_stream(&before, bench_state());
	check_programs(&bench.ps2, bench_state());
	check_commands(&bench.ps2, action);
	return action;
}

static void run_machine(ps2_event_type_t type, uint8_t byte)
{
	ps2_event_t event = {.type = type, .byte = byte, .now_ms = now_ms()};
	for (unsigned steps = 0; steps < STEPS_MAX; steps++) {
		ps2_action_t action = step(event);
		switch (action.type) {
		case PS2_ACT_NONE:
			return;
		case PS2_ACT_FAIL:
			bench.result = action.error;
			return;
		case PS2_ACT_WAIT:
			bench.timer = true;
			bench.timer_us = bench.pc.now_us + (uint64_t)action.wait_ms * FAKE_MS;
			return;
		case PS2_ACT_DONE:
			bench.result = DRV_OK;
			event.type = PS2_EV_TIMER;
			break;
		default:
			access_port(action, &event);
			break;
		}
	}
	fputs("the driver never waits\n", stderr);
	abort();
}

void bench_feed(ps2_event_type_t type, uint8_t byte)
{
	run_machine(type, byte);
	if (!bench.tells || !bench.ps2.turn.notify)
		return;
	bench.tells();
	bench.ps2.turn.notify = false;
}

/* The next thing that happens, at `end` at the latest. */
static void pass_once(uint64_t end)
{
	uint64_t next = pc_next(&bench.pc);
	for (unsigned port = 0; bench.running && port < PS2_PORTS; port++)
		if (pc_irq(&bench.pc, port) && (port == PS2_KEYBOARD || bench.mouse_given)) {
			bench_feed(PS2_EV_IRQ, (uint8_t)port);
			return;
		}
	if (bench.timer && bench.timer_us <= bench.pc.now_us) {
		bench.timer = false;
		bench_feed(PS2_EV_TIMER, 0);
		return;
	}
	if (bench.timer && bench.timer_us < next)
		next = bench.timer_us;
	if (next > end)
		next = end;
	pc_pass(&bench.pc, next > bench.pc.now_us ? next - bench.pc.now_us : 1);
}

void bench_pass(uint32_t ms)
{
	uint64_t end = bench.pc.now_us + (uint64_t)ms * FAKE_MS;
	while (bench.pc.now_us < end)
		pass_once(end);
	pass_once(end);
}

err_t bench_operate(ps2_event_type_t type)
{
	uint64_t end = bench.pc.now_us + (uint64_t)IDLE_MS * FAKE_MS;
	bench.result = NOT_DONE;
	bench.timer = false;
	bench_feed(type, 0);
	while (bench.result == NOT_DONE && bench.pc.now_us < end)
		pass_once(end);
	return bench.result;
}

err_t bench_start(void)
{
	bench_process();
	err_t err = bench_operate(PS2_EV_PROBE);
	if (!err)
		err = bench_operate(PS2_EV_START);
	bench.running = !err;
	for (unsigned port = 0; bench.running && port < PS2_PORTS; port++)
		bench_feed(PS2_EV_IRQ, (uint8_t)port);
	return err;
}

void bench_ready(void)
{
	assert_int_equal(bench_start(), DRV_OK);
	for (unsigned ms = 0;
	     ms < IDLE_MS && (bench_device(PS2_KEYBOARD) == DEVICE_SETTING_UP ||
			      bench_device(PS2_MOUSE) == DEVICE_SETTING_UP);
	     ms++)
		bench_pass(1);
	bench_pass(20);
}

const ps2_state_t *bench_state(void)
{
	return turn_state(&bench.ps2.turn);
}

uint8_t bench_device(unsigned port)
{
	return bench_state()->devices[port].state;
}

void bench_read(void)
{
	ps2_page_t *page = bench.ps2.turn.page;
	int32_t bytes;
	do {
		if (bench.count == BENCH_EVENTS)
			bench.count = bench.shown = 0;
		uint32_t position = bench.position; /* as long as it has no answer */
		bytes =
		    events_read(page, bench_state(), 0, &position, &bench.events[bench.count],
				(BENCH_EVENTS - bench.count) * sizeof(input_event_t));
		if (bytes == DRV_EOVERFLOW) {
			bench.overflows++;
			bench.position = events_resume(page, bench_state(), 0, bench.position);
			events_state_at(page, bench_state(), bench.position, &bench.held);
			continue;
		}
		assert_true(bytes >= 0);
		bench.position = position;
		for (unsigned more = (unsigned)bytes / sizeof(input_event_t); more; more--)
			apply(&bench.events[bench.count++], &bench.held);
	} while (bytes);
}

bool bench_failed(void)
{
	return bench.result != DRV_OK && bench.result != NOT_DONE;
}

bool bench_keys_are(unsigned from, const bench_key_t *keys, unsigned count)
{
	unsigned found = 0;
	for (unsigned i = from; i < bench.count; i++) {
		const input_event_t *event = &bench.events[i];
		if (event->type != INPUT_KEY)
			continue;
		if (found == count || event->code != keys[found].code ||
		    event->value != keys[found].value)
			return false;
		found++;
	}
	return found == count;
}

int32_t bench_motion(unsigned from, uint16_t axis)
{
	int32_t sum = 0;
	for (unsigned i = from; i < bench.count; i++)
		if (bench.events[i].type == INPUT_REL && bench.events[i].code == axis)
			sum += bench.events[i].value;
	return sum;
}

void bench_expect(uint8_t type, uint16_t code, int32_t value)
{
	bench_read();
	assert_true(bench.shown < bench.count);
	const input_event_t *event = &bench.events[bench.shown++];
	if (event->type != type || event->code != code || event->value != value)
		fail_msg("event %u is type %u code %u value %d, not %u %u %d", bench.shown - 1,
			 event->type, event->code, (int)event->value, type, code, (int)value);
}

void bench_expect_none(void)
{
	bench_read();
	if (bench.shown < bench.count)
		fail_msg("there is an event more: type %u code %u value %d",
			 bench.events[bench.shown].type, bench.events[bench.shown].code,
			 (int)bench.events[bench.shown].value);
}

void bench_tap(uint16_t key)
{
	pc_key(&bench.pc, key, true);
	bench_pass(20);
	pc_key(&bench.pc, key, false);
	bench_pass(20);
}

void bench_happen(fake_happening_t what)
{
	what.at_ms = now_ms() + 1;
	bench.pc.happenings[0] = what;
	bench.pc.happened = 0;
	bench_pass(50);
}
