/* SPDX-License-Identifier: BSD-2-Clause */
/* The pieces of death.h. */
#include "doors/death.h"

#include "cap/string.h"
#include "doors/verbs.h"
#include "report/backtrace.h"

/* What is read, and where a piece of it begins. */
typedef struct source {
	const void *at;
	uint32_t bytes;
} source_t;

static int32_t copy(const source_t *source, uint32_t from, void *to)
{
	uint32_t left = from < source->bytes ? source->bytes - from : 0;
	uint32_t bytes = left < MANAGER_TEXT_MAX ? left : MANAGER_TEXT_MAX;
	memcpy(to, (const char *)source->at + (bytes ? from : 0), bytes);
	return (int32_t)bytes;
}

static int32_t read_lines(request_t *request, uint32_t index, void *to)
{
	death_line_t lines[DEATH_LINES];
	uint32_t count = store_lines(request->manager->deaths, index, lines);
	request->value = count ? lines[0].number : 0;
	return copy(&(source_t){lines, count * (uint32_t)sizeof(lines[0])},
		    DEATH_PIECE_AT(request->word1), to);
}

/* Whether the driver's image is the one that died. Of one without a build id nobody knows. */
static bool is_of(const death_facts_t *facts, const driver_t *driver)
{
	static const uint8_t none[sizeof(facts->build_id)];
	return memcmp(facts->build_id, none, sizeof(none)) != 0 &&
	       memcmp(facts->build_id, driver->build_id, sizeof(none)) == 0;
}

static int32_t read_frames(request_t *request, const driver_t *driver, void *to)
{
	death_frame_t frames[DEATH_FRAMES_MOST];
	symbols_t symbols = {0};
	const store_place_t *place = store_find(request->manager->deaths, driver->index,
						DEATH_PIECE_REPORT(request->word1));
	if (!place)
		return DRV_ENOENT;
	if (is_of(&place->facts, driver))
		symbols_open(driver->image, driver->image_bytes, &symbols);
	uint32_t count = backtrace_make(&place->facts, place->stack, &symbols, frames);
	request->value = place->number;
	return copy(&(source_t){frames, count * (uint32_t)sizeof(frames[0])},
		    DEATH_PIECE_AT(request->word1), to);
}

/* How much of the stack is there, the manager's own memory says: it may be torn. */
static int32_t read_report(request_t *request, uint32_t index, bool stack, void *to)
{
	const store_place_t *place =
	    store_find(request->manager->deaths, index, DEATH_PIECE_REPORT(request->word1));
	if (!place)
		return DRV_ENOENT;
	source_t source = {&place->facts, sizeof(place->facts)};
	if (stack)
		source = (source_t){place->stack, place->facts.stack_bytes};
	if (source.bytes > PAGE_SIZE)
		source.bytes = 0;
	request->value = place->number;
	return copy(&source, DEATH_PIECE_AT(request->word1), to);
}

int32_t death_read(request_t *request, void *to)
{
	const driver_t *driver;
	uint32_t part = DEATH_PIECE_PART(request->word1);
	err_t err = verb_target(request, &driver);
	if (err)
		return err;
	if (part >= DEATH_PARTS)
		return DRV_EINVAL;
	if (!request->manager->deaths)
		return DRV_ENOENT;
	int32_t bytes = part == DEATH_HISTORY ? read_lines(request, driver->index, to)
			: part == DEATH_FRAMES
			    ? read_frames(request, driver, to)
			    : read_report(request, driver->index, part == DEATH_STACK_COPY, to);
	request->bytes = bytes > 0 ? (uint32_t)bytes : 0;
	return bytes;
}
