/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of sequence.h. The order is: ports off, flush, configuration, self-test,
 * configuration again (some machines lose it), line test, port on, keyboard, and only then
 * keys and, last of all, interrupts. Nothing here resets the machine or touches the
 * auxiliary port but to switch it off. */
#include "ps2/sequence.h"

#include "ps2/i8042.h"

/* ---- configuration bytes ---- */

#define CONFIG_IRQS    (I8042_CONFIG_KBD_IRQ | I8042_CONFIG_AUX_IRQ)
#define CONFIG_PORTS   (I8042_CONFIG_KBD_OFF | I8042_CONFIG_AUX_OFF)
/* What the driver depends on, of what it wrote. */
#define CONFIG_CHECKED (CONFIG_IRQS | CONFIG_PORTS)

static void want_quiet(ps2_t *ps2)
{
	ps2->wanted = I8042_CONFIG_SYSTEM | I8042_CONFIG_TRANSLATE | CONFIG_PORTS;
}

static void want_live(ps2_t *ps2)
{
	ps2->wanted = I8042_CONFIG_SYSTEM | I8042_CONFIG_KBD_IRQ | I8042_CONFIG_AUX_OFF;
	if (ps2->scan.set == SCAN_SET1)
		ps2->wanted |= I8042_CONFIG_TRANSLATE;
}

static void want_found(ps2_t *ps2)
{
	ps2->wanted = ps2->found & I8042_CONFIG_KNOWN & (uint8_t)~CONFIG_IRQS;
}

/* ---- what counts as an answer ---- */

ps2_verdict_t ps2_check_ack(ps2_t *ps2, uint8_t byte)
{
	switch (byte) {
	case KBD_ACK:
		return ANSWER_GOOD;
	case KBD_RESEND:
	case KBD_SELF_TEST_BAD:
	case KBD_OVERRUN_SET1:
	case KBD_OVERRUN_SET2:
		ps2->stats.naks++;
		return ANSWER_BAD;
	default:
		return ANSWER_OTHER;
	}
}

static ps2_verdict_t check_any_config(ps2_t *ps2, uint8_t byte)
{
	ps2->config = byte;
	return ANSWER_GOOD;
}

/* Read twice: a late byte of a device would otherwise be taken for the configuration. */
static ps2_verdict_t check_same_config(ps2_t *ps2, uint8_t byte)
{
	if (byte != ps2->config)
		return ANSWER_BAD;
	if (!ps2->config_known) {
		ps2->found = byte;
		ps2->config_known = true;
	}
	return ANSWER_GOOD;
}

/* The switches must hold; without translation the keyboard's own set 2 is decoded. */
static ps2_verdict_t check_kept_config(ps2_t *ps2, uint8_t byte)
{
	if ((byte ^ ps2->wanted) & CONFIG_CHECKED)
		return ANSWER_BAD;
	ps2->config = byte;
	scan_init(&ps2->scan, byte & I8042_CONFIG_TRANSLATE ? SCAN_SET1 : SCAN_SET2);
	return ANSWER_GOOD;
}

static ps2_verdict_t check_self_test(ps2_t *ps2, uint8_t byte)
{
	if (byte == I8042_SELF_TEST_GOOD)
		return ANSWER_GOOD;
	if (byte != I8042_SELF_TEST_BAD)
		return ANSWER_OTHER;
	ps2->stats.self_test_failures++;
	return ANSWER_BAD;
}

/* Advisory: some machines fail it and work. */
static ps2_verdict_t check_line_test(ps2_t *ps2, uint8_t byte)
{
	if (byte != I8042_TEST_KEYBOARD_OK)
		ps2->stats.self_test_failures++;
	return ANSWER_GOOD;
}

static ps2_verdict_t check_keyboard_test(ps2_t *ps2, uint8_t byte)
{
	if (byte == KBD_SELF_TEST_GOOD) {
		ps2->stats.resets++;
		return ANSWER_GOOD;
	}
	if (byte != KBD_SELF_TEST_BAD && byte != KBD_SELF_TEST_BAD_2)
		return ANSWER_OTHER;
	ps2->stats.self_test_failures++;
	return ANSWER_BAD;
}

static ps2_verdict_t check_id(ps2_t *ps2, uint8_t byte)
{
	ps2->stats.device_id = ps2->stats.device_id << 8 | byte;
	return ANSWER_GOOD;
}

static void forget_id(ps2_t *ps2)
{
	ps2->stats.device_id = 0;
}

/* ---- programs ---- */

#define COMMAND(command) .op = OP_COMMAND, .byte = (command)
#define CONFIG(want)	 .op = OP_CONFIG, .before = (want)
#define FLUSH(otherwise) .op = OP_FLUSH, .error = (otherwise)
#define REPLY(judge, ms, most)                                                                 \
	.op = OP_REPLY, .check = (judge), .limit_ms = (ms), .tries = (most)
#define DEVICE(command, ms)                                                                    \
	.op = OP_DEVICE, .byte = (command), .limit_ms = (ms), .tries = PS2_TRIES
#define END .op = OP_END

const ps2_row_t ps2_probe_rows[] = {{FLUSH(DRV_ENODEV)}, {END}};

const ps2_row_t ps2_setup_rows[] = {
    {COMMAND(I8042_CMD_DISABLE_KBD), .state = PS2_RESET},
    {COMMAND(I8042_CMD_DISABLE_AUX)},
    {FLUSH(DRV_ENODEV)},
    {COMMAND(I8042_CMD_READ_CONFIG)},
    {REPLY(check_any_config, PS2_REPLY_MS, PS2_TRIES), .back = 1},
    {COMMAND(I8042_CMD_READ_CONFIG)},
    {REPLY(check_same_config, PS2_REPLY_MS, PS2_TRIES), .back = 3},
    {COMMAND(I8042_CMD_WRITE_CONFIG), .state = PS2_SELF_TEST},
    {CONFIG(want_quiet)},
    {COMMAND(I8042_CMD_SELF_TEST)},
    {REPLY(check_self_test, PS2_REPLY_MS, PS2_TRIES), .back = 1},
    {COMMAND(I8042_CMD_WRITE_CONFIG), .state = PS2_CONFIG},
    {CONFIG(want_quiet)},
    {COMMAND(I8042_CMD_READ_CONFIG)},
    {REPLY(check_kept_config, PS2_REPLY_MS, PS2_TRIES), .back = 3},
    {COMMAND(I8042_CMD_TEST_KEYBOARD)},
    {REPLY(check_line_test, PS2_REPLY_MS, 1), .back = 1, .skip = 1},
    {COMMAND(I8042_CMD_ENABLE_KBD)},
    /* An earlier instance may have died between a byte and its answer. */
    {FLUSH(DRV_EIO)},
    {DEVICE(KBD_CMD_RESET, PS2_RESET_ACK_MS)},
    {REPLY(check_keyboard_test, PS2_SELF_TEST_MS, PS2_TRIES), .back = 1},
    {FLUSH(DRV_EIO)},
    {DEVICE(KBD_CMD_DISABLE, PS2_ACK_MS), .skip = 1},
    /* Old keyboards give no identification, or refuse to; that is all right. */
    {DEVICE(KBD_CMD_IDENTIFY, PS2_ACK_MS), .skip = 3, .before = forget_id},
    {REPLY(check_id, PS2_REPLY_MS, 1), .skip = 2},
    {REPLY(check_id, PS2_REPLY_MS, 1), .skip = 1},
    {DEVICE(KBD_CMD_ENABLE, PS2_ACK_MS)},
    {COMMAND(I8042_CMD_WRITE_CONFIG)},
    {CONFIG(want_live)},
    {END, .state = PS2_STREAMING},
};

const ps2_row_t ps2_quiesce_rows[] = {
    {COMMAND(I8042_CMD_DISABLE_KBD)},  {COMMAND(I8042_CMD_DISABLE_AUX)},
    {COMMAND(I8042_CMD_WRITE_CONFIG)}, {CONFIG(want_quiet)},
    {END, .state = PS2_OFF},
};

const ps2_row_t ps2_stop_rows[] = {
    {COMMAND(I8042_CMD_DISABLE_KBD)},
    {COMMAND(I8042_CMD_DISABLE_AUX)},
    {FLUSH(DRV_EIO)},
    {COMMAND(I8042_CMD_WRITE_CONFIG)},
    {CONFIG(want_found)},
    {END, .state = PS2_OFF},
};

const ps2_row_t ps2_stop_unknown_rows[] = {
    {COMMAND(I8042_CMD_DISABLE_KBD)},
    {COMMAND(I8042_CMD_DISABLE_AUX)},
    {END, .state = PS2_OFF},
};
