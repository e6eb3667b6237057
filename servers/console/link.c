/* SPDX-License-Identifier: BSD-2-Clause */
/* The connections of link.h. */
#include "link.h"

#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

void link_lose(link_t *link, err_t error)
{
	link->open = false;
	link->patient = error == DRV_ETIMEDOUT;
	link->retry_at = driver_now_ms() + LINK_RETRY_MS;
	if (error == DRV_EBADCAP && link->client.endpoint) {
		cap_release(link->client.endpoint);
		link->client.endpoint = CAP_NULL;
	}
}

static bool may_try(const link_t *link)
{
	return !link->patient || (int32_t)(driver_now_ms() - link->retry_at) >= 0;
}

bool link_update(link_t *link, const manager_status_t *status)
{
	err_t error = DRV_OK;
	if (strcmp(link->name, status->name))
		return false;
	if (status->state != STATE_RUNNING || status->generation != link->generation)
		link->open = false;
	if (status->state != STATE_RUNNING || link->open || !may_try(link))
		return false;
	if (!link->client.endpoint)
		error = manager_connect(link->name, &link->client.endpoint);
	if (error == DRV_OK)
		error = client_open(link->client, link->signal);
	if (error != DRV_OK) {
		link_lose(link, error);
		return false;
	}
	link->open = true;
	link->patient = false;
	link->generation = status->generation;
	return true;
}
