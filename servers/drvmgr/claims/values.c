/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads numbers of a proven text into their targets (texts.c: words and names). Knows types
 * and bounds, which come from the field's row, but no field. */
#include "claims/reader.h"

#include "cap/string.h"

static void store_at(target_t target, size_t offset, uint32_t value)
{
	memcpy(target.base + offset, &value, sizeof(value));
}

static void store(target_t target, uint32_t value)
{
	store_at(target, target.field->offset, value);
}

#define TOO_LARGE ((uint64_t)UINT32_MAX + 1)

/* Digits of base 10 or 16 up to `end`; a number that does not fit is TOO_LARGE, which is
 * outside all bounds. False: no number. */
static bool parse_digits(const char *text, size_t at, size_t end, uint32_t base,
			 uint64_t *value)
{
	if (at == end)
		return false;
	*value = 0;
	for (; at < end; at++) {
		uint32_t digit = (unsigned char)text[at];
		if (digit >= '0' && digit <= '9')
			digit -= '0';
		else if ((digit | 0x20u) >= 'a' && (digit | 0x20u) <= 'f')
			digit = (digit | 0x20u) - 'a' + 10;
		else
			return false;
		if (digit >= base)
			return false;
		*value = *value * base + digit;
		if (*value > TOO_LARGE)
			*value = TOO_LARGE;
	}
	return true;
}

/* Bounds are told in the base in which the number is written. */
static void store_bounded(manifest_reader_t *reader, target_t target, uint32_t token,
			  uint64_t value, bool negative)
{
	char shown[LEXEME_SHOWN];
	const field_t *field = target.field;
	bool hex = reader->json.tokens[token].type == JSMN_STRING;
	if (negative || value < field->min || value > field->max)
		reader_report(reader, token,
			      hex ? "%s is outside 0x%x..0x%x" : "%s is outside %u..%u",
			      reader_lexeme(reader, token, shown), field->min, field->max);
	else
		store(target, (uint32_t)value);
}

void read_integer(manifest_reader_t *reader, target_t target, uint32_t token)
{
	const jsmntok_t *number = &reader->json.tokens[token];
	const char *text = reader->json.text;
	char shown[LEXEME_SHOWN];
	size_t at = (size_t)number->start;
	bool negative = text[at] == '-';
	uint64_t value;
	if (number->type == JSMN_STRING && target.field->later &&
	    json_is(&reader->json, token, target.field->later))
		reader_report(reader, token, "\"%s\" is not supported by this version",
			      target.field->later);
	else if (number->type != JSMN_PRIMITIVE)
		reader_report(reader, token, "an integer is expected");
	else if (parse_digits(text, at + negative, (size_t)number->end, 10, &value))
		store_bounded(reader, target, token, value, negative);
	else
		reader_report(reader, token, "%s is not an integer",
			      reader_lexeme(reader, token, shown));
}

#define HEX_DIGITS_MAX 8u

void read_address(manifest_reader_t *reader, target_t target, uint32_t token)
{
	const jsmntok_t *value = &reader->json.tokens[token];
	const char *text = reader->json.text + value->start;
	size_t length = (size_t)(value->end - value->start);
	uint64_t address;
	if (value->type != JSMN_STRING) {
		read_integer(reader, target, token);
		return;
	}
	store_at(target, target.field->hex, true);
	if (length >= 2 && text[0] == '0' && text[1] == 'x' &&
	    parse_digits(text, 2, length, 16, &address) &&
	    (length <= 2 + HEX_DIGITS_MAX || address == TOO_LARGE))
		store_bounded(reader, target, token, address, false);
	else
		reader_report(reader, token,
			      "an integer or a string like \"0x60\" is expected");
}

void read_flag(manifest_reader_t *reader, target_t target, uint32_t token)
{
	char first = reader->json.text[reader->json.tokens[token].start];
	bool is_flag = reader->json.tokens[token].type == JSMN_PRIMITIVE;
	if (!is_flag || (first != 't' && first != 'f'))
		reader_report(reader, token, "true or false is expected");
	else if (first == 't' && target.field->max == 0)
		reader_report(reader, token, "true is not supported by this version");
	else
		store(target, first == 't');
}

/* Bytes of a width that is written in bits, or 0: none of 8, 16 and 32. */
static uint32_t parse_width(const json_t *json, uint32_t token)
{
	const jsmntok_t *number = &json->tokens[token];
	uint64_t bits = 0;
	bool good =
	    number->type == JSMN_PRIMITIVE &&
	    parse_digits(json->text, (size_t)number->start, (size_t)number->end, 10, &bits);
	return good && (bits == 8 || bits == 16 || bits == 32) ? (uint32_t)bits / 8 : 0;
}

void read_width(manifest_reader_t *reader, target_t target, uint32_t token)
{
	uint32_t bytes = parse_width(&reader->json, token);
	if (bytes == 0)
		reader_report(reader, token, "8, 16 or 32 is expected");
	else
		store(target, bytes);
}

void read_widths(manifest_reader_t *reader, target_t target, uint32_t token)
{
	if (!reader_expect_array(reader, token))
		return;
	uint32_t widths = 0;
	uint32_t behind = json_behind(&reader->json, token);
	for (uint32_t at = token + 1; at < behind; at = json_behind(&reader->json, at)) {
		uint32_t width = parse_width(&reader->json, at);
		if (width == 0 || (widths & width))
			reader_report(reader, at,
				      "8, 16 and 32 are expected, each at most once");
		widths |= width;
	}
	if (behind == token + 1)
		reader_report(reader, token, "at least one width is expected");
	store(target, widths);
}

void read_digest(manifest_reader_t *reader, target_t target, uint32_t token)
{
	const jsmntok_t *value = &reader->json.tokens[token];
	digest_t *digest = (digest_t *)(void *)(target.base + target.field->offset);
	size_t start = (size_t)value->start, end = (size_t)value->end;
	bool good = value->type == JSMN_STRING && end - start == 2 * SHA256_SIZE;
	for (size_t i = 0; good && i < SHA256_SIZE; i++) {
		uint64_t byte;
		size_t at = start + 2 * i;
		good = parse_digits(reader->json.text, at, at + 2, 16, &byte);
		if (good)
			digest->bytes[i] = (uint8_t)byte;
	}
	digest->present = good;
	if (!good)
		reader_report(reader, token, "64 hexadecimal digits in quotes are expected");
}
