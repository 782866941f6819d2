#!/usr/bin/env python3
"""Writes data of the training half alone, and a plan, for choosing when a network sleeps and at
which learning rate it is trained on: of the first 30,000 images networks learn 300, and the last
10,000 judge. The test half is not read.

Example: studies/early_choices.py choices && hypnos run choices/choices.toml --db choices.sqlite
"""

import argparse
import pathlib

import numpy as np

from named_data import read

PLAN = """\
answers = "When should a network sleep, and at which rate should it be trained on?"
data = ["dev-mnist.npz", "dev-fashion-mnist.npz"]
fraction = 0.01
updates = 1200
first_seed = 101
seeds = 2
protocol = "authors"

"""
SLEEPS = """\
[[variant]]
name = "asleep"
data = "dev-{data}.npz"
sleep_after = [[30], [100], [300], [600]]
stages = ["sleep", "wake", "finetune"]
finetune_learning_rate = 0.1
sleep = "PARAMETERS/authors-{data}-5pct.toml"

[[variant]]
name = "asleep, other rates"
data = "dev-{data}.npz"
sleep_after = [300]
stages = ["sleep", "wake", "finetune"]
finetune_learning_rate = [0.01, 0.03]
sleep = "PARAMETERS/authors-{data}-5pct.toml"

[[variant]]
name = "asleep, rates that are larger"
data = "dev-{data}.npz"
sleep_after = [[30], [300]]
stages = ["sleep", "wake", "finetune"]
finetune_learning_rate = [0.1, 0.3, 0.5]
sleep = "authors-{data}"

[[variant]]
name = "modern, squared error, asleep"
data = "dev-{data}.npz"
protocol = "modern"
output = "relu"
sleep_after = [[30], [100]]
stages = ["sleep", "wake", "finetune"]
sleep = "PARAMETERS/authors-{data}-5pct.toml"

"""
OTHERS = """\
[[variant]]
name = "waking alone"
sleep_after = [300]
stages = ["wake", "finetune", "control"]
finetune_learning_rate = 0.1

[[variant]]
name = "rate .1 from the start"
stages = []
learning_rate = 0.1
schedule = "cosine"

[[variant]]
name = "modern"
protocol = "modern"
stages = []

[[variant]]
name = "modern, squared error"
protocol = "modern"
stages = []
output = "relu"

[[variant]]
name = "modern, small initialization"
protocol = "modern"
stages = []
initial_range = 0.01

[[variant]]
name = "modern, dropout .5"
protocol = "modern"
stages = []
dropout = 0.5

[[variant]]
name = "modern, rate .03"
protocol = "modern"
stages = []
learning_rate = 0.03

[[variant]]
name = "neural tangent kernel"
method = "neural-tangent-kernel"
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="to write to")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    plan = PLAN
    for data in ("mnist", "fashion-mnist"):
        images, labels = read(data)
        np.savez(folder / f"dev-{data}.npz", x_train=images[:30000], y_train=labels[:30000],
                 x_test=images[50000:], y_test=labels[50000:])
        plan += SLEEPS.replace("{data}", data)
    parameters = pathlib.Path(__file__).resolve().parent / "parameters"
    (folder / "choices.toml").write_text((plan + OTHERS).replace("PARAMETERS", str(parameters)))


if __name__ == "__main__":
    main()
