/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that always has something to compute: it takes what others leave of the processor,
 * and beats now and then. */
#include "cap/driver.h"

#define CHUNK_MS 500u

static void hog_timer(void)
{
	uint32_t begin = driver_now_ms();
	while (driver_now_ms() - begin < CHUNK_MS)
		;
	driver_set_timer(1);
}

static err_t hog_run(void)
{
	driver_set_timer(1);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = hog_run, .timer = hog_timer};
	return driver_main(&ops);
}
