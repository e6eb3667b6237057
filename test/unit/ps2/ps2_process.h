/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole driver, glue included, on a runtime that is played here. */
#ifndef PS2_PROCESS_H
#define PS2_PROCESS_H

#include <stdio.h>
#include <string.h>

#include "fake_pc.h"
#include "ps2/i8042.h"
#include "test/fake/cut.h"

int ps2kbd_main(void);
#define main ps2kbd_main
#include "ps2/main.c"
#undef main

#include "test/fake/runtime.h"

#define LOG_LINES  16u
#define LOG_LENGTH 200u

/* ---- the runtime ---- */

static fake_pc_t pc;
static uint32_t access_us; /* that a port takes to be read */
static uint32_t late_ms;   /* between an interrupt and the driver's turn */
static uint32_t generation, kept_reads;
static bool no_frame; /* the manager is an old one */
static char lines[LOG_LINES][LOG_LENGTH];
static unsigned line_count;

uint32_t driver_generation(void)
{
	return generation;
}

uint32_t driver_now_ms(void)
{
	return (uint32_t)(pc.now_us / FAKE_MS);
}

uint32_t driver_turn_ms(void)
{
	return driver_now_ms() - late_ms;
}

void driver_set_timer_at(uint32_t at_ms)
{
	int32_t left = (int32_t)(at_ms - driver_now_ms());
	timer_ms = left > 0 ? (uint32_t)left : 0;
}

void driver_log(const char *text, ...)
{
	va_list args;
	va_start(args, text);
	assert_true(line_count < LOG_LINES);
	vsnprintf(lines[line_count++], LOG_LENGTH, text, args);
	va_end(args);
}

static void check_port(unsigned index, uint16_t port)
{
	assert_true((index == 0 && port == 0x60) || (index == 1 && port == 0x64));
}

err_t driver_in8(unsigned index, uint16_t port, uint8_t *value)
{
	check_port(index, port);
	if (refuse != DRV_OK)
		return refuse;
	pc_pass(&pc, access_us);
	*value = port == 0x60 ? pc_data(&pc) : pc_status(&pc);
	return DRV_OK;
}

err_t driver_keep8(unsigned index, uint16_t port, uint32_t offset, uint8_t *value)
{
	check_port(index, port);
	assert_int_equal(port, 0x60);
	assert_int_equal(offset % 8, 0);
	if (no_frame)
		return DRV_EBADCAP;
	if (refuse != DRV_OK)
		return refuse;
	pio_kept_t *taken = (pio_kept_t *)(void *)(page + offset);
	*value = pc_data(&pc);
	*taken = (pio_kept_t){*value, taken->count + 1};
	kept_reads++;
	return DRV_OK;
}

err_t driver_out8(unsigned index, uint16_t port, uint8_t value)
{
	check_port(index, port);
	if (refuse != DRV_OK)
		return refuse;
	if (port == 0x60)
		pc_write(&pc, value);
	else
		pc_command(&pc, value);
	return DRV_OK;
}

/* ---- helpers ---- */

/* A new process: nothing survives but the machine and the kept page. */
static inline void start_process(void)
{
	runtime_begin(PAGE_SIZE);
	line_count = kept_reads = 0;
	generation++;
	assert_int_equal(ps2kbd_main(), 0);
	context.irq_caps[0] = 1; /* given behind the probe */
	context.irq_caps[1] = 2;
}

static inline int fresh(void **state)
{
	(void)state;
	page = cut_page();
	no_frame = false;
	access_us = late_ms = 0;
	generation = 0;
	pc_init(&pc, &fake_emulator);
	start_process();
	return 0;
}

/* Lets time pass as the driver asks, once. */
static inline void turn(void)
{
	assert_int_not_equal(timer_ms, DRIVER_NO_TIMER);
	pc_pass(&pc, (uint64_t)timer_ms * FAKE_MS);
	ops->timer();
}

static inline void start(void)
{
	assert_int_equal(ops->init(), DRV_OK);
	ops->irq(0);
	ops->irq(1);
}

static inline void press(uint16_t key, bool down)
{
	pc_key(&pc, key, down);
	pc_pass(&pc, 20 * FAKE_MS);
	ops->irq(0);
}

static inline void open_as(uint32_t asked, err_t expected)
{
	session = (session_t){.badge = 1, .asked = asked};
	assert_int_equal(ops->open(&session), expected);
}

/* Reads at a position and moves it. */
static inline int32_t read_at(uint32_t *position, input_event_t *event)
{
	return ops->read_at(&session, position, event, sizeof(*event));
}

static inline err_t ask(uint32_t code, uint32_t argument, uint32_t *value, input_state_t *held)
{
	ioctl_t request = {.code = code, .argument = argument, .data = held};
	err_t err = ops->ioctl(&session, &request);
	*value = request.value;
	if (!err && code == INPUT_IOCTL_GET_STATE)
		assert_int_equal(request.out_bytes, sizeof(*held));
	return err;
}

#endif
