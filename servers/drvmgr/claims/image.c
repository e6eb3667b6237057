/* SPDX-License-Identifier: BSD-2-Clause */
/* The check of one candidate (admission.h): its text, what others have, its image. */
#include "claims/admission.h"

#include "cap/format.h"
#include "cap/note.h"
#include "cap/string.h"
#include "claims/need.h"

/* How often the archive has a file of that name; the last one is in *image. */
static uint32_t count_in_archive(const admission_t *admission, const char *name, image_t *image)
{
	tar_entry_t member;
	size_t offset = 0;
	uint32_t found = 0;
	while (admission_member(admission, &offset, &member) == DRV_OK) {
		if ((member.type != TAR_FILE && member.type != '\0') || member.nested ||
		    strcmp(member.name, name) != 0)
			continue;
		found++;
		image->data = member.data;
		image->size = member.size;
	}
	return found;
}

/* The same by the table of programs. */
static uint32_t count_in_table(const admission_t *admission, const char *name, image_t *image)
{
	uint32_t found = 0;
	for (uint32_t i = 0; i < admission->program_count; i++) {
		const program_t *program = &admission->programs[i];
		if (strncmp(program->name, name, ADMISSION_FILE_SIZE - 1) != 0)
			continue;
		found++;
		image->data = program->data;
		image->size = program->size;
	}
	return found;
}

/* The manifest's image, which must be in the archive once, if it was not given. */
static err_t find_image(const admission_t *admission, const char *file, const char *name,
			image_t *image, manifest_errors_t *errors)
{
	if (admission->given.data) {
		image->data = admission->given.data;
		image->size = admission->given.size;
		return DRV_OK;
	}
	uint32_t found = admission->all_programs && admission_ends_with(name, IMAGE_END)
			     ? count_in_table(admission, name, image)
			     : count_in_archive(admission, name, image);
	if (found == 0)
		manifest_note(errors, file, "image %s is not in the archive", name);
	else if (found > 1)
		manifest_note(errors, file, "image %s is in the archive twice", name);
	if (found == 1)
		return DRV_OK;
	return found ? DRV_EEXIST : DRV_ENOENT;
}

static void digest_of(const admission_t *admission, const image_t *image,
		      uint8_t digest[SHA256_SIZE])
{
	const uint8_t *at = image->data;
	size_t left = image->size;
	sha256_t hash;
	sha256_begin(&hash);
	for (; left >= ADMISSION_PIECE; at += ADMISSION_PIECE, left -= ADMISSION_PIECE) {
		admission_go_on(admission);
		sha256_add(&hash, at, ADMISSION_PIECE / SHA256_BLOCK);
	}
	sha256_add(&hash, at, left / SHA256_BLOCK);
	sha256_end(&hash, at + left - left % SHA256_BLOCK, image->size, digest);
}

/* The digest that the manifest demands, if it does. */
static err_t check_digest(const admission_t *admission, const digest_t *wanted,
			  const image_t *image, const char **why)
{
	uint8_t found[SHA256_SIZE];
	if (!wanted->present)
		return DRV_OK;
	if (admission->given.data)
		memcpy(found, admission->given_digest, sizeof(found));
	else
		digest_of(admission, image, found);
	if (memcmp(found, wanted->bytes, sizeof(found)) == 0)
		return DRV_OK;
	*why = "its SHA-256 is not the manifest's sha256";
	return DRV_EFORMAT;
}

static err_t check_abi(const char *file, const manifest_t *manifest, image_t *image,
		       manifest_errors_t *errors)
{
	const driver_note_t *note = &image->plan.note;
	if (!image->plan.has_note) {
		manifest_note(errors, file, "%s states no ABI: not built with libcap?",
			      manifest->image);
		return DRV_EABI;
	}
	image->abi = manifest_abi(manifest, note->abi_min, note->abi_max);
	if (image->abi == 0) {
		manifest_note(errors, file,
			      "no common driver ABI: %s speaks %u..%u, the manifest says "
			      "%u..%u, this manager speaks %u..%u",
			      manifest->image, note->abi_min, note->abi_max, manifest->abi.min,
			      manifest->abi.max, DRIVER_ABI_MIN, DRIVER_ABI_MAX);
		return DRV_EABI;
	}
	if (note->abi_max < DRIVER_ABI_LAYOUT) {
		manifest_note(errors, file,
			      "%s speaks driver ABI %u..%u alone, and since %u a driver's "
			      "pages lie elsewhere: build it again",
			      manifest->image, note->abi_min, note->abi_max, DRIVER_ABI_LAYOUT);
		return DRV_EABI;
	}
	if (note->context_version == DRIVER_CONTEXT_VERSION && note_fits(note->kernel_abi))
		return DRV_OK;
	manifest_note(errors, file,
		      "%s is built for context %u, kernel ABI %u.%u; this is context %u, "
		      "kernel ABI %u.%u",
		      manifest->image, note->context_version, note->kernel_abi >> 16,
		      note->kernel_abi & 0xffffu, DRIVER_CONTEXT_VERSION, ABI_VERSION_MAJOR,
		      ABI_VERSION_MINOR);
	return DRV_EABI;
}

static err_t check_memory(const char *file, const manifest_t *manifest, const image_t *image,
			  manifest_errors_t *errors)
{
	need_t need = need_of(manifest, &image->plan);
	if (need.handles > NEED_HANDLES_MAX) {
		manifest_note(errors, file,
			      "%s is in too many pieces: it takes %u of the manager's handles, "
			      "and each driver has %u",
			      manifest->image, need.handles, NEED_HANDLES_MAX);
		return DRV_ENOMEM;
	}
	if (need_kib(&need) <= manifest->memory_kib)
		return DRV_OK;
	manifest_note(errors, file, "memory_kib %u is too little: with %s it takes %u KiB",
		      manifest->memory_kib, manifest->image, need_kib(&need));
	return DRV_ENOMEM;
}

static err_t check_image(const admission_t *admission, const char *file,
			 const manifest_t *manifest, image_t *image, manifest_errors_t *errors)
{
	const char *why;
	err_t err = check_digest(admission, &manifest->sha256, image, &why);
	if (!err)
		err = elf_check(image->data, image->size, &image->plan, &why);
	if (err) {
		manifest_note(errors, file, "%s is refused: %s", manifest->image, why);
		return err;
	}
	err = check_abi(file, manifest, image, errors);
	return err ? err : check_memory(file, manifest, image, errors);
}

/* Refuses a service that is the name of any driver in the archive, and what conflicts with a
 * driver that was admitted before. Tells all of it; the first of these errors is the answer. */
static err_t check_others(const admission_t *admission, const registry_t *registry,
			  const char *file, const manifest_t *manifest,
			  manifest_errors_t *errors)
{
	err_t owned = DRV_OK;
	for (uint32_t i = 0; i < admission->count; i++)
		if (registry_check_owner(file, manifest, admission->items[i].file, errors))
			owned = DRV_EEXIST;
	err_t err = registry_check(registry, file, manifest, errors);
	return owned ? owned : err;
}

err_t admission_check(const admission_t *admission, uint32_t index, const registry_t *registry,
		      manifest_reader_t *reader, manifest_t *manifest, image_t *image,
		      manifest_errors_t *errors)
{
	const candidate_t *candidate = &admission->items[index];
	admission_go_on(admission);
	errors->count = errors->dropped = 0;
	if (candidate->twice) {
		manifest_note(errors, candidate->file,
			      "is in the archive twice, so neither is taken");
		return DRV_EEXIST;
	}
	err_t err = manifest_parse(reader, candidate->file, candidate->text, candidate->size,
				   manifest, errors);
	if (err)
		return err;
	if (candidate->essential)
		boot_list_apply(candidate->essential, manifest);
	err = check_others(admission, registry, candidate->file, manifest, errors);
	if (!err)
		err = find_image(admission, candidate->file, manifest->image, image, errors);
	if (!err)
		err = check_image(admission, candidate->file, manifest, image, errors);
	if (!err)
		registry_tell_groups(registry, candidate->file, manifest, errors);
	return err;
}
