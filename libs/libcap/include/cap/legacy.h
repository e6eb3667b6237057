/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of the earlier driver interface, by their names. Each goes through the driver's own
 * capabilities: none reaches what the manifest does not name. For porting old drivers; new ones
 * use cap/driver.h alone. docs/port-an-old-driver.md shows how.
 *
 * Whatever is refused leaves its error in driver_context()->last_error as well. Before
 * set_driver() all but that is refused with DRV_EPERM; calls of cap/driver.h do not need it. */
#ifndef CAP_LEGACY_H
#define CAP_LEGACY_H

#include "cap/driver.h"

/* From here on this process may ask for capabilities; it has no hardware by that. DRV_EPERM: it
 * is not a supervised driver. */
err_t set_driver(void);

/* The value read (>= 0), or DRV_EPERM: not in the manifest, or not for reading or in this
 * width; DRV_EBADCAP: the capability was taken away. */
int32_t inb(uint16_t port);
int32_t inw(uint16_t port);

/* The value read. All ones if it is refused, as where no device answers: only last_error tells,
 * as for inb(). */
uint32_t inl(uint16_t port);

/* DRV_EPERM: not in the manifest, or not for writing or in this width; DRV_EBADCAP. */
err_t outb(uint16_t port, uint8_t value);
err_t outw(uint16_t port, uint16_t value);
err_t outl(uint16_t port, uint32_t value);

/* Waits for an interrupt of line `irq`: wait_irq(irq) for ever, wait_irq(irq, timeout_ms) so
 * long, in the loop of driver_main_legacy() INT32_MAX ms at most. It acknowledges what was
 * waited for before. DRV_EPERM: not in the manifest;
 * DRV_ETIMEDOUT; DRV_EBUSY: the driver runs, and its interrupts go to `irq` of its
 * driver_ops_t: only the loop of driver_main_legacy() can wait then. */
err_t wait_irq(unsigned irq, uint32_t timeout_ms);
#define wait_irq(...)			      LEGACY_WAIT_IRQ(__VA_ARGS__, TIMEOUT_FOREVER, 0)
#define LEGACY_WAIT_IRQ(irq, timeout_ms, ...) (wait_irq)(irq, timeout_ms)

/* Are these pages of physical memory granted, by one entry of the manifest? DRV_EPERM: no;
 * DRV_EINVAL: no whole pages, or none. It grants nothing: what the manifest does not name
 * cannot be had. */
err_t grant_mmio(uint32_t physical, uint32_t pages);

/* Maps `pages` pages of physical memory at `virt`. Page tables are there from
 * DRIVER_MMIO_WINDOW on, for as much memory as the manifest names. On an error nothing is
 * mapped and nothing held. DRV_EPERM and DRV_EINVAL as grant_mmio(); DRV_EINVAL also: more than
 * MMIO_MAP_PAGES; DRV_EFAULT: `virt` is no page, or not all of it user space; DRV_ENOTABLE: no
 * page table is there; DRV_EEXIST: something is mapped there; DRV_ENOMEM: LEGACY_MAPS are
 * mapped, or the driver holds as many capabilities as it can. The same memory can be mapped
 * twice. */
err_t map_mmio(uint32_t physical, uint32_t virt, uint32_t pages);
#define LEGACY_MAPS 16u

/* Takes back what map_mmio() mapped at `virt`, all of it. DRV_EINVAL: it mapped nothing there,
 * or not so many pages. */
err_t unmap_mmio(uint32_t virt, uint32_t pages);

/* driver_main() for a driver whose work is a loop: `loop` runs from `run` on, also while that
 * answered DRV_EAGAIN. Where it waits, or has used ports for a while, the event loop has its
 * turn, in which the manager's commands and clients' requests are answered by `ops`: within
 * wait_irq(), and within any call for a port before its access, also between a register's index
 * and its data. In between the loop is alone. Both have one budget and one watchdog: a loop
 * that neither waits nor uses a port does not come back to the event loop, and is ended as
 * hung. From quiesce until the next run the loop stands still.
 *
 * Interrupts are the loop's: `irq` of `ops` is not called. An interrupt is acknowledged when
 * the loop waits for the next one, of whatever line. One of a line that the loop does not wait
 * for is owed until it does, for `progress_ms` of the manifest at most. The first wait for each
 * line comes back at once, since an interrupt may have come before.
 *
 * A loop that returns ends the driver, as the return of main() does. Its stack is LEGACY_STACK
 * bytes; what lies below is read-only code, so that to overflow it is a fault. Of the calls
 * above only wait_irq and the ports give others their turn, and only when the loop makes them.
 */
int driver_main_legacy(const driver_ops_t *ops, void (*loop)(void));
#define LEGACY_STACK 8192u

#endif
