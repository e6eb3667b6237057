/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets what. The root task keeps the boot capabilities themselves and one small untyped;
 * drvmgr gets capabilities derived from all others. */
#include "cap/string.h"
#include "init.h"

#define OWN_BITS_MIN 17u /* the root task's own untyped, at least */
#define OWN_PAGES    16u /* room for what it makes, but for page tables for the boot module */
#define DRVMGR_BITS  20u /* what the drvmgr process is made of */

typedef struct boot_cap_entry entry_t;

/* The smallest untyped of at least 2^bits bytes but entry `without`; 0: there is none. */
static uint32_t smallest_untyped(uint32_t bits, uint32_t without)
{
	const boot_info_t *info = boot_info();
	uint32_t best = 0;
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++) {
		const entry_t *entry = &info->caps[i];
		if (entry->type != CAP_UNTYPED || entry->scope1 < bits || i == without)
			continue;
		if (!best || entry->scope1 < info->caps[best].scope1)
			best = i;
	}
	return best;
}

/* A large boot module needs more page tables than the least has room for. */
static uint32_t own_bits(void)
{
	uint32_t tables = boot_info()->archive_size / boot_info()->table_span + 1;
	uint32_t bits = OWN_BITS_MIN;
	while (1u << bits < (OWN_PAGES + tables) * PAGE_SIZE)
		bits++;
	return bits;
}

static uint32_t own_entry(void)
{
	return smallest_untyped(own_bits(), 0);
}

/* The untyped that drvmgr's own is cut from; it gets the rest of it as well. */
static uint32_t home_entry(void)
{
	return smallest_untyped(DRVMGR_BITS + 1, own_entry());
}

cap_t own_untyped(void)
{
	return boot_info()->caps[own_entry()].cap;
}

err_t hand_over_untyped(cap_t *untyped)
{
	uint32_t home = home_entry();
	if (!home)
		return DRV_ENOMEM;
	int32_t made = untyped_retype(boot_info()->caps[home].cap, CAP_UNTYPED, DRVMGR_BITS, 0);
	if (made < 0)
		return made;
	*untyped = (cap_t)made;
	return DRV_OK;
}

static err_t add_entry(boot_info_t *info, int32_t handle, uint32_t type, uint32_t scope0,
		       uint32_t scope1)
{
	if (handle < 0)
		return handle;
	if (info->cap_count == BOOT_CAPS_MAX)
		return DRV_ENOMEM;
	info->caps[info->cap_count++] =
	    (entry_t){.cap = (cap_t)handle, .type = type, .scope0 = scope0, .scope1 = scope1};
	return DRV_OK;
}

/* The rest of the home untyped: one piece of each size from drvmgr's own upwards. */
static err_t give_home(const process_t *drvmgr, boot_info_t *info)
{
	const entry_t *home = &boot_info()->caps[home_entry()];
	for (uint32_t bits = DRVMGR_BITS; bits < home->scope1; bits++) {
		int32_t piece = untyped_retype(home->cap, CAP_UNTYPED, bits, drvmgr->cspace);
		err_t err = add_entry(info, piece, CAP_UNTYPED, 0, bits);
		if (err)
			return err;
	}
	return DRV_OK;
}

static err_t give(const process_t *drvmgr, boot_info_t *info, const entry_t *entry)
{
	int32_t handle;
	if (entry->type == CAP_UNTYPED)
		handle = untyped_retype(entry->cap, CAP_UNTYPED, entry->scope1, drvmgr->cspace);
	else
		handle = cap_delegate(drvmgr->cspace, entry->cap, RIGHT_READ | RIGHT_WRITE, 0);
	return add_entry(info, handle, entry->type, entry->scope0, entry->scope1);
}

static err_t give_own(const process_t *drvmgr, boot_info_t *info)
{
	const struct {
		uint32_t position;
		cap_t cap;
		uint32_t rights;
	} own[] = {
	    {BOOT_CAP_CSPACE, drvmgr->cspace, RIGHT_READ | RIGHT_WRITE},
	    {BOOT_CAP_VSPACE, drvmgr->vspace, RIGHT_WRITE},
	    {BOOT_CAP_THREAD, drvmgr->thread, RIGHT_READ | RIGHT_WRITE},
	    {BOOT_CAP_IRQ, boot_info()->caps[BOOT_CAP_IRQ].cap, RIGHT_READ | RIGHT_INSPECT},
	    {BOOT_CAP_AUDIT, boot_info()->caps[BOOT_CAP_AUDIT].cap, RIGHT_READ},
	    {BOOT_CAP_ARCHIVE, boot_info()->caps[BOOT_CAP_ARCHIVE].cap, RIGHT_READ}};
	for (uint32_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		int32_t handle = cap_delegate(drvmgr->cspace, own[i].cap, own[i].rights, 0);
		if (handle < 0)
			return handle;
		info->caps[own[i].position].cap = (cap_t)handle;
	}
	return DRV_OK;
}

err_t hand_over_rest(const process_t *drvmgr, boot_info_t *info)
{
	const boot_info_t *boot = boot_info();
	memcpy(info, boot, sizeof(*info));
	info->cap_count = BOOT_CAP_FIRST;
	err_t err = give_own(drvmgr, info);
	for (uint32_t i = BOOT_CAP_FIRST; !err && i < boot->cap_count; i++)
		if (i != own_entry() && i != home_entry())
			err = give(drvmgr, info, &boot->caps[i]);
	return err ? err : give_home(drvmgr, info);
}

void take_back(void)
{
	const boot_info_t *info = boot_info();
	cap_revoke(info->caps[BOOT_CAP_IRQ].cap);
	cap_revoke(info->caps[BOOT_CAP_AUDIT].cap);
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++)
		if (i != own_entry())
			cap_revoke(info->caps[i].cap);
}
