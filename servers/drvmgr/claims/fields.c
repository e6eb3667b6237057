/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of fields.h. To add a field, add a row here and its target in manifest.h. */
#include "claims/fields.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define PORT_MAX      0xffffu
#define ADDRESS_MAX   0xffffffffu
#define MMIO_SIZE_MAX (16u << 20)

/* All lists have the same head, which the reader relies on. */
_Static_assert(offsetof(pio_list_t, items) == sizeof(uint32_t), "head of a list");
_Static_assert(offsetof(irq_list_t, items) == sizeof(uint32_t), "head of a list");
_Static_assert(offsetof(mmio_list_t, items) == sizeof(uint32_t), "head of a list");
_Static_assert(offsetof(safe_list_t, items) == sizeof(uint32_t), "head of a list");

/* clang-format off */
#define AT(member) .offset = offsetof(TARGET, member)
#define AT_ADDRESS(member) AT(member), .hex = offsetof(TARGET, hex)
#define BOUNDS(low, high, otherwise) .min = (low), .max = (high), .fallback = (otherwise)
#define AS_WRITTEN(number) #number
#define TEXT(number) AS_WRITTEN(number)
#define LATER(text, why) {.name = (text), .type = FIELD_LATER, .help = (why)}

static const field_word_t mode_words[] = {
	{"rw", RIGHT_READ | RIGHT_WRITE}, {"r", RIGHT_READ}, {"w", RIGHT_WRITE}, {NULL, 0}};
static const field_word_t trigger_words[] = {{"edge", IRQ_EDGE}, {"level", IRQ_LEVEL}, {NULL, 0}};
static const field_word_t uses_words[] = {{MANIFEST_OPERATOR, 0}, {NULL, 0}};
static const field_word_t cache_words[] = {{"uncached", MMIO_UNCACHED}, {NULL, 0}};
static const field_word_t policy_words[] = {
	{"never", POLICY_NEVER}, {"on-failure", POLICY_ON_FAILURE}, {"always", POLICY_ALWAYS},
	{NULL, 0}};

static const field_word_t strategy_words[] = {
	{"one", GROUP_ONE}, {"rest", GROUP_REST}, {"all", GROUP_ALL}, {NULL, 0}};
static const field_word_t safe_words[] = {{"write", SAFE_WRITE}, {"wait", SAFE_WAIT}, {NULL, 0}};

#define TARGET abi_range_t
static const field_t abi_fields[] = {
	{"min", FIELD_INTEGER, true, BOUNDS(1, 0xffff, 0), AT(min), .help = "lowest version"},
	{"max", FIELD_INTEGER, true, BOUNDS(1, 0xffff, 0), AT(max), .help = "highest version"},
};
static const schema_t abi_schema = {abi_fields, COUNT(abi_fields), sizeof(TARGET),
	offsetof(TARGET, place), &abi_fields[0]};
#undef TARGET

#define TARGET pio_range_t
static const field_t pio_fields[] = {
	{"start", FIELD_ADDRESS, true, BOUNDS(0, PORT_MAX, 0), AT_ADDRESS(start), .help = "first port"},
	{"end", FIELD_ADDRESS, true, BOUNDS(0, PORT_MAX, 0), AT_ADDRESS(end),
	 .help = "last port, itself included"},
	{"width", FIELD_WIDTHS, false, AT(widths),
	 .help = "bits of an access: a subset of 8, 16 and 32"},
	{"mode", FIELD_WORD, false, .fallback = RIGHT_READ | RIGHT_WRITE, AT(rights),
	 .words = mode_words, .help = "directions"},
};
static const schema_t pio_schema = {pio_fields, COUNT(pio_fields), sizeof(TARGET),
	offsetof(TARGET, place), NULL};
#undef TARGET

#define TARGET irq_line_t
static const field_t irq_fields[] = {
	{"line", FIELD_INTEGER, true, BOUNDS(0, IRQ_LINES - 1, 0), AT(line), .later = "pci",
	 .help = "interrupt line"},
	{"trigger", FIELD_WORD, false, .fallback = IRQ_EDGE, AT(trigger),
	 .words = trigger_words, .help = "how the line signals"},
	{"share", FIELD_FLAG, false, BOUNDS(0, 1, 0), AT(shared),
	 .help = "with drivers that say so, too, eight of them at once; a level line alone"},
	{"ack_ms", FIELD_INTEGER, false, BOUNDS(1, 1000, 20), AT(ack_ms),
	 .help = "an interrupt is acknowledged within so many milliseconds; of a shared line "
	 TEXT(IRQ_SHARED_ACK_MS_MAX) " at most"},
};
static const schema_t irq_schema = {irq_fields, COUNT(irq_fields), sizeof(TARGET),
	offsetof(TARGET, place), &irq_fields[0]};
#undef TARGET

#define TARGET mmio_range_t
static const field_t mmio_fields[] = {
	{"base", FIELD_ADDRESS, true, BOUNDS(0, ADDRESS_MAX, 0), AT_ADDRESS(base),
	 .help = "physical address, a multiple of 4096"},
	{"size", FIELD_ADDRESS, true, BOUNDS(PAGE_SIZE, MMIO_SIZE_MAX, 0), AT_ADDRESS(size),
	 .help = "bytes, a multiple of 4096"},
	{"cache", FIELD_WORD, false, .fallback = MMIO_UNCACHED, AT(cache),
	 .words = cache_words, .later = "write-combining", .help = "how the CPU caches it"},
	LATER("bar", "base address register of the matched PCI device"),
};
static const schema_t mmio_schema = {mmio_fields, COUNT(mmio_fields), sizeof(TARGET),
	offsetof(TARGET, place), NULL};
#undef TARGET

#define TARGET caps_t
static const field_t caps_fields[] = {
	{"pio", FIELD_LIST, false, .max = DRIVER_CAPS_MAX, AT(pio), .schema = &pio_schema,
	 .help = "port ranges, of the ports that drvctl ports lists"},
	{"irq", FIELD_LIST, false, .max = DRIVER_CAPS_MAX, AT(irq), .schema = &irq_schema,
	 .help = "interrupts"},
	{"mmio", FIELD_LIST, false, .max = DRIVER_CAPS_MAX, AT(mmio), .schema = &mmio_schema,
	 .help = "physical ranges, in the ISA window"},
	LATER("dma", "memory that a device may access"),
};
static const schema_t caps_schema = {caps_fields, COUNT(caps_fields), sizeof(TARGET),
	SCHEMA_NO_PLACE, NULL};
#undef TARGET

#define TARGET lifecycle_limits_t
#define LIMIT(text, member, otherwise, why) \
	{text, FIELD_INTEGER, false, \
	 BOUNDS(LIFECYCLE_LIMIT_MS_MIN, LIFECYCLE_LIMIT_MS_MAX, otherwise), AT(member), .help = (why)}
static const field_t lifecycle_fields[] = {
	LIMIT("probe", probe_ms, LIFECYCLE_PROBE_MS, "milliseconds for probe()"),
	LIMIT("init", init_ms, LIFECYCLE_INIT_MS, "milliseconds for init()"),
	LIMIT("quiesce", quiesce_ms, LIFECYCLE_QUIESCE_MS, "milliseconds for quiesce()"),
	LIMIT("stop", stop_ms, LIFECYCLE_STOP_MS, "milliseconds from stop() to the exit"),
	LIMIT("recover", recover_ms, LIFECYCLE_RECOVER_MS,
	      "milliseconds for recover(), on top of init"),
};
static const schema_t lifecycle_schema = {lifecycle_fields, COUNT(lifecycle_fields),
	sizeof(TARGET), SCHEMA_NO_PLACE, NULL};
#undef LIMIT
#undef TARGET

#define TARGET heartbeat_t
static const field_t heartbeat_fields[] = {
	{"period_ms", FIELD_INTEGER, false, BOUNDS(20, 10000, 250), AT(period_ms),
	 .help = "how long it may be out of its event loop"},
	{"misses", FIELD_INTEGER, false, BOUNDS(2, 10, 3), AT(misses),
	 .help = "so many of them, of its own time, are a failure"},
	{"progress_ms", FIELD_INTEGER, false, BOUNDS(0, 60000, PROGRESS_MS_DEFAULT), AT(progress_ms),
	 .help = "longest time that work may wait; 0: 750 for a call, and none for an interrupt"},
};
static const schema_t heartbeat_schema = {heartbeat_fields, COUNT(heartbeat_fields),
	sizeof(TARGET), offsetof(TARGET, place), NULL};
#undef TARGET

#define TARGET cpu_share_t
static const field_t cpu_fields[] = {
	{"budget_us", FIELD_INTEGER, true, BOUNDS(1000, 10000000, 25000), AT(budget_us),
	 .help = "microseconds in each period, counted in whole milliseconds"},
	{"period_us", FIELD_INTEGER, true, BOUNDS(2000, 60000000, 100000), AT(period_us),
	 .help = "the period"},
};
static const schema_t cpu_schema = {cpu_fields, COUNT(cpu_fields), sizeof(TARGET),
	offsetof(TARGET, place), NULL};
#undef TARGET

#define TARGET restart_t
static const field_t restart_fields[] = {
	{"policy", FIELD_WORD, true, .fallback = POLICY_NEVER, AT(policy.kind),
	 .words = policy_words, .help = "when to restart"},
	{"first_ms", FIELD_INTEGER, false,
	 BOUNDS(0, POLICY_FIRST_MS_MAX, POLICY_FIRST_MS_DEFAULT), AT(policy.first_ms),
	 .help = "delay before the first restart"},
	{"base_ms", FIELD_INTEGER, false,
	 BOUNDS(POLICY_BASE_MS_MIN, POLICY_BASE_MS_MAX, POLICY_BASE_MS_DEFAULT),
	 AT(policy.base_ms), .help = "delay before the second restart"},
	{"factor_pct", FIELD_INTEGER, false,
	 BOUNDS(POLICY_FACTOR_MIN, POLICY_FACTOR_MAX, POLICY_FACTOR_DEFAULT),
	 AT(policy.factor_pct), .help = "growth of the delay from then on, in percent"},
	{"max_ms", FIELD_INTEGER, false,
	 BOUNDS(POLICY_MAX_MS_MIN, POLICY_MAX_MS_MAX, POLICY_MAX_MS_DEFAULT),
	 AT(policy.max_ms), .help = "longest such delay"},
	{"burst", FIELD_INTEGER, false, BOUNDS(0, POLICY_BURST_MAX, POLICY_BURST_DEFAULT),
	 AT(policy.burst), .help = "failures in a window that are forgiven"},
	{"window_ms", FIELD_INTEGER, false,
	 BOUNDS(POLICY_WINDOW_MS_MIN, POLICY_WINDOW_MS_MAX, POLICY_WINDOW_MS_DEFAULT),
	 AT(policy.window_ms), .help = "the window"},
	{"reset_ms", FIELD_INTEGER, false,
	 BOUNDS(POLICY_RESET_MS_MIN, POLICY_RESET_MS_MAX, POLICY_RESET_MS_DEFAULT),
	 AT(policy.reset_ms), .help = "time of Running after which the delays start again"},
};
static const schema_t restart_schema = {restart_fields, COUNT(restart_fields), sizeof(TARGET),
	offsetof(TARGET, place), &restart_fields[0]};
#undef TARGET

#define TARGET group_t
static const field_t group_fields[] = {
	{"name", FIELD_NAME, true, AT(name), .help = "of the group"},
	{"strategy", FIELD_WORD, false, .fallback = GROUP_ONE, AT(strategy),
	 .words = strategy_words,
	 .help = "who restarts with one that failed: nobody, those admitted behind it, or all"},
};
static const schema_t group_schema = {group_fields, COUNT(group_fields), sizeof(TARGET),
	offsetof(TARGET, place), NULL};
#undef TARGET

#define TARGET safe_op_t
static const field_t safe_fields[] = {
	{"op", FIELD_WORD, false, .fallback = SAFE_WRITE, AT(kind), .words = safe_words,
	 .help = "what is done"},
	{"port", FIELD_ADDRESS, false, BOUNDS(0, PORT_MAX, 0), AT_ADDRESS(port),
	 .help = "a port; this or address"},
	{"address", FIELD_ADDRESS, false, BOUNDS(0, ADDRESS_MAX, 0), AT_ADDRESS(address),
	 .help = "a physical address, a multiple of the width; this or port"},
	{"width", FIELD_WIDTH, false, .fallback = 1, AT(width), .help = "bits of the register"},
	{"value", FIELD_ADDRESS, true, BOUNDS(0, ADDRESS_MAX, 0), AT_ADDRESS(value),
	 .help = "what is written, or waited for"},
	{"mask", FIELD_ADDRESS, false, BOUNDS(1, ADDRESS_MAX, ADDRESS_MAX), AT_ADDRESS(mask),
	 .help = "the bits that count; a write keeps the others as they are read"},
	{"tries", FIELD_INTEGER, false, BOUNDS(1, 100, 100), AT(tries),
	 .help = "of a wait: reads at most; then it goes on nevertheless"},
};
static const schema_t safe_schema = {safe_fields, COUNT(safe_fields), sizeof(TARGET),
	offsetof(TARGET, place), NULL};
#undef TARGET

#define TARGET manifest_t
static const field_t manifest_fields[] = {
	{"$schema", FIELD_ANYTHING, .help = "for editors; not read"},
	{"name", FIELD_NAME, true, .min = FIELD_NO_SPEAKER, AT(name), .help = "the driver's name, unique"},
	{"abi", FIELD_OBJECT, true, AT(abi), .schema = &abi_schema,
	 .help = "driver-protocol versions; the highest common one is used"},
	{"image", FIELD_FILE, false, AT(image), .help = "ELF file; otherwise the name and .elf"},
	{"sha256", FIELD_DIGEST, false, AT(sha256),
	 .help = "of the ELF file (FIPS 180-4), which is refused if it has another"},
	LATER("match", "devices that the driver is for"),
	{"caps", FIELD_OBJECT, false, AT(caps), .schema = &caps_schema,
	 .help = "all the hardware that the driver gets"},
	{"memory_kib", FIELD_INTEGER, false, BOUNDS(MANIFEST_MEMORY_KIB_MIN, 16384, 256),
	 AT(memory_kib), .help = "the most memory that it may need"},
	{"priority", FIELD_INTEGER, false, BOUNDS(1, 20, 10), AT(priority),
	 .help = "of its thread; a higher one runs first"},
	{"cpu", FIELD_OBJECT, false, AT(cpu), .schema = &cpu_schema,
	 .help = "share of the processor, otherwise 25 ms in 100; beyond it the driver runs when "
		 "nobody else wants to"},
	{"requires", FIELD_NAMES, false, .max = MANIFEST_NAMES_MAX, AT(needs),
	 .help = "drivers and services that must be Running first"},
	{"provides", FIELD_NAMES, false, BOUNDS(FIELD_NO_SPEAKER, MANIFEST_NAMES_MAX, 0),
	 AT(provides),
	 .help = "services that it stands for besides its name"},
	{"uses", FIELD_NAMES, false, .max = MANIFEST_NAMES_MAX, AT(uses),
	 .words = uses_words,
	 .help = "drivers that it may connect to without needing them; the name operator allows "
		 "the operator's calls, and to connect to any"},
	{"lifecycle", FIELD_OBJECT, false, AT(lifecycle), .schema = &lifecycle_schema,
	 .help = "time limits"},
	{"heartbeat", FIELD_OBJECT, false, AT(heartbeat), .schema = &heartbeat_schema,
	 .help = "signs of life"},
	{"restart", FIELD_OBJECT, false, AT(restart), .schema = &restart_schema,
	 .help = "what follows its end"},
	{"group", FIELD_OBJECT, false, AT(group), .schema = &group_schema,
	 .help = "drivers that restart together: those that name the same one"},
	{"hold", FIELD_FLAG, false, BOUNDS(0, 1, 1), AT(hold),
	 .help = "calls that wait at its death wait for the next instance; otherwise they end"},
	{"safe_state", FIELD_LIST, false, .max = MANIFEST_SAFE_MAX, AT(safe_state),
	 .schema = &safe_schema, .help = "register operations after a death, inside caps"},
};
const schema_t manifest_schema = {manifest_fields, COUNT(manifest_fields), sizeof(TARGET),
	offsetof(TARGET, place), NULL};
#undef TARGET
/* clang-format on */
