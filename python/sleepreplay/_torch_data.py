"""Data of a user of PyTorch: tensors, arrays and loaders, and what comes of them into a tail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import nn

from ._data import as_array as as_numbers
from ._torch_tail import Tail, as_it_is, flat, place_of
from .errors import InputError

_SAMPLES_TO_LOOK_AT = 8
_BATCH = 1024


def _samples(batch: Any) -> torch.Tensor:
    """Take the samples of a batch: a tensor, or the first of (samples, labels, ...)."""
    if isinstance(batch, (list, tuple)) and batch:
        batch = batch[0]
    if not isinstance(batch, torch.Tensor):
        raise InputError(
            f"a batch of the data is {type(batch).__name__}; it must be a tensor, or a tuple that "
            "begins with one"
        )
    return batch


def _labels(batch: Any) -> torch.Tensor:
    if not isinstance(batch, (list, tuple)) or len(batch) < 2:
        raise InputError("the data have no labels; give them as labels=, or batches of two tensors")
    try:
        labels = torch.as_tensor(batch[1])
    except (TypeError, ValueError, RuntimeError):
        labels = torch.empty(())
    if labels.dim() == 0:
        raise InputError("a batch of the data has labels that are not one number for each sample")
    return labels


def is_loader(data: Any) -> bool:
    return not hasattr(data, "shape") and not isinstance(data, (list, tuple))


def _check_data(data: Any) -> None:
    if data is None or not (hasattr(data, "shape") or hasattr(data, "__iter__")):
        raise InputError(
            f"the data are {type(data).__name__}; give a tensor or an array of samples, or a "
            "DataLoader"
        )


def _batches(data: Any) -> Iterable[Any]:
    """Walk through data in batches: of a loader its own."""
    if isinstance(data, torch.utils.data.Dataset):
        raise InputError("the data are a Dataset; give torch.utils.data.DataLoader(dataset, 1000)")
    _check_data(data)
    if is_loader(data):
        if iter(data) is data:
            raise InputError(
                "the data can be walked through only once; give a tensor or a DataLoader"
            )
        return data  # type: ignore[no-any-return]
    if isinstance(data, (list, tuple)):
        raise InputError(
            "the data are a list; give a tensor or an array of samples, or a DataLoader "
            "(labels separately)"
        )
    samples = _as_samples(data)
    return (_as_tensor(samples[i : i + _BATCH]) for i in range(0, len(samples), _BATCH))


def _as_samples(data: Any) -> Any:
    """Take a tensor as it is, and all else as an array of numbers that PyTorch knows."""
    if isinstance(data, torch.Tensor):
        if data.layout != torch.strided:
            raise InputError("the data are sparse; give data.to_dense()")
        if data.device.type == "meta":
            raise InputError("the data are on the meta device, and have no values")
    else:
        data = np.asarray(data)
        if data.dtype.kind not in "iub" and data.dtype not in (np.float16, np.float32, np.float64):
            data = as_numbers(data, "data")
    if data.ndim < 2:
        raise InputError(
            f"the data have the shape {tuple(data.shape)}; they must be [samples x ...]"
        )
    return data


def _as_tensor(samples: Any) -> torch.Tensor:
    if isinstance(samples, torch.Tensor):
        return samples
    # A copy, in this machine's byte order: arrays may be read-only, or run backward.
    return torch.from_numpy(np.array(samples, dtype=samples.dtype.newbyteorder("="), order="C"))


def first_samples(data: Any) -> torch.Tensor:
    random = torch.random.get_rng_state()
    try:
        for batch in _batches(data):
            samples = _samples(batch)
            if samples.dim() < 2:
                raise InputError(
                    f"a batch of the data has the shape {tuple(samples.shape)}; it must be "
                    "[samples x ...]"
                )
            if len(samples) > 0:
                # Of a blank image every part makes the same: those that are not say more.
                values = flat(samples)
                varied = samples[(values != values[:, :1]).any(1)]
                return (varied if len(varied) else samples)[:_SAMPLES_TO_LOOK_AT]
    finally:
        torch.random.set_rng_state(random)
    raise InputError("the data have no samples")


def tail_inputs(
    model: nn.Module, tail: Tail, data: Any, with_labels: bool
) -> tuple[Any, torch.Tensor | None]:
    """Collect what comes into the tail, and the labels of the batches."""
    labels: list[torch.Tensor] = []
    if tail.is_whole and not is_loader(data):
        return data, None
    parts: list[torch.Tensor] = []

    def note(module: nn.Module, given: Any) -> None:
        parts.append(given[0].detach().to(device="cpu", dtype=torch.float32).clone())

    device, dtype = place_of(model)
    # A walk through a loader draws from PyTorch's random numbers; the user's stay as they are.
    random = torch.random.get_rng_state()
    handle = None if tail.is_whole else tail.first.register_forward_pre_hook(note)
    try:
        with as_it_is(model):
            for batch in _batches(data):
                samples = _samples(batch)
                if with_labels:
                    labels.append(_labels(batch))
                if tail.is_whole:
                    parts.append(samples.detach().to(device="cpu", dtype=torch.float32))
                else:
                    samples = samples.to(device)
                    model(samples.to(dtype) if samples.is_floating_point() else samples)
    finally:
        torch.random.set_rng_state(random)
        if handle is not None:
            handle.remove()
    if not parts:
        raise InputError("the data have no samples")
    return torch.cat(parts), torch.cat(labels) if labels else None


def labeled_inputs(model: nn.Module, tail: Tail, data: Any, labels: Any) -> tuple[Any, Any]:
    """Collect what comes into the tail, with labels: the user's, or those of the batches."""
    X, found = tail_inputs(model, tail, data, with_labels=labels is None)
    if labels is not None and is_loader(data):
        raise InputError(
            "labels= go with a tensor or an array; a DataLoader may give samples in another order, "
            "so let its batches be (samples, labels)"
        )
    y = found if labels is None else labels
    if y is None:
        raise InputError("the data have no labels; give them as labels=, or a DataLoader with both")
    return X, y
