"""Pages in a browser: Debian's Chromium, driven by web/tests/look.mjs."""

import csv
import io
import json
import os
import pathlib
import subprocess

from integration.program import PARAMETERS, ProgramTest
from integration.report_data import MARKUP, MIXED, make_database, make_task_database

LOOK = pathlib.Path(__file__).resolve().parents[2] / "web" / "tests" / "look.mjs"


class ReportPageTest(ProgramTest):
    def look(self, page):
        done = subprocess.run([os.environ["NODE"], LOOK, page], capture_output=True, text=True,
                              timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def assert_is_well(self, seen):
        self.assertEqual(seen["errors"], [])
        self.assertEqual(seen["requests"], [], "a page needs nothing from the network")
        desktop = seen["desktop"]
        for chart in desktop["charts"]:
            with self.subTest(chart["id"]):
                self.assertGreater(chart["marks"], 0, "it is drawn")
                self.assertTrue(all(marks > 0 for marks in chart["choices"]), chart["choices"])
                self.assertTrue(chart["text"].startswith(chart["title"]))
                self.assertNotEqual(chart["tooltip"], "")
                self.assert_same_table(chart)
        self.assertEqual(desktop["first"], "skip", "the keyboard begins with a way to the figures")
        self.assertIn(desktop["copied"], ("Copied", "Press Ctrl-C"))
        self.assertTrue(desktop["svg"].startswith("<svg"))
        self.assertEqual(desktop["png"], "PNG")
        self.assertEqual(desktop["strange"], 0, "names are not markup")
        self.assertNotIn("NaN", desktop["text"])
        self.assertNotIn("undefined", desktop["text"])
        for view in ("desktop", "phone", "dark"):
            self.assertEqual(seen[view]["violations"], [], "of axe-core's rules")
        for view in ("desktop", "phone"):
            self.assertEqual(seen[view]["equalTicks"], [])
        self.assertEqual(seen["phone"]["overflow"], 0)
        self.assertEqual(seen["phone"]["cutWords"], [])
        self.assertEqual(set(seen["dark"]["drawn"]), {"dark"})
        self.assertEqual(seen["dark"]["background"], "rgb(10, 14, 19)")
        self.assertEqual(seen["print"]["buttons"], 0)
        self.assertEqual(seen["print"]["charts"], len(desktop["charts"]))
        self.assertLessEqual(seen["print"]["widest"], 0)
        self.assertEqual(seen["print"]["overflow"], 0)
        self.assertEqual(seen["print"]["pdf"], "%PDF")

    def assert_same_table(self, chart):
        """The table on the page and the CSV file have the same rows, of which a page shows 300."""
        self.assertNotIn("\n\n", chart["csv"])
        saved = list(csv.reader(io.StringIO(chart["csv"])))
        self.assertEqual(len(chart["rows"]), min(len(saved), 301))
        for shown, row in zip(chart["rows"], saved):
            for a, b in zip(shown, row, strict=True):
                if a != b.removeprefix("'"):
                    self.assertAlmostEqual(float(a), float(b), delta=1e-4 * abs(float(b)))

    def test_page_of_studies(self):
        page = self.folder / "page.html"
        self.run_well("report", make_database(self.folder), "-o", page)
        seen = self.look(page)
        self.assert_is_well(seen)
        desktop = seen["desktop"]
        self.assertEqual(desktop["title"], "Hypnos: results.sqlite")
        self.assertRegex(desktop["headline"], r"^Sleep alone (raised|cost|left) .* over \d configurations")
        self.assertIn(MARKUP, desktop["text"])
        self.assertIn("What <b>sleep</b> does", desktop["text"])
        titles = [chart["title"] for chart in desktop["charts"]]
        for title in ("Alternatives, ranked", "Accuracy by training samples per class",
                      "What sleep gains", "Confusions before and after sleep", "Recall of each class",
                      "Which classes gain, and which lose", "Weights strengthened and weakened",
                      "Weights before and after sleep", "Responses before and after sleep",
                      "Which classes are answered alike", "Firing during sleep"):
            self.assertIn(title, titles)
        self.assertTrue(any("hypnos run along.toml" in code for code in desktop["code"]))
        self.assertTrue(any("hypnos train --data" in code for code in desktop["code"]))
        self.assertTrue(any(f"hypnos report {self.folder}" in code for code in desktop["code"]))

    def test_gains_of_less_than_a_point(self):
        """The ticks of their axis say different things."""
        report = self.run_json("report", make_database(self.folder))
        for study in report["studies"]:
            for group in study["groups"]:
                for gain in group["gains"]:
                    for found in gain["measures"].values():
                        found.update({key: found[key] * 0.005 for key in ("mean", "low", "high")
                                      if found.get(key) is not None})
        small, page = self.folder / "small.json", self.folder / "small.html"
        small.write_text(json.dumps(report))
        self.run_well("report", small, "-o", page)
        self.assert_is_well(self.look(page))

    def test_page_of_tasks(self):
        page = self.folder / "page.html"
        self.run_well("report", make_task_database(self.folder), "-o", page)
        seen = self.look(page)
        self.assert_is_well(seen)
        desktop = seen["desktop"]
        self.assertRegex(desktop["headline"], r"^After three tasks networks that slept answer "
                         r"[\d.]+% of all test images \(n\s3.*; without sleep [\d.]+%; "
                         r"training on all at once [\d.]+%\. Sleep .* nearest class mean")
        self.assertRegex(desktop["text"], "On top of stored images, .* with 40 images")
        titles = [chart["title"] for chart in desktop["charts"]]
        self.assertEqual(titles, [
            "What is left in the end, ranked", "Accuracy of each task along the sequence",
            "Accuracy after each task", "Sleep and stored images",
            "Weights strengthened and weakened, last sleep",
            "Weights before and after sleep, last sleep", "Firing during sleep, last sleep"])

    def test_page_of_tasks_and_others(self):
        page = self.folder / "page.html"
        self.run_well("report", make_task_database(self.folder, MIXED), "-o", page)
        seen = self.look(page)
        self.assert_is_well(seen)
        self.assertRegex(seen["desktop"]["text"], r"Sleep alone .* over 1 configuration \(3 networks\)")
        charts = {chart["title"]: chart for chart in seen["desktop"]["charts"]}
        self.assertEqual(len(charts["What sleep gains"]["rows"]), 4, "head, and three gains of one")
        self.assertIn("Accuracy after each task", charts)
        self.assertIn("Firing during sleep, last sleep of each", charts)
        names = {row[0] for row in charts["Sleep and stored images"]["rows"][1:]}
        self.assertTrue({"iCaRL · exemplars herding", "iCaRL · exemplars random"} <= names,
                        f"named once: {names}")

    def test_page_of_a_sleep(self):
        model = self.train("model", "--learning-rate", 0.1, epochs=20)
        page = self.folder / "sleep.html"
        sleep = ("sleep", model, "--params", PARAMETERS, "--set", "steps=700", "-o",
                 self.folder / "out", "--report", page)
        self.run_well(*sleep, "--trace", self.folder / "trace.csv", "--trace-steps", 300)
        self.assertEqual(sorted(path.name for path in self.folder.glob("*.npy*")), [])
        seen = self.look(page)
        self.assert_is_well(seen)
        self.assertRegex(seen["desktop"]["headline"],
                         r"^Over 700 steps of sleep, test accuracy (rose|fell|stayed)")
        titles = [chart["title"] for chart in seen["desktop"]["charts"]]
        for title in ("Confusions before and after sleep", "Recall of each class", "Spikes",
                      "Rates along the sleep", "What the sleep sees", "Accuracy along the sleep"):
            self.assertIn(title, titles)

    def test_page_of_a_guarded_sleep(self):
        model = self.train("model", "--learning-rate", 0.1, epochs=20)
        page = self.folder / "sleep.html"
        self.run_well("sleep", model, "--params", PARAMETERS, "--set", "steps=300", "--guard",
                      "holdout", "-o", self.folder / "out", "--report", page)
        self.assertRegex(self.look(page)["desktop"]["text"],
                         "The guard (found that sleep helps|did not let the network sleep)")
