/* SPDX-License-Identifier: BSD-2-Clause */
/* Fills its log with the shortest lines there are, none of them with the number that should
 * come next, and dies, again and again. */
#include "cap/driver.h"
#include "cap/lines.h"

#define LINES 600u /* more than the ring holds */
#define GAP   3u

static err_t shout(void)
{
	driver_page_t *page = (driver_page_t *)DRIVER_PAGE;
	uint32_t length = driver_generation() % 3;
	for (uint32_t i = 0; i < LINES; i++) {
		lines_put(&page->lines, (void *)DRIVER_LOG, page->line,
			  DRIVER_LINE_HOW(DRIVER_LINE_NAMED, LOG_INFO), "!?", length);
		page->line += GAP;
	}
	__asm__ volatile("ud2");
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = shout};
	return driver_main(&ops);
}
