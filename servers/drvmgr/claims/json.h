/* SPDX-License-Identifier: BSD-2-Clause */
/* Proves that a text is strict JSON (RFC 8259) before anything is read from it, and splits
 * it into tokens. jsmn does the splitting; it checks little, so it only ever sees a text
 * that was proven. Linear time, bounded depth, no allocation. Knows nothing of manifests. */
#ifndef DRVMGR_JSON_H
#define DRVMGR_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* jsmn's types; its code is compiled in tokens.c alone. */
#define JSMN_HEADER
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#define JSON_SIZE_MAX	  8192u /* bytes of text */
#define JSON_DEPTH_MAX	  6u	/* objects and arrays in one another */
#define JSON_VALUES_MAX	  1024u /* values and keys in a text */
#define JSON_KEYS_MAX	  64u	/* keys in one object */
#define JSON_FAILURES_MAX 32u

/* The halves of a pair of \u (RFC 8259, 7): leading from HIGH on, trailing from LOW on. */
#define SURROGATE_HIGH 0xd800u
#define SURROGATE_LOW  0xdc00u
#define SURROGATE_END  0xe000u

typedef struct json_failure {
	uint32_t at;	  /* byte offset into the text */
	const char *text; /* what is wrong there */
} json_failure_t;

typedef struct json_key {
	uint32_t hash;
	uint32_t at; /* of its opening quote */
} json_key_t;

/* Scratch and result of a proof. After json_prove() the caller may read the failures and
 * `tokens[0 .. count - 1]`, where token 0 is the root value.
 * Invariant J1: count > 0 only if the text is well-formed. */
typedef struct json {
	json_failure_t failures[JSON_FAILURES_MAX];
	uint32_t failure_count;
	uint32_t count;
	jsmntok_t tokens[JSON_VALUES_MAX];
	/* Scratch. */
	const char *text;
	size_t size, at;
	uint32_t values;
	json_key_t keys[JSON_DEPTH_MAX][JSON_KEYS_MAX];
} json_t;

/* True if `text` is strict JSON within the limits above. Its root must be an object or array.
 * A syntax error is the only failure that is told; duplicate keys are told one by one, and
 * then the tokens can be read nevertheless (count > 0). `text` must outlive `json`. */
bool json_prove(json_t *json, const char *text, size_t size);

/* The next character of a proven string, escapes resolved, as a code point; moves *at, an
 * offset inside the string, behind it. */
uint32_t json_character(const char *text, size_t *at);

/* True if the string token `token` spells `text`, which is ASCII. */
bool json_is(const json_t *json, uint32_t token, const char *text);

/* The token behind `token` and all that is inside it; json->count behind the last. */
uint32_t json_behind(const json_t *json, uint32_t token);

/* Byte offset of the first character of a token, the opening quote of a string included. */
size_t json_offset(const json_t *json, uint32_t token);

/* A byte offset with its line and column, both from 1 and in bytes. All zeros: none yet. */
typedef struct json_position {
	size_t at;
	uint32_t line, column;
} json_position_t;

/* Moves to another offset of the same text. Forward is cheap: who asks for many in their order
 * reads the text once. */
void json_go_to(const char *text, size_t at, json_position_t *position);

#endif
