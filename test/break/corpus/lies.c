/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells the manager what is not so: answers that nobody asked for, log positions that cannot
 * be, signs of life that prove nothing; and asks with lengths and capabilities that it does not
 * have. */
#include "cap/driver.h"
#include "cap/syscall.h"
#include "chance.h"

#define LABELS 64u
#define BEYOND 1000u

static void lie_in_page(void)
{
	driver_page_t *page = (driver_page_t *)DRIVER_PAGE;
	page->beats += random_word();
	page->work += random_word();
	page->health = random_word();
	page->foreign[0] = random_word();
	page->kept_since = random_word();
	page->done_result = (int32_t)random_word();
	page->done_seq = random_word() % 8;
	page->lines.first = random_word();
	page->lines.next = random_word();
	(void)notification_signal(page->signal, random_word());
}

static void lie_in_message(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	uint32_t words = random_word() % (MSG_WORDS + 1);
	message_t message = {.info = MSG_INFO(random_word() % LABELS, words, random_word() % 4),
			     .word0 = random_word() % BEYOND,
			     .word1 = random_word()};
	(void)ipc_call(page->manager, &message, 1);
}

static void lie_timer(void)
{
	lie_in_page();
	lie_in_message();
	driver_set_timer(2);
}

static err_t lie_run(void)
{
	driver_set_timer(2);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = lie_run, .timer = lie_timer};
	return driver_main(&ops);
}
