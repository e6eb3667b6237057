/* SPDX-License-Identifier: BSD-2-Clause */
/* libcap's runtime as a driver's main.c sees it, played for a host test of the whole program:
 * the test calls what the driver gave driver_main(), and looks what it said. To be included
 * once in a program, behind main.c, which has names of its own for some of this; what is not
 * here, ports above all, is the test's own. */
#ifndef FAKE_RUNTIME_H
#define FAKE_RUNTIME_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cap/driver.h"

#define NOT_DONE 1 /* no DRV_… */

static const driver_ops_t *ops;
static DriverContextV2 context;
static uint32_t timer_ms; /* DRIVER_NO_TIMER: none is set */
static uint32_t notified, forgot, done_count;
static err_t done, health;
static err_t refuse;  /* what ports answer */
static bool reserved; /* the device is the operator's, who is not the one who asks */
static jmp_buf failed;
static session_t session;
static uint8_t *page; /* that is kept; below 4 GiB, as in a driver's process */

/* As it is when a process begins. */
static inline void runtime_begin(uint32_t page_bytes)
{
	timer_ms = DRIVER_NO_TIMER;
	notified = forgot = done_count = 0;
	done = health = NOT_DONE;
	refuse = DRV_OK;
	reserved = false;
	context = (DriverContextV2){.shared_cfg = (driver_address_t)(uintptr_t)page,
				    .shared_cfg_size = page_bytes};
}

int driver_main(const driver_ops_t *given)
{
	ops = given;
	return 0;
}

DriverContextV2 *driver_context(void)
{
	return &context;
}

void driver_done(err_t result)
{
	done = result;
	done_count++;
}

_Noreturn void driver_fail(err_t reason)
{
	longjmp(failed, reason);
}

void driver_set_timer(uint32_t ms)
{
	timer_ms = ms;
}

void driver_forget(void)
{
	forgot++;
}

bool driver_is_reserved(const session_t *asks)
{
	assert_non_null(asks);
	return reserved;
}

void driver_notify(void)
{
	notified++;
}

void driver_tell(void)
{
	notified++;
}

void driver_set_health(err_t value)
{
	health = value;
}

#endif
