/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of records.h. */
#include "doors/records.h"

#include "cap/string.h"

/* Names that no driver has, with which lines begin that are no driver's. */
#define NAME_MANAGER "drvmgr"
#define NAME_INIT    "init"
#define NAME_RAW     "input"

static void add_all(history_set_t *set, uint32_t from, uint32_t to)
{
	for (uint32_t source = from; source < to; source++)
		history_set_add(set, source);
}

/* Those whose lines `name` asks for. */
static err_t sources_of(const manager_t *manager, const char *name, history_set_t *set)
{
	const driver_t *driver = manager_find(manager, name);
	if (driver) {
		history_set_add(set, HISTORY_OF(driver->index));
		history_set_add(set, HISTORY_ABOUT(driver->index));
	} else if (!*name) {
		add_all(set, 0, HISTORY_SOURCES);
	} else if (!strcmp(name, NAME_MANAGER)) {
		add_all(set, HISTORY_ABOUT(0), HISTORY_MANAGER + 1);
	} else if (!strcmp(name, NAME_INIT)) {
		history_set_add(set, HISTORY_INIT);
	} else if (!strcmp(name, NAME_RAW)) {
		history_set_add(set, HISTORY_RAW);
	} else {
		return DRV_ENOENT;
	}
	return DRV_OK;
}

int32_t records_make(const manager_t *manager, const manager_log_ask_t *ask, char *data,
		     uint32_t *next)
{
	const history_t *history = &manager->log->history;
	history_set_t set = {0};
	if (ask->level >= LOG_LEVEL_COUNT || ask->name[sizeof(ask->name) - 1])
		return DRV_EINVAL;
	err_t err = sources_of(manager, ask->name, &set);
	if (err)
		return err;
	uint32_t at = ask->from ? ask->from : history->next - INT32_MAX, bytes = 0;
	for (uint32_t i = 0; i < RECORDS_EACH; i++) {
		const manager_log_record_t *record =
		    history_find(history, at, &set, ask->level);
		if (!record) {
			at = history->next;
			break;
		}
		uint32_t size = 4 * history_words(record);
		if (bytes + size > MANAGER_TEXT_MAX)
			break;
		memcpy(data + bytes, record, size);
		bytes += size;
		at = record->number + 1;
	}
	*next = at;
	return (int32_t)bytes;
}
