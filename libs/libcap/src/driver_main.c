/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's event loop. It never waits longer than half a heartbeat. */
#include "cap/format.h"
#include "cap/string.h"
#include "abi/manager.h"
#include "driver_private.h"

#define LOG_MAX		200u
#define SEND_TIMEOUT_MS 1000u
#define COMMAND_BIT	DRIVER_SIGNAL_COMMAND
#define IRQ_BITS	((1u << DRIVER_CAPS_MAX) - 1)
#define CLIENT_BITS	0x00ffff00u

/* The ABI statement that the manager reads from the file; kept by the linker script. */
typedef struct elf_note {
	uint32_t name_size, data_size, type;
	char name[12];
	driver_note_t note;
} elf_note_t;
__attribute__((section(".note.castellan"), used)) static const elf_note_t note = {
    sizeof(DRIVER_NOTE_NAME),
    sizeof(driver_note_t),
    DRIVER_NOTE_TYPE,
    DRIVER_NOTE_NAME,
    {DRIVER_ABI_MIN, DRIVER_ABI_MAX, DRIVER_CONTEXT_VERSION, ABI_VERSION},
};

runtime_t runtime;

DriverContextV2 *driver_context(void)
{
	return &driver_page()->context;
}

uint32_t driver_generation(void)
{
	return driver_page()->generation;
}

uint32_t driver_now_ms(void)
{
	return clock_ms();
}

void driver_set_timer(uint32_t ms)
{
	runtime.timed = ms != DRIVER_NO_TIMER;
	runtime.timer_at = clock_ms() + ms;
}

void driver_set_health(err_t health)
{
	driver_page()->health = (uint32_t)health;
}

void driver_notify(void)
{
	for (uint32_t i = 0; i < DRIVER_SESSIONS; i++)
		if (runtime.sessions[i].badge && runtime.sessions[i].notification)
			notification_signal(runtime.sessions[i].notification, 1);
}

/* Sends text to the manager. A log line that does not get through is not worth a driver. */
static void send_log(const char *text, size_t length, uint32_t how)
{
	message_t message = {.info =
				 MSG_INFO(MANAGER_LOG, DRIVER_DATA_WORD + (length + 3) / 4, 0),
			     .word0 = (uint32_t)length,
			     .word1 = how};
	uint32_t *data = &message_buffer()->words[DRIVER_DATA_WORD];
	memcpy(data, text, length);
	message_trim(data, (uint32_t)length);
	ipc_send(driver_page()->manager, &message, SEND_TIMEOUT_MS);
}

void driver_log(const char *text, ...)
{
	char line[LOG_MAX + 1];
	va_list args;
	va_start(args, text);
	size_t length = format_v(line, sizeof(line), text, args);
	va_end(args);
	send_log(line, length, MANAGER_LOG_NAMED);
}

void driver_trace(const char *text, ...)
{
	char line[LOG_MAX + 1];
	va_list args;
	va_start(args, text);
	size_t length = format_v(line, sizeof(line), text, args);
	va_end(args);
	send_log(line, length, MANAGER_LOG_AS_IS);
}

void driver_fail(err_t reason)
{
	message_t message = {.info = MSG_INFO(MANAGER_FAIL, 2, 0), .word0 = (uint32_t)reason};
	ipc_send(driver_page()->manager, &message, SEND_TIMEOUT_MS);
	thread_exit((uint32_t)reason);
}

static void take_irqs(uint32_t bits)
{
	DriverContextV2 *context = driver_context();
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX; i++) {
		if (!(bits & DRIVER_SIGNAL_IRQ(i)) || !context->irq_caps[i])
			continue;
		driver_page()->work++;
		if (runtime.ops->irq)
			runtime.ops->irq(i);
		irq_ack(context->irq_caps[i]);
	}
}

static void take_signals(uint32_t bits)
{
	if (bits & IRQ_BITS)
		take_irqs(bits);
	if ((bits & CLIENT_BITS) && runtime.ops->signal)
		runtime.ops->signal(bits & CLIENT_BITS);
	if (bits & COMMAND_BIT)
		lifecycle_command();
}

static void take_timer(void)
{
	if (!runtime.timed || (int32_t)(clock_ms() - runtime.timer_at) < 0)
		return;
	runtime.timed = false;
	driver_page()->work++;
	if (runtime.ops->timer)
		runtime.ops->timer();
}

/* How long the loop may sleep. */
static uint32_t wait_ms(void)
{
	uint32_t beat = driver_page()->heartbeat_ms / 2;
	if (!runtime.timed)
		return beat;
	int32_t left = (int32_t)(runtime.timer_at - clock_ms());
	if (left <= 0)
		return TIMEOUT_POLL;
	return (uint32_t)left < beat ? (uint32_t)left : beat;
}

int driver_main(const driver_ops_t *ops)
{
	driver_page_t *page = driver_page();
	bool answer = false;
	message_t message = {0};
	runtime.ops = ops;
	cap_record_errors(&page->context.last_error);
	while (!runtime.stopped) {
		page->beats++;
		message_buffer()->accept = 1;
		err_t err =
		    answer ? ipc_reply_receive(page->endpoint, page->reply, wait_ms(), &message)
			   : ipc_receive(page->endpoint, page->reply, wait_ms(), &message);
		answer = false;
		if (err == DRV_OK && message.badge == BADGE_NOTIFICATION) {
			take_signals(message.word0);
		} else if (err == DRV_OK) {
			page->work++;
			session_request(&message);
			answer = true;
		} else if (err != DRV_ETIMEDOUT) {
			driver_fail(err);
		}
		take_timer();
	}
	return 0;
}
