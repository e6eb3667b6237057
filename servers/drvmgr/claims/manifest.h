/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's manifest: NAME.drv.json as text in, a checked struct out. Pure: it opens no
 * file, allocates nothing, grants nothing and knows no other driver. */
#ifndef DRVMGR_MANIFEST_H
#define DRVMGR_MANIFEST_H

#include "abi/cap.h"
#include "abi/driver_errno.h"
#include "abi/protocol/manager.h"
#include "core/group.h"
#include "core/lifecycle.h"
#include "claims/grantable.h"
#include "claims/json.h"
#include "claims/sha256.h"
#include "core/policy.h"

#define MANIFEST_NAME_SIZE  (MANAGER_NAME_MAX + 1u)
#define MANIFEST_IMAGE_SIZE 64u
#define MANIFEST_NAMES_MAX  8u
#define MANIFEST_ERRORS_MAX 32u
#define MANIFEST_FILE_SHOWN 64	 /* characters of a file's name in an error */
#define MANIFEST_ERROR_SIZE 232u /* what a line of the log has room for */
#define MANIFEST_PATH_SIZE  96u
#define MANIFEST_END	    ".drv.json" /* of its file's name; before it is the driver's */
#define MANIFEST_OPERATOR   "operator"	/* in `uses`: the operator's calls are allowed */
#define MANIFEST_SAFE_MAX   32u

/* What the smallest driver with ports takes, as a power of two: address space 16 KiB, ports 12,
 * the pages that it shares 12, image, stack and two page tables 8 each, capabilities and thread
 * 4 each. */
#define MANIFEST_MEMORY_KIB_MIN 128

/* Where something stands in its file; line and column from 1, in bytes. */
typedef struct place {
	uint32_t line, column;
} place_t;

/* Ports `start` to `end`, both inclusive. Invariant M1: start <= end <= 65535. */
typedef struct pio_range {
	uint32_t start, end;
	uint32_t widths; /* PIO_WIDTH_…: those named; all, if those that fit are */
	uint32_t rights; /* RIGHT_READ, RIGHT_WRITE */
	uint32_t hex;	 /* a number of it was written like "0x60": so errors write all */
	place_t place;
} pio_range_t;

#define IRQ_SHARED_ACK_MS_MAX 50 /* of a shared line */
typedef struct irq_line {
	uint32_t line;	  /* 0..IRQ_LINES - 1 */
	uint32_t trigger; /* enum irq_trigger */
	uint32_t shared;  /* with others that say so, too; of level lines alone */
	uint32_t ack_ms;  /* an interrupt is acknowledged within so many milliseconds */
	place_t place;
} irq_line_t;

enum mmio_cache { MMIO_UNCACHED };

/* Invariant M2: base and size are multiples of PAGE_SIZE, size > 0, base + size - 1 does not
 * wrap. */
typedef struct mmio_range {
	uint32_t base, size; /* bytes */
	uint32_t cache;	     /* enum mmio_cache */
	uint32_t hex;	     /* as in pio_range_t */
	place_t place;
} mmio_range_t;

static inline span_t pio_span(const pio_range_t *range)
{
	return (span_t){range->start, range->end};
}

static inline span_t mmio_span(const mmio_range_t *range)
{
	return (span_t){range->base, range->base + (range->size - 1)};
}

typedef struct pio_list {
	uint32_t count;
	pio_range_t items[DRIVER_CAPS_MAX];
} pio_list_t;

typedef struct irq_list {
	uint32_t count;
	irq_line_t items[DRIVER_CAPS_MAX];
} irq_list_t;

typedef struct mmio_list {
	uint32_t count;
	mmio_range_t items[DRIVER_CAPS_MAX];
} mmio_list_t;

/* Invariant M5: behind a name, here and in manifest_t, are zeros up to the end of its place. */
typedef struct name_list {
	uint32_t count;
	char items[MANIFEST_NAMES_MAX][MANIFEST_NAME_SIZE];
	place_t place; /* of the list */
} name_list_t;

/* Driver-protocol versions, inclusive. */
typedef struct abi_range {
	uint32_t min, max;
	place_t place;
} abi_range_t;

typedef struct heartbeat {
	uint32_t period_ms, misses;
	uint32_t progress_ms; /* 0: no limit for an interrupt */
	place_t place;
} heartbeat_t;

/* How long a call may wait. Whatever a manifest says, there is a limit: who waits is judged
 * unless whom it waits for will be. */
#define PROGRESS_MS_DEFAULT 750u
static inline uint32_t heartbeat_call_ms(const heartbeat_t *heartbeat)
{
	return heartbeat->progress_ms ? heartbeat->progress_ms : PROGRESS_MS_DEFAULT;
}

/* How long a driver may be silent. */
static inline uint32_t heartbeat_silence_ms(const heartbeat_t *heartbeat)
{
	return heartbeat->period_ms * heartbeat->misses;
}

/* budget_us of processor time in each period_us; beyond it the driver runs when nobody else
 * wants to. Invariant M3: both are whole milliseconds at least, budget below period. */
typedef struct cpu_share {
	uint32_t budget_us, period_us;
	place_t place;
} cpu_share_t;

typedef struct restart {
	policy_t policy;
	place_t place;
} restart_t;

/* Drivers that restart together: those that name the same group, in the order of admission. */
typedef struct group {
	char name[MANIFEST_NAME_SIZE]; /* empty: in none */
	uint32_t strategy;	       /* group_strategy_t */
	place_t place;
} group_t;

/* SHA-256 of the image's file. */
typedef struct digest {
	uint32_t present;
	uint8_t bytes[SHA256_SIZE];
} digest_t;

typedef enum safe_kind { SAFE_WRITE, SAFE_WAIT } safe_kind_t;

/* One operation of `safe_state` (safe_state.h performs it). Invariant M4: exactly one of `port`
 * and `address` is not 0, and that register lies in one range of the same manifest's caps with
 * the width and the direction that it takes. */
typedef struct safe_op {
	uint32_t kind; /* safe_kind_t */
	uint32_t port, address;
	uint32_t width; /* bytes: 1, 2 or 4 */
	uint32_t value;
	uint32_t mask;	/* the bits that are written or waited for */
	uint32_t tries; /* SAFE_WAIT: reads at most */
	uint32_t hex;
	place_t place;
} safe_op_t;

/* All bits of a register of so many bytes. */
static inline uint32_t safe_bits(uint32_t width)
{
	return width == 4 ? UINT32_MAX : (1u << 8 * width) - 1;
}

typedef struct safe_list {
	uint32_t count;
	safe_op_t items[MANIFEST_SAFE_MAX];
} safe_list_t;

typedef struct caps {
	pio_list_t pio;
	irq_list_t irq;
	mmio_list_t mmio;
} caps_t;

typedef struct manifest {
	char name[MANIFEST_NAME_SIZE];
	place_t place; /* of the root object */
	abi_range_t abi;
	char image[MANIFEST_IMAGE_SIZE]; /* file in the archive */
	digest_t sha256;		 /* of that file */
	caps_t caps;
	uint32_t memory_kib;
	uint32_t priority;
	name_list_t needs; /* `requires` */
	name_list_t provides;
	name_list_t uses;
	lifecycle_limits_t lifecycle;
	heartbeat_t heartbeat;
	cpu_share_t cpu;
	restart_t restart;
	group_t group;
	uint32_t hold; /* calls that wait at its death wait for the next instance */
	safe_list_t safe_state;
	uint32_t essential; /* boot.list has it: set by admission (boot_list.h), never read */
} manifest_t;

/* Error lines, "FILE:LINE:COLUMN: PATH: WHAT", each NUL-terminated, cut if too long, in the
 * order of their places; those without one come last. */
typedef struct manifest_errors {
	uint32_t count;	  /* lines held */
	uint32_t dropped; /* further errors, behind these, that found no room */
	place_t places[MANIFEST_ERRORS_MAX];
	char lines[MANIFEST_ERRORS_MAX][MANIFEST_ERROR_SIZE];
} manifest_errors_t;

/* What a reader works with: about 26 KiB, so not for a stack. The caller sets `windows`, the
 * physical memory that the machine has to give, and `window_count`; a null pointer: no machine
 * is looked at, as on the host. The rest is scratch. */
typedef struct manifest_reader {
	const span_t *windows;
	uint32_t window_count;
	/* Scratch. */
	json_t json;
	manifest_t draft;
	manifest_errors_t *errors;
	json_position_t position; /* the last that was asked for */
	const char *file;
	char path[MANIFEST_PATH_SIZE]; /* of what is being read, for errors */
	size_t path_length;
} manifest_reader_t;

/* Reads `text` of `size` bytes, which `file` names in errors. All errors are found in one
 * pass (after a syntax error nothing else is looked at). DRV_OK: *out is set. DRV_EFORMAT:
 * *out is untouched and *errors, which is cleared first, says why. */
err_t manifest_parse(manifest_reader_t *reader, const char *file, const char *text, size_t size,
		     manifest_t *out, manifest_errors_t *errors);

/* Highest driver-protocol version that manager, manifest and the binary's range have in
 * common; 0: none. */
uint32_t manifest_abi(const manifest_t *manifest, uint32_t binary_min, uint32_t binary_max);

/* The place of `name` among all that the driver may connect to, those in `uses` and those in
 * `requires`; MANIFEST_PLACES: in neither. */
#define MANIFEST_PLACES (2u * MANIFEST_NAMES_MAX)
uint32_t manifest_place(const manifest_t *manifest, const char *name);

/* Whether `uses` or `requires` has `name`: the driver may connect to it. */
bool manifest_uses(const manifest_t *manifest, const char *name);

/* Whether they have the name of the other driver, or one that it provides. */
bool manifest_uses_driver(const manifest_t *manifest, const manifest_t *other);

/* Whether `list` has `name`. */
bool manifest_lists(const name_list_t *list, const char *name);

/* Whether `name` is of the form of a driver's name. */
bool manifest_is_name(const char *name);

/* Adds "FILE: " and the text, behind all others. */
void manifest_note(manifest_errors_t *errors, const char *file, const char *text, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether an error at `place` finds no room: all that is held comes before it. */
bool manifest_is_beyond(const manifest_errors_t *errors, place_t place);

/* Adds "FILE:LINE:COLUMN: " and the text, at its place. */
void manifest_error(manifest_errors_t *errors, const char *file, place_t place,
		    const char *text, ...) __attribute__((format(printf, 4, 5)));

/* Writes the first error, of which there is one at the least, without its file; and, if that is
 * not all, that the log has more: of further errors their number, of an error that is too long
 * its end, which is cut between two words. `size` is 64 at the least. */
void manifest_brief(const manifest_errors_t *errors, const char *file, char *text, size_t size);

#endif
