#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""How tests are registered: `test_suite.py BUILD_DIR` reads what ctest would run."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEEDS = {"unit": "tests", "qemu": "image", "bochs": "image"}  # the fixture, by label
NEED_NOTHING = {"unit.cases", "unit.bench-bounds", "unit.bench-goals", "unit.mutants-apply", "unit.timeline",
                "qemu.harness"}
build_directory = ROOT / "build/debug"


def properties(test):
    return {entry["name"]: entry["value"] for entry in test["properties"]}


class SuiteTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shown = subprocess.run(["ctest", "--test-dir", build_directory, "--show-only=json-v1"],
                               capture_output=True, text=True, check=True).stdout
        cls.tests = {test["name"]: properties(test) | {"command": test.get("command", [])}
                     for test in json.loads(shown)["tests"]}
        cls.presets = json.loads((ROOT / "CMakePresets.json").read_text())
        cache = (pathlib.Path(build_directory) / "CMakeCache.txt").read_text()
        cls.image = cache.split("CASTELLAN_IMAGE_DIR:PATH=")[1].splitlines()[0]

    def labelled(self, label):
        return {name: test for name, test in self.tests.items() if label in test.get("LABELS", [])}

    def test_what_a_test_runs_is_built_before_it(self):
        for label, fixture in NEEDS.items():
            found = self.labelled(label)
            self.assertGreater(len(found), 3, label)
            for name, test in found.items():
                if name not in NEED_NOTHING:
                    self.assertIn(fixture, test.get("FIXTURES_REQUIRED", []), name)
        for fixture in NEEDS.values():
            setting_up = [name for name, test in self.tests.items()
                          if fixture in test.get("FIXTURES_SETUP", [])]
            self.assertEqual(setting_up, [f"build.{fixture}"])

    def test_all_emulator_tests_boot_the_same_image(self):
        for name, test in {**self.labelled("qemu"), **self.labelled("bochs")}.items():
            if name not in NEED_NOTHING:
                self.assertIn(self.image, test["command"], name)

    def test_each_preset_names_the_release_of_its_compiler(self):
        names = {preset["name"]: preset.get("cacheVariables", {}) for preset in
                 self.presets["configurePresets"] if not preset.get("hidden")}
        self.assertEqual(set(names), {"debug", "release", "debug-clang", "release-clang"})
        for name, variables in names.items():
            if name.startswith("debug"):
                release = name.replace("debug", "release")
                self.assertEqual(variables["CASTELLAN_IMAGE_DIR"], "${sourceDir}/build/" + release)
            else:
                self.assertNotIn("CASTELLAN_IMAGE_DIR", variables)

    def test_no_preset_says_how_many_tests_run_at_once(self):
        for preset in self.presets["testPresets"] + self.presets["buildPresets"]:
            self.assertNotIn("jobs", preset.get("execution", {}) | preset, preset["name"])

    def test_each_program_tells_of_each_case_once(self):
        for path in (ROOT / "test/unit").rglob("*.c"):
            names = re.findall(r"cmocka_unit_test\w*\(\s*(\w+)", path.read_text())
            self.assertEqual(sorted(names), sorted(set(names)), path)
        for folder in ("test", "tools", "servers"):
            for path in (ROOT / folder).rglob("*.py"):
                for told in re.findall(r"(?m)^ *unittest\.main\((.*)\)", path.read_text()):
                    self.assertIn("verbosity=2", told, path)

    def test_forge_and_container_run_what_a_contributor_runs(self):
        script = (ROOT / ".ci/run").read_text()
        for step in ("setup ./castellan setup", "gcc ./castellan test"):
            self.assertIn(f"stage {step}\n", script)
        container = (ROOT / "Containerfile").read_text()
        self.assertEqual(re.findall(r"(?m)^(?:FROM|CMD) (.*)$", container), ["debian:12", '[".ci/run"]'])
        self.assertIn("RUN /setup/castellan setup\n", container)
        forge = (ROOT / ".github/workflows/ci.yml").read_text()
        self.assertIn("container: debian:12\n", forge)
        self.assertEqual([run for run in re.findall(r"(?m)- run: (.*)$", forge)
                          if not run.startswith("apt-get")], [".ci/run"])


if __name__ == "__main__":
    build_directory = sys.argv.pop(1)
    unittest.main(verbosity=2)
