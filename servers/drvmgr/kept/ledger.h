/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger: what outlives the manager, in memory that outlives it. What changes when drivers
 * are loaded, and else never, is sealed, all of it at once: in one of two places, of which one
 * store says which is in force. What changes is committed record by record, each in one
 * of two places, of which the other keeps what was there before: whoever comes after the death
 * of the writer, between any two of its stores, finds a whole record, the newest that was. It
 * makes no call and knows nothing of what is in a record.
 *
 * The reader is the same program as the writer, at the same addresses: pointers into it and
 * layouts mean the same to both. */
#ifndef DRVMGR_LEDGER_H
#define DRVMGR_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/driver_errno.h"

#define LEDGER_RECORDS	   32u
#define LEDGER_RECORD_MAX  2048u /* bytes of a record; a multiple of 4 */
#define LEDGER_SEALED_MAX  0x20000u
#define LEDGER_RECORD_HEAD 12u

/* Invariants, at any time, whatever store of the writer was its last:
 *   LE1  sealed is LEDGER_MAGIC + n, n below 2, only if all of seals[n] is what was sealed.
 *   LE2  of a driver's two places at least one is whole, once the first commit was made: the
 *       other is then older, or in the making. */
typedef struct ledger_place {
	uint32_t number; /* of the commit; 0: nothing is here */
	uint32_t sum;	 /* of number, bytes and so many bytes of words */
	uint32_t bytes;
	uint32_t words[LEDGER_RECORD_MAX / 4];
} ledger_place_t;

typedef struct ledger_seal {
	uint32_t bytes, sum;
	uint32_t words[LEDGER_SEALED_MAX / 4];
} ledger_seal_t;

typedef struct ledger {
	uint32_t sealed;  /* LEDGER_MAGIC, or it and one */
	uint32_t tries;	  /* adoptions that were begun since one succeeded */
	uint32_t written; /* the log's position up to which it is on the line */
	ledger_place_t records[LEDGER_RECORDS][2];
	ledger_seal_t seals[2];
} ledger_t;
#define LEDGER_MAGIC 0x4b455054u /* "KEPT": an even number */

/* A piece of the writer's memory that is sealed; `bytes` is a multiple of 4. */
typedef struct ledger_part {
	void *at;
	size_t bytes;
} ledger_part_t;

/* Forgets everything. All zeros is a ledger that has forgotten everything. */
void ledger_begin(ledger_t *ledger);

/* Keeps the parts, in this order, in place of what was sealed before, which is in force until
 * the last store. DRV_ENOMEM: there is no room for them; nothing is changed. */
err_t ledger_seal(ledger_t *ledger, const ledger_part_t *parts, size_t count);

/* Reads the next parts of what was sealed back into their places, from byte *offset on, which
 * it moves behind them. DRV_EFORMAT: nothing whole is sealed, or not so much. */
err_t ledger_unseal(const ledger_t *ledger, size_t *offset, const ledger_part_t *parts,
		    size_t count);

/* Is what is sealed whole? */
bool ledger_is_sealed(const ledger_t *ledger);

/* Commits a record of `bytes` bytes, a multiple of 4. One that is as it was is not written, nor
 * are words that its place has already. */
void ledger_commit(ledger_t *ledger, uint32_t record, const void *from, size_t bytes);

/* The newest whole record, and behind it zeros up to `bytes`. DRV_ENOENT: there is none that is
 * not longer. */
err_t ledger_read(const ledger_t *ledger, uint32_t record, void *to, size_t bytes);

/* One store to the ledger, and the only way in which it changes, but for what is about to be
 * sealed, which nobody reads before: ledger_store.c; a test stops here. */
void ledger_store(uint32_t *to, uint32_t value);

#endif
