/* SPDX-License-Identifier: BSD-2-Clause */
/* Is asked for its statistics, and answers past libcap: the truth with a name that a terminal
 * would obey, and then another lie each time, until it dies of the question. Its next instances
 * take the question and say nothing. */
#include "cap/driver.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define DATA	(&message_buffer()->words[DRIVER_DATA_WORD])
#define TORN	30u
#define TOO_BIG 10000u

static uint32_t lies;

static void put_rows(uint32_t first, uint32_t count)
{
	driver_stat_t rows[DRIVER_STATS_EACH] = {0};
	for (uint32_t i = 0; i < count; i++) {
		static const char name[] = "a b\x1b[2J";
		memcpy(rows[i].name, name, sizeof(name));
		rows[i].value = first + i;
	}
	memcpy(DATA, rows, sizeof(rows));
}

/* The bytes that it says are rows; *total is how many rows it says there are. */
static int32_t lie(uint32_t first, uint32_t *total)
{
	put_rows(first, DRIVER_STATS_EACH);
	lies += first == 0;
	*total = UINT32_MAX;
	switch (lies) {
	case 1:
		*total = 2;
		return 2 * sizeof(driver_stat_t);
	case 2: /* there is always more */
		return DRIVER_STATS_EACH * sizeof(driver_stat_t);
	case 3:
		return sizeof(driver_stat_t);
	case 4:
		return TORN;
	case 5:
		return TOO_BIG;
	case 6:
		return DRV_ENOENT;
	default:
		__builtin_trap();
	}
}

static void liar_timer(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	message_t message;
	uint32_t bits;
	err_t error = ipc_receive(page->endpoint, page->reply, TIMEOUT_FOREVER, &message);
	for (;;) {
		bool asks = error == DRV_OK && message.badge != BADGE_NOTIFICATION;
		if (asks && driver_generation() > 1)
			notification_wait(page->notification, TIMEOUT_FOREVER, &bits);
		if (asks) {
			uint32_t total;
			int32_t bytes = lie(message.word1, &total);
			message = (message_t){.info = MSG_INFO(0, MSG_WORDS, 0),
					      .word0 = (uint32_t)bytes,
					      .word1 = total};
			error = ipc_reply_receive(page->endpoint, page->reply, TIMEOUT_FOREVER,
						  &message);
		} else {
			error =
			    ipc_receive(page->endpoint, page->reply, TIMEOUT_FOREVER, &message);
		}
	}
}

static err_t liar_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = liar_run, .timer = liar_timer};
	return driver_main(&ops);
}
