#!/usr/bin/env python3
"""How much better the end of one variant of a study is than the ends of the others: differences
seed by seed, with 95% bootstrap intervals of their mean. Reads what hypnos results --json prints,
and prints a Markdown table.

Example: hypnos results results.sqlite --study early-sleep --json | studies/against.py
"""

import argparse
import json
import sys

import numpy as np

KEYS = ["data", "fraction", "keep"]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", default="asleep after 300 updates", help="its name")
    parser.add_argument("--measure", default="accuracy")
    return parser.parse_args()


def ends(trial, measure):
    """The end of a trial, and that of its control, by name."""
    moments = trial["measurements"]
    found = {}
    if "after_finetuning" in moments:
        found[trial["name"]] = moments["after_finetuning"][measure]
    elif not trial["configuration"].get("stages"):
        found[trial["name"]] = moments["before"][measure]
    if "control" in moments:
        found[f"{trial['name']}: without sleep"] = moments["control"][measure]
    return found


def interval(differences):
    random = np.random.default_rng(1)
    means = random.choice(differences, (10000, len(differences))).mean(axis=1)
    return np.percentile(means, [2.5, 97.5])


def main():
    options = parse_arguments()
    cells = {}
    for trial in json.load(sys.stdin)["trials"]:
        choices = trial["configuration"]["choices"]
        cell = tuple(str(choices.get(key, "")) for key in KEYS)
        seed = trial["configuration"]["seed"]
        for name, found in ends(trial, options.measure).items():
            cells.setdefault(cell, {}).setdefault(name, {})[seed] = found
    print(f"| data | fraction | keep | {options.variant} | against | n | difference |")
    print("| --- | ---: | --- | ---: | --- | ---: | ---: |")
    for cell, variants in cells.items():
        ours = variants.get(options.variant, {})
        for name, others in variants.items():
            seeds = sorted(set(ours) & set(others))
            if name == options.variant or len(seeds) < 2:
                continue
            differences = np.array([ours[seed] - others[seed] for seed in seeds])
            low, high = interval(differences)
            mean = np.mean([ours[seed] for seed in seeds])
            print(f"| {' | '.join(cell)} | {mean:.3f} | {name} | {len(seeds)} | "
                  f"{differences.mean():+.3f} [{low:+.3f}, {high:+.3f}] |")


if __name__ == "__main__":
    main()
