#!/usr/bin/env python3
"""Writes what chooses the strength of Elastic Weight Consolidation: the training halves alone, the
last 10,000 images of which judge, and a plan. Test images are not read.

Example: studies/ewc.py ewc && hypnos run ewc/ewc.toml --db results.sqlite
"""

import argparse
import pathlib

import numpy as np

from named_data import read

NAMES = ["mnist", "fashion-mnist"]
JUDGING = 10000
PLAN = """\
# Which strength of EWC is best, by images of the training half. Written by ewc.py.
answers = "Which strength does Elastic Weight Consolidation take?"
data = [{data}]
tasks = "pairs"
task_samples = 4000
epochs = 2
learning_rate = 0.1
protocol = "authors"
ewc_strength = [0.1, 1, 10, 100, 1000, 1e4, 1e5]
against = ["ewc"]
seeds = [101, 102, 103]
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="to write to")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        images, labels = read(name)
        np.savez(folder / f"{name}-inner.npz",
                 x_train=images[:-JUDGING], y_train=labels[:-JUDGING],
                 x_test=images[-JUDGING:], y_test=labels[-JUDGING:])
    data = ", ".join(f'"{name}-inner.npz"' for name in NAMES)
    (folder / "ewc.toml").write_text(PLAN.replace("{data}", data))


if __name__ == "__main__":
    main()
