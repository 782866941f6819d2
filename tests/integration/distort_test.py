"""hypnos eval under distortions, and plans that measure under them."""

import json

from integration.program import ProgramTest, call
from integration.small_data import write_data

LIST = "clean,gaussian-noise=0.4,salt-and-pepper=0.2,blur=1.5,contrast=0.3,occlusion=2,shift=1," \
       "rotation=30,fgsm=0.1,pgd=0.1"


class DistortTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        write_data(self.data)
        self.model = self.folder / "model"
        self.run_well("train", "--data", self.data, "--hidden", 20, "--epochs", 20, "--protocol",
                      "modern", "-o", self.model)

    def eval(self, *options):
        return self.run_json("eval", self.model, "--data", self.data, *options)

    def test_measures_each_distortion(self):
        found = self.eval("--distort", LIST)
        by_name = {one["distortion"]: one for one in found["distorted"]}
        self.assertEqual(",".join(by_name), LIST)
        self.assertEqual(by_name["clean"]["confusion"], found["confusion"])
        for one in by_name.values():
            for measure in ("accuracy", "balanced_accuracy", "macro_f1", "worst_recall",
                            "cross_entropy", "calibration_error"):
                self.assertIn(measure, one)
        self.assertLessEqual(by_name["pgd=0.1"]["accuracy"], by_name["clean"]["accuracy"])

    def test_is_the_same_again_and_another_by_another_seed(self):
        first, again, other = (
            self.eval("--distort", "gaussian-noise=0.5", "--distort-seed", seed)["distorted"]
            for seed in (1, 1, 2))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_prints_a_table_with_the_mean(self):
        text = self.run_well("eval", self.model, "--data", self.data, "--distort",
                             "blur=1,contrast=0.5").stdout
        self.assertRegex(text, r"(?m)^distortion +accuracy")
        self.assertRegex(text, r"(?m)^blur=1 +0\.\d{4}")
        self.assertRegex(text, r"(?m)^mean +0\.\d{4}")

    def test_refuses_what_is_none(self):
        for words, message in (("blurr=1", "there is no distortion"), ("blur", "needs its strength"),
                               ("blur=-1", "is not a number"), ("clean,clean", "twice")):
            with self.subTest(words):
                self.assert_refused(message, "eval", self.model, "--data", self.data, "--distort",
                                    words)

    def test_studies_measure_under_them(self):
        plan = self.folder / "robust.toml"
        plan.write_text(f'''answers = "How robust?"
data = "{self.data}"
hidden = [20]
epochs = 5
seeds = 2
protocol = "modern"
stages = []
distort = "clean,blur=1,fgsm=0.1"

[[variant]]
name = "network"

[[variant]]
name = "neighbors"
method = "nearest-neighbor"
distort = "clean,blur=1"
''')
        database = self.folder / "r.sqlite"
        self.run_well("run", plan, "--db", database)
        trials = json.loads(self.run_well("results", database, "--study", "robust", "--json").stdout)["trials"]
        self.assertEqual(len(trials), 4)
        for trial in trials:
            before = trial["measurements"]["before"]
            names = [one["distortion"] for one in before["distorted"]]
            self.assertEqual(",".join(names), trial["configuration"]["choices"]["distort"])
            self.assertEqual(before["distorted"][0]["accuracy"], before["accuracy"])
        table = self.run_well("results", database, "--measure", "accuracy@distorted").stdout
        self.assertRegex(table, r"modern .* \d\.\d{3} ± ")
        self.assert_refused("no trial here has accuracy@blur=3", "results", database, "--measure",
                            "accuracy@blur=3")
        self.assert_refused("there is none of the name", "results", database, "--measure", "speed")
        csv = self.run_well("results", database, "--csv").stdout
        self.assertIn("before_accuracy@blur=1", csv.splitlines()[0])
        # The same trial by the verbs, one by one.
        model = self.folder / "one"
        self.run_well("train", "--data", self.data, "--hidden", 20, "--epochs", 5, "--protocol",
                      "modern", "--seed", 2, "-o", model)
        found = self.run_json("eval", model, "--data", self.data, "--distort", "blur=1,fgsm=0.1",
                              "--distort-seed", 2)["distorted"]
        stored = next(t for t in trials if t["name"] == "network" and
                      t["configuration"]["seed"] == 2)["measurements"]["before"]["distorted"]
        self.assertEqual([one["accuracy"] for one in found],
                         [one["accuracy"] for one in stored[1:]])

    def test_plans_refuse_attacks_without_a_network(self):
        plan = self.folder / "p.toml"
        for lines, message in (('method = "nearest-neighbor"\ndistort = "fgsm=0.1"', "against a network"),
                               ('distort = "blur"', "distortions of the test images")):
            plan.write_text(f'answers = "?"\ndata = "{self.data}"\nstages = []\n{lines}\n')
            done = call("run", plan, "--db", self.folder / "x.sqlite")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(message, done.stderr)
