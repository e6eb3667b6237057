/* SPDX-License-Identifier: BSD-2-Clause */
/* The step function of controller.h: operations, and the talk with the controller itself, one
 * port access at a time, with all limits and budgets. What runs is in live.c. */
#include "ps2/controller.h"

#include "ps2/i8042.h"
#include "ps2/live.h"
#include "ps2/rows.h"

/* ---- limits ---- */

static void begin_wait(ps2_t *ps2)
{
	ps2->since_ms = ps2->turn.now_ms;
	ps2->spins = ps2->strays = ps2->flushed = 0;
	ps2->absent = true;
}

static bool wait_is_over(const ps2_t *ps2, uint32_t limit_ms)
{
	return ps2->turn.now_ms - ps2->since_ms >= limit_ms;
}

/* ---- moving through a program ---- */

/* True: there was something to release. */
static bool settle(turn_t *turn)
{
	return turn_state(turn)->release &&
	       events_settle(turn->page, turn_edit(turn), turn->now_ms);
}

/* What is said to them waits until they run again, or is begun anew then. */
static void stop_devices(ps2_t *ps2)
{
	keyboard_stop(&ps2->keyboard);
	mouse_stop(&ps2->mouse);
}

/* A device that lives no more may have had something to say. */
static void lose_devices(turn_t *turn)
{
	ps2_state_t *state = turn_edit(turn);
	state->warm = false;
	for (unsigned port = 0; port < PS2_PORTS; port++) {
		uint8_t device = port == PS2_MOUSE ? INPUT_OPEN_MOUSE : INPUT_OPEN_KEYBOARD;
		if (state->devices[port].state == DEVICE_LIVE)
			events_gap(turn->page, state, device, turn->now_ms);
		state->devices[port].state = DEVICE_ABSENT;
	}
}

static ps2_action_t give_up(ps2_t *ps2, err_t error)
{
	if (ps2_is_running(ps2))
		live_end(ps2);
	program_end(&ps2->program);
	lose_devices(&ps2->turn);
	settle(&ps2->turn); /* the rest is for the next one */
	ps2->phase = PS2_IDLE;
	ps2->shown = PS2_FAILED;
	ps2->init_error = error;
	return act_fail(error);
}

/* `value` of the end: the controller is set up, and the devices follow. */
static ps2_action_t finish(ps2_t *ps2)
{
	bool set_up = ps2->program.row->value;
	program_end(&ps2->program);
	ps2->phase = PS2_IDLE;
	ps2->shown = set_up ? PS2_STREAMING : PS2_OFF;
	return set_up ? live_begin(ps2, true) : act(PS2_ACT_DONE);
}

static ps2_action_t enter_row(ps2_t *ps2)
{
	const program_row_t *row = ps2->program.row;
	if (row->state)
		ps2->shown = row->state;
	if (row->op == PROGRAM_END)
		return finish(ps2);
	begin_wait(ps2);
	return act(PS2_ACT_READ_STATUS);
}

static ps2_action_t next_row(ps2_t *ps2)
{
	program_next(&ps2->program, ps2->turn.now_ms);
	return enter_row(ps2);
}

static ps2_action_t begin(ps2_t *ps2, const program_table_t *program)
{
	stop_devices(ps2);
	ps2->phase = PS2_PROGRAM;
	program_begin(&ps2->program, program->rows, program->count, ps2->turn.now_ms);
	return enter_row(ps2);
}

/* The answer was bad or did not come. */
static ps2_action_t fail_attempt(ps2_t *ps2, err_t error)
{
	bool retried = false;
	err_t failed = program_fail(&ps2->program, error, ps2->turn.now_ms, &retried);
	ps2->turn.stats.retries += retried;
	ps2->turn.stats.failed_commands += !retried;
	return failed ? give_up(ps2, failed) : enter_row(ps2);
}

/* ---- rows ---- */

static ps2_action_t write_row(const ps2_t *ps2)
{
	const program_row_t *row = ps2->program.row;
	ps2_action_t write = {.type = PS2_ACT_WRITE_DATA, .byte = row->value};
	if (row->op == OP_COMMAND)
		write.type = PS2_ACT_WRITE_COMMAND;
	else if (row->op == OP_CONFIG)
		write.byte = ps2_config(ps2, row);
	return write;
}

static ps2_action_t status_to_write(ps2_t *ps2, uint8_t status)
{
	if (!(status & I8042_STATUS_INPUT_FULL))
		return write_row(ps2);
	/* Some controllers take nothing before they got rid of what they have. */
	if ((status & I8042_STATUS_OUTPUT_FULL) && ps2->strays < PS2_STRAY_MAX)
		return act(PS2_ACT_READ_DATA);
	if (!wait_is_over(ps2, PS2_READY_MS))
		return act_look_again(ps2);
	ps2->turn.stats.write_timeouts++;
	return give_up(ps2, ps2->absent ? DRV_ENODEV : DRV_ETIMEDOUT);
}

static ps2_action_t status_to_read(ps2_t *ps2, uint8_t status)
{
	if (status & I8042_STATUS_OUTPUT_FULL)
		return act(PS2_ACT_READ_DATA);
	if (!program_is_late(&ps2->program, ps2->turn.now_ms))
		return act_look_again(ps2);
	ps2->turn.stats.read_timeouts++;
	return fail_attempt(ps2, DRV_ETIMEDOUT);
}

static ps2_action_t status_to_flush(ps2_t *ps2, uint8_t status)
{
	if (!(status & I8042_STATUS_OUTPUT_FULL))
		return next_row(ps2);
	if (ps2->flushed >= PS2_FLUSH_MAX)
		return give_up(ps2, ps2->program.row->error);
	ps2->flushed++;
	return act(PS2_ACT_READ_DATA);
}

static ps2_action_t program_status(ps2_t *ps2, uint8_t status)
{
	const program_row_t *row = ps2->program.row;
	if (row->op == OP_FLUSH)
		return status_to_flush(ps2, status);
	if (row->op == OP_IF_MOUSE && turn_state(&ps2->turn)->aux)
		return next_row(ps2);
	if (row->op == OP_IF_MOUSE) {
		program_skip(&ps2->program, ps2->turn.now_ms);
		return enter_row(ps2);
	}
	return row->op == OP_REPLY ? status_to_read(ps2, status) : status_to_write(ps2, status);
}

static ps2_action_t stray_byte(ps2_t *ps2)
{
	if (++ps2->strays >= PS2_STRAY_MAX && ps2->program.row->op == OP_REPLY)
		return fail_attempt(ps2, DRV_EIO);
	return act(PS2_ACT_READ_STATUS);
}

static ps2_action_t answer_byte(ps2_t *ps2, uint8_t byte)
{
	if (live_is_damaged(ps2->status, byte))
		return fail_attempt(ps2, DRV_EIO);
	switch (ps2_judge(ps2, ps2->program.row, ps2->status, byte)) {
	case PORT_GOOD:
		return next_row(ps2);
	case PORT_BAD:
		return fail_attempt(ps2, DRV_EIO);
	default:
		return stray_byte(ps2);
	}
}

static void count_byte(ps2_t *ps2)
{
	bool mouse = ps2->status & I8042_STATUS_AUX;
	ps2_stats_t *stats = &ps2->turn.stats;
	stats->rx_mouse += mouse;
	stats->rx_keyboard += !mouse;
	stats->parity_errors += (ps2->status & I8042_STATUS_PARITY) != 0;
	stats->controller_timeouts += (ps2->status & I8042_STATUS_TIMEOUT) != 0;
}

static ps2_action_t program_data(ps2_t *ps2, uint8_t byte)
{
	uint8_t op = ps2->program.row->op;
	if (turn_state(&ps2->turn)->warm) { /* a device's: ports are being switched off */
		live_take(ps2, ps2->status, byte);
		stop_devices(ps2);
		return stray_byte(ps2);
	}
	count_byte(ps2);
	if (op == OP_REPLY)
		return answer_byte(ps2, byte);
	return op == OP_FLUSH ? act(PS2_ACT_READ_STATUS) : stray_byte(ps2);
}

/* ---- operations ---- */

/* An operation that was under way is abandoned. */
static void abandon(ps2_t *ps2)
{
	if (ps2_is_running(ps2))
		live_end(ps2);
	program_end(&ps2->program);
	ps2->phase = PS2_IDLE;
}

/* What a device has sent stays there if it is of use. */
static ps2_action_t probe(ps2_t *ps2)
{
	abandon(ps2);
	if (!turn_state(&ps2->turn)->warm)
		return begin(ps2, &ps2_probe);
	begin_wait(ps2);
	ps2->phase = PS2_LOOK;
	return act(PS2_ACT_READ_STATUS);
}

static ps2_action_t start(ps2_t *ps2)
{
	ps2_state_t *state = turn_edit(&ps2->turn);
	abandon(ps2);
	ps2->init_error = DRV_OK;
	if (state->warm && !ps2->quiesced && (state->aux_given || !ps2->mouse_given)) {
		if (state->aux_given && !ps2->mouse_given)
			state->aux = state->aux_given = false;
		return live_begin(ps2, false);
	}
	state->warm = false;
	state->aux = state->aux_given = ps2->mouse_given;
	return begin(ps2, &ps2_cold);
}

static ps2_action_t end_with(ps2_t *ps2, const program_table_t *program)
{
	const ps2_state_t *state = turn_state(&ps2->turn);
	const program_table_t *with = state->config_known ? program : &ps2_stop_unknown;
	ps2->quiesced = true;
	if (!ps2_is_running(ps2)) {
		abandon(ps2);
		events_release(turn_edit(&ps2->turn), PS2_BOTH);
		return begin(ps2, with);
	}
	ps2->phase = PS2_CLOSE;
	ps2->closing_with = with;
	ps2->drained = 0;
	return act(PS2_ACT_READ_STATUS);
}

err_t ps2_health(const ps2_t *ps2)
{
	err_t keyboard = ps2->keyboard.device.error;
	if (ps2->init_error)
		return ps2->init_error;
	return keyboard ? keyboard : ps2->mouse.device.error;
}

/* ---- events ---- */

static ps2_action_t look_status(ps2_t *ps2)
{
	ps2->phase = PS2_IDLE;
	return ps2->absent ? give_up(ps2, DRV_ENODEV) : act(PS2_ACT_DONE);
}

/* Live status is most of what there is; what ends it is done here. */
static ps2_action_t running_status(ps2_t *ps2, uint8_t status)
{
	ps2_action_t next = live_status(ps2, status);
	if (next.type == PS2_ACT_FAIL)
		return give_up(ps2, next.error);
	if (next.type == PS2_ACT_NONE) {
		live_end(ps2);
		return begin(ps2, ps2->closing_with);
	}
	return next;
}

static ps2_action_t on_status(ps2_t *ps2, uint8_t status)
{
	if (settle(&ps2->turn)) /* before anything else, for as long as it takes */
		return act(PS2_ACT_READ_STATUS);
	ps2->status = status;
	if (status != I8042_STATUS_ABSENT)
		ps2->absent = false;
	if (ps2_is_running(ps2))
		return running_status(ps2, status);
	if (ps2->phase == PS2_LOOK)
		return look_status(ps2);
	return ps2->phase == PS2_PROGRAM ? program_status(ps2, status) : act(PS2_ACT_NONE);
}

static ps2_action_t on_data(ps2_t *ps2, uint8_t byte)
{
	if (ps2_is_running(ps2))
		return live_data(ps2, byte);
	return ps2->phase == PS2_PROGRAM ? program_data(ps2, byte) : act(PS2_ACT_NONE);
}

static ps2_action_t on_written(ps2_t *ps2)
{
	if (ps2_is_running(ps2))
		return live_written(ps2);
	return ps2->phase == PS2_PROGRAM ? next_row(ps2) : act(PS2_ACT_NONE);
}

static ps2_action_t on_wake(ps2_t *ps2)
{
	if (ps2_is_running(ps2))
		return live_wake(ps2);
	if (ps2->phase == PS2_PROGRAM)
		return act(PS2_ACT_READ_STATUS);
	ps2->turn.stats.spurious += ps2->woken == PS2_WOKEN_IRQ;
	return act(PS2_ACT_NONE);
}

static ps2_action_t on_irq(ps2_t *ps2, bool mouse)
{
	ps2->woken = PS2_WOKEN_IRQ;
	ps2->irq_port = mouse ? PS2_MOUSE : PS2_KEYBOARD;
	if (mouse)
		ps2->turn.stats.irq12++;
	else
		ps2->turn.stats.irq1++;
	return on_wake(ps2);
}

static ps2_action_t on_timer(ps2_t *ps2)
{
	ps2->woken = PS2_WOKEN_TIMER;
	return on_wake(ps2);
}

static ps2_action_t take_event(ps2_t *ps2, ps2_event_t event)
{
	switch (event.type) {
	case PS2_EV_PROBE:
		return probe(ps2);
	case PS2_EV_START:
		return start(ps2);
	case PS2_EV_QUIESCE:
		return end_with(ps2, &ps2_quiesce);
	case PS2_EV_STOP:
		return end_with(ps2, &ps2_stop);
	case PS2_EV_IRQ:
		return on_irq(ps2, event.byte == PS2_MOUSE);
	case PS2_EV_TIMER:
		return on_timer(ps2);
	case PS2_EV_STATUS:
		return on_status(ps2, event.byte);
	case PS2_EV_DATA:
		return on_data(ps2, event.byte);
	case PS2_EV_WRITTEN:
		return on_written(ps2);
	}
	return act(PS2_ACT_NONE);
}

ps2_action_t ps2_step(ps2_t *ps2, ps2_event_t event)
{
	ps2->turn.now_ms = event.now_ms;
	ps2_action_t next = take_event(ps2, event);
	if (next.type == PS2_ACT_READ_DATA)
		ps2->turn.page->status = ps2->status;
	turn_commit(&ps2->turn);
	return next;
}
