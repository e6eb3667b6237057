/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a command was not done, for the operator: what, why, and what to do next. Pure. */
#ifndef CONSOLE_REFUSAL_H
#define CONSOLE_REFUSAL_H

#include "command.h"

/* `error` is what the manager or the kernel answered; `status` is that of the driver that the
 * command names, or null if there is none of that name; `why` what keeps it from running, as
 * the manager says, or "". */
void refusal_describe(const command_t *command, err_t error, const manager_status_t *status,
		      const char *why, char *text, size_t size);

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
