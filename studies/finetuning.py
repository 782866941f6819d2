#!/usr/bin/env python3
"""What learning rate and how many epochs fine-tuning after sleep should have, by accuracy on the
training half of the data, of which the networks have seen only the small part that they are
trained on: the test half is left alone. Prints Markdown tables.

Example: studies/finetuning.py --data fashion-mnist --percent 1 --protocol modern
"""

import argparse
import pathlib
import statistics
import tempfile

from program import DEFAULT_PROGRAM, PARAMETERS, run

EPOCHS = [5, 20]
FACTORS = [1, 0.1, 0.01]  # of the learning rate of training


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="name of the data set")
    parser.add_argument("--percent", required=True, help="part of the training set")
    parser.add_argument("--protocol", required=True, choices=["authors", "modern"])
    parser.add_argument("--seeds", type=int, default=3, help="seeds 101 to 100 + N (default: 3)")
    parser.add_argument("--program", default=DEFAULT_PROGRAM)
    return parser.parse_args()


class Trial:
    def __init__(self, options, seed, folder):
        self.options, self.folder = options, folder
        self.rate = {"authors": 0.01, "modern": 0.1}[options.protocol]
        preset = (PARAMETERS / "modern-fashion-mnist.toml" if options.protocol == "modern"
                  else f"{options.protocol}-{options.data}-{options.percent}pct")
        self.run("train", "--data", options.data, "--fraction", float(options.percent) / 100,
                 "--protocol", options.protocol, "--schedule", "constant", "--seed", seed,
                 "-o", folder / "trained")
        self.run("sleep", folder / "trained", "--params", preset, "-o", folder / "slept")
        self.run("wake", folder / "slept", "-o", folder / "awake")

    def run(self, *arguments):
        return run(self.options.program, *arguments)

    def accuracy(self, model):
        return self.run("eval", self.folder / model, "--split", "train", "--fraction",
                        1)["accuracy"]

    def trained_on(self, model, factor):
        """Accuracy after each of EPOCHS more epochs."""
        result = []
        for epochs in EPOCHS:
            self.run("finetune", self.folder / model, "--epochs", epochs, "--learning-rate",
                     self.rate * factor, "-o", self.folder / "tuned")
            result.append(self.accuracy("tuned"))
        return result


def main():
    options = parse_arguments()
    columns = {}
    for seed in range(101, 101 + options.seeds):
        with tempfile.TemporaryDirectory(prefix="hypnos-finetuning-") as folder:
            trial = Trial(options, seed, pathlib.Path(folder))
            for stage in ("trained", "slept"):
                columns.setdefault((stage, 0), []).append([trial.accuracy(stage)])
            for model in ("trained", "awake"):
                for factor in FACTORS:
                    columns.setdefault((model, factor), []).append(trial.trained_on(model, factor))
    means = {key: [statistics.mean(values) for values in zip(*rows)]
             for key, rows in columns.items()}
    print(f"{options.protocol}, {options.percent}% of {options.data}, {options.seeds} seeds: "
          f"{means['trained', 0][0]:.3f} before sleep, {means['slept', 0][0]:.3f} after\n")
    print("| | learning rate | " + " | ".join(f"+{e} epochs" for e in EPOCHS) + " |")
    print("| --- | ---: |" + " ---: |" * len(EPOCHS))
    for (model, factor), values in means.items():
        if factor:
            what = "no sleep" if model == "trained" else "sleep, wake"
            cells = " | ".join(f"{value:.3f}" for value in values)
            print(f"| {what} | {trial.rate * factor:g} | {cells} |")


if __name__ == "__main__":
    main()
