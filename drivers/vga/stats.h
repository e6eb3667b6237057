/* SPDX-License-Identifier: BSD-2-Clause */
/* What the text screen counts: its rows of DRV_IOCTL_GET_STATS. */
#ifndef VGA_STATS_H
#define VGA_STATS_H

#include <stdint.h>

/* X(name). All wrap. */
#define SCREEN_STATS(X)                                                                        \
	X(cells_written)                                                                       \
	X(cells_read)                                                                          \
	X(cut)		/* transfers of which not all was on the screen */                     \
	X(half_cells)	/* transfers refused: they were of no whole cells */                   \
	X(seeks)	/* positions set by clients … */                                     \
	X(bad_seeks)	/* … and refused: odd, or behind the end */                          \
	X(cursor_moves) /* the cursor placed or hidden … */                                  \
	X(bad_cursors)	/* … and refused: there is no such cell */

#define SCREEN_X_FIELD(name) uint32_t name;
typedef struct screen_stats {
	SCREEN_STATS(SCREEN_X_FIELD)
} screen_stats_t;
#undef SCREEN_X_FIELD

#endif
