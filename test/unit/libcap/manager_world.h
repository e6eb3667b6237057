/* SPDX-License-Identifier: BSD-2-Clause */
/* A manager that is one answer, for the calls of cap/manager.h. Included once by a test. */
#ifndef TEST_MANAGER_WORLD_H
#define TEST_MANAGER_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/protocol/manager.h"
#include "cap/syscall.h"

/* Both have a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
static driver_page_t page;
#define message_buffer() (&buffer)
#undef DRIVER_PAGE
#define DRIVER_PAGE (&page)
#include "libs/libcap/client/manager.c"
#include "steps_fake.h"

#define ENDPOINT 7u
#define SIGNAL	 8u
#define MADE	 9u /* the capability in an answer */
#define MARK	 0x5a5a5a5au
#define ROOM	 16u

static struct {
	unsigned calls, dies; /* how often it was called, and how many of these it dies under */
	message_t sent;	      /* the last request, … */
	char text[MANAGER_TEXT_MAX];
	uint32_t accepted, cap;
	message_t message; /* … and the answer to it */
	char data[MANAGER_TEXT_MAX];
} manager_is;

err_t ipc_call(cap_t endpoint, message_t *message, uint32_t timeout_ms)
{
	assert_int_equal(endpoint, ENDPOINT);
	assert_in_range(timeout_ms, 1, 10000); /* a manager that hangs hangs nobody for good */
	if (manager_is.calls++ > 0)
		assert_memory_equal(message, &manager_is.sent, sizeof(*message));
	manager_is.sent = *message;
	memcpy(manager_is.text, DATA, sizeof(manager_is.text));
	manager_is.accepted = buffer.accept;
	manager_is.cap = buffer.caps[0];
	if (manager_is.dies) {
		manager_is.dies--;
		*message = (message_t){.info = MARK, .word0 = MARK, .word1 = MARK};
		return cap_noted(DRV_EGONE);
	}
	memcpy(DATA, manager_is.data, sizeof(manager_is.data));
	buffer.caps[0] = MADE;
	*message = manager_is.message;
	return DRV_OK;
}

/* The next call is answered so, with `bytes` of data that came along. */
static void answers(int32_t result, uint32_t value, uint32_t bytes)
{
	memset(&buffer, MARK & 0xff, sizeof(buffer));
	memset(&manager_is, 0, sizeof(manager_is));
	memset(manager_is.data, 'x', sizeof(manager_is.data));
	page.manager = ENDPOINT;
	manager_is.message =
	    (message_t){.info = MSG_INFO(0, DRIVER_DATA_WORD + (bytes + 3) / 4, 0),
			.word0 = (uint32_t)result,
			.word1 = value};
}

/* The request was this one, and was made so often. */
static void asked(uint32_t label, unsigned times)
{
	assert_int_equal(MSG_LABEL(manager_is.sent.info), label);
	assert_int_equal(manager_is.calls, times);
}

/* The call fails with that error, and leaves it where failing calls do. */
#define FAILS(error, call)                                                                     \
	do {                                                                                   \
		int32_t last = DRV_OK;                                                         \
		cap_record_errors(&last);                                                      \
		assert_int_equal((call), (error));                                             \
		assert_int_equal(last, (error));                                               \
		cap_record_errors(NULL);                                                       \
	} while (0)

#endif
