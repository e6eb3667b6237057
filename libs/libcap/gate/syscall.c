/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on capabilities, memory, threads and the system. */
#include "cap/syscall.h"

#include "cap/ms.h"
#include "cap/string.h"
#include "call.h"

int32_t cap_acquire(uint32_t type, uint32_t scope0, uint32_t scope1)
{
	return call3(SYS_CAP_ACQUIRE, type, scope0, scope1);
}

/* To the kernel CAP_NULL means to go on with what an earlier call left, which is not to be
 * released by mistake. */
err_t cap_release(cap_t cap)
{
	if (cap == CAP_NULL)
		return cap_failed(DRV_EBADCAP);
	err_t err = cap_release_some(cap);
	while (err == DRV_EAGAIN)
		err = cap_release_some(CAP_NULL);
	return err;
}

err_t cap_release_some(cap_t cap)
{
	return call1(SYS_CAP_RELEASE, cap);
}

int32_t cap_derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	return call4(SYS_CAP_DERIVE, cap, rights, scope0, scope1);
}

int32_t cap_delegate(cap_t cspace, cap_t cap, uint32_t rights, uint32_t badge)
{
	return call4(SYS_CAP_DELEGATE, cspace, cap, rights, badge);
}

err_t cap_revoke(cap_t cap)
{
	return call2(SYS_CAP_REVOKE, cap, 0);
}

err_t cap_revoke_some(cap_t cap, uint32_t limit)
{
	return call2(SYS_CAP_REVOKE, cap, limit);
}

err_t cap_get_info(cap_t cap, cap_info_t *info)
{
	uint32_t r[4] = {cap};
	err_t err = call_for4(SYS_CAP_INFO, r);
	if (err == DRV_OK)
		*info = (cap_info_t){r[0], r[1], r[2], r[3]};
	return err;
}

err_t cspace_list(cap_t cspace, cap_t *handle, cap_info_t *info)
{
	uint32_t r[4] = {cspace, *handle};
	err_t err = call_for4(SYS_CSPACE_LIST, r);
	if (err)
		return err;
	*handle = r[0];
	*info = (cap_info_t){r[1] & 0xff, r[1] >> 8, r[2], r[3]};
	return DRV_OK;
}

int32_t untyped_retype(cap_t untyped, uint32_t type, uint32_t size, cap_t cspace)
{
	return call4(SYS_UNTYPED_RETYPE, untyped, type, size, cspace);
}

err_t vspace_map(cap_t vspace, cap_t cap, uint32_t virt, uint32_t rights)
{
	return call4(SYS_VSPACE_MAP, vspace, cap, virt, rights);
}

err_t vspace_unmap(cap_t cap)
{
	return call1(SYS_VSPACE_UNMAP, cap);
}

err_t thread_bind(cap_t thread, enum thread_bind what, cap_t cap, uint32_t badge)
{
	return call4(SYS_THREAD_BIND, thread, what, cap, badge);
}

err_t thread_set(cap_t thread, enum thread_attribute what, uint32_t value)
{
	return call3(SYS_THREAD_SET, thread, what, value);
}

err_t thread_resume(cap_t thread)
{
	return call1(SYS_THREAD_RESUME, thread);
}

err_t thread_suspend(cap_t thread)
{
	return call1(SYS_THREAD_SUSPEND, thread);
}

err_t thread_read(cap_t thread, thread_registers_t *registers)
{
	err_t err = call1(SYS_THREAD_READ, thread);
	if (err == DRV_OK)
		memcpy(registers, message_buffer()->words, sizeof(*registers));
	return err;
}

err_t thread_write(cap_t thread, const thread_registers_t *registers)
{
	memcpy(message_buffer()->words, registers, sizeof(*registers));
	return call1(SYS_THREAD_WRITE, thread);
}

void thread_exit(uint32_t code)
{
	for (;;)
		call1(SYS_THREAD_EXIT, code);
}

void thread_yield(void)
{
	call0(SYS_YIELD);
}

uint64_t clock_us(void)
{
	uint32_t r[2] = {0};
	call_for2(SYS_CLOCK, r);
	return r[0] | (uint64_t)r[1] << 32;
}

uint32_t clock_ms(void)
{
	return (uint32_t)ms_of(clock_us());
}

err_t audit_read(cap_t audit, audit_report_t *report)
{
	err_t err = call1(SYS_AUDIT, audit);
	if (err == DRV_OK)
		memcpy(report, message_buffer()->words, sizeof(*report));
	return err;
}

err_t trace_calls(cap_t audit, cap_t untyped)
{
	return call2(SYS_TRACE, audit, untyped);
}

err_t cap_inspect(cap_t cap, uint32_t *number, void *evidence, uint32_t size)
{
	uint32_t r[2] = {cap};
	err_t err = call_for2(SYS_INSPECT, r);
	if (err == DRV_OK && number)
		*number = r[1];
	if (err == DRV_OK && evidence)
		memcpy(evidence, message_buffer()->words, size);
	return err;
}
