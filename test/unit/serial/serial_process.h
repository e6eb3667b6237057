/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole serial driver, glue included, on a runtime that is played here and a port of
 * fake_ns16550.h. Each access to a port is a point at which it can die (test/fake/cut.h). */
#ifndef TEST_SERIAL_PROCESS_H
#define TEST_SERIAL_PROCESS_H

#include <stdio.h>
#include <string.h>

int serial_main(void);
#define main serial_main
#include "serial/main.c"
#undef main

#include "fake_ns16550.h"
#include "test/fake/cut.h"
#include "test/fake/runtime.h"

/* ---- the runtime ---- */

static char line[200], names[256];
static uint32_t values[16], rows_made, generation;
static bool no_frame; /* the manager gave none to keep in */

uint32_t driver_now_ms(void)
{
	return port.now_ms;
}

void driver_log(const char *text, ...)
{
	va_list args;
	va_start(args, text);
	vsnprintf(line, sizeof(line), text, args);
	va_end(args);
}

void driver_stat(driver_stats_t *rows, const char *name, uint32_t value)
{
	(void)rows;
	strcat(strcat(names, name), " ");
	values[rows_made++] = value;
}

err_t driver_in8(unsigned index, uint16_t number, uint8_t *value)
{
	assert_int_equal(index, 0);
	assert_in_range(number, NS16550_BASE, NS16550_LAST);
	cut_here();
	if (refuse == DRV_OK)
		*value = port_read((uint8_t)(number - NS16550_BASE));
	return refuse;
}

/* As the kernel does it: in one step. */
err_t driver_keep8(unsigned index, uint16_t number, uint32_t offset, uint8_t *value)
{
	pio_kept_t *kept_in = (pio_kept_t *)(void *)(page + offset);
	if (no_frame)
		return DRV_EBADCAP;
	assert_int_equal(number, NS16550_BASE + NS16550_DATA);
	err_t error = driver_in8(index, number, value);
	cut_hold(true);
	if (error == DRV_OK) {
		kept_in->value = *value;
		kept_in->count++;
	}
	cut_hold(false);
	return error;
}

uint32_t driver_generation(void)
{
	return generation;
}

err_t driver_out8(unsigned index, uint16_t number, uint8_t value)
{
	assert_int_equal(index, 0);
	assert_in_range(number, NS16550_BASE, NS16550_LAST);
	cut_here();
	if (refuse == DRV_OK)
		port_write((uint8_t)(number - NS16550_BASE), value);
	return refuse;
}

/* ---- helpers ---- */

/* A new process: nothing survives but the machine and the kept page. */
static inline void start_process(void)
{
	step_open = keeping = received = false;
	generation++;
	runtime_begin(sizeof(kept_t));
	rows_made = 0;
	line[0] = names[0] = '\0';
	assert_int_equal(serial_main(), 0);
}

/* A page of zeros, and a port. */
static inline void new_machine(void)
{
	page = cut_page();
	memset(&port, 0, sizeof(port));
	generation = 0;
	no_frame = false;
}

/* Lets time pass as the driver asks until the open step is done. */
static inline err_t step(err_t result)
{
	while (result == DRV_EAGAIN && !done_count) {
		assert_int_not_equal(timer_ms, DRIVER_NO_TIMER);
		port.now_ms += timer_ms;
		ops->timer();
	}
	if (done_count)
		result = done;
	done_count = 0;
	return result;
}

static inline void run_it(void)
{
	assert_int_equal(step(ops->probe()), DRV_OK);
	assert_int_equal(step(ops->init()), DRV_OK);
}

static inline void type(const char *text)
{
	memcpy(port.input + port.input_count, text, strlen(text));
	port.input_count += (uint32_t)strlen(text);
	port_receive();
}

#endif
