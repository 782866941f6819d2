"""What `hypnos explain` says of networks of both kinds."""

import json
import shlex
import struct

import numpy as np

from integration.program import ProgramTest, call


class ExplainTest(ProgramTest):
    def network(self, name, *options):
        path = self.folder / f"{name}.safetensors"
        self.run_well("train", "--data", "fashion-mnist", "--fraction", 0.01, "--seed", 1,
                      "-o", path, *options)
        return path

    def test_a_network_on_its_plateau(self):
        path = self.network("early", "--hidden", "200", "--updates", 60)
        text = self.run_well("explain", path).stdout
        self.assertIn("is on its plateau", text)
        self.assertIn("will probably help", text)
        self.assertIn("--guard folds", text)
        found = self.run_json("explain", path)
        self.assertEqual(found["standing"], "plateau")
        self.assertGreater(found["class_correlations"][-1], 0.8)
        trained = self.run_json("eval", path, "--split", "train")
        self.assertEqual(found["accuracy"], trained["accuracy"])
        answered = [sum(row[c] for row in trained["confusion"]) for c in range(10)]
        self.assertAlmostEqual(found["commonest_answer"], max(answered) / 600)
        self.assertEqual(found["answered_classes"], sum(count > 6 for count in answered))
        # On the plateau the loss is that of one answer for all.
        self.assertAlmostEqual(found["loss"], found["loss_of_one_answer"], delta=0.02)

    def test_a_network_past_it(self):
        path = self.network("modern", "--hidden", "100", "--updates", 300, "--protocol", "modern")
        text = self.run_well("explain", path).stdout
        self.assertIn("is past its plateau", text)
        self.assertIn("do nothing for it", text)
        found = self.run_json("explain", path)
        self.assertEqual(found["standing"], "past")
        self.assertLess(found["class_correlations"][-1], 0.45)
        self.assertLess(found["loss"], found["loss_of_one_answer"] / 4)

    def test_a_network_that_has_slept(self):
        path = self.network("early", "--hidden", "200", "--updates", 60)
        slept = self.folder / "slept.safetensors"
        self.run_well("sleep", path, "--params", "authors-fashion-mnist-tuned",
                      "--set", "target_rate=[0.002, 0.05]", "-o", slept)
        self.assertIn("It has slept already.", self.run_well("explain", slept).stdout)
        self.assertNotIn("loss", self.run_json("explain", slept))

    def commands(self, text):
        return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("  hypnos")]

    def test_its_advice_works_on_a_table(self):
        data = self.folder / "table"
        data.mkdir()
        random = np.random.default_rng(1)
        for half in ("train", "test"):
            labels = random.integers(0, 3, 300)
            rows = random.normal(0.3 * labels[:, None], 0.3, (300, 8)).clip(0)
            lines = [",".join(map(str, [*row, label])) for row, label in zip(rows, labels)]
            header = ",".join(f"x{i}" for i in range(8)) + ",label"
            (data / f"{half}.csv").write_text("\n".join([header, *lines]) + "\n")
        path = self.folder / "model.safetensors"
        self.run_well("train", "--data", data, "--hidden", "50", "--updates", 5, "-o", path)
        self.assertEqual(self.run_json("explain", path)["standing"], "plateau")
        tune, _ = self.commands(self.run_well("explain", path).stdout)
        self.assertIn("patch=0", tune)
        tune[-1] = self.folder / "found.toml"
        self.run_well(*tune, "--budget", 50, "--noise-seeds", 1, "--max-steps", 100)

    def test_its_advice_works_on_a_model_from_elsewhere(self):
        path = self.network("early", "--hidden", "200", "--updates", 60)
        content = path.read_bytes()
        (length,) = struct.unpack_from("<Q", content)
        header = json.loads(content[8 : 8 + length])
        header["__metadata__"] = {"hypnos.output": "relu"}
        text = json.dumps(header).encode()
        path.write_bytes(struct.pack("<Q", len(text)) + text + content[8 + length :])
        told = self.run_well("explain", path, "--data", "fashion-mnist", "--per-class", 60,
                             "--seed", 1, "--range", "pixels", "--layers", "0.weight,2.weight").stdout
        tune, sleep = self.commands(told)
        given = {tune[i]: tune[i + 1] for i in range(len(tune)) if tune[i].startswith("--")}
        for option, value in {"--data": "fashion-mnist", "--per-class": "60", "--seed": "1",
                              "--range": "pixels"}.items():
            self.assertEqual(given[option], value)
        self.assertIn("--layers", tune)
        self.assertIn("holdout", sleep)
        tune[-1] = self.folder / "found.toml"
        self.run_well(*tune, "--budget", 50, "--noise-seeds", 1, "--max-steps", 100)

    def test_its_advice_works_on_a_network_that_was_changed(self):
        path = self.network("early", "--hidden", "200", "--updates", 60)
        awake = self.folder / "awake.safetensors"
        self.run_well("wake", path, "-o", awake)
        told = self.run_well("explain", awake).stdout
        self.assertNotIn("slept already", told)
        tune, sleep = self.commands(told)
        self.assertIn("holdout", sleep)
        tune[-1] = self.folder / "found.toml"
        self.run_well(*tune, "--budget", 50, "--noise-seeds", 1, "--max-steps", 100)

    def test_a_patch_that_does_not_fit_is_found_before_the_training(self):
        np.savez(self.folder / "small.npz", train_images=np.ones((20, 4, 4), np.float32),
                 train_labels=np.arange(20) % 2)
        path = self.folder / "model.safetensors"
        self.assert_refused("patch = 0 takes the whole input", "train", "--data",
                            self.folder / "small.npz", "--hidden", "20", "--updates", 10**9,
                            "--sleep-after", 10**8, "--params", "authors-fashion-mnist",
                            "--set", "target_rate=[0.1, 0.1]", "-o", path)
        self.assertEqual([file.name for file in self.folder.iterdir()], ["small.npz"])

    def test_what_it_cannot_judge(self):
        images = np.random.default_rng(1).random((20, 4, 4), np.float32)
        np.savez(self.folder / "one.npz", train_images=images, train_labels=np.zeros(20, np.uint8),
                 test_images=images, test_labels=np.zeros(20, np.uint8))
        path = self.network("early", "--hidden", "20", "--updates", 2)
        done = call("explain", path, "--data", self.folder / "one.npz")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("\n"), 1)
