/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial driver's own part of the driver contract: its ioctl. Its
 * read() and write() move plain bytes and never wait: a write answers how many it took.
 *
 * While a client with `operator` in its `uses` has a session, the line is for such clients
 * alone: to all others read, write and SET_AHEAD answer DRV_EPERM. */
#ifndef ABI_SERIAL_H
#define ABI_SERIAL_H

#include "abi/protocol/driver.h"

/* argument: most bytes that wait to be sent, 1..SERIAL_AHEAD_MAX; a write is taken as far as
 * that allows, and who can go on is signalled when half of it is sent. So a client keeps what
 * it wants said at once from standing behind what is not urgent. DRV_EINVAL: outside;
 * DRV_EPERM: the line is another's. Until the driver's next instance; before, it is the
 * most. */
#define SERIAL_IOCTL_SET_AHEAD DRV_IOCTL_SERIAL
#define SERIAL_AHEAD_MAX       2048u

#endif
