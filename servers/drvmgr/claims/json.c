/* SPDX-License-Identifier: BSD-2-Clause */
/* The proof of json.h: a recursive descent of bounded depth over the grammar of RFC 8259.
 * Every byte is looked at once, keys a second time. */
#include "claims/json.h"

#include "cap/string.h"

#define END_OF_TEXT (-1)
#define CASE_BIT    0x20 /* tells ASCII's lower case letters from the upper */

static bool prove_value(json_t *json, uint32_t depth);

/* The byte `ahead` of the position, 0..255, or END_OF_TEXT. */
static int peek(const json_t *json, size_t ahead)
{
	size_t at = json->at + ahead;
	return at < json->size ? (unsigned char)json->text[at] : END_OF_TEXT;
}

/* Whether the position begins what other languages have and JSON has not, and what to say. */
static const char *foreign(const json_t *json)
{
	int first = peek(json, 0), second = peek(json, 1);
	if (first == '#' || (first == '/' && (second == '/' || second == '*')))
		return "JSON has no comments; a key that starts with x- can hold a text";
	if (first == '\'')
		return "strings and keys are in double quotes";
	return NULL;
}

/* Notes a failure; always false, so that callers can return it. */
static bool fail(json_t *json, size_t at, const char *text)
{
	if (json->failure_count < JSON_FAILURES_MAX)
		json->failures[json->failure_count++] =
		    (json_failure_t){.at = (uint32_t)at, .text = text};
	return false;
}

/* The same where some token is expected: if the text has a foreign one, that is told. */
static bool fail_here(json_t *json, const char *text)
{
	const char *known = foreign(json);
	return fail(json, json->at, known ? known : text);
}

static void skip_space(json_t *json)
{
	for (int c = peek(json, 0); c == ' ' || c == '\t' || c == '\n' || c == '\r';
	     c = peek(json, 0))
		json->at++;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

#define NOT_HEX UINT32_MAX

static uint32_t hex_value(int c)
{
	if (is_digit(c))
		return (uint32_t)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (uint32_t)(c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (uint32_t)(c - 'A' + 10);
	return NOT_HEX;
}

/* A UTF-8 sequence by its lead byte: how long, and which second bytes are not overlong, a
 * surrogate or beyond U+10FFFF (Unicode, table 3-7). */
static const struct utf8_row {
	uint8_t first, last; /* lead bytes */
	uint8_t length;
	uint8_t second_min, second_max;
} utf8_rows[] = {
    {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf}, {0xf0, 0xf0, 4, 0x90, 0xbf},
    {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};
#define UTF8_ROWS (sizeof(utf8_rows) / sizeof(utf8_rows[0]))

/* Length of the valid sequence at the position, or 0. */
static unsigned utf8_length(const json_t *json)
{
	int lead = peek(json, 0);
	for (size_t i = 0; i < UTF8_ROWS; i++) {
		const struct utf8_row *row = &utf8_rows[i];
		if (lead < row->first || lead > row->last)
			continue;
		if (peek(json, 1) < row->second_min || peek(json, 1) > row->second_max)
			return 0;
		for (unsigned n = 2; n < row->length; n++)
			if (peek(json, n) < 0x80 || peek(json, n) > 0xbf)
				return 0;
		return row->length;
	}
	return 0;
}

/* The four hexadecimal digits that are `ahead` of the position, or NOT_HEX. */
static uint32_t peek_hex4(const json_t *json, size_t ahead)
{
	uint32_t value = 0;
	for (size_t i = 0; i < 4; i++) {
		uint32_t digit = hex_value(peek(json, ahead + i));
		if (digit == NOT_HEX)
			return NOT_HEX;
		value = value * 16 + digit;
	}
	return value;
}

/* At a backslash. */
static bool prove_escape(json_t *json)
{
	int kind = peek(json, 1);
	if (kind > 0 && kind != 'u' && strchr("\"\\/bfnrt", kind)) {
		json->at += 2;
		return true;
	}
	if (kind != 'u')
		return fail(json, json->at, "no such escape");
	uint32_t code = peek_hex4(json, 2);
	if (code == NOT_HEX)
		return fail(json, json->at, "four hexadecimal digits must follow \\u");
	if (code >= SURROGATE_LOW && code < SURROGATE_END)
		return fail(json, json->at, "lone low surrogate");
	json->at += 6;
	if (code < SURROGATE_HIGH || code >= SURROGATE_LOW)
		return true;
	bool escaped = peek(json, 0) == '\\' && peek(json, 1) == 'u';
	uint32_t low = escaped ? peek_hex4(json, 2) : NOT_HEX;
	if (low < SURROGATE_LOW || low >= SURROGATE_END)
		return fail(json, json->at - 6, "lone high surrogate");
	json->at += 6;
	return true;
}

/* At an opening quote. */
static bool prove_string(json_t *json)
{
	size_t start = json->at++;
	for (;;) {
		int c = peek(json, 0);
		if (c == END_OF_TEXT)
			return fail(json, start, "this string has no end");
		if (c < ' ')
			return fail(json, json->at, "control character in a string");
		if (c == '"')
			break;
		if (c == '\\') {
			if (!prove_escape(json))
				return false;
			continue;
		}
		unsigned length = c < 0x80 ? 1 : utf8_length(json);
		if (length == 0)
			return fail(json, json->at, "invalid UTF-8");
		json->at += length;
	}
	json->at++;
	return true;
}

static bool prove_digits(json_t *json)
{
	if (!is_digit(peek(json, 0)))
		return fail(json, json->at, "a digit is expected");
	while (is_digit(peek(json, 0)))
		json->at++;
	return true;
}

static bool prove_number(json_t *json)
{
	if (peek(json, 0) == '-')
		json->at++;
	if (peek(json, 0) == '0' && (peek(json, 1) | CASE_BIT) == 'x')
		return fail(json, json->at,
			    "a hexadecimal number must be in quotes, like \"0x3f8\"");
	if (peek(json, 0) == '0' && is_digit(peek(json, 1)))
		return fail(json, json->at, "a number must not start with 0");
	if (!prove_digits(json))
		return false;
	if (peek(json, 0) == '.') {
		json->at++;
		if (!prove_digits(json))
			return false;
	}
	if (peek(json, 0) == 'e' || peek(json, 0) == 'E') {
		json->at++;
		if (peek(json, 0) == '+' || peek(json, 0) == '-')
			json->at++;
		return prove_digits(json);
	}
	return true;
}

static bool prove_literal(json_t *json, const char *literal)
{
	for (size_t i = 0; literal[i]; i++)
		if (peek(json, i) != literal[i])
			return fail_here(json, "a value is expected");
	json->at += strlen(literal);
	return true;
}

/* FNV-1a over the decoded characters of the string whose opening quote is at `at`. */
static uint32_t key_hash(const char *text, size_t at)
{
	uint32_t hash = 2166136261u;
	for (at++; text[at] != '"';)
		hash = (hash ^ json_character(text, &at)) * 16777619u;
	return hash;
}

static bool same_key(const char *text, size_t a, size_t b)
{
	a++;
	b++;
	while (text[a] != '"' && text[b] != '"')
		if (json_character(text, &a) != json_character(text, &b))
			return false;
	return text[a] == text[b];
}

/* Notes a proven key of the object at `depth`. A duplicate is told, but is not the end. */
static bool note_key(json_t *json, uint32_t depth, uint32_t known, size_t at)
{
	json_key_t *keys = json->keys[depth - 1];
	if (known == JSON_KEYS_MAX)
		return fail(json, at, "more than 64 keys in one object");
	keys[known] = (json_key_t){.hash = key_hash(json->text, at), .at = (uint32_t)at};
	for (uint32_t i = 0; i < known; i++) {
		if (keys[i].hash == keys[known].hash && same_key(json->text, keys[i].at, at)) {
			fail(json, at, "this key is here twice");
			break;
		}
	}
	return true;
}

static bool count_value(json_t *json)
{
	if (json->values == JSON_VALUES_MAX)
		return fail(json, json->at, "more than 1024 values");
	json->values++;
	return true;
}

static bool prove_member(json_t *json, uint32_t depth, uint32_t known)
{
	size_t at = json->at;
	if (peek(json, 0) != '"')
		return fail_here(json, peek(json, 0) == '}' ? "nothing follows the comma"
							    : "a key in quotes is expected");
	if (!count_value(json) || !prove_string(json) || !note_key(json, depth, known, at))
		return false;
	skip_space(json);
	if (peek(json, 0) != ':')
		return fail_here(json, "a colon is expected");
	json->at++;
	return prove_value(json, depth);
}

/* At an opening brace or bracket, which is at `depth` (from 1). */
static bool prove_container(json_t *json, uint32_t depth)
{
	bool object = peek(json, 0) == '{';
	int close = object ? '}' : ']';
	if (depth > JSON_DEPTH_MAX)
		return fail(json, json->at, "nested deeper than 6");
	json->at++;
	skip_space(json);
	if (peek(json, 0) == close) {
		json->at++;
		return true;
	}
	for (uint32_t known = 0;; known++) {
		skip_space(json);
		if (!(object ? prove_member(json, depth, known) : prove_value(json, depth)))
			return false;
		if (peek(json, 0) == close)
			break;
		if (peek(json, 0) != ',')
			return fail_here(json, object ? "a comma or } is expected"
						      : "a comma or ] is expected");
		json->at++;
	}
	json->at++;
	return true;
}

/* A value with the space around it, inside `depth` containers. */
static bool prove_value(json_t *json, uint32_t depth)
{
	skip_space(json);
	if (!count_value(json))
		return false;
	bool good;
	int c = peek(json, 0);
	if (c == '{' || c == '[')
		good = prove_container(json, depth + 1);
	else if (c == '"')
		good = prove_string(json);
	else if (c == '-' || is_digit(c))
		good = prove_number(json);
	else if (c == 't')
		good = prove_literal(json, "true");
	else if (c == 'f')
		good = prove_literal(json, "false");
	else
		good = prove_literal(json, "null");
	skip_space(json);
	return good;
}

/* What is no text of JSON: a program, which was given in place of its manifest, or a byte order
 * mark (Unicode, 23.8), which RFC 8259, 8.1 forbids. Null: neither. */
static const char *no_text(const json_t *json)
{
	int first = peek(json, 0), second = peek(json, 1);
	if (first == 0x7f && second == 'E' && peek(json, 2) == 'L' && peek(json, 3) == 'F')
		return "an ELF file, no manifest";
	if (first == 0xef && second == 0xbb && peek(json, 2) == 0xbf)
		return "a byte order mark; the file must begin with the text itself";
	if ((first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff))
		return "a byte order mark of UTF-16; the file must be UTF-8 without one";
	return NULL;
}

static bool prove_text(json_t *json)
{
	const char *none = no_text(json);
	if (none)
		return fail(json, 0, none);
	if (json->size > JSON_SIZE_MAX)
		return fail(json, 0, "longer than 8192 bytes");
	skip_space(json);
	if (peek(json, 0) != '{' && peek(json, 0) != '[')
		return fail_here(json, "an object is expected");
	if (!prove_value(json, 0))
		return false;
	if (json->at != json->size)
		return fail_here(json, "bytes after the end");
	return true;
}

bool json_prove(json_t *json, const char *text, size_t size)
{
	json->failure_count = 0;
	json->count = 0;
	json->values = 0;
	json->text = text;
	json->size = size;
	json->at = 0;
	if (!prove_text(json))
		return false;
	jsmn_parser parser;
	jsmn_init(&parser);
	int count = jsmn_parse(&parser, text, size, json->tokens, JSON_VALUES_MAX);
	if (count != (int)json->values)
		return fail(json, 0, "the tokeniser disagrees with the proof");
	json->count = json->values;
	return json->failure_count == 0;
}
