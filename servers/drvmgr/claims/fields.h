/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest's fields as data. The reader, the JSON Schema and the documentation walk
 * these tables and have no list of fields of their own. */
#ifndef DRVMGR_FIELDS_H
#define DRVMGR_FIELDS_H

#include "claims/manifest.h"

typedef enum field_type {
	FIELD_INTEGER,	/* JSON integer -> uint32_t */
	FIELD_ADDRESS,	/* the same, or "0x60", which sets `hex` */
	FIELD_FLAG,	/* true or false -> uint32_t */
	FIELD_WORD,	/* one of `words` -> uint32_t */
	FIELD_NAME,	/* a driver's or service's name -> char[MANIFEST_NAME_SIZE] */
	FIELD_FILE,	/* a file of the archive -> char[MANIFEST_IMAGE_SIZE] */
	FIELD_WIDTHS,	/* array, subset of 8, 16, 32 -> PIO_WIDTH_… */
	FIELD_WIDTH,	/* one of 8, 16, 32 -> bytes */
	FIELD_DIGEST,	/* 64 hexadecimal digits -> digest_t */
	FIELD_NAMES,	/* array of names -> name_list_t */
	FIELD_OBJECT,	/* `schema` -> struct */
	FIELD_LIST,	/* array of `schema` -> pio_list_t and its like */
	FIELD_ANYTHING, /* passes unread */
	FIELD_LATER,	/* known, but not supported by this version */
} field_type_t;

typedef struct field_word {
	const char *text;
	uint32_t value;
} field_word_t;

typedef struct schema schema_t;

typedef struct field {
	const char *name;
	field_type_t type;
	bool required;
	/* Numbers: bounds; lists: most elements in max; names: FIELD_NO_SPEAKER in min. */
	uint32_t min, max;
	uint32_t fallback;	/* when absent */
	size_t offset;		/* of the target in the object's struct */
	size_t hex;		/* FIELD_ADDRESS: offset of a uint32_t, set if it was "0x60" */
	const schema_t *schema; /* FIELD_OBJECT, FIELD_LIST */
	/* Ends with a null text. FIELD_WORD: the words and their values. FIELD_NAMES: reserved
	 * names that may stand here. */
	const field_word_t *words;
	const char *later; /* a word that only a later version takes, or null */
	const char *help;
} field_t;

/* The name must not be one with which lines of the log begin that are no driver's. */
#define FIELD_NO_SPEAKER 1u

#define SCHEMA_NO_PLACE ((size_t)-1)

struct schema {
	const field_t *fields;
	uint32_t count; /* at most 32 */
	size_t size;	/* of the struct */
	size_t place;	/* offset of a place_t, or SCHEMA_NO_PLACE */
	/* Instead of the object, the bare value of this field may stand; null: it may not. */
	const field_t *bare;
};

/* The whole manifest -> manifest_t. */
extern const schema_t manifest_schema;

/* Keys that start like this pass everywhere. */
#define FIELD_EXTENSION "x-"

#define FIELD_NAME_PATTERN    "^[a-z][a-z0-9_-]{0,30}$"
#define FIELD_FILE_PATTERN    "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
#define FIELD_ADDRESS_PATTERN "^0x[0-9A-Fa-f]{1,8}$"
#define FIELD_DIGEST_PATTERN  "^[0-9A-Fa-f]{64}$"

#endif
