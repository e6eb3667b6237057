/* SPDX-License-Identifier: BSD-2-Clause */
/* The thread of idle.h. It begins at address 0, where nothing is ever mapped. */
#include "hands/idle.h"

#include "cap/syscall.h"
#include "hands/memory.h"

err_t idle_make(manager_t *manager)
{
	thread_registers_t registers = {0};
	err_t err = memory_make_body(manager, CAP_THREAD, &manager->idle);
	if (!err)
		err = thread_bind(manager->idle, BIND_VSPACE, manager->maker.vspace, 0);
	if (!err)
		err = thread_bind(manager->idle, BIND_FAULT, manager->endpoint, IDLE_BADGE);
	manager->idle_asked = false;
	return err ? err : thread_write(manager->idle, &registers);
}

void idle_ask(manager_t *manager)
{
	if (!manager->idle_asked)
		thread_resume(manager->idle);
	manager->idle_asked = true;
}

/* Taken off the reply object, so that the next message can be received. */
void idle_take(manager_t *manager)
{
	thread_suspend(manager->idle);
	manager->idle_asked = false;
}
