/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of rows.h. The order is: configuration as found, ports off, flush, self-test,
 * configuration again (some machines lose it), line tests, and only then ports and interrupts.
 * Nothing here resets the machine. */
#include "ps2/rows.h"

#include "ps2/i8042.h"

/* ---- configuration bytes ---- */

#define CONFIG_IRQS    (I8042_CONFIG_KBD_IRQ | I8042_CONFIG_AUX_IRQ)
#define CONFIG_PORTS   (I8042_CONFIG_KBD_OFF | I8042_CONFIG_AUX_OFF)
/* What the driver depends on, of what it wrote. */
#define CONFIG_CHECKED (CONFIG_IRQS | CONFIG_PORTS)

enum config { QUIET = 1, LIVE, FOUND };

uint8_t ps2_live_config(const ps2_state_t *state)
{
	uint8_t config = I8042_CONFIG_SYSTEM | I8042_CONFIG_KBD_IRQ;
	config |= state->aux ? I8042_CONFIG_AUX_IRQ : I8042_CONFIG_AUX_OFF;
	if (state->scan.set == SCAN_SET1)
		config |= I8042_CONFIG_TRANSLATE;
	return config;
}

/* As it was found, but for translation: what a device has to say waits in it for the next
 * start, which takes it for codes of the set that is decoded now. */
static uint8_t found_config(const ps2_state_t *state)
{
	uint8_t config = state->found & I8042_CONFIG_KNOWN & (uint8_t)~CONFIG_IRQS;
	if (!state->warm)
		return config;
	config &= (uint8_t)~I8042_CONFIG_TRANSLATE;
	return config | (ps2_live_config(state) & I8042_CONFIG_TRANSLATE);
}

uint8_t ps2_config(const ps2_t *ps2, const program_row_t *row)
{
	const ps2_state_t *state = turn_state(&ps2->turn);
	if (row->where == LIVE)
		return ps2_live_config(state);
	if (row->where == FOUND)
		return found_config(state);
	return I8042_CONFIG_SYSTEM | I8042_CONFIG_TRANSLATE | CONFIG_PORTS;
}

/* ---- what counts as an answer ---- */

enum judge {
	ANY_CONFIG = 1,
	SAME_CONFIG,
	FOUND_CONFIG,
	QUIET_CONFIG,
	LIVE_CONFIG,
	SELF_TEST,
	LINES,
	LOOP,
	LOOPED,
	AUX_ON,
};

/* The byte read first may have been a key's, twice the same one: with the ports off it is read
 * once more, and counts if more than the ports differs. */
static port_verdict_t judge_found(ps2_t *ps2, uint8_t byte)
{
	ps2_state_t *state = turn_edit(&ps2->turn);
	if (!state->config_known)
		state->found =
		    (byte ^ ps2->config) & (uint8_t)~CONFIG_PORTS ? byte : ps2->config;
	state->config_known = true;
	return PORT_GOOD;
}

/* The switches must hold; without translation the keyboard's own set 2 is decoded. */
static port_verdict_t judge_written(ps2_t *ps2, uint8_t wanted, uint8_t byte)
{
	if ((byte ^ wanted) & CONFIG_CHECKED)
		return PORT_BAD;
	scan_init(&turn_edit(&ps2->turn)->scan,
		  byte & I8042_CONFIG_TRANSLATE ? SCAN_SET1 : SCAN_SET2);
	return PORT_GOOD;
}

static port_verdict_t judge_self_test(ps2_t *ps2, uint8_t byte)
{
	if (byte == I8042_SELF_TEST_GOOD)
		return PORT_GOOD;
	if (byte != I8042_SELF_TEST_BAD)
		return PORT_OTHER;
	ps2->turn.stats.self_test_failures++;
	return PORT_BAD;
}

/* Whether there is a second port: a byte looped through it comes back as its own. */
static port_verdict_t judge_loop(ps2_t *ps2, uint8_t status, uint8_t byte)
{
	if (byte != PS2_LOOP_BYTE)
		return PORT_OTHER;
	if (!(status & I8042_STATUS_AUX))
		turn_edit(&ps2->turn)->aux = false;
	return PORT_GOOD;
}

port_verdict_t ps2_judge(ps2_t *ps2, const program_row_t *row, uint8_t status, uint8_t byte)
{
	if (row->mask == LOOP)
		return judge_loop(ps2, status, byte);
	if (row->mask == LOOPED)
		return status & I8042_STATUS_AUX ? PORT_GOOD : PORT_OTHER;
	if (status & I8042_STATUS_AUX)
		return PORT_OTHER;
	switch (row->mask) {
	case ANY_CONFIG:
		ps2->config = byte;
		return PORT_GOOD;
	case SAME_CONFIG:
		return byte == ps2->config ? PORT_GOOD : PORT_BAD;
	case FOUND_CONFIG:
		return judge_found(ps2, byte);
	case QUIET_CONFIG:
		return judge_written(ps2, I8042_CONFIG_SYSTEM | CONFIG_PORTS, byte);
	case LIVE_CONFIG:
		return byte == ps2_live_config(turn_state(&ps2->turn)) ? PORT_GOOD : PORT_OTHER;
	case SELF_TEST:
		return judge_self_test(ps2, byte);
	case AUX_ON:
		if (byte & I8042_CONFIG_AUX_OFF)
			turn_edit(&ps2->turn)->aux = false;
		return PORT_GOOD;
	default: /* LINES: advisory, some machines fail it and work */
		if (byte != I8042_TEST_LINES_GOOD)
			ps2->turn.stats.self_test_failures++;
		return PORT_GOOD;
	}
}

/* ---- programs ---- */

enum label { READ = 1, TEST, WRITE, NO_LINES, NO_LOOP, AUX, NO_AUX_LINES, NO_MOUSE, GO, DONE };

#define COMMAND(command) .op = OP_COMMAND, .value = (command)
#define CONFIG(which)	 .op = OP_CONFIG, .where = (which)
#define FLUSH(otherwise) .op = OP_FLUSH, .error = (otherwise)
#define REPLY(judge)	 .op = OP_REPLY, .mask = (judge), .limit_ms = PS2_REPLY_MS
#define END		 .op = PROGRAM_END
/* Sends a byte round the second port. */
#define LOOP_OF(byte, judge)                                                                   \
	{COMMAND(I8042_CMD_LOOP_AUX)}, {.op = OP_DATA, .value = (byte)},                       \
	{                                                                                      \
		REPLY(judge), .otherwise = NO_LOOP                                             \
	}

static const program_row_t probe_rows[] = {{FLUSH(DRV_ENODEV)}, {END}};

static const program_row_t cold_rows[] = {
    {FLUSH(DRV_ENODEV), .state = PS2_RESET},
    /* Read twice: a byte of a device would otherwise be taken for the configuration. */
    {.label = READ, COMMAND(I8042_CMD_READ_CONFIG)},
    {REPLY(ANY_CONFIG), .again = READ, .tries = PS2_TRIES},
    {COMMAND(I8042_CMD_READ_CONFIG)},
    {REPLY(SAME_CONFIG), .again = READ, .tries = PS2_TRIES},
    {COMMAND(I8042_CMD_DISABLE_KBD)},
    {COMMAND(I8042_CMD_DISABLE_AUX)},
    {FLUSH(DRV_ENODEV)},
    {COMMAND(I8042_CMD_READ_CONFIG)},
    {REPLY(FOUND_CONFIG)},
    {COMMAND(I8042_CMD_WRITE_CONFIG), .state = PS2_SELF_TEST},
    {CONFIG(QUIET)},
    {.label = TEST, COMMAND(I8042_CMD_SELF_TEST)},
    {REPLY(SELF_TEST), .again = TEST, .tries = PS2_TRIES},
    {.label = WRITE, COMMAND(I8042_CMD_WRITE_CONFIG), .state = PS2_CONFIG},
    {CONFIG(QUIET)},
    {COMMAND(I8042_CMD_READ_CONFIG)},
    {REPLY(QUIET_CONFIG), .again = WRITE, .tries = PS2_TRIES},
    {COMMAND(I8042_CMD_TEST_KEYBOARD)},
    {REPLY(LINES), .otherwise = NO_LINES},
    {.label = NO_LINES, .op = OP_IF_MOUSE, .otherwise = NO_MOUSE},
    LOOP_OF(PS2_LOOP_BYTE, LOOP),
    /* Only where that works: else these would be the keyboard's. */
    LOOP_OF(I8042_PLAIN_1, LOOPED),
    LOOP_OF(I8042_PLAIN_2, LOOPED),
    LOOP_OF(I8042_PLAIN_3, LOOPED),
    {.label = NO_LOOP, COMMAND(I8042_CMD_ENABLE_AUX)},
    {COMMAND(I8042_CMD_READ_CONFIG)},
    {REPLY(AUX_ON), .otherwise = AUX},
    {.label = AUX, COMMAND(I8042_CMD_DISABLE_AUX)},
    {.op = OP_IF_MOUSE, .otherwise = NO_MOUSE},
    {COMMAND(I8042_CMD_TEST_AUX)},
    {REPLY(LINES), .otherwise = NO_AUX_LINES},
    {.label = NO_AUX_LINES, COMMAND(I8042_CMD_ENABLE_AUX)},
    {.label = NO_MOUSE, COMMAND(I8042_CMD_ENABLE_KBD)},
    {.label = GO, COMMAND(I8042_CMD_WRITE_CONFIG)},
    {CONFIG(LIVE)},
    /* If it does not hold, interrupts may be missing: then bytes are looked for. */
    {COMMAND(I8042_CMD_READ_CONFIG)},
    {REPLY(LIVE_CONFIG), .again = GO, .tries = PS2_TRIES, .otherwise = DONE},
    {.label = DONE, END, .value = true, .state = PS2_STREAMING},
};

static const program_row_t quiesce_rows[] = {
    {COMMAND(I8042_CMD_DISABLE_KBD)},
    {COMMAND(I8042_CMD_DISABLE_AUX)},
    {COMMAND(I8042_CMD_WRITE_CONFIG)},
    {CONFIG(QUIET)},
    {END},
};

/* What a device has to say stays there: it is for whoever starts next. */
static const program_row_t stop_rows[] = {
    {COMMAND(I8042_CMD_WRITE_CONFIG)},
    {CONFIG(FOUND)},
    {END},
};

/* No configuration was ever read. */
static const program_row_t stop_unknown_rows[] = {
    {COMMAND(I8042_CMD_DISABLE_KBD)},
    {COMMAND(I8042_CMD_DISABLE_AUX)},
    {END},
};

const program_table_t ps2_probe = {PROGRAM_ROWS(probe_rows)},
		      ps2_cold = {PROGRAM_ROWS(cold_rows)},
		      ps2_quiesce = {PROGRAM_ROWS(quiesce_rows)},
		      ps2_stop = {PROGRAM_ROWS(stop_rows)},
		      ps2_stop_unknown = {PROGRAM_ROWS(stop_unknown_rows)};
