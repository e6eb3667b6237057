/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's lifecycle commands. */
#include "private.h"

/* Interrupts begin with running. An edge that came before is lost to the controller, so each
 * line gets one look at its device. After a reset there are clients, who were put off. */
static void serve(void)
{
	runtime.serving = true;
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX; i++)
		if (driver_context()->irq_caps[i] && runtime.ops->irq)
			runtime.ops->irq(i);
	driver_notify();
}

/* Whether or not the manager is there to be told: it looks when it is back. */
static void answer(uint32_t seq, err_t result)
{
	if (!result && driver_page()->command == DRIVER_RUN)
		serve();
	driver_page()->done_result = result;
	__atomic_store_n(&driver_page()->done_seq, seq, __ATOMIC_RELEASE);
	tell_manager();
	if (runtime.stopping)
		runtime.stopped = true;
}

static err_t optional(err_t (*step)(void))
{
	return step ? step() : DRV_OK;
}

/* What has run before in this instance is reset: there is nothing to recover. */
static err_t init(void)
{
	const driver_ops_t *ops = runtime.ops;
	bool restarted = (driver_context()->flags & DRIVER_FLAG_RESTARTED) && !runtime.bound;
	if (restarted && ops->recover) {
		err_t err = ops->recover();
		if (err)
			return err;
	}
	return optional(ops->init);
}

static err_t bind_irqs(void)
{
	DriverContextV2 *context = driver_context();
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX && context->irq_caps[i]; i++) {
		err_t err = irq_bind(context->irq_caps[i], driver_page()->notification_grant,
				     DRIVER_SIGNAL_IRQ(i));
		if (err)
			return err;
	}
	runtime.bound = true;
	return DRV_OK;
}

static err_t run(void)
{
	err_t err = bind_irqs();
	return err ? err : optional(runtime.ops->run);
}

static err_t perform(uint32_t command)
{
	switch (command) {
	case DRIVER_PROBE:
		return optional(runtime.ops->probe);
	case DRIVER_INIT:
		return init();
	case DRIVER_RUN:
		return run();
	case DRIVER_QUIESCE:
		runtime.serving = false;
		return optional(runtime.ops->quiesce);
	case DRIVER_STOP:
		runtime.stopping = true;
		return optional(runtime.ops->stop);
	default:
		return DRV_ENOTSUP;
	}
}

void lifecycle_command(void)
{
	uint32_t seq = driver_page()->command_seq;
	if (seq == runtime.command_seq)
		return;
	runtime.command_seq = runtime.step_seq = seq;
	err_t result = perform(driver_page()->command);
	if (result != DRV_EAGAIN && runtime.step_seq == seq)
		driver_done(result);
}

void driver_done(err_t result)
{
	uint32_t seq = runtime.step_seq;
	runtime.step_seq = 0;
	if (seq)
		answer(seq, result);
}
