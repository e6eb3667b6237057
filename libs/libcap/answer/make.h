/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes records of what the manager, the kernel and drivers tell. What a record points to is
 * the teller's, or in the scratch. Pure. */
#ifndef ANSWER_MAKE_H
#define ANSWER_MAKE_H

#include "abi/audit.h"
#include "abi/protocol/death.h"
#include "cap/answer.h"

/* Nothing to be said is null. */
static inline const char *make_null(const char *text)
{
	return *text ? text : NULL;
}

/* Words for death_kind_t, verdict_kind_t ("VERDICT_SPINS") and manager_decision_t; of any other
 * value "?". */
const char *make_kind(uint32_t kind);
const char *make_verdict(uint32_t verdict);
const char *make_decision(uint32_t decided);

/* `why` is what keeps the driver from running, or "". */
operator_ps_t make_ps(const manager_status_t *status, const char *why);
operator_health_t make_health(const manager_report_t *report, const char *lack,
			      scratch_t *scratch);
/* `death` is its last report, or has the generation 0: what the report of another instance says
 * is not told. */
operator_why_t make_why(const manager_report_t *report, const death_facts_t *death,
			const char *lack);
/* A frame; without a name its function is null. */
operator_frame_t make_frame(const death_frame_t *frame);
operator_version_t make_version(const manager_report_t *report, const char *lack,
				scratch_t *scratch);
operator_stats_t make_stat(const driver_stat_t *row, scratch_t *scratch);

/* Row number `index` of a dump. DRV_OK; DRV_EAGAIN: it is of the stack, whose bytes from byte
 * *at on are needed, *bytes of them: make_dump_stack(); DRV_ENOENT: there are not so many. */
err_t make_dump(const death_facts_t *death, uint32_t index, scratch_t *scratch,
		operator_dump_t *record, uint32_t *at, uint32_t *bytes);
operator_dump_t make_dump_stack(const death_facts_t *death, uint32_t at, const uint8_t *from,
				uint32_t bytes, scratch_t *scratch);
#define MAKE_DUMP_BYTES 32u /* in a row */

/* Counter number `index`. False: there are not so many. */
bool make_audit(const audit_report_t *audit, uint32_t index, scratch_t *scratch,
		operator_audit_t *record);

/* ---- make_use.c ---- */

operator_caps_t make_held(const manager_held_t *held, scratch_t *scratch);

/* What a driver used between two samples; of an instance that began between them, since then.
 */
operator_top_t make_top(const manager_usage_t *before, const manager_usage_t *after);

/* ---- make_policy.c ---- */

operator_policy_t make_policy(const char *name, const manager_policy_t *policy);
operator_retry_t make_retry(uint32_t number, const struct manager_retry *retry);

/* `advice` is what would make it run, or "". */
operator_explain_t make_explain(const manager_status_t *status, const char *lack,
				const char *advice);

/* Rows of rules that nobody knows are put aside; the count of the others, the nearest first. */
uint32_t make_ranking(manager_margin_t *rows, uint32_t count);
operator_near_t make_near(const manager_margin_t *row);

#endif
