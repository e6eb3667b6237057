/* SPDX-License-Identifier: BSD-2-Clause */
/* A PC's 8042 with two ports, a keyboard at the first and a mouse at the second, at the level
 * of ports. It knows nothing of the driver: status, data and command ports, two interrupt
 * lines, and time that passes. Keys are pressed as evdev codes and the mouse is moved in
 * evdev's directions, so that a test says what was done and compares it with what came out.
 *
 * It takes real time: a byte is about 1 ms on the wire, an answer some time more, a self-test
 * half a second, while the emulator's personality takes none. The controller holds a port's
 * clock while its output buffer is full, while it sends, or while the port is off: a device
 * then keeps what it has to say, a keyboard up to 16 bytes. What is wrong with a machine is
 * data: fake_rule_t for wrong answers, fake_faults_t for the controller, fake_happening_t for
 * what happens at a time. What a driver must never do is counted: writes while the input buffer
 * was full, reads of nothing, commands that can reset the machine.
 *
 * Sources: [HMC], [KBD], [AUX]: IBM PS/2 Hardware Interface Technical Reference, "Keyboard and
 * Auxiliary Device Controller", "Keyboard (101- and 102-Key)", "Mouse"; for the emulator,
 * measured.
 */
#ifndef TEST_FAKE_PC_H
#define TEST_FAKE_PC_H

#include <stdbool.h>
#include <stdint.h>

#include "fake_codes.h"

#define FAKE_MS	       1000u /* time is in microseconds */
#define FAKE_NEVER     UINT64_MAX
#define FAKE_FIFO      16u /* bytes of a keyboard; of the emulator's mouse */
#define FAKE_ANSWERS   24u
#define FAKE_RULES     8u
#define FAKE_HAPPENING 8u
#define FAKE_LOG       4096u
#define FAKE_PLAIN     1u /* fake_faults_t.mouse_ids: no wheel */

typedef enum fake_target {
	FAKE_KEYBOARD, /* also port 1, interrupt 1 */
	FAKE_MOUSE,    /* port 2, interrupt 12 */
	FAKE_CONTROLLER,
	FAKE_TARGETS,
} fake_target_t;
#define FAKE_PORTS 2u

/* How a machine behaves while nothing is wrong with it. */
typedef struct fake_personality {
	uint32_t take_us;	      /* input buffer full after a write to the controller */
	uint32_t answer_us;	      /* the controller's to a command */
	uint32_t controller_us;	      /* its self-test */
	uint32_t wire_us;	      /* one byte, either way */
	uint32_t ack_us;	      /* from a byte's end to the device's answer */
	uint32_t test_us[FAKE_PORTS]; /* self-tests after a reset or power-on */
	uint8_t config;		      /* at kernel entry */
	bool one_slot;		      /* the controller's second answer overwrites the first */
	bool one_queue; /* the mouse's answers stand behind its packets, or are dropped */
	bool early_translation; /* the keyboard queues set 1 itself */
	bool overrun_marks, typematic;
	bool says_timeout; /* a byte that no device takes is answered FE with a status bit */
	bool write_opens;  /* a byte to a device switches its port on */
	bool swallows;	   /* where a parameter is due, a command is taken for it */
} fake_personality_t;
extern const fake_personality_t fake_emulator, fake_8042;

/* What a target does when a byte is written to it, in place of the usual. */
typedef enum fake_then {
	FAKE_INSTEAD, /* does it, but answers `bytes` */
	FAKE_REFUSES, /* does nothing but answer `bytes` */
	FAKE_BEFORE,  /* `bytes`, then all as usual */
	FAKE_AFTER,   /* all as usual, then `bytes` */
	FAKE_DIES,    /* answers `bytes`, then to nothing but a reset, and sends nothing */
	FAKE_GONE,    /* the same, and to a reset neither */
} fake_then_t;

#define FAKE_ANY	   0x200u
#define FAKE_PARAMETER(of) (0x100u | (of)) /* the byte behind command `of` */

typedef struct fake_rule {
	fake_target_t target;
	uint16_t on;   /* the byte, FAKE_PARAMETER or FAKE_ANY */
	uint8_t first; /* so many go well before */
	uint8_t times; /* then so many do not; 0: none does again */
	fake_then_t then;
	uint32_t late_us; /* `bytes` come so much later than usual */
	uint8_t count, bytes[6];
} fake_rule_t;

typedef enum fake_what {
	FAKE_NOTHING,
	FAKE_SENDS,   /* `count` bytes from the target, by the wire */
	FAKE_UNPLUGS, /* the target */
	FAKE_PLUGS,
	FAKE_CONFIG,   /* somebody writes `bytes[0]` as configuration */
	FAKE_DEAFENS,  /* scanning or reporting off, unasked */
	FAKE_SPURIOUS, /* interrupt of the target's line, and no byte */
	FAKE_QUIET,    /* no interrupt comes from now on */
	FAKE_DAMAGES,  /* `bytes[0]` from the target with status bits `bytes[1]` */
} fake_what_t;

typedef struct fake_happening {
	uint32_t at_ms; /* counted from the machine's start */
	fake_what_t what;
	fake_target_t target;
	uint8_t count, bytes[6];
} fake_happening_t;

typedef struct fake_faults {
	bool absent;	  /* both ports read FF */
	bool never_ready; /* the input buffer is full for ever */
	bool endless;	  /* a byte waits at every look, after the real ones */
	uint8_t endless_byte, endless_status;
	bool no_aux;  /* one port: no answer to commands about the second */
	bool no_loop; /* what is sent round by D3 does not come back */
	bool no_irq;
	bool no_mark;		 /* status bit 5 is never set */
	bool marks_timeout;	 /* bit 6 is set with good bytes, too */
	uint8_t multiplexer;	 /* the version that answers the probe: four ports; 0: none */
	bool multiplexed;	 /* and firmware left it so */
	uint8_t fixed, fixed_to; /* bits of the configuration that cannot be written */
	uint8_t config_lost;	 /* writes of it that do not take */
	bool test_sets;		 /* the self-test writes the configuration: */
	uint8_t test_config;
	uint16_t stuck_ms;	  /* so long is the input buffer full after a byte for nobody */
	bool overtakes;		  /* the controller answers while a byte waits, over it */
	uint8_t mouse_ids;	  /* highest: 3, 4, or FAKE_PLAIN; 0: 4 */
	uint8_t id_count, ids[2]; /* the keyboard's; count 0: AB 83 */
} fake_faults_t;

typedef struct fake_device {
	bool plugged, enabled, dead, gone;
	uint64_t testing_until; /* FAKE_NEVER: not */
	uint8_t expects;	/* the command whose parameter is due, or 0 */
	uint8_t last;		/* sent; for FE */
	uint8_t damage;		/* status bits of the next answer byte */
	uint8_t answers[FAKE_ANSWERS];
	unsigned answer_count;
	uint64_t answer_at;
	uint8_t stream[FAKE_FIFO + 1];
	unsigned stream_count;
	bool overrun;
} fake_device_t;

typedef struct fake_keys {
	uint8_t set, leds, typematic;
	uint8_t held[32]; /* physically, scanned or not */
	uint16_t repeats; /* key, or 0 */
	uint64_t repeat_at;
	bool late_release; /* translation: F0 was seen */
} fake_keys_t;

typedef struct fake_mouse {
	uint8_t id, rate, resolution, rates[3];
	bool remote, wrap, scaling;
	int32_t dx, dy, wheel, hwheel; /* the device's directions */
	uint8_t buttons, sent_buttons;
	uint64_t sample_at;
} fake_mouse_t;

typedef struct fake_pc {
	fake_personality_t is;
	fake_faults_t faults;
	fake_rule_t rules[FAKE_RULES];
	fake_happening_t happenings[FAKE_HAPPENING];
	unsigned happened; /* a bit for each */
	unsigned matched[FAKE_RULES];
	uint64_t now_us;

	uint8_t config;
	uint8_t expects; /* the command whose parameter comes at the data port, or 0 */
	bool output_full;
	uint8_t output, output_status;
	bool irq[FAKE_PORTS]; /* edges not taken yet */
	bool input_full, input_is_command;
	uint8_t input;
	uint64_t input_at;
	uint8_t answers[4]; /* of the controller */
	uint8_t answer_status[4];
	unsigned answer_count;
	uint64_t answer_at;
	uint8_t loop[3]; /* last bytes of the multiplexer probe */
	bool multiplexing;
	struct {
		bool busy;
		fake_target_t port;
		uint8_t byte;
		bool from_stream;
		uint64_t until;
	} receives, sends;

	fake_device_t devices[FAKE_PORTS];
	fake_keys_t keys;
	fake_mouse_t mouse;

	/* What was done to it. */
	uint32_t written[FAKE_TARGETS][256]; /* commands; parameters only if nobody is there */
	uint16_t log[FAKE_LOG];		     /* target << 8 | byte, parameters too */
	unsigned log_count;		     /* goes on after the log is full */
	uint32_t status_reads, data_reads;
	uint32_t empty_reads;  /* of the data port while nothing was there */
	uint32_t hasty_writes; /* while the input buffer was full; the byte before is lost */
	uint32_t dangerous;    /* commands that write or pulse the output port */
	uint32_t overruns;     /* codes that the keyboard could not keep */
} fake_pc_t;

/* A machine after its boot loader: both devices plugged in and tested, scanning. Faults, rules
 * and happenings are then set directly, before the first access. */
void pc_init(fake_pc_t *pc, const fake_personality_t *is);

uint8_t pc_status(fake_pc_t *pc);
uint8_t pc_data(fake_pc_t *pc);
void pc_command(fake_pc_t *pc, uint8_t byte);
void pc_write(fake_pc_t *pc, uint8_t byte);

/* Lets time pass. */
void pc_pass(fake_pc_t *pc, uint64_t us);

/* When something happens next by itself; FAKE_NEVER: nothing does. */
uint64_t pc_next(const fake_pc_t *pc);

/* Takes an edge on the port's interrupt line, if there was one. */
bool pc_irq(fake_pc_t *pc, fake_target_t port);

/* A finger. A key that is held already, or was not held, changes nothing. Keys that are held
 * while the keyboard tests itself or does not scan are not reported, as in reality. */
void pc_key(fake_pc_t *pc, uint16_t key, bool down);

/* A hand: y grows downwards, wheels upwards and to the right; buttons are bits from left,
 * right, middle, side, extra. */
void pc_move(fake_pc_t *pc, int32_t dx, int32_t dy, int32_t wheel, int32_t hwheel);
void pc_buttons(fake_pc_t *pc, uint8_t buttons);

/* A plugged-in device tests itself and reports. A keyboard forgets what was held. */
void pc_unplug(fake_pc_t *pc, fake_target_t port);
void pc_plug(fake_pc_t *pc, fake_target_t port);

#endif
