/* SPDX-License-Identifier: BSD-2-Clause */
/* What slot_allows() promises, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef OBJECT_SPEC_ALLOWS_H
#define OBJECT_SPEC_ALLOWS_H

#include "object/slot.h"

/*@ requires \valid_read(slot);
    assigns \nothing;
    ensures \result <==> (slot->rights & rights) == rights;
    ensures rights == RIGHT_READ ==> (\result <==> (slot->rights & RIGHT_READ) != 0);
    ensures rights == RIGHT_WRITE ==> (\result <==> (slot->rights & RIGHT_WRITE) != 0); */
static inline bool slot_allows(const slot_t *slot, uint32_t rights);

#endif
