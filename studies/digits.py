#!/usr/bin/env python3
"""Writes scikit-learn's handwritten digits (8 x 8 pixels) as data for digits.toml: two thirds of
the 1,797 images, in their order, are the training half. Nothing was tuned on them.

Example: studies/digits.py digits.npz && hypnos run studies/digits.toml --db results.sqlite
"""

import argparse

import numpy as np
from sklearn.datasets import load_digits

TRAINING = 1198


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", help=".npz file to write")
    images, labels = load_digits(return_X_y=True)
    images = (images / 16).astype(np.float32).reshape(-1, 8, 8)
    np.savez(parser.parse_args().output,
             x_train=images[:TRAINING], y_train=labels[:TRAINING],
             x_test=images[TRAINING:], y_test=labels[TRAINING:])


if __name__ == "__main__":
    main()
