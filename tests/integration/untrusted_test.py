"""What an attack on the program found: harm in databases and reports from elsewhere."""

import json
import shutil
import sqlite3
import subprocess
import time

from integration.attack import HAS_PAGE, AttackTest
from integration.program import call


class DatabaseTest(AttackTest):
    def damage(self, statement):
        with sqlite3.connect(self.folder / "damaged.sqlite") as database:
            database.execute(statement)

    def test_impossible_rows_are_refused(self):
        database = self.run_study()
        for statement, message in (
                ("UPDATE measurements SET confusion = json_remove(confusion, '$[1][0]')", "pairs of classes are missing"),
                ("UPDATE measurements SET confusion = json_remove(confusion, '$[1]')", "pairs of classes are missing"),
                ("UPDATE measurements SET confusion = '[]'", "pairs of classes are missing"),
                ("UPDATE measurements SET confusion = json_set(confusion, '$[1][1]', 7)", "do not add up"),
                ("UPDATE measurements SET confusion = json_set(confusion, '$[1][1]', -1)", "a confusion is not a count"),
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

    def test_a_database_that_sqlite_cannot_follow_is_refused(self):
        database = self.run_sleep_study("['sleep']")
        content = bytearray(database.read_bytes())
        content[44:48] = (9).to_bytes(4, "big")  # the number of the schema's format
        (self.folder / "damaged.sqlite").write_bytes(content)
        self.assert_refused("damaged.sqlite: cannot be used as a results database: unsupported file format",
                            "results", self.folder / "damaged.sqlite")

    def test_impossible_layers_are_refused(self):
        database = self.run_sleep_study("['sleep']")
        for statement, message in (
                ("UPDATE responses SET layer = 0 WHERE layer = 1", "there is no layer 0"),
                ("UPDATE responses SET layer = 12000000 WHERE layer = 1", "there is no layer 12000000"),
                ("DELETE FROM responses WHERE layer = 2", "4 rows where 6 are due"),
                ("UPDATE responses SET correlations = json_remove(correlations, '$[3]')", "pairs of classes are missing"),
                ("UPDATE responses SET correlations = '[\"a\"]'", "a correlation is not a number"),
                ("UPDATE responses SET correlations = '7'", "correlations is not a list"),
                ("UPDATE responses SET correlations = x'00'", "correlations is not a text"),
                ("UPDATE weights SET layer = 9 WHERE layer = 1", "there is no layer 9"),
                ("DELETE FROM weights WHERE moment = 'before' AND layer = 1", "5 rows where 6 are due"),
                ("DELETE FROM weight_changes WHERE layer = 3", "lacks layers"),
                ("UPDATE weights SET histogram = '[1, 2]' WHERE moment = 'before'", "has other bins"),
                ("UPDATE weights SET histogram = '[1, -2]'", "a histogram has what is not a count"),
                ("UPDATE weights SET histogram = '" + "[" * 200 + "'", "histogram is not a list"),
                ("UPDATE weights SET histogram_high = histogram_low - 1", "ends before it begins"),
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
