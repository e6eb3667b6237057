/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside libcap: entering the kernel with the error noted. */
#ifndef LIBCAP_CALL_H
#define LIBCAP_CALL_H

#include "abi/types.h"

/* `registers` are a0..a3 in and r0..r3 out. */
err_t call(uint32_t number, uint32_t registers[4]);

/* For calls without results but the error or handle. */
err_t call4(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3);

#endif
