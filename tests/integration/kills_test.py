"""Each verb that takes long is killed at random moments: nothing is written half, lost, or doubled.

HYPNOS_KILLS is the number of kills of each verb; HYPNOS_KILL_SEED draws their moments."""

import os
import random
import re
import subprocess
import time

from integration.program import PROGRAM, ProgramTest
from integration.small_data import SLEEP, write_data

HAS_PAGE = os.environ["HYPNOS_REPORT"] == "1"
KILLS = int(os.environ.get("HYPNOS_KILLS", 4))
SEED = int(os.environ.get("HYPNOS_KILL_SEED", random.randrange(10**6)))

PLAN = """
answers = "x"
data = "../data"
per_class = [10, 20]
hidden = [64, 32]
epochs = 5
sleep = "sleep.toml"
finetune_epochs = 2
seeds = 6
"""
TRAIN = ["train", "--data", "../data", "--hidden", "64,32", "--protocol", "modern", "-o"]
SLEEP_VERB = ["sleep", "model", "--params", "sleep.toml", "--set", "steps=20000"]


class KillsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        print(f"HYPNOS_KILL_SEED={SEED} HYPNOS_KILLS={KILLS}")
        self.moments = random.Random(SEED)
        write_data(self.folder / "data")
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()
        self.environment = {**os.environ, "TMPDIR": str(self.temporary)}

    def prepare(self, name, *commands):
        """A folder, and what these commands make there. Models name their data by its full path."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "sleep.toml").write_text(SLEEP)
        (folder / "plan.toml").write_text(PLAN)
        for command in commands:
            self.call_in(folder, command)
        return folder

    def call_in(self, folder, command):
        done = subprocess.run([PROGRAM, *map(str, command)], cwd=folder, capture_output=True, text=True,
                              timeout=300, env=self.environment)
        self.assertEqual(done.returncode, 0, done.stderr)

    @staticmethod
    def files(folder):
        return {str(file.relative_to(folder)): file for file in folder.rglob("*") if file.is_file()}

    def kill(self, command, before=(), alike=None):
        """Kills the command again and again, and lets it end once.

        alike: what is compared of a file; by default its bytes."""
        alike = alike or {}

        def content(name, file):
            return alike.get(name, lambda bytes: bytes)(file.read_bytes())

        undisturbed = self.prepare("undisturbed", *before)
        begin = time.monotonic()
        self.call_in(undisturbed, command)
        longest = time.monotonic() - begin
        expected = {name: content(name, file) for name, file in self.files(undisturbed).items()}
        folder = self.prepare("killed", *before)
        kept = {name: file.read_bytes() for name, file in self.files(folder).items()}
        for _ in range(KILLS):
            process = subprocess.Popen([PROGRAM, *map(str, command)], cwd=folder, env=self.environment,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(self.moments.uniform(0, 1.1 * longest))
            process.kill()
            process.wait()
            for name, file in self.files(folder).items():
                if name in kept:
                    self.assertEqual(file.read_bytes(), kept[name], name)
                elif name in expected and not name.startswith("r.sqlite"):
                    self.assertEqual(content(name, file), expected[name], f"{name} is whole")
        self.call_in(folder, command)
        found = {name: content(name, file) for name, file in self.files(folder).items()}
        self.assertEqual(found.keys(), expected.keys(), "what killed processes wrote half is gone")
        self.assertEqual(list(self.temporary.iterdir()), [])
        for name, value in found.items():
            self.assertEqual(value, expected[name], name)
        return folder, undisturbed

    def test_train(self):
        self.kill([*TRAIN, "out", "--epochs", 300])

    def test_sleep(self):
        watched = ["--record", "night.npy", "--record-steps", 100, "--trace", "t.csv", "--trace-steps", 1000]
        self.kill([*SLEEP_VERB, *watched, "-o", "out"], [[*TRAIN, "model", "--epochs", 2]])

    def test_tune(self):
        def without_time(content):
            return re.sub(rb"\nseconds = .*", b"", content)

        self.kill(["tune", "model", "--on", "train", "--noise-seeds", 1, "--max-steps", 500, "--budget", 300,
                   "--set", "patch=3", "-o", "found.toml"], [[*TRAIN, "model", "--epochs", 2]], {"found.toml": without_time})

    def test_run(self):
        def nothing(content):
            return len(content) > 0

        folders = self.kill(["run", "plan.toml", "--db", "r.sqlite", "--jobs", 2],
                            alike={"r.sqlite": nothing, "r.sqlite.lock": len})
        killed, undisturbed = (self.rows(folder / "r.sqlite") for folder in folders)
        self.assertEqual(len(undisturbed), 12)
        self.assertEqual(killed, undisturbed)

    def rows(self, database):
        trials = self.run_json("results", database)["trials"]
        for trial in trials:
            for key in ("seconds", "finished"):
                del trial[key]
        return trials

    def test_report(self):
        if not HAS_PAGE:
            self.skipTest("built without Node.js")
        before = [["run", "plan.toml", "--db", "r.sqlite"]]

        def without_times(content):
            return len(content) > 10000  # the two runs took other times

        folder, _ = self.kill(["report", "r.sqlite", "-o", "page.html", "--figures", "figures"], before,
                              {"r.sqlite": without_times, "page.html": without_times})
        self.assertTrue((folder / "page.html").read_text().rstrip().endswith("</html>"))
        for figure in (folder / "figures").iterdir():
            self.assertTrue(figure.read_text().rstrip().endswith("</svg>"), figure)
