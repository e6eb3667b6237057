/* SPDX-License-Identifier: BSD-2-Clause */
/* What follows from what the manager notices: faults and exits, verdicts of the looks, storms
 * of shared lines, and excesses that essential drivers report. */
#include "cap/fault.h"
#include "cap/format.h"
#include "hands/budget.h"
#include "hands/evidence.h"
#include "hands/shared.h"
#include "log/take.h"
#include "log/tell.h"
#include "supervisor/excess.h"
#include "supervisor/perform.h"
#include "supervisor/supervisor.h"

#define WHY_MAX 200u

static void take_exit(manager_t *manager, driver_t *driver, uint32_t code)
{
	char why[WHY_MAX];
	bool expected =
	    driver->unit.state == STATE_RUNNING || driver->unit.state == STATE_STOPPING ||
	    driver->unit.state == STATE_QUIESCING || driver->unit.state == STATE_QUIESCED;
	if (code == 0 && expected) {
		supervisor_event(manager, driver, EVENT_EXIT);
		return;
	}
	size_t length = format(why, sizeof(why), "exit with code %d", (int)code);
	if ((int)code < 0)
		format(why + length, sizeof(why) - length, ", %s (%s)", error_name((int)code),
		       error_text((int)code));
	supervisor_fail(manager, driver, DEATH_EXIT, DRV_EGONE, why);
}

void supervisor_fault(manager_t *manager, driver_t *driver, const message_t *message)
{
	char why[WHY_MAX], cause[DEATH_CAUSE];
	uint32_t label = MSG_LABEL(message->info);
	thread_registers_t registers = {0};
	/* Of one that is being ended the end is decided. */
	if (!driver->instance.alive || !lifecycle_is_live(driver->unit.state))
		return;
	/* Takes the thread off the reply object, so that the next fault can be received. */
	thread_suspend(driver->instance.process.thread);
	if (label == FAULT_EXIT) {
		take_exit(manager, driver, message->word1);
		return;
	}
	thread_read(driver->instance.process.thread, &registers);
	size_t count = 0;
	const uint8_t *code = cause_code(&driver->plan, driver->image, registers.eip, &count);
	size_t length = fault_describe(
	    &(fault_t){.label = label,
		       .address = message->word0,
		       .code = message->word1,
		       .eip = registers.eip,
		       .edx = registers.edx,
		       .stack = DRIVER_STACK_TOP - DRIVER_STACK_PAGES * PAGE_SIZE},
	    code, count, why, sizeof(why));
	format(why + length, sizeof(why) - length, ", esp 0x%x", registers.esp);
	const cause_fault_t fault = {.label = label,
				     .address = message->word0,
				     .code = message->word1,
				     .registers = registers,
				     .bytes = code,
				     .count = count};
	capture_end_t end = {.error = DRV_EFAULT, .culprit = NOBODY, .cause = cause};
	end.kind =
	    cause_of_fault(&driver->manifest, &driver->plan, &fault, cause, sizeof(cause));
	supervisor_fail_of(manager, driver, &end, why);
}

/* A verdict that throttles holds at each look for as long as the trouble lasts; it is news once
 * an instance. */
static bool is_news(const driver_t *driver, const verdict_t *verdict)
{
	return verdict_action(verdict->kind) != VERDICT_THROTTLES ||
	       !(driver->unit.named >> verdict->kind & 1);
}

static void name(manager_t *manager, const driver_t *driver, const verdict_t *verdict,
		 const char *why)
{
	core_name(&manager->world, driver->index, verdict->kind);
	/* Who is busy, as with a file that comes over a line, may be right to be. */
	driver_log_at(manager, driver, verdict->kind == VERDICT_BUSY ? LOG_INFO : LOG_WARN,
		      "%s", why);
	if (verdict->kind != VERDICT_BUSY)
		budget_throttle(driver);
}

static void take_limit(manager_t *manager, const driver_t *driver, const verdict_t *verdict)
{
	char cause[DEATH_CAUSE];
	format(cause, sizeof(cause), "%s took longer than its limit of %u ms",
	       lifecycle_state_name(driver->unit.state),
	       unit_limit_ms(&driver->unit, &driver->manifest.lifecycle));
	capture_take(manager, driver,
		     &(capture_end_t){.kind = DEATH_VERDICT,
				      .verdict = verdict->kind,
				      .error = DRV_ETIMEDOUT,
				      .culprit = supervisor_culprit(driver, verdict),
				      .cause = cause});
}

static void pass_limit(manager_t *manager, const driver_t *driver, const verdict_t *verdict)
{
	driver_log_at(manager, driver,
		      core_limit_fails(&manager->world, driver->index) ? LOG_ERROR : LOG_WARN,
		      "%s took longer than its limit of %u ms",
		      lifecycle_state_name(driver->unit.state),
		      unit_limit_ms(&driver->unit, &driver->manifest.lifecycle));
	if (core_limit_fails(&manager->world, driver->index)) {
		core_name(&manager->world, driver->index, verdict->kind);
		take_limit(manager, driver, verdict);
		tell_end(manager, driver, verdict_text(verdict->kind));
	}
	core_limit(&manager->world, driver->index, supervisor_culprit(driver, verdict));
	perform_all(manager);
}

/* Did the other one fail by a verdict, or a limit of its state, that says it waited for this
 * driver? */
static bool waited_for(const driver_t *other, const driver_t *driver)
{
	return other->unit.last_error && other->unit.last_culprit == driver->index;
}

/* Can it have failed because of this driver? It says so itself, and no verdict whose fault it
 * was. */
static bool may_have_waited_for(const driver_t *other, const driver_t *driver)
{
	return other->unit.last_error == DRV_ETIMEDOUT && other->unit.last_culprit == NOBODY &&
	       manifest_uses_driver(&other->manifest, &driver->manifest);
}

/* Who failed because of the driver gets that failure back. When the driver is named, that is
 * all since the last look that did not see its trouble; and while the trouble lasts, what came
 * since the look before. Only at the naming are those believed who may have waited for it: who
 * fails without end could say so each time. */
static void absolve_victims(manager_t *manager, const driver_t *driver,
			    const verdict_t *verdict)
{
	bool news = is_news(driver, verdict);
	uint32_t now_ms = (uint32_t)manager->now_ms;
	uint32_t passed = news ? now_ms - verdict->since_ms : EVIDENCE_LOOK_MS;
	passed += EVIDENCE_LOOK_MS;
	uint64_t since = manager->now_ms > passed ? manager->now_ms - passed : 0;
	for (uint32_t i = 0; i < manager->count; i++) {
		const driver_t *other = &manager->drivers[i];
		if (i != driver->index &&
		    (waited_for(other, driver) || (news && may_have_waited_for(other, driver))))
			core_absolve(&manager->world, i, since);
	}
}

/* ---- shared lines that storm ---- */

static void take_away(manager_t *manager, driver_t *driver, uint32_t line, uint32_t ms)
{
	driver_log_at(manager, driver, LOG_WARN,
		      "shared interrupt line %u storms: is it quiet without this driver for "
		      "%u ms?",
		      line, ms);
	take_all(manager, driver);
	core_take_away(&manager->world, driver->index, ms);
	perform_all(manager);
}

static void name_storm(manager_t *manager, driver_t *driver, uint32_t line)
{
	char why[WHY_MAX];
	verdict_t verdict = verdict_of(VERDICT_STORM, (uint32_t)manager->now_ms);
	format(why, sizeof(why), "%s, line %u: it is quiet without it, and without no other",
	       verdict_text(VERDICT_STORM), line);
	supervisor_fail_by(manager, driver, &verdict, why);
}

static void act_on_storm(manager_t *manager, uint32_t line, const storm_answer_t *answer)
{
	if (answer->cleared < manager->count)
		driver_log_line(manager, &manager->drivers[answer->cleared],
				"line %u storms on without it", line);
	if (answer->found < manager->count)
		name_storm(manager, driver_touch(manager, answer->found), line);
	if (answer->suspect < manager->count)
		take_away(manager, driver_touch(manager, answer->suspect), line, answer->ms);
	if (answer->gave_up)
		manager_log_at(manager, HISTORY_MANAGER, LOG_WARN,
			       "drvmgr: shared interrupt line %u storms, and which of its "
			       "drivers does it cannot be told; they are left alone for %u s",
			       line, STORM_REST_MS / 1000);
}

static void look_at_storms(manager_t *manager)
{
	for (uint32_t left = shared_lines(manager); left; left &= left - 1) {
		uint32_t line = (uint32_t)__builtin_ctz(left);
		storm_answer_t answer = shared_look(manager, line);
		act_on_storm(manager, line, &answer);
	}
}

/* Who was named for keeping the others of a shared line waiting leaves it to them for so many
 * times as long, whatever its policy says. Who acknowledges just in time is not named. */
#define APART_TIMES 19u

static void leave_line(manager_t *manager, const driver_t *driver, const verdict_t *verdict)
{
	uint32_t held_ms = (uint32_t)manager->now_ms - verdict->since_ms;
	if (verdict->kind == VERDICT_NO_ACK &&
	    driver->manifest.caps.irq.items[verdict->value].shared)
		core_keep_apart(&manager->world, driver->index, APART_TIMES * held_ms);
}

static void act_on(manager_t *manager, uint32_t i, const verdict_t *verdict)
{
	char why[WHY_MAX];
	if (verdict->kind == VERDICT_WELL) { /* in time, its policy forgets */
		core_progress(&manager->world, i);
		return;
	}
	driver_t *driver = driver_touch(manager, i);
	bool is_limit = verdict->kind == VERDICT_LIMIT;
	if (!is_limit || core_limit_fails(&manager->world, i))
		absolve_victims(manager, driver, verdict);
	if (is_limit) {
		pass_limit(manager, driver, verdict);
		return;
	}
	if (!is_news(driver, verdict))
		return;
	leave_line(manager, driver, verdict);
	evidence_describe(manager, driver, verdict, why, sizeof(why));
	if (verdict_action(verdict->kind) == VERDICT_THROTTLES)
		name(manager, driver, verdict, why);
	else
		supervisor_fail_by(manager, driver, verdict, why);
}

/* ---- what essential drivers say ---- */

/* Who is gone is named all the same, and what follows is its next instance's: how it ended is
 * on its account, or on that of whom it requires. */
static void act_on_excess(manager_t *manager, excess_t *excess)
{
	struct excess_link culprit;
	if (!excess_culprit(manager, excess, &culprit))
		return;
	excess->noted = false;
	if (culprit.index == NOBODY)
		return;
	bool fails = excess->goes_on && excess_is_there(manager, &culprit);
	verdict_t verdict = verdict_of(fails ? VERDICT_PERSISTS : VERDICT_FLOODS,
				       excess->at_ms - MANAGER_PERIOD_MS);
	verdict.harms = excess->victim;
	act_on(manager, culprit.index, &verdict);
}

/* What was noted first stays: who could begin anew would never be judged. */
void supervisor_excess(manager_t *manager, driver_t *driver, const driver_t *victim,
		       bool goes_on)
{
	excess_t *excess = &manager->excesses[driver->index];
	if (!excess->noted)
		*excess = excess_begin(manager, driver, victim);
	excess->goes_on |= goes_on;
	act_on_excess(manager, excess);
}

/* All are judged before the first verdict is acted on: its end would change the others'. One
 * that is in another state since is not what was judged. */
static void look(manager_t *manager)
{
	verdict_t verdicts[DRIVERS_MAX];
	evidence_look(manager, verdicts);
	for (uint32_t i = 0; i < manager->count; i++)
		if (manager->drivers[i].instance.alive && manager->watches[i].state.begun)
			act_on(manager, i, &verdicts[i]);
	for (uint32_t i = 0; i < manager->count; i++)
		if (manager->excesses[i].noted)
			act_on_excess(manager, &manager->excesses[i]);
	look_at_storms(manager);
}

void supervisor_tick(manager_t *manager)
{
	core_tick(&manager->world, manager->now_ms);
	if (evidence_wait_ms(manager) == 0)
		look(manager);
	perform_all(manager);
}

uint32_t supervisor_wait_ms(const manager_t *manager)
{
	return core_wait_ms(&manager->world, evidence_sleep_ms(manager));
}
