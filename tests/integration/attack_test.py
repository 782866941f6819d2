"""What an attack on the program found: files that were overwritten or lost."""

import os
import resource
import shutil
import signal
import stat
import subprocess
import time
import unittest

import numpy

from integration.attack import HAS_PAGE, AttackTest
from integration.program import PROGRAM, call


def limited(size):
    """Lets no file grow further than that."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


class OverwritingTest(AttackTest):
    def assert_nothing_changes(self, message, *arguments):
        before = {file: file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        self.assert_refused(message, *arguments)
        after = {file: file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        self.assertEqual(before.keys(), after.keys())
        self.assertEqual(before, after)

    def test_no_output_overwrites_another(self):
        x = self.folder / "x.npy"
        (self.folder / "link.npy").symlink_to("x.npy")
        (self.folder / "also").symlink_to(".")
        for options in (["-o", x, "--record", x], ["-o", x, "--trace", x],
                        ["-o", self.folder / "link.npy", "--record", x],
                        ["-o", x, "--record", self.folder / "also" / "x.npy"],
                        ["-o", self.folder / "y", "--record", x, "--trace", self.folder / "x.state.npy"],
                        ["-o", x, "--trace", f"{x}.interrupted"],
                        *([["-o", x, "--report", x]] if HAS_PAGE else [])):
            with self.subTest(options):
                self.assert_nothing_changes("are one file", *self.sleep, *options)

    def test_no_output_overwrites_an_input(self):
        out = self.folder / "out"
        hard = self.folder / "hard"
        os.link(self.model, hard)
        spikes = self.folder / "spikes.npy"
        numpy.save(spikes, numpy.zeros((600, 64), bool))
        images = self.data / "train-images.npy"
        for arguments in ([*self.sleep, "-o", out, "--trace", self.model],
                          [*self.sleep, "-o", out, "--trace", hard],
                          [*self.sleep, "-o", self.parameters],
                          [*self.sleep, "-o", spikes, "--input-spikes", spikes],
                          [*self.sleep, "-o", images],
                          ["train", "--data", self.data, "-o", images],
                          ["train", "--data", self.data, "--init", self.model, "-o", self.model],
                          ["wake", self.model, "-o", images],
                          ["finetune", self.model, "-o", images],
                          ["tune", self.model, "-o", self.model],
                          ["tune", self.model, "--start", self.parameters, "-o", self.parameters]):
            with self.subTest(arguments):
                self.assert_nothing_changes("would overwrite", *arguments)

    def test_a_model_may_replace_itself(self):
        for verb in (self.sleep, ["wake", self.model], ["finetune", self.model, "--epochs", 1]):
            before = self.model.read_bytes()
            self.run_well(*verb, "-o", self.model)
            self.assertNotEqual(before, self.model.read_bytes())

    def test_results_are_not_replaced_by_their_page(self):
        database = self.run_study()
        report = self.folder / "r.json"
        report.write_text(self.run_well("report", database, "--json").stdout)
        for source in (database, report):
            if HAS_PAGE:
                self.assert_nothing_changes("would overwrite", "report", source, "-o", source)
        self.assert_nothing_changes("would overwrite", "run", self.folder / "plan.toml", "--db",
                                    self.folder / "plan.toml")

    def test_links_and_permissions_stay(self):
        link = self.folder / "link"
        link.symlink_to("target")
        self.run_well("wake", self.model, "-o", link)
        self.assertTrue(link.is_symlink())
        target = self.folder / "target"
        for mode in (0o600, 0o640, 0o664):
            target.chmod(mode)
            self.run_well("wake", self.model, "-o", link)
            self.assertEqual(stat.S_IMODE(target.stat().st_mode), mode)

    def test_two_studies_of_one_name(self):
        database = self.run_study(name="a/plan")
        other = self.folder / "b" / "plan.toml"
        other.parent.mkdir()
        other.write_text((self.folder / "a" / "plan.toml").read_text().replace("epochs = 1", "epochs = 2"))
        self.assert_refused(f"the study \"plan\" is of another plan, {self.folder}/a/plan.toml; give this "
                            "one another name with --study NAME", "run", other, "--db", database)
        self.run_well("run", other, "--db", database, "--study", "second")
        studies = {study["name"]: study for study in self.run_json("results", database)["studies"]}
        self.assertEqual({name: study["done"] for name, study in studies.items()},
                         {"plan": 2, "second": 2})


class FullDiskTest(AttackTest):
    def test_the_model_is_written_before_what_fills_the_disk(self):
        plain = self.folder / "plain"
        self.run_well(*self.sleep, "-o", plain)
        size = plain.stat().st_size
        out = self.folder / "out"
        for options in (["--trace", "/dev/full"],
                        ["--record", self.folder / "night.npy", "--record-steps", 1]):
            with self.subTest(options):
                done = call(*self.sleep, "-o", out, *options, preexec_fn=limited(size + 5000))
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn("cannot be written", done.stderr.splitlines()[-1])
                self.assertEqual(out.read_bytes(), plain.read_bytes())
                out.unlink()
        self.assertEqual(sorted(self.folder.glob("night*")), [])

    def test_a_file_that_may_not_grow_leaves_nothing(self):
        before = sorted(self.folder.iterdir())
        done = call("wake", self.model, "-o", self.folder / "out", preexec_fn=limited(1000))
        self.assertEqual(done.returncode, 1)
        self.assertIn("File too large", done.stderr)
        self.assertEqual(sorted(self.folder.iterdir()), before)

    def test_the_next_call_removes_what_a_killed_one_left(self):
        out = self.folder / "out"
        command = [*self.sleep, "-o", out, "--record", self.folder / "night.npy"]
        if HAS_PAGE:
            command += ["--report", self.folder / "page.html"]
        before = set(self.folder.iterdir())
        process = subprocess.Popen([PROGRAM, *map(str, command), "--set", "steps=100000000"],
                                   stderr=subprocess.DEVNULL)
        while not list(self.folder.glob("night*hypnos-part")):
            time.sleep(0.01)
        process.kill()
        process.wait()
        self.assertNotEqual(set(self.folder.iterdir()), before)
        self.run_well(*command)
        left = {file.name for file in set(self.folder.iterdir()) - before}
        self.assertEqual(left, {"out", "night.npy", "night.state.npy"} | ({"page.html"} if HAS_PAGE else set()))


class InterruptionTest(AttackTest):
    def test_every_signal_keeps_what_there_is(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                night = self.folder / "night.npy"
                process = subprocess.Popen(
                    [PROGRAM, *map(str, self.sleep), "--set", "steps=100000000", "--record", night,
                     "-o", self.folder / "out"], stderr=subprocess.DEVNULL)
                while not list(self.folder.glob("night*hypnos-part")):
                    time.sleep(0.01)
                time.sleep(0.2)
                process.send_signal(number)
                self.assertEqual(process.wait(timeout=60), 128 + number)
                self.assertGreater(len(numpy.load(self.folder / "night.interrupted.npy")), 0)
                names = {file.name for file in self.folder.iterdir()}
                self.assertEqual(names, {"data", "model", "sleep.toml", "out.interrupted",
                                         "night.interrupted.npy", "night.interrupted.state.npy"})

    @unittest.skipUnless(HAS_PAGE, "built without the page")
    def test_what_was_recorded_for_a_page_goes(self):
        process = subprocess.Popen(
            [PROGRAM, *map(str, self.sleep), "--set", "steps=100000000", "--report", "page.html",
             "-o", "out"], stderr=subprocess.DEVNULL, cwd=self.folder)
        while not list(self.folder.glob("page*hypnos-part*")):
            time.sleep(0.01)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 128 + signal.SIGINT)
        names = {file.name for file in self.folder.iterdir()}
        self.assertEqual(names, {"data", "model", "sleep.toml", "out.interrupted"})

    def test_nohup_stays(self):
        process = subprocess.Popen(
            [PROGRAM, *map(str, self.sleep), "--set", "steps=100000000", "-o", self.folder / "out"],
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        time.sleep(1)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 128 + signal.SIGTERM)

    def test_the_guard_heeds_signals_at_any_moment(self):
        model = self.folder / "guarded"
        self.run_well("train", "--data", self.data, "--hidden", "64,32", "--protocol", "modern",
                      "--epochs", 1, "-o", model)
        command = ["sleep", model, "--params", self.parameters, "--set", "steps=5000000", "--guard", "folds",
                   "-o", self.folder / "out"]
        for number, moment in ((signal.SIGINT, 0.3), (signal.SIGTERM, 0.9), (signal.SIGHUP, 1.7),
                               (signal.SIGINT, 3.1)):
            with self.subTest(moment):
                process = subprocess.Popen([PROGRAM, *map(str, command)], stderr=subprocess.DEVNULL)
                time.sleep(moment)
                self.assertIsNone(process.poll(), "the work ended too early for this test")
                process.send_signal(number)
                begin = time.monotonic()
                # Before the program has begun to listen, a signal ends it as it ends any other.
                codes = {128 + number, -number} if moment < 0.5 else {128 + number}
                self.assertIn(process.wait(timeout=60), codes)
                self.assertLess(time.monotonic() - begin, 20)
                self.assertFalse((self.folder / "out").exists())


class JournalTest(AttackTest):
    def tune(self, *options):
        return [PROGRAM, "tune", str(self.model), "--on", "train", "--noise-seeds", "1", "--max-steps",
                "300", "--set", "patch=3", "-o", str(self.folder / "found.toml"), *map(str, options)]

    def interrupted(self):
        """A search that was killed after some candidates; the journal."""
        journal = self.folder / "found.toml.search"
        process = subprocess.Popen(self.tune("--budget", 100000), stderr=subprocess.DEVNULL)
        while not journal.exists() or journal.read_text().count("\n") < 5:
            time.sleep(0.01)
            self.assertIsNone(process.poll())
        return process, journal

    def test_two_searches_do_not_share_a_journal(self):
        process, journal = self.interrupted()
        self.addCleanup(process.kill)
        done = subprocess.run(self.tune("--budget", 100000), capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is in use by another search", done.stderr)
        process.kill()
        process.wait()
        lines = journal.read_text().splitlines()
        self.assertEqual(len(lines), len(set(lines)))

    def test_names_content_and_not_files(self):
        process, _ = self.interrupted()
        process.kill()
        process.wait()
        # The same network by another name goes on; another by the same name does not.
        name, kept = self.model, self.folder / "kept"
        shutil.move(name, kept)
        self.assertIn("going on after", self.interrupted_again(kept))
        self.run_well("finetune", kept, "--epochs", 1, "--learning-rate", 1e-6, "-o", name)
        self.assertIn("left from another search", self.interrupted_again(name))
        images = self.data / "train-images.npy"
        numpy.save(images, numpy.load(images) * numpy.float32(0.5))
        self.assertNotIn("going on after", self.interrupted_again(kept))

    def interrupted_again(self, model):
        self.model = model
        process = subprocess.Popen(self.tune("--budget", 100000), stderr=subprocess.PIPE, text=True)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        return process.communicate(timeout=60)[1]

    def test_a_journal_that_could_not_be_written_is_no_other_search(self):
        done = subprocess.run(self.tune("--budget", 10), capture_output=True, text=True,
                              preexec_fn=limited(100))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("found.toml.search: cannot be written", done.stderr)
        done = subprocess.run(self.tune("--budget", 10), capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
