/* SPDX-License-Identifier: BSD-2-Clause */
/* One driver as the manager knows it, and the manager's own state. */
#ifndef DRVMGR_DRIVER_H
#define DRVMGR_DRIVER_H

#include "abi/boot.h"
#include "log/log.h"
#include "claims/manifest.h"
#include "claims/registry.h"
#include "core/storm.h"
#include "core/unit.h"
#include "core/verdict.h"
#include "core/world.h"
#include "kept/ledger.h"
#include "report/store.h"
#include "state/depot.h"
#include "state/door.h"
#include "state/excess.h"
#include "state/instance.h"
#include "state/told.h"
#include "state/upload.h"
#include "state/works.h"

#define DRIVERS_MAX	   REGISTRY_MAX
#define MEMORY_PIECE_BITS  18u
#define DRIVER_REFUSED_MAX 120u

/* Invariants:
 *   V3  index + 1 is the badge of the driver's capability of the manager's endpoint.
 *   V4  no two have one name unless both are Rejected: one that is goes by its file's name,
 *       which no manifest can claim.
 *   V6  one without a name is an empty place: it is not accepted, Rejected, and nothing of it
 * is told. */
typedef struct driver {
	uint32_t index;
	char file[104]; /* the manifest's */
	manifest_t manifest;
	bool accepted;			  /* manifest and image passed every check */
	err_t refusal;			  /* if not: why, */
	char refused[DRIVER_REFUSED_MAX]; /* and the first error that was told */
	const void *image;
	uint32_t image_bytes;
	elf_plan_t plan;
	uint32_t abi;	      /* the driver-protocol version chosen */
	uint8_t build_id[20]; /* the image's; zeros if it has none */
	cap_t image_frame; /* that it lies in, if it was loaded into the running system, … */
	uint32_t nodes[DEPOT_USES]; /* … and what it has of the depot; else ARENA_NONE */
	cap_t untyped;		    /* what its process is made of, but for … */
	cap_t frames;		    /* … its image and stack */
	/* The same two as boot gave them, which stay the driver's, whatever its image has: the
	 * next image is made of them where they are free and large enough. */
	home_t home[HOME_USES];

	/* Its record, which is kept, begins at the door's endpoint. */
	door_t door;
	instance_t instance;
	used_t used;	  /* of its budget, as its watch has it */
	uint32_t over;	  /* messages, signals and log lines beyond its share, over its lives */
	cap_t subscriber; /* its notification, if it asked to be told of changes */
	unit_t unit;	  /* the last: its end is not kept */
} driver_t;

/* Which image of a driver `second` has. */
enum second_is {
	SECOND_NONE,
	SECOND_NEXT, /* one that is to take the place of the one that is in force, … */
	SECOND_LAST, /* … and, until that one is confirmed, the one before it */
	SECOND_COUNT
};

typedef struct manager {
	const boot_info_t *boot;
	process_maker_t maker;
	cap_t endpoint, reply;
	cap_t signal; /* bound to the manager's thread; bit n: driver n */
	const void *archive;
	log_t *log;	    /* kept */
	told_t *told;	    /* kept; one a driver */
	ledger_t *ledger;   /* kept */
	store_t *deaths;    /* kept: reports; null: there is no memory for them */
	cap_t deaths_frame; /* where they are, or CAP_NULL */
	cap_t pool, small;  /* for objects that are kept: frames, and the rest */
	cap_t spare[UNTYPED_BITS_MAX + 1]; /* at most one untyped of each size, while loading */
	registry_t registry;
	uint32_t count;
	const driver_t *drivers; /* so many of them; driver_touch() has them to change */
	world_t world;		 /* unit i is drivers[i].unit */
	watch_t watches[DRIVERS_MAX];
	uint64_t heard_ms[DRIVERS_MAX]; /* when each was last known to be in its event loop, or
					   began */
	storm_t storms[IRQ_LINES];	/* of lines that are shared */
	uint32_t apart;			/* bit n: storms[n].apart is not zero */
	excess_t excesses[DRIVERS_MAX]; /* that each is said to have made, not yet judged */
	uint64_t looked_ms;		/* when all drivers were last looked at, */
	uint32_t look_ms;		/* and so much later they are again */
	bool all_rest;			/* nobody did anything between the last two looks */
	bool none_away;	 /* no driver is away (supervisor/terminal.h); false: or one */
	uint64_t now_ms; /* read once a turn */
	bool changed;	 /* subscribers are to be told */

	bool sweeps;	   /* what an earlier incarnation held is looked through, … */
	cap_t swept;	   /* … up to here, */
	uint64_t sweep_ms; /* and further from then on */

	depot_t depot;
	upload_t upload;
	uint32_t second_is;   /* enum second_is */
	driver_t second;      /* what is sealed of it, for driver number `second.index` */
	uint32_t table_bytes; /* of the drivers' table are there */

	works_t works; /* what is being made or ended */
	cap_t idle;    /* a thread that faults when nobody else runs: idle.h */
	bool idle_asked;

	uint32_t doors_due; /* bit n: driver n's door is looked at, */
	uint64_t doors_at;  /* when a new period begins */
} manager_t;

/* One line for the system log, in the manager's name, of the level LOG_INFO; or, as
 * `manager_log_at` has it, of another level or by another one of history.h's sources. */
void manager_log_line(manager_t *manager, const char *text, ...)
    __attribute__((format(printf, 2, 3)));
void manager_log_at(manager_t *manager, uint32_t source, log_level_t level, const char *text,
		    ...) __attribute__((format(printf, 4, 5)));

/* One about the driver: "drvmgr: NAME: " and the text. */
void driver_log_line(manager_t *manager, const driver_t *driver, const char *text, ...)
    __attribute__((format(printf, 3, 4)));
void driver_log_at(manager_t *manager, const driver_t *driver, log_level_t level,
		   const char *text, ...) __attribute__((format(printf, 4, 5)));

/* Driver `i`, to be changed until the turn is over: it is touched. */
driver_t *driver_touch(manager_t *manager, uint32_t i);

/* May the driver make the operator's calls? */
bool driver_is_operator(const driver_t *driver);

/* Is the door of the instance that lives open? */
bool driver_has_door(const driver_t *driver);

/* Was the driver loaded into the running system, and not read from the archive? */
bool driver_is_loaded(const driver_t *driver);

/* Is its place empty? */
static inline bool driver_is_empty(const driver_t *driver)
{
	return driver->manifest.name[0] == '\0';
}

/* Writes the name of driver `index` into `name`; nothing if there is none of that number. */
void manager_name(const manager_t *manager, uint32_t index, char name[MANIFEST_NAME_SIZE]);

/* The driver of that name, or null. */
const driver_t *manager_find(const manager_t *manager, const char *name);

#endif
