/* SPDX-License-Identifier: BSD-2-Clause */
/* How much each client may ask of an essential driver: DRIVER_SHARE. The prompt is answered
 * through such a driver, which is more urgent than its clients: without a limit one of them
 * could keep it at work for ever. The operator's requests are not counted. */
#include "abi/protocol/manager.h"
#include "private.h"

/* Does not wait. False: the manager was not ready to receive it. */
static bool tell(uint32_t badge, bool goes_on)
{
	message_t message = {
	    .info = MSG_INFO(MANAGER_EXCESS, 2, 0), .word0 = badge, .word1 = goes_on};
	return ipc_send(driver_page()->manager, &message, TIMEOUT_POLL) == DRV_OK;
}

/* An instance begins with a whole share. In the name of the one before it nobody asks any more:
 * before the manager makes an instance it has revoked all that the last one had, and with a
 * capability the messages go that wait through it. */
static asked_t *asked_by(uint32_t badge)
{
	uint32_t number = DRIVER_BADGE_NUMBER(badge);
	asked_t *asked = &runtime.asked[number <= DRIVER_CLIENTS_MAX ? number : 0];
	if (asked->badge != badge)
		*asked = (asked_t){.badge = badge};
	return asked;
}

/* Lies apart and is short: most drivers are not essential. */
__attribute__((cold, noinline)) static bool count(uint32_t badge)
{
	uint32_t period = clock_ms() / MANAGER_PERIOD_MS;
	asked_t *asked = asked_by(badge);
	if (asked->period != period)
		asked->times = 0;
	asked->period = period;
	if (++asked->times <= DRIVER_SHARE)
		return true;
	bool goes_on = asked->times == 2 * DRIVER_SHARE + 1;
	if ((goes_on || asked->times == DRIVER_SHARE + 1) && !tell(badge, goes_on))
		asked->times--; /* so that the next request tells it */
	return false;
}

bool share_take(uint32_t badge)
{
	return !(driver_context()->flags & DRIVER_FLAG_ESSENTIAL) ||
	       (badge & DRIVER_BADGE_OPERATOR) || count(badge);
}
