/* SPDX-License-Identifier: BSD-2-Clause */
/* What takes the machine from under the kernel, or reaches all memory, by one store: nobody
 * must be able to have it. test_attacks.py reads these rows for its manifests, main.c for its
 * calls. Addresses are those of QEMU's machines with 16 MiB of memory; where a machine has
 * something else or nothing there, it must be refused all the same. */
#ifndef TEST_ATTACKS_H
#define TEST_ATTACKS_H

/* X(name, first, last, "what a store there does"): ports, both inclusive. */
#define ATTACK_PORTS(X)                                                                        \
	X(fw_cfg, 0x0510, 0x051b, "QEMU's firmware configuration: DMA anywhere at 0x514")      \
	X(acpi_q35, 0x0600, 0x067f, "power management, ICH9: power off, reset")                \
	X(acpi_pc, 0xb000, 0xb03f, "power management, PIIX4: the same")                        \
	X(pci_hotplug, 0xae00, 0xae17, "takes devices off the bus")                            \
	X(cpu_hotplug, 0xaf00, 0xaf1f, "takes processors away")                                \
	X(gpe, 0xafe0, 0xafe3, "general-purpose events")                                       \
	X(smi, 0x00b2, 0x00b3, "enters system management mode")                                \
	X(bus_master, 0xc040, 0xc04f, "disk controller's DMA, where the firmware put it")      \
	X(pci, 0x0cf8, 0x0cff, "PCI configuration, and reset at 0xcf9")                        \
	X(bench_exit, 0x00f4, 0x00f7, "ends QEMU")                                             \
	X(port_a, 0x0092, 0x0092, "reset, address line 20")                                    \
	X(dma_1, 0x0000, 0x000f, "first DMA controller")                                       \
	X(dma_2, 0x00c0, 0x00df, "second DMA controller")                                      \
	X(interrupts, 0x0020, 0x0021, "interrupt controller")                                  \
	X(levels, 0x04d0, 0x04d1, "its trigger modes")                                         \
	X(timer, 0x0040, 0x0043, "the kernel's clock")                                         \
	X(across_keyboard, 0x0060, 0x0065, "one port too many behind the keyboard's")

/* The same for physical memory, whole pages. */
#define ATTACK_MEMORY(X)                                                                       \
	X(message_window, 0xfeeff000, 0xfeefffff, "an interrupt of any vector")                \
	X(local_apic, 0xfee00000, 0xfee00fff, "local APIC")                                    \
	X(io_apic, 0xfec00000, 0xfec00fff, "I/O APIC")                                         \
	X(hpet, 0xfed00000, 0xfed00fff, "stops the kernel's clock (legacy replacement)")       \
	X(pcie, 0xb0000000, 0xb0000fff, "PCI configuration in memory (q35)")                   \
	X(firmware_ram, 0x00fe0000, 0x00ffffff, "the firmware's tables, above what is RAM")    \
	X(firmware, 0x000f0000, 0x000fffff, "the firmware, and what the loader was told")      \
	X(flash, 0xfffc0000, 0xffffffff, "the firmware's memory")

#endif
