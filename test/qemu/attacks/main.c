/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task of the test of what nobody may have. It holds all that the kernel hands over,
 * so nothing stands between it and the kernel: it acquires ports, derives from each of its
 * capabilities what attacks.h lists, and compares what it gets with abi/ports.h. */
#include "abi/ports.h"
#include "attacks.h"
#include "bench.h"

#define PORTS	  0x10000u
#define FAR_PORTS 0x1000u
#define FAR_STEP  8u
#define RIGHTS_RW (RIGHT_READ | RIGHT_WRITE)

int main(void);

typedef struct attack {
	const char *name;
	uint32_t first, last;
} attack_t;

#define ROW(name, first, last, why) {#name, first, last},
static const attack_t port_attacks[] = {ATTACK_PORTS(ROW)};
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

int main(void)
{
	report_init();
	world_init();
	a_port_is_had_exactly_if_it_is_listed();
	for (uint32_t i = 0; i < COUNT(port_attacks); i++)
		no_port_capability_reaches(&port_attacks[i]);
	report("attacks: %u tried, %u of them granted", tried, granted);
	finish();
}
