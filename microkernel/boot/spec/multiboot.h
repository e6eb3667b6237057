/* SPDX-License-Identifier: BSD-2-Clause */
/* What boot/multiboot.c uses, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef BOOT_SPEC_MULTIBOOT_H
#define BOOT_SPEC_MULTIBOOT_H

#include "base/spec/range.h"
#include "boot/spec/physical.h"

#endif
