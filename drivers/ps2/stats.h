/* SPDX-License-Identifier: BSD-2-Clause */
/* What the driver counts: rows of DRV_IOCTL_GET_STATS. Nothing else is in it: what the driver
 * knows is in its state. */
#ifndef PS2_STATS_H
#define PS2_STATS_H

#include <stdint.h>

/* X(name). They wrap. */
#define PS2_STATS(X)                                                                           \
	X(rx_keyboard)	       /* bytes read, by status bit 5; the controller's answers too */ \
	X(rx_mouse)	       /* bytes read of the other port */                              \
	X(tx_keyboard)	       /* bytes sent to the keyboard */                                \
	X(tx_mouse)	       /* bytes sent to the mouse */                                   \
	X(irq1)		       /* interrupts, and a look at each start */                      \
	X(irq12)	       /* the mouse's */                                               \
	X(spurious)	       /* interrupts, and looks at a start, without a byte */          \
	X(lost)		       /* interrupts that never came: the slow poll found bytes */     \
	X(write_timeouts)      /* the controller did not take a byte in time */                \
	X(read_timeouts)       /* an answer did not come in time */                            \
	X(naks)		       /* a device refused a byte: FE, FC; in a set-up FF, 00 */       \
	X(retries)	       /* bytes or commands sent once more */                          \
	X(failed_commands)     /* given up after the retry budget */                           \
	X(stray_acks)	       /* FA, FE or EE when none was due; in a set-up, no answer */    \
	X(wrong_port)	       /* bytes of the mouse port while it is not served */            \
	X(parity_errors)       /* bytes dropped for status bit 7 */                            \
	X(controller_timeouts) /* bytes dropped for status bit 6 */                            \
	X(overruns)	       /* a device lost events, or may have */                         \
	X(unknown_scancodes)   /* and prefixes that were never completed */                    \
	X(self_test_failures)  /* of controller, port or device */                             \
	X(ring_drops)	       /* events overwritten before anybody was answered them */       \
	X(ring_high_water)     /* most events ever held for that */                            \
	X(mouse_sync_errors)   /* bytes that cannot begin a packet, packets not completed */   \
	X(mouse_discarded)     /* bytes dropped for that */                                    \
	X(mouse_overflows)     /* packets whose motion was more than they can say */           \
	X(resyncs)	       /* times the mouse was disabled and enabled to find packets */  \
	X(hotplugs)	       /* a device announced itself */                                 \
	X(resets)	       /* reset commands that a device answered well */                \
	X(inits)	       /* set-ups of a device begun */                                 \
	X(repairs)	       /* times the configuration was written while running */         \
	X(resumed)	       /* bytes taken by an instance that died of, or with, them */    \
	X(poisoned)	       /* such bytes dropped, for two died */

#define PS2_X_FIELD(name) uint32_t name;
typedef struct ps2_stats {
	PS2_STATS(PS2_X_FIELD)
} ps2_stats_t;
#undef PS2_X_FIELD

#endif
