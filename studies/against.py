#!/usr/bin/env python3
"""How much better the end of one variant of a study is than the ends of the others: differences
seed by seed, with 95% bootstrap intervals of their mean. Reads what hypnos results --json prints,
and prints a Markdown table.

Example: hypnos results results.sqlite --study early-sleep --json | studies/against.py
Example: others of another length
  hypnos results results.sqlite --study when-long --json | studies/against.py --others-updates 4800
"""

import argparse
import json
import sys

import numpy as np

KEYS = ["data", "fraction", "keep", "updates"]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", default="asleep after 300 updates", help="its name")
    parser.add_argument("--measure", default="accuracy")
    parser.add_argument("--others-updates", type=int,
                        help="compare with the others at this length (default: at the same)")
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
    trials = json.load(sys.stdin)["trials"]
    choices_of = [trial["configuration"]["choices"] for trial in trials]
    keys = [key for key in KEYS if len({str(choices.get(key)) for choices in choices_of}) > 1]
    cells = {}
    for trial, choices in zip(trials, choices_of):
        cell = tuple(str(choices.get(key, "")) for key in keys)
        seed = trial["configuration"]["seed"]
        for name, found in ends(trial, options.measure).items():
            cells.setdefault(cell, {}).setdefault(name, {})[seed] = found
    print(f"| {' | '.join(keys)} | {options.variant} | against | n | difference |")
    print("| ---" + " | ---:" * len(keys) + " | --- | ---: | ---: |")
    for cell, variants in cells.items():
        ours = variants.get(options.variant, {})
        if options.others_updates is not None:
            other = dict(zip(keys, cell)) | {"updates": str(options.others_updates)}
            variants = cells.get(tuple(other[key] for key in keys), {})
        for name, others in variants.items():
            seeds = sorted(set(ours) & set(others))
            if others is ours or len(seeds) < 2:
                continue
            differences = np.array([ours[seed] - others[seed] for seed in seeds])
            low, high = interval(differences)
            mean = np.mean([ours[seed] for seed in seeds])
            print(f"| {' | '.join(cell)} | {mean:.3f} | {name} | {len(seeds)} | "
                  f"{differences.mean():+.3f} [{low:+.3f}, {high:+.3f}] |")


if __name__ == "__main__":
    main()
