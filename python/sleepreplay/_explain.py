"""What a sleep will probably do for a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import _core
from ._data import as_threads
from ._models import cannot_sleep, is_model, is_torch
from .errors import ParameterError
from .network import Network, data_for


@dataclass(frozen=True)
class Prospect:
    """
    What a sleep will probably do, in words (`print`), and in numbers what says so.

    Attributes
    ----------
    standing : {"plateau", "edge", "past"}
        Where the network stands in its training. On its plateau its hidden units respond to all
        classes nearly alike: sleep gains most there. Past it no sleep that was measured gained two
        points.
    text : str
        The same in words.
    samples : int
    accuracy, chance : float
        On these samples; that of always the most frequent class.
    commonest : float
        Part of the answers that are the commonest one.
    answered, classes : int
        Classes that are more than 1% of the answers, of all that the network can answer.
    class_correlations : list of float
        Of each hidden layer: mean correlation of its responses to different classes; NaN where it
        does not respond. The last one decides: 0.8 or more is the plateau, below 0.45 is past it.
        These limits were read off networks of two sets of images; elsewhere trust `guard` more.
    visible_gain : float
        Smallest gain in accuracy that a guard can tell from chance with so many samples, if the
        sleep changes one answer in ten.
    """

    standing: str
    text: str
    samples: int
    accuracy: float
    chance: float
    commonest: float
    answered: int
    classes: int
    class_correlations: list[float]
    visible_gain: float

    def __str__(self) -> str:
        return self.text


def explain(
    model: Any,
    X: Any,
    y: Any = None,
    *,
    head: str | None = None,
    threads: int = 0,
) -> Prospect:
    """
    Say what a sleep will probably do for a network, and why.

    Parameters
    ----------
    model : Network, module of PyTorch, or fitted MLPClassifier of scikit-learn
        It stays as it is.
    X, y : samples and their classes
        What it was trained on, or samples like it. Class numbers from 0; of a classifier of
        scikit-learn the classes that it knows. A DataLoader of (samples, labels) has both.
    head : str, optional
        Of a module of PyTorch: the part that is to sleep.
    threads : int
        0: all cores.

    Raises
    ------
    InputError
        The network has no hidden layer, or its last one does not respond to two of the classes.

    Notes
    -----
    docs/guides/plateau.md has the measurements, and how often it was right.

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> X = np.eye(4, dtype=np.float32).repeat(5, axis=0)
    >>> network = sr.Network([np.eye(4), np.ones((4, 4))])
    >>> print(sr.explain(network, X, np.arange(4).repeat(5)).standing)
    past
    """
    if head is not None and not is_torch(model):
        raise ParameterError("head is a part of a module of PyTorch", "head")
    if isinstance(model, Network):
        network, data = model, data_for(model, X, y, needs_labels=True)
    elif is_torch(model):
        from . import torch

        network, data = torch.labelled_data(model, X, y, head)
    elif is_model(model):
        from ._sklearn_models import labelled_data

        network, data = labelled_data(model, X, y)
    else:
        raise cannot_sleep(model)
    return Prospect(**_core.explain(network._core, data, as_threads(threads)))
