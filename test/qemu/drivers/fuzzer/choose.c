/* SPDX-License-Identifier: BSD-2-Clause */
/* Choices. What an argument is meant to be is read in the table of abi/syscalls.h. */
#include "choose.h"

#include "abi/boot.h"
#include "abi/cap.h"
#include "abi/protocol/driver.h"
#include "abi/protocol/manager.h"
#include "abi/message.h"
#include "cap/string.h"

#define ARGUMENTS 4u
#define NOT_CALLS 4u /* numbers beyond the table that are tried as often as those in it */

#define PICK(array) ((array)[choose_below(sizeof(array) / sizeof((array)[0]))])

static uint32_t state;

void choose_seed(uint32_t seed)
{
	state = seed ? seed : 1;
}

uint32_t choose_below(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

uint32_t choose_word(void)
{
	static const uint32_t edges[] = {
	    0,		 PAGE_SIZE,   DRIVER_IMAGE_BASE, DRIVER_MMIO_WINDOW, DRIVER_PAGE,
	    USER_END,	 0x80000000u, 0xfffff000u,	 0xc0100000u,	     DRIVER_LOG,
	    0x00400000u, 0x0000ffffu, 0x00010000u,	 0x40000000u,	     0xffffffffu};
	switch (choose_below(4)) {
	case 0:
		return choose_below(40);
	case 1:
		return PICK(edges) + choose_below(3) - 1;
	case 2:
		return 1u << choose_below(32);
	default:
		return choose_below(UINT32_MAX);
	}
}

uint32_t choose_timeout(void)
{
	return choose_below(8) ? TIMEOUT_POLL : 1 + choose_below(2);
}

uint32_t choose_info(void)
{
	static const uint32_t labels[] = {0,
					  4,
					  MANAGER_CONNECT,
					  MANAGER_STATUS,
					  MANAGER_HELD,
					  MANAGER_START,
					  MANAGER_STOP,
					  MANAGER_KILL,
					  MANAGER_REBOOT,
					  MANAGER_LOG_READ,
					  MANAGER_SUBSCRIBE,
					  MANAGER_CMDLINE,
					  MANAGER_LOG_WRITTEN,
					  27,
					  0xfeff,
					  MSG_LABEL_KERNEL,
					  FAULT_EXIT};
	static const uint32_t words[] = {0, 1, 2, 3, 10, MSG_WORDS, MSG_WORDS + 1, 255};
	if (choose_below(16) == 0)
		return choose_word();
	return MSG_INFO(PICK(labels), PICK(words), choose_below(3) ? 0 : choose_below(6));
}

/* -- Handles. --------------------------------------------------------------------------- */

static cap_t one_of_type(const handles_t *handles, uint32_t type)
{
	uint32_t start = choose_below(handles->own_count);
	for (uint32_t i = 0; i < handles->own_count; i++) {
		uint32_t at = (start + i) % handles->own_count;
		if (handles->type[at] == type)
			return handles->own[at];
	}
	return handles->own[start];
}

cap_t choose_handle(const handles_t *handles, uint32_t type)
{
	cap_t cap;
	switch (choose_below(16)) {
	case 0:
		return choose_word();
	case 1:
		return PICK(handles->made) ^ (1u << choose_below(32));
	case 2:
		return handles->own[choose_below(handles->own_count)];
	case 3:
	case 4:
	case 5:
		cap = PICK(handles->made);
		return cap ? cap : one_of_type(handles, type);
	default:
		return one_of_type(handles, type);
	}
}

/* -- Arguments by their names in the table. --------------------------------------------- */

enum meaning {
	MEANS_WORD,
	MEANS_TIMEOUT,
	MEANS_INFO,
	MEANS_RIGHTS,
	MEANS_SCOPE,
	MEANS_OP,
	MEANS_VIRT,
	MEANS_SMALL,
	MEANS_HANDLE
};

static const struct {
	const char *name;
	enum meaning meaning;
	uint32_t type;
} meanings[] = {
#define HANDLE(name, value, text, rights) {text, MEANS_HANDLE, name},
    CAP_TYPES(HANDLE)
#undef HANDLE
	{"cap", MEANS_HANDLE, CAP_NONE},
    {"timeout_ms", MEANS_TIMEOUT, 0},
    {"info", MEANS_INFO, 0},
    {"rights", MEANS_RIGHTS, 0},
    {"scope0", MEANS_SCOPE, 0},
    {"badge", MEANS_SCOPE, 0},
    {"op", MEANS_OP, 0},
    {"virt", MEANS_VIRT, 0},
    {"pages", MEANS_SMALL, 0},
    {"type", MEANS_SMALL, 0},
    {"what", MEANS_SMALL, 0},
    {"mode", MEANS_SMALL, 0},
    {"slot", MEANS_SMALL, 0},
    {"bits", MEANS_SMALL, 0},
};
#define MEANINGS (sizeof(meanings) / sizeof(meanings[0]))

/* Index into meanings[], or MEANINGS for a word that means nothing in particular. */
static uint32_t meaning_of(const char *word, size_t length)
{
	uint32_t i = 0;
	while (i < MEANINGS && (strlen(meanings[i].name) != length ||
				memcmp(meanings[i].name, word, length) != 0))
		i++;
	return i;
}

static uint32_t random_op(void)
{
	static const uint32_t ports[] = {0x300, 0x303, 0x310, 0x313, 0x320,
					 0x323, 0x2ff, 0x304, 0,     0xffff};
	uint32_t op = PIO_OP_READ(PICK(ports), 1u << choose_below(4));
	return choose_below(2) ? op : op | 1u << 24;
}

static uint32_t random_virt(void)
{
	uint32_t page = choose_below(16) * PAGE_SIZE;
	return choose_below(4) ? DRIVER_MMIO_WINDOW + page : choose_word() & ~0xfffu;
}

static uint32_t argument(const handles_t *handles, uint32_t meaning)
{
	if (meaning == MEANINGS || choose_below(16) == 0)
		return choose_word();
	switch (meanings[meaning].meaning) {
	case MEANS_HANDLE:
		return choose_handle(handles, meanings[meaning].type
						  ? meanings[meaning].type
						  : choose_below(CAP_TYPE_COUNT));
	case MEANS_TIMEOUT:
		return choose_timeout();
	case MEANS_INFO:
		return choose_info();
	case MEANS_RIGHTS:
		return choose_below(4) ? 1 + choose_below(3) : choose_below(17);
	case MEANS_SCOPE:
		return choose_below(3) ? 0 : choose_word();
	case MEANS_OP:
		return random_op();
	case MEANS_VIRT:
		return random_virt();
	case MEANS_SMALL:
		return choose_below(16);
	default:
		return choose_word();
	}
}

#define ARGS(number, NAME, handler, args, result) [number] = args,
static const char *const arguments[SYS_COUNT] = {SYSCALLS(ARGS)};
#undef ARGS

static choice_t sensible_call(const handles_t *handles)
{
	choice_t choice = {.number = choose_below(SYS_COUNT)};
	const char *word = arguments[choice.number];
	for (uint32_t i = 0; i < ARGUMENTS; i++) {
		size_t length = 0;
		while (word[length] && word[length] != ',')
			length++;
		choice.arg[i] = argument(handles, meaning_of(word, length));
		word += length;
		while (*word == ',' || *word == ' ')
			word++;
	}
	return choice;
}

static choice_t wild_call(const handles_t *handles)
{
	choice_t choice = {.number = choose_below(SYS_COUNT + NOT_CALLS), .wild = true};
	if (choose_below(64) == 0)
		choice.number = choose_word();
	for (uint32_t i = 0; i < ARGUMENTS; i++)
		choice.arg[i] = choose_below(3)
				    ? choose_word()
				    : choose_handle(handles, choose_below(CAP_TYPE_COUNT));
	return choice;
}

/* -- What would end the driver, or make it sleep. --------------------------------------- */

static bool is_own(const handles_t *handles, cap_t cap)
{
	for (uint32_t i = 0; i < handles->own_count; i++)
		if (handles->own[i] == cap)
			return true;
	return false;
}

static void spare(const handles_t *handles, choice_t *choice)
{
	if (choice->number == SYS_THREAD_EXIT)
		choice->number = SYS_NULL;
	if (choice->number == SYS_CAP_RELEASE && is_own(handles, choice->arg[0]))
		choice->arg[0] = PICK(handles->made);
	if (choice->number == SYS_IPC_RECV)
		choice->arg[2] = choose_timeout();
	if (choice->number == SYS_CAP_IRQ_WAIT || choice->number == SYS_NOTIFICATION_WAIT)
		choice->arg[1] = choose_timeout();
}

choice_t choose_call(const handles_t *handles)
{
	choice_t choice = choose_below(3) ? sensible_call(handles) : wild_call(handles);
	if (choose_below(FATAL_ONE_IN / 100) || choose_below(100))
		spare(handles, &choice);
	return choice;
}
