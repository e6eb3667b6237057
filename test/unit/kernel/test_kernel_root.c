/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task as the kernel makes it: what it has, what it may do with each page of its own,
 * and what it is told. */
#include "abi/ports.h"
#include "bench.h"
#include "boot/root.h"
#include "boot/windows.h"
#include "root_image.h"

#define KIB	  0x400u
#define MIB	  0x100000u
#define RAM_END	  FAKE_MEMORY_BYTES
#define LAST_PAGE 0xfffff000u
#define LEFTOVER  0xee
#define CMDLINE	  "trace=input"
#define RWI	  (RIGHT_READ | RIGHT_WRITE | RIGHT_INSPECT)

static const region_t kernel_image = {MIB, MIB + 0x80000};
static const region_t module = {3 * MIB, 3 * MIB + 0x2345};
static boot_loader_t loader;
static boot_memory_t memory;
static boot_info_t *info;

static void note(uint64_t base, uint64_t length, uint32_t kind)
{
	assert_true(physical_note(&loader.map, base, length, kind));
}

/* Starts the root task on a machine of 16 MiB, on whose last page below 4 GiB is what `last`
 * says, and with that module. */
static void start(uint32_t last, region_t archive)
{
	fake_reset();
	fake.image = root_image;
	fake.image_bytes = (uint32_t)(root_image_end - root_image);
	memset(fake_memory() + MIB, LEFTOVER, 4 * MIB);
	loader = (boot_loader_t){.module = archive, .cmdline = CMDLINE};
	note(0, 639 * KIB, SPAN_USABLE);
	note(639 * KIB, KIB, SPAN_OTHER);
	note(0xf0000, 0x10000, SPAN_OTHER);
	note(MIB, RAM_END - MIB, SPAN_USABLE);
	note(LAST_PAGE, PAGE_SIZE, last);
	assert_null(boot_memory_init(&memory, &loader, kernel_image));
	boot_memory_early(&memory);
	boot_memory_mapped(&memory);
	irq_init();
	cspace_init();
	root_start(&loader, &memory);
	uint32_t page = fake_page_entry(vspace_directory(kernel.root->vspace), ROOT_BOOT_INFO);
	info = arch_pointer(page & FAKE_ADDRESS);
}

static int start_usual(void **state)
{
	(void)state;
	start(SPAN_OTHER, module);
	return 0;
}

static const slot_t *slot_at_position(uint32_t position)
{
	assert_true(position < info->cap_count);
	return slot_of(kernel.root, info->caps[position].cap);
}

static uint32_t pages_of(uint32_t from, uint32_t end, uint32_t virt)
{
	return virt >= from && virt < end;
}

/* What a page of the root task may be used for, by its address; none: it is not mapped. */
#define NOT_MAPPED UINT32_MAX
static uint32_t flags_expected(uint32_t virt)
{
	if (pages_of(ROOT_BASE, ROOT_IMAGE_DATA, virt))
		return ARCH_PAGE_EXEC;
	if (pages_of(ROOT_IMAGE_DATA, ROOT_IMAGE_END, virt) || virt == ROOT_BUFFER ||
	    pages_of(ROOT_STACK_TOP - ROOT_STACK_SIZE, ROOT_STACK_TOP, virt))
		return ARCH_PAGE_WRITE;
	return virt == ROOT_BOOT_INFO ? 0 : NOT_MAPPED;
}

static void each_page_is_for_what_it_is_and_for_nothing_else(void **state)
{
	(void)state;
	uint32_t directory = vspace_directory(kernel.root->vspace);
	for (uint32_t virt = 0; virt < USER_END; virt += PAGE_SIZE) {
		uint32_t entry = fake_page_entry(directory, virt);
		uint32_t flags = entry ? entry & FAKE_PAGE_FLAGS : NOT_MAPPED;
		if (flags != flags_expected(virt))
			fail_msg("page 0x%x has the flags 0x%x", virt, flags);
		if (pages_of(ROOT_BASE, ROOT_IMAGE_END, virt))
			assert_int_equal(entry & FAKE_ADDRESS,
					 FAKE_IMAGE_BASE + (virt - ROOT_BASE));
	}
}

static void no_page_of_its_own_is_memory_that_it_is_given(void **state)
{
	(void)state;
	uint32_t directory = vspace_directory(kernel.root->vspace);
	for (uint32_t virt = 0; virt < USER_END; virt += PAGE_SIZE) {
		uint32_t address = fake_page_entry(directory, virt) & FAKE_ADDRESS;
		for (uint32_t i = BOOT_CAP_FIRST; address && i < info->cap_count; i++) {
			const slot_t *slot = slot_at_position(i);
			if (slot->type == CAP_UNTYPED)
				assert_true(address < slot->object ||
					    address - slot->object >= 1u << slot->extra);
		}
	}
}

static void no_two_pages_of_its_own_are_the_same_memory(void **state)
{
	static uint8_t mapped[RAM_END / PAGE_SIZE];
	(void)state;
	memset(mapped, 0, sizeof(mapped));
	uint32_t directory = vspace_directory(kernel.root->vspace);
	for (uint32_t virt = ROOT_IMAGE_END; virt < USER_END; virt += PAGE_SIZE) {
		uint32_t entry = fake_page_entry(directory, virt);
		if (entry)
			assert_int_equal(mapped[entry / PAGE_SIZE]++, 0);
	}
}

static void each_capability_has_the_rights_that_it_is_for(void **state)
{
	static const struct {
		uint32_t position, type, rights;
	} own[] = {{BOOT_CAP_CSPACE, CAP_CSPACE, RWI},
		   {BOOT_CAP_VSPACE, CAP_VSPACE, RIGHT_WRITE | RIGHT_INSPECT},
		   {BOOT_CAP_THREAD, CAP_THREAD, RWI},
		   {BOOT_CAP_IRQ, CAP_IRQ, RIGHT_READ | RIGHT_GRANT | RIGHT_INSPECT},
		   {BOOT_CAP_ARCHIVE, CAP_MMIO, RIGHT_READ},
		   {BOOT_CAP_AUDIT, CAP_AUDIT, RW}};
	(void)state;
	for (uint32_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		assert_int_equal(slot_at_position(own[i].position)->type, own[i].type);
		assert_int_equal(slot_at_position(own[i].position)->rights, own[i].rights);
	}
	assert_int_equal(info->caps[BOOT_CAP_KEPT].cap, CAP_NULL);
	assert_int_equal(info->caps[BOOT_CAP_BODY].cap, CAP_NULL);
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++) {
		const slot_t *slot = slot_at_position(i);
		assert_true(slot->type == CAP_PIO || slot->type == CAP_MMIO ||
			    slot->type == CAP_UNTYPED);
		assert_int_equal(slot->rights, slot->type == CAP_UNTYPED
						   ? RIGHT_WRITE
						   : RIGHT_READ | RIGHT_WRITE | RIGHT_GRANT);
	}
}

static void the_module_is_handed_over_read_only_and_behind_it_is_nothing(void **state)
{
	(void)state;
	const slot_t *archive = slot_at_position(BOOT_CAP_ARCHIVE);
	assert_int_equal(archive->object, module.start);
	assert_int_equal(archive->extra, 3 * MIB + 0x2fff);
	assert_int_equal(info->archive_size, module.end - module.start);
	for (uint32_t at = module.start; at <= archive->extra; at++)
		if (fake_memory()[at] != (at < module.end ? LEFTOVER : 0))
			fail_msg("0x%x is %x", at, fake_memory()[at]);
	start(SPAN_OTHER, (region_t){0, 0});
	assert_int_equal(info->caps[BOOT_CAP_ARCHIVE].cap, CAP_NULL);
	assert_int_equal(info->archive_size, 0);
}

static void it_is_told_what_there_is(void **state)
{
	uint32_t bytes = 0;
	(void)state;
	for (uint32_t i = 0; i < info->cap_count; i++) {
		const struct boot_cap_entry *entry = &info->caps[i];
		if (entry->cap == CAP_NULL)
			continue;
		const slot_t *slot = slot_at_position(i);
		bool range = slot->type == CAP_MMIO;
		assert_int_equal(entry->type, slot->type);
		if (range || slot->type == CAP_UNTYPED)
			assert_int_equal(entry->scope0, slot->object);
		if (range)
			assert_int_equal(entry->scope1, slot->extra - slot->object + 1);
		if (slot->type == CAP_UNTYPED)
			bytes += 1u << entry->scope1;
	}
	assert_in_range(bytes, 14 * MIB, 15 * MIB - 1);
	assert_int_equal(info->ram_kib, bytes / KIB);
	assert_int_equal(info->magic, BOOT_INFO_MAGIC);
	assert_int_equal(info->abi_version, ABI_VERSION);
	assert_int_equal(info->size, sizeof(*info));
	assert_int_equal(info->table_span, FAKE_TABLE_SPAN);
	assert_string_equal(info->cmdline, CMDLINE);
	assert_int_equal(kernel.audit.free_bytes, bytes);
}

/* Of the physical ranges behind the well-known capabilities, the next from *position on. */
static const slot_t *next_range(uint32_t *position)
{
	while (*position < info->cap_count) {
		const slot_t *slot = slot_at_position((*position)++);
		if (slot->type == CAP_MMIO)
			return slot;
	}
	return NULL;
}

static void expect_range(uint32_t *position, uint32_t first, uint32_t last)
{
	const slot_t *slot = next_range(position);
	assert_non_null(slot);
	assert_int_equal(slot->object, first);
	assert_int_equal(slot->extra, last);
}

/* A window in bytes, where its pages may end at 4 GiB. */
static void of_physical_addresses_it_has_both_windows_or_one(void **state)
{
	static const uint32_t kinds[] = {SPAN_OTHER, SPAN_USABLE, SPAN_MEMORY};
	(void)state;
	for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		uint32_t position = BOOT_CAP_FIRST;
		start(kinds[i], module);
		expect_range(&position, ISA_WINDOW_FIRST, ISA_WINDOW_LAST);
		if (kinds[i] == SPAN_OTHER)
			expect_range(&position, RAM_END, BUS_WINDOW_LAST);
		assert_null(next_range(&position));
		assert_int_equal(kernel.ram_first, MIB);
		assert_int_equal(kernel.ram_last,
				 kinds[i] == SPAN_OTHER ? RAM_END - 1 : UINT32_MAX - 1);
	}
}

static void it_begins_at_its_entry_with_its_stack_and_before_all_others(void **state)
{
	const tcb_t *root = kernel.root;
	(void)state;
	assert_int_equal(root->frame.eip, ROOT_IMAGE_ENTRY);
	assert_int_equal(root->frame.esp, ROOT_STACK_TOP);
	assert_int_equal(root->priority, PRIORITY_MAX);
	assert_int_equal(root->base_priority, PRIORITY_MAX);
	assert_int_equal(root->max_priority, PRIORITY_MAX);
	assert_int_equal(root->slots[BIND_CSPACE].rights, RWI);
	assert_int_equal(root->slots[BIND_VSPACE].rights, RIGHT_WRITE);
	assert_int_equal(root->slots[BIND_BUFFER].rights, RW);
	uint32_t buffer = fake_page_entry(vspace_directory(root->vspace), ROOT_BUFFER);
	assert_int_equal(root->slots[BIND_BUFFER].object, buffer & FAKE_ADDRESS);
	assert_true(fake_leave());
	assert_ptr_equal(kernel.sched.current, root);
}

#define ROOT_TEST(name) cmocka_unit_test_setup(name, start_usual)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ROOT_TEST(each_page_is_for_what_it_is_and_for_nothing_else),
	    ROOT_TEST(no_page_of_its_own_is_memory_that_it_is_given),
	    ROOT_TEST(no_two_pages_of_its_own_are_the_same_memory),
	    ROOT_TEST(each_capability_has_the_rights_that_it_is_for),
	    ROOT_TEST(the_module_is_handed_over_read_only_and_behind_it_is_nothing),
	    ROOT_TEST(it_is_told_what_there_is),
	    ROOT_TEST(of_physical_addresses_it_has_both_windows_or_one),
	    ROOT_TEST(it_begins_at_its_entry_with_its_stack_and_before_all_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
