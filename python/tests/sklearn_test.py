"""The estimator around an MLPClassifier."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest

import sleepreplay as sr

pytest.importorskip("sklearn")

from sklearn import config_context
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn_networks import GIVEN, HARMFUL, SHORT, digits, one_thread, same_weights, small

SleepReplayClassifier = sr.sklearn.SleepReplayClassifier
SleepWarning = sr.sklearn.SleepWarning

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
__all__ = ["one_thread"]  # a fixture


# What scikit-learn asks of an estimator. The network is small so that all its checks take seconds.


@parametrize_with_checks(
    [SleepReplayClassifier(MLPClassifier((8,), solver="lbfgs", max_iter=20), **SHORT)]
)
@pytest.mark.filterwarnings("ignore")
def test_scikit_learn(estimator, check):
    check(estimator)


# Sleep


@pytest.mark.parametrize("classes", [10, 2])
def test_equals_sleep_and_waking_by_hand(classes):
    X, y = digits()
    X, y = X[y < classes] / 16, y[y < classes]
    fitted = SleepReplayClassifier(small(), GIVEN, random_state=5).fit(X, y)
    trained = small(random_state=5).fit(X, y)
    slept, report = sr.sleep(sr.Network.from_sklearn(trained), X, GIVEN, seed=5)
    awake, factor = sr.wake(slept, X, y)
    assert fitted.slept_
    assert fitted.reason_ == ""
    assert fitted.waking_factor_ == factor
    assert fitted.report_.steps == report.steps == 200
    assert same_weights(fitted.estimator_, sr.sklearn.adapt(trained).rebuilt(awake))
    assert not same_weights(fitted.estimator_, trained)
    np.testing.assert_array_equal(fitted.predict(X), fitted.estimator_.predict(X))
    np.testing.assert_array_equal(fitted.predict_proba(X), fitted.estimator_.predict_proba(X))
    np.testing.assert_array_equal(
        fitted.predict(X), fitted.classes_[awake.predict(X).argmax(axis=1)]
    )


def test_without_waking_answers_are_the_same_and_probabilities_are_not():
    X, y = digits()
    awake = SleepReplayClassifier(small(), GIVEN, random_state=5).fit(X, y)
    asleep = SleepReplayClassifier(small(), GIVEN, random_state=5, wake=False).fit(X, y)
    assert asleep.slept_
    assert asleep.waking_factor_ is None
    assert awake.waking_factor_ != pytest.approx(1, abs=0.01)
    np.testing.assert_array_equal(asleep.predict(X), awake.predict(X))
    np.testing.assert_allclose(
        np.diff(awake.predict_log_proba(X)),
        awake.waking_factor_ * np.diff(asleep.predict_log_proba(X)),
        rtol=1e-3,
        atol=1e-3,
    )


def test_trains_on_by_partial_fit():
    X, y = digits()
    network = small(solver="adam")
    fitted = SleepReplayClassifier(network, GIVEN, random_state=5, train_on=2).fit(X, y)
    by_hand = SleepReplayClassifier(network, GIVEN, random_state=5).fit(X, y).estimator_
    by_hand.partial_fit(X, y).partial_fit(X, y)
    assert same_weights(fitted.estimator_, by_hand)


@pytest.mark.parametrize("wrong", [{"solver": "lbfgs"}, {"solver": "sgd", "early_stopping": True}])
def test_train_on_needs_partial_fit(wrong):
    with pytest.raises(sr.ParameterError, match="partial_fit"):
        SleepReplayClassifier(small(**wrong), GIVEN, train_on=1).fit(*digits())


# The shape of the noise


@pytest.mark.parametrize("scaler", [StandardScaler(), MinMaxScaler((-3, 7)), None])
def test_noise_has_the_shape_of_inputs_scaled_to_unit_range(scaler):
    X, y = digits()
    expected = MinMaxScaler().fit_transform(X).mean(axis=0)
    if scaler is not None:
        X = scaler.fit_transform(X)
    mean, deviation = sr.sklearn._to_unit_range(X)
    np.testing.assert_allclose(X.mean(axis=0) * deviation + mean, expected, atol=1e-6)
    auto = SleepReplayClassifier(small(), GIVEN, random_state=1).fit(X, y)
    given = clone(auto).set_params(normalization=(mean, deviation)).fit(X, y)
    assert same_weights(auto.estimator_, given.estimator_)


def test_noise_has_the_shape_of_the_mean_where_inputs_are_in_unit_range():
    X, y = digits()
    auto = SleepReplayClassifier(small(), GIVEN, random_state=1).fit(X / 16, y)
    as_is = clone(auto).set_params(normalization=None).fit(X / 16, y)
    other = clone(auto).set_params(normalization=(0.0, 0.5)).fit(X / 16, y)
    assert same_weights(auto.estimator_, as_is.estimator_)
    assert not same_weights(auto.estimator_, other.estimator_)


def test_patches_need_a_shape():
    X, y = digits()
    patches = GIVEN.replace(patch=3)
    with pytest.raises(sr.ParameterError, match="X is a table"):
        SleepReplayClassifier(small(), patches).fit(X, y)
    fitted = SleepReplayClassifier(small(), patches, shape=(8, 8), random_state=1).fit(X / 16, y)
    slept, _ = sr.sleep(
        sr.Network.from_sklearn(small(random_state=1).fit(X / 16, y)),
        (X / 16).reshape(-1, 8, 8),
        patches,
        seed=1,
    )
    awake, _ = sr.wake(slept, X / 16, y)
    assert same_weights(fitted.estimator_, sr.sklearn.adapt(fitted).rebuilt(awake).estimator_)


# Search and guard


def test_search_finds_the_same_twice_and_for_all_numbers_of_threads():
    X, y = digits()
    one = SleepReplayClassifier(small(), random_state=3, **SHORT).fit(X, y)
    two = SleepReplayClassifier(small(), random_state=3, n_jobs=2, **SHORT).fit(X, y)
    other = SleepReplayClassifier(small(), random_state=4, **SHORT).fit(X, y)
    assert one.tuned_.parameters == two.tuned_.parameters
    assert one.tuned_.subject_score == two.tuned_.subject_score
    assert same_weights(one.estimator_, two.estimator_)
    assert one.tuned_.parameters != other.tuned_.parameters
    assert one.tuned_.parameters.patch == 0


def test_search_equals_tune():
    X, y = digits()
    X = X / 16
    fitted = SleepReplayClassifier(small(), random_state=3, **SHORT).fit(X, y)
    found = sr.tune(
        lambda X, y, seed: small(random_state=seed).fit(X, y),
        X,
        y,
        seed=3,
        base=sr.Parameters(patch=0),
        **SHORT,
    )
    assert found.parameters == fitted.tuned_.parameters
    assert fitted.slept_ == found.helps
    if found.helps:
        assert fitted.parameters_ == found.parameters


def test_search_takes_patches_of_images():
    X, y = digits()
    fitted = SleepReplayClassifier(small(), shape=(8, 8), random_state=3, **SHORT).fit(X, y)
    assert fitted.tuned_.parameters.patch == 3


def test_search_for_a_scoring_of_scikit_learn():
    X, y = digits(60)
    network = MLPClassifier((8,), solver="lbfgs", max_iter=10)
    named = SleepReplayClassifier(network, objective="f1_macro", random_state=3, **SHORT)
    named.fit(X, y)

    def accuracy(model, X, y):
        assert isinstance(model, MLPClassifier)
        return model.score(X, y)

    own = clone(named).set_params(objective=accuracy).fit(X, y)
    built_in = clone(named).set_params(objective="accuracy").fit(X, y)
    assert own.tuned_.before == pytest.approx(built_in.tuned_.before)
    assert named.tuned_.before != built_in.tuned_.before
    with pytest.raises(ValueError, match="nan"):
        clone(named).set_params(objective=lambda *_: np.nan).fit(X, y)


def test_search_that_finds_nothing_leaves_the_network(monkeypatch):
    X, y = digits()

    def nothing(*_, **__):
        return sr.Tuned(GIVEN, 0.5, 0.5, [0.5], [0.5], 1, 1, 0)

    monkeypatch.setattr(sr.sklearn, "tune", nothing)
    with warnings.catch_warnings():
        warnings.simplefilter("error", SleepWarning)
        fitted = SleepReplayClassifier(small(), random_state=1).fit(X, y)
    assert not fitted.slept_
    assert "no sleep that is better" in fitted.reason_
    assert fitted.report_ is None
    assert same_weights(fitted.estimator_, small(random_state=1).fit(X, y))


# What cannot sleep


def stays_awake(classifier, X, y, match):
    with pytest.warns(SleepWarning, match=match):
        fitted = classifier.fit(X, y)
    assert not fitted.slept_
    assert match in fitted.reason_
    assert fitted.report_ is None
    assert fitted.waking_factor_ is None
    np.testing.assert_array_equal(fitted.predict(X), fitted.estimator_.predict(X))
    return fitted


def test_network_stays_as_it_is_where_it_cannot_sleep():
    X, y = digits()
    classifier = SleepReplayClassifier(small(), GIVEN, random_state=1)
    stays_awake(clone(classifier), np.full_like(X, 3.0), y, "constant")
    stays_awake(clone(classifier), X, np.zeros_like(y), "one class")
    unreachable = GIVEN.replace(target_rate=[0.8, 0.8])
    for guard in (None, "cv", "holdout"):
        fitted = SleepReplayClassifier(small(), unreachable, guard=guard, random_state=1)
        stays_awake(fitted, X, y, "cannot fire")
        assert same_weights(fitted.estimator_, small(random_state=1).fit(X, y))
    negative = clone(classifier).set_params(normalization=None)
    stays_awake(negative, -X - 1, y, "not positive anywhere")
    silent = clone(classifier).set_params(parameters=GIVEN.replace(threshold=[1e9, 1e9]))
    stays_awake(silent, X, y, "fired")


@pytest.mark.parametrize("guard", [None, "cv", "holdout"])
def test_too_few_samples_for_folds(guard):
    X, _ = digits(5)
    given = "tune" if guard is None else GIVEN
    classifier = SleepReplayClassifier(small(), given, guard=guard, random_state=1)
    stays_awake(classifier, X, np.array([0, 1, 2, 3, 3]), "too few samples for folds")


def test_classes_of_one_sample_are_left_out_of_the_folds():
    X, y = digits(60)
    y = y % 3
    y[7] = 9
    fitted = SleepReplayClassifier(small(), random_state=1, **SHORT).fit(X, y)
    assert fitted.tuned_ is not None
    assert list(fitted.classes_) == [0, 1, 2, 9]
    guarded = SleepReplayClassifier(small(), GIVEN, guard="cv", random_state=1).fit(X, y)
    assert guarded.verdict_.samples == 59


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"estimator": LogisticRegression()}, sr.ModelError, "LogisticRegression"),
        ({"estimator": make_pipeline(small())}, sr.ModelError, "into the pipeline"),
        ({"estimator": small(activation="tanh")}, sr.InputError, "tanh"),
        ({"parameters": "no-such-preset"}, sr.InputError, "no-such-preset"),
        ({"parameters": 3}, sr.ParameterError, "int"),
        ({"parameters": GIVEN.replace(target_rate=[0.1] * 3)}, sr.ParameterError, "target_rate"),
        ({"guard": "always"}, sr.ParameterError, "always"),
        ({"train_on": -1}, sr.ParameterError, "train_on"),
        ({"normalization": "minmax"}, sr.ParameterError, "minmax"),
        ({"guard": "cv", "folds": 1}, sr.ParameterError, "folds"),
        ({"parameters": "tune", "budget": 10}, sr.ParameterError, "budget"),
        ({"parameters": "tune", "objective": "best"}, ValueError, "best"),
        ({"shape": (8, 9)}, sr.ParameterError, "shape"),
    ],
)
def test_arguments_that_cannot_be(options, error, match):
    classifier = SleepReplayClassifier(**{"estimator": small(), "parameters": GIVEN, **options})
    with pytest.raises(error, match=match):
        classifier.fit(*digits())


def test_sample_weights_are_refused():
    X, y = digits()
    weights = np.ones(len(y))
    with pytest.raises(TypeError, match="takes no sample_weight"):
        SleepReplayClassifier(small(), GIVEN).fit(X, y, sample_weight=weights)
    with pytest.raises(TypeError, match="unexpected keyword argument 'groups'"):
        SleepReplayClassifier(small(), GIVEN).fit(X, y, groups=y)
    pipeline = make_pipeline(StandardScaler(), SleepReplayClassifier(small(), GIVEN))
    with pytest.raises(TypeError, match="takes no sample_weight"):
        pipeline.fit(X, y, sleepreplayclassifier__sample_weight=weights)
    with config_context(enable_metadata_routing=True):
        assert (
            SleepReplayClassifier().get_metadata_routing().consumes("fit", ["sample_weight"])
            == set()
        )


# Among scikit-learn's tools


def test_random_state_of_the_estimator_is_kept():
    X, y = digits()
    own = SleepReplayClassifier(small(random_state=8), HARMFUL, guard="cv", random_state=1)
    assert same_weights(own.fit(X, y).estimator_, small(random_state=8).fit(X, y))
    drawn = SleepReplayClassifier(small(), GIVEN, random_state=np.random.RandomState(1))
    again = clone(drawn)
    assert same_weights(drawn.fit(X, y).estimator_, again.fit(X, y).estimator_)


def test_pickle_and_clone():
    X, y = digits()
    fitted = SleepReplayClassifier(small(), GIVEN, guard=None, random_state=1).fit(X, y)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))
    assert again.parameters_ == fitted.parameters_
    assert again.report_.steps == fitted.report_.steps
    copied = clone(fitted)
    assert copied.parameters == GIVEN
    assert not hasattr(copied, "estimator_")
    assert same_weights(copied.fit(X, y).estimator_, fitted.estimator_)


def test_grid_search_over_sleeps_and_networks():
    X, y = digits()
    pipeline = make_pipeline(StandardScaler(), SleepReplayClassifier(small(), random_state=1))
    grid = {
        "sleepreplayclassifier__parameters": [GIVEN, HARMFUL],
        "sleepreplayclassifier__estimator__alpha": [1e-4, 10.0],
    }
    found = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(X, y)
    assert found.best_params_["sleepreplayclassifier__parameters"] == GIVEN
    assert found.best_estimator_[-1].slept_
    given, harmful = found.cv_results_["mean_test_score"].reshape(2, 2).T
    assert (harmful < given).all()


def test_frames_and_labels_of_any_kind():
    pandas = pytest.importorskip("pandas")
    X, y = digits()
    frame = pandas.DataFrame(X, columns=[f"pixel {i}" for i in range(64)])
    names = pandas.Series([f"digit {label}" for label in y])
    fitted = SleepReplayClassifier(small(), GIVEN, random_state=1).fit(frame, names)
    plain = SleepReplayClassifier(small(), GIVEN, random_state=1).fit(X, y)
    assert list(fitted.feature_names_in_) == list(frame.columns)
    assert list(fitted.classes_) == sorted(set(names))
    assert list(fitted.predict(frame)) == [f"digit {label}" for label in plain.predict(X)]
    assert same_weights(fitted.estimator_, plain.estimator_)
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict(frame[frame.columns[::-1]])


def test_samplers_of_imbalanced_learn():
    pytest.importorskip("imblearn")
    from imblearn.over_sampling import RandomOverSampler
    from imblearn.pipeline import make_pipeline as make_sampling_pipeline

    X, y = digits()
    X, y = X[y < 3], y[y < 3]
    kept = np.flatnonzero((y > 0) | (np.arange(len(y)) % 3 == 0))
    X, y = X[kept], y[kept]
    sampler = RandomOverSampler(random_state=1)
    classifier = SleepReplayClassifier(small(), GIVEN, random_state=1)
    pipeline = make_sampling_pipeline(StandardScaler(), sampler, classifier).fit(X, y)
    scaled = StandardScaler().fit_transform(X)
    by_hand = clone(classifier).fit(*sampler.fit_resample(scaled, y))
    np.testing.assert_array_equal(pipeline.predict_proba(X), by_hand.predict_proba(scaled))
    adapted = sr.sklearn.adapt(pipeline)
    answers = adapted.network.predict(adapted.inputs(X)).argmax(axis=1)
    np.testing.assert_array_equal(answers, pipeline.predict(X))


# Models for the search


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_adapted_model_is_a_copy_in_its_own_precision(dtype):
    X, y = digits()
    X = X.astype(dtype)
    model = make_pipeline(StandardScaler(), small(random_state=1, solver="adam")).fit(X, y)
    before = [w.copy() for w in model[-1].coefs_]
    adapted = sr.sklearn.adapt(model)
    slept, _ = sr.sleep(adapted.network, adapted.inputs(X), GIVEN, seed=1, normalization=(1.0, 1.0))
    rebuilt = adapted.rebuilt(slept)
    assert all(np.array_equal(a, b) for a, b in zip(before, model[-1].coefs_, strict=True))
    assert hasattr(model[-1], "_optimizer")
    for mine, theirs in zip(rebuilt[-1].coefs_, slept.weights, strict=True):
        assert mine.dtype == dtype
        np.testing.assert_array_equal(mine, theirs.T.astype(dtype))
    np.testing.assert_array_equal(
        rebuilt.predict(X), slept.predict(adapted.inputs(X)).argmax(axis=1)
    )
    assert not hasattr(rebuilt[-1], "_optimizer")
    rebuilt[-1].partial_fit(X, y)


def test_adapt_refuses_other_models():
    X, y = digits()
    for model in (LogisticRegression(max_iter=5), MLPRegressor(max_iter=5)):
        with pytest.raises(sr.ModelError, match=type(model).__name__):
            sr.sklearn.adapt(model.fit(X, y))
    with pytest.raises(sr.InputError, match="fitted"):
        sr.sklearn.adapt(small())


def test_whole_numbers_are_values_as_they_are():
    X, y = digits()
    model = small(random_state=1).fit(X, y)
    inputs = sr.sklearn.adapt(model).inputs(X.astype(np.uint8))
    assert inputs.dtype == np.float64
    np.testing.assert_array_equal(inputs, X)


def test_import_of_sleepreplay_does_not_import_scikit_learn():
    code = "import sys, sleepreplay; sys.exit('sklearn' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# From end to end


def test_digits_from_end_to_end():
    X, y = load_digits(return_X_y=True)
    network = MLPClassifier((32,), max_iter=60, random_state=1)
    sleeper = SleepReplayClassifier(network, guard="cv", random_state=1, **SHORT)
    pipeline = make_pipeline(StandardScaler(), sleeper)
    scores = cross_val_score(pipeline, X[:400], y[:400], cv=3, error_score="raise")
    plain = cross_val_score(make_pipeline(StandardScaler(), network), X[:400], y[:400], cv=3)
    assert scores.mean() > 0.7
    assert scores.mean() > plain.mean() - 0.02
    fitted = pipeline.fit(X[:400], y[:400])[-1]
    assert fitted.slept_ == (fitted.reason_ == "")
    assert fitted.slept_ or "guard" in fitted.reason_ or "search" in fitted.reason_
    assert pipeline.score(X[400:], y[400:]) > 0.7
