#!/usr/bin/env python3
"""What sleep adds for clean and for distorted test images, seed by seed, with 95% bootstrap intervals of
the mean. Sleeps early in a training are compared after it, with the same training without sleep.
Reads what hypnos results --json prints, and prints Markdown tables.

Examples:
  hypnos results robustness.sqlite --study robustness --json | studies/distorted.py
  hypnos results robustness.sqlite --study robustness --json | studies/distorted.py --each "ordinary training"
"""

import argparse
import json
import sys

import numpy as np

from against import interval

CLEAN, ALL = "clean", "mean of the distortions"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", metavar="NAME", help="each distortion, for the variant of this name")
    return parser.parse_args()


def accuracies(measurement):
    """By what was done to the images."""
    distorted = {d["distortion"]: d["accuracy"] for d in measurement["distorted"]}
    return {CLEAN: measurement["accuracy"], ALL: np.mean(list(distorted.values())), **distorted}


def compared(trial):
    """Without sleep and with it, at the end of each; None where a stage could not be done."""
    moments = trial["measurements"]
    early = "sleep_after" in trial["configuration"]["choices"]
    without, with_sleep = ("control", "after_finetuning") if early else ("before", "after_sleep")
    if without not in moments or with_sleep not in moments:
        return None
    return accuracies(moments[without]), accuracies(moments[with_sleep])


def columns_of(pairs, name):
    without, with_sleep = (np.array([pair[side][name] for pair in pairs]) for side in (0, 1))
    low, high = interval(with_sleep - without)
    return (f"{spread(without)} | {spread(with_sleep)} | "
            f"{(with_sleep - without).mean():+.3f} [{low:+.3f}, {high:+.3f}]")


def spread(values):
    return f"{values.mean():.3f} ± {values.std(ddof=1) if len(values) > 1 else 0:.3f}"


def main():
    arguments = parse_arguments()
    cells = {}
    left_out = 0
    for trial in json.load(sys.stdin)["trials"]:
        choices = trial["configuration"]["choices"]
        pair = compared(trial)
        if pair is None:
            left_out += 1
            continue
        of = cells.setdefault((choices["data"], choices.get("fraction", 1)), {})
        of.setdefault(trial["name"], []).append(pair)
    if arguments.each and not any(arguments.each in variants for variants in cells.values()):
        sys.exit(f"distorted.py: no variant has the name {arguments.each}")
    if left_out:
        print(f"{left_out} trials had a stage that could not be done", file=sys.stderr)
    for (data, fraction), variants in sorted(cells.items()):
        if arguments.each:
            variants = {name: pairs for name, pairs in variants.items() if name == arguments.each}
        for name, pairs in variants.items() if arguments.each else []:
            print(f"\n| {data}, {100 * fraction:g}%, {name} | n | without sleep | with sleep | sleep adds |")
            print("| --- | ---: | ---: | ---: | ---: |")
            for what in pairs[0][0]:
                print(f"| {what} | {len(pairs)} | {columns_of(pairs, what)} |")
        if not arguments.each:
            print(f"\n| {data}, {100 * fraction:g}% | n | clean | with sleep | sleep adds "
                  f"| {ALL} | with sleep | sleep adds |")
            print("| --- |" + " ---: |" * 7)
            for name, pairs in variants.items():
                print(f"| {name} | {len(pairs)} | {columns_of(pairs, CLEAN)} | {columns_of(pairs, ALL)} |")


if __name__ == "__main__":
    main()
