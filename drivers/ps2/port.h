/* SPDX-License-Identifier: BSD-2-Clause */
/* Talk with a device behind a port: a program (cap/program.h) whose rows are bytes that the
 * device is to acknowledge and answers that it owes. One byte is under way at a time. Pure: it
 * says what it wants written, and is told what came and what time it is. */
#ifndef PS2_PORT_H
#define PS2_PORT_H

#include "cap/program.h"
#include "ps2/turn.h"

/* Budgets, in milliseconds. The wire takes about 1 ms for a byte, and [KBD] gives a device 20
 * ms to answer. */
#define PORT_TRIES	  3u	/* times that one byte or command is sent, at most */
#define PORT_STRAY_MAX	  64u	/* bytes that may come instead of an answer */
#define PORT_ACK_MS	  200u	/* the device acknowledges a byte */
#define PORT_RESET_ACK_MS 1000u /* the same for a reset */
#define PORT_REPLY_MS	  500u	/* further bytes of an answer */
#define PORT_SELF_TEST_MS 4000u /* the report after a reset */

/* Operations of rows; PROGRAM_END's `value` is the program's result for the device. */
enum port_op {
	PORT_SEND = 1, /* `value`, to be acknowledged within `limit_ms` */
	PORT_SEND_OWN, /* what the device's `own` says for the row, the same */
	PORT_ECHO,     /* `value`, which comes back itself */
	PORT_REPLY,    /* one byte within `limit_ms`, which the device's `judge` looks at */
};

typedef enum port_verdict {
	PORT_GOOD,  /* on to the next row */
	PORT_OTHER, /* not the answer: wait on */
	PORT_BAD,   /* another attempt */
} port_verdict_t;

typedef struct port_ops {
	uint8_t (*own)(const turn_t *turn, const program_row_t *row);
	port_verdict_t (*judge)(turn_t *turn, const program_row_t *row, uint8_t byte);
	bool (*refuses)(uint8_t byte); /* in place of an acknowledgement */
} port_ops_t;

typedef enum port_phase { PORT_IDLE, PORT_TO_WRITE, PORT_TO_ANSWER } port_phase_t;

/* Invariant PS7: phase is PORT_IDLE exactly if no program runs. */
typedef struct port {
	const port_ops_t *ops;
	program_t program;
	port_phase_t phase;
	uint8_t byte;	/* to be written, or written last */
	uint8_t result; /* of the program that ended, or 0: it failed */
	uint8_t strays;
	err_t error; /* with which it failed, or DRV_OK */
} port_t;

void port_begin(port_t *port, turn_t *turn, const program_table_t *program);
void port_end(port_t *port);

/* The byte that was wanted is written. */
void port_written(port_t *port, turn_t *turn);

/* A byte came while an answer is due. False: it is not that answer. */
bool port_take(port_t *port, turn_t *turn, uint8_t byte);

/* The attempt under way has failed otherwise. */
void port_fail(port_t *port, turn_t *turn, err_t error);

/* Time has passed. */
void port_time(port_t *port, turn_t *turn);

/* Until port_time() has to be called; UINT32_MAX: nothing is due. */
uint32_t port_left_ms(const port_t *port, const turn_t *turn);

#endif
