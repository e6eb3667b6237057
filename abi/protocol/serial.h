/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial driver's own part of the driver contract: its ioctls and what they answer. Its
 * read() and write() move plain bytes and never wait: a write answers how many it took.
 *
 * While a client with `operator` in its `uses` has a session, the line is for such clients
 * alone: to all others read, write and SET_AHEAD answer DRV_EPERM. */
#ifndef ABI_SERIAL_H
#define ABI_SERIAL_H

#include "abi/protocol/driver.h"

/* Answers serial_stats_t as data and its size as value. No input; any session may ask. */
#define SERIAL_IOCTL_GET_STATS DRV_IOCTL_OWN

/* argument: most bytes that wait to be sent, 1..SERIAL_AHEAD_MAX; a write is taken as far as
 * that allows, and who can go on is signalled when half of it is sent. So a client keeps what
 * it wants said at once from standing behind what is not urgent. DRV_EINVAL: outside;
 * DRV_EPERM: the line is another's. Until the driver's next instance; before, it is the
 * most. */
#define SERIAL_IOCTL_SET_AHEAD (DRV_IOCTL_OWN + 1)
#define SERIAL_AHEAD_MAX       2048u

/* Counters since the start of the instance; they wrap. */
typedef struct serial_stats {
	uint32_t received;	 /* bytes put into the receive ring */
	uint32_t sent;		 /* bytes given to the device */
	uint32_t overruns;	 /* times that the device lost received bytes */
	uint32_t parity_errors;	 /* bytes received, but damaged; they are passed on */
	uint32_t framing_errors; /* the same */
	uint32_t breaks;	 /* break conditions; their byte is dropped */
	uint32_t throttles; /* times that the receive ring was full and the sender told so */
	uint32_t refused;   /* writes of which not all could be taken */
	uint32_t rx_high_water; /* most bytes ever held */
	uint32_t tx_high_water;
} serial_stats_t;
ABI_ASSERT(sizeof(serial_stats_t) == 40, "statistics layout");

#endif
