/* SPDX-License-Identifier: BSD-2-Clause */
/* The blocks of history.h. */
#include "log/history.h"

#include "cap/string.h"

#define RECORD_WORDS ((uint32_t)sizeof(manager_log_record_t) / 4)

_Static_assert(RECORD_WORDS + MANAGER_LOG_LINE_MAX / 4 <= HISTORY_WORDS, "any line fits");
_Static_assert(HISTORY_SHARE > 1, "a source with its share keeps one full block at least");
_Static_assert(HISTORY_BLOCKS <= UINT8_MAX && HISTORY_SOURCES < UINT8_MAX, "they fit a byte");

/* What is stored before is there before what is stored behind. */
static void in_order(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* Numbers wrap. */
static bool is_before(uint32_t number, uint32_t other)
{
	return (int32_t)(number - other) < 0;
}

uint32_t history_words(const manager_log_record_t *record)
{
	return RECORD_WORDS + (record->length + 3u) / 4;
}

static uint32_t parts_of(uint32_t source)
{
	return source == HISTORY_MANAGER ? HISTORY_MANAGER_PARTS : 1;
}

static enum manager_log_source kind_of(uint32_t source)
{
	if (source < HISTORY_ABOUT(0))
		return MANAGER_LOG_OF_DRIVER;
	if (source < HISTORY_MANAGER)
		return MANAGER_LOG_ABOUT_DRIVER;
	if (source == HISTORY_MANAGER)
		return MANAGER_LOG_OF_MANAGER;
	return source == HISTORY_INIT ? MANAGER_LOG_OF_INIT : MANAGER_LOG_RAW;
}

/* Who gives a block to `source`: it has most for its parts, and no less than any other. */
static uint32_t richest(const history_t *history, uint32_t source)
{
	uint32_t best = source;
	for (uint32_t i = 0; i < HISTORY_SOURCES; i++)
		if (history->blocks[i] * parts_of(best) > history->blocks[best] * parts_of(i))
			best = i;
	return best;
}

/* The oldest block of `source`, which has one. */
static uint32_t oldest(const history_t *history, uint32_t source)
{
	uint32_t best = HISTORY_BLOCKS;
	for (uint32_t i = 0; i < HISTORY_BLOCKS; i++)
		if (history->heads[i].owner == source + 1 &&
		    (best == HISTORY_BLOCKS ||
		     is_before(history->heads[i].last, history->heads[best].last)))
			best = i;
	return best;
}

/* A block that has no owner; there is one. They are taken in order. */
static uint32_t first_free(const history_t *history)
{
	uint32_t block = history->taken;
	while (history->heads[block].owner)
		block = (block + 1) % HISTORY_BLOCKS;
	return block;
}

/* Of the richest source its oldest block. */
static uint32_t take_from_others(history_t *history, uint32_t source)
{
	uint32_t from = richest(history, source);
	history->blocks[from]--;
	return oldest(history, from);
}

/* An empty block for `source`, which becomes its newest. It is empty before it is another's. */
static uint32_t take_block(history_t *history, uint32_t source)
{
	bool is_free = history->taken < HISTORY_BLOCKS;
	uint32_t block = is_free ? first_free(history) : take_from_others(history, source);
	history_head_t *head = &history->heads[block];
	history->taken += is_free;
	head->words = 0;
	in_order();
	head->last = history->next;
	head->owner = (uint8_t)(source + 1);
	history->blocks[source]++;
	history->newest[source] = (uint8_t)block;
	return block;
}

void history_add(history_t *history, uint32_t source, const manager_log_record_t *mark,
		 const char *line, size_t length)
{
	manager_log_record_t record = *mark;
	record.number = history->next;
	record.source = (uint8_t)kind_of(source);
	record.length =
	    (uint8_t)(length < MANAGER_LOG_LINE_MAX ? length : MANAGER_LOG_LINE_MAX);
	if (record.skip > record.length)
		record.skip = record.length;
	uint32_t block = history->newest[source], words = history_words(&record);
	if (!history->blocks[source] || history->heads[block].words + words > HISTORY_WORDS)
		block = take_block(history, source);
	history_head_t *head = &history->heads[block];
	uint32_t *to = &history->data[block][head->words];
	history->next = record.number + 1;
	memcpy(to, &record, sizeof(record));
	memcpy(to + RECORD_WORDS, line, record.length);
	head->last = record.number;
	in_order();
	head->words = (uint8_t)(head->words + words);
	in_order();
}

void history_drop(history_t *history, uint32_t source)
{
	for (uint32_t i = 0; i < HISTORY_BLOCKS; i++) {
		history_head_t *head = &history->heads[i];
		if (head->owner != source + 1)
			continue;
		head->words = 0;
		in_order();
		head->owner = 0;
		history->taken--;
	}
	history->blocks[source] = 0;
}

const manager_log_record_t *history_find(const history_t *history, uint32_t from,
					 const history_set_t *set, uint32_t level)
{
	const manager_log_record_t *best = NULL;
	for (uint32_t i = 0; i < HISTORY_BLOCKS; i++) {
		const history_head_t *head = &history->heads[i];
		uint32_t source = head->owner - 1u;
		if (!head->words || is_before(head->last, from) ||
		    !(set->words[source / 32] >> source % 32 & 1))
			continue;
		const manager_log_record_t *record;
		for (uint32_t at = 0; at < head->words; at += history_words(record)) {
			record = (const manager_log_record_t *)&history->data[i][at];
			if (best && !is_before(record->number, best->number))
				break;
			if (!is_before(record->number, from) && record->level <= level)
				best = record;
		}
	}
	return best;
}

/* ---- what a dead incarnation left ---- */

/* How many words of the block are records of `source`, the last of which has number *last. */
static uint32_t whole_words(const history_t *history, uint32_t block, uint32_t source,
			    uint32_t *last)
{
	uint32_t at = 0, end = history->heads[block].words;
	while (end <= HISTORY_WORDS && at + RECORD_WORDS <= end) {
		const manager_log_record_t *record =
		    (const manager_log_record_t *)&history->data[block][at];
		uint32_t words = history_words(record);
		if (record->length > MANAGER_LOG_LINE_MAX || at + words > end ||
		    record->skip > record->length || record->level >= LOG_LEVEL_COUNT ||
		    record->source != kind_of(source) ||
		    !is_before(record->number, history->next) ||
		    (at && !is_before(*last, record->number)))
			break;
		*last = record->number;
		at += words;
	}
	return at;
}

/* A block with nothing in it is nobody's. */
static void recover_block(history_t *history, uint32_t block)
{
	history_head_t *head = &history->heads[block];
	uint32_t source = head->owner - 1u, last = 0, words = 0;
	if (source < HISTORY_SOURCES)
		words = whole_words(history, block, source, &last);
	*head = (history_head_t){.last = last, .words = (uint8_t)words};
	if (!words)
		return;
	head->owner = (uint8_t)(source + 1);
	history->taken++;
	if (!history->blocks[source]++ ||
	    is_before(history->heads[history->newest[source]].last, last))
		history->newest[source] = (uint8_t)block;
}

void history_recover(history_t *history)
{
	history->taken = 0;
	memset(history->newest, 0, sizeof(history->newest));
	memset(history->blocks, 0, sizeof(history->blocks));
	for (uint32_t i = 0; i < HISTORY_BLOCKS; i++)
		recover_block(history, i);
}
