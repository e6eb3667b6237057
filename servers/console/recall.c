/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring of recall.h. */
#include "recall.h"

#include "cap/string.h"

#define END '\n'

static char byte_at(const recall_t *recall, uint32_t at)
{
	return recall->bytes[at % RECALL_BYTES];
}

static uint32_t oldest(const recall_t *recall)
{
	return recall->end < RECALL_KEPT ? 0 : recall->end - RECALL_KEPT;
}

static bool is_newest(const recall_t *recall, const char *text, uint32_t length)
{
	char newest[LINE_MOST];
	uint32_t at = recall->end;
	return recall_before(recall, &at) && recall_text(recall, at, newest) == length &&
	       !memcmp(newest, text, length);
}

void recall_add(recall_t *recall, const char *text, uint32_t length)
{
	if (!length || is_newest(recall, text, length))
		return;
	for (uint32_t i = 0; i < length; i++)
		recall->bytes[(recall->end + i) % RECALL_BYTES] = text[i];
	recall->bytes[(recall->end + length) % RECALL_BYTES] = END;
	__atomic_store_n(&recall->end, recall->end + length + 1, __ATOMIC_RELEASE);
}

bool recall_before(const recall_t *recall, uint32_t *at)
{
	uint32_t first = oldest(recall), begin = *at;
	if (begin - first > recall->end - first || begin == first ||
	    byte_at(recall, begin - 1) != END)
		return false;
	for (begin--; begin != first && byte_at(recall, begin - 1) != END; begin--)
		;
	if (begin == first && first)
		return false; /* its beginning is gone, or may be */
	*at = begin;
	return true;
}

bool recall_behind(const recall_t *recall, uint32_t *at)
{
	uint32_t first = oldest(recall), place = *at;
	if (place - first >= recall->end - first)
		return false;
	while (place != recall->end && byte_at(recall, place) != END)
		place++;
	*at = place == recall->end ? place : place + 1;
	return true;
}

uint32_t recall_text(const recall_t *recall, uint32_t at, char text[LINE_MOST])
{
	uint32_t length = 0;
	for (; length < LINE_MOST && at != recall->end && byte_at(recall, at) != END; at++)
		text[length++] = byte_at(recall, at);
	return length;
}
