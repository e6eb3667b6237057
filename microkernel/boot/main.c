/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's start. CASTELLAN is its name, version and commit (cmake/version.sh). */
#include "abi/syscalls.h"
#include "arch/arch.h"
#include "base/assert.h"
#include "base/print.h"
#include "boot/memory.h"
#include "boot/root.h"
#include "object/kernel.h"

_Noreturn void kernel_main(uint32_t magic, uint32_t info);

static uint32_t take_page(void *memory)
{
	return boot_memory_take(memory, PAGE_BITS);
}

_Noreturn void kernel_main(uint32_t magic, uint32_t info)
{
	arch_console_init();
	print(CASTELLAN ": kernel ABI %u.%u\n", ABI_VERSION_MAJOR, ABI_VERSION_MINOR);
	/* On the stack, which the kernel leaves with all that is on it. */
	boot_loader_t loader;
	boot_memory_t memory;
	const char *trouble = multiboot_read(magic, info, &loader);
	if (!trouble)
		trouble = boot_memory_init(&memory, &loader,
					   (region_t){arch_image_start(), arch_image_end()});
	if (trouble)
		panic(trouble);
	arch_map_early(boot_memory_early(&memory));
	arch_init(memory.top, take_page, &memory);
	boot_memory_mapped(&memory);
	irq_init();
	cspace_init();
	kernel.audit.abi_version = ABI_VERSION;
	kernel.audit.flags = RE36_DEV_TRUST_BOOT ? AUDIT_TRUST_BOOT : 0;
	if (RE36_DEV_TRUST_BOOT)
		print(
		    "castellan: RE36_DEV_TRUST_BOOT: thread 0 may map what it was not given\n");
	root_start(&loader, &memory);
	print("castellan: %u KiB of memory free, boot module %u KiB\n",
	      kernel.audit.free_bytes / 1024, (loader.module.end - loader.module.start) / 1024);
	if (loader.modules > 1)
		print("castellan: only the first of %u boot modules is used\n", loader.modules);
	arch_enter(kernel_leave());
}
