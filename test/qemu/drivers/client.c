/* SPDX-License-Identifier: BSD-2-Clause */
/* A client of actors: checks what calls answer when the other side is alive, dying, dead, given
 * up, silent or foreign. The names in its manifest's `uses` are those of test_ipc.py. A client
 * whose name begins with "session" opens one session of "host", or, where it may not, of
 * "hasty", and says how that went. */
#include "checks.h"

#include "actor.h"
#include "cap/client.h"
#include "cap/manager.h"
#include "cap/string.h"
#include "cap/syscall.h"

#define BYTES	      16u
#define AT_ONCE_MS    20u
#define PATIENCE_MS   5000u
#define UNKNOWN_LABEL 99u
#define BEYOND	      10000u

static client_t server;

static const driver_page_t *page(void)
{
	return (const driver_page_t *)DRIVER_PAGE;
}

static client_t connect(const char *name)
{
	client_t client = {CAP_NULL};
	check_result(name, DRV_OK, manager_connect(name, &client.endpoint));
	return client;
}

/* A request as no well-behaved client sends it; the answer's word 0. */
static int32_t raw(uint32_t label, uint32_t words, uint32_t word0)
{
	message_t message = {.info = MSG_INFO(label, words, 0), .word0 = word0};
	message_buffer()->timeout_ms = CLIENT_TIMEOUT_MS;
	message_buffer()->accept = 0;
	err_t err = ipc_call(server.endpoint, &message, CLIENT_TIMEOUT_MS);
	return err ? err : (int32_t)message.word0;
}

static int32_t server_ioctl(uint32_t code, uint32_t *value)
{
	uint32_t bytes = 0;
	uint32_t data[4];
	return client_ioctl(server, code, 0, value, data, &bytes, sizeof(data));
}

/* What this client may not ask of the manager. */
static void check_manager(void)
{
	char text[80];
	manager_held_t held;
	cap_t endpoint;
	uint32_t position = 0;
	EXPECT(DRV_EPERM, manager_connect("ps2kbd", &endpoint));
	EXPECT(DRV_EPERM, manager_connect("client", &endpoint));
	EXPECT(DRV_EPERM, manager_connect("", &endpoint));
	EXPECT(DRV_ENOENT, manager_connect("ghost", &endpoint));
	EXPECT(DRV_EPERM, manager_start("server"));
	EXPECT(DRV_EPERM, manager_stop("server"));
	EXPECT(DRV_EPERM, manager_kill("server"));
	EXPECT(DRV_EPERM, manager_kill("ps2kbd"));
	EXPECT(DRV_EPERM, manager_reset("server"));
	EXPECT(DRV_EPERM, manager_quiesce("server"));
	EXPECT(DRV_EPERM, manager_reset(""));
	EXPECT(DRV_EPERM, manager_held("server", 0, &held));
	EXPECT(DRV_EPERM, manager_reboot());
	EXPECT(DRV_EPERM, manager_log_read(&position, text, sizeof(text)));
	EXPECT(DRV_EPERM, manager_log_written(&position));
	EXPECT(DRV_EBADCAP, manager_subscribe(CAP_NULL));
}

static void check_requests(void)
{
	uint8_t bytes[BYTES];
	uint8_t large[BYTES];
	uint32_t value = 0;
	EXPECT(DRV_EGONE, client_read(server, bytes, BYTES)); /* no session */
	EXPECT(DRV_EGONE, client_write(server, bytes, BYTES));
	EXPECT(DRV_OK, client_open(server, CAP_NULL));
	EXPECT(BYTES, client_read(server, bytes, BYTES));
	EXPECT(BYTES - 1, bytes[BYTES - 1]);
	EXPECT(BYTES, client_write(server, bytes, BYTES));
	EXPECT(DRV_OK, client_seek(server, 100));
	EXPECT(BYTES, client_read(server, bytes, BYTES));
	EXPECT(100, bytes[0]);
	EXPECT(DRV_EINVAL, client_read(server, large, DRIVER_DATA_MAX + 1));
	EXPECT(DRV_EINVAL, raw(DRIVER_READ, 2, DRIVER_DATA_MAX + 1));
	EXPECT(DRV_EINVAL, raw(DRIVER_READ, 2, 0xffffffffu));
	EXPECT(DRV_EINVAL, raw(DRIVER_WRITE, 2, DRIVER_DATA_MAX + 1));
	EXPECT(DRV_EINVAL, raw(DRIVER_WRITE, 2, BYTES)); /* claims what it does not send */
	EXPECT(DRV_ENOTSUP, raw(0, 2, 0));
	EXPECT(DRV_ENOTSUP, raw(UNKNOWN_LABEL, 2, 0));
	EXPECT(DRV_EPERM, raw(MSG_LABEL_KERNEL, 2, 0));
	EXPECT(DRV_EPERM, raw(FAULT_EXIT, 2, 0));
	EXPECT(DRV_EMSGSIZE, raw(DRIVER_READ, MSG_WORDS + 1, 0));
	EXPECT(DRV_OK, server_ioctl(DRV_IOCTL_GET_VERSION, &value));
	EXPECT(1, value); /* as its manifest says */
	EXPECT(DRV_OK, server_ioctl(DRV_IOCTL_GET_HEALTH, &value));
	EXPECT(DRV_OK, value);
	EXPECT(DRV_EPERM, server_ioctl(DRV_IOCTL_RESET, &value));
	EXPECT(DRV_EPERM, server_ioctl(DRV_IOCTL_QUIESCE, &value));
	EXPECT(DRV_ENOTSUP, server_ioctl(DRV_IOCTL_OWN + BEYOND, &value));
	EXPECT(DRV_EMSGSIZE, server_ioctl(ACTOR_TOO_MUCH, &value));
	EXPECT(DRV_OK, client_close(server));
	EXPECT(DRV_EGONE, client_read(server, bytes, BYTES));
	EXPECT(DRV_OK, client_open(server, CAP_NULL));
}

/* The connection is the right to call, under this client's badge, and nothing else. */
static void check_connection(void)
{
	message_t message = {0};
	EXPECT(DRV_EPERM, cap_derive(server.endpoint, RIGHT_READ, 0, 0));
	EXPECT(DRV_EPERM, cap_derive(server.endpoint, RIGHT_WRITE, 1, 0));
	EXPECT(DRV_EPERM, ipc_receive(server.endpoint, page()->reply, TIMEOUT_POLL, &message));
	EXPECT(DRV_EPERM, endpoint_cancel(server.endpoint, CANCEL_WAITING, DRV_EIO));
	EXPECT(DRV_EINVAL, notification_signal(server.endpoint, 1));
}

/* The server dies under a call; its successor knows no session, but takes a new one. */
static void check_death(void)
{
	uint32_t value = 0;
	uint8_t bytes[BYTES];
	EXPECT(DRV_EGONE, server_ioctl(ACTOR_CRASH, &value));
	EXPECT(DRV_EGONE, client_read(server, bytes, BYTES)); /* waits for the successor */
	EXPECT(DRV_OK, client_open(server, CAP_NULL));
	EXPECT(BYTES, client_read(server, bytes, BYTES));
	EXPECT(DRV_OK, server_ioctl(ACTOR_GENERATION, &value));
	EXPECT(2, value);
}

static void check_silence(void)
{
	uint32_t value = 0;
	uint32_t before = clock_ms();
	EXPECT(DRV_ETIMEDOUT, server_ioctl(ACTOR_WAIT, &value));
	uint32_t waited = clock_ms() - before;
	if (waited < CLIENT_TIMEOUT_MS)
		EXPECT(CLIENT_TIMEOUT_MS, waited);
	/* It waits without the means to answer, and the kernel tells its callers so. */
	EXPECT(DRV_ENOTSUP, server_ioctl(ACTOR_GENERATION, &value));
}

/* A driver that will not come back says so at once. */
static void check_absent(const char *name, err_t expected)
{
	client_t client = connect(name);
	uint8_t bytes[BYTES];
	manager_status_t status = {0};
	uint32_t before = clock_ms();
	for (uint32_t i = 0; strcmp(status.name, name) || status.state == STATE_RUNNING;) {
		if (manager_status(i++, &status))
			i = 0;
	}
	before = clock_ms();
	check_result(name, expected, client_open(client, CAP_NULL));
	check_result(name, expected, client_read(client, bytes, BYTES));
	EXPECT(true, clock_ms() - before < AT_ONCE_MS);
}

static err_t open_session(void)
{
	client_t host = {CAP_NULL};
	err_t err = manager_connect("host", &host.endpoint);
	if (err == DRV_EPERM)
		err = manager_connect("hasty", &host.endpoint);
	if (!err)
		err = client_open(host, CAP_NULL);
	driver_log("open: %s", error_name(err));
	return DRV_OK;
}

static err_t client_run(void)
{
	if (!strncmp(page()->name, "session", strlen("session")))
		return open_session();
	check_manager();
	server = connect("server");
	check_requests();
	check_connection();
	check_death();
	check_silence();
	check_absent("crash-init", DRV_EQUARANTINED);
	check_absent("absent-probe", DRV_ENODEV);
	check_absent("exit-run", DRV_EGONE);
	report_checks("calls");
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = client_run};
	return driver_main(&ops);
}
