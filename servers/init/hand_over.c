/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets what. The root task keeps the boot capabilities themselves and one small untyped;
 * drvmgr gets capabilities derived from all others, once: its capability space outlives it. */
#include "cap/string.h"
#include "init.h"

#define OWN_BITS_MIN  17u /* the root task's own untyped, at least */
#define OWN_PAGES     16u /* room for what it makes, but for page tables for the boot module */
#define KEPT_BITS     20u /* what outlives drvmgr: its capability space, a frame, and … */
#define IMAGE_BITS    18u /* … what the frames of its image and stack are made of */
#define BODY_BITS     20u /* what else an incarnation of it is made of */
#define POOL_PAGES    64u /* room for what it makes of its body, but for such tables */
#define CSPACE_BITS   11u
#define RING_BITS     22u /* where calls are recorded: 262,144 records, or … */
#define RING_BITS_MIN 20u /* … a quarter of them */

typedef struct boot_cap_entry entry_t;

/* The smallest untyped of at least 2^bits bytes but these two entries; 0: there is none. */
static uint32_t smallest_untyped(uint32_t bits, uint32_t without, uint32_t nor)
{
	const boot_info_t *info = boot_info();
	uint32_t best = 0;
	for (uint32_t i = BOOT_CAP_FIRST; i < info->cap_count; i++) {
		const entry_t *entry = &info->caps[i];
		if (entry->type != CAP_UNTYPED || entry->scope1 < bits || i == without ||
		    i == nor)
			continue;
		if (!best || entry->scope1 < info->caps[best].scope1)
			best = i;
	}
	return best;
}

/* log2 of the memory for `pages` pages and page tables for the boot module. */
static uint32_t bits_for(uint32_t pages, uint32_t bits)
{
	uint32_t tables = boot_info()->archive_size / boot_info()->table_span + 1;
	while (1u << bits < (pages + tables) * PAGE_SIZE)
		bits++;
	return bits;
}

static uint32_t own_entry(void)
{
	return smallest_untyped(bits_for(OWN_PAGES, OWN_BITS_MIN), 0, 0);
}

/* The untyped that drvmgr's are cut from; it gets the rest of it as well. */
static uint32_t home_entry(void)
{
	return smallest_untyped(KEPT_BITS + 1, own_entry(), 0);
}

cap_t own_untyped(void)
{
	return boot_info()->caps[own_entry()].cap;
}

err_t hand_over_ring(manager_memory_t *memory, uint32_t *bits)
{
	const boot_info_t *boot = boot_info();
	uint32_t ring = smallest_untyped(RING_BITS, own_entry(), home_entry());
	if (!ring)
		ring = smallest_untyped(RING_BITS_MIN, own_entry(), home_entry());
	if (!ring)
		return DRV_ENOMEM;
	err_t err = trace_calls(boot->caps[BOOT_CAP_AUDIT].cap, boot->caps[ring].cap);
	if (err)
		return err;
	memory->ring = ring;
	*bits = boot->caps[ring].scope1;
	return DRV_OK;
}

static err_t make(cap_t untyped, uint32_t type, uint32_t bits, cap_t cspace, cap_t *cap)
{
	int32_t made = untyped_retype(untyped, type, bits, cspace);
	if (made < 0)
		return made;
	*cap = (cap_t)made;
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

/* The rest of the home untyped: one piece of each size from what was cut from it upwards. */
static err_t give_home(const manager_memory_t *memory, boot_info_t *info)
{
	const entry_t *home = &boot_info()->caps[home_entry()];
	for (uint32_t bits = BODY_BITS + 1; bits < home->scope1; bits++) {
		int32_t piece = untyped_retype(home->cap, CAP_UNTYPED, bits, memory->cspace);
		err_t err = add_entry(info, piece, CAP_UNTYPED, 0, bits);
		if (err)
			return err;
	}
	return DRV_OK;
}

static err_t give(const manager_memory_t *memory, boot_info_t *info, const entry_t *entry)
{
	int32_t handle;
	if (entry->type == CAP_UNTYPED)
		handle = untyped_retype(entry->cap, CAP_UNTYPED, entry->scope1, memory->cspace);
	else
		handle = cap_delegate(memory->cspace, entry->cap, RIGHT_READ | RIGHT_WRITE, 0);
	return add_entry(info, handle, entry->type, entry->scope0, entry->scope1);
}

/* A capability at a well-known position. */
typedef struct own {
	uint32_t position;
	cap_t cap;
	uint32_t rights;
} own_t;

static err_t give_own(const manager_memory_t *memory, boot_info_t *info, const own_t *own,
		      uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		int32_t handle = cap_delegate(memory->cspace, own[i].cap, own[i].rights, 0);
		if (handle < 0)
			return handle;
		info->caps[own[i].position].cap = (cap_t)handle;
	}
	return DRV_OK;
}

static err_t make_kept(manager_memory_t *memory)
{
	cap_t home = boot_info()->caps[home_entry()].cap, kept;
	err_t err = make(home, CAP_UNTYPED, KEPT_BITS, CAP_NULL, &kept);
	if (!err)
		err = make(home, CAP_UNTYPED, BODY_BITS, CAP_NULL, &memory->body);
	if (!err)
		err = make(kept, CAP_FRAME, BOOT_KEPT_BITS, CAP_NULL, &memory->kept_frame);
	if (!err)
		err = make(kept, CAP_CSPACE, CSPACE_BITS, CAP_NULL, &memory->cspace);
	if (!err)
		err = make(kept, CAP_UNTYPED, IMAGE_BITS, CAP_NULL, &memory->image);
	return err;
}

err_t hand_over_kept(manager_memory_t *memory, boot_info_t *info)
{
	const boot_info_t *boot = boot_info();
	if (!home_entry())
		return DRV_ENOMEM;
	err_t err = make_kept(memory);
	const own_t own[] = {{BOOT_CAP_CSPACE, memory->cspace, RIGHT_READ | RIGHT_WRITE},
			     {BOOT_CAP_IRQ, boot->caps[BOOT_CAP_IRQ].cap,
			      RIGHT_READ | RIGHT_GRANT | RIGHT_INSPECT},
			     {BOOT_CAP_AUDIT, boot->caps[BOOT_CAP_AUDIT].cap, RIGHT_READ},
			     {BOOT_CAP_ARCHIVE, boot->caps[BOOT_CAP_ARCHIVE].cap, RIGHT_READ},
			     {BOOT_CAP_KEPT, memory->kept_frame, RIGHT_READ | RIGHT_WRITE}};
	memcpy(info, boot, sizeof(*info));
	info->cap_count = BOOT_CAP_FIRST;
	if (!err)
		err = give_own(memory, info, own, sizeof(own) / sizeof(own[0]));
	for (uint32_t i = BOOT_CAP_FIRST; !err && i < boot->cap_count; i++)
		if (i != own_entry() && i != home_entry() && i != memory->ring)
			err = give(memory, info, &boot->caps[i]);
	return err ? err : give_home(memory, info);
}

err_t hand_over_body(const manager_memory_t *memory, const process_t *drvmgr, boot_info_t *info)
{
	const own_t own[] = {{BOOT_CAP_VSPACE, drvmgr->vspace, RIGHT_WRITE},
			     {BOOT_CAP_THREAD, drvmgr->thread, RIGHT_READ | RIGHT_WRITE}};
	err_t err = give_own(memory, info, own, sizeof(own) / sizeof(own[0]));
	return err ? err
		   : make(memory->body, CAP_UNTYPED, bits_for(POOL_PAGES, UNTYPED_BITS_MIN),
			  memory->cspace, &info->caps[BOOT_CAP_BODY].cap);
}
