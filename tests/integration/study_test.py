"""Studies: killed, shared, interrupted, and in agreement with the verbs."""

import csv
import hashlib
import io
import json
import os
import random
import re
import signal
import sqlite3
import struct
import subprocess
import time

import numpy

from integration.program import PROGRAM, call
from integration.safetensors_files import read
from integration.small_data import write_data
from integration.study_case import PLAN, StudyCase

def sha256_of(model):
    """Of a model file's network, by the bytes that docs/studies.md names."""
    arrays, metadata = read(model)
    digest = hashlib.sha256()
    digest.update(metadata["hypnos.output"].encode() + b"\0")
    digest.update(struct.pack("<f", float(metadata["hypnos.dropout"])))
    digest.update(metadata["hypnos.dropout_form"].encode() + b"\0")
    for layer in (0, 2, 4):  # as in nn.Sequential, with ReLUs between them
        weights = arrays[f"{layer}.weight"]
        biases = arrays.get(f"{layer}.bias", numpy.zeros(0, numpy.float32))
        digest.update(struct.pack("<QQQ", *weights.shape, len(biases)))
        digest.update(weights.tobytes() + biases.tobytes())
    return digest.hexdigest()


class StudyTest(StudyCase):
    def start(self, database, *options):
        return subprocess.Popen([PROGRAM, *map(str, self.command(database, *options)), "--json"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def rows(self, database):
        """All rows by table, but for times."""
        connection = sqlite3.connect(self.folder / database)
        tables = [name for name, in connection.execute("SELECT name FROM sqlite_master "
                                                       "WHERE type = 'table'")]
        self.assertIn("measurements", tables)
        found = {}
        for table in tables:
            if table == "durations":
                continue
            cursor = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            found[table] = sorted(repr([v for n, v in zip(names, row) if n != "finished"])
                                  for row in cursor)
        connection.close()
        return found

    def seconds(self, *options):
        began = time.monotonic()
        self.study(*options)
        return time.monotonic() - began

    def test_failed_trials_stay_visible(self):
        small = ["--set", "seeds=1", "--set", "per_class=20", "--set", "protocol=authors", "--set",
                 "epochs=1", "--set", "finetune_learning_rate=1e28"]
        for _ in range(2):
            done = call(*self.command("db", *small))
            self.assertEqual(done.returncode, 0)
            self.assertIn("1 of the 1 trials had a stage that could not be done", done.stderr)
        self.assertRegex(self.run_well(*self.command("db", *small, "--list")).stdout, r" failed +\{")
        self.assertTrue(self.study("db", *small, "--list")["trials"][0]["failed"])
        # Trials of an earlier form of the plan are shown, but not as those of the plan.
        self.study("db", *small, "--set", "epochs=2")
        self.assertIn("All 2 trials of the database.",
                      self.run_well("results", self.folder / "db").stdout)
        self.assertNotIn("of the database", self.run_well("results", self.folder / "db", "--study",
                                                         "plan").stdout)
        self.assert_refused("there is no cut_recall", "results", self.folder / "db", "--measure",
                            "cut_recall")

    def test_killed_and_finished_equals_undisturbed(self):
        seed = int(os.environ.get("HYPNOS_KILL_SEED", random.randrange(10**6)))
        kills = int(os.environ.get("HYPNOS_KILLS", 4))
        print(f"HYPNOS_KILL_SEED={seed} HYPNOS_KILLS={kills}")
        size = ["--jobs", "2", "--set", f"seeds={2 * kills}"]
        working = self.seconds("undisturbed", *size)
        idle = self.seconds("undisturbed", *size)  # nothing is left to do
        moments = random.Random(seed)
        done = 0
        for _ in range(kills):
            process = self.start("killed", *size)
            time.sleep(moments.uniform(0, idle + 2 * (working - idle) / kills))
            process.kill()
            process.communicate()
            trials = self.run_json(*self.command("killed", "--list", *size))["trials"]
            before, done = done, sum(trial["done"] for trial in trials)
            self.assertGreaterEqual(done, before, "a trial that is done stays done")
        last = self.study("killed", *size)
        self.assertEqual(last["finished"], last["trials"] - done, "only what was missing is done")
        self.assertEqual(self.rows("killed"), self.rows("undisturbed"))
        networks = self.folder / "killed.cache"
        self.assertEqual({f.suffix for f in networks.iterdir()}, {"", ".safetensors"},
                         "what a killed process wrote half is gone")

    def test_results_do_not_depend_on_the_number_of_jobs(self):
        self.study("one", "--jobs", 1)
        self.study("two", "--jobs", 2)
        self.assertEqual(self.rows("one"), self.rows("two"))

    def test_two_processes_share_the_work(self):
        size = ["--set", "seeds=12"]
        processes = [self.start("shared", "--jobs", "1", *size) for _ in range(2)]
        finished = []
        for process in processes:
            output, errors = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, errors)
            finished.append(json.loads(output)["finished"])
        self.assertEqual(sum(finished), 48, "no trial was done twice")
        self.assertGreater(min(finished), 0, "each did some")
        self.study("alone", *size)
        self.assertEqual(self.rows("shared"), self.rows("alone"))

    def test_interrupted(self):
        process = self.start("r", "--set", "seeds=1000")
        while not (self.folder / "r.cache").exists():  # the first trial has begun
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertRegex(errors, r"^interrupted: \d+ of 4000 trials of plan are in .*/r; the same "
                                 r"call goes on from there\n$")
        done = int(errors.split()[1])
        self.assertEqual(len(self.rows("r")["trials"]), done)
        listed = self.run_json(*self.command("r", "--list", "--set", "seeds=1000"))["trials"]
        self.assertEqual(sum(trial["done"] for trial in listed), done)

    def test_agrees_with_the_verbs(self):
        options = ["per_class=20", "protocol=authors", "seeds=[3]", "finetune_learning_rate=0.02",
                   "keep={1=0.5}"]
        self.study("r", *(word for option in options for word in ("--set", option)))
        trial, = self.run_json("results", self.folder / "r")["trials"]

        def path(name):
            return self.folder / f"{name}.safetensors"

        self.run_well("train", "--data", self.folder / "data", "--per-class", 20, "--keep", "1=0.5",
                      "--hidden", "64,64", "--epochs", 100, "--seed", 3, "-o", path("trained"))
        self.run_well("sleep", path("trained"), "--params", self.folder / "sleep.toml",
                      "--set", "steps=3000", "-o", path("slept"))
        gain = self.run_json("wake", path("slept"), "-o", path("awake"))["gain"]
        more = ["--epochs", 50, "--learning-rate", 0.02]
        self.run_well("finetune", path("awake"), *more, "-o", path("tuned"))
        self.run_well("finetune", path("trained"), *more, "-o", path("control"))
        self.assertEqual(trial["gain"], gain)
        for moment, name in (("before", "trained"), ("after_sleep", "slept"),
                             ("after_finetuning", "tuned"), ("control", "control")):
            with self.subTest(moment):
                evaluated = self.run_json("eval", path(name))
                measured = trial["measurements"][moment]
                self.assertEqual(measured.pop("network_sha256"), sha256_of(path(name)))
                self.assertEqual(measured, {key: evaluated[key] for key in measured})
                self.assertEqual(measured["samples"], 400)
        cached, = (self.folder / "r.cache").glob("*.safetensors")
        self.assertEqual(cached.read_bytes(), path("trained").read_bytes())

    def test_other_training_agrees_with_the_verbs(self):
        cases = {
            "decay": (["weight_decay=0.001", "class_balance=weights"],
                      ["--weight-decay", 0.001, "--class-balance", "weights"]),
            "cosine": (["schedule=cosine"], ["--schedule", "cosine"]),
            "moved": (["class_balance=oversampling", "augment_shift=1", "augment_rotation=20"],
                      ["--class-balance", "oversampling", "--augment-shift", 1,
                       "--augment-rotation", 20]),
        }
        size = ["per_class=20", "protocol=modern", "epochs=5", "finetune_epochs=3", "seeds=1",
                "keep={1=0.5}", "stages=['control']"]
        common = ["--data", self.folder / "data", "--per-class", 20, "--keep", "1=0.5",
                  "--hidden", "64,64", "--epochs", 5, "--protocol", "modern"]
        trained = self.folder / "trained.safetensors"
        tuned = self.folder / "tuned.safetensors"
        for name, (settings, options) in cases.items():
            with self.subTest(name):
                self.study(name, *(w for s in size + settings for w in ("--set", s)))
                trial, = self.run_json("results", self.folder / name)["trials"]
                self.run_well("train", *common, *options, "-o", trained)
                cached, = (self.folder / f"{name}.cache").glob("*.safetensors")
                self.assertEqual(cached.read_bytes(), trained.read_bytes())
                self.run_well("finetune", trained, "--epochs", 3, "-o", tuned)
                self.assertEqual(trial["measurements"]["control"]["accuracy"],
                                 self.run_json("eval", tuned)["accuracy"])

    def test_sleeps_within_training_agree_with_the_verbs(self):
        settings = ["per_class=20", "updates=60", "sleep_after=[20,40]", "seeds=[3]",
                    "protocol=authors", "finetune_learning_rate=0.02"]
        plan = self.folder / "within.toml"
        plan.write_text("\n".join(line for line in PLAN.splitlines()
                                  if not line.startswith(("finetune_epochs", "epochs"))) + "\n")
        self.run_well("run", plan, "--db", self.folder / "r",
                      *(w for s in settings for w in ("--set", s)))
        trial, = self.run_json("results", self.folder / "r")["trials"]
        whole, parts, control = (self.folder / f"{name}.safetensors"
                                 for name in ("whole", "parts", "control"))
        common = ["--data", self.folder / "data", "--per-class", 20, "--hidden", "64,64",
                  "--seed", 3]
        sleep = ["--params", self.folder / "sleep.toml", "--set", "steps=3000"]
        done = self.run_json("train", *common, "--updates", 60, "--sleep-after", "20,40", *sleep,
                             "--learning-rate-after", 0.02, "-o", whole)
        self.assertEqual([s["updates"] for s in done["sleeps"]], [20, 40])
        self.run_well("train", *common, "--updates", 20, "-o", parts)
        self.run_well("finetune", parts, "--updates", 20, "-o", control)
        self.run_well("finetune", control, "--updates", 20, "--schedule", "cosine",
                      "--learning-rate", 0.02, "-o", control)
        for schedule, rate in (("constant", 0.01), ("cosine", 0.02)):
            self.run_well("sleep", parts, *sleep, "-o", parts)
            self.run_well("wake", parts, "-o", parts)
            self.run_well("finetune", parts, "--updates", 20, "--schedule", schedule,
                          "--learning-rate", rate, "-o", parts)
        self.assertEqual(whole.read_bytes(), parts.read_bytes())
        for moment, file in (("after_finetuning", whole), ("control", control)):
            self.assertEqual(trial["measurements"][moment]["accuracy"],
                             self.run_json("eval", file)["accuracy"])
        metadata = self.run_json("inspect", whole)["metadata"]
        history = json.loads(metadata["hypnos.recipe"])["history"]
        self.assertEqual([s["stage"] for s in history],
                         ["train", "sleep", "wake", "finetune", "sleep", "wake", "finetune"])
        self.assertEqual(history[-1]["training"]["schedule"], "cosine")
        # A rate that no layer can reach fails after the first training, which is kept.
        partial = self.folder / "parts.safetensors.interrupted"
        failed = call("train", *common, "--updates", 60, "--sleep-after", 20, *sleep, "--set",
                      "target_rate=[0.8,0.8,0.8]", "--set", "max_rate=0.001", "-o", parts)
        self.assertEqual(failed.returncode, 2, failed.stderr)
        said, error = failed.stderr.splitlines()
        self.assertEqual(said, f"failed after 20 updates; the network so far is in {partial}")
        self.assertTrue(error.startswith("hypnos: "), error)
        self.run_well("train", *common, "--updates", 20, "-o", control)
        self.assertEqual(partial.read_bytes(), control.read_bytes())
        self.assertEqual(done["updates"], 60)
        for message, *options in (
                ("--learning-rate: 1e+35 is not", "--updates", 60, "--sleep-after", 20, *sleep,
                 "--learning-rate-after", 1e35),
                ("needs --updates", "--sleep-after", 20, *sleep),
                ("without --schedule", "--updates", 60, "--schedule", "cosine", "--sleep-after",
                 20, *sleep),
                ("60 is not from 1 to 59", "--updates", 60, "--sleep-after", 60, *sleep),
                ("--sleep-after requires --params", "--updates", 60, "--sleep-after", 20)):
            with self.subTest(message):
                self.assert_refused(message, "train", *common, *options, "-o", parts)

    def test_waking_without_sleep_agrees_with_the_verbs(self):
        settings = ["per_class=20", "epochs=5", "finetune_epochs=3", "seeds=1",
                    "protocol=authors", "stages=['wake','finetune']"]
        self.study("r", *(w for s in settings for w in ("--set", s)))
        trial, = self.run_json("results", self.folder / "r")["trials"]
        trained, awake, tuned = (self.folder / f"{name}.safetensors"
                                 for name in ("trained", "awake", "tuned"))
        self.run_well("train", "--data", self.folder / "data", "--per-class", 20,
                      "--hidden", "64,64", "--epochs", 5, "-o", trained)
        self.run_well("wake", trained, "-o", awake)
        self.run_well("finetune", awake, "--epochs", 3, "-o", tuned)
        self.assertEqual(set(trial["measurements"]), {"before", "after_finetuning"})
        self.assertEqual(trial["measurements"]["after_finetuning"]["accuracy"],
                         self.run_json("eval", tuned)["accuracy"])

    def test_pretraining_agrees_with_the_verbs(self):
        (self.folder / "data").rename(self.folder / "other")
        write_data(self.folder / "data")
        settings = ["per_class=20", "protocol=modern", "epochs=5", "seeds=[3]", "stages=[]",
                    "pretrain=other", "pretrain_fraction=0.5", "pretrain_epochs=2"]
        self.study("r", *(w for s in settings for w in ("--set", s)))
        first, second = (self.folder / f"{name}.safetensors" for name in ("first", "second"))
        self.run_well("train", "--data", self.folder / "other", "--fraction", 0.5, "--protocol",
                      "modern", "--hidden", "64,64", "--epochs", 2, "--seed", 3, "-o", first)
        self.run_well("train", "--init", first, "--data", self.folder / "data", "--per-class", 20,
                      "--protocol", "modern", "--epochs", 5, "--seed", 3, "-o", second)
        cached = {f.read_bytes() for f in (self.folder / "r.cache").glob("*.safetensors")}
        self.assertEqual(cached, {first.read_bytes(), second.read_bytes()})
        self.assert_refused("is of another protocol", "train", "--init", first, "--data",
                            self.folder / "data", "-o", second)
        self.assert_refused("the model began with the hidden layers of another one", "tune", second,
                            "--set", "patch=0", "-o", self.folder / "found.toml")

    def test_variants_have_names_and_closed_forms(self):
        self.plan.write_text(PLAN.replace("[sleep_parameters]\nsteps = 3000", """
[[variant]]
name = "as it is"
protocol = "modern"
[[variant]]
name = "kernel"
method = "neural-tangent-kernel"
[[variant]]
name = "neighbors"
method = "nearest-neighbor"
"""))
        self.study("r", "--set", "seeds=2")
        shown = self.run_well("results", self.folder / "r", "--study", "plan").stdout
        lines = [line.split("  ")[0] for line in shown.splitlines()
                 if re.match("as it is|kernel|neighbors", line)]
        self.assertEqual(lines, 2 * ["as it is", "kernel", "neighbors"])
        self.assertNotIn("hidden_layers", shown.replace("All: ", "All:"))
        trials = self.run_json("results", self.folder / "r", "--study", "plan")["trials"]
        fitted = {trial["name"]: trial.get("fitted") for trial in trials}
        self.assertIn("ridge", fitted["kernel"])
        self.assertIn(fitted["neighbors"]["neighbors"], range(1, 22, 2))
        self.assertIsNone(fitted["as it is"])

    def test_weights_and_responses(self):
        self.study("r", "--set", "seeds=2", "--set", "per_class=20", "--set", "protocol=modern")
        database = self.folder / "r"
        shown = self.run_well("results", database, "--weights").stdout
        self.assertRegex(shown, r"\n3 +2 +0\.\d+ ± ")
        self.assertIn("\n| 1 | 2 |", self.run_well("results", database, "--weights", "--markdown").stdout)
        rows = list(csv.DictReader(io.StringIO(
            self.run_well("results", database, "--weights", "--csv").stdout)))
        self.assertEqual([row["layer"] for row in rows], list("123123"))
        for row in rows:
            self.assertLessEqual(float(row["of_top_1pct"]), float(row["of_top_10pct"]))
        connection = sqlite3.connect(database)
        sums = connection.execute("SELECT weights.trial, moment, layer, sum(value) "
                                  "FROM weights, json_each(histogram) GROUP BY 1, 2, 3").fetchall()
        self.assertEqual(sorted({row[3] for row in sums}), [5 * 64, 64 * 64])
        self.assertEqual(len(sums), 12)
        # By NumPy, from the network that is in the cache.
        trial = self.run_json("results", database)["trials"][0]
        seed = trial["configuration"]["seed"]
        for file in (self.folder / "r.cache").glob("*.safetensors"):
            weights, metadata = read(file)
            if json.loads(metadata["hypnos.recipe"])["seed"] == seed:
                break
        images = numpy.load(self.folder / "data" / "test-images.npy").reshape(400, 64)
        labels = numpy.load(self.folder / "data" / "test-labels.npy")
        hidden = numpy.maximum(images @ weights["0.weight"].T + weights["0.bias"], 0)
        measured = trial["sleep"]["responses"][0]["before"]
        self.assertAlmostEqual(measured["active"], (hidden > 0).mean(), places=4)
        classes = numpy.array([hidden[labels == c].mean(0) for c in range(5)])
        numpy.testing.assert_allclose(numpy.array(measured["correlations"]).reshape(5, 5),
                                      numpy.corrcoef(classes), atol=1e-4)
        connection.close()

    def test_results_for_people_and_programs(self):
        self.study("r", "--set", "seeds=3", "--set", "per_class=20")
        database = self.folder / "r"
        shown = self.run_well("results", database).stdout
        self.assertIn("plan: a test (6 of 6 trials)", shown)
        self.assertRegex(shown, r"\nauthors +3 +0\.\d{3} ± 0\.\d{3} .*\[[+-]0\.\d{3}, [+-]0\.\d{3}\]")
        self.assertIn("per_class 20", shown, "what all have in common is said once")
        self.assertIn("\n| modern | 3 |", self.run_well("results", database, "--markdown").stdout)
        self.assertIn("Test macro f1", self.run_well("results", database, "--measure", "macro_f1").stdout)
        rows = list(csv.DictReader(io.StringIO(self.run_well("results", database, "--csv").stdout)))
        self.assertEqual(sorted(row["seed"] for row in rows), list("112233"))
        everything = self.run_json("results", database)
        by_id = {trial["id"]: trial for trial in everything["trials"]}
        for row in rows:
            trial = by_id[row["id"]]
            self.assertEqual(float(row["after_sleep_accuracy"]),
                             trial["measurements"]["after_sleep"]["accuracy"])
            self.assertEqual(row["hidden"], "[64,64]")
            self.assertEqual(len(trial["sleep"]["activity"]), 4)
            self.assertEqual(len(trial["sleep"]["weights"]), 3)
        self.assertEqual(everything["studies"][0]["done"], 6)

    def test_bad_input(self):
        database = self.folder / "r"
        self.assert_refused("plan.toml: sees: is not a key of a plan", *self.command("r"),
                            "--set", "sees=3")
        self.assert_refused("plan.toml: sleep: there is no parameter file or preset \"nix\"",
                            *self.command("r"), "--set", "sleep=nix")
        self.assert_refused("there is no such file", "results", database)
        self.assertFalse(database.exists())
        self.assert_refused("per_class: class 0 has only 80 samples", *self.command("r"),
                            "--set", "per_class=100")
        self.assert_refused("is not a results database", "results", self.plan)
        self.assert_refused("would overwrite", "run", self.plan, "--db", self.plan)
        self.assertEqual(self.plan.read_text(), PLAN)
        self.assert_refused("there is no study \"nix\"", "results", database, "--study", "nix")
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
        self.assert_refused("was written by a newer Hypnos", "results", database)

    def test_progress_on_a_terminal(self):
        command = " ".join(map(str, [PROGRAM, *self.command("r", "--jobs", "1")]))
        done = subprocess.run(["script", "-qec", command, "/dev/null"], capture_output=True,
                              text=True, timeout=300)
        self.assertRegex(done.stdout, r"[\r\n]plan \[#*\.*\] +\d+% .*\d+ of 20 trials")
        self.assertNotIn("\r", call(*self.command("other")).stderr)
