"""The search for the sleep that helps most."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import _core
from ._data import Normalization, as_labels
from ._html import table
from ._models import Adapted, adapt, is_model
from ._progress import Progress, listening, part_of
from ._sleep import check_seed
from .errors import InputError, ParameterError
from .network import Network, data_for
from .parameters import Parameters, as_parameters

MakeModel = Callable[[Any, Any, int], Any]
Objective = Callable[[Any, Any, Any], float]


@dataclass(frozen=True)
class Tuned:
    """
    What a search found.

    Attributes
    ----------
    parameters : Parameters
        The best.
    before, score : float
        Mean over the networks: without sleep; with it, under noise that the search has not seen.
    subject_before, subject_score : list of float
        Of each network.
    candidates, sleeps, updates : int
        What was tried, and what that took.
    """

    parameters: Parameters
    before: float
    score: float
    subject_before: list[float] = field(repr=False)
    subject_score: list[float] = field(repr=False)
    candidates: int
    sleeps: int
    updates: int
    _text: str = field(repr=False, default="")

    @property
    def helps(self) -> bool:
        """Whether the sleep that was found is better than none."""
        return self.score > self.before + 1e-9

    def to_toml(self) -> str:
        """Text of a parameter file, with a table [tuned] that says how it was found."""
        return self._text

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write that file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self._text)

    def _repr_html_(self) -> str:
        rows = [("without sleep", self.before), ("with it", self.score)]
        note = f"{self.candidates} candidates, {self.sleeps} sleeps"
        return table(("", "score"), rows, note) + self.parameters._repr_html_()


def _take(X: Any, indices: Any) -> Any:
    """Select samples of an array, a tensor, a table, or a list."""
    if hasattr(X, "iloc"):
        return X.iloc[indices]
    if isinstance(X, (list, tuple)):
        return [X[i] for i in indices]
    if hasattr(X, "detach"):
        import torch

        return X[torch.as_tensor(indices.astype("int64"))]
    return X[indices]


def _class_numbers(y: Any) -> tuple[Any, np.ndarray[Any, Any]]:
    """Take labels of any kind as class numbers."""
    if hasattr(y, "detach"):
        y = y.detach().cpu().numpy()
    classes, numbers = np.unique(np.asarray(y), return_inverse=True)
    return classes, numbers.reshape(-1).astype(np.uint32)


def _objective(objective: str | Objective) -> tuple[str, bool]:
    if callable(objective):
        module = getattr(objective, "__module__", "")
        name = getattr(objective, "__qualname__", type(objective).__qualname__)
        return f"{module}.{name}", True
    return objective, False


def tune(
    make_model: MakeModel | Network | Any,
    X: Any,
    y: Any,
    *,
    budget: int = 1000,
    folds: int | None = 5,
    X_judge: Any = None,
    y_judge: Any = None,
    objective: str | Objective = "accuracy",
    search: str = "cma-es",
    firing: str = "rate",
    max_steps: int = 6000,
    noise_seeds: int = 2,
    doses: Sequence[float] = (1.0,),
    cautious: bool = False,
    moment: str = "awake",
    moment_updates: int = 0,
    moment_learning_rate: float | None = None,
    moment_training: Mapping[str, Any] | None = None,
    base: Parameters | str | None = None,
    start: Parameters | str | None = None,
    head: str | None = None,
    seed: int = 1,
    journal: str | os.PathLike[str] | None = None,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    normalization: Normalization | None = None,
    jobs: int = 0,
    progress: Progress = None,
) -> Tuned:
    """
    Search the sleep after which networks like the user's score best.

    Candidates are drawn at random first, then by CMA-ES (Hansen 2016) from the best of them; the
    few best are tried again under new noise. Results do not depend on `jobs`.

    Parameters
    ----------
    make_model : function of (X, y, seed), or a trained model
        Trains and returns a model: a Network, a module of PyTorch, or a fitted classifier of
        scikit-learn. It is called once for each fold. A model that is trained already is judged by
        `X_judge` and `y_judge`, samples that it was not trained on.
    X, y : samples and their classes
        With a function: split into folds. With a trained model: what it was trained on.
    budget : int
        Number of sleeps, of one network each.
    folds : int
        Each is left out in turn, and judges the network that was trained on the others.
    X_judge, y_judge : samples that judge instead of folds
    objective : {"accuracy", "balanced-accuracy", "cross-entropy"} or function of (model, X, y)
        More is better. A function gets a model of the kind that `make_model` gave, with the weights
        after sleep. It is called by several threads in turn.
    search : {"cma-es", "random"}
    firing : {"rate", "threshold"}
        Which of the two is searched for each layer.
    max_steps : int
        The length is searched along each sleep, up to this.
    noise_seeds : int
        Sleeps of each network for each candidate.
    doses : sequence of float
        Tried at each length.
    cautious : bool
        Compare by the mean less the standard error of the gain over the networks.
    moment : {"awake", "slept", "tuned"}
        When a candidate is judged; tuned: after training on for `moment_updates` updates at
        `moment_learning_rate`, by Hypnos' own training with the options `moment_training` (those of
        plans; "protocol": "modern" or "authors").
    base : Parameters or name, optional
        Values of what is not searched: rule, patch, decay ...
    start : Parameters or name, optional
        Search around these; its values are the base too.
    head : str, optional
        Of a module of PyTorch: the part that sleeps.
    seed : int
        Of the search and the folds; fold i is trained with seed + i.
    journal : file, optional
        Keeps the candidates that were tried, until the search is done: a search that was
        interrupted goes on with the same call.
    shape, layout, normalization : as in `sleep`
    jobs : int
        Sleeps at a time; 0: all cores.
    progress : True, or a function of (part, note)

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> random = np.random.default_rng(1)
    >>> X, y = random.random((60, 16), dtype=np.float32), random.integers(2, size=60)
    >>> def make_model(X, y, seed):
    ...     random = np.random.default_rng(seed)
    ...     return sr.Network([random.normal(size=(20, 16)), random.normal(size=(2, 20))])
    >>> base = sr.Parameters(patch=0)
    >>> found = sr.tune(make_model, X, y, budget=40, folds=2, max_steps=50, base=base)
    >>> found.candidates
    8
    """
    check_seed(seed)
    started = None if start is None else as_parameters(start)
    based = started if base is None else as_parameters(base)
    name, by_function = _objective(objective)
    classes, numbers = _class_numbers(y)
    given = {"shape": shape, "layout": layout, "normalization": normalization}
    with listening(progress, "tune") as listener:
        subjects = _subjects(
            make_model,
            X,
            y,
            classes,
            numbers,
            folds,
            X_judge,
            y_judge,
            head,
            seed,
            given,
            part_of(listener, 0.0, 0.5),
            threads=jobs,
        )
        trained = not is_model(make_model)
        search_options = _core.Search(
            search,
            firing,
            name,
            by_function,
            moment,
            budget,
            noise_seeds,
            seed,
            max_steps,
            [float(d) for d in doses],
            cautious,
            dict(moment_training or {}),
            moment_updates,
            moment_learning_rate,
        )
        found, text = _core.tune(
            [(s.adapted.network._core, s.training, s.judging) for s in subjects],
            search_options,
            (based or Parameters())._core,
            None if started is None else started._core,
            _judge(subjects, objective) if by_function else None,
            "" if journal is None else os.fspath(journal),
            jobs,
            part_of(listener, 0.5, 1.0) if trained else listener,
        )
    found["parameters"] = Parameters.from_toml(text)
    return Tuned(**found, _text=text)


@dataclass(frozen=True)
class _Subject:
    """A network of the search, and the samples that judge it, also as the user has them."""

    adapted: Adapted
    training: _core.Data
    judging: _core.Data
    X: Any
    y: Any


def _subjects(
    make_model: Any,
    X: Any,
    y: Any,
    classes: Any,
    numbers: Any,
    folds: int | None,
    X_judge: Any,
    y_judge: Any,
    head: str | None,
    seed: int,
    given: dict[str, Any],
    listener: Any,
    threads: int,
) -> list[_Subject]:
    def subject(
        model: Any, train: Any, train_y: Any, judge: Any, judge_y: Any, own_y: Any
    ) -> _Subject:
        adapted = adapt(model, train, head)
        data = [
            data_for(
                adapted.network,
                adapted.inputs(samples),
                labels,
                channels_first=adapted.channels_first,
                **given,
            )
            for samples, labels in ((train, train_y), (judge, judge_y))
        ]
        return _Subject(adapted, data[0], data[1], judge, own_y)

    if is_model(make_model):
        if X_judge is None or y_judge is None:
            raise InputError(
                "a model that is trained already is judged by samples that it was not trained on: "
                "give X_judge and y_judge, or a function make_model(X, y, seed)"
            )
        judge_numbers = _numbers_in(classes, y_judge)
        return [subject(make_model, X, numbers, X_judge, judge_numbers, y_judge)]
    if not callable(make_model):
        raise InputError(
            f"make_model is {type(make_model).__name__}; it must be a function of (X, y, seed) "
            "that returns a trained model, or a trained model"
        )
    if X_judge is not None:
        model = make_model(X, y, seed)
        return [subject(model, X, numbers, X_judge, _numbers_in(classes, y_judge), y_judge)]
    if folds is None:
        raise ParameterError("folds is None; give a number, or X_judge and y_judge", "folds")
    found = []
    splits = _core.folds(_only_labels(numbers, len(classes)), folds, seed)
    for i, (kept, left_out) in enumerate(splits):
        if listener is not None and listener(i / len(splits), f"training network {i + 1}") is False:
            from .errors import Stopped

            raise Stopped("stopped, because the progress callback returned False")
        own_y = np.asarray(y.detach().cpu() if hasattr(y, "detach") else y)
        train, judge = _take(X, kept), _take(X, left_out)
        model = make_model(train, _take(y, kept), seed + i)
        found.append(
            subject(model, train, numbers[kept], judge, numbers[left_out], own_y[left_out])
        )
    return found


def _numbers_in(classes: Any, y: Any) -> Any:
    values = np.asarray(y.detach().cpu() if hasattr(y, "detach") else y)
    numbers = np.searchsorted(classes, values)
    numbers = np.minimum(numbers, len(classes) - 1)
    if not bool((classes[numbers] == values).all()):
        raise InputError("y_judge has classes that y has not")
    return as_labels(numbers)


def _only_labels(numbers: Any, classes: int) -> _core.Data:
    images = np.zeros((len(numbers), 1), dtype=np.float32)
    return _core.make_data(images, (1, 1, 1), "last", numbers, classes, [], [])


def _judge(subjects: list[_Subject], objective: Any) -> Callable[[int, _core.Network], float]:
    def judge(number: int, core: _core.Network) -> float:
        subject = subjects[number]
        model = subject.adapted.rebuilt(Network._of(core))
        value = float(objective(model, subject.X, subject.y))
        if not np.isfinite(value):
            raise InputError(f"the objective gave {value}")
        return value

    return judge
