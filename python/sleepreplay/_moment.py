"""When a sleep is judged: right after it, awake, or after training on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ._data import as_count, as_number
from .errors import ParameterError

OF_THE_NETWORK = ("output", "biases", "initial_range", "dropout", "dropout_form")
OF_THE_MOMENT = {
    "epochs": "moment_updates says how long",
    "updates": "moment_updates says how long",
    "schedule": "the learning rate falls to 0",
}


@dataclass(frozen=True)
class Moment:
    """As the core takes it; what it says of training on counts with "tuned" alone."""

    name: str = "awake"
    updates: int = 0
    learning_rate: float | None = None
    training: dict[str, Any] = field(default_factory=dict)


def as_moment(moment: Any, updates: Any, learning_rate: Any, training: Any) -> Moment:
    """Take what users say of it."""
    rate = None if learning_rate is None else as_number(learning_rate, "moment_learning_rate")
    asked = Moment(str(moment), as_count(updates, "moment_updates"), rate, _options(training))
    if asked.name != "tuned":
        for name, given in (
            ("moment_updates", asked.updates > 0),
            ("moment_learning_rate", rate is not None),
            ("moment_training", bool(asked.training)),
        ):
            if given:
                raise ParameterError(f'{name} goes with moment="tuned"', name)
    return asked


def _options(given: Mapping[str, Any] | None) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ParameterError("moment_training must be a dict of options", "moment_training")
    options = {n: v.item() if hasattr(v, "item") else v for n, v in given.items()}
    for name, value in options.items():
        if name in OF_THE_NETWORK:
            raise ParameterError(
                f"moment_training: {name} is that of the trained network", "moment_training"
            )
        if name in OF_THE_MOMENT:
            raise ParameterError(
                f"moment_training takes no {name}: {OF_THE_MOMENT[name]}", "moment_training"
            )
        if not isinstance(name, str) or not isinstance(value, (bool, int, float, str)):
            raise ParameterError(
                f"moment_training: {name} is {value!r}; an option is a number, a text, True or "
                "False",
                "moment_training",
            )
    return options
