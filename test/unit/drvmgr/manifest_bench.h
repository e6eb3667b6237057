/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests that read manifests: parsing one, and what was found wrong with it. */
#ifndef MANIFEST_BENCH_H
#define MANIFEST_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claims/manifest.h"

#define FILE_NAME    "d.drv.json"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static manifest_reader_t reader;
static manifest_errors_t errors;
static manifest_t manifest;

static inline err_t parse(const char *text)
{
	return manifest_parse(&reader, FILE_NAME, text, strlen(text), &manifest, &errors);
}

/* A good manifest with `more` members. */
static inline err_t parse_with(const char *more)
{
	char text[JSON_SIZE_MAX];
	snprintf(text, sizeof(text), "{\"name\":\"d\",\"abi\":1%s%s}", *more ? "," : "", more);
	return parse(text);
}

static inline err_t parse_caps(const char *kind, const char *list)
{
	char more[JSON_SIZE_MAX / 2];
	snprintf(more, sizeof(more), "\"caps\":{\"%s\":%s}", kind, list);
	return parse_with(more);
}

/* The part of an error line behind "FILE:LINE:COLUMN: ". */
static inline const char *what(uint32_t index)
{
	const char *found = index < errors.count ? strstr(errors.lines[index], ": ") : NULL;
	return found ? found + 2 : "(no error)";
}

static inline bool has_error(const char *text)
{
	for (uint32_t i = 0; i < errors.count; i++)
		if (strcmp(what(i), text) == 0)
			return true;
	return false;
}

typedef struct refusal {
	const char *more, *error;
} refusal_t;

static inline void expect_refusals(const refusal_t *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		memset(&manifest, 0x5a, sizeof(manifest));
		if (parse_with(rows[i].more) != DRV_EFORMAT)
			fail_msg("accepted: %s", rows[i].more);
		if (!has_error(rows[i].error) || errors.count != 1)
			fail_msg("%s: %u errors: %s", rows[i].more, errors.count, what(0));
		assert_int_equal((unsigned char)manifest.name[0], 0x5a);
	}
}

#endif
