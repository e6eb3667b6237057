/* SPDX-License-Identifier: BSD-2-Clause */
/* A client, a server and the endpoint between them, for tests of messages. */
#ifndef IPC_SCENE_H
#define IPC_SCENE_H

#include "bench.h"
#include "check.h"

static process_t client, server;
static cap_t endpoint, sends, receives, reply, reply_root;

static inline int setup(void **state)
{
	bench_setup(state);
	client = process_make(PRIORITY_MAX);
	server = process_make(PRIORITY_MAX);
	endpoint = make(CAP_ENDPOINT, 0);
	reply_root = make(CAP_REPLY, 0);
	sends = give(&client, endpoint, RIGHT_WRITE | RIGHT_GRANT, 77);
	receives = give(&server, endpoint, RIGHT_READ, 0);
	reply = give(&server, reply_root, RIGHT_WRITE, 0);
	return 0;
}

static inline void serve(void)
{
	blocks(server.tcb, SYS_IPC_RECV, receives, reply, TIMEOUT_FOREVER, 0);
}

static inline void ask(uint32_t info)
{
	blocks(client.tcb, SYS_IPC_CALL, sends, info, 11, 22);
}

static inline void expect_message(tcb_t *tcb, uint32_t badge, uint32_t info, uint32_t w0,
				  uint32_t w1)
{
	assert_int_equal(answer(tcb), DRV_OK);
	assert_int_equal(result[0], badge);
	assert_int_equal(result[1], info);
	assert_int_equal(result[2], w0);
	assert_int_equal(result[3], w1);
}

#endif
