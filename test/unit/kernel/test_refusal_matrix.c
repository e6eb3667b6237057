/* SPDX-License-Identifier: BSD-2-Clause */
/* Every system call of abi/syscalls.h x every capability type x every way in which a handle can
 * be wrong, and every other argument beyond its bounds: the exact error, and afterwards the
 * kernel's state, all objects, the machine and the audit are to the byte what they were. Beside
 * it each call is made with the right handle and is then not refused. With --trust-boot the
 * kernel is as if built with RE36_DEV_TRUST_BOOT=1, and refuses the same. */
#include "call_table.h"
#include "refusal_attempt.h"

#define TYPES	     (CAP_TYPE_COUNT - 1u)
#define WILD_NUMBERS 10000u
#define RAM_FIRST    0x00100000u /* of a machine of 16 MiB */
#define RAM_LAST     0x00ffffffu

static struct {
	uint32_t checked, failed, controls;
	uint32_t handles;  /* rows that are about a handle */
	uint32_t refused;  /* of their types, those that no rights help */
	uint32_t accepted; /* of their types, the others */
} cells;

static enum refusal_caller remembered_for;

static void act_as(enum refusal_caller who)
{
	if (remembered_for != who || kernel.sched.current != world.caller[who])
		world_remember(who);
	remembered_for = who;
}

/* What is wrong with how the attempt was refused; null: nothing. */
static const char *refusal_fault(const attempt_t *attempt, err_t expected, err_t *got)
{
	tcb_t *tcb = world.caller[attempt->who];
	message_buffer_t *buffer = tcb->buffer;
	arch_frame_t frame = tcb->frame;
	message_buffer_t message = buffer ? *buffer : (message_buffer_t){0}, loaded = message;
	attempt_load(attempt, tcb);
	arch_frame_t entered = tcb->frame;
	if (buffer)
		loaded = *buffer;
	if (bench_short_way() || bench_short_way_alone())
		return "the short way took it";
	fake_enter();
	arch_frame_t answer = tcb->frame;
	tcb->frame = frame;
	*got = (err_t)answer.eax;
	entered.eax = answer.eax;
	if (buffer && memcmp(&loaded, buffer, sizeof(loaded)) != 0)
		return "the message buffer was changed";
	if (buffer)
		*buffer = message;
	if (*got != expected)
		return "another answer";
	if (memcmp(&entered, &answer, sizeof(answer)) != 0)
		return "another register was changed";
	return world_difference();
}

static void refuse(const attempt_t *attempt, err_t expected, const char *what, const char *type)
{
	err_t got = BLOCKED;
	act_as(attempt->who);
	const char *fault = refusal_fault(attempt, expected, &got);
	cells.checked++;
	if (!fault)
		return;
	cells.failed++;
	print_error("%s(%#x, %#x, %#x, %#x), handle %s %s: %s (%d, not %d)\n",
		    refusal_calls[attempt->number].name, attempt->arg[0], attempt->arg[1],
		    attempt->arg[2], attempt->arg[3], type, what, fault, got, expected);
	world_restore();
}

/* The row's call as it is given succeeds, or waits. */
static void accept(uint32_t number, const refusal_row_t *row)
{
	attempt_t attempt = attempt_of(number, row, CAP_FRAME);
	act_as(attempt.who);
	tcb_t *tcb = world.caller[attempt.who];
	attempt_load(&attempt, tcb);
	bench_trap();
	err_t err = answer(tcb);
	cells.controls++;
	if (err < 0 && err != BLOCKED) {
		cells.failed++;
		print_error("%s: %d with the right handle at %u\n", refusal_calls[number].name,
			    err, row->at);
	}
	world_restore();
}

/* -- One row. --------------------------------------------------------------------------- */

static bool is_enough(const refusal_row_t *row, uint32_t type, uint32_t rights)
{
	uint32_t needed = row->rights & EVERY ? type_rights(type) : row->rights;
	if (row->loose & 1u << type)
		return true;
	return (row->types & 1u << type) && (rights & needed) == needed;
}

/* All capabilities of one type, with each set of rights. */
static void try_live(uint32_t number, const refusal_row_t *row, uint32_t type)
{
	bool accepted = (row->types | row->loose) & 1u << type;
	attempt_t attempt = attempt_of(number, row, type);
	for (uint32_t rights = 0; rights <= RIGHT_ALL; rights++) {
		cap_t handle = world.by_rights[type][rights];
		if (!handle || is_enough(row, type, rights))
			continue;
		attempt_set_handle(&attempt, row->at, handle);
		refuse(&attempt, accepted ? DRV_EPERM : DRV_EINVAL,
		       accepted ? "without the right" : "of another type", type_name(type));
	}
	if (accepted)
		cells.accepted++;
	else
		cells.refused++;
}

static void try_dead(uint32_t number, const refusal_row_t *row, uint32_t type)
{
	attempt_t attempt = attempt_of(number, row, type);
	for (uint32_t i = 0; i < DEAD_COUNT; i++) {
		attempt_set_handle(&attempt, row->at, world.dead[type][i]);
		refuse(&attempt, DRV_EBADCAP, dead_name(i), type_name(type));
	}
	/* Nor is a live one anything to a thread that has no capability space. */
	attempt_set_handle(&attempt, row->at, full_cap(type));
	attempt.who = AS_HOMELESS;
	refuse(&attempt, DRV_EBADCAP, "of a thread without a capability space",
	       type_name(type));
}

static void try_handles(uint32_t number, const refusal_row_t *row)
{
	attempt_t attempt = attempt_of(number, row, CAP_FRAME);
	cells.handles++;
	accept(number, row);
	for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
		try_live(number, row, type);
		try_dead(number, row, type);
	}
	if (row->kind == ROW_OPTIONAL)
		return;
	attempt_set_handle(&attempt, row->at, CAP_NULL);
	refuse(&attempt, DRV_EBADCAP, "null", "no type");
}

static void everything_is_refused_with_its_error_and_changes_nothing(void **state)
{
	(void)state;
	for (uint32_t number = 0; number < SYS_COUNT; number++) {
		for (uint32_t i = 0; i < refusal_calls[number].count; i++) {
			const refusal_row_t *row = &refusal_calls[number].rows[i];
			attempt_t attempt = attempt_of(number, row, CAP_FRAME);
			if (row->kind == ROW_REFUSE)
				refuse(&attempt, row->error, "right", "all");
			else if (row->kind != ROW_NOTHING)
				try_handles(number, row);
		}
	}
	/* At the least: each handle argument x each type x each dead handle, and each type
	 * that the call does not take, with all rights and with none. */
	uint32_t least = cells.handles * TYPES * (DEAD_COUNT + 1u) + 2u * cells.refused;
	print_message("refusal matrix: %u cells (at least %u), %u handle arguments, %u types, "
		      "%u dead handles, %u controls, %u failed\n",
		      cells.checked, least, cells.handles, TYPES, DEAD_COUNT, cells.controls,
		      cells.failed);
	assert_int_equal(cells.failed, 0);
	assert_true(world_rest_is_zero());
	assert_int_equal(cells.refused + cells.accepted, cells.handles * TYPES);
	assert_true(cells.checked >= least);
	assert_int_equal(cells.controls, cells.handles);
}

/* -- Nothing is left out. --------------------------------------------------------------- */

static bool has_row_at(const refusal_call_t *call, uint32_t at)
{
	for (uint32_t i = 0; i < call->count; i++)
		if ((call->rows[i].kind == ROW_HANDLE || call->rows[i].kind == ROW_OPTIONAL) &&
		    call->rows[i].at == at)
			return true;
	return false;
}

static void every_handle_argument_of_the_table_has_rows(void **state)
{
	(void)state;
	for (uint32_t number = 0; number < SYS_COUNT; number++) {
		uint32_t type;
		for (uint32_t at = 0; at < MAX_ARGUMENTS; at++)
			if (call_argument_is_handle(number, at, &type) !=
			    has_row_at(&refusal_calls[number], at))
				fail_msg("argument %u of %s", at, refusal_calls[number].name);
	}
}

static void numbers_that_are_no_call_are_refused(void **state)
{
	(void)state;
	attempt_t attempt = {.who = AS_CALLER, .timeout_ms = TIMEOUT_FOREVER};
	const uint32_t edges[] = {SYS_COUNT,  SYS_COUNT + 1, 0x100,
				  0x7fffffff, 0x80000000u,   UINT32_MAX};
	uint32_t state32 = 1;
	for (uint32_t i = 0; i < WILD_NUMBERS; i++) {
		err_t got = DRV_OK;
		state32 = state32 * 1664525u + 1013904223u;
		attempt.number = state32 < SYS_COUNT ? SYS_COUNT : state32;
		if (i < sizeof(edges) / sizeof(edges[0]))
			attempt.number = edges[i];
		act_as(attempt.who);
		assert_null(refusal_fault(&attempt, DRV_ENOSYS, &got));
	}
}

static bool trusting;

/* What microkernel/boot/ makes of RE36_DEV_TRUST_BOOT=1. */
static void trust_root(void)
{
	kernel.root = bench.root;
	kernel.ram_first = RAM_FIRST;
	kernel.ram_last = RAM_LAST;
	kernel.audit.flags = AUDIT_TRUST_BOOT;
}

static int setup(void **state)
{
	bench_setup(state);
	if (trusting)
		trust_root();
	world_make();
	act_as(AS_CALLER);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_handle_argument_of_the_table_has_rows),
	    cmocka_unit_test(everything_is_refused_with_its_error_and_changes_nothing),
	    cmocka_unit_test(numbers_that_are_no_call_are_refused),
	};
	trusting = argc > 1 && strcmp(argv[1], "--trust-boot") == 0;
	return cmocka_run_group_tests(tests, setup, NULL);
}
