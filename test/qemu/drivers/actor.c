/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that does what its name says: ACT-PHASE[-N], so "crash-init" crashes inside init()
 * and "spin-run-2" spins inside run() in its first two instances and behaves after that;
 * "crash-init-3-4" crashes in its third and fourth. Any other name behaves. The phase "timer"
 * is run() followed by a moment at which all actors of that phase act together; "reset" is
 * init() of an instance that has run. It also serves clients; see actor.h. Needs no device. */
#include "actor.h"

#include "cap/client.h"
#include "cap/driver.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define MOMENT_MS    1000u
#define MANAGER	     "drvmgr"
#define ASK_MS	     30u
#define ASK_LIMIT_MS 20u
#define TOGETHER_MS  4000u /* instances that start before this clock time act at it */
#define LATE_MS	     30u
#define CHAT_LINES   5u
#define CHAT_END     200u
#define CHAT_MS	     100u

static struct {
	char act[16], phase[16];
	uint32_t first, last; /* instances that act; 0: all */
	bool has_run, is_late, outlasts;
} part;

/* Copies up to the next '-' and returns what is behind it. */
static const char *take_word(const char *from, char *to, size_t size)
{
	size_t i = 0;
	while (*from && *from != '-') {
		if (i + 1 < size)
			to[i++] = *from;
		from++;
	}
	to[i] = '\0';
	return *from ? from + 1 : from;
}

static const char *take_number(const char *from, uint32_t *number)
{
	for (; *from >= '0' && *from <= '9'; from++)
		*number = *number * 10 + (uint32_t)(*from - '0');
	return from;
}

static void read_name(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	const char *rest = take_word(page->name, part.act, sizeof(part.act));
	rest = take_word(rest, part.phase, sizeof(part.phase));
	rest = take_number(rest, &part.last);
	if (*rest != '-')
		return;
	part.first = part.last;
	part.last = 0;
	take_number(rest + 1, &part.last);
}

static _Noreturn void spin(void)
{
	for (;;)
		__asm__ volatile("nop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop");
}

/* Takes calls for ever and has nothing to answer them with. */
static _Noreturn void take_for_ever(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	message_t message;
	while (ipc_receive(page->endpoint, CAP_NULL, TIMEOUT_FOREVER, &message) == DRV_OK)
		;
	thread_exit(1);
}

/* Waits elsewhere than in its event loop, for what it then ignores. */
static _Noreturn void wait_for_ever(void)
{
	const driver_page_t *page = (const driver_page_t *)DRIVER_PAGE;
	uint32_t bits;
	while (notification_wait(page->notification, TIMEOUT_FOREVER, &bits) == DRV_OK)
		;
	thread_exit(1);
}

/* Says what only the manager has to say. */
static void forge(void)
{
	driver_log("drvmgr: serial: Running -> Quarantined (forged)");
	driver_trace("drvmgr: screen: Running -> Quarantined (forged)");
	driver_trace("input: key forged down");
}

/* Says something of each level. */
static void level(void)
{
	driver_log_at(LOG_ERROR, "as error");
	driver_log_at(LOG_WARN, "as warn");
	driver_log_at(LOG_INFO, "as info");
	driver_log_at(LOG_DEBUG, "as debug");
}

/* Says more than all the log can hold, and no faster than it may. */
static void chat(void)
{
	static uint32_t line;
	for (uint32_t i = 0; i < CHAT_LINES && line < CHAT_END; i++)
		driver_log("line %03u %0170u", line++, 0u);
	if (line < CHAT_END)
		driver_set_timer(CHAT_MS);
}

/* Asks who provides "asked", again and again, and fails when no answer comes. */
static void ask(void)
{
	static client_t asked = {.limit_ms = ASK_LIMIT_MS};
	uint32_t value;
	err_t err = asked.endpoint ? DRV_OK : manager_connect("asked", &asked.endpoint);
	if (!err)
		err = client_ioctl(asked, DRV_IOCTL_GET_VERSION, 0, &value, NULL, NULL, 0);
	if (err == DRV_ETIMEDOUT)
		driver_fail(err);
	driver_set_timer(ASK_MS);
}

static err_t act(void)
{
	if (!strcmp(part.act, "ask"))
		ask();
	if (!strcmp(part.act, "forge"))
		forge();
	if (!strcmp(part.act, "level"))
		level();
	if (!strcmp(part.act, "chat"))
		chat();
	if (!strcmp(part.act, "time"))
		driver_log("crashes at %u ms", driver_now_ms());
	part.outlasts = !strcmp(part.act, "outlast"); /* and answers to the next one */
	if (part.outlasts || !strcmp(part.act, "topple") ||
	    !strcmp(part.act, "slay")) /* and then itself */
		manager_kill(MANAGER);
	if (!strcmp(part.act, "slay") || !strcmp(part.act, "crash") ||
	    !strcmp(part.act, "time"))
		__asm__ volatile("ud2");
	if (!strcmp(part.act, "touch"))
		*(volatile uint32_t *)0xc0000000u = 0;
	if (!strcmp(part.act, "exit"))
		thread_exit(0);
	if (!strcmp(part.act, "quit"))
		thread_exit(7);
	if (!strcmp(part.act, "fail"))
		driver_fail(DRV_EIO);
	if (!strcmp(part.act, "spin"))
		spin();
	if (!strcmp(part.act, "wait"))
		wait_for_ever();
	part.is_late = part.outlasts || !strcmp(part.act, "late"); /* it fails, but not yet */
	if (part.is_late)
		driver_set_timer(LATE_MS);
	if (!strcmp(part.act, "again") || part.is_late)
		return DRV_EAGAIN;
	if (!strcmp(part.act, "absent"))
		return DRV_ENODEV;
	return !strcmp(part.act, "error") ? DRV_EIO : DRV_OK;
}

static err_t enter(const char *phase)
{
	uint32_t number = driver_generation();
	bool due = !part.last || (part.first <= number && number <= part.last);
	return due && !strcmp(part.phase, phase) ? act() : DRV_OK;
}

static err_t actor_probe(void)
{
	read_name();
	return enter("probe");
}

static err_t actor_recover(void)
{
	return enter("recover");
}

static err_t actor_init(void)
{
	return enter(part.has_run ? "reset" : "init");
}

static err_t actor_run(void)
{
	uint32_t now = driver_now_ms();
	uint32_t *instances = driver_context()->shared_cfg;
	part.has_run = true;
	driver_log("runs, instance %u", driver_generation());
	++*instances;
	if (!strcmp(part.phase, "timer"))
		driver_set_timer(now < TOGETHER_MS ? TOGETHER_MS - now
						   : MOMENT_MS - now % MOMENT_MS);
	return enter("run");
}

static err_t actor_quiesce(void)
{
	return enter("quiesce");
}

static err_t actor_stop(void)
{
	return enter("stop");
}

static void actor_timer(void)
{
	if (part.outlasts)
		driver_log("outlasts the manager");
	if (part.is_late)
		driver_done(part.outlasts ? DRV_OK : DRV_EIO);
	else
		enter("timer");
}

/* Answers as many bytes as asked for, counting from the session's position. */
static int32_t actor_read(session_t *session, void *to, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		((uint8_t *)to)[i] = (uint8_t)(session->position + i);
	return (int32_t)bytes;
}

static int32_t actor_write(session_t *session, const void *from, uint32_t bytes)
{
	(void)session;
	(void)from;
	return (int32_t)bytes;
}

static err_t actor_seek(session_t *session, uint32_t position)
{
	(void)session;
	(void)position;
	return DRV_OK;
}

static err_t actor_ioctl(session_t *session, ioctl_t *request)
{
	(void)session;
	switch (request->code) {
	case ACTOR_GENERATION:
		request->value = driver_generation();
		return DRV_OK;
	case ACTOR_CRASH:
		__asm__ volatile("ud2");
		return DRV_OK;
	case ACTOR_WAIT:
		take_for_ever();
	case ACTOR_TOO_MUCH:
		request->out_bytes = DRIVER_DATA_MAX + 4;
		return DRV_OK;
	default:
		return DRV_ENOTSUP;
	}
}

int main(void)
{
	static const driver_ops_t ops = {
	    .probe = actor_probe,
	    .recover = actor_recover,
	    .init = actor_init,
	    .run = actor_run,
	    .quiesce = actor_quiesce,
	    .stop = actor_stop,
	    .timer = actor_timer,
	    .read = actor_read,
	    .write = actor_write,
	    .seek = actor_seek,
	    .ioctl = actor_ioctl,
	};
	return driver_main(&ops);
}
