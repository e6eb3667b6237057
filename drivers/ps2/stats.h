/* SPDX-License-Identifier: BSD-2-Clause */
/* What the keyboard driver counts: its rows of DRV_IOCTL_GET_STATS. */
#ifndef PS2_STATS_H
#define PS2_STATS_H

#include <stdint.h>

/* X(name). Those that count wrap. */
#define PS2_STATS(X)                                                                           \
	X(rx_keyboard)	       /* bytes read, by status bit 5; the controller's answers too */ \
	X(rx_mouse)	       /* bytes read of the other port, and dropped */                 \
	X(tx_keyboard)	       /* bytes sent to the device behind the port */                  \
	X(irq1)		       /* interrupts */                                                \
	X(spurious)	       /* interrupts without a byte */                                 \
	X(lost)		       /* interrupts that never came: the slow poll found bytes */     \
	X(write_timeouts)      /* the controller did not take a byte in time */                \
	X(read_timeouts)       /* an answer did not come in time */                            \
	X(naks)		       /* the device refused a byte: FE, FC, FF or 00 */               \
	X(retries)	       /* bytes or commands sent once more */                          \
	X(failed_commands)     /* given up after the retry budget */                           \
	X(stray_acks)	       /* FA or FE when none was due */                                \
	X(wrong_port)	       /* bytes of a port that this driver does not serve */           \
	X(parity_errors)       /* bytes dropped for status bit 7 */                            \
	X(controller_timeouts) /* bytes dropped for status bit 6 */                            \
	X(overruns)	       /* the keyboard lost keys */                                    \
	X(unknown_scancodes)   /* and prefixes that were never completed */                    \
	X(self_test_failures)  /* of controller, port or device */                             \
	X(ring_drops)	       /* events dropped because nobody read */                        \
	X(ring_high_water)     /* most events ever held */                                     \
	X(hotplugs)	       /* a keyboard announced itself */                               \
	X(resets)	       /* reset commands that the keyboard acknowledged */             \
	X(inits)	       /* set-ups begun */                                             \
	X(device_id)	       /* the keyboard's identification, first byte high; 0: none */   \
	X(state)	       /* enum ps2_state */                                            \
	X(init_error)	       /* DRV_E… of the last set-up that failed, or DRV_OK */

#define PS2_X_FIELD(name) uint32_t name;
typedef struct ps2_stats {
	PS2_STATS(PS2_X_FIELD)
} ps2_stats_t;
#undef PS2_X_FIELD

#endif
