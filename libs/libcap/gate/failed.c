/* SPDX-License-Identifier: BSD-2-Clause */
/* Where failing calls leave their error: the kernel's and those that libcap refuses by itself.
 * Also compiled for the host. */
#include "cap/syscall.h"

static int32_t *last_error;

void cap_record_errors(int32_t *where)
{
	last_error = where;
}

err_t cap_failed(err_t error)
{
	if (last_error)
		*last_error = error;
	return error;
}
