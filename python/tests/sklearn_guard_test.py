"""Whether a classifier may sleep: the guard of the estimator around an MLPClassifier."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import sleepreplay as sr
from sleepreplay import _core

pytest.importorskip("sklearn")

from sklearn_networks import GIVEN, HARMFUL, digits, one_thread, same_weights, small

SleepReplayClassifier = sr.sklearn.SleepReplayClassifier
SleepWarning = sr.sklearn.SleepWarning

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
__all__ = ["one_thread"]  # a fixture


@pytest.mark.parametrize("guard", ["cv", "holdout"])
def test_guard_refuses_what_harms(guard):
    X, y = digits()
    plain = small(random_state=1).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error", SleepWarning)
        fitted = SleepReplayClassifier(small(), HARMFUL, guard=guard, random_state=1).fit(X, y)
    assert not fitted.slept_
    assert "guard" in fitted.reason_
    assert not fitted.verdict_
    assert fitted.parameters_ == HARMFUL
    assert fitted.verdict_.samples == (len(X) if guard == "cv" else len(X) // 5)
    assert same_weights(fitted.estimator_, plain)
    np.testing.assert_array_equal(fitted.predict_proba(X), plain.predict_proba(X))
    if guard == "cv":
        assert fitted.verdict_.after < fitted.verdict_.before
    unguarded = SleepReplayClassifier(small(), HARMFUL, random_state=1).fit(X, y)
    assert unguarded.slept_
    assert unguarded.score(X, y) < fitted.score(X, y)


def test_guard_by_folds_lets_sleep_what_helps(monkeypatch):
    X, y = digits()
    good = sr.Network.from_sklearn(small(random_state=1).fit(X, y))
    assert sr.measure(good, X, y).accuracy == 1
    asked = []

    def helpful(network, X, parameters, **options):
        asked.append((len(X), options["seed"]))
        return good, sr.sleep(network, X, parameters, **options)[1]

    monkeypatch.setattr(sr.sklearn, "sleep", helpful)
    network = small(max_iter=2)
    fitted = SleepReplayClassifier(network, GIVEN, guard="cv", folds=3, random_state=1).fit(X, y)
    assert fitted.slept_
    assert fitted.verdict_.low > 0
    assert fitted.verdict_.after == 1
    assert len({seed for _, seed in asked[:-1]}) == 9  # noise of its own for each sleep
    assert {count for count, _ in asked[:-1]} == {80}
    assert asked[-1] == (120, 1)


def test_guard_by_holdout_chooses_the_length(monkeypatch):
    X, y = digits()
    judged = {}

    def helps(network, X, y, parameters, *, calibration, **_):
        judged.update(held_out=len(X), calibration=len(calibration), parameters=parameters)
        return sr.Verdict(True, 77, 0.5, 0.6, 0.05, 0.15, len(X))

    monkeypatch.setattr(sr.sklearn, "guard", helps)
    fitted = SleepReplayClassifier(small(), GIVEN, guard="holdout", random_state=1).fit(X, y)
    assert judged == {"held_out": 24, "calibration": 96, "parameters": GIVEN}
    assert fitted.slept_
    assert fitted.report_.steps == fitted.parameters_.steps == 77


@pytest.mark.parametrize(
    ("objective", "measure"),
    [
        ("worst-class", "worst-class"),
        ("balanced_accuracy", "balanced-accuracy"),
        ("roc_auc_ovr", "accuracy"),  # the guard knows no scorers
    ],
)
def test_guard_by_holdout_judges_by_the_objective(monkeypatch, objective, measure):
    X, y = digits()
    asked = []

    def judge(*arguments, **options):
        asked.append(options["objective"])
        return sr.Verdict(False, 1, 0.5, 0.4, -0.2, 0.0, 24)

    monkeypatch.setattr(sr.sklearn, "guard", judge)
    fitted = SleepReplayClassifier(
        small(), GIVEN, guard="holdout", objective=objective, random_state=1
    ).fit(X, y)
    assert asked == [measure]
    assert f"{measure} goes from 0.500 to 0.400" in fitted.reason_


def test_guard_by_folds_judges_by_the_objective():
    X, y = digits()
    few = np.flatnonzero((y != 3) | (np.arange(len(y)) < 40))
    X, y = X[few], y[few]
    before = {}
    for objective in ("accuracy", "balanced_accuracy", "recall:3", "cross-entropy"):
        fitted = SleepReplayClassifier(
            small(), HARMFUL, guard="cv", objective=objective, random_state=1
        ).fit(X, y)
        assert f"{objective.replace('_', '-')} goes from" in fitted.reason_
        assert fitted.verdict_.after < fitted.verdict_.before
        before[objective] = fitted.verdict_.before
    assert len(set(before.values())) == 4
    assert before["cross-entropy"] < 0


@pytest.mark.parametrize("guard", ["cv", "holdout"])
@pytest.mark.parametrize(
    ("objective", "shift", "match"),
    [
        ("recall:10", 0, "names class 10"),
        ("recall:3", 1, "not numbers from 0"),
        ("x", 0, "measure"),
    ],
)
def test_guard_refuses_objectives_before_a_training(monkeypatch, guard, objective, shift, match):
    X, y = digits()
    monkeypatch.setattr(SleepReplayClassifier, "_trained", lambda *_: pytest.fail("trained"))
    with pytest.raises(sr.ParameterError, match=match):
        SleepReplayClassifier(small(), GIVEN, guard=guard, objective=objective).fit(X, y + shift)


def test_guard_searches_without_the_samples_that_judge(monkeypatch):
    X, y = digits()
    searched = []

    def found(make_model, X, y, **options):
        searched.append(len(X))
        return sr.Tuned(GIVEN, 0.5, 0.6, [0.5], [0.6], 1, 1, 0)

    monkeypatch.setattr(sr.sklearn, "tune", found)
    SleepReplayClassifier(small(), guard="holdout", random_state=1).fit(X, y)
    assert searched == [96]
    searched.clear()
    SleepReplayClassifier(small(), guard="cv", random_state=1).fit(X, y)
    assert searched == [120, 96, 96, 96, 96, 96]


@pytest.mark.parametrize("objective", ["accuracy", "macro-f1", "cross-entropy"])
def test_verdict_of_folds_is_computed_as_the_core_does(objective):
    X, y = digits()
    X = X / 16
    network = sr.Network.from_sklearn(small(random_state=1).fit(X[:60], y[:60]))
    # One step, so that the core judges one length only.
    parameters = GIVEN.replace(steps=1, increment=0.5, decrement=0.5, threshold=[1e-4, 1e-4])
    core = sr.guard(
        network,
        X[60:],
        y[60:],
        parameters,
        calibration=X[:60],
        seed=9,
        noise_seeds=3,
        objective=objective,
    )
    after = [
        sr.sleep(network, X[:60], parameters, seed=seed)[0].predict(X[60:]) for seed in (9, 10, 11)
    ]
    fold = _core.OutputsOfFold(y[60:].astype(np.uint32), network.predict(X[60:]), after)
    own = _core.compare_outputs(objective, [fold], 10, 1, 2)
    assert core.before != core.after
    assert sr.Verdict(**own) == core
