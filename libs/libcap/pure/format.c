/* SPDX-License-Identifier: BSD-2-Clause */
/* Text formatting of cap/format.h. No system calls; also compiled for the host. */
#include "cap/format.h"

#include "abi/driver_errno.h"
#include "cap/string.h"

#include <stdbool.h>

typedef struct output {
	char *to;
	size_t size; /* bytes of `to` */
	size_t used; /* written, without the NUL; < size unless size is 0 */
} output_t;

typedef struct spec {
	bool left, zero;
	size_t width;
	size_t precision; /* (size_t)-1: none */
} spec_t;

/* How many of so many characters there is room for. */
static size_t room_for(const output_t *out, size_t length)
{
	size_t room = out->size ? out->size - out->used - 1 : 0;
	return length < room ? length : room;
}

static void put_text(output_t *out, const char *text, size_t length)
{
	length = room_for(out, length);
	if (length)
		memcpy(out->to + out->used, text, length);
	out->used += length;
}

static void put_many(output_t *out, char c, size_t count)
{
	count = room_for(out, count);
	if (count)
		memset(out->to + out->used, c, count);
	out->used += count;
}

static void put_padded(output_t *out, const spec_t *spec, const char *text, size_t length)
{
	size_t pad = spec->width > length ? spec->width - length : 0;
	if (!spec->left)
		put_many(out, ' ', pad);
	put_text(out, text, length);
	if (spec->left)
		put_many(out, ' ', pad);
}

static void put_number(output_t *out, const spec_t *spec, unsigned long value, unsigned base,
		       const char *digits, bool negative)
{
	char text[3 * sizeof(value) + 2];
	size_t at = sizeof(text);
	do {
		text[--at] = digits[value % base];
		value /= base;
	} while (value);
	size_t sign = negative ? 1 : 0;
	if (spec->zero && !spec->left && spec->width > sizeof(text) - at + sign) {
		put_many(out, '-', sign);
		put_many(out, '0', spec->width - (sizeof(text) - at) - sign);
		put_text(out, text + at, sizeof(text) - at);
		return;
	}
	if (negative)
		text[--at] = '-';
	put_padded(out, spec, text + at, sizeof(text) - at);
}

static size_t bounded_length(const char *text, size_t most)
{
	size_t length = 0;
	while (length < most && text[length])
		length++;
	return length;
}

/* Reads a decimal number or `*`. */
static const char *parse_number(const char *text, size_t *number, va_list *args)
{
	*number = 0;
	if (*text == '*') {
		int given = va_arg(*args, int);
		*number = given > 0 ? (size_t)given : 0;
		return text + 1;
	}
	for (; *text >= '0' && *text <= '9'; text++)
		*number = *number * 10 + (size_t)(*text - '0');
	return text;
}

/* Performs the conversion at `text` (behind the '%') and returns what follows it. */
static const char *convert(output_t *out, const char *text, va_list *args)
{
	spec_t spec = {.precision = (size_t)-1};
	for (; *text == '-' || *text == '0'; text++) {
		spec.left |= *text == '-';
		spec.zero |= *text == '0';
	}
	text = parse_number(text, &spec.width, args);
	if (*text == '.')
		text = parse_number(text + 1, &spec.precision, args);
	bool wide = false;
	for (; *text == 'l' || *text == 'h' || *text == 'z'; text++)
		wide |= *text != 'h';
	switch (*text) {
	case 's': {
		const char *string = va_arg(*args, const char *);
		if (!string)
			string = "(null)";
		put_padded(out, &spec, string, bounded_length(string, spec.precision));
		break;
	}
	case 'c': {
		char c = (char)va_arg(*args, int);
		put_padded(out, &spec, &c, 1);
		break;
	}
	case 'd':
	case 'i': {
		long value = wide ? va_arg(*args, long) : va_arg(*args, int);
		unsigned long size =
		    value < 0 ? 0ul - (unsigned long)value : (unsigned long)value;
		put_number(out, &spec, size, 10, "0123456789", value < 0);
		break;
	}
	case 'u':
	case 'x':
	case 'X': {
		unsigned long value =
		    wide ? va_arg(*args, unsigned long) : va_arg(*args, unsigned);
		put_number(out, &spec, value, *text == 'u' ? 10 : 16,
			   *text == 'X' ? "0123456789ABCDEF" : "0123456789abcdef", false);
		break;
	}
	case 'p':
		put_number(out, &spec, (unsigned long)va_arg(*args, void *), 16,
			   "0123456789abcdef", false);
		break;
	case '\0':
		return text;
	default:
		put_text(out, text, 1);
	}
	return text + 1;
}

size_t format_v(char *to, size_t size, const char *text, va_list args)
{
	output_t out = {.to = to, .size = size};
	va_list copy;
	va_copy(copy, args);
	while (*text) {
		const char *start = text;
		while (*text && *text != '%')
			text++;
		put_text(&out, start, (size_t)(text - start));
		if (*text)
			text = convert(&out, text + 1, &copy);
	}
	va_end(copy);
	if (size)
		to[out.used] = '\0';
	return out.used;
}

size_t format(char *to, size_t size, const char *text, ...)
{
	va_list args;
	va_start(args, text);
	size_t used = format_v(to, size, text, args);
	va_end(args);
	return used;
}

#define NAME_CASE(name, value, text)                                                           \
	case name:                                                                             \
		return #name;
#define TEXT_CASE(name, value, text)                                                           \
	case name:                                                                             \
		return text;

const char *error_name(int error)
{
	switch (error) {
		DRV_ERRORS(NAME_CASE)
	default:
		return "DRV_?";
	}
}

const char *error_text(int error)
{
	switch (error) {
		DRV_ERRORS(TEXT_CASE)
	default:
		return "unknown error";
	}
}
