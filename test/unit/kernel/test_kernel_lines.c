/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines that several share, and how a line is triggered. */
#include "abi/inspect.h"
#include "pair.h"

#define LINE 5u
#define BIT  (1u << LINE)

static cap_t line(uint32_t trigger)
{
	return done(bench.root, SYS_CAP_DERIVE, bench.irq,
		    RIGHT_READ | RIGHT_GRANT | RIGHT_INSPECT, IRQ_SCOPE(LINE, LINE), trigger);
}

/* Claims it; `bits` are signalled. */
static cap_t bind(cap_t cap, cap_t notification, uint32_t bits)
{
	done(bench.root, SYS_IRQ_BIND, cap, notification, bits, 0);
	return cap;
}

static void ack(cap_t cap)
{
	done(bench.root, SYS_IRQ_ACK, cap, 0, 0, 0);
}

static void release(cap_t cap)
{
	done(bench.root, SYS_CAP_RELEASE, cap, 0, 0, 0);
}

static void eight_share_a_line_and_a_ninth_does_not(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0), claims[IRQ_CLAIMERS];
	for (uint32_t i = 0; i < IRQ_CLAIMERS; i++)
		claims[i] = bind(line(IRQ_LEVEL_SHARED), bits, 1u << i);
	cap_t ninth = line(IRQ_LEVEL_SHARED);
	refused(DRV_EBUSY, bench.root, SYS_IRQ_BIND, ninth, bits, 0x100, 0);
	refused(DRV_EBUSY, bench.root, SYS_CAP_IRQ_WAIT, ninth, TIMEOUT_POLL, 0, 0);
	refused(DRV_EPERM, bench.root, SYS_IRQ_ACK, ninth, 0, 0, 0);
	fire(LINE);
	done(bench.root, SYS_NOTIFICATION_WAIT, bits, TIMEOUT_POLL, 0, 0);
	assert_int_equal(result[0], 0xff);
	release(claims[3]);
	bind(ninth, bits, 0x100);
	for (uint32_t i = 0; i < IRQ_CLAIMERS; i++)
		if (i != 3)
			ack(claims[i]);
	fire(LINE);
	done(bench.root, SYS_NOTIFICATION_WAIT, bits, TIMEOUT_POLL, 0, 0);
	assert_int_equal(result[0], 0x1f7);
}

static void a_line_has_several_claimers_only_if_all_say_so(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0);
	for (uint32_t first = IRQ_EDGE; first < IRQ_TRIGGERS; first++) {
		cap_t claim = bind(line(first), bits, 1);
		for (uint32_t second = IRQ_EDGE; second < IRQ_TRIGGERS; second++) {
			cap_t other = line(second);
			if (first == IRQ_LEVEL_SHARED && second == IRQ_LEVEL_SHARED)
				bind(other, bits, 2);
			else
				refused(DRV_EBUSY, bench.root, SYS_IRQ_BIND, other, bits, 2, 0);
			release(other);
		}
		release(claim);
	}
}

static void a_shared_line_opens_when_all_have_acknowledged(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0), claims[3];
	for (uint32_t i = 0; i < 3; i++)
		claims[i] = bind(line(IRQ_LEVEL_SHARED), bits, 1u << i);
	assert_int_equal(fake.irq_unmasked, BIT);
	fire(LINE);
	assert_int_equal(fake.irq_unmasked, 0);
	ack(claims[1]);
	ack(claims[1]);
	ack(claims[0]);
	assert_int_equal(fake.irq_unmasked, 0);
	ack(claims[2]);
	assert_int_equal(fake.irq_unmasked, BIT);
}

static void who_waits_again_has_acknowledged(void **state)
{
	(void)state;
	cap_t first = give(&p, line(IRQ_LEVEL_SHARED), RIGHT_READ, 0);
	cap_t second = give(&q, line(IRQ_LEVEL_SHARED), RIGHT_READ, 0);
	blocks(p.tcb, SYS_CAP_IRQ_WAIT, first, TIMEOUT_FOREVER, 0, 0);
	blocks(q.tcb, SYS_CAP_IRQ_WAIT, second, TIMEOUT_FOREVER, 0, 0);
	fire(LINE);
	assert_int_equal(answer(p.tcb), DRV_OK);
	assert_int_equal(answer(q.tcb), DRV_OK);
	blocks(p.tcb, SYS_CAP_IRQ_WAIT, first, TIMEOUT_FOREVER, 0, 0);
	assert_int_equal(fake.irq_unmasked, 0);
	blocks(q.tcb, SYS_CAP_IRQ_WAIT, second, TIMEOUT_FOREVER, 0, 0);
	assert_int_equal(fake.irq_unmasked, BIT);
}

/* Receives at an endpoint of its own, and acknowledges with it. */
static void who_waits_for_messages_acknowledges_with_it(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0);
	cap_t receives = give(&p, make(CAP_ENDPOINT, 0), RIGHT_READ, 0);
	cap_t irq = give(&p, line(IRQ_EDGE), RIGHT_READ, 0);
	cap_t signals = give(&p, bits, RIGHT_WRITE, 0);
	done(bench.root, SYS_THREAD_BIND, p.thread, BIND_NOTIFICATION, bits, 0);
	refused(DRV_EPERM, p.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_FOREVER, irq);
	done(p.tcb, SYS_IRQ_BIND, irq, signals, 1, 0);
	for (uint32_t i = 0; i < 3; i++) {
		blocks(p.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_FOREVER, i ? irq : 0);
		assert_int_equal(fake.irq_unmasked, BIT);
		fire(LINE);
		assert_int_equal(answer(p.tcb), DRV_OK);
		assert_int_equal(fake.irq_unmasked, 0);
	}
	/* Where it is refused, and where nothing came. */
	refused(DRV_EINVAL, p.tcb, SYS_IPC_RECV, receives, irq, TIMEOUT_POLL, irq);
	assert_int_equal(fake.irq_unmasked, 0);
	assert_int_equal(call(p.tcb, SYS_IPC_RECV, receives, CAP_NULL, TIMEOUT_POLL, irq),
			 DRV_ETIMEDOUT);
	assert_int_equal(fake.irq_unmasked, BIT);
}

static void a_claimer_that_is_gone_has_acknowledged(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0);
	cap_t stays = bind(line(IRQ_LEVEL_SHARED), bits, 1);
	cap_t goes = bind(line(IRQ_LEVEL_SHARED), bits, 2);
	fire(LINE);
	ack(stays);
	assert_int_equal(fake.irq_unmasked, 0);
	release(goes);
	assert_int_equal(fake.irq_unmasked, BIT);
	fire(LINE);
	goes = bind(line(IRQ_LEVEL_SHARED), bits, 2);
	/* Who comes later owes nothing. */
	ack(stays);
	assert_int_equal(fake.irq_unmasked, BIT);
	fire(LINE);
	release(goes);
	assert_int_equal(fake.irq_unmasked, 0);
	release(stays);
	assert_int_equal(fake.irq_unmasked | kernel.audit.irq_bound, 0);
}

static void the_first_claimer_sets_the_trigger_and_the_last_puts_it_back(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0);
	cap_t first = line(IRQ_LEVEL_SHARED), second = line(IRQ_LEVEL_SHARED);
	assert_int_equal(fake.irq_level, 0);
	bind(first, bits, 1);
	assert_int_equal(fake.irq_level, BIT);
	bind(second, bits, 2);
	release(first);
	assert_int_equal(fake.irq_level, BIT);
	release(second);
	assert_int_equal(fake.irq_level, 0);
	/* As the firmware had it. */
	fake.irq_level = BIT;
	cap_t edge = bind(line(IRQ_EDGE), bits, 1);
	assert_int_equal(fake.irq_level, 0);
	release(edge);
	assert_int_equal(fake.irq_level, BIT);
}

static void a_capability_of_one_line_keeps_its_trigger(void **state)
{
	(void)state;
	cap_t level = line(IRQ_LEVEL);
	uint32_t scope = IRQ_SCOPE(LINE, LINE);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, level, RIGHT_READ, scope, IRQ_EDGE);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, level, RIGHT_READ, scope,
		IRQ_LEVEL_SHARED);
	cap_t same = done(bench.root, SYS_CAP_DERIVE, level, RIGHT_READ, 0, 0);
	done(bench.root, SYS_CAP_INFO, same, 0, 0, 0);
	assert_int_equal(result[2], scope);
	assert_int_equal(result[3], IRQ_LEVEL);
}

/* Otherwise who was given one place could take all. */
static void from_a_shared_line_nothing_is_derived_without_grant(void **state)
{
	(void)state;
	uint32_t scope = IRQ_SCOPE(LINE, LINE);
	cap_t whole = done(bench.root, SYS_CAP_DERIVE, bench.irq, RIGHT_READ | RIGHT_GRANT,
			   scope, IRQ_LEVEL_SHARED);
	cap_t place =
	    done(bench.root, SYS_CAP_DERIVE, whole, RIGHT_READ, scope, IRQ_LEVEL_SHARED);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, place, RIGHT_READ, scope,
		IRQ_LEVEL_SHARED);
	refused(DRV_EPERM, bench.root, SYS_CAP_DERIVE, place, RIGHT_READ, 0, 0);
	give(&p, whole, RIGHT_READ, 0);
	refused(DRV_EPERM, p.tcb, SYS_CAP_ACQUIRE, CAP_IRQ, scope, IRQ_LEVEL_SHARED, 0);
	/* What is not shared has one claimer in any case. */
	cap_t level = line(IRQ_LEVEL);
	done(bench.root, SYS_CAP_DERIVE, level, RIGHT_READ, 0, 0);
}

static const inspect_irq_t *look(cap_t cap)
{
	done(bench.root, SYS_INSPECT, cap, 0, 0, 0);
	assert_int_equal(result[0], CAP_IRQ);
	return (const void *)root_buffer()->words;
}

static void a_line_tells_who_owes_an_acknowledgement_and_since_when(void **state)
{
	(void)state;
	cap_t bits = make(CAP_NOTIFICATION, 0);
	cap_t first = bind(line(IRQ_LEVEL_SHARED), bits, 1);
	cap_t second = bind(line(IRQ_LEVEL_SHARED), bits, 2), none = line(IRQ_LEVEL_SHARED);
	cap_t blind = done(bench.root, SYS_CAP_DERIVE, first, RIGHT_READ, 0, 0);
	refused(DRV_EPERM, bench.root, SYS_INSPECT, blind, 0, 0, 0);
	ticks(2);
	fire(LINE);
	ticks(3);
	ack(first);
	const inspect_irq_t *report = look(second);
	assert_int_equal(report->now_ms, kernel.timers.now_ms);
	assert_int_equal(report->count, 1);
	assert_int_equal(report->claimers, 3);
	assert_int_equal(report->unacknowledged, 2);
	assert_int_equal(report->own, 1);
	assert_int_equal(report->now_ms - report->since_ms[0], 0);
	assert_int_equal(report->now_ms - report->since_ms[1], 3);
	assert_int_equal(look(none)->own, IRQ_CLAIMERS);
	ack(second);
	fire(LINE);
	assert_int_equal(look(first)->count, 2);
	assert_int_equal(look(first)->unacknowledged, 3);
	refused(DRV_EPERM, bench.root, SYS_IRQ_ACK, none, 0, 0, 0);
}

static void whoever_gives_a_place_away_knows_whose_it_is(void **state)
{
	(void)state;
	cap_t given[2], bits = give(&p, make(CAP_NOTIFICATION, 0), RIGHT_WRITE, 0);
	for (uint32_t i = 0; i < 2; i++)
		given[i] = line(IRQ_LEVEL_SHARED);
	cap_t first = give(&p, given[0], RIGHT_READ, 0),
	      second = give(&p, given[1], RIGHT_READ, 0);
	assert_int_equal(look(given[0])->own, IRQ_CLAIMERS);
	done(p.tcb, SYS_IRQ_BIND, second, bits, 1, 0);
	done(p.tcb, SYS_IRQ_BIND, first, bits, 2, 0);
	assert_int_equal(look(given[0])->own, 1);
	assert_int_equal(look(given[1])->own, 0);
	/* Of two nobody knows which. */
	give(&p, given[0], RIGHT_READ, 0);
	assert_int_equal(look(given[0])->own, IRQ_CLAIMERS);
	/* Its own place comes first. */
	bind(given[1], make(CAP_NOTIFICATION, 0), 1);
	assert_int_equal(look(given[1])->own, 2);
}

/* What is reported of several lines is the first one's. */
static void a_place_at_one_of_several_lines_is_not_told(void **state)
{
	(void)state;
	cap_t several =
	    done(bench.root, SYS_CAP_DERIVE, bench.irq,
		 RIGHT_READ | RIGHT_GRANT | RIGHT_INSPECT, IRQ_SCOPE(LINE - 1, LINE), IRQ_EDGE);
	cap_t one = done(bench.root, SYS_CAP_DERIVE, several, RIGHT_READ, IRQ_SCOPE(LINE, LINE),
			 IRQ_LEVEL);
	bind(one, make(CAP_NOTIFICATION, 0), 1);
	assert_int_equal(look(several)->own, IRQ_CLAIMERS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(eight_share_a_line_and_a_ninth_does_not),
	    TEST(a_line_has_several_claimers_only_if_all_say_so),
	    TEST(a_shared_line_opens_when_all_have_acknowledged),
	    TEST(who_waits_again_has_acknowledged),
	    TEST(who_waits_for_messages_acknowledges_with_it),
	    TEST(a_claimer_that_is_gone_has_acknowledged),
	    TEST(the_first_claimer_sets_the_trigger_and_the_last_puts_it_back),
	    TEST(a_capability_of_one_line_keeps_its_trigger),
	    TEST(from_a_shared_line_nothing_is_derived_without_grant),
	    TEST(a_line_tells_who_owes_an_acknowledgement_and_since_when),
	    TEST(whoever_gives_a_place_away_knows_whose_it_is),
	    TEST(a_place_at_one_of_several_lines_is_not_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
