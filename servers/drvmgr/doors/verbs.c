/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests of verbs.h. They change what is wanted of a driver; core/ decides what follows.
 */
#include "doors/verbs.h"

#include "cap/string.h"
#include "doors/owner.h"
#include "hands/evidence.h"

err_t verb_target(const request_t *request, const driver_t **driver)
{
	*driver = manager_find(request->manager, request->name);
	return *driver ? DRV_OK : DRV_ENOENT;
}

/* If what the operator wants now takes the place of a hold, that is told. */
static err_t want(const request_t *request, const driver_t *driver,
		  err_t (*verb)(world_t *world, uint32_t i))
{
	bool held = unit_is_held(&driver->unit);
	err_t err = verb(&request->manager->world, driver->index);
	if (!err && held && !unit_is_held(&driver->unit))
		driver_log_line(request->manager, driver, "is released");
	return err;
}

/* For the driver that the operator names. */
static err_t want_named(const request_t *request, err_t (*verb)(world_t *world, uint32_t i))
{
	const driver_t *driver;
	err_t err = verb_target(request, &driver);
	return err ? err : want(request, driver, verb);
}

/* For that one or, without a name, for the sender, once a call of an operator's: of itself it
 * cannot ask, and not again and again. */
static err_t want_named_or_self(const request_t *request,
				err_t (*verb)(world_t *world, uint32_t i))
{
	if (request->length)
		return want_named(request, verb);
	if (!evidence_is_asked(request->manager, request->sender))
		return DRV_EPERM;
	return want(request, request->sender, verb);
}

int32_t verb_start(request_t *request)
{
	const driver_t *driver;
	err_t err = verb_target(request, &driver);
	if (err)
		return err;
	if (!driver->accepted)
		return driver->unit.last_error;
	return want(request, driver, core_start);
}

int32_t verb_clear(request_t *request)
{
	const driver_t *driver;
	err_t err = verb_target(request, &driver);
	if (err)
		return err;
	return driver->unit.state == STATE_QUARANTINED ? want(request, driver, core_start)
						       : DRV_EBUSY;
}

int32_t verb_restart(request_t *request)
{
	return want_named(request, core_restart);
}

int32_t verb_stop(request_t *request)
{
	return want_named(request, core_stop);
}

int32_t verb_quiesce(request_t *request)
{
	return want_named_or_self(request, core_quiesce);
}

int32_t verb_reset(request_t *request)
{
	return want_named_or_self(request, core_reset);
}

int32_t verb_hold(request_t *request)
{
	const driver_t *driver;
	err_t err = verb_target(request, &driver);
	if (!err && !driver->accepted)
		err = driver->unit.last_error;
	if (!err)
		err = core_hold(&request->manager->world, driver->index);
	if (!err)
		driver_log_line(request->manager, driver,
				"is held: %sit stays away until `release %s`",
				lifecycle_is_live(driver->unit.state) ? "when it ends " : "",
				request->name);
	return err;
}

int32_t verb_release(request_t *request)
{
	return want_named(request, core_release);
}

/* The manager is no driver, and dies of a fault like any of them. */
int32_t verb_kill(request_t *request)
{
	const driver_t *driver;
	if (strcmp(request->name, OWNER_MANAGER) == 0)
		__builtin_trap();
	err_t err = verb_target(request, &driver);
	return err ? err : core_kill(&request->manager->world, driver->index);
}
