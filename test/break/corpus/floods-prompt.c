/* SPDX-License-Identifier: BSD-2-Clause */
/* Has an essential driver work as fast as it can. Its name says which, and
 * how: "calls-NAME" asks for the most that one call can be about, "sends-NAME" does not even
 * wait for answers. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define CALLS "calls-"
#define SENDS "sends-"
#define TURN  50u

_Static_assert(sizeof(CALLS) == sizeof(SENDS), "what follows either is the driver's name");

static client_t driver;
static bool sends;

static void flood_timer(void)
{
	static uint32_t data[DRIVER_DATA_MAX / 4];
	message_t message = {.info = MSG_INFO(DRIVER_READ, 2, 0), .word0 = DRIVER_DATA_MAX};
	for (uint32_t i = 0; i < TURN; i++) {
		if (sends) {
			(void)ipc_send(driver.endpoint, &message, 1);
			continue;
		}
		(void)client_seek(driver, 0);
		(void)client_read(driver, data, sizeof(data));
		(void)client_write(driver, data, sizeof(data));
	}
	driver_set_timer(0);
}

static err_t flood_run(void)
{
	const char *name = ((const driver_page_t *)DRIVER_PAGE)->name;
	sends = !strncmp(name, SENDS, strlen(SENDS));
	err_t err = manager_connect(name + strlen(CALLS), &driver.endpoint);
	if (!err)
		err = client_open(driver, CAP_NULL);
	driver_set_timer(0);
	return err;
}

int main(void)
{
	static const driver_ops_t ops = {.run = flood_run, .timer = flood_timer};
	return driver_main(&ops);
}
