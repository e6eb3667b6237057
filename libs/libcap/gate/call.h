/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside libcap: entering the kernel with the error noted. */
#ifndef LIBCAP_CALL_H
#define LIBCAP_CALL_H

#include "abi/types.h"
#include "enter.h"

/* Where failing calls leave their error, or null. */
extern int32_t *call_last_error;

static inline err_t call_noted(err_t err)
{
	if (err < 0 && call_last_error)
		*call_last_error = err;
	return err;
}

/* For calls without results but the error or handle. */
static inline err_t call0(uint32_t number)
{
	return call_noted(enter0(number));
}

static inline err_t call1(uint32_t number, uint32_t a0)
{
	return call_noted(enter1(number, a0));
}

static inline err_t call2(uint32_t number, uint32_t a0, uint32_t a1)
{
	return call_noted(enter2(number, a0, a1));
}

static inline err_t call3(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
	return call_noted(enter3(number, a0, a1, a2));
}

static inline err_t call4(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	return call_noted(enter_for4(number, &a0, &a1, &a2, &a3));
}

/* `registers` are a0 and a1 in, r0 and r1 out. */
static inline err_t call_for2(uint32_t number, uint32_t registers[2])
{
	return call_noted(enter_for2(number, &registers[0], &registers[1]));
}

/* `registers` are a0..a3 in and r0..r3 out. */
static inline err_t call_for4(uint32_t number, uint32_t registers[4])
{
	return call_noted(
	    enter_for4(number, &registers[0], &registers[1], &registers[2], &registers[3]));
}

#endif
