/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that writes over and reads all that its manifest grants: each port and each byte,
 * all ones, zeroes and random bits, in each width that it has, through capability calls and
 * natively, first in order and then at random. What it was granted without `write` it only
 * reads. It says what it did and then lives on, for others to see that nothing else has
 * changed. The same name does the same. */
#include "cap/driver.h"
#include "cap/syscall.h"

#define TURN_ACCESSES 512u
#define RANDOM_PORTS  8192u /* accesses at random in a range of ports */
#define RANDOM_BYTES  8u    /* bytes of memory for each access at random */
#define RANGES_MAX    (2 * DRIVER_CAPS_MAX)
#define HASH_START    0x811c9dc5u
#define HASH_FACTOR   0x01000193u

typedef struct range {
	cap_t cap;
	uint32_t first, size; /* port or 0; ports or bytes */
	uint32_t rights, widths;
	volatile uint8_t *memory; /* null: ports */
	bool native;		  /* `in` and `out` are open */
} range_t;

enum pattern { ONES, RANDOM, ZEROES, PATTERNS };

static range_t ranges[RANGES_MAX];
static uint32_t range_count, random_state = HASH_START;
static uint32_t written, bytes_read, refused;

/* How far it is: range, width as a power of two, pattern, and the offset in the range. Behind
 * the last width come the accesses at random. */
static struct {
	uint32_t range, log_width, pattern, offset;
} at;

static uint32_t random_word(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* -- One access. ----------------------------------------------------------------------------
 */

static uint32_t in_native(uint16_t port, uint32_t width)
{
	uint32_t value = 0;
	if (width == 1)
		__asm__ volatile("inb %1, %b0" : "+a"(value) : "d"(port));
	else if (width == 2)
		__asm__ volatile("inw %1, %w0" : "+a"(value) : "d"(port));
	else
		__asm__ volatile("inl %1, %0" : "=a"(value) : "d"(port));
	return value;
}

static void out_native(uint16_t port, uint32_t width, uint32_t value)
{
	if (width == 1)
		__asm__ volatile("outb %b0, %1" : : "a"(value), "d"(port));
	else if (width == 2)
		__asm__ volatile("outw %w0, %1" : : "a"(value), "d"(port));
	else
		__asm__ volatile("outl %0, %1" : : "a"(value), "d"(port));
}

static err_t port_call(const range_t *range, uint32_t op, uint32_t value)
{
	uint32_t registers[4] = {range->cap, op, value, 0};
	return sys_enter(SYS_CAP_PIO_RW, registers);
}

static void read_memory(volatile uint8_t *from, uint32_t width)
{
	if (width == 1)
		(void)*from;
	else if (width == 2)
		(void)*(volatile uint16_t *)from;
	else
		(void)*(volatile uint32_t *)from;
}

static void write_memory(volatile uint8_t *to, uint32_t width, uint32_t value)
{
	if (width == 1)
		*to = (uint8_t)value;
	else if (width == 2)
		*(volatile uint16_t *)to = (uint16_t)value;
	else
		*(volatile uint32_t *)to = value;
}

static void read_one(const range_t *range, uint32_t offset, uint32_t width, bool native)
{
	uint16_t port = (uint16_t)(range->first + offset);
	bytes_read += width;
	if (range->memory)
		read_memory(range->memory + offset, width);
	else if (native && range->native)
		in_native(port, width);
	else
		refused += port_call(range, PIO_OP_READ(port, width), 0) != DRV_OK;
}

static void write_one(const range_t *range, uint32_t offset, uint32_t width, uint32_t value,
		      bool native)
{
	uint16_t port = (uint16_t)(range->first + offset);
	written += width;
	if (range->memory)
		write_memory(range->memory + offset, width, value);
	else if (native && range->native)
		out_native(port, width, value);
	else
		refused += port_call(range, PIO_OP_WRITE(port, width), value) != DRV_OK;
}

/* -- All accesses. --------------------------------------------------------------------------
 */

static uint32_t pattern_value(uint32_t pattern)
{
	if (pattern == RANDOM)
		return random_word();
	return pattern == ONES ? ~0u : 0;
}

static void access_both(const range_t *range, uint32_t offset, uint32_t width, uint32_t value)
{
	bool native = random_word() & 1;
	if (range->rights & RIGHT_WRITE)
		write_one(range, offset, width, value, native);
	if (range->rights & RIGHT_READ)
		read_one(range, offset, width, native);
}

/* False: the range is too short, or has no such width. */
static bool has_width(const range_t *range, uint32_t width)
{
	return (range->widths & width) && range->size >= width;
}

static void access_random(const range_t *range)
{
	uint32_t width = 1u << random_word() % 3;
	if (has_width(range, width))
		access_both(range, random_word() % (range->size - width + 1), width,
			    random_word());
}

static uint32_t random_count(const range_t *range)
{
	return range->memory ? range->size / RANDOM_BYTES : RANDOM_PORTS;
}

static void next_pattern(void)
{
	at.offset = 0;
	if (++at.pattern < PATTERNS)
		return;
	at.pattern = 0;
	at.log_width++;
}

static void next_range(void)
{
	at.range++;
	at.log_width = at.pattern = at.offset = 0;
}

static void one_step(void)
{
	const range_t *range = &ranges[at.range];
	uint32_t width = 1u << at.log_width;
	if (width > 4) {
		access_random(range);
		if (++at.offset >= random_count(range))
			next_range();
	} else if (!has_width(range, width) || at.offset + width > range->size) {
		next_pattern();
	} else {
		access_both(range, at.offset, width, pattern_value(at.pattern));
		at.offset += range->memory ? width : 1;
	}
}

static void scribble(void)
{
	uint32_t bytes = 0;
	for (uint32_t i = 0; i < TURN_ACCESSES && at.range < range_count; i++)
		one_step();
	if (at.range < range_count) {
		driver_set_timer(0);
		return;
	}
	for (uint32_t i = 0; i < range_count; i++)
		bytes += ranges[i].size;
	driver_log("scribbled on %u: %u written, %u read, %u refused", (unsigned)bytes,
		   (unsigned)written, (unsigned)bytes_read, (unsigned)refused);
}

/* -- What it has. ---------------------------------------------------------------------------
 */

static void add_ports(cap_t cap)
{
	cap_info_t info;
	if (!cap || cap_get_info(cap, &info) != DRV_OK)
		return;
	uint32_t first = PIO_SCOPE_FIRST(info.scope0);
	ranges[range_count++] = (range_t){.cap = cap,
					  .first = first,
					  .size = PIO_SCOPE_LAST(info.scope0) - first + 1,
					  .rights = info.rights,
					  .widths = info.scope1,
					  .native = cap_pio_map(cap) == DRV_OK};
}

static err_t add_memory(unsigned index)
{
	cap_info_t info;
	volatile void *memory;
	cap_t cap = driver_context()->mmio_caps[index];
	if (!cap || cap_get_info(cap, &info) != DRV_OK)
		return DRV_OK;
	err_t err = driver_map(index, &memory);
	ranges[range_count++] = (range_t){.size = info.scope1,
					  .rights = info.rights,
					  .widths = PIO_WIDTH_ALL,
					  .memory = memory};
	return err;
}

static err_t scribbler_run(void)
{
	const char *name = ((const driver_page_t *)DRIVER_PAGE)->name;
	for (; *name; name++)
		random_state = (random_state ^ (uint8_t)*name) * HASH_FACTOR;
	for (unsigned i = 0; i < DRIVER_CAPS_MAX; i++) {
		add_ports(driver_context()->pio_caps[i]);
		err_t err = add_memory(i);
		if (err)
			return err;
	}
	driver_set_timer(0);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = scribbler_run, .timer = scribble};
	return driver_main(&ops);
}
