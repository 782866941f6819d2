"""hypnos tune and the guard, on Fashion-MNIST and small networks."""

import json
import pathlib
import shutil
import signal
import subprocess
import time
import tomllib
import unittest

from integration.program import PROGRAM, ProgramTest, call

FASHION_MNIST = pathlib.Path("/usr/share/datasets/fashion-mnist")
SEARCH = ["--seeds", "11,12", "--noise-seeds", 1, "--max-steps", 1000, "--samples", 100]


class TuneTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.model = self.train(epochs=5)
        self.found = self.folder / "found.toml"

    def tune(self, *options, budget=60):
        return self.run_json("tune", self.model, "--on", "train", *SEARCH, "--budget", budget,
                             "-o", self.found, *options)

    def test_finds_parameters_that_sleep_takes(self):
        done = self.tune()
        self.assertEqual(len(done["networks_after"]), 2)
        record = tomllib.loads(self.found.read_text())
        self.assertEqual(record["tuned"]["objective"], "accuracy")
        self.assertIn("hypnos tune", record["tuned"]["command"])
        configuration = json.loads(record["tuned"]["configuration"])
        self.assertEqual(configuration["seeds"], [11, 12])
        self.assertEqual(configuration["budget"], 60)
        self.assertAlmostEqual(record["tuned"]["after"], done["after"], places=4)
        self.assertFalse(pathlib.Path(f"{self.found}.search").exists())
        slept = self.folder / "slept"
        result = self.run_json("sleep", self.model, "--params", self.found, "-o", slept)
        self.assertEqual(result["steps"], record["steps"])
        self.assertEqual(len(result["threshold"]), 3)

    def test_every_way_to_judge(self):
        for options in (["--on", "holdout"], ["--on", "folds", "--folds", 3],
                        ["--on", "rest"], ["--on", "rest", "--seeds", "5,6"],
                        ["--objective", "cross-entropy"], ["--objective", "balanced-accuracy"],
                        ["--objective", "0.5*macro-f1+0.5*recall:3,5"],
                        ["--objective", "roc-area", "--distort", "clean,blur=1,fgsm=0.05"],
                        ["--firing", "threshold"], ["--search", "random"]):
            with self.subTest(options):
                on = [] if "--on" in options else ["--on", "train"]
                self.run_well("tune", self.model, *on, *options, "--noise-seeds", 1,
                              "--max-steps", 500, "--budget", 30, "-o", self.found)

    def test_what_cannot_be_is_refused_before_networks_are_trained(self):
        endless = ["--on", "folds", "--epochs", 10**6]
        for options, words in ((["--set", "patch=99"], "patch = 0 takes the whole input"),
                               (["--budget", 30], "at least 100 sleeps")):
            with self.subTest(options):
                self.assert_refused(words, "tune", self.model, *endless, *options, "-o", self.found)

    def test_an_interrupted_search_goes_on(self):
        self.tune(budget=2000)
        whole = tomllib.loads(self.found.read_text())
        self.found.unlink()
        command = [PROGRAM, "tune", self.model, "--on", "train", *SEARCH, "--budget", 2000,
                   "-o", self.found]
        for signal_number, status in ((signal.SIGKILL, -9), (signal.SIGINT, 130)):
            process = subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL)
            journal = pathlib.Path(f"{self.found}.search")
            lines = self.lines(journal)
            while self.lines(journal) < lines + 20:
                time.sleep(0.01)
                self.assertIsNone(process.poll())
            process.send_signal(signal_number)
            self.assertEqual(process.wait(), status)
            self.assertTrue(journal.exists())
        self.assertTrue(self.found.exists())  # the best so far, after Ctrl-C
        self.assert_refused("left from another search", "tune", self.model, "--on", "train",
                            *SEARCH, "--budget", 1000, "-o", self.found)
        self.tune(budget=2000)
        again = tomllib.loads(self.found.read_text())
        for record in (whole, again):
            del record["tuned"]["seconds"]
            record["tuned"]["command"] = ""
        self.assertEqual(again, whole)

    @staticmethod
    def lines(path):
        return path.read_text().count("\n") if path.exists() else 0

    def test_test_labels_are_never_read(self):
        data = self.folder / "data"
        data.mkdir()
        for half in ("train", "t10k"):
            for kind in ("images-idx3", "labels-idx1"):
                shutil.copy(next(FASHION_MNIST.rglob(f"{half}-{kind}-ubyte*")), data)
        model = self.folder / "model"
        self.run_well("train", "--data", data, "--per-class", 10, "--hidden", "30", "--epochs", 3,
                      "-o", model)
        results = []
        for attempt in range(3):
            self.run_well("tune", model, "--on", "folds", "--folds", 2, "--noise-seeds", 1,
                          "--max-steps", 500, "--budget", 30, "-o", self.found)
            record = tomllib.loads(self.found.read_text())
            del record["tuned"]["seconds"]
            results.append(record)
            guarded = self.folder / "guarded"
            results[-1]["guard"] = self.run_json("sleep", model, "--params", self.found, "--guard",
                                                 "folds", "--folds", 2, "-o", guarded)["guard"]
            # Other labels, then no test half at all: the results stay the same.
            if attempt == 0:
                next(data.glob("t10k-labels*")).unlink()
                (data / "t10k-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01\0\0\x27\x10" + bytes(10000))
            else:
                for file in data.glob("t10k*"):
                    file.unlink()
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0], results[2])

    def test_needs_to_know_how_the_model_was_trained(self):
        foreign = self.folder / "foreign"
        shutil.copy(self.model, foreign)
        content = foreign.read_bytes()
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8:8 + length])
        header["__metadata__"].pop("hypnos.recipe")
        text = json.dumps(header).encode()
        foreign.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length:])
        self.assert_refused("does not say how it was trained", "tune", foreign, "--data",
                            "fashion-mnist", "--per-class", 10, "-o", self.found)
        self.run_well("tune", foreign, "--data", "fashion-mnist", "--per-class", 10, "--on",
                      "train", "--budget", 30, "--max-steps", 300, "-o", self.found)

    def test_does_not_set_what_it_searches(self):
        for setting in ("max_rate=10", "steps=5", "target_rate=[0.1,0.1,0.1]"):
            with self.subTest(setting):
                self.assert_refused("is found by the search", "tune", self.model, "--on", "train",
                                    "--set", setting, "-o", self.found)
        self.run_well("tune", self.model, "--on", "train", "--set", "patch=7", "--noise-seeds", 1,
                      "--budget", 10, "--max-steps", 100, "-o", self.found)
        self.assertEqual(tomllib.loads(self.found.read_text())["patch"], 7)

    def test_refuses_a_seed_named_twice(self):
        self.assert_refused("names one twice", "tune", self.model, "--on", "train", "--seeds", "1,1",
                            "-o", self.found)

    def test_needs_the_model_as_it_was_trained(self):
        changed = self.folder / "changed"
        self.run_well("finetune", self.model, "--epochs", 1, "-o", changed)
        for options in (["--on", "folds"], ["--on", "train", "--seeds", "1,2"]):
            with self.subTest(options):
                self.assert_refused('no longer as it was trained (stage "finetune")', "tune",
                                    changed, *options, "-o", self.found)
        self.run_well("tune", changed, "--on", "rest", "--noise-seeds", 1, "--budget", 10,
                      "--max-steps", 100, "-o", self.found)


class GuardTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.model = self.train("model", "--protocol", "modern", epochs=20)
        self.slept = self.folder / "slept"

    def write_parameters(self, increment, decrement, rule="tadros2022", rates="[0.01, 0.01, 0.001]"):
        path = self.folder / "parameters.toml"
        path.write_text(f"steps = 500\nrule = '{rule}'\nmax_rate = 200.0\nincrement = {increment}\n"
                        f"decrement = {decrement}\ntarget_rate = {rates}\n")
        return path

    def write_harmful_parameters(self):
        # Units that fire lose all their weights, and soon all have fired.
        return self.write_parameters(0, 5, "hebbian", "[0.2, 0.1, 0.05]")

    def test_keeps_the_network_when_sleep_does_not_help(self):
        parameters = self.write_harmful_parameters()
        for options in (["--guard", "folds", "--folds", 3], ["--guard", "holdout"],
                        ["--guard", "holdout", "--holdout", "fashion-mnist"]):
            with self.subTest(options):
                done = self.run_json("sleep", self.model, "--params", parameters, *options,
                                     "-o", self.slept)
                self.assertFalse(done["guard"]["helps"])
                self.assertLessEqual(done["guard"]["low"], 0)
                self.assertEqual(done["steps"], 0)
                before, after = (self.run_json("eval", path) for path in (self.model, self.slept))
                self.assertEqual(before["confusion"], after["confusion"])

    def test_needs_the_model_as_it_was_trained(self):
        parameters = self.write_parameters(0.0001, 0.0001)
        sleep = ["sleep", self.model, "--params", parameters, "-o", self.slept]
        self.run_well(*sleep)
        again = ["sleep", self.slept, "--params", parameters, "-o", self.folder / "again"]
        for mode in ("folds", "holdout"):
            with self.subTest(mode):
                self.assert_refused('no longer as it was trained (stage "sleep")', *again, "--guard",
                                    mode)
        # A sleep that the guard refused changed nothing; other images judge the model itself.
        self.run_json("sleep", self.model, "--params", self.write_harmful_parameters(), "--guard",
                      "folds", "-o", self.slept)
        self.run_well(*again, "--guard", "folds")
        self.run_well(*again, "--guard", "holdout", "--holdout", "fashion-mnist")

    def test_judges_what_it_is_asked_for(self):
        parameters = self.write_harmful_parameters()
        for options, note in ((["--objective", "worst-class"], {"objective": "worst-class"}),
                              (["--objective", "calibration-error"],
                               {"objective": "calibration-error"}),
                              (["--distort", "blur=1,gaussian-noise=0.3"],
                               {"distort": "blur=1,gaussian-noise=0.3"}),
                              (["--moment", "tuned", "--moment-updates", 20], {"moment": "tuned"})):
            with self.subTest(options):
                found = self.run_json("sleep", self.model, "--params", parameters, "--guard",
                                      "folds", "--folds", 2, *options, "-o", self.slept)["guard"]
                self.assertEqual({key: found[key] for key in note}, note)
                self.assertIn("fair", found)
                metadata = self.run_json("inspect", self.slept)["metadata"]
                history = json.loads(metadata["hypnos.recipe"])["history"]
                self.assertEqual(history[-1]["guard"]["objective"], found["objective"])
        self.assert_refused("--guard", "sleep", self.model, "--params", parameters, "--objective",
                            "accuracy", "-o", self.slept)
        self.assert_refused("there is no measure", "sleep", self.model, "--params", parameters,
                            "--guard", "folds", "--objective", "speed", "-o", self.slept)

    def test_training_samples_are_not_kept_aside(self):
        parameters = self.write_parameters(0.5, 0.5)
        sleep = ["sleep", self.model, "--params", parameters, "-o", self.slept, "--holdout",
                 "fashion-mnist", "--guard"]
        self.assertEqual(self.run_json(*sleep, "holdout")["guard"]["samples"], 60000 - 100)
        self.assert_refused("goes with --guard holdout", *sleep, "folds")

    def test_refuses_rates_that_cannot_be_reached(self):
        path = self.folder / "fast.toml"
        path.write_text("steps = 500\ntarget_rate = [0.6, 0.6, 0.6]\n")
        self.assert_refused("layer 1 cannot fire 0.6 times", "sleep", self.model, "--params", path, "--guard",
                            "folds", "--folds", 2, "-o", self.slept)
        path.write_text("steps = 500\n")
        self.assert_refused("target_rate; give one of them", "sleep", self.model, "--params", path,
                            "-o", self.slept)

    def test_says_in_one_line_what_it_found(self):
        done = call("sleep", self.model, "--params", self.write_harmful_parameters(), "--guard",
                    "folds", "--folds", 2, "-o", self.slept)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"guard: not slept, for it was not shown to help: [-+]\d+\.\d+ "
                                      r"points \([-+.\d]+ to [-+.\d]+\) on 100 samples kept aside.*"
                                      r"slept is the network as it was\n$")

    def test_sleeps_when_it_helps(self):
        model = self.folder / "little"
        self.run_well("train", "--data", "fashion-mnist", "--fraction", 0.01, "--hidden", "300,300",
                      "--epochs", 30, "-o", model)
        found = self.folder / "found.toml"
        self.run_well("tune", model, "--on", "folds", "--folds", 2, "--budget", 300, "--noise-seeds",
                      1, "--max-steps", 2000, "-o", found)
        done = self.run_json("sleep", model, "--params", found, "--guard", "folds", "--folds", 2,
                             "-o", self.slept)
        self.assertTrue(done["guard"]["helps"], done["guard"])
        self.assertEqual(done["steps"], done["guard"]["steps"])
        self.assertGreater(done["guard"]["low"], 0)


if __name__ == "__main__":
    unittest.main()
