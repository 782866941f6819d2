#!/usr/bin/env python3
"""Tasks in sequence: what each learner keeps, and how much better a sleep is, seed by seed, with 95%
bootstrap intervals of the mean. Reads what hypnos results --json prints, and prints a Markdown
table for each data set and number of stored images. What does without stored images stands in all of
them. A last table says what sleep adds to iCaRL.

Example: hypnos results tasks.sqlite --study tasks --json | studies/sequences.py
"""

import argparse
import json
import sys

import numpy as np

from against import interval

STORE_NOTHING = ("joint", "joint-same", "averaging", "nearest-class-mean", "lda")


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


def difference(ours, theirs):
    """How much better ours is in the seeds that both have."""
    both = sorted(set(ours) & set(theirs))
    if len(both) < 2:
        return ""
    gains = np.array([ours[s][0] - theirs[s][0] for s in both])
    low, high = interval(gains)
    return f"{gains.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def print_icarl(cells):
    """With sleep and without, with the same exemplars."""
    rows = []
    for (data, memory), names in sorted(cells.items()):
        for name, seeds in sorted(names.items()):
            if not name.startswith("icarl-sleep"):
                continue
            exemplars = name.split()[-1]
            awake = names.get(f"icarl {exemplars}", {})
            rows.append(f"| {data} | {memory} | {exemplars} | {len(seeds)} | "
                        f"{spread([v[0] for v in awake.values()])} | "
                        f"{spread([v[0] for v in seeds.values()])} | {difference(seeds, awake)} |")
    if rows:
        print("\n| iCaRL | images stored | exemplars | n | without sleep | with sleep | sleep adds |")
        print("| --- | ---: | --- | ---: | ---: | ---: | ---: |")
        print("\n".join(rows))


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
        if sleep not in names:
            continue
        ours = names[sleep]
        without = {name: seeds for name, seeds in cells.get((data, 0), {}).items()
                   if name in STORE_NOTHING}
        print(f"\n| {data}, {memory} images stored | n | accuracy | learning accuracy "
              "| backward transfer | sleep - this |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        ranked = sorted((without | names).items(),
                        key=lambda n: -np.mean([v[0] for v in n[1].values()]))
        for name, seeds in ranked:
            found = list(zip(*seeds.values()))
            label = f"**{name}**" if name == sleep else name
            print(f"| {label} | {len(seeds)} | {spread(found[0])} | {spread(found[1])} | "
                  f"{spread(found[2])} | {'' if name == sleep else difference(ours, seeds)} |")
    print_icarl(cells)


if __name__ == "__main__":
    main()
