/* SPDX-License-Identifier: BSD-2-Clause */
/* A client's link and the driver behind it, which is a few variables here. */
#ifndef LINK_WORLD_H
#define LINK_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cap/link.h"
#include "cap/manager.h"
#include "cap/syscall.h"
#include "cap/told.h"

#define ENDPOINT 9u
#define SIGNAL	 8u

static struct {
	uint32_t now;
	bool session;	   /* the driver knows the client */
	bool was_answered; /* of the last call */
	err_t connects, opens;
	/* The next `dies` requests are under way when the driver dies. */
	unsigned dies;
	err_t fails; /* what requests answer, if not DRV_OK */
	uint32_t kept_since;
	unsigned connected, opened, asked, done, released;
	unsigned listening, revoked; /* sessions opened so; before them */
	uint32_t word0, word1;	     /* of the last request, … */
	const void *data;	     /* … what came with it … */
	const uint32_t *value, *bytes;
	uint32_t room;
} world;
static link_t driver;

uint32_t clock_ms(void)
{
	return world.now;
}

err_t cap_release(cap_t cap)
{
	assert_int_equal(cap, ENDPOINT);
	world.released++;
	return DRV_OK;
}

err_t manager_connect(const char *name, cap_t *endpoint)
{
	assert_string_equal(name, "disk");
	world.connected++;
	if (world.connects == DRV_OK)
		*endpoint = ENDPOINT;
	return world.connects;
}

err_t client_open_since(client_t client, cap_t notification, uint32_t *kept_since)
{
	(void)notification;
	assert_int_equal(client.endpoint, ENDPOINT);
	world.opened++;
	world.session = world.opens == DRV_OK;
	if (world.session)
		*kept_since = world.kept_since;
	return world.opens;
}

err_t client_open_listening(client_t client, cap_t notification, uint32_t *kept_since)
{
	assert_int_equal(notification, SIGNAL);
	assert_int_equal(world.revoked, ++world.listening);
	return client_open_since(client, notification, kept_since);
}

err_t cap_revoke(cap_t cap)
{
	assert_int_equal(cap, SIGNAL);
	world.revoked++;
	return DRV_OK;
}

bool client_was_answered(void)
{
	return world.was_answered;
}

static int32_t ask(int32_t result, uint32_t word0, const void *data)
{
	world.asked++;
	world.word0 = word0;
	world.data = data;
	world.was_answered = true;
	if (!world.session)
		return DRV_EGONE;
	if (world.fails != DRV_OK) {
		world.was_answered = world.fails != DRV_ETIMEDOUT;
		return world.fails;
	}
	world.done++;
	if (!world.dies)
		return result;
	world.dies--;
	world.session = world.was_answered = false;
	return DRV_EGONE;
}

int32_t client_read(client_t client, void *to, uint32_t bytes)
{
	(void)client;
	return ask((int32_t)bytes, bytes, to);
}

int32_t client_read_at(client_t client, uint32_t *position, void *to, uint32_t bytes)
{
	(void)client;
	world.word1 = *position;
	int32_t count = ask((int32_t)bytes, bytes, to);
	if (count >= 0)
		*position += bytes;
	return count;
}

int32_t client_write(client_t client, const void *from, uint32_t bytes)
{
	(void)client;
	return ask((int32_t)bytes, bytes, from);
}

err_t client_seek(client_t client, uint32_t position)
{
	(void)client;
	return ask(DRV_OK, position, NULL);
}

err_t client_ioctl(client_t client, uint32_t code, uint32_t argument, uint32_t *value,
		   void *data, uint32_t *bytes, uint32_t room)
{
	(void)client;
	world.word1 = argument;
	world.value = value;
	world.bytes = bytes;
	world.room = room;
	return ask(DRV_OK, code, data);
}

static int fresh(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.now = UINT32_MAX - 100;
	driver = (link_t){.name = "disk"};
	return 0;
}

#endif
