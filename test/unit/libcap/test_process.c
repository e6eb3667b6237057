/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process is made of: each part of its memory with its own rights, page tables where
 * there are none, and a thread that knows its spaces, its buffer, who is told of its faults,
 * and where to begin. That what is counted for it is enough, for any image, test_need.c shows.
 * The kernel is a list of what was made and mapped here. */
#define _GNU_SOURCE /* memory at an address of one's own */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "cap/process.h"
#include "cap/syscall.h"

#define SCRATCH	   0x20000000u
#define SPAN	   (4u << 20)
#define IMAGE_BASE 0x08048000u
#define STACK_TOP  0xb0000000u
#define BUFFER	   0xa0000000u
#define MOST	   64u
#define STALE	   0xee

enum { OBJECTS = 1, FRAMES = 2, MAKER = 3, FAULTS = 4, PAGE = 5, SPACE = 6, FIRST = 10 };

typedef struct object {
	uint32_t type, bits;
	cap_t from;
	bool released;
	uint32_t virt, rights; /* where and how it is mapped in the process */
	uint8_t bytes[PROCESS_SCRATCH];
} object_t;

static struct {
	uint32_t count;
	object_t objects[MOST];
	uint32_t refuses; /* to make the object of that number; 0: none */
	bool has_stale;	  /* frames that were in use before */
	uint32_t fills;	  /* pieces that were copied */
	cap_t bound[8];
	uint32_t badge, priority, priority_max;
	thread_registers_t registers;
} kernel;

static object_t *object_of(cap_t cap)
{
	assert_in_range(cap, FIRST, FIRST + kernel.count - 1);
	return &kernel.objects[cap - FIRST];
}

static cap_t add(cap_t from, uint32_t type, uint32_t bits)
{
	assert_in_range(kernel.count, 0, MOST - 1);
	kernel.objects[kernel.count] = (object_t){.type = type, .bits = bits, .from = from};
	return FIRST + kernel.count++;
}

int32_t untyped_retype(cap_t untyped, uint32_t type, uint32_t form, cap_t cspace)
{
	assert_int_equal(cspace, CAP_NULL); /* handles are the maker's */
	if ((form & RETYPE_STALE) && type == CAP_FRAME && !kernel.has_stale)
		return cap_failed(DRV_EPERM);
	if (kernel.refuses && kernel.count + 1 == kernel.refuses)
		return cap_failed(DRV_ENOMEM);
	cap_t made = add(untyped, type, RETYPE_SIZE_BITS(form));
	if (type == CAP_FRAME && (form & RETYPE_STALE))
		memset(object_of(made)->bytes, STALE, sizeof(object_of(made)->bytes));
	return (int32_t)made;
}

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	assert_true(cap == PAGE && rights == (RIGHT_READ | RIGHT_WRITE) && !scope0 && !scope1);
	return (int32_t)add(PAGE, CAP_FRAME, 0);
}

/* The page table over an address, or null. */
static const object_t *table_over(uint32_t virt)
{
	for (uint32_t i = 0; i < kernel.count; i++)
		if (kernel.objects[i].type == CAP_PTABLE &&
		    kernel.objects[i].virt == virt / SPAN * SPAN && !kernel.objects[i].released)
			return &kernel.objects[i];
	return NULL;
}

err_t vspace_map(cap_t vspace, cap_t cap, uint32_t virt, uint32_t rights)
{
	object_t *object = object_of(cap);
	if (vspace == MAKER) {
		assert_int_equal(virt, SCRATCH);
		kernel.fills++;
		memcpy((void *)(uintptr_t)SCRATCH, object->bytes, sizeof(object->bytes));
		return DRV_OK;
	}
	assert_int_equal(object_of(vspace)->type, CAP_VSPACE);
	if (object->type == CAP_PTABLE) {
		assert_int_equal(virt % SPAN, 0);
		if (table_over(virt))
			return cap_failed(DRV_EEXIST);
	} else if (!table_over(virt)) {
		return cap_failed(DRV_ENOTABLE);
	}
	object->virt = virt;
	object->rights = rights;
	return DRV_OK;
}

err_t vspace_unmap(cap_t cap)
{
	memcpy(object_of(cap)->bytes, (void *)(uintptr_t)SCRATCH, PROCESS_SCRATCH);
	return DRV_OK;
}

err_t cap_release(cap_t cap)
{
	object_of(cap)->released = true;
	return DRV_OK;
}

err_t thread_bind(cap_t thread, enum thread_bind what, cap_t cap, uint32_t badge)
{
	assert_int_equal(object_of(thread)->type, CAP_THREAD);
	kernel.bound[what] = cap;
	if (what == BIND_FAULT)
		kernel.badge = badge;
	return DRV_OK;
}

err_t thread_set(cap_t thread, enum thread_attribute what, uint32_t value)
{
	assert_int_equal(object_of(thread)->type, CAP_THREAD);
	assert_true(what == THREAD_PRIORITY || what == THREAD_MAX_PRIORITY);
	*(what == THREAD_PRIORITY ? &kernel.priority : &kernel.priority_max) = value;
	return DRV_OK;
}

err_t thread_write(cap_t thread, const thread_registers_t *registers)
{
	assert_int_equal(object_of(thread)->type, CAP_THREAD);
	kernel.registers = *registers;
	return DRV_OK;
}

/* Code of some pages, which are one frame, constants, and data of which the file has a part. */
static uint8_t file[6 * PAGE_SIZE];
static const elf_plan_t plan = {.entry = IMAGE_BASE + 16,
				.count = 3,
				.segments = {{.virt = IMAGE_BASE,
					      .file_bytes = 3 * PAGE_SIZE + 100,
					      .memory_bytes = 3 * PAGE_SIZE + 100,
					      .exec = true},
					     {.virt = IMAGE_BASE + 4 * PAGE_SIZE,
					      .offset = 4 * PAGE_SIZE,
					      .file_bytes = 200,
					      .memory_bytes = 200},
					     {.virt = IMAGE_BASE + 5 * PAGE_SIZE,
					      .offset = 5 * PAGE_SIZE,
					      .file_bytes = 300,
					      .memory_bytes = 2 * PAGE_SIZE,
					      .write = true}}};
static const process_maker_t maker = {.vspace = MAKER, .scratch = SCRATCH, .table_span = SPAN};
static process_config_t config;
static process_t process;

static int fresh(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	kernel.has_stale = true;
	for (uint32_t i = 0; i < sizeof(file); i++)
		file[i] = (uint8_t)(i % 251 + 1);
	config = (process_config_t){.untyped = OBJECTS,
				    .frames = FRAMES,
				    .image = file,
				    .plan = &plan,
				    .cspace_bits = 7,
				    .stack_top = STACK_TOP,
				    .stack_pages = 2,
				    .buffer = BUFFER,
				    .priority = 9,
				    .fault_endpoint = FAULTS,
				    .fault_badge = 55};
	process = (process_t){0};
	return 0;
}

/* The frame at an address of the process. */
static const object_t *frame_at(uint32_t virt)
{
	for (uint32_t i = 0; i < kernel.count; i++) {
		const object_t *object = &kernel.objects[i];
		uint32_t bits = object->bits ? object->bits : PAGE_BITS;
		if (object->type == CAP_FRAME && virt - object->virt < 1u << bits)
			return object;
	}
	fail_msg("nothing at 0x%x", virt);
	return NULL;
}

static uint8_t byte_at(uint32_t virt)
{
	const object_t *frame = frame_at(virt);
	return frame->bytes[virt - frame->virt];
}

/* What the file has, and zeros behind it, whatever was in the memory before. */
static void check_segment(const elf_segment_t *segment, uint32_t rights)
{
	uint32_t pages = (segment->memory_bytes + PAGE_SIZE - 1) / PAGE_SIZE;
	for (uint32_t i = 0; i < pages * PAGE_SIZE; i++)
		assert_int_equal(byte_at(segment->virt + i),
				 i < segment->file_bytes ? file[segment->offset + i] : 0);
	for (uint32_t i = 0; i < pages; i++)
		assert_int_equal(frame_at(segment->virt + i * PAGE_SIZE)->rights, rights);
}

static void each_part_of_memory_has_its_content_and_its_own_rights(void **state)
{
	(void)state;
	assert_int_equal(process_create(&maker, &config, &process), DRV_OK);
	check_segment(&plan.segments[0], RIGHT_READ | RIGHT_EXEC);
	check_segment(&plan.segments[1], RIGHT_READ);
	check_segment(&plan.segments[2], RIGHT_READ | RIGHT_WRITE);
	for (uint32_t at = STACK_TOP - 2 * PAGE_SIZE; at < STACK_TOP; at += PAGE_SIZE) {
		assert_int_equal(frame_at(at)->rights, RIGHT_READ | RIGHT_WRITE);
		assert_int_equal(frame_at(at)->from, FRAMES);
		assert_int_equal(byte_at(at), 0);
	}
	assert_int_equal(frame_at(BUFFER)->rights, RIGHT_READ | RIGHT_WRITE);
	assert_int_equal(frame_at(BUFFER)->from, OBJECTS);
}

static void the_thread_knows_all_that_it_needs(void **state)
{
	(void)state;
	assert_int_equal(process_create(&maker, &config, &process), DRV_OK);
	assert_int_equal(process.untyped, OBJECTS);
	assert_int_equal(kernel.bound[BIND_CSPACE], process.cspace);
	assert_int_equal(object_of(process.cspace)->type, CAP_CSPACE);
	assert_int_equal(kernel.bound[BIND_VSPACE], process.vspace);
	assert_int_equal(kernel.bound[BIND_FAULT], FAULTS);
	assert_int_equal(kernel.badge, 55);
	assert_ptr_equal(object_of(kernel.bound[BIND_BUFFER]), frame_at(BUFFER));
	assert_int_equal(kernel.priority, 9);
	assert_int_equal(kernel.priority_max, 9); /* and it gives itself no higher one */
	assert_int_equal(kernel.registers.eip, plan.entry);
	assert_int_equal(kernel.registers.esp, STACK_TOP);
}

/* Who dies with it leaves a report that takes no longer for it. */
static void the_frame_of_its_data_is_noted_unless_it_is_large(void **state)
{
	(void)state;
	for (uint32_t bits = PAGE_BITS; bits <= 18; bits++) {
		const elf_plan_t data = {.entry = IMAGE_BASE,
					 .count = 1,
					 .segments = {{.virt = IMAGE_BASE & ~((1u << 18) - 1),
						       .memory_bytes = 1u << bits,
						       .write = true}}};
		fresh(state);
		config.plan = &data;
		assert_int_equal(process_create(&maker, &config, &process), DRV_OK);
		assert_int_equal(process.data != CAP_NULL, bits <= 16);
		assert_true(process.stack != CAP_NULL);
	}
}

static void what_is_given_is_not_made(void **state)
{
	(void)state;
	config.cspace = SPACE;
	config.buffer_frame = PAGE;
	assert_int_equal(process_create(&maker, &config, &process), DRV_OK);
	assert_int_equal(process.cspace, SPACE);
	assert_int_equal(kernel.bound[BIND_CSPACE], SPACE);
	for (uint32_t i = 0; i < kernel.count; i++)
		assert_int_not_equal(kernel.objects[i].type, CAP_CSPACE);
	assert_int_equal(frame_at(BUFFER)->from, PAGE);
}

static void a_process_that_cannot_be_made_is_not_given_out(void **state)
{
	(void)state;
	assert_int_equal(process_create(&maker, &config, &process), DRV_OK);
	uint32_t all = kernel.count;
	for (uint32_t number = 1; number < all; number++) {
		fresh(state);
		kernel.refuses = number;
		assert_int_equal(process_create(&maker, &config, &process), DRV_ENOMEM);
		assert_int_equal(process.thread, CAP_NULL);
		assert_int_equal(process.vspace, CAP_NULL);
	}
}

static void it_is_filled_in_pieces_as_large_as_there_are_units_for(void **state)
{
	process_build_t build = {0};
	err_t err = DRV_EAGAIN;
	unsigned turns = 0;
	(void)state;
	for (; err == DRV_EAGAIN; turns++) {
		uint32_t units = 1;
		assert_in_range(turns, 0, 100);
		err = process_create_some(&maker, &config, &build, &units);
	}
	assert_int_equal(err, DRV_OK);
	assert_int_equal(kernel.fills, 4 + 1 + 1); /* a page of one of the segments each */
	check_segment(&plan.segments[0], RIGHT_READ | RIGHT_EXEC);
	check_segment(&plan.segments[2], RIGHT_READ | RIGHT_WRITE);
}

static void page_tables_are_made_where_there_are_none(void **state)
{
	(void)state;
	process.untyped = OBJECTS;
	process.vspace = add(OBJECTS, CAP_VSPACE, 0);
	assert_int_equal(process_add_tables(&maker, &process, SPAN, 2 * SPAN + 1), DRV_OK);
	assert_non_null(table_over(SPAN));
	assert_non_null(table_over(2 * SPAN));
	assert_non_null(table_over(3 * SPAN));
	assert_null(table_over(4 * SPAN));
	assert_int_equal(process_add_tables(&maker, &process, 2 * SPAN, SPAN), DRV_OK);
	assert_true(kernel.objects[kernel.count - 1].released); /* one more was not needed */
	cap_t frame = add(OBJECTS, CAP_FRAME, 0);
	uint32_t before = kernel.count;
	assert_int_equal(process_map(&maker, &process, frame, 2 * SPAN + PAGE_SIZE, RIGHT_READ),
			 DRV_OK);
	assert_int_equal(kernel.count, before);
	assert_int_equal(process_map(&maker, &process, frame, 9 * SPAN + PAGE_SIZE, RIGHT_READ),
			 DRV_OK);
	assert_int_equal(object_of(frame)->virt, 9 * SPAN + PAGE_SIZE);
	assert_non_null(table_over(9 * SPAN));
}

static int make_scratch(void **state)
{
	(void)state;
	void *at = mmap((void *)(uintptr_t)SCRATCH, PROCESS_SCRATCH, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	return at == MAP_FAILED;
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_part_of_memory_has_its_content_and_its_own_rights),
	    TEST(the_thread_knows_all_that_it_needs),
	    TEST(the_frame_of_its_data_is_noted_unless_it_is_large),
	    TEST(what_is_given_is_not_made),
	    TEST(a_process_that_cannot_be_made_is_not_given_out),
	    TEST(it_is_filled_in_pieces_as_large_as_there_are_units_for),
	    TEST(page_tables_are_made_where_there_are_none),
	};
	return cmocka_run_group_tests(tests, make_scratch, NULL);
}
