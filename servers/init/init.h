/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task's parts. */
#ifndef INIT_INIT_H
#define INIT_INIT_H

#include "abi/boot.h"
#include "cap/process.h"
#include "cap/syscall.h"

static inline const boot_info_t *boot_info(void)
{
	return (const boot_info_t *)ROOT_BOOT_INFO;
}

/* -- report.c: a polled line on the serial port, used only where there is no manager. -- */

/* Finds the port among the boot capabilities; without one, reports go nowhere. */
void report_init(void);
void report(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* -- hand_over.c -------------------------------------------------------------------------- */

/* What drvmgr lives on. Handles of the root task. */
typedef struct manager_memory {
	cap_t cspace, kept_frame; /* these outlive it … */
	cap_t body, image;	  /* … and what is made of these untypeds does not */
	uint32_t ring; /* the boot capability that the kernel took to record calls, or 0 */
} manager_memory_t;

/* The untyped that the root task lives on: not given away, not revoked. */
cap_t own_untyped(void);

/* Gives the kernel an untyped that is kept for nothing else, in which it records calls from
 * then on, before anything is handed over. `bits`: log2 of its bytes. DRV_ENOMEM: there is none
 * of 1 MiB. */
err_t hand_over_ring(manager_memory_t *memory, uint32_t *bits);

/* Once: makes what outlives drvmgr and puts every other resource of the machine into its
 * capability space; fills `info`. DRV_ENOMEM: the machine has too little memory. */
err_t hand_over_kept(manager_memory_t *memory, boot_info_t *info);

/* For each incarnation, of which the process is there already: gives it itself. */
err_t hand_over_body(const manager_memory_t *memory, const process_t *drvmgr,
		     boot_info_t *info);

#endif
