/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver keeps over its own restart, in the page at DriverContextV2.shared_cfg. There
 * are two ways; a page is used in one of them. Pure but for the page.
 *
 * keep_save() is for quiet points: a crash in the middle of it is found by the checksum, and
 * what was kept is then lost, not wrong.
 *
 * A pair is for what must never be lost: two slots, of which one is live. The next state is
 * made in the other one, and becomes live by one store of 32 bits, so that a death at any
 * instruction leaves the old state or the new one. Whatever else lies in the page is its
 * owner's; what is written there between keep_next() and keep_commit() belongs to the new
 * state, and is there when that is. docs/lossless.md shows how a driver is made with it. */
#ifndef CAP_KEEP_H
#define CAP_KEEP_H

#include "abi/protocol/driver.h"

/* Keeps `bytes` bytes under a version of the driver's own choice. DRV_EMSGSIZE: more than the
 * page holds; DRV_ENOTSUP: there is no page. */
err_t keep_save(const DriverContextV2 *context, uint32_t version, const void *data,
		uint32_t bytes);

/* Reads back exactly what was kept. DRV_ENOENT: nothing, or of another version or length, or
 * damaged; *data is then untouched. That nothing was kept yet is no failure: it leaves nothing
 * in DriverContextV2.last_error. */
err_t keep_load(const DriverContextV2 *context, uint32_t version, void *data, uint32_t bytes);

/* Room that a pair takes in the page, with slots of so many bytes. */
#define KEEP_PAIR_BYTES(bytes) (4u + 2u * ((bytes) + 4u))

/* Where a pair is. It lies in the driver's ordinary memory and dies with it.
 *
 * Invariant KP1: `*live` says which slot is live, or that none is, and what is live has its
 * sum, over version, size and content, behind it.
 *
 * Invariant KP2: nothing is written into the live slot. */
typedef struct keep_pair {
	uint32_t *live;
	uint32_t *slots;
	uint32_t words; /* of a slot, without its sum */
	uint32_t version;
} keep_pair_t;

/* Finds the pair with slots of `bytes` bytes, which lies in the page from `offset` on, each a
 * multiple of 4. A slot is an ordinary structure, but without pointers: the next instance may
 * be another program, and should then have another version. It is aligned to 4 bytes.
 *
 * DRV_OK: one slot is live. DRV_ENOENT: none is, or it is of another version or size, or
 * damaged; the pair is ready to be used then, and its first state is all zeros. Of what was
 * damaged nothing is found again. That none was yet leaves nothing in last_error. DRV_EINVAL:
 * `bytes` is 0, or it or `offset` is no multiple of 4; DRV_EMSGSIZE: it does not fit into the
 * page; DRV_ENOTSUP: there is no page. *pair is then untouched, and the page too. */
err_t keep_open(keep_pair_t *pair, const DriverContextV2 *context, uint32_t offset,
		uint32_t version, uint32_t bytes);

/* The live slot, to be read only; null before the first keep_commit() after DRV_ENOENT. Valid
 * until keep_next() after the next keep_commit(). */
const void *keep_live(const keep_pair_t *pair);

/* The slot that is not live, as a copy of the one that is: to be changed, and then committed. A
 * step that changes nothing leaves it. */
void *keep_next(const keep_pair_t *pair);

/* Makes what keep_next() gave live. All that was written to the page before is there for
 * whoever finds it so. */
void keep_commit(const keep_pair_t *pair);

#endif
