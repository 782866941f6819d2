"""Small networks and data for the tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

import sleepreplay as sr

SMALL = {"patch": 3, "steps": 300, "target_rate": [0.02, 0.02]}


@pytest.fixture
def parameters():
    return sr.Parameters.load("authors-mnist").replace(**SMALL)


@pytest.fixture
def images():
    """Samples of images [200 x 8 x 8] whose classes can be told apart, and their labels."""
    random = np.random.default_rng(1)
    y = np.arange(200) % 10
    X = random.random((200, 8, 8), dtype=np.float32) * 0.3
    for i, label in enumerate(y):
        X[i, label % 8, :] += 0.5
        X[i, :, label // 5 * 4] += 0.4
    return X, y


@pytest.fixture
def network():
    random = np.random.default_rng(2)
    return sr.Network(
        [
            random.normal(size=(50, 64), scale=0.1),
            random.normal(size=(10, 50), scale=0.1),
        ],
        [random.normal(size=50, scale=0.01), random.normal(size=10, scale=0.01)],
    )


def program() -> str:
    """Find the program: the one that came with the package, or that on the path."""
    from sleepreplay import _program

    found = _program.path()
    if Path(found).exists():
        return found
    named = os.environ.get("HYPNOS_PROGRAM") or shutil.which("hypnos")
    assert named, "there is no program hypnos; set HYPNOS_PROGRAM"
    return named
