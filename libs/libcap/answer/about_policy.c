/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of about.h: policies and limits. */
#include "about.h"

#include "cap/format.h"
#include "cap/report.h"

#define CLOSE 50u /* percent of a limit, from which on it is said what to do */

bool about_policy(const operator_policy_t *policy, uint32_t index, char *text, size_t size)
{
	switch (index) {
	case 0:
		format(text, size,
		       "policy: %s; after %u ms, then %u ms, growing to %u%% up to %u ms, and "
		       "anew after %u ms of Running",
		       policy->policy ? policy->policy : "?", (unsigned)policy->first_ms,
		       (unsigned)policy->base_ms, (unsigned)policy->factor_pct,
		       (unsigned)policy->max_ms, (unsigned)policy->reset_ms);
		return true;
	case 1:
		format(
		    text, size,
		    "policy: forgives %u failures in %u ms; there are %u now, and %u restarts "
		    "since the delays started",
		    (unsigned)policy->burst, (unsigned)policy->window_ms,
		    (unsigned)policy->failures, (unsigned)policy->restarts);
		return true;
	case 2:
		format(text, size, "policy: if it failed now, and at once again each time:");
		return true;
	default:
		*text = '\0';
		return false;
	}
}

void about_retry(const operator_retry_t *retry, char *text, size_t size)
{
	format(text, size, "  restart %u after %u ms, at %u ms", (unsigned)retry->restart,
	       (unsigned)retry->delay, (unsigned)retry->at);
}

void about_policy_end(const operator_policy_t *policy, char *text, size_t size)
{
	if (policy->essential)
		format(text, size, "  then each %u ms, without an end: it is essential",
		       (unsigned)policy->max_ms);
	else
		format(text, size, "  then %s", policy->then);
}

bool about_explain(const operator_explain_t *explain, uint32_t index, char *text, size_t size)
{
	*text = '\0';
	if (index == 0) {
		bool refused = explain->state == STATE_REJECTED; /* that is no sentence */
		format(text, size, "explain: %s is %s%s%s", explain->name,
		       report_state(explain->state),
		       !explain->why ? ""
		       : refused     ? ": "
				     : ": it ",
		       explain->why ? explain->why : "");
		return true;
	}
	if (index == 1 && explain->advice)
		format(text, size, "explain: what to do: %s", explain->advice);
	return *text != '\0';
}

void about_near(const operator_near_t *near, char *text, size_t size)
{
	size_t length =
	    format(text, size, "explain: %3u%% of the limit: %s, %u of %u%s%s",
		   (unsigned)near->percent, near->rule, (unsigned)near->value,
		   (unsigned)near->limit, near->unit ? " " : "", near->unit ? near->unit : "");
	if (near->percent >= CLOSE)
		format(text + length, size - length, "; %s", near->advice);
}
