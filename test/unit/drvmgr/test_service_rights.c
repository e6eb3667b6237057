/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may ask the manager what. Requests that everybody may make are listed here; all others of
 * the protocol, those of later days among them, are the operator's. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cap/syscall.h"

/* The buffer has a fixed address in the machine, which the host may use for something else. */
static message_buffer_t buffer;
#define message_buffer() (&buffer)
#include "doors/service.c"
#include "not_asked.h"

enum { ASKER, SERVER, COUNT };
enum { SERVERS_ENDPOINT = 70, MADE = 80 }; /* handles */

static told_t told[COUNT];
static manager_t manager;
static driver_t drivers[COUNT];
static boot_info_t boot;
static uint32_t derived, badge, given_at; /* capabilities of the server's endpoint */
static uint32_t ports_written;
static err_t failed;
static uint32_t judged; /* for an excess: 1, a hundredfold if it goes on */

int32_t grant_connection(driver_t *driver, uint32_t place, const driver_t *to, uint32_t with)
{
	assert_ptr_equal(driver, &drivers[ASKER]);
	assert_int_equal(to->instance.endpoint, SERVERS_ENDPOINT);
	derived++;
	badge = with;
	given_at = place;
	return MADE;
}

err_t cap_release_some(cap_t cap)
{
	(void)cap;
	return DRV_OK;
}

err_t cap_release(cap_t cap)
{
	return cap_release_some(cap);
}

err_t cspace_list(cap_t cspace, cap_t *handle, cap_info_t *info)
{
	(void)cspace, (void)handle;
	*info = (cap_info_t){.type = CAP_FRAME, .rights = RIGHT_READ};
	return DRV_OK;
}

err_t cap_inspect(cap_t cap, uint32_t *number, void *report, uint32_t size)
{
	(void)cap, (void)number, (void)report, (void)size;
	return DRV_EBADCAP;
}

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	(void)cap, (void)info;
	return DRV_EBADCAP;
}

err_t audit_read(cap_t audit, audit_report_t *report)
{
	(void)audit;
	memset(report, 0, sizeof(*report));
	return DRV_OK;
}

err_t cap_pio_write8(cap_t cap, uint16_t port, uint8_t value)
{
	(void)cap, (void)port, (void)value;
	ports_written++;
	return DRV_OK;
}

err_t notification_signal(cap_t notification, uint32_t bits)
{
	(void)notification, (void)bits;
	return DRV_OK;
}

cap_t grant_master_port(const manager_t *of, uint16_t port)
{
	(void)of, (void)port;
	return CAP_NULL;
}

void supervisor_fail(manager_t *of, driver_t *who, death_kind_t kind, err_t err, const char *w)
{
	assert_ptr_equal(who, &of->drivers[ASKER]); /* one can give up for oneself alone */
	failed = ((void)kind, (void)w, err);
}

void supervisor_excess(manager_t *of, driver_t *driver, const driver_t *victim, bool goes_on)
{
	(void)of;
	assert_ptr_equal(victim, &drivers[ASKER]);
	assert_ptr_equal(driver, &drivers[SERVER]);
	judged += goes_on ? 100 : 1;
}

void wire_taken(manager_t *of, uint32_t position)
{
	(void)of, (void)position;
}

uint32_t wire_position(void)
{
	return 0;
}

/* "asker" uses nothing; "server" provides "service". Both run. */
static int fresh(void **state)
{
	static log_t log;
	static const char *const names[COUNT] = {[ASKER] = "asker", [SERVER] = "server"};
	static const char *const files[COUNT] = {
	    [ASKER] = "asker.drv.json", [SERVER] = "server.drv.json"};
	(void)state;
	memset(drivers, 0, sizeof(drivers));
	manager = (manager_t){.told = told};
	memset(&log, 0, sizeof(log));
	derived = badge = given_at = ports_written = judged = 0;
	failed = DRV_OK;
	manager.drivers = drivers;
	manager.log = &log;
	manager.boot = &boot;
	manager.count = manager.world.count = COUNT;
	drivers[SERVER].instance.endpoint = SERVERS_ENDPOINT;
	strcpy(drivers[SERVER].manifest.provides.items[0], "service");
	drivers[SERVER].manifest.provides.count = 1;
	for (uint32_t i = 0; i < COUNT; i++) {
		static driver_page_t pages[COUNT];
		manifest_errors_t errors = {0};
		drivers[i].instance.page = &pages[i];
		drivers[i].index = i;
		drivers[i].accepted = drivers[i].instance.alive = true;
		drivers[i].unit.state = STATE_RUNNING;
		manager.world.units[i] = &drivers[i].unit;
		strcpy(drivers[i].manifest.name, names[i]);
		assert_int_equal(
		    registry_add(&manager.registry, files[i], &drivers[i].manifest, &errors),
		    DRV_OK);
	}
	return 0;
}

static void let_use(const char *name)
{
	name_list_t *uses = &drivers[ASKER].manifest.uses;
	strcpy(uses->items[uses->count++], name);
}

/* The asker's request with a text of which `length` bytes are said to be there, and `sent`
 * words are. */
static err_t ask_with(uint32_t label, const char *text, uint32_t length, uint32_t sent)
{
	message_t message = {.info = MSG_INFO(label, sent, 0), .word0 = length};
	memset(&buffer, 0, sizeof(buffer));
	memcpy(&buffer.words[DRIVER_DATA_WORD], text, strlen(text));
	service_request(&manager, &drivers[ASKER], &message);
	bool lends = MSG_CAP_COUNT(message.info) != 0;
	assert_int_equal(buffer.caps[0], lends ? MADE : CAP_NULL);
	return (err_t)message.word0;
}

static err_t ask(uint32_t label, const char *text)
{
	uint32_t length = (uint32_t)strlen(text);
	return ask_with(label, text, length, DRIVER_DATA_WORD + (length + 3) / 4);
}

static bool is_for_all(uint32_t label)
{
	return label == MANAGER_FAIL || label == MANAGER_CONNECT || label == MANAGER_STATUS ||
	       label == MANAGER_SUBSCRIBE || label == MANAGER_CMDLINE;
}

#define LABEL(name, value, repeatable) name,
static const uint32_t labels[] = {MANAGER_REQUESTS(LABEL)};

/* With a name. */
static void what_is_not_for_all_is_the_operators(void **state)
{
	const unit_t before = {.state = STATE_RUNNING};
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		fresh(state);
		bool refused = ask(labels[i], "server") == DRV_EPERM;
		assert_int_equal(refused,
				 !is_for_all(labels[i]) || labels[i] == MANAGER_CONNECT);
		assert_memory_equal(&drivers[SERVER].unit, &before, sizeof(before));
		assert_int_equal(ports_written + derived + judged, 0);
		if (labels[i] == MANAGER_CONNECT)
			continue;
		fresh(state);
		let_use(MANIFEST_OPERATOR);
		refused = ask(labels[i], "server") == DRV_EPERM;
		assert_int_equal(refused, labels[i] == MANAGER_EXCESS);
	}
}

static void a_request_without_a_name_is_no_way_around_that(void **state)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		fresh(state);
		if (labels[i] == MANAGER_CONNECT) /* there is nobody without a name */
			continue;
		assert_int_equal(ask(labels[i], "") == DRV_EPERM, !is_for_all(labels[i]));
	}
}

/* Each request of the protocol has one row, and no row is of another one. */
static void each_request_has_one_row(void **state)
{
	(void)state;
	assert_int_equal(sizeof(handlers) / sizeof(handlers[0]),
			 sizeof(labels) / sizeof(labels[0]));
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		assert_non_null(find_handler(labels[i]));
	assert_int_equal(ask(0, ""), DRV_ENOTSUP);
	assert_int_equal(ask(UINT16_MAX, ""), DRV_ENOTSUP);
}

static void a_name_that_is_no_drivers_is_told_to_operators_only(void **state)
{
	static const uint32_t named[] = {
	    MANAGER_HELD,  MANAGER_START,   MANAGER_STOP,    MANAGER_KILL,  MANAGER_EXPLAIN,
	    MANAGER_HOLD,  MANAGER_RELEASE, MANAGER_QUIESCE, MANAGER_RESET, MANAGER_REPORT,
	    MANAGER_DEATH, MANAGER_RESTART, MANAGER_CLEAR,   MANAGER_USES};
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		fresh(state);
		assert_int_equal(ask(named[i], "nobody"), DRV_EPERM);
		let_use(MANIFEST_OPERATOR);
		assert_int_equal(ask(named[i], "nobody"), DRV_ENOENT);
	}
}

static void the_operator_is_told_all_of_one_driver(void **state)
{
	manager_report_t report;
	(void)state;
	let_use(MANIFEST_OPERATOR);
	assert_int_equal(ask(MANAGER_REPORT, "server"), sizeof(report));
	memcpy(&report, &buffer.words[DRIVER_DATA_WORD], sizeof(report));
	assert_true(report.status.state == STATE_RUNNING && *report.status.name == 's');
}

static void one_connects_to_what_one_uses_by_that_name(void **state)
{
	assert_int_equal(ask(MANAGER_CONNECT, "server"), DRV_EPERM);
	assert_int_equal(derived, 0);
	let_use("service");
	drivers[ASKER].unit.generation = 3;
	assert_int_equal(ask(MANAGER_CONNECT, "server"), DRV_EPERM);
	assert_int_equal(ask(MANAGER_CONNECT, "service"), DRV_OK);
	assert_int_equal(derived, 1);
	assert_int_equal(badge, DRIVER_BADGE(ASKER + 1, 3));
	assert_int_equal(given_at, 0);
	let_use("nobody");
	assert_int_equal(ask(MANAGER_CONNECT, "nobody"), DRV_ENOENT);
	fresh(state);
	strcpy(drivers[ASKER].manifest.needs.items[0], "server");
	drivers[ASKER].manifest.needs.count = 1;
	assert_int_equal(ask(MANAGER_CONNECT, "server"), DRV_OK);
	assert_int_equal(given_at, MANIFEST_NAMES_MAX);
}

static void the_operator_connects_to_whom_its_manifest_does_not_name(void **state)
{
	(void)state;
	let_use(MANIFEST_OPERATOR);
	assert_int_equal(ask(MANAGER_CONNECT, "server"), DRV_OK);
	assert_int_equal(given_at, MANIFEST_PLACES);
	assert_int_equal(badge, (ASKER + 1) | DRIVER_BADGE_OPERATOR);
	assert_int_equal(ask(MANAGER_CONNECT, "nobody"), DRV_ENOENT);
	let_use("service");
	assert_int_equal(ask(MANAGER_CONNECT, "service"), DRV_OK);
	assert_int_equal(given_at, 1);
}

static void the_operators_badge_is_the_operators(void **state)
{
	(void)state;
	let_use("server");
	assert_int_equal(ask(MANAGER_CONNECT, "server"), DRV_OK);
	assert_int_equal(badge & DRIVER_BADGE_OPERATOR, 0);
	let_use(MANIFEST_OPERATOR);
	assert_int_equal(ask(MANAGER_CONNECT, "server"), DRV_OK);
	assert_int_equal(badge, (ASKER + 1) | DRIVER_BADGE_OPERATOR);
}

static void a_text_is_no_longer_than_what_was_sent(void **state)
{
	(void)state;
	let_use("server");
	assert_int_equal(ask_with(MANAGER_CONNECT, "server", 6, DRIVER_DATA_WORD + 2), DRV_OK);
	assert_int_equal(ask_with(MANAGER_CONNECT, "server", 6, DRIVER_DATA_WORD + 1),
			 DRV_EMSGSIZE);
	assert_int_equal(ask_with(MANAGER_CONNECT, "server", 6, 0), DRV_EMSGSIZE);
	assert_int_equal(ask_with(MANAGER_CONNECT, "server", MANAGER_TEXT_MAX + 1, MSG_WORDS),
			 DRV_EMSGSIZE);
	assert_int_equal(ask_with(MANAGER_CONNECT, "server", UINT32_MAX, MSG_WORDS),
			 DRV_EMSGSIZE);
	assert_int_equal(ask_with(MANAGER_CONNECT, "server", 5, DRIVER_DATA_WORD + 2),
			 DRV_EPERM);
	assert_int_equal(derived, 1);
}

static void one_gives_up_for_oneself(void **state)
{
	(void)state;
	message_t message = {.info = MSG_INFO(MANAGER_FAIL, 1, 0), .word0 = (uint32_t)DRV_EIO};
	service_request(&manager, &drivers[ASKER], &message);
	assert_int_equal(failed, DRV_EIO);
}

static err_t tell_of(uint32_t whose, uint32_t goes_on)
{
	message_t message = {
	    .info = MSG_INFO(MANAGER_EXCESS, 2, 0), .word0 = whose, .word1 = goes_on};
	service_request(&manager, &drivers[ASKER], &message);
	return (err_t)message.word0;
}

static void an_essential_driver_is_believed_of_its_clients(void **state)
{
	uint32_t whose = DRIVER_BADGE(SERVER + 1, 7);
	(void)state;
	drivers[SERVER].unit.generation = 7;
	assert_int_equal(tell_of(whose, 0), DRV_EPERM);
	let_use(MANIFEST_OPERATOR);
	assert_int_equal(tell_of(whose, 0), DRV_EPERM);
	manager.world.rules[ASKER].essential = true;
	assert_int_equal(tell_of(DRIVER_BADGE(COUNT + 1, 0), 0), DRV_ENOENT);
	assert_int_equal(tell_of(0, 0), DRV_ENOENT);
	assert_int_equal(judged, 0);
	assert_int_equal(tell_of(whose, 0), DRV_OK);
	assert_int_equal(judged, 1);
	assert_int_equal(tell_of(whose, 1), DRV_OK);
	assert_int_equal(judged, 101);
	/* The next instance does not pay for one that has ended meanwhile. */
	assert_int_equal(tell_of(DRIVER_BADGE(SERVER + 1, 6), 0), DRV_EGONE);
	assert_int_equal(judged, 101);
}

/* Does the request end the manager by a processor's fault? */
static bool ends(uint32_t label, const char *name)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0) {
		signal(SIGILL, SIG_DFL);
		ask(label, name);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGILL;
}

static void the_manager_dies_for_an_operator_alone(void **state)
{
	(void)state;
	assert_int_equal(ask(MANAGER_KILL, "drvmgr"), DRV_EPERM);
	let_use(MANIFEST_OPERATOR);
	assert_true(ends(MANAGER_KILL, "drvmgr"));
	assert_false(ends(MANAGER_STOP, "drvmgr"));
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_not_for_all_is_the_operators),
	    TEST(each_request_has_one_row),
	    TEST(a_request_without_a_name_is_no_way_around_that),
	    TEST(a_name_that_is_no_drivers_is_told_to_operators_only),
	    TEST(the_operator_is_told_all_of_one_driver),
	    TEST(one_connects_to_what_one_uses_by_that_name),
	    TEST(the_operator_connects_to_whom_its_manifest_does_not_name),
	    TEST(the_operators_badge_is_the_operators),
	    TEST(a_text_is_no_longer_than_what_was_sent),
	    TEST(one_gives_up_for_oneself),
	    TEST(an_essential_driver_is_believed_of_its_clients),
	    TEST(the_manager_dies_for_an_operator_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
