/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of `health`, `version` and `why`: one driver's record as sentences. Pure. What the
 * driver itself says is marked as its word. */
#ifndef ANSWER_ABOUT_H
#define ANSWER_ABOUT_H

#include "cap/answer.h"

/* Each makes line number `index`, from 0; false behind the last. */
bool about_health(const operator_health_t *health, uint32_t index, char *text, size_t size);
bool about_version(const operator_version_t *version, uint32_t index, char *text, size_t size);
bool about_why(const operator_why_t *why, uint32_t index, char *text, size_t size);

/* "why: 0x400eca  serial_irq", or a question mark for the function. */
void about_frame(const operator_frame_t *frame, char *text, size_t size);

/* "stats: NAME VALUE", an error by its name; "audit: NAME VALUE"; "VERB ARGUMENT what it does".
 */
void about_stat(const operator_stats_t *stat, char *text, size_t size);
void about_counter(const operator_audit_t *counter, char *text, size_t size);
void about_verb(const operator_help_t *help, char *text, size_t size);

/* "NAME STATE requires …; uses …; provides …". */
void about_needs(const operator_tree_t *tree, uint32_t width, char *text, size_t size);

/* ---- about_policy.c ---- */

/* The lines before the retries, one of them, and that behind the last. */
bool about_policy(const operator_policy_t *policy, uint32_t index, char *text, size_t size);
void about_retry(const operator_retry_t *retry, char *text, size_t size);
void about_policy_end(const operator_policy_t *policy, char *text, size_t size);

/* The lines before those of what it came near to, and one of these. */
bool about_explain(const operator_explain_t *explain, uint32_t index, char *text, size_t size);
void about_near(const operator_near_t *near, char *text, size_t size);

#endif
