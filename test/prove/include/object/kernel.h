/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands in for microkernel/object/kernel.h in the proofs: the same, and what they take for
 * granted of functions that they do not look into. */
#ifndef PROVE_OBJECT_KERNEL_H
#define PROVE_OBJECT_KERNEL_H

#include "../../../../microkernel/object/kernel.h"
#include "object/object.h"

//@ ghost uint32_t object_memory; // what is in objects, which are not slots

/*@ assigns kernel.audit.objects[0 .. CAP_TYPE_COUNT - 1], object_memory;
    exits \false; */
void object_retain(const slot_t *slot);

#endif
