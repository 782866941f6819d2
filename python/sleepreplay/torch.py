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
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from . import _core
from ._data import Normalization, as_threads
from ._data import as_array as as_numbers
from ._measure import Verdict
from ._measure import guard as judge
from ._models import Adapted
from ._progress import Progress, listening
from ._sleep import SleepReport, run_sleep
from ._torch_data import labeled_inputs, tail_inputs
from ._torch_network import check_normalization, data_of, shape_of, tail_of
from ._torch_sleeper import Sleeper
from ._torch_tail import Layer
from ._torch_weights import write
from .errors import ParameterError
from .network import Network
from .parameters import Parameters, as_parameters

__all__ = ["Sleeper", "adapt", "guard", "inputs", "network", "sleep_", "wake_"]


def network(
    model: nn.Module, data: Any, *, head: str | None = None, output: str | None = None
) -> Network:
    """
    Take the part of a module that sleeps as a Network.

    Parameters
    ----------
    model : torch.nn.Module
    data : tensor, array or DataLoader
        A few samples are looked at.
    head, output : str, optional
        As in `sleep_`.
    """
    return tail_of(model, data, head, output)[1]


def inputs(model: nn.Module, data: Any, *, head: str | None = None) -> Any:
    """
    Collect what comes into the part of a module that sleeps.

    Parameters
    ----------
    model, data, head : as in `sleep_`

    Returns
    -------
    array [samples x ...], float32
        For `sleepreplay.measure`, `guard` and the like, with the Network of `network`.
    """
    tail, _ = tail_of(model, data, head, None)
    return as_numbers(tail_inputs(model, tail, data, with_labels=False)[0], "data")


def guard(
    model: nn.Module,
    data: Any,
    labels: Any,
    parameters: Parameters | str | os.PathLike[str],
    *,
    calibration: Any = None,
    head: str | None = None,
    output: str | None = None,
    seed: int = 1,
    noise_seeds: int = 3,
    objective: str = "accuracy",
    distort: str | None = None,
    moment: str = "awake",
    moment_updates: int = 0,
    moment_learning_rate: float | None = None,
    moment_training: Mapping[str, Any] | None = None,
    calibration_labels: Any = None,
    normalization: Normalization | None = None,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    threads: int = 0,
    progress: Progress = None,
) -> Verdict:
    """
    Judge a sleep by samples that were kept aside; the module stays as it is.

    Parameters
    ----------
    model : torch.nn.Module
    data, labels : tensors or arrays of samples that it was not trained on, and their class numbers
        Or a DataLoader of both, and None.
    calibration : tensor, array or DataLoader of what it was trained on, optional
        Shapes the noise and the scale factors; default: the data.
    head, output, normalization, shape, layout : as in `sleep_`
    parameters, seed, noise_seeds, objective, threads, progress : as in `sleepreplay.guard`
    distort : str, optional
        Likewise; of a head: what the head gets is distorted.
    moment, moment_updates, moment_learning_rate, moment_training : likewise
        Of a head: the head alone is trained on, by Hypnos' own training.
    calibration_labels : tensor or array, optional
        Class numbers of the calibration samples, for the moment "tuned"; a DataLoader has them.
    """
    tail, network = tail_of(model, data, head, output)
    check_normalization(tail, normalization)
    held_out, labels = labeled_inputs(model, tail, data, labels)
    shaping = None
    if calibration is not None and moment == "tuned":
        X, calibration_labels = labeled_inputs(model, tail, calibration, calibration_labels)
        shaping = _as_rows(X)
    elif calibration is not None:
        shaping = _as_rows(tail_inputs(model, tail, calibration, with_labels=False)[0])
    elif moment == "tuned":
        raise ParameterError(
            'moment "tuned" trains on: give calibration, what it was trained on, with '
            "calibration_labels or as a DataLoader of both",
            "moment",
        )
    return judge(
        network,
        _as_rows(held_out),
        labels,
        parameters,
        calibration=shaping,
        seed=seed,
        noise_seeds=noise_seeds,
        objective=objective,
        distort=distort,
        moment=moment,
        moment_updates=moment_updates,
        moment_learning_rate=moment_learning_rate,
        moment_training=moment_training,
        y_calibration=calibration_labels,
        normalization=normalization,
        shape=shape or shape_of(tail.image or ()),
        layout=layout or "first",
        threads=threads,
        progress=progress,
    )


def _as_rows(samples: Any) -> Any:
    numbers = as_numbers(samples, "data")
    return numbers.reshape(len(numbers), -1)


def sleep_(
    model: nn.Module,
    data: Any,
    parameters: Parameters | str | os.PathLike[str],
    *,
    head: str | None = None,
    output: str | None = None,
    seed: int = 1,
    normalization: Normalization | None = None,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    input_spikes: Any = None,
    record: str | os.PathLike[str] | None = None,
    record_steps: int = 1000,
    labels: Any = None,
    trace: str | os.PathLike[str] | None = None,
    trace_steps: int = 100,
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
        the longest tail of layers that can sleep; `report.note` says which. What it is is found
        with the first few samples.
    output : {"softmax", "relu", "sigmoid"}, optional
        How outputs that come straight from a Linear were trained: by cross-entropy ("softmax"; of
        one unit "sigmoid"), which is the default, or by squared error ("relu").
    seed : int
        Of the noise.
    normalization : (mean, std), optional
        How the data were normalized, one number each or one for each channel: the noise has the
        shape of the mean before that.
    shape : (rows, columns) or (rows, columns, channels), optional
        Of what comes into the head, where it is flat and the noise's patch is part of an image.
    labels : tensor or array [samples], optional
        For the trace, of data that are a tensor or an array.
    layout, input_spikes, record, record_steps, trace, trace_steps, threads, progress
        As in `sleepreplay.sleep`.

    Returns
    -------
    SleepReport

    Raises
    ------
    ModelError
        A part of the head cannot sleep; the message names it.
    ParameterError, RateError, InputError, Stopped
        As in `sleepreplay.sleep`.

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
    tail, network = tail_of(model, data, head, output)
    check_normalization(tail, normalization)
    if trace is None:
        X, y = tail_inputs(model, tail, data, with_labels=False)[0], None
    else:
        X, y = labeled_inputs(model, tail, data, labels)
    samples = data_of(network, tail, X, y, shape, layout, normalization)
    core = network._core
    del network
    try:
        slept, report = run_sleep(
            core,
            samples,
            as_parameters(parameters),
            seed=seed,
            input_spikes=input_spikes,
            record=record,
            record_steps=record_steps,
            trace=trace,
            trace_steps=trace_steps,
            consume=True,
            threads=threads,
            progress=progress,
            names=["input", *(layer.name for layer in tail.layers)],
            note=tail.note(),
        )
    except ParameterError as error:
        # A list for each layer is wrong where a part of the module does not sleep.
        if tail.is_whole or type(error) is not ParameterError or "one per layer" not in str(error):
            raise
        raise ParameterError(f"{error} ({tail.note()})", error.parameter) from None
    write(tail, slept)
    return report


def wake_(
    model: nn.Module,
    data: Any,
    labels: Any = None,
    *,
    head: str | None = None,
    output: str | None = None,
    threads: int = 0,
    progress: Progress = None,
) -> float:
    """
    Wake a module in place: multiply its outputs by the factor that fits the labels best.

    Parameters
    ----------
    model : torch.nn.Module
    data : tensor [samples x ...], array, or DataLoader of (samples, labels)
    labels : tensor or array [samples], of data that are a tensor or an array
        Class numbers from 0.
    head, output : str, optional
        As in `sleep_`. A wrong `output` gives a wrong factor, with which training on goes wrong.

    Returns
    -------
    float
        The factor. Where it is large, gradients are large after waking.

    Notes
    -----
    Waking alone, without sleep, often helps a network that was trained too little. To see what
    sleep is worth, compare with a copy that was woken only.
    """
    tail, network = tail_of(model, data, head, output)
    X, y = labeled_inputs(model, tail, data, labels)
    samples = data_of(network, tail, X, y, None, None, None)
    core = network._core
    del network
    with listening(progress, "wake") as listener:
        awake, factor = _core.wake(core, samples, True, as_threads(threads), listener)
    write(tail, awake)
    return factor


def labelled_data(
    model: nn.Module, data: Any, labels: Any, head: str | None
) -> tuple[Network, _core.Data]:
    """Take the part that sleeps, what comes into it, and the labels."""
    tail, network = tail_of(model, data, head, None)
    X, y = labeled_inputs(model, tail, data, labels)
    return network, data_of(network, tail, X, y, None, None, None)


def adapt(model: nn.Module, X: Any, head: str | None) -> Adapted:
    """Take a module for a search; what sleeps of it is found by a few samples."""
    import copy

    def taken(samples: Any) -> Any:
        return torch.as_tensor(samples) if isinstance(samples, (list, tuple)) else samples

    tail, network = tail_of(model, taken(X), head, None)

    def inputs(samples: Any) -> Any:
        return tail_inputs(model, tail, taken(samples), with_labels=False)[0]

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
