/* SPDX-License-Identifier: BSD-2-Clause */
/* What an operator can say, and what is answered: one description for the prompt, for other
 * lines that commands come from, and for tools. The verbs are a table; of each answer the
 * fields are one. Text, JSON, the JSON Schema (abi/operator.schema.json, as `drvctl schema
 * operator` prints it) and the tables in docs/supervision.md are made from them.
 *
 * A command is a line, "VERB", "VERB ARGUMENT" or either with flags anywhere behind the verb.
 * The flag --json asks for JSON (RFC 8259) instead of text: in lines that are one value when
 * they are joined. Nothing else stands between them.
 *
 * To add a field, add a row to its table: it is a member of the structure operator_NAME_t that
 * cap/answer.h makes of the table, whose maker in libs/libcap/answer/ sets it, and
 * it is in JSON and schema by itself; one with a heading is in the text as well. A member that
 * is not set is null. A field of kind LIST names another table, whose records follow the one
 * that it is in, and is the last one or followed by others of its kind. What readers have
 * relied on is neither renamed nor given another meaning, or OPERATOR_VERSION is raised. */
#ifndef ABI_OPERATOR_H
#define ABI_OPERATOR_H

#include "abi/protocol/manager.h"

#define OPERATOR_VERSION 1u

/* What stands behind a verb. */
enum operator_argument {
	OPERATOR_ALONE, /* nothing */
	OPERATOR_NAME,	/* the name of a driver */
	OPERATOR_VERB,	/* another verb, or nothing */
	OPERATOR_LOG,	/* the name of a driver, "drvmgr", "init", "input", or nothing; and the
			   flags --level LEVEL, of LOG_LEVELS, and --from NUMBER, of a line */
	OPERATOR_FILE	/* a file, which only a program on another machine has: refused here */
};

/* What a verb does besides answering: ASKS: nothing. CHANGES: the answer is a `done`. */
enum operator_effect { OPERATOR_ASKS, OPERATOR_CHANGES };

/* How often the answer's table is there: as a list of records, or once. FOREIGN: the answer is
 * not of these tables, in JSON and as text: a manifest, as abi/drv.schema.json has it. */
enum operator_shape { OPERATOR_LIST, OPERATOR_OBJECT, OPERATOR_FOREIGN };

/* X(VERB, "word", argument, effect, shape, answer's table, "what it does", "more of it") */
#define OPERATOR_VERBS(X)                                                                      \
	X(HELP, "help", OPERATOR_VERB, OPERATOR_ASKS, OPERATOR_LIST, help, "this list",        \
	  "With a verb, all that there is to say of that one.")                                \
	X(PS, "ps", OPERATOR_ALONE, OPERATOR_ASKS, OPERATOR_LIST, ps,                          \
	  "the drivers, how they are, and why one does not run",                               \
	  "Its heartbeat is how long ago a driver was in its event loop, in ms.")              \
	X(TOP, "top", OPERATOR_ALONE, OPERATOR_ASKS, OPERATOR_LIST, top,                       \
	  "what drivers use, over a second",                                                   \
	  "Processor, memory in bytes, interrupts, messages, and what a restart cost, in "     \
	  "ms. It takes a second.")                                                            \
	X(TREE, "tree", OPERATOR_ALONE, OPERATOR_ASKS, OPERATOR_LIST, tree,                    \
	  "which driver requires and uses whom",                                               \
	  "As the manifests in force have it; and who uses it.")                               \
	X(CAPS, "caps", OPERATOR_NAME, OPERATOR_ASKS, OPERATOR_LIST, caps,                     \
	  "the capabilities that a driver holds",                                              \
	  "Each with its type, rights, range, whose it is and what it is for.")                \
	X(STATS, "stats", OPERATOR_NAME, OPERATOR_ASKS, OPERATOR_LIST, stats,                  \
	  "what a driver counts", "The driver itself is asked, and gets 25 ms.")               \
	X(HEALTH, "health", OPERATOR_NAME, OPERATOR_ASKS, OPERATOR_OBJECT, health,             \
	  "what the manager sees of a driver, and what it says",                               \
	  "What stands in its page is marked as its word.")                                    \
	X(WHY, "why", OPERATOR_NAME, OPERATOR_ASKS, OPERATOR_OBJECT, why,                      \
	  "why a driver failed last, and what came of it",                                     \
	  "The driver need not be there any more.")                                            \
	X(DUMP, "dump", OPERATOR_NAME, OPERATOR_ASKS, OPERATOR_LIST, dump,                     \
	  "all that is kept of a driver's last death, for tools",                              \
	  "Its registers, what was under way, its last steps, and a copy of its stack.")       \
	X(EXPLAIN, "explain", OPERATOR_NAME, OPERATOR_ASKS, OPERATOR_OBJECT, explain,          \
	  "why a driver does not run, and what it came near to",                               \
	  "What would make it run, and its limits, the nearest first, since it was started.")  \
	X(POLICY, "policy", OPERATOR_NAME, OPERATOR_ASKS, OPERATOR_OBJECT, policy,             \
	  "a restart policy, and when the next retries would be",                              \
	  "What decides after a failure has made the list.")                                   \
	X(MANIFEST, "manifest", OPERATOR_NAME, OPERATOR_ASKS, OPERATOR_FOREIGN, done,          \
	  "the manifest that is in force",                                                     \
	  "All its fields, as JSON that is a manifest again.")                                 \
	X(VERSION, "version", OPERATOR_NAME, OPERATOR_ASKS, OPERATOR_OBJECT, version,          \
	  "which versions a driver speaks, and its build id",                                  \
	  "The highest one that manifest, binary and manager have in common is in use.")       \
	X(KILL, "kill", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,                \
	  "make a driver, or drvmgr, crash",                                                   \
	  "It is restarted at once, which its policy does not count.")                         \
	X(START, "start", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,              \
	  "start a driver that is stopped", "Its history is forgotten, and quarantine ends.")  \
	X(STOP, "stop", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,                \
	  "stop a driver; it stays stopped",                                                   \
	  "It finishes what is under way. Who requires it waits.")                             \
	X(RESTART, "restart", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,          \
	  "stop a driver in good order, and start it again",                                   \
	  "Its policy does not count that, and forgets nothing. Who requires it starts "       \
	  "again, too.")                                                                       \
	X(CLEAR, "clear", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,              \
	  "start a driver that is Quarantined", "Its history is forgotten.")                   \
	X(HOLD, "hold", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,                \
	  "do not start a driver again when it ends",                                          \
	  "What runs goes on. release and start end it.")                                      \
	X(RELEASE, "release", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,          \
	  "let go of a driver that is held", "It is started if it has all that it needs.")     \
	X(QUIESCE, "quiesce", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,          \
	  "have a driver do nothing, until it is started",                                     \
	  "It finishes what is under way and lives on.")                                       \
	X(RESET, "reset", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,              \
	  "have a driver set its device up afresh",                                            \
	  "In the same process; its device is set up as at its start.")                        \
	X(LOG, "log", OPERATOR_LOG, OPERATOR_ASKS, OPERATOR_LIST, log,                         \
	  "what was logged, with times and levels",                                            \
	  "Of a driver, drvmgr, init or input. --level warn: that or graver; --from NUMBER; "  \
	  "-f goes on until a key.")                                                           \
	X(AUDIT, "audit", OPERATOR_ALONE, OPERATOR_ASKS, OPERATOR_LIST, audit,                 \
	  "the kernel's counters",                                                             \
	  "Two that are equal say that nothing was leaked in between.")                        \
	X(REBOOT, "reboot", OPERATOR_ALONE, OPERATOR_CHANGES, OPERATOR_OBJECT, done,           \
	  "restart the machine", "At once: nothing is stopped before.")                        \
	X(LOAD, "load", OPERATOR_FILE, OPERATOR_CHANGES, OPERATOR_OBJECT, done,                \
	  "bring a driver into the running system: drvctl load FILE.elf FILE.drv.json",        \
	  "With the checks of boot. It is not there at a prompt, which has no files.")         \
	X(REPLACE, "replace", OPERATOR_FILE, OPERATOR_CHANGES, OPERATOR_OBJECT, done,          \
	  "give a driver another image: drvctl replace NAME FILE.elf [FILE.drv.json]",         \
	  "On probation: if that one fails, the one before comes back.")                       \
	X(UNLOAD, "unload", OPERATOR_NAME, OPERATOR_CHANGES, OPERATOR_OBJECT, done,            \
	  "take out a driver that was loaded and has ended", "Nothing is left of it.")         \
	X(CHECK, "check", OPERATOR_FILE, OPERATOR_ASKS, OPERATOR_OBJECT, done,                 \
	  "judge a manifest: drvctl check FILE, where the file is",                            \
	  "It is not there at a prompt, which has no files.")

/* Kinds of values, and what JSON has for each; any may be null. X(KIND, "JSON Schema") */
#define OPERATOR_KINDS(X)                                                                      \
	X(TEXT, "string") /* a byte that is no printable ASCII is \u00XX */                    \
	X(WORDS, "array") /* of strings */                                                     \
	X(COUNT, "integer")                                                                    \
	X(MS, "integer") /* milliseconds */                                                    \
	X(BYTES, "integer")                                                                    \
	X(HEX, "string")     /* "0x3f8" */                                                     \
	X(PERCENT, "number") /* with one decimal */                                            \
	X(FLAG, "boolean")                                                                     \
	X(ERROR, "string")   /* "DRV_EIO", of abi/driver_errno.h */                            \
	X(STATE, "string")   /* "Running", of MANAGER_STATES */                                \
	X(VERSION, "string") /* "2.3" */                                                       \
	X(LIST, "array")     /* of records of another table */

#define ABI_X_ENUM(kind, json) OPERATOR_##kind##_VALUE,
enum operator_kind { OPERATOR_KINDS(ABI_X_ENUM) OPERATOR_KIND_COUNT };
#undef ABI_X_ENUM

/* All tables of fields: X(name, FIELDS, "what a record is"). Those of lists before those that
 * they are in. */
#define OPERATOR_TABLES(X)                                                                     \
	X(help, OPERATOR_HELP, "a verb")                                                       \
	X(ps, OPERATOR_PS, "a driver")                                                         \
	X(caps, OPERATOR_CAPS, "a capability that a driver holds")                             \
	X(stats, OPERATOR_STATS, "something that a driver counts; all is its own word")        \
	X(health, OPERATOR_HEALTH, "a driver; says_ is its own word")                          \
	X(frame, OPERATOR_FRAME, "a function that was under way, the innermost first")         \
	X(why, OPERATOR_WHY, "a driver's last end that was a failure or a kill")               \
	X(dump, OPERATOR_DUMP, "a fact of a driver's last death, or 32 bytes of its stack")    \
	X(version, OPERATOR_VERSIONS, "what a driver speaks")                                  \
	X(log, OPERATOR_LOGGED, "a line of the log")                                           \
	X(audit, OPERATOR_AUDIT, "one of the kernel's counters")                               \
	X(top, OPERATOR_TOP, "a driver, over a second")                                        \
	X(retry, OPERATOR_RETRY, "a restart that would be")                                    \
	X(policy, OPERATOR_POLICY, "the restart policy in force, and what it remembers")       \
	X(tree, OPERATOR_TREE, "whom a driver needs")                                          \
	X(near, OPERATOR_NEAR, "a limit of a driver, and how near it came to it")              \
	X(explain, OPERATOR_EXPLAIN, "why a driver does not run, or what could end it")        \
	X(done, OPERATOR_DONE, "what was asked for is done, or under way")                     \
	X(error, OPERATOR_ERROR, "in place of an answer, or of its end: it was refused")

/* The tables. X(KIND, name, "HEADING", width, "meaning"): with a width the field is a column of
 * the text, numbers on its right side; with a heading but no width what is left of the line. */
/* clang-format off */
#define OPERATOR_HELP(X)                                                                       \
	X(TEXT, verb, "", 0, "the word")                                                       \
	X(TEXT, argument, "", 0, "what follows it")                                            \
	X(FLAG, changes, "", 0, "whether it changes something")                                \
	X(TEXT, does, "", 0, "what it does")                                                   \
	X(TEXT, more, "", 0, "more of it")

#define OPERATOR_PS(X)                                                                         \
	X(TEXT, name, "NAME", 16, "its name; of one whose manifest was refused, the file's")   \
	X(STATE, state, "STATE", 12, "its state")                                              \
	X(COUNT, generation, "GENERATION", 10, "how often it was started")                     \
	X(COUNT, restarts, "RESTARTS", 8, "after an end of its own, or a kill")                \
	X(MS, heartbeat, "HEARTBEAT", 9, "since it was seen in its event loop; of one that lives") \
	X(TEXT, why, "WHY", 0, "what keeps it from running, or will once it ends")

#define OPERATOR_CAPS(X)                                                                       \
	X(TEXT, type, "", 0, "its type")                                                       \
	X(TEXT, rights, "", 0, "rwxg, a dash for what is missing, and i for inspect")          \
	X(HEX, first, "", 0, "port, line or physical address; of others null")                 \
	X(HEX, last, "", 0, "the last one, itself included")                                   \
	X(TEXT, owner, "", 0, "whose endpoint, notification or reply object it is: a driver, or manager") \
	X(TEXT, text, "CAPABILITY", 0, "all of it, and what it is for")

#define OPERATOR_STATS(X)                                                                      \
	X(TEXT, name, "", 0, "what")                                                           \
	X(COUNT, value, "", 0, "how often, or how much")                                       \
	X(ERROR, error, "", 0, "the value, if that is an error")

#define OPERATOR_HEALTH(X)                                                                     \
	X(TEXT, driver, "", 0, "its name")                                                     \
	X(STATE, state, "", 0, "its state")                                                    \
	X(MS, state_ms, "", 0, "so long it is in it")                                          \
	X(COUNT, generation, "", 0, "how often it was started")                                \
	X(TEXT, verdict, "", 0, "what the manager finds, of one that lives or was named")      \
	X(MS, heartbeat, "", 0, "since it was seen in its event loop")                         \
	X(MS, silence, "", 0, "so long of its own time it may be out of it")                   \
	X(TEXT, waits_for, "", 0, "the driver that its call is with")                          \
	X(ERROR, says_health, "", 0, "how it is")                                              \
	X(COUNT, says_turns, "", 0, "turns of its event loop")                                 \
	X(COUNT, says_work, "", 0, "requests, interrupts and timers")                          \
	X(ERROR, says_error, "", 0, "of its last failing call")                                \
	X(ERROR, error, "", 0, "of its last failure; null: there was none, or it was killed")                   \
	X(MS, ago, "", 0, "since its last failure, or kill")                                                        \
	X(TEXT, lack, "", 0, "what keeps it from running, or will once it ends")

#define OPERATOR_FRAME(X)                                                                      \
	X(HEX, address, "", 0, "where it went on")                                             \
	X(TEXT, function, "", 0, "in which function")                                          \
	X(TEXT, file, "", 0, "in which file")                                                  \
	X(COUNT, line, "", 0, "in which line")

#define OPERATOR_WHY(X)                                                                        \
	X(TEXT, driver, "", 0, "its name")                                                     \
	X(COUNT, generation, "", 0, "the instance that ended; null: none has failed")          \
	X(TEXT, cause, "", 0, "what happened, in words")                                       \
	X(TEXT, kind, "", 0, "a word of DEATH_KINDS in abi/protocol/death.h; without a report fault, exit, silent, killed, or failed") \
	X(TEXT, verdict, "", 0, "which one, of MANAGER_VERDICTS in abi/protocol/manager.h, if kind is verdict") \
	X(HEX, address, "", 0, "where: the instruction")                                       \
	X(TEXT, function, "", 0, "where: the function")                                        \
	X(TEXT, file, "", 0, "where: the file")                                                \
	X(COUNT, line, "", 0, "where: the line")                                               \
	X(STATE, in, "", 0, "in which state it was")                                           \
	X(ERROR, error, "", 0, "as an error; null: it was killed")                             \
	X(MS, ago, "", 0, "so long ago")                                                       \
	X(TEXT, culprit, "", 0, "whose fault it was, if another driver's")                     \
	X(ERROR, says_error, "", 0, "of its last failing call, as it said then")               \
	X(TEXT, decided, "", 0, "restart, stop, give-up, return (of the image before), or null: not yet") \
	X(COUNT, restart, "", 0, "which restart; 0: one that its policy does not count. At a give-up: restarts before") \
	X(MS, delay, "", 0, "a restart came so much later, or will")                           \
	X(COUNT, instance, "", 0, "which instance is there now, or was last")                  \
	X(STATE, state, "", 0, "in which state it is now")                                     \
	X(MS, state_ms, "", 0, "so long it is in it")                                          \
	X(TEXT, lack, "", 0, "what keeps it from running, or will once it ends")               \
	X(LIST, backtrace, "frame", 0, "functions that were under way")

#define OPERATOR_DUMP(X)                                                                       \
	X(TEXT, name, "", 0, "what: a member of death_facts_t in abi/protocol/death.h, a register, held TYPE, step N (the driver's word) or stack ADDRESS") \
	X(TEXT, value, "", 0, "its value; of the stack so many bytes in hexadecimal digits")
#define OPERATOR_VERSIONS(X)                                                                   \
	X(TEXT, driver, "", 0, "its name")                                                     \
	X(COUNT, abi, "", 0, "the driver ABI in use")                                          \
	X(COUNT, manifest_min, "", 0, "what its manifest takes, from")                       \
	X(COUNT, manifest_max, "", 0, "and to")                                                  \
	X(COUNT, binary_min, "", 0, "what its binary takes, from")                           \
	X(COUNT, binary_max, "", 0, "and to")                                                    \
	X(COUNT, manager_min, "", 0, "what the manager takes, from")                         \
	X(COUNT, manager_max, "", 0, "and to")                                                   \
	X(VERSION, kernel, "", 0, "the kernel ABI that it was built for")                      \
	X(COUNT, context, "", 0, "its driver context")                                         \
	X(TEXT, build_id, "", 0, "of its image, in hexadecimal digits")                        \
	X(TEXT, lack, "", 0, "what keeps it from running, or will once it ends")

#define OPERATOR_LOGGED(X)                                                                     \
	X(COUNT, number, "", 0, "of the line: greater than of those before")                   \
	X(MS, time, "", 0, "since boot, when the manager took it")                             \
	X(TEXT, level, "", 0, "error, warn, info or debug: the writer's word")                 \
	X(TEXT, source, "", 0, "who wrote it; null: an operator, as it is")                    \
	X(TEXT, driver, "", 0, "the driver that wrote it, or of which the manager did")        \
	X(TEXT, text, "", 0, "the line without that")

#define OPERATOR_AUDIT(X)                                                                      \
	X(TEXT, name, "", 0, "what is counted: abi/audit.h")                                   \
	X(COUNT, value, "", 0, "the number; of versions and lines, as there")                  \
	X(TEXT, text, "", 0, "the same for people")

#define OPERATOR_TOP(X) \
	X(TEXT, name, "NAME", 16, "its name") \
	X(STATE, state, "STATE", 12, "its state") \
	X(PERCENT, cpu, "CPU%", 6, "of the processor, in the last second") \
	X(BYTES, memory, "MEMORY", 8, "what it takes, and keeps while it does not run") \
	X(COUNT, interrupts, "IRQ/S", 6, "interrupts of its lines a second") \
	X(COUNT, messages, "MSG/S", 6, "messages and calls that it sent a second") \
	X(COUNT, work, "WORK/S", 7, "requests, interrupts and timers a second, as it says") \
	X(MS, restart, "RESTART", 8, "what its last restart after a failure or a kill took, without the delay of its policy")

#define OPERATOR_RETRY(X) \
	X(COUNT, restart, "", 0, "its number, from 1 on") \
	X(MS, delay, "", 0, "so long it waits") \
	X(MS, at, "", 0, "from now on")

#define OPERATOR_POLICY(X) \
	X(TEXT, name, "", 0, "its name") \
	X(TEXT, policy, "", 0, "never, on-failure or always") \
	X(MS, first_ms, "", 0, "delay before the first restart") \
	X(MS, base_ms, "", 0, "delay before the second") \
	X(COUNT, factor_pct, "", 0, "growth from then on, in percent") \
	X(MS, max_ms, "", 0, "longest delay") \
	X(COUNT, burst, "", 0, "failures in a window that are forgiven") \
	X(MS, window_ms, "", 0, "the window") \
	X(MS, reset_ms, "", 0, "time of Running after which the delays start again") \
	X(COUNT, failures, "", 0, "within the window now") \
	X(COUNT, restarts, "", 0, "since the delays started") \
	X(FLAG, essential, "", 0, "whether it is never Quarantined") \
	X(TEXT, then, "", 0, "what follows the retries: quarantined, or each max_ms") \
	X(LIST, retries, "retry", 0, "if it failed now, and at once again each time")

#define OPERATOR_TREE(X) \
	X(TEXT, name, "", 0, "its name") \
	X(STATE, state, "", 0, "its state") \
	X(WORDS, requires, "", 0, "drivers and services that must be Running for it") \
	X(WORDS, uses, "", 0, "drivers and services that it may connect to besides; operator: and the operator requests") \
	X(WORDS, provides, "", 0, "services that it stands for besides its name") \
	X(WORDS, used_by, "", 0, "drivers that name it, or what it provides, in requires or uses")

#define OPERATOR_NEAR(X) \
	X(TEXT, rule, "", 0, "what it came near to") \
	X(COUNT, value, "", 0, "so much there is, or was at most since it was started") \
	X(COUNT, limit, "", 0, "of so much") \
	X(TEXT, unit, "", 0, "of both") \
	X(COUNT, percent, "", 0, "the share of the limit") \
	X(TEXT, advice, "", 0, "what to do if it comes nearer")

#define OPERATOR_EXPLAIN(X) \
	X(TEXT, name, "", 0, "its name") \
	X(STATE, state, "", 0, "its state") \
	X(TEXT, why, "", 0, "what keeps it from running, or will once it ends") \
	X(TEXT, advice, "", 0, "what would make it run; null: it runs") \
	X(LIST, near, "near", 0, "what it came near to, the nearest first")

#define OPERATOR_DONE(X)                                                                       \
	X(TEXT, verb, "", 0, "what was asked for")                                             \
	X(TEXT, name, "", 0, "of which driver")                                                \
	X(FLAG, done, "", 0, "true")                                                           \
	X(TEXT, note, "", 0, "what is to be said of it")

#define OPERATOR_ERROR(X)                                                                      \
	X(ERROR, error, "", 0, "why; DRV_EINVAL: also of a command that is none")              \
	X(TEXT, text, "", 0, "why, and what to do next")
/* clang-format on */

#endif
