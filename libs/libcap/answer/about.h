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

/* "stats: NAME VALUE", an error by its name; "audit: NAME VALUE"; "VERB ARGUMENT what it does".
 */
void about_stat(const operator_stats_t *stat, char *text, size_t size);
void about_counter(const operator_audit_t *counter, char *text, size_t size);
void about_verb(const operator_help_t *help, char *text, size_t size);

#endif
