/* SPDX-License-Identifier: BSD-2-Clause */
/* The benchmark's root task. It holds the whole machine, measures, and says the figures on the
 * serial port; bench.py makes the table. It never decides whether a figure is good. */
#include "bench.h"
#include "cap/string.h"

#define ROUNDS_DEFAULT 1000u
#define ROUNDS_WORD    "rounds="

int main(void);

/* "rounds=N" on the kernel's command line. */
static uint32_t read_rounds(void)
{
	const char *at = boot_info()->cmdline;
	while (*at && strncmp(at, ROUNDS_WORD, sizeof(ROUNDS_WORD) - 1) != 0)
		at++;
	uint32_t rounds = 0;
	if (*at)
		for (at += sizeof(ROUNDS_WORD) - 1; *at >= '0' && *at <= '9'; at++)
			rounds = rounds * 10 + (uint32_t)(*at - '0');
	if (rounds == 0)
		return ROUNDS_DEFAULT;
	return rounds < SAMPLES_MAX ? rounds : SAMPLES_MAX;
}

/* entry.S left the time of the kernel's first instruction in the video memory. */
static void measure_boot(uint64_t started)
{
	uint32_t video = must("derive the video memory",
			      cap_derive(find_boot_cap(CAP_MMIO, VIDEO_PHYSICAL), RIGHT_READ,
					 VIDEO_PHYSICAL, VIDEO_BYTES));
	must("page tables",
	     process_add_tables(world_maker(), world_root(), VIDEO_BASE, VIDEO_BYTES));
	must("map the video memory", cap_mmio_map(video, VIDEO_BASE, VIDEO_BYTES / PAGE_SIZE));
	const volatile uint32_t *note = (const volatile uint32_t *)(VIDEO_BASE + ENTRY_NOTE);
	uint64_t entered = note[0] | (uint64_t)note[1] << 32;
	sample((uint32_t)(started - entered));
	report_samples("boot");
}

int main(void)
{
	uint64_t started = now64();
	report_init();
	world_init();
	measure_boot(started);
	shared()->rounds = read_rounds();
	shared()->done = make(CAP_NOTIFICATION, 0);
	shared()->never = make(CAP_NOTIFICATION, 0);
	space_t first = space_clone(), second = space_clone();
	measure_calls();
	measure_ipc(&first, &second);
	measure_caps();
	measure_process();
	interrupt_init(&second);
	measure_interrupt("busy");
	report_probe("busy");
	measure_loads(&first, &second);
	interrupt_end();
	/* Last: what comes after sleep is not the same in every run. */
	measure_driver(&second);
	interrupt_init(&second);
	measure_idle("idle");
	measure_traced(&first, &second);
	report("bench end");
	finish();
}
