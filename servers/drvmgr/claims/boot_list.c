/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader of boot.list (boot_list.h): words of a line, from left to right. */
#include "claims/boot_list.h"

#include "cap/format.h"
#include "cap/string.h"

#define WORD_SIZE 40u	/* a longer word is cut, and is then no name and no number */
#define BUS	  "BUS" /* for who serves a bus, of which this version knows none */

/* Where the reader is. */
typedef struct scan {
	const char *text;
	size_t size, at, line_start;
	uint32_t line;
	manifest_errors_t *errors;
} scan_t;

static bool at_line_end(const scan_t *scan)
{
	return scan->at == scan->size || scan->text[scan->at] == '\n' ||
	       scan->text[scan->at] == '#';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the line, and where it stands; false: the line has no more. What is not
 * printable is shown as '?'. */
static bool next_word(scan_t *scan, char word[WORD_SIZE], place_t *place)
{
	size_t length = 0;
	while (!at_line_end(scan) && is_space(scan->text[scan->at]))
		scan->at++;
	*place = (place_t){scan->line, (uint32_t)(scan->at - scan->line_start) + 1};
	for (; !at_line_end(scan) && !is_space(scan->text[scan->at]); scan->at++) {
		char c = scan->text[scan->at];
		if (length < WORD_SIZE - 1)
			word[length++] = c > ' ' && c <= '~' ? c : '?';
	}
	word[length] = '\0';
	return length > 0;
}

static void skip_line(scan_t *scan)
{
	while (scan->at < scan->size && scan->text[scan->at] != '\n')
		scan->at++;
	if (scan->at < scan->size)
		scan->at++;
	scan->line++;
	scan->line_start = scan->at;
}

/* 0: no number in the band. */
static uint32_t priority_of(const char *word)
{
	if (word[0] < '0' || word[0] > '9' || word[1] < '0' || word[1] > '9' || word[2])
		return 0;
	uint32_t value = (uint32_t)(word[0] - '0') * 10 + (uint32_t)(word[1] - '0');
	return value >= BOOT_LIST_PRIORITY_MIN && value <= BOOT_LIST_PRIORITY_MAX ? value : 0;
}

/* Reads what follows a name. Null: it is good; otherwise what is wrong at *place. */
static const char *read_rest(scan_t *scan, boot_entry_t *entry, place_t *place)
{
	char word[WORD_SIZE];
	if (next_word(scan, word, place))
		entry->priority = priority_of(word);
	if (entry->priority == 0)
		return "a priority from 21 to 24 is expected";
	if (!next_word(scan, word, place))
		return NULL;
	return strcmp(word, BUS) == 0 ? "BUS is not supported by this version"
				      : "nothing is expected behind the priority";
}

static void read_line(scan_t *scan, boot_list_t *list)
{
	boot_entry_t entry = {.priority = 0};
	char word[WORD_SIZE];
	if (!next_word(scan, word, &entry.place))
		return;
	place_t place = entry.place;
	const char *problem = NULL;
	if (!manifest_is_name(word))
		problem = "is no driver's name";
	else if (boot_list_find(list, word))
		problem = "is here twice; the first line counts";
	else if (list->count == BOOT_LIST_MAX)
		problem = "is one too many: 16 drivers at most are essential";
	if (problem) {
		manifest_error(scan->errors, BOOT_LIST_FILE, place, "%s %s", word, problem);
		return;
	}
	format(entry.name, sizeof(entry.name), "%s", word);
	problem = read_rest(scan, &entry, &place);
	if (problem)
		manifest_error(scan->errors, BOOT_LIST_FILE, place, "%s: %s", entry.name,
			       problem);
	else
		list->items[list->count++] = entry;
}

void boot_list_read(boot_list_t *list, const char *text, size_t size, manifest_errors_t *errors)
{
	scan_t scan = {.text = text, .size = size, .line = 1, .errors = errors};
	list->count = 0;
	for (; scan.at < size; skip_line(&scan))
		read_line(&scan, list);
}

const boot_entry_t *boot_list_find(const boot_list_t *list, const char *name)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	return NULL;
}

void boot_list_apply(const boot_entry_t *entry, manifest_t *manifest)
{
	manifest->essential = true;
	manifest->priority = entry->priority;
	if (manifest->cpu.place.line == 0) {
		manifest->cpu.budget_us = BOOT_LIST_CPU_BUDGET_US;
		manifest->cpu.period_us = BOOT_LIST_CPU_PERIOD_US;
	}
}
