/* SPDX-License-Identifier: BSD-2-Clause */
/* A server that keeps what its client sends it: the client's capability of the manager, one to
 * call another driver, and the frame of its kept page. Tries them again and again, and says so
 * when the answers change. */
#include "abi/protocol/manager.h"
#include "cap/client.h"
#include "cap/driver.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define WAIT_MS	 500u
#define PAUSE_MS 50u
#define SERVER	 "screen"
#define PORT	 0x300u /* of its manifest */
#define THINGS	 3u

static cap_t kept[THINGS]; /* of the manager, of SERVER, a frame */
static err_t last[THINGS] = {DRV_EAGAIN, DRV_EAGAIN, DRV_EAGAIN};

static cap_t take(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	message_t message = {0};
	message_buffer()->accept = 1;
	err_t err = ipc_receive(page->endpoint, page->reply, WAIT_MS, &message);
	cap_t cap = MSG_CAP_COUNT(message.info) ? message_buffer()->caps[0] : CAP_NULL;
	message_buffer()->accept = 0;
	if (!err)
		ipc_reply(page->reply, &(message_t){.info = MSG_INFO(0, 2, 0)});
	return cap;
}

/* Connects in the client's name; what it gets goes nowhere. */
static err_t ask_manager(void)
{
	const uint32_t length = sizeof(SERVER) - 1;
	message_t message = {
	    .info = MSG_INFO(MANAGER_CONNECT, DRIVER_DATA_WORD + (length + 3) / 4, 0),
	    .word0 = length};
	memcpy(&message_buffer()->words[DRIVER_DATA_WORD], SERVER, length);
	err_t err = ipc_call(kept[0], &message, CLIENT_TIMEOUT_MS);
	return err ? err : (err_t)message.word0;
}

/* Writes into the client's page. */
static err_t use_frame(void)
{
	uint8_t byte;
	return cap_pio_keep8(driver_context()->pio_caps[0], PORT, kept[2], 0, &byte);
}

static void keeper_timer(void)
{
	err_t now[THINGS] = {
	    ask_manager(), client_open((client_t){.endpoint = kept[1]}, CAP_NULL), use_frame()};
	if (memcmp(now, last, sizeof(now)) != 0)
		driver_log("manager: %d, " SERVER ": %d, frame: %d", (int)now[0], (int)now[1],
			   (int)now[2]);
	memcpy(last, now, sizeof(last));
	driver_set_timer(PAUSE_MS);
}

static err_t keeper_run(void)
{
	unsigned took = 0;
	for (unsigned i = 0; i < THINGS; i++) {
		kept[i] = take();
		took += kept[i] != CAP_NULL;
	}
	driver_log("took %u", took);
	driver_set_timer(PAUSE_MS);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = keeper_run, .timer = keeper_timer};
	return driver_main(&ops);
}
