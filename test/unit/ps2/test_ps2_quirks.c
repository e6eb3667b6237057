/* SPDX-License-Identifier: BSD-2-Clause */
/* Every machine of fake_quirks.h: the driver makes of it what the row says, after which what is
 * typed and done with the mouse comes out exactly, and nothing dangerous was written. */
#include "ps2_bench.h"

#include <stdio.h>
#include <string.h>

#include "fake_quirks.h"

#define DEFAULT_MS 3000u
#define BUSY_MS	   2000u /* of types and moves */
#define KEYSTROKE  40u
#define ROWS_LEAST 40u
#define ROWS_MOST  200u
#define NAME_SIZE  100u

static unsigned wrong; /* findings in the row */

static void find(const fake_quirk_t *row, const char *what, uint32_t is, uint32_t should)
{
	if (is == should)
		return;
	wrong++;
	print_error("%s: %s is %u, should be %u\n", row->name, what, is, should);
}

static const char *const target_names[] = {"keyboard", "mouse", "controller"};

static void judge_sends(const fake_quirk_t *row)
{
	for (unsigned i = 0; i < QUIRK_SENDS && row->sends[i].count; i++) {
		const quirk_sends_t *sends = &row->sends[i];
		char what[40];
		snprintf(what, sizeof(what), "count of %02x to the %s", sends->byte,
			 target_names[sends->target]);
		find(row, what, bench.pc.written[sends->target][sends->byte],
		     sends->count == QUIRK_NEVER ? 0 : sends->count);
	}
}

static void judge_manners(const fake_quirk_t *row)
{
	find(row, "dangerous commands", bench.pc.dangerous, 0);
	find(row, "writes while the controller was busy", bench.pc.hasty_writes, 0);
	find(row, "reads of nothing", bench.pc.empty_reads, 0);
	find(row, "failures while running", bench.running && bench_failed(), false);
	find(row, "multiplexed at the end", bench.pc.multiplexing, false);
}

static void run(uint32_t ms)
{
	bench_pass(ms);
	bench_read();
}

static void live(const fake_quirk_t *row)
{
	uint32_t all = row->within_ms ? row->within_ms : DEFAULT_MS, busy = 0;
	if (row->types || row->moves)
		for (bool down = true; busy < BUSY_MS; busy += 5, down = !down) {
			if (row->types)
				pc_key(&bench.pc, KEY_B, down);
			if (row->moves)
				pc_move(&bench.pc, 1, 0, 0, 0);
			run(5);
		}
	if (row->types)
		pc_key(&bench.pc, KEY_B, false);
	if (row->asks_repeat) {
		run(BUSY_MS);
		busy = BUSY_MS;
		keyboard_set_repeat(&bench.ps2.turn, 250, 33);
	}
	run(all - busy);
}

static void judge_events(const fake_quirk_t *row)
{
	static const input_state_t nothing;
	bench_key_t keys[QUIRK_EVENTS];
	unsigned count = 0;
	find(row, "keys held", memcmp(bench.held.keys, nothing.keys, sizeof(nothing.keys)), 0);
	find(row, "buttons held", bench.held.buttons, 0);
	if (row->types)
		return;
	for (; count < QUIRK_EVENTS && row->events[count].code; count++)
		keys[count] = (bench_key_t){row->events[count].code, row->events[count].value};
	find(row, "the right keys", bench_keys_are(0, keys, count), true);
	find(row, "places where events are lost", bench.overflows, row->gaps);
}

static void judge_work(const fake_quirk_t *row)
{
	static const bench_key_t a[] = {{KEY_A, INPUT_DOWN}, {KEY_A, INPUT_UP}},
				 click[] = {{BTN_LEFT, INPUT_DOWN}, {BTN_LEFT, INPUT_UP}};
	unsigned from = bench.count, works = !row->keyboard_gone, moves = !row->mouse_gone;
	pc_key(&bench.pc, KEY_A, true);
	run(KEYSTROKE);
	pc_key(&bench.pc, KEY_A, false);
	run(2 * DEFAULT_MS);
	find(row, "the keyboard works", bench_keys_are(from, a, works ? 2 : 0), true);
	from = bench.count;
	pc_move(&bench.pc, 5, -3, 1, 0);
	run(KEYSTROKE);
	pc_buttons(&bench.pc, 1);
	run(KEYSTROKE);
	pc_buttons(&bench.pc, 0);
	run(2 * DEFAULT_MS);
	find(row, "the mouse works", bench_keys_are(from, click, moves ? 2 : 0), true);
	find(row, "motion", (uint32_t)bench_motion(from, REL_X), moves ? 5 : 0);
	find(row, "motion down", (uint32_t)bench_motion(from, REL_Y), moves ? -3u : 0);
	find(row, "the wheel", (uint32_t)bench_motion(from, REL_WHEEL),
	     moves && row->faults.mouse_ids != FAKE_PLAIN);
}

static void judge_stop(const fake_quirk_t *row)
{
	uint8_t found = bench.pc.is.config & (uint8_t)~CONFIG_IRQS;
	found = (uint8_t)((found & ~row->faults.fixed) | row->faults.fixed_to);
	find(row, "stop", (uint32_t)bench_operate(PS2_EV_STOP), DRV_OK);
	bench_read();
	pc_pass(&bench.pc, FAKE_MS); /* the controller takes it */
	if (!row->faults.no_aux)
		find(row, "the configuration at the end", bench.pc.config, found);
}

static bool ends_with(const fake_quirk_t *row, const char *what, err_t is, err_t should)
{
	find(row, what, (uint32_t)is, (uint32_t)should);
	return is == DRV_OK && should == DRV_OK;
}

static bool starts(const fake_quirk_t *row)
{
	bench_process();
	if (!ends_with(row, "the probe", bench_operate(PS2_EV_PROBE), row->probe))
		return false;
	bench.running = ends_with(row, "init", bench_operate(PS2_EV_START), row->init);
	return bench.running;
}

static void walk(const fake_quirk_t *row)
{
	bench_fresh(&fake_8042);
	quirk_machine(row, &bench.pc);
	if (starts(row)) {
		live(row);
		judge_events(row);
		judge_sends(row);
		find(row, "health", (uint32_t)ps2_health(&bench.ps2), (uint32_t)row->health);
		judge_work(row);
		judge_stop(row);
	} else {
		judge_sends(row);
	}
	judge_manners(row);
}

static void a_machine_is_served_as_its_row_says(void **state)
{
	wrong = 0;
	walk(*state);
	assert_int_equal(wrong, 0);
}

/* A case for each machine. */
int main(void)
{
	static const quirk_table_t *const tables[] = {&quirks_controller, &quirks_keyboard,
						      &quirks_mouse};
	static struct CMUnitTest tests[ROWS_MOST];
	static char names[ROWS_MOST][NAME_SIZE]; /* one place can have told of several */
	unsigned rows = 0;
	for (unsigned i = 0; i < LENGTH(tables); i++)
		for (unsigned row = 0; row < tables[i]->count && rows < ROWS_MOST; row++) {
			snprintf(names[rows], NAME_SIZE, "%u %s", rows,
				 tables[i]->rows[row].name);
			tests[rows] = (struct CMUnitTest){
			    .name = names[rows],
			    .test_func = a_machine_is_served_as_its_row_says,
			    .initial_state = (void *)(uintptr_t)&tables[i]->rows[row],
			};
			rows++;
		}
	if (rows < ROWS_LEAST || rows == ROWS_MOST) {
		fprintf(stderr, "%u machines\n", rows);
		return 1;
	}
	return _cmocka_run_group_tests("machines", tests, rows, NULL, NULL);
}
