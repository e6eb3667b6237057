/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the manifest room: from tokens to manifest_t by the field tables, and the checks
 * that need more than one field. Other rooms include manifest.h. */
#ifndef DRVMGR_READER_H
#define DRVMGR_READER_H

#include "cap/guess.h"
#include "claims/fields.h"
#include "claims/manifest.h"

/* Reads token 0 of reader->json into reader->draft. Whatever was read without an error has
 * a place with a line other than 0. */
void reader_run(manifest_reader_t *reader);

static inline bool was_read(place_t place)
{
	return place.line != 0;
}

/* Checks reader->draft, skipping what has no place. */
void check_run(manifest_reader_t *reader);

/* Its parts that are about `caps`, and about `safe_state`. */
void check_caps(manifest_reader_t *reader);
void check_safe_state(manifest_reader_t *reader);

/* Where a value goes. */
typedef struct target {
	const field_t *field;
	char *base; /* of the struct that the field is in */
} target_t;

/* Each reads one value, which may be of any type, and stores it or reports an error. */
void read_integer(manifest_reader_t *reader, target_t target, uint32_t token);
void read_address(manifest_reader_t *reader, target_t target, uint32_t token);
void read_flag(manifest_reader_t *reader, target_t target, uint32_t token);
void read_word(manifest_reader_t *reader, target_t target, uint32_t token);
void read_name(manifest_reader_t *reader, target_t target, uint32_t token);
void read_file(manifest_reader_t *reader, target_t target, uint32_t token);
void read_widths(manifest_reader_t *reader, target_t target, uint32_t token);
void read_width(manifest_reader_t *reader, target_t target, uint32_t token);
void read_digest(manifest_reader_t *reader, target_t target, uint32_t token);
void read_names(manifest_reader_t *reader, target_t target, uint32_t token);

/* Errors so far. */
uint32_t reader_errors(const manifest_reader_t *reader);

/* Where a byte of the text, or a token, stands. */
place_t reader_place_of(manifest_reader_t *reader, size_t at);
place_t reader_place(manifest_reader_t *reader, uint32_t token);

/* True, and counted: there is no room for an error there, so its words need not be made. */
bool reader_drops(manifest_reader_t *reader, uint32_t token);

/* Reports "PLACE: path: what"; the root has no path. */
void reader_report(manifest_reader_t *reader, uint32_t token, const char *text, ...)
    __attribute__((format(printf, 3, 4)));

/* Reports "PLACE: path: what; did you mean "GUESS"? Known: KNOWN". */
void reader_report_guess(manifest_reader_t *reader, uint32_t token, const guess_t *guess,
			 const char *known, const char *text, ...)
    __attribute__((format(printf, 5, 6)));

/* Extends the path and returns its old length, for reader_pop(). */
size_t reader_push(manifest_reader_t *reader, const char *text, ...)
    __attribute__((format(printf, 2, 3)));
void reader_pop(manifest_reader_t *reader, size_t old);

/* A token's own text, cut, with nothing in it that could upset a terminal. */
#define LEXEME_SHOWN 32u
const char *reader_lexeme(const manifest_reader_t *reader, uint32_t token,
			  char shown[LEXEME_SHOWN]);

/* True if the token is an array; otherwise that is an error. */
bool reader_expect_array(manifest_reader_t *reader, uint32_t token);

/* True if element `index` of a list may exist; otherwise that is an error. */
bool reader_expect_room(manifest_reader_t *reader, const field_t *field, uint32_t index,
			uint32_t token);

#endif
