/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry against an obvious model: drivers with random names, services, groups and
 * hardware come and go, and after each of them whoever is asked for is who a look at all
 * manifests finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claims/claims.h"
#include "claims/names.h"

#define RUNS   400u
#define CHANGE 40u

static manifest_t manifests[REGISTRY_MAX];
static char files[REGISTRY_MAX][48];
static bool used[REGISTRY_MAX];
static manifest_errors_t errors;
static registry_t registry;
static uint64_t seed = 1;

static uint32_t pick(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

/* Few names, so that many are the same; no service is called as a driver. */
static void pick_names(name_list_t *list, const char *letters)
{
	uint32_t most = pick(4), bits = 0;
	for (uint32_t i = 0; i < most; i++) {
		uint32_t letter = pick((uint32_t)strlen(letters)), number = pick(8);
		if (bits >> (number + 8 * (letter % 4)) & 1)
			continue;
		bits |= 1u << (number + 8 * (letter % 4));
		snprintf(list->items[list->count++], sizeof(list->items[0]), "%c%u",
			 letters[letter], number);
	}
}

static void pick_hardware(caps_t *caps)
{
	caps->pio.count = pick(4);
	for (uint32_t i = 0, at = pick(100); i < caps->pio.count; i++, at += 1 + pick(30)) {
		uint32_t to = caps->pio.count - 1 - i; /* the last ports come first */
		caps->pio.items[to] = (pio_range_t){.start = at, .end = at + pick(3)};
		at += 3;
	}
	caps->mmio.count = pick(2);
	caps->mmio.items[0] = (mmio_range_t){.base = pick(50) << 12, .size = 4096};
	caps->irq.count = pick(3);
	for (uint32_t i = 0; i < caps->irq.count; i++)
		caps->irq.items[i] =
		    (irq_line_t){.line = pick(2) + 4 * i, .shared = pick(3) != 0};
}

static void make(uint32_t slot)
{
	manifest_t *manifest = &manifests[slot];
	memset(manifest, 0, sizeof(*manifest));
	snprintf(manifest->name, sizeof(manifest->name), "d%u", slot);
	snprintf(files[slot], sizeof(files[slot]), "%s.drv.json", manifest->name);
	pick_names(&manifest->provides, "s");
	pick_names(&manifest->needs, "sd");
	if (pick(2))
		snprintf(manifest->group.name, sizeof(manifest->group.name), "%c%u",
			 "sg"[pick(2)], pick(3));
	manifest->group.strategy = pick(GROUP_ALL + 1);
	pick_hardware(&manifest->caps);
}

static const manifest_t *of(uint32_t entry)
{
	return registry.entries[entry].manifest;
}

static uint32_t who_provides(const char *name)
{
	uint32_t found = 0;
	for (uint32_t i = 0; i < registry.count; i++)
		if (strcmp(of(i)->name, name) == 0 || manifest_lists(&of(i)->provides, name))
			found |= 1u << i;
	return found;
}

static uint32_t who_meets(uint32_t entry)
{
	uint32_t found = 0;
	claim_t mine, theirs;
	for (uint32_t i = 0; i < registry.count; i++)
		for (uint32_t n = 0; i != entry && claim_at(of(entry), n, &mine); n++)
			for (uint32_t k = 0; claim_at(of(i), k, &theirs); k++)
				if (claim_meets(&mine, &theirs))
					found |= 1u << i;
	return found;
}

static uint32_t mates_of(uint32_t entry)
{
	const group_t *group = &of(entry)->group;
	uint32_t found = 0;
	for (uint32_t i = 0; group->name[0] && i < registry.count; i++)
		if (strcmp(of(i)->group.name, group->name) == 0 &&
		    of(i)->group.strategy == group->strategy)
			found |= 1u << i;
	return found;
}

static void compare(void)
{
	names_link_t links[REGISTRY_MAX];
	names_link(&registry, links);
	assert_true(names_are_good(&registry));
	for (uint32_t i = 0; i < registry.count; i++) {
		assert_int_equal(registry.entries[i].rivals, who_meets(i));
		assert_int_equal(links[i].group, mates_of(i));
		for (uint32_t k = 0; k < of(i)->needs.count; k++) {
			uint32_t expected = who_provides(of(i)->needs.items[k]);
			assert_int_equal(links[i].providers[k], expected);
			assert_int_equal(registry_providers(&registry, of(i)->needs.items[k]),
					 expected);
		}
	}
	assert_int_equal(registry_providers(&registry, "nobody"), 0);
}

static void whoever_comes_and_goes_all_are_found(void **state)
{
	uint32_t removed = 0, rivals = 0;
	(void)state;
	for (uint32_t run = 0; run < RUNS; run++) {
		registry_clear(&registry);
		memset(used, 0, sizeof(used));
		for (uint32_t n = 0; n < CHANGE; n++) {
			uint32_t slot = pick(run % 4 ? 8 : REGISTRY_MAX);
			if (used[slot]) {
				assert_int_equal(
				    registry_remove(&registry, manifests[slot].name), DRV_OK);
				removed++;
			} else {
				make(slot);
				assert_int_equal(registry_add(&registry, files[slot],
							      &manifests[slot], &errors),
						 DRV_OK);
			}
			used[slot] = !used[slot];
			compare();
			rivals += registry.count && registry.entries[0].rivals;
		}
	}
	assert_in_range(removed, RUNS, RUNS * CHANGE);
	assert_in_range(rivals, RUNS, RUNS * CHANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whoever_comes_and_goes_all_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
