"""Small classifiers of scikit-learn, data and sleeps for the tests of their sleep."""

from __future__ import annotations

import numpy as np
import pytest

import sleepreplay as sr

pytest.importorskip("sklearn")

from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

GIVEN = sr.Parameters(
    steps=200,
    max_rate=300.0,
    patch=0,
    increment=1e-3,
    decrement=1e-3,
    threshold=[0.3, 0.1],
    alpha_scale=1.0,
)
HARMFUL = GIVEN.replace(increment=0.2, decrement=0.05, threshold=[0.1, 0.02], steps=300)
SHORT = {"folds": 2, "budget": 40, "max_steps": 100}


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Training such small networks by several threads takes longer."""
    with threadpool_limits(1):
        yield


def small(**options):
    return MLPClassifier((32,), **{"solver": "lbfgs", "max_iter": 30, **options})


def digits(count=120):
    X, y = load_digits(return_X_y=True)
    return X[:count], y[:count]


def same_weights(a, b):
    pairs = zip([*a.coefs_, *a.intercepts_], [*b.coefs_, *b.intercepts_], strict=True)
    return all(x.dtype == y.dtype and np.array_equal(x, y) for x, y in pairs)
