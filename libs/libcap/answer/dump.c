/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of a dump, of make.h: what a death report has. */
#include "make.h"

#include "abi/inspect.h"
#include "cap/format.h"
#include "cap/report.h"
#include "cap/type.h"

/* How a fact is written. */
typedef enum shown {
	AS_NUMBER,
	AS_HEX,
	AS_TEXT,
	AS_BYTES,
	AS_ERROR, /* words from here on */
	AS_STATE,
	AS_KIND,
	AS_VERDICT,
	AS_THREAD,
	AS_COMMAND,
	AS_DECISION
} shown_t;

typedef struct fact {
	const char *name;
	uint16_t offset;
	uint8_t shown; /* shown_t */
	uint8_t bytes; /* AS_BYTES */
} fact_t;

#define FACT(member, how)                                                                      \
	{                                                                                      \
#member, offsetof(death_facts_t, member), (how), 0                             \
	}
#define BYTES(member)                                                                          \
	{                                                                                      \
#member, offsetof(death_facts_t, member), AS_BYTES,                            \
		    sizeof(((death_facts_t *)0)->member)                                       \
	}
#define REGISTER(name)                                                                         \
	{                                                                                      \
#name, offsetof(death_facts_t, registers.name), AS_HEX, 0                      \
	}
#define WORD(member, how)                                                                      \
	{                                                                                      \
		"says_" #member, offsetof(death_facts_t, words.member), (how), 0               \
	}

static const fact_t facts[] = {
    FACT(number, AS_NUMBER),
    FACT(generation, AS_NUMBER),
    FACT(kind, AS_KIND),
    FACT(verdict, AS_VERDICT),
    FACT(cause, AS_TEXT),
    FACT(error, AS_ERROR),
    FACT(culprit, AS_TEXT),
    BYTES(build_id),
    FACT(at_ms, AS_NUMBER),
    FACT(age_ms, AS_NUMBER),
    FACT(state, AS_STATE),
    FACT(state_ms, AS_NUMBER),
    FACT(restarts, AS_NUMBER),
    FACT(label, AS_HEX),
    FACT(address, AS_HEX),
    FACT(code, AS_HEX),
    FACT(registers_known, AS_NUMBER),
    REGISTER(eip),
    REGISTER(esp),
    REGISTER(ebp),
    REGISTER(eax),
    REGISTER(ebx),
    REGISTER(ecx),
    REGISTER(edx),
    REGISTER(esi),
    REGISTER(edi),
    REGISTER(eflags),
    BYTES(bytes),
    FACT(thread_state, AS_THREAD),
    FACT(received_ms, AS_NUMBER),
    FACT(waits_for, AS_TEXT),
    FACT(command, AS_COMMAND),
    FACT(tied, AS_NUMBER),
    FACT(tied_ms, AS_NUMBER),
    FACT(client, AS_TEXT),
    FACT(senders, AS_NUMBER),
    FACT(oldest_ms, AS_NUMBER),
    FACT(caps_more, AS_NUMBER),
    FACT(decided, AS_DECISION),
    FACT(restart, AS_NUMBER),
    FACT(delay_ms, AS_NUMBER),
    FACT(forgot, AS_NUMBER),
    WORD(health, AS_ERROR),
    WORD(call_error, AS_ERROR),
    WORD(beats, AS_NUMBER),
    WORD(work, AS_NUMBER),
    WORD(kept_since, AS_NUMBER),
};
#define FACTS (sizeof(facts) / sizeof(facts[0]))

static void write_bytes(const uint8_t *from, uint32_t bytes, char *text, size_t size)
{
	size_t length = 0;
	*text = '\0';
	for (uint32_t i = 0; i < bytes; i++)
		length += format(text + length, size - length, "%02x", (unsigned)from[i]);
}

static const char *thread_word(uint32_t state)
{
#define STATE_WORD(name, value, text) [value] = (text),
	static const char *const words[INSPECT_STATE_COUNT] = {INSPECT_STATES(STATE_WORD)};
#undef STATE_WORD
	return state < INSPECT_STATE_COUNT ? words[state] : "?";
}

static const char *command_word(uint32_t command)
{
	static const char *const words[] = {
	    [DRIVER_NOTHING] = "nothing", [DRIVER_PROBE] = "probe",	[DRIVER_INIT] = "init",
	    [DRIVER_RUN] = "run",	  [DRIVER_QUIESCE] = "quiesce", [DRIVER_STOP] = "stop"};
	return command < sizeof(words) / sizeof(words[0]) ? words[command] : "?";
}

static const char *write_fact(const death_facts_t *death, const fact_t *fact, char *text,
			      size_t size)
{
	const char *at = (const char *)death + fact->offset;
	uint32_t value = *(const uint32_t *)(const void *)at;
	switch (fact->shown) {
	case AS_TEXT:
		return at;
	case AS_BYTES:
		write_bytes((const uint8_t *)at, fact->bytes, text, size);
		return text;
	case AS_ERROR:
		return error_name((int)value);
	case AS_STATE:
		return report_state(value);
	case AS_KIND:
		return make_kind(value);
	case AS_VERDICT:
		return make_verdict(value);
	case AS_THREAD:
		return thread_word(value);
	case AS_COMMAND:
		return command_word(value);
	case AS_DECISION:
		return make_decision(value);
	default:
		format(text, size, fact->shown == AS_HEX ? "0x%x" : "%u", (unsigned)value);
		return text;
	}
}

static operator_dump_t row(const char *name, const char *value)
{
	operator_dump_t record = {0};
	ANSWER_SET(&record, dump, name, name);
	ANSWER_SET(&record, dump, value, value);
	return record;
}

static operator_dump_t make_caps(const death_facts_t *death, uint32_t type, scratch_t *scratch)
{
	format(scratch->text[0], sizeof(scratch->text[0]), "held %s", type_text(type));
	format(scratch->text[1], sizeof(scratch->text[1]), "%u", (unsigned)death->caps[type]);
	return row(scratch->text[0], scratch->text[1]);
}

/* "in 0x10064 0x1c 12 us ago": what, a, b and when, as in abi/steps.h. All is the driver's
 * word. */
static operator_dump_t make_step(const struct death_step *step, uint32_t index,
				 scratch_t *scratch)
{
#define STEP_WORD(name, value, text) [value] = (text),
	static const char *const words[STEP_KIND_COUNT] = {STEP_KINDS(STEP_WORD)};
#undef STEP_WORD
	char *text = scratch->text[1];
	size_t size = sizeof(scratch->text[1]);
	uint32_t kind = STEP_KIND(step->what);
	format(scratch->text[0], sizeof(scratch->text[0]), "step %u", (unsigned)index);
	size_t length = format(text, size, "%s", kind < STEP_KIND_COUNT ? words[kind] : "?");
	if (STEP_LABEL(step->what))
		length += format(text + length, size - length, " label %u",
				 (unsigned)STEP_LABEL(step->what));
	length += format(text + length, size - length, " 0x%x 0x%x", (unsigned)step->a,
			 (unsigned)step->b);
	if (step->ago_us != UINT32_MAX)
		format(text + length, size - length, " %u us before", (unsigned)step->ago_us);
	return row(scratch->text[0], text);
}

/* The next type from `type` on of which something was held; CAP_TYPE_COUNT: there is none. */
static uint32_t next_held(const death_facts_t *death, uint32_t type)
{
	while (type < CAP_TYPE_COUNT && !death->caps[type])
		type++;
	return type;
}

err_t make_dump(const death_facts_t *death, uint32_t index, scratch_t *scratch,
		operator_dump_t *record, uint32_t *at, uint32_t *bytes)
{
	if (index < FACTS) {
		*record =
		    row(facts[index].name, write_fact(death, &facts[index], scratch->text[1],
						      sizeof(scratch->text[1])));
		return DRV_OK;
	}
	index -= (uint32_t)FACTS;
	for (uint32_t type = next_held(death, 0); type < CAP_TYPE_COUNT;
	     type = next_held(death, type + 1)) {
		if (index-- == 0) {
			*record = make_caps(death, type, scratch);
			return DRV_OK;
		}
	}
	uint32_t steps = death->words.steps < STEPS_HELD ? death->words.steps : STEPS_HELD;
	if (index < steps) {
		*record = make_step(&death->words.step[index], index, scratch);
		return DRV_OK;
	}
	*at = (index - steps) * MAKE_DUMP_BYTES;
	if (*at >= death->stack_bytes)
		return DRV_ENOENT;
	uint32_t left = death->stack_bytes - *at;
	*bytes = left < MAKE_DUMP_BYTES ? left : MAKE_DUMP_BYTES;
	return DRV_EAGAIN;
}

operator_dump_t make_dump_stack(const death_facts_t *death, uint32_t at, const uint8_t *from,
				uint32_t bytes, scratch_t *scratch)
{
	format(scratch->text[0], sizeof(scratch->text[0]), "stack 0x%x",
	       (unsigned)(death->stack + at));
	write_bytes(from, bytes, scratch->text[1], sizeof(scratch->text[1]));
	return row(scratch->text[0], scratch->text[1]);
}
