/* SPDX-License-Identifier: BSD-2-Clause */
/* Does nothing wrong: when `stream` signals that there is a byte, it reads that and asks
 * something of the screen. Whom `streams` is to harm. */
#include "cap/driver.h"
#include "cap/link.h"

#define TRY_MS 100u

static link_t stream = {.name = "stream"}, screen = {.name = "screen"};

static void relay_signal(uint32_t bits)
{
	char byte;
	(void)bits;
	if (link_read(&stream, &byte, 1) == 1)
		(void)link_seek(&screen, 0);
}

static void relay_timer(void)
{
	if (!stream.open)
		(void)link_open(&stream);
	driver_set_timer(TRY_MS);
}

static err_t relay_run(void)
{
	driver_set_timer(0);
	return driver_make_signal(0, &stream.signal);
}

int main(void)
{
	static const driver_ops_t ops = {
	    .run = relay_run, .timer = relay_timer, .signal = relay_signal};
	return driver_main(&ops);
}
