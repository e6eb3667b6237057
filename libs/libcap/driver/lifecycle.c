/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's lifecycle commands, and what a driver may touch. */
#include "private.h"

/* Whether or not the manager is there to be told: it looks when it is back. */
static void answer(uint32_t seq, err_t result)
{
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

static err_t init(void)
{
	const driver_ops_t *ops = runtime.ops;
	if ((driver_context()->flags & DRIVER_FLAG_RESTARTED) && ops->recover) {
		err_t err = ops->recover();
		if (err)
			return err;
	}
	return optional(ops->init);
}

/* Interrupts begin with running. An edge that came before is lost to the controller, so each
 * line gets one look at its device. */
static err_t bind_irqs(void)
{
	DriverContextV2 *context = driver_context();
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX && context->irq_caps[i]; i++) {
		err_t err = irq_bind(context->irq_caps[i], driver_page()->notification_grant,
				     DRIVER_SIGNAL_IRQ(i));
		if (err)
			return err;
	}
	return DRV_OK;
}

static err_t run(void)
{
	err_t err = bind_irqs();
	if (!err)
		err = optional(runtime.ops->run);
	runtime.serving = err == DRV_OK;
	for (uint32_t i = 0; err == DRV_OK && i < DRIVER_CAPS_MAX; i++)
		if (driver_context()->irq_caps[i] && runtime.ops->irq)
			runtime.ops->irq(i);
	return err;
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

err_t driver_in8(unsigned index, uint16_t port, uint8_t *value)
{
	return cap_pio_read8(index < DRIVER_CAPS_MAX ? driver_context()->pio_caps[index] : 0,
			     port, value);
}

err_t driver_out8(unsigned index, uint16_t port, uint8_t value)
{
	return cap_pio_write8(index < DRIVER_CAPS_MAX ? driver_context()->pio_caps[index] : 0,
			      port, value);
}

err_t driver_map(unsigned index, volatile void **address)
{
	uint32_t virt = DRIVER_MMIO_WINDOW;
	cap_info_t info;
	for (unsigned i = 0; i < DRIVER_CAPS_MAX; i++) {
		err_t err = cap_get_info(driver_context()->mmio_caps[i], &info);
		if (err)
			return err;
		if (i < index) {
			virt += info.scope1;
			continue;
		}
		err = cap_mmio_map_all(driver_context()->mmio_caps[i], virt);
		if (err == DRV_OK)
			*address = (volatile void *)virt;
		return err;
	}
	return DRV_EBADCAP;
}
