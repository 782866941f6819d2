"""
Tasks in sequence: classes that are learned one task after the other, and sleep against forgetting.

There is one output for each class, and no task is named at test time (class-incremental learning).
The words are those of plans (docs/studies.md), and a plan with the same words finds the same
numbers.
"""

from __future__ import annotations

import json
import os
from collections import abc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._data import Normalization, as_count, as_labels, as_number, as_numbers, as_threads, make_data
from ._html import table
from ._measure import Metrics
from ._progress import Progress, listening
from ._sleep import check_seed
from ._tune import Tuned
from .errors import InputError, ParameterError
from .network import Network
from .parameters import Parameters, as_parameters

__all__ = ["Sequence", "SequenceReport", "Step", "tune"]


@dataclass(frozen=True)
class Step:
    """
    How far a sequence is, as its callback is told.

    Attributes
    ----------
    learned : int
        Tasks that have been learned.
    slept : bool
        Whether the network has slept after the last of them.
    accuracies : list of float [tasks]
        On the test samples of each task, now.
    network : Network
        As it is now; awake, if it is woken.
    """

    learned: int
    slept: bool
    accuracies: list[float]
    network: Network


@dataclass(frozen=True)
class SequenceReport:
    """
    What is left of each task.

    Attributes
    ----------
    tasks : list of list of int
        Classes of each, in the order in which they came.
    accuracies : array [T x T]
        Of row k, when task k had been learned and slept on: accuracy on the test samples of each
        task, argmax over all outputs. One row where all tasks were learned at once.
    before : array [T x T]
        The same before each sleep; where there was none, the same numbers.
    accuracy : float
        On all test samples, in the end.
    accuracy_before : float or None
        Before the last sleep, if there was one.
    mean_accuracy : float
        Mean of the last row (ACC; Lopez-Paz and Ranzato 2017).
    backward_transfer : float or None
        Mean over the earlier tasks of the accuracy in the end, less that when the task had just
        been learned (BWT; likewise). None, as the two below, where all were learned at once.
    forgetting : float or None
        Mean over the earlier tasks of the best accuracy before the end, less that in the end
        (Chaudhry et al. 2018).
    learning_accuracy : float or None
        Mean accuracy on each task when it had just been learned.
    metrics : Metrics
        On all test samples, in the end.
    network : Network or None
        In the end; None of learners that have none. The learners icarl and icarl-sleep do not
        answer by its outputs, but by the mean features of stored images.
    stored : int
        Images that were kept for later tasks, at most.
    reads_old : bool
        Whether images of earlier tasks were read that were not kept.
    """

    tasks: list[list[int]]
    accuracies: NDArray[np.float64]
    before: NDArray[np.float64] = field(repr=False)
    accuracy: float
    accuracy_before: float | None
    mean_accuracy: float
    backward_transfer: float | None
    forgetting: float | None
    learning_accuracy: float | None
    metrics: Metrics = field(repr=False)
    network: Network | None
    stored: int
    reads_old: bool

    def _repr_html_(self) -> str:
        head = ["after", *(" ".join(map(str, classes)) for classes in self.tasks)]
        joint = len(self.accuracies) < len(self.tasks)
        rows = [
            ["all tasks" if joint else f"task {k + 1}", *(float(a) for a in row)]
            for k, row in enumerate(self.accuracies)
        ]
        return table(head, rows, f"accuracy on all test samples {self.accuracy:.4g}")


def _numbers(values: Any, name: str) -> list[int]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise ParameterError(f"{name} is {values!r}; it must be a list of whole numbers", name)
    return [as_count(value, name) for value in values]


def _tasks(tasks: Any) -> tuple[list[list[int]], str]:
    """Take a list of lists of classes, or the name of a division."""
    if isinstance(tasks, str):
        return [], tasks
    if not hasattr(tasks, "__iter__"):
        raise ParameterError(
            f'tasks is {tasks!r}; it must be "pairs", "singles" or "halves" of the classes, or a '
            "list of lists of classes",
            "tasks",
        )
    return [_numbers(classes, "tasks") for classes in tasks], ""


def _option(value: Any, name: str) -> bool | float | str:
    if hasattr(value, "item"):
        value = value.item()
    if not isinstance(value, (bool, int, float, str)):
        raise ParameterError(
            f"{name} is {value!r}; an option of training is a number, a text, True or False", name
        )
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Sequence:
    """
    A sequence of tasks, and what learns it. Never changed.

    Parameters
    ----------
    tasks : {"pairs", "singles", "halves"} or list of lists of classes
        Classes of each task: so many of all classes in their order, or a list like
        `[[0, 1], [2, 3]]`.
    learner : str
        "sleep": a network that sleeps after its tasks. "sequential": the same without sleep and
        waking; "waking": woken where it would sleep. "joint" and "joint-same": trained once, on all
        samples of all tasks, or on those that the sequence sees. "averaging": the mean of networks
        that each learned one task. "lwf" (Li and Hoiem 2016), "ewc" (Kirkpatrick et al. 2017),
        "icarl" (Rebuffi et al. 2017), and "icarl-sleep", which also sleeps. "nearest-class-mean"
        and "lda" (Hayes and Kanan 2020): of pixels, without a network.
    parameters : Parameters, or name of a preset or file, optional
        Of a learner that sleeps. The sleep after task k is 1 + `growth` (k - 1) times `steps` long.
    task_samples : int, optional
        Of each task the first so many samples in their order are trained on.
    task_fraction : float, optional
        Or this part of them, drawn by the seed.
    task_order : {"fixed", "random"}
        As they are listed, or drawn by the seed.
    sleep_when : {"each", "end"}
        After each task, or after the last one.
    calibration : {"running", "current", "all", "first"}
        What shapes the noise and the scale factors. running: the mean of all images that were
        trained on, and the largest activations by those of this task; current: images of this task;
        all: all images of all classes so far, as the released code has it, which reads old ones;
        first: images of the first task.
    wake : bool
        After each sleep, by the images of this task and the stored ones. Momentum begins anew then.
    memory : int
        Images that are stored for later tasks, in all.
    replay : {"balanced", "append", "released"}
        How they are trained on again. balanced: each batch has as many of them as of new images;
        append: they are added to the new ones; released: `replay_fraction` of all earlier images is
        drawn anew and added, as in the released code, whose memory has no bound.
    later_learning_rate : float, optional
        Of the tasks after the first.
    carry_momentum : bool
        Over tasks and sleeps.
    ewc_strength : float
        Weight of the penalty of "ewc".
    exemplars : {"herding", "random"}
        Which images iCaRL stores.
    hidden : sequence of int
        Units of each hidden layer.
    protocol : {"authors", "modern"}
        How the network is made and trained, as in plans.
    seed : int
        Of the network, its training and its noise.
    noise : int
        Another number: the same networks sleep under other noise.
    **training
        Options of training that differ from the protocol's, as in plans: `epochs`, `updates`,
        `learning_rate`, `momentum`, `batch_size`, `dropout`, `optimizer` ...

    Raises
    ------
    ParameterError
        There is no such option, or it does not take the value.

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> random = np.random.default_rng(1)
    >>> y = np.arange(200) % 4
    >>> X = random.random((200, 4, 4), dtype=np.float32) * 0.2
    >>> X[np.arange(200), y] += 0.8  # a bright row for each class
    >>> sequence = sr.tasks.Sequence(
    ...     "pairs", learner="sequential", hidden=[20], protocol="modern", epochs=30
    ... )
    >>> found = sequence.learn(X, y, X, y)
    >>> found.accuracies.round(2)
    array([[1., 0.],
           [0., 1.]])
    >>> found.forgetting
    1.0
    """

    __slots__ = ("_core", "_options")
    _core: _core.TaskSequence
    _options: dict[str, Any]

    def __init__(
        self,
        tasks: str | abc.Sequence[abc.Sequence[int]] = "pairs",
        *,
        learner: str = "sleep",
        parameters: Parameters | str | os.PathLike[str] | None = None,
        task_samples: int | None = None,
        task_fraction: float | None = None,
        task_order: str = "fixed",
        sleep_when: str = "each",
        calibration: str = "running",
        wake: bool = True,
        memory: int = 0,
        replay: str = "balanced",
        replay_fraction: float = 0.0,
        later_learning_rate: float | None = None,
        carry_momentum: bool = True,
        ewc_strength: float = 100.0,
        exemplars: str = "herding",
        hidden: abc.Sequence[int] = (1200, 1200),
        protocol: str = "authors",
        seed: int = 1,
        noise: int = 0,
        **training: Any,
    ) -> None:
        listed, division = _tasks(tasks)
        given = None if parameters is None else as_parameters(parameters)
        options = {n: _option(v, n) for n, v in {"protocol": protocol, **training}.items()}
        words: dict[str, Any] = {
            "learner": str(learner),
            "task_order": str(task_order),
            "task_samples": None
            if task_samples is None
            else as_count(task_samples, "task_samples"),
            "task_fraction": None
            if task_fraction is None
            else as_number(task_fraction, "task_fraction"),
            "sleep_when": str(sleep_when),
            "calibration": str(calibration),
            "wake": bool(wake),
            "memory": as_count(memory, "memory"),
            "replay": str(replay),
            "replay_fraction": as_number(replay_fraction, "replay_fraction"),
            "later_learning_rate": None
            if later_learning_rate is None
            else as_number(later_learning_rate, "later_learning_rate"),
            "carry_momentum": bool(carry_momentum),
            "ewc_strength": as_number(ewc_strength, "ewc_strength"),
            "exemplars": str(exemplars),
            "hidden": _numbers(hidden, "hidden"),
            "seed": check_seed(seed),
            "noise": check_seed(noise),
        }
        self._core = _core.TaskSequence(
            tasks=listed,
            division=division,
            training=options,
            parameters=None if given is None else given._core,
            **words,
        )
        self._options = {"tasks": division or listed, "parameters": given, **words, **options}

    def replace(self, **changes: Any) -> Sequence:
        """Make a copy with some arguments replaced."""
        return Sequence(**{**self._options, **changes})

    @property
    def parameters(self) -> Parameters | None:
        """Those of its sleeps."""
        return self._options["parameters"]  # type: ignore[no-any-return]

    def learn(
        self,
        X: Any,
        y: Any,
        X_test: Any,
        y_test: Any,
        *,
        shape: abc.Sequence[int] | None = None,
        layout: str | None = None,
        normalization: Normalization | None = None,
        callback: Callable[[Step], Any] | None = None,
        threads: int = 0,
        progress: Progress = None,
    ) -> SequenceReport:
        """
        Learn the tasks.

        The numbers are, to the last bit, those of `hypnos run` with the same plan and data.

        Parameters
        ----------
        X, y : array [samples x features] or images, and array [samples] of classes from 0
            Those of classes that are in no task, and those that are too many, are not trained on.
        X_test, y_test : likewise
            Judge each task; never trained on.
        shape, layout, normalization : as in `sleepreplay.sleep`
        callback : function of a Step, optional
            Called when a network has learned a task, and again when it has slept on it, by another
            thread than the caller's; learners without a network do not call it. When it returns
            False, the sequence ends there.
        threads : int
            0: all cores. Results do not depend on it.
        progress : True, or a function of (part, note)

        Returns
        -------
        SequenceReport

        Raises
        ------
        ParameterError
            The tasks do not fit the data: a class that there is not, or too few samples.
        InputError
            The samples cannot be used.
        Stopped
            `progress` returned False.
        """
        classes = _classes(y, y_test)
        form: dict[str, Any] = {"shape": shape, "layout": layout, "normalization": normalization}
        train = make_data(X, _labels(y, "y"), classes=classes, **form)
        test = make_data(X_test, _labels(y_test, "y_test"), classes=classes, **form, name="X_test")
        with listening(progress, "learn") as listener:
            found = _core.learn_sequence(
                self._core, train, test, _told(callback), as_threads(threads), listener
            )
        metrics = Metrics(**found.pop("metrics"))
        before = found.pop("metrics_before")
        network = found.pop("network")
        return SequenceReport(
            accuracy=metrics.accuracy,
            accuracy_before=None if before is None else before["accuracy"],
            metrics=metrics,
            network=None if network is None else Network._of(network),
            **found,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._options,)

    def __repr__(self) -> str:
        given = ", ".join(f"{n}={v!r}" for n, v in self._options.items() if v is not None)
        return f"Sequence({given})"

    def _text(self) -> str:
        """All that it is: equal for two that learn the same."""
        options = {**self._options}
        parameters = options.pop("parameters")
        return json.dumps(
            {**options, "parameters": None if parameters is None else parameters.to_toml()},
            sort_keys=True,
        )


def _rebuild(options: dict[str, Any]) -> Sequence:
    return Sequence(**options)


def _labels(y: Any, name: str) -> NDArray[np.uint32]:
    if y is None:
        raise InputError(f"{name} is None; give the class of each sample")
    return as_labels(y, name)


def _classes(y: Any, y_test: Any) -> int:
    """How many classes there are, those included that only one half has."""
    labels = [_labels(y, "y"), _labels(y_test, "y_test")]
    return 1 + max((int(part.max()) for part in labels if part.size), default=0)


def _told(callback: Callable[[Step], Any] | None) -> Any:
    if callback is None:
        return None
    if not callable(callback):
        raise ParameterError(f"callback is {callback!r}; it must be a function", "callback")

    def step(learned: int, slept: bool, accuracies: list[float], core: _core.Network) -> Any:
        return callback(Step(learned, slept, accuracies, Network._of(core)))

    return step


def tune(
    sequence: Sequence,
    X: Any,
    y: Any,
    *,
    seeds: abc.Sequence[int] = (101, 102, 103),
    samples: int = 1000,
    budget: int = 1000,
    search: str = "cma-es",
    max_steps: int = 6000,
    noise_seeds: int = 2,
    doses: abc.Sequence[float] = (1.0,),
    cautious: bool = False,
    seed: int = 1,
    journal: str | os.PathLike[str] | None = None,
    shape: abc.Sequence[int] | None = None,
    layout: str | None = None,
    normalization: Normalization | None = None,
    jobs: int = 0,
    progress: Progress = None,
) -> Tuned:
    """
    Search one sleep for all tasks of a sequence, and how its length grows from task to task.

    What counts is the accuracy on all classes in the end, of samples that the sequence does not
    train on: so `task_samples` or `task_fraction` must leave some. The search begins around the
    parameters of the sequence; those that it names as thresholds or rates are searched as such.
    Results do not depend on `jobs`, and are those of `hypnos tune --tasks`.

    Parameters
    ----------
    sequence : Sequence
        Its learner sleeps. Its own seed means nothing here.
    X, y : as in `Sequence.learn`
    seeds : sequence of int
        Of the networks. The first judges alone at first; candidates that are hopeless there are cut
        off.
    samples : int
        That judge each network, at most.
    budget : int
        Number of sequences: a candidate takes one for each seed and noise.
    search : {"cma-es", "random"}
    max_steps : int
        Longest first sleep.
    noise_seeds, doses, cautious, seed, journal, jobs, progress : as in `sleepreplay.tune`
    shape, layout, normalization : as in `sleepreplay.sleep`

    Returns
    -------
    Tuned

    Raises
    ------
    ParameterError
        The sequence trains on all samples, so that none can judge; the budget is too small.

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> random = np.random.default_rng(1)
    >>> X, y = random.random((80, 16), dtype=np.float32), np.arange(80) % 4
    >>> start = sr.Parameters.load("authors-mnist").replace(patch=0, target_rate=[0.01, 0.01])
    >>> sequence = sr.tasks.Sequence(
    ...     "pairs", parameters=start, task_samples=20, hidden=[10], epochs=1
    ... )
    >>> sr.tasks.tune(sequence, X, y, seeds=[1], budget=40, max_steps=50).candidates
    10
    """
    if not isinstance(sequence, Sequence):
        raise ParameterError(
            f"sequence is {type(sequence).__name__}; it must be a sleepreplay.tasks.Sequence",
            "sequence",
        )
    options = _core.SequenceSearch(
        seeds=[check_seed(s) for s in _numbers(seeds, "seeds")],
        samples=as_count(samples, "samples"),
        budget=as_count(budget, "budget"),
        search=str(search),
        max_steps=as_count(max_steps, "max_steps"),
        noise_seeds=as_count(noise_seeds, "noise_seeds"),
        doses=as_numbers(doses, "doses"),
        cautious=bool(cautious),
        seed=check_seed(seed),
    )
    data = make_data(
        X,
        _labels(y, "y"),
        classes=_classes(y, y),
        shape=shape,
        layout=layout,
        normalization=normalization,
    )
    with listening(progress, "tune") as listener:
        found, text = _core.tune_sequence(
            sequence._core,
            sequence._text(),
            data,
            options,
            "" if journal is None else os.fspath(journal),
            as_threads(jobs, "jobs"),
            listener,
        )
    found["parameters"] = Parameters.from_toml(text)
    return Tuned(**found, _text=text)
