/* SPDX-License-Identifier: BSD-2-Clause */
/* What the line's server does with a frame that came: which command is under way, which piece
 * of its answer was given last, and what outlives the server's death, so that nothing is done
 * twice. It sends nothing itself. */
#ifndef LINE_ANSWER_H
#define LINE_ANSWER_H

#include "cap/operator.h"
#include "frame.h"

/* In the page that outlives the server: the last command that changes something. Invariant: the
 * state is ANSWER_NONE unless all else is that command's, whatever store was the last. */
typedef struct answer_kept {
	uint32_t session, number;
	uint32_t state; /* enum answer_state, and the exit code above it */
	uint32_t check; /* of session and number: zeros are no command's */
} answer_kept_t;

enum answer_state { ANSWER_NONE, ANSWER_BEGUN, ANSWER_DONE };

typedef struct answer {
	answer_kept_t *kept;
	const char *const *path; /* drivers that the line comes through, a null behind them */
	bool open;		 /* `frame` is a piece of the command that was asked last */
	frame_t frame;		 /* the last piece that was given */
	job_t job;
} answer_t;

/* What came. True: answer->frame is to be sent. */
bool answer_take(answer_t *answer, const frame_t *frame);

#endif
