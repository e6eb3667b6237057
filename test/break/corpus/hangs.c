/* SPDX-License-Identifier: BSD-2-Clause */
/* Never comes back from one of its callbacks. Its name says which: "hangs-in-probe", "-init",
 * "-recover", "-run", "-quiesce", "-stop", or "-call", in which a client waits then; any other
 * name hangs in run. */
#include "cap/driver.h"
#include "cap/string.h"

#define PREFIX "hangs-in-"

static err_t hang_in(const char *step)
{
	const char *name = ((const driver_page_t *)DRIVER_PAGE)->name;
	bool chosen = !strncmp(name, PREFIX, strlen(PREFIX));
	if (strcmp(chosen ? name + strlen(PREFIX) : "run", step) != 0)
		return DRV_OK;
	for (;;)
		__asm__ volatile("" ::: "memory");
}

static err_t hang_probe(void)
{
	return hang_in("probe");
}

static err_t hang_init(void)
{
	return hang_in("init");
}

static err_t hang_recover(void)
{
	return hang_in("recover");
}

static err_t hang_run(void)
{
	const char *name = ((const driver_page_t *)DRIVER_PAGE)->name;
	if (!strcmp(name, PREFIX "recover") && driver_generation() == 1)
		driver_fail(DRV_EIO); /* so that there is something to recover from */
	return hang_in("run");
}

static err_t hang_quiesce(void)
{
	return hang_in("quiesce");
}

static err_t hang_stop(void)
{
	return hang_in("stop");
}

static err_t hang_ioctl(session_t *session, ioctl_t *request)
{
	(void)session;
	(void)request;
	return hang_in("call");
}

int main(void)
{
	static const driver_ops_t ops = {.probe = hang_probe,
					 .init = hang_init,
					 .recover = hang_recover,
					 .run = hang_run,
					 .quiesce = hang_quiesce,
					 .stop = hang_stop,
					 .ioctl = hang_ioctl};
	return driver_main(&ops);
}
