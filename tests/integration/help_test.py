"""What the program says of itself."""

import json
import pathlib
import re
import subprocess

from integration.program import PROGRAM, ProgramTest, call

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


class HelpTest(ProgramTest):
    def test_every_verb_has_help_with_an_example(self):
        verbs = re.findall(r"^  (\w+) ", self.run_well("--help").stdout
                           .split("Subcommands:")[1].split("Example")[0], re.M)
        self.assertEqual(verbs, ["data", "train", "sleep", "tune", "tasks", "wake", "finetune", "eval",
                                 "explain", "inspect", "run", "results", "verify", "report"])
        calls = [[verb] for verb in verbs] + [["data", action] for action in ("list", "fetch", "info")]
        for verb in calls:
            with self.subTest(verb):
                text = self.run_well(*verb, "--help").stdout
                self.assertIn("Example", text)
                self.assertIn(f"hypnos {verb[0]}", text)

    def test_version_names_a_commit(self):
        shown = self.run_well("--version").stdout
        self.assertRegex(shown, r"^hypnos \d+\.\d+\.\d+ \(([0-9a-f]{12}(-dirty)?|commit unknown)\)\n$")
        commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], capture_output=True,
                                text=True)
        if commit.returncode == 0:
            self.assertIn(commit.stdout.strip(), shown)

    def test_one_version_everywhere(self):
        """It is that of CMakeLists.txt; what cannot read that repeats it."""
        version = re.search(r"project\(hypnos VERSION ([0-9.]+)", (REPOSITORY / "CMakeLists.txt").read_text())[1]
        self.assertIn(f"hypnos {version} (", self.run_well("--version").stdout)
        self.assertIn(f"\nversion: {version}\n", (REPOSITORY / "CITATION.cff").read_text())
        self.assertIn(f'version: "{version}"', (REPOSITORY / "packaging/conda/meta.yaml").read_text())
        port = json.loads((REPOSITORY / "packaging/vcpkg/hypnos/vcpkg.json").read_text())
        self.assertEqual(port["version-string"], version)
        self.assertIn(f"\n## {version} (", (REPOSITORY / "CHANGELOG.md").read_text())

    def test_wrong_calls_are_one_line(self):
        self.assert_refused("A subcommand is required")
        self.assert_refused('there is no verb "explian"', "explian", "model.safetensors")
        self.assert_refused("--output is required", "train", "--data", "fashion-mnist")
        self.assert_refused("--protocl", "train", "--protocl", "modern", "-o", self.folder / "m")
        self.assert_refused("--data is required", "train", "-o", self.folder / "m")

    def test_people_read_tables_and_programs_json(self):
        path = self.train()
        self.assertIn("balanced accuracy", self.run_well("eval", path).stdout)
        self.assertEqual(self.run_json("eval", path)["samples"], 10000)
        self.assertIn("0.weight", self.run_well("inspect", path).stdout)
        tensors = self.run_json("inspect", path)["tensors"]
        self.assertEqual([t["shape"] for t in tensors], [[40, 784], [30, 40], [10, 30]])
        self.assertIn("fashion-mnist", self.run_well("data", "list").stdout)
        info = self.run_json("data", "info", "fashion-mnist")
        self.assertEqual(info["train"]["per_class"], [6000] * 10)
        self.assertEqual(info["test"]["samples"], 10000)

    def test_no_progress_bar_off_a_terminal(self):
        done = call("train", "--data", "fashion-mnist", "--per-class", 5, "--hidden", "20",
                    "--epochs", 50, "-o", self.folder / "m")
        self.assertNotIn("\r", done.stderr)

    def test_a_progress_bar_with_loss_on_a_terminal(self):
        command = (f"{PROGRAM} train --data fashion-mnist --per-class 100 --epochs 3 "
                   f"-o {self.folder}/m")
        done = subprocess.run(["script", "-qec", command, "/dev/null"], capture_output=True,
                              text=True, timeout=300)
        self.assertRegex(done.stdout, r"[\r\n]train \[#*\.*\] +\d+%")
        self.assertIn("loss", done.stdout)
