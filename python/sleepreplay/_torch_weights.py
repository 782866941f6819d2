"""
Weights of the part of a module that sleeps: taken out, and put back.

A BatchNorm behind a layer is folded into the layer's weights and biases, and taken out again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from . import _core
from ._torch_tail import Layer, Tail
from .errors import ModelError
from .network import Network


def as_array(tensor: torch.Tensor) -> NDArray[np.float32]:
    """Take a tensor as an array; single precision on the CPU is not copied."""
    return tensor.detach().to(device="cpu", dtype=torch.float32).contiguous().numpy()


def _scale_and_shift(
    norm: nn.BatchNorm1d, name: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the factor and the shift that a BatchNorm is in eval mode, of each unit."""
    if norm.running_mean is None or norm.running_var is None:
        raise ModelError(
            f"{name} (BatchNorm1d) keeps no running statistics (track_running_stats=False)"
        )
    mean = as_array(norm.running_mean).astype(np.float64)
    variance = as_array(norm.running_var).astype(np.float64)
    gamma = np.ones_like(mean) if norm.weight is None else as_array(norm.weight).astype(np.float64)
    beta = np.zeros_like(mean) if norm.bias is None else as_array(norm.bias).astype(np.float64)
    scale = gamma / np.sqrt(variance + norm.eps)
    shift = beta - scale * mean
    if not (np.isfinite(scale).all() and np.isfinite(shift).all()):
        raise ModelError(f"{name} (BatchNorm1d) makes NaN or infinity")
    if (scale == 0).any():
        raise ModelError(
            f"{name} (BatchNorm1d): the scale of unit {int(np.argmin(scale != 0))} is 0, so that "
            "it cannot be taken out of the weights again; remove the unit"
        )
    return scale, shift


def _folded(layer: Layer) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    weights = as_array(layer.linear.weight)
    biases = None if layer.linear.bias is None else as_array(layer.linear.bias)
    if layer.norm is None:
        return weights, biases
    scale, shift = _scale_and_shift(layer.norm, layer.norm_name)
    inner = np.zeros(len(scale)) if biases is None else biases.astype(np.float64)
    return (
        (scale[:, None] * weights.astype(np.float64)).astype(np.float32),
        (scale * inner + shift).astype(np.float32),
    )


def network_of(tail: Tail) -> Network:
    """Take the tail as a network."""
    arrays = [_folded(layer) for layer in tail.layers]
    return Network([w for w, _ in arrays], [b for _, b in arrays], output=tail.output)


def _put(target: torch.Tensor, values: NDArray[Any], changed: NDArray[np.bool_] | None) -> None:
    """Write values into a tensor; those that did not change keep their bits."""
    new = torch.from_numpy(np.array(values) if not values.flags.writeable else values)
    if changed is None:
        target.copy_(new)
        return
    mask = torch.from_numpy(changed).to(target.device)
    target.copy_(torch.where(mask, new.to(device=target.device, dtype=target.dtype), target))


def _write(tail: Tail, core: _core.Network) -> None:
    """Put weights and biases of a network into the module."""
    for layer, weights, biases in zip(tail.layers, core.weights, core.biases, strict=True):
        linear = layer.linear
        if layer.norm is None:
            exact = linear.weight.dtype == torch.float32
            _put(linear.weight, weights, None if exact else weights != as_array(linear.weight))
            if linear.bias is not None and biases is not None:
                exact = linear.bias.dtype == torch.float32
                _put(linear.bias, biases, None if exact else biases != as_array(linear.bias))
            continue
        scale, _ = _scale_and_shift(layer.norm, layer.norm_name)
        was, was_biases = _folded(layer)
        _put(linear.weight, weights.astype(np.float64) / scale[:, None], weights != was)
        if biases is None or was_biases is None or not (biases != was_biases).any():
            continue
        inner = 0.0 if linear.bias is None else as_array(linear.bias).astype(np.float64)
        shift = biases.astype(np.float64) - scale * inner
        mean = layer.norm.running_mean
        assert mean is not None
        if layer.norm.bias is not None:
            _put(layer.norm.bias, shift + scale * as_array(mean), None)
        else:
            _put(mean, -shift / scale, None)


def write(tail: Tail, core: _core.Network) -> None:
    """Write all or, when it is interrupted, all the same: no module is half asleep."""
    with torch.no_grad():
        try:
            _write(tail, core)
        except KeyboardInterrupt:
            _write(tail, core)
            raise
