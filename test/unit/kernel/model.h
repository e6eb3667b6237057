/* SPDX-License-Identifier: BSD-2-Clause */
/* The reference model: what the kernel must do, said in the plainest way. Capabilities are
 * records that know their parent, queues are "whoever has waited longest", time is a number,
 * and every operation is done at once. It knows abi/ and docs/syscalls/, is compared with the
 * kernel (model_compare.c), and never looks at it.
 *
 * Left out: that long work is interrupted (test_kernel_work.c), generations that are used up,
 * RE36_DEV_TRUST_BOOT, more than 8 waiters at once. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/audit.h"
#include "abi/driver_errno.h"
#include "abi/message.h"
#include "abi/syscalls.h"

#define MODEL_CAPS    4096u
#define MODEL_OBJECTS 1024u
#define MODEL_SLOTS   512u /* of a cspace, that are ever used */
#define MODEL_SPAN    0x00400000u
#define MODEL_TABLES  3u   /* page tables that a sequence maps: from address 0 on */
#define MODEL_PAGES   288u /* pages that a sequence maps: the first ones under each table */
#define MODEL_PORTS   65536u
#define MODEL_RAM     513u /* pages of memory whose first bytes are modelled */
#define MODEL_BUCKETS 64u  /* limits are looked through by their time modulo this */
#define MODEL_STEP    128u /* pages that are unmapped at once */

/* What the machine answers: a port that is read, the clock. */
#define MODEL_PORT_VALUE  0xa5c3960fu
#define MODEL_TIME_US(ms) (5000000000u + (uint64_t)(ms)*1000)

typedef struct m_object m_object_t;
typedef struct m_cap m_cap_t;

struct m_cap {
	bool live;
	bool tomb; /* keeps the place of an object that lost its last capability */
	uint8_t type, rights, flags;	/* widths, trigger, FRAME_… */
	uint32_t name, handle;		/* how a sequence calls it; how its owner does */
	uint32_t first, last;		/* range; or address of the object and badge or bits */
	m_object_t *object;		/* null: a range */
	m_cap_t *parent, *child, *next; /* first child; next of the same parent */
	uint32_t lost;			/* name of the parent that it and others lost, or 0 */
	m_object_t *home;  /* the cspace or thread that has it; null: an interrupt line */
	uint32_t index;	   /* slot, binding or line there */
	m_object_t *space; /* where it is mapped, or null */
	uint32_t virt, pages, mapped; /* the last: when */
	uint32_t used, zeroed, stale; /* untyped: bytes */
};

typedef enum m_state {
	M_STOPPED,
	M_READY,
	M_SENDING,
	M_RECEIVING,
	M_CALLING,
	M_WAITING,
} m_state_t;

typedef enum m_message { M_SEND, M_CALL, M_FAULT } m_message_t;

typedef struct m_thread {
	m_state_t state;
	thread_registers_t regs;
	uint32_t priority, base_priority, max_priority, slice;
	m_cap_t *bound[BIND_COUNT];
	m_cap_t *through; /* what it waits through: says where it waits */
	int32_t since;	  /* of all that are ready, or wait, the lowest is first */
	m_message_t message;
	uint32_t info, badge, fault[3]; /* what it sends; label, address, code */
	bool can_grant;
	m_object_t *offered, *answer; /* reply objects: of its receive, of its call */
	bool timed;
	uint64_t deadline;
	uint32_t timer_age;
	uint32_t budget, period, period_start, overrun;
	bool spent;
	uint64_t run, period_run; /* microseconds */
	uint32_t since_ms, ready_ms, received_ms, messages, signals;
} m_thread_t;

typedef struct m_cspace {
	uint32_t bits, fresh, freed;
	uint32_t generation[MODEL_SLOTS], freed_at[MODEL_SLOTS];
	m_cap_t *slot[MODEL_SLOTS];
	uint32_t sweep; /* destruction: next slot */
} m_cspace_t;

typedef struct m_space {
	m_cap_t *table[MODEL_TABLES];
	uint32_t page[MODEL_TABLES][MODEL_PAGES]; /* address and ARCH_PAGE_…, 0: none */
	m_cap_t *bitmap;
	uint8_t closed[MODEL_PORTS / 8]; /* of the bitmap, if there is one */
} m_space_t;

struct m_object {
	bool live;
	uint32_t type, address, name;
	m_cap_t *tomb;	   /* null: it has capabilities */
	m_object_t *owner; /* thread that is to take it apart, or null */
	uint32_t owed;	   /* of those it owes, the highest is first */
	union {
		m_thread_t thread;
		m_cspace_t cspace;
		m_space_t space;
		err_t closed;	  /* endpoint */
		uint32_t pending; /* notification */
	};
};

typedef struct m_claim {
	m_cap_t *claimer, *target;
	uint32_t bits, pending, since_ms;
	bool owes;
} m_claim_t;

typedef struct m_line {
	m_claim_t claim[IRQ_CLAIMERS];
	uint32_t trigger, count;
	bool unmasked, level, was_level;
} m_line_t;

typedef struct model {
	uint32_t caps, objects;
	m_cap_t cap[MODEL_CAPS];
	m_object_t object[MODEL_OBJECTS];
	m_line_t line[IRQ_LINES];
	m_object_t *current; /* the running thread, null: nobody is ready */
	message_buffer_t
	    memory[MODEL_RAM + 1]; /* what frames begin with; the last: the root's */
	uint32_t ram_first;
	uint32_t now_ms;
	bool due[PRIORITY_MAX + 1];	     /* limits of this priority may be over, */
	uint32_t swept_ms[PRIORITY_MAX + 1]; /* from this time on */
	uint32_t filed[MODEL_BUCKETS]; /* bit p: there was one, when it was last looked at */
	uint64_t time_us;	       /* not before now_ms, and before the next tick */
	uint32_t clock;		       /* counts events, to tell before from after */
	int32_t before_all;	       /* counts down, for those that go to the front */
	uint32_t spurious, ram_bytes;
	uint32_t port_accesses, last_port, last_port_value; /* as op; of a write */
	uint32_t names; /* what the next capability of the operation under way is called */
	bool traced;	/* calls are recorded */
	bool lies;	/* keeps bits that were taken, for the test of the test */
} model_t;

extern model_t model;

/* -- The machine (model_caps.c, model_threads.c, model_ipc.c, model_calls.c). ------------ */

/* An empty machine. */
void model_reset(bool lies);

/* One system call of the current thread, one fault of it, one millisecond, one interrupt; and
 * then who runs. */
void model_call(uint32_t number, const uint32_t arg[4]);
void model_fault(uint32_t label, uint32_t address, uint32_t code);
void model_tick(void);

/* The current thread, if there is one, runs for so long. */
void model_pass(uint32_t us);
void model_interrupt(uint32_t line);

/* The way out of the kernel, which these calls end with. */
void model_leave(void);

/* A ready thread that the test prefers to the current one. */
void model_switch_to(m_object_t *thread);

/* The audit report. */
audit_report_t model_audit(void);

/* -- Capabilities (model_caps.c, model_going.c). ------------------------------------------ */

m_object_t *m_new_object(uint32_t type, uint32_t address, uint32_t bits);
m_cap_t *m_new_cap(m_object_t *home, uint32_t index, uint32_t type, uint32_t rights);
void m_adopt(m_cap_t *cap, m_cap_t *parent);
uint32_t m_free_slots(const m_object_t *cspace);
m_cap_t *m_take_slot(m_object_t *cspace, uint32_t type, uint32_t rights);
void m_give_slot_back(m_cspace_t *cspace, uint32_t index);
m_cap_t *m_lookup(const m_object_t *cspace, uint32_t handle);
uint32_t m_number(const m_cap_t *cap);
bool m_has_header(uint32_t type);
void m_scope(const m_cap_t *cap, const m_cap_t *by, uint32_t scope[2]);
err_t m_check_derive(const m_cap_t *parent, uint32_t rights, uint32_t s0, uint32_t s1);
void m_derive(m_cap_t *cap, m_cap_t *parent, uint32_t s0, uint32_t s1);
uint32_t m_object_bytes(uint32_t type, uint32_t bits);

/* One step of revoking; there must be a child. */
void m_revoke_step(m_cap_t *cap);

/* Everything at once; what it had derived goes to its parent. */
void m_clear(m_cap_t *cap);

/* The first of the objects that the thread owes; null: none. */
m_object_t *m_first_owed(const m_object_t *thread);

/* The thread takes apart what it owes: in one call, where the kernel may need several. */
err_t m_pay(m_object_t *thread);

/* It owes nothing any more, and neither does anybody else. */
void m_forget(const m_object_t *thread);

/* What the frame at this address begins with. */
message_buffer_t *m_memory(uint32_t address);

void m_unmap(m_cap_t *cap);
void m_unmap_some(m_cap_t *cap);
bool m_is_large(const m_cap_t *cap);

/* -- Threads. ---------------------------------------------------------------------------- */

m_object_t *m_bound(const m_object_t *thread, uint32_t what);
message_buffer_t *m_buffer(const m_object_t *thread);
void m_set_result(m_object_t *thread, err_t result);
void m_ready(m_object_t *thread);
void m_hand_over(m_object_t *thread);
void m_queue(m_object_t *thread);
void m_rank(m_object_t *thread);
void m_rank_again(m_object_t *thread);
bool m_has_rival(void);
void m_file_timer(m_object_t *thread);
m_object_t *m_first_sender(const m_object_t *endpoint);
void m_unblock(m_object_t *thread);
void m_wake(m_object_t *thread, err_t result);
void m_abandon(m_object_t *thread, err_t result);
void m_suspend(m_object_t *thread);
void m_block(m_state_t state, m_cap_t *through, uint32_t timeout_ms);
void m_start_timer(m_object_t *thread, uint32_t timeout_ms);
bool m_in_fault(const m_object_t *thread);

/* The current thread stops, and its fault is sent. */
void m_fault(uint32_t label, uint32_t address, uint32_t code);

/* Says who runs. */
void m_choose(void);

/* All live threads, one after the other: the first one after null, null after the last one. */
m_object_t *m_next_thread(m_object_t *thread);

/* The longest waiting thread in this state through `through`, or, if that is null, through any
 * capability to `object`. */
m_object_t *m_first(m_state_t state, const m_object_t *object, const m_cap_t *through);

/* -- Talking. ---------------------------------------------------------------------------- */

void m_signal(m_object_t *notification, uint32_t bits);
bool m_tell(m_object_t *notification, uint32_t bits, uint32_t info);
m_object_t *m_bound_thread(const m_object_t *notification);
m_object_t *m_caller_of(const m_object_t *reply);
m_object_t *m_waiter_of(const m_object_t *reply);
err_t m_send(m_cap_t *cap, m_message_t message, uint32_t info, bool *no_result);
err_t m_receive(m_cap_t *cap, m_object_t *reply, uint32_t timeout_ms, bool *no_result);
err_t m_reply(m_object_t *reply, uint32_t info, bool hand_back);
bool m_send_fault(m_object_t *thread);
m_claim_t *m_claim_of(const m_cap_t *cap);
void m_claim_lost(m_cap_t *cap);

/* -- Calls (model_calls.c, model_devices.c, model_memory.c, model_thread_calls.c). ------- */

typedef struct m_call {
	m_object_t *caller;
	uint32_t number;
	const uint32_t *arg;
	m_cap_t *cap; /* that the first argument names, if the call has one */
	uint32_t result[4];
	uint32_t results; /* how many of these the call has, if it is DRV_OK */
	bool no_result;	  /* the caller's registers are set already, or it waits */
} m_call_t;

err_t m_find_any(const m_call_t *call, uint32_t handle, m_cap_t **cap);
err_t m_find(const m_call_t *call, uint32_t handle, uint32_t type, uint32_t rights,
	     m_cap_t **cap);
err_t m_find_target(const m_call_t *call, uint32_t handle, m_object_t **cspace);
void m_set_registers(m_object_t *thread, const uint32_t *words);

/* Blocks the caller where the capability in hand leads. */
err_t m_wait(m_call_t *call, uint32_t timeout_ms);

err_t m_port_access(m_call_t *call);
err_t m_port_keep(m_call_t *call);
err_t m_inspect(m_call_t *call);
err_t m_irq_wait(m_call_t *call);
err_t m_irq_bind(m_call_t *call);
err_t m_irq_ack(m_call_t *call);
err_t m_acknowledge(m_cap_t *cap);
err_t m_retype(m_call_t *call);
err_t m_trace(m_call_t *call);
err_t m_map(m_call_t *call);
err_t m_mmio_map(m_call_t *call);
err_t m_pio_map(m_call_t *call);
err_t m_unmap_call(m_call_t *call);
err_t m_thread_bind(m_call_t *call);
err_t m_thread_set(m_call_t *call);
err_t m_thread_resume(m_call_t *call);
err_t m_thread_suspend(m_call_t *call);
err_t m_thread_registers(m_call_t *call);

#endif
