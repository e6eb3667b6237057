/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of report.h. */
#include "report.h"

#include "cap/format.h"

const char *report_state(uint32_t state)
{
#define STATE_TEXT(name, value, text) [value] = (text),
	static const char *const states[STATE_COUNT] = {MANAGER_STATES(STATE_TEXT)};
#undef STATE_TEXT
	return state < STATE_COUNT && states[state] ? states[state] : "?";
}

static bool is_live(uint32_t state)
{
	return state == STATE_PROBING || state == STATE_INITIALISING ||
	       state == STATE_RUNNING || state == STATE_QUIESCING || state == STATE_STOPPING;
}

void report_header(char *text, size_t size)
{
	format(text, size, "%-16s %-12s %10s %8s %9s", "NAME", "STATE", "GENERATION",
	       "RESTARTS", "HEARTBEAT");
}

void report_row(const manager_status_t *status, char *text, size_t size)
{
	size_t length = format(text, size, "%-16.31s %-12s %10u %8u ", status->name,
			       report_state(status->state), (unsigned)status->generation,
			       (unsigned)status->restarts);
	if (is_live(status->state))
		format(text + length, size - length, "%9u", (unsigned)status->beat_age_ms);
	else
		format(text + length, size - length, "%9s", "-");
}

typedef struct counter {
	const char *name;
	size_t offset;
} counter_t;

#define COUNTER(member)                                                                        \
	{                                                                                      \
#member, offsetof(audit_report_t, member)                                      \
	}
static const counter_t counters[] = {
    COUNTER(abi_version), COUNTER(flags),     COUNTER(ram_bytes),
    COUNTER(free_bytes),  COUNTER(irq_bound), COUNTER(irq_unmasked),
    COUNTER(mmio_pages),  COUNTER(timers),    COUNTER(spurious),
};
#define COUNTERS (sizeof(counters) / sizeof(counters[0]))

static const char *type_name(uint32_t type)
{
#define TYPE_TEXT(name, value, text, rights) [value] = (text),
	static const char *const names[CAP_TYPE_COUNT] = {CAP_TYPES(TYPE_TEXT)};
#undef TYPE_TEXT
	return names[type];
}

bool report_audit(const audit_report_t *audit, uint32_t index, char *text, size_t size)
{
	const uint32_t types = CAP_TYPE_COUNT - 1; /* without CAP_NONE */
	if (index < COUNTERS) {
		const counter_t *row = &counters[index];
		const char *at = (const char *)audit + row->offset;
		format(text, size, "audit: %s %u", row->name,
		       (unsigned)*(const uint32_t *)(const void *)at);
		return true;
	}
	index -= (uint32_t)COUNTERS;
	if (index >= 2 * types)
		return false;
	uint32_t type = 1 + index % types;
	bool is_cap = index < types;
	format(text, size, "audit: %s.%s %u", is_cap ? "caps" : "objects", type_name(type),
	       (unsigned)(is_cap ? audit->caps : audit->objects)[type]);
	return true;
}
