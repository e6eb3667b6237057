/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/print.h"

#define GARBAGE 0xff

told_t told;
const arch_frame_t world_next;

/* As entry.S lists them: one address a vector, and that of all others. */
#define FOUR(n) 0xc0102000u + (n), 0xc0102010u + (n), 0xc0102020u + (n), 0xc0102030u + (n)
const uint32_t trap_vectors[49] = {
    FOUR(0x000), FOUR(0x040), FOUR(0x080), FOUR(0x0c0), FOUR(0x100), FOUR(0x140), FOUR(0x180),
    FOUR(0x1c0), FOUR(0x200), FOUR(0x240), FOUR(0x280), FOUR(0x2c0), 0xc0102300u};
const uint32_t traced_vectors[49] = {
    FOUR(0x400), FOUR(0x440), FOUR(0x480), FOUR(0x4c0), FOUR(0x500), FOUR(0x540), FOUR(0x580),
    FOUR(0x5c0), FOUR(0x600), FOUR(0x640), FOUR(0x680), FOUR(0x6c0), 0xc0102700u};

static jmp_buf panicked;
static bool panic_expected;

_Noreturn void panic(const char *reason)
{
	if (panic_expected)
		longjmp(panicked, 1);
	machine_fault(reason);
}

void print(const char *text, ...)
{
	(void)text;
}

bool world_panics(void (*call)(void))
{
	panic_expected = true;
	bool did = setjmp(panicked) != 0;
	if (!did)
		call();
	panic_expected = false;
	return did;
}

void world_load(const processor_kind_t *kind)
{
	memory_reset(GARBAGE);
	/* The loader zeroes what the image has behind its data. */
	memset(arch_pointer(0), 0, arch_image_end());
	memset(&machine, 0, sizeof(machine));
	devices_reset();
	told = (told_t){0};
	processor_start(kind);
}

static uint32_t take_page(void *nothing)
{
	(void)nothing;
	return memory_page();
}

void world_init(void)
{
	arch_init(MEMORY_BYTES, take_page, NULL);
}

space_t world_space(void)
{
	uint32_t directory = memory_pages(1 + ARCH_DIRECTORY_PAGES) + PAGE_SIZE;
	return (space_t){directory, arch_directory_init(directory)};
}

uint32_t world_table(const space_t *space, uint32_t virt)
{
	uint32_t table = memory_page();
	arch_table_set(space->directory, virt, table);
	return table;
}

bool world_reaches(uint32_t virt, unsigned access, uint32_t address)
{
	uint32_t found;
	if (!processor_access(virt, USER | access, &found))
		return false;
	assert_int_equal(found, address);
	return true;
}

/* -- What the machine calls. ------------------------------------------------------------ */

const arch_frame_t *kernel_syscall(uint32_t number)
{
	told.syscalls++;
	told.number = number;
	return &world_next;
}

void kernel_on_fault(uint32_t label, uint32_t address, uint32_t code)
{
	told.faults++;
	told.label = label;
	told.address = address;
	told.code = code;
}

void kernel_on_interrupt(uint32_t line)
{
	told.interrupts++;
	told.line = line;
}

void kernel_on_stray(void)
{
	told.strays++;
}

void kernel_on_tick(void)
{
	told.ticks++;
}

const arch_frame_t *kernel_leave(void)
{
	told.leaves++;
	return &world_next;
}

/* -- Running. --------------------------------------------------------------------------- */

typedef struct world_case {
	void (*check)(void);
	const processor_kind_t *kind;
} world_case_t;

static void run_case(void **state)
{
	const world_case_t *it = *state;
	world_load(it->kind);
	world_init();
	it->check();
}

int world_run(const world_test_t *tests, uint32_t count)
{
	static world_case_t cases[WORLD_TESTS * PROCESSOR_KINDS];
	static char names[WORLD_TESTS * PROCESSOR_KINDS][128];
	static struct CMUnitTest units[WORLD_TESTS * PROCESSOR_KINDS];
	if (count > WORLD_TESTS)
		machine_fault("more tests than WORLD_TESTS");
	uint32_t n = 0;
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < PROCESSOR_KINDS; k++, n++) {
			cases[n] = (world_case_t){tests[i].check, &processor_kinds[k]};
			snprintf(names[n], sizeof(names[n]), "%s on a %s", tests[i].name,
				 processor_kinds[k].name);
			units[n] =
			    (struct CMUnitTest){names[n], run_case, NULL, NULL, &cases[n]};
		}
	}
	return _cmocka_run_group_tests("arch", units, n, NULL, NULL);
}
