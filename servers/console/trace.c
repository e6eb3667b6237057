/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of trace.h. */
#include "trace.h"

#include "cap/format.h"
#include "cap/keymap.h"

static const char *name_of_button(uint16_t code)
{
	switch (code) {
#define NAME(button, value, text)                                                              \
	case button:                                                                           \
		return text;
		INPUT_BUTTON_CODES(NAME)
#undef NAME
	default:
		return code < INPUT_KEYS_MAX ? key_name(code) : "unknown";
	}
}

static const char *name_of_axis(uint16_t code)
{
	switch (code) {
#define NAME(axis, value, text)                                                                \
	case axis:                                                                             \
		return text;
		INPUT_AXES(NAME)
#undef NAME
	default:
		return "unknown";
	}
}

bool trace_line(const input_event_t *event, char *text, size_t size)
{
	if (event->type == INPUT_KEY && event->value != INPUT_REPEAT)
		format(text, size, "input: key %s %s", name_of_button(event->code),
		       event->value == INPUT_UP ? "up" : "down");
	else if (event->type == INPUT_REL)
		format(text, size, "input: rel %s %d", name_of_axis(event->code),
		       (int)event->value);
	else
		return false;
	return true;
}
