/* SPDX-License-Identifier: BSD-2-Clause */
/* The step function of controller.h: performs the rows of sequence.h one port access at a
 * time, with all limits and budgets, and takes keys once the last row is done. */
#include "ps2/controller.h"

#include "ps2/i8042.h"
#include "ps2/sequence.h"

#define STATUS_DAMAGED (I8042_STATUS_PARITY | I8042_STATUS_TIMEOUT)

static ps2_action_t action(ps2_action_type_t type)
{
	return (ps2_action_t){.type = type};
}

static ps2_action_t wait_for(uint32_t ms)
{
	return (ps2_action_t){.type = PS2_ACT_WAIT, .wait_ms = ms};
}

/* ---- limits ---- */

static void begin_wait(ps2_t *ps2)
{
	ps2->since_ms = ps2->now_ms;
	ps2->spins = 0;
	ps2->strays = 0;
	ps2->flushed = 0;
	ps2->absent = true;
}

static bool wait_is_over(const ps2_t *ps2, uint32_t limit_ms)
{
	return ps2->now_ms - ps2->since_ms >= limit_ms;
}

static ps2_action_t look_again(ps2_t *ps2)
{
	if (ps2->spins >= PS2_SPINS)
		return wait_for(PS2_POLL_MS);
	ps2->spins++;
	return action(PS2_ACT_READ_STATUS);
}

/* ---- moving through a program ---- */

static ps2_action_t give_up(ps2_t *ps2, err_t error)
{
	ps2->phase = PS2_IDLE;
	ps2->row = NULL;
	ps2->stats.state = PS2_FAILED;
	ps2->stats.init_error = (uint32_t)error;
	return (ps2_action_t){.type = PS2_ACT_FAIL, .error = error};
}

static ps2_action_t finish(ps2_t *ps2)
{
	bool streaming = ps2->row->state == PS2_STREAMING;
	ps2->stats.state = ps2->row->state;
	ps2->phase = streaming ? PS2_KEYS : PS2_IDLE;
	ps2->row = NULL;
	ps2->more = streaming; /* bytes that wait already are not lost interrupts */
	return action(PS2_ACT_DONE);
}

static ps2_action_t enter_row(ps2_t *ps2)
{
	const ps2_row_t *row = ps2->row;
	if (row->state)
		ps2->stats.state = row->state;
	if (row->before)
		row->before(ps2);
	if (row->op == OP_END)
		return finish(ps2);
	begin_wait(ps2);
	ps2->sends = 0;
	ps2->phase = row->op == OP_FLUSH   ? PS2_FLUSHING
		     : row->op == OP_REPLY ? PS2_TO_READ
					   : PS2_TO_WRITE;
	return action(PS2_ACT_READ_STATUS);
}

static ps2_action_t advance(ps2_t *ps2, unsigned rows)
{
	if (ps2->failed_row && ps2->row >= ps2->failed_row)
		ps2->failed_row = NULL;
	ps2->row += rows;
	return enter_row(ps2);
}

static ps2_action_t begin(ps2_t *ps2, const ps2_row_t *program)
{
	ps2->row = program;
	ps2->failed_row = NULL;
	ps2->attempts = 0;
	return enter_row(ps2);
}

static ps2_action_t begin_setup(ps2_t *ps2)
{
	keys_release_all(&ps2->keys, ps2->now_ms);
	ps2->stats.inits++;
	return begin(ps2, ps2_setup_rows);
}

static ps2_action_t begin_off(ps2_t *ps2, const ps2_row_t *program)
{
	keys_release_all(&ps2->keys, ps2->now_ms);
	return begin(ps2, ps2->config_known ? program : ps2_stop_unknown_rows);
}

/* Counts a failed attempt at the present row; true if there may be another. */
static bool may_retry(ps2_t *ps2)
{
	const ps2_row_t *row = ps2->row;
	if (row->op == OP_DEVICE)
		return ps2->sends < row->tries;
	if (!ps2->failed_row || row > ps2->failed_row) {
		ps2->failed_row = row;
		ps2->attempts = 0;
	}
	return ++ps2->attempts < row->tries;
}

/* The answer was bad or did not come. */
static ps2_action_t fail_attempt(ps2_t *ps2, err_t error)
{
	if (!may_retry(ps2)) {
		ps2->stats.failed_commands++;
		return ps2->row->skip ? advance(ps2, ps2->row->skip) : give_up(ps2, error);
	}
	ps2->stats.retries++;
	if (ps2->row->op == OP_DEVICE) {
		begin_wait(ps2);
		ps2->phase = PS2_TO_WRITE;
		return action(PS2_ACT_READ_STATUS);
	}
	ps2->row -= ps2->row->back;
	return enter_row(ps2);
}

/* ---- writing ---- */

static ps2_action_t write_row(const ps2_t *ps2)
{
	ps2_action_t write = action(PS2_ACT_WRITE_DATA);
	write.byte = ps2->row->byte;
	if (ps2->row->op == OP_COMMAND)
		write.type = PS2_ACT_WRITE_COMMAND;
	if (ps2->row->op == OP_CONFIG)
		write.byte = ps2->wanted;
	return write;
}

static ps2_action_t status_to_write(ps2_t *ps2, uint8_t status)
{
	if (!(status & I8042_STATUS_INPUT_FULL))
		return write_row(ps2);
	/* Some controllers take nothing before they got rid of what they have. */
	if ((status & I8042_STATUS_OUTPUT_FULL) && ps2->strays < PS2_STRAY_MAX)
		return action(PS2_ACT_READ_DATA);
	if (!wait_is_over(ps2, PS2_READY_MS))
		return look_again(ps2);
	ps2->stats.write_timeouts++;
	return give_up(ps2, ps2->absent ? DRV_ENODEV : DRV_ETIMEDOUT);
}

static ps2_action_t on_written(ps2_t *ps2)
{
	if (ps2->phase != PS2_TO_WRITE)
		return action(ps2->phase == PS2_IDLE ? PS2_ACT_NONE : PS2_ACT_READ_STATUS);
	if (ps2->row->op != OP_DEVICE)
		return advance(ps2, 1);
	ps2->stats.tx_keyboard++;
	ps2->sends++;
	begin_wait(ps2);
	ps2->phase = PS2_TO_READ;
	return action(PS2_ACT_READ_STATUS);
}

/* ---- answers ---- */

static ps2_action_t status_to_read(ps2_t *ps2, uint8_t status)
{
	if (status & I8042_STATUS_OUTPUT_FULL)
		return action(PS2_ACT_READ_DATA);
	if (!wait_is_over(ps2, ps2->row->limit_ms))
		return look_again(ps2);
	ps2->stats.read_timeouts++;
	return fail_attempt(ps2, DRV_ETIMEDOUT);
}

static ps2_action_t stray_byte(ps2_t *ps2)
{
	if (++ps2->strays >= PS2_STRAY_MAX)
		return fail_attempt(ps2, DRV_EIO);
	return action(PS2_ACT_READ_STATUS);
}

static ps2_action_t answer_byte(ps2_t *ps2, uint8_t byte)
{
	if (ps2->status & I8042_STATUS_AUX)
		return stray_byte(ps2);
	if (ps2->status & STATUS_DAMAGED)
		return fail_attempt(ps2, DRV_EIO);
	bool to_device = ps2->row->op == OP_DEVICE;
	switch (to_device ? ps2_check_ack(ps2, byte) : ps2->row->check(ps2, byte)) {
	case ANSWER_GOOD:
		return advance(ps2, 1);
	case ANSWER_BAD:
		return fail_attempt(ps2, DRV_EIO);
	default:
		return stray_byte(ps2);
	}
}

/* ---- flushing ---- */

static ps2_action_t status_to_flush(ps2_t *ps2, uint8_t status)
{
	if (!(status & I8042_STATUS_OUTPUT_FULL))
		return advance(ps2, 1);
	if (ps2->flushed >= PS2_FLUSH_MAX)
		return give_up(ps2, ps2->row->error);
	ps2->flushed++;
	return action(PS2_ACT_READ_DATA);
}

/* ---- keys ---- */

static ps2_action_t status_for_keys(ps2_t *ps2, uint8_t status)
{
	if (!(status & I8042_STATUS_OUTPUT_FULL)) {
		ps2->stats.spurious += ps2->by_irq && ps2->drained == 0;
		ps2->by_irq = false;
		return wait_for(PS2_SLOW_POLL_MS);
	}
	if (ps2->drained >= PS2_DRAIN_MAX) {
		if (ps2->absent)
			return give_up(ps2, DRV_EIO);
		ps2->more = true;
		return wait_for(PS2_POLL_MS);
	}
	ps2->stats.lost += ps2->by_timer && ps2->drained == 0;
	ps2->drained++;
	return action(PS2_ACT_READ_DATA);
}

static ps2_action_t key_byte(ps2_t *ps2, uint8_t byte)
{
	if (ps2->status & I8042_STATUS_AUX)
		return action(PS2_ACT_READ_STATUS);
	if (ps2->status & STATUS_DAMAGED) { /* it may have been a release */
		scan_drop_prefix(&ps2->scan);
		keys_release_all(&ps2->keys, ps2->now_ms);
		return action(PS2_ACT_READ_STATUS);
	}
	scan_result_t found = scan_byte(&ps2->scan, byte, ps2->now_ms);
	ps2->stats.unknown_scancodes += found.expired + (found.kind == SCAN_UNKNOWN);
	ps2->stats.stray_acks += found.kind == SCAN_STRAY_ACK;
	if (found.kind == SCAN_KEY)
		keys_feed(&ps2->keys, found.code, found.down, ps2->now_ms);
	if (found.kind == SCAN_TAP) {
		keys_feed(&ps2->keys, found.code, true, ps2->now_ms);
		keys_feed(&ps2->keys, found.code, false, ps2->now_ms);
	}
	if (found.kind == SCAN_OVERRUN) {
		ps2->stats.overruns++;
		keys_release_all(&ps2->keys, ps2->now_ms);
	}
	if (found.kind == SCAN_SELF_TEST) {
		ps2->stats.hotplugs++;
		ps2->stats.self_test_failures += !found.passed;
		return begin_setup(ps2);
	}
	return action(PS2_ACT_READ_STATUS);
}

/* ---- events ---- */

static ps2_action_t on_status(ps2_t *ps2, uint8_t status)
{
	ps2->status = status;
	if (status != I8042_STATUS_ABSENT)
		ps2->absent = false;
	switch (ps2->phase) {
	case PS2_TO_WRITE:
		return status_to_write(ps2, status);
	case PS2_TO_READ:
		return status_to_read(ps2, status);
	case PS2_FLUSHING:
		return status_to_flush(ps2, status);
	case PS2_KEYS:
		return status_for_keys(ps2, status);
	default:
		return action(PS2_ACT_NONE);
	}
}

static void count_byte(ps2_t *ps2)
{
	if (ps2->status & I8042_STATUS_AUX) {
		ps2->stats.rx_mouse++;
		ps2->stats.wrong_port++;
		return;
	}
	ps2->stats.rx_keyboard++;
	ps2->stats.parity_errors += (ps2->status & I8042_STATUS_PARITY) != 0;
	ps2->stats.controller_timeouts += (ps2->status & I8042_STATUS_TIMEOUT) != 0;
}

static ps2_action_t on_data(ps2_t *ps2, uint8_t byte)
{
	count_byte(ps2);
	switch (ps2->phase) {
	case PS2_TO_READ:
		return answer_byte(ps2, byte);
	case PS2_KEYS:
		return key_byte(ps2, byte);
	case PS2_TO_WRITE:
		ps2->strays++;
		return action(PS2_ACT_READ_STATUS);
	case PS2_FLUSHING:
		return action(PS2_ACT_READ_STATUS);
	default:
		return action(PS2_ACT_NONE);
	}
}

static ps2_action_t on_wake(ps2_t *ps2, bool by_irq)
{
	ps2->stats.irq1 += by_irq;
	if (ps2->phase == PS2_IDLE) {
		ps2->stats.spurious += by_irq;
		return action(PS2_ACT_NONE);
	}
	if (ps2->phase == PS2_KEYS) {
		ps2->by_irq = by_irq;
		ps2->by_timer = !by_irq && !ps2->more;
		ps2->more = false;
		ps2->drained = 0;
		ps2->absent = true;
	}
	return action(PS2_ACT_READ_STATUS);
}

static ps2_action_t take_event(ps2_t *ps2, ps2_event_t event)
{
	switch (event.type) {
	case PS2_EV_PROBE:
		return begin(ps2, ps2_probe_rows);
	case PS2_EV_START:
		return begin_setup(ps2);
	case PS2_EV_QUIESCE:
		return begin_off(ps2, ps2_quiesce_rows);
	case PS2_EV_STOP:
		return begin_off(ps2, ps2_stop_rows);
	case PS2_EV_IRQ:
		return on_wake(ps2, true);
	case PS2_EV_TIMER:
		return on_wake(ps2, false);
	case PS2_EV_STATUS:
		return on_status(ps2, event.byte);
	case PS2_EV_DATA:
		return on_data(ps2, event.byte);
	case PS2_EV_WRITTEN:
		return on_written(ps2);
	}
	return action(PS2_ACT_NONE);
}

void ps2_init(ps2_t *ps2)
{
	*ps2 = (ps2_t){.phase = PS2_IDLE};
	scan_init(&ps2->scan, SCAN_SET1);
	keys_init(&ps2->keys);
}

ps2_action_t ps2_step(ps2_t *ps2, ps2_event_t event)
{
	uint32_t head = ps2->keys.ring.head;
	ps2->now_ms = event.now_ms;
	ps2_action_t next = take_event(ps2, event);
	if (ps2->keys.ring.head != head)
		ps2->notify = true;
	return next;
}

ps2_stats_t ps2_stats(const ps2_t *ps2)
{
	ps2_stats_t stats = ps2->stats;
	stats.ring_drops = ps2->keys.ring.dropped;
	stats.ring_high_water = ps2->keys.ring.high_water / (uint32_t)sizeof(input_event_t);
	return stats;
}
