/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that only serves: it answers each read with as many bytes as were asked for. Others
 * are there to harm it. Needs no device. */
#include "cap/driver.h"

static int32_t victim_read(session_t *session, void *to, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		((uint8_t *)to)[i] = (uint8_t)(session->position + i);
	return (int32_t)bytes;
}

static err_t victim_ioctl(session_t *session, ioctl_t *request)
{
	(void)session;
	request->value = request->argument;
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.read = victim_read, .ioctl = victim_ioctl};
	return driver_main(&ops);
}
