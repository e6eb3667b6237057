/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a command was not done, for the operator: what, why, and what to do next. Pure. */
#ifndef ANSWER_REFUSAL_H
#define ANSWER_REFUSAL_H

#include "cap/command.h"

/* The name among those of `drivers`, and the manager's, that `name` may stand for; or "". */
const char *refusal_guess(const char *name, const manager_status_t *drivers, uint32_t count);

/* `error` is what the manager or the kernel answered; `status` is that of the driver that the
 * command names, and `why` what keeps it from running, as the manager says, or "". If there is
 * none of that name `status` is null, and `why` what refusal_guess() says. */
void refusal_describe(const command_t *command, err_t error, const manager_status_t *status,
		      const char *why, char *text, size_t size);

/* What would make a driver run that is in this state, "start NAME starts it"; "" of one that
 * runs. `why` as above. */
void refusal_advise(const manager_status_t *status, const char *why, char *text, size_t size);

/* Is that error none: who is to die cannot answer? refusal_describe() says what was done. */
bool refusal_is_none(const command_t *command, err_t error);

/* The driver that the command asked gave this error instead of an answer, within `limit_ms`. */
void refusal_describe_silence(const command_t *command, err_t error,
			      const manager_status_t *status, uint32_t limit_ms, char *text,
			      size_t size);

/* `start` was taken; if the driver still ends, that it starts later. */
void refusal_describe_later(const command_t *command, const manager_status_t *status,
			    char *text, size_t size);

/* The command would end the path of the prompt. */
void refusal_describe_path(const command_t *command, char *text, size_t size);

#endif
