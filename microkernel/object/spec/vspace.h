/* SPDX-License-Identifier: BSD-2-Clause */
/* What object/vspace.h promises, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef OBJECT_SPEC_VSPACE_H
#define OBJECT_SPEC_VSPACE_H

#include "object/spec/object.h"
#include "object/vspace.h"

/*@ requires \valid(reach);
    assigns reach->flags;
    ensures \result == (scope0 == 0 && scope1 == 0 ? DRV_OK : DRV_EINVAL);
    ensures flags: reach->flags == (\old(reach->flags) & FRAME_SEALED); */
err_t vspace_narrow_frame(reach_t *reach, uint32_t scope0, uint32_t scope1);

#endif
