"""The search, with models and objectives of the user's own."""

from __future__ import annotations

import numpy as np
import pytest

import sleepreplay as sr

OPTIONS = {"budget": 40, "folds": 2, "max_steps": 60, "base": sr.Parameters(patch=3)}


def make_model(X, y, seed):
    """Take the mean image of each class, under random weights."""
    random = np.random.default_rng(seed)
    flat = X.reshape(len(X), -1)
    first = random.normal(size=(40, flat.shape[1]), scale=0.2)
    hidden = np.maximum(flat @ first.T, 0)
    means = np.stack([hidden[y == c].mean(0) for c in range(10)])
    return sr.Network([first, means - means.mean(0)])


def test_the_search_is_repeatable_and_parallel(images):
    first = sr.tune(make_model, *images, **OPTIONS, jobs=1)
    second = sr.tune(make_model, *images, **OPTIONS, jobs=3)
    assert first.parameters == second.parameters
    assert (first.before, first.score) == (second.before, second.score)
    assert len(first.subject_before) == 2
    assert first.sleeps == 40
    assert sr.Parameters.from_toml(first.to_toml()) == first.parameters


def test_what_cannot_be_is_refused_before_networks_are_trained(images):
    trained = []

    def noted(X, y, seed):
        trained.append(seed)
        return make_model(X, y, seed)

    with pytest.raises(sr.ParameterError, match="at least 100 sleeps"):
        sr.tune(noted, *images, budget=99)
    assert trained == []
    # Only a network says what comes into it.
    with pytest.raises(sr.ParameterError, match="patch = 0 takes the whole input"):
        sr.tune(noted, *images, **{**OPTIONS, "base": sr.Parameters(patch=50)})
    assert len(trained) == 1


def test_scores_are_those_of_networks_that_have_not_seen_the_samples(images):
    seen = []

    def noted(X, y, seed):
        seen.append((X, y, seed))
        return make_model(X, y, seed)

    X, y = images
    found = sr.tune(noted, X, y, **OPTIONS, seed=5)
    assert [seed for _, _, seed in seen] == [5, 6]
    for (train, _, seed), before in zip(seen, found.subject_before, strict=True):
        rows = {x.tobytes() for x in train}
        kept = np.array([x.tobytes() in rows for x in X])
        assert 80 <= kept.sum() <= 120
        judged = sr.measure(make_model(X[kept], y[kept], seed), X[~kept], y[~kept])
        assert judged.accuracy == before


def test_an_objective_of_the_users_own(images):
    def accuracy(model, X, y):
        assert isinstance(model, sr.Network)
        return float((model.predict(X).argmax(1) == y).mean())

    named = sr.tune(make_model, *images, **OPTIONS)
    own = sr.tune(make_model, *images, **OPTIONS, objective=accuracy)
    assert own.parameters == named.parameters
    assert own.subject_score == pytest.approx(named.subject_score)


def test_judges_by_sums_of_measures_and_distorted_samples(images):
    X, y = images
    X = (X - X.min()) / np.ptp(X)
    judge = {"X_judge": X[100:], "y_judge": y[100:]}
    network = make_model(X[:100], y[:100], 5)
    by = {"objective": "0.5*accuracy+0.5*recall:1,2", "distort": "clean,blur=1"}
    found = sr.tune(network, X[:100], y[:100], **{**OPTIONS, "folds": None}, **judge, **by)
    seen = [sr.measure(network, X[100:], y[100:], distortion=w) for w in ("clean", "blur=1")]
    assert found.before == pytest.approx(
        np.mean([(m.accuracy + m.recall[1:3].mean()) / 2 for m in seen])
    )
    with pytest.raises(sr.ParameterError, match="does not go with"):
        sr.tune(network, X, y, **OPTIONS, objective=lambda *_: 0.0, distort="blur=1")


def test_an_error_of_the_objective_is_raised(images):
    def fail(model, X, y):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        sr.tune(make_model, *images, **OPTIONS, objective=fail)
    with pytest.raises(sr.InputError, match="nan"):
        sr.tune(make_model, *images, **OPTIONS, objective=lambda model, X, y: float("nan"))


def test_a_network_that_is_trained(images):
    X, y = images
    network = make_model(X[:100], y[:100], 1)
    options = {k: v for k, v in OPTIONS.items() if k != "folds"}
    found = sr.tune(network, X[:100], y[:100], X_judge=X[100:], y_judge=y[100:], **options)
    assert found.before == sr.measure(network, X[100:], y[100:]).accuracy
    with pytest.raises(sr.InputError, match="X_judge"):
        sr.tune(network, X, y, **options)


def test_labels_of_any_kind(images):
    X, y = images
    names = np.array([f"class {c}" for c in y])

    def by_name(X, y, seed):
        return make_model(X, np.array([int(name.split()[1]) for name in y]), seed)

    assert sr.tune(by_name, X, names, **OPTIONS).parameters == (
        sr.tune(make_model, X, y, **OPTIONS).parameters
    )


def test_modules_of_pytorch(images):
    torch = pytest.importorskip("torch")

    def module(X, y, seed):
        found = make_model(np.asarray(X), np.asarray(y), seed)
        model = torch.nn.Sequential(
            torch.nn.Flatten(),
            torch.nn.Linear(64, 40, bias=False),
            torch.nn.ReLU(),
            torch.nn.Linear(40, 10, bias=False),
        )
        with torch.no_grad():
            for layer, weights in zip((model[1], model[3]), found.weights, strict=True):
                layer.weight.copy_(torch.tensor(np.array(weights)))
        return model

    def accuracy(model, X, y):
        assert isinstance(model, torch.nn.Module)
        with torch.no_grad():
            return float((model(torch.as_tensor(X)).argmax(1).numpy() == y).mean())

    X, y = torch.from_numpy(images[0]), torch.from_numpy(images[1])
    plain = sr.tune(make_model, *images, **OPTIONS)
    assert sr.tune(module, X, y, **OPTIONS).parameters == plain.parameters
    assert sr.tune(module, X, y, **OPTIONS, objective=accuracy).parameters == plain.parameters


def test_judged_after_training_on(images):
    found = sr.tune(
        make_model, *images, **OPTIONS,
        moment="tuned", moment_updates=20, moment_training={"protocol": "authors"},
    )  # fmt: skip
    assert found.updates > 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"objective": "acuracy"}, "balanced-accuracy"),
        ({"moment": "later"}, "awake"),
        ({"moment": "tuned"}, "updates"),
        ({"budget": 3}, "budget"),
        ({"folds": 1}, "folds"),
        ({"search": "grid"}, "cma-es"),
        ({"doses": []}, "doses"),
        ({"moment": "tuned", "moment_updates": 9, "moment_training": {"rate": 1}}, "rate"),
        (
            {"moment": "tuned", "moment_updates": 9, "moment_training": {"dropout": 0.5}},
            "trained network",
        ),
        (
            {"moment": "tuned", "moment_updates": 9, "moment_training": {"epochs": 3}},
            "moment_updates",
        ),
    ],
)
def test_bad_options_are_refused(images, options, words):
    with pytest.raises(sr.InputError, match=words):
        sr.tune(make_model, *images, **{**OPTIONS, **options})


def test_labels_keep_their_numbers(images):
    """A class of which there are no samples shifts no other."""
    X, y = images
    X, y = X[y != 3], y[y != 3]
    network = make_model(*images, 1)
    options = {k: v for k, v in OPTIONS.items() if k != "folds"}
    found = sr.tune(network, X, y, X_judge=X, y_judge=y, **options)
    assert found.before == sr.measure(network, X, y).accuracy
    found = sr.tune(lambda X, y, seed: network, X, y, **OPTIONS)
    assert np.mean(found.subject_before) == pytest.approx(sr.measure(network, X, y).accuracy, 0.02)
    with pytest.raises(sr.InputError, match="tells 10 apart"):
        sr.tune(network, X, y + 5, X_judge=X, y_judge=y + 5, **options)


def test_numbers_as_text_of_two_orders_are_refused(images):
    X, y = images

    def of_text(X, y, seed):
        return make_model(X, np.asarray(y).astype(float).astype(int) - 1, seed)

    as_text = (y + 1).astype(str)  # "1" to "10"
    kinds = [as_text, as_text.astype(object), as_text.astype("S2"), list(map(str, as_text))]
    for labels in [
        *kinds,
        np.char.add(as_text, ".0"),
        pytest.importorskip("pandas").Series(as_text),
    ]:
        with pytest.raises(sr.InputError, match=r"output 1 is '10.*in that of numbers '2"):
            sr.tune(of_text, X, labels, **OPTIONS)
    letters = np.array(list("abcdefghij"))[y]
    by_letter = sr.tune(
        lambda X, y, s: make_model(X, np.char.find("abcdefghij", y), s), X, letters, **OPTIONS
    )
    assert by_letter.before == sr.tune(make_model, X, y, **OPTIONS).before


def test_labels_fit_the_samples(images):
    X, y = images
    with pytest.raises(sr.InputError, match="200 samples, but y has 10"):
        sr.tune(make_model, X, y[:10], **OPTIONS)
    with pytest.raises(sr.InputError, match="shape"):
        sr.tune(make_model, X, np.eye(10)[y], **OPTIONS)
