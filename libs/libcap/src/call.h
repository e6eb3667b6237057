/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside libcap: entering the kernel with the error noted. */
#ifndef LIBCAP_CALL_H
#define LIBCAP_CALL_H

#include "abi/types.h"
#include "enter.h"

/* Where failing calls leave their error, or null. */
extern int32_t *call_last_error;

/* `registers` are a0..a3 in and r0..r3 out. */
static inline err_t call(uint32_t number, uint32_t registers[4])
{
	err_t err = enter(number, &registers[0], &registers[1], &registers[2], &registers[3]);
	if (err < 0 && call_last_error)
		*call_last_error = err;
	return err;
}

/* For calls without results but the error or handle. */
static inline err_t call4(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
	uint32_t registers[4] = {a0, a1, a2, a3};
	return call(number, registers);
}

#endif
