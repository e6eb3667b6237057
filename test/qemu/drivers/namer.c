/* SPDX-License-Identifier: BSD-2-Clause */
/* A client of the keyboard driver that names ports to it, in each word of each request, as a
 * number and as what SYS_CAP_PIO_RW takes: those of others, of nobody and of the driver itself.
 * The protocol has no place for them, so the driver refuses the request, or takes the number
 * for what it is there, and its device has not been touched behind it. */
#include "checks.h"

#include "abi/cap.h"
#include "abi/ports.h"
#include "cap/client.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define DATA_WORDS 2u
#define PAUSE_MS   20u
#define TIMER	   0x43u /* the kernel's own */
#define RESETS	   0xfeu /* to the keyboard controller: the machine */

#define NAME_FIRST(first, last, who, reason) first,
static const uint16_t ports[] = {PORTS_GRANTABLE(NAME_FIRST) TIMER};
#undef NAME_FIRST

static client_t keyboard;

/* What the driver counts, but for what libcap does: that counts the requests themselves. */
#define OWN_FIRST "rx_keyboard"
typedef struct counted {
	uint32_t count;
	driver_stat_t rows[DRIVER_STATS_MAX];
} counted_t;
static counted_t before;

static int32_t ask(uint32_t label, uint32_t word0, uint32_t word1, uint32_t data)
{
	message_t message = {.info = MSG_INFO(label, DRIVER_DATA_WORD + DATA_WORDS, 0),
			     .word0 = word0,
			     .word1 = word1};
	message_buffer()->accept = 0;
	for (uint32_t i = 0; i < DATA_WORDS; i++)
		message_buffer()->words[DRIVER_DATA_WORD + i] = data;
	err_t err = ipc_call(keyboard.endpoint, &message, CLIENT_TIMEOUT_MS);
	return err ? err : (int32_t)message.word0;
}

/* Nothing is typed meanwhile: there is nothing to read, or it is for somebody else. */
static void name_port(uint32_t name)
{
	EXPECT(true, ask(DRIVER_READ, name, RESETS, RESETS) <= 0);
	int32_t stored = ask(DRIVER_WRITE, name, RESETS, RESETS);
	EXPECT(true, stored == DRV_ENOTSUP || stored == DRV_EINVAL);
	EXPECT(DRV_ENOTSUP, ask(DRIVER_WRITE, DATA_WORDS * 4, name, RESETS));
	EXPECT(DRV_ENOTSUP, ask(DRIVER_SEEK, name, RESETS, RESETS));
	EXPECT(DRV_ENOTSUP, ask(DRIVER_IOCTL, name, RESETS, RESETS));
	EXPECT(DRV_ENOTSUP, ask(DRIVER_IOCTL, DRV_IOCTL_PS2, name, RESETS));
	EXPECT(0, ask(DRIVER_IOCTL, DRV_IOCTL_GET_STATS, name, name));
}

static void read_stats(counted_t *counted)
{
	driver_stat_t rows[DRIVER_STATS_EACH];
	uint32_t first = 0, total = 1;
	counted->count = 0;
	while (first < total && total <= DRIVER_STATS_MAX) {
		int32_t count = client_stats(keyboard, first, rows, &total);
		EXPECT(true, count > 0);
		for (int32_t i = 0; i < count; i++)
			if (counted->count || !strcmp(rows[i].name, OWN_FIRST))
				counted->rows[counted->count++] = rows[i];
		first += count > 0 ? (uint32_t)count : total;
	}
	EXPECT(true, counted->count > 0);
}

/* One port at a time: the driver gives each client a share of its time. */
static void namer_timer(void)
{
	static size_t at;
	static counted_t after;
	if (at < sizeof(ports) / sizeof(ports[0])) {
		name_port(ports[at]);
		name_port(PIO_OP_WRITE(ports[at], 1));
		name_port(PIO_OP_READ(ports[at], 1));
		at++;
		driver_set_timer(PAUSE_MS);
		return;
	}
	read_stats(&after);
	EXPECT(0, memcmp(&before, &after, sizeof(before)));
	EXPECT(DRV_OK, client_close(keyboard));
	report_checks("ports");
}

static err_t namer_run(void)
{
	EXPECT(DRV_OK, manager_connect("ps2kbd", &keyboard.endpoint));
	EXPECT(DRV_OK, client_open(keyboard, CAP_NULL));
	read_stats(&before);
	driver_set_timer(PAUSE_MS);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = namer_run, .timer = namer_timer};
	return driver_main(&ops);
}
