/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger of ledger.h. */
#include "kept/ledger.h"

#include "cap/string.h"

#define ROW 16u /* words that are added in one turn */

static uint32_t turned(uint32_t word, uint32_t bits)
{
	return word << bits | word >> (32 - bits);
}

/* A checksum over words, in four lanes: a word that changes changes it, and so, most likely, do
 * several, or two that are in each other's place. Most of the time between the manager's death
 * and its service goes here: it takes less than one and a half instructions for a word. */
static uint32_t sum_of(uint32_t seed, const uint32_t *words, size_t count)
{
	const uint32_t *end = words + count, *rows = words + count / ROW * ROW;
	uint32_t a = seed, b = 0, c = 0, d = 0;
	for (; words < rows; words += ROW) {
		a = ((a + words[0]) ^ words[4]) + words[8];
		b = ((b + words[1]) ^ words[5]) + words[9];
		c = ((c + words[2]) ^ words[6]) + words[10];
		d = ((d + words[3]) ^ words[7]) + words[11];
		a = turned(a ^ words[12], 5);
		b = turned(b ^ words[13], 5);
		c = turned(c ^ words[14], 5);
		d = turned(d ^ words[15], 5);
	}
	for (; words < end; words++)
		a = turned(a + *words, 5);
	return a ^ turned(b, 8) ^ turned(c, 16) ^ turned(d, 24);
}

static void copy_in(uint32_t *to, const uint32_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (to[i] != from[i])
			ledger_store(&to[i], from[i]);
}

static uint32_t sum_of_record(uint32_t number, const uint32_t *words, size_t bytes)
{
	return sum_of(number ^ turned((uint32_t)bytes, 16), words, bytes / 4);
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

/* The seal that is in force; null: none is. */
static const ledger_seal_t *in_force(const ledger_t *ledger)
{
	uint32_t n = ledger->sealed - LEDGER_MAGIC;
	return n < 2 ? &ledger->seals[n] : NULL;
}

err_t ledger_seal(ledger_t *ledger, const ledger_part_t *parts, size_t count)
{
	uint32_t n = in_force(ledger) == &ledger->seals[0];
	ledger_seal_t *seal = &ledger->seals[n];
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].bytes > LEDGER_SEALED_MAX - bytes)
			return DRV_ENOMEM;
		memcpy(&seal->words[bytes / 4], parts[i].at, parts[i].bytes);
		bytes += parts[i].bytes;
	}
	ledger_store(&seal->bytes, (uint32_t)bytes);
	ledger_store(&seal->sum, sum_of(0, seal->words, bytes / 4));
	ledger_store(&ledger->sealed, LEDGER_MAGIC + n);
	return DRV_OK;
}

bool ledger_is_sealed(const ledger_t *ledger)
{
	const ledger_seal_t *seal = in_force(ledger);
	return seal && seal->bytes <= LEDGER_SEALED_MAX &&
	       sum_of(0, seal->words, seal->bytes / 4) == seal->sum;
}

err_t ledger_unseal(const ledger_t *ledger, size_t *offset, const ledger_part_t *parts,
		    size_t count)
{
	const ledger_seal_t *seal = in_force(ledger);
	for (size_t i = 0; i < count; i++) {
		if (!seal || *offset > seal->bytes || parts[i].bytes > seal->bytes - *offset)
			return DRV_EFORMAT;
		memcpy(parts[i].at, &seal->words[*offset / 4], parts[i].bytes);
		*offset += parts[i].bytes;
	}
	return DRV_OK;
}

static bool is_whole(const ledger_place_t *place, size_t bytes)
{
	return place->number != 0 && place->bytes <= bytes &&
	       sum_of_record(place->number, place->words, place->bytes) == place->sum;
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
	if (places[last].number && places[last].bytes == bytes &&
	    memcmp(places[last].words, from, bytes) == 0)
		return;
	if (number == 0)
		number = 1;
	ledger_store(&to->number, 0);
	copy_in(&to->bytes, &(uint32_t){(uint32_t)bytes}, 1);
	copy_in(to->words, from, bytes / 4);
	ledger_store(&to->sum, sum_of_record(number, to->words, bytes));
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
	memcpy(to, place->words, place->bytes);
	memset((char *)to + place->bytes, 0, bytes - place->bytes);
	return DRV_OK;
}
