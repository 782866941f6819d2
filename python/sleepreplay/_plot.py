"""Pictures of reports, by matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import InputError

if TYPE_CHECKING:
    from ._sleep import SleepReport

_STEPS = 500  # of a raster, unless the caller says more
_COLORS = ("#595959", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")


def plot_report(report: SleepReport, axes: Any, first: int, last: int | None) -> Any:
    """Draw rates of the layers and, of a recorded sleep, a raster of its spikes."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("plot() needs matplotlib (pip install matplotlib)") from error
    pictures = 1 if report.recording is None else 2
    if axes is None:
        _, axes = plt.subplots(
            pictures, 1, figsize=(7, 2.5 * pictures), squeeze=False, layout="constrained"
        )
    places = np.ravel(axes)
    if len(places) < pictures:
        raise InputError(f"axes has {len(places)} places for {pictures} pictures")
    _rates(report, places[0])
    if report.recording is not None:
        _raster(report, places[1], first, last)
    return places[0].figure


def _rates(report: SleepReport, place: Any) -> None:
    rates = np.asarray(report.rates)
    colors = [_COLORS[i % len(_COLORS)] for i in range(len(rates))]
    place.barh(report.layers, rates, color=colors)
    place.invert_yaxis()
    place.set_xlabel("spikes per unit and step")
    place.set_title(f"{report.steps} steps of sleep: {report.end}", fontsize="medium")
    if (rates > 0).any():
        place.set_xscale("log")
        place.set_xlim(float(rates[rates > 0].min()) / 3, float(rates.max()) * 3)
    for layer, rate in enumerate(rates):
        text = f" {rate:.2g}" if rate > 0 else " never fired"
        at = rate if rate > 0 else place.get_xlim()[0]
        place.text(at, layer, text, va="center", fontsize="small")


def _raster(report: SleepReport, place: Any, first: int, last: int | None) -> None:
    if last is None:
        last = min(report.steps, first + _STEPS)
    spikes = np.load(str(report.recording), mmap_mode="r")
    begin, end = np.searchsorted(spikes["step"], [first, last])
    shown = np.array(spikes[begin:end])
    # Each layer is a band of the same height, however many units it has.
    for layer, counts in enumerate(report.spike_counts):
        mine = shown[shown["layer"] == layer]
        place.plot(
            mine["step"],
            layer + 0.05 + 0.9 * mine["unit"] / len(counts),
            ".",
            markersize=1,
            color=_COLORS[layer % len(_COLORS)],
            rasterized=True,
        )
        place.axhline(layer, color="#bfbfbf", linewidth=0.5)
    layers = len(report.spike_counts)
    place.set_yticks(np.arange(layers) + 0.5, report.layers)
    place.set_xlim(first, last)
    place.set_ylim(0, layers)
    place.set_xlabel("step")
