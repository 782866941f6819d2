"""What a user's model is to the search: a network, the samples it sees, and a model again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import ModelError
from .network import Network


@dataclass(frozen=True)
class Adapted:
    """
    A model as the search needs it.

    Attributes
    ----------
    network : Network
        What sleeps.
    inputs : function of X
        What comes into the network when the model is given X.
    rebuilt : function of a Network
        A model like the user's, in which this network has slept.
    channels_first : bool
        Whether images lie as PyTorch has them.
    """

    network: Network
    inputs: Callable[[Any], Any]
    rebuilt: Callable[[Network], Any]
    channels_first: bool = False


def adapt(model: Any, X: Any, head: str | None = None) -> Adapted:
    """Take a Network, a module of PyTorch, or a fitted classifier of scikit-learn."""
    if isinstance(model, Network):
        return Adapted(model, lambda X: X, lambda network: network)
    if is_torch(model):
        from . import torch

        return torch.adapt(model, X, head)
    if is_model(model):
        from ._sklearn_models import adapt as adapt_classifier

        return adapt_classifier(model)
    raise cannot_sleep(model)


def cannot_sleep(model: Any) -> ModelError:
    """Say what can."""
    return ModelError(
        f"a {type(model).__name__} cannot sleep; give a sleepreplay.Network, a module of PyTorch, "
        "or a fitted MLPClassifier of scikit-learn"
    )


def is_model(model: Any) -> bool:
    """Whether this is a model, and not a function that makes one."""
    return (
        isinstance(model, Network)
        or is_torch(model)
        or (hasattr(model, "fit") and hasattr(model, "predict"))
    )


def is_torch(model: Any) -> bool:
    return any(base.__module__.startswith("torch.nn") for base in type(model).__mro__)
