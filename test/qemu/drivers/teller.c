/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands in the keyboard's place and lies to its clients by chance: in what it answers them, in
 * what it tells them with a signal, and in which bits it signals. */
#include "cap/driver.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define CLIENTS_MOST 8u
#define TELLS	     4u /* a millisecond: within its share */

static cap_t clients[CLIENTS_MOST];
static uint32_t known, chance = 2463534242u, told;

/* xorshift (Marsaglia 2003) */
static uint32_t random_word(void)
{
	chance ^= chance << 13;
	chance ^= chance >> 17;
	chance ^= chance << 5;
	return chance;
}

static void fill(void *to, uint32_t bytes)
{
	uint8_t *at = to;
	for (uint32_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(random_word() >> 11);
}

static err_t teller_open(session_t *session)
{
	clients[known++ % CLIENTS_MOST] = session->notification;
	return DRV_OK;
}

/* Records of any kind at any place, too long ones and halves of one as well. */
static int32_t teller_read_at(session_t *session, uint32_t *position, void *to, uint32_t bytes)
{
	(void)session;
	fill(to, bytes);
	*position = random_word() % 4 ? *position + random_word() % 64 : random_word();
	switch (random_word() % 8) {
	case 0:
		return (int32_t)random_word();
	case 1:
		return DRV_EOVERFLOW;
	case 2:
		return 0;
	default:
		return (int32_t)(random_word() % (bytes + 1));
	}
}

static int32_t teller_read(session_t *session, void *to, uint32_t bytes)
{
	uint32_t position = 0;
	return teller_read_at(session, &position, to, bytes);
}

static err_t teller_ioctl(session_t *session, ioctl_t *request)
{
	(void)session;
	fill(request->data, DRIVER_DATA_MAX);
	request->out_bytes = random_word() % (DRIVER_DATA_MAX + 8);
	request->value = random_word();
	return random_word() % 4 ? DRV_OK : (err_t)(random_word() % 64) - 40;
}

/* Any number of words, of which any number of bytes are said to count. */
static void tell(cap_t client)
{
	bool taken = false;
	uint32_t words = random_word() % (MSG_WORDS + 1);
	message_t message = {.info = MSG_INFO(random_word() % 600, words, 0),
			     .word0 = random_word() % 2 ? 1 : random_word(),
			     .word1 = random_word()};
	fill(message_buffer()->words, 4 * MSG_WORDS);
	if (random_word() % 2) /* where it says that the client is */
		message_buffer()->words[DRIVER_TOLD_WORD - 1] = random_word() % 4096;
	notification_tell(client, &message, &taken);
	told += taken;
}

static void teller_timer(void)
{
	for (uint32_t i = 0; i < TELLS; i++)
		if (clients[i % CLIENTS_MOST])
			tell(clients[random_word() % known % CLIENTS_MOST]);
	if (told >= 100) {
		driver_log("told");
		told = 0;
	}
	driver_set_timer(1);
}

static err_t teller_run(void)
{
	driver_set_timer(1);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = teller_run,
					 .timer = teller_timer,
					 .open = teller_open,
					 .read = teller_read,
					 .read_at = teller_read_at,
					 .ioctl = teller_ioctl};
	return driver_main(&ops);
}
