/* SPDX-License-Identifier: BSD-2-Clause */
/* The operator's console: connections and the event loop. It moves the log and the prompt to
 * the serial driver, keys from the keyboard driver and cells to the screen driver, and asks the
 * manager what the operator types. What it moves is made in the other files. No driver's death
 * ends it or loses text: a connection that fails is opened anew when its driver runs again. */
#include "cap/driver.h"
#include "cap/link.h"
#include "cap/manager.h"
#include "cap/operator.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "cmdline.h"
#include "desktop.h"
#include "display.h"
#include "input.h"
#include "kept.h"
#include "look.h"
#include "teletype.h"

#define REFRESH_MS	  2000u /* the table is at most so old */
#define REFRESH_SIGNAL_MS 50u	/* at most so often on the manager's signal, … */
#define REFRESH_BURST_MS  5u	/* … and so late: one change seldom comes alone */
#define UNASKED_EACH	  5u	/* refresh: then keys and line are read without a signal */
#define TURN_STEPS	  64u	/* then the event loop has a look */
#define DRIVERS_MAX	  64u
#define LOOK_MS		  100u /* after its start it looks at log, deaths and shares */
#define SIGNAL_MANAGER	  0u   /* DRIVER_SIGNAL_CLIENT numbers */
#define SIGNAL_SERIAL	  1u
#define SIGNAL_KEYBOARD	  2u

/* Those that it talks to stand above it: who does not answer within so long does not work. */
#define LIMIT_MS 20u
static link_t serial = {.name = "serial", .client.limit_ms = LIMIT_MS};
static link_t keyboard = {.name = "ps2kbd", .client.limit_ms = LIMIT_MS, .listens = true};
static link_t screen = {.name = "screen", .client.limit_ms = LIMIT_MS};
static link_t *const links[] = {&serial, &keyboard, &screen};
#define LINKS (sizeof(links) / sizeof(links[0]))
static uint32_t serial_session, keyboard_session, screen_session; /* as link_t.opened */
static uint32_t greeted;					  /* all of them */
static cap_t manager_signal;

static manager_status_t drivers[DRIVERS_MAX];
static uint32_t driver_count;
static bool keys_due;
static desk_change_t change; /* to be drawn */
static view_t view;
static bool look_due;
static uint32_t look_at;
static uint32_t refreshed_at, refresh_at, refreshes;
static bool tracing;

/* ---- connections ---- */

static bool is_past(uint32_t time)
{
	return (int32_t)(driver_now_ms() - time) >= 0;
}

static void refresh_within(uint32_t ms)
{
	uint32_t at = refreshed_at + ms, soon = driver_now_ms() + REFRESH_BURST_MS;
	if ((int32_t)(at - soon) < 0)
		at = soon;
	if ((int32_t)(at - refresh_at) < 0)
		refresh_at = at;
}

static void lose(link_t *link, err_t error)
{
	if (error == DRV_EAGAIN)
		return; /* it does not serve now */
	link_lose(link, error);
	refresh_within(REFRESH_SIGNAL_MS);
}

/* Whether the link has a session that `seen` is not. */
static bool is_new(link_t *link, uint32_t *seen)
{
	bool is = link->opened != *seen;
	if (link->forgotten)
		driver_log("%s forgot what it kept", link->name);
	link->forgotten = false;
	*seen = link->opened;
	return is;
}

/* A driver of which the console is a client may have come back. */
static void greet(void)
{
	uint32_t opened = serial.opened + keyboard.opened + screen.opened;
	if (opened == greeted)
		return;
	greeted = opened;
	if (is_new(&serial, &serial_session))
		teletype_greet(&serial);
	if (is_new(&keyboard, &keyboard_session))
		keys_due = true;
	if (is_new(&screen, &screen_session)) {
		display_forget();
		change.any = change.all = true;
	}
}

/* A driver that did not answer has a look of its own when it may be asked again. */
static void refresh_for(const link_t *link)
{
	bool waits = !link->open && link->patient && !is_past(link->retry_at);
	if (waits && (int32_t)(link->retry_at - refresh_at) < 0)
		refresh_at = link->retry_at;
}

/* Asks the manager how all drivers are. */
static void refresh(void)
{
	refreshed_at = driver_now_ms();
	if (++refreshes % UNASKED_EACH == 0) {
		teletype_input_due();
		keys_due = true;
	}
	refresh_at = refreshed_at + REFRESH_MS;
	int32_t count = job_list(drivers, DRIVERS_MAX);
	driver_count = count > 0 ? (uint32_t)count : 0;
	for (uint32_t i = 0; i < driver_count; i++)
		for (uint32_t n = 0; n < LINKS; n++)
			link_follow(links[n], &drivers[i]);
	for (uint32_t n = 0; n < LINKS; n++)
		refresh_for(links[n]);
	greet();
	kept_names(drivers, driver_count);
	teletype_log_due();
	look_drivers(&view, drivers, driver_count);
	look_due = true;
	if (!display_has(&view))
		change.any = change.all = true;
}

/* ---- keyboard and screen ---- */

static void draw(void)
{
	if (!change.any || !screen.open)
		return;
	err_t error = display_draw(&screen, &view, kept_desk(), kept_around(), &change);
	change = (desk_change_t){.any = error != DRV_OK};
	if (error != DRV_OK)
		lose(&screen, error);
}

/* Whoever types looks at the screen: what came of the keys is drawn before anything else. */
static bool move_keys(void)
{
	if (!keys_due || !keyboard.open || desk_is_full(kept_desk(), kept_side()))
		return false;
	int32_t count = input_move(&keyboard, tracing, &change, &keys_due);
	if (count < 0)
		lose(&keyboard, count);
	else if (!keys_due)
		draw();
	return keys_due;
}

/* ---- the loop ---- */

/* Moves things on. False: nothing can be moved now. */
static bool step(void)
{
	bool open = serial.open, moved = move_keys();
	moved |= desktop_step(keyboard.name, screen.name, &change);
	moved |= teletype_step(&serial);
	if (open && !serial.open)
		refresh_within(REFRESH_SIGNAL_MS);
	return moved;
}

/* When the console has something to do without being signalled. */
static uint32_t next_at(void)
{
	uint32_t due, at = refresh_at;
	if (teletype_waits(&due) && (int32_t)(due - at) < 0)
		at = due;
	if (desktop_waits(&due) && (int32_t)(due - at) < 0)
		at = due;
	return at;
}

/* Asks for what the screen shows beside the drivers' states. Keys and answers go first, but not
 * for ever. */
static void look_around(bool moved)
{
	bool early = !is_past(look_at);
	if (moved && !is_past(refreshed_at + REFRESH_SIGNAL_MS))
		return;
	look_due = false;
	if (!early && look(&view, refreshed_at))
		refresh_within(REFRESH_SIGNAL_MS);
	if (early && (int32_t)(look_at - refresh_at) < 0)
		refresh_at = look_at;
	if (!display_has(&view))
		change.any = change.all = true;
}

static void turn(void)
{
	bool moved = true;
	for (uint32_t i = 0; moved && i < TURN_STEPS; i++)
		moved = step();
	greet();
	if (look_due)
		look_around(moved);
	draw();
	if (moved)
		driver_set_timer(0);
	else
		driver_set_timer_at(next_at());
}

/* The timer is set for next_at(), or for now to go on. */
static void console_timer(void)
{
	if (is_past(refresh_at))
		refresh();
	turn();
}

/* Looks at no clock where a key came, and need not: the timer is set. */
static void console_signal(uint32_t bits)
{
	if (bits & DRIVER_SIGNAL_CLIENT(SIGNAL_MANAGER)) {
		teletype_log_due();
		look_told();
		refresh_within(REFRESH_SIGNAL_MS);
	}
	if (bits & DRIVER_SIGNAL_CLIENT(SIGNAL_SERIAL))
		teletype_input_due();
	keys_due |= (bits & DRIVER_SIGNAL_CLIENT(SIGNAL_KEYBOARD)) != 0;
	turn();
}

static err_t make_signals(void)
{
	err_t error = driver_make_signal(SIGNAL_MANAGER, &manager_signal);
	error = error ? error : driver_make_signal(SIGNAL_SERIAL, &serial.signal);
	return error ? error : driver_make_signal(SIGNAL_KEYBOARD, &keyboard.signal);
}

static err_t console_init(void)
{
	err_t error = kept_open();
	error = error ? error : make_signals();
	error = error ? error : manager_subscribe(manager_signal);
	if (error != DRV_OK)
		return error;
	cmdline_t cmdline = cmdline_read();
	tracing = cmdline.traces;
	teletype_init(cmdline.colours, cmdline.columns);
	desktop_init(&change);
	refreshed_at = driver_now_ms();
	look_at = refreshed_at + LOOK_MS;
	refresh_at = refreshed_at + REFRESH_BURST_MS;
	return DRV_OK;
}

/* A signal of the manager may have come before, and its turn have done all that there is. */
static err_t console_run(void)
{
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {
	    .init = console_init,
	    .run = console_run,
	    .timer = console_timer,
	    .signal = console_signal,
	};
	return driver_main(&ops);
}
