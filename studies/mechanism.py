#!/usr/bin/env python3
"""What an early sleep changes in a network: how many directions the responses of its hidden layers
span, how alike they are for different images, and how large the gradients are that training on
begins with. Each is measured on 1,000 images of the training half, before sleep, after sleep and
waking, and after waking alone. Prints a Markdown table of means over seeds.

Example: studies/mechanism.py --data fashion-mnist --updates 300 --params authors-fashion-mnist
"""

import argparse
import json
import pathlib
import struct
import tempfile

import numpy as np

from named_data import read
from program import DEFAULT_PROGRAM, run

IMAGES = 1000
KEPT = 0.75  # the authors' networks multiply hidden activations by this at test time


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, choices=["mnist", "fashion-mnist"])
    parser.add_argument("--params", required=True, help="of the sleep: a file, or a preset")
    parser.add_argument("--fraction", type=float, default=0.01)
    parser.add_argument("--updates", type=int, default=300, help="before sleep (default: 300)")
    parser.add_argument("--seeds", type=int, default=5, help="seeds 1 to N (default: 5)")
    parser.add_argument("--program", default=DEFAULT_PROGRAM)
    return parser.parse_args()


def read_images(data):
    images, labels = read(data)
    return images[:IMAGES].reshape(-1, 784) / 255, labels[:IMAGES]


def read_weights(file):
    content = file.read_bytes()
    length, = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    weights = []
    for name in sorted(n for n in header if n.endswith(".weight")):
        begin, end = header[name]["data_offsets"]
        values = np.frombuffer(content[8 + length + begin:8 + length + end], np.float32)
        weights.append(values.reshape(header[name]["shape"]).astype(np.float64))
    return weights


def effective_rank(responses):
    """exp of the entropy of the singular values (Roy and Vetterli 2007)."""
    values = np.linalg.svd(responses, compute_uv=False)
    parts = values / max(values.sum(), 1e-300)
    parts = parts[parts > 1e-15]
    return float(np.exp(-(parts * np.log(parts)).sum()))


def mean_cosine(responses):
    """Of the responses to two different images, without units that are silent for one of them."""
    norms = np.linalg.norm(responses, axis=1)
    unit = responses[norms > 0] / norms[norms > 0, None]
    count = len(unit)
    if count < 2:
        return float("nan")
    return float((np.square(unit.sum(axis=0)).sum() - count) / (count * (count - 1)))


def measure(weights, images, labels):
    """What the three layers do with the images, and the gradients of their squared error."""
    below, layers = images, []
    for index, weight in enumerate(weights):
        summed = below @ weight.T
        hidden = index + 1 < len(weights)
        layers.append((below, summed))
        below = np.maximum(summed, 0) * (KEPT if hidden else 1)
    found = {}
    for index, (_, summed) in enumerate(layers[:-1]):
        responses = np.maximum(summed, 0)
        found[f"rank, hidden {index + 1}"] = effective_rank(responses)
        found[f"cosine, hidden {index + 1}"] = mean_cosine(responses)
    error = (below - np.eye(10)[labels]) * (layers[-1][1] > 0)
    for index in reversed(range(len(weights))):
        name = f"gradient, {'output' if index + 1 == len(weights) else f'hidden {index + 1}'}"
        gradient = error.T @ layers[index][0] / len(images)
        # How much of the layer's weights a step of size 1 would change.
        found[name] = float(np.linalg.norm(gradient) / np.linalg.norm(weights[index]))
        if index > 0:
            error = (error @ weights[index]) * (layers[index - 1][1] > 0) * KEPT
    return found


def changes(before, after):
    """Which synapses sleep changed."""
    found = {}
    for index, (old, new) in enumerate(zip(before, after)):
        name = "output" if index + 1 == len(before) else f"hidden {index + 1}"
        found[f"grown, {name}"] = float((new > old).mean())
        found[f"shrunk, {name}"] = float((new < old).mean())
        found[f"change, {name}"] = float(np.linalg.norm(new - old) / np.linalg.norm(old))
    return found


def trial(options, seed, folder, images, labels):
    def file(name):
        return folder / f"{name}.safetensors"

    run(options.program, "train", "--data", options.data, "--fraction", options.fraction,
        "--updates", options.updates, "--seed", seed, "-o", file("trained"))
    run(options.program, "sleep", file("trained"), "--params", options.params, "-o", file("slept"))
    run(options.program, "wake", file("slept"), "-o", file("awake"))
    run(options.program, "wake", file("trained"), "-o", file("woken"))
    weights = {name: read_weights(file(name)) for name in ("trained", "slept", "awake", "woken")}
    found = {name: measure(weights[name], images, labels) for name in ("trained", "awake", "woken")}
    return found, changes(weights["trained"], weights["slept"])


def main():
    options = parse_arguments()
    images, labels = read_images(options.data)
    trials = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, options.seeds + 1):
            trials.append(trial(options, seed, pathlib.Path(folder), images, labels))
    print(f"{options.data}, fraction {options.fraction}, {options.updates} updates before sleep, "
          f"{options.seeds} seeds\n")
    print("| | before | asleep and woken | woken alone |\n| --- | ---: | ---: | ---: |")
    for name in trials[0][0]["trained"]:
        means = [np.mean([found[moment][name] for found, _ in trials])
                 for moment in ("trained", "awake", "woken")]
        print(f"| {name} | " + " | ".join(f"{mean:.3g}" for mean in means) + " |")
    print("\n| part of the synapses | |\n| --- | ---: |")
    for name in trials[0][1]:
        print(f"| {name} | {np.mean([changed[name] for _, changed in trials]):.3g} |")


if __name__ == "__main__":
    main()
