"""The part of a module of PyTorch that sleeps, as a network, and what comes into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from . import _core
from ._data import Normalization, make_data
from ._torch_data import first_samples
from ._torch_tail import Call, Tail, find_tail, flat, place_of, trace
from ._torch_weights import as_array, network_of
from .errors import InputError, ModelError, ParameterError
from .network import Network


def _check_answers(tail: Tail, network: Network, calls: list[Call]) -> None:
    """Compare the answers of what was found with those of the module's last layer."""
    last = next(
        c for c in reversed(calls) if c.module is (tail.layers[-1].norm or tail.layers[-1].linear)
    )
    last_linear = next(c for c in reversed(calls) if c.module is tail.layers[-1].linear)
    first = next(c for c in calls if c.module is tail.first)
    mine = network.predict(as_array(flat(first.input)), threads=1)
    theirs = as_array(last.output)
    if network.output == "relu":
        theirs = np.maximum(theirs, 0)
    if network.output == "sigmoid":
        theirs = np.stack([np.zeros(len(theirs), np.float32), theirs[:, 0]], axis=1)
    half = tail.layers[0].linear.weight.dtype in (torch.float16, torch.bfloat16)
    # Outputs may be small, after a sleep for example; then their parts say what can be rounding.
    weights = np.abs(network.weights[-1])
    parts = float((np.abs(as_array(flat(last_linear.input))) @ weights.T).max())
    tolerance = (0.05 if half else 1e-3) * float(np.abs(theirs).max()) + 1e-6 * parts
    if float(np.abs(mine - theirs).max()) > tolerance:
        raise ModelError(
            f"the layers {', '.join(layer.name for layer in tail.layers)} alone do not give the "
            "module's answers: its forward does something else between them; name a smaller head="
        )


def _not_numbers(samples: torch.Tensor) -> InputError:
    return InputError(
        f"the data hold {samples.dtype}; give what the module was trained on, for example "
        "x.float() / 255"
    )


def tail_of(
    model: nn.Module, data: Any, head: str | None, output: str | None
) -> tuple[Tail, Network]:
    """Find the part that sleeps, with the first few samples."""
    if not isinstance(model, nn.Module):
        raise ModelError(f"the model is {type(model).__name__}; it must be a torch.nn.Module")
    samples = first_samples(data)
    device, dtype = place_of(model)
    numbers = samples.is_floating_point()
    if not numbers and (samples.is_complex() or samples.dtype in (torch.bool, torch.uint8)):
        raise _not_numbers(samples)
    samples = samples.to(device=device, dtype=dtype if numbers else None)
    try:
        calls, answers = trace(model, samples)
        if not bool(torch.isfinite(answers).all()):
            raise InputError("the module answers NaN or infinity; look at its weights and the data")
        tail = find_tail(model, calls, answers, samples, head, output)
    except RuntimeError:
        if numbers:
            raise
        raise _not_numbers(samples) from None
    if tail.is_whole and not numbers:
        raise _not_numbers(samples)
    network = network_of(tail)
    _check_answers(tail, network, calls)
    return tail, network


def data_of(
    network: Network,
    tail: Tail,
    X: Any,
    y: Any,
    shape: Sequence[int] | None,
    layout: str | None,
    normalization: Normalization | None,
) -> _core.Data:
    """Take what comes into the tail for the core."""
    if shape is None and tail.image is not None and len(getattr(X, "shape", ())) == 2:
        shape = shape_of(tail.image)
    return make_data(
        X,
        y,
        classes=network.classes,
        shape=shape,
        layout=layout,
        normalization=normalization,
        channels_first=True,
        name="data",
    )


def check_normalization(tail: Tail, normalization: Normalization | None) -> None:
    """Refuse a normalization of the data where the sleep begins behind other layers."""
    if normalization is not None and not tail.is_whole:
        raise ParameterError(
            f"normalization is that of the data, but what comes into {tail.first_name!r}, where "
            "the sleep begins, is not the data",
            "normalization",
        )


def shape_of(image: tuple[int, ...]) -> tuple[int, ...] | None:
    """Find rows, columns and channels of an image of PyTorch."""
    if len(image) == 2:
        return image
    if len(image) == 3:
        return (image[1], image[2], image[0])
    return None
