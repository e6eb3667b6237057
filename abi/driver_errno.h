/* SPDX-License-Identifier: BSD-2-Clause */
/* The one error table: kernel, manager, drivers and clients use these numbers and no
 * others. -1 is deliberately not in it, so a bare -1 is never mistaken for a reason. */
#ifndef ABI_DRIVER_ERRNO_H
#define ABI_DRIVER_ERRNO_H

#include "abi/types.h"

/* X(NAME, value, text) */
#define DRV_ERRORS(X)                                                                          \
	X(DRV_OK, 0, "success")                                                                \
	X(DRV_EPERM, -2, "not permitted: a right, range or grant is missing")                  \
	X(DRV_EINVAL, -3, "invalid argument or capability type")                               \
	X(DRV_ETIMEDOUT, -4, "timed out")                                                      \
	X(DRV_EIO, -5, "device answered wrongly")                                              \
	X(DRV_EBUSY, -6, "already in use")                                                     \
	X(DRV_EAGAIN, -7, "not now, try again")                                                \
	X(DRV_ENOTSUP, -8, "operation not supported")                                          \
	X(DRV_EBADCAP, -9, "no such live capability")                                          \
	X(DRV_ENOMEM, -10, "out of memory or slots")                                           \
	X(DRV_EFAULT, -11, "bad address")                                                      \
	X(DRV_EABI, -12, "incompatible ABI version")                                           \
	X(DRV_EGONE, -13, "the peer died")                                                     \
	X(DRV_ENODEV, -14, "no such device")                                                   \
	X(DRV_EQUARANTINED, -15, "driver is quarantined")                                      \
	X(DRV_ENOSYS, -16, "no such system call")                                              \
	X(DRV_ENOTABLE, -17, "no page table covers the address")                               \
	X(DRV_EEXIST, -18, "already there")                                                    \
	X(DRV_ENOENT, -19, "no such name")                                                     \
	X(DRV_EMSGSIZE, -20, "message or text too long")                                       \
	X(DRV_EFORMAT, -21, "malformed file or archive")                                       \
	X(DRV_ECANCELED, -22, "operation canceled")                                            \
	X(DRV_EOVERFLOW, -23, "some of it is lost")

#define ABI_X_ENUM(name, value, text) name = (value),
enum drv_error { DRV_ERRORS(ABI_X_ENUM) DRV_ERROR_LAST = -23 };
#undef ABI_X_ENUM

#endif
