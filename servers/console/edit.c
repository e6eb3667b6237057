/* SPDX-License-Identifier: BSD-2-Clause */
/* The editor of edit.h. */
#include "edit.h"

#include "cap/string.h"

/* All from character `from` on is new; it was `length` long before. */
static edit_change_t changed(const edit_t *edit, uint32_t from, uint32_t length)
{
	uint32_t to = edit->length > length ? edit->length : length;
	return (edit_change_t){(uint16_t)from, (uint16_t)to};
}

static edit_change_t insert(edit_t *edit, char character)
{
	if (edit->length >= LINE_MOST)
		return (edit_change_t){0, 0};
	char *to = edit->text + edit->at;
	if (edit->at < edit->length)
		memmove(to + 1, to, (size_t)edit->length - edit->at);
	*to = character;
	edit->at++;
	edit->length++;
	return (edit_change_t){(uint16_t)(edit->at - 1), edit->length};
}

/* Takes away the characters from .. to - 1; the cursor is then there. */
static edit_change_t cut(edit_t *edit, uint32_t from, uint32_t to)
{
	uint32_t length = edit->length;
	edit->at = (uint8_t)from;
	if (from == to)
		return (edit_change_t){0, 0};
	memmove(edit->text + from, edit->text + to, length - to);
	edit->length = (uint8_t)(length - (to - from));
	return changed(edit, from, length);
}

static uint32_t word_before(const edit_t *edit)
{
	uint32_t at = edit->at;
	while (at && edit->text[at - 1] == ' ')
		at--;
	while (at && edit->text[at - 1] != ' ')
		at--;
	return at;
}

/* ---- what was typed before ---- */

/* The line becomes this text; what is not printable is none. */
static edit_change_t replace(edit_t *edit, const char *text, uint32_t length)
{
	uint32_t old = edit->length;
	edit->length = 0;
	for (uint32_t i = 0; i < length && i < LINE_MOST; i++)
		if (text[i] >= ' ' && text[i] <= '~')
			edit->text[edit->length++] = text[i];
	edit->at = edit->length;
	return changed(edit, 0, old);
}

static edit_change_t recall(edit_t *edit, const edit_side_t *side)
{
	char text[LINE_MOST];
	uint32_t length = recall_text(side->recall, edit->recalled, text);
	return replace(edit, text, length);
}

static edit_change_t go_up(edit_t *edit, const edit_side_t *side)
{
	uint32_t place = edit->drafted ? edit->recalled : side->recall->end;
	if (!recall_before(side->recall, &place))
		return (edit_change_t){0, 0};
	if (!edit->drafted) {
		draft_t *draft = &side->drafts[side->free];
		memcpy(draft->text, edit->text, edit->length);
		draft->length = edit->length;
		edit->drafted = (uint8_t)(side->free + 1);
	}
	edit->recalled = place;
	return recall(edit, side);
}

static edit_change_t go_down(edit_t *edit, const edit_side_t *side)
{
	if (!edit->drafted)
		return (edit_change_t){0, 0};
	if (recall_behind(side->recall, &edit->recalled) && edit->recalled != side->recall->end)
		return recall(edit, side);
	const draft_t *draft = &side->drafts[edit->drafted - 1];
	edit->drafted = 0;
	return replace(edit, draft->text, draft->length);
}

/* ---- Tab ---- */

complete_t edit_offer(const edit_t *edit, const edit_side_t *side)
{
	return (complete_t){.line = edit->text,
			    .length = edit->at,
			    .drivers = side->drivers,
			    .count = side->count};
}

/* Puts in what all matches have in common; a blank follows if there is but one. */
static edit_change_t complete(edit_t *edit, const edit_side_t *side)
{
	complete_t offer = edit_offer(edit, side);
	completion_t found = complete_line(&offer);
	uint32_t from = edit->at, length = edit->length;
	for (uint32_t i = found.typed; found.matches && found.word[i]; i++)
		insert(edit, found.word[i]);
	if (found.matches == 1)
		insert(edit, ' ');
	edit->tabbed = found.matches > 1 && edit->at == from;
	if (edit->at == from)
		return (edit_change_t){0, 0};
	return changed(edit, from, length);
}

/* ---- */

edit_change_t edit_take(edit_t *edit, const edit_side_t *side, uint32_t key)
{
	edit->tabbed = false;
	if (key >= ' ' && key <= '~')
		return insert(edit, (char)key);
	switch (key) {
	case EDIT_LEFT:
		edit->at -= edit->at > 0;
		break;
	case EDIT_RIGHT:
		edit->at += edit->at < edit->length;
		break;
	case EDIT_HOME:
		edit->at = 0;
		break;
	case EDIT_END:
		edit->at = edit->length;
		break;
	case EDIT_UP:
		return go_up(edit, side);
	case EDIT_DOWN:
		return go_down(edit, side);
	case EDIT_RUB_OUT:
		return cut(edit, edit->at - (edit->at > 0), edit->at);
	case EDIT_DELETE:
		return cut(edit, edit->at, edit->at + (edit->at < edit->length));
	case EDIT_CUT_END:
		return cut(edit, edit->at, edit->length);
	case EDIT_CUT_WORD:
		return cut(edit, word_before(edit), edit->at);
	case EDIT_FORGET:
		edit->drafted = 0;
		return cut(edit, 0, edit->length);
	case EDIT_CUT_ALL:
		return cut(edit, 0, edit->length);
	case EDIT_TAB:
		return complete(edit, side);
	default:
		break;
	}
	return (edit_change_t){0, 0};
}

void edit_entered(edit_t *edit, const edit_side_t *side)
{
	recall_add(side->recall, edit->text, edit->length);
	edit->length = edit->at = 0;
	edit->drafted = edit->tabbed = 0;
}
