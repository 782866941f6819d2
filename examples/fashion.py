"""
Trains on 1% of Fashion-MNIST with PyTorch, sleeps, wakes, and trains on.

usage: fashion.py [FOLDER]    (default: where the Debian package dataset-fashion-mnist has it)
"""

import gzip
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

import sleepreplay as sr

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/datasets/fashion-mnist")


def read(part, most):
    """Read images [samples x 28 x 28] in [0, 1], and labels, of gzipped IDX files."""
    images = gzip.decompress((FOLDER / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((FOLDER / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    pixels = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28)[:most]
    classes = np.frombuffer(labels, np.uint8, offset=8)[:most]
    return torch.tensor(pixels / 255, dtype=torch.float32), torch.tensor(classes, dtype=torch.long)


class PassingReLU(nn.ReLU):
    """A ReLU that passes gradients as if there were none, as in the papers' code."""

    def forward(self, z):
        """Take outputs [samples x classes]."""
        return z + (z.relu() - z).detach()


def train(updates, rate, falling):
    """Train by squared error; the learning rate stays, or falls to 0."""
    optimizer = torch.optim.SGD(model.parameters(), rate, momentum=0.5)
    for update in range(updates):
        if falling:
            optimizer.param_groups[0]["lr"] = rate * (1 + np.cos(np.pi * update / updates)) / 2
        batch = torch.randperm(len(X))[:100]
        error = model(X[batch]) - nn.functional.one_hot(y[batch], 10)
        optimizer.zero_grad()
        (error**2).sum(1).mean().div(2).backward()
        optimizer.step()


def tell(moment):
    """Print the accuracy on test images."""
    with torch.no_grad():
        print(f"{moment:14} {(model(X_test).argmax(1) == y_test).float().mean():.3f}", flush=True)


X, y = read("train", 600)
X_test, y_test = read("t10k", 10000)
torch.manual_seed(1)
first, second, last = (nn.Linear(*s, bias=False) for s in ((784, 1200), (1200, 1200), (1200, 10)))
for layer in (first, second, last):
    nn.init.uniform_(layer.weight, -0.01, 0.01)
model = nn.Sequential(nn.Flatten(), first, nn.ReLU(), second, nn.ReLU(), last, PassingReLU())

train(150, 0.01, falling=False)
tell("trained")
sr.torch.sleep_(model, X, "authors-fashion-mnist", seed=1)
tell("asleep")
sr.torch.wake_(model, X, y)
tell("awake")
train(200, 0.1, falling=True)
tell("trained on")
