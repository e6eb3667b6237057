/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task of the test of what nobody may have. It holds all that the kernel hands over,
 * so nothing stands between it and the kernel: it acquires every port and samples of all
 * memory, derives from each of its capabilities what attacks.h lists, maps more than it has,
 * and compares what it gets with abi/ports.h. It writes to nothing. */
#include "abi/ports.h"
#include "attacks.h"
#include "bench.h"

#define PORTS	  0x10000u
#define FAR_PORTS 0x1000u
#define FAR_STEP  8u
#define SAMPLE	  0x100000u /* bytes between two pages that are tried above 1 MiB */
#define RAM_START 0x00100000u
#define RIGHTS_RW (RIGHT_READ | RIGHT_WRITE)
#define MAP_AT	  0x20000000u
#define ISA_BYTES (ISA_WINDOW_LAST + 1 - ISA_WINDOW_FIRST)

int main(void);

typedef struct attack {
	const char *name;
	uint32_t first, last;
} attack_t;

#define ROW(name, first, last, why) {#name, first, last},
static const attack_t port_attacks[] = {ATTACK_PORTS(ROW)};
static const attack_t memory_attacks[] = {ATTACK_MEMORY(ROW)};
#undef ROW
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint32_t tried, granted;

/* -- What is listed. --------------------------------------------------------------------- */

static bool is_listed(uint32_t port)
{
#define ROW(first, last, who, reason)                                                          \
	if (port >= (first) && port <= (last))                                                 \
		return true;
	PORTS_GRANTABLE(ROW)
#undef ROW
	return false;
}

static bool are_listed(uint32_t first, uint32_t last)
{
	for (uint32_t port = first; port <= last; port++)
		if (!is_listed(port))
			return false;
	return true;
}

/* Whether one of the windows that were handed over has the page. */
static bool is_in_window(uint32_t address)
{
	return find_boot_cap(CAP_MMIO, address) != CAP_NULL;
}

/* -- Expectations. ----------------------------------------------------------------------- */

static void expect(bool may, bool got, const char *what, uint32_t where)
{
	tried++;
	granted += got;
	if (may == got)
		return;
	report("attacks: %s 0x%x is %s", what, where, got ? "granted" : "refused");
	fail("what is granted is not what is listed", DRV_EPERM);
}

/* Whether a call answered a handle, which is let go of. */
static bool had(int32_t handle)
{
	if (handle > 0)
		must("let go", cap_release((cap_t)handle));
	return handle > 0;
}

/* Of each capability of the type that the kernel handed over. */
static void expect_no_derivation(uint32_t type, uint32_t scope0, uint32_t scope1,
				 const attack_t *attack)
{
	for (uint32_t i = BOOT_CAP_FIRST; i < boot_info()->cap_count; i++)
		if (boot_info()->caps[i].type == type)
			expect(false,
			       had(cap_derive(boot_info()->caps[i].cap, RIGHTS_RW, scope0,
					      scope1)),
			       attack->name, attack->first);
}

/* -- Ports. ------------------------------------------------------------------------------ */

static bool has_ports(uint32_t first, uint32_t last)
{
	return had(cap_acquire(CAP_PIO, PIO_SCOPE(first, last), 0));
}

/* And no two ports of which one is not. Far from what is listed not each is tried. */
static void a_port_is_had_exactly_if_it_is_listed(void)
{
	for (uint32_t port = 0; port < PORTS; port += port < FAR_PORTS ? 1 : FAR_STEP) {
		bool both = is_listed(port) && is_listed(port + 1);
		expect(is_listed(port), has_ports(port, port), "port", port);
		if (is_listed(port) || is_listed(port + 1))
			expect(both, has_ports(port, port + 1), "two ports from", port);
	}
	expect(false, has_ports(0, PORTS - 1), "all ports", 0);
}

static void no_port_capability_reaches(const attack_t *attack)
{
	uint8_t value;
	if (are_listed(attack->first, attack->last))
		return; /* who has all has these; no driver gets them */
	expect(false, has_ports(attack->first, attack->last), attack->name, attack->first);
	/* A scope word of 0 would keep all that the capability has (abi/cap.h). */
	expect_no_derivation(CAP_PIO, PIO_SCOPE(attack->first, attack->last), 0, attack);
	for (uint32_t i = 0; i < boot_info()->cap_count; i++) {
		cap_t cap = boot_info()->caps[i].cap;
		if (!is_listed(attack->first))
			expect(false,
			       cap_pio_read8(cap, (uint16_t)attack->first, &value) == DRV_OK,
			       attack->name, attack->first);
		if (!is_listed(attack->last))
			expect(false, cap_pio_write8(cap, (uint16_t)attack->last, 0) == DRV_OK,
			       attack->name, attack->last);
	}
}

/* -- Memory. ----------------------------------------------------------------------------- */

static bool has_memory(uint32_t address, uint32_t size)
{
	return had(cap_acquire(CAP_MMIO, address, size));
}

/* All pages below 1 MiB and samples of the rest. */
static void a_page_is_had_exactly_if_it_is_in_a_window(void)
{
	for (uint32_t page = 0; page < RAM_START; page += PAGE_SIZE)
		expect(page >= ISA_WINDOW_FIRST && page <= ISA_WINDOW_LAST,
		       has_memory(page, PAGE_SIZE), "page", page);
	for (uint32_t page = RAM_START; page >= RAM_START; page += SAMPLE)
		expect(page <= BUS_WINDOW_LAST && is_in_window(page),
		       has_memory(page, PAGE_SIZE), "page", page);
}

static void no_memory_capability_reaches(const attack_t *attack)
{
	uint32_t size = attack->last - attack->first + 1;
	if (attack->last <= BUS_WINDOW_LAST && is_in_window(attack->first)) {
		report("attacks: %s is in a window", attack->name);
		return;
	}
	for (uint32_t at = 0; at < size; at += PAGE_SIZE)
		expect(false, has_memory(attack->first + at, PAGE_SIZE), attack->name, at);
	expect(false, has_memory(attack->first, size), attack->name, attack->first);
	expect_no_derivation(CAP_MMIO, attack->first, size, attack);
}

/* A mapping is no wider than its capability, and a wider one is refused. */
static void a_window_is_mapped_to_its_end_and_no_page_further(void)
{
	cap_t window =
	    must("the ISA window", cap_acquire(CAP_MMIO, ISA_WINDOW_FIRST, ISA_BYTES));
	must("page tables",
	     process_add_tables(world_maker(), world_root(), MAP_AT, ISA_BYTES + PAGE_SIZE));
	expect(false, cap_mmio_map(window, MAP_AT, ISA_BYTES / PAGE_SIZE + 1) == DRV_OK,
	       "a mapping beyond", ISA_WINDOW_LAST);
	must("map the window", cap_mmio_map(window, MAP_AT, ISA_BYTES / PAGE_SIZE));
	must("unmap the window", cap_mmio_unmap(window));
	must("let go", cap_release(window));
}

/* No page of a window is memory for objects; what attacks.h lists and is, is said. */
static void memory_is_one_or_the_other(void)
{
	const boot_info_t *info = boot_info();
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++) {
		const struct boot_cap_entry *untyped = &info->caps[i];
		if (untyped->type != CAP_UNTYPED)
			continue;
		uint32_t last = untyped->scope0 + ((1u << untyped->scope1) - 1);
		for (uint32_t page = untyped->scope0; page < last; page += PAGE_SIZE)
			expect(false, is_in_window(page), "untyped memory", page);
		for (uint32_t a = 0; a < COUNT(memory_attacks); a++)
			if (memory_attacks[a].first <= last &&
			    untyped->scope0 <= memory_attacks[a].last)
				report("attacks: %s is memory", memory_attacks[a].name);
	}
}

static void report_windows(void)
{
	const boot_info_t *info = boot_info();
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++)
		if (info->caps[i].type == CAP_MMIO)
			report("attacks: window 0x%x..0x%x", info->caps[i].scope0,
			       info->caps[i].scope0 + (info->caps[i].scope1 - 1));
}

int main(void)
{
	report_init();
	world_init();
	report_windows();
	a_port_is_had_exactly_if_it_is_listed();
	a_page_is_had_exactly_if_it_is_in_a_window();
	for (uint32_t i = 0; i < COUNT(port_attacks); i++)
		no_port_capability_reaches(&port_attacks[i]);
	for (uint32_t i = 0; i < COUNT(memory_attacks); i++)
		no_memory_capability_reaches(&memory_attacks[i]);
	a_window_is_mapped_to_its_end_and_no_page_further();
	memory_is_one_or_the_other();
	report("attacks: %u tried, %u of them granted", tried, granted);
	finish();
}
