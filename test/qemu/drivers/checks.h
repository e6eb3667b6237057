/* SPDX-License-Identifier: BSD-2-Clause */
/* Expectations of a test driver: each is counted, those that fail are in the log. */
#ifndef TEST_CHECKS_H
#define TEST_CHECKS_H

#include "cap/driver.h"
#include "cap/format.h"

static uint32_t checks_passed, checks_failed;

static inline void check_result(const char *what, int32_t expected, int32_t got)
{
	if (got == expected) {
		checks_passed++;
		return;
	}
	checks_failed++;
	driver_log("%s: %s (%d) instead of %s (%d)", what, error_name(got), (int)got,
		   error_name(expected), (int)expected);
}

/* What a call answers must be exactly this. */
#define EXPECT(expected, call) check_result(#call, (expected), (int32_t)(call))

/* The call must answer a handle; which one is what it gives. */
#define EXPECT_CAP(call) check_cap(#call, (call))
static inline cap_t check_cap(const char *what, int32_t got)
{
	check_result(what, DRV_OK, got > 0 ? DRV_OK : got);
	return got > 0 ? (cap_t)got : CAP_NULL;
}

static inline void report_checks(const char *what)
{
	driver_log("%s: %u passed, %u failed", what, (unsigned)checks_passed,
		   (unsigned)checks_failed);
}

#endif
