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

/* Copies `bytes` bytes into a frame through the maker's scratch page. */
static err_t fill_frame(const process_maker_t *maker, cap_t frame, const void *from,
			uint32_t bytes)
{
	err_t err = vspace_map(maker->vspace, frame, maker->scratch, RIGHT_READ | RIGHT_WRITE);
	if (err)
		return err;
	memcpy((void *)maker->scratch, from, bytes);
	return vspace_unmap(frame);
}

static err_t load_page(const process_maker_t *maker, const process_t *process,
		       const void *image, const elf_segment_t *segment, uint32_t at)
{
	cap_t frame;
	err_t err = make(process->untyped, CAP_FRAME, 0, &frame);
	if (!err && at < segment->file_bytes) {
		uint32_t left = segment->file_bytes - at;
		err = fill_frame(maker, frame, (const char *)image + segment->offset + at,
				 left < PAGE_SIZE ? left : PAGE_SIZE);
	}
	if (err)
		return err;
	uint32_t rights =
	    RIGHT_READ | (segment->write ? RIGHT_WRITE : 0) | (segment->exec ? RIGHT_EXEC : 0);
	return process_map(maker, process, frame, segment->virt + at, rights);
}

static err_t load_image(const process_maker_t *maker, const process_config_t *config,
			const process_t *process)
{
	for (uint32_t i = 0; i < config->plan->count; i++) {
		const elf_segment_t *segment = &config->plan->segments[i];
		for (uint32_t at = 0; at < segment->memory_bytes; at += PAGE_SIZE) {
			err_t err = load_page(maker, process, config->image, segment, at);
			if (err)
				return err;
		}
	}
	return DRV_OK;
}

/* The page below the stack stays unmapped: an overflow is a fault. */
static err_t add_stack(const process_maker_t *maker, const process_config_t *config,
		       const process_t *process)
{
	for (uint32_t i = 1; i <= config->stack_pages; i++) {
		cap_t frame;
		err_t err = make(process->untyped, CAP_FRAME, 0, &frame);
		if (!err)
			err = process_map(maker, process, frame,
					  config->stack_top - i * PAGE_SIZE,
					  RIGHT_READ | RIGHT_WRITE);
		if (err)
			return err;
	}
	return DRV_OK;
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
	process_t made = {.untyped = config->untyped};
	/* Large objects first: alignment then wastes nothing. */
	err_t err = make(made.untyped, CAP_VSPACE, 0, &made.vspace);
	if (!err)
		err = make(made.untyped, CAP_CSPACE, config->cspace_bits, &made.cspace);
	if (!err)
		err = load_image(maker, config, &made);
	if (!err)
		err = add_stack(maker, config, &made);
	if (!err)
		err = add_thread(maker, config, &made);
	if (!err)
		*process = made;
	return err;
}
