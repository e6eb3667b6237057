/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines on the first serial port, polled. The root task speaks only when no driver runs: before
 * drvmgr starts, and after it died with everything under it. */
#include "cap/format.h"
#include "hw/ns16550.h"
#include "init.h"

#define LINE_STATUS (NS16550_BASE + NS16550_LINE_STATUS)
#define PATIENCE    100000u
#define LINE_MAX    160u

static cap_t port;

void report_init(void)
{
	const boot_info_t *info = boot_info();
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++)
		if (info->caps[i].type == CAP_PIO &&
		    PIO_SCOPE_FIRST(info->caps[i].scope0) <= NS16550_BASE &&
		    PIO_SCOPE_LAST(info->caps[i].scope0) >= LINE_STATUS)
			port = info->caps[i].cap;
}

static void put(char c)
{
	uint8_t status = 0;
	for (uint32_t i = 0; i < PATIENCE && !(status & NS16550_STATUS_ROOM); i++)
		if (cap_pio_read8(port, LINE_STATUS, &status) != DRV_OK)
			return;
	cap_pio_write8(port, NS16550_BASE, (uint8_t)c);
}

void report(const char *text, ...)
{
	char line[LINE_MAX];
	va_list args;
	va_start(args, text);
	size_t length = format_v(line, sizeof(line), text, args);
	va_end(args);
	for (size_t i = 0; i < length; i++)
		put(line[i]);
	put('\r');
	put('\n');
}
