/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines for the host: "bench WORD ...", on the first serial port, polled. */
#include "bench.h"
#include "cap/format.h"
#include "hw/ns16550.h"

#define PATIENCE  100000u
#define LINE_MAX  200u
#define PER_LINE  16u
#define EXIT_PORT 0xf4u /* isa-debug-exit */

static cap_t port, exit_port;

void report_init(void)
{
	port = find_boot_cap(CAP_PIO, NS16550_BASE);
	exit_port = find_boot_cap(CAP_PIO, EXIT_PORT);
}

static void put(char c)
{
	uint8_t status = 0;
	for (uint32_t i = 0; i < PATIENCE && !(status & NS16550_STATUS_ROOM); i++)
		if (cap_pio_read8(port, NS16550_BASE + NS16550_LINE_STATUS, &status) != DRV_OK)
			return;
	cap_pio_write8(port, NS16550_BASE + NS16550_DATA, (uint8_t)c);
}

static void put_text(const char *text)
{
	while (*text)
		put(*text++);
}

void report(const char *text, ...)
{
	char line[LINE_MAX];
	va_list args;
	va_start(args, text);
	format_v(line, sizeof(line), text, args);
	va_end(args);
	put_text(line);
	put('\n');
}

void report_samples(const char *name)
{
	shared_t *s = shared();
	char number[16];
	for (uint32_t i = 0; i < s->count; i++) {
		if (i % PER_LINE == 0) {
			put_text("bench samples ");
			put_text(name);
		}
		format(number, sizeof(number), " %u", s->samples[i]);
		put_text(number);
		if (i % PER_LINE == PER_LINE - 1 || i == s->count - 1)
			put('\n');
	}
	s->count = 0;
}

void report_probe(const char *name)
{
	shared_t *s = shared();
	report("bench probe %s %u %u %u", name, s->probe[PROBE_YIELD], s->probe[PROBE_DERIVE],
	       s->probe[PROBE_RELEASE]);
	for (uint32_t i = 0; i < PROBES; i++)
		s->probe[i] = 0;
}

void finish(void)
{
	cap_pio_write8(exit_port, EXIT_PORT, 0);
	for (;;)
		thread_exit(0);
}

void fail(const char *what, err_t err)
{
	report("bench failed %s: %s", what, error_name(err));
	finish();
}
