"""Tasks in sequence: the numbers of the program, options, callbacks, and the search."""

from __future__ import annotations

import json
import pickle
import subprocess

import numpy as np
import pytest
from conftest import program

import sleepreplay as sr

TRAINING = {
    "hidden": [20], "epochs": 5, "learning_rate": 0.1, "batch_size": 10, "initial_range": 0.1,
}  # fmt: skip
# What plans and Sequence say in the same words.
SHARED = {**TRAINING, "protocol": "authors", "task_samples": 30}


@pytest.fixture
def small(parameters):
    return parameters.replace(
        steps=200, growth=0.5, increment=0.005, decrement=0.001, target_rate=[0.01, 0.01]
    )


@pytest.fixture
def halves(images):
    X, y = images
    random = np.random.default_rng(7)
    X_test = X + random.random(X.shape, dtype=np.float32) * 0.2
    return X, y, X_test, y


def plan(folder, halves, parameters, **keys):
    """Write a plan and its data and parameters."""
    X, y, X_test, y_test = halves
    np.savez(folder / "data.npz", x_train=X, y_train=y, x_test=X_test, y_test=y_test)
    parameters.save(folder / "sleep.toml")
    given = {"answers": "Is it the same?", "data": "data.npz", "sleep": "sleep.toml", **SHARED}
    given.update(keys)
    text = "\n".join(f"{key} = {json.dumps(value)}" for key, value in given.items())
    (folder / "plan.toml").write_text(text + "\n")
    return folder / "plan.toml"


def found_by_the_program(folder, file):
    sr.run(file, folder / "results.sqlite")
    trials = sr.results(folder / "results.sqlite").trials
    return {trial["configuration"]["sequence"]["learner"]: trial for trial in trials}


def compare(trial, report):
    """The program writes all digits, so that equal numbers are equal texts."""
    sequence = trial["sequence"]
    assert report.before.tolist() == [row["before"] for row in sequence["tasks"]]
    last = [row.get("after_sleep", row["before"]) for row in sequence["tasks"]]
    assert report.accuracies.tolist() == last
    for name in ("backward_transfer", "forgetting", "learning_accuracy"):
        assert getattr(report, name) == sequence[name]
    assert report.mean_accuracy == sequence["mean_task_accuracy"]
    assert (report.stored, report.reads_old) == (
        sequence["stored_images"],
        sequence["reads_old_images"],
    )


AGAINST = ["sequential", "waking", "joint", "averaging", "lwf", "ewc", "nearest-class-mean", "lda"]


def test_numbers_are_those_of_the_program(halves, small, tmp_path):
    file = plan(
        tmp_path, halves, small, tasks="pairs", memory=20, calibration="running",
        against=[*AGAINST, "icarl-sleep"],
    )  # fmt: skip
    trials = found_by_the_program(tmp_path, file)
    assert len(trials) == 11 - 1
    for learner, trial in trials.items():
        sequence = sr.tasks.Sequence(
            "pairs", learner=learner, parameters=small, memory=20, seed=1, **SHARED
        )
        report = sequence.learn(*halves, threads=2)
        compare(trial, report)
        assert learner != "sleep" or (report.accuracies != report.before).any()


def test_options_reach_the_library(halves, small, tmp_path):
    options = {
        "task_order": "random", "sleep_when": "end", "calibration": "all", "wake": False,
        "replay": "released", "replay_fraction": 0.1, "later_learning_rate": 0.05,
        "carry_momentum": False, "dropout": 0.0,
    }  # fmt: skip
    tasks = [[3, 1], [0, 2], [4, 5, 9]]
    trials = found_by_the_program(tmp_path, plan(tmp_path, halves, small, tasks=tasks, **options))
    sequence = sr.tasks.Sequence(tasks, parameters=small, **SHARED, **options)
    report = sequence.learn(*halves)
    compare(trials["sleep"], report)
    assert sorted(map(sorted, report.tasks)) == [[0, 2], [1, 3], [4, 5, 9]]
    assert report.reads_old
    assert report.accuracies.shape == (3, 3)
    # Only the last sleep changes anything.
    assert (report.accuracies[:2] == report.before[:2]).all()


def test_results_do_not_depend_on_threads(halves, small):
    sequence = sr.tasks.Sequence("halves", parameters=small, **SHARED)
    one, two = (sequence.learn(*halves, threads=t) for t in (1, 3))
    assert one.network.same_weights(two.network)
    other = sequence.replace(noise=1).learn(*halves)
    assert not one.network.same_weights(other.network)
    assert (one.before[0] == other.before[0]).all()


def test_the_report(halves, small):
    report = sr.tasks.Sequence("pairs", parameters=small, **SHARED).learn(*halves)
    assert report.tasks == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]
    R = report.accuracies
    assert report.mean_accuracy == pytest.approx(R[-1].mean())
    assert report.backward_transfer == pytest.approx((R[-1] - R.diagonal())[:-1].mean())
    assert report.forgetting == pytest.approx((R[:-1].max(0) - R[-1])[:-1].mean())
    assert report.learning_accuracy == pytest.approx(R.diagonal().mean())
    assert report.accuracy == sr.measure(report.network, *halves[2:]).accuracy
    assert report.accuracy_before is not None
    assert report.network.sizes == [64, 20, 10]
    assert "task 5" in report._repr_html_()
    joint = sr.tasks.Sequence("pairs", learner="joint", **SHARED).learn(*halves)
    assert joint.accuracies.shape == (1, 5)
    assert joint.forgetting is None
    means = sr.tasks.Sequence("pairs", learner="nearest-class-mean").learn(*halves)
    assert means.network is None
    assert "all tasks" in joint._repr_html_()


def test_a_callback_sees_each_step_and_ends_the_sequence(halves, small):
    steps = []

    def note(step):
        steps.append(step)
        return step.learned < 2

    sequence = sr.tasks.Sequence("pairs", parameters=small, **SHARED)
    report = sequence.learn(*halves, callback=note)
    assert [(s.learned, s.slept) for s in steps] == [(1, False), (1, True), (2, False)]
    assert report.accuracies.shape == (2, 5)
    assert steps[1].accuracies == report.accuracies[0].tolist()
    assert steps[2].network.same_weights(report.network)
    assert not steps[0].network.same_weights(steps[1].network)

    def fail(step):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        sequence.learn(*halves, callback=fail)


def test_progress_stops(halves, small):
    sequence = sr.tasks.Sequence("pairs", parameters=small.replace(steps=10**8), **SHARED)
    with pytest.raises(sr.Stopped):
        sequence.learn(*halves, progress=lambda part, note: False)


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"tasks": "triples"}, "tasks"),
        ({"tasks": [[0, 1], [1, 2]]}, "tasks"),
        ({"tasks": [[0, -1]]}, "tasks"),
        ({"tasks": 5}, "tasks"),
        ({"learner": "dreaming"}, "learner"),
        ({"parameters": None}, "parameters"),
        ({"calibration": "none"}, "calibration"),
        ({"task_fraction": 0.5}, "task_samples"),  # with task_samples
        ({"task_samples": -1}, "task_samples"),
        ({"replay_fraction": 0.5}, "replay_fraction"),
        ({"later_learning_rate": 0}, "later_learning_rate"),
        ({"learner": "icarl"}, "memory"),
        ({"hidden": [0]}, "hidden"),
        ({"hidden": "20"}, "hidden"),
        ({"learning_rate": -1}, "learning_rate"),
        ({"learning_speed": 1}, "learning_speed"),
        ({"protocol": "old"}, "protocol"),
        ({"epochs": [1]}, "epochs"),
        ({"seed": -1}, "seed"),
    ],
)
def test_wrong_options_are_refused(small, changes, parameter):
    right = {"tasks": "pairs", "parameters": small, **SHARED}
    sr.tasks.Sequence(**right)
    with pytest.raises(sr.ParameterError) as caught:
        sr.tasks.Sequence(**{**right, **changes})
    assert caught.value.parameter == parameter


def test_wrong_data_are_refused(halves, small):
    sequence = sr.tasks.Sequence("pairs", parameters=small, **SHARED)
    X, y, X_test, y_test = halves
    with pytest.raises(sr.ParameterError, match="task_samples: 50 are more than the 40"):
        sequence.replace(task_samples=50).learn(*halves)
    with pytest.raises(sr.ParameterError, match="there is no class 12"):
        sequence.replace(tasks=[[0, 12]]).learn(*halves)
    with pytest.raises(sr.InputError, match="same kind"):
        sequence.learn(X, y, X_test[:, :4], y_test)
    with pytest.raises(sr.InputError, match="y_test is None"):
        sequence.learn(X, y, X_test, None)
    with pytest.raises(sr.InputError, match="labels"):
        sequence.learn(X, y[:-1], X_test, y_test)
    with pytest.raises(sr.ParameterError, match="callback"):
        sequence.learn(*halves, callback=3)


def test_noise_has_the_shape_of_the_mean_before_normalization(halves, small):
    X, y, X_test, y_test = halves
    sequence = sr.tasks.Sequence("pairs", parameters=small, wake=False, **SHARED)
    far = (X - 2, y, X_test - 2, y_test)
    with pytest.raises(sr.InputError, match="not positive"):
        sequence.learn(*far)
    assert sequence.learn(*far, normalization=(2.0, 1.0)).accuracies.shape == (5, 5)


def test_a_sequence_is_a_value(small):
    sequence = sr.tasks.Sequence("pairs", parameters=small, memory=5, **SHARED)
    again = pickle.loads(pickle.dumps(sequence))
    assert repr(again) == repr(sequence)
    assert again.parameters == small
    assert sequence.replace(memory=6)._options["memory"] == 6
    assert sequence._options["memory"] == 5


SEARCH = {"seeds": [101, 102], "samples": 40, "budget": 80, "max_steps": 200}


def test_the_search_is_that_of_the_program(halves, small, tmp_path):
    sequence = sr.tasks.Sequence("pairs", parameters=small, **SHARED)
    found = sr.tasks.tune(sequence, *halves[:2], **SEARCH)
    file = plan(tmp_path, halves, small, tasks="pairs")
    subprocess.run(
        [program(), "tune", "--tasks", file, "--seeds", "101,102", "--samples", "40",
         "--budget", "80", "--max-steps", "200", "-o", tmp_path / "found.toml"],
        check=True, capture_output=True, cwd=tmp_path,
    )  # fmt: skip
    by_program = sr.Parameters.load(tmp_path / "found.toml")
    assert found.parameters.replace(source="") == by_program.replace(source="")
    assert found.candidates == 10
    assert found.parameters.growth > 0
    assert sr.Parameters.from_toml(found.to_toml()) == found.parameters


def test_a_search_goes_on(halves, small, tmp_path):
    sequence = sr.tasks.Sequence("pairs", parameters=small, **SHARED)
    journal = tmp_path / "journal"
    search = {**SEARCH, "budget": 160}

    def until_some_are_tried(part, note):
        return not (journal.exists() and journal.read_text().count("\n") > 9)

    with pytest.raises(sr.Stopped):
        sr.tasks.tune(
            sequence, *halves[:2], **search, journal=journal, progress=until_some_are_tried
        )
    assert 9 < journal.read_text().count("\n") < 30
    again = sr.tasks.tune(sequence, *halves[:2], **search, journal=journal)
    assert again.parameters == sr.tasks.tune(sequence, *halves[:2], **search).parameters
    assert not journal.exists()


def test_a_search_needs_samples_that_judge(halves, small):
    sequence = sr.tasks.Sequence("pairs", parameters=small, **TRAINING)
    with pytest.raises(sr.ParameterError, match="none is left to judge"):
        sr.tasks.tune(sequence, *halves[:2], **SEARCH)
    with pytest.raises(sr.InputError, match="does not sleep"):
        sr.tasks.tune(sequence.replace(learner="ewc"), *halves[:2], **SEARCH)
    with pytest.raises(sr.ParameterError, match="sequence is str"):
        sr.tasks.tune("pairs", *halves[:2])
    with pytest.raises(sr.ParameterError, match="names one twice"):
        sr.tasks.tune(sequence.replace(task_samples=30), *halves[:2], **{**SEARCH, "seeds": [1, 1]})
