/* SPDX-License-Identifier: BSD-2-Clause */
/* What object/irq.h promises, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef OBJECT_SPEC_IRQ_H
#define OBJECT_SPEC_IRQ_H

#include "base/spec/range.h"
#include "object/irq.h"

/*@ requires \valid(reach) && reach->extra < IRQ_LINES;
    assigns reach->object, reach->extra, reach->flags;
    ensures form: \result == DRV_EINVAL <==> scope1 >= IRQ_TRIGGERS || (scope1 != 0 &&
      (scope0 == 0 || PIO_SCOPE_FIRST(scope0) != PIO_SCOPE_LAST(scope0)));
    ensures covered: \result == DRV_OK <==> \result != DRV_EINVAL &&
      (\old(reach->object == reach->extra && reach->flags == IRQ_LEVEL_SHARED) ==>
       (\old(reach->rights) & RIGHT_GRANT) != 0) && (scope0 == 0 ||
      (\let first = PIO_SCOPE_FIRST(scope0); \let last = PIO_SCOPE_LAST(scope0);
       \old(reach->object) <= first <= last <= \old(reach->extra) &&
       (\old(reach->object == reach->extra) ==> scope1 == \old(reach->flags)) &&
       (first == last ==> (ARCH_IRQ_USER_MASK & (1u << first)) != 0) &&
       (scope1 != IRQ_EDGE ==> (ARCH_IRQ_TRIGGER_MASK & (1u << first)) != 0)));
    ensures others: \result == DRV_OK || \result == DRV_EINVAL || \result == DRV_EPERM;
    ensures taken: \result == DRV_OK && scope0 != 0 ==>
      reach->object == PIO_SCOPE_FIRST(scope0) && reach->extra == PIO_SCOPE_LAST(scope0) &&
      reach->flags == scope1;
    ensures kept: \result != DRV_OK || scope0 == 0 ==>
      reach->object == \old(reach->object) && reach->extra == \old(reach->extra) &&
      reach->flags == \old(reach->flags); */
err_t irq_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1);

#endif
