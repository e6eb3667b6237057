/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver contract: context, the page shared with the manager, lifecycle commands, the
 * client protocol and the ioctls that every driver answers. */
#ifndef ABI_DRIVER_H
#define ABI_DRIVER_H

#include "abi/boot.h"
#include "abi/driver_errno.h"
#include "abi/message.h"
#include "abi/steps.h"

/* Driver-protocol versions that this tree speaks. The manager uses the highest version
 * that it, the manifest and the binary have in common. */
#define DRIVER_ABI_MIN 1u
#define DRIVER_ABI_MAX 13u

/* A binary that does not speak this version expects its pages elsewhere: it is refused with
 * DRV_EABI, whatever its manifest says. */
#define DRIVER_ABI_LAYOUT 5u

#define DRIVER_CONTEXT_VERSION 2u

/* An address in a driver: a pointer there, and as wide elsewhere. */
#if UINTPTR_MAX == UINT32_MAX
typedef void *driver_address_t;
#else
typedef uint32_t driver_address_t;
#endif

/* What a driver is given, version 2. The layout is fixed: 32-bit, 124 bytes. */
typedef struct DriverContextV2 {
	uint32_t abi_version; /* DRIVER_CONTEXT_VERSION */
	uint32_t driver_tid;  /* the manager's number of the driver, >= 1 */
	uint32_t device_id;   /* of a matched device, 0 without one */
	uint32_t flags;	      /* DRIVER_FLAG_… */
	uint32_t irq_caps[8]; /* handles, in the order of the manifest; CAP_NULL ends */
	uint32_t pio_caps[8];
	uint32_t mmio_caps[8];
	driver_address_t shared_cfg; /* what outlives a restart, or null */
	uint32_t shared_cfg_size;    /* bytes */
	int32_t last_error;	     /* of the last failing call of libcap: DRV_E… */
} DriverContextV2;
ABI_ASSERT(sizeof(driver_address_t) == 4, "an address in a driver has 32 bits");
ABI_ASSERT(sizeof(DriverContextV2) == 124, "DriverContextV2 is 124 bytes");
ABI_ASSERT(offsetof(DriverContextV2, irq_caps) == 16, "DriverContextV2 layout");
ABI_ASSERT(offsetof(DriverContextV2, pio_caps) == 48, "DriverContextV2 layout");
ABI_ASSERT(offsetof(DriverContextV2, mmio_caps) == 80, "DriverContextV2 layout");
ABI_ASSERT(offsetof(DriverContextV2, shared_cfg) == 112, "DriverContextV2 layout");
ABI_ASSERT(offsetof(DriverContextV2, last_error) == 120, "DriverContextV2 layout");
#define DRIVER_CAPS_MAX 8u

#define DRIVER_FLAG_RESTARTED 1u /* not the first instance: recover() runs before init() */
#define DRIVER_FLAG_FORGOTTEN 2u /* what the last one kept may be what ended it: it is gone */
#define DRIVER_FLAG_ESSENTIAL 4u /* boot.list names it: DRIVER_SHARE holds */

/* Addresses in a driver process. */
#define DRIVER_IMAGE_BASE  0x00400000u /* where driver images are linked */
#define DRIVER_PAGE	   ROOT_BUFFER /* driver_page_t; it begins with the message buffer */
#define DRIVER_SHARED_CFG  0xbfffb000u /* one page, kept over restarts */
#define DRIVER_LOG	   0xbffff000u /* one page: lines for the system log */
#define DRIVER_STACK_TOP   0xbfff9000u /* grows down; a guard page is below its pages */
#define DRIVER_STACK_PAGES 2u
#define DRIVER_MMIO_WINDOW 0x80000000u /* page tables are ready from here for all mmio caps */

/* What the manager asks for. Commands are written into driver_page_t and announced by
 * DRIVER_SIGNAL_COMMAND; the answer is left in done_result and done_seq, in this order, and
 * announced by signalling `signal`. One command_seq is performed once. */
enum driver_command {
	DRIVER_NOTHING = 0,
	DRIVER_PROBE = 1, /* is the device there? DRV_ENODEV: no; ports and MMIO only */
	/* Set the device up; recover() is called first after a restart. Since driver ABI 7 it
	 * may come again behind DRIVER_QUIESCE, without recover(): a reset. DRIVER_RUN follows.
	 */
	DRIVER_INIT = 2,
	DRIVER_RUN = 3,	    /* serve */
	DRIVER_QUIESCE = 4, /* finish what is under way, accept nothing new */
	DRIVER_STOP = 5,    /* leave the device as it was found, then exit(0) */
};

/* Bits of a driver's notification. Interrupt capability n signals bit n. */
#define DRIVER_SIGNAL_IRQ(n)	(1u << (n))
#define DRIVER_SIGNAL_COMMAND	(1u << 31)
#define DRIVER_SIGNAL_CLIENT(n) (1u << (8 + (n))) /* free for the driver's own use */
#define DRIVER_SIGNAL_CLIENTS	16u

/* The ring of log lines at DRIVER_LOG. Positions count bytes since the instance began, wrap,
 * and are multiples of 4; byte n is at n % DRIVER_LOG_BYTES. A line is a driver_line_t and its
 * text, padded to 4 bytes. The driver makes room by forgetting the oldest lines: it never waits
 * for the manager, which keeps to itself what it has taken, and sees by their numbers which
 * lines it missed. */
typedef struct driver_lines {
	uint32_t first; /* position of the oldest line held */
	uint32_t next;	/* position behind the newest one; stored last */
} driver_lines_t;
typedef struct driver_line {
	uint32_t number; /* one more each time, over instances too (since driver ABI 8) */
	uint16_t length; /* bytes of text, at most DRIVER_LINE_MAX */
	uint16_t how;	 /* DRIVER_LINE_HOW(); or, before driver ABI 9, enum driver_line_how */
} driver_line_t;
ABI_ASSERT(sizeof(driver_line_t) == 8, "log line layout");
#define DRIVER_LOG_BYTES PAGE_SIZE
#define DRIVER_LINE_MAX	 200u

/* How a line enters the log. The manager puts the driver's name in front, so that nobody speaks
 * for another. It takes a line without a name only from a driver with `operator` in its `uses`.
 */
enum driver_line_how {
	DRIVER_LINE_NAMED = 0, /* "NAME: text" */
	DRIVER_LINE_AS_IS = 1,
};

/* How much a line of the log matters. X(NAME, value, "word"), the gravest first. */
#define LOG_LEVELS(X)                                                                          \
	X(LOG_ERROR, 0, "error") /* something failed */                                        \
	X(LOG_WARN, 1, "warn")	 /* something is not as it should be, and goes on */           \
	X(LOG_INFO, 2, "info")	 /* what happens */                                            \
	X(LOG_DEBUG, 3, "debug") /* what only an author wants to know */

#define ABI_X_ENUM(name, value, word) name = (value),
typedef enum log_level { LOG_LEVELS(ABI_X_ENUM) LOG_LEVEL_COUNT } log_level_t;
#undef ABI_X_ENUM

/* Since driver ABI 9 the upper byte of `how` is the line's level and one more. 0, which is all
 * that there was before, and what is no level, are LOG_INFO. */
#define DRIVER_LINE_HOW(how, level) ((uint32_t)(how) | ((uint32_t)(level) + 1) << 8)
#define DRIVER_LINE_KIND(how)	    ((how)&0xffu)
#define DRIVER_LINE_LEVEL(how)                                                                 \
	(((how) >> 8) - 1u < LOG_LEVEL_COUNT ? ((how) >> 8) - 1u : (uint32_t)LOG_INFO)

/* One page that manager and driver share. Each side believes only what it wrote itself. Since
 * driver ABI 5 it begins with the main thread's message buffer. */
typedef struct driver_page {
	message_buffer_t buffer;
	DriverContextV2 context;
	uint32_t abi; /* the driver-protocol version chosen */
	/* Handles in the driver. */
	cap_t endpoint;		  /* clients' requests arrive here (read) */
	cap_t manager;		  /* the manager's endpoint (write, grant) */
	cap_t notification;	  /* bound to the main thread (read) */
	cap_t notification_grant; /* the same, write: to hand to a driver of which one is a
				     client */
	cap_t reply;		  /* the reply object of the event loop */
	uint32_t generation;	  /* 1 for the first instance */
	uint32_t heartbeat_ms;	  /* the period that its manifest names */
	/* Manager to driver. */
	uint32_t command;     /* enum driver_command */
	uint32_t command_seq; /* changes with every command */
	/* Driver to manager. */
	uint32_t beats;	 /* turns of the event loop */
	uint32_t work;	 /* requests, interrupts and timers handled */
	uint32_t health; /* DRV_OK or DRV_E…, as GET_HEALTH answers */
	char name[32];	 /* NUL-terminated */
	/* Since driver ABI 2. */
	cap_t signal;	      /* handle (write): wakes the manager to look at what follows */
	int32_t done_result;  /* DRV_OK or DRV_E… of the command done_seq */
	uint32_t done_seq;    /* the command_seq that was answered last; 0: none */
	driver_lines_t lines; /* of the ring at DRIVER_LOG */
	/* Since driver ABI 3. Of the interrupts of irq_caps[n], how many in a row up to the
	 * last one were none of its own device's, as the driver says. */
	uint32_t foreign[DRIVER_CAPS_MAX];
	/* The instance that began with nothing kept, or found it of no use: its generation. */
	uint32_t kept_since;
	/* Since driver ABI 8. The frame of the page at DRIVER_SHARED_CFG (write), which
	 * SYS_CAP_PIO_KEEP takes; CAP_NULL without `pio` in the manifest's caps. */
	cap_t kept_frame;
	/* The number of the next line: the driver counts it on. An instance is told that behind
	 * the last line that the manager took of those before it. */
	uint32_t line;
} driver_page_t;
ABI_ASSERT(offsetof(driver_page_t, abi) == 512 + 124, "driver page layout");
ABI_ASSERT(offsetof(driver_page_t, signal) == 512 + 208, "driver page layout");
ABI_ASSERT(sizeof(driver_page_t) == 512 + 272, "driver page layout");

/* Since driver ABI 9 the driver's last steps (abi/steps.h) are in the same page. */
ABI_ASSERT(sizeof(driver_page_t) <= STEPS_AT, "the steps lie behind all else");

/* The ABI statement of a driver binary: an ELF note (PT_NOTE) of this name and type. */
#define DRIVER_NOTE_NAME "Castellan" /* 10 bytes with its NUL */
#define DRIVER_NOTE_TYPE 1u
typedef struct driver_note {
	uint32_t abi_min, abi_max; /* driver-protocol versions, inclusive */
	uint32_t context_version;  /* DRIVER_CONTEXT_VERSION */
	uint32_t kernel_abi;	   /* ABI_VERSION that it was built with */
} driver_note_t;
ABI_ASSERT(sizeof(driver_note_t) == 16, "driver note layout");

/* Client protocol: the label of a call to a driver's endpoint. Data starts at word 2 and
 * is at most DRIVER_DATA_MAX bytes. Answer: word 0 DRV_… or a count, word 1 a value, data
 * from word 2. Without a session all but OPEN and the ioctls below DRV_IOCTL_OWN answer
 * DRV_EGONE, and nothing was done. A driver that does not serve yet, or is Quiesced, answers
 * all but those ioctls with DRV_EAGAIN; but one that tells answers READ_AT until its next
 * init, or stop: what came of quiescing is read so. Where a driver dies under a call, that may
 * have been done: only what is repeatable is asked again by cap/link.h.
 *
 *   OPEN     word 0: what of the driver the session is for, in numbers of its class, 0 for
 *            all (since driver ABI 8); word 1: DRIVER_OPEN_LISTENS, or 0 (since driver ABI
 *            10). A notification capability may come along: signalled on data; answers as
 *            value the generation of the instance since which the driver keeps what it keeps.
 *            A client that was told a smaller one knows that it was forgotten meanwhile
 *   READ     word 0: most bytes wanted; answers the count, 0 for none now
 *   WRITE    word 0: bytes; answers the count taken
 *   SEEK     word 0: position in bytes
 *   IOCTL    word 0: code, word 1: argument; data depends on the code
 *   READ_AT  word 0: most bytes wanted, word 1: from which position in the driver's stream on;
 *            answers the count, 0 for none now, and as value the position to ask from next
 *            time. Positions are the driver's, not an instance's, and wrap. DRV_EOVERFLOW:
 *            what lies there is not held any more, or was lost; the class's header says how
 *            to go on. Since driver ABI 8
 *
 * X(NAME, value, repeatable) */
#define DRIVER_REQUESTS(X)                                                                     \
	X(DRIVER_OPEN, 1, true)                                                                \
	X(DRIVER_CLOSE, 2, true)                                                               \
	X(DRIVER_READ, 3, false)                                                               \
	X(DRIVER_WRITE, 4, false)                                                              \
	X(DRIVER_SEEK, 5, true)                                                                \
	X(DRIVER_IOCTL, 6, false)                                                              \
	X(DRIVER_READ_AT, 7, true)

#define ABI_X_ENUM(name, value, repeatable) name = (value),
enum driver_request { DRIVER_REQUESTS(ABI_X_ENUM) };
#undef ABI_X_ENUM
#define DRIVER_DATA_WORD 2u
#define DRIVER_DATA_MAX	 (4u * 118u)

/* Word 1 of OPEN: the notification that comes along is bound to a thread that takes a message
 * with its signals. To such a client, which has read by position, the driver may say with the
 * signal what it would be answered (SYS_NOTIFICATION_TELL). The message is
 *
 *   label   how many bytes follow
 *   word 0  the bits that the capability signals
 *   word 1  the position behind them, as the answer to READ_AT has it
 *   word 2  the position from which they were read: what they follow
 *   word 3  and more: the bytes, padded with zeros
 *
 * It is worth what the answer to READ_AT from that position is worth, and to a client that is
 * elsewhere, or busy with other things, no more than a signal: such a one asks. A driver that
 * knows not where its client is, or has told something that did not go along, signals until the
 * client has read by position again. What does not wholly fit is signalled once more. */
#define DRIVER_OPEN_LISTENS 1u
#define DRIVER_TOLD_WORD    3u
#define DRIVER_TOLD_MAX	    (4u * 117u)

/* A driver that tells has records of at most so many bytes. */
#define DRIVER_RECORD_MAX (DRIVER_TOLD_MAX / 2)

/* Whose the codes of IOCTL are, so that a number means one thing whoever is asked: those that
 * every driver answers, those of an author's own driver, and those of each class, which that
 * class's header names. Without a session libcap answers the first ones alone.
 *
 * X(NAME, first, last): DRV_IOCTL_NAME is the first one. In order; no two overlap. */
#define DRIVER_IOCTLS(X)                                                                       \
	X(ALL, 0x0, 0xff)                                                                      \
	X(OWN, 0x100, 0xfff)                                                                   \
	X(INPUT, 0x1000, 0x10ff)                                                               \
	X(PS2, 0x1100, 0x11ff)                                                                 \
	X(SCREEN, 0x1200, 0x12ff)                                                              \
	X(SERIAL, 0x1300, 0x13ff)

#define ABI_X_RANGE(name, first, last)                                                         \
	DRV_IOCTL_##name##_FREE, DRV_IOCTL_##name = (first), DRV_IOCTL_##name##_LAST = (last),
enum driver_ioctl_range { DRIVER_IOCTLS(ABI_X_RANGE) };
#undef ABI_X_RANGE
#define ABI_X_CHECK(name, first, last)                                                         \
	ABI_ASSERT((first) >= DRV_IOCTL_##name##_FREE && (last) >= (first),                    \
		   "a range of codes begins behind the one before");
DRIVER_IOCTLS(ABI_X_CHECK)
#undef ABI_X_CHECK

/* Every driver answers these. */
enum driver_ioctl {
	DRV_IOCTL_GET_VERSION = 1, /* value: driver-protocol version */
	DRV_IOCTL_GET_HEALTH = 2,  /* value: DRV_OK or why it is not well, data: beats, work */
	/* The manager's operator only; the driver passes them on to the manager (MANAGER_RESET,
	 * MANAGER_QUIESCE). DRV_OK: it was taken; what comes of it, the driver's state says. */
	DRV_IOCTL_RESET = 3,
	DRV_IOCTL_QUIESCE = 4,
	/* Since driver ABI 7. Argument: the number of a row; data: as many driver_stat_t as
	 * fit, from that one on; value: how many rows there are. */
	DRV_IOCTL_GET_STATS = 5,
};

/* A row of GET_STATS: a count or a size, by name. Rows that count begin with the instance at 0,
 * and wrap. The first rows are libcap's, the same for all drivers, then the author's follow.
 * The value of one whose name ends in "error" is DRV_OK or DRV_E…. Whoever prints a name looks
 * at what is in it: it is the driver's word. */
typedef struct driver_stat {
	char name[24]; /* NUL-terminated */
	uint32_t value;
} driver_stat_t;
ABI_ASSERT(sizeof(driver_stat_t) == 28, "statistics layout");
#define DRIVER_STATS_EACH (DRIVER_DATA_MAX / sizeof(driver_stat_t)) /* rows in one answer */
#define DRIVER_STATS_MAX  128u					    /* of a driver, in all */

/* A client's badge, in bits: 0..7 its number, from 1 to DRIVER_CLIENTS_MAX; 8..29 its
 * generation, modulo 2^22, so that a session of one instance is not the next one's; 30 is
 * set for a client with `operator` in its `uses`. */
#define DRIVER_CLIENTS_MAX		 32u
#define DRIVER_BADGE(number, generation) ((number) | (0x3fffffu & (generation)) << 8)
#define DRIVER_BADGE_NUMBER(badge)	 (0xffu & (badge))
#define DRIVER_BADGE_OPERATOR		 0x40000000u

/* How many requests an instance of a client other than the operator may make to an essential
 * driver in a period of MANAGER_PERIOD_MS. Each one beyond is answered with DRV_EAGAIN, and the
 * manager is told; a client that makes more than twice as many has failed. */
#define DRIVER_SHARE 200u

#endif
