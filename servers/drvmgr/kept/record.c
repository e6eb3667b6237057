/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's record. The copies are made one by one: what is only padding must not differ. */
#include "kept/record.h"

#include "cap/string.h"

void record_write(record_t *record, const driver_t *driver)
{
	const door_t *door = &driver->door;
	memcpy(&record->unit, &driver->unit, sizeof(record->unit));
	memcpy(&record->instance, &driver->instance, sizeof(record->instance));
	record->unit.heard_ms = 0;
	record->over = driver->over;
	record->subscriber = driver->subscriber;
	record->endpoint = door->endpoint;
	record->signal = door->signal;
	record->lines = door->lines;
	record->generation = door->generation;
	record->done_seq = door->done_seq;
	record->no_endpoint = door->no_endpoint;
	record->no_signal = door->no_signal;
}

void record_read(const record_t *record, driver_t *driver)
{
	door_t *door = &driver->door;
	driver->unit = record->unit;
	driver->instance = record->instance;
	driver->over = record->over;
	driver->subscriber = record->subscriber;
	*door = (door_t){.endpoint = record->endpoint,
			 .signal = record->signal,
			 .lines = record->lines,
			 .generation = record->generation,
			 .done_seq = record->done_seq,
			 .no_endpoint = record->no_endpoint != 0,
			 .no_signal = record->no_signal != 0};
}
