"""Sleep after the tasks of a training loop of PyTorch."""

from __future__ import annotations

import io

import numpy as np
import pytest

import sleepreplay as sr

torch = pytest.importorskip("torch")
nn = torch.nn


@pytest.fixture
def small(parameters):
    return parameters.replace(steps=200, growth=0.5)


@pytest.fixture
def tasks(images):
    """Samples and labels of five tasks of two classes."""
    X, y = images
    return [
        (torch.from_numpy(X[y // 2 == t])[:, None], torch.from_numpy(y[y // 2 == t]))
        for t in range(5)
    ]


def perceptron():
    torch.manual_seed(3)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))


def train(model, X, y, optimizer=None):
    optimizer = optimizer or torch.optim.SGD(model.parameters(), 0.5)
    for _ in range(20):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(X), y).backward()
        optimizer.step()


def same(one, other):
    a, b = one.state_dict(), other.state_dict()
    return list(a) == list(b) and all(torch.equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("calibration", ["running", "current", "all"])
@pytest.mark.parametrize("wake", [True, False])
def test_it_sleeps_as_sequences_do(images, small, tasks, calibration, wake):
    """With the weights of a sequence after each task, the sleep is the same to the last bit."""
    X, y = images
    steps = {}

    def note(step):
        steps[step.learned, step.slept] = step.network

    sequence = sr.tasks.Sequence(
        "pairs", parameters=small, calibration=calibration, wake=wake, seed=4, hidden=[50],
        epochs=2, batch_size=10, dropout=0.0, learning_rate=0.1,
    )  # fmt: skip
    sequence.learn(X, y, X, y, callback=note)
    first, last = nn.Linear(64, 50, bias=False), nn.Linear(50, 10, bias=False)
    model = nn.Sequential(nn.Flatten(), first, nn.ReLU(), last)
    # The output is a ReLU with squared error, which a Linear alone does not say.
    sleeper = sr.torch.Sleeper(
        model, small, calibration=calibration, wake=wake, seed=4, output="relu"
    )
    lengths = []
    for t, (samples, labels) in enumerate(tasks):
        with torch.no_grad():
            for layer, w in zip((first, last), steps[t + 1, False].weights, strict=True):
                layer.weight.copy_(torch.from_numpy(np.array(w)))
        # In the order of the file, as the sums of the sequence go.
        so_far = torch.from_numpy(X[y // 2 <= t])[:, None]
        given = torch.cat([s for s, _ in tasks[: t + 1]]) if calibration == "all" else None
        assert given is None or len(given) == len(so_far)
        report = sleeper.after_task(samples, labels if wake else None, all_data=given)
        lengths.append(report.steps)
        assert (report.waking_factor is not None) == wake
        for layer, w in zip((first, last), steps[t + 1, True].weights, strict=True):
            assert layer.weight.detach().numpy().tobytes() == w.tobytes()
    assert lengths == [200, 300, 400, 500, 600]
    assert sleeper.tasks == 5


def test_a_loader_is_as_good_as_tensors(small, tasks):
    results = []
    for form in ("tensors", "loader"):
        model = perceptron()
        sleeper = sr.torch.Sleeper(model, small)
        for X, y in tasks[:2]:
            train(model, X, y)
            data = torch.utils.data.TensorDataset(X, y)
            if form == "loader":
                sleeper.after_task(torch.utils.data.DataLoader(data, batch_size=7))
            else:
                sleeper.after_task(X, y)
        results.append(model)
    assert same(*results)


def test_a_training_goes_on_where_it_was_interrupted(small, tasks):
    whole = perceptron()
    sleeper = sr.torch.Sleeper(whole, small)
    for X, y in tasks[:2]:
        train(whole, X, y)
        sleeper.after_task(X, y)
    file = io.BytesIO()
    torch.save({"model": whole.state_dict(), "sleeper": sleeper.state_dict()}, file)
    file.seek(0)
    train(whole, *tasks[2])
    sleeper.after_task(*tasks[2])

    later = perceptron()
    saved = torch.load(file)
    later.load_state_dict(saved["model"])
    again = sr.torch.Sleeper(later, small)
    again.load_state_dict(saved["sleeper"])
    assert again.tasks == 2
    train(later, *tasks[2])
    again.after_task(*tasks[2])
    assert same(whole, later)
    # A sleeper that knows nothing of the tasks before sleeps otherwise.
    fresh = perceptron()
    fresh.load_state_dict(saved["model"])
    train(fresh, *tasks[2])
    sr.torch.Sleeper(fresh, small).after_task(*tasks[2])
    assert not same(fresh, later)


def test_a_state_is_no_view(small, tasks):
    model = perceptron()
    sleeper = sr.torch.Sleeper(model, small, wake=False)
    sleeper.after_task(*tasks[0])
    kept = sleeper.state_dict()
    before = kept["sums"].clone()
    sleeper.after_task(*tasks[1])
    assert torch.equal(kept["sums"], before)
    assert (kept["tasks"], kept["samples"]) == (1, len(tasks[0][0]))
    assert torch.allclose(before, tasks[0][0].double().flatten(1).sum(0))


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"tasks": 1},
        {"tasks": -1, "samples": 0, "sums": None},
        {"tasks": 1, "samples": 0, "sums": None},
        {"tasks": 1, "samples": 5, "sums": None},
        {"tasks": 1, "samples": 5, "sums": torch.tensor([[1.0]])},
        {"tasks": 1, "samples": 5, "sums": torch.tensor([float("nan")])},
        None,
    ],
)
def test_a_wrong_state_is_refused(small, state):
    sleeper = sr.torch.Sleeper(perceptron(), small)
    with pytest.raises(sr.InputError):
        sleeper.load_state_dict(state)
    assert sleeper.state_dict() == {"tasks": 0, "samples": 0, "sums": None}


def test_the_running_mean_is_of_one_kind_of_data(small, tasks):
    sleeper = sr.torch.Sleeper(perceptron(), small)
    sleeper.load_state_dict({"tasks": 1, "samples": 5, "sums": torch.ones(10)})
    with pytest.raises(sr.InputError, match="64 features; those of the tasks before had 10"):
        sleeper.after_task(*tasks[0])


def test_the_optimizer_forgets(small, tasks):
    model = perceptron()
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    train(model, *tasks[0], optimizer)
    assert optimizer.state
    sleeper = sr.torch.Sleeper(model, small)
    with pytest.raises(sr.ParameterError, match="optimizer"):
        sleeper.after_task(*tasks[0], optimizer="sgd")
    sleeper.after_task(*tasks[0])
    assert optimizer.state
    sleeper.after_task(*tasks[0], optimizer=optimizer)
    assert not optimizer.state
    train(model, *tasks[1], optimizer)


@pytest.mark.parametrize("stop_at", [0.0, 0.9])
def test_when_it_stops_all_is_as_it_was(small, tasks, stop_at):
    model = perceptron()
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    train(model, *tasks[0], optimizer)
    kept = perceptron()
    kept.load_state_dict(model.state_dict())
    sleeper = sr.torch.Sleeper(model, small)
    with pytest.raises((sr.Stopped, RuntimeError)):
        sleeper.after_task(
            *tasks[0], optimizer=optimizer, progress=lambda part, note: stop(part, stop_at)
        )
    assert same(model, kept)
    assert optimizer.state
    assert sleeper.state_dict() == {"tasks": 0, "samples": 0, "sums": None}
    with pytest.raises(sr.InputError, match="labels"):
        sleeper.after_task(tasks[0][0])
    assert same(model, kept)


def stop(part, at):
    if part >= at:
        raise RuntimeError("enough")


def test_only_the_head_sleeps(small, tasks):
    torch.manual_seed(3)
    model = nn.Sequential()
    model.add_module("features", nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten()))
    model.add_module(
        "head", nn.Sequential(nn.Linear(144, 50), nn.ReLU(), nn.Linear(50, 10), nn.LogSoftmax(1))
    )
    sleeper = sr.torch.Sleeper(model, small.replace(patch=0), head="head")
    for X, y in tasks[:2]:
        train(model, X, y)
        before = {name: value.clone() for name, value in model.state_dict().items()}
        report = sleeper.after_task(X, y)
        after = model.state_dict()
        changed = {name for name in before if not torch.equal(before[name], after[name])}
        # Waking scales each layer of the head.
        assert changed == {n for n in before if n.startswith("head")}
    assert report.layers == ["input", "head.0", "head.2"]
    assert sleeper.state_dict()["sums"].shape == (144,)
    with pytest.raises(sr.ParameterError, match="normalization"):
        sr.torch.Sleeper(model, small, head="head", normalization=(0.5, 0.5)).after_task(*tasks[0])


def test_normalized_data_sleep_in_the_same_noise(small, tasks):
    """Half of the size, twice the first weights: the same activations, and the same noise."""
    plain, scaled = perceptron(), perceptron()
    with torch.no_grad():
        scaled[1].weight.mul_(2)
    one = sr.torch.Sleeper(plain, small, wake=False)
    other = sr.torch.Sleeper(scaled, small, wake=False, normalization=(0.0, 2.0))
    for X, _ in tasks[:2]:
        first, second = one.after_task(X), other.after_task(X / 2)
        assert (first.spike_counts[0] == second.spike_counts[0]).all()
        assert first.spike_counts[0].sum() > 0


def test_wrong_arguments_are_refused(small, tasks):
    model = perceptron()
    with pytest.raises(sr.ParameterError, match="running, current or all"):
        sr.torch.Sleeper(model, small, calibration="first")
    with pytest.raises(sr.ParameterError, match="all tasks so far"):
        sr.torch.Sleeper(model, small, calibration="all").after_task(*tasks[0])
    with pytest.raises(sr.ParameterError, match="all_data"):
        sr.torch.Sleeper(model, small).after_task(*tasks[0], all_data=tasks[0][0])
    with pytest.raises(sr.ModelError):
        sr.torch.Sleeper(nn.Conv2d(1, 1, 3), small).after_task(*tasks[0])
