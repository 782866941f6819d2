"""What `explain` says of networks of both kinds."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

import sleepreplay as sr


@pytest.fixture
def digits():
    X, y = load_digits(return_X_y=True)
    return (X[:500] / 16).astype(np.float32), y[:500]


def alike(responses, y):
    """Find the mean correlation of the mean responses to two classes."""
    means = np.stack([responses[y == c].mean(0) for c in np.unique(y)])
    correlations = np.corrcoef(means)
    return correlations[~np.eye(len(means), dtype=bool)].mean()


def test_numbers_are_those_of_numpy(images, network):
    X, y = images
    found = sr.explain(network, X, y)
    hidden = np.maximum(X.reshape(len(X), -1) @ network.weights[0].T + network.biases[0], 0)
    answers = network.predict(X).argmax(1)
    assert found.class_correlations == pytest.approx([alike(hidden, y)], abs=1e-5)
    assert found.accuracy == pytest.approx((answers == y).mean())
    counts = np.bincount(answers, minlength=10) / len(y)
    assert (found.commonest, found.answered) == (pytest.approx(counts.max()), (counts > 0.01).sum())
    assert (found.samples, found.classes, found.chance) == (200, 10, 0.1)


def test_networks_of_both_kinds(digits):
    """Before a training from small weights, and after one."""
    X, y = digits
    classifier = MLPClassifier((100,), tol=1e-2, random_state=1).fit(X, y)
    assert sr.explain(classifier, X, y).standing == "past"
    torch.manual_seed(1)
    model = torch.nn.Sequential(
        torch.nn.Linear(64, 200, bias=False),
        torch.nn.ReLU(),
        torch.nn.Linear(200, 200, bias=False),
        torch.nn.ReLU(),
        torch.nn.Linear(200, 10, bias=False),
    )
    for weights in model.parameters():
        torch.nn.init.uniform_(weights, -0.01, 0.01)
    found = sr.explain(model, torch.tensor(X), torch.tensor(y))
    assert found.standing == "plateau"
    assert "will probably help" in str(found)
    assert model[0].weight.abs().max() <= 0.01  # as it was


def test_classes_may_have_names(digits):
    X, y = digits
    names = np.array([f"digit {c}" for c in range(10)])[y]
    named = MLPClassifier((50,), max_iter=20, random_state=1).fit(X, names)
    numbered = MLPClassifier((50,), max_iter=20, random_state=1).fit(X, y)
    assert sr.explain(named, X, names) == sr.explain(numbered, X, y)


def test_what_cannot_be_told_is_refused(images):
    X, y = images
    with pytest.raises(sr.InputError, match="no hidden layer"):
        sr.explain(sr.Network([np.ones((10, 64))]), X, y)
    silent = sr.Network([-np.ones((20, 64)), np.ones((10, 20))])
    with pytest.raises(sr.InputError, match="does not respond"):
        sr.explain(silent, X, y)
    with pytest.raises(sr.InputError, match="200"):
        sr.explain(silent, X, y[:10])
    with pytest.raises(sr.ModelError, match="cannot sleep"):
        sr.explain("a model", X, y)


def test_loaders_bring_their_labels(digits):
    X, y = (torch.tensor(values) for values in digits)
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(64, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10))
    shuffled = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(X, y), batch_size=50, shuffle=True
    )
    expected, found = sr.explain(model, X, y), sr.explain(model, shuffled)
    assert found.class_correlations == pytest.approx(expected.class_correlations, abs=1e-5)
    assert found.accuracy == expected.accuracy
    with pytest.raises(sr.InputError, match="another order"):
        sr.explain(model, shuffled, y)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (lambda y: y.astype(str), "class numbers"),
        (lambda y: y.astype(int) - 1, "begin with 0"),
        (lambda y: y + 0.5, "class numbers"),
        (lambda y: np.ma.array(y, mask=y == 3), "masked"),
        (lambda y: np.eye(10)[y], "argmax"),
        (lambda y: None, "y is None"),
    ],
)
def test_labels_that_can_be_read_in_two_ways_are_refused(images, network, labels, words):
    X, y = images
    with pytest.raises(sr.InputError, match=words):
        sr.explain(network, X, labels(y))


def test_classifiers_take_sparse_samples_and_know_their_classes(digits):
    X, y = digits
    classifier = MLPClassifier((50,), tol=1e-2, random_state=1).fit(X, y)
    assert sr.explain(classifier, csr_matrix(X), y) == sr.explain(classifier, X, y)
    with pytest.raises(sr.InputError, match="no answer for"):
        sr.explain(classifier, X, y + 1)
    with pytest.raises(sr.InputError, match="y is None"):
        sr.explain(classifier, X)
    with pytest.raises(sr.ParameterError, match="PyTorch"):
        sr.explain(classifier, X, y, head="fc")
