/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial driver's own part of the driver contract: its ioctls. Its
 * read() and write() move plain bytes and never wait: a write answers how many it took.
 *
 *   READ_AT  answers bytes from the position on. What is before that is read, by whoever
 *            it was, and the driver needs it no longer; what it answers it holds until it
 *            is asked behind it, over its death and a stop and start, too: who keeps what
 *            it read and the position in one step loses no byte and has none twice.
 *            DRV_EOVERFLOW: the driver does not have that place; SERIAL_IOCTL_GET_PLACE
 *            says where to go on
 *   READ     the next bytes, which are gone with the answer
 *
 * While a client with `operator` in its `uses` has a session, the line is for such clients
 * alone: to all others reads, write and the ioctls answer DRV_EPERM. */
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

/* Answers as value the position of the oldest byte that is held, or of the next one. DRV_EPERM.
 * With READ_AT since driver ABI 11. */
#define SERIAL_IOCTL_GET_PLACE (DRV_IOCTL_SERIAL + 1)

#endif
