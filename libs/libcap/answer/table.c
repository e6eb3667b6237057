/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of abi/protocol/operator.h as data. What fields mean is not here: only who prints
 * the tables needs that. */
#include "cap/answer.h"

#define FIELD(kind, name, heading, width, meaning)                                             \
	{#name, (heading), (uint16_t)offsetof(TARGET, name), OPERATOR_##kind##_VALUE, (width)},

/* clang-format off */
#define TARGET operator_help_t
static const answer_field_t help_fields[] = {OPERATOR_HELP(FIELD)};
#undef TARGET
#define TARGET operator_ps_t
static const answer_field_t ps_fields[] = {OPERATOR_PS(FIELD)};
#undef TARGET
#define TARGET operator_caps_t
static const answer_field_t caps_fields[] = {OPERATOR_CAPS(FIELD)};
#undef TARGET
#define TARGET operator_stats_t
static const answer_field_t stats_fields[] = {OPERATOR_STATS(FIELD)};
#undef TARGET
#define TARGET operator_health_t
static const answer_field_t health_fields[] = {OPERATOR_HEALTH(FIELD)};
#undef TARGET
#define TARGET operator_frame_t
static const answer_field_t frame_fields[] = {OPERATOR_FRAME(FIELD)};
#undef TARGET
#define TARGET operator_why_t
static const answer_field_t why_fields[] = {OPERATOR_WHY(FIELD)};
#undef TARGET
#define TARGET operator_dump_t
static const answer_field_t dump_fields[] = {OPERATOR_DUMP(FIELD)};
#undef TARGET
#define TARGET operator_version_t
static const answer_field_t version_fields[] = {OPERATOR_VERSIONS(FIELD)};
#undef TARGET
#define TARGET operator_log_t
static const answer_field_t log_fields[] = {OPERATOR_LOGGED(FIELD)};
#undef TARGET
#define TARGET operator_audit_t
static const answer_field_t audit_fields[] = {OPERATOR_AUDIT(FIELD)};
#undef TARGET
#define TARGET operator_top_t
static const answer_field_t top_fields[] = {OPERATOR_TOP(FIELD)};
#undef TARGET
#define TARGET operator_retry_t
static const answer_field_t retry_fields[] = {OPERATOR_RETRY(FIELD)};
#undef TARGET
#define TARGET operator_policy_t
static const answer_field_t policy_fields[] = {OPERATOR_POLICY(FIELD)};
#undef TARGET
#define TARGET operator_tree_t
static const answer_field_t tree_fields[] = {OPERATOR_TREE(FIELD)};
#undef TARGET
#define TARGET operator_near_t
static const answer_field_t near_fields[] = {OPERATOR_NEAR(FIELD)};
#undef TARGET
#define TARGET operator_explain_t
static const answer_field_t explain_fields[] = {OPERATOR_EXPLAIN(FIELD)};
#undef TARGET
#define TARGET operator_done_t
static const answer_field_t done_fields[] = {OPERATOR_DONE(FIELD)};
#undef TARGET
#define TARGET operator_error_t
static const answer_field_t error_fields[] = {OPERATOR_ERROR(FIELD)};
#undef TARGET
/* clang-format on */

#define TABLE(name, fields, what)                                                              \
	[ANSWER_OF_##                                                                          \
	    name] = {#name, name##_fields, sizeof(name##_fields) / sizeof(name##_fields[0])},
const answer_table_t answer_tables[ANSWER_TABLES] = {OPERATOR_TABLES(TABLE)};
#undef TABLE

#define FEW(name, fields, what)                                                                \
	_Static_assert(sizeof(struct operator_##name##_index) <= 32,                           \
		       "a bit of `set` for each field");
OPERATOR_TABLES(FEW)
