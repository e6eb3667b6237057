/* SPDX-License-Identifier: BSD-2-Clause */
/* The door of the manifest room: proof, reading, checks, in this order. */
#include "claims/manifest.h"

#include "cap/format.h"
#include "cap/string.h"
#include "claims/reader.h"

#define FILE_SHOWN 64 /* characters of a file's name in an error */

/* The next line, or null: there is no room. */
static char *next_line(manifest_errors_t *errors)
{
	if (errors->count < MANIFEST_ERRORS_MAX)
		return errors->lines[errors->count++];
	errors->dropped++;
	return NULL;
}

void manifest_note(manifest_errors_t *errors, const char *file, const char *text, ...)
{
	char *line = next_line(errors);
	if (!line)
		return;
	size_t used = format(line, MANIFEST_ERROR_SIZE, "%.*s: ", FILE_SHOWN, file);
	va_list args;
	va_start(args, text);
	format_v(line + used, MANIFEST_ERROR_SIZE - used, text, args);
	va_end(args);
}

void manifest_error(manifest_errors_t *errors, const char *file, place_t place,
		    const char *text, ...)
{
	char *line = next_line(errors);
	if (!line)
		return;
	size_t used = format(line, MANIFEST_ERROR_SIZE, "%.*s:%u:%u: ", FILE_SHOWN, file,
			     place.line, place.column);
	va_list args;
	va_start(args, text);
	format_v(line + used, MANIFEST_ERROR_SIZE - used, text, args);
	va_end(args);
}

static void report_json(const json_t *json, const char *file, manifest_errors_t *errors)
{
	for (uint32_t i = 0; i < json->failure_count; i++) {
		place_t place;
		json_position(json->text, json->failures[i].at, &place.line, &place.column);
		manifest_error(errors, file, place, "%s", json->failures[i].text);
	}
}

err_t manifest_parse(manifest_reader_t *reader, const char *file, const char *text, size_t size,
		     manifest_t *out, manifest_errors_t *errors)
{
	errors->count = 0;
	errors->dropped = 0;
	reader->errors = errors;
	reader->file = file;
	reader->path_length = 0;
	json_prove(&reader->json, text, size);
	report_json(&reader->json, file, errors);
	if (reader->json.count > 0) {
		reader_run(reader);
		check_run(reader);
	}
	if (errors->count > 0)
		return DRV_EFORMAT;
	memcpy(out, &reader->draft, sizeof(*out));
	return DRV_OK;
}

uint32_t manifest_abi(const manifest_t *manifest, uint32_t binary_min, uint32_t binary_max)
{
	uint32_t low = manifest->abi.min > binary_min ? manifest->abi.min : binary_min;
	uint32_t high = manifest->abi.max < binary_max ? manifest->abi.max : binary_max;
	if (low < DRIVER_ABI_MIN)
		low = DRIVER_ABI_MIN;
	if (high > DRIVER_ABI_MAX)
		high = DRIVER_ABI_MAX;
	return low <= high ? high : 0;
}

bool manifest_lists(const name_list_t *list, const char *name)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], name) == 0)
			return true;
	return false;
}

bool manifest_uses(const manifest_t *manifest, const char *name)
{
	return manifest_lists(&manifest->uses, name) || manifest_lists(&manifest->needs, name);
}
