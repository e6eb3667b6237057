# SPDX-License-Identifier: BSD-2-Clause
"""Tells which steps of a test script passed, as cmocka tells of its cases. A step is a function of
the script that takes the machine, `vm`, and is called by its test(vm): told of once, however often
it is called."""
import contextlib
import functools
import inspect

from machine import Skip


@contextlib.contextmanager
def told(name):
    """Tells how what is done under it ends."""
    print(f"[ RUN      ] {name}", flush=True)
    try:
        yield
    except BaseException as end:
        print(f"[  {'SKIPPED ' if isinstance(end, Skip) else 'FAILED  '}] {name}", flush=True)
        raise
    print(f"[       OK ] {name}", flush=True)


def find_steps(script):
    """{name: function} of all that can be a step."""
    return {name: function for name, function in vars(script).items()
            if inspect.isfunction(function) and function.__module__ == script.__name__
            and name != "test" and not inspect.isgeneratorfunction(function)
            and next(iter(inspect.signature(function).parameters), "") == "vm"}


@contextlib.contextmanager
def steps_told(script, prefix=""):
    """While it lasts, the script's steps tell of themselves."""
    known, seen, inside = find_steps(script), set(), []

    def wrap(name, function):
        @functools.wraps(function)
        def step(*arguments, **named):
            new = not inside and name not in seen
            inside.append(name)
            seen.update(inside[:1])
            try:
                with told(prefix + name) if new else contextlib.nullcontext():
                    return function(*arguments, **named)
            finally:
                inside.pop()
        return step

    vars(script).update({name: wrap(name, function) for name, function in known.items()})
    try:
        yield
    finally:
        vars(script).update(known)
