"""Same seed, same bytes."""

import json
import os

from integration import safetensors_files
from integration.program import PARAMETERS, ProgramTest, call, has_mnist


class ReproducibleTest(ProgramTest):
    def full_run(self, name, seed):
        folder = self.folder / name
        folder.mkdir()
        self.run_well("train", "--data", self.data, "--fraction", 0.01, "--seed", seed,
                      "--epochs", 3, "--hidden", "60,50", "-o", folder / "model")
        self.run_well("sleep", folder / "model", "--params", PARAMETERS,
                      "--set", "steps=400", "-o", folder / "slept")
        self.run_well("wake", folder / "slept", "-o", folder / "awake")
        self.run_well("finetune", folder / "awake", "--epochs", 2, "-o", folder / "tuned")
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    def test_two_runs_write_identical_files(self):
        self.data = "mnist" if has_mnist() else "fashion-mnist"
        first = self.full_run("first", 1)
        self.assertEqual(set(first), {"model", "slept", "awake", "tuned"})
        self.assertEqual(first, self.full_run("second", 1))
        other = self.full_run("other", 2)
        for name in first:
            self.assertNotEqual(first[name], other[name], name)

    def test_the_number_of_cores_does_not_matter(self):
        model = self.train()
        written = []
        for cores in ("1", "2"):
            slept, awake = self.folder / f"slept{cores}", self.folder / f"awake{cores}"
            for arguments in (["sleep", model, "--params", PARAMETERS, "-o", slept],
                              ["wake", slept, "-o", awake]):
                done = call(*arguments, env={**os.environ, "OMP_NUM_THREADS": cores})
                self.assertEqual(done.returncode, 0, done.stderr)
            written.append((slept.read_bytes(), awake.read_bytes()))
        self.assertEqual(*written)

    def test_the_model_remembers_its_data(self):
        path = self.train("model", "--keep", "3=0.5", "--seed", 5)
        remembered = self.run_json("eval", path, "--split", "train")
        self.assertEqual(remembered["samples"], 95)
        self.assertEqual(remembered["subset"], {"per_class": 10, "keep": {"3": 0.5}, "seed": 5})
        spoken = self.run_json("eval", path, "--split", "train", "--data", "fashion-mnist",
                               "--per-class", 10, "--keep", "3=0.5", "--seed", 5)
        self.assertEqual(remembered["confusion"], spoken["confusion"])
        _, metadata = safetensors_files.read(path)
        recipe = json.loads(metadata["hypnos.recipe"])
        self.assertEqual(recipe["data"], "fashion-mnist")
        self.assertEqual(recipe["seed"], 5)
        self.assertEqual(recipe["history"][0]["epochs"], 2)
