/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's event loop. It waits until something comes or a timer is due: that it waits here
 * is what the manager sees, so there is nothing to tell it now and then. */
#include "cap/format.h"
#include "cap/lines.h"
#include "cap/note.h"
#include "cap/steps.h"
#include "abi/protocol/manager.h"
#include "private.h"

#define COMMAND_BIT DRIVER_SIGNAL_COMMAND
#define IRQ_BITS    ((1u << DRIVER_CAPS_MAX) - 1)
#define CLIENT_BITS 0x00ffff00u

CAP_NOTE();

runtime_t runtime;

DriverContextV2 *driver_context(void)
{
	return &driver_page()->context;
}

uint32_t driver_generation(void)
{
	return driver_page()->generation;
}

void driver_forget(void)
{
	driver_page()->kept_since = driver_page()->generation;
}

void driver_set_health(err_t health)
{
	driver_page()->health = (uint32_t)health;
}

void driver_notify(void)
{
	for (uint32_t left = runtime.used; left; left &= left - 1) {
		const session_t *session = &runtime.sessions[(unsigned)__builtin_ctz(left)];
		if (session->notification)
			notification_signal(session->notification, 1);
	}
}

void tell_manager(void)
{
	cap_t signal = driver_page()->signal;
	if (signal)
		notification_signal(signal, 1);
}

static void put_line(uint32_t how, const char *text, va_list args)
{
	char line[DRIVER_LINE_MAX + 1];
	size_t length = format_v(line, sizeof(line), text, args);
	lines_put(&driver_page()->lines, (void *)DRIVER_LOG, driver_page()->line++, how, line,
		  length);
	tell_manager();
}

uint32_t driver_line(void)
{
	return driver_page()->line;
}

void driver_log(const char *text, ...)
{
	va_list args;
	va_start(args, text);
	put_line(DRIVER_LINE_NAMED, text, args);
	va_end(args);
}

void driver_log_at(log_level_t level, const char *text, ...)
{
	va_list args;
	va_start(args, text);
	put_line(DRIVER_LINE_HOW(DRIVER_LINE_NAMED, level), text, args);
	va_end(args);
}

void driver_trace(const char *text, ...)
{
	va_list args;
	va_start(args, text);
	put_line(DRIVER_LINE_AS_IS, text, args);
	va_end(args);
}

void driver_fail(err_t reason)
{
	ask_manager(MANAGER_FAIL, (uint32_t)reason);
	thread_exit((uint32_t)reason);
}

void driver_irq_disown(void)
{
	runtime.disowned = true;
}

/* The last one of a turn is acknowledged as the loop waits: that is one call less. */
static void take_interrupt(unsigned i)
{
	cap_t irq = driver_context()->irq_caps[i];
	if (!irq)
		return;
	if (runtime.owed)
		irq_ack(runtime.owed);
	driver_page()->work++;
	runtime.interrupts++;
	runtime.disowned = false;
	if (runtime.ops->irq)
		runtime.ops->irq(i);
	uint32_t foreign = driver_page()->foreign[i] + 1;
	driver_page()->foreign[i] = runtime.disowned ? foreign : 0;
	if (!runtime.acks_itself)
		runtime.owed = irq;
}

/* When it was signalled, which the kernel tells. What is not newer than what was known before
 * is not believed, as time never goes back: then the clock is looked at. */
static void note_time(uint32_t ms)
{
	if ((int32_t)(ms - runtime.turn_ms) <= 0)
		return;
	runtime.turn_ms = ms;
	runtime.turn_knows = true;
}

static void take_signals(uint32_t bits)
{
	for (uint32_t irqs = bits & IRQ_BITS; irqs; irqs &= irqs - 1)
		take_interrupt((unsigned)__builtin_ctz(irqs));
	if ((bits & CLIENT_BITS) && runtime.signal && !runtime.quiet)
		runtime.signal(bits & CLIENT_BITS);
	if (bits & COMMAND_BIT)
		lifecycle_command();
}

static void take(message_t *message)
{
	steps_note_at(STEP_WHAT(STEP_TOOK, message->info), message->badge, message->word0, 0);
	runtime.came = message;
	if (message->badge == BADGE_NOTIFICATION) {
		if (!message->info)
			note_time(message->word1);
		take_signals(message->word0);
		return;
	}
	driver_page()->work++;
	runtime.requests++;
	session_request(message);
	runtime.answer = message;
}

int driver_main(const driver_ops_t *ops)
{
	driver_page_t *page = driver_page();
	message_t message;
	runtime.ops = ops;
	if (!runtime.signal)
		runtime.signal = ops->signal;
	cap_record_errors(&page->context.last_error);
	for (;;) {
		uint32_t ms = timers_take();
		int32_t error = page->context.last_error;
		if (runtime.stopped)
			return 0;
		page->beats++;
		message_buffer()->accept = 1;
		cap_t owed = runtime.owed;
		err_t err =
		    runtime.answer
			? ipc_reply_receive(page->endpoint, page->reply, ms, &message)
			: ipc_receive_acking(page->endpoint, page->reply, ms, owed, &message);
		runtime.answer = NULL;
		runtime.owed = CAP_NULL;
		if (err == DRV_OK) {
			take(&message);
		} else if (err != DRV_ETIMEDOUT && err != DRV_EAGAIN && !owed) {
			driver_fail(err);
		} else {
			page->context.last_error = error; /* no call of the driver's failed */
		}
	}
}
