"""The page where one watches a network sleep, as scripts/watch made it: its engine against the
program, and the page in Chromium."""

import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from integration import safetensors_files
from pages.looking import REPOSITORY, node

BUILT = REPOSITORY / "build" / "watch"
MODEL = BUILT / "data" / "model.safetensors"


def digest(model):
    """SHA-256 of all weights of a model file, from the input to the output."""
    arrays, _ = safetensors_files.read(model)
    return hashlib.sha256(b"".join(arrays[name].tobytes() for name in sorted(arrays))).hexdigest()


class EngineTest(unittest.TestCase):
    def sleep(self, seed, settings):
        """What the program makes of the same network: its weights' digest, its result."""
        with tempfile.TemporaryDirectory() as folder:
            slept = pathlib.Path(folder) / "slept.safetensors"
            chosen = [part for setting in settings for part in ("--set", setting)]
            done = subprocess.run(
                [os.environ["HYPNOS"], "sleep", MODEL, "--params",
                 REPOSITORY / "web" / "engine" / "parameters.toml", "--seed", str(seed), *chosen,
                 "-o", slept, "--json"], capture_output=True, text=True, check=True)
            return digest(slept), json.loads(done.stdout)

    def test_same_bytes_as_the_program(self):
        for seed, settings in [
            (1, []), (4_000_000_000, []), (2, ["steps=3000"]), (3, ["increment=0.002"]),
            (4, ["max_rate=900.0", "decrement=0.0001"]), (5, ["steps=1"]),
            (6, ["target_rate=[0.2, 0.3]", "rule='sigmoid'"]),
        ]:
            with self.subTest(seed=seed, settings=settings):
                found = node("watch.mjs", BUILT, seed, *settings)
                weights, report = self.sleep(seed, settings)
                self.assertEqual(found["before"], digest(MODEL))
                self.assertEqual(found["after"], weights)
                self.assertEqual(found["steps"], report["steps"])
                self.assertEqual(found["spikes"], sum(l["spikes"] for l in report["layers"]))

    def test_accuracy_is_that_of_the_program(self):
        found = node("watch.mjs", BUILT, 1)
        for model, accuracy in [(MODEL, found["accuracies"][0]),
                                (BUILT / "data" / "slept.safetensors", found["accuracies"][-1])]:
            done = subprocess.run([os.environ["HYPNOS"], "eval", model, "--json"],
                                  capture_output=True, text=True, check=True)
            self.assertEqual(json.loads(done.stdout)["accuracy"], accuracy)

    def test_what_cannot_be(self):
        self.assertIn("steps", node("watch.mjs", BUILT, 1, "steps=-1")["error"])
        self.assertIn("wrong", node("watch.mjs", BUILT, 1, "wrong=1")["error"])


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seen = node("look_watch.mjs", BUILT / "page" / "watch.html")

    def test_nothing_goes_wrong(self):
        self.assertEqual(self.seen["errors"], [])
        self.assertEqual(self.seen["requests"], [], "it needs nothing from the network")

    def test_it_sleeps(self):
        for view in ("desktop", "phone", "dark"):
            seen = self.seen[view]
            self.assertEqual(seen["before"], "Right: 20.7% of 300 test images before sleep.")
            self.assertTrue(seen["after"].startswith("Step 1,231 of 1,231: 53.7% right, +33.0"),
                            seen["after"])
            self.assertTrue(all(colors > 5 for colors in seen["colors"]), "all is drawn")

    def test_one_can_go_back_and_change_it(self):
        desktop = self.seen["desktop"]
        self.assertTrue(desktop["back"].startswith("Step 389 of 1,231"), desktop["back"])
        self.assertTrue(desktop["shorter"].startswith("Step 616 of 616"), desktop["shorter"])
        self.assertEqual(desktop["reset"], desktop["before"])

    def test_everyone_can_use_it(self):
        for view in ("desktop", "phone", "dark"):
            self.assertEqual(self.seen[view]["violations"], [], "of axe-core's rules")
            self.assertEqual(self.seen[view]["overflow"], 0)

    def test_its_data_stay_small(self):
        data = json.loads((BUILT / "data" / "data.json").read_text())
        stored = sum(len(data[key]) * 3 / 4 for key in ("weights", "mean", "images"))
        self.assertLess(stored, 1e6)
