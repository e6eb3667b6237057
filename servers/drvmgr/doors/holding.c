/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of holding.h. What a capability is for follows from its type, rights, badge and
 * object, which are the kernel's word; what the driver's page says of its handles is the
 * driver's. */
#include "doors/holding.h"

#include "cap/format.h"
#include "cap/string.h"
#include "cap/type.h"
#include "claims/grantable.h"
#include "doors/owner.h"

uint32_t holding_badge(const driver_t *client)
{
	return DRIVER_BADGE(client->index + 1, client->unit.generation) |
	       (driver_is_operator(client) ? DRIVER_BADGE_OPERATOR : 0);
}

/* Where a message or signal goes. By the badge it comes from this driver, or from whoever was
 * given the capability and sent it on; a client's notification has bits that the client chose.
 */
static size_t describe_way(const driver_t *driver, const cap_info_t *info, const char *owner,
			   char *text, size_t size)
{
	bool to_manager = strcmp(owner, OWNER_MANAGER) == 0;
	uint32_t badge = info->scope0;
	if (info->type == CAP_ENDPOINT)
		badge = to_manager ? driver->index + 1 : holding_badge(driver);
	else if (to_manager)
		badge = 1u << driver->index;
	return format(text, size, "  to %s%s", owner,
		      info->scope0 == badge ? "" : ", sent to it by another");
}

/* What serves clients: the driver's own, or another one's, whose name stands between two words.
 */
static const struct {
	uint32_t type, right;
	const char *own, *before, *behind;
} served[] = {
    {CAP_REPLY, 0, "answers its clients", "answers the clients of ", ""},
    {CAP_ENDPOINT, RIGHT_READ, "what its clients ask", "what the clients of ", " ask"},
    {CAP_NOTIFICATION, RIGHT_READ, "what is signalled to it", "what is signalled to ", ""},
};

static size_t describe_purpose(const driver_t *driver, const cap_info_t *info,
			       const char *owner, char *text, size_t size)
{
	bool own = strcmp(owner, driver->manifest.name) == 0;
	for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++) {
		if (info->type != served[i].type ||
		    (info->rights & served[i].right) != served[i].right)
			continue;
		return own ? format(text, size, "  %s", served[i].own)
			   : format(text, size, "  %s%s%s", served[i].before, owner,
				    served[i].behind);
	}
	if (info->type == CAP_NOTIFICATION && own)
		return format(text, size, "  to itself, to be handed on");
	if (info->type == CAP_NOTIFICATION || info->type == CAP_ENDPOINT)
		return describe_way(driver, info, owner, text, size);
	return 0;
}

/* Which entry of the manifest's lists a device capability is for; DRIVER_CAPS_MAX: none. */
static uint32_t entry_of(const manifest_t *manifest, const cap_info_t *info)
{
	for (uint32_t i = 0; i < DRIVER_CAPS_MAX; i++) {
		const pio_range_t *pio = &manifest->caps.pio.items[i];
		bool is = info->type == CAP_PIO && i < manifest->caps.pio.count &&
			  info->scope0 == PIO_SCOPE(pio->start, pio->end);
		is |= info->type == CAP_IRQ && i < manifest->caps.irq.count &&
		      PIO_SCOPE_FIRST(info->scope0) == manifest->caps.irq.items[i].line;
		is |= info->type == CAP_MMIO && i < manifest->caps.mmio.count &&
		      info->scope0 == manifest->caps.mmio.items[i].base;
		if (is)
			return i;
	}
	return DRIVER_CAPS_MAX;
}

/* The entry, and of ports the first part of what abi/ports.h says of the first one. */
static size_t describe_device(const driver_t *driver, const cap_info_t *info, char *text,
			      size_t size)
{
	uint32_t entry = entry_of(&driver->manifest, info);
	size_t length = 0, end = 0;
	if (entry < DRIVER_CAPS_MAX)
		length = format(text, size, "  caps.%s[%u]", type_text(info->type), entry);
	const port_row_t *row = port_row_of(PIO_SCOPE_FIRST(info->scope0));
	if (info->type != CAP_PIO || !row)
		return length;
	while (row->reason[end] && row->reason[end] != ';')
		end++;
	return length + format(text + length, size - length, ": %.*s", (int)end, row->reason);
}

static size_t describe_scope(const driver_t *driver, const cap_info_t *info, char *text,
			     size_t size)
{
	uint32_t first = PIO_SCOPE_FIRST(info->scope0), last = PIO_SCOPE_LAST(info->scope0);
	size_t length = 0;
	switch (info->type) {
	case CAP_PIO:
		length = format(text, size, " ports 0x%x-0x%x", first, last);
		break;
	case CAP_IRQ:
		length = format(text, size, " line %u", first);
		break;
	case CAP_MMIO:
		length = format(text, size, " 0x%x, 0x%x bytes", info->scope0, info->scope1);
		break;
	case CAP_FRAME: /* no other one is given to a driver */
		return format(text, size, "  what is kept over restarts");
	default:
		return 0;
	}
	return length + describe_device(driver, info, text + length, size - length);
}

size_t holding_describe(const driver_t *driver, const cap_info_t *info, const char *owner,
			char *text, size_t size)
{
	char rights[TYPE_RIGHTS];
	size_t length = format(text, size, "%-12s %s", type_text(info->type),
			       type_rights(info->rights, rights));
	length += describe_scope(driver, info, text + length, size - length);
	return length + describe_purpose(driver, info, owner, text + length, size - length);
}
