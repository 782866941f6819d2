"""How good a network's answers are, and whether a sleep helps."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._data import Normalization, as_count, as_threads
from ._distort import as_distortion
from ._html import table
from ._moment import as_moment
from ._progress import Progress, listening
from ._sleep import check_seed
from .errors import ParameterError
from .network import Network, data_for
from .parameters import Parameters, as_parameters


@dataclass(frozen=True)
class Metrics:
    """
    Quality of answers, as scikit-learn's metrics have it.

    Attributes
    ----------
    samples : int
    accuracy, balanced_accuracy, macro_f1, geometric_mean : float
        Right answers among all; mean of the recalls; mean of the F1s; geometric mean of the
        recalls.
    worst_recall : float
        Smallest of the recalls.
    cross_entropy, calibration_error : float or None
        Of the probabilities softmax(g * outputs), where g is the factor that fits the labels best:
        what the outputs are worth after waking. Cross-entropy in nats; expected
        calibration error by 15 bins (Guo et al. 2017). None where there are answers alone.
    roc_area : float or None
        Mean area under the ROC curve of each class against the others.
    confusion : array [classes x classes]
        Rows: the true class; columns: the answer.
    precision, recall, f1 : array [classes]
    """

    samples: int
    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    geometric_mean: float
    worst_recall: float
    cross_entropy: float | None
    calibration_error: float | None
    roc_area: float | None
    confusion: NDArray[np.uint64] = field(repr=False)
    precision: NDArray[np.float64] = field(repr=False)
    recall: NDArray[np.float64] = field(repr=False)
    f1: NDArray[np.float64] = field(repr=False)

    def _repr_html_(self) -> str:
        names = (
            "accuracy",
            "balanced_accuracy",
            "macro_f1",
            "geometric_mean",
            "worst_recall",
            "cross_entropy",
            "calibration_error",
            "roc_area",
        )
        rows = [(name, getattr(self, name)) for name in names if getattr(self, name) is not None]
        return table(("metric", "value"), rows, f"{self.samples} samples")


def measure(
    network: Network,
    X: Any,
    y: Any,
    *,
    distortion: str | None = None,
    distortion_seed: int = 1,
    threads: int = 0,
) -> Metrics:
    """
    Measure the answers of a network.

    Parameters
    ----------
    network : Network
    X : array [samples x features] or images
    y : array [samples]
        Class numbers from 0.
    distortion : str, optional
        Of the images, as in `distort`; fgsm and pgd are made against this network.
    distortion_seed : int

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> sr.measure(sr.Network([np.eye(2)]), [[1.0, 0.0], [1.0, 0.0]], [0, 1]).accuracy
    0.5
    """
    data = data_for(network, X, y, needs_labels=True)
    words = "" if distortion is None else as_distortion(distortion)
    seed = check_seed(distortion_seed)
    return Metrics(**_core.measure(network._core, data, words, seed, as_threads(threads)))


def as_objective(objective: Any) -> str:
    """Take the words of an objective."""
    if not isinstance(objective, str):
        raise ParameterError(
            f'objective is {objective!r}; it must be a text like "accuracy"', "objective"
        )
    return objective


@dataclass(frozen=True)
class Verdict:
    """
    Whether a sleep helps, by samples that the network was not trained on.

    Attributes
    ----------
    helps : bool
        The whole interval is above 0. Also the truth value of the verdict.
    steps : int
        Length of sleep at which the gain was largest.
    before, after : float
        What the objective is worth; after the sleep the mean over the noise.
    low, high : float
        95% confidence interval of the gain, paired by sample.
    samples : int
    """

    helps: bool
    steps: int
    before: float
    after: float
    low: float
    high: float
    samples: int

    @property
    def improvement(self) -> float:
        """What it is worth after, less before."""
        return self.after - self.before

    def __bool__(self) -> bool:
        return self.helps

    def __str__(self) -> str:
        if self.helps:
            said = "it helps"
        elif self.high < 0:
            said = "it does harm"
        else:
            said = "it is not shown to help: the interval reaches down to 0"
        return (
            f"{said}; from {self.before:.4g} to {self.after:.4g} after {self.steps} steps, a gain "
            f"of {self.improvement:+.4f} [{self.low:+.4f}, {self.high:+.4f}] by {self.samples} "
            "samples"
        )


def guard(
    network: Network,
    X: Any,
    y: Any,
    parameters: Parameters | str | os.PathLike[str],
    *,
    calibration: Any = None,
    seed: int = 1,
    noise_seeds: int = 3,
    objective: str = "accuracy",
    distort: str | None = None,
    moment: str = "awake",
    moment_updates: int = 0,
    moment_learning_rate: float | None = None,
    moment_training: Mapping[str, Any] | None = None,
    y_calibration: Any = None,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    normalization: Normalization | None = None,
    threads: int = 0,
    progress: Progress = None,
) -> Verdict:
    """
    Judge a sleep by samples that were kept aside.

    The network sleeps under several noise seeds, and is judged at several lengths up to
    `parameters.steps`. It stays as it is.

    Parameters
    ----------
    network : Network
    X, y : samples that it was not trained on, and their class numbers from 0
    parameters : Parameters, or name of a preset or file
    calibration : samples that it was trained on, optional
        They shape the noise and the scale factors; default: X.
    noise_seeds : int
        How often it sleeps.
    objective : str
        By what it is judged, as in `tune`.
    distort : str, optional
        Judge by the mean over these distortions of the samples: "clean,blur=2" (see `distort`);
        in "3*clean,blur=2" clean samples count three times.
    moment, moment_updates, moment_learning_rate, moment_training : as in `tune`
        "tuned" wakes and trains on with the calibration samples: after the sleep, and without it.
        So what waking does by itself is no gain. A network that cannot be woken is trained on as
        it is; one whose training diverges is judged as the sleep left it. The whole length alone
        is tried.
    y_calibration : array, optional
        Class numbers of the calibration samples, for "tuned".
    seed, shape, layout, normalization, threads, progress : as in `sleep`

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> random = np.random.default_rng(1)
    >>> network = sr.Network([random.normal(size=(50, 64)), random.normal(size=(10, 50))])
    >>> X, y = random.random((100, 8, 8), dtype=np.float32), random.integers(10, size=100)
    >>> parameters = sr.Parameters.load("authors-mnist").replace(
    ...     patch=3, steps=100, target_rate=[0.01, 0.01]
    ... )
    >>> bool(sr.guard(network, X, y, parameters))
    False
    """
    form: dict[str, Any] = {"shape": shape, "layout": layout, "normalization": normalization}
    held_out = data_for(network, X, y, **form, needs_labels=True)
    judged = as_moment(moment, moment_updates, moment_learning_rate, moment_training)
    if judged.name == "tuned" and (calibration is None or y_calibration is None):
        raise ParameterError(
            'moment "tuned" trains on: give calibration and y_calibration, what it was trained on',
            "moment",
        )
    if y_calibration is not None and judged.name != "tuned":
        raise ParameterError('y_calibration goes with moment="tuned"', "y_calibration")
    shaping = (
        held_out
        if calibration is None
        else data_for(network, calibration, y_calibration, **form, name="calibration")
    )
    with listening(progress, "guard") as listener:
        found = _core.guard(
            network._core,
            shaping,
            held_out,
            as_parameters(parameters)._core,
            check_seed(seed),
            as_count(noise_seeds, "noise_seeds"),
            as_objective(objective),
            "" if distort is None else as_distortion(distort, "distort"),
            judged.name,
            judged.training,
            judged.updates,
            judged.learning_rate,
            as_threads(threads),
            listener,
        )
    return Verdict(**found)
