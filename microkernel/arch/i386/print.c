/* SPDX-License-Identifier: BSD-2-Clause */
/* Text on the early console, and the end of everything. */
#include "base/print.h"

#include <stdarg.h>

#include "arch/i386/i386.h"
#include "base/assert.h"

static void put_text(const char *text)
{
	while (*text)
		arch_console_put(*text++);
}

static void put_number(uint32_t value, uint32_t base)
{
	char digits[11];
	uint32_t at = sizeof(digits) - 1;
	digits[at] = '\0';
	do {
		digits[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	put_text(&digits[at]);
}

void print(const char *text, ...)
{
	va_list args;
	va_start(args, text);
	for (; *text; text++) {
		if (*text != '%') {
			arch_console_put(*text);
			continue;
		}
		text++;
		if (*text == 's')
			put_text(va_arg(args, const char *));
		else if (*text == 'u' || *text == 'x')
			put_number(va_arg(args, unsigned), *text == 'u' ? 10 : 16);
		else
			arch_console_put(*text);
	}
	va_end(args);
}

void panic(const char *reason)
{
	interrupts_off();
	print("\nkernel panic: %s\n", reason);
	print("called from 0x%x", (uint32_t)__builtin_return_address(0));
	if (main_tss.esp0) /* a thread has run */
		print("; thread frame at 0x%x, directory 0x%x",
		      main_tss.esp0 - (uint32_t)sizeof(arch_frame_t), main_tss.cr3);
	print("\n");
	for (;;)
		halt();
}
