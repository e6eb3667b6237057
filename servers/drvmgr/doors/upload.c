/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests of upload.h. Whatever is left of an upload is what nobody names: depot.h. */
#include "doors/upload.h"

#include "cap/string.h"
#include "cap/syscall.h"
#include "doors/verbs.h"
#include "hands/depot.h"
#include "kept/kept.h"
#include "load/push.h"
#include "load/replace.h"
#include "report/store.h"

#define NAME_ROOM 20u /* for the name of the error, which `line` puts before what is said */
#define DATA	  (&message_buffer()->words[DRIVER_DATA_WORD])

static bool is_under_way(const manager_t *manager)
{
	const upload_t *upload = &manager->upload;
	if (!upload->owner)
		return false;
	const driver_t *owner = &manager->drivers[upload->owner - 1];
	return owner->instance.alive && owner->unit.generation == upload->generation &&
	       manager->now_ms - upload->heard_ms < MANAGER_LOAD_MS;
}

/* What nobody names any more is free, and that is kept. */
static void settle(manager_t *manager)
{
	depot_collect(manager);
	kept_seal(manager);
	depot_clean(manager);
}

static void give_up(manager_t *manager)
{
	if (!manager->upload.owner)
		return;
	memset(&manager->upload, 0, sizeof(manager->upload));
	settle(manager);
}

void upload_tick(manager_t *manager)
{
	if (manager->upload.owner && !is_under_way(manager))
		give_up(manager);
}

static bool is_own(const request_t *request)
{
	return is_under_way(request->manager) &&
	       request->manager->upload.owner == request->sender->index + 1;
}

static bool is_good(const manager_load_t *what)
{
	return !what->name[sizeof(what->name) - 1] && manifest_is_name(what->name) &&
	       what->image_bytes > 0 && what->image_bytes <= MANAGER_LOAD_BYTES_MAX &&
	       what->manifest_bytes > 0 && what->manifest_bytes <= MANAGER_LOAD_TEXT_MAX &&
	       what->image_bytes + what->manifest_bytes <= MANAGER_LOAD_BYTES_MAX;
}

static err_t make(manager_t *manager, const manager_load_t *what)
{
	upload_t *upload = &manager->upload;
	err_t err =
	    depot_take(manager, what->image_bytes + what->manifest_bytes, &upload->node);
	if (!err)
		err = depot_make_frame(manager, upload->node, &upload->frame);
	upload->what = *what;
	sha256_begin(&upload->hash);
	return err;
}

/* `word1` of the request: enum manager_load_as. */
static err_t check_as(const request_t *request, const manager_load_t *what)
{
	if (request->word1 == MANAGER_LOAD_AS_NEW)
		return DRV_OK;
	if (request->word1 != MANAGER_LOAD_AS_REPLACEMENT)
		return DRV_EINVAL;
	return manager_find(request->manager, what->name) ? DRV_OK : DRV_ENOENT;
}

int32_t upload_begin(request_t *request)
{
	manager_t *manager = request->manager;
	manager_load_t what;
	if (request->length != sizeof(what))
		return DRV_EMSGSIZE;
	memcpy(&what, request->name, sizeof(what));
	if (!is_good(&what))
		return DRV_EINVAL;
	err_t err = check_as(request, &what);
	if (err)
		return err;
	if (is_under_way(manager) && !is_own(request))
		return DRV_EBUSY;
	give_up(manager);
	manager->upload.owner = request->sender->index + 1;
	manager->upload.generation = request->sender->unit.generation;
	manager->upload.heard_ms = manager->now_ms;
	manager->upload.replaces = request->word1 == MANAGER_LOAD_AS_REPLACEMENT;
	err = make(manager, &what);
	if (err)
		give_up(manager);
	return err;
}

/* Goes on with the digest as far as whole blocks of the image are there. */
static void hash(upload_t *upload, const uint8_t *image)
{
	uint32_t there = upload->received < upload->what.image_bytes ? upload->received
								     : upload->what.image_bytes;
	uint32_t blocks = (there - upload->hashed) / SHA256_BLOCK;
	sha256_add(&upload->hash, image + upload->hashed, blocks);
	upload->hashed += blocks * SHA256_BLOCK;
}

int32_t upload_put(request_t *request)
{
	upload_t *upload = &request->manager->upload;
	uint32_t at = request->word1;
	uint32_t all = upload->what.image_bytes + upload->what.manifest_bytes;
	if (!is_own(request))
		return DRV_ENOENT;
	if (at > upload->received || request->length > all - at)
		return DRV_EINVAL;
	upload->heard_ms = request->manager->now_ms;
	uint32_t known = upload->received - at;
	if (request->length <= known)
		return DRV_OK;
	uint8_t *bytes = depot_address(request->manager, upload->node);
	memcpy(bytes + upload->received, request->name + known, request->length - known);
	upload->received = at + request->length;
	hash(upload, bytes);
	return DRV_OK;
}

int32_t upload_commit(request_t *request)
{
	manager_t *manager = request->manager;
	upload_t upload = manager->upload;
	if (!is_own(request))
		return DRV_ENOENT;
	if (upload.received != upload.what.image_bytes + upload.what.manifest_bytes)
		return DRV_EINVAL;
	err_t err =
	    upload.replaces ? replace_prepare(manager, &upload) : push_load(manager, &upload);
	request->value = (uint32_t)push_lines((char *)DATA, MANAGER_TEXT_MAX - NAME_ROOM);
	request->bytes = request->value;
	give_up(manager);
	/* Only now that the next image is sealed somebody may begin with it. */
	if (!err && upload.replaces)
		core_replace(&manager->world, manager->second.index);
	return err;
}

int32_t upload_abort(request_t *request)
{
	if (!is_own(request))
		return DRV_ENOENT;
	give_up(request->manager);
	return DRV_OK;
}

int32_t upload_unload(request_t *request)
{
	manager_t *manager = request->manager;
	const driver_t *found;
	err_t err = verb_target(request, &found);
	if (err)
		return err;
	if (!driver_is_loaded(found))
		return DRV_EINVAL;
	err = core_may_go(&manager->world, found->index);
	if (err)
		return err;
	driver_t *driver = driver_touch(manager, found->index);
	if (manager->second_is && manager->second.index == driver->index)
		manager->second_is = SECOND_NONE;
	push_unload(manager, driver);
	depot_collect(manager);
	kept_seal(manager);
	core_discard(&manager->world, driver->index);
	push_forget(manager, driver);
	depot_clean(manager);
	return DRV_OK;
}
