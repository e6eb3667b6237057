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
	cap_t untyped;
	bool stale; /* what its frames are made of was of frames alone */
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

/* Copies `bytes` bytes into a frame of `size` bytes through the maker's scratch pages. */
static err_t fill_frame(const process_maker_t *maker, cap_t frame, const void *from,
			uint32_t bytes, uint32_t size)
{
	err_t err = vspace_map(maker->vspace, frame, maker->scratch, RIGHT_READ | RIGHT_WRITE);
	if (err)
		return err;
	memcpy((void *)maker->scratch, from, bytes);
	memset((char *)maker->scratch + bytes, 0, size - bytes);
	return vspace_unmap(frame);
}

/* A frame that is to be overwritten whole is zeroed only the first time. */
static err_t make_frame(const run_t *run, uint32_t at, uint32_t bits, cap_t *frame)
{
	err_t err = DRV_EPERM;
	if (run->stale && at < run->file_bytes)
		err = make(run->untyped, CAP_FRAME, bits | RETYPE_STALE, frame);
	return err == DRV_EPERM ? make(run->untyped, CAP_FRAME, bits, frame) : err;
}

/* Makes the frame of 2^bits bytes that lies `at` bytes behind the run's begin. */
static err_t add_frame(const process_maker_t *maker, const process_t *process, const run_t *run,
		       uint32_t at, uint32_t bits)
{
	cap_t frame;
	err_t err = make_frame(run, at, bits, &frame);
	if (!err && at < run->file_bytes)
		err = fill_frame(maker, frame, run->from + at,
				 least(run->file_bytes - at, 1u << bits), 1u << bits);
	return err ? err : vspace_map(process->vspace, frame, run->virt + at, run->rights);
}

/* The frames of 2^bits bytes of a run: a run is made of the largest ones that fit, larger ones
 * before smaller ones. */
static err_t add_frames(const process_maker_t *maker, const process_t *process,
			const run_t *run, uint32_t bits)
{
	uint32_t bytes = run->pages * PAGE_SIZE, size = 1u << bits;
	if (bits > run->bits_most)
		return DRV_OK;
	uint32_t at = bits == run->bits_most ? 0 : bytes & ~(2 * size - 1);
	for (; at + size <= bytes; at += size) {
		err_t err = add_frame(maker, process, run, at, bits);
		if (err)
			return err;
	}
	return DRV_OK;
}

/* Cuts a segment into what the file has of it and what is zero. The count of runs. */
static uint32_t cut_segment(const process_config_t *config, const elf_segment_t *segment,
			    run_t runs[2])
{
	uint32_t pages = (segment->memory_bytes + PAGE_SIZE - 1) / PAGE_SIZE;
	uint32_t filled = (segment->file_bytes + PAGE_SIZE - 1) / PAGE_SIZE;
	uint32_t rights =
	    RIGHT_READ | (segment->write ? RIGHT_WRITE : 0) | (segment->exec ? RIGHT_EXEC : 0);
	runs[0] = (run_t){.from = (const char *)config->image + segment->offset,
			  .file_bytes = segment->file_bytes,
			  .virt = segment->virt,
			  .pages = filled,
			  .rights = rights,
			  .bits_most = PROCESS_SCRATCH_BITS};
	runs[1] = (run_t){.virt = segment->virt + filled * PAGE_SIZE,
			  .pages = pages - filled,
			  .rights = rights,
			  .bits_most = FRAME_BITS_MAX};
	return 2;
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

/* Image and stack, of all of them the largest frames first: alignment then wastes nothing. The
 * page below the stack stays unmapped: an overflow is a fault. */
static err_t add_memory(const process_maker_t *maker, const process_config_t *config,
			const process_t *process)
{
	run_t runs[2 * ELF_SEGMENTS_MAX + 1];
	uint32_t count = 1;
	err_t err = DRV_OK;
	runs[0] = (run_t){.virt = config->stack_top - config->stack_pages * PAGE_SIZE,
			  .pages = config->stack_pages,
			  .rights = RIGHT_READ | RIGHT_WRITE,
			  .bits_most = FRAME_BITS_MAX};
	for (uint32_t i = 0; i < config->plan->count; i++)
		count += cut_segment(config, &config->plan->segments[i], &runs[count]);
	for (uint32_t i = 0; i < count; i++) {
		runs[i].untyped = config->frames ? config->frames : config->untyped;
		runs[i].stale = config->frames != CAP_NULL;
	}
	for (uint32_t bits = FRAME_BITS_MAX; bits >= FRAME_BITS_MIN; bits--)
		for (uint32_t i = 0; !err && i < count; i++)
			err = add_frames(maker, process, &runs[i], bits);
	return err;
}

static err_t add_thread(const process_maker_t *maker, const process_config_t *config,
			process_t *process)
{
	cap_t buffer;
	err_t err = make(process->untyped, CAP_FRAME, 0, &buffer);
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

err_t process_create(const process_maker_t *maker, const process_config_t *config,
		     process_t *process)
{
	process_t made = {.untyped = config->untyped, .cspace = config->cspace};
	/* What is large comes first: alignment then wastes nothing. */
	err_t err = make(made.untyped, CAP_VSPACE, 0, &made.vspace);
	if (!err && !config->cspace)
		err = make(made.untyped, CAP_CSPACE, config->cspace_bits, &made.cspace);
	if (!err)
		err = add_tables(maker, config, &made);
	if (!err)
		err = add_memory(maker, config, &made);
	if (!err)
		err = add_thread(maker, config, &made);
	if (!err)
		*process = made;
	return err;
}
