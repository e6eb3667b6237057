/* SPDX-License-Identifier: BSD-2-Clause */
/* Has the real-time clock interrupt some times a second, takes care of its device at once, and
 * then waits before it lets the interrupt be acknowledged. */
#include "cap/driver.h"
#include "cap/syscall.h"

/* Motorola MC146818A data sheet, "Registers". */
#define CMOS_INDEX 0x70u
#define CMOS_DATA  0x71u
#define STATUS_A   0x0au
#define STATUS_B   0x0bu
#define STATUS_C   0x0cu /* reading it takes the interrupt back */
#define RATE_8_HZ  0x2du /* with the divider of a 32,768 Hz crystal */
#define PERIODIC   0x42u /* interrupts; the time goes on in 24 hours */

#define LATE_MS 50u

static err_t write_register(uint8_t index, uint8_t value)
{
	err_t err = driver_out8(0, CMOS_INDEX, index);
	return err ? err : driver_out8(0, CMOS_DATA, value);
}

static err_t take_back(void)
{
	uint8_t cause;
	err_t err = driver_out8(0, CMOS_INDEX, STATUS_C);
	return err ? err : driver_in8(0, CMOS_DATA, &cause);
}

static err_t dawdler_run(void)
{
	err_t err = write_register(STATUS_A, RATE_8_HZ);
	if (!err)
		err = write_register(STATUS_B, PERIODIC);
	return err ? err : take_back();
}

static void dawdler_irq(unsigned index)
{
	static uint32_t count;
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	uint32_t bits;
	(void)index;
	(void)take_back();
	notification_wait(page->notification, LATE_MS, &bits);
	driver_log("interrupt %u", (unsigned)++count);
}

int main(void)
{
	static const driver_ops_t ops = {.run = dawdler_run, .irq = dawdler_irq};
	return driver_main(&ops);
}
