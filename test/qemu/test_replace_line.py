# SPDX-License-Identifier: BSD-2-Clause
"""`./castellan drvctl replace`, end to end: a good image, one that comes back, and all that is refused, as
text and as JSON, with the exit codes. What is refused changes nothing."""
import hashlib
import json

import loading
import operating
from guest import expect_running
from operating import FILES, called, drvctl, rows

QEMU = operating.QEMU
LIMIT = 90
COST = 5
QUICK = {"policy": "on-failure", "reset_ms": 300}
SLOW = {"policy": "on-failure", "reset_ms": 3600000}
UNDER_WAY = "a replacement is under way: of guest; wait until that is confirmed or returned"


def write(name, **fields):
    """A manifest's file."""
    path = FILES / f"{name}.drv.json"
    path.write_bytes(loading.text(name, **fields))
    return path


def refused(error, said, *words):
    code, text, complaint = called(*words)
    assert code == 1 and not complaint and text.endswith(f"replace {words[1]}: {error}\n"), (text, complaint)
    assert said in text, text
    return text


def refused_twice(error, said, *words):
    """As text and as JSON."""
    text = refused(error, said, *words)
    code, answer, complaint = drvctl("--json", *words)
    assert code == 1 and not complaint, complaint
    assert json.loads(answer) == {"error": error, "text": text.rstrip("\n")}, (answer, text)


def used_wrongly(said, *words):
    code, text, complaint = called(*words)
    assert code == 2 and not text and said in complaint, (code, text, complaint)
    code, text, complaint = called("--json", *words)
    answer = json.loads(text)
    assert code == 2 and answer["error"] == "DRV_EINVAL" and said in answer["text"] and said in complaint, text


def expect_good(vm, image):
    """Without a manifest that in force stays, but for what it says of another image's bytes."""
    digest = hashlib.sha256(image.read_bytes()).hexdigest()
    assert called("load", image, write("guest", restart=QUICK, sha256=digest))[0] == 0
    vm.expect("drvmgr: guest: Initialising -> Running")
    other = FILES / "other.elf"
    other.write_bytes(image.read_bytes() + b"\0")
    assert drvctl("replace", "guest", other) == (0, "replace guest: done\n", "")
    vm.expect("drvmgr: guest: is confirmed")
    text = called("manifest", "guest")[1]
    assert json.loads(text)["restart"]["reset_ms"] == QUICK["reset_ms"] and "sha256" not in text, text
    code, text, complaint = called("--json", "replace", "guest", image, write("guest", restart=QUICK))
    assert code == 0 and not complaint, complaint
    assert json.loads(text) == {"verb": "replace", "name": "guest", "done": True, "note": None}, text
    vm.expect("drvmgr: guest: is confirmed")
    assert rows()["guest"]["generation"] == 3, rows()["guest"]


def expect_return(vm, image):
    """It is accepted, crashes, and the one before it is back; its death is told."""
    assert called("load", image, write("crash-run-2-2", restart=QUICK))[0] == 0
    vm.expect("drvmgr: crash-run-2-2: Initialising -> Running")
    assert called("replace", "crash-run-2-2", image) == (0, "replace crash-run-2-2: done\n", "")
    vm.expect("drvmgr: crash-run-2-2: failed on probation: the image before it is back")
    vm.expect("drvmgr: crash-run-2-2: Initialising -> Running")
    row = rows()["crash-run-2-2"]
    assert (row["state"], row["generation"]) == ("Running", 3), row
    why = json.loads(called("--json", "why", "crash-run-2-2")[1])
    assert why["generation"] == 2 and why["decided"] == "return" and why["function"] == "act", why
    code, text, _ = called("explain", "crash-run-2-2")
    assert code == 0 and "failed on probation" in text, text


def expect_refusals(vm, slow, image):
    guest = write("guest", restart=QUICK)
    before = rows()
    refused("DRV_ENOENT", "", "replace", "nobody", image, guest)
    refused_twice("DRV_ENOENT", "nobody: there is no driver of that name", "replace", "nobody", image)
    refused("DRV_EINVAL", "other", "replace", "guest", image, write("other"))
    refused("DRV_EFORMAT", "", "replace", "guest", guest, guest)
    refused_twice("DRV_EFORMAT", "SHA-256", "replace", "guest", image, write("guest", sha256="0" * 64))
    refused("DRV_EEXIST", "it claims more than the image in force does", "replace", "guest", image,
            write("guest", caps={"pio": [{"start": "0x3f8", "end": "0x3ff"}]}))
    refused("DRV_EBUSY", 'requires: "nobody" does not run', "replace", "guest", image,
            write("guest", requires=["nobody"]))
    assert called("stop", "guest")[0] == 0
    vm.expect("drvmgr: guest: Stopping -> Stopped")
    refused("DRV_EBUSY", "guest is Stopped, and only a driver that is Running is replaced",
            "replace", "guest", image, guest)
    assert called("start", "guest")[0] == 0
    vm.expect("drvmgr: guest: Initialising -> Running")
    assert called("replace", "guest", slow, write("guest", restart=SLOW))[0] == 0
    vm.expect("drvmgr: guest: Initialising -> Running")
    refused("DRV_EBUSY", UNDER_WAY, "replace", "guest", image)
    refused("DRV_EBUSY", UNDER_WAY, "replace", "screen", image)
    code, text, _ = called("explain", "guest")
    assert code == 0 and "on probation for" in text, text
    (FILES / "empty").write_bytes(b"")
    (FILES / "large").write_bytes(bytes((2 << 20) + 1))
    used_wrongly("type replace NAME FILE.elf [FILE.drv.json]", "replace", "guest")
    used_wrongly("type replace NAME FILE.elf [FILE.drv.json]", "replace", "guest", image, guest, "more")
    used_wrongly("No such file or directory", "replace", "guest", FILES / "nothing")
    used_wrongly("No such file or directory", "replace", "guest", image, FILES / "nothing.drv.json")
    used_wrongly("Is a directory", "replace", "guest", FILES)
    used_wrongly("the image has 0 bytes", "replace", "guest", FILES / "empty")
    used_wrongly("the image has 2097153 bytes", "replace", "guest", FILES / "large")
    used_wrongly("the manifest has 0 bytes", "replace", "guest", image, FILES / "empty")
    used_wrongly("is no name of a driver", "replace", "No-Name", image)
    after = rows()
    assert {name: row["state"] for name, row in after.items()} == {name: "Running" for name in before}, after
    assert all(after[name]["generation"] == before[name]["generation"] for name in before if name != "guest"), after


def test(vm):
    expect_running(vm, "console", "serial2", "line")
    image = FILES / "guest.elf"
    small = FILES / "small.elf"  # what is sent is sent in vain
    images = loading.images(vm.image.parent)
    image.write_bytes(images["actor.elf"])
    small.write_bytes(images["hog.elf"])
    expect_good(vm, image)
    expect_return(vm, image)
    expect_refusals(vm, image, small)
    vm.type("replace guest guest.elf\n")
    vm.expect("replace: that is for drvctl on another machine")
    vm.quit()
