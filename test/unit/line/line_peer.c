/* SPDX-License-Identifier: BSD-2-Clause */
/* The line's server as a program of the host, for test_frames.py: its frames come in and go out
 * as they would over the line. Commands: "count N": N numbered lines; "add": counts on, and
 * changes something that way; "die" has the next instance answer; "sum": how often "add" was
 * done. What is loaded is the digest of its bytes, and is counted as "add" is. A piece at
 * random has to be asked for again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cap/format.h"
#include "cap/syscall.h"
#include "servers/drvmgr/line/answer.h"

static const char *const path[] = {NULL};
static answer_kept_t kept;
static answer_t answer = {.kept = &kept, .path = path};
static uint32_t lines, sum;

const command_row_t command_rows[COMMAND_COUNT] = {
    [COMMAND_KILL] = {.word = "add", .effect = OPERATOR_CHANGES}};

void job_begin(job_t *job, const char *line, const char *const *of)
{
	(void)of;
	*job = (job_t){.active = true, .command.verb = COMMAND_PS};
	lines = 0;
	if (!strncmp(line, "count ", 6))
		lines = (uint32_t)atoi(line + 6);
	else if (!strcmp(line, "add"))
		job->command.verb = COMMAND_KILL;
	else if (strcmp(line, "sum") != 0 && strcmp(line, "die") != 0)
		job->command.verb = COMMAND_WRONG;
	job->width = !strcmp(line, "sum") + 2u * !strcmp(line, "die");
}

void job_end(job_t *job)
{
	job->active = false;
}

bool job_step(job_t *job, char *text, size_t size)
{
	*text = '\0';
	if (job->command.verb == COMMAND_WRONG) {
		snprintf(text, size, "no such command");
		job->failed = DRV_EINVAL;
		job->active = false;
	} else if (job->command.verb == COMMAND_KILL) {
		snprintf(text, size, "%u", (unsigned)++sum);
		job->active = false;
	} else if (job->width) {
		if (job->width == 1)
			snprintf(text, size, "%u", (unsigned)sum);
		job->active = false;
	} else if (job->index < lines) {
		snprintf(text, size, "line %u of %u", (unsigned)job->index++, (unsigned)lines);
	} else {
		job->active = false;
	}
	return true;
}

uint32_t clock_ms(void)
{
	return 0;
}

bool job_waits(const job_t *job, uint32_t now_ms)
{
	return job->waits && !now_ms;
}

/* ---- the manager, as far as it takes files ---- */

static uint8_t files[1u << 16];
static manager_load_t what;
static uint32_t received, pieces;
static bool under_way;

err_t manager_load_begin(const manager_load_t *begun)
{
	what = *begun;
	received = 0;
	under_way = what.name[0] != 'n';
	return under_way ? DRV_OK : DRV_EINVAL;
}

/* Of whose name begins with 'k' one is there. */
err_t manager_replace_begin(const manager_load_t *begun)
{
	return begun->name[0] == 'k' ? manager_load_begin(begun) : DRV_EINVAL;
}

err_t manager_load_put(uint32_t offset, const void *data, uint32_t bytes)
{
	if (++pieces % 7 == 0)
		return DRV_EAGAIN;
	if (!under_way)
		return DRV_ENOENT;
	if (offset > received || bytes > sizeof(files) - offset)
		return DRV_EINVAL;
	memcpy(files + offset, data, bytes);
	if (offset + bytes > received)
		received = offset + bytes;
	return DRV_OK;
}

err_t manager_load_commit(char *text, size_t size)
{
	if (!under_way)
		return DRV_ENOENT;
	if (received != what.image_bytes + what.manifest_bytes)
		return DRV_EINVAL;
	under_way = false;
	sum++;
	snprintf(text, size, "%s %08x\n", what.name, (unsigned)frame_check(files, received));
	return what.name[0] == 'b' ? DRV_EFORMAT : DRV_OK;
}

const char *error_name(err_t error)
{
	return error == DRV_OK ? "DRV_OK" : error == DRV_EFORMAT ? "DRV_EFORMAT" : "DRV_EINVAL";
}

int main(void)
{
	frame_reader_t reader = {0};
	frame_t frame;
	uint8_t byte, wire[LINE_WIRE_MAX];
	while (read(0, &byte, 1) == 1) {
		if (!frame_feed(&reader, byte, &frame))
			continue;
		/* Two of the test's own: it dies, and all before this is answered. */
		bool own = frame.type == LINE_NEXT && frame.length;
		if (own && frame.length == sizeof("die") - 1) {
			answer.open = under_way = false;
		} else if (own) {
			if (write(2, ".", 1) < 0)
				return 1;
		} else if (answer_take(&answer, &frame) &&
			   write(1, wire, frame_encode(&answer.frame, wire)) < 0)
			return 1;
	}
	return 0;
}
