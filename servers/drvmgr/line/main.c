/* SPDX-License-Identifier: BSD-2-Clause */
/* The server of the second serial line: commands from a program on another machine, as
 * abi/protocol/line.h has them. It is Absent where the line's driver is, shares nothing with
 * the prompt, and waits for nobody but the manager. */
#include "answer.h"
#include "cap/driver.h"
#include "cap/link.h"
#include "cap/manager.h"
#include "cap/string.h"

#define SIGNAL_WIRE 0u
#define RETRY_MS    50u
#define LOOK_MS	    5u	 /* until it is known whether there is a line */
#define LIMIT_MS    100u /* the driver stands above it */
#define READ_BYTES  64u
#define TURN_READS  16u /* then the event loop has a look */

static link_t wire = {.name = "serial2", .client.limit_ms = LIMIT_MS};
static const char *const path[] = {"serial2", "line", NULL};
static answer_t answer = {.path = path};
static answer_kept_t not_kept;
static frame_reader_t reader;
static bool probing;
static struct {
	size_t at, count;
	uint8_t bytes[LINE_WIRE_MAX];
} out;

/* A frame that is half out is given up for the next one: who asks has asked again. */
static void take(uint8_t byte)
{
	frame_t frame;
	if (!frame_feed(&reader, byte, &frame) || !answer_take(&answer, &frame))
		return;
	out.at = 0;
	out.count = frame_encode(&answer.frame, out.bytes);
}

static void flush(void)
{
	while (out.at < out.count) {
		size_t left = out.count - out.at;
		uint32_t bytes = left < DRIVER_DATA_MAX ? (uint32_t)left : DRIVER_DATA_MAX;
		int32_t taken = link_write(&wire, out.bytes + out.at, bytes);
		if (taken <= 0)
			return;
		out.at += (size_t)taken;
	}
}

static void turn(void)
{
	uint8_t bytes[READ_BYTES];
	int32_t count = 1;
	for (uint32_t i = 0; i < TURN_READS && count > 0; i++) {
		count = link_read(&wire, bytes, sizeof(bytes));
		for (int32_t at = 0; at < count; at++)
			take(bytes[at]);
	}
	flush();
	/* While it has something to send, or no session, it looks by itself. */
	driver_set_timer(count > 0			    ? 0
			 : out.at < out.count || !wire.open ? RETRY_MS
							    : DRIVER_NO_TIMER);
}

static void line_signal(uint32_t bits)
{
	(void)bits;
	turn();
}

/* Where there is no line there is nothing to serve. */
static err_t look(void)
{
	static manager_status_t rows[JOB_ROWS];
	int32_t count = job_list(rows, JOB_ROWS);
	for (int32_t i = 0; i < count; i++) {
		if (strcmp(rows[i].name, wire.name) != 0)
			continue;
		if (rows[i].state == STATE_ABSENT)
			return DRV_ENODEV;
		return rows[i].state == STATE_LOADED || rows[i].state == STATE_PROBING
			   ? DRV_EAGAIN
			   : DRV_OK;
	}
	return DRV_ENODEV;
}

static err_t line_probe(void)
{
	err_t err = look();
	probing = err == DRV_EAGAIN;
	if (probing)
		driver_set_timer(LOOK_MS);
	return err;
}

static void line_timer(void)
{
	if (!probing) {
		turn();
		return;
	}
	err_t err = line_probe();
	if (err != DRV_EAGAIN)
		driver_done(err);
}

static err_t line_init(void)
{
	const DriverContextV2 *context = driver_context();
	bool has = context->shared_cfg && context->shared_cfg_size >= sizeof(answer_kept_t);
	answer.kept = has ? (answer_kept_t *)(uintptr_t)context->shared_cfg : &not_kept;
	return driver_make_signal(SIGNAL_WIRE, &wire.signal);
}

static err_t line_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.probe = line_probe,
					 .init = line_init,
					 .run = line_run,
					 .timer = line_timer,
					 .signal = line_signal};
	return driver_main(&ops);
}
