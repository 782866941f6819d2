"""Numbers that cannot be: each option says so in a line that a person can read."""


import numpy

from integration.program import ProgramTest, call
from integration.small_data import write_data

# Of each verb, the options that take whole numbers, and what else the call needs.
COUNTS = {
    "train": (["--seed", "--per-class", "--hidden", "--batch-size", "--epochs", "--threads"], ["-o", "x"]),
    "sleep": (["--seed", "--per-class", "--record-steps", "--trace-steps", "--folds"],
              ["m", "--params", "p", "-o", "x"]),
    "tune": (["--seed", "--per-class", "--folds", "--seeds", "--epochs", "--budget", "--noise-seeds",
              "--max-steps", "--samples", "--search-seed", "--threads"], ["m", "-o", "x"]),
    "wake": (["--seed", "--per-class"], ["m", "-o", "x"]),
    "finetune": (["--seed", "--per-class", "--batch-size", "--epochs", "--threads"], ["m", "-o", "x"]),
    "eval": (["--seed", "--per-class"], ["m"]),
    "run": (["--jobs"], ["p", "--db", "x"]),
}


class NumbersTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        write_data(self.data)

    def assert_readable(self, text, option):
        self.assertRegex(text, rf"^hypnos: {option}: \"?[^ ]+\"? is not a whole number from "
                               r"\d+ to \d+\n$")

    def test_whole_numbers(self):
        for verb, (options, rest) in COUNTS.items():
            rest = [self.model() if word == "m" else word for word in rest]
            rest = [self.folder / "x" if word == "x" else word for word in rest]
            for option in options:
                for value in ("-1", "1.5", "1e3", "abc", "18446744073709551616", "0x10", "99" * 200):
                    # To the options of training 1e3 is a whole number.
                    if value == "1e3" and option in ("--batch-size", "--epochs") and verb != "tune":
                        continue
                    with self.subTest((verb, option, value)):
                        data = [] if verb == "run" else ["--data", self.data]
                        done = call(verb, *rest, *data, f"{option}={value}")
                        self.assertEqual(done.returncode, 2, done.stderr)
                        self.assert_readable(done.stderr, option)

    def model(self):
        path = self.folder / "m"
        if not path.exists():
            self.run_well("train", "--data", self.data, "--hidden", 4, "--epochs", 0, "-o", path)
        return path

    def test_the_largest_seed(self):
        for seed in ("0", "18446744073709551615"):
            self.run_well("train", "--data", self.data, "--hidden", 4, "--epochs", 1, "--seed", seed,
                          "-o", self.folder / "model")

    def test_classes_to_keep(self):
        for keep, message in (
            ("4294967297=.5", "keep: there is no class 4294967297"),
            ("7=.5", "keep: there is no class 7; classes are 0 to 4"),
            ("1=.5,1=.2", "keep: names class 1 twice"),
            ("-1=.5", "keep: \"-1=.5\" is not of the form CLASS=FRACTION"),
            ("1=x", "keep: \"1=x\" is not of the form CLASS=FRACTION"),
            ("1=2", "keep"),
            ("1=nan", "keep"),
        ):
            self.assert_refused(message, "train", "--data", self.data, "--keep", keep,
                                "-o", self.folder / "x")

    def test_one_setting_at_a_time(self):
        for setting in ("steps=10\npatch=99", "steps=10\n[tuned]\nx=1", "source='a'\npatch=3"):
            self.assert_refused("has a value that goes on in a line of its own", "sleep", self.model(),
                                "--data", self.data, "--params", "authors-mnist-1pct",
                                "--set", setting, "-o", self.folder / "x")

    def test_numbers_of_the_sleep(self):
        for setting, message in (
            ("max_rate=1e308", "max_rate: 1e+308 is too large"),
            ("max_rate=-1", "max_rate: -1 is not 0 or more"),
            ("threshold=[1, 1e39]", "threshold: 1e+39 is too large"),
            ("threshold=[1, 1e-60]", "threshold: 1e-60 is too small"),
            ("threshold=[1, -2]", "threshold: -2 is not positive"),
            ("decay=2", "decay: 2 is not in [0, 1]"),
            ("max_rate=inf", "max_rate: inf is not 0 or more"),
            ("output_current=nan", "output_current: nan is not finite"),
        ):
            self.assert_refused(message, "sleep", self.model(), "--data", self.data, "--params",
                                "authors-mnist-1pct", "--set", "threshold=[1, 2]", "--set", setting,
                                "-o", self.folder / "x")

    def test_more_memory_than_there_is(self):
        flat = self.folder / "flat"
        flat.mkdir()
        numpy.save(flat / "train-images.npy", numpy.zeros((400, 2), "f4"))
        numpy.save(flat / "train-labels.npy", numpy.arange(400, dtype="u1") % 2)
        done = call("train", "--data", flat, "--hidden", "16000000", "--batch-size", "1000",
                    "-o", self.folder / "x")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, r"^hypnos: .* would take [\d.]+ GB of memory, and this machine has")
        self.assert_refused("--trace-steps: 1 would give 9000000000000000000 lines", "sleep",
                            self.model(), "--data", self.data, "--params", "authors-mnist-1pct",
                            "--set", "threshold=[1, 2]", "--set", "steps=9000000000000000000",
                            "--trace", self.folder / "t", "--trace-steps", 1, "-o", self.folder / "x")
        self.assertFalse((self.folder / "x").exists())
