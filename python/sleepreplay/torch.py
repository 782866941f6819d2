"""
Modules of PyTorch: put to sleep and woken in place.

What sleeps is the tail of a module: fully connected layers with ReLU between them, up to its
output. `Linear`, `ReLU`, `Dropout`, `Flatten`, `Identity`, `BatchNorm1d` between a `Linear` and a
`ReLU`, and a final `Softmax`, `LogSoftmax` or `Sigmoid` can be part of it; `ReLU`, `flatten` and
`softmax` may also be functions in `forward`. Whether the tail is what was found is checked with
the data: its answers must be those of the module.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from . import _core
from ._data import Normalization, make_data
from ._models import Adapted
from ._progress import Progress, listening
from ._sleep import SleepReport, run_sleep
from ._torch_tail import Call, Layer, Tail, as_it_is, find_tail, flat, place_of, trace
from ._torch_weights import as_array, network_of, write
from .errors import InputError, ModelError
from .network import Network
from .parameters import Parameters, as_parameters

_SAMPLES_TO_LOOK_AT = 4
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
    return torch.as_tensor(batch[1])


def _is_loader(data: Any) -> bool:
    return not hasattr(data, "shape") and not isinstance(data, (list, tuple))


def _batches(data: Any) -> Iterable[Any]:
    """Walk through data in batches: of a loader its own."""
    if isinstance(data, torch.utils.data.Dataset):
        raise InputError("the data are a Dataset; give torch.utils.data.DataLoader(dataset, 1000)")
    if _is_loader(data):
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
    tensor = torch.as_tensor(data)
    return (tensor[i : i + _BATCH] for i in range(0, len(tensor), _BATCH))


def _first_batch(data: Any) -> torch.Tensor:
    random = torch.random.get_rng_state()
    try:
        for batch in _batches(data):
            samples = _samples(batch)
            if len(samples) > 0:
                return samples[:_SAMPLES_TO_LOOK_AT]
    finally:
        torch.random.set_rng_state(random)
    raise InputError("the data have no samples")


def _inputs(
    model: nn.Module, tail: Tail, data: Any, with_labels: bool
) -> tuple[Any, torch.Tensor | None]:
    """Collect what comes into the tail, and the labels of the batches."""
    labels: list[torch.Tensor] = []
    if tail.is_whole and not _is_loader(data):
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


def _check_answers(tail: Tail, network: Network, calls: list[Call]) -> None:
    """Compare the answers of what was found with those of the module's last layer."""
    last = next(
        c for c in reversed(calls) if c.module is (tail.layers[-1].norm or tail.layers[-1].linear)
    )
    first = next(c for c in calls if c.module is tail.first)
    mine = network.predict(as_array(flat(first.input)), threads=1)
    theirs = as_array(last.output)
    if network.output == "relu":
        theirs = np.maximum(theirs, 0)
    if network.output == "sigmoid":
        theirs = np.stack([np.zeros(len(theirs), np.float32), theirs[:, 0]], axis=1)
    half = tail.layers[0].linear.weight.dtype in (torch.float16, torch.bfloat16)
    tolerance = (0.05 if half else 1e-3) * max(1.0, float(np.abs(theirs).max()))
    if float(np.abs(mine - theirs).max()) > tolerance:
        raise ModelError(
            f"the layers {', '.join(layer.name for layer in tail.layers)} alone do not give the "
            "module's answers: its forward does something else between them; name a smaller head="
        )


def _tail_of(model: nn.Module, data: Any, head: str | None) -> tuple[Tail, Network]:
    if not isinstance(model, nn.Module):
        raise ModelError(f"the model is {type(model).__name__}; it must be a torch.nn.Module")
    samples = _first_batch(data)
    if not samples.is_floating_point():
        raise InputError(
            f"the data hold {samples.dtype}; give what the module was trained on, for example "
            "x.float() / 255"
        )
    device, dtype = place_of(model)
    samples = samples.to(device=device, dtype=dtype)
    calls, output = trace(model, samples)
    tail = find_tail(model, calls, output, samples, head)
    network = network_of(tail)
    _check_answers(tail, network, calls)
    return tail, network


def _data(
    network: Network,
    tail: Tail,
    X: Any,
    y: Any,
    shape: Sequence[int] | None,
    layout: str | None,
    normalization: Normalization | None,
) -> _core.Data:
    if shape is None and tail.image is not None and len(getattr(X, "shape", ())) == 2:
        shape = _shape_of(tail.image)
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


def _shape_of(image: tuple[int, ...]) -> tuple[int, ...] | None:
    if len(image) == 2:
        return image
    if len(image) == 3:
        return (image[1], image[2], image[0])
    return None


def network(model: nn.Module, data: Any, *, head: str | None = None) -> Network:
    """
    Take the part of a module that sleeps as a Network.

    Parameters
    ----------
    model : torch.nn.Module
    data : tensor, array or DataLoader
        A few samples are looked at.
    head : str, optional
        Name of the part that sleeps, as in `model.named_modules()`.
    """
    return _tail_of(model, data, head)[1]


def sleep_(
    model: nn.Module,
    data: Any,
    parameters: Parameters | str | os.PathLike[str],
    *,
    head: str | None = None,
    seed: int = 1,
    normalization: Normalization | None = None,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    input_spikes: Any = None,
    record: str | os.PathLike[str] | None = None,
    state_steps: int = 100,
    threads: int = 0,
    progress: Progress = None,
) -> SleepReport:
    """
    Put a module, or its head, to sleep, in place.

    Keys of the state dict, hooks, devices, dtypes and training modes stay as they are. Weights of
    other types than float32 sleep as float32; those that did not change keep their bits. When
    anything goes wrong, or on Ctrl-C, the module is as it was.

    Parameters
    ----------
    model : torch.nn.Module
    data : tensor [samples x ...], array, or DataLoader
        What the module was trained on; of batches (samples, labels) the samples. They shape the
        noise and the scale factors.
    parameters : Parameters, or name of a preset or file
    head : str, optional
        Name of the part that sleeps, as in `model.named_modules()`: "fc", "classifier". Default:
        the longest tail of layers that can sleep; `report.note` says which.
    seed : int
        Of the noise.
    normalization : (mean, std), optional
        How the data were normalized, one number each or one for each channel: the noise has the
        shape of the mean before that.
    shape : (rows, columns) or (rows, columns, channels), optional
        Of what comes into the head, where it is flat and the noise's patch is part of an image.
    layout, input_spikes, record, state_steps, threads, progress : as in `sleepreplay.sleep`

    Returns
    -------
    SleepReport

    Raises
    ------
    ModelError
        A part of the head cannot sleep; the message names it.
    ParameterError, RateError, InputError, Stopped : as in `sleepreplay.sleep`

    Examples
    --------
    >>> import torch
    >>> import sleepreplay as sr
    >>> _ = torch.manual_seed(1)
    >>> model = torch.nn.Sequential(
    ...     torch.nn.Flatten(), torch.nn.Linear(64, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10)
    ... )
    >>> images = torch.rand(100, 1, 8, 8)
    >>> parameters = sr.Parameters.load("authors-mnist").replace(
    ...     patch=3, steps=100, target_rate=[0.01, 0.01]
    ... )
    >>> report = sr.torch.sleep_(model, images, parameters, seed=1)
    >>> report.steps, report.layers
    (100, ['input', '1', '3'])
    """
    tail, network = _tail_of(model, data, head)
    X, _ = _inputs(model, tail, data, with_labels=False)
    samples = _data(network, tail, X, None, shape, layout, normalization)
    core = network._core
    del network
    slept, report = run_sleep(
        core,
        samples,
        as_parameters(parameters),
        seed=seed,
        input_spikes=input_spikes,
        record=record,
        state_steps=state_steps,
        consume=True,
        threads=threads,
        progress=progress,
        names=["input", *(layer.name for layer in tail.layers)],
        note=tail.note(),
    )
    write(tail, slept)
    return report


def wake_(
    model: nn.Module,
    data: Any,
    labels: Any = None,
    *,
    head: str | None = None,
    threads: int = 0,
    progress: Progress = None,
) -> float:
    """
    Wake a module in place: multiply its outputs by the factor that fits the labels best.

    Parameters
    ----------
    model : torch.nn.Module
    data : tensor [samples x ...], array, or DataLoader of (samples, labels)
    labels : tensor or array [samples], where the data have none
        Class numbers from 0.
    head : str, optional
        As in `sleep_`.

    Returns
    -------
    float
        The factor.
    """
    tail, network = _tail_of(model, data, head)
    X, found = _inputs(model, tail, data, with_labels=labels is None)
    y = found if labels is None else labels
    if y is None:
        raise InputError("the data have no labels; give them as labels=, or a DataLoader with both")
    samples = _data(network, tail, X, y, None, None, None)
    core = network._core
    del network
    with listening(progress, "wake") as listener:
        awake, factor = _core.wake(core, samples, True, threads, listener)
    write(tail, awake)
    return factor


def adapt(model: nn.Module, X: Any, head: str | None) -> Adapted:
    """Take a module for a search; what sleeps of it is found by a few samples."""
    import copy

    tail, network = _tail_of(model, torch.as_tensor(X), head)

    def inputs(samples: Any) -> Any:
        return _inputs(model, tail, torch.as_tensor(samples), with_labels=False)[0]

    def rebuilt(slept: Network) -> nn.Module:
        twin = copy.deepcopy(model)
        modules: dict[str, Any] = dict(twin.named_modules())
        layers = tuple(
            Layer(
                layer.name,
                modules[layer.name],
                None if layer.norm is None else modules[layer.norm_name],
                layer.norm_name,
            )
            for layer in tail.layers
        )
        write(dataclasses.replace(tail, layers=layers), slept._core)
        return twin

    return Adapted(network, inputs, rebuilt, channels_first=True)
