"""
Learns Fashion-MNIST in five tasks of two classes with PyTorch, and sleeps after each task.

There is one output for each class, and no task is named at test time. Three trainings that begin
alike are compared: without sleep, only woken after each task, and with sleep and waking.

The parameters are the best of nine, by training images that no task has and the seeds 1 to 3.
sleepreplay.tasks.tune searches.
"""

import argparse
import gzip
import itertools
from pathlib import Path

import numpy as np
import torch
from torch import nn

import sleepreplay as sr

IMAGES = 1000  # of each task
EPOCHS = 2
BATCH = 50
RATE = 0.05
PARAMETERS = sr.Parameters(
    rule="sigmoid",
    max_rate=50.0,
    increment=0.0014,
    decrement=0.00022,
    target_rate=[0.02, 0.02, 0.02],
    steps=500,
    growth=0.4,
    patch=0,
)


def options():
    """What the call says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("--seed", type=int, default=1, help="of network, training and noise")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("/usr/share/datasets/fashion-mnist"),
        help="folder of the IDX files (default: as Debian has them)",
    )
    return parser.parse_args()


def read(folder, part, most):
    """Read images [samples x 28 x 28] in [0, 1], and labels, of gzipped IDX files."""
    images = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    pixels = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28)[:most]
    classes = np.frombuffer(labels, np.uint8, offset=8)[:most]
    return torch.tensor(pixels / 255, dtype=torch.float32), torch.tensor(classes, dtype=torch.long)


def make_model(seed):
    """Make a network with PyTorch's own initial weights; the noise of sleep knows no biases."""
    torch.manual_seed(seed)
    sizes = (784, 400, 400, 10)
    layers = [nn.Linear(*pair, bias=False) for pair in itertools.pairwise(sizes)]
    return nn.Sequential(nn.Flatten(), layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])


def train(model, optimizer, X, y):
    """Train on one task, as ever."""
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(X)).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(X[batch]), y[batch]).backward()
            optimizer.step()


def right(model, X, y):
    """Which answers are right."""
    with torch.no_grad():
        return (model(X).argmax(1) == y).float()


def learn(way, seed, X, y, X_test, y_test):
    """Learn all tasks; print the accuracy on each task's test images, and on all of them."""
    model = make_model(seed)
    optimizer = torch.optim.SGD(model.parameters(), RATE)
    sleeper = sr.torch.Sleeper(model, PARAMETERS, seed=seed)
    for task in range(5):
        of_task = (y // 2 == task).nonzero()[:IMAGES, 0]
        images, labels = X[of_task], y[of_task]
        train(model, optimizer, images, labels)
        if way == "woken":
            sr.torch.wake_(model, images, labels)
        if way == "slept":
            sleeper.after_task(images, labels, optimizer=optimizer)
    answers = right(model, X_test, y_test)
    each = "  ".join(f"{answers[y_test // 2 == task].mean():.2f}" for task in range(5))
    print(f"{way:10} {each}   all {answers.mean():.3f}", flush=True)


if __name__ == "__main__":
    given = options()
    data = [*read(given.data, "train", 10000), *read(given.data, "t10k", 10000)]
    for way in ("trained", "woken", "slept"):
        learn(way, given.seed, *data)
