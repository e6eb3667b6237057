/* SPDX-License-Identifier: BSD-2-Clause */
/* The question of cmdline.h. */
#include "cmdline.h"

#include "cap/driver.h"
#include "cap/manager.h"
#include "words.h"

cmdline_t cmdline_read(void)
{
	char cmdline[BOOT_CMDLINE + 1], text[DRIVER_LINE_MAX];
	if (manager_cmdline(cmdline, sizeof(cmdline)) != DRV_OK)
		return (cmdline_t){0};
	for (uint32_t i = 0; driver_generation() == 1; i++) {
		if (!words_complain(cmdline, i, text, sizeof(text)))
			break;
		driver_log("%s", text);
	}
	return (cmdline_t){.traces = text_has_word(cmdline, WORD_TRACE),
			   .colours = text_has_word(cmdline, WORD_COLOUR),
			   .columns = text_number(cmdline, WORD_COLUMNS)};
}
