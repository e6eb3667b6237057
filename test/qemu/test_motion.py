# SPDX-License-Identifier: BSD-2-Clause
"""Motion, the wheel and all buttons of the mouse arrive, in both directions and as far as they went,
while keys are typed between them. On the screen a cell with exchanged colours follows the mouse, and
the wheel, as shift with page up does, shows what has left the screen."""
from desk import VGA_COLUMNS, VGA_ROWS, VGA_TEXT
from guest import expect_running

MACHINES = ["pc", "q35"]
LIMIT = 60
APPEND = "trace=input"

BUTTONS = {"left": "btn_left", "right": "btn_right", "middle": "btn_middle",
           "side": "btn_side", "extra": "btn_extra"}
FAR = 300  # three packets, of which the mouse's queue holds four
STEPS = {"x": 8, "y": 16}  # in a cell
WHEEL_ROWS, PAGE_ROWS = 3, 8
LINES = 16  # more than there are rows
ANSWER = "line: no such command; type help"


def move(vm, axis, value):
    vm.qmp("input-send-event", events=[{"type": "rel", "data": {"axis": axis, "value": value}}])


def button(vm, name, down):
    vm.qmp("input-send-event",
           events=[{"type": "btn", "data": {"button": name, "down": down}}])


def gone(vm, axis):
    return sum(int(found[1]) for found in vm.said(rf"input: rel {axis} (-?\d+)\n"))


def go(vm, axis, value):
    """Moves the mouse and waits until all of it has arrived, before it goes on."""
    while abs(value) > FAR:
        step = FAR if value > 0 else -FAR
        go(vm, axis, step)
        value -= step
    wanted = gone(vm, axis) + value
    move(vm, axis, value)
    while gone(vm, axis) != wanted:
        assert (wanted - gone(vm, axis)) * value > 0, f"{gone(vm, axis)} steps, not {wanted}"
        vm.expect(rf"input: rel {axis} -?\d+\n")


def turn(vm, steps):
    """The wheel, one step each time."""
    for _ in range(abs(steps)):
        button(vm, "wheel-up" if steps > 0 else "wheel-down", True)
        vm.expect(rf"input: rel wheel {1 if steps > 0 else -1}\n")
        button(vm, "wheel-up" if steps > 0 else "wheel-down", False)


def all_of_it_arrives(vm):
    for axis in ("x", "y"):
        for value in (1, -1, 30, -30, 127, -128, FAR, -FAR):
            go(vm, axis, value)
    for name, said in BUTTONS.items():
        for down, way in ((True, "down"), (False, "up")):
            button(vm, name, down)
            vm.expect(rf"input: key {said} {way}\n")
    turn(vm, 1)
    turn(vm, -1)
    button(vm, "left", True)
    vm.expect(r"input: key btn_left down\n")
    for name in "hello":  # a drag with keys between its packets
        vm.key(name, True)
        go(vm, "x", 3)
        vm.key(name, False)
    button(vm, "left", False)
    vm.expect(r"input: key btn_left up\n")
    buttons = [found[1] for found in vm.said(r"input: key btn_(\w+) down\n")]
    assert sorted(buttons) == sorted([*BUTTONS, "left"]), buttons


# --- the screen ---

def colours(vm):
    return vm.memory(VGA_TEXT, VGA_ROWS * VGA_COLUMNS * 2)[1::2]


def expect_pointer(vm, plain, column, row):
    """That cell alone has its colours exchanged; bright stays bright."""
    cell = row * VGA_COLUMNS + column
    wanted = bytearray(plain)
    wanted[cell] = plain[cell] & 0x88 | plain[cell] >> 4 & 7 | (plain[cell] & 7) << 4
    vm.poll(lambda: colours(vm) == bytes(wanted) or None, f"the pointer at {column}, {row}")


def a_pointer_follows_the_mouse(vm):
    plain = colours(vm)
    column = row = 0
    for axis, steps in (("x", 0), ("y", 10), ("x", 79), ("y", 14), ("x", -40), ("y", -24)):
        go(vm, axis, steps * STEPS[axis] or 1)
        column += steps if axis == "x" else 0
        row += steps if axis == "y" else 0
        expect_pointer(vm, plain, column, row)
    go(vm, "x", -VGA_COLUMNS * STEPS["x"])  # it stays at the edge
    expect_pointer(vm, plain, 0, row)


def what_has_left_the_screen_comes_back(vm):
    """Numbered lines, and what is answered; the newest one is at the bottom."""
    typed = []
    for number in range(LINES):
        vm.keys(f"line {number:02}\n")
        typed += [f"castellan> line {number:02}", ANSWER]
    first = vm.expect_screen("Type a command: ") + 1

    def expect_last(number):
        """The last line that is to be seen is this one, and those before it are above."""
        want = typed[number - 3:number + 1]

        def seen():
            rows = [text.rstrip() for text in vm.screen()[first:]]
            return rows[-4:] == want or None

        vm.poll(seen, want)

    vm.keys("end")
    vm.expect_screen("^castellan> end +$")
    turn(vm, 1)
    expect_last(2 * LINES - WHEEL_ROWS)
    vm.key("leftshift", True)
    vm.press("pageup")
    expect_last(2 * LINES - WHEEL_ROWS - PAGE_ROWS)
    vm.press("pagedown")
    expect_last(2 * LINES - WHEEL_ROWS)
    vm.press("pageup")
    vm.key("leftshift", False)
    vm.press("x")  # who types sees it
    vm.expect_screen("^castellan> endx +$")


def test(vm):
    expect_running(vm)
    vm.expect(r"castellan> ")
    last = vm.said(r"drvmgr: (\S+: \w+ -> Running)")[-1][1]
    vm.expect_screen(rf"\d drvmgr: {last}")  # it changes no more
    a_pointer_follows_the_mouse(vm)
    all_of_it_arrives(vm)
    what_has_left_the_screen_comes_back(vm)
    vm.never(r"input: lost")
    vm.reboot()
