/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine for host tests of the kernel: implements arch/arch.h. Physical memory is a static
 * array, page tables lie in it in a simple format, devices are recorded, and what happens in
 * an interrupt window or while idle is up to the test. It never runs user code. */
#ifndef FAKE_ARCH_H
#define FAKE_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/arch.h"

#define FAKE_MEMORY_BYTES 0x01000000u

/* The kernel's own data is at this physical address. */
#define FAKE_KERNEL_BASE 0x02000000u

/* And the root task's image, where a test has one. */
#define FAKE_IMAGE_BASE 0x03000000u

#define FAKE_PORT_LOG 8u

typedef struct fake_port_access {
	uint16_t port;
	uint32_t width, value;
	bool write;
} fake_port_access_t;

typedef struct fake_machine {
	uint32_t number;	    /* another one after each reset */
	uint32_t irq_unmasked;	    /* bit n: line n can interrupt */
	uint32_t irq_level;	    /* bit n: line n is level triggered */
	uint32_t directory;	    /* the current one, 0 for the kernel's own */
	uint32_t iobitmap;	    /* in use, 0 for none */
	uint32_t trace, trace_bits; /* where calls are recorded, 0: nowhere */
	const arch_frame_t *frame;
	const uint8_t *image; /* the root task's, or null */
	uint32_t image_bytes;
	uint64_t time_us;
	uint32_t ticks_per_ms;	/* of arch_ticks(), which follow time_us: 1000 after a reset */
	uint32_t port_accesses; /* ever; the last FAKE_PORT_LOG are in the log */
	fake_port_access_t port_log[FAKE_PORT_LOG];
	uint32_t port_value;  /* what a read gives */
	void (*window)(void); /* called in each interrupt window, or null */
	uint32_t windows;     /* how many there were */
	uint32_t touches;     /* memory accesses through arch_pointer() since the last window */
	uint32_t most_touches; /* the most between two windows */
	bool (*idle)(void);    /* called while nobody is ready; false: will be so for ever */
} fake_machine_t;

extern fake_machine_t fake;

/* Zeroes memory, devices and the kernel's state. */
void fake_reset(void);

/* Forgets what was counted of long work. */
void fake_count_from_here(void);

/* The memory itself. */
uint8_t *fake_memory(void);

/* Does syscall_handle() for the current thread's call: fake_leave() is next. */
void fake_enter(void);

/* Does kernel_leave(); false: nobody is ready, and nothing will ever change that. */
bool fake_leave(void);

/* The same for kernel_syscall(), which does both. */
bool fake_syscall(void);

/* One page table entry, 0 for none. */
uint32_t fake_page_entry(uint32_t directory, uint32_t virt);

/* Parts of an entry of a page table. */
#define FAKE_PAGE_PRESENT  0x800u
#define FAKE_PAGE_FLAGS	   0x007u /* ARCH_PAGE_… */
#define FAKE_ADDRESS	   0xfffff000u
#define FAKE_TABLE_SPAN	   0x00400000u
#define FAKE_TABLE_ENTRIES 1024u

#endif
