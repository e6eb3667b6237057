/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes random words over every page that it may write and shares with somebody: the log, the
 * kept page, its own page, and in that the message buffer, on which its own runtime relies. */
#include "abi/boot.h"
#include "cap/driver.h"
#include "chance.h"

#define WORDS 64u

static void scribble(uint32_t page)
{
	volatile uint32_t *words = (volatile uint32_t *)page;
	for (uint32_t i = 0; i < WORDS; i++)
		words[random_word() % (PAGE_SIZE / 4)] = random_word();
}

static void scribble_timer(void)
{
	scribble(DRIVER_LOG);
	scribble(DRIVER_SHARED_CFG);
	scribble(DRIVER_PAGE);
	driver_set_timer(1);
}

static err_t scribble_run(void)
{
	driver_log("begins");
	driver_set_timer(100);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = scribble_run, .timer = scribble_timer};
	return driver_main(&ops);
}
