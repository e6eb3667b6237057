/* SPDX-License-Identifier: BSD-2-Clause */
/* What a terminal shows of the line that is typed: keys, Tab, colours, and lines in between. */
#include "terminal_bench.h"

/* ---- a terminal that shows what it is sent ---- */

#define SEEN_COLUMNS 260u

static struct {
	char row[SEEN_COLUMNS + 1];
	uint32_t at;
	unsigned lines, cleared;
} seen;

static void see(const char *bytes)
{
	for (; *bytes; bytes++) {
		if (*bytes == '\x1b') { /* it ends with a letter */
			seen.cleared += strncmp(bytes, "\x1b[2J", 4) == 0;
			if (strncmp(bytes, "\x1b[2J", 4) == 0)
				memset(seen.row, ' ', SEEN_COLUMNS);
			if (strncmp(bytes, "\x1b[H", 3) == 0)
				seen.at = 0;
			while (!(*bytes >= 'A' && *bytes <= 'Z') && *bytes != 'm')
				bytes++;
		} else if (*bytes == '\r') {
			seen.at = 0;
		} else if (*bytes == '\n') {
			memset(seen.row, ' ', SEEN_COLUMNS);
			seen.lines++;
		} else if (*bytes == '\b') {
			assert_true(seen.at > 0);
			seen.at--;
		} else {
			assert_true(*bytes >= ' ' && *bytes <= '~');
			assert_true(seen.at < SEEN_COLUMNS);
			seen.row[seen.at++] = *bytes;
		}
	}
}

/* The prompt, so much of the line as there is room for, the cursor where it is, and nothing
 * behind it. */
static void sees_the_line(uint32_t columns)
{
	char wanted[SEEN_COLUMNS + 1];
	const edit_t *line = &terminal.line;
	uint32_t width = (uint32_t)strlen(TERMINAL_PROMPT);
	uint32_t room = columns ? columns - 1 - width : LINE_MOST;
	see(sent());
	assert_true(seen.at >= width && seen.at < (columns ? columns : SEEN_COLUMNS));
	uint32_t from = line->at - (seen.at - width);
	uint32_t length = line->length - from < room ? line->length - from : room;
	assert_true(from <= line->at && (from == 0 || line->length > room));
	memset(wanted, ' ', SEEN_COLUMNS);
	wanted[SEEN_COLUMNS] = '\0';
	memcpy(wanted, TERMINAL_PROMPT, width);
	memcpy(wanted + width, line->text + from, length);
	assert_string_equal(seen.row, wanted);
}

static void begin_to_see(void)
{
	memset(&seen, 0, sizeof(seen));
	memset(seen.row, ' ', SEEN_COLUMNS);
}

static void the_line_is_changed_by_characters_and_backspaces_alone(void **state)
{
	(void)state;
	char line[LINE_MOST + 1];
	terminal_prompt(&terminal);
	sent();
	type("ac\x1b[D", line);
	assert_string_equal(sent(), "ac\b");
	type("b", line);
	assert_string_equal(sent(), "bc\b");
	type("\x01", line);
	assert_string_equal(sent(), "\b\b");
	type("\x1b[3~", line);
	assert_string_equal(sent(), "bc \b\b\b");
	type("\x05", line);
	assert_string_equal(sent(), "bc");
	type("\b", line);
	assert_string_equal(sent(), "\b \b");
	type("\x15", line);
	assert_string_equal(sent(), "\b \b");
	type("\b\x15\x03\x0b\x17\x1b[A\x1b[B\x1b[D", line); /* nothing is there */
	assert_string_equal(sent(), "");
}

static void enter_in_the_middle_leaves_the_line_whole(void **state)
{
	(void)state;
	char line[LINE_MOST + 1];
	terminal_prompt(&terminal);
	type("kill x\x01", line);
	sent();
	assert_int_equal(type("\r", line), 1);
	assert_string_equal(line, "kill x");
	assert_string_equal(sent(), "kill x\r\n");
}

static void a_foreign_line_stands_above_and_the_cursor_comes_back(void **state)
{
	(void)state;
	char line[LINE_MOST + 1];
	begin_to_see();
	terminal_prompt(&terminal);
	type("start screen\x01\x1b[C", line);
	sees_the_line(0);
	hold("serial: ready\n");
	terminal_log(&terminal, &pump);
	assert_null(strstr(sent(), "start"));
	see("\r                        \r\n");
	terminal_prompt(&terminal);
	sees_the_line(0);
	assert_int_equal(seen.at, strlen(TERMINAL_PROMPT) + 1);
}

static void the_screen_is_cleared_and_the_line_stays(void **state)
{
	(void)state;
	char line[LINE_MOST + 1];
	begin_to_see();
	terminal_prompt(&terminal);
	type("stats\x02", line);
	type("\x0c", line);
	sees_the_line(0);
	assert_int_equal(seen.cleared, 1);
	assert_memory_equal(terminal.line.text, "stats", 5);
}

static void tab_completes_or_says_what_there_is(void **state)
{
	(void)state;
	char line[LINE_MOST + 1];
	terminal_prompt(&terminal);
	type("stat\t", line);
	assert_string_equal(sent(), "castellan> stats ");
	type("s\t", line);
	assert_string_equal(sent(), "s\r\nserial  screen\r\ncastellan> stats s");
	type("c\t", line);
	assert_string_equal(sent(), "creen ");
	type("\t", line); /* there is a name already */
	assert_string_equal(sent(), "--json ");
	type("x\t", line);
	assert_string_equal(sent(), "x");
}

static void more_than_a_line_has_room_for_is_counted(void **state)
{
	static manager_status_t many[40];
	(void)state;
	char line[LINE_MOST + 1];
	for (unsigned i = 0; i < 40; i++)
		memcpy(many[i].name,
		       (char[]){'d', (char)('a' + i / 10), (char)('0' + i % 10), '-', 'x', 'y',
				'z', '\0'},
		       8);
	const edit_side_t more = {&recall, &draft, 0, many, 40};
	terminal_prompt(&terminal);
	type("kill ", line);
	sent();
	terminal_feed(&terminal, &more, '\t', line); /* drvmgr begins with d, too */
	assert_string_equal(sent(), "d");
	terminal_feed(&terminal, &more, '\t', line);
	const char *text = strchr(sent(), '\n') + 1;
	assert_ptr_equal(strstr(text, "da0-xyz  da1-xyz"), text);
	assert_non_null(strstr(text, "  and 16 more\r\ncastellan> kill d"));
}

static void colours_are_around_whole_lines_and_only_if_they_are_asked_for(void **state)
{
	(void)state;
	terminal_tell(&terminal, "serial Quarantined 1");
	hold("drvmgr: x: Running -> Backoff (it failed)\n");
	terminal_log(&terminal, &pump);
	assert_string_equal(sent(), "serial Quarantined 1\r\n"
				    "drvmgr: x: Running -> Backoff (it failed)\r\n");
	terminal_set(&terminal, true, 0);
	terminal_prompt(&terminal);
	assert_string_equal(sent(), "\x1b[1mcastellan> \x1b[0m");
	terminal_tell(&terminal, "serial Running 1");
	terminal_print(&terminal, "serial Running 1");
	terminal_tell(&terminal, "help");
	hold("drvmgr: x: Backoff -> Probing (y)\nx: up\n");
	terminal_log(&terminal, &pump);
	terminal_log(&terminal, &pump);
	assert_string_equal(sent(),
			    BLANK_PROMPT "\x1b[32mserial Running 1\x1b[0m\r\n"
					 "serial Running 1\r\nhelp\r\n"
					 "\x1b[33mdrvmgr: x: Backoff -> Probing (y)\x1b[0m\r\n"
					 "x: up\r\n");
}

/* What the keys of a person send, and what noise does. */
static const char *const strokes[] = {"\x1b[A",
				      "\x1b[B",
				      "\x1b[C",
				      "\x1b[D",
				      "\x1b[H",
				      "\x1b[F",
				      "\x1b[3~",
				      "\x01",
				      "\x05",
				      "\x15",
				      "\x0b",
				      "\x17",
				      "\x0c",
				      "\x03",
				      "\x7f",
				      "\t",
				      "\r",
				      "\n",
				      "a",
				      "b c",
				      " ",
				      "kill ",
				      "log --level ",
				      "--",
				      "\x1b",
				      "\xff",
				      "\x1b[200~",
				      "1234567890123456789012345678901234567890"};
#define STROKES (sizeof(strokes) / sizeof(strokes[0]))

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* Whatever is typed, and whatever comes in between, the terminal shows the line as it is. */
static void the_terminal_shows_the_line_whatever_is_typed(void **state)
{
	static const uint32_t widths[] = {0, TERMINAL_LEAST, 40, 80, 132};
	char line[LINE_MOST + 1];
	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		uint32_t columns = widths[round % 5];
		fresh(NULL);
		terminal_set(&terminal, round % 2, columns);
		seed = round + 1;
		begin_to_see();
		for (unsigned i = 0; i < 200; i++) {
			terminal_prompt(&terminal);
			for (const char *at = strokes[draw(STROKES)]; *at; at++) {
				terminal_feed(&terminal, &side, *at, line);
				see(sent());
			}
			if (draw(8) == 0) {
				hold("serial: something to say\n");
				terminal_log(&terminal, &pump);
				assert_false(terminal.prompt);
			}
			terminal_prompt(&terminal);
			sees_the_line(columns);
			assert_true(terminal.line.at <= terminal.line.length);
			assert_int_equal(terminal.out.dropped, 0);
		}
	}
}

static void too_few_columns_are_as_any_number(void **state)
{
	(void)state;
	terminal_set(&terminal, false, TERMINAL_LEAST - 1);
	assert_int_equal(terminal.columns, 0);
	terminal_set(&terminal, false, TERMINAL_LEAST);
	assert_int_equal(terminal.columns, TERMINAL_LEAST);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_line_is_changed_by_characters_and_backspaces_alone),
	    TEST(enter_in_the_middle_leaves_the_line_whole),
	    TEST(a_foreign_line_stands_above_and_the_cursor_comes_back),
	    TEST(the_screen_is_cleared_and_the_line_stays),
	    TEST(tab_completes_or_says_what_there_is),
	    TEST(more_than_a_line_has_room_for_is_counted),
	    TEST(colours_are_around_whole_lines_and_only_if_they_are_asked_for),
	    TEST(the_terminal_shows_the_line_whatever_is_typed),
	    TEST(too_few_columns_are_as_any_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
