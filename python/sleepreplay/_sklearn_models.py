"""Fitted classifiers of scikit-learn as networks, and back."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier  # type: ignore[import-untyped]
from sklearn.pipeline import Pipeline  # type: ignore[import-untyped]
from sklearn.utils import check_array  # type: ignore[import-untyped]

from . import _core
from ._models import Adapted
from ._subjects import numbers_in
from .errors import InputError, ModelError
from .network import Network, data_for

NUMBERS = (np.float64, np.float32)  # what MLPClassifier computes with


def adapt(model: Any) -> Adapted:
    """
    Take a fitted classifier of scikit-learn as the search needs it.

    Parameters
    ----------
    model : MLPClassifier, Pipeline that ends in one, or SleepReplayClassifier
        It is fitted. Of a pipeline the last step sleeps; its input is what the steps before it
        make of X. Samplers of imbalanced-learn are passed over, as they are when it predicts.

    Returns
    -------
    Adapted
        `rebuilt(network)` gives a deep copy of the model with the weights of this network, in the
        precision of the model's own. It has no memory of the optimizer, whose moments were those of
        other weights.

    Raises
    ------
    InputError
        It is not fitted, has another activation than ReLU, or several labels for a sample.
    ModelError
        It is another kind of model.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.neural_network import MLPClassifier
    >>> import sleepreplay as sr
    >>> X, y = np.eye(6), [0, 1, 2, 0, 1, 2]
    >>> model = MLPClassifier((5,), solver="lbfgs", random_state=1).fit(X, y)
    >>> adapted = sr.sklearn.adapt(model)
    >>> adapted.network
    Network(6-5-3, softmax)
    >>> bool((adapted.rebuilt(adapted.network).predict(X) == model.predict(X)).all())
    True
    """
    if isinstance(model, Pipeline):
        return _adapt_pipeline(model)
    if hasattr(model, "_adapted"):  # a SleepReplayClassifier
        adapted: Adapted = model._adapted()
        return adapted
    if not isinstance(model, MLPClassifier):
        raise ModelError(
            f"a {type(model).__name__} cannot sleep; give a fitted MLPClassifier, or a pipeline "
            "that ends in one"
        )

    def rebuilt(network: Network) -> Any:
        changed = copy.deepcopy(model)
        _write_weights(changed, network)
        return changed

    return Adapted(Network.from_sklearn(model), _as_floats, rebuilt)


def _adapt_pipeline(model: Any) -> Adapted:
    inner = adapt(model.steps[-1][1])
    before = [
        step
        for _, step in model.steps[:-1]
        if step not in (None, "passthrough") and not hasattr(step, "fit_resample")
    ]

    def inputs(X: Any) -> Any:
        for step in before:
            X = step.transform(X)
        return inner.inputs(X)

    def rebuilt(network: Network) -> Any:
        changed = copy.deepcopy(model)
        changed.steps[-1] = (changed.steps[-1][0], inner.rebuilt(network))
        return changed

    return Adapted(inner.network, inputs, rebuilt)


def labelled_data(model: Any, X: Any, y: Any) -> tuple[Network, _core.Data]:
    """Take the network of a fitted classifier, what comes into it, and the labels."""
    adapted = adapt(model)
    if y is None:
        raise InputError("y is None; give the class of each sample")
    numbers = numbers_in(np.asarray(model.classes_), y, "y")
    return adapted.network, data_for(adapted.network, adapted.inputs(X), numbers)


def _as_floats(X: Any) -> Any:
    """Take samples as MLPClassifier does: whole numbers are values as they are."""
    return check_array(X.toarray() if hasattr(X, "toarray") else X, dtype=NUMBERS)


def _write_weights(model: Any, network: Network) -> None:
    model.coefs_ = [
        np.array(new.T, dtype=old.dtype, order="C")
        for new, old in zip(network.weights, model.coefs_, strict=True)
    ]
    model.intercepts_ = [
        np.zeros_like(old) if new is None else np.array(new, dtype=old.dtype)
        for new, old in zip(network.biases, model.intercepts_, strict=True)
    ]
    # `partial_fit` makes a new one. The moments of this one are those of other weights.
    model.__dict__.pop("_optimizer", None)
