/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals from those whose client a driver is. They come as fast as the other side likes, and
 * who answers each with a request of somebody else would ask that one too much: so they are
 * told a limited number of times, together if need be. None is lost; there is no order among
 * them anyway. What comes along with one waits for the link that it is for. */
#include "cap/told.h"
#include "private.h"

#define CLIENT_FIRST 8u /* the bit of DRIVER_SIGNAL_CLIENT(0) */

static cap_t made[DRIVER_SIGNAL_CLIENTS]; /* by number */

static void tell(uint32_t bits)
{
	runtime.signals = 0;
	if (bits && runtime.ops->signal)
		runtime.ops->signal(bits);
}

static bool may_tell(uint32_t now)
{
	uint32_t slot = now / DRIVER_SIGNALS_MS;
	if (runtime.signals_slot != slot)
		runtime.signals_told = 0;
	runtime.signals_slot = slot;
	return runtime.signals_told++ < DRIVER_SIGNALS_EACH;
}

/* A capability of driver_make_signal() signals one bit. */
static void keep(uint32_t bits)
{
	const message_t *came = runtime.came;
	const uint32_t *words = message_buffer()->words;
	uint32_t count = MSG_WORD_COUNT(came->info);
	if (count > DRIVER_TOLD_WORD && count <= MSG_WORDS)
		told_keep(made[(unsigned)__builtin_ctz(bits) - CLIENT_FIRST],
			  words[DRIVER_TOLD_WORD - 1], came->word1, &words[DRIVER_TOLD_WORD],
			  count - DRIVER_TOLD_WORD, MSG_LABEL(came->info));
}

/* What is put off, the timer brings. */
static void take(uint32_t bits)
{
	if (bits && runtime.came->info)
		keep(bits);
	runtime.signals |= bits;
	bool essential = driver_context()->flags & DRIVER_FLAG_ESSENTIAL;
	uint32_t now = essential ? 0 : driver_now_ms();
	if (essential || may_tell(now))
		tell(runtime.signals);
	else
		timers_set(TIMER_SIGNALS, DRIVER_SIGNALS_MS - now % DRIVER_SIGNALS_MS);
}

err_t driver_make_signal(unsigned number, cap_t *signal)
{
	if (number >= DRIVER_SIGNAL_CLIENTS)
		return cap_failed(DRV_EINVAL);
	int32_t cap = cap_derive(driver_page()->notification_grant, RIGHT_WRITE,
				 DRIVER_SIGNAL_CLIENT(number), 0);
	if (cap < 0)
		return cap;
	runtime.signal = take;
	made[number] = (cap_t)cap;
	*signal = (cap_t)cap;
	return DRV_OK;
}
