/* SPDX-License-Identifier: BSD-2-Clause */
/* The looks of evidence.h. A driver that waits in its event loop owes nothing but
 * acknowledgements, so one call, and one for each of its lines, is enough for it; and if it has
 * done so since the last look, nothing is to be noted or judged. That is what an idle system
 * costs. */
#include "hands/evidence.h"

#include "cap/format.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "hands/budget.h"

#define IDLE_MS	  1000u
#define LOOK_SOON 50u /* while one has a limit of its state */
#define LOOK_BORN 10u /* after a birth: who comes back to a line that stormed is in time */
#define LEAVES	  10u /* times that limit is what a driver on its way out gets at most */

/* Who waits in its event loop has no call tied and nobody at its endpoint. */
static void look_at_calls(const instance_t *instance, sight_t *sight)
{
	if (sight->thread.state == INSPECT_RECEIVING && sight->endpoint) {
		sight->tied = false;
		sight->tied_ms = sight->senders = sight->oldest_ms = 0;
		return;
	}
	inspect_reply_t reply = {0};
	inspect_endpoint_t endpoint = {0};
	cap_inspect(instance->reply, &sight->reply, &reply, sizeof(reply));
	cap_inspect(instance->endpoint, &sight->endpoint, &endpoint, sizeof(endpoint));
	sight->tied = reply.tied != 0;
	sight->tied_ms = reply.since_ms;
	sight->senders = endpoint.senders;
	sight->oldest_ms = endpoint.oldest_ms;
}

/* An exclusive line's only claimer owes whatever is owed. On a shared one each has its place;
 * shared.c looks for who lets it storm. */
static void look_at_line(const irq_line_t *irq, cap_t cap, line_sight_t *line)
{
	inspect_irq_t report;
	*line = (line_sight_t){.shared = irq->shared};
	if (cap_inspect(cap, NULL, &report, sizeof(report)) != DRV_OK)
		return;
	uint32_t owed = report.unacknowledged;
	if (irq->shared)
		owed &= 1u << report.own;
	else
		line->count = report.count;
	line->owed = owed != 0;
	if (line->owed)
		line->since_ms = report.since_ms[__builtin_ctz(owed)];
}

static void look_at_lines(const driver_t *driver, sight_t *sight)
{
	const irq_list_t *list = &driver->manifest.caps.irq;
	const cap_t *caps = driver->instance.lines;
	uint32_t i = 0;
	for (; i < list->count && caps[i]; i++)
		look_at_line(&list->items[i], caps[i], &sight->lines[i]);
	sight->line_count = i;
}

static void look_at(const driver_t *driver, sight_t *sight)
{
	const instance_t *instance = &driver->instance;
	sight->reply = 0; /* the next instance has another, and this number may be reused */
	sight->alive = instance->alive;
	if (!instance->alive) {
		if (driver_is_empty(driver)) /* and so may its endpoint's be */
			sight->endpoint = 0;
		return;
	}
	sight->over = driver->over;
	cap_inspect(instance->process.thread, NULL, &sight->thread, sizeof(sight->thread));
	look_at_calls(instance, sight);
	look_at_lines(driver, sight);
}

/* Is it in its event loop for as long as it likes? */
static bool is_in_service(const driver_t *driver)
{
	return driver->unit.state == STATE_RUNNING || driver->unit.state == STATE_QUIESCED;
}

static uint32_t look_after_ms(const driver_t *driver)
{
	if (!driver->instance.alive)
		return IDLE_MS;
	return is_in_service(driver) ? EVIDENCE_LOOK_MS : LOOK_SOON;
}

static void look_within(manager_t *manager, uint32_t ms)
{
	if (ms < manager->look_ms)
		manager->look_ms = ms;
}

verdict_limits_t evidence_limits(const manager_t *manager, const driver_t *driver)
{
	const manifest_t *manifest = &driver->manifest;
	const heartbeat_t *heartbeat = &manifest->heartbeat;
	verdict_limits_t limits = {.cpu = budget_of(driver),
				   .share = budget_share(driver),
				   .essential = manager->world.rules[driver->index].essential};
	if (!is_in_service(driver)) {
		limits.state_ms = unit_limit_ms(&driver->unit, &manifest->lifecycle);
		if (driver->unit.state == STATE_QUIESCING ||
		    driver->unit.state == STATE_STOPPING)
			limits.leave_ms = LEAVES * limits.state_ms;
		return limits;
	}
	limits.silence_ms = heartbeat->period_ms * heartbeat->misses;
	limits.call_ms = heartbeat_call_ms(heartbeat);
	limits.progress_ms = heartbeat->progress_ms;
	for (uint32_t i = 0; i < manifest->caps.irq.count; i++)
		limits.ack_ms[i] = manifest->caps.irq.items[i].ack_ms;
	return limits;
}

static bool waits_for_another(const sight_t *sight)
{
	return sight->alive && (sight->thread.state == INSPECT_SENDING ||
				sight->thread.state == INSPECT_CALLING);
}

/* Asks for the numbers of what a call to the manager waits at, if anybody waits at all: its
 * endpoint, and the reply objects that a call can be tied to, which are its own and, of a
 * driver whose call is laid by, that driver's. */
static void number_own(const manager_t *manager, bench_t *bench,
		       uint32_t replies[DRIVERS_MAX + 1])
{
	uint32_t waiting = 0;
	for (uint32_t i = 0; i < manager->count; i++)
		waiting += waits_for_another(&bench->sights[i]);
	if (!waiting)
		return;
	memset(replies, 0, (DRIVERS_MAX + 1) * sizeof(*replies));
	cap_inspect(manager->endpoint, &bench->manager, NULL, 0);
	cap_inspect(manager->reply, &replies[bench->reply_count++], NULL, 0);
	for (uint32_t i = 0; i < manager->count; i++)
		if (bench->sights[i].alive && manager->drivers[i].door.waits)
			cap_inspect(manager->drivers[i].door.reply,
				    &replies[bench->reply_count++], NULL, 0);
}

/* Whom it was given a connection to. */
static uint32_t connections_of(const driver_t *driver)
{
	const instance_t *instance = &driver->instance;
	uint32_t found = 0;
	for (uint32_t place = 0; place <= MANIFEST_PLACES; place++)
		if (instance->connections[place])
			found |= 1u << instance->servers[place];
	return found;
}

/* Whom the driver, which sends much, was given a connection to; if half of it are signals, also
 * those who were given one to it, which signals are for. What others sent on to it nobody
 * knows.
 */
static uint32_t reached_by(const manager_t *manager, const driver_t *driver)
{
	bool signals = manager->watches[driver->index].signalled >= VERDICT_MOST_SENT / 2;
	uint32_t reached = connections_of(driver);
	for (uint32_t i = 0; signals && i < manager->count; i++)
		if (connections_of(&manager->drivers[i]) >> driver->index & 1)
			reached |= 1u << i;
	return reached;
}

/* Who is not in its event loop now was there, at the least, when it last entered it. */
static void note_heard(manager_t *manager, uint32_t i, const inspect_thread_t *thread)
{
	uint32_t ago_ms = thread->now_ms - thread->received_ms;
	if (thread->state == INSPECT_RECEIVING)
		manager->heard_ms[i] = manager->now_ms;
	else if (thread->received_ms && ago_ms < manager->now_ms - manager->heard_ms[i])
		manager->heard_ms[i] = manager->now_ms - ago_ms;
}

/* From look to look: the number of a driver's endpoint is asked for once an instance, … */
static sight_t sights[DRIVERS_MAX];

void evidence_look(manager_t *manager, verdict_t verdicts[DRIVERS_MAX])
{
	/* … and limits are reckoned anew only for who does not rest. */
	static verdict_limits_t limits[DRIVERS_MAX];
	uint32_t replies[DRIVERS_MAX + 1];
	bench_t bench = {.count = manager->count,
			 .sights = sights,
			 .watches = manager->watches,
			 .limits = limits,
			 .replies = replies};
	bool all_rest = true;
	manager->looked_ms = manager->now_ms;
	manager->look_ms = IDLE_MS;
	for (uint32_t i = 0; i < manager->count; i++) {
		const driver_t *driver = &manager->drivers[i];
		verdicts[i].kind = VERDICT_WELL; /* all that is asked if all rest */
		look_at(driver, &sights[i]);
		look_within(manager, look_after_ms(driver));
		if (!sights[i].alive)
			continue;
		if (!verdict_rests(&manager->watches[i], &sights[i])) {
			all_rest = false;
			limits[i] = evidence_limits(manager, driver);
			verdict_look(&manager->watches[i], &sights[i], &limits[i]);
			budget_keep(manager, i);
			budget_look(manager, driver);
			if (manager->watches[i].sends)
				sights[i].reaches = reached_by(manager, driver);
		}
		note_heard(manager, i, &sights[i].thread);
	}
	manager->all_rest = all_rest;
	if (all_rest) /* and so all are well */
		return;
	number_own(manager, &bench, replies);
	verdict_judge(&bench, verdicts);
}

void evidence_begin(manager_t *manager, const driver_t *driver, bool fresh)
{
	watch_t *watch = &manager->watches[driver->index];
	if (fresh) {
		verdict_live(watch);
		sights[driver->index].endpoint = 0;
		/* Whose lives are short may be dead at each look. */
		if (verdict_busy(watch, (uint32_t)manager->now_ms) &&
		    !(driver->unit.named >> VERDICT_BUSY & 1))
			look_within(manager, (uint32_t)(manager->now_ms - manager->looked_ms) +
						 LOOK_BORN);
	}
	verdict_begin(watch);
	manager->all_rest = false;
	look_within(manager, look_after_ms(driver));
}

void evidence_end(manager_t *manager, const driver_t *driver)
{
	inspect_thread_t thread = {0};
	cap_inspect(driver->instance.process.thread, NULL, &thread, sizeof(thread));
	verdict_end(&manager->watches[driver->index], &thread, budget_of(driver),
		    budget_share(driver));
	budget_keep(manager, driver->index);
}

void evidence_describe(const manager_t *manager, const driver_t *driver,
		       const verdict_t *verdict, char *text, size_t size)
{
	thread_registers_t registers = {0};
	size_t length = format(text, size, "%s", verdict_text(verdict->kind));
	if (verdict->kind == VERDICT_STORM || verdict->kind == VERDICT_NO_ACK)
		length += format(text + length, size - length, ", line %u",
				 driver->manifest.caps.irq.items[verdict->value].line);
	if (verdict->waits_for < manager->count)
		length += format(text + length, size - length, "; for %s",
				 manager->drivers[verdict->waits_for].manifest.name);
	if (verdict->harms < manager->count)
		length += format(text + length, size - length, "; harms %s",
				 manager->drivers[verdict->harms].manifest.name);
	if (verdict->own_ms)
		length += format(text + length, size - length, "; %u ms", verdict->own_ms);
	if (verdict->kind == VERDICT_SPINS &&
	    !thread_read(driver->instance.process.thread, &registers))
		format(text + length, size - length, "; now at eip 0x%x", registers.eip);
}

/* Of one that does not live the endpoint is there and nobody's call is tied. */
static bool is_called(const instance_t *server, uint32_t number)
{
	uint32_t endpoint = 0, reply = 0;
	cap_inspect(server->endpoint, &endpoint, NULL, 0);
	if (server->alive)
		cap_inspect(server->reply, &reply, NULL, 0);
	return number == endpoint || number == reply;
}

uint32_t evidence_server(const manager_t *manager, const driver_t *client, uint32_t *for_ms)
{
	inspect_thread_t thread = {0};
	cap_inspect(client->instance.process.thread, NULL, &thread, sizeof(thread));
	bool waits = thread.state == INSPECT_SENDING || thread.state == INSPECT_CALLING;
	*for_ms = thread.now_ms - thread.since_ms;
	for (uint32_t i = 0; waits && thread.waits_for && i < manager->count; i++)
		if (is_called(&manager->drivers[i].instance, thread.waits_for))
			return i;
	return NOBODY;
}

/* With what the kernel says of the call: all zero where it says nothing. */
static uint32_t whose_call(const manager_t *manager, const driver_t *server,
			   inspect_reply_t *reply)
{
	uint32_t number = 0;
	*reply = (inspect_reply_t){0};
	cap_inspect(server->instance.reply, &number, reply, sizeof(*reply));
	for (uint32_t i = 0; reply->tied && i < manager->count; i++) {
		const instance_t *instance = &manager->drivers[i].instance;
		inspect_thread_t thread = {0};
		if (!instance->alive)
			continue;
		cap_inspect(instance->process.thread, NULL, &thread, sizeof(thread));
		if (thread.state == INSPECT_CALLING && thread.waits_for == number)
			return i;
	}
	return NOBODY;
}

uint32_t evidence_client(const manager_t *manager, const driver_t *server)
{
	inspect_reply_t reply;
	return whose_call(manager, server, &reply);
}

bool evidence_is_asked(const manager_t *manager, const driver_t *driver)
{
	inspect_reply_t reply;
	uint32_t client = whose_call(manager, driver, &reply);
	if (client == NOBODY || !driver_is_operator(&manager->drivers[client]))
		return false;
	return (int32_t)(reply.since_ms - (uint32_t)driver->unit.since_ms) >= 0;
}

uint32_t evidence_sleep_ms(const manager_t *manager)
{
	return evidence_wait_ms(manager) + (manager->all_rest ? EVIDENCE_REST_MS : 0);
}

uint32_t evidence_wait_ms(const manager_t *manager)
{
	uint64_t passed = manager->now_ms - manager->looked_ms;
	return passed < manager->look_ms ? manager->look_ms - (uint32_t)passed : 0;
}
