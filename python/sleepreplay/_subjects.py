"""Networks that a search tries its candidates on, and the samples that judge them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _core
from ._data import as_count, as_labels
from ._models import Adapted, adapt, is_model
from .errors import InputError, ParameterError, Stopped
from .network import Network, data_for


def _take(X: Any, indices: Any) -> Any:
    """Select samples of an array, a tensor, a table, or a list."""
    if hasattr(X, "iloc"):
        return X.iloc[indices]
    if isinstance(X, (list, tuple)):
        return [X[i] for i in indices]
    if hasattr(X, "detach"):
        import torch

        return X[torch.as_tensor(indices.astype("int64"))]
    return X[indices]


def class_numbers(y: Any) -> tuple[Any, np.ndarray[Any, Any]]:
    """Take labels of any kind as class numbers."""
    if hasattr(y, "detach"):
        y = y.detach().cpu().numpy()
    values = np.asarray(y)
    if values.ndim != 1 and values.shape != (len(values), 1):
        raise InputError(f"y has the shape {values.shape}; it must be one class for each sample")
    classes, numbers = np.unique(values, return_inverse=True)
    return classes, numbers.reshape(-1).astype(np.uint32)


def _plain(y: Any) -> np.ndarray[Any, Any]:
    values = np.asarray(y.detach().cpu() if hasattr(y, "detach") else y)
    return values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values


def _answers(model: Any, network: Network, classes: Any) -> Any:
    """
    Find the classes that the outputs of a model stand for, in their order.

    A classifier of scikit-learn says so. Of others an output stands for the class of its number;
    where the classes are no such numbers, for those of y in their order.
    """
    known = getattr(model, "classes_", None)
    if known is not None:
        return np.asarray(known)
    count = network.classes
    whole = classes.dtype.kind in "iub" or (
        classes.dtype.kind == "f" and bool((classes == np.floor(classes)).all())
    )
    if whole and classes.min() >= 0 and classes.max() < count:
        return np.arange(count)
    if len(classes) == count:
        _refuse_two_orders(classes)
        return classes
    raise InputError(
        f"y has {len(classes)} classes, which are not numbers from 0 to {count - 1}, and the model "
        f"tells {count} apart"
    )


def _refuse_two_orders(classes: Any) -> None:
    """Refuse numbers as text whose order as numbers is another: "10" comes before "2"."""
    if not all(isinstance(c, (str, bytes)) for c in classes):
        return
    as_text = [c.decode(errors="replace") if isinstance(c, bytes) else str(c) for c in classes]
    try:
        as_numbers = sorted(as_text, key=float)
    except ValueError:
        return
    for output, (text, number) in enumerate(zip(as_text, as_numbers, strict=True)):
        if text != number:
            raise InputError(
                f"y has numbers as text: in the order of text output {output} is {text!r}, in that "
                f"of numbers {number!r}; give numbers from 0, the output of each class"
            )


@dataclass(frozen=True)
class Subject:
    """A network of the search, and the samples that judge it, also as the user has them."""

    adapted: Adapted
    training: _core.Data
    judging: _core.Data
    X: Any
    y: Any


def make_subjects(
    make_model: Any,
    X: Any,
    y: Any,
    classes: Any,
    numbers: Any,
    folds: int | None,
    X_judge: Any,
    y_judge: Any,
    head: str | None,
    seed: int,
    given: dict[str, Any],
    listener: Any,
    check: Callable[[_core.Data], None],
) -> list[Subject]:
    """`check` is shown the samples of the first network, before others are trained."""

    def subject(model: Any, train: Any, train_y: Any, judge: Any, judge_y: Any) -> Subject:
        adapted = adapt(model, train, head)
        answers = _answers(model, adapted.network, classes)
        data = [
            data_for(
                adapted.network,
                adapted.inputs(samples),
                numbers_in(answers, labels, which),
                channels_first=adapted.channels_first,
                **given,
            )
            for samples, labels, which in (
                (train, train_y, "y"),
                (judge, judge_y, "y" if X_judge is None else "y_judge"),
            )
        ]
        return Subject(adapted, data[0], data[1], judge, judge_y)

    if is_model(make_model):
        if X_judge is None or y_judge is None:
            raise InputError(
                "a model that is trained already is judged by samples that it was not trained on: "
                "give X_judge and y_judge, or a function make_model(X, y, seed)"
            )
        return [subject(make_model, X, y, X_judge, y_judge)]
    if not callable(make_model):
        raise InputError(
            f"make_model is {type(make_model).__name__}; it must be a function of (X, y, seed) "
            "that returns a trained model, or a trained model"
        )
    if X_judge is not None:
        if y_judge is None:
            raise InputError("y_judge is None; give the classes of X_judge")
        return [subject(make_model(X, y, seed), X, y, X_judge, y_judge)]
    if folds is None:
        raise ParameterError("folds is None; give a number, or X_judge and y_judge", "folds")
    found = []
    splits = _core.folds(only_labels(numbers, len(classes)), as_count(folds, "folds"), seed)
    for i, (kept, left_out) in enumerate(splits):
        if listener is not None and listener(i / len(splits), f"training network {i + 1}") is False:
            raise Stopped("stopped, because the progress callback returned False")
        train, judge = _take(X, kept), _take(X, left_out)
        model = make_model(train, _take(y, kept), seed + i)
        found.append(subject(model, train, _plain(y)[kept], judge, _plain(y)[left_out]))
        if i == 0:
            check(found[0].training)
    return found


def numbers_in(classes: Any, y: Any, which: str) -> Any:
    """Take labels as places among the classes; `which` is what the user calls them."""
    values = _plain(y)
    numbers = np.minimum(np.searchsorted(classes, values), len(classes) - 1)
    right = classes[numbers] == values
    if not bool(np.all(right)):
        foreign = values[~np.asarray(right)][:1].tolist()[0] if np.ndim(right) else values[:1]
        raise InputError(
            f"{which} has the class {foreign!r}, which the model has no answer for; its "
            "training samples need some of each class"
        )
    return as_labels(numbers)


def only_labels(numbers: Any, classes: int) -> _core.Data:
    images = np.zeros((len(numbers), 1), dtype=np.float32)
    return _core.make_data(images, (1, 1, 1), "last", numbers, classes, [], [])
