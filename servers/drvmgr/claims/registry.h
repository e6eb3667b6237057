/* SPDX-License-Identifier: BSD-2-Clause */
/* All drivers that were admitted, in the order of their admission. No two have one name;
 * hardware and the name of a service they may all want (claims.h). Pure bookkeeping: it grants
 * nothing. */
#ifndef DRVMGR_REGISTRY_H
#define DRVMGR_REGISTRY_H

#include "claims/manifest.h"

#define REGISTRY_MAX 32u

/* Of one manifest: its own, those that it provides and requires, its group's. */
#define NAMES_EACH (2u + 2u * MANIFEST_NAMES_MAX)

/* `file` and `manifest` belong to the caller and must outlive the entry. Invariants:
 *   RG1  entries 0 .. count - 1 are used, no two have one name, and no service is a driver's
 *        name.
 *   RG2  bit n of an entry's `rivals` is set if and only if its own bit of entry n's is: they
 *        cannot have at once what they want.
 *   RG3  names[] has each name of each entry once, in the order of memcmp() (names.h). */
typedef struct registry {
	uint32_t count;
	struct registry_entry {
		const char *file;
		const manifest_t *manifest;
		uint32_t rivals;
	} entries[REGISTRY_MAX];
	uint32_t name_count;
	uint16_t names[REGISTRY_MAX * NAMES_EACH];
} registry_t;

/* Forgets all entries. */
void registry_clear(registry_t *registry);

/* A name is its driver's, whether that is admitted earlier, later or never. DRV_EEXIST, and a
 * line added to *errors: `manifest`, which is the file `file`, provides the name of the driver
 * whose manifest is the file `other`. */
err_t registry_check_owner(const char *file, const manifest_t *manifest, const char *other,
			   manifest_errors_t *errors);

/* Compares `manifest` with its file's name and with every entry and adds one line for each
 * conflict to *errors, naming both files and places. DRV_EEXIST: a name is taken; DRV_EINVAL:
 * the file is called otherwise; DRV_EEXIST when both. Changes nothing else. */
err_t registry_check(const registry_t *registry, const char *file, const manifest_t *manifest,
		     manifest_errors_t *errors);

/* Adds one line to *errors if an entry names the same group with another strategy: nothing is
 * wrong with either, and they are in two groups. */
void registry_tell_groups(const registry_t *registry, const char *file,
			  const manifest_t *manifest, manifest_errors_t *errors);

/* Adds a manifest that passes registry_check(). DRV_ENOMEM: REGISTRY_MAX are there. On
 * failure the registry is unchanged. */
err_t registry_add(registry_t *registry, const char *file, const manifest_t *manifest,
		   manifest_errors_t *errors);

/* Takes the driver out; the order of the others stays. DRV_ENOENT: there is none. */
err_t registry_remove(registry_t *registry, const char *name);

/* Manifests of entries, which kept their names, have changed, and pass registry_check() among
 * the others: each entry's names and rivals are looked for again. The order stays. */
void registry_reread(registry_t *registry);

/* The driver of that name, or all that provide a service of that name: bit n for entry n. */
uint32_t registry_providers(const registry_t *registry, const char *name);

/* Looks for drivers that require each other in a circle, possibly of one. If there is one,
 * the answer is true and `text` names it: "a -> b -> a". What is not in the registry
 * requires nothing. *seen, 0 at first, remembers what was looked at: the next call finds the
 * next circle, one without a driver of those before. */
bool registry_find_cycle(const registry_t *registry, uint32_t *seen, char *text, size_t size);

#endif
