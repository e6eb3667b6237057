/* SPDX-License-Identifier: BSD-2-Clause */
/* Where entry.S leaves its note, for C and assembly. */
#ifndef BENCH_NOTE_H
#define BENCH_NOTE_H

#define VIDEO_PHYSICAL 0x000b8000
#define ENTRY_NOTE     0x1000 /* from there on */

#endif
