/* SPDX-License-Identifier: BSD-2-Clause */
/* What `log` asks: parts of its row in ask.h's table. */
#ifndef OPERATOR_ASK_LOG_H
#define OPERATOR_ASK_LOG_H

#include "cap/operator.h"

err_t ask_log_begin(job_t *job);
err_t ask_log_record(job_t *job);
void ask_log_tell(const job_t *job, char *text, size_t size);

#endif
