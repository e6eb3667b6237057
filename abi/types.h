/* SPDX-License-Identifier: BSD-2-Clause */
/* Basic types of the contract between kernel, libraries and processes. Every header in
 * abi/ is plain C11 and C++, uses fixed-width types only and never includes anything
 * outside abi/ but the freestanding standard headers. */
#ifndef ABI_TYPES_H
#define ABI_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define ABI_ASSERT(condition, text) static_assert(condition, text)
#else
#define ABI_ASSERT(condition, text) _Static_assert(condition, text)
#endif

/* Version of the system-call interface, major in the high half. A process built for
 * another major version is refused with DRV_EABI. */
#define ABI_VERSION	  0x00020006u
#define ABI_VERSION_MAJOR (ABI_VERSION >> 16)
#define ABI_VERSION_MINOR (ABI_VERSION & 0xffffu)

/* Names one capability of one process: generation in the high bits, slot in the low
 * ones, the top bit always clear. 0 names nothing. A handle that was released, revoked
 * or never issued names nothing, for ever. */
typedef uint32_t cap_t;
#define CAP_NULL 0u

/* A result: DRV_OK or a negative DRV_E… (abi/driver_errno.h). */
typedef int32_t err_t;

/* Size of a page and of a frame object, in bytes. */
#define PAGE_SIZE 4096u
#define PAGE_BITS 12u

/* Timeouts are in milliseconds; these two are special. */
#define TIMEOUT_POLL	0u
#define TIMEOUT_FOREVER 0xffffffffu

#endif
