/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a ustar archive in memory (POSIX.1-2017, pax, "ustar Interchange Format"). Pure. */
#ifndef CAP_TAR_H
#define CAP_TAR_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/driver_errno.h"

#define TAR_BLOCK     512u /* a header; a member's data is right behind its own */
#define TAR_FILE      '0'  /* or a NUL, as it was before ustar */
#define TAR_LINK      '1'
#define TAR_SYMLINK   '2'
#define TAR_DIRECTORY '5'

typedef struct tar_entry {
	char name[101];
	char type;   /* as it is in the archive: TAR_… and others */
	bool nested; /* in directories that are not part of `name` */
	const void *data;
	size_t size;
} tar_entry_t;

/* The member at or behind *offset (0 to begin), whatever it is; moves *offset behind it.
 * DRV_ENOENT: the end; DRV_EFORMAT: no ustar header, a wrong checksum, or a member beyond the
 * end of the archive; nothing behind it can be read then. */
err_t tar_member(const void *archive, size_t size, size_t *offset, tar_entry_t *entry);

/* The same, but regular files alone. */
err_t tar_next(const void *archive, size_t size, size_t *offset, tar_entry_t *entry);

/* The first file of that name. DRV_ENOENT, DRV_EFORMAT as above. */
err_t tar_find(const void *archive, size_t size, const char *name, tar_entry_t *entry);

#endif
