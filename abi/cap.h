/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability types, rights and scopes. */
#ifndef ABI_CAP_H
#define ABI_CAP_H

#include "abi/types.h"

/* X(NAME, value, "name", rights that exist for the type) */
#define CAP_TYPES(X)                                                                           \
	X(CAP_NONE, 0, "none", 0)                                                              \
	X(CAP_UNTYPED, 1, "untyped", RIGHT_WRITE)                                              \
	X(CAP_CSPACE, 2, "cspace", RIGHT_READ | RIGHT_WRITE | RIGHT_INSPECT)                   \
	X(CAP_THREAD, 3, "thread", RIGHT_READ | RIGHT_WRITE | RIGHT_INSPECT)                   \
	X(CAP_VSPACE, 4, "vspace", RIGHT_WRITE | RIGHT_INSPECT)                                \
	X(CAP_PTABLE, 5, "ptable", RIGHT_WRITE)                                                \
	X(CAP_FRAME, 6, "frame", RIGHT_READ | RIGHT_WRITE | RIGHT_EXEC)                        \
	X(CAP_ENDPOINT, 7, "endpoint", RIGHT_READ | RIGHT_WRITE | RIGHT_GRANT | RIGHT_INSPECT) \
	X(CAP_REPLY, 8, "reply", RIGHT_WRITE | RIGHT_INSPECT)                                  \
	X(CAP_NOTIFICATION, 9, "notification", RIGHT_READ | RIGHT_WRITE | RIGHT_INSPECT)       \
	X(CAP_IRQ, 10, "irq", RIGHT_READ | RIGHT_GRANT | RIGHT_INSPECT)                        \
	X(CAP_PIO, 11, "pio", RIGHT_READ | RIGHT_WRITE | RIGHT_GRANT)                          \
	X(CAP_MMIO, 12, "mmio", RIGHT_READ | RIGHT_WRITE | RIGHT_GRANT)                        \
	X(CAP_IOBITMAP, 13, "iobitmap", RIGHT_WRITE)                                           \
	X(CAP_AUDIT, 14, "audit", RIGHT_READ | RIGHT_WRITE)

#define ABI_X_ENUM(name, value, text, rights) name = (value),
enum cap_type { CAP_TYPES(ABI_X_ENUM) CAP_TYPE_COUNT };
#undef ABI_X_ENUM

/* Rights. What each allows depends on the type:
 *   read   frame, mmio: load · endpoint: receive · notification: wait · irq: wait
 *          pio: in · thread: read registers · cspace: list · audit: read the counters
 *   write  frame, mmio: store · endpoint: send, call · notification: signal · pio: out
 *          thread: control · cspace: delegate into · vspace: map into
 *          untyped: retype · reply: answer · audit: have calls recorded
 *   exec   frame: execute
 *   grant  endpoint: transfer capabilities with a message · irq, pio, mmio: be transferred
 *          with a message, or else it stays where it is · irq: derive from a shared line
 *   inspect  learn the object's number and what the kernel knows of it (abi/inspect.h)
 *          cspace: learn the numbers of what it holds */
enum cap_right {
	RIGHT_READ = 1,
	RIGHT_WRITE = 2,
	RIGHT_EXEC = 4,
	RIGHT_GRANT = 8,
	RIGHT_INSPECT = 16,
	RIGHT_ALL = 31,
};

/* The scope of a capability is two words. SYS_CAP_ACQUIRE, SYS_CAP_DERIVE and
 * SYS_CAP_INFO all use this one encoding; a word 0 of 0 in a derivation keeps the parent's
 * range (port 0, line 0 and page 0 are the kernel's, so nobody can ask for them alone); of mmio
 * both words are 0 then.
 *   pio           word 0: PIO_SCOPE(first, last), word 1: widths (PIO_WIDTH_…), 0 = parent's
 *   irq           word 0: IRQ_SCOPE(first, last), word 1: IRQ_… trigger, of one line alone;
 *                 a capability of one line keeps the trigger that it was derived with
 *   mmio          word 0: physical base, word 1: size in bytes, both page multiples
 *   endpoint      word 0: badge, only where the parent has badge 0
 *   notification  word 0: badge, the bits that a signal sets; only where the parent has 0
 *   untyped       word 0: physical base, word 1: log2 of the size (information only)
 *   frame         word 0: physical address, word 1: log2 of the size (information only)
 *   cspace        word 0: log2 of the number of slots (information only)
 * All others have no scope: both words are 0. Where their objects lie is nobody's business, but
 * SYS_CAP_INFO tells who may inspect it an object's number, in word 1, and SYS_CSPACE_LIST who
 * may inspect the cspace. */
#define PIO_SCOPE(first, last)                                                                 \
	(((uint32_t)(first)&0xffffu) | (((uint32_t)(last)&0xffffu) << 16))
#define PIO_SCOPE_FIRST(word)  ((word)&0xffffu)
#define PIO_SCOPE_LAST(word)   ((word) >> 16)
#define IRQ_SCOPE(first, last) PIO_SCOPE(first, last)

/* How a line is raised, and whether it has one claimer or up to IRQ_CLAIMERS. Each claims
 * through a capability of its own: from one for a shared line nothing is derived without
 * `grant`. */
enum irq_trigger {
	IRQ_EDGE = 0,
	IRQ_LEVEL = 1,
	IRQ_LEVEL_SHARED = 2,
};
#define IRQ_TRIGGERS 3u
#define IRQ_CLAIMERS 8u

enum pio_width {
	PIO_WIDTH_8 = 1,
	PIO_WIDTH_16 = 2,
	PIO_WIDTH_32 = 4,
	PIO_WIDTH_ALL = 7,
};

/* The `op` of SYS_CAP_PIO_RW: port in the low half, width (1, 2 or 4 bytes, which is also
 * its PIO_WIDTH_ bit) in bits 16..18, direction in bit 24; all other bits are zero. */
#define PIO_OP_READ(port, width)  (((uint32_t)(port)&0xffffu) | ((uint32_t)(width) << 16))
#define PIO_OP_WRITE(port, width) (PIO_OP_READ(port, width) | (1u << 24))
#define PIO_OP_MASK		  0x0107ffffu

/* What SYS_CAP_PIO_KEEP leaves at `offset` of a frame. */
typedef struct pio_kept {
	uint32_t value; /* last read */
	uint32_t count; /* one more with each read; stored last */
} pio_kept_t;
ABI_ASSERT(sizeof(pio_kept_t) == 8, "kept value layout");

/* Most pages that one SYS_CAP_MMIO_MAP maps. A larger range is mapped in parts, each through a
 * capability of its own (SYS_CAP_ACQUIRE). */
#define MMIO_MAP_PAGES 1024u

/* Number of interrupt lines that a machine can have. */
#define IRQ_LINES 16u

/* Object sizes for SYS_UNTYPED_RETYPE, in log2: slots of a cspace (of which the first two are
 * its own), bytes of an untyped or a frame. Other objects have one size; 0 means that, and a
 * page for a frame. */
#define UNTYPED_BITS_MIN 12u
#define UNTYPED_BITS_MAX 30u
#define CSPACE_BITS_MIN	 6u
#define CSPACE_BITS_MAX	 12u
#define FRAME_BITS_MIN	 12u
#define FRAME_BITS_MAX	 22u

/* The `size` of SYS_UNTYPED_RETYPE: the size as above; RETYPE_STALE: a frame keeps what was in
 * its memory, which must have been in frames of this same untyped before; and how many pages
 * are zeroed at most before DRV_EAGAIN, 0: all. */
#define RETYPE_SIZE(bits)	 ((uint32_t)(bits)&0xffu)
#define RETYPE_STALE		 0x100u
#define RETYPE_LIMIT(pages)	 ((uint32_t)(pages) << 16)
#define RETYPE_SIZE_BITS(size)	 ((size)&0xffu)
#define RETYPE_LIMIT_PAGES(size) ((size) >> 16)
#define RETYPE_MASK		 0xffff01ffu

#endif
