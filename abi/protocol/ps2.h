/* SPDX-License-Identifier: BSD-2-Clause */
/* The PS/2 drivers' own part of the driver contract: one ioctl and what it answers. The
 * records that read() returns are in abi/protocol/input.h; whoever reads first has them. While
 * a client with `operator` in its `uses` has a session, they are for such clients alone: to all
 * others read answers DRV_EPERM. */
#ifndef ABI_PS2_H
#define ABI_PS2_H

#include "abi/protocol/driver.h"

/* Answers ps2_stats_t as data and its size as value. No input; any session may ask. */
#define PS2_IOCTL_GET_STATS DRV_IOCTL_OWN

/* X(NAME, value, "name"): how far the set-up has come. */
#define PS2_STATES(X)                                                                          \
	X(PS2_OFF, 0, "Off")		 /* not started, quiesced or stopped */                \
	X(PS2_RESET, 1, "Reset")	 /* ports off, buffer emptied, configuration read */   \
	X(PS2_SELF_TEST, 2, "SelfTest")	 /* the controller tests itself */                     \
	X(PS2_CONFIG, 3, "Config")	 /* configuration, port test, keyboard set-up */       \
	X(PS2_STREAMING, 4, "Streaming") /* keys arrive */                                     \
	X(PS2_FAILED, 5, "Failed")	 /* given up with last_error */

#define ABI_X_ENUM(name, value, text) name = (value),
enum ps2_state { PS2_STATES(ABI_X_ENUM) };
#undef ABI_X_ENUM

/* Counters since the start of the instance; they wrap. Those of the mouse port stay 0 in a
 * driver that serves the keyboard alone, but for rx_mouse and wrong_port. */
typedef struct ps2_stats {
	uint32_t rx_keyboard; /* bytes read, by status bit 5; the controller's answers are
				 among the keyboard's */
	uint32_t rx_mouse;
	uint32_t tx_keyboard; /* bytes sent to the device behind the port */
	uint32_t tx_mouse;
	uint32_t irq1; /* interrupts */
	uint32_t irq12;
	uint32_t spurious;	  /* interrupts without a byte */
	uint32_t lost;		  /* interrupts that never came: the slow poll found bytes */
	uint32_t write_timeouts;  /* the controller did not take a byte in time */
	uint32_t read_timeouts;	  /* an answer did not come in time */
	uint32_t naks;		  /* the device refused a byte: FE, FC, FF or 00 */
	uint32_t retries;	  /* bytes or commands sent once more */
	uint32_t failed_commands; /* given up after the retry budget */
	uint32_t stray_acks;	  /* FA or FE when none was due */
	uint32_t wrong_port;	  /* bytes of a port that this driver does not serve */
	uint32_t parity_errors;	  /* bytes dropped for status bit 7 */
	uint32_t controller_timeouts; /* bytes dropped for status bit 6 */
	uint32_t overruns;	      /* the keyboard lost keys */
	uint32_t unknown_scancodes;   /* and prefixes that were never completed */
	uint32_t self_test_failures;  /* of controller, port or device */
	uint32_t ring_drops;	      /* events dropped because nobody read */
	uint32_t ring_high_water;     /* most events ever held */
	uint32_t mouse_sync_errors;
	uint32_t mouse_discarded;
	uint32_t mouse_overflows;
	uint32_t mouse_resyncs;
	uint32_t hotplugs;  /* a keyboard announced itself */
	uint32_t resets;    /* reset commands that the keyboard acknowledged */
	uint32_t inits;	    /* set-ups begun */
	uint32_t device_id; /* the keyboard's identification, first byte high; 0: none given */
	uint32_t state;	    /* enum ps2_state */
	int32_t last_error; /* DRV_E… of the last set-up that failed, or DRV_OK */
} ps2_stats_t;
ABI_ASSERT(sizeof(ps2_stats_t) == 128, "statistics layout");
ABI_ASSERT(offsetof(ps2_stats_t, last_error) == 124, "statistics layout");
ABI_ASSERT(sizeof(ps2_stats_t) <= DRIVER_DATA_MAX, "statistics fit one answer");

#endif
