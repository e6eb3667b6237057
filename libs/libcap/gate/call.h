/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside libcap: entering the kernel with the error noted. */
#ifndef LIBCAP_CALL_H
#define LIBCAP_CALL_H

#include "cap/syscall.h"
#include "enter.h"

/* For calls without results but the error or handle. */
static inline err_t call0(uint32_t number)
{
	return cap_noted(enter0(number));
}

static inline err_t call1(uint32_t number, uint32_t a0)
{
	return cap_noted(enter1(number, a0));
}

static inline err_t call2(uint32_t number, uint32_t a0, uint32_t a1)
{
	return cap_noted(enter2(number, a0, a1));
}

static inline err_t call3(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
	return cap_noted(enter3(number, a0, a1, a2));
}

static inline err_t call4(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	return cap_noted(enter_for4(number, &a0, &a1, &a2, &a3));
}

/* `registers` are a0 and a1 in, r0 and r1 out. */
static inline err_t call_for2(uint32_t number, uint32_t registers[2])
{
	return cap_noted(enter_for2(number, &registers[0], &registers[1]));
}

/* `registers` are a0..a3 in and r0..r3 out. */
static inline err_t call_for4(uint32_t number, uint32_t registers[4])
{
	return cap_noted(
	    enter_for4(number, &registers[0], &registers[1], &registers[2], &registers[3]));
}

#endif
