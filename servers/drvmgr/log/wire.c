/* SPDX-License-Identifier: BSD-2-Clause */
/* The last resort of wire.h. */
#include "log/wire.h"

#include "cap/syscall.h"
#include "hw/ns16550.h"
#include "claims/claims.h"
#include "hands/grant.h"

#define DATA	    (NS16550_BASE + NS16550_DATA)
#define LINE_STATUS (NS16550_BASE + NS16550_LINE_STATUS)
#define NO_DEVICE   0xffu /* an empty bus; bit 7 and bit 0 of a port at rest are not set */

#define PIECE	64u /* bytes in one turn, of a sender that is never busy */
#define TURN_MS 1u  /* between two turns */
#define IDLE_MS 1000u

/* Invariant WI1: `port` is null unless the manager is writing; it then covers the eight ports
 * alone. */
static struct {
	uint32_t position; /* of the log, what is before is out */
	uint64_t taken_ms; /* when a reader asked last */
	cap_t port;
	bool returned; /* the CR of a line's end is out */
	bool absent;   /* there is no such device */
	bool explained;
} wire;

void wire_taken(manager_t *manager, uint32_t position)
{
	wire.taken_ms = manager->now_ms;
	wire.position = position;
	wire.returned = wire.explained = false;
}

void wire_restore(const manager_t *manager, uint32_t position)
{
	wire.taken_ms = manager->now_ms;
	wire.position = position;
}

cap_t wire_port(void)
{
	return wire.port;
}

uint32_t wire_position(void)
{
	return wire.position;
}

/* The live driver that has one of the ports; null: nobody. */
static const driver_t *find_holder(const manager_t *manager)
{
	for (uint32_t i = 0; i < manager->count; i++) {
		const driver_t *driver = &manager->drivers[i];
		if (driver->instance.alive && claims_want(&driver->manifest, CLAIM_PORTS,
							  (span_t){NS16550_BASE, NS16550_LAST}))
			return driver;
	}
	return NULL;
}

static bool has_text(const manager_t *manager)
{
	return !wire.absent && manager->log->head != wire.position;
}

static uint32_t silence_left(const manager_t *manager)
{
	uint64_t end = wire.taken_ms + WIRE_SILENCE_MS;
	return end > manager->now_ms ? (uint32_t)(end - manager->now_ms) : 0;
}

uint32_t wire_backlog(const manager_t *manager)
{
	return has_text(manager) && silence_left(manager) ? manager->log->head - wire.position
							  : 0;
}

static void let_go(void)
{
	if (wire.port)
		cap_release(wire.port);
	wire.port = CAP_NULL;
}

static bool take_port(manager_t *manager)
{
	uint8_t status = NO_DEVICE;
	if (wire.port)
		return true;
	int32_t made =
	    cap_derive(grant_master_port(manager, NS16550_BASE), RIGHT_READ | RIGHT_WRITE,
		       PIO_SCOPE(NS16550_BASE, NS16550_LAST), PIO_WIDTH_8);
	if (made < 0)
		return false;
	wire.port = (cap_t)made;
	if (cap_pio_read8(wire.port, LINE_STATUS, &status) == DRV_OK && status != NO_DEVICE)
		return true;
	wire.absent = true;
	let_go();
	return false;
}

/* One that is busy is not waited for: others run, and there is another turn. A chip without
 * buffers gets a character or two in each, which at 115,200 baud takes 87 us. */
static bool send(uint8_t byte)
{
	uint8_t status = 0;
	return cap_pio_read8(wire.port, LINE_STATUS, &status) == DRV_OK &&
	       status & NS16550_STATUS_ROOM && cap_pio_write8(wire.port, DATA, byte) == DRV_OK;
}

/* Sends one character of the log, a line's end as CR LF. */
static bool send_character(char c)
{
	if (c == '\n' && !wire.returned) {
		wire.returned = send('\r');
		if (!wire.returned)
			return false;
	}
	bool printable = (c >= ' ' && c <= '~') || c == '\n';
	if (!send((uint8_t)(printable ? c : '?')))
		return false;
	wire.returned = false;
	wire.position++;
	return true;
}

static bool has_to_write(const manager_t *manager)
{
	return has_text(manager) && !silence_left(manager);
}

const driver_t *wire_holder(const manager_t *manager)
{
	return has_to_write(manager) ? find_holder(manager) : NULL;
}

void wire_tick(manager_t *manager)
{
	char text[PIECE];
	if (!has_to_write(manager) || find_holder(manager)) {
		let_go();
		return;
	}
	if (!take_port(manager))
		return;
	if (!wire.explained)
		manager_log_at(manager, HISTORY_MANAGER, LOG_WARN,
			       "drvmgr: no driver has the serial line, so there is no "
			       "prompt; the log goes on here");
	wire.explained = true;
	size_t count = log_read(manager->log, &wire.position, text, sizeof(text));
	for (size_t i = 0; i < count && send_character(text[i]); i++)
		ledger_store(&manager->ledger->written, wire.position);
}

uint32_t wire_wait_ms(const manager_t *manager)
{
	if (wire.port)
		return TURN_MS;
	return has_text(manager) && silence_left(manager) ? silence_left(manager) : IDLE_MS;
}
