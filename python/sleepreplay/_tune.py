"""The search for the sleep that helps most."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import _core
from ._data import Normalization, as_count, as_numbers, as_threads
from ._distort import as_distortion
from ._files import write_text
from ._html import table
from ._models import is_model
from ._moment import as_moment
from ._progress import Progress, listening, part_of
from ._sleep import check_seed
from ._subjects import Subject, class_numbers, make_subjects
from .errors import InputError, ParameterError
from .network import Network
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
        write_text(path, self._text)

    def _repr_html_(self) -> str:
        rows = [("without sleep", self.before), ("with it", self.score)]
        note = f"{self.candidates} candidates, {self.sleeps} sleeps"
        return table(("", "score"), rows, note) + self.parameters._repr_html_()


def _code_of(function: Any) -> str:
    """Tell functions of one name apart: a journal goes on only with the same."""
    code = getattr(function, "__code__", None)
    if code is None:
        return ""
    return " " + hashlib.sha256(code.co_code + repr(code.co_consts).encode()).hexdigest()[:12]


def _objective(objective: str | Objective) -> tuple[str, bool]:
    if callable(objective):
        module = getattr(objective, "__module__", "")
        name = getattr(objective, "__qualname__", type(objective).__qualname__)
        return f"{module}.{name}{_code_of(objective)}", True
    if not isinstance(objective, str):
        raise ParameterError(
            f"objective is {objective!r}; it must be a name, or a function of (model, X, y)",
            "objective",
        )
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
    distort: str | None = None,
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
        Number of sleeps, of one network each: at least 10 for each network and noise seed.
    folds : int
        Each is left out in turn, and judges the network that was trained on the others.
    X_judge, y_judge : samples that judge instead of folds
    objective : str, or function of (model, X, y)
        More is better. "accuracy", "balanced-accuracy", "macro-f1", "geometric-mean",
        "worst-class", "recall:3,5" (of these classes), "roc-area", "cross-entropy" and
        "calibration-error" (which count negatively, after waking), or a weighted sum:
        "0.5*accuracy+0.5*worst-class". A function gets a model of the kind that `make_model` gave,
        with the weights after sleep. It is called by several threads in turn.
    distort : str, optional
        Judge by the mean over these distortions of the samples: "clean,blur=2" (see `distort`);
        in "3*clean,blur=2" clean samples count three times.
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
        When a candidate is judged; tuned: after waking and training on for `moment_updates` updates
        at `moment_learning_rate` (default: that of the protocol), which falls to 0, by Hypnos' own
        training with the options `moment_training` (those of
        plans; "protocol": "modern" or "authors"), beside the same without sleep.
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
    words = "" if distort is None else as_distortion(distort, "distort")
    if words and by_function:
        raise ParameterError("distort does not go with an objective that is a function", "distort")
    classes, numbers = class_numbers(y)
    if len(numbers) != len(X):
        raise InputError(f"X has {len(X)} samples, but y has {len(numbers)} labels")
    options = {
        "budget": as_count(budget, "budget"),
        "max_steps": as_count(max_steps, "max_steps"),
        "noise_seeds": as_count(noise_seeds, "noise_seeds"),
    }
    judged = as_moment(moment, moment_updates, moment_learning_rate, moment_training)
    given = {"shape": shape, "layout": layout, "normalization": normalization}
    search_options = _core.Search(
        str(search),
        str(firing),
        name,
        words,
        by_function,
        judged.name,
        options["budget"],
        options["noise_seeds"],
        check_seed(seed),
        options["max_steps"],
        as_numbers(doses, "doses"),
        bool(cautious),
        judged.training,
        judged.updates,
        judged.learning_rate,
    )
    trained = not is_model(make_model)
    # Whoever trains networks for hours is to know first what will be refused.
    by_folds = trained and X_judge is None and folds is not None
    _core.check_search(search_options, as_count(folds, "folds") if by_folds else 1)
    unsearched = (based or Parameters())._core
    with listening(progress, "tune") as listener:
        subjects = make_subjects(
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
            lambda data: _core.check_patch(unsearched, data),
        )
        found, text = _core.tune(
            [(s.adapted.network._core, s.training, s.judging) for s in subjects],
            search_options,
            unsearched,
            None if started is None else started._core,
            _judge(subjects, objective) if by_function else None,
            "" if journal is None else os.fspath(journal),
            as_threads(jobs, "jobs"),
            part_of(listener, 0.5, 1.0) if trained else listener,
        )
    found["parameters"] = Parameters.from_toml(text)
    return Tuned(**found, _text=text)


def _judge(subjects: list[Subject], objective: Any) -> Callable[[int, _core.Network], float]:
    def judge(number: int, core: _core.Network) -> float:
        subject = subjects[number]
        model = subject.adapted.rebuilt(Network._of(core))
        value = float(objective(model, subject.X, subject.y))
        if not np.isfinite(value):
            raise InputError(f"the objective gave {value}")
        return value

    return judge
