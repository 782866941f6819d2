#!/usr/bin/env python3
"""Sleep with and without the guard, on the test half of the data: the mean gain over several seeds,
and the worst of them. Prints one line of a Markdown table.

Example: studies/guarded.py --data fashion-mnist --percent 1 --protocol modern --seeds 5
"""

import argparse
import pathlib
import statistics
import sys
import tempfile

from program import DEFAULT_PROGRAM, PARAMETERS, run

HEAD = """| data | protocol | before | gain | worst | slept by the guard | gain | worst |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"""


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="name of the data set")
    parser.add_argument("--percent", required=True, help="part of the training set")
    parser.add_argument("--protocol", default="modern", choices=["authors", "modern"])
    parser.add_argument("--preset", help="sleep parameters (default: by protocol, data and percent)")
    parser.add_argument("--guard", default="folds", choices=["folds", "holdout"])
    parser.add_argument("--seeds", type=int, default=5, help="seeds 1 to N (default: 5)")
    parser.add_argument("--head", action="store_true", help="print the table's head first")
    parser.add_argument("--program", default=DEFAULT_PROGRAM)
    return parser.parse_args()


def trial(options, preset, seed, folder):
    """Test accuracy before, gain of sleep, gain with the guard, and whether it slept; in points."""
    trained, slept, guarded = (folder / name for name in ("trained", "slept", "guarded"))
    run(options.program, "train", "--data", options.data, "--fraction",
        float(options.percent) / 100,
        "--protocol", options.protocol, "--schedule", "constant", "--seed", seed, "-o", trained)
    run(options.program, "sleep", trained, "--params", preset, "-o", slept)
    verdict = run(options.program, "sleep", trained, "--params", preset, "--guard", options.guard,
                  "-o",
                  guarded)["guard"]
    before, after, kept = (100 * run(options.program, "eval", model)["accuracy"]
                           for model in (trained, slept, guarded))
    print(f"seed {seed}: {before:.2f}, sleep {after - before:+.2f}, guard {kept - before:+.2f}; "
          f"on samples kept aside {100 * verdict['gain']:+.2f} "
          f"({100 * verdict['low']:+.2f} to {100 * verdict['high']:+.2f})", file=sys.stderr)
    return before, after - before, kept - before, verdict["helps"]


def main():
    options = parse_arguments()
    preset = options.preset or (PARAMETERS / "modern-fashion-mnist.toml" if options.protocol == "modern" else
                                f"{options.protocol}-{options.data}-{options.percent}pct")
    trials = []
    for seed in range(1, options.seeds + 1):
        with tempfile.TemporaryDirectory(prefix="hypnos-guarded-") as folder:
            trials.append(trial(options, preset, seed, pathlib.Path(folder)))
    before, gains, kept, slept = zip(*trials)

    def spread(values):
        deviation = statistics.stdev(values) if len(values) > 1 else 0
        return f"{statistics.mean(values):+.2f} ± {deviation:.2f}"

    if options.head:
        print(HEAD)
    print(f"| {options.percent}% of {options.data} | {options.protocol} | "
          f"{statistics.mean(before):.2f} | {spread(gains)} | {min(gains):+.2f} | "
          f"{sum(slept)} of {len(slept)} | {spread(kept)} | {min(kept):+.2f} |")


if __name__ == "__main__":
    main()
