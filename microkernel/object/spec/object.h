/* SPDX-License-Identifier: BSD-2-Clause */
/* What object/object.h promises, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef OBJECT_SPEC_OBJECT_H
#define OBJECT_SPEC_OBJECT_H

#include "object/object.h"

/*@ predicate object_sizes_good = \forall integer t; 0 <= t < CAP_TYPE_COUNT ==>
      object_types[t].size_bits <= UNTYPED_BITS_MAX; */

/*@ assigns \nothing;
    ensures form: \result == (scope0 == 0 && scope1 == 0 ? DRV_OK : DRV_EINVAL); */
err_t object_narrow_none(reach_t *reach, uint32_t scope0, uint32_t scope1);

/*@ requires \valid(reach);
    assigns reach->extra;
    ensures form: \result == DRV_EINVAL <==> scope1 != 0;
    ensures covered: \result == DRV_OK <==> scope1 == 0 &&
      (scope0 == 0 || (\old(reach->extra) == 0 && scope0 != BADGE_NOTIFICATION));
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM;
    ensures taken: reach->extra ==
      (\result == DRV_OK && scope0 != 0 ? scope0 : \old(reach->extra)); */
err_t object_narrow_badge(reach_t *reach, uint32_t scope0, uint32_t scope1);

#endif
