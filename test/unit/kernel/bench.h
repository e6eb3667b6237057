/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel's tests share: a booted machine, processes made by system calls, and the
 * calls themselves. A test decides which thread makes the next call; everything else is as
 * on a real machine. */
#ifndef BENCH_H
#define BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_arch.h"
#include "object/endpoint.h"
#include "object/kernel.h"
#include "object/notification.h"
#include "object/untyped.h"
#include "object/vspace.h"

/* Of a call that has not returned. No error has this value. */
#define BLOCKED (-1)

#define RW	  (RIGHT_READ | RIGHT_WRITE)
#define ROOT_BITS 8u

/* The root untyped: BENCH_RAM .. FAKE_MEMORY_BYTES would be too much to compare each time. */
#define BENCH_RAM      0x00200000u
#define BENCH_RAM_BITS 21u

/* Behind it are pages of which bench_add_memory() makes further ones. */
#define BENCH_SPARE (BENCH_RAM + (1u << BENCH_RAM_BITS))

/* The ports, physical pages and lines of the root thread. */
#define BENCH_PORT_FIRST 0x0001u
#define BENCH_PORT_LAST	 0xffffu
#define BENCH_MMIO_FIRST 0xe0000000u
#define BENCH_MMIO_LAST	 0xffffffffu

/* Well-known handles of the root thread. */
typedef struct bench {
	tcb_t *root;
	cspace_t *table; /* its cspace */
	uint32_t space;	 /* physical address of its vspace */
	cap_t cspace, vspace, thread, irq, pio, mmio, untyped, audit;
} bench_t;

extern bench_t bench;

/* A process with one thread, made from the root untyped. Handles are the root's, but for
 * those that its own calls use. */
typedef struct process {
	tcb_t *tcb;
	cap_t thread, cspace, vspace, frame;
	message_buffer_t *buffer;
} process_t;

/* r0..r3 of the last call that returned. */
extern uint32_t result[4];

int bench_setup(void **state);

/* Puts an untyped of one page that is derived from none into a cspace: spare page `page`. */
cap_t bench_add_memory(cspace_t *cspace, uint32_t page);

/* One system call by `tcb`, which must be ready; done again if the kernel asks for that. */
err_t call_once(tcb_t *tcb, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2,
		uint32_t a3);

/* The same, and the further calls that go on with what it left of others' work. */
err_t call(tcb_t *tcb, uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3);

/* How many further calls the last call() made. */
extern uint32_t bench_pieces;

/* How many calls went the short way. */
extern uint32_t bench_short_ways;

/* The current thread's system call, by the short way if that takes it. */
void bench_trap(void);

/* The same by the short way alone. False: it does not take it, and nothing may have changed. */
bool bench_short_way(void);

/* Would it, if nobody else were ready? For calls that are to be refused whoever is. */
bool bench_short_way_alone(void);

/* The same by the long way alone, which leaves it to fake_leave(), which is next, to choose who
 * runs. */
void bench_long_way(void);

/* Makes the call and stops before the kernel is left: fake_leave() is next. */
void bench_enter(tcb_t *tcb, uint32_t number, const uint32_t arg[4]);

/* Makes a ready thread the current one. */
void switch_to(tcb_t *tcb);

/* The answer of a blocked call: BLOCKED while it is, else its result; fills `result`. */
err_t answer(tcb_t *tcb);

/* As call(), but fails the test unless nothing at all has changed besides the caller's
 * registers, and the error is the one expected. */
void refused_at(const char *file, int line, err_t expected, tcb_t *tcb, uint32_t number,
		uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3);
#define refused(...) refused_at(__FILE__, __LINE__, __VA_ARGS__)

/* As call(), but fails the test unless it succeeds; the handle, if it makes one. */
uint32_t done_at(const char *file, int line, tcb_t *tcb, uint32_t number, uint32_t a0,
		 uint32_t a1, uint32_t a2, uint32_t a3);
#define done(...) done_at(__FILE__, __LINE__, __VA_ARGS__)

/* Fails the test unless the call blocks. */
void blocks_at(const char *file, int line, tcb_t *tcb, uint32_t number, uint32_t a0,
	       uint32_t a1, uint32_t a2, uint32_t a3);
#define blocks(...) blocks_at(__FILE__, __LINE__, __VA_ARGS__)

/* Makes an object for the root. */
cap_t make(uint32_t type, uint32_t bits);
cap_t make_from(cap_t untyped, uint32_t type, uint32_t bits);

/* The slot that a handle of a thread names; null: none. */
slot_t *slot_of(tcb_t *tcb, cap_t handle);
void *object_of(cap_t handle);
bool alive(tcb_t *tcb, cap_t handle);

/* A process at this priority, running. */
process_t process_make(uint32_t priority);
process_t process_make_from(cap_t untyped, uint32_t priority);

/* Another thread in the address and capability space of the process, running. */
tcb_t *thread_in(const process_t *process);

/* Delegates a capability of the root to the process; the process's handle. */
cap_t give(const process_t *process, cap_t cap, uint32_t rights, uint32_t badge);

/* The buffer of the root thread. */
message_buffer_t *root_buffer(void);

/* Ticks, with the kernel's way out after each. */
void ticks(uint32_t count);

/* The same, and the current thread's slice is over with the last: limits of its own priority
 * are looked at then, and not before. */
void ticks_and_slice(uint32_t count);

/* Does any thread owe the end of an object? */
bool bench_owed(void);

/* A line fires. */
void fire(uint32_t line);

/* Is the type made from untyped memory? The others are there from the start. */
bool bench_is_retyped(uint32_t type);

/* The root's first capability of a type that is there from the start. */
cap_t bench_root_cap(uint32_t type);

#endif
