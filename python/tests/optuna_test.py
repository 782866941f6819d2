"""Sleep parameters that a study suggests."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

import sleepreplay as sr

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.WARNING)

HEADER = Path(__file__).parents[2] / "include" / "hypnos" / "tuning.hpp"


def first_trial(**options):
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    trial = study.ask()
    return trial, sr.optuna.suggest(trial, **options)


def range_in_header(name):
    found = re.search(rf"Range {name} = {{([^,]+), ([^}}]+)}}", HEADER.read_text())
    return float(found[1]), float(found[2])


@pytest.mark.skipif(not HEADER.exists(), reason="not in the source tree")
@pytest.mark.parametrize(
    ("firing", "suggested", "searched"),
    [
        ("rate", "max_rate", "max_rate"),
        ("rate", "increment", "increment"),
        ("rate", "decrement", "decrement"),
        ("rate", "target_rate_1", "rate"),
        ("rate", "target_rate_2", "rate"),
        ("rate", "target_rate_3", "output_rate"),
        ("threshold", "threshold_1", "threshold"),
        ("threshold", "threshold_3", "threshold"),
    ],
)
def test_ranges_are_those_of_tune(firing, suggested, searched):
    trial, _ = first_trial(layers=3, firing=firing)
    bounds = trial.distributions[f"sleep_{suggested}"]
    assert (bounds.low, bounds.high) == range_in_header(searched)
    assert bounds.log


def test_all_values_are_those_of_the_trial():
    trial, parameters = first_trial(layers=2)
    assert len(trial.params) == 6
    for name in ("steps", "max_rate", "increment", "decrement"):
        assert getattr(parameters, name) == trial.params[f"sleep_{name}"]
    assert parameters.target_rate == [trial.params[f"sleep_target_rate_{i}"] for i in (1, 2)]
    assert parameters.alpha_scale == 1
    assert parameters.patch == 0
    parameters._core.check(2)


def test_length_is_up_to_max_steps_on_a_logarithmic_scale():
    trial, _ = first_trial(layers=1, max_steps=320)
    bounds = trial.distributions["sleep_steps"]
    assert (bounds.low, bounds.high, bounds.log) == (20, 320, True)
    trial, parameters = first_trial(layers=1, max_steps=1)
    assert parameters.steps == 1


def test_base_gives_what_is_not_suggested():
    base = sr.Parameters.load("authors-mnist").replace(decay=0.9, inhibition=0.5)
    _, parameters = first_trial(layers=2, base=base)
    assert (parameters.decay, parameters.inhibition, parameters.patch) == (0.9, 0.5, 11)
    _, named = first_trial(layers=3, base="authors-mnist")
    assert named.patch == 11


def test_thresholds_take_the_place_of_rates():
    base = sr.Parameters.load("authors-mnist")
    trial, parameters = first_trial(layers=2, base=base, firing="threshold")
    assert parameters.target_rate is None
    assert parameters.threshold == [trial.params[f"sleep_threshold_{i}"] for i in (1, 2)]


def test_prefix_begins_all_names():
    trial, _ = first_trial(layers=1, prefix="night/")
    assert all(name.startswith("night/") for name in trial.params)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [({"layers": 0}, "layers"), ({"max_steps": 0}, "max_steps"), ({"firing": "both"}, "firing")],
)
def test_arguments_that_cannot_be(wrong, name):
    with pytest.raises(sr.ParameterError) as caught:
        first_trial(**{"layers": 2, **wrong})
    assert caught.value.parameter == name


def test_a_study_finds_a_sleep(network, images):
    X, y = images

    def objective(trial):
        parameters = sr.optuna.suggest(trial, len(network.weights), max_steps=100)
        try:
            slept, _ = sr.sleep(network, X, parameters, seed=1)
        except sr.RateError:
            raise optuna.TrialPruned from None
        return sr.measure(slept, X, y).accuracy

    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(objective, n_trials=20)
    best = sr.optuna.suggest(
        optuna.trial.FixedTrial(study.best_params), len(network.weights), max_steps=100
    )
    slept, _ = sr.sleep(network, X, best, seed=1)
    assert math.isclose(sr.measure(slept, X, y).accuracy, study.best_value)
