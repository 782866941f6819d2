#!/usr/bin/env python3
"""What sleep alone adds under each distortion of a plan, seed by seed, with 95% bootstrap intervals of
the mean. Reads what hypnos results --json prints, and prints a Markdown table.

Example: hypnos results robustness.sqlite --json | studies/distorted.py
"""

import argparse
import json
import sys

import numpy as np

from against import interval


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    return parser.parse_args()


def accuracies(measurement):
    """By what was done to the images."""
    distorted = {d["distortion"]: d["accuracy"] for d in measurement["distorted"]}
    return {"clean": measurement["accuracy"], "mean of the distortions": np.mean(list(distorted.values())),
            **distorted}


def training_of(choices):
    """In which the networks of a plan's variants differ."""
    keys = [key for key in choices if key.startswith(("augment", "weight_decay", "average", "sleep_"))]
    return ", ".join(f"{key} {choices[key]}" for key in keys) or "ordinary"


def spread(values):
    return f"{values.mean():.3f} ± {values.std(ddof=1) if len(values) > 1 else 0:.3f}"


def main():
    parse_arguments()
    cells = {}
    for trial in json.load(sys.stdin)["trials"]:
        choices, moments = trial["configuration"]["choices"], trial["measurements"]
        if "after_sleep" not in moments:
            continue
        cell = (choices["data"], choices.get("fraction", 1), training_of(choices))
        cells.setdefault(cell, []).append(
            (accuracies(moments["before"]), accuracies(moments["after_sleep"])))
    for (data, fraction, training), trials in cells.items():
        print(f"\n| {data}, {100 * fraction:g}%, training: {training} | n | before | after sleep | sleep adds |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for name in trials[0][0]:
            before, after = (np.array([t[moment][name] for t in trials]) for moment in (0, 1))
            low, high = interval(after - before)
            print(f"| {name} | {len(trials)} | {spread(before)} | {spread(after)} | "
                  f"{(after - before).mean():+.3f} [{low:+.3f}, {high:+.3f}] |")


if __name__ == "__main__":
    main()
