/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of the fake machine itself: a host that polls and does everything right. */
#ifndef TEST_FAKE_BENCH_H
#define TEST_FAKE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/protocol/input.h"
#include "fake_pc.h"

#define FULL  0x01
#define BUSY  0x02
#define AUX   0x20
#define QUIET 0x100 /* no byte came */

static fake_pc_t pc;

static inline int emulator(void **state)
{
	(void)state;
	pc_init(&pc, &fake_emulator);
	return 0;
}

static inline int real(void **state)
{
	(void)state;
	pc_init(&pc, &fake_8042);
	return 0;
}

/* The next byte within `ms`, with 0x200 added if it is the mouse's; QUIET: none. */
static inline unsigned next(uint32_t ms)
{
	for (uint64_t end = pc.now_us + ms * FAKE_MS; pc.now_us <= end; pc_pass(&pc, 100)) {
		uint8_t status = pc_status(&pc);
		if (status & FULL)
			return pc_data(&pc) | (status & AUX ? 0x200u : 0u);
	}
	return QUIET;
}

static inline void ready(void)
{
	while (pc_status(&pc) & BUSY)
		pc_pass(&pc, 100);
}

static inline void command(uint8_t byte)
{
	ready();
	pc_command(&pc, byte);
}

static inline void keyboard(uint8_t byte)
{
	ready();
	pc_write(&pc, byte);
}

static inline void mouse(uint8_t byte)
{
	command(0xd4);
	keyboard(byte);
}

static inline void configure(uint8_t config)
{
	command(0x60);
	keyboard(config);
	ready();
}

#define EXPECT(...)                                                                            \
	do {                                                                                   \
		const unsigned expected[] = {__VA_ARGS__};                                     \
		for (unsigned at = 0; at < sizeof(expected) / sizeof(expected[0]); at++)       \
			assert_int_equal(next(1000), expected[at]);                            \
	} while (0)

#endif
