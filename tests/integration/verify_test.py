"""Results that are run again: those of a small study, and three cheap trials of each committed one."""

import json
import os
import pathlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor

from integration.program import call, has_mnist
from integration.study_case import StudyCase

RESULTS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "results"


class VerifyTest(StudyCase):
    def test_committed_results_are_found_again(self):
        chosen = {file: self.trials_for_here(file) for file in sorted(RESULTS.glob("*.results.json"))}
        self.assertGreater(len(chosen), 0)
        without = [file.name for file, trials in chosen.items() if not trials]
        if without:
            print(f"not verified without MNIST: {', '.join(without)}", file=sys.stderr)
        files = [file for file in chosen if chosen[file]]
        self.assertGreaterEqual(len(files), len(chosen) / 2)
        # Each of the processes uses one core.
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            for file, found in zip(files, pool.map(self.verify_three, files)):
                with self.subTest(file.name):
                    self.assertLess(file.stat().st_size, 2_000_000)
                    self.assertEqual((found["verified"], found["equal"]), (3, 3), found)

    def trials_for_here(self, file):
        """Those whose data are at hand; they are put into the test's folder."""
        results = json.loads(file.read_text())
        if not has_mnist():
            results["trials"] = [trial for trial in results["trials"]
                                 if trial["configuration"]["data"] == "fashion-mnist"]
        (self.folder / file.name).write_text(json.dumps(results))
        return results["trials"]

    def verify_three(self, file):
        return self.run_json("verify", self.folder / file.name, "--trials", 3, "--cheapest")

    def test_results_are_verified(self):
        small = ["--set", "per_class=20", "--set", "seeds=2"]
        self.study("r", *small)
        exported = self.run_well("results", self.folder / "r", "--json", "--brief").stdout
        (self.folder / "r.json").write_text(exported)
        for results in ("r", "r.json"):
            done = self.run_well("verify", self.folder / results, "--all").stdout
            self.assertEqual(len(re.findall("^equal ", done, re.MULTILINE)), 4)
            self.assertTrue(done.endswith("4 of 4 equal to the last bit\n"), done)
        drawn = self.run_json("verify", self.folder / "r.json", "--trials", 2, "--seed", 3)
        self.assertEqual((drawn["verified"], drawn["equal"]), (2, 2))
        # One digit of one trial.
        changed = json.loads(exported)
        trial = changed["trials"][2]
        trial["measurements"]["after_sleep"]["confusion"][1][2] += 1
        (self.folder / "r.json").write_text(json.dumps(changed))
        done = call("verify", self.folder / "r.json", "--all")
        self.assertEqual(done.returncode, 1)
        self.assertIn("3 of 4 equal to the last bit\n", done.stdout)
        self.assertIn("measurements.after_sleep.confusion[1][2]: ", done.stdout)
        self.assertNotIn("version", done.stdout)
        self.assertEqual(done.stderr, "")
        # Numbers that have changed since are no surprise.
        trial["numbers"] = 0
        (self.folder / "r.json").write_text(json.dumps(changed))
        done = call("verify", self.folder / "r.json", "--all")
        self.assertEqual(done.returncode, 1)
        self.assertIn("They are of version 0 of the program's numbers, and this is ", done.stdout)
        trial["numbers"] = 99
        (self.folder / "r.json").write_text(json.dumps(changed))
        self.assertIn("a newer Hypnos", call("verify", self.folder / "r.json", "--all").stdout)
        self.assert_refused("do not belong together", "verify", self.write_seed(changed))
        # Those that cannot be run here say so.
        (self.folder / "r.json").write_text(exported)
        (self.folder / "data").rename(self.folder / "elsewhere")
        done = call("verify", self.folder / "r.json", "--all", "--json")
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        found = json.loads(done.stdout)
        self.assertEqual((found["verified"], found["equal"], found["refused"]), (0, 0, 4))
        done = call("verify", self.folder / "r.json", "--all")
        self.assertIn("0 of 4 equal to the last bit; 4 cannot be run here", done.stdout)
        (self.folder / "elsewhere").rename(self.folder / "data")
        # Some cannot be run, and one differs.
        (self.folder / "data").rename(self.folder / "other")
        self.study("s", *small, "--set", "data=other")
        mixed = json.loads(self.run_well("results", self.folder / "s", "--json", "--brief").stdout)
        mixed["trials"][0]["measurements"]["before"]["accuracy"] += 0.25
        mixed["trials"] += json.loads(exported)["trials"]
        (self.folder / "r.json").write_text(json.dumps(mixed))
        done = call("verify", self.folder / "r.json", "--all")
        self.assertEqual(done.returncode, 1)
        self.assertIn("3 of 8 equal to the last bit; 4 cannot be run here", done.stdout)
        self.assert_refused("neither a results database nor", "verify", self.plan)
        self.assert_refused("there is no", "verify", self.folder / "nothing.json")

    def write_seed(self, results):
        results["trials"][0]["configuration"]["seed"] += 1
        file = self.folder / "seed.json"
        file.write_text(json.dumps(results))
        return file
