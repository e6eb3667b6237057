/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes of random images are made by cap/process.h on a model of the kernel's memory: what
 * is taken is never more than claims/need.h counts, no call zeroes more than it may, and what
 * is there in the end is the image. */
#define _GNU_SOURCE /* memory at an address of one's own */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "cap/process.h"
#include "cap/syscall.h"
#include "claims/need.h"

#define SCRATCH	   0x20000000u
#define SPAN	   (2u << 20)
#define FRAMES_MAX 4096u
#define FILE_BYTES (3u << 20)
#define RUNS	   400u
#define BESIDE	   13u /* handles of a driver that its process does not take */

enum { OBJECTS = 1, FRAMES = 2, TABLE = 3, OTHER = 4, PAGE = 5, FRAME = 1000 };

typedef struct frame {
	uint32_t bits, virt;
	uint8_t *bytes; /* those with content of the file; null: all zero */
	bool mapped;
} frame_t;

static struct {
	uint32_t used, frames_used, zeroed;
	uint32_t stale;	  /* bytes of frames that an instance before had */
	uint32_t pages;	  /* zeroed in this call */
	uint32_t handles; /* that the manager has of it */
	uint32_t count;
	frame_t frames[FRAMES_MAX];
} model;
static uint8_t file[FILE_BYTES];
static uint64_t seed = 1;

static uint32_t pick(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

static uint32_t round_up(uint32_t value, uint32_t size)
{
	return (value + size - 1) & ~(size - 1);
}

static int32_t make_frame(uint32_t form)
{
	uint32_t bits = RETYPE_SIZE_BITS(form), limit = RETYPE_LIMIT_PAGES(form), size, now = 0;
	bits = bits ? bits : 12;
	size = 1u << bits;
	uint32_t start = round_up(model.frames_used, size);
	if (form & RETYPE_STALE) {
		if (start + size > model.stale)
			return DRV_EPERM;
	} else {
		for (; model.zeroed < start + size; model.zeroed += PAGE_SIZE) {
			if (limit && now++ == limit)
				return DRV_EAGAIN;
			model.pages++;
		}
	}
	assert_in_range(model.count, 0, FRAMES_MAX - 1);
	model.frames_used = start + size;
	if (model.zeroed < model.frames_used)
		model.zeroed = model.frames_used;
	model.frames[model.count] = (frame_t){.bits = bits};
	return (int32_t)(FRAME + model.count++);
}

int32_t untyped_retype(cap_t untyped, uint32_t type, uint32_t form, cap_t cspace)
{
	static const uint32_t sizes[CAP_TYPE_COUNT] = {
	    [CAP_VSPACE] = 16384, [CAP_PTABLE] = 4096,	   [CAP_THREAD] = 1024,
	    [CAP_FRAME] = 4096,	  [CAP_NOTIFICATION] = 64, [CAP_REPLY] = 64,
	    [CAP_IOBITMAP] = 8192};
	assert_int_equal(cspace, CAP_NULL);
	model.handles++;
	if (untyped == FRAMES) {
		assert_int_equal(type, CAP_FRAME);
		int32_t made = make_frame(form);
		model.handles -= made < 0;
		return made;
	}
	uint32_t size = type == CAP_CSPACE ? 64u << form : sizes[type];
	model.used = round_up(model.used, size) + size;
	return type == CAP_PTABLE ? TABLE : OTHER;
}

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	(void)scope0, (void)scope1;
	assert_int_equal(cap, PAGE);
	assert_int_equal(rights, RIGHT_READ | RIGHT_WRITE);
	model.handles++;
	return OTHER;
}

err_t vspace_map(cap_t vspace, cap_t cap, uint32_t virt, uint32_t rights)
{
	(void)rights;
	if (cap < FRAME)
		return DRV_OK;
	frame_t *frame = &model.frames[cap - FRAME];
	assert_false(frame->mapped);
	frame->mapped = true;
	frame->virt = virt;
	if (vspace != SCRATCH)
		return DRV_OK;
	assert_in_range(frame->bits, 12, PROCESS_SCRATCH_BITS);
	if (frame->bytes)
		memcpy((void *)(uintptr_t)SCRATCH, frame->bytes, 1u << frame->bits);
	else /* stale: nobody may count on zeros */
		memset((void *)(uintptr_t)SCRATCH, 0xee, 1u << frame->bits);
	return DRV_OK;
}

err_t vspace_unmap(cap_t cap)
{
	frame_t *frame = &model.frames[cap - FRAME];
	if (!frame->bytes)
		frame->bytes = malloc(1u << frame->bits);
	memcpy(frame->bytes, (void *)(uintptr_t)SCRATCH, 1u << frame->bits);
	frame->mapped = false;
	return DRV_OK;
}

err_t cap_release(cap_t cap)
{
	(void)cap;
	model.handles--;
	return DRV_OK;
}

err_t thread_bind(cap_t thread, enum thread_bind what, cap_t cap, uint32_t badge)
{
	(void)thread, (void)what, (void)cap, (void)badge;
	return DRV_OK;
}

err_t thread_set(cap_t thread, enum thread_attribute what, uint32_t value)
{
	(void)thread, (void)what, (void)value;
	return DRV_OK;
}

err_t thread_write(cap_t thread, const thread_registers_t *registers)
{
	(void)thread, (void)registers;
	return DRV_OK;
}

static void forget(void)
{
	for (uint32_t i = 0; i < model.count; i++)
		free(model.frames[i].bytes);
	uint32_t stale = model.frames_used;
	memset(&model, 0, sizeof(model));
	model.stale = stale;
}

static elf_plan_t random_plan(void)
{
	elf_plan_t plan = {.entry = DRIVER_IMAGE_BASE, .count = 1 + pick(ELF_SEGMENTS_MAX)};
	uint32_t virt = DRIVER_IMAGE_BASE;
	for (uint32_t i = 0; i < plan.count; i++) {
		uint32_t bytes = 1 + pick(pick(4) ? 40000 : 3000000);
		virt += pick(3) ? 0 : pick(1000) * PAGE_SIZE;
		plan.segments[i] = (elf_segment_t){.virt = virt,
						   .offset = pick(FILE_BYTES / 2),
						   .file_bytes = pick(bytes + 1),
						   .memory_bytes = bytes};
		if (plan.segments[i].file_bytes > FILE_BYTES / 2)
			plan.segments[i].file_bytes = FILE_BYTES / 2;
		virt += round_up(bytes, PAGE_SIZE);
	}
	return plan;
}

/* The frame at the address. */
static const frame_t *find_frame(uint32_t virt)
{
	for (uint32_t i = 0; i < model.count; i++)
		if (virt - model.frames[i].virt < 1u << model.frames[i].bits)
			return &model.frames[i];
	return NULL;
}

static void check_page(const elf_segment_t *segment, uint32_t at)
{
	static const uint8_t zeros[PAGE_SIZE];
	const frame_t *frame = find_frame(segment->virt + at);
	assert_non_null(frame);
	assert_true(frame->mapped);
	uint32_t left = at < segment->file_bytes ? segment->file_bytes - at : 0;
	uint32_t filled = left < PAGE_SIZE ? left : PAGE_SIZE;
	if (!frame->bytes) { /* zeroed by the kernel */
		assert_int_equal(filled, 0);
		return;
	}
	const uint8_t *bytes = frame->bytes + (segment->virt + at - frame->virt);
	assert_memory_equal(bytes, file + segment->offset + at, filled);
	assert_memory_equal(bytes + filled, zeros, PAGE_SIZE - filled);
}

static void check_image(const elf_plan_t *plan)
{
	for (uint32_t i = 0; i < plan->count; i++)
		for (uint32_t at = 0; at < plan->segments[i].memory_bytes; at += PAGE_SIZE)
			check_page(&plan->segments[i], at);
	for (uint32_t page = 1; page <= DRIVER_STACK_PAGES; page++)
		assert_non_null(find_frame(DRIVER_STACK_TOP - page * PAGE_SIZE));
	assert_null(find_frame(DRIVER_STACK_TOP - (DRIVER_STACK_PAGES + 1) * PAGE_SIZE));
}

static const process_maker_t maker = {
    .vspace = SCRATCH, .scratch = SCRATCH, .table_span = SPAN};

/* So many units at a time; the calls that it took. */
static uint32_t create(const elf_plan_t *plan, uint32_t most)
{
	process_config_t config = {.untyped = OBJECTS,
				   .frames = FRAMES,
				   .image = file,
				   .plan = plan,
				   .cspace_bits = NEED_CSPACE_BITS,
				   .stack_top = DRIVER_STACK_TOP,
				   .stack_pages = DRIVER_STACK_PAGES,
				   .buffer = DRIVER_PAGE,
				   .buffer_frame = PAGE};
	process_build_t build = {0};
	uint32_t calls = 0;
	err_t err;
	do {
		uint32_t units = most;
		model.pages = 0;
		err = process_create_some(&maker, &config, &build, &units);
		assert_in_range(model.pages, 0, most);
		calls++;
	} while (err == DRV_EAGAIN);
	assert_int_equal(err, DRV_OK);
	return calls;
}

/* What an instance gets beside the process: ports, windows and channels. */
static void give_devices(const caps_t *caps)
{
	const process_t process = {.untyped = OBJECTS, .vspace = OTHER};
	uint32_t bytes = 0;
	untyped_retype(OBJECTS, CAP_NOTIFICATION, 0, CAP_NULL);
	untyped_retype(OBJECTS, CAP_REPLY, 0, CAP_NULL);
	if (caps->pio.count)
		untyped_retype(OBJECTS, CAP_IOBITMAP, 0, CAP_NULL);
	for (uint32_t i = 0; i < caps->mmio.count; i++)
		bytes += caps->mmio.items[i].size;
	process_add_tables(&maker, &process, DRIVER_MMIO_WINDOW, bytes);
}

static void what_is_counted_is_enough_and_what_is_made_is_the_image(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < RUNS; n++) {
		static manifest_t manifest;
		elf_plan_t plan = random_plan();
		manifest.caps.pio.count = pick(2);
		manifest.caps.mmio.count = pick(3);
		manifest.caps.mmio.items[0].size = (1 + pick(2000)) * PAGE_SIZE;
		manifest.caps.mmio.items[1].size = (1 + pick(2000)) * PAGE_SIZE;
		need_t need = need_of(&manifest, &plan);
		model.stale = 0;
		for (uint32_t instance = 0; instance < 2; instance++) {
			forget();
			create(&plan, 9 + pick(60));
			give_devices(&manifest.caps);
			assert_int_equal(model.frames_used, need.frames);
			assert_in_range(model.used, 0, need.objects);
			/* Of those that every driver takes, 13 are not of its process. */
			assert_in_range(model.handles, need.handles - BESIDE - 2,
					need.handles - BESIDE);
			check_image(&plan);
		}
		forget();
	}
}

static void a_small_driver_takes_whole_pieces(void **state)
{
	(void)state;
	static const manifest_t manifest;
	elf_plan_t plan = {
	    .count = 2,
	    .segments = {{.virt = DRIVER_IMAGE_BASE, .file_bytes = 4000, .memory_bytes = 4000},
			 {.virt = DRIVER_IMAGE_BASE + PAGE_SIZE, .memory_bytes = 300}}};
	need_t need = need_of(&manifest, &plan);
	assert_int_equal(need.frames, 16384);
	assert_int_equal(need.objects, 32768);
	assert_int_equal(need_kib(&need), 60);
}

/* 6 MB: what a call may zero is what it zeroes, so that 1,540 pages are so many calls. */
static void a_large_driver_is_made_in_many_calls(void **state)
{
	(void)state;
	elf_plan_t plan = {
	    .count = 2,
	    .segments = {{.virt = DRIVER_IMAGE_BASE, .file_bytes = 4000, .memory_bytes = 4000},
			 {.virt = DRIVER_IMAGE_BASE + PAGE_SIZE, .memory_bytes = 6u << 20}}};
	model.stale = 0;
	forget();
	assert_in_range(create(&plan, 26), 1540 / 26, 1540 / 26 + 4);
	forget();
	model.stale = 0;
	assert_in_range(create(&plan, UINT32_MAX), 1, 1);
	forget();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_counted_is_enough_and_what_is_made_is_the_image),
	    cmocka_unit_test(a_small_driver_takes_whole_pieces),
	    cmocka_unit_test(a_large_driver_is_made_in_many_calls),
	};
	void *scratch =
	    mmap((void *)(uintptr_t)SCRATCH, PROCESS_SCRATCH, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (scratch != (void *)(uintptr_t)SCRATCH)
		return 1;
	for (uint32_t i = 0; i < FILE_BYTES; i++)
		file[i] = (uint8_t)(1 + pick(255));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
