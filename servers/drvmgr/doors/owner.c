/* SPDX-License-Identifier: BSD-2-Clause */
/* The owners of owner.h. */
#include "doors/owner.h"

/* Does a capability of the manager's own name that object? */
static bool names(cap_t own, const cap_info_t *info)
{
	cap_info_t known = {0};
	return cap_get_info(own, &known) == DRV_OK && known.type == info->type &&
	       known.scope1 == info->scope1;
}

static cap_t object_of(const instance_t *instance, uint32_t type)
{
	if (type == CAP_ENDPOINT)
		return instance->endpoint;
	return type == CAP_NOTIFICATION ? instance->notification : instance->reply;
}

const char *owner_of(const manager_t *manager, const cap_info_t *info)
{
	if (info->type != CAP_ENDPOINT && info->type != CAP_NOTIFICATION &&
	    info->type != CAP_REPLY)
		return OWNER_UNKNOWN;
	if (names(manager->endpoint, info) || names(manager->signal, info))
		return OWNER_MANAGER;
	for (uint32_t i = 0; i < manager->count; i++)
		if (names(object_of(&manager->drivers[i].instance, info->type), info))
			return manager->drivers[i].manifest.name;
	return OWNER_UNKNOWN;
}
