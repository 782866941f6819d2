"""Sleep for classifiers of scikit-learn (1.6 or newer)."""

from __future__ import annotations

import copy
import numbers
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from joblib import effective_n_jobs  # type: ignore[import-untyped]
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone  # type: ignore[import-untyped]
from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
from sklearn.neural_network import MLPClassifier  # type: ignore[import-untyped]
from sklearn.pipeline import Pipeline  # type: ignore[import-untyped]
from sklearn.utils import check_random_state  # type: ignore[import-untyped]
from sklearn.utils.multiclass import check_classification_targets  # type: ignore[import-untyped]
from sklearn.utils.validation import (  # type: ignore[import-untyped]
    check_is_fitted,
    validate_data,
)

from . import _core
from ._data import Normalization
from ._measure import Verdict, guard
from ._models import Adapted
from ._sklearn_models import NUMBERS, adapt
from ._sklearn_objective import as_objective, check_classes, measure_of
from ._sleep import SleepReport, sleep, wake
from ._subjects import only_labels
from ._tune import Tuned, tune
from .errors import InputError, ModelError, ParameterError, RateError
from .network import Network
from .parameters import Parameters, as_parameters

__all__ = ["SleepReplayClassifier", "SleepWarning", "adapt"]

NOISE_SEEDS = 3  # under which the guard lets a network sleep


class SleepWarning(UserWarning):
    """A network stays as it was trained, because it could not sleep."""


class _StaysAwake(Exception):
    """The network is left as it was trained; the message says why."""

    def __init__(self, reason: str, *, wanted: bool = False) -> None:
        super().__init__(reason)
        self.wanted = wanted  # what the user asked for decided so


@contextmanager
def _unless_impossible() -> Iterator[None]:
    """Tell data and networks with which there is no sleep from arguments that cannot be."""
    try:
        yield
    except RateError as error:
        raise _StaysAwake(str(error)) from error
    except ParameterError:
        raise
    except InputError as error:
        raise _StaysAwake(str(error)) from error


class SleepReplayClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    An MLPClassifier that sleeps after it was trained.

    `fit` trains a clone of the estimator. Then the clone sleeps (Sleep Replay Consolidation, Tadros
    et al. 2022): it becomes a spiking network, driven by noise in the shape of the mean of X, whose
    weights change by a local rule. Then it wakes: its outputs are scaled to fit the labels.

    Parameters
    ----------
    estimator : MLPClassifier, default=None
        With `activation="relu"`; it stays as it is. None: `MLPClassifier()`. Scalers and samplers
        go before this classifier, in a pipeline.
    parameters : "tune", Parameters, or name of a preset or file, default="tune"
        Of the sleep. "tune" searches them, see `sleepreplay.tune`: networks like this one are
        trained without one fold each, and judged by it. If the search finds no sleep that is better
        than none, the network does not sleep. Most presets are for images and networks of three
        layers of weights; for tables the `patch` must be 0.
    guard : {None, "cv", "holdout"}, default=None
        Whether the network may only sleep if this is shown to help: networks that were trained
        likewise answer better for samples that they were not trained on, with the whole 95%
        confidence interval. "cv" trains one network without each fold, and judges by all samples;
        "holdout" trains one network without the first fold, and judges by this fold. "holdout" also
        chooses the length of the sleep, from 1/16 of `steps` on. Where the parameters are searched,
        they are searched anew without the samples that judge: "holdout" searches once, without the
        first fold; "cv" searches once for each fold and once with all samples. The guard looks at
        the sleep alone, without `train_on`. It judges by the objective, if that is one of
        Hypnos' measures, "balanced_accuracy" or "f1_macro"; in place of other scorers by accuracy.
    wake : bool, default=True
        Whether outputs are scaled after the sleep. Sleep often shrinks them many times; without
        waking probabilities are then nearly equal. No answer changes by waking. The scale is that
        which fits the labels of the training data best, with a label smoothing of 0.01.
    train_on : int, default=0
        Epochs of training after the sleep, by `partial_fit`. The solver must be "adam" or "sgd",
        without `early_stopping`. A network that did not sleep is not trained on.
    budget : int, default=1000
        Of a search: number of sleeps, of one network each; at least 20 for each fold.
    folds : int, default=5
        Of the search and of the guard.
    objective : str or scorer
        What is searched for: a name or function as `scoring` in scikit-learn has it, or a measure
        of `sleepreplay.tune` like "worst-class", or a weighted sum of such.
    max_steps : int, default=6000
        The longest sleep that is searched.
    shape : (rows, columns) or (rows, columns, channels), default=None
        Of one sample, where the features are the pixels of an image. The noise then comes in
        patches; a search takes patches of 11/28 of the shorter side, as in the presets. None: a
        table; noise covers all features.
    layout : {"first", "last"}, default=None
        How channels lie, if the shape has more than one.
    normalization : "auto", None or (mean, std), default="auto"
        What the shape of the noise is. Noise cannot be negative: each feature spikes in proportion
        to the mean of X * std + mean, and never where this is below 0. Nothing but the noise
        depends on it; the network is given X as it is.
        "auto": if all of X is in [0, 1], the mean of X. Otherwise the mean of X scaled to [0, 1],
        each feature by the smallest and the largest value of the training data. So the noise does
        not depend on whether a StandardScaler, a MinMaxScaler or nothing was before. It does
        depend on outliers. It also depends on the sign: a feature that is mostly high spikes often,
        one that is mostly low spikes seldom.
        (mean, std): how X was normalized, as in `sleepreplay.sleep`: the noise has the shape of the
        mean before that. None: the mean of X.
    random_state : int, RandomState instance or None, default=None
        Seed of the noise, of the search and of the folds; an int is this seed itself. The estimator
        keeps its own `random_state`, and gets this one if it has none. The networks of fold i are
        trained with seed + i.
    n_jobs : int, default=None
        Threads of sleeps and searches. None: 1; -1: all cores. Results do not depend on it.

    Attributes
    ----------
    estimator_ : MLPClassifier
        The trained network, after its sleep if there was one.
    classes_ : array [classes]
    n_features_in_ : int
    feature_names_in_ : array [features]
        Where X has names of features that are all strings.
    slept_ : bool
        Whether the network slept. If not, `estimator_` is as it was trained.
    reason_ : str
        Why it did not sleep; "" if it did.
    seed_ : int
        Of the noise.
    parameters_ : Parameters or None
        Of the sleep. If the guard refused it: what it would have been.
    report_ : SleepReport or None
        What happened during the sleep.
    waking_factor_ : float or None
        Scale of the outputs at waking.
    verdict_ : Verdict or None
        What the guard found.
    tuned_ : Tuned or None
        What the search found.

    Raises
    ------
    ParameterError
        A parameter has a value that cannot be, or does not fit the network.
    ModelError
        The estimator cannot sleep.

    Warns
    -----
    SleepWarning
        The network could not sleep and stays as it was trained: `slept_` is False and `reason_`
        says why. There is one class only; all features are constant; a layer cannot fire as often
        as the parameters say, or nothing fired; there are too few samples for folds; the outputs
        after the sleep say nothing about the classes. There is no warning where the guard or the
        search decided so.

    Notes
    -----
    Sample weights are refused. Training could use them, but sleep, waking and the guard could not.
    Draw samples instead, for example by imbalanced-learn in a pipeline.

    Classes of a single sample are left out of the folds: no network could be trained on the others
    and judged by it.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.neural_network import MLPClassifier
    >>> import sleepreplay as sr
    >>> X, y = load_digits(return_X_y=True)
    >>> parameters = sr.Parameters(
    ...     steps=500,
    ...     max_rate=200.0,
    ...     patch=0,
    ...     increment=1e-3,
    ...     decrement=1e-3,
    ...     threshold=[0.3, 0.1],
    ...     alpha_scale=1.0,
    ... )
    >>> network = MLPClassifier((32,), solver="lbfgs", max_iter=30)
    >>> classifier = sr.sklearn.SleepReplayClassifier(network, parameters, random_state=1)
    >>> classifier = classifier.fit(X[:200], y[:200])
    >>> classifier.slept_, classifier.report_.end
    (True, 'complete')
    >>> classifier.predict(X[200:]).shape
    (1597,)
    """

    def __init__(
        self,
        estimator: Any = None,
        parameters: Parameters | str | os.PathLike[str] = "tune",
        *,
        guard: str | None = None,
        wake: bool = True,
        train_on: int = 0,
        budget: int = 1000,
        folds: int = 5,
        objective: str | Callable[[Any, Any, Any], float] = "accuracy",
        max_steps: int = 6000,
        shape: Sequence[int] | None = None,
        layout: str | None = None,
        normalization: str | Normalization | None = "auto",
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.estimator = estimator
        self.parameters = parameters
        self.guard = guard
        self.wake = wake
        self.train_on = train_on
        self.budget = budget
        self.folds = folds
        self.objective = objective
        self.max_steps = max_steps
        self.shape = shape
        self.layout = layout
        self.normalization = normalization
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any, **unsupported: Any) -> SleepReplayClassifier:
        """
        Train a network, and let it sleep.

        Parameters
        ----------
        X : array [samples x features]
            What the network is trained on, and what shapes the noise.
        y : array [samples]
            Class labels: numbers or strings.
        **unsupported
            Nothing. Sample weights are refused.

        Returns
        -------
        self
        """
        _refuse(unsupported)
        given = self._check()
        X, y = validate_data(self, X, y, dtype=NUMBERS)
        check_classification_targets(y)
        if self.guard is not None:
            check_classes(self.objective, _classes_of_folds(y))
        self.seed_ = _seed_of(self.random_state)
        self.estimator_ = self._trained(X, y)
        self.classes_ = self.estimator_.classes_
        adapted = adapt(self.estimator_)
        if given is not None:
            given._core.check(len(adapted.network.weights))
        self.slept_ = False
        self.reason_ = ""
        self.parameters_: Parameters | None = None
        self.report_: SleepReport | None = None
        self.waking_factor_: float | None = None
        self.verdict_: Verdict | None = None
        self.tuned_: Tuned | None = None
        try:
            self._fall_asleep(adapted, X, y, given)
        except _StaysAwake as stays:
            self.reason_ = str(stays)
            if not stays.wanted:
                message = f"the network stays as it was trained: {stays}"
                warnings.warn(message, SleepWarning, stacklevel=2)
            return self
        for _ in range(self.train_on):
            self.estimator_.partial_fit(X, y)
        return self

    def predict(self, X: Any) -> Any:
        """
        Predict classes.

        Parameters
        ----------
        X : array [samples x features]
            Samples with the features that `fit` was given.

        Returns
        -------
        array [samples]
        """
        X = self._for_prediction(X)
        return self.estimator_.predict(X)

    def predict_proba(self, X: Any) -> Any:
        """
        Predict the probabilities of classes, in the order of `classes_`.

        Parameters
        ----------
        X : array [samples x features]
            Samples with the features that `fit` was given.

        Returns
        -------
        array [samples x classes]
        """
        X = self._for_prediction(X)
        return self.estimator_.predict_proba(X)

    def predict_log_proba(self, X: Any) -> Any:
        """
        Predict the logarithms of these probabilities.

        Parameters
        ----------
        X : array [samples x features]
            Samples with the features that `fit` was given.

        Returns
        -------
        array [samples x classes]
        """
        return np.log(self.predict_proba(X))

    def _for_prediction(self, X: Any) -> Any:
        check_is_fitted(self)
        return validate_data(self, X, reset=False, dtype=NUMBERS)

    def _adapted(self) -> Adapted:
        """Take it as the search does (see `adapt`)."""
        check_is_fitted(self)
        inner = adapt(self.estimator_)

        def rebuilt(network: Network) -> SleepReplayClassifier:
            changed = copy.deepcopy(self)
            changed.estimator_ = inner.rebuilt(network)
            return changed

        return Adapted(inner.network, inner.inputs, rebuilt)

    def _check(self) -> Parameters | None:
        """Look at all that can be wrong before training; return the parameters if given."""
        estimator = self._estimator()
        if estimator.activation != "relu":
            raise InputError(
                f"activation is {estimator.activation!r}; a network that sleeps has ReLU units "
                '(MLPClassifier(activation="relu"))'
            )
        if self.guard not in (None, "cv", "holdout"):
            raise ParameterError(
                f'guard is {self.guard!r}; it must be None, "cv" or "holdout"', "guard"
            )
        if not isinstance(self.train_on, numbers.Integral) or int(self.train_on) < 0:
            raise ParameterError(
                f"train_on is {self.train_on!r}; it must be a number of epochs, or 0", "train_on"
            )
        if self.train_on and (estimator.solver == "lbfgs" or estimator.early_stopping):
            raise ParameterError(
                "train_on needs an MLPClassifier with partial_fit: solver 'adam' or 'sgd', and no "
                "early_stopping",
                "train_on",
            )
        if isinstance(self.normalization, str) and self.normalization != "auto":
            raise ParameterError(
                f'normalization is {self.normalization!r}; it must be "auto", None or (mean, std)',
                "normalization",
            )
        searched = isinstance(self.parameters, str) and self.parameters == "tune"
        if (searched or self.guard is not None) and self.folds < 2:
            raise ParameterError(f"folds is {self.folds}; it must be 2 or more", "folds")
        if searched:
            return None
        given = as_parameters(self.parameters)
        if self.shape is None and given.patch > 1:
            raise ParameterError(
                f"the noise comes in patches of {given.patch} x {given.patch} pixels, but X is a "
                "table. Give shape=(rows, columns) if its features are pixels, or parameters with "
                "patch=0",
                "shape",
            )
        return given

    def _estimator(self) -> Any:
        if self.estimator is None:
            return MLPClassifier()
        if not isinstance(self.estimator, MLPClassifier):
            hint = (
                ". Put the SleepReplayClassifier into the pipeline, around its last step"
                if isinstance(self.estimator, Pipeline)
                else ""
            )
            raise ModelError(
                f"the estimator is a {type(self.estimator).__name__}; only an MLPClassifier can "
                f"sleep{hint}"
            )
        return self.estimator

    def _trained(self, X: Any, y: Any, seed: int | None = None) -> Any:
        """Train a clone of the estimator, with another seed if there is one."""
        model = clone(self._estimator())
        if seed is not None or (model.random_state is None and self.random_state is not None):
            model.set_params(random_state=(self.seed_ if seed is None else seed) % 2**32)
        return model.fit(X, y)

    def _trained_for_fold(self, X: Any, y: Any, seed: int) -> Any:
        with warnings.catch_warnings():
            # The network itself has said so.
            warnings.simplefilter("ignore", ConvergenceWarning)
            try:
                return self._trained(X, y, seed)
            except ValueError as error:
                raise _StaysAwake(
                    f"no network could be trained without one fold: {error}"
                ) from error

    def _threads(self) -> int:
        return int(effective_n_jobs(self.n_jobs))

    def _form(self, X: Any) -> dict[str, Any]:
        """Say how X lies, and what gives the noise its shape."""
        normalization: Any = self.normalization
        if isinstance(normalization, str):
            normalization = _to_unit_range(X)
        return {"shape": self.shape, "layout": self.layout, "normalization": normalization}

    def _fall_asleep(self, adapted: Adapted, X: Any, y: Any, given: Parameters | None) -> None:
        if len(self.classes_) < 2:
            raise _StaysAwake("y has one class only")
        parameters = self._guarded(X, y, given)
        self.parameters_ = parameters
        with _unless_impossible():
            slept, report = sleep(
                adapted.network,
                X,
                parameters,
                seed=self.seed_,
                threads=self._threads(),
                **self._form(X),
            )
            if not report.rates[1:].any():
                raise _StaysAwake(f"no unit above the input fired in {report.steps} steps")
            factor = None
            if self.wake:
                labels = np.searchsorted(self.classes_, y)
                slept, factor = wake(slept, X, labels, threads=self._threads())
        self.estimator_ = adapted.rebuilt(slept)
        self.report_ = report
        self.waking_factor_ = factor
        self.slept_ = True

    def _guarded(self, X: Any, y: Any, given: Parameters | None) -> Parameters:
        """Find the parameters, if the guard allows the sleep."""
        if self.guard == "holdout":
            return self._guarded_by_holdout(X, y, given)
        parameters = given or self._searched(X, y)
        if self.guard == "cv":
            self.parameters_ = parameters
            self.verdict_ = self._judged_by_folds(X, y, given, parameters.steps)
            self._obey(self.verdict_)
        return parameters

    def _guarded_by_holdout(self, X: Any, y: Any, given: Parameters | None) -> Parameters:
        kept, left_out = self._folds(y)[0]
        parameters = given or self._searched(X[kept], y[kept])
        self.parameters_ = parameters
        model = self._trained_for_fold(X[kept], y[kept], self.seed_)
        with _unless_impossible():
            self.verdict_ = guard(
                adapt(model).network,
                X[left_out],
                np.searchsorted(model.classes_, y[left_out]),
                parameters,
                calibration=X[kept],
                seed=self.seed_,
                noise_seeds=NOISE_SEEDS,
                objective=measure_of(self.objective),
                threads=self._threads(),
                **self._form(X[kept]),
            )
        self._obey(self.verdict_)
        return parameters.replace(steps=self.verdict_.steps)

    def _obey(self, verdict: Verdict) -> None:
        if not verdict.helps:
            measure = measure_of(self.objective)
            raise _StaysAwake(
                f"the guard does not let it sleep: {measure} goes from {verdict.before:.3f} to "
                f"{verdict.after:.3f} on {verdict.samples} samples, by {verdict.low:+.3f} to "
                f"{verdict.high:+.3f} with 95% confidence",
                wanted=True,
            )

    def _judged_by_folds(self, X: Any, y: Any, given: Parameters | None, steps: int) -> Verdict:
        """Judge the sleep, and the search for it, by samples that neither has seen."""
        folds: list[_core.OutputsOfFold] = []
        sleeps = 0
        impossible: _StaysAwake | None = None
        for fold, (kept, left_out) in enumerate(self._folds(y)):
            model = self._trained_for_fold(X[kept], y[kept], self.seed_ + fold)
            network = adapt(model).network
            before = network.predict(X[left_out])
            after = [before] * NOISE_SEEDS
            noises = range(NOISE_SEEDS)
            try:
                parameters = given or self._searched(X[kept], y[kept], keep=False)
            except _StaysAwake as stays:
                noises = range(0)
                impossible = impossible if stays.wanted else stays
                sleeps += stays.wanted  # none is what the search chose
            for noise in noises:
                try:
                    with _unless_impossible():
                        slept, _ = sleep(
                            network,
                            X[kept],
                            parameters,
                            seed=self.seed_ + fold * NOISE_SEEDS + noise,
                            threads=self._threads(),
                            **self._form(X[kept]),
                        )
                except _StaysAwake as stays:
                    impossible = stays
                    continue
                sleeps += 1
                after[noise] = slept.predict(X[left_out])
            labels = np.searchsorted(model.classes_, y[left_out]).astype(np.uint32)
            folds.append(_core.OutputsOfFold(labels, before, after))
        if impossible is not None and sleeps == 0:
            raise impossible
        with _unless_impossible():
            found = _core.compare_outputs(
                measure_of(self.objective), folds, len(model.classes_), steps, self._threads()
            )
        return Verdict(**found)

    def _searched(self, X: Any, y: Any, *, keep: bool = True) -> Parameters:
        """Search the parameters of a sleep that helps."""
        members = _judgeable(y)
        X, y = X[members], y[members]
        base = Parameters(patch=0)
        if self.shape is not None:
            base = Parameters(patch=max(1, round(min(self.shape[:2]) * 11 / 28)))
        with _unless_impossible():
            found = tune(
                self._trained_for_fold,
                X,
                y,
                budget=self.budget,
                folds=min(self.folds, len(y)),
                objective=as_objective(self.objective),
                max_steps=self.max_steps,
                base=base,
                seed=self.seed_,
                jobs=self._threads(),
                **self._form(X),
            )
        if keep:
            self.tuned_ = found
        if not found.helps:
            raise _StaysAwake(
                f"the search found no sleep that is better than none (score {found.before:.3f} "
                f"without, {found.score:.3f} with it)",
                wanted=True,
            )
        return found.parameters

    def _folds(self, y: Any) -> list[tuple[Any, Any]]:
        """Deal the samples to folds, class by class: what is kept and what is left out of each."""
        members = _judgeable(y)
        classes, labels = np.unique(y[members], return_inverse=True)
        data = only_labels(labels.astype(np.uint32), len(classes))
        count = min(self.folds, len(members))
        return [
            (members[kept], members[left_out])
            for kept, left_out in _core.folds(data, count, self.seed_)
        ]


def _refuse(unsupported: dict[str, Any]) -> None:
    if unsupported.pop("sample_weight", None) is not None:
        raise TypeError(
            "SleepReplayClassifier.fit() takes no sample_weight: sleep, waking and the guard know "
            "no weights. Draw samples instead, for example by imbalanced-learn in a pipeline"
        )
    if unsupported:
        name = next(iter(unsupported))
        raise TypeError(f"SleepReplayClassifier.fit() got an unexpected keyword argument {name!r}")


def _seed_of(random_state: Any) -> int:
    if isinstance(random_state, numbers.Integral) and int(random_state) >= 0:
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))


def _to_unit_range(X: Any) -> Normalization | None:
    """Find (mean, std) with which X * std + mean is in [0, 1]; None if X is there already."""
    with np.errstate(over="ignore"):
        values = np.asarray(X, dtype=np.float32)
    if not np.isfinite(values).all():
        raise _StaysAwake("X has values that single precision cannot hold")
    low, high = values.min(axis=0).astype(float), values.max(axis=0).astype(float)
    if low.min() >= 0 and high.max() <= 1:
        return None
    spread = high - low
    constant = spread < np.finfo(np.float32).tiny
    if constant.all():
        raise _StaysAwake("all features are constant, so that noise in their shape is silent")
    deviation = 1 / np.where(constant, 1.0, spread)
    return -low * deviation, deviation


def _classes_of_folds(y: Any) -> Any:
    """Find the classes that networks of folds know; None where there are no folds."""
    try:
        return np.unique(y[_judgeable(y)])
    except _StaysAwake:
        return None


def _judgeable(y: Any) -> NDArray[np.intp]:
    """Select the samples that can be left out: none that is the only one of its class."""
    classes, labels, counts = np.unique(y, return_inverse=True, return_counts=True)
    if (counts > 1).sum() < 2:
        raise _StaysAwake(
            f"there are too few samples for folds: {len(y)} of {len(classes)} classes; two "
            "classes must have two samples or more"
        )
    return np.flatnonzero(counts[labels] > 1)
