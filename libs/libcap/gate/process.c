/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes processes. */
#include "cap/process.h"

#include "cap/string.h"
#include "cap/syscall.h"

/* An object out of the process's untyped, the handle in *cap. */
static err_t make(cap_t untyped, uint32_t type, uint32_t bits, cap_t *cap)
{
	int32_t made = untyped_retype(untyped, type, bits, CAP_NULL);
	if (made < 0)
		return made;
	*cap = (cap_t)made;
	return DRV_OK;
}

static err_t add_table(const process_maker_t *maker, const process_t *process, uint32_t virt)
{
	cap_t table;
	err_t err = make(process->untyped, CAP_PTABLE, 0, &table);
	if (err)
		return err;
	err = vspace_map(process->vspace, table, virt & ~(maker->table_span - 1), 0);
	if (err)
		cap_release(table);
	return err == DRV_EEXIST ? DRV_OK : err;
}

err_t process_add_tables(const process_maker_t *maker, const process_t *process, uint32_t virt,
			 uint32_t bytes)
{
	for (uint32_t at = 0; at < bytes; at += maker->table_span) {
		err_t err = add_table(maker, process, virt + at);
		if (err)
			return err;
	}
	return DRV_OK;
}

err_t process_map(const process_maker_t *maker, const process_t *process, cap_t frame,
		  uint32_t virt, uint32_t rights)
{
	err_t err = vspace_map(process->vspace, frame, virt, rights);
	if (err != DRV_ENOTABLE)
		return err;
	err = add_table(maker, process, virt);
	return err ? err : vspace_map(process->vspace, frame, virt, rights);
}

/* A run of pages of the same rights, its first `file_bytes` bytes from the image. */
typedef struct run {
	const char *from;
	uint32_t file_bytes;
	uint32_t virt, pages;
	uint32_t rights;
	uint32_t bits_most; /* of a frame */
} run_t;

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* ---- image and stack ---- */

#define NOT_BEGUN	 UINT32_MAX
#define RETYPE_LIMIT_MAX 0xffffu
#define UNITS_TO_BEGIN	 8u
#define NOTED_BITS	 16u /* log2 of the largest frame that is noted */
#define MAPPED_A_UNIT	 (64 * PAGE_SIZE)

/* What the file has of a segment is one run, what is zero another. */
static run_t run_of_segment(const process_config_t *config, const elf_segment_t *segment,
			    bool zero)
{
	uint32_t pages = (segment->memory_bytes + PAGE_SIZE - 1) / PAGE_SIZE;
	uint32_t filled = (segment->file_bytes + PAGE_SIZE - 1) / PAGE_SIZE;
	run_t run = {.virt = segment->virt,
		     .pages = filled,
		     .rights = RIGHT_READ | (segment->write ? RIGHT_WRITE : 0) |
			       (segment->exec ? RIGHT_EXEC : 0),
		     .bits_most = PROCESS_SCRATCH_BITS};
	if (zero) {
		run.virt += filled * PAGE_SIZE;
		run.pages = pages - filled;
		run.bits_most = FRAME_BITS_MAX;
		return run;
	}
	run.from = (const char *)config->image + segment->offset;
	run.file_bytes = segment->file_bytes;
	return run;
}

/* Does a segment that may be written to begin there, the first of those? */
static bool is_first(const process_config_t *config, uint32_t virt)
{
	const elf_plan_t *plan = config->plan;
	uint32_t i = 0;
	while (i < plan->count && !plan->segments[i].write)
		i++;
	return i < plan->count && plan->segments[i].virt == virt;
}

static uint32_t count_runs(const process_config_t *config)
{
	return 1 + 2 * config->plan->count;
}

/* The page below the stack stays unmapped: an overflow is a fault. */
static run_t run_of(const process_config_t *config, uint32_t number)
{
	if (number > 0)
		return run_of_segment(config, &config->plan->segments[(number - 1) / 2],
				      number % 2 == 0);
	return (run_t){.virt = config->stack_top - config->stack_pages * PAGE_SIZE,
		       .pages = config->stack_pages,
		       .rights = RIGHT_READ | RIGHT_WRITE,
		       .bits_most = FRAME_BITS_MAX};
}

/* Goes on to the next frame's place: of all runs the largest frames first, since alignment then
 * wastes nothing. False: all are made. */
static bool find_place(const process_config_t *config, process_build_t *build, run_t *run)
{
	for (; build->bits >= FRAME_BITS_MIN; build->bits--, build->run = 0) {
		for (; build->run < count_runs(config); build->run++, build->at = NOT_BEGUN) {
			*run = run_of(config, build->run);
			uint32_t bytes = run->pages * PAGE_SIZE, size = 1u << build->bits;
			if (build->bits > run->bits_most)
				continue;
			if (build->at == NOT_BEGUN)
				build->at =
				    build->bits == run->bits_most ? 0 : bytes & ~(2 * size - 1);
			if (build->at + size <= bytes)
				return true;
		}
	}
	return false;
}

static void spend(uint32_t *units, uint32_t cost)
{
	*units -= cost < *units ? cost : *units;
}

/* Makes the frame; its pages are zeroed, some at a time, unless all of it is overwritten and it
 * was in frames before. */
static err_t make_frame(const process_config_t *config, process_build_t *build,
			const run_t *run, uint32_t *units)
{
	cap_t untyped = config->frames ? config->frames : config->untyped;
	uint32_t limit = *units <= RETYPE_LIMIT_MAX ? *units : 0;
	bool stale = config->frames && build->at < run->file_bytes;
	err_t err = DRV_EPERM;
	if (stale)
		err = make(untyped, CAP_FRAME, build->bits | RETYPE_STALE, &build->frame);
	if (err != DRV_EPERM)
		return err;
	err = make(untyped, CAP_FRAME, build->bits | RETYPE_LIMIT(limit), &build->frame);
	spend(units, err ? *units : (1u << build->bits) / PAGE_SIZE);
	return err;
}

/* Copies what the file has for the frame, some pages at a time, through the maker's scratch
 * pages. */
static err_t fill_frame(const process_maker_t *maker, process_build_t *build, const run_t *run,
			uint32_t *units)
{
	uint32_t size = 1u << build->bits, end = size;
	if (build->at >= run->file_bytes || build->filled == size)
		return DRV_OK;
	if (*units == 0)
		return cap_failed(DRV_EAGAIN);
	if ((size - build->filled) / PAGE_SIZE > *units)
		end = build->filled + *units * PAGE_SIZE;
	uint32_t left = run->file_bytes - build->at;
	uint32_t copied = least(end, left > build->filled ? left : build->filled);
	err_t err =
	    vspace_map(maker->vspace, build->frame, maker->scratch, RIGHT_READ | RIGHT_WRITE);
	if (err)
		return err;
	char *to = (char *)(uintptr_t)maker->scratch;
	memcpy(to + build->filled, run->from + build->at + build->filled,
	       copied - build->filled);
	memset(to + copied, 0, end - copied);
	spend(units, (end - build->filled) / PAGE_SIZE);
	build->filled = end;
	err = vspace_unmap(build->frame);
	return !err && end < size ? cap_failed(DRV_EAGAIN) : err;
}

/* Who wants to read what a dead one left reads it through these. To map a larger one would take
 * too long. */
static void note_frame(const process_config_t *config, process_build_t *build, const run_t *run)
{
	process_t *made = &build->made;
	if (build->at || !(run->rights & RIGHT_WRITE))
		return;
	if (build->run == 0)
		made->stack = build->frame;
	else if (build->bits <= NOTED_BITS && !made->data && is_first(config, run->virt)) {
		made->data = build->frame;
		made->data_at = run->virt;
	}
}

/* Goes on with the frame at the place. */
static err_t add_frame(const process_maker_t *maker, const process_config_t *config,
		       process_build_t *build, const run_t *run, uint32_t *units)
{
	err_t err = build->frame ? DRV_OK : make_frame(config, build, run, units);
	if (!err)
		err = fill_frame(maker, build, run, units);
	if (!err)
		err = vspace_map(build->made.vspace, build->frame, run->virt + build->at,
				 run->rights);
	if (err)
		return err;
	spend(units, 1 + (1u << build->bits) / MAPPED_A_UNIT);
	note_frame(config, build, run);
	build->at += 1u << build->bits;
	build->frame = CAP_NULL;
	build->filled = 0;
	return DRV_OK;
}

/* Page tables for image and stack. A segment that begins under the table where the one before
 * it ends has it already. */
static err_t add_tables(const process_maker_t *maker, const process_config_t *config,
			const process_t *process)
{
	uint32_t stack = config->stack_pages * PAGE_SIZE, mask = ~(maker->table_span - 1);
	uint32_t last = config->stack_top - stack;
	err_t err = process_add_tables(maker, process, last & mask, stack + (last & ~mask));
	for (uint32_t i = 0; !err && i < config->plan->count; i++) {
		const elf_segment_t *segment = &config->plan->segments[i];
		uint32_t end = segment->virt + segment->memory_bytes;
		uint32_t first = segment->virt & mask;
		if (i > 0 && first == (last & mask))
			first += maker->table_span;
		if (first < end)
			err = process_add_tables(maker, process, first, end - first);
		last = end - 1;
	}
	return err;
}

/* The frame of the message buffer. */
static err_t make_buffer(const process_config_t *config, cap_t *buffer)
{
	if (!config->buffer_frame)
		return make(config->untyped, CAP_FRAME, 0, buffer);
	int32_t copy = cap_derive(config->buffer_frame, RIGHT_READ | RIGHT_WRITE, 0, 0);
	if (copy < 0)
		return copy;
	*buffer = (cap_t)copy;
	return DRV_OK;
}

static err_t add_thread(const process_maker_t *maker, const process_config_t *config,
			process_t *process)
{
	cap_t buffer;
	err_t err = make_buffer(config, &buffer);
	if (!err)
		err = process_map(maker, process, buffer, config->buffer,
				  RIGHT_READ | RIGHT_WRITE);
	if (!err)
		err = make(process->untyped, CAP_THREAD, 0, &process->thread);
	if (!err)
		err = thread_bind(process->thread, BIND_CSPACE, process->cspace, 0);
	if (!err)
		err = thread_bind(process->thread, BIND_VSPACE, process->vspace, 0);
	if (!err)
		err = thread_bind(process->thread, BIND_BUFFER, buffer, 0);
	if (!err)
		err = thread_bind(process->thread, BIND_FAULT, config->fault_endpoint,
				  config->fault_badge);
	if (!err)
		err = thread_set(process->thread, THREAD_PRIORITY, config->priority);
	if (!err)
		err = thread_set(process->thread, THREAD_MAX_PRIORITY, config->priority);
	if (err)
		return err;
	thread_registers_t registers = {.eip = config->plan->entry, .esp = config->stack_top};
	return thread_write(process->thread, &registers);
}

/* What is large comes first: alignment then wastes nothing. */
static err_t begin(const process_maker_t *maker, const process_config_t *config,
		   process_build_t *build, uint32_t *units)
{
	process_t *made = &build->made;
	*made = (process_t){.untyped = config->untyped, .cspace = config->cspace};
	err_t err = make(made->untyped, CAP_VSPACE, 0, &made->vspace);
	if (!err && !config->cspace)
		err = make(made->untyped, CAP_CSPACE, config->cspace_bits, &made->cspace);
	if (!err)
		err = add_tables(maker, config, made);
	build->bits = FRAME_BITS_MAX;
	build->at = NOT_BEGUN;
	spend(units, UNITS_TO_BEGIN);
	return err;
}

err_t process_create_some(const process_maker_t *maker, const process_config_t *config,
			  process_build_t *build, uint32_t *units)
{
	run_t run;
	err_t err = build->bits ? DRV_OK : begin(maker, config, build, units);
	while (!err && find_place(config, build, &run))
		err = *units ? add_frame(maker, config, build, &run, units)
			     : cap_failed(DRV_EAGAIN);
	return err ? err : add_thread(maker, config, &build->made);
}

err_t process_create(const process_maker_t *maker, const process_config_t *config,
		     process_t *process)
{
	process_build_t build = {0};
	uint32_t units = UINT32_MAX;
	err_t err = process_create_some(maker, config, &build, &units);
	if (!err)
		*process = build.made;
	return err;
}
