# SPDX-License-Identifier: BSD-2-Clause
"""Reads capDL 1.1, as far as graph.py writes it, and checks that it makes sense: what a capability is of
is declared, no slot is used twice or is beyond its cnode, and what is derived is there."""
import re
import sys

TOKEN = re.compile(r"\s*(?:--[^\n]*\n\s*)*([A-Za-z][\w@]*|0x[0-9a-fA-F]+|\d+|\.\.|[={}()\[\]:,;])")
SPECIAL = ("irq_control",)
KINDS = ("ep", "notification", "tcb", "cnode", "ut", "irq", "pt", "pd", "frame", "io_ports", "rtreply")
SYMBOLIC = ("cspace", "vspace", "ipc_buffer_slot")


class Wrong(Exception):
    """Where the text is no capDL, or contradicts itself."""


class Reader:
    def __init__(self, text):
        self.tokens, at = [], 0
        text = text.strip() + "\n"
        while at < len(text) and text[at:].strip():
            match = TOKEN.match(text, at)
            if not match:
                raise Wrong(f"what is {text[at:at + 20]!r}?")
            self.tokens.append(match.group(1))
            at = match.end()
        self.at = 0
        self.objects, self.capabilities, self.derived = {}, {}, []

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        if not token or (expected and token != expected):
            raise Wrong(f"{expected or 'more'} is expected, not {token or 'the end'}")
        self.at += 1
        return token

    def number(self):
        token = self.take()
        if not token[0].isdigit():
            raise Wrong(f"a number is expected, not {token}")
        return int(token, 0)

    def parameters(self):
        """What stands between parentheses, as a list of lists of tokens; none: []."""
        if self.peek() != "(":
            return []
        self.take()
        result, depth = [[]], 0
        while depth or self.peek() != ")":
            token = self.take()
            depth += (token == "[") - (token == "]")
            if token == "," and not depth:
                result.append([])
            else:
                result[-1].append(token)
        self.take(")")
        return result

    def object(self):
        name = self.take()
        self.take("=")
        kind = self.take()
        if kind not in KINDS:
            raise Wrong(f"{name}: there is no object {kind}")
        if name in self.objects:
            raise Wrong(f"{name} is declared twice")
        self.objects[name] = (kind, self.parameters())

    def bits(self, name):
        """The slots of a cnode, in log2."""
        kind, parameters = self.objects[name]
        return int(parameters[0][0], 0) if kind == "cnode" else 5

    def slot(self, holder):
        if self.peek() in SYMBOLIC:
            return self.take()
        number = self.number()
        if number >= 1 << self.bits(holder):
            raise Wrong(f"{holder} has no slot {number}")
        return number

    def holder(self):
        name = self.take()
        if name not in self.objects:
            raise Wrong(f"{name} is not declared")
        self.take("{")
        while self.peek() != "}":
            place = (name, self.slot(name))
            self.take(":")
            target = self.take()
            if target not in self.objects and target not in SPECIAL:
                raise Wrong(f"{name} has a capability of {target}, which is not declared")
            if place in self.capabilities:
                raise Wrong(f"{name} has two capabilities in slot {place[1]}")
            self.capabilities[place] = (target, self.parameters())
        self.take("}")

    def reference(self):
        self.take("(")
        name = self.take()
        self.take(",")
        place = (name, self.slot(name) if name in self.objects else self.take())
        self.take(")")
        if place not in self.capabilities:
            raise Wrong(f"nothing is in {place}")
        return place

    def derivation(self):
        parent = self.reference()
        self.take("{")
        while self.peek() != "}":
            self.derived.append((parent, self.reference()))
        self.take("}")

    def section(self, word, read):
        self.take(word)
        self.take("{")
        while self.peek() != "}":
            read()
        self.take("}")

    def read(self):
        self.take("arch")
        self.take("ia32")
        self.section("objects", self.object)
        self.section("caps", self.holder)
        self.section("cdt", self.derivation)
        if self.peek():
            raise Wrong(f"behind the end is {self.peek()}")
        children = [child for _, child in self.derived]
        if len(set(children)) != len(children):
            raise Wrong("something is derived from two")
        return self


def read(text):
    """A Reader that has read all of it: .objects, .capabilities, .derived. Wrong: it is none."""
    return Reader(text).read()


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            known = read(file.read())
        print(f"{path}: {len(known.objects)} objects, {len(known.capabilities)} capabilities, "
              f"{len(known.derived)} derived")
