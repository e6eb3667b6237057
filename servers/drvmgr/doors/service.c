/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests. A sender may ask what its manifest allows and no more; whatever it sends is
 * checked, and everything that is called is answered. */
#include "doors/service.h"

#include "cap/format.h"
#include "cap/string.h"
#include "doors/asked.h"
#include "doors/death.h"
#include "doors/holding.h"
#include "doors/records.h"
#include "doors/report.h"
#include "doors/upload.h"
#include "doors/verbs.h"
#include "log/why.h"
#include "log/wire.h"
#include "hands/grant.h"
#include "supervisor/supervisor.h"

#define DATA (&message_buffer()->words[DRIVER_DATA_WORD])

/* Reset control register of the chipset: Intel PIIX3 data sheet, 2.5.2.1; ICH9, 13.7.5. */
#define RESET_PORT     0xcf9u
#define RESET_FULL     0x06u
/* The 8042's pulse of the processor's reset line: IBM PC AT Technical Reference, 1-43. */
#define KEYBOARD_PORT  0x64u
#define KEYBOARD_RESET 0xfeu

static int32_t do_fail(request_t *request)
{
	char why[96];
	err_t error = (err_t)request->word0;
	format(why, sizeof(why), "gave up: %s (%s)", error_name(error), error_text(error));
	supervisor_fail(request->manager, request->sender, DEATH_GAVE_UP, error, why);
	return DRV_OK;
}

_Static_assert(DRIVERS_MAX <= DRIVER_CLIENTS_MAX, "each driver has a number as a client");

/* Of those that provide it the one that has it, or the first. */
static const driver_t *provider_of(const manager_t *manager, const char *name)
{
	const driver_t *found = NULL;
	uint32_t left = registry_providers(&manager->registry, name);
	for (; left; left &= left - 1) {
		const manifest_t *manifest =
		    manager->registry.entries[__builtin_ctz(left)].manifest;
		const driver_t *driver = manager_find(manager, manifest->name);
		if (!found || (driver->unit.holds && !found->unit.holds))
			found = driver;
	}
	return found;
}

static int32_t do_connect(request_t *request)
{
	const driver_t *driver = provider_of(request->manager, request->name);
	uint32_t place = manifest_place(&request->sender->manifest, request->name);
	if (place == MANIFEST_PLACES && !driver_is_operator(request->sender))
		return DRV_EPERM;
	if (!driver || !driver->instance.endpoint)
		return DRV_ENOENT;
	int32_t made =
	    grant_connection(request->sender, place, driver, holding_badge(request->sender));
	if (made < 0)
		return made;
	request->answer = (cap_t)made;
	return DRV_OK;
}

static int32_t do_status(request_t *request)
{
	const manager_t *manager = request->manager;
	uint32_t seen = 0, rows = 0;
	for (uint32_t i = 0; rows < MANAGER_STATUS_ROWS && i < manager->count; i++) {
		if (driver_is_empty(&manager->drivers[i]) || seen++ < request->word0)
			continue;
		manager_status_t status = report_status(manager, &manager->drivers[i]);
		memcpy((char *)DATA + rows++ * sizeof(status), &status, sizeof(status));
	}
	if (!rows)
		return DRV_ENOENT;
	request->value = rows;
	request->bytes = rows * sizeof(manager_status_t);
	return DRV_OK;
}

static err_t write_port(const manager_t *manager, uint16_t port, uint8_t value)
{
	return cap_pio_write8(grant_master_port(manager, port), port, value);
}

/* Through the chipset or, where that has no such register, through the keyboard controller. */
static int32_t do_reboot(request_t *request)
{
	err_t err = write_port(request->manager, RESET_PORT, RESET_FULL);
	if (!err)
		err = write_port(request->manager, KEYBOARD_PORT, KEYBOARD_RESET);
	return err ? err : DRV_ENOTSUP; /* the machine still runs */
}

static int32_t do_log_read(request_t *request)
{
	uint32_t size = request->word1 < MANAGER_TEXT_MAX ? request->word1 : MANAGER_TEXT_MAX;
	wire_taken(request->manager, request->word0);
	request->value = request->word0;
	request->bytes =
	    (uint32_t)log_read(request->manager->log, &request->value, (char *)DATA, size);
	return (int32_t)request->bytes;
}

/* The kernel's counters, which only the manager can ask for. */
static int32_t do_audit(request_t *request)
{
	audit_report_t report;
	err_t err = audit_read(request->manager->boot->caps[BOOT_CAP_AUDIT].cap, &report);
	if (err)
		return err;
	memcpy(DATA, &report, sizeof(report));
	request->bytes = sizeof(report);
	return (int32_t)request->bytes;
}

static int32_t do_explain(request_t *request)
{
	char text[MANAGER_TEXT_MAX];
	const driver_t *driver = manager_find(request->manager, request->name);
	if (!driver)
		return DRV_ENOENT;
	request->bytes = (uint32_t)why_text(request->manager, driver, text, sizeof(text));
	memcpy(DATA, text, request->bytes);
	return (int32_t)request->bytes;
}

static int32_t do_report(request_t *request)
{
	manager_report_t report;
	const driver_t *driver;
	err_t err = verb_target(request, &driver);
	if (err)
		return err;
	report_make(request->manager, driver, &report);
	memcpy(DATA, &report, sizeof(report));
	request->bytes = sizeof(report);
	return (int32_t)request->bytes;
}

static int32_t do_log_records(request_t *request)
{
	manager_log_ask_t ask;
	if (request->length != sizeof(ask))
		return DRV_EMSGSIZE;
	memcpy(&ask, request->name, sizeof(ask));
	int32_t bytes = records_make(request->manager, &ask, (char *)DATA, &request->value);
	request->bytes = bytes > 0 ? (uint32_t)bytes : 0;
	return bytes;
}

static int32_t do_log_written(request_t *request)
{
	request->value = wire_position();
	return DRV_OK;
}

static int32_t do_subscribe(request_t *request)
{
	if (!request->cap)
		return DRV_EINVAL;
	err_t err = notification_signal(request->cap, 0);
	if (err) /* it is none, or not to be signalled */
		return err;
	if (request->sender->subscriber)
		cap_release_some(request->sender->subscriber);
	request->sender->subscriber = request->cap;
	request->cap = CAP_NULL;
	request->manager->changed = true;
	return DRV_OK;
}

static int32_t do_cmdline(request_t *request)
{
	const char *cmdline = request->manager->boot->cmdline;
	request->bytes = (uint32_t)strlen(cmdline);
	memcpy(DATA, cmdline, request->bytes);
	return (int32_t)request->bytes;
}

/* An essential driver is believed. The instance that it names may have ended since; of what the
 * kernel knows of who drove it nothing is left then. */
static int32_t do_excess(request_t *request)
{
	manager_t *manager = request->manager;
	uint32_t index = DRIVER_BADGE_NUMBER(request->word0) - 1;
	if (index >= manager->count)
		return DRV_ENOENT;
	driver_t *driver = driver_touch(manager, index);
	if (holding_badge(driver) != request->word0)
		return DRV_EGONE;
	supervisor_excess(manager, driver, request->sender, request->word1 != 0);
	return DRV_OK;
}

static int32_t do_death(request_t *request)
{
	return death_read(request, DATA);
}

/* Who may ask: the operator, if nothing is said. */
typedef enum asker {
	ASKER_OPERATOR,
	ASKER_OF_ITSELF, /* without a name anybody, of itself; with one the operator */
	ASKER_ESSENTIAL,
	ASKER_ANYBODY
} asker_t;

typedef struct handler {
	uint16_t label;
	uint8_t asker; /* asker_t */
	bool text;     /* word 0 is the length of a text */
	int32_t (*handle)(request_t *request);
} handler_t;

/* clang-format off */
static const handler_t handlers[] = {
    {MANAGER_FAIL,        ASKER_ANYBODY,   false, do_fail},
    {MANAGER_CONNECT,     ASKER_ANYBODY,   true,  do_connect},
    {MANAGER_STATUS,      ASKER_ANYBODY,   false, do_status},
    {MANAGER_START,       ASKER_OPERATOR,  true,  verb_start},
    {MANAGER_STOP,        ASKER_OPERATOR,  true,  verb_stop},
    {MANAGER_KILL,        ASKER_OPERATOR,  true,  verb_kill},
    {MANAGER_REBOOT,      ASKER_OPERATOR,  false, do_reboot},
    {MANAGER_LOG_READ,    ASKER_OPERATOR,  false, do_log_read},
    {MANAGER_SUBSCRIBE,   ASKER_ANYBODY,   false, do_subscribe},
    {MANAGER_CMDLINE,     ASKER_ANYBODY,   false, do_cmdline},
    {MANAGER_LOG_WRITTEN, ASKER_OPERATOR,  false, do_log_written},
    {MANAGER_AUDIT,       ASKER_OPERATOR,  false, do_audit},
    {MANAGER_EXPLAIN,     ASKER_OPERATOR,  true,  do_explain},
    {MANAGER_HOLD,        ASKER_OPERATOR,  true,  verb_hold},
    {MANAGER_RELEASE,     ASKER_OPERATOR,  true,  verb_release},
    {MANAGER_EXCESS,      ASKER_ESSENTIAL, false, do_excess},
    {MANAGER_QUIESCE,     ASKER_OF_ITSELF, true,  verb_quiesce},
    {MANAGER_RESET,       ASKER_OF_ITSELF, true,  verb_reset},
    {MANAGER_REPORT,      ASKER_OPERATOR,  true,  do_report},
    {MANAGER_LOG_RECORDS, ASKER_OPERATOR,  true,  do_log_records},
    {MANAGER_DEATH,       ASKER_OPERATOR,  true,  do_death},
    {MANAGER_RESTART,     ASKER_OPERATOR,  true,  verb_restart},
    {MANAGER_CLEAR,       ASKER_OPERATOR,  true,  verb_clear},
    {MANAGER_HELD,        ASKER_OPERATOR,  true,  asked_held},
    {MANAGER_MANIFEST,    ASKER_OPERATOR,  true,  asked_manifest},
    {MANAGER_POLICY,      ASKER_OPERATOR,  true,  asked_policy},
    {MANAGER_MARGINS,     ASKER_OPERATOR,  true,  asked_margins},
    {MANAGER_USAGE,       ASKER_OPERATOR,  false, asked_usage},
    {MANAGER_USES,        ASKER_OPERATOR,  true,  asked_uses},
    {MANAGER_LOAD_BEGIN,  ASKER_OPERATOR,  true,  upload_begin},
    {MANAGER_LOAD_PUT,    ASKER_OPERATOR,  true,  upload_put},
    {MANAGER_LOAD_COMMIT, ASKER_OPERATOR,  false, upload_commit},
    {MANAGER_LOAD_ABORT,  ASKER_OPERATOR,  false, upload_abort},
    {MANAGER_UNLOAD,      ASKER_OPERATOR,  true,  upload_unload},
};
/* clang-format on */

static bool may_ask(const request_t *request, asker_t asker)
{
	if (asker == ASKER_ESSENTIAL)
		return request->manager->world.rules[request->sender->index].essential;
	return asker == ASKER_ANYBODY || (asker == ASKER_OF_ITSELF && !request->length) ||
	       driver_is_operator(request->sender);
}

static const handler_t *find_handler(uint32_t label)
{
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (handlers[i].label == label)
			return &handlers[i];
	return NULL;
}

/* Copies the text that came along; its length is checked against what was sent. */
static err_t take_text(request_t *request, const message_t *message)
{
	uint32_t length = message->word0;
	if (length > MANAGER_TEXT_MAX ||
	    MSG_WORD_COUNT(message->info) < DRIVER_DATA_WORD + (length + 3) / 4)
		return DRV_EMSGSIZE;
	memcpy(request->name, DATA, length);
	request->name[length] = '\0';
	request->length = length;
	return DRV_OK;
}

void service_request(manager_t *manager, driver_t *sender, message_t *message)
{
	const handler_t *handler = find_handler(MSG_LABEL(message->info));
	char name[MANAGER_TEXT_MAX + 1];
	request_t request = {.manager = manager,
			     .sender = sender,
			     .word0 = message->word0,
			     .word1 = message->word1,
			     .name = name};
	name[0] = '\0';
	if (MSG_CAP_COUNT(message->info))
		request.cap = message_buffer()->caps[0];
	int32_t result = DRV_ENOTSUP;
	if (handler)
		result = handler->text ? take_text(&request, message) : DRV_OK;
	if (result == DRV_OK)
		result =
		    may_ask(&request, handler->asker) ? handler->handle(&request) : DRV_EPERM;
	if (request.cap)
		cap_release_some(request.cap);
	message_trim(DATA, request.bytes);
	message_buffer()->caps[0] = request.answer;
	*message = (message_t){
	    .info =
		MSG_INFO(0, DRIVER_DATA_WORD + (request.bytes + 3) / 4, request.answer ? 1 : 0),
	    .word0 = (uint32_t)result,
	    .word1 = request.value,
	};
}

void service_tell(manager_t *manager)
{
	if (!manager->changed)
		return;
	manager->changed = false;
	for (uint32_t i = 0; i < manager->count; i++)
		if (manager->drivers[i].subscriber)
			notification_signal(manager->drivers[i].subscriber, 1);
}
