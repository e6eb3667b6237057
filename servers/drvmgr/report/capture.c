/* SPDX-License-Identifier: BSD-2-Clause */
/* The reports of capture.h. Of the dead one's memory only what cause.h allows is read: its
 * stack, or the beginning of its data, through a copy of the frame that the manager made it of.
 */
#include "report/capture.h"

#include "cap/format.h"
#include "cap/steps.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "hands/evidence.h"
#include "hands/memory.h"

_Static_assert(sizeof(store_t) <= 1u << CAPTURE_BITS, "all reports fit their frame");

#define STACK_BYTES (DRIVER_STACK_PAGES * PAGE_SIZE)
#define STACK_LOW   (DRIVER_STACK_TOP - STACK_BYTES)
#define NS_PER_MS   1000000u

static void open_store(manager_t *manager)
{
	manager->deaths = NULL;
	if (manager->deaths_frame &&
	    memory_map(manager, manager->deaths_frame, MANAGER_DEATHS) == DRV_OK)
		manager->deaths = (store_t *)MANAGER_DEATHS;
}

/* A new frame is zeroed, and so the store in it has nothing. */
void capture_begin(manager_t *manager)
{
	cap_t untyped;
	manager->deaths = NULL;
	manager->deaths_frame = CAP_NULL;
	if (memory_take(manager, CAPTURE_BITS, &untyped) != DRV_OK)
		return;
	int32_t frame = untyped_retype(untyped, CAP_FRAME, CAPTURE_BITS, CAP_NULL);
	if (frame > 0)
		manager->deaths_frame = (cap_t)frame;
	open_store(manager);
}

void capture_adopt(manager_t *manager)
{
	open_store(manager);
}

/* ---- what the kernel says ---- */

static void take_thread(const manager_t *manager, const driver_t *driver,
			const inspect_thread_t *thread, death_facts_t *facts)
{
	uint32_t for_ms;
	facts->thread_state = thread->state;
	if (thread->state == INSPECT_STOPPED) {
		facts->label = thread->stop_label;
		facts->address = thread->stop_address;
		facts->code = thread->stop_code;
	}
	facts->received_ms = thread->received_ms ? thread->now_ms - thread->received_ms : 0;
	if (thread->state == INSPECT_CALLING || thread->state == INSPECT_SENDING)
		manager_name(manager, evidence_server(manager, driver, &for_ms),
			     facts->waits_for);
	facts->registers_known =
	    thread_read(driver->instance.process.thread, &facts->registers) == DRV_OK;
	size_t count = 0;
	const uint8_t *code =
	    cause_code(&driver->plan, driver->image, facts->registers.eip, &count);
	facts->code_bytes = count < DEATH_CODE ? (uint32_t)count : DEATH_CODE;
	if (code)
		memcpy(facts->bytes, code, facts->code_bytes);
}

static void take_calls(const manager_t *manager, const driver_t *driver, death_facts_t *facts)
{
	inspect_reply_t reply = {0};
	inspect_endpoint_t endpoint = {0};
	cap_inspect(driver->instance.reply, NULL, &reply, sizeof(reply));
	cap_inspect(driver->instance.endpoint, NULL, &endpoint, sizeof(endpoint));
	facts->tied = reply.tied;
	if (reply.tied) {
		facts->tied_ms = reply.now_ms - reply.since_ms;
		manager_name(manager, evidence_client(manager, driver), facts->client);
	}
	facts->senders = endpoint.senders;
	facts->oldest_ms = endpoint.now_ms - endpoint.oldest_ms;
}

static void take_caps(const driver_t *driver, death_facts_t *facts)
{
	cap_info_t info;
	cap_t handle = CAP_NULL;
	for (uint32_t i = 0; i <= DEATH_CAPS_MOST; i++) {
		if (cspace_list(driver->instance.process.cspace, &handle, &info) != DRV_OK)
			return;
		if (i < DEATH_CAPS_MOST && info.type < CAP_TYPE_COUNT)
			facts->caps[info.type]++;
	}
	facts->caps_more = 1;
}

/* ---- what the driver says ---- */

/* Nanoseconds of a unit in which steps count; 0: not known. */
static uint32_t unit_ns(uint32_t ticks_per_ms)
{
	return ticks_per_ms > 1 ? (NS_PER_MS << STEP_TICKS_BITS) / ticks_per_ms : 0;
}

static uint32_t ago_us(uint32_t now, uint32_t then, uint32_t ns)
{
	uint32_t passed = now - then;
	if (!then || !ns || passed > UINT32_MAX / ns)
		return UINT32_MAX;
	return passed * ns / 1000u;
}

/* `next` is the driver's, too. */
static void take_steps(const step_ring_t *steps, uint32_t ns, death_words_t *words)
{
	uint32_t next = steps->next / sizeof(step_note_t), now = steps_clock();
	words->steps = next < STEPS_HELD ? next : STEPS_HELD;
	for (uint32_t i = 0; i < words->steps; i++) {
		const step_note_t *step = &steps->held[(next - words->steps + i) % STEPS_HELD];
		words->step[i].what = step->what;
		words->step[i].a = step->a;
		words->step[i].b = step->b;
		words->step[i].ago_us = ago_us(now, step->ticks, ns);
	}
}

static void take_words(const driver_t *driver, uint32_t ticks_per_ms, death_facts_t *facts)
{
	const driver_page_t *page = driver->instance.page;
	death_words_t *words = &facts->words;
	words->health = (int32_t)page->health;
	words->call_error = page->context.last_error;
	words->beats = page->beats;
	words->work = page->work;
	words->kept_since = page->kept_since;
	take_steps((const step_ring_t *)((const char *)page + STEPS_AT), unit_ns(ticks_per_ms),
		   words);
	if (page->done_seq != driver->unit.command_seq)
		facts->command = page->command;
}

/* ---- its stack ---- */

/* The frame that has the range, of a region that begins at *low; CAP_NULL: none may be read. */
static cap_t frame_at(const driver_t *driver, uint32_t esp, uint32_t *low, cause_range_t *range)
{
	const process_t *process = &driver->instance.process;
	cap_info_t info = {0};
	*low = STACK_LOW;
	*range = cause_range(esp, STACK_LOW, STACK_BYTES);
	if (range->bytes)
		return process->stack;
	*low = process->data_at;
	if (!process->data || cap_get_info(process->data, &info))
		return CAP_NULL;
	*range = cause_range(esp, *low, 1u << info.scope1);
	return range->bytes ? process->data : CAP_NULL;
}

static void take_stack(const manager_t *manager, const driver_t *driver, store_place_t *place)
{
	death_facts_t *facts = &place->facts;
	const process_maker_t *maker = &manager->maker;
	cause_range_t range;
	uint32_t low;
	cap_t frame = frame_at(driver, facts->registers.esp, &low, &range);
	int32_t copy = frame ? cap_derive(frame, RIGHT_READ, 0, 0) : DRV_EBADCAP;
	if (copy < 0)
		return;
	if (!vspace_map(maker->vspace, (cap_t)copy, maker->scratch, RIGHT_READ)) {
		const char *from = (const char *)(uintptr_t)maker->scratch;
		memcpy(place->stack, from + (range.virt - low), range.bytes);
		facts->stack = range.virt;
		facts->stack_bytes = range.bytes;
	}
	cap_release((cap_t)copy);
}

/* ---- all of it ---- */

static void take_end(const manager_t *manager, const driver_t *driver, const capture_end_t *end,
		     death_facts_t *facts)
{
	const unit_t *unit = &driver->unit;
	facts->generation = unit->generation;
	facts->kind = unit->killed ? DEATH_KILLED : end->kind;
	facts->verdict = end->verdict;
	facts->error = unit->killed ? DRV_ECANCELED : end->error;
	facts->at_ms = (uint32_t)manager->now_ms;
	facts->age_ms = (uint32_t)manager->now_ms - driver->instance.born_ms;
	facts->state = unit->state;
	facts->state_ms = (uint32_t)(manager->now_ms - unit->since_ms);
	facts->restarts = unit->restarts;
	memcpy(facts->name, driver->manifest.name, MANIFEST_NAME_SIZE);
	format(facts->cause, sizeof(facts->cause), "%s",
	       unit->killed ? "killed by the operator" : end->cause);
	if (end->culprit != driver->index)
		manager_name(manager, end->culprit, facts->culprit);
	memcpy(facts->build_id, driver->build_id, sizeof(facts->build_id));
}

/* An instance ends once: the fault that a kill brings is not told again, nor what a manager
 * told that died before it was done. */
static bool is_told(const manager_t *manager, const driver_t *driver)
{
	const store_place_t *place = store_find(manager->deaths, driver->index, 0);
	return place && place->facts.generation == driver->unit.generation;
}

void capture_take(manager_t *manager, const driver_t *driver, const capture_end_t *end)
{
	if (!manager->deaths || !driver->instance.alive || is_told(manager, driver))
		return;
	inspect_thread_t thread = {0};
	store_place_t *place = store_open(manager->deaths, driver->index);
	cap_inspect(driver->instance.process.thread, NULL, &thread, sizeof(thread));
	take_end(manager, driver, end, &place->facts);
	take_thread(manager, driver, &thread, &place->facts);
	take_calls(manager, driver, &place->facts);
	take_caps(driver, &place->facts);
	take_words(driver, thread.ticks_per_ms, &place->facts);
	take_stack(manager, driver, place);
	store_seal(manager->deaths, place);
}
