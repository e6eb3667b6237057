/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of answers, as the tables of abi/protocol/operator.h describe them, and what makes
 * JSON and columns of text of any. Pure. */
#ifndef CAP_ANSWER_H
#define CAP_ANSWER_H

#include "abi/protocol/operator.h"
#include "cap/json.h"

/* The C type of each kind. Texts are somebody else's, and end with a NUL; words stand between
 * blanks; a share is in tenths of a percent. */
#define ANSWER_C_TEXT	 const char *
#define ANSWER_C_WORDS	 const char *
#define ANSWER_C_COUNT	 uint32_t
#define ANSWER_C_MS	 uint32_t
#define ANSWER_C_BYTES	 uint32_t
#define ANSWER_C_HEX	 uint32_t
#define ANSWER_C_PERCENT uint32_t
#define ANSWER_C_FLAG	 uint32_t
#define ANSWER_C_ERROR	 int32_t
#define ANSWER_C_STATE	 uint32_t
#define ANSWER_C_VERSION uint32_t
#define ANSWER_C_LIST	 uint32_t /* of no use: its records follow */

/* operator_ps_t and so on; bit n of `set`: field n is not null. ANSWER_SET() sets one,
 * ANSWER_HAS() says whether one is set. */
#define ANSWER_MEMBER(kind, name, heading, width, meaning) ANSWER_C_##kind name;
#define ANSWER_INDEX(kind, name, heading, width, meaning)  char name;
#define ANSWER_STRUCT(table, fields, what)                                                     \
	typedef struct operator_##table {                                                      \
		uint32_t set;                                                                  \
		fields(ANSWER_MEMBER)                                                          \
	} operator_##table##_t;                                                                \
	struct operator_##table##_index {                                                      \
		fields(ANSWER_INDEX)                                                           \
	};
OPERATOR_TABLES(ANSWER_STRUCT)
#undef ANSWER_STRUCT
#define ANSWER_SET(record, table, field, value)                                                \
	((record)->field = (value),                                                            \
	 (record)->set |= 1u << offsetof(struct operator_##table##_index, field))

#define ANSWER_HAS(record, table, field)                                                       \
	(((record)->set >> offsetof(struct operator_##table##_index, field) & 1) != 0)

/* Texts of a record that nobody else has. */
typedef struct scratch {
	char text[2][96];
} scratch_t;

#define ANSWER_ENUM(table, fields, what) ANSWER_OF_##table,
enum answer_of { OPERATOR_TABLES(ANSWER_ENUM) ANSWER_TABLES };
#undef ANSWER_ENUM

typedef struct answer_field {
	const char *name;
	const char *heading; /* of a list the name of its table */
	uint16_t offset;     /* in the record */
	uint8_t kind, width;
} answer_field_t;

typedef struct answer_table {
	const char *name;
	const answer_field_t *fields;
	uint32_t count;
} answer_table_t;

extern const answer_table_t answer_tables[ANSWER_TABLES];

/* ---- JSON ---- */

/* An answer that is being written. Zeroed but for the first two. */
typedef struct answer_writer {
	enum operator_shape shape;
	const answer_table_t *table;
	bool begun;
	uint32_t part;	/* the list that is open, from 1 on; 0: none */
	uint32_t count; /* of its records */
} answer_writer_t;

/* What comes next in it: a record of its table (part 0), one of its list number `part`, none of
 * which comes before a lower one; or its end, or an error in place of what would have come. */
typedef struct answer_event {
	enum { ANSWER_RECORD, ANSWER_ENDS, ANSWER_FAILS } what;
	uint32_t part;
	const void *record; /* ANSWER_FAILS: an operator_error_t */
} answer_event_t;

/* Writes what stands for the event; does not change the writer. */
void answer_json(const answer_writer_t *writer, const answer_event_t *event, json_sink_t *sink);

/* All of that is written. True: the answer is whole. */
bool answer_advance(answer_writer_t *writer, const answer_event_t *event);

/* ---- text ---- */

/* The headings of the table's columns, and the columns of a record. The first column is `width`
 * characters wide; nothing that is null stands behind the last one. `size` is that of `text`;
 * what does not fit is cut. */
void answer_heading(const answer_table_t *table, uint32_t width, char *text, size_t size);
void answer_row(const answer_table_t *table, const void *record, uint32_t width, char *text,
		size_t size);

#endif
