/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON (RFC 8259) as text, in pieces: whoever writes writes all of it each time, and the sink
 * keeps what comes behind what it had before. So nobody needs room for the whole. Pure. */
#ifndef CAP_JSON_H
#define CAP_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where it goes. Set `to`, `size` and `skip`, the rest to zero. All that is written is
 * printable ASCII, and a NUL behind it is the owner's to put: at most size - 1 bytes are used.
 */
typedef struct json_sink {
	char *to;
	size_t size; /* bytes of `to` */
	size_t skip; /* so much of the text is not wanted any more */
	size_t used; /* bytes in `to` */
	bool full;   /* there was more than found room */
} json_sink_t;

/* Text as it is, which is JSON already. */
void json_put(json_sink_t *sink, const char *text);

/* A string of `length` bytes, whatever they are: a byte that is no printable ASCII becomes
 * \u00XX with its value, so that a reader who takes the string for Latin-1 has them again. */
void json_put_string(json_sink_t *sink, const char *bytes, size_t length);

/* The same of a text that ends with a NUL; null is null. */
void json_put_text(json_sink_t *sink, const char *text);

/* A number. */
void json_put_number(json_sink_t *sink, uint32_t number);

#endif
