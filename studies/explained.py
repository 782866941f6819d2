#!/usr/bin/env python3
"""Is `hypnos explain` right about networks that it was not made from? Trains networks of several
depths and widths by both protocols for a moment, for longer, and to the end; asks where they stand; and
lets each sleep by the presets of its data at two lengths. The sleep after which most training samples
are right counts, and what it gains on test images. Prints a Markdown table.

Example: studies/explained.py --data mnist --seed 21
"""

import argparse
import pathlib
import tempfile

from program import DEFAULT_PROGRAM, run

SHAPES = {"200": "[0.002, 0.05]", "200,200": None, "1200,1200": None,
          "1200,1200,1200": "[0.0005, 0.002, 0.005, 0.03]"}
UPDATES = [60, 300, 1200]
LENGTHS = [2000, 6000]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="fashion-mnist")
    parser.add_argument("--fraction", default="0.01")
    parser.add_argument("--seed", default="11")
    parser.add_argument("--program", default=DEFAULT_PROGRAM, type=pathlib.Path)
    return parser.parse_args()


def chosen_sleep(options, folder, model, rates):
    """Test accuracy after the sleep after which most training samples are right; None if none fires."""
    found = []
    for preset in (f"authors-{options.data}", f"authors-{options.data}-tuned"):
        for steps in LENGTHS:
            changed = ["--set", f"steps={steps}"]
            if rates:
                changed += ["--set", f"target_rate={rates}"]
            slept = folder / "slept.safetensors"
            try:
                run(options.program, "sleep", model, "--params", preset, *changed, "-o", slept)
            except SystemExit:  # rates that this network cannot reach
                continue
            found.append([run(options.program, "eval", slept, "--split", split)["accuracy"]
                          for split in ("train", "test")])
    return max(found)[1] if found else None


def main():
    options = parse_arguments()
    print(f"| hidden layers | protocol | updates | correlation | `explain` | test accuracy | gain |\n"
          f"| --- | --- | ---: | ---: | --- | ---: | ---: |")
    for hidden, rates in SHAPES.items():
        for protocol in ("authors", "modern"):
            for updates in UPDATES:
                with tempfile.TemporaryDirectory() as name:
                    folder = pathlib.Path(name)
                    model = folder / "model.safetensors"
                    run(options.program, "train", "--data", options.data, "--fraction",
                        options.fraction, "--seed", options.seed, "--hidden", hidden,
                        "--protocol", protocol, "--updates", updates, "-o", model)
                    told = run(options.program, "explain", model)
                    before = run(options.program, "eval", model)["accuracy"]
                    after = chosen_sleep(options, folder, model, rates)
                gain = "cannot fire" if after is None else f"{100 * (after - before):+.1f}"
                print(f"| {hidden} | {protocol} | {updates} | {told['class_correlations'][-1]:.2f} | "
                      f"{told['standing']} | {100 * before:.1f} | {gain} |", flush=True)


if __name__ == "__main__":
    main()
