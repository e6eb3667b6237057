/* SPDX-License-Identifier: BSD-2-Clause */
/* The PS/2 drivers' own part of the driver contract: what `state` means in the answer to
 * DRV_IOCTL_GET_STATS. They have no code of their own. The
 * records that read() returns are in abi/protocol/input.h; each session has its own place among
 * them. While a client with `operator` in its `uses` has a session, they are for such clients
 * alone: to all others read answers DRV_EPERM. */
#ifndef ABI_PS2_H
#define ABI_PS2_H

#include "abi/protocol/driver.h"

/* X(NAME, value, "name"): how far the set-up has come. */
#define PS2_STATES(X)                                                                          \
	X(PS2_OFF, 0, "Off")		 /* not started, quiesced or stopped */                \
	X(PS2_RESET, 1, "Reset")	 /* ports off, buffer emptied, configuration read */   \
	X(PS2_SELF_TEST, 2, "SelfTest")	 /* the controller tests itself */                     \
	X(PS2_CONFIG, 3, "Config")	 /* configuration and tests of the ports */            \
	X(PS2_STREAMING, 4, "Streaming") /* it works; devices are set up */                    \
	X(PS2_FAILED, 5, "Failed")	 /* given up with init_error */

#define ABI_X_ENUM(name, value, text) name = (value),
enum ps2_state { PS2_STATES(ABI_X_ENUM) };
#undef ABI_X_ENUM

#endif
