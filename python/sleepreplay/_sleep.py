"""Sleep and waking of a network."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._data import Normalization, as_count, as_threads
from ._html import table
from ._progress import Progress, listening
from .errors import ParameterError
from .network import Network, data_for
from .parameters import Parameters, as_parameters

_MOST_LINES = 1_000_000  # of a trace


@dataclass(frozen=True)
class SleepReport:
    """
    What happened during a sleep.

    Attributes
    ----------
    parameters : Parameters
        Of the sleep.
    end : {"complete", "cut short", "silent", "saturated"}
        Why it ended.
    steps : int
        That were simulated.
    seconds : float
        That the sleep took, with the pass over the samples that shapes it.
    rates : array [layers + 1]
        Spikes per unit and step, the input first.
    spike_counts : list of arrays [units]
        How often each unit fired, the input first.
    thresholds, gains : array [layers]
        Firing thresholds, as given or as found for the target rates; input gains.
    calibrated_rates : array [layers] or [0]
        The rates that the thresholds give without plasticity, where there were target rates.
    recording : str or None
        File of the spikes, if they were recorded.
    layers : list of str
        What the layers are called, the input first.
    note : str
        What was found out about the model.
    waking_factor : float or None
        By which the outputs were multiplied after it, where the same call woke the network.
    """

    parameters: Parameters
    end: str
    steps: int
    seconds: float
    rates: NDArray[np.float64]
    spike_counts: list[NDArray[np.uint64]] = field(repr=False)
    thresholds: NDArray[np.float64]
    gains: NDArray[np.float64]
    calibrated_rates: NDArray[np.float64] = field(repr=False)
    recording: str | None = None
    layers: list[str] = field(default_factory=list)
    note: str = ""
    waking_factor: float | None = None

    @property
    def silent(self) -> list[int]:
        """Numbers of the layers that never fired; 0 is the input."""
        return [layer for layer, rate in enumerate(self.rates) if rate == 0]

    @property
    def saturated(self) -> list[int]:
        """Numbers of the layers that fired all the time (nine of ten steps, or more)."""
        return [layer for layer, rate in enumerate(self.rates) if rate >= 0.9]

    def plot(self, axes: Any = None, *, first: int = 0, last: int | None = None) -> Any:
        """
        Draw the rates of the layers and, where spikes were recorded, a raster.

        Parameters
        ----------
        axes : two axes of matplotlib, optional
        first, last : steps of the raster; by default at most 500 from the beginning

        Returns
        -------
        The figure of matplotlib.
        """
        from ._plot import plot_report

        return plot_report(self, axes, first, last)

    def _repr_html_(self) -> str:
        rows: list[list[Any]] = []
        for layer, name in enumerate(self.layers):
            units = self.spike_counts[layer]
            fired = int((units > 0).sum())
            above = layer > 0
            rows.append(
                [
                    name,
                    len(units),
                    fired,
                    float(self.rates[layer]),
                    float(self.thresholds[layer - 1]) if above else "",
                    float(self.gains[layer - 1]) if above else "",
                ]
            )
        head = ("layer", "units", "that fired", "spikes per unit and step", "threshold", "gain")
        return table(head, rows, f"{self.steps} steps of sleep: {self.end}. {self.note}".strip())


def report_of(found: dict[str, Any], record: str, names: Sequence[str], note: str) -> SleepReport:
    """Make the report from what the core says."""
    return SleepReport(
        parameters=Parameters._of(found.pop("parameters")),
        recording=record or None,
        layers=list(names),
        note=note,
        **found,
    )


def layer_names(count: int) -> list[str]:
    """Names of the layers of a network that has none, the input first."""
    return ["input", *(f"hidden {i}" for i in range(1, count)), "output"]


def check_seed(seed: int) -> int:
    """
    Take a seed.

    Raises
    ------
    ParameterError
        It is not a whole number from 0 to 2^64 - 1.
    """
    try:
        value = int(seed)
        right = bool(value == seed) and 0 <= value < 2**64 and not isinstance(seed, bool)
    except (TypeError, ValueError, OverflowError):
        right = False
    if not right:
        raise ParameterError(
            f"seed is {seed!r}; it must be a whole number from 0 to 2^64 - 1", "seed"
        )
    return value


def as_spikes(spikes: Any) -> NDArray[np.uint8] | None:
    """Take spikes [steps x inputs]: booleans, or numbers 0 and 1."""
    if spikes is None:
        return None
    array = np.asarray(spikes)
    if array.ndim != 2:
        raise ParameterError(
            f"input_spikes has the shape {array.shape}; it must be [steps x inputs]",
            "input_spikes",
        )
    if array.dtype != np.bool_ and not bool(((array == 0) | (array == 1)).all()):
        raise ParameterError("input_spikes must be booleans, or 0 and 1", "input_spikes")
    return np.ascontiguousarray(array != 0, dtype=np.uint8)


def _trace_steps(steps: int, length: int) -> int:
    """Take the steps between two lines of a trace."""
    number = as_count(steps, "trace_steps")
    if number == 0 or length // number > _MOST_LINES:
        raise ParameterError(
            f"trace_steps is {steps!r}; it must be from 1 on, and give at most {_MOST_LINES} lines",
            "trace_steps",
        )
    return number


def run_sleep(
    core: _core.Network,
    data: _core.Data,
    parameters: Parameters,
    *,
    seed: int,
    input_spikes: Any,
    record: str | os.PathLike[str] | None,
    record_steps: int,
    consume: bool,
    threads: int,
    progress: Progress,
    names: Sequence[str],
    note: str = "",
    trace: str | os.PathLike[str] | None = None,
    trace_steps: int = 100,
    sums: _core.ImageSums | None = None,
) -> tuple[_core.Network, SleepReport]:
    """Let the core sleep."""
    path = "" if record is None else os.fsdecode(record)
    if path and not path.endswith(".npy"):
        raise ParameterError(f"record is {path!r}; the file's name must end in .npy", "record")
    with listening(progress, "sleep") as listener:
        slept, found = _core.sleep(
            core,
            data,
            sums,
            parameters._core,
            check_seed(seed),
            as_spikes(input_spikes),
            path,
            as_count(record_steps, "record_steps"),
            "" if trace is None else os.fsdecode(trace),
            1 if trace is None else _trace_steps(trace_steps, parameters.steps),
            consume,
            as_threads(threads),
            listener,
        )
    return slept, report_of(found, path, names, note)


def sleep(
    network: Network,
    X: Any,
    parameters: Parameters | str | os.PathLike[str],
    *,
    seed: int = 1,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    normalization: Normalization | None = None,
    input_spikes: Any = None,
    record: str | os.PathLike[str] | None = None,
    record_steps: int = 1000,
    y: Any = None,
    trace: str | os.PathLike[str] | None = None,
    trace_steps: int = 100,
    threads: int = 0,
    progress: Progress = None,
) -> tuple[Network, SleepReport]:
    """
    Put a network to sleep: Sleep Replay Consolidation (Tadros et al. 2022).

    Equal to the last bit to `hypnos sleep --seed SEED` with the same network, samples and
    parameters.

    Parameters
    ----------
    network : Network
        Stays as it is.
    X : array [samples x features], [samples x rows x columns] or images with channels
        What the network was trained on. Its mean shapes the noise, and its activations the scale
        factors; labels are not needed. Single precision and contiguous: used without a copy.
    parameters : Parameters, or name of a preset or file
    seed : int
        Of the noise.
    shape : (rows, columns) or (rows, columns, channels), optional
        Of one sample, where X is flat and the noise's patch is part of an image.
    layout : {"first", "last"}, optional
        How channels lie, where X leaves it open.
    normalization : (mean, std), optional
        How X was normalized: the noise has the shape of the mean before that.
    input_spikes : array [steps x inputs], optional
        Drives the sleep instead of noise.
    record : path of a `.npy` file, optional
        Where to record all spikes, and every `record_steps` steps the state of each layer
        (docs/recording.md).
    y : array [samples], optional
        Class numbers from 0, for the trace.
    trace : path of a file, optional
        Where to write the accuracy on X every `trace_steps` steps (CSV), for `sleepreplay.report`.
    threads : int
        0: all cores. Results do not depend on it.
    progress : True, or a function of (part, note), optional
        True: a bar of tqdm. A function is called on the thread of the caller, every hundredth of a
        second at most; when it returns False before the sleep has ended, the sleep stops.

    Returns
    -------
    slept : Network
    report : SleepReport

    Raises
    ------
    ParameterError
        A parameter cannot be, or the patch does not fit into the input.
    RateError
        A layer cannot fire as often as its target rate says.
    InputError
        The samples do not fit the network, or their mean is positive nowhere.
    Stopped
        `progress` returned False.

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> random = np.random.default_rng(1)
    >>> network = sr.Network([random.normal(size=(50, 64)), random.normal(size=(10, 50))])
    >>> X = random.random((100, 8, 8), dtype=np.float32)
    >>> parameters = sr.Parameters.load("authors-mnist").replace(
    ...     patch=3, steps=100, target_rate=[0.01, 0.01]
    ... )
    >>> slept, report = sr.sleep(network, X, parameters, seed=1)
    >>> report.end, report.steps
    ('complete', 100)
    """
    if trace is not None and y is None:
        raise ParameterError("trace needs y, the classes of X", "trace")
    data = data_for(network, X, y, shape=shape, layout=layout, normalization=normalization)
    slept, report = run_sleep(
        network._core,
        data,
        as_parameters(parameters),
        seed=seed,
        input_spikes=input_spikes,
        record=record,
        record_steps=record_steps,
        trace=trace,
        trace_steps=trace_steps,
        consume=False,
        threads=threads,
        progress=progress,
        names=layer_names(len(network.sizes) - 1),
    )
    return Network._of(slept), report


def wake(
    network: Network,
    X: Any,
    y: Any,
    *,
    threads: int = 0,
    progress: Progress = None,
) -> tuple[Network, float]:
    """
    Wake a network: multiply its outputs by the factor that fits the labels best.

    Sleep shrinks outputs many times; no answer changes by waking.

    Parameters
    ----------
    network : Network
        Stays as it is.
    X : array [samples x features] or images
    y : array [samples]
        Class numbers from 0.

    Returns
    -------
    awake : Network
    factor : float

    Raises
    ------
    InputError
        No factor fits: the outputs say nothing about the right classes.

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> network = sr.Network([np.eye(2)], output="relu")
    >>> awake, factor = sr.wake(network, [[0.1, 0.0], [0.0, 0.1]], [0, 1])
    >>> round(factor, 3)
    10.0
    """
    data = data_for(network, X, y, needs_labels=True)
    with listening(progress, "wake") as listener:
        awake, factor = _core.wake(network._core, data, False, as_threads(threads), listener)
    return Network._of(awake), factor
