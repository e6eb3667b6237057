/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests in which nobody waits for a driver's answer, and nothing is loaded. */
#ifndef TEST_NOT_ASKED_H
#define TEST_NOT_ASKED_H

#include "doors/asked.c" /* whose buffer is the test's */
#include "hands/evidence.h"
#include "no_upload.h"

bool evidence_is_asked(const manager_t *manager, const driver_t *driver)
{
	(void)manager, (void)driver;
	return false;
}

verdict_limits_t evidence_limits(const manager_t *manager, const driver_t *driver)
{
	(void)manager, (void)driver;
	return (verdict_limits_t){0};
}

uint32_t evidence_server(const manager_t *manager, const driver_t *client, uint32_t *for_ms)
{
	(void)manager, (void)client;
	*for_ms = 0;
	return NOBODY;
}

#endif
