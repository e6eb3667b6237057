/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes a process out of a checked ELF image and one untyped or two. Every object of the
 * process comes from these, so revoking them is the end of the process and gives all back; that
 * is also what to do after an error here. */
#ifndef CAP_PROCESS_H
#define CAP_PROCESS_H

#include "cap/elf.h"

/* How much of an image is copied at once: a larger piece is made of several frames. */
#define PROCESS_SCRATCH_BITS 18u
#define PROCESS_SCRATCH	     (1u << PROCESS_SCRATCH_BITS)

/* The maker's own side. */
typedef struct process_maker {
	cap_t vspace;	     /* the maker's */
	uint32_t scratch;    /* PROCESS_SCRATCH free bytes in it, under existing page tables */
	uint32_t table_span; /* bytes under one page table (boot_info_t) */
} process_maker_t;

typedef struct process_config {
	cap_t untyped;
	/* For image and stack. Nothing but frames is ever made of it: those that are
	 * overwritten whole need not be zeroed then, and it needs no more bytes than image and
	 * stack have pages. CAP_NULL: they come from `untyped` too, where alignment wastes up
	 * to as much as the largest frame has. */
	cap_t frames;
	const void *image;
	const elf_plan_t *plan;
	cap_t cspace;	      /* that it gets; CAP_NULL: a new one … */
	uint32_t cspace_bits; /* … with so many slots, in log2 */
	uint32_t stack_top, stack_pages;
	uint32_t buffer;    /* where the message buffer goes */
	cap_t buffer_frame; /* of which it is a copy; CAP_NULL: it is made of `untyped` */
	uint32_t priority;
	cap_t fault_endpoint; /* with write */
	uint32_t fault_badge;
} process_config_t;

/* Handles of the maker. */
typedef struct process {
	cap_t untyped, cspace, vspace, thread;
	cap_t stack;	  /* the frame that begins with the lowest page of its stack, */
	cap_t data;	  /* and that of its first segment that it may write to, … */
	uint32_t data_at; /* … which begins here; CAP_NULL and 0: it has none */
} process_t;

/* How far a process is made. Zeroed at the beginning. */
typedef struct process_build {
	process_t made;
	uint32_t bits, run, at; /* the place of the next frame: log2 of its size, and where */
	cap_t frame;		/* that is there and not yet mapped, … */
	uint32_t filled;	/* … with so many bytes in it */
} process_build_t;

/* Goes on making everything, at the price of *units, which it takes off: one is about the time
 * in which a page is zeroed or copied. DRV_OK: all is made, build->made is the process, and its
 * thread not started. DRV_EAGAIN: the units are spent, or so many were too few for a step;
 * call again. What was made meanwhile is of the same untypeds, which are to be revoked after
 * any other error: DRV_ENOMEM, an untyped or the maker's cspace is too small. */
err_t process_create_some(const process_maker_t *maker, const process_config_t *config,
			  process_build_t *build, uint32_t *units);

/* Makes everything but does not start the thread. DRV_ENOMEM: an untyped or the maker's
 * cspace is too small. */
err_t process_create(const process_maker_t *maker, const process_config_t *config,
		     process_t *process);

/* Maps a frame capability of the maker into the process, with page tables as needed. */
err_t process_map(const process_maker_t *maker, const process_t *process, cap_t frame,
		  uint32_t virt, uint32_t rights);

/* Makes page tables for [virt, virt + bytes). */
err_t process_add_tables(const process_maker_t *maker, const process_t *process, uint32_t virt,
			 uint32_t bytes);

#endif
