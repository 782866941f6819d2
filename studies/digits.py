#!/usr/bin/env python3
"""Writes scikit-learn's handwritten digits (8 x 8 pixels) as data, and a plan that gives them the
early sleep as it is. Two thirds of the 1,797 images, in their order, are the training half. Nothing
was tuned on them.

Example: studies/digits.py digits && hypnos run digits/digits.toml --db results.sqlite
"""

import argparse
import pathlib

import numpy as np
from sklearn.datasets import load_digits

TRAINING = 1198
PLAN = """\
# The recipe as it is on data that nothing was tuned on. digits.py writes them. The patch of noise is
# as large a part of the image as with 28 x 28 pixels.
answers = "Does the early sleep that was found on MNIST, or on Fashion-MNIST, serve other data as it is?"
data = "digits.npz"
fraction = [0.1, 0.3, 1.0]
seeds = 5
updates = 1200
[sleep_parameters]
patch = 3

[[variant]]
name = "asleep after 300 updates"
protocol = "authors"
sleep_after = [300]
finetune_learning_rate = 0.1
sleep = ["authors-mnist-tuned", "authors-fashion-mnist-tuned"]

[[variant]]
name = "modern"
protocol = "modern"
stages = []

[[variant]]
name = "modern, squared error"
protocol = "modern"
output = "relu"
stages = []

[[variant]]
name = "neural tangent kernel"
method = "neural-tangent-kernel"

[[variant]]
name = "nearest neighbor"
method = "nearest-neighbor"
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="to write to")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    images, labels = load_digits(return_X_y=True)
    images = (images / 16).astype(np.float32).reshape(-1, 8, 8)
    np.savez(folder / "digits.npz",
             x_train=images[:TRAINING], y_train=labels[:TRAINING],
             x_test=images[TRAINING:], y_test=labels[TRAINING:])
    (folder / "digits.toml").write_text(PLAN)


if __name__ == "__main__":
    main()
