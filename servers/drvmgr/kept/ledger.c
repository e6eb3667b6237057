/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger of ledger.h. */
#include "kept/ledger.h"

#include "cap/string.h"

#define ROW 8u /* words that are added in one turn */

/* Fletcher's checksum over words: a word that changes, or is in another's place, changes it.
 * Most of the time between the manager's death and its service goes here. */
static uint32_t sum_of(uint32_t seed, const uint32_t *words, size_t count)
{
	const uint32_t *end = words + count, *rows = words + count / ROW * ROW;
	uint32_t plain = seed, weighted = 1;
	for (; words < rows; words += ROW) {
		weighted += plain += words[0];
		weighted += plain += words[1];
		weighted += plain += words[2];
		weighted += plain += words[3];
		weighted += plain += words[4];
		weighted += plain += words[5];
		weighted += plain += words[6];
		weighted += plain += words[7];
	}
	for (; words < end; words++)
		weighted += plain += *words;
	return weighted ^ (plain << 16 | plain >> 16);
}

static void copy_in(uint32_t *to, const uint32_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ledger_store(&to[i], from[i]);
}

void ledger_begin(ledger_t *ledger)
{
	ledger_store(&ledger->sealed, 0);
	for (uint32_t i = 0; i < LEDGER_RECORDS; i++)
		for (uint32_t k = 0; k < 2; k++)
			ledger_store(&ledger->records[i][k].number, 0);
	ledger_store(&ledger->tries, 0);
	ledger_store(&ledger->written, 0);
}

err_t ledger_seal(ledger_t *ledger, const ledger_part_t *parts, size_t count)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].bytes > LEDGER_SEALED_MAX - bytes)
			return DRV_ENOMEM;
		copy_in(&ledger->seal[bytes / 4], parts[i].at, parts[i].bytes / 4);
		bytes += parts[i].bytes;
	}
	ledger_store(&ledger->seal_bytes, (uint32_t)bytes);
	ledger_store(&ledger->seal_sum, sum_of(0, ledger->seal, bytes / 4));
	ledger_store(&ledger->sealed, LEDGER_MAGIC);
	return DRV_OK;
}

bool ledger_is_sealed(const ledger_t *ledger)
{
	return ledger->sealed == LEDGER_MAGIC && ledger->seal_bytes <= LEDGER_SEALED_MAX &&
	       sum_of(0, ledger->seal, ledger->seal_bytes / 4) == ledger->seal_sum;
}

err_t ledger_unseal(const ledger_t *ledger, size_t *offset, const ledger_part_t *parts,
		    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (*offset > ledger->seal_bytes ||
		    parts[i].bytes > ledger->seal_bytes - *offset)
			return DRV_EFORMAT;
		memcpy(parts[i].at, &ledger->seal[*offset / 4], parts[i].bytes);
		*offset += parts[i].bytes;
	}
	return DRV_OK;
}

static bool is_whole(const ledger_place_t *place, size_t bytes)
{
	return place->number != 0 &&
	       sum_of(place->number, place->words, bytes / 4) == place->sum;
}

static bool is_same(const ledger_place_t *place, const uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (place->words[i] != words[i])
			return false;
	return true;
}

/* The writer's last commit is the place with the higher number: it knows that it is whole. */
static uint32_t last_place(const ledger_place_t places[2])
{
	if (!places[0].number || !places[1].number)
		return places[1].number ? 1 : 0;
	return (int32_t)(places[1].number - places[0].number) > 0 ? 1 : 0;
}

void ledger_commit(ledger_t *ledger, uint32_t record, const void *from, size_t bytes)
{
	ledger_place_t *places = ledger->records[record];
	uint32_t last = last_place(places), number = places[last].number + 1;
	ledger_place_t *to = &places[number == 1 ? 0 : 1 - last];
	if (places[last].number && is_same(&places[last], from, bytes / 4))
		return;
	if (number == 0)
		number = 1;
	ledger_store(&to->number, 0);
	copy_in(to->words, from, bytes / 4);
	ledger_store(&to->sum, sum_of(number, from, bytes / 4));
	ledger_store(&to->number, number);
}

/* The place of the newest whole record; null: there is none. */
static const ledger_place_t *newest(const ledger_place_t places[2], size_t bytes)
{
	uint32_t last = last_place(places);
	if (is_whole(&places[last], bytes))
		return &places[last];
	return is_whole(&places[1 - last], bytes) ? &places[1 - last] : NULL;
}

err_t ledger_read(const ledger_t *ledger, uint32_t record, void *to, size_t bytes)
{
	const ledger_place_t *place = newest(ledger->records[record], bytes);
	if (!place)
		return DRV_ENOENT;
	memcpy(to, place->words, bytes);
	return DRV_OK;
}
