/* SPDX-License-Identifier: BSD-2-Clause */
/* The answers of asked.h. */
#include "doors/asked.h"

#include "cap/format.h"
#include "cap/string.h"
#include "claims/need.h"
#include "claims/write.h"
#include "core/margin.h"
#include "doors/holding.h"
#include "doors/owner.h"
#include "doors/verbs.h"
#include "hands/evidence.h"

#define PLACE	((char *)&message_buffer()->words[DRIVER_DATA_WORD])
#define RETRIES (POLICY_BURST_MAX + 1u) /* that there can be */

_Static_assert(MANAGER_RETRIES <= RETRIES, "a page is a part of all");

/* Of one whose files were refused nothing is in force. */
static err_t accepted(const request_t *request, const driver_t **driver)
{
	err_t err = verb_target(request, driver);
	if (err)
		return err;
	return (*driver)->accepted ? DRV_OK : (*driver)->unit.last_error;
}

static int32_t answer(request_t *request, const void *data, uint32_t bytes)
{
	memcpy(PLACE, data, bytes);
	request->bytes = bytes;
	return (int32_t)bytes;
}

/* ---- what it holds ---- */

static void describe_range(const cap_info_t *info, manager_held_t *held)
{
	held->ranged = info->type == CAP_PIO || info->type == CAP_IRQ || info->type == CAP_MMIO;
	if (info->type == CAP_MMIO) {
		held->first = info->scope0;
		held->last = info->scope0 + (info->scope1 - 1);
	} else if (held->ranged) {
		held->first = PIO_SCOPE_FIRST(info->scope0);
		held->last = info->type == CAP_PIO ? PIO_SCOPE_LAST(info->scope0) : held->first;
	}
}

int32_t asked_held(request_t *request)
{
	cap_info_t info;
	cap_t handle = CAP_NULL;
	const driver_t *driver = manager_find(request->manager, request->name);
	if (!driver || !driver->instance.alive)
		return DRV_ENOENT;
	for (uint32_t i = 0;; i++) {
		err_t err = cspace_list(driver->instance.process.cspace, &handle, &info);
		if (err)
			return err;
		if (i == request->word1)
			break;
	}
	const char *owner = owner_of(request->manager, &info);
	manager_held_t held = {.type = info.type, .rights = info.rights};
	describe_range(&info, &held);
	if (strcmp(owner, OWNER_UNKNOWN) != 0)
		format(held.owner, sizeof(held.owner), "%s", owner);
	holding_describe(driver, &info, owner, held.text, sizeof(held.text));
	return answer(request, &held, sizeof(held));
}

/* ---- what its manifest says ---- */

int32_t asked_manifest(request_t *request)
{
	const driver_t *driver;
	err_t err = accepted(request, &driver);
	if (err)
		return err;
	char text[MANAGER_TEXT_MAX + 1];
	json_sink_t sink = {.to = text, .size = sizeof(text), .skip = request->word1};
	manifest_write(&driver->manifest, &sink);
	return answer(request, text, (uint32_t)sink.used);
}

/* Names that find room, behind the first `skip` of them. */
typedef struct names {
	uint32_t skip;
	size_t length;
	bool full;
	char text[MANAGER_TEXT_MAX];
} names_t;

static void add_name(names_t *names, const char *name)
{
	size_t bytes = strlen(name) + (names->length != 0);
	if (names->skip) {
		names->skip--;
		return;
	}
	names->full |= bytes > sizeof(names->text) - names->length;
	if (names->full)
		return;
	if (names->length)
		names->text[names->length++] = ' ';
	memcpy(&names->text[names->length], name, strlen(name));
	names->length += strlen(name);
}

static bool has_name(const name_list_t *list, const char *name)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], name))
			return true;
	return false;
}

/* Does `list` have the driver's own name, or one that it provides? */
static bool means(const name_list_t *list, const manifest_t *driver)
{
	for (uint32_t i = 0; i < driver->provides.count; i++)
		if (has_name(list, driver->provides.items[i]))
			return true;
	return has_name(list, driver->name);
}

/* Of one whose files were refused nothing is in force, and nobody uses it. */
static void add_users(const manager_t *manager, const driver_t *driver, names_t *names)
{
	for (uint32_t i = 0; driver->accepted && i < manager->count; i++) {
		const driver_t *other = &manager->drivers[i];
		const manifest_t *its = &other->manifest;
		if (other->accepted && (means(&its->needs, &driver->manifest) ||
					means(&its->uses, &driver->manifest)))
			add_name(names, its->name);
	}
}

int32_t asked_uses(request_t *request)
{
	const uint32_t which = request->word1 & ((1u << MANAGER_USES_FROM) - 1);
	names_t names = {.skip = request->word1 >> MANAGER_USES_FROM};
	const driver_t *driver;
	err_t err = verb_target(request, &driver);
	if (!err && which >= MANAGER_USES_COUNT)
		err = DRV_EINVAL;
	if (err)
		return err;
	const manifest_t *manifest = &driver->manifest;
	const name_list_t *lists[MANAGER_USED_BY] = {
	    [MANAGER_REQUIRES] = &manifest->needs,
	    [MANAGER_MAY_USE] = &manifest->uses,
	    [MANAGER_PROVIDES] = &manifest->provides,
	};
	if (which == MANAGER_USED_BY)
		add_users(request->manager, driver, &names);
	else
		for (uint32_t i = 0; i < lists[which]->count; i++)
			add_name(&names, lists[which]->items[i]);
	return answer(request, names.text, (uint32_t)names.length);
}

/* ---- what its policy would do ---- */

/* The retries from number `first` on that find room; all of them are counted. */
static void forecast(const policy_t *policy, const unit_t *unit, uint64_t now_ms,
		     uint32_t first, manager_policy_t *answer)
{
	policy_retry_t retries[RETRIES];
	policy_decision_t last;
	policy_history_t history = unit->history;
	answer->retries = (uint32_t)policy_forecast(policy, &history, now_ms, history.ever_ran,
						    0, retries, RETRIES, &last);
	for (uint32_t i = first; i < answer->retries && answer->count < MANAGER_RETRIES; i++)
		answer->retry[answer->count++] = (struct manager_retry){
		    retries[i].delay_ms, (uint32_t)(retries[i].at_ms - now_ms)};
}

int32_t asked_policy(request_t *request)
{
	const manager_t *manager = request->manager;
	const driver_t *driver;
	err_t err = accepted(request, &driver);
	if (err)
		return err;
	const rules_t *rules = &manager->world.rules[driver->index];
	const policy_t *policy = &rules->policy;
	const policy_history_t *history = &driver->unit.history;
	manager_policy_t told = {
	    .kind = policy->kind,
	    .first_ms = policy->first_ms,
	    .base_ms = policy->base_ms,
	    .factor_pct = policy->factor_pct,
	    .max_ms = policy->max_ms,
	    .burst = policy->burst,
	    .window_ms = policy->window_ms,
	    .reset_ms = policy->reset_ms,
	    .failures = policy_failures(policy, history, manager->now_ms),
	    .restarts = history->restarts,
	    .ever_ran = history->ever_ran,
	    .essential = rules->essential,
	};
	forecast(policy, &driver->unit, manager->now_ms, request->word1, &told);
	return answer(request, &told, sizeof(told));
}

/* ---- how near it is to its limits, and what it uses ---- */

static uint32_t kib_of(const driver_t *driver)
{
	need_t need = need_of(&driver->manifest, &driver->plan);
	return driver->accepted ? need_kib(&need) : 0;
}

int32_t asked_margins(request_t *request)
{
	const manager_t *manager = request->manager;
	manager_margin_t rows[MARGIN_COUNT];
	const driver_t *driver;
	err_t err = accepted(request, &driver);
	if (err)
		return err;
	verdict_limits_t limits = evidence_limits(manager, driver);
	uint32_t count =
	    margins_of(&manager->watches[driver->index], &limits, &driver->unit,
		       &manager->world.rules[driver->index].policy, manager->now_ms, rows);
	rows[count++] =
	    (manager_margin_t){MARGIN_MEMORY, kib_of(driver), driver->manifest.memory_kib};
	request->value = count;
	return answer(request, rows, count * (uint32_t)sizeof(rows[0]));
}

static void use_of_instance(const driver_t *driver, manager_usage_t *usage)
{
	inspect_thread_t thread = {0};
	const instance_t *instance = &driver->instance;
	cap_inspect(instance->process.thread, NULL, &thread, sizeof(thread));
	usage->now_ms = thread.now_ms;
	usage->run_low = thread.run_low;
	usage->run_high = thread.run_high;
	usage->ticks_per_ms = thread.ticks_per_ms;
	usage->messages = thread.messages;
	usage->signals = thread.signals;
	usage->work = instance->page->work;
	uint32_t i = 0;
	for (; i < driver->manifest.caps.irq.count && instance->lines[i]; i++) {
		inspect_irq_t line = {0};
		cap_inspect(instance->lines[i], NULL, &line, sizeof(line));
		usage->interrupts += line.count;
	}
	usage->has_lines = i == driver->manifest.caps.irq.count;
}

static manager_usage_t usage_of(const manager_t *manager, const driver_t *driver)
{
	const told_t *told = &manager->told[driver->index];
	manager_usage_t usage = {.state = driver->unit.state,
				 .generation = driver->unit.generation,
				 .now_ms = (uint32_t)manager->now_ms,
				 .memory_kib = kib_of(driver),
				 .restarted = told->took_of != 0,
				 .restart_ms = told->took_ms};
	memcpy(usage.name, driver->manifest.name, sizeof(usage.name));
	if (driver->instance.alive)
		use_of_instance(driver, &usage);
	return usage;
}

/* The kernel is asked through the same buffer, so rows are put there last. */
int32_t asked_usage(request_t *request)
{
	const manager_t *manager = request->manager;
	manager_usage_t usage[MANAGER_USAGE_ROWS];
	uint32_t seen = 0, rows = 0;
	for (uint32_t i = 0; rows < MANAGER_USAGE_ROWS && i < manager->count; i++)
		if (!driver_is_empty(&manager->drivers[i]) && seen++ >= request->word0)
			usage[rows++] = usage_of(manager, &manager->drivers[i]);
	if (!rows)
		return DRV_ENOENT;
	request->value = rows;
	return answer(request, usage, rows * (uint32_t)sizeof(usage[0]));
}
