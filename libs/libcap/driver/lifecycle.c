/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's lifecycle commands. */
#include "private.h"

/* Interrupts begin with running. An edge that came before is lost to the controller, so each
 * line gets one look at its device. After a reset there are clients, who were put off. */
static void serve(void)
{
	runtime.serving = UINT32_MAX;
	for (uint32_t i = 0; runtime.ops->irq && i < DRIVER_CAPS_MAX; i++)
		if (driver_context()->irq_caps[i])
			runtime.ops->irq(i);
	driver_notify();
}

/* Nothing is under way any more; only interrupts come. */
static void fall_quiet(void)
{
	runtime.quiet = true;
	runtime.timers = 0;
}

/* Whether or not the manager is there to be told: it looks when it is back. */
static void answer(uint32_t seq, err_t result)
{
	uint32_t command = driver_page()->command;
	if (!result && command == DRIVER_RUN)
		serve();
	else if (command == DRIVER_QUIESCE)
		fall_quiet();
	driver_page()->done_result = result;
	__atomic_store_n(&driver_page()->done_seq, seq, __ATOMIC_RELEASE);
	tell_manager();
	if (runtime.stopping)
		runtime.stopped = true;
}

/* What has run before in this instance is reset: there is nothing to recover. */
static err_t recover_restarted(void)
{
	bool restarted = (driver_context()->flags & DRIVER_FLAG_RESTARTED) && !runtime.bound;
	return restarted && runtime.ops->recover ? runtime.ops->recover() : DRV_OK;
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

static err_t perform(uint32_t command)
{
	const driver_ops_t *ops = runtime.ops;
	err_t (*step)(void) = NULL;
	err_t err = DRV_OK;
	switch (command) {
	case DRIVER_PROBE:
		step = ops->probe;
		break;
	case DRIVER_INIT:
		err = recover_restarted();
		step = ops->init;
		break;
	case DRIVER_RUN:
		err = bind_irqs();
		step = ops->run;
		break;
	case DRIVER_QUIESCE:
		runtime.serving = 0;
		step = ops->quiesce;
		break;
	case DRIVER_STOP:
		runtime.stopping = true;
		step = ops->stop;
		break;
	default:
		err = DRV_ENOTSUP;
		break;
	}
	return err || !step ? err : step();
}

void lifecycle_command(void)
{
	uint32_t seq = driver_page()->command_seq;
	if (seq == runtime.command_seq)
		return;
	runtime.command_seq = runtime.step_seq = seq;
	runtime.quiet = false; /* a step may take its time */
	err_t result = perform(driver_page()->command);
	if (result != DRV_EAGAIN && runtime.step_seq == seq)
		driver_done(result);
}

/* Not inlined: a step that is done at once ends here, too. */
__attribute__((cold, noinline)) void driver_done(err_t result)
{
	uint32_t seq = runtime.step_seq;
	runtime.step_seq = 0;
	if (seq)
		answer(seq, result);
}
