#!/usr/bin/env python3
"""CMA-ES beside random search at equal budget, on three tasks and several search seeds: the scores
of what each found, under noise that the search has not seen. Networks of the authors' protocol. Prints
a Markdown table.

Example: studies/searches.py --budget 300
"""

import argparse
import pathlib
import statistics
import tempfile

from program import DEFAULT_PROGRAM, run

TASKS = {
    "3% of MNIST": ["--data", "mnist", "--fraction", 0.03],
    "5% of MNIST": ["--data", "mnist", "--fraction", 0.05],
    "2% of Fashion-MNIST": ["--data", "fashion-mnist", "--fraction", 0.02],
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget", type=int, default=300, help="sleeps per search (default: 300)")
    parser.add_argument("--hidden", default="1200,1200",
                        help="units of the hidden layers (default: 1200,1200)")
    parser.add_argument("--samples", type=int, default=100,
                        help="training samples that candidates are judged by (default: 100)")
    parser.add_argument("--max-steps", type=int, default=2000,
                        help="longest sleep (default: 2000)")
    parser.add_argument("--seeds", type=int, default=5, help="search seeds 1 to N (default: 5)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--program", default=DEFAULT_PROGRAM)
    return parser.parse_args()


def main():
    options = parse_arguments()
    print("| task | before | random search | CMA-ES | CMA-ES better |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="hypnos-searches-") as folder:
        model, found = pathlib.Path(folder) / "model", pathlib.Path(folder) / "found.toml"
        for name, training in TASKS.items():
            run(options.program, "train", *training, "--hidden", options.hidden, "-o", model)
            scores = {"random": [], "cma-es": []}
            for seed in range(1, options.seeds + 1):
                for search, values in scores.items():
                    result = run(options.program, "tune", model, "--on", "train",
                                 "--noise-seeds", 1,
                                 "--samples", options.samples, "--max-steps", options.max_steps,
                                 "--budget", options.budget, "--search", search,
                                 "--search-seed", seed, "--threads", options.threads, "-o", found)
                    values.append(result["after"])
            better = sum(c > r for c, r in zip(scores["cma-es"], scores["random"]))
            cells = " | ".join(f"{statistics.mean(v):.3f} ± {statistics.stdev(v):.3f}"
                               for v in scores.values())
            print(f"| {name} | {result['before']:.3f} | {cells} | {better} of {options.seeds} |",
                  flush=True)


if __name__ == "__main__":
    main()
