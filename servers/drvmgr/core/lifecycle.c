/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of lifecycle.h. A pair of state and event that has no row means nothing. */
#include "core/lifecycle.h"

typedef struct transition {
	uint8_t state, event, next;
} transition_t;

static const transition_t transitions[] = {
    {STATE_LOADED, EVENT_REFUSED, STATE_REJECTED},
    {STATE_LOADED, EVENT_MISSING, STATE_WAITING},
    {STATE_LOADED, EVENT_COMPLETE, STATE_PROBING},
    {STATE_LOADED, EVENT_STOP, STATE_STOPPED},

    {STATE_WAITING, EVENT_COMPLETE, STATE_PROBING},
    {STATE_WAITING, EVENT_STOP, STATE_STOPPED},

    {STATE_PROBING, EVENT_OK, STATE_INITIALISING},
    {STATE_PROBING, EVENT_NO_DEVICE, STATE_ABSENT},
    {STATE_PROBING, EVENT_EXIT, STATE_RECOVERING}, /* before Running, an exit is a failure */
    {STATE_PROBING, EVENT_FAILURE, STATE_RECOVERING},
    {STATE_PROBING, EVENT_KILLED, STATE_RECOVERING},
    {STATE_PROBING, EVENT_LIMIT, STATE_RECOVERING},
    {STATE_PROBING, EVENT_STOP, STATE_STOPPING},
    {STATE_PROBING, EVENT_DEPENDENCY_LOST, STATE_STOPPING},
    {STATE_PROBING, EVENT_GROUP, STATE_STOPPING},

    {STATE_INITIALISING, EVENT_OK, STATE_RUNNING},
    {STATE_INITIALISING, EVENT_EXIT, STATE_RECOVERING},
    {STATE_INITIALISING, EVENT_FAILURE, STATE_RECOVERING},
    {STATE_INITIALISING, EVENT_KILLED, STATE_RECOVERING},
    {STATE_INITIALISING, EVENT_LIMIT, STATE_RECOVERING},
    {STATE_INITIALISING, EVENT_STOP, STATE_STOPPING},
    {STATE_INITIALISING, EVENT_DEPENDENCY_LOST, STATE_STOPPING},
    {STATE_INITIALISING, EVENT_GROUP, STATE_STOPPING},

    {STATE_RUNNING, EVENT_FAILURE, STATE_RECOVERING},
    {STATE_RUNNING, EVENT_KILLED, STATE_RECOVERING},
    {STATE_RUNNING, EVENT_APART, STATE_RECOVERING},
    {STATE_RUNNING, EVENT_EXIT, STATE_RECOVERING}, /* the policy says what comes then */
    {STATE_RUNNING, EVENT_STOP, STATE_QUIESCING},
    {STATE_RUNNING, EVENT_DEPENDENCY_LOST, STATE_QUIESCING},
    {STATE_RUNNING, EVENT_GROUP, STATE_QUIESCING},
    {STATE_RUNNING, EVENT_QUIESCE, STATE_QUIESCING},
    {STATE_RUNNING, EVENT_RESET, STATE_QUIESCING},
    {STATE_RUNNING, EVENT_RESTART, STATE_QUIESCING},

    {STATE_QUIESCING, EVENT_DRAINED, STATE_STOPPING},
    {STATE_QUIESCING, EVENT_DRAINED_STAYS, STATE_QUIESCED},
    {STATE_QUIESCING, EVENT_DRAINED_RESET, STATE_INITIALISING},
    {STATE_QUIESCING, EVENT_LIMIT, STATE_STOPPING},
    {STATE_QUIESCING, EVENT_EXIT, STATE_STOPPED},
    {STATE_QUIESCING, EVENT_FAILURE, STATE_RECOVERING},
    {STATE_QUIESCING, EVENT_KILLED, STATE_RECOVERING},

    {STATE_QUIESCED, EVENT_RESET, STATE_INITIALISING},
    {STATE_QUIESCED, EVENT_FAILURE, STATE_RECOVERING},
    {STATE_QUIESCED, EVENT_KILLED, STATE_RECOVERING},
    {STATE_QUIESCED, EVENT_APART, STATE_RECOVERING},
    {STATE_QUIESCED, EVENT_EXIT, STATE_RECOVERING},
    {STATE_QUIESCED, EVENT_STOP, STATE_STOPPING},
    {STATE_QUIESCED, EVENT_DEPENDENCY_LOST, STATE_STOPPING},
    {STATE_QUIESCED, EVENT_GROUP, STATE_STOPPING},

    {STATE_STOPPING, EVENT_EXIT, STATE_STOPPED},
    {STATE_STOPPING, EVENT_LIMIT, STATE_STOPPED},
    {STATE_STOPPING, EVENT_FAILURE, STATE_RECOVERING},
    {STATE_STOPPING, EVENT_KILLED, STATE_RECOVERING},

    {STATE_RECOVERING, EVENT_TORN_DOWN_RETRY, STATE_BACKOFF},
    {STATE_RECOVERING, EVENT_TORN_DOWN_SPENT, STATE_QUARANTINED},
    {STATE_RECOVERING, EVENT_TORN_DOWN_STOP, STATE_STOPPED},
    {STATE_RECOVERING, EVENT_LIMIT, STATE_QUARANTINED},
    {STATE_RECOVERING, EVENT_STOP, STATE_STOPPED}, /* what is left of it goes all the same */
    {STATE_RECOVERING, EVENT_START, STATE_LOADED},

    {STATE_BACKOFF, EVENT_TIMER, STATE_PROBING},
    {STATE_BACKOFF, EVENT_MISSING, STATE_WAITING},
    {STATE_BACKOFF, EVENT_STOP, STATE_STOPPED},

    {STATE_STOPPED, EVENT_START, STATE_LOADED},
    {STATE_ABSENT, EVENT_START, STATE_LOADED},
    {STATE_QUARANTINED, EVENT_CLEAR, STATE_LOADED},
    {STATE_QUARANTINED, EVENT_ABSOLVED, STATE_LOADED},
};
#define TRANSITIONS (sizeof(transitions) / sizeof(transitions[0]))

#define HOLDS_AT_PROBE (HOLDS_PROCESS | HOLDS_PIO | HOLDS_MMIO)
#define HOLDS_AT_INIT  (HOLDS_AT_PROBE | HOLDS_IRQ)
#define HOLDS_ALL      (HOLDS_AT_INIT | HOLDS_IRQ_OPEN)

typedef struct state_row {
	uint8_t holds; /* HOLDS_… */
	bool limited;
	uint8_t field; /* limited: offset in lifecycle_limits_t */
} state_row_t;

/* clang-format off */
#define AT(member) offsetof(lifecycle_limits_t, member)
static const state_row_t states[STATE_COUNT] = {
	[STATE_PROBING]      = {HOLDS_AT_PROBE, true,  AT(probe_ms)},
	[STATE_INITIALISING] = {HOLDS_AT_INIT,  true,  AT(init_ms)},
	[STATE_RUNNING]      = {HOLDS_ALL,      false, 0}, /* the heartbeat's business */
	[STATE_QUIESCING]    = {HOLDS_ALL,      true,  AT(quiesce_ms)},
	[STATE_QUIESCED]     = {HOLDS_ALL,      false, 0}, /* as Running */
	[STATE_STOPPING]     = {HOLDS_ALL,      true,  AT(stop_ms)},
};
#undef AT
/* clang-format on */

#define LIFECYCLE_X_STATE(state, value, text) [state] = (text),
static const char *const state_names[STATE_COUNT] = {MANAGER_STATES(LIFECYCLE_X_STATE)};
#undef LIFECYCLE_X_STATE

#define LIFECYCLE_X_EVENT(event, text) [event] = (text),
static const char *const event_names[EVENT_COUNT] = {LIFECYCLE_EVENTS(LIFECYCLE_X_EVENT)};
#undef LIFECYCLE_X_EVENT

driver_state_t lifecycle_next(driver_state_t state, lifecycle_event_t event)
{
	for (size_t i = 0; i < TRANSITIONS; i++)
		if (transitions[i].state == state && transitions[i].event == event)
			return (driver_state_t)transitions[i].next;
	return state;
}

uint32_t lifecycle_limit_ms(driver_state_t state, const lifecycle_limits_t *limits,
			    bool recovers)
{
	const state_row_t *row = &states[state];
	if (!row->limited)
		return LIFECYCLE_NO_LIMIT;
	uint32_t limit_ms =
	    *(const uint32_t *)(const void *)((const char *)limits + row->field);
	if (state == STATE_INITIALISING && recovers)
		limit_ms += limits->recover_ms;
	return limit_ms;
}

bool lifecycle_is_over(driver_state_t state)
{
	return state == STATE_STOPPED || state == STATE_ABSENT;
}

unsigned lifecycle_holds(driver_state_t state)
{
	return states[state].holds;
}

bool lifecycle_is_live(driver_state_t state)
{
	return (lifecycle_holds(state) & HOLDS_PROCESS) != 0;
}

bool lifecycle_tears_down(driver_state_t from, driver_state_t to)
{
	return lifecycle_is_live(from) && !lifecycle_is_live(to);
}

const char *lifecycle_state_name(driver_state_t state)
{
	return (unsigned)state < STATE_COUNT ? state_names[state] : "?";
}

const char *lifecycle_event_name(lifecycle_event_t event)
{
	return (unsigned)event < EVENT_COUNT ? event_names[event] : "?";
}
