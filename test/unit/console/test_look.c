/* SPDX-License-Identifier: BSD-2-Clause */
/* What the screen asks the manager for, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/manager.h"
#include "servers/console/look.h"

static view_t view;
static uint32_t usages, lines;

int32_t manager_usage(uint32_t first, manager_usage_t *rows, uint32_t most)
{
	(void)first, (void)rows, (void)most;
	usages++;
	return 0;
}

int32_t manager_log_records(const manager_log_ask_t *ask, uint32_t *next, void *records,
			    size_t size)
{
	(void)ask, (void)records, (void)size;
	*next = lines;
	return 0;
}

err_t manager_log_next(manager_log_t *log, manager_log_line_t *line)
{
	(void)log, (void)line;
	lines++;
	return DRV_EAGAIN;
}

int32_t manager_death(const char *name, enum death_part part, uint32_t report, uint32_t at,
		      void *to, uint32_t bytes, uint32_t *number)
{
	(void)name, (void)part, (void)report, (void)at, (void)to, (void)bytes, (void)number;
	return 0;
}

/* How often is it asked for shares in ten seconds, with ten looks in each? */
static uint32_t asked(uint32_t *now_ms, bool logs)
{
	usages = 0;
	for (uint32_t i = 0; i < 100; i++) {
		*now_ms += 100;
		if (logs)
			look_told();
		look(&view, *now_ms);
	}
	return usages;
}

static void shares_are_asked_for_however_much_is_logged(void **state)
{
	uint32_t now_ms = 0;
	(void)state;
	assert_int_equal(asked(&now_ms, true), 10);
	assert_true(lines >= 90);
	asked(&now_ms, false); /* what was told last */
	assert_int_equal(asked(&now_ms, false), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shares_are_asked_for_however_much_is_logged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
