/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of stats.h. */
#include "stats.h"

#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

err_t stats_begin(stats_t *stats, const char *name)
{
	const driver_page_t *self = (const driver_page_t *)DRIVER_PAGE;
	*stats = (stats_t){.begun_ms = clock_ms()};
	if (!strcmp(name, self->name)) /* it could not answer itself */
		return DRV_OK;
	return manager_connect(name, &stats->driver.endpoint);
}

/* In what is left of its time. */
static int32_t ask(stats_t *stats, uint32_t number)
{
	uint32_t passed_ms = clock_ms() - stats->begun_ms;
	if (passed_ms >= STATS_LIMIT_MS)
		return DRV_ETIMEDOUT;
	stats->driver.limit_ms = STATS_LIMIT_MS - passed_ms;
	return client_stats(stats->driver, number, stats->rows, &stats->total);
}

/* Holds the page that begins with row `number`. */
static err_t fetch(stats_t *stats, uint32_t number)
{
	int32_t count =
	    stats->driver.endpoint
		? ask(stats, number)
		: (int32_t)driver_stats(number, stats->rows, DRIVER_STATS_EACH, &stats->total);
	if (count < 0)
		return count;
	uint32_t left = number < stats->total ? stats->total - number : 0;
	stats->first = number;
	stats->count = (uint32_t)count < left ? (uint32_t)count : left;
	return DRV_OK;
}

void stats_end(stats_t *stats)
{
	if (stats->driver.endpoint)
		cap_release(stats->driver.endpoint);
	stats->driver.endpoint = CAP_NULL;
}

static const driver_stat_t *end(stats_t *stats)
{
	stats_end(stats);
	return NULL;
}

/* A page that is not full is the last one, so that a driver is asked a few times at most. */
static bool is_asked_again(const stats_t *stats, uint32_t number)
{
	return number == 0 || (stats->count == DRIVER_STATS_EACH && number < stats->total &&
			       number < DRIVER_STATS_MAX);
}

const driver_stat_t *stats_row(stats_t *stats, uint32_t number, bool *broken)
{
	*broken = false;
	if (number - stats->first >= stats->count && is_asked_again(stats, number)) {
		stats->error = fetch(stats, number);
		if (stats->error != DRV_OK)
			return end(stats);
	}
	if (number - stats->first < stats->count && number < DRIVER_STATS_MAX)
		return &stats->rows[number - stats->first];
	*broken = number < stats->total;
	return end(stats);
}
