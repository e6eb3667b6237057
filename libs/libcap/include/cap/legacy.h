/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of the earlier driver interface, by their names. Each goes through the driver's own
 * capabilities: none reaches what the manifest does not name. For porting old drivers; new
 * ones use cap/driver.h. */
#ifndef CAP_LEGACY_H
#define CAP_LEGACY_H

#include "abi/driver_errno.h"

/* The value read (>= 0) or DRV_EPERM. */
int32_t inb(uint16_t port);
int32_t inw(uint16_t port);
err_t outb(uint16_t port, uint8_t value);
err_t outw(uint16_t port, uint16_t value);

/* Waits for interrupt line `irq`. DRV_EPERM: not in the manifest; DRV_ETIMEDOUT. */
err_t wait_irq(unsigned irq, uint32_t timeout_ms);

/* Maps `pages` pages of physical memory at `virt`. DRV_EPERM: not in the manifest. */
err_t map_mmio(uint32_t physical, uint32_t virt, uint32_t pages);

/* May this process ask for capabilities? DRV_OK: yes, and it has no hardware by that;
 * DRV_EPERM: it is not a supervised driver. */
err_t set_driver(void);

/* Are these pages of physical memory granted? DRV_EPERM: not in the manifest. It grants
 * nothing: what the manifest does not name cannot be had. */
err_t grant_mmio(uint32_t physical, uint32_t pages);

#endif
