/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes to the serial line, and reads what is typed there, as fast as it can: the log and the
 * prompt go through that line. */
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/string.h"

#define CALLS 50u

static client_t serial;

static void take_timer(void)
{
	char text[DRIVER_DATA_MAX];
	memset(text, 'x', sizeof(text));
	for (uint32_t i = 0; i < CALLS; i++) {
		(void)client_read(serial, text, 1);
		(void)client_write(serial, text, sizeof(text));
	}
	driver_set_timer(0);
}

static err_t take_run(void)
{
	err_t err = manager_connect("serial", &serial.endpoint);
	if (!err)
		err = client_open(serial, CAP_NULL);
	driver_set_timer(0);
	return err;
}

int main(void)
{
	static const driver_ops_t ops = {.run = take_run, .timer = take_timer};
	return driver_main(&ops);
}
