/* SPDX-License-Identifier: BSD-2-Clause */
/* The door of the manifest room: proof, reading, checks, in this order. */
#include "claims/manifest.h"

#include "cap/format.h"
#include "cap/string.h"
#include "claims/reader.h"

#define NOWHERE UINT32_MAX

static bool is_before(place_t a, place_t b)
{
	return a.line != b.line ? a.line < b.line : a.column < b.column;
}

bool manifest_is_beyond(const manifest_errors_t *errors, place_t place)
{
	return errors->count == MANIFEST_ERRORS_MAX &&
	       !is_before(place, errors->places[MANIFEST_ERRORS_MAX - 1]);
}

/* The line for an error at `place`: errors stand in the order of their places, those of one
 * place in the order in which they were found. Null: all that is held comes before it, and
 * there is no room. */
static char *make_line(manifest_errors_t *errors, place_t place)
{
	uint32_t at = errors->count;
	if (manifest_is_beyond(errors, place)) {
		errors->dropped++;
		return NULL;
	}
	while (at > 0 && is_before(place, errors->places[at - 1]))
		at--;
	if (errors->count < MANIFEST_ERRORS_MAX)
		errors->count++;
	else
		errors->dropped++;
	uint32_t behind = errors->count - 1 - at;
	memmove(errors->lines[at + 1], errors->lines[at], behind * sizeof(errors->lines[0]));
	memmove(&errors->places[at + 1], &errors->places[at], behind * sizeof(place_t));
	errors->places[at] = place;
	return errors->lines[at];
}

void manifest_note(manifest_errors_t *errors, const char *file, const char *text, ...)
{
	char *line = make_line(errors, (place_t){NOWHERE, NOWHERE});
	if (!line)
		return;
	size_t used = format(line, MANIFEST_ERROR_SIZE, "%.*s: ", MANIFEST_FILE_SHOWN, file);
	va_list args;
	va_start(args, text);
	format_v(line + used, MANIFEST_ERROR_SIZE - used, text, args);
	va_end(args);
}

void manifest_error(manifest_errors_t *errors, const char *file, place_t place,
		    const char *text, ...)
{
	char *line = make_line(errors, place);
	if (!line)
		return;
	size_t used = format(line, MANIFEST_ERROR_SIZE, "%.*s:%u:%u: ", MANIFEST_FILE_SHOWN,
			     file, place.line, place.column);
	va_list args;
	va_start(args, text);
	format_v(line + used, MANIFEST_ERROR_SIZE - used, text, args);
	va_end(args);
}

static void report_json(manifest_reader_t *reader)
{
	const json_t *json = &reader->json;
	for (uint32_t i = 0; i < json->failure_count; i++)
		manifest_error(reader->errors, reader->file,
			       reader_place_of(reader, json->failures[i].at), "%s",
			       json->failures[i].text);
}

err_t manifest_parse(manifest_reader_t *reader, const char *file, const char *text, size_t size,
		     manifest_t *out, manifest_errors_t *errors)
{
	errors->count = 0;
	errors->dropped = 0;
	reader->errors = errors;
	reader->file = file;
	reader->path_length = 0;
	reader->position = (json_position_t){0};
	json_prove(&reader->json, text, size);
	report_json(reader);
	if (reader->json.count > 0) {
		reader_run(reader);
		check_run(reader);
	}
	if (errors->count > 0)
		return DRV_EFORMAT;
	memcpy(out, &reader->draft, sizeof(*out));
	return DRV_OK;
}

/* How much of the text fits into `room` bytes, up to the end of a word. */
static size_t whole_words(const char *text, size_t room)
{
	size_t length = room;
	while (length && text[length] != ' ')
		length--;
	return length ? length : room;
}

void manifest_brief(const manifest_errors_t *errors, const char *file, char *text, size_t size)
{
	char more[40] = "";
	size_t shown = strlen(file);
	const char *what =
	    errors->lines[0] + (shown < MANIFEST_FILE_SHOWN ? shown : MANIFEST_FILE_SHOWN) + 1;
	uint32_t others = errors->count + errors->dropped - 1;
	what += *what == ' ';
	size_t length = strlen(what), room = size - sizeof(more);
	if (others)
		format(more, sizeof(more), " (and %u more in the log)", others);
	if (length + strlen(more) < size)
		format(text, size, "%s%s", what, more);
	else
		format(text, size, "%.*s...%s", (int)whole_words(what, room), what,
		       others ? more : " (all of it in the log)");
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

/* The name's place in the list; its count if it is not there. */
static uint32_t place_in(const name_list_t *list, const char *name)
{
	uint32_t i = 0;
	while (i < list->count && strcmp(list->items[i], name) != 0)
		i++;
	return i;
}

bool manifest_lists(const name_list_t *list, const char *name)
{
	return place_in(list, name) < list->count;
}

uint32_t manifest_place(const manifest_t *manifest, const char *name)
{
	uint32_t used = place_in(&manifest->uses, name);
	uint32_t needed = place_in(&manifest->needs, name);
	if (used < manifest->uses.count)
		return used;
	return needed < manifest->needs.count ? MANIFEST_NAMES_MAX + needed : MANIFEST_PLACES;
}

bool manifest_uses(const manifest_t *manifest, const char *name)
{
	return manifest_place(manifest, name) < MANIFEST_PLACES;
}

bool manifest_uses_driver(const manifest_t *manifest, const manifest_t *other)
{
	for (uint32_t i = 0; i < other->provides.count; i++)
		if (manifest_uses(manifest, other->provides.items[i]))
			return true;
	return manifest_uses(manifest, other->name);
}
