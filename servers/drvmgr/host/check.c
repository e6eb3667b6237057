/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of check.h. */
#include "host/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claims/admission.h"
#include "claims/claims.h"

#define ARCHIVE_END ".tar"
#define OWN_IMAGE   "drvmgr.elf"
#define CYCLE_SIZE  1024u
#define ROOM_FIRST  65536u

static manifest_reader_t reader;
static manifest_errors_t errors;
static manifest_t manifests[REGISTRY_MAX];
static admission_t admission;

static int worse(int a, int b)
{
	return a > b ? a : b;
}

static void print_errors(void)
{
	for (uint32_t i = 0; i < errors.count; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	if (errors.dropped)
		fprintf(stderr, "%u more error%s\n", errors.dropped,
			errors.dropped == 1 ? "" : "s");
}

/* The part of a path behind the last slash. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

int check_read(const char *path, manifest_t *manifest)
{
	char text[JSON_SIZE_MAX + 1]; /* one more: a longer file is told from the longest */
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return EXIT_USE;
	}
	size_t size = fread(text, 1, sizeof(text), file);
	bool broken = ferror(file) != 0;
	fclose(file);
	if (broken) {
		fprintf(stderr, "%s: cannot be read\n", path);
		return EXIT_USE;
	}
	if (manifest_parse(&reader, base_name(path), text, size, manifest, &errors) == DRV_OK)
		return EXIT_GOOD;
	print_errors();
	return EXIT_REFUSED;
}

/* Who would wait for whom is told and is nothing wrong; a circle is. */
static int check_together(const registry_t *registry)
{
	char text[CYCLE_SIZE];
	uint32_t seen = 0;
	int result = EXIT_GOOD;
	for (uint32_t i = 0; i < registry->count; i++) {
		claim_conflict_t conflict;
		if (!claims_check(registry, i, (1u << i) - 1, &conflict))
			continue;
		claims_tell(registry, i, &conflict, false, text, sizeof(text));
		printf("%s: %s\n", registry->entries[i].file, text);
	}
	while (registry_find_cycle(registry, &seen, text, sizeof(text))) {
		fprintf(stderr, "requires: a circle: %s\n", text);
		result = EXIT_REFUSED;
	}
	return result;
}

/* An archive is whole: who requires what is not in it waits for ever, which is nothing wrong
 * either. */
static void tell_missing(const registry_t *registry)
{
	for (uint32_t i = 0; i < registry->count; i++) {
		const name_list_t *needs = &registry->entries[i].manifest->needs;
		for (uint32_t k = 0; k < needs->count; k++)
			if (!registry_providers(registry, needs->items[k]))
				printf("%s: requires %s, which nobody provides\n",
				       registry->entries[i].file, needs->items[k]);
	}
}

/* Compares manifest `i` with all files and adds it to the manifests before it. */
static int add_manifest(registry_t *registry, char **paths, int count, int i)
{
	const char *file = base_name(paths[i]);
	err_t err = DRV_OK;
	errors.count = errors.dropped = 0;
	for (int k = 0; k < count; k++)
		if (registry_check_owner(file, &manifests[i], base_name(paths[k]), &errors))
			err = DRV_EEXIST;
	if (!err)
		err = registry_add(registry, file, &manifests[i], &errors);
	if (!err)
		registry_tell_groups(registry, file, &manifests[i], &errors);
	print_errors();
	return err ? EXIT_REFUSED : EXIT_GOOD;
}

static int check_manifests(char **paths, int count)
{
	registry_t registry;
	int worst = EXIT_GOOD;
	registry_clear(&registry);
	for (int i = 0; i < count; i++) {
		int result = check_read(paths[i], &manifests[i]);
		if (result == EXIT_GOOD)
			result = add_manifest(&registry, paths, count, i);
		worst = worse(worst, result);
	}
	return worse(worst, check_together(&registry));
}

/* -- Archives. ----------------------------------------------------------------------------- */

static void print_line(void *context, const char *line)
{
	(void)context;
	fprintf(stderr, "%s\n", line);
}

static bool is_named(void *context, const char *image)
{
	(void)context;
	for (uint32_t i = 0; i < admission.count; i++)
		if (admission_names(admission.items[i].file, &manifests[i], image))
			return true;
	return strcmp(image, OWN_IMAGE) == 0;
}

static int check_archive(const void *archive, size_t size)
{
	registry_t registry;
	image_t image;
	int worst = EXIT_GOOD;
	registry_clear(&registry);
	memset(manifests, 0, sizeof(manifests)); /* those of another archive */
	if (!admission_scan(&admission, archive, size, &errors, print_line, NULL))
		worst = EXIT_REFUSED;
	for (uint32_t i = 0; i < admission.count; i++) {
		err_t err = admission_check(&admission, i, &registry, &reader, &manifests[i],
					    &image, &errors);
		if (!err)
			err = registry_add(&registry, admission.items[i].file, &manifests[i],
					   &errors);
		print_errors();
		if (err)
			worst = EXIT_REFUSED;
	}
	admission_say_orphans(&admission, is_named, print_line, NULL);
	tell_missing(&registry);
	return worse(worst, check_together(&registry));
}

/* The whole of a file, which the caller frees; null: it cannot be read, which is told. */
static char *read_file_whole(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *data = NULL, *more = NULL;
	size_t room = ROOM_FIRST;
	*size = 0;
	while (file && (more = realloc(data, room)) != NULL) {
		data = more;
		*size += fread(data + *size, 1, room - *size, file);
		if (*size < room)
			break;
		room *= 2;
	}
	if (!file || !more || ferror(file)) {
		perror(path);
		free(data);
		data = NULL;
	}
	if (file)
		fclose(file);
	return data;
}

static int check_archive_file(const char *path)
{
	size_t size;
	char *archive = read_file_whole(path, &size);
	if (!archive)
		return EXIT_USE;
	int result = check_archive(archive, size);
	free(archive);
	return result;
}

int check_files(char **paths, int count)
{
	char *texts[REGISTRY_MAX];
	int text_count = 0, worst = EXIT_GOOD;
	for (int i = 0; i < count; i++) {
		if (admission_ends_with(paths[i], ARCHIVE_END))
			worst = worse(worst, check_archive_file(paths[i]));
		else if (text_count++ < (int)REGISTRY_MAX)
			texts[text_count - 1] = paths[i];
	}
	if (count < 1 || text_count > (int)REGISTRY_MAX) {
		fprintf(stderr, "drvctl check: 1 to %u files are expected\n", REGISTRY_MAX);
		return EXIT_USE;
	}
	return text_count ? worse(worst, check_manifests(texts, text_count)) : worst;
}
