/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the driver on its bench and one client that listens: libcap's own sessions and
 * signals, in a process that dies with the driver, and the kernel's side, which does not. */
#ifndef PS2_TELLING_H
#define PS2_TELLING_H

#include "cap/told.h"
#include "ps2_bench.h"

/* What the kernel has for the client. */
typedef struct telling {
	bool listens;	/* it waits in a receive */
	bool signalled; /* its bit is set */
	bool has_told;	/* a message came along: */
	uint32_t from, next, bytes;
	uint32_t data[TOLD_WORDS];
} telling_t;
extern telling_t telling;

/* A new instance: no session, nobody is told. */
void telling_process(void);

/* Opens the client's session, as one that listens. */
void telling_open(void);

/* DRIVER_READ_AT; as events_read() answers. */
int32_t telling_read_at(uint32_t *position, void *to, uint32_t bytes);

/* Tells the client, as the driver's glue does. */
void telling_tell(void);

#endif
