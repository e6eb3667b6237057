/* SPDX-License-Identifier: BSD-2-Clause */
/* The place of cap/told.h. Also compiled for the host. */
#include "cap/told.h"

#include "abi/cap.h"
#include "cap/string.h"

static struct {
	cap_t signal; /* CAP_NULL: nothing is kept */
	uint32_t from, next, bytes;
	uint32_t data[TOLD_WORDS];
} told;

bool told_keep(cap_t signal, uint32_t from, uint32_t next, const uint32_t *data, uint32_t words,
	       uint32_t bytes)
{
	told.signal = CAP_NULL;
	if (bytes == 0 || words > TOLD_WORDS || bytes > 4 * words)
		return false;
	told.signal = signal;
	told.from = from;
	told.next = next;
	told.bytes = bytes;
	memcpy(told.data, data, 4 * words);
	return true;
}

uint32_t told_take(cap_t signal, uint32_t *position, void *to, uint32_t bytes)
{
	if (signal == CAP_NULL || told.signal != signal || told.from != *position ||
	    told.bytes > bytes)
		return 0;
	told.signal = CAP_NULL;
	memcpy(to, told.data, told.bytes);
	*position = told.next;
	return told.bytes;
}

void told_drop(cap_t signal)
{
	if (told.signal == signal)
		told.signal = CAP_NULL;
}
