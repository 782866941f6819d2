"""What a search and the guard of a classifier go by: measures of Hypnos, or scorers."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import get_scorer, get_scorer_names  # type: ignore[import-untyped]

from . import _core
from .errors import ParameterError


def as_objective(objective: Any) -> Any:
    """Take it as the search does: one of Hypnos' measures, or a function of (model, X, y)."""
    if isinstance(objective, str) and (
        objective == "accuracy" or objective not in get_scorer_names()
    ):
        return objective
    scorer = get_scorer(objective) if isinstance(objective, str) else objective

    def score(model: Any, X: Any, y: Any) -> float:
        value = float(scorer(model, X, y))
        if not np.isfinite(value):
            raise ValueError(f"the objective {objective!r} gave {value}")
        return value

    return score


def measure_of(objective: Any) -> str:
    """Find the measure of Hypnos that the guard judges by, which knows no scorers."""
    same = {"balanced_accuracy": "balanced-accuracy", "f1_macro": "macro-f1"}
    if not isinstance(objective, str):
        return "accuracy"
    name = same.get(objective, objective)
    return "accuracy" if name in get_scorer_names() else name


def check_classes(objective: Any, classes: Any) -> None:
    """
    Refuse an objective that the guard cannot judge by, before a network is trained.

    `classes` are those that the networks know; None where that is not known.
    """
    measure = measure_of(objective)
    named = _core.objective_classes(measure)
    if not named or classes is None:
        return
    if not np.array_equal(classes, range(len(classes))):
        raise ParameterError(
            f"the objective {measure!r} names classes by numbers, but the classes here are not "
            "numbers from 0 on, each with two samples or more",
            "objective",
        )
    if max(named) >= len(classes):
        raise ParameterError(
            f"the objective {measure!r} names class {max(named)}; there are {len(classes)}, from 0 "
            "on",
            "objective",
        )
