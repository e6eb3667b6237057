/* SPDX-License-Identifier: BSD-2-Clause */
/* How the rows of the refusal matrix are written. What every system call refuses is data: an
 * array rows_NAME for each NAME of SYSCALLS; test_refusal_matrix.c names the arrays by that
 * table, so a call without one does not compile. The rows are expectations, taken from
 * docs/syscalls/, and do nothing.
 *
 *   HANDLE(at, types, rights, a0..a3)    argument `at` is a handle that must name one of
 *                                        `types` with `rights`; the call as given succeeds
 *   LOOSE(at, types, a0..a3)             the same, whatever its rights
 *   MIXED(at, types, any, ...)           `types` with the rights, or `any` of whatever rights
 *   OPTIONAL(at, types, rights, a0..a3)  the same as HANDLE, and CAP_NULL is accepted
 *   LOOSE_OPTIONAL(at, types, a0..a3)    the same as LOOSE, and CAP_NULL is accepted
 *   REFUSE(error, a0..a3)                the call as given is refused
 *
 * Besides 0..3, `at` can be IN_REPLY or IN_CAP: the handle is in the message buffer. Arguments:
 * numbers, THE(type): the capability of that type with all rights, ROLE(name): one of
 * refusal_world.h, ALL_RIGHTS: those of the type under test. */
#ifndef REFUSAL_ROWS_H
#define REFUSAL_ROWS_H

#include "refusal_world.h"

#define IN_REPLY 4
#define IN_CAP	 5

#define SYMBOL	   (UINT64_C(1) << 32)
#define SYMBOL_CAP 0x100u
#define THE(type)  (SYMBOL | SYMBOL_CAP | CAP_##type)
#define ROLE(name) (SYMBOL | ROLE_##name)
#define ALL_RIGHTS (SYMBOL << 1)

#define T(type)	  (1u << CAP_##type)
#define ANY_TYPE  ((1u << CAP_TYPE_COUNT) - 2)
#define DERIVABLE (ANY_TYPE & ~(T(UNTYPED) | T(PTABLE) | T(IOBITMAP)))
#define EVERY	  0x80u /* of `rights`: all that the type has */

enum refusal_kind { ROW_NOTHING, ROW_HANDLE, ROW_OPTIONAL, ROW_REFUSE };

typedef struct refusal_row {
	uint8_t kind; /* enum refusal_kind */
	uint8_t at;
	uint8_t rights;
	uint8_t who;	/* enum refusal_caller */
	uint32_t types; /* accepted, with `rights` */
	uint32_t loose; /* accepted with whatever rights */
	err_t error;
	uint64_t arg[4];
	uint64_t reply, cap[2]; /* in the message buffer */
	bool now;		/* no time to wait: the buffer's limit is TIMEOUT_POLL */
} refusal_row_t;

#define HANDLE(place, accepted, needed, ...)                                                   \
	{                                                                                      \
		.kind = ROW_HANDLE, .at = (place), .types = (accepted), .rights = (needed),    \
		.arg = { __VA_ARGS__ }                                                         \
	}
#define OPTIONAL(place, accepted, needed, ...)                                                 \
	{                                                                                      \
		.kind = ROW_OPTIONAL, .at = (place), .types = (accepted), .rights = (needed),  \
		.arg = { __VA_ARGS__ }                                                         \
	}
#define LOOSE(place, accepted, ...)                                                            \
	{                                                                                      \
		.kind = ROW_HANDLE, .at = (place), .loose = (accepted), .cap = {THE(FRAME)},   \
		.arg = { __VA_ARGS__ }                                                         \
	}
#define LOOSE_OPTIONAL(place, accepted, ...)                                                   \
	{                                                                                      \
		.kind = ROW_OPTIONAL, .at = (place), .loose = (accepted), .cap = {THE(FRAME)}, \
		.arg = { __VA_ARGS__ }                                                         \
	}
#define MIXED(place, accepted, any, needed, ...)                                               \
	{                                                                                      \
		.kind = ROW_HANDLE, .at = (place), .types = (accepted), .loose = (any),        \
		.rights = (needed),                                                            \
		.arg = { __VA_ARGS__ }                                                         \
	}
#define REFUSE(expected, ...)                                                                  \
	{                                                                                      \
		.kind = ROW_REFUSE, .error = (expected), .arg = { __VA_ARGS__ }                \
	}
#define REFUSE_AS(caller, expected, ...)                                                       \
	{                                                                                      \
		.kind = ROW_REFUSE, .who = (caller), .error = (expected),                      \
		.arg = { __VA_ARGS__ }                                                         \
	}
/* Refused at once, where it would have to wait. */
#define REFUSE_NOW(expected, ...)                                                              \
	{                                                                                      \
		.kind = ROW_REFUSE, .error = (expected), .now = true, .arg = { __VA_ARGS__ }   \
	}
/* With this in message_buffer_t.reply, or these in .caps. */
#define REFUSE_REPLY(expected, replied, ...)                                                   \
	{                                                                                      \
		.kind = ROW_REFUSE, .error = (expected), .reply = (replied),                   \
		.arg = { __VA_ARGS__ }                                                         \
	}
#define REFUSE_CAPS(expected, first, second, ...)                                              \
	{                                                                                      \
		.kind = ROW_REFUSE, .error = (expected), .cap = {(first), (second)},           \
		.arg = { __VA_ARGS__ }                                                         \
	}
#define NOTHING_TO_REFUSE                                                                      \
	{                                                                                      \
		.kind = ROW_NOTHING                                                            \
	}

#endif
