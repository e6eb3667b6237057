/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages: the info word, the per-thread buffer and the messages that the kernel itself
 * sends when a thread faults or exits. */
#ifndef ABI_MESSAGE_H
#define ABI_MESSAGE_H

#include "abi/types.h"

#define MSG_WORDS 120u /* the first two travel in registers */
#define MSG_CAPS  4u

/* The info word: label in the high half, capabilities in bits 8..15, words in 0..7. */
#define MSG_INFO(label, words, caps)                                                           \
	(((uint32_t)(label) << 16) | ((uint32_t)(caps) << 8) | (uint32_t)(words))
#define MSG_LABEL(info)	     ((info) >> 16)
#define MSG_WORD_COUNT(info) ((info)&0xffu)
#define MSG_CAP_COUNT(info)  (((info) >> 8) & 0xffu)

/* Labels from this one up are sent by the kernel alone: a user's send with such a label
 * is DRV_EPERM. */
#define MSG_LABEL_KERNEL 0xff00u

/* The badge of a receive that returned because the bound notification was signalled,
 * not because a message came: r1 is 0, r2 holds the bits and r3 the time, in milliseconds.
 * A badge that a sender can have never has this value. */
#define BADGE_NOTIFICATION 0xffffffffu

/* The per-thread message buffer, one page. The kernel reads `timeout_ms`, `reply` and
 * `accept` at the call that uses them and writes words and caps on arrival only. */
typedef struct message_buffer {
	uint32_t timeout_ms; /* send, call, reply-and-receive */
	cap_t reply;	     /* reply-and-receive: the reply object that answers and waits */
	uint32_t accept;     /* how many capabilities a receive or call takes, 0..MSG_CAPS */
	uint32_t reserved;
	cap_t caps[MSG_CAPS];	   /* sent: what to transfer; received: the new handles */
	uint32_t words[MSG_WORDS]; /* words 0 and 1 are in registers */
} message_buffer_t;
ABI_ASSERT(sizeof(message_buffer_t) == 32 + 4 * MSG_WORDS, "message buffer layout");

/* Kernel messages: the label says why the thread stopped. A reply resumes it; the
 * reply's word 0 bit 0 says whether the registers sent back replace the thread's. */
enum fault_label {
	FAULT_PAGE = 0xff00,	   /* #PF: address = cr2, code = error code (SDM 3A 4.7) */
	FAULT_PROTECTION = 0xff01, /* #GP, #SS, #NP, #TS: code = error code */
	FAULT_OPCODE = 0xff02,	   /* #UD */
	FAULT_ARITHMETIC = 0xff03, /* #DE, #OF, #BR */
	FAULT_FPU = 0xff04,	   /* #NM, #MF, #XM: there is no floating point here */
	FAULT_DEBUG = 0xff05,	   /* #DB, #BP */
	FAULT_ALIGNMENT = 0xff06,  /* #AC */
	FAULT_EXIT = 0xff07,	   /* SYS_THREAD_EXIT: code = exit code */
};

/* A thread's registers, in SYS_THREAD_READ/WRITE and in fault messages. */
typedef struct thread_registers {
	uint32_t edi, esi, ebp, ebx, edx, ecx, eax;
	uint32_t eip, eflags, esp;
} thread_registers_t;
ABI_ASSERT(sizeof(thread_registers_t) == 40, "register layout");
#define THREAD_REGISTER_WORDS 10u

/* Layout of a fault message, in words. */
#define FAULT_WORD_ADDRESS   0u
#define FAULT_WORD_CODE	     1u
#define FAULT_WORD_REGISTERS 2u
#define FAULT_WORDS	     (FAULT_WORD_REGISTERS + THREAD_REGISTER_WORDS)

/* Reply to a fault, word 0. */
#define FAULT_REPLY_SET_REGISTERS 1u /* words 2.. hold the registers */

#endif
