# SPDX-License-Identifier: BSD-2-Clause
"""The ring in which the kernel records calls and interrupts (abi/trace.h), out of its memory while it stands
still: what happened, whose it was, and when."""
import bisect
import struct

LEAVES, CALLS, TRAPS, IDLE = range(4)  # TRACE_… of abi/trace.h
RECORD = 16
TICK_VECTOR = 32  # microkernel/arch/i386/selectors.h: IRQ_VECTOR, of line 0
TICK_NS = 999848  # microkernel/arch/i386/pit.c
MS_NS = 1000000


class NotRecorded(Exception):
    """The kernel records nothing."""


def tick_ns(clock):
    """The kernel's time at its last tick, as microkernel/arch/i386/pit.c has it."""
    since = clock["ticks"] - (clock["count_at"] - clock["count_over"]) & 0xFFFFFFFF
    return clock["ticks_ms"] * MS_NS + since * TICK_NS + clock["ticks_ns"]


def records(data, written):
    """[(counter, kind, frame, what)], the oldest first: `data` is the ring, of which so many bytes were
    written, the oldest of them more than once."""
    count = min(written, len(data)) // RECORD
    first = written - count * RECORD
    found = []
    for index in range(count):
        low, who, what, high = struct.unpack_from("<4I", data, (first + index * RECORD) % len(data))
        found.append((high << 32 | low, who & 3, who & ~3, what))
    return found


def times(ticks, clock):
    """The function from counter to time in ns: the kernel's clock is the timer's ticks, and between two of them the
    counter says where. `ticks`: the counter at those that were recorded, the last of which was the last one."""
    last, rate = tick_ns(clock), clock["counter_per_tick"] or TICK_NS

    def time_of(counter):
        at = bisect.bisect_right(ticks, counter) - 1
        if not ticks or at < 0 or at + 1 == len(ticks):
            base = ticks[max(at, 0)] if ticks else 0
            into = (counter - base) * TICK_NS // rate
        else:
            base = ticks[at]
            into = (counter - base) * TICK_NS // (ticks[at + 1] - base)
        return max(last - (len(ticks) - 1 - max(at, 0)) * TICK_NS + into, 0)
    return time_of


def take(read, clock, frames):
    """[(time in ns, kind, name of the thread or None, what)], without the timer's ticks while nobody ran.

    read(address, size)  bytes of the kernel's memory
    clock                {name: value} of the members of machine_t
    frames               {address of a thread's frame: name}"""
    if not clock["trace_base"]:
        raise NotRecorded("nothing is recorded: boot with trace=calls on the command line (./castellan run --calls)")
    found = records(read(clock["trace_base"], clock["trace_mask"] + 1), clock["trace_at"])
    time_of = times([counter for counter, kind, _, what in found
                     if kind in (TRAPS, IDLE) and what & 0xFF == TICK_VECTOR], clock)
    return [(time_of(counter), kind, None if kind == IDLE else frames.get(frame, f"thread {frame:#x}"), what)
            for counter, kind, frame, what in found if (kind, what & 0xFF) != (IDLE, TICK_VECTOR)]
