/* SPDX-License-Identifier: BSD-2-Clause */
/* What was added to the old driver: its table as a driver_ops_t, and main(). */
#include "cap/legacy.h"
#include "clock.h"

static err_t old_init(void)
{
	err_t err = set_driver();
	return err ? err : clock_driver.init();
}

static int32_t old_read(session_t *session, void *to, uint32_t bytes)
{
	(void)session;
	return clock_driver.read(to, bytes);
}

static err_t old_ioctl(session_t *session, ioctl_t *request)
{
	(void)session;
	return clock_driver.ioctl(request->code, &request->value);
}

static err_t old_stop(void)
{
	return clock_driver.stop();
}

int main(void)
{
	static const driver_ops_t ops = {
	    .init = old_init, .read = old_read, .ioctl = old_ioctl, .stop = old_stop};
	return driver_main_legacy(&ops, clock_loop);
}
