/* SPDX-License-Identifier: BSD-2-Clause */
/* What only one driver can have at a time, as one type: ports, interrupt lines, memory, and the
 * name of a service. That two manifests want the same thing is nothing wrong with either of
 * them: who starts first has it, and the other waits for that one. Pure: knows no state of a
 * driver; the caller says who holds. */
#ifndef DRVMGR_CLAIMS_H
#define DRVMGR_CLAIMS_H

#include "claims/registry.h"

typedef enum claim_kind {
	CLAIM_PORTS,
	CLAIM_LINE,
	CLAIM_MEMORY,
	CLAIM_SERVICE,
	CLAIM_KINDS
} claim_kind_t;

/* One thing that a manifest asks for. */
typedef struct claim {
	claim_kind_t kind;
	span_t span; /* ports, the line, or bytes of memory; both ends inclusive */
	const char *service;
	bool shared;	/* a line: others may have it too, if they say so as well */
	bool hex;	/* how its numbers are written in the manifest */
	uint32_t index; /* in caps.pio, caps.irq, caps.mmio or provides */
	place_t place;
} claim_t;

/* Claim number `n`, from 0: ports first, then lines, memory and services, each in the order of
 * the manifest. False, and *claim is untouched: there are no more. */
bool claim_at(const manifest_t *manifest, uint32_t n, claim_t *claim);

/* Whether two drivers cannot have these at once. */
bool claim_meets(const claim_t *a, const claim_t *b);

/* Whether something of the kind, no service, that overlaps with `span` is asked for. */
bool claims_want(const manifest_t *manifest, claim_kind_t kind, span_t span);

/* "ports 0x60..0x64", "line 4", "memory 0xb8000..0xbffff", in the base of the manifest, or
 * "service tty". */
#define CLAIM_SHOWN (SPAN_SHOWN + sizeof(((name_list_t *)0)->items[0]))
const char *claim_show(const claim_t *claim, char shown[CLAIM_SHOWN]);

/* What keeps a driver waiting for another. */
typedef struct claim_conflict {
	uint32_t holder; /* entry of the registry */
	claim_t mine, theirs;
} claim_conflict_t;

/* Looks for the first driver that has something that entry `wants` of the registry asks for.
 * Bit n of `holders`: entry n holds its claims now, or is to be served before this one; the
 * bit of `wants` itself does not count. False, and *conflict is untouched: nobody does. */
bool claims_check(const registry_t *registry, uint32_t wants, uint32_t holders,
		  claim_conflict_t *conflict);

/* The hardware that a manifest names, made to be compared with many others': spans by their
 * place, and lines as bits. */
typedef struct spans {
	uint32_t count;
	span_t items[DRIVER_CAPS_MAX];
} spans_t;

typedef struct hardware {
	spans_t ports, memory;
	uint32_t lines, shared;
} hardware_t;

hardware_t claims_hardware(const manifest_t *manifest);

/* Whether two drivers cannot have their hardware at once. */
bool claims_meet(const hardware_t *mine, const manifest_t *theirs);

/* "waits for ps2kbd: ports 0x60..0x64 (b.drv.json:4:16), which it has (ps2kbd.drv.json:7:4)";
 * "gets first" if it has them not, but comes before. NUL-terminated, cut if too long; the
 * answer is its length. */
#define CLAIMS_TOLD 232u
size_t claims_tell(const registry_t *registry, uint32_t wants, const claim_conflict_t *conflict,
		   bool has, char *text, size_t size);

#endif
