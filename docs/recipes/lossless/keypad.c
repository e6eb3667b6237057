/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver of docs/lossless.md: wherever it dies, no event is lost, and none is told twice.
 */
#include "abi/cap.h"
#include "cap/driver.h"
#include "cap/keep.h"
#include "cap/string.h"
#include "keypad.h"

#define PIO_KEYPAD   0u /* position in the manifest's caps.pio */
#define KEPT_VERSION 1u
#define PLACES	     (KEYPAD_HELD + 1) /* one is that of the step that is not committed yet */
#define ROUNDS	     32u	       /* bytes in one turn; then others run */
#define LOOK_MS	     1000u	       /* an interrupt that was lost is made up for within */
#define NUMBERS	     0x100000u	       /* events of an instance, before they are another's */

/* All that the driver knows. Without pointers: the next instance may be another program. */
typedef struct state {
	uint32_t taken;	 /* reads of the data port that are in this state */
	uint32_t oldest; /* position of the oldest event that can be read */
	uint32_t next;	 /* position of the next event */
	uint32_t row;	 /* the first byte of a code whose second one is to come; 0: none */
} state_t;

/* The page that outlives the driver. */
typedef struct page {
	pio_kept_t byte; /* by the kernel, as it reads the port; at a multiple of 8 */
	uint32_t tried;	 /* count of the byte over which an instance has died already */
	uint32_t pair[KEEP_PAIR_BYTES(sizeof(state_t)) / 4];
	keypad_event_t events[PLACES];
} page_t;

static page_t *page;
static keep_pair_t pair;
static bool warm; /* the instance before left a state */

/* Puts an event behind the newest one, where no reader looks before that is committed. */
static void put(state_t *next, keypad_event_t event)
{
	page->events[next->next++ % PLACES] = event;
	if (next->next - next->oldest > KEYPAD_HELD)
		next->oldest++;
}

/* One step: the next state from the live one, and what comes of it, made live by one store. */
static void take(uint32_t byte)
{
	state_t *next = keep_next(&pair);
	next->taken = page->byte.count;
	if (!(byte & KEYPAD_ROW) && next->row)
		put(next, (keypad_event_t){.row = next->row & (KEYPAD_ROW - 1),
					   .column = byte & (KEYPAD_ROW - 1),
					   .down = !(byte & KEYPAD_UP)});
	next->row = byte & KEYPAD_ROW ? byte : 0;
	keep_commit(&pair);
}

/* Where events are missing is an event, so that each reader meets it once and in its place. */
static void drop(void)
{
	state_t *next = keep_next(&pair);
	next->taken = page->byte.count;
	next->row = 0;
	put(next, (keypad_event_t){.row = KEYPAD_GAP});
	keep_commit(&pair);
}

/* The byte that the dead instance took out of the device, and whose step it did not end. */
static void finish(void)
{
	const state_t *state = keep_live(&pair);
	if (page->byte.count == state->taken)
		return;
	if (page->tried == page->byte.count) {
		drop(); /* two died of it */
		return;
	}
	page->tried = page->byte.count;
	take(page->byte.value);
}

/* The first state of all, and positions that no instance had. */
static void begin_afresh(void)
{
	state_t *first = keep_next(&pair);
	first->taken = page->tried = page->byte.count;
	first->oldest = first->next = driver_generation() * NUMBERS;
	keep_commit(&pair);
}

static err_t open_page(void)
{
	const DriverContextV2 *context = driver_context();
	err_t err =
	    keep_open(&pair, context, offsetof(page_t, pair), KEPT_VERSION, sizeof(state_t));
	if (err && err != DRV_ENOENT)
		return err;
	page = (page_t *)(uintptr_t)context->shared_cfg;
	warm = !err;
	if (warm)
		finish();
	else
		begin_afresh();
	return DRV_OK;
}

/* DRV_OK: a byte waited, and was taken. */
static err_t take_one(void)
{
	uint8_t status = 0, byte = 0;
	err_t err = driver_in8(PIO_KEYPAD, KEYPAD_STATUS, &status);
	if (!err && !(status & KEYPAD_WAITS))
		return DRV_ENOENT;
	if (!err)
		err = driver_keep8(PIO_KEYPAD, KEYPAD_DATA, offsetof(page_t, byte), &byte);
	if (!err)
		take(byte);
	return err;
}

static void keypad_look(void)
{
	err_t err = DRV_OK;
	for (unsigned i = 0; i < ROUNDS && !err; i++)
		err = take_one();
	if (err && err != DRV_ENOENT)
		driver_fail(err);
	driver_set_timer(err ? LOOK_MS : 0);
	driver_tell();
}

static void keypad_irq(unsigned index)
{
	(void)index;
	keypad_look();
}

static err_t keypad_recover(void)
{
	if (!warm)
		driver_forget();
	return DRV_OK;
}

/* Nothing is flushed, and nothing reset: what waits in the device is what was typed. */
static err_t keypad_run(void)
{
	keypad_look();
	return DRV_OK;
}

/* Neither any more, nor yet: of a page that was thrown away. */
static bool is_nowhere(const state_t *state, uint32_t position)
{
	return position - state->oldest > state->next - state->oldest;
}

static bool is_gap(const state_t *state, uint32_t position)
{
	return position != state->next && page->events[position % PLACES].row == KEYPAD_GAP;
}

static int32_t keypad_read_at(session_t *session, uint32_t *position, void *to, uint32_t bytes)
{
	const state_t *state = keep_live(&pair);
	keypad_event_t *events = to;
	uint32_t count = 0;
	(void)session;
	if (is_nowhere(state, *position) || is_gap(state, *position))
		return DRV_EOVERFLOW;
	while (*position != state->next && !is_gap(state, *position) &&
	       count < bytes / sizeof(*events))
		events[count++] = page->events[(*position)++ % PLACES];
	return (int32_t)(count * sizeof(*events));
}

static err_t keypad_ioctl(session_t *session, ioctl_t *request)
{
	const state_t *state = keep_live(&pair);
	(void)session;
	if (request->code != KEYPAD_IOCTL_WHERE)
		return DRV_ENOTSUP;
	request->value = is_nowhere(state, request->argument)
			     ? state->oldest
			     : request->argument + is_gap(state, request->argument);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {
	    .recover = keypad_recover,
	    .run = keypad_run,
	    .irq = keypad_irq,
	    .timer = keypad_look,
	    .read_at = keypad_read_at,
	    .ioctl = keypad_ioctl,
	};
	err_t err = open_page();
	if (err)
		driver_fail(err);
	return driver_main(&ops);
}
