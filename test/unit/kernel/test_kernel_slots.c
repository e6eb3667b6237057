/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities, handles and the derivation tree. */
#include "call_table.h"
#include "bench.h"
#include "check.h"

static cap_t derive(cap_t cap, uint32_t rights, uint32_t scope0, uint32_t scope1)
{
	return done(bench.root, SYS_CAP_DERIVE, cap, rights, scope0, scope1);
}

static void who_may_not_inspect_an_object_is_not_told_its_number(void **state)
{
	(void)state;
	static const uint32_t types[] = {CAP_THREAD, CAP_VSPACE, CAP_PTABLE, CAP_REPLY,
					 CAP_IOBITMAP};
	for (uint32_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		cap_t cap = make(types[i], 0);
		slot_of(bench.root, cap)->rights &= (uint8_t)~RIGHT_INSPECT;
		done(bench.root, SYS_CAP_INFO, cap, 0, 0, 0);
		assert_int_equal(result[0], types[i]);
		assert_int_equal(result[2], 0);
		assert_int_equal(result[3], 0);
	}
}

static void release(cap_t cap)
{
	done(bench.root, SYS_CAP_RELEASE, cap, 0, 0, 0);
}

static void revoke(cap_t cap)
{
	done(bench.root, SYS_CAP_REVOKE, cap, 0, 0, 0);
}

static void numbers_that_name_nothing_are_refused_by_every_call(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX);
	cap_t own = give(&p, bench.cspace, RIGHT_READ, 0);
	const cap_t wrong[] = {0,	0xffffffffu, 0x80000000u | own, own + 1, own + 64,
			       own ^ 1, 1u << 30,    bench.untyped,	63,	 64};
	uint32_t type;
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		for (uint32_t number = 0; number < SYS_COUNT; number++)
			if (call_argument_is_handle(number, 0, &type) &&
			    (wrong[i] || number != SYS_CAP_RELEASE))
				refused(DRV_EBADCAP, p.tcb, number, wrong[i], 0, 0, 0);
	refused(DRV_EBADCAP, p.tcb, SYS_CAP_DELEGATE, 0, own + 1, RIGHT_READ, 0);
	done(p.tcb, SYS_CAP_RELEASE, CAP_NULL, 0, 0, 0); /* what it owes: nothing */
	done(p.tcb, SYS_CAP_INFO, own, 0, 0, 0);
}

static void a_live_handle_of_the_wrong_type_is_invalid(void **state)
{
	(void)state;
	cap_t frame = make(CAP_FRAME, 0);
	uint32_t type;
	for (uint32_t number = 0; number < SYS_COUNT; number++)
		if (call_argument_is_handle(number, 0, &type) && type != CAP_NONE)
			refused(DRV_EINVAL, bench.root, number, frame, frame, RW, 0);
	refused(DRV_EINVAL, bench.root, SYS_INSPECT, frame, 0, 0, 0);
	refused(DRV_EINVAL, bench.root, SYS_UNTYPED_RETYPE, bench.untyped, CAP_FRAME, 0, frame);
	refused(DRV_EINVAL, bench.root, SYS_VSPACE_MAP, bench.vspace, bench.pio, 0x1000, 1);
	refused(DRV_EINVAL, bench.root, SYS_VSPACE_UNMAP, bench.mmio, 0, 0, 0);
}

static void unknown_calls_are_refused(void **state)
{
	(void)state;
	const uint32_t numbers[] = {SYS_COUNT, SYS_COUNT + 1, 0x7fffffff, 0x80000000,
				    0xffffffff};
	for (uint32_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		refused(DRV_ENOSYS, bench.root, numbers[i], 0, 0, 0, 0);
	done(bench.root, SYS_NULL, 0, 0, 0, 0);
}

static void derivation_never_adds_a_right(void **state)
{
	(void)state;
	cap_t all = make(CAP_ENDPOINT, 0);
	uint32_t exists = RIGHT_READ | RIGHT_WRITE | RIGHT_GRANT | RIGHT_INSPECT;
	for (uint32_t has = 1; has <= RIGHT_ALL; has++) {
		if (has & ~exists) {
			refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, all, has, 0, 0);
			continue;
		}
		cap_t cap = derive(all, has, 0, 0);
		for (uint32_t wants = 0; wants <= 32; wants++) {
			if (wants != 0 && (wants & ~has) == 0) {
				cap_t child = derive(cap, wants, 0, 0);
				assert_int_equal(slot_of(bench.root, child)->rights, wants);
				release(child);
			} else {
				refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, cap, wants, 0,
					0);
				refused(DRV_EPERM, bench.root, SYS_CAP_DELEGATE, 0, cap, wants,
					0);
			}
		}
		release(cap);
	}
}

static void a_badge_is_given_once(void **state)
{
	(void)state;
	static const uint8_t types[] = {CAP_ENDPOINT, CAP_NOTIFICATION};
	for (uint32_t i = 0; i < 2; i++) {
		cap_t plain = make(types[i], 0);
		cap_t badged = derive(plain, RIGHT_WRITE, 7, 0);
		refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, badged, RIGHT_WRITE, 8, 0);
		refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, badged, RIGHT_WRITE, 7, 0);
		refused(DRV_EPERM, bench.root, SYS_CAP_DELEGATE, 0, badged, RIGHT_WRITE, 8);
		refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, plain, RIGHT_WRITE,
			BADGE_NOTIFICATION, 0);
		refused(DRV_EINVAL, bench.root, SYS_CAP_DERIVE, plain, RIGHT_WRITE, 7, 1);
		cap_t same = derive(badged, RIGHT_WRITE, 0, 0);
		assert_int_equal(slot_of(bench.root, same)->extra, 7);
		done(bench.root, SYS_CAP_INFO, same, 0, 0, 0);
		assert_int_equal(result[0], types[i]);
		assert_int_equal(result[1], RIGHT_WRITE);
		assert_int_equal(result[2], 7);
		assert_int_equal(result[3], 0);
	}
}

static void types_without_a_scope_take_none(void **state)
{
	(void)state;
	static const uint8_t types[] = {CAP_THREAD, CAP_VSPACE, CAP_FRAME, CAP_REPLY};
	for (uint32_t i = 0; i < sizeof(types); i++) {
		cap_t cap = make(types[i], 0);
		uint32_t rights = slot_of(bench.root, cap)->rights;
		refused(DRV_EINVAL, bench.root, SYS_CAP_DERIVE, cap, rights, 1, 0);
		refused(DRV_EINVAL, bench.root, SYS_CAP_DERIVE, cap, rights, 0, 1);
		refused(DRV_EINVAL, bench.root, SYS_CAP_DELEGATE, 0, cap, rights, 1);
		derive(cap, rights, 0, 0);
	}
}

static void memory_and_page_tables_cannot_be_derived(void **state)
{
	(void)state;
	cap_t table = make(CAP_PTABLE, 0);
	refused(DRV_EINVAL, bench.root, SYS_CAP_DERIVE, table, RIGHT_WRITE, 0, 0);
	refused(DRV_EINVAL, bench.root, SYS_CAP_DERIVE, bench.untyped, RIGHT_WRITE, 0, 0);
	refused(DRV_EINVAL, bench.root, SYS_CAP_DELEGATE, 0, bench.untyped, RIGHT_WRITE, 0);
}

static void revoking_removes_all_descendants_and_nothing_else(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX);
	cap_t top = make(CAP_NOTIFICATION, 0);
	cap_t a = derive(top, RW, 0, 0), b = derive(top, RW, 0, 0);
	cap_t a1 = derive(a, RW, 0, 0), b1 = derive(b, RW, 0, 0);
	cap_t far = give(&p, a1, RW, 0);
	cap_t own = give(&p, p.cspace, RW, 0);
	cap_t farther = done(p.tcb, SYS_CAP_DELEGATE, own, far, RIGHT_READ, 0);
	revoke(a);
	assert_true(alive(bench.root, top) && alive(bench.root, a));
	assert_true(alive(bench.root, b) && alive(bench.root, b1));
	assert_false(alive(bench.root, a1) || alive(p.tcb, far) || alive(p.tcb, farther));
	revoke(a);
	assert_true(alive(bench.root, a));
}

static void a_released_middle_leaves_its_children_to_its_parent(void **state)
{
	(void)state;
	cap_t top = make(CAP_NOTIFICATION, 0);
	cap_t left = derive(top, RW, 0, 0), middle = derive(top, RW, 0, 0),
	      right = derive(top, RW, 0, 0);
	cap_t child[3], grandchild = 0;
	for (uint32_t i = 0; i < 3; i++)
		child[i] = derive(middle, RW, 0, 0);
	grandchild = derive(child[1], RW, 0, 0);
	release(middle);
	assert_false(alive(bench.root, middle));
	revoke(left);
	revoke(right);
	for (uint32_t i = 0; i < 3; i++)
		assert_true(alive(bench.root, child[i]));
	assert_true(alive(bench.root, grandchild));
	revoke(child[1]);
	assert_false(alive(bench.root, grandchild));
	revoke(top);
	for (uint32_t i = 0; i < 3; i++)
		assert_false(alive(bench.root, child[i]));
	assert_false(alive(bench.root, left) || alive(bench.root, right));
}

static void an_old_handle_never_names_the_slots_next_owner(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX);
	cap_t notification = make(CAP_NOTIFICATION, 0), old[500];
	/* More than there are slots: each comes round several times. */
	for (uint32_t i = 0; i < 500; i++) {
		old[i] = give(&p, notification, RW, 0);
		assert_true((int32_t)old[i] > 0);
		done(p.tcb, SYS_CAP_RELEASE, old[i], 0, 0, 0);
		for (uint32_t j = 0; j < i; j++)
			assert_int_not_equal(old[i], old[j]);
	}
	cap_t last = give(&p, notification, RW, 0);
	for (uint32_t i = 0; i < 500; i++)
		assert_false(alive(p.tcb, old[i]));
	refused(DRV_EBADCAP, p.tcb, SYS_NOTIFICATION_SIGNAL, old[499], 1, 0, 0);
	done(p.tcb, SYS_NOTIFICATION_SIGNAL, last, 1, 0, 0);
}

static void a_slot_whose_generations_are_used_up_is_retired(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX);
	cspace_t *cspace = thread_cspace(p.tcb);
	cap_t notification = make(CAP_NOTIFICATION, 0);
	uint32_t slots = 1u << CSPACE_BITS_MIN, free_before = cspace->free_count;
	slot_t *slot = slot_of(p.tcb, give(&p, notification, RW, 0));
	cap_t most = (0x7fffffffu & ~(slots - 1)) | slot->index;
	slot->name = most - slots;
	done(p.tcb, SYS_CAP_RELEASE, slot->name, 0, 0, 0);
	assert_int_equal(cspace->free_count, free_before);
	cap_t last = CAP_NULL;
	while (slot->type == CAP_NONE)
		last = give(&p, notification, RW, 0);
	assert_int_equal(last, most);
	revoke(notification);
	assert_int_equal(cspace->free_count, free_before - 1);
	for (uint32_t i = 0; i < free_before - 1; i++)
		assert_int_not_equal(give(&p, notification, RW, 0) & 63, slot->index);
	refused(DRV_ENOMEM, bench.root, SYS_CAP_DELEGATE, p.cspace, notification, RW, 0);
}

static void a_full_table_refuses_and_costs_only_its_owner(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX);
	cap_t notification = make(CAP_NOTIFICATION, 0);
	cap_t own = give(&p, notification, RW, 0);
	for (uint32_t i = 0; i < (1u << CSPACE_BITS_MIN) - CSPACE_FIRST - 1; i++)
		done(p.tcb, SYS_CAP_DERIVE, own, RW, 0, 0);
	refused(DRV_ENOMEM, p.tcb, SYS_CAP_DERIVE, own, RW, 0, 0);
	refused(DRV_ENOMEM, p.tcb, SYS_CAP_DELEGATE, CAP_NULL, own, RW, 0);
	refused(DRV_ENOMEM, p.tcb, SYS_CAP_ACQUIRE, CAP_PIO, PIO_SCOPE(1, 1), 0, 0);
	refused(DRV_ENOMEM, bench.root, SYS_CAP_DELEGATE, p.cspace, notification, RW, 0);
	refused(DRV_ENOMEM, bench.root, SYS_UNTYPED_RETYPE, bench.untyped, CAP_FRAME, 0,
		p.cspace);
	derive(notification, RW, 0, 0);
}

static void delegating_needs_write_on_the_cspace_and_listing_read(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX);
	cap_t reads = derive(p.cspace, RIGHT_READ, 0, 0);
	cap_t writes = derive(p.cspace, RIGHT_WRITE, 0, 0);
	refused(DRV_EPERM, bench.root, SYS_CAP_DELEGATE, reads, bench.pio, RW, 0);
	refused(DRV_EPERM, bench.root, SYS_UNTYPED_RETYPE, bench.untyped, CAP_FRAME, 0, reads);
	refused(DRV_EPERM, bench.root, SYS_CSPACE_LIST, writes, 0, 0, 0);
	refused(DRV_ENOENT, bench.root, SYS_CSPACE_LIST, reads, 0, 0, 0);
	cap_t handle = done(bench.root, SYS_CAP_DELEGATE, writes, bench.pio, RIGHT_READ,
			    PIO_SCOPE(0x60, 0x64));
	done(bench.root, SYS_CSPACE_LIST, reads, 0, 0, 0);
	assert_int_equal(result[0], handle);
	assert_int_equal(result[1], CAP_PIO | RIGHT_READ << 8);
	assert_int_equal(result[2], PIO_SCOPE(0x60, 0x64));
	assert_int_equal(result[3], PIO_WIDTH_ALL);
	refused(DRV_ENOENT, bench.root, SYS_CSPACE_LIST, reads, handle, 0, 0);
	/* Of a handle that is gone by now its place is left. */
	refused(DRV_ENOENT, bench.root, SYS_CSPACE_LIST, reads, handle + 64, 0, 0);
	done(bench.root, SYS_CSPACE_LIST, reads, 64, 0, 0);
	assert_int_equal(result[0], handle);
	refused(DRV_ENOENT, bench.root, SYS_CSPACE_LIST, reads, 0xffffffffu, 0, 0);
}

/* Whatever the rights of what is listed. */
static void who_may_not_inspect_a_cspace_is_not_told_the_numbers_of_what_it_holds(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX);
	cap_t endpoint = make(CAP_ENDPOINT, 0);
	cap_t reads = derive(p.cspace, RIGHT_READ, 0, 0);
	done(bench.root, SYS_CAP_INFO, endpoint, 0, 0, 0);
	uint32_t number = result[3];
	for (uint32_t i = 0; i < 2; i++) {
		cap_t given = give(&p, endpoint, i ? RW | RIGHT_INSPECT : RW, 0);
		done(bench.root, SYS_CSPACE_LIST, p.cspace, given - 1, 0, 0);
		assert_int_equal(result[0], given);
		assert_int_equal(result[3], number);
		done(bench.root, SYS_CSPACE_LIST, reads, given - 1, 0, 0);
		assert_int_equal(result[0], given);
		assert_int_equal(result[3], 0);
	}
	assert_int_not_equal(number, 0);
}

static void acquiring_needs_a_capability_that_covers_the_request(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX);
	refused(DRV_EPERM, p.tcb, SYS_CAP_ACQUIRE, CAP_PIO, PIO_SCOPE(0x60, 0x60), 0, 0);
	cap_t ports = give(&p, bench.pio, RIGHT_READ, PIO_SCOPE(0x60, 0x67));
	give(&p, bench.irq, RIGHT_READ, IRQ_SCOPE(1, 4));
	cap_t got =
	    done(p.tcb, SYS_CAP_ACQUIRE, CAP_PIO, PIO_SCOPE(0x60, 0x67), PIO_WIDTH_8, 0);
	assert_int_equal(slot_of(p.tcb, got)->rights, RIGHT_READ);
	done(p.tcb, SYS_CAP_ACQUIRE, CAP_IRQ, IRQ_SCOPE(4, 4), 0, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_ACQUIRE, CAP_PIO, PIO_SCOPE(0x60, 0x68), 0, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_ACQUIRE, CAP_PIO, PIO_SCOPE(0x5f, 0x60), 0, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_ACQUIRE, CAP_IRQ, IRQ_SCOPE(4, 5), 0, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_ACQUIRE, CAP_IRQ, IRQ_SCOPE(2, 2), 0, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_ACQUIRE, CAP_MMIO, BENCH_MMIO_FIRST, PAGE_SIZE, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_ACQUIRE, CAP_PIO, 0, 0, 0);
	refused(DRV_EINVAL, p.tcb, SYS_CAP_ACQUIRE, CAP_ENDPOINT, 1, 0, 0);
	refused(DRV_EINVAL, p.tcb, SYS_CAP_ACQUIRE, 0xffffffffu, 1, 0, 0);
	done(p.tcb, SYS_CAP_REVOKE, ports, 0, 0, 0);
	assert_false(alive(p.tcb, got));
}

static void a_dying_table_gives_its_children_away_and_drops_the_rest(void **state)
{
	(void)state;
	process_t p = process_make(PRIORITY_MAX), q = process_make(PRIORITY_MAX);
	cap_t memory = make(CAP_UNTYPED, 14);
	cap_t table = make_from(memory, CAP_CSPACE, 6);
	cap_t notification = make(CAP_NOTIFICATION, 0);
	cap_t inner = done(bench.root, SYS_CAP_DELEGATE, table, notification, RW, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_CSPACE, table, 0);
	cap_t qs = done(bench.root, SYS_CAP_DELEGATE, table, q.cspace, RW, 0);
	cap_t outer = done(p.tcb, SYS_CAP_DELEGATE, qs, inner, RW, 0);
	uint32_t caps = kernel.audit.caps[CAP_NOTIFICATION];
	revoke(memory);
	assert_int_equal(kernel.audit.caps[CAP_NOTIFICATION], caps - 1);
	assert_true(alive(q.tcb, outer));
	assert_null(thread_cspace(p.tcb));
	refused(DRV_EBADCAP, p.tcb, SYS_CAP_INFO, inner, 0, 0, 0);
	revoke(notification);
	assert_false(alive(q.tcb, outer));
}

static void the_types_whose_objects_are_counted_are_those_that_the_abi_names(void **state)
{
	(void)state;
	for (uint32_t type = 0; type < CAP_TYPE_COUNT; type++)
		assert_int_equal(object_types[type].counted, AUDIT_COUNTED >> type & 1);
}

#define TEST(name) cmocka_unit_test_setup(name, bench_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_may_not_inspect_an_object_is_not_told_its_number),
	    TEST(numbers_that_name_nothing_are_refused_by_every_call),
	    TEST(a_live_handle_of_the_wrong_type_is_invalid),
	    TEST(unknown_calls_are_refused),
	    TEST(derivation_never_adds_a_right),
	    TEST(a_badge_is_given_once),
	    TEST(types_without_a_scope_take_none),
	    TEST(memory_and_page_tables_cannot_be_derived),
	    TEST(revoking_removes_all_descendants_and_nothing_else),
	    TEST(a_released_middle_leaves_its_children_to_its_parent),
	    TEST(an_old_handle_never_names_the_slots_next_owner),
	    TEST(a_slot_whose_generations_are_used_up_is_retired),
	    TEST(a_full_table_refuses_and_costs_only_its_owner),
	    TEST(delegating_needs_write_on_the_cspace_and_listing_read),
	    TEST(who_may_not_inspect_a_cspace_is_not_told_the_numbers_of_what_it_holds),
	    TEST(acquiring_needs_a_capability_that_covers_the_request),
	    TEST(a_dying_table_gives_its_children_away_and_drops_the_rest),
	    TEST(the_types_whose_objects_are_counted_are_those_that_the_abi_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
