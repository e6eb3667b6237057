/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of a manifest that no single field can make: versions, names, times that must fit each
 * other and the restart policy, and what check_caps.c and check_safe.c check. Compares no two
 * manifests. */
#include "claims/reader.h"

#include "cap/format.h"
#include "cap/string.h"

/* A bare number is both ends. */
static void check_abi(manifest_reader_t *reader)
{
	abi_range_t *abi = &reader->draft.abi;
	if (!was_read(abi->place))
		return;
	if (abi->max == 0)
		abi->max = abi->min;
	if (abi->max < abi->min)
		manifest_error(reader->errors, reader->file, abi->place,
			       "abi: max %u is below min %u", abi->max, abi->min);
	else if (manifest_abi(&reader->draft, abi->min, abi->max) == 0)
		manifest_error(reader->errors, reader->file, abi->place,
			       "abi: %u..%u has nothing in common with this manager's %u..%u",
			       abi->min, abi->max, DRIVER_ABI_MIN, DRIVER_ABI_MAX);
}

/* A driver has nothing to ask of itself. */
static void check_not_own(manifest_reader_t *reader, const name_list_t *list, const char *field)
{
	const manifest_t *draft = &reader->draft;
	for (uint32_t i = 0; was_read(list->place) && i < list->count; i++) {
		const char *name = list->items[i];
		if (strcmp(name, draft->name) == 0)
			manifest_error(reader->errors, reader->file, list->place,
				       "%s: \"%s\" is the driver's own name", field, name);
		else if (was_read(draft->provides.place) && list != &draft->provides &&
			 manifest_lists(&draft->provides, name))
			manifest_error(reader->errors, reader->file, list->place,
				       "%s: \"%s\" is what the driver itself provides", field,
				       name);
	}
}

static void check_names(manifest_reader_t *reader)
{
	const manifest_t *draft = &reader->draft;
	if (draft->name[0] == '\0')
		return;
	check_not_own(reader, &draft->needs, "requires");
	check_not_own(reader, &draft->provides, "provides");
	check_not_own(reader, &draft->uses, "uses");
}

/* Whoever is out of budget may wait for the rest of the period, and is silent meanwhile. */
static void check_cpu(manifest_reader_t *reader)
{
	const cpu_share_t *cpu = &reader->draft.cpu;
	const heartbeat_t *heartbeat = &reader->draft.heartbeat;
	uint32_t silence = heartbeat_silence_ms(heartbeat);
	if (was_read(cpu->place) && cpu->budget_us / 1000 >= cpu->period_us / 1000)
		manifest_error(reader->errors, reader->file, cpu->place,
			       "cpu: budget_us %u is not below period_us %u", cpu->budget_us,
			       cpu->period_us);
	if (cpu->period_us / 1000 <= silence)
		return;
	if (was_read(cpu->place))
		manifest_error(reader->errors, reader->file, cpu->place,
			       "cpu: period_us %u is longer than the %u ms of silence that "
			       "heartbeat allows",
			       cpu->period_us, silence);
	else if (was_read(heartbeat->place))
		manifest_error(reader->errors, reader->file, heartbeat->place,
			       "heartbeat: period_ms x misses, %u ms, is shorter than the cpu "
			       "period of %u ms",
			       silence, cpu->period_us / 1000);
}

/* While one of them owes it, the others of a shared line have no interrupt. */
static void check_shared(manifest_reader_t *reader)
{
	const irq_list_t *list = &reader->draft.caps.irq;
	for (uint32_t i = 0; i < list->count; i++)
		if (was_read(list->items[i].place) && list->items[i].shared &&
		    list->items[i].ack_ms > IRQ_SHARED_ACK_MS_MAX)
			manifest_error(
			    reader->errors, reader->file, list->items[i].place,
			    "caps.irq[%u]: ack_ms %u is above %u, and others wait for it on "
			    "a shared line",
			    i, list->items[i].ack_ms, IRQ_SHARED_ACK_MS_MAX);
}

/* Work that waits is overdue before its interrupt would be. */
static void check_progress(manifest_reader_t *reader)
{
	const irq_list_t *list = &reader->draft.caps.irq;
	uint32_t progress = reader->draft.heartbeat.progress_ms;
	for (uint32_t i = 0; progress && i < list->count; i++)
		if (was_read(list->items[i].place) && list->items[i].ack_ms > progress)
			manifest_error(
			    reader->errors, reader->file, list->items[i].place,
			    "caps.irq[%u]: ack_ms %u is above heartbeat.progress_ms %u", i,
			    list->items[i].ack_ms, progress);
}

void check_run(manifest_reader_t *reader)
{
	manifest_t *draft = &reader->draft;
	check_abi(reader);
	check_caps(reader);
	check_safe_state(reader);
	check_names(reader);
	check_cpu(reader);
	check_shared(reader);
	check_progress(reader);
	const char *problem = policy_problem(&draft->restart.policy);
	if (was_read(draft->restart.place) && problem)
		manifest_error(reader->errors, reader->file, draft->restart.place,
			       "restart: %s", problem);
	if (draft->image[0] == '\0')
		format(draft->image, sizeof(draft->image), "%s.elf", draft->name);
}
