/* SPDX-License-Identifier: BSD-2-Clause */
/* A store that is made where it stands and is not split, put off or joined with another. */
#include "kept/ledger.h"

void ledger_store(uint32_t *to, uint32_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELEASE);
}
