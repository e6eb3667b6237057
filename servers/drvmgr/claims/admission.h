/* SPDX-License-Identifier: BSD-2-Clause */
/* Which drivers an archive has, in which order they are served, and what is wrong with each.
 * The order comes from boot.list and from names, never from the order of files, so that any
 * order of the same files gives the same system. Pure: it starts and reserves nothing, and the
 * manager, `drvctl check` and the build say the same words, because they are said here. */
#ifndef DRVMGR_ADMISSION_H
#define DRVMGR_ADMISSION_H

#include "cap/elf.h"
#include "cap/tar.h"
#include "claims/boot_list.h"
#include "claims/registry.h"

#define ADMISSION_FILE_SIZE sizeof(((tar_entry_t *)0)->name)
#define IMAGE_END	    ".elf"

/* A manifest's file. */
typedef struct candidate {
	char file[ADMISSION_FILE_SIZE]; /* what is not printable ASCII is '?' */
	bool named;			/* the file is called like a driver */
	bool twice;			/* there are several files of this name */
	const boot_entry_t *essential;	/* its line of boot.list, or null */
	const void *text;
	size_t size;
} candidate_t;

/* A program's file. The table is there to find images without a look at each header again; if
 * it has no room for all of them, the archive itself is looked through. */
#define ADMISSION_IMAGES_MAX 96u
typedef struct program {
	const char *name; /* 100 bytes at most, NUL-terminated if shorter */
	const void *data;
	size_t size;
} program_t;

/* Called often enough while an archive is read that whoever watches the reader sees it go on,
 * however large the files are: before each member and each ADMISSION_PIECE of what is hashed;
 * where headers alone are looked at, before one in ADMISSION_HEADERS. */
typedef void admission_goes_on_t(void *context);
#define ADMISSION_PIECE	  16384u
#define ADMISSION_HEADERS 16u

/* What the archive has. Candidates are in the order of admission: essential ones by their
 * priority, then all others, each by name; files that are called like no driver come last. */
typedef struct admission {
	admission_goes_on_t *goes_on; /* or null; the caller sets it, with */
	void *watched;		      /* its context, before the scan */
	const void *archive;
	size_t size;
	boot_list_t boot_list;
	uint32_t count;
	bool full; /* there is no room for others, which come behind these */
	candidate_t items[REGISTRY_MAX + 1]; /* what replaces one stands behind all of them */
	uint32_t program_count;
	bool all_programs; /* are in the table */
	/* `data` not null: the image, whatever a manifest calls it, and its SHA-256. */
	program_t given;
	const uint8_t *given_digest;
	program_t programs[ADMISSION_IMAGES_MAX];
} admission_t;

/* Is `name` longer than `end`, or it, and ends so? */
bool admission_ends_with(const char *name, const char *end);

/* One line about the archive, "FILE: WHAT" or "FILE:LINE:COLUMN: WHAT", NUL-terminated. */
typedef void admission_say_t(void *context, const char *line);

/* Looks through the archive and says what is wrong with it: members that are not taken (links,
 * names with directories), manifests that are there twice or for which there is no room, what
 * is wrong in boot.list or named there and not in the archive, and where it is damaged. The
 * archive must outlive *admission. True: there was nothing to refuse. */
bool admission_scan(admission_t *admission, const void *archive, size_t size,
		    manifest_errors_t *scratch, admission_say_t *say, void *context);

/* The image that a manifest names. */
typedef struct image {
	const void *data;
	size_t size;
	elf_plan_t plan;
	uint32_t abi; /* the driver-protocol version to speak */
} image_t;

/* Reads and checks a candidate, what it has in common with those in the registry and its image;
 * changes none of the latter. DRV_OK: *manifest and *image are set. Otherwise *errors says why:
 * DRV_EFORMAT (the text, the image), DRV_EINVAL (the file's name), DRV_EEXIST (a
 * name is taken, a file is there twice), DRV_ENOENT (no image), DRV_EABI, DRV_ENOMEM
 * (more memory is needed than it asks for). */
err_t admission_check(const admission_t *admission, uint32_t index, const registry_t *registry,
		      manifest_reader_t *reader, manifest_t *manifest, image_t *image,
		      manifest_errors_t *errors);

/* Does the manifest, of the candidate's file NAME.drv.json, name the image? One that was
 * refused before that was known is taken to name NAME.elf. */
bool admission_names(const char *file, const manifest_t *manifest, const char *image);

/* Says which programs of the archive no manifest names. `named` answers whether one does. */
void admission_say_orphans(const admission_t *admission,
			   bool (*named)(void *context, const char *image),
			   admission_say_t *say, void *context);

/* It goes on: `goes_on` is told, if there is one. */
void admission_go_on(const admission_t *admission);

/* tar_member() of the archive, where it goes on. */
err_t admission_member(const admission_t *admission, size_t *offset, tar_entry_t *member);

/* Copies a file's name, with '?' for what is not printable ASCII. */
void admission_show(char to[ADMISSION_FILE_SIZE], const char *name);

#endif
