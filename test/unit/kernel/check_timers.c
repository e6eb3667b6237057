/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of check.h on time limits and interrupt lines. */
#include "check_parts.h"

/* Is the thread in the list that begins with `at`? */
static bool is_after(const tcb_t *at, const tcb_t *tcb)
{
	while (at && at != tcb)
		at = at->timer_next;
	return at == tcb;
}

bool in_bucket(const tcb_t *tcb)
{
	return is_after(kernel.timers.bucket[tcb->base_priority][tcb->deadline % TIMER_BUCKETS],
			tcb);
}

/* L2: will the thread, whose time is up, be come to without another tick? */
static bool will_be_seen(const tcb_t *tcb)
{
	uint32_t wheel = tcb->base_priority, swept = kernel.timers.swept_ms[wheel];
	uint32_t behind = (uint32_t)kernel.timers.now_ms - swept;
	uint32_t next = ((uint32_t)tcb->deadline - swept - 1) % TIMER_BUCKETS;
	if (!(kernel.timers.due >> wheel & 1))
		return false;
	return next < behind || is_after(kernel.timers.at[wheel], tcb);
}

static uint32_t check_bucket(uint32_t wheel, uint32_t index)
{
	tcb_t *const *link = &kernel.timers.bucket[wheel][index];
	uint32_t count = 0;
	hold(!*link || (kernel.timers.filed[index] >> wheel & 1), "L1: filed");
	for (; *link; link = &(*link)->timer_next) {
		const tcb_t *at = *link;
		hold(at->deadline % TIMER_BUCKETS == index && at->base_priority == wheel &&
			 at->timer_link == link,
		     "T2: bucket");
		hold(at->deadline > kernel.timers.now_ms || will_be_seen(at),
		     "L2: a limit that is over is not seen");
		hold(++count < FOUND_OBJECTS, "T2: loop");
	}
	return count;
}

uint32_t check_timers(void)
{
	uint32_t count = 0;
	for (uint32_t wheel = 0; wheel < TIMER_WHEELS; wheel++) {
		const tcb_t *at = kernel.timers.at[wheel];
		uint32_t index = kernel.timers.swept_ms[wheel] % TIMER_BUCKETS;
		for (uint32_t i = 0; i < TIMER_BUCKETS; i++)
			count += check_bucket(wheel, i);
		hold(!at || is_after(kernel.timers.bucket[wheel][index], at),
		     "L3: the look goes on elsewhere");
		hold((at != NULL) == ((kernel.timers.halfway >> wheel & 1) != 0),
		     "L3: halfway");
		hold(!at || (kernel.timers.due >> wheel & 1), "L2: a look without an end");
	}
	return count;
}

static void check_claim(uint32_t number, uint32_t place)
{
	const irq_line_t *line = &kernel.irq[number];
	const irq_claim_t *claim = &line->claims[place];
	check_waiters(&claim->queue, false, false);
	if (claim->target.type == CAP_NONE)
		check_free(&claim->target);
	hold(claim->queue.first == claim->queue.last, "two wait for one claim");
	hold(claim->target.home == HOME_IRQ &&
		 claim->target.index == number * IRQ_CLAIMERS + place,
	     "a target's place");
	if (!(line->taken >> place & 1)) {
		hold(!claim->claimer && !claim->queue.first && !claim->pending &&
			 claim->target.type == CAP_NONE,
		     "I2");
		return;
	}
	const slot_t *slot = slot_at(claim->claimer);
	hold(slot->type == CAP_IRQ && slot->object == number && slot->extra == number,
	     "a claimer that does not cover its line");
	hold(slot->claim == place + 1, "a claimer that does not know its place");
	hold(slot->flags == line->trigger, "I3: another trigger");
}

static void check_line(uint32_t number)
{
	const irq_line_t *line = &kernel.irq[number];
	bool unmasked = fake.irq_unmasked >> number & 1;
	for (uint32_t k = 0; k < IRQ_CLAIMERS; k++)
		check_claim(number, k);
	hold(!unmasked || (line->taken && !line->owed), "I1: unmasked");
	hold((line->owed & ~line->taken) == 0, "I3: owed by nobody");
	hold((line->taken & (line->taken - 1)) == 0 || line->trigger == IRQ_LEVEL_SHARED,
	     "I3: shared");
	if (line->taken && (ARCH_IRQ_TRIGGER_MASK >> number & 1))
		hold((fake.irq_level >> number & 1) == (line->trigger != IRQ_EDGE),
		     "the machine has another trigger");
}

void check_lines(audit_report_t *audit)
{
	for (uint32_t i = 0; i < IRQ_LINES; i++) {
		check_line(i);
		audit->irq_bound |= kernel.irq[i].taken ? 1u << i : 0;
	}
	audit->irq_unmasked = fake.irq_unmasked;
}
