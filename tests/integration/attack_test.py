"""What an attack on the program found: files that were overwritten or lost, and harm let in."""

import json
import os
import pathlib
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import time

import numpy

from integration.program import PROGRAM, ProgramTest, call
from integration.small_data import SLEEP, write_data

HAS_PAGE = os.environ["HYPNOS_REPORT"] == "1"


def limited(size):
    """Lets no file grow further than that."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


class AttackTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        write_data(self.data)
        self.model = self.folder / "model"
        self.run_well("train", "--data", self.data, "--hidden", "64,32", "--protocol", "modern",
                      "--epochs", 2, "-o", self.model)
        self.parameters = self.folder / "sleep.toml"
        self.parameters.write_text(SLEEP)
        self.sleep = ["sleep", self.model, "--params", self.parameters]

    def run_study(self, name="plan", more="hidden = [8]\nstages = []\nseeds = 2\n"):
        plan = self.folder / f"{name}.toml"
        plan.parent.mkdir(exist_ok=True)
        plan.write_text(f"answers = 'x'\ndata = '{self.data}'\nper_class = 20\nepochs = 1\n{more}")
        self.run_well("run", plan, "--db", self.folder / "r.sqlite")
        return self.folder / "r.sqlite"

    def run_sleep_study(self, stages):
        return self.run_study("slept", f"hidden = [64, 32]\nstages = {stages}\nsleep = 'sleep.toml'\n"
                                       "finetune_epochs = 1\nseeds = 1\n")


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


class DatabaseTest(AttackTest):
    def damage(self, statement):
        with sqlite3.connect(self.folder / "damaged.sqlite") as database:
            database.execute(statement)

    def test_impossible_rows_are_refused(self):
        database = self.run_study()
        for statement, message in (
                ("DELETE FROM confusions WHERE truth = 1 AND answer = 0", "answer is 1 where 0 is due"),
                ("DELETE FROM confusions", "pairs of classes are missing"),
                ("UPDATE confusions SET count = 7 WHERE truth = 1 AND answer = 1", "do not add up"),
                ("UPDATE confusions SET count = -1", "count is not a count"),
                ("DELETE FROM classes WHERE class = 2", "class is 3 where 2 is due"),
                ("UPDATE classes SET recall = 'x'", "recall is not a number"),
                ("UPDATE measurements SET accuracy = 7", "accuracy is not in [0, 1]"),
                ("UPDATE measurements SET accuracy = 9e999", "accuracy is not a number"),
                ("UPDATE measurements SET moment = 'noon'", "is no moment of a trial"),
                ("UPDATE trials SET configuration = '{'", "its configuration is not JSON"),
                ("UPDATE trials SET configuration = '[]'", "its configuration: is not an object"),
                ("UPDATE trials SET configuration = json_set(configuration, '$.seed', 'x')",
                 "seed: is not a number"),
                ("UPDATE trials SET configuration = json_set(configuration, '$.subset.keep',"
                 " json('{\"77\": 0.5}'))", "there is no class \"77\""),
                ("UPDATE trials SET configuration = json_set(configuration, '$.subset.keep',"
                 " json('{\"x\": 0.5}'))", "there is no class \"x\""),
                ("UPDATE trials SET samples = x'00'", "samples is not a count")):
            with self.subTest(statement):
                shutil.copy(database, self.folder / "damaged.sqlite")
                self.damage(statement)
                for arguments in (["results"], ["results", "--measure", "cut_recall"], ["results", "--csv"],
                                  ["results", "--json"], ["report", "--json"]):
                    self.assert_refused("damaged.sqlite: is damaged: trial ", arguments[0],
                                        self.folder / "damaged.sqlite", *arguments[1:])
                self.assertIn(message, call("results", self.folder / "damaged.sqlite").stderr)

    def test_impossible_layers_are_refused(self):
        database = self.run_sleep_study("['sleep']")
        for statement, message in (
                ("UPDATE class_correlations SET layer = 0 WHERE layer = 1", "there is no layer 0"),
                ("UPDATE responses SET layer = 12000000 WHERE layer = 1", "there is no layer 12000000"),
                ("DELETE FROM responses WHERE layer = 2", "4 rows where 6 are due"),
                ("DELETE FROM class_correlations WHERE class = 1 AND other = 1", "other is 2 where 1 is due"),
                ("DELETE FROM class_correlations WHERE class = 4", "pairs of classes are missing"),
                ("UPDATE weights SET layer = 9 WHERE layer = 1", "there is no layer 9"),
                ("DELETE FROM weights WHERE moment = 'before' AND layer = 1", "5 rows where 6 are due"),
                ("DELETE FROM weight_changes WHERE layer = 3", "lacks layers"),
                ("DELETE FROM weight_histograms WHERE moment = 'before' AND bin > 30", "has other bins"),
                ("DELETE FROM weight_histograms WHERE bin = 5", "bin is 6 where 5 is due"),
                ("DELETE FROM activity WHERE layer = 1", "layer is 2 where 1 is due"),
                ("UPDATE activity SET units = 'many'", "units is not a count")):
            with self.subTest(statement):
                shutil.copy(database, self.folder / "damaged.sqlite")
                self.damage(statement)
                for arguments in (["results", "--weights"], ["results", "--json"], ["report", "--json"]):
                    self.assert_refused("is damaged: trial ", arguments[0], self.folder / "damaged.sqlite",
                                        *arguments[1:])
                self.assertIn(message, call("results", self.folder / "damaged.sqlite").stderr)

    def test_views_and_triggers_are_no_tables(self):
        database = self.run_study()
        with sqlite3.connect(database) as file:
            file.execute("ALTER TABLE durations RENAME TO renamed")
            file.execute("CREATE VIEW durations AS WITH RECURSIVE r(trial, what, seconds) AS (SELECT id, 'a', 1"
                         " FROM trials UNION ALL SELECT trial, what, seconds + 1 FROM r) SELECT * FROM r")
        self.assert_refused("its table durations is not as Hypnos makes it", "results", database)
        with sqlite3.connect(database) as file:
            file.execute("DROP VIEW durations")
            file.execute("ALTER TABLE renamed RENAME TO durations")
        self.run_well("results", database)
        with sqlite3.connect(database) as file:
            file.execute("CREATE TRIGGER t AFTER INSERT ON trials BEGIN DELETE FROM durations; END")
        self.assert_refused("has the trigger \"t\"", "run", self.folder / "plan.toml", "--db", database)

    def test_readers_write_nothing(self):
        database = self.run_study()
        names = {file.name for file in self.folder.iterdir()}
        self.assertEqual({n for n in names if n.startswith("r.sqlite")},
                         {"r.sqlite", "r.sqlite.lock", "r.sqlite.cache"})
        # Older versions left their databases in WAL mode.
        with sqlite3.connect(database) as file:
            file.execute("PRAGMA journal_mode = WAL")
        file.close()
        before = database.read_bytes()
        for verb in (["results", database], ["report", database, "--json"],
                     ["run", self.folder / "plan.toml", "--db", database, "--list"]):
            self.run_well(*verb)
            self.assertEqual({file.name for file in self.folder.iterdir()}, names)
            self.assertEqual(database.read_bytes(), before)
        self.run_well("run", self.folder / "plan.toml", "--db", database)
        self.assertEqual(database.read_bytes()[18:20], b"\1\1", "no longer in WAL mode")

    def test_somebody_else_reads_while_it_is_written(self):
        database = self.run_study()
        with sqlite3.connect(database, isolation_level=None) as writer:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("UPDATE trials SET failure = 'under way'")
            self.assertNotIn("under way", self.run_well("results", database, "--csv").stdout)
            writer.execute("ROLLBACK")

    def test_many_seeds_are_refused_before_they_take_memory(self):
        self.run_study()
        plan = self.folder / "plan.toml"
        begin = time.monotonic()
        self.assert_refused("stands for more than 100000 trials", "run", plan, "--db", self.folder / "r.sqlite",
                            "--set", "seeds=1000000", "--list")
        self.assert_refused("stands for more than 100000 trials", "run", plan, "--db", self.folder / "r.sqlite",
                            "--set", "seeds=50000", "--set", "epochs=[1, 2, 3]", "--list")
        self.assertLess(time.monotonic() - begin, 10)


class PageTest(AttackTest):
    def test_copied_commands_run_nothing_else(self):
        if not HAS_PAGE:
            self.skipTest("built without Node.js")
        database = self.run_sleep_study("['sleep', 'finetune']")
        report = self.run_json("report", database)
        study = report["studies"][0]
        harm = self.folder / "harm"
        study["name"] = f"$(touch {harm})"
        study["plan"] += f"\nEND\ntouch {harm}\n"
        group = study["groups"][0]
        group["choices"]["finetune_learning_rate"] = f"$(touch {harm})"
        group["choices"]["protocol"] = f"'; touch {harm}; '"
        group["configuration"]["parameters"] += f"END\ntouch {harm}\n"
        group["configuration"]["data"] = f"x\ntouch {harm}\n\x1b[201~\rtouch {harm}\r"
        path = self.folder / "it's.json"
        path.write_text(json.dumps(report))
        page = self.folder / "page.html"
        self.run_well("report", path, "-o", page)
        begin = page.read_text().index('id="data">') + len('id="data">')
        shown = json.loads(page.read_text()[begin:].split("</script>")[0])
        empty = self.folder / "bin"
        empty.mkdir()
        (empty / "hypnos").symlink_to("/bin/true")
        work = self.folder / "work"
        work.mkdir()
        for command in (shown["studies"][0]["script"], shown["studies"][0]["groups"][0]["script"],
                        shown["command"]):
            self.assertNotIn("\x1b", command)
            subprocess.run(["bash", "-c", command], check=True, cwd=work,
                           env={"PATH": f"{empty}:/usr/bin:/bin"})
        self.assertFalse(harm.exists())
        self.assertEqual((work / "sleep.toml").read_text(), group["configuration"]["parameters"])

    def test_the_page_runs_its_own_script_only(self):
        if not HAS_PAGE:
            self.skipTest("built without Node.js")
        page = self.folder / "page.html"
        self.run_well("report", self.run_study(), "-o", page)
        policy = page.read_text().split('content="default-src')[1].split('"')[0]
        self.assertRegex(policy, r"script-src 'sha256-[A-Za-z0-9+/=]{44}';")
