/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be typed at the prompt: from text to a verb and a name. Pure; whether there is
 * a driver of that name is not its business. */
#ifndef CAP_COMMAND_H
#define CAP_COMMAND_H

#include <stdbool.h>

#include "abi/protocol/manager.h"

/* X(VERB, "word", takes a name, "what it does") */
#define COMMANDS(X)                                                                            \
	X(COMMAND_HELP, "help", false, "this list")                                            \
	X(COMMAND_PS, "ps", false, "the drivers, how they are, and why one does not run")      \
	X(COMMAND_CAPS, "caps", true, "the capabilities that a driver holds")                  \
	X(COMMAND_STATS, "stats", true, "what a driver counts")                                \
	X(COMMAND_HEALTH, "health", true,                                                      \
	  "what the manager sees of a driver, and what it says")                               \
	X(COMMAND_WHY, "why", true, "why a driver failed last, and what came of it")           \
	X(COMMAND_VERSION, "version", true,                                                    \
	  "which versions a driver speaks, and its build id")                                  \
	X(COMMAND_KILL, "kill", true, "make a driver, or drvmgr, crash")                       \
	X(COMMAND_START, "start", true, "start a driver that is stopped")                      \
	X(COMMAND_STOP, "stop", true, "stop a driver; it stays stopped")                       \
	X(COMMAND_HOLD, "hold", true, "do not start a driver again when it ends")              \
	X(COMMAND_RELEASE, "release", true, "let go of a driver that is held")                 \
	X(COMMAND_QUIESCE, "quiesce", true, "have a driver do nothing, until it is started")   \
	X(COMMAND_RESET, "reset", true, "have a driver set its device up afresh")              \
	X(COMMAND_AUDIT, "audit", false, "the kernel's counters")                              \
	X(COMMAND_REBOOT, "reboot", false, "restart the machine")

#define CONSOLE_X_ENUM(verb, word, named, text) verb,
typedef enum command_verb {
	COMMANDS(CONSOLE_X_ENUM) COMMAND_COUNT,
	COMMAND_NONE = COMMAND_COUNT, /* nothing was typed */
	COMMAND_WRONG,		      /* the text says what to type instead */
} command_verb_t;
#undef CONSOLE_X_ENUM

typedef struct command {
	command_verb_t verb;
	char name[MANAGER_NAME_MAX + 1];
} command_t;

/* Parses one line. `answer` (of `size` bytes) is written for COMMAND_WRONG alone. */
command_t command_parse(const char *text, char *answer, size_t size);

/* The verb's word; "" for no command. */
const char *command_word(command_verb_t verb);

/* Line number `index` of the help; false behind the last. */
bool command_help(uint32_t index, char *text, size_t size);

#endif
