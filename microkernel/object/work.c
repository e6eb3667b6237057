/* SPDX-License-Identifier: BSD-2-Clause */
/* Long work in bounded steps. Nothing here recurses: what a step uncovers (an object that lost
 * its last capability) is put into a list. */
#include "object/work.h"

#include "object/kernel.h"
#include "object/object.h"
#include "object/tree.h"

void work_begin(void)
{
	kernel.sched.worked = 0;
}

void work_note(uint32_t cost)
{
	kernel.sched.worked += cost;
}

bool work_is_due(void)
{
	return kernel.sched.worked >= WORK_WINDOW;
}

bool work_charge(uint32_t cost)
{
	work_note(cost);
	if (!work_is_due())
		return false;
	sched_take_interrupts();
	return sched_has_to_stop();
}

/* Makes two links neighbours. */
static void owe_after(uint32_t prev, uint32_t next)
{
	owed_at(prev)->next = next;
	owed_at(next)->prev = prev;
}

static void owe_no_more(owed_t *owed)
{
	owe_after(owed->prev, owed->next);
	owed->next = owed->prev = 0;
}

__attribute__((noinline)) void work_bury(slot_t *slot, slot_t *tomb)
{
	object_header_t *header = arch_pointer(slot->object);
	tcb_t *debtor = kernel.sched.current;
	uint32_t owed = arch_physical(&header->owed);
	tree_move(slot, tomb);
	tomb->type = slot->type;
	tomb->home = HOME_TOMB;
	tomb->object = slot->object;
	owed_close(&header->owed);
	if (debtor) { /* before all that it owes already */
		owe_after(owed, debtor->owes.next);
		owe_after(arch_physical(&debtor->owes), owed);
	}
}

/* What a step costs that finds nothing left to take apart. */
#define COST_OF_AN_END 200u

/* One step of taking an object apart; if that was the last, its memory is free. */
static uint32_t destroy_step(slot_t *tomb)
{
	object_header_t *header = arch_pointer(tomb->object);
	uint32_t type = tomb->type;
	uint32_t cost = object_types[type].destroy_step(tomb->object);
	if (cost)
		return cost;
	owe_no_more(&header->owed);
	kernel.audit.objects[type]--;
	tomb->type = CAP_NONE;
	slot_ref_t childless = tree_unlink(tomb);
	if (childless)
		object_childless(slot_at(childless));
	return COST_OF_AN_END;
}

uint32_t work_revoke_step(slot_t *slot)
{
	/* The last is quicker to unlink than the first. */
	slot_t *last = slot_at(slot_at(slot->child)->prev);
	return last->home == HOME_TOMB ? destroy_step(last) : slot_clear_step(last);
}

void work_forget(tcb_t *tcb)
{
	owe_after(tcb->owes.prev, tcb->owes.next);
	owed_close(&tcb->owes);
}

err_t work_pay(tcb_t *tcb)
{
	while (!owed_is_empty(&tcb->owes)) {
		if (work_is_due() || kernel.sched.current != tcb)
			return DRV_EAGAIN;
		object_header_t *header = object_owed(tcb->owes.next);
		slot_t *tomb = object_tomb(header->type, arch_physical(header));
		work_note(destroy_step(tomb));
	}
	return DRV_OK;
}
