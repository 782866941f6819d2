#!/usr/bin/env python3
"""Trains, sleeps, wakes and fine-tunes over several seeds, beside a control that trains equally
longer without sleep, and prints test accuracy as mean and standard deviation.

Example: studies/loop.py --data fashion-mnist --fraction 0.01 --preset authors-fashion-mnist-1pct
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="name or folder of the data set")
    parser.add_argument("--fraction", required=True, help="part of the training set")
    parser.add_argument("--preset", required=True, help="sleep parameters")
    parser.add_argument("--protocol", default="authors", choices=["authors", "modern"])
    parser.add_argument("--epochs", type=int, default=30, help="of training (default: 30)")
    parser.add_argument("--more-epochs", type=int, default=20,
                        help="of fine-tuning, and of the control; 0: neither (default: 20)")
    parser.add_argument("--seeds", type=int, default=3, help="seeds 1 to N (default: 3)")
    parser.add_argument("--program", default=ROOT / "build/release/hypnos")
    return parser.parse_args()


def run(options, *arguments):
    """The result of one call of the program."""
    done = subprocess.run([options.program, *map(str, arguments), "--json"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr.strip())
    return json.loads(done.stdout)


def trial(options, seed, folder):
    """Test accuracy by stage, for one seed."""
    def path(stage):
        return folder / f"{seed}-{stage}.safetensors"

    def accuracy(stage):
        return run(options, "eval", path(stage))["accuracy"]

    run(options, "train", "--data", options.data, "--fraction", options.fraction, "--seed", seed,
        "--protocol", options.protocol, "--epochs", options.epochs, "-o", path("trained"))
    run(options, "sleep", path("trained"), "--params", options.preset, "-o", path("slept"))
    result = {"before sleep": accuracy("trained"), "after sleep": accuracy("slept")}
    if options.more_epochs:
        more = ["--epochs", options.more_epochs]
        run(options, "wake", path("slept"), "-o", path("awake"))
        run(options, "finetune", path("awake"), *more, "-o", path("tuned"))
        run(options, "finetune", path("trained"), *more, "-o", path("control"))
        result[f"after sleep, wake and {options.more_epochs} epochs"] = accuracy("tuned")
        result[f"control: {options.more_epochs} epochs without sleep"] = accuracy("control")
    return result


def main():
    options = parse_arguments()
    trials = []
    with tempfile.TemporaryDirectory(prefix="hypnos-loop-") as folder:
        for seed in range(1, options.seeds + 1):
            if sys.stderr.isatty():
                print(f"\rseed {seed} of {options.seeds} ...", end="", file=sys.stderr, flush=True)
            trials.append(trial(options, seed, pathlib.Path(folder)))
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    print(f"{options.data}, {float(options.fraction):.4g} of the training set, {options.protocol} "
          f"protocol, {options.epochs} epochs, sleep {options.preset}\n")
    width = max(map(len, trials[0]))
    print(f"| {'test accuracy':{width}} |  mean |    sd | seeds 1 to {options.seeds} |")
    print(f"| {'-' * width} | ----: | ----: | --- |")
    for stage in trials[0]:
        values = [t[stage] for t in trials]
        deviation = statistics.stdev(values) if len(values) > 1 else 0
        each = " ".join(f"{v:.3f}" for v in values)
        print(f"| {stage:{width}} | {statistics.mean(values):.3f} | {deviation:.3f} | {each} |")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
