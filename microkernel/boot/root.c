/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the root task and hands it everything. */
#include "boot/root.h"

#include "arch/arch.h"
#include "base/assert.h"
#include "base/memory.h"
#include "boot/memory.h"
#include "boot/ports.h"
#include "boot/windows.h"
#include "object/kernel.h"
#include "object/untyped.h"
#include "object/vspace.h"

#define ROOT_CSPACE_BITS 10u
#define UNTYPED_KEPT	 24u /* entries of the boot information that no window takes */

extern uint8_t root_image[], root_image_end[];

typedef struct root {
	boot_memory_t *memory;
	cspace_t *cspace;
	tcb_t *tcb;
	uint32_t vspace; /* physical address of the object */
	boot_info_t *info;
} root_t;

/* Puts a parentless capability into the root task's cspace and into its boot information. */
static slot_t *give(root_t *root, uint32_t position, uint32_t type, uint32_t rights,
		    uint32_t object, uint32_t extra)
{
	slot_t *slot = cspace_take(root->cspace);
	kernel_assert(slot && position < BOOT_CAPS_MAX);
	slot_fill_root(slot, type, rights, object, extra);
	uint32_t scope[2];
	object_scope(slot, slot, scope);
	root->info->caps[position] =
	    (struct boot_cap_entry){slot->name, type, scope[0], scope[1]};
	if (root->info->cap_count <= position)
		root->info->cap_count = position + 1;
	return slot;
}

static slot_t *give_next(root_t *root, uint32_t type, uint32_t rights, uint32_t object,
			 uint32_t extra)
{
	return give(root, root->info->cap_count, type, rights, object, extra);
}

static void map(const root_t *root, uint32_t virt, uint32_t address, uint32_t flags)
{
	uint32_t directory = vspace_directory(root->vspace);
	if (!arch_table_present(directory, virt))
		arch_table_set(directory, virt, boot_memory_take(root->memory, PAGE_BITS));
	arch_pages_set(directory, virt, address, 1, flags);
}

static void map_image(const root_t *root)
{
	const root_image_t *image = (const void *)root_image;
	uint32_t size = (uint32_t)(root_image_end - root_image);
	kernel_assert(image->magic == ROOT_IMAGE_MAGIC && image->end - ROOT_BASE == size);
	for (uint32_t at = 0; at < size; at += PAGE_SIZE)
		map(root, ROOT_BASE + at, arch_physical(root_image + at),
		    ROOT_BASE + at < image->data_start ? ARCH_PAGE_EXEC : ARCH_PAGE_WRITE);
	for (uint32_t at = 0; at < ROOT_STACK_SIZE; at += PAGE_SIZE)
		map(root, ROOT_STACK_TOP - ROOT_STACK_SIZE + at,
		    boot_memory_take(root->memory, PAGE_BITS), ARCH_PAGE_WRITE);
}

static void make_objects(root_t *root)
{
	uint32_t cspace = boot_memory_take(root->memory, ROOT_CSPACE_BITS + SLOT_BITS);
	uint32_t tcb = boot_memory_take(root->memory, PAGE_BITS);
	root->vspace = boot_memory_take(root->memory, VSPACE_BITS);
	cspace_create(cspace, ROOT_CSPACE_BITS);
	thread_create(tcb, 0);
	vspace_create(root->vspace, 0);
	root->cspace = arch_pointer(cspace);
	root->tcb = arch_pointer(tcb);
}

static void give_own(root_t *root, const boot_loader_t *loader)
{
	uint32_t all = RIGHT_READ | RIGHT_WRITE | RIGHT_INSPECT;
	slot_t *cspace = give(root, BOOT_CAP_CSPACE, CAP_CSPACE, all,
			      arch_physical(root->cspace), ROOT_CSPACE_BITS);
	slot_t *vspace = give(root, BOOT_CAP_VSPACE, CAP_VSPACE, RIGHT_WRITE | RIGHT_INSPECT,
			      root->vspace, 0);
	give(root, BOOT_CAP_THREAD, CAP_THREAD, all, arch_physical(root->tcb), 0);
	give(root, BOOT_CAP_IRQ, CAP_IRQ, object_types[CAP_IRQ].rights, 0, IRQ_LINES - 1);
	give(root, BOOT_CAP_AUDIT, CAP_AUDIT, object_types[CAP_AUDIT].rights, 0, 0);
	slot_derive(&root->tcb->slots[BIND_CSPACE], cspace, all, 0, 0);
	thread_slot_filled(&root->tcb->slots[BIND_CSPACE]);
	slot_derive(&root->tcb->slots[BIND_VSPACE], vspace, RIGHT_WRITE, 0, 0);
	thread_slot_filled(&root->tcb->slots[BIND_VSPACE]);
	root->info->cap_count = BOOT_CAP_FIRST;
	if (loader->module.start == loader->module.end)
		return;
	uint32_t size = loader->module.end - loader->module.start;
	/* The loader's leftovers behind the module are nobody's business. */
	memset(arch_pointer(loader->module.end), 0, -size % PAGE_SIZE);
	root->info->archive_size = size;
	give(root, BOOT_CAP_ARCHIVE, CAP_MMIO, RIGHT_READ, loader->module.start,
	     loader->module.start + ((size - 1) | (PAGE_SIZE - 1)));
}

static void give_ports(root_t *root)
{
	uint32_t row = 0, first, last;
	while (ports_next(&row, &first, &last))
		give_next(root, CAP_PIO, object_types[CAP_PIO].rights, first, last);
}

/* What the memory map does not name of the windows, as long as there is room. */
static void give_windows(root_t *root, const physical_t *map)
{
	uint32_t page = 0;
	pages_t piece;
	while (root->info->cap_count < BOOT_CAPS_MAX - BOOT_CAPS_SPARE - UNTYPED_KEPT &&
	       windows_next(map, &page, &piece))
		give_next(root, CAP_MMIO, object_types[CAP_MMIO].rights,
			  piece.first * PAGE_SIZE,
			  (piece.end - 1) * PAGE_SIZE + (PAGE_SIZE - 1));
}

/* Untypeds, the largest first, and places left for what init makes of them. */
static void give_memory(root_t *root)
{
	uint32_t start, bits;
	while (root->info->cap_count < BOOT_CAPS_MAX - BOOT_CAPS_SPARE &&
	       boot_memory_rest(root->memory, &start, &bits))
		untyped_add_root(give_next(root, CAP_UNTYPED, RIGHT_WRITE, start, bits));
}

static void fill_info(root_t *root, const boot_loader_t *loader)
{
	boot_info_t *info = root->info;
	info->magic = BOOT_INFO_MAGIC;
	info->abi_version = ABI_VERSION;
	info->size = sizeof(*info);
	info->table_span = arch_table_span();
	for (uint32_t i = 0; i < BOOT_CMDLINE; i++)
		info->cmdline[i] = loader->cmdline[i];
}

void root_start(const boot_loader_t *loader, boot_memory_t *memory)
{
	root_t root = {.memory = memory};
	uint32_t info = boot_memory_take(memory, PAGE_BITS);
	uint32_t buffer = boot_memory_take(memory, PAGE_BITS);
	uint32_t bus = physical_bus_first(&loader->map);
	root.info = arch_pointer(info);
	make_objects(&root);
	map_image(&root);
	map(&root, ROOT_BOOT_INFO, info, 0);
	map(&root, ROOT_BUFFER, buffer, ARCH_PAGE_WRITE);
	fill_info(&root, loader);
	give_own(&root, loader);
	slot_fill_root(&root.tcb->slots[BIND_BUFFER], CAP_FRAME, RIGHT_READ | RIGHT_WRITE,
		       buffer, PAGE_BITS);
	thread_slot_filled(&root.tcb->slots[BIND_BUFFER]);
	give_ports(&root);
	give_windows(&root, &loader->map);
	give_memory(&root);
	root.info->ram_kib = kernel.audit.ram_bytes / 1024;

	const root_image_t *image = (const void *)root_image;
	frame_set_start(&root.tcb->frame, image->entry, ROOT_STACK_TOP);
	root.tcb->priority = root.tcb->base_priority = root.tcb->max_priority = PRIORITY_MAX;
	kernel.root = root.tcb;
	kernel.ram_first = MEGABYTE;
	kernel.ram_last = bus < PHYSICAL_PAGES ? bus * PAGE_SIZE - 1 : UINT32_MAX - 1;
	sched_ready(root.tcb);
}
