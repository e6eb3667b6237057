/* SPDX-License-Identifier: BSD-2-Clause */
/* The policy of a manifest that says nothing but its kind, for tests. */
#ifndef POLICY_DEFAULTS_H
#define POLICY_DEFAULTS_H

#include "core/policy.h"

static inline policy_t defaults(uint32_t kind)
{
	return (policy_t){.kind = kind,
			  .first_ms = POLICY_FIRST_MS_DEFAULT,
			  .base_ms = POLICY_BASE_MS_DEFAULT,
			  .factor_pct = POLICY_FACTOR_DEFAULT,
			  .max_ms = POLICY_MAX_MS_DEFAULT,
			  .burst = POLICY_BURST_DEFAULT,
			  .window_ms = POLICY_WINDOW_MS_DEFAULT,
			  .reset_ms = POLICY_RESET_MS_DEFAULT};
}

#endif
