/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's start. */
#include "abi/syscalls.h"
#include "arch/arch.h"
#include "base/assert.h"
#include "base/print.h"
#include "boot/memory.h"
#include "boot/root.h"
#include "object/kernel.h"

_Noreturn void kernel_main(uint32_t magic, uint32_t info);

static boot_loader_t loader;

static uint32_t take_page(void)
{
	return boot_memory_take(PAGE_BITS);
}

_Noreturn void kernel_main(uint32_t magic, uint32_t info)
{
	arch_console_init();
	print("castellan: kernel ABI %u.%u\n", ABI_VERSION_MAJOR, ABI_VERSION_MINOR);
	const char *trouble = multiboot_read(magic, info, &loader);
	if (trouble)
		panic(trouble);
	boot_memory_init(&loader, (region_t){arch_image_start(), arch_image_end()});
	arch_init(boot_memory_top(), take_page);
	irq_init();
	cspace_init();
	kernel.audit.abi_version = ABI_VERSION;
	kernel.audit.flags = RE36_DEV_TRUST_BOOT ? AUDIT_TRUST_BOOT : 0;
	if (RE36_DEV_TRUST_BOOT)
		print(
		    "castellan: RE36_DEV_TRUST_BOOT: thread 0 may map what it was not given\n");
	root_start(&loader);
	print("castellan: %u KiB of memory free, boot module %u KiB\n",
	      kernel.audit.free_bytes / 1024, (loader.module.end - loader.module.start) / 1024);
	if (loader.modules > 1)
		print("castellan: only the first of %u boot modules is used\n", loader.modules);
	arch_enter(kernel_leave());
}
