# SPDX-License-Identifier: BSD-2-Clause
"""A session of every verb, as text and as JSON: what is answered in JSON is what abi/operator.schema.json
says, and what the text says; what is typed wrong is refused in both."""
import json
import re

from guest import FRESH, RELEASE_DRIVERS, ROOT, ask, audit, expect_running, expect_step, make_archive, ps

LIMIT = 60

SCHEMA = json.loads((ROOT / "abi/operator.schema.json").read_text(encoding="utf-8"))
WRONG = {  # what is typed: (the error, a pattern of what is said)
    "psx": ("DRV_EINVAL", "psx: no such command; did you mean ps"),
    "frobnicate": ("DRV_EINVAL", "frobnicate: no such command; type help"),
    "ps --jsn": ("DRV_EINVAL", "ps: it has no flag --jsn; did you mean --json"),
    "ps now": ("DRV_EINVAL", "ps: it takes no name; type ps alone"),
    "why": ("DRV_EINVAL", "why: the name of a driver is missing; type why NAME"),
    "why a b": ("DRV_EINVAL", "why: one name at a time"),
    "why " + "n" * 32: ("DRV_EINVAL", "why: no driver has so long a name, the most is 31"),
    "check serial.drv.json": ("DRV_EINVAL", "check: that is for drvctl"),
    "load a.elf a.drv.json": ("DRV_EINVAL", "load: that is for drvctl"),
    "replace screen a.elf": ("DRV_EINVAL", "replace: that is for drvctl"),
    "unload screen": ("DRV_EINVAL", "unload screen: it came with the system"),
    "help kil": ("DRV_EINVAL", "kil: no such command; did you mean kill"),
    "why nobody": ("DRV_ENOENT", "why nobody: there is no driver of that name; ps lists them"),
    "stop seral": ("DRV_ENOENT", "stop seral: .* did you mean serial"),
    "stop serial": ("DRV_EINVAL", "stop serial: this prompt runs through it"),
    "start screen": ("DRV_EBUSY", "start screen: it is Running; kill screen restarts it"),
    "log serial --level loud": ("DRV_EINVAL", "log: loud is no level; --level error, warn, info or debug"),
    "log nobody": ("DRV_ENOENT", "log nobody: there is no driver of that name"),
    "policy seral": ("DRV_ENOENT", "policy seral: .* did you mean serial"),
    "restart waits": ("DRV_EBUSY", "restart waits: it is Waiting: it requires nobody"),
    "manifest": ("DRV_EINVAL", "manifest: the name of a driver is missing"),
    "caps gone": ("DRV_ENOENT", "caps gone: there is no driver of that name"),
}


def archive(build_dir, path):
    make_archive(build_dir, path, {
        "liar": {"image": "liar.elf", "restart": "on-failure"},
        "sick": {"image": "hostile.elf", "restart": "never"},
        "bad": {"restart": "mabye \u00e9"},
        "waits": {"requires": ["nobody"]}})


def validator():
    """Of the answer to a verb, and of a manifest; where python3-jsonschema is missing nothing is
    checked but that it is JSON."""
    try:
        import jsonschema
    except ImportError:
        return lambda verb, value: None, lambda value: None
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def check(verb, value):
        schema = {"$ref": f"#/$defs/answer.{verb}", "$defs": SCHEMA["$defs"]}
        jsonschema.Draft202012Validator(schema).validate(value)

    manifests = json.loads((ROOT / "abi/drv.schema.json").read_text(encoding="utf-8"))
    return check, jsonschema.Draft202012Validator(manifests).validate


def text(vm, command):
    """The lines of an answer as text, up to the next prompt; log lines are not among them."""
    vm.command(command)
    vm.expect(re.escape(command) + r"\n")
    lines = []
    while True:
        line = vm.expect(r"^(?!castellan>)(?!drvmgr: )(?!\w+: runs)( *\S.*)\n|castellan> ", command)[1]
        if not line:
            vm.type("\n")
            return lines
        lines.append(line.rstrip())


class Session:
    """Asks in JSON, checks what comes, and remembers which verbs were asked."""

    def __init__(self, vm):
        self.vm, self.asked = vm, set()
        self.check, self.check_manifest = validator()

    def ask(self, command):
        value = ask(self.vm, command)
        verb = command.split()[0]
        self.check(verb, value)
        self.asked.add(verb)
        return value


def expect_lists(vm, session):
    rows = session.ask("ps")
    assert {row["name"]: (row["state"], row["generation"], row["restarts"]) for row in rows} == ps(vm)
    named = {row["name"]: row for row in rows}
    assert named["waits"]["why"] == "requires nobody, which nobody provides", named
    assert "\u00c3\u00a9" in named["bad.drv.json"]["why"] or "mabye" in named["bad.drv.json"]["why"]
    assert isinstance(named["serial"]["heartbeat"], int) and named["waits"]["heartbeat"] is None
    verbs = session.ask("help")
    shown = text(vm, "help")
    assert [line.split()[0] for line in shown] == [row["verb"] for row in verbs]
    assert text(vm, "help kill") == [next(line for line in shown if line.startswith("kill")),
                                     next(row["more"] for row in verbs if row["verb"] == "kill")]
    assert [row["verb"] for row in session.ask("help kill")] == ["kill"]
    counters = {row["name"]: row["value"] for row in session.ask("audit")}
    seen = audit(vm)
    assert {name: seen[name] for name in seen if name.startswith("caps.")} == \
        {name: counters[name] for name in seen if name.startswith("caps.")}
    assert [row["text"] for row in session.ask("caps serial")] == text(vm, "caps serial")
    assert session.ask("caps waits") == [] and text(vm, "caps waits") == ["waits holds no capabilities"]
    rows = session.ask("stats serial")
    assert [row["name"] for row in rows] == [line.split()[1] for line in text(vm, "stats serial")]
    assert {row["error"] for row in rows if row["name"] == "last_error"} == {"DRV_OK"}
    logged = session.ask("log init --level error")
    assert logged == [], logged
    logged = [row for row in session.ask("log serial") if row["text"].startswith("Initialising")]
    assert [row["source"] for row in logged] == ["drvmgr"] and logged[0]["driver"] == "serial", logged
    return [row["verb"] for row in verbs]


def expect_objects(vm, session):
    health = session.ask("health serial")
    assert health["state"] == "Running" and health["says_health"] == "DRV_OK", health
    assert health["verdict"] == "does its work" and health["silence"] == 750, health
    assert session.ask("health waits")["says_turns"] is None
    version = session.ask("version serial")
    assert re.fullmatch(r"[0-9a-f]{40}", version["build_id"]) and version["abi"] > 0, version
    assert session.ask("version bad.drv.json")["abi"] is None
    why = session.ask("why serial")
    assert why["generation"] is None and why["kind"] is None and why["backtrace"] == [], why
    session.ask("kill screen")
    expect_step(vm, "screen", "Running")
    why = session.ask("why screen")
    assert (why["kind"], why["generation"], why["decided"]) == ("killed", 1, "restart"), why
    assert text(vm, "why screen")[0].startswith("why: generation 1 was killed by the operator in Running")
    for _ in range(7):  # of which it dies
        answer = session.ask("stats liar")
    assert answer["error"] in ("DRV_EGONE", "DRV_ENOENT"), answer
    expect_step(vm, "liar", "Running")
    why = session.ask("why liar")
    assert (why["kind"], why["error"], why["restart"]) == ("invalid-instruction", "DRV_EFAULT", 1), why
    assert why["cause"] == "invalid instruction" and why["address"] == why["backtrace"][0]["address"]
    dump = {row["name"]: row["value"] for row in session.ask("dump liar")}
    assert dump["eip"] == why["address"] and dump["cause"] == why["cause"], dump
    assert text(vm, "dump serial") == ["serial has not died"]


def expect_more(vm, session):
    rows = {row["name"]: row for row in session.ask("top")}
    assert set(rows) == set(ps(vm)), rows
    assert rows["serial"]["memory"] > 65536 and rows["serial"]["cpu"] >= 0, rows
    assert rows["waits"]["cpu"] is None and rows["liar"]["restart"] is not None, rows
    lines = text(vm, "top")
    assert lines[0].split() == ["NAME", "STATE", "CPU%", "MEMORY", "IRQ/S", "MSG/S", "WORK/S", "RESTART"]
    assert [line.split()[0] for line in lines[1:]] == list(rows), lines
    tree = {row["name"]: row for row in session.ask("tree")}
    assert "serial" in tree["console"]["uses"] and tree["waits"]["requires"] == ["nobody"], tree
    for user in ("uses", "requires"):  # and the other way round
        for row in tree.values():
            named = [other for other in tree.values() if {other["name"], *other["provides"]} & {*row[user]}]
            assert all(row["name"] in other["used_by"] for other in named), (row, named)
    assert "console" in tree["screen"]["used_by"] and tree["console"]["used_by"] == [], tree
    lines = text(vm, "tree")
    assert any(line.startswith("console ") and "uses serial" in line for line in lines), lines
    assert any(line.startswith("serial ") and "used by console" in line for line in lines), lines
    policy = session.ask("policy liar")
    assert policy["policy"] == "on-failure" and policy["failures"] == 1 and not policy["essential"], policy
    lines = text(vm, "policy liar")
    shown = [tuple(map(int, re.findall(r"\d+", line))) for line in lines if line.startswith("  restart ")]
    assert [row[:2] for row in shown] == [(row["restart"], row["delay"]) for row in policy["retries"]], lines
    assert len(shown) == policy["burst"] - 1 and lines[-1] == "  then quarantined", lines
    explain = session.ask("explain console")
    assert explain["state"] == "Running" and explain["advice"] is None, explain
    shares = [row["percent"] for row in explain["near"]]
    assert shares == sorted(shares, reverse=True) and len(shares) >= 5, explain
    assert session.ask("explain waits")["why"] == "requires nobody, which nobody provides"
    assert text(vm, "explain waits")[0] == "explain: waits is Waiting: it requires nobody, which nobody provides"
    lines = session.ask("log liar")
    assert any(row["level"] == "error" and row["source"] == "drvmgr" for row in lines), lines
    assert all(row["driver"] in ("liar", None) for row in lines), lines
    assert [row["time"] for row in lines] == sorted(row["time"] for row in lines)
    assert {row["level"] for row in session.ask("log --level error")} == {"error"}
    assert re.match(r" *\d+\.\d{3} error drvmgr: liar: failed in Running", text(vm, "log liar --level error")[0])


def expect_manifests(vm, session):
    for name, fields in RELEASE_DRIVERS.items():
        found = session.ask(f"manifest {name}")
        assert found["name"] == name and found["image"] == fields["image"], found
        assert found["x-priority"] > 20 and "priority" not in found
        assert "x-cpu" in found and "cpu" not in found
        assert [entry["line"] for entry in found["caps"]["irq"]] == \
            [entry["line"] if isinstance(entry, dict) else entry for entry in fields["caps"]["irq"]] \
            if "irq" in fields.get("caps", {}) else found["caps"]["irq"] == []
        session.check_manifest(found)
    assert json.loads("".join(text(vm, "manifest waits"))) == session.ask("manifest waits")
    assert session.ask("manifest bad.drv.json")["error"] == "DRV_EFORMAT"


def expect_changes(vm, session):
    def done(command, state):
        verb, name = command.split()
        assert session.ask(command) == {"verb": verb, "name": name, "done": True, "note": None}
        expect_step(vm, name, state)

    done("stop screen", "Stopped")
    done("start screen", "Running")
    done("quiesce screen", "Quiesced")
    done("reset screen", "Running")
    done("restart screen", "Running")
    assert ask(vm, "clear screen")["error"] == "DRV_EBUSY"
    expect_cleared(vm, session)
    assert session.ask("hold screen")["done"] and session.ask("release screen")["done"]
    assert "init starts it again" in session.ask("kill drvmgr")["note"]
    vm.expect(r"drvmgr: \d+ drivers are as they were")


def expect_cleared(vm, session):
    """One that failed too often is Quarantined, and clear ends that; restart does not."""
    while ps(vm)["sick"][0] != "Quarantined":
        pass
    assert ask(vm, "restart sick")["error"] == "DRV_EBUSY"
    assert session.ask("clear sick")["done"]
    expect_step(vm, "sick", "Loaded", "Quarantined")


def expect_refusals(vm, session):
    for command, (error, why) in WRONG.items():
        answer = ask(vm, command)
        session.check("ps", answer)
        assert answer["error"] == error and re.match(why, answer["text"]), answer
        assert text(vm, command) == [answer["text"]], command


def test(vm):
    expect_running(vm, "ps2kbd", "serial", "screen", "console", "liar")
    session = Session(vm)
    verbs = expect_lists(vm, session)
    expect_objects(vm, session)
    expect_more(vm, session)
    expect_manifests(vm, session)
    expect_changes(vm, session)
    expect_refusals(vm, session)
    missing = set(verbs) - session.asked - {"check", "load", "replace", "unload", "reboot"}
    assert not missing, f"nobody asked {missing}"
    assert ps(vm)["serial"] == FRESH
    vm.reboot()
