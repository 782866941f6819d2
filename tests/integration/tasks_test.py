"""Tasks in sequence: hypnos tasks, plans with tasks, and the search for their sleep."""

import csv
import io
import json
import pathlib
import signal
import subprocess
import time
import tomllib

import numpy
import torch

from integration.program import PROGRAM, ProgramTest
from integration.pytorch_test import read_test_set
from integration.safetensors_files import read
from integration.small_data import write_data

STUDIES = pathlib.Path(__file__).parents[2] / "studies"

SLEEP = """
steps = 200
growth = 0.5
max_rate = 250
patch = 3
increment = 0.0003
decrement = 0.0001
threshold = [0.9, 0.5]
alpha_scale = 3
"""

PLAN = """
answers = "a test"
data = "data"
tasks = [[0, 1], [2, 3], [4]]
task_samples = 60
hidden = [32]
epochs = 20
batch_size = 20
learning_rate = 0.1
initial_range = 0.2
sleep = "sleep.toml"
memory = [0, 10]
against = ["sequential", "joint", "lda"]
seeds = 2
"""

TRAINING = ["--hidden", 32, "--epochs", 20, "--batch-size", 20, "--learning-rate", 0.1,
            "--initial-range", 0.2]


class TasksTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        write_data(self.data)
        self.sleep = self.folder / "sleep.toml"
        self.sleep.write_text(SLEEP)
        self.plan = self.folder / "plan.toml"
        self.plan.write_text(PLAN)

    def call(self, *options, data=None):
        return ["tasks", *sum((["--data", d] for d in data or [self.data]), []), *TRAINING,
                *([] if data else ["--tasks", "0,1/2,3/4"]), *options]

    def network(self, path):
        tensors, metadata = read(path)
        recipe = json.loads(metadata["hypnos.recipe"])
        return ({name: values.tolist() for name, values in tensors.items()},
                [stage["stage"] for stage in recipe["history"]])

    def test_a_sequence_and_a_trial_of_a_plan_are_the_same(self):
        self.run_well("run", self.plan, "--db", self.folder / "r.sqlite")
        rows = list(csv.DictReader(io.StringIO(
            self.run_well("results", self.folder / "r.sqlite", "--csv").stdout)))
        self.assertEqual(len(rows), 2 * (2 + 2 + 1 + 1))
        trial = next(r for r in rows
                     if (r["learner"], r["memory"], r["seed"]) == ("sleep", "10", "2"))
        done = self.run_json(*self.call("--task-samples", 60, "--params", self.sleep,
                                        "--memory", 10, "--seed", 2))
        self.assertEqual(float(trial["after_sleep_accuracy"]), done["accuracy"])
        self.assertEqual(float(trial["forgetting"]), done["forgetting"])
        self.assertEqual(trial["stored_images"], "10")
        self.assertEqual(len(done["tasks"]), 3)
        self.assertEqual(len(done["tasks"][0]["after_sleep"]), 3)
        shown = self.run_well("results", self.folder / "r.sqlite").stdout
        for words in ("forgetting", "learning accuracy", "lda", "joint"):
            self.assertIn(words, shown)
        everything = json.loads(self.run_well("results", self.folder / "r.sqlite", "--json").stdout)
        self.assertEqual(sum("sequence" in t for t in everything["trials"]), len(rows))

    def test_keeps_the_network_after_each_task(self):
        kept = self.folder / "kept"
        output = self.folder / "out.safetensors"
        shown = self.run_well(*self.call("--params", self.sleep, "--keep", kept, "-o", output))
        self.assertIn("after task 3", shown.stdout)
        names = [f"task-{k}{s}.safetensors" for k in (1, 2, 3) for s in ("", "-slept")]
        self.assertEqual(sorted(f.name for f in kept.iterdir()), sorted(names))
        tensors, history = self.network(output)
        self.assertEqual(history, ["train", "sleep", "wake"] + 2 * ["finetune", "sleep", "wake"])
        self.assertEqual(tensors, self.network(kept / "task-3-slept.safetensors")[0])
        self.assertEqual(self.network(kept / "task-2.safetensors")[1], history[:4])
        accuracy = self.run_json("eval", output, "--data", self.data)["accuracy"]
        self.assertIn(f"in the end {accuracy:.4f}", shown.stdout)

    def test_ctrl_c_loses_at_most_a_task(self):
        long = ["--params", self.sleep, "--set", "steps=400000", "--set", "growth=0"]
        whole = self.folder / "whole"
        self.run_well(*self.call(*long, "-o", whole))
        output = self.folder / "out"
        state = pathlib.Path(f"{output}.sequence")
        process = subprocess.Popen([PROGRAM, *map(str, self.call(*long, "-o", output))],
                                   stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        while not state.exists():
            time.sleep(0.005)
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("the same command goes on", errors)
        self.assert_refused("is left from another sequence",
                            *self.call(*long, "--seed", 9, "-o", output))
        done = self.run_well(*self.call(*long, "-o", output))
        self.assertIn("going on after task 1", done.stderr)
        self.assertEqual(self.network(output), self.network(whole))
        self.assertFalse(state.exists())

    def test_each_task_may_have_data_of_its_own(self):
        folders = []
        for number, classes in enumerate(([0, 1], [2, 3, 4])):
            folders.append(self.folder / f"task{number}")
            folders[-1].mkdir()
            for half in ("train", "test"):
                labels = numpy.load(self.data / f"{half}-labels.npy")
                chosen = numpy.isin(labels, classes)
                images = numpy.load(self.data / f"{half}-images.npy")
                numpy.save(folders[-1] / f"{half}-images.npy", images[chosen])
                numpy.save(folders[-1] / f"{half}-labels.npy", labels[chosen])
        apart = self.run_json(*self.call("--params", self.sleep, data=folders))
        one = ["tasks", "--data", self.data, "--tasks", "0,1/2,3,4", *TRAINING]
        together = self.run_json(*one, "--params", self.sleep)
        self.assertEqual(len(apart["tasks"]), 2)
        self.assertGreater(apart["tasks"][0]["before"][0], 0.9)
        # The same images in another order.
        self.assertEqual(apart["stored_images"], together["stored_images"])
        self.assert_refused("class 2 is in", *self.call("--params", self.sleep,
                                                        data=[self.data, folders[1]]))

    def test_learners(self):
        for learner in ("sequential", "waking", "joint", "joint-same", "averaging", "lwf", "ewc",
                        "nearest-class-mean", "lda", "icarl"):
            with self.subTest(learner):
                memory = ["--memory", 20] if learner == "icarl" else []
                done = self.run_json(*self.call("--learner", learner, *memory))
                self.assertGreater(done["accuracy"], 0.19)
                once = learner.startswith("joint")
                self.assertEqual(len(done["tasks"]), 1 if once else 3)
                self.assertEqual(done["forgetting"] is None, once)

    def test_says_what_is_wrong(self):
        for message, options in (
                ("--learner sleep needs --params", ["--learner", "sleep"]),
                ("--params does not go with --learner lda",
                 ["--learner", "lda", "--params", self.sleep]),
                ("this learner is no network", ["--learner", "lda", "-o", self.folder / "x"]),
                ("memory", ["--learner", "icarl"]),
                ("700 are more than the 160 samples", ["--task-samples", 700]),
                ("threshold", ["--params", self.sleep, "--hidden", "8,8"])):
            with self.subTest(message):
                call = self.call(*options)
                if "--hidden" in options:
                    at = call.index("--hidden")
                    del call[at:at + 2]
                self.assert_refused(message, *call)
        kept = self.folder / "task-1.safetensors"
        self.assert_refused("--keep", *self.call("--keep", self.folder, "-o", kept))
        self.assert_refused("cannot be made", *self.call("--keep", self.plan), status=1)
        self.assert_refused("there is no class 7", "tasks", "--data", self.data, "--tasks", "0,7")
        self.assert_refused("5 classes cannot be divided into pairs", "tasks", "--data", self.data)

    def test_one_sleep_for_all_tasks_is_found(self):
        found = self.folder / "found.toml"
        search = ["tune", "--tasks", self.plan, "--plan-set", "memory=0", "--seeds", "11,12",
                  "--noise-seeds", 1, "--samples", 50, "--max-steps", 600, "--budget", 40,
                  "-o", found]
        done = self.run_json(*search)
        record = tomllib.loads(found.read_text())
        self.assertGreater(record["growth"], 0)
        self.assertEqual(record["tuned"]["on"], "images that the sequences do not train on")
        self.assertEqual(json.loads(record["tuned"]["configuration"])["seeds"], [11, 12])
        self.assertAlmostEqual(record["tuned"]["after"], done["after"], places=4)
        self.run_well(*self.call("--task-samples", 60, "--params", found))
        self.assert_refused("has several sequences with sleep", "tune", "--tasks", self.plan,
                            "-o", found)
        self.assert_refused("train on all samples of class 4", *search, "--plan-set",
                            "task_samples=80")
        for option in (["--data", self.data], ["--on", "train"], ["--moment", "slept"],
                       ["--fraction", 0.5], ["--firing", "rate"]):
            self.assert_refused(" excludes ", *search, *option)
        self.assert_refused("name a model, or --tasks", "tune", "-o", found)

    def test_an_interrupted_search_goes_on(self):
        found = self.folder / "found.toml"
        search = ["tune", "--tasks", self.plan, "--plan-set", "memory=0", "--seeds", "11,12",
                  "--noise-seeds", 1, "--samples", 50, "--max-steps", 600, "--budget", 200,
                  "-o", found]
        self.run_well(*search)
        whole = tomllib.loads(found.read_text())
        found.unlink()
        process = subprocess.Popen([PROGRAM, *map(str, search)], stderr=subprocess.DEVNULL)
        journal = pathlib.Path(f"{found}.search")
        while not journal.exists() or journal.read_text().count("\n") < 20:
            time.sleep(0.01)
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.run_well(*search)
        again = tomllib.loads(found.read_text())
        for record in (whole, again):
            del record["tuned"]["seconds"]
        self.assertEqual(again, whole)


class FeaturesTest(ProgramTest):
    """Tasks of features, as those that another network makes of images."""

    def features(self):
        """Of classes 5 to 9 of Fashion-MNIST, by a network trained on classes 0 to 4."""
        images, labels = read_test_set()
        images = images.reshape(-1, 1, 28, 28)
        torch.manual_seed(1)
        body = torch.nn.Sequential(
            torch.nn.Conv2d(1, 8, 5, 2), torch.nn.ReLU(), torch.nn.Conv2d(8, 16, 5, 2),
            torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(256, 64), torch.nn.ReLU())
        head = torch.nn.Linear(64, 5)
        optimizer = torch.optim.Adam([*body.parameters(), *head.parameters()], 1e-3)
        known = labels < 5
        for batch in torch.arange(int(known.sum())).split(100):
            loss = torch.nn.functional.cross_entropy(head(body(images[known][batch])),
                                                     labels[known][batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            return body(images[~known]).numpy(), (labels[~known] - 5).numpy()

    def setUp(self):
        super().setUp()
        features, labels = self.features()
        self.data = self.folder / "features.npz"
        numpy.savez(self.data, x_train=features[::2], y_train=labels[::2],
                    x_test=features[1::2], y_test=labels[1::2])

    def test_the_released_protocols(self):
        for plan, settings in (("cifar10", ["tasks=singles", "hidden=[64, 32]"]),
                               ("cub200", ["tasks=[[0, 1], [2, 3, 4]]", "hidden=[32, 32]",
                                           "epochs=5", "sleep=tadros2022-cifar10-features"])):
            with self.subTest(plan):
                database = self.folder / f"{plan}.sqlite"
                done = self.run_json("run", STUDIES / f"features/{plan}.toml", "--db", database,
                                     *sum((["--set", s] for s in
                                           [f"data={self.data}", "seeds=1", *settings]), []))
                learners = 5 + (plan == "cifar10")  # with waking and without
                self.assertEqual(done["trials"], learners)
                # Outputs of a sleep that was found for other features may be past waking.
                self.assertLessEqual(done["failed"], 1)

    def test_tasks_of_features(self):
        (self.folder / "sleep.toml").write_text(
            "steps = 2000\nmax_rate = 30\npatch = 0\nincrement = 0.0001\ndecrement = 0.00001\n"
            "threshold = [1, 1, 1]\nalpha_scale = 5\n")
        (self.folder / "plan.toml").write_text(
            'answers = "features"\ndata = "features.npz"\nrange = "as-is"\n'
            'tasks = "singles"\ntask_order = "random"\nhidden = [64, 32]\ndropout = 0.2\n'
            'initial_range = 0.05\nepochs = 20\nlearning_rate = 0.1\nsleep = "sleep.toml"\n'
            'calibration = "first"\nmemory = [0, 100]\n'
            'against = ["sequential", "joint", "nearest-class-mean", "lda"]\n')
        self.run_well("run", self.folder / "plan.toml", "--db", self.folder / "r.sqlite")
        rows = csv.DictReader(io.StringIO(
            self.run_well("results", self.folder / "r.sqlite", "--csv").stdout))
        found = {(row["learner"], row.get("memory")): row for row in rows}
        accuracy = {key: float(row["after_sleep_accuracy"] or row["before_accuracy"])
                    for key, row in found.items()}
        self.assertFalse([row["failure"] for row in found.values() if row["failure"]])
        self.assertGreater(accuracy["lda", ""], 0.7)
        self.assertGreater(accuracy["joint", ""], accuracy["sequential", "0"] + 0.2)
        self.assertGreater(accuracy["sequential", "100"], accuracy["sequential", "0"] + 0.2)
