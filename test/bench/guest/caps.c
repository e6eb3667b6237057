/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that come straight back: capabilities, memory, ports; and a whole process. */
#include "bench.h"

#include "abi/protocol/driver.h"

#define DELAY_PORT	 0x80u /* the POST code's: reading it does nothing */
#define REVOKED_CHILDREN 1000u
#define BATCH_BITS	 20u /* of the untyped that objects are made from and revoked */
#define BATCH		 200u
#define HOME_BITS	 12u
#define PROCESS_BITS	 17u
#define PROCESS_CSPACE	 CSPACE_BITS_MIN
#define PROCESS_ROUNDS	 8u /* one of so many rounds: it takes long */
#define REVOKE_ROUNDS	 50u

typedef struct subject {
	cap_t cap, notification, frame, port;
} subject_t;

static void call_empty(const subject_t *subject)
{
	(void)subject;
}

static void call_null(const subject_t *subject)
{
	(void)subject;
	uint32_t registers[4] = {0};
	sys_enter(SYS_NULL, registers);
}

static void call_info(const subject_t *subject)
{
	cap_info_t info;
	cap_get_info(subject->cap, &info);
}

static void call_yield(const subject_t *subject)
{
	(void)subject;
	thread_yield();
}

static void call_clock(const subject_t *subject)
{
	(void)subject;
	clock_us();
}

static void call_signal(const subject_t *subject)
{
	notification_signal(subject->notification, 1);
}

static void call_poll(const subject_t *subject)
{
	uint32_t bits;
	notification_wait(subject->notification, TIMEOUT_POLL, &bits);
}

static void call_port(const subject_t *subject)
{
	uint8_t value;
	cap_pio_read8(subject->port, DELAY_PORT, &value);
}

static void read_port(const subject_t *subject)
{
	uint8_t value;
	(void)subject;
	__asm__ volatile("inb %1, %0" : "=a"(value) : "N"(DELAY_PORT));
}

static void call_derive(const subject_t *subject)
{
	cap_release((cap_t)cap_derive(subject->cap, RIGHT_READ, 0, 0));
}

static void call_map(const subject_t *subject)
{
	vspace_map(world_maker()->vspace, subject->frame, SCRATCH_BASE,
		   RIGHT_READ | RIGHT_WRITE);
}

static void call_unmap(const subject_t *subject)
{
	vspace_unmap(subject->frame);
}

/* Measures `work`, which becomes part of the loop; `before` and `after` each, if there, are not
 * counted. */
static inline __attribute__((always_inline)) void
measure(const char *name, void (*work)(const subject_t *), void (*before)(const subject_t *),
	void (*after)(const subject_t *), const subject_t *subject)
{
	shared_t *s = shared();
	for (uint32_t i = 0; i < s->rounds; i++) {
		if (before)
			before(subject);
		interval_begin();
		work(subject);
		sample(interval_ticks());
		if (after)
			after(subject);
	}
	report_samples(name);
}

/* Natively, as long as the range is mapped. */
static void measure_mapped_port(const subject_t *subject)
{
	cap_t bitmap = make(CAP_IOBITMAP, 0);
	cap_t port = must("derive a port", cap_derive(subject->port, RIGHT_READ | RIGHT_WRITE,
						      PIO_SCOPE(DELAY_PORT, DELAY_PORT), 0));
	must("install a bitmap", vspace_map(world_maker()->vspace, bitmap, 0, 0));
	must("map a port", cap_pio_map(port));
	measure("port_mapped", read_port, NULL, NULL, subject);
	must("let go", cap_release(port));
	must("let go", cap_release(bitmap));
}

void measure_calls(void)
{
	subject_t subject = {.cap = make(CAP_ENDPOINT, 0),
			     .notification = make(CAP_NOTIFICATION, 0),
			     .frame = make(CAP_FRAME, 0),
			     .port = find_boot_cap(CAP_PIO, DELAY_PORT)};
	measure("empty", call_empty, NULL, NULL, &subject);
	measure("null", call_null, NULL, NULL, &subject);
	measure("info", call_info, NULL, NULL, &subject);
	measure("yield", call_yield, NULL, NULL, &subject);
	measure("clock", call_clock, NULL, NULL, &subject);
	measure("signal", call_signal, NULL, call_poll, &subject);
	measure("poll", call_poll, NULL, NULL, &subject);
	measure("port", call_port, NULL, NULL, &subject);
	measure_mapped_port(&subject);
	measure("derive", call_derive, NULL, NULL, &subject);
	measure("map", call_map, NULL, call_unmap, &subject);
	measure("unmap", call_unmap, call_map, NULL, &subject);
}

/* `size` as in SYS_UNTYPED_RETYPE: with RETYPE_STALE the memory has to have been frames. */
static void measure_retype(const char *name, cap_t memory, uint32_t type, uint32_t size)
{
	shared_t *s = shared();
	for (uint32_t i = 0; i < s->rounds; i++) {
		if (i % BATCH == 0)
			must("revoke", cap_revoke(memory));
		interval_begin();
		int32_t made = untyped_retype(memory, type, size, CAP_NULL);
		sample(interval_ticks());
		must(name, made);
	}
	must("revoke", cap_revoke(memory));
	report_samples(name);
}

static void measure_revoke(void)
{
	const shared_t *s = shared();
	cap_t home = make(CAP_CSPACE, HOME_BITS), parent = make(CAP_ENDPOINT, 0);
	for (uint32_t i = 0; i < 1 + s->rounds / REVOKE_ROUNDS; i++) {
		for (uint32_t child = 0; child < REVOKED_CHILDREN; child++)
			must("derive", cap_delegate(home, parent, RIGHT_READ, 0));
		interval_begin();
		cap_revoke(parent);
		sample(interval_ticks());
	}
	report_samples("revoke_1000");
	must("let go", cap_release(home));
}

void measure_caps(void)
{
	cap_t memory = make(CAP_UNTYPED, BATCH_BITS);
	measure_retype("retype_thread", memory, CAP_THREAD, 0);
	measure_retype("retype_frame", memory, CAP_FRAME, 0);
	measure_retype("retype_stale", memory, CAP_FRAME, RETYPE_STALE);
	measure_revoke();
}

/* From nothing to a process that has run, and to nothing again. */
static void live_and_die(const process_config_t *config, cap_t endpoint, cap_t reply)
{
	message_t message;
	process_t process;
	must("make a process", process_create(world_maker(), config, &process));
	must("start a process", thread_resume(process.thread));
	must("hear of the process", ipc_receive(endpoint, reply, BENCH_TIMEOUT, &message));
	if (MSG_LABEL(message.info) != FAULT_EXIT)
		fail("the process faulted", DRV_EFAULT);
	must("revoke the process", cap_revoke(config->untyped));
}

void measure_process(void)
{
	const boot_info_t *info = boot_info();
	uint32_t pages = (info->archive_size + PAGE_SIZE - 1) / PAGE_SIZE;
	const char *why;
	elf_plan_t plan;
	must("page tables",
	     process_add_tables(world_maker(), world_root(), CHILD_BASE, pages * PAGE_SIZE));
	must("map the boot module",
	     cap_mmio_map(info->caps[BOOT_CAP_ARCHIVE].cap, CHILD_BASE, pages));
	must("check the child's image",
	     elf_check((const void *)CHILD_BASE, info->archive_size, &plan, &why));
	cap_t endpoint = make(CAP_ENDPOINT, 0), reply = make(CAP_REPLY, 0);
	process_config_t config = {.untyped = make(CAP_UNTYPED, PROCESS_BITS),
				   .image = (const void *)CHILD_BASE,
				   .plan = &plan,
				   .cspace_bits = PROCESS_CSPACE,
				   .stack_top = DRIVER_STACK_TOP,
				   .stack_pages = 1,
				   .buffer = MESSAGE_BUFFER,
				   .priority = PRIORITY_WORKER,
				   .fault_endpoint = endpoint,
				   .fault_badge = 1};
	for (uint32_t i = 0; i < 1 + shared()->rounds / PROCESS_ROUNDS; i++) {
		interval_begin();
		live_and_die(&config, endpoint, reply);
		sample(interval_ticks());
	}
	report_samples("process");
}
