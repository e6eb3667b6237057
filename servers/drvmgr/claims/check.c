/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of a manifest that no single field can make: versions, names, the share of the
 * processor and the restart policy, and what check_caps.c checks. Compares no two manifests. */
#include "claims/reader.h"

#include "cap/format.h"

static bool was_read(place_t place)
{
	return place.line != 0;
}

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

static void check_names(manifest_reader_t *reader)
{
	const manifest_t *draft = &reader->draft;
	if (draft->name[0] == '\0')
		return;
	if (was_read(draft->needs.place) && manifest_lists(&draft->needs, draft->name))
		manifest_error(reader->errors, reader->file, draft->needs.place,
			       "requires: \"%s\" cannot require itself", draft->name);
	if (was_read(draft->provides.place) && manifest_lists(&draft->provides, draft->name))
		manifest_error(reader->errors, reader->file, draft->provides.place,
			       "provides: \"%s\" is the driver's own name", draft->name);
	for (uint32_t i = 0; i < draft->needs.count; i++)
		if (was_read(draft->needs.place) &&
		    manifest_lists(&draft->provides, draft->needs.items[i]))
			manifest_error(reader->errors, reader->file, draft->needs.place,
				       "requires: \"%s\" is what the driver itself provides",
				       draft->needs.items[i]);
}

static void check_cpu(manifest_reader_t *reader)
{
	const cpu_share_t *cpu = &reader->draft.cpu;
	if (was_read(cpu->place) && cpu->budget_us / 1000 >= cpu->period_us / 1000)
		manifest_error(reader->errors, reader->file, cpu->place,
			       "cpu: budget_us %u is not below period_us %u", cpu->budget_us,
			       cpu->period_us);
}

void check_run(manifest_reader_t *reader)
{
	manifest_t *draft = &reader->draft;
	check_abi(reader);
	check_caps(reader);
	check_names(reader);
	check_cpu(reader);
	const char *problem = policy_problem(&draft->restart.policy);
	if (was_read(draft->restart.place) && problem)
		manifest_error(reader->errors, reader->file, draft->restart.place,
			       "restart: %s", problem);
	if (draft->image[0] == '\0')
		format(draft->image, sizeof(draft->image), "%s.elf", draft->name);
}
