"""What hypnos report writes: pages, figures, JSON. How pages look is the matter of report_page_test."""

import copy
import json
import os
import pathlib
import random
import re
import tempfile
import xml.etree.ElementTree

from integration.program import ProgramTest, call
from integration.report_data import MARKUP, make_database, make_task_database

HAS_PAGE = os.environ["HYPNOS_REPORT"] == "1"
EMBEDDED = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.S)
MOST_BYTES = 2_500_000


class ReportTest(ProgramTest):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="hypnos-test-")
        cls.addClassCleanup(temporary.cleanup)
        cls.database = make_database(pathlib.Path(temporary.name))

    def report(self):
        return self.run_json("report", self.database)

    def write_report(self, report):
        path = self.folder / "report.json"
        path.write_text(json.dumps(report))
        return path

    def page(self, *arguments):
        path = self.folder / "page.html"
        self.run_well("report", *arguments, "-o", path)
        return path.read_text()

    def test_json_agrees_with_the_results(self):
        report = self.report()
        self.assertEqual([study["name"] for study in report["studies"]], [MARKUP, "along"])
        trials = self.run_json("results", self.database, "--study", "along")["trials"]
        group = report["studies"][1]["groups"][0]
        same = [trial for trial in trials if trial["configuration"]["choices"]["per_class"] == 20]
        accuracies = [trial["measurements"]["before"]["accuracy"] for trial in same]
        measured = group["moments"]["before"]["measures"]["accuracy"]
        self.assertEqual(measured["n"], 2)
        self.assertAlmostEqual(measured["mean"], sum(accuracies) / 2, places=4)
        self.assertEqual(len(group["layers"]), 4)
        self.assertEqual(sum(group["histograms"][0]["before"]), 64 * 32)
        self.assertEqual(len(group["layers"][3]["responses"]["after"]["correlations"]), 10)
        self.assertEqual(group["layers"][3]["responses"]["after"]["sparsity"]["n"], 2)
        one = self.run_json("report", self.database, "--study", "along")
        self.assertEqual(one["studies"], report["studies"][1:])

    def test_distortions_agree_with_the_results(self):
        groups = self.report()["studies"][0]["groups"]
        group, = (g for g in groups if g["choices"]["name"] == "thinned out")
        self.assertEqual({g["choices"]["name"] for g in groups if "distorted" in g},
                         {"thinned out", "of 30"})
        distorted = group["distorted"]
        self.assertEqual(distorted["distortions"], ["gaussian-noise=0.3", "blur=1"])
        trials = [t for t in self.run_json("results", self.database, "--study", MARKUP)["trials"]
                  if "keep" in t["configuration"]["choices"]]
        self.assertEqual(len(trials), 2)
        means = {}
        for moment in ("before", "after_sleep", "after_finetuning", "control"):
            by_trial = [[d["accuracy"] for d in t["measurements"][moment]["distorted"]]
                        for t in trials]
            means[moment] = sum(map(sum, by_trial)) / 4
            at = distorted["moments"][moment]
            self.assertEqual(at["mean"]["n"], 2)
            self.assertAlmostEqual(at["mean"]["mean"], means[moment], places=4)
            for d, summary in enumerate(at["each"]):
                self.assertAlmostEqual(summary["mean"], (by_trial[0][d] + by_trial[1][d]) / 2,
                                       places=4)
        self.assertEqual(len(distorted["gains"]), 3)
        for gain in distorted["gains"]:
            self.assertAlmostEqual(gain["mean"], means[gain["to"]] - means[gain["from"]], places=4)
            self.assertLessEqual(gain["low"], gain["mean"])

    def test_tasks_agree_with_the_results(self):
        database = make_task_database(self.folder)
        report = self.run_json("report", database)
        study = report["studies"][0]
        trials = self.run_json("results", database)["trials"]
        compared = set()
        for gain in study["sequence_gains"]:
            group, other = (study["groups"][gain[key]] for key in ("group", "over"))
            mean = self.final_accuracy(trials, group) - self.final_accuracy(trials, other)
            self.assertAlmostEqual(gain["mean"], mean, places=4)
            self.assertLessEqual(gain["low"], gain["mean"])
            self.assertEqual(group["choices"]["learner"], "sleep")
            compared.add(other["choices"]["learner"])
        self.assertEqual(compared, {"sequential", "joint", "nearest-class-mean", "lda", "icarl"})
        for group in study["groups"]:
            self.assertEqual(group["gains"], [])
            joint = group["choices"]["learner"] == "joint"
            self.assertEqual(len(group["sequence"]["rows"]), 1 if joint else 3)
        self.assertEqual(self.run_json("report", self.write_report(report))["studies"], [study])

    def final_accuracy(self, trials, group):
        """Mean over the seeds."""
        accuracies = [(t["measurements"].get("after_sleep") or t["measurements"]["before"])["accuracy"]
                      for t in trials if t["configuration"]["choices"] == group["choices"]]
        self.assertEqual(len(accuracies), 3)
        return sum(accuracies) / 3

    def test_json_is_a_report_again(self):
        report = self.report()
        path = self.write_report(report)
        again = self.run_json("report", path)
        self.assertEqual(again["studies"], report["studies"])
        self.assertEqual(self.run_json("report", path, "--study", "along")["studies"],
                         report["studies"][1:])
        self.assert_refused("there is no study \"nix\"", "report", path, "--study", "nix", "--json")

    def test_files_that_are_no_reports(self):
        whole = json.dumps(self.report())
        path = self.folder / "file"
        for text, message in [
                ("[1, 2]", "is neither a results database"),
                (whole[:-1], "is damaged: not whole JSON"),
                (whole.replace('"hypnos_report": 1', '"hypnos_report": 2'),
                 "was written by another Hypnos"),
                (whole.replace('"planned": ', '"plannned": '), "studies[0].planned: is missing")]:
            with self.subTest(message):
                path.write_text(text)
                self.assert_refused(message, "report", path, "--json")
        self.assert_refused("there is no such file", "report", self.folder / "nix", "--json")
        self.assert_refused("is a folder", "report", self.folder, "--json")
        path.write_bytes(b"SQLite format 3\0" + b"x" * 100)
        self.assert_refused("is not a results database", "report", path, "--json")

    def test_damaged_json_is_refused_in_one_line(self):
        report = self.report()
        noise = random.Random(1)

        def damage(value):
            """Takes away, or replaces, something somewhere in it."""
            key = noise.choice(list(value) if isinstance(value, dict) else range(len(value)))
            if isinstance(value[key], (dict, list)) and value[key] and noise.random() < 0.9:
                damage(value[key])
            elif noise.random() < 0.5:
                del value[key]
            else:
                value[key] = noise.choice([None, [], {}, "text", 7, True])

        for _ in range(6):
            damaged = copy.deepcopy(report)
            damage(damaged)
            done = call("report", self.write_report(damaged), "--json")
            self.assertIn(done.returncode, (0, 2), done.stderr)
            if done.returncode == 2:
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_calls_that_cannot_be(self):
        self.assert_refused("name the page to write", "report", self.database)
        if not HAS_PAGE:
            for option in ("-o", "--figures"):
                self.assert_refused("was built without Node.js", "report", self.database, option,
                                    self.folder / "x")
            self.assertNotIn("--report", self.run_well("sleep", "--help").stdout)
            return
        self.assert_refused("there is no folder", "report", self.database, "-o", self.folder / "no/x")
        self.assert_refused("there is no study \"nix\"", "report", self.database, "--study", "nix",
                            "-o", self.folder / "x")
        self.assert_refused("is not a recording", "report", self.database, "--recording",
                            self.database, "-o", self.folder / "x")
        self.assertFalse((self.folder / "x").exists())

    if HAS_PAGE:
        def embedded(self, page):
            self.assertEqual(page.count("</script>"), 2, "data end no element of the page")
            data = json.loads(EMBEDDED.search(page).group(1))
            for key in ("source", "command"):
                data.pop(key)
            return data

        def test_database_and_json_make_the_same_page(self):
            of_database = self.embedded(self.page(self.database))
            of_json = self.embedded(self.page(self.write_report(self.report())))
            self.assertEqual(of_database, of_json)

        def test_scripts_name_what_was_done(self):
            studies = self.embedded(self.page(self.database))["studies"]
            by_name = {g["choices"].get("name"): g["script"] for g in studies[0]["groups"]}
            self.assertIn("--keep 3=0.5,4=0.5", by_name["thinned out"])
            self.assertIn(f"--data '{self.database.parent / MARKUP}'", by_name["thinned out"])
            evals = [line for line in by_name["thinned out"].splitlines() if "hypnos eval" in line]
            self.assertEqual(len(evals), 4)
            for line in evals:
                self.assertIn("--distort gaussian-noise=0.3,blur=1 --distort-seed 1", line)
            self.assertNotIn("--distort", studies[1]["groups"][0]["script"])
            self.assertEqual(by_name["neighbors"], "", "there is no such verb")

        def test_size(self):
            """All of Figure 1: 24 configurations of 10 classes, with a margin."""
            report = self.report()
            study = report["studies"][1]
            group = study["groups"][0]
            for moment in group["moments"].values():
                moment["classes"] *= 2
                moment["confusion"] = [2 * row for row in 2 * moment["confusion"]]
            study["groups"] = [dict(group, choices={"fraction": (i + 1) / 100}) for i in range(30)]
            study["varying"] = ["fraction"]
            report["studies"] = [study]
            size = len(self.page(self.write_report(report)).encode())
            self.assertLess(size, MOST_BYTES)

        def test_scripts_of_tasks_are_those_of_the_study(self):
            study = self.embedded(self.page(make_task_database(self.folder)))["studies"][0]
            self.assertIn("hypnos run tasks.toml", study["script"])
            self.assertEqual({group["script"] for group in study["groups"]}, {""})

        def test_figures_of_tasks(self):
            names = self.figures(make_task_database(self.folder))
            for figure in ("tasks-sequences", "tasks-tasks-best-of-each", "tasks-matrix-sleep",
                           "tasks-memory", "tasks-weights"):
                self.assertIn(figure, names)
            for figure in ("tasks-gains", "tasks-accuracy", "tasks-confusion"):
                self.assertNotIn(figure, names)

        def test_figures(self):
            names = self.figures(self.database)
            for figure in ("along-accuracy", "along-gains", "along-confusion", "along-recall",
                           "along-weights", "along-histograms", "along-responses",
                           "along-correlations", "along-activity"):
                self.assertIn(figure, names)
            for figure in ("along-distorted", "along-each-distortion"):
                self.assertNotIn(figure, names)
            self.assertIn("-each-distortion", names)

        def figures(self, database):
            """The names of all files, one after the other."""
            folder = self.folder / "figures"
            done = self.run_well("report", database, "--figures", folder)
            files = sorted(folder.iterdir())
            self.assertIn(f"{len(files)} figures", done.stderr)
            for file in files:
                text = file.read_text()
                xml.etree.ElementTree.fromstring(text)
                self.assertNotIn("NaN", text, file)
                self.assertNotIn("undefined", text, file)
                self.assertNotIn("Control: trained on, no sl…", text, file)
            return " ".join(file.name for file in files)
