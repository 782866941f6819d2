"""
The spiking network of a sleep, as other simulators and hardware read it (NIR).

`export` gives a graph of the Neuromorphic Intermediate Representation (Pedersen et al. 2024):

    Input -> Linear -> LIF -> Linear -> LIF -> ... -> Output

Plasticity has no place in NIR: the graph is the spiking network at one moment. Export the network
before the sleep, or the one after it.

One step of the sleep (docs/algorithm.md) is

    v = decay * v + gain * W s;  where v >= threshold: one spike, v = 0

NIR's neuron is in continuous time, `tau dv/dt = -v + r I`, with a spike and `v = 0` where
`v > v_threshold`. With

    Linear.weight = gain * W          tau = dt / (1 - decay)          r = tau / dt

Euler's step of length dt, `v += dt / tau * (r I - v)`, is the sleep's own step. What a reader makes
of the graph depends on how it takes its steps:

- Euler's method with the same dt (Norse, SpikingJelly, plain loops): the same spikes.
- snnTorch takes Euler's steps too, but always assumes dt = 0.0001 s. Export with
  `time_step=1e-4`; the decay per step is what counts, and stays the same.
- Exact integration (decay exp(-dt / tau), input (1 - exp(-dt / tau)) r): decay and input differ
  by a part of about dt / (2 tau), 0.05% at the published decay of 0.999. Spikes are alike, not
  equal.
- Readers that add the spike's input after the threshold, or reset one step later, differ more.

`v_threshold` is a millionth below the threshold, since NIR's neuron fires above it and the sleep's
neuron at it, also where a reader rounds `r dt / tau` = 1 to a bit less. Everything is in single
precision: where a potential comes as near to its threshold as rounding goes, a reader may decide
otherwise than the sleep.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._data import Normalization
from ._sleep import SleepReport, sleep
from .errors import ParameterError
from .network import Network
from .parameters import Parameters, as_parameters

try:
    import nir  # type: ignore[import-untyped]
except ImportError as error:  # pragma: no cover
    raise ImportError("sleepreplay.nir needs nir (pip install nir)") from error


MARGIN = 1e-6  # part of a threshold by which it is lowered


def export(
    network: Network,
    parameters: Parameters | str | os.PathLike[str],
    X: Any = None,
    *,
    report: SleepReport | None = None,
    seed: int = 1,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    normalization: Normalization | None = None,
    time_step: float | None = None,
    path: str | os.PathLike[str] | None = None,
    threads: int = 0,
) -> nir.NIRGraph:
    """
    Make the spiking network of a sleep as a graph of NIR.

    Input gains and thresholds are those of a report, of the parameters, or computed from X as
    `sleep` does it, in this order.

    Parameters
    ----------
    network : Network
        Its weights are exported as they are.
    parameters : Parameters, or name of a preset or file
        Of the sleep.
    X : array [samples x features] or images, optional
        What the network was trained on. Needed where the parameters have an `alpha_scale` or a
        `target_rate`, and there is no report.
    report : SleepReport, optional
        Of a sleep of this network: gains and thresholds come from it.
    seed : int
        Of the noise by which thresholds are found for target rates.
    shape, layout, normalization, threads : optional
        As in `sleepreplay.sleep`.
    time_step : float, optional
        The dt that the reader assumes [s]; default: that of the parameters. snnTorch: 1e-4.
    path : file, optional
        Where to write the graph (HDF5).

    Returns
    -------
    nir.NIRGraph
        Nodes "input", "linear_1", "lif_1", ..., "output". Constant currents become the bias of an
        Affine, inhibition becomes part of the weights; both exactly. A decay of 1 becomes an IF
        neuron (r = 1 / dt), which snnTorch does not read.

    Raises
    ------
    ParameterError
        Gains or thresholds are missing, or biases inject a current (`bias="current"`) and there is
        no report that says how often the layers below fired. With a report they inject the current
        of these mean rates, which the sleep itself reaches only with time.

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> network = sr.Network([np.ones((3, 2)), np.ones((2, 3))])
    >>> parameters = sr.Parameters(decay=0.999, alpha=[2, 1], threshold=[1, 1])
    >>> graph = sr.nir.export(network, parameters)
    >>> list(graph.nodes)
    ['input', 'linear_1', 'lif_1', 'linear_2', 'lif_2', 'output']
    >>> float(graph.nodes["linear_1"].weight[0, 0]), float(graph.nodes["lif_1"].tau[0])
    (2.0, 1.0)
    """
    values = as_parameters(parameters)
    dt = values.time_step if time_step is None else float(time_step)
    if not (np.isfinite(dt) and dt > 0):
        raise ParameterError(f"time_step is {time_step!r}; it must be positive", "time_step")
    form: dict[str, Any] = {"shape": shape, "layout": layout, "normalization": normalization}
    gains, thresholds = _firing(network, values, X, report, {**form, "threads": threads}, seed)
    nodes: dict[str, nir.NIRNode] = {"input": nir.Input(np.array([network.sizes[0]]))}
    for layer, matrix in enumerate(network.weights):
        current = _current(network, values, report, gains[layer], layer)
        weights = _folded(matrix, gains[layer], values.inhibition)
        if current is None:
            nodes[f"linear_{layer + 1}"] = nir.Linear(weights)
        else:
            nodes[f"linear_{layer + 1}"] = nir.Affine(weights, current)
        nodes[f"lif_{layer + 1}"] = _neurons(len(matrix), values.decay, thresholds[layer], dt)
    nodes["output"] = nir.Output(np.array([network.sizes[-1]]))
    names = list(nodes)
    graph = nir.NIRGraph(
        nodes=nodes,
        edges=list(itertools.pairwise(names)),
        metadata={"time_step": dt, "source": "sleepreplay"},
    )
    if path is not None:
        nir.write(os.fspath(path), graph)
    return graph


def _firing(
    network: Network,
    parameters: Parameters,
    X: Any,
    report: SleepReport | None,
    form: dict[str, Any],
    seed: int,
) -> tuple[list[float], list[float]]:
    """Find the input gain and the threshold of each layer."""
    layers = len(network.weights)
    gains = parameters.alpha if report is None else report.gains
    thresholds = parameters.threshold if report is None else report.thresholds
    if gains is None or thresholds is None:
        if X is None:
            wanting = "input gains (alpha)" if gains is None else "thresholds (threshold)"
            raise ParameterError(
                f"the parameters have no {wanting} as numbers; give X, what the network was "
                "trained on, or the report of its sleep",
                "alpha" if gains is None else "threshold",
            )
        # A sleep of one step that changes nothing finds both.
        probe = parameters.replace(steps=1, increment=0.0, decrement=0.0)
        _, found = sleep(network, X, probe, seed=seed, **form)
        gains, thresholds = found.gains, found.thresholds
    for name, numbers in (("alpha", gains), ("threshold", thresholds)):
        if len(numbers) != layers:
            raise ParameterError(
                f"{name} has {len(numbers)} values for {layers} layers of the network", name
            )
    return [float(g) for g in gains], [float(t) for t in thresholds]


def _folded(weights: NDArray[np.float32], gain: float, inhibition: float) -> NDArray[np.float32]:
    """Multiply by the gain; subtract the mean input of the layer, which is linear in the spikes."""
    matrix = gain * weights.astype(np.float64)
    matrix -= inhibition * matrix.mean(axis=0)
    return matrix.astype(np.float32)


def _current(
    network: Network, parameters: Parameters, report: SleepReport | None, gain: float, layer: int
) -> NDArray[np.float32] | None:
    """Find the constant current into each unit of a layer, counted from 0; None: there is none."""
    current = np.zeros(network.sizes[layer + 1])
    biases = network.biases[layer]
    if parameters.bias == "current" and biases is not None:
        if report is None:
            raise ParameterError(
                'bias = "current" makes currents that follow the rates of the layers below; NIR '
                "has constant ones only: give the report of a sleep, for its mean rates",
                "bias",
            )
        current += gain * float(report.rates[layer]) * biases
    if layer == len(network.weights) - 1:
        current += parameters.output_current
    return current.astype(np.float32) if current.any() else None


def _neurons(units: int, decay: float, threshold: float, dt: float) -> nir.NIRNode:
    def each(value: float) -> NDArray[np.float32]:
        return np.full(units, value, dtype=np.float32)

    # NIR's neuron fires above its threshold, the sleep's neuron at it.
    below = threshold * (1 - MARGIN)
    if decay == 1:
        return nir.IF(r=each(1 / dt), v_threshold=each(below), v_reset=each(0))
    tau = dt / (1 - decay)
    return nir.LIF(
        tau=each(tau),
        r=each(tau / dt),
        v_leak=each(0),
        v_threshold=each(below),
        v_reset=each(0),
    )
