#!/usr/bin/env python3
"""Tasks in sequence: what each learner keeps, and how much better a sleep is, seed by seed, with 95%
bootstrap intervals of the mean. Reads what hypnos results --json prints, and prints a Markdown
table for each data set and number of stored images.

Example: hypnos results tasks.sqlite --study tasks --json | studies/sequences.py
"""

import argparse
import json
import sys

import numpy as np

from against import interval


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sleep", default="tasks-{data}", help="the sleep that is compared")
    return parser.parse_args()


def name_of(choices):
    """What a person calls the learner."""
    words = [choices["learner"]]
    if choices.get("sleep"):
        words.append(f"({choices['sleep']})")
    if "exemplars" in choices:
        words.append(choices["exemplars"])
    return " ".join(words)


def read(trials):
    """Accuracy, learning accuracy and backward transfer in the end: [cell][name][seed]."""
    cells = {}
    for trial in trials:
        choices = trial["configuration"]["choices"]
        moments = trial["measurements"]
        if "before" not in moments:
            continue
        end = moments.get("after_sleep", moments["before"])["accuracy"]
        sequence = trial["sequence"]
        cell = (choices["data"], choices.get("memory", 0))
        cells.setdefault(cell, {}).setdefault(name_of(choices), {})[
            trial["configuration"]["seed"]] = (
                end, sequence["learning_accuracy"], sequence["backward_transfer"])
    return cells


def spread(values):
    values = [v for v in values if v is not None]
    if not values:
        return ""
    return f"{np.mean(values):.3f} ± {np.std(values, ddof=1) if len(values) > 1 else 0:.3f}"


def main():
    options = parse_arguments()
    cells = read(json.load(sys.stdin)["trials"])
    for (data, memory), names in sorted(cells.items()):
        sleep = f"sleep ({options.sleep.replace('{data}', data)})"
        ours = names.get(sleep, {})
        print(f"\n| {data}, {memory} images stored | n | accuracy | learning accuracy "
              "| backward transfer | sleep - this |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        ranked = sorted(names.items(), key=lambda n: -np.mean([v[0] for v in n[1].values()]))
        for name, seeds in ranked:
            both = sorted(set(ours) & set(seeds))
            difference = ""
            if name != sleep and len(both) > 1:
                gains = np.array([ours[s][0] - seeds[s][0] for s in both])
                low, high = interval(gains)
                difference = f"{gains.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
            found = list(zip(*seeds.values()))
            label = f"**{name}**" if name == sleep else name
            print(f"| {label} | {len(seeds)} | {spread(found[0])} | {spread(found[1])} | "
                  f"{spread(found[2])} | {difference} |")


if __name__ == "__main__":
    main()
