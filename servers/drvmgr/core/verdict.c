/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdicts of verdict.h. First each driver is judged by what is seen of it alone; then who
 * waits for one that is to blame is excused; what one does to another is judged in between.c.
 */
#include "core/verdict.h"

#include "core/between.h"

typedef struct verdict_row {
	enum verdict_action action;
	err_t error;
} verdict_row_t;

#define VERDICT_ROW(kind, action, error) [kind] = {(action), (error)},
static const verdict_row_t rows[] = {VERDICTS(VERDICT_ROW)};
#undef VERDICT_ROW
_Static_assert(sizeof(rows) == VERDICT_COUNT * sizeof(rows[0]), "each verdict has its row");

const char *verdict_text(uint32_t kind)
{
#define VERDICT_TEXT(kind, value, text) [value] = (text),
	static const char *const texts[VERDICT_COUNT] = {MANAGER_VERDICTS(VERDICT_TEXT)};
#undef VERDICT_TEXT
	return kind < VERDICT_COUNT ? texts[kind] : "?";
}

enum verdict_action verdict_action(uint32_t kind)
{
	return kind < VERDICT_COUNT ? rows[kind].action : VERDICT_NOTHING;
}

err_t verdict_error(uint32_t kind)
{
	return kind < VERDICT_COUNT ? rows[kind].error : DRV_OK;
}

/* VERDICT_PERSISTS failed this instance; the next one counts as flooding. */
uint32_t verdict_lasting(uint32_t named)
{
	uint32_t lasting = VERDICTS_THROTTLE | 1u << VERDICT_BUSY;
	if (named >> VERDICT_PERSISTS & 1)
		named |= 1u << VERDICT_FLOODS;
	return named & lasting;
}

uint32_t verdict_culprit(const verdict_t *verdict)
{
	return verdict->alone ? NOBODY : verdict->waits_for;
}

/* Does anybody wait for the driver: a caller, its line, or in a state that is limited the
 * manager?
 */
static bool owes(const watch_t *watch, verdict_kind_t kind)
{
	bool owed = kind == VERDICT_LIMIT || watch->call.begun || watch->queue.begun;
	for (uint32_t i = 0; i < watch->line_count; i++)
		owed |= watch->lines[i].owed.begun;
	return owed;
}

/* What is found about one driver: the kind, and the stretch that it follows from. */
static bool found(verdict_t *verdict, verdict_kind_t kind, const stretch_t *stretch,
		  uint32_t limit_ms, const inspect_thread_t *thread, const watch_t *watch)
{
	uint32_t own = stretch_own_ms(stretch, thread);
	uint32_t waited = watch->waited_ms - stretch->waited_ms;
	if (limit_ms == 0 || !stretch->begun || own < limit_ms)
		return false;
	bool alone = own - limit_ms >= waited;
	bool tries = owes(watch, kind) && waited >= watch->wait_ms + VERDICT_EXCUSED * limit_ms;
	/* Whom it waited for until just now, nobody knows any more. */
	if (!alone && !tries && thread->state == INSPECT_READY)
		return false;
	*verdict = verdict_of(alone || kind != VERDICT_SPINS ? kind : VERDICT_WAITS,
			      stretch->since_ms);
	verdict->own_ms = own;
	verdict->alone = alone;
	verdict->tries = tries;
	return true;
}

/* Was the acknowledgement late VERDICT_LATES times in VERDICT_LATES_MS? */
static bool often_late(const struct line_watch *line, uint32_t now_ms)
{
	return line->late_count == VERDICT_LATES &&
	       now_ms - line->late_ms[line->late_next] <= VERDICT_LATES_MS;
}

static bool judge_lines(const watch_t *watch, const sight_t *sight,
			const verdict_limits_t *limits, verdict_t *verdict)
{
	const inspect_thread_t *thread = &sight->thread;
	if (watch->storm) {
		*verdict = verdict_of(VERDICT_STORM, watch->window_ms);
		verdict->value = watch->storm_line;
		return true;
	}
	for (uint32_t i = 0; i < sight->line_count; i++) {
		const struct line_watch *line = &watch->lines[i];
		bool at_once = sight->lines[i].shared || often_late(line, thread->now_ms);
		uint32_t limit_ms = at_once ? limits->ack_ms[i] : limits->progress_ms;
		if (found(verdict, VERDICT_NO_ACK, &line->owed, limit_ms, thread, watch)) {
			verdict->value = i;
			return true;
		}
	}
	return false;
}

/* The call for which it is judged may not be the first in vain: who gave up before was not
 * answered either, as long as it has received nothing. */
static bool judge_calls(const watch_t *watch, const sight_t *sight,
			const verdict_limits_t *limits, verdict_t *verdict)
{
	const inspect_thread_t *thread = &sight->thread;
	if (!found(verdict, VERDICT_NO_WORK, &watch->call, limits->call_ms, thread, watch) &&
	    !found(verdict, VERDICT_NO_WORK, &watch->queue, limits->call_ms, thread, watch))
		return false;
	if (watch->silent.begun)
		verdict->since_ms = watch->silent.since_ms;
	return true;
}

static bool judge_time(const watch_t *watch, const sight_t *sight,
		       const verdict_limits_t *limits, verdict_t *verdict)
{
	const inspect_thread_t *thread = &sight->thread;
	verdict_kind_t silent = thread->state == INSPECT_READY ? VERDICT_SPINS : VERDICT_WAITS;
	return found(verdict, silent, &watch->silent, limits->silence_ms, thread, watch) ||
	       found(verdict, VERDICT_LIMIT, &watch->state, limits->state_ms, thread, watch) ||
	       judge_calls(watch, sight, limits, verdict);
}

/* Who is on its way out is waited for: in the end its time passes whether it runs or not. */
static bool overstays(const watch_t *watch, const inspect_thread_t *thread, uint32_t limit_ms,
		      verdict_t *verdict)
{
	if (limit_ms == 0 || stretch_elapsed_ms(&watch->state, thread) < limit_ms)
		return false;
	*verdict = verdict_of(VERDICT_LIMIT, watch->state.since_ms);
	verdict->own_ms = stretch_own_ms(&watch->state, thread);
	verdict->alone = true;
	return true;
}

verdict_kind_t verdict_busy(const watch_t *watch, uint32_t now_ms)
{
	uint32_t lasts_ms = now_ms - watch->busy.since_ms;
	if (!watch->busy.ran || lasts_ms < VERDICT_BUSY_MS)
		return VERDICT_WELL;
	return watch->counted && lasts_ms >= VERDICT_PERSISTS_MS ? VERDICT_HOGS : VERDICT_BUSY;
}

/* What was so in a window that ended before this instance began is not held against it. */
static bool judge_share(const watch_t *watch, const sight_t *sight, verdict_t *verdict)
{
	uint32_t now_ms = sight->thread.now_ms;
	verdict_kind_t kind = verdict_busy(watch, now_ms);
	uint32_t since_ms = watch->busy.since_ms;
	if (watch->counted && watch->floods) {
		since_ms = watch->floods_ms;
		kind = now_ms - since_ms >= VERDICT_PERSISTS_MS ? VERDICT_PERSISTS
								: VERDICT_FLOODS;
	}
	*verdict = verdict_of(kind, since_ms);
	return kind != VERDICT_WELL;
}

static void judge_alone(const bench_t *bench, uint32_t i, verdict_t *verdict)
{
	const sight_t *sight = &bench->sights[i];
	const watch_t *watch = &bench->watches[i];
	const verdict_limits_t *limits = &bench->limits[i];
	*verdict = verdict_of(VERDICT_WELL, 0);
	if (!sight->alive || !watch->begun || watch->rests ||
	    overstays(watch, &sight->thread, limits->leave_ms, verdict) ||
	    sight->thread.state == INSPECT_STOPPED)
		return;
	if (judge_time(watch, sight, limits, verdict)) {
		if (verdict->since_ms == watch->first_ms)
			verdict->since_ms = watch->before_ms;
		return;
	}
	if (!judge_lines(watch, sight, limits, verdict) && !limits->essential)
		judge_share(watch, sight, verdict);
}

static bool fails(const verdict_t *verdict)
{
	return verdict_action(verdict->kind) == VERDICT_FAILS;
}

/* Will this driver be judged for what it owes or for the time that its state takes, or is it
 * clear that its next instance is waited for? Then nobody is judged for waiting for it. */
static bool is_accountable(const bench_t *bench, uint32_t i)
{
	const watch_t *watch = &bench->watches[i];
	return !bench->sights[i].alive || bench->limits[i].state_ms != 0 ||
	       (bench->limits[i].call_ms != 0 && (watch->call.begun || watch->queue.begun));
}

static uint32_t silent_ms(const bench_t *bench, uint32_t i)
{
	return stretch_own_ms(&bench->watches[i].silent, &bench->sights[i].thread);
}

/* Of those who wait for each other in a circle that driver i is in, the one that has waited
 * longest. */
static uint32_t eldest(const bench_t *bench, uint32_t i)
{
	uint32_t best = i;
	for (uint32_t j = between_waits_for(bench, i); j != i;
	     j = between_waits_for(bench, j)) {
		uint32_t mine = silent_ms(bench, j), most = silent_ms(bench, best);
		if (mine > most || (mine == most && j < best))
			best = j;
	}
	return best;
}

/* Who is to blame for what driver i waits for: i itself, or another one that is judged, now or
 * soon, in its stead. */
static uint32_t to_blame(const bench_t *bench, uint32_t i, const verdict_t *alone)
{
	uint32_t at = i;
	for (uint32_t steps = 0; steps <= bench->count; steps++) {
		uint32_t next = between_waits_for(bench, at);
		if (next == BETWEEN_MANAGER)
			return BETWEEN_MANAGER;
		if (next == NOBODY)
			return at;
		if (next == i)
			return eldest(bench, i);
		if (!fails(&alone[next]) && !is_accountable(bench, next))
			return at;
		at = next;
	}
	return at; /* it waits for a circle that it is not in */
}

static bool is_in_circle(const bench_t *bench, uint32_t i)
{
	uint32_t at = between_waits_for(bench, i);
	for (uint32_t steps = 0; steps < bench->count && at < bench->count && at != i; steps++)
		at = between_waits_for(bench, at);
	return at == i;
}

/* Who waits is judged only if nobody else is to blame for it, or for as long. Who makes one
 * short call after the other waits at each look, but has not waited long; and one long call
 * after the other is excused for a time only, or who owes an answer and a friend that is slow
 * with its own could keep a call for ever. What was found of each alone is looked at until all
 * are decided; who is excused is marked, and cleared at the end. */
static void excuse(const bench_t *bench, verdict_t *verdicts)
{
	uint32_t excused = 0;
	for (uint32_t i = 0; i < bench->count; i++) {
		if (!fails(&verdicts[i]) || between_waits_for(bench, i) == NOBODY)
			continue;
		uint32_t blamed = to_blame(bench, i, verdicts);
		verdicts[i].waits_for = between_waits_for(bench, i) == BETWEEN_MANAGER
					    ? NOBODY
					    : between_waits_for(bench, i);
		/* The others of a circle wait for it as it does for them. */
		verdicts[i].alone |= blamed == i && is_in_circle(bench, i);
		if (blamed != i && !verdicts[i].alone && !verdicts[i].tries)
			excused |= 1u << i;
	}
	for (uint32_t i = 0; i < bench->count; i++)
		if (excused >> i & 1)
			verdicts[i].kind = VERDICT_WELL;
}

void verdict_judge(const bench_t *bench, verdict_t *verdicts)
{
	for (uint32_t i = 0; i < bench->count; i++)
		judge_alone(bench, i, &verdicts[i]);
	excuse(bench, verdicts);
	between_judge(bench, verdicts);
}
