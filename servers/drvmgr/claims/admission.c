/* SPDX-License-Identifier: BSD-2-Clause */
/* The scan of admission.h: which manifests there are, and their order. One pass finds
 * boot.list, a second one the manifests; both cost a look at each header. */
#include "claims/admission.h"

#include "cap/format.h"
#include "cap/string.h"

#define LINE_SIZE 232u

/* A scan under way. */
typedef struct scan {
	admission_t *admission;
	admission_say_t *say;
	void *context;
	uint32_t refused;
} scan_t;

static void say(scan_t *scan, const char *text, ...) __attribute__((format(printf, 2, 3)));
static void say(scan_t *scan, const char *text, ...)
{
	char line[LINE_SIZE];
	va_list args;
	va_start(args, text);
	format_v(line, sizeof(line), text, args);
	va_end(args);
	scan->say(scan->context, line);
}

void admission_show(char to[ADMISSION_FILE_SIZE], const char *name)
{
	size_t i = 0;
	for (; i + 1 < ADMISSION_FILE_SIZE && name[i]; i++)
		to[i] = name[i] < ' ' || name[i] > '~' ? '?' : name[i];
	to[i] = '\0';
}

bool admission_ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);
	return length >= tail && strcmp(name + length - tail, end) == 0;
}

/* Why a member is not taken, or null. A directory holds nothing and is silent. */
static const char *member_problem(const tar_entry_t *member)
{
	if (member->type == TAR_LINK || member->type == TAR_SYMLINK)
		return "is a link, and only files are taken";
	if (member->type != TAR_FILE && member->type != '\0')
		return member->type == TAR_DIRECTORY ? NULL : "is no regular file";
	for (const char *at = member->name; *at; at++)
		if (at[0] == '.' && at[1] == '.' && (at[2] == '/' || !at[2]) &&
		    (at == member->name || at[-1] == '/'))
			return "leads out of the archive";
	if (member->nested || strchr(member->name, '/'))
		return "is in a directory, and only files at the top of the archive are taken";
	return NULL;
}

static bool is_taken(const tar_entry_t *member)
{
	return (member->type == TAR_FILE || member->type == '\0') && !member_problem(member);
}

void admission_go_on(const admission_t *admission)
{
	if (admission->goes_on)
		admission->goes_on(admission->watched);
}

err_t admission_member(const admission_t *admission, size_t *offset, tar_entry_t *member)
{
	admission_go_on(admission);
	return tar_member(admission->archive, admission->size, offset, member);
}

/* -- boot.list. ---------------------------------------------------------------------------- */

static uint32_t read_boot_list(scan_t *scan, manifest_errors_t *errors)
{
	admission_t *admission = scan->admission;
	tar_entry_t member;
	size_t offset = 0;
	uint32_t found = 0;
	errors->count = errors->dropped = 0;
	admission->boot_list.count = 0;
	while (admission_member(admission, &offset, &member) == DRV_OK)
		if (is_taken(&member) && strcmp(member.name, BOOT_LIST_FILE) == 0 && !found++)
			boot_list_read(&admission->boot_list, member.data, member.size, errors);
	if (found > 1) {
		say(scan, BOOT_LIST_FILE ": is in the archive twice, so none of them counts");
		admission->boot_list.count = 0;
	} else if (found == 0) {
		say(scan, BOOT_LIST_FILE ": is not in the archive, so no driver is essential");
	}
	for (uint32_t i = 0; found == 1 && i < errors->count; i++)
		say(scan, "%s", errors->lines[i]);
	return found > 1 || errors->count > 0;
}

static void tell_unknown(scan_t *scan)
{
	const admission_t *admission = scan->admission;
	for (uint32_t i = 0; i < admission->boot_list.count; i++) {
		const boot_entry_t *entry = &admission->boot_list.items[i];
		uint32_t at = 0;
		while (at < admission->count && admission->items[at].essential != entry)
			at++;
		if (at == admission->count)
			say(scan, BOOT_LIST_FILE ":%u:%u: %s is in no manifest of the archive",
			    entry->place.line, entry->place.column, entry->name);
	}
}

/* -- Manifests. ---------------------------------------------------------------------------- */

/* Whether a file is called NAME.drv.json; its line of boot.list, if it has one. */
static void read_name(const admission_t *admission, candidate_t *candidate)
{
	char name[ADMISSION_FILE_SIZE];
	size_t length = strlen(candidate->file) - strlen(MANIFEST_END);
	format(name, sizeof(name), "%s", candidate->file);
	name[length] = '\0';
	candidate->named = manifest_is_name(name);
	candidate->essential = boot_list_find(&admission->boot_list, name);
}

/* Below 0: a is admitted before b. */
static int compare(const candidate_t *a, const candidate_t *b)
{
	uint32_t first = a->essential ? a->essential->priority : a->named;
	uint32_t second = b->essential ? b->essential->priority : b->named;
	if (first != second)
		return first > second ? -1 : 1;
	return strcmp(a->file, b->file);
}

/* Puts a candidate where it belongs; the last one makes room. Archives are mostly in order. */
static void insert(admission_t *admission, const candidate_t *candidate)
{
	uint32_t at = admission->count;
	while (at > 0 && compare(&admission->items[at - 1], candidate) >= 0)
		at--;
	if (at < admission->count && compare(&admission->items[at], candidate) == 0) {
		admission->items[at].twice = true;
		return;
	}
	if (admission->count == REGISTRY_MAX) {
		admission->full = true;
		if (at == REGISTRY_MAX)
			return;
	} else {
		admission->count++;
	}
	memmove(&admission->items[at + 1], &admission->items[at],
		(admission->count - 1 - at) * sizeof(*candidate));
	admission->items[at] = *candidate;
}

/* The name stays where it is: in the header, the first of its fields, right before the data. */
static void note_program(admission_t *admission, const tar_entry_t *member)
{
	if (admission->program_count == ADMISSION_IMAGES_MAX) {
		admission->all_programs = false;
		return;
	}
	admission->programs[admission->program_count++] =
	    (program_t){.name = (const char *)member->data - TAR_BLOCK,
			.data = member->data,
			.size = member->size};
}

static void look_at(scan_t *scan, const tar_entry_t *member)
{
	const char *problem = member_problem(member);
	candidate_t candidate = {.text = member->data, .size = member->size};
	admission_show(candidate.file, member->name);
	if (problem) {
		say(scan, "%s: %s", candidate.file, problem);
		scan->refused++;
	} else if (member->type != TAR_DIRECTORY &&
		   admission_ends_with(candidate.file, MANIFEST_END)) {
		read_name(scan->admission, &candidate);
		insert(scan->admission, &candidate);
	} else if (is_taken(member) && admission_ends_with(member->name, IMAGE_END)) {
		note_program(scan->admission, member);
	}
}

static void find_manifests(scan_t *scan)
{
	admission_t *admission = scan->admission;
	tar_entry_t member;
	size_t offset = 0;
	err_t err;
	while ((err = admission_member(admission, &offset, &member)) == DRV_OK)
		look_at(scan, &member);
	if (err == DRV_ENOENT)
		return;
	say(scan, "the boot archive is damaged behind byte %u", (unsigned)offset);
	scan->refused++;
}

bool admission_scan(admission_t *admission, const void *archive, size_t size,
		    manifest_errors_t *scratch, admission_say_t *say_line, void *context)
{
	scan_t scan = {.admission = admission, .say = say_line, .context = context};
	admission->archive = archive;
	admission->size = size;
	admission->count = admission->program_count = 0;
	admission->full = false;
	admission->given.data = NULL;
	admission->all_programs = true;
	scan.refused += read_boot_list(&scan, scratch);
	find_manifests(&scan);
	tell_unknown(&scan);
	if (admission->full)
		say(&scan, "there is room for %u drivers: manifests behind %s are ignored",
		    REGISTRY_MAX, admission->items[REGISTRY_MAX - 1].file);
	return scan.refused == 0 && !admission->full;
}

bool admission_names(const char *file, const manifest_t *manifest, const char *image)
{
	size_t length = strlen(file) - strlen(MANIFEST_END);
	if (manifest->image[0])
		return strcmp(manifest->image, image) == 0;
	return strncmp(file, image, length) == 0 && strcmp(image + length, IMAGE_END) == 0;
}

void admission_say_orphans(const admission_t *admission,
			   bool (*named)(void *context, const char *image),
			   admission_say_t *say_line, void *context)
{
	scan_t scan = {.say = say_line, .context = context};
	char shown[ADMISSION_FILE_SIZE];
	tar_entry_t member;
	size_t offset = 0;
	uint32_t seen = 0;
	while (tar_member(admission->archive, admission->size, &offset, &member) == DRV_OK) {
		if (seen++ % ADMISSION_HEADERS == 0)
			admission_go_on(admission);
		if (!is_taken(&member) || !admission_ends_with(member.name, IMAGE_END) ||
		    named(context, member.name))
			continue;
		admission_show(shown, member.name);
		say(&scan, "%s: no manifest names it, so it is not started", shown);
	}
}
