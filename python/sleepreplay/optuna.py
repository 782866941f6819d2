"""Sleep parameters for studies of Optuna."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .errors import ParameterError
from .parameters import Parameters, as_parameters

if TYPE_CHECKING:
    from optuna.trial import BaseTrial

# The ranges of hypnos::SearchSpace (include/hypnos/tuning.hpp).
MAX_RATE = (20.0, 1000.0)  # [Hz]
INCREMENT = (1e-6, 0.1)
DECREMENT = (1e-6, 0.1)
RATE = (1e-5, 0.03)  # of hidden layers [spikes per unit and step]
OUTPUT_RATE = (1e-5, 0.1)
THRESHOLD = (0.1, 1000.0)
SHORTEST = 16  # the longest sleep is so many times as long as the shortest


def suggest(
    trial: BaseTrial,
    layers: int,
    *,
    base: Parameters | str | os.PathLike[str] | None = None,
    prefix: str = "sleep_",
    firing: str = "rate",
    max_steps: int = 6000,
) -> Parameters:
    """
    Let a trial suggest a sleep, from the space that `sleepreplay.tune` searches.

    All scales are logarithmic. In the study the values are called `prefix` and their name:
    "sleep_max_rate", "sleep_target_rate_1" for the first hidden layer and so on.

    Parameters
    ----------
    trial : optuna.trial.BaseTrial
        Is asked for each value.
    layers : int
        Layers of weights of the network that is to sleep: `len(network.weights)`.
    base : Parameters, or name of a preset or file, optional
        Values of what is not suggested: rule, patch, decay ... Default: those of
        `Parameters(patch=0)`, with which noise covers the whole input.
    prefix : str
        Begins the names, so that a study can suggest other things beside.
    firing : {"rate", "threshold"}
        What is suggested for each layer: how often it fires at first, or its threshold.
    max_steps : int
        Longest sleep; the shortest is 1/16 of it.

    Returns
    -------
    sleepreplay.Parameters
        With an `alpha_scale` of 1: twice the gain is the same as half of all thresholds.

    Raises
    ------
    ParameterError
        An argument has a value that cannot be.

    Examples
    --------
    >>> import optuna
    >>> import sleepreplay as sr
    >>> given = {
    ...     "sleep_steps": 500,
    ...     "sleep_max_rate": 200.0,
    ...     "sleep_increment": 1e-4,
    ...     "sleep_decrement": 2e-4,
    ...     "sleep_target_rate_1": 0.001,
    ...     "sleep_target_rate_2": 0.01,
    ... }
    >>> parameters = sr.optuna.suggest(optuna.trial.FixedTrial(given), layers=2)
    >>> parameters.steps, parameters.target_rate
    (500, [0.001, 0.01])
    """
    if layers < 1:
        raise ParameterError(f"layers is {layers}; a network has at least one", "layers")
    if max_steps < 1:
        raise ParameterError(f"max_steps is {max_steps}; a sleep has at least one", "max_steps")
    if firing not in ("rate", "threshold"):
        raise ParameterError(f'firing is {firing!r}; it must be "rate" or "threshold"', "firing")

    def value(name: str, bounds: tuple[float, float]) -> float:
        return trial.suggest_float(prefix + name, *bounds, log=True)

    shortest = max(1, round(max_steps / SHORTEST))
    key = "target_rate" if firing == "rate" else "threshold"
    hidden, output = (RATE, OUTPUT_RATE) if firing == "rate" else (THRESHOLD, THRESHOLD)
    started = Parameters(patch=0) if base is None else as_parameters(base)
    return started.replace(
        source=f"optuna, trial {trial.number}",
        steps=trial.suggest_int(prefix + "steps", shortest, max_steps, log=True),
        max_rate=value("max_rate", MAX_RATE),
        increment=value("increment", INCREMENT),
        decrement=value("decrement", DECREMENT),
        alpha_scale=1.0,
        **{
            key: [
                value(f"{key}_{i}", hidden if i < layers else output) for i in range(1, layers + 1)
            ]
        },
    )
