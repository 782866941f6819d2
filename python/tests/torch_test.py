"""Modules of PyTorch: which part sleeps, in place, with everything else as it was."""

from __future__ import annotations

import copy
import os
import subprocess
import sys

import numpy as np
import pytest

import sleepreplay as sr

torch = pytest.importorskip("torch")
nn = torch.nn
F = nn.functional


def perceptron(dtype=torch.float32):
    torch.manual_seed(3)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(64, 50), nn.ReLU(), nn.Dropout(0.2), nn.Linear(50, 10)
    ).to(dtype)


@pytest.fixture
def tensors(images):
    return torch.from_numpy(images[0])[:, None], torch.from_numpy(images[1])


def trained(model, X, y):
    """Train a little, so that the answers say something about the classes."""
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    for _ in range(60):
        optimizer.zero_grad()
        outputs = model(X)
        if outputs.shape[1] == 1:
            loss = F.mse_loss(outputs[:, 0], y.float())
        else:
            loss = F.mse_loss(outputs, F.one_hot(y, 10).float())
        loss.backward()
        optimizer.step()
    return model


def state(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def changed(before, model):
    after = model.state_dict()
    assert list(before) == list(after)
    return {name for name in before if not torch.equal(before[name], after[name])}


class Functional(nn.Module):
    """A network whose ReLUs are functions, with convolutions in front."""

    def __init__(self, norm=False):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3)
        self.first = nn.Linear(27, 30)
        self.norm = nn.BatchNorm1d(30) if norm else nn.Identity()
        self.dropout = nn.Dropout(0.5)
        self.second = nn.Linear(30, 20)
        self.last = nn.Linear(20, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv(x)), 2)
        x = torch.flatten(x, 1)
        x = self.dropout(F.relu(self.norm(self.first(x))))
        return F.log_softmax(self.last(torch.relu(self.second(x))), dim=1)


def test_the_same_as_the_library(tensors, parameters):
    model = perceptron()
    weights = [model[1].weight, model[4].weight]
    network = sr.Network(weights, [model[1].bias, model[4].bias])
    slept, report = sr.sleep(network, tensors[0].numpy(), parameters, seed=5)
    found = sr.torch.sleep_(model, tensors[0], parameters, seed=5)
    for parameter, array in zip(weights, slept.weights, strict=True):
        assert parameter.detach().numpy().tobytes() == array.tobytes()
    assert found.rates.tolist() == report.rates.tolist()
    assert found.layers == ["input", "1", "4"]
    factor = sr.torch.wake_(model, *tensors)
    awake, expected = sr.wake(slept, tensors[0].numpy(), tensors[1].numpy())
    assert factor == expected
    for parameter, array in zip(weights, awake.weights, strict=True):
        assert parameter.detach().numpy().tobytes() == array.tobytes()


def test_what_is_not_slept_stays(tensors, parameters):
    model = perceptron()
    model[3].eval()
    calls = []
    model[1].register_forward_hook(lambda *_: calls.append(1))
    hooks = [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules()]
    modes = [m.training for m in model.modules()]
    model[4].weight.requires_grad_(False)
    before = state(model)
    random = torch.random.get_rng_state()
    sr.torch.sleep_(model, tensors[0], parameters)
    assert changed(before, model) <= {"1.weight", "4.weight"}
    assert changed(before, model)
    assert [m.training for m in model.modules()] == modes
    assert [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules()] == hooks
    assert [p.requires_grad for p in model.parameters()] == [True, True, False, True]
    assert torch.equal(torch.random.get_rng_state(), random)
    assert all(p.grad is None for p in model.parameters())
    model(tensors[0]).sum().backward()


def test_data_of_every_kind(tensors, parameters):
    X, y = tensors
    expected = perceptron()
    sr.torch.sleep_(expected, X, parameters)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), batch_size=33)
    for data in (X.double(), X.numpy(), loader, [(X[:70], y[:70]), (X[70:], y[70:])], X[:, 0]):
        if isinstance(data, list):
            data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), batch_size=70)
        model = perceptron()
        sr.torch.sleep_(model, data, parameters)
        assert not changed(state(expected), model)
    assert sr.torch.wake_(model, loader) == sr.torch.wake_(expected, X, y)
    assert not changed(state(expected), model)
    with pytest.raises(sr.InputError, match="float"):
        sr.torch.sleep_(model, (X * 255).byte(), parameters)
    with pytest.raises(sr.InputError, match="DataLoader"):
        sr.torch.sleep_(model, loader.dataset, parameters)
    with pytest.raises(sr.InputError, match="once"):
        sr.torch.sleep_(model, iter(loader), parameters)
    with pytest.raises(sr.InputError, match="labels"):
        sr.torch.wake_(model, X)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_other_number_types(tensors, parameters, dtype):
    X = tensors[0].to(dtype)
    if dtype == torch.float16 and torch.__version__.startswith("1."):
        pytest.skip("this PyTorch does not compute with float16 on the CPU")
    model = perceptron(dtype)
    before = state(model)
    network = sr.torch.network(model, X)
    slept, _ = sr.sleep(network, X.float().numpy(), parameters)
    sr.torch.sleep_(model, X, parameters)
    assert changed(before, model)
    for name, old, new in zip(("1", "4"), network.weights, slept.weights, strict=True):
        after = model.state_dict()[f"{name}.weight"]
        assert after.dtype == dtype
        same = torch.from_numpy(old == new)
        assert torch.equal(after[same], before[f"{name}.weight"][same])
        assert torch.equal(after, torch.where(same, after, torch.tensor(np.array(new)).to(dtype)))


def test_the_tail_of_any_module(tensors, parameters):
    model = Functional(norm=True)
    model(torch.randn(64, 1, 8, 8))  # moves the running statistics
    model.norm.weight.data.uniform_(0.5, 2)
    before = state(model)
    p = parameters.replace(patch=0, target_rate=[0.02] * 3)
    report = sr.torch.sleep_(model, tensors[0], p)
    assert report.layers == ["input", "first", "second", "last"]
    assert changed(before, model) <= {"first.weight", "second.weight", "last.weight"}
    assert "first.weight" in changed(before, model)
    report = sr.torch.sleep_(model, tensors[0], p.replace(target_rate=[0.02]), head="last")
    assert report.layers == ["input", "last"]


def test_rates_for_layers_that_do_not_sleep(tensors, parameters):
    model = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(64, 20), torch.nn.Tanh(), torch.nn.Linear(20, 10)
    )
    rates = parameters.replace(target_rate=[0.1, 0.1])
    with pytest.raises(sr.ParameterError, match="its part from '3' on sleeps"):
        sr.torch.sleep_(model, tensors[0], rates)


def test_batch_norms_are_folded_and_unfolded(tensors, parameters):
    """The module's answers after sleep are those of the folded network that slept."""
    for affine, bias in ((True, True), (True, False), (False, True), (False, False)):
        torch.manual_seed(1)
        model = nn.Sequential(
            nn.Linear(64, 40, bias=bias),
            nn.BatchNorm1d(40, affine=affine),
            nn.ReLU(),
            nn.Linear(40, 10),
        )
        X = tensors[0].reshape(-1, 64)
        trained(model, X, tensors[1])
        if affine:
            with torch.no_grad():  # some scales are negative
                model[1].weight[::3] *= -1
                model[0].weight[::3] *= -1
        network = sr.torch.network(model, X)
        slept, _ = sr.sleep(network, X.numpy(), parameters, shape=(8, 8))
        sr.torch.sleep_(model, X, parameters, shape=(8, 8))
        awake, _ = sr.wake(slept, X.numpy(), tensors[1].numpy())
        model.eval()
        with torch.no_grad():
            answers = model(X).numpy()
        assert answers == pytest.approx(slept.predict(X.numpy()), rel=1e-3, abs=1e-4)
        sr.torch.wake_(model, X, tensors[1])
        with torch.no_grad():
            answers = model(X).numpy()
        scale = np.abs(answers).max()
        assert answers / scale == pytest.approx(awake.predict(X.numpy()) / scale, abs=1e-4)


def test_sleep_that_changes_nothing_keeps_every_bit(tensors, parameters):
    model = Functional(norm=True).double()
    model(torch.randn(64, 1, 8, 8).double())
    before = state(model)
    p = parameters.replace(patch=0, target_rate=[0.02] * 3, increment=0.0, decrement=0.0)
    sr.torch.sleep_(model, tensors[0].double(), p)
    assert changed(before, model) == set()


def test_kinds_of_outputs(tensors, parameters):
    X, y = tensors[0].reshape(-1, 64), tensors[1]
    last = {
        "softmax": [
            nn.Linear(50, 10),
            nn.Sequential(nn.Linear(50, 10), nn.Softmax(1)),
            nn.Sequential(nn.Linear(50, 10), nn.LogSoftmax(1)),
            nn.Sequential(nn.Linear(50, 10), nn.Identity()),
        ],
        "relu": [
            nn.Sequential(nn.Linear(50, 10), nn.ReLU()),
            nn.Sequential(nn.Linear(50, 10), nn.ReLU(inplace=True)),
        ],
        "sigmoid": [nn.Linear(50, 1), nn.Sequential(nn.Linear(50, 1), nn.Sigmoid())],
    }
    for kind, modules in last.items():
        for module in modules:
            labels = y % 2 if kind == "sigmoid" else y
            model = nn.Sequential(nn.Linear(64, 50), nn.ReLU(inplace=True), module)
            trained(model, X, labels)
            assert sr.torch.network(model, X).output == kind
            p = parameters.replace(target_rate=[0.02, 0.001])
            sr.torch.sleep_(model, X, p, shape=(8, 8))
            sr.torch.wake_(model, X, labels)


def test_what_cannot_sleep_is_named(tensors, parameters):
    X = tensors[0].reshape(-1, 64)

    class Skip(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(64, 64)
            self.last = nn.Linear(64, 10)

        def forward(self, x):
            return self.last(torch.relu(self.first(x)) + x)

    model = Skip()
    report = sr.torch.sleep_(model, X, parameters.replace(patch=0, target_rate=[0.02]))
    assert report.layers == ["input", "last"]
    cases = [
        (nn.Sequential(nn.Linear(64, 50), nn.Tanh(), nn.Linear(50, 10)), None, None),
        (
            nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10), nn.Tanh()),
            None,
            "3 .Tanh",
        ),
        (nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.GELU()), None, "2 .GELU"),
        (nn.Sequential(nn.Conv1d(1, 1, 1)), None, "Conv1d"),
        (
            nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 2), nn.Sigmoid()),
            None,
            "2 units",
        ),
        (nn.Sequential(nn.LSTM(64, 5)), None, "tuple"),
        (nn.Flatten(), None, "no parameters"),
    ]
    for model, head, words in cases:
        before = state(model)
        data = (
            X[:, None]
            if isinstance(model[0] if len(list(model.children())) else 0, nn.Conv1d)
            else X
        )
        if words is None:
            p = parameters.replace(patch=0, target_rate=[0.02])
            assert sr.torch.sleep_(model, data, p).layers == ["input", "2"]
            continue
        with pytest.raises(sr.ModelError, match=words):
            sr.torch.sleep_(model, data, parameters, head=head)
        assert not changed(before, model)
    head = nn.Sequential(nn.Linear(64, 30), nn.Tanh(), nn.Linear(30, 10))
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), head)
    with pytest.raises(sr.ModelError, match=r"2\.1 .Tanh. cannot sleep"):
        sr.torch.sleep_(model, X, parameters, head="2")
    with pytest.raises(sr.ParameterError, match="classifier"):
        sr.torch.sleep_(model, X, parameters, head="classifier")
    with pytest.raises(sr.ModelError, match="comes after the head"):
        sr.torch.sleep_(model, X, parameters, head="0")


def test_a_layer_that_is_used_twice_ends_the_tail(tensors, parameters):
    shared = nn.Linear(64, 64)
    model = nn.Sequential(shared, nn.ReLU(), shared, nn.ReLU(), nn.Linear(64, 10))
    X = tensors[0].reshape(-1, 64)
    p = parameters.replace(patch=0, target_rate=[0.02])
    assert sr.torch.sleep_(model, X, p).layers == ["input", "4"]


def test_the_module_is_as_it_was_when_something_fails(tensors, parameters):
    model = perceptron()
    before = state(model)
    with pytest.raises(sr.RateError):
        sr.torch.sleep_(model, tensors[0] * 1e-6, parameters)
    with pytest.raises(sr.Stopped):
        sr.torch.sleep_(
            model, tensors[0], parameters.replace(steps=10**9), progress=lambda part, note: False
        )
    with pytest.raises(sr.InputError):
        sr.torch.wake_(model, tensors[0], torch.full((200,), 11))
    assert not changed(before, model)
    assert model.training


def test_the_same_for_every_number_of_threads(tensors, parameters):
    models = []
    threads = torch.get_num_threads()
    try:
        for count in (1, 2):
            torch.set_num_threads(count)
            torch.manual_seed(1)
            model = Functional()
            sr.torch.sleep_(
                model, tensors[0], parameters.replace(patch=0, target_rate=[0.02] * 3), seed=4
            )
            models.append(model)
    finally:
        torch.set_num_threads(threads)
    assert not changed(state(models[0]), models[1])


def test_state_dicts_and_optimizers_go_on(tensors, parameters):
    model = perceptron()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

    def update():
        optimizer.zero_grad()
        F.cross_entropy(model(tensors[0]), tensors[1]).backward()
        optimizer.step()

    update()
    pointers = [p.data_ptr() for p in model.parameters()]
    sr.torch.sleep_(model, tensors[0], parameters)
    sr.torch.wake_(model, *tensors)
    assert [p.data_ptr() for p in model.parameters()] == pointers
    update()
    copy.deepcopy(model).load_state_dict(model.state_dict())


def test_inputs_that_were_normalized(tensors, parameters):
    X = tensors[0]
    model = perceptron()
    plain = sr.torch.sleep_(copy.deepcopy(model), X, parameters)
    known = sr.torch.sleep_(
        model, (X - 0.3) / 0.2, parameters, normalization=(torch.tensor([0.3]), torch.tensor([0.2]))
    )
    assert known.rates[0] == pytest.approx(plain.rates[0], rel=1e-3)


def test_memory():
    """Sleep of 1200-1200 takes at most three times the weights."""
    script = """
import torch, numpy as np, sleepreplay as sr
def peak():
    with open("/proc/self/status") as lines:
        return next(int(l.split()[1]) * 1024 for l in lines if l.startswith("VmHWM"))
nn = torch.nn
torch.manual_seed(1)
def model(width):
    return nn.Sequential(nn.Linear(784, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10))
X = torch.rand(100, 784)
p = sr.Parameters.load("authors-mnist").replace(steps=500)
small, large = model(8), model(1200)
sr.torch.sleep_(small, X, p.replace(target_rate=[.1, .1, .1]), shape=(28, 28), threads=1)
before = peak()
sr.torch.sleep_(large, X, p, shape=(28, 28), threads=1)
print((peak() - before) / sum(4 * w.numel() for w in large.parameters()))
"""  # noqa: E501
    # What is freed goes back to the system at once, so that the peak is that of what is in use.
    surroundings = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "1000000"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=surroundings
    )
    assert done.returncode == 0, done.stderr
    assert 1 < float(done.stdout) < 3


def test_weights_that_cannot_be_written_are_refused(tensors, parameters):
    """Writing into them would be lost, or change more than the layer."""
    from torch.nn.utils import prune

    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.last = nn.Linear(64, 64), nn.Linear(64, 64)
            self.last.weight = self.first.weight

        def forward(self, x):
            return self.last(torch.relu(self.first(x.flatten(1))))

    def refused(model, words):
        before = state(model)
        with pytest.raises(sr.ModelError, match=words):
            sr.torch.sleep_(model, tensors[0], parameters)
        assert changed(before, model) == set()

    model = perceptron()
    prune.l1_unstructured(model[-1], "weight", 0.5)
    refused(model, "anew at each call")
    model = perceptron()
    model[-1].weight = nn.Parameter(torch.rand(1, 50).expand(10, 50))
    refused(model, "expanded weight")
    model = perceptron()
    with torch.inference_mode():
        model[-1].weight = nn.Parameter(torch.rand(10, 50))
    refused(model, "inference mode")
    refused(Tied(), "shares its weight")


def test_small_outputs_are_compared_too(tensors, parameters):
    class Tripled(nn.Linear):
        def forward(self, x):
            return super().forward(3 * x)

    model = nn.Sequential(nn.Flatten(), Tripled(64, 50), nn.ReLU(), nn.Linear(50, 10))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(0.02)
    with pytest.raises(sr.ModelError, match="something else"):
        sr.torch.sleep_(model, tensors[0], parameters)


def test_blank_samples_do_not_hide_what_comes_before_the_tail(tensors, parameters):
    class Upside(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(64, 10)

        def forward(self, x):
            return self.fc(x.flatten(1).flip(1))

    images = tensors[0].clone()
    images[:4] = 0
    options = parameters.replace(target_rate=[0.02], patch=0)
    report = sr.torch.sleep_(Upside(), images, options)
    assert "from 'fc' on" in report.note


def test_a_head_behind_an_embedding(parameters):
    class Words(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(20, 16)
            self.fc = nn.Linear(16, 10)

        def forward(self, x):
            return self.fc(torch.relu(self.words(x).mean(1)))

    options = parameters.replace(target_rate=[0.02], patch=0)
    report = sr.torch.sleep_(Words(), torch.randint(20, (64, 5)), options, head="fc")
    assert report.layers == ["input", "fc"]
    with pytest.raises(sr.ParameterError, match="is not the data"):
        sr.torch.sleep_(
            Words(), torch.randint(20, (64, 5)), options, head="fc", normalization=(0.1, 0.3)
        )


def test_arrays_of_every_kind(tensors, parameters):
    images = tensors[0].numpy()
    expected = perceptron()
    sr.torch.sleep_(expected, tensors[0], parameters)
    backward = images[::-1].copy()[::-1]
    for array in (backward, images.astype(">f4"), images.astype(object)):
        model = perceptron()
        sr.torch.sleep_(model, array, parameters)
        assert changed(state(expected), model) == set()


def test_labels_go_with_the_order_of_the_samples(tensors):
    X, y = tensors
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), 10, shuffle=True)
    with pytest.raises(sr.InputError, match="another order"):
        sr.torch.wake_(perceptron(), loader, y)


def test_outputs_that_were_trained_by_squared_error(tensors):
    X, y = tensors
    model = trained(perceptron(), X, y)
    with torch.no_grad():
        model[4].weight.mul_(0.1)
        model[4].bias.mul_(0.1)
        outputs = model.eval()(X).relu().numpy()
    factor = sr.torch.wake_(model, X, y, output="relu")
    target = np.eye(10)[y.numpy()]
    assert factor == pytest.approx((outputs * target).sum() / (outputs**2).sum(), rel=1e-4)
    assert sr.torch.network(model, X).output == "softmax"
    with pytest.raises(sr.ParameterError, match="output"):
        sr.torch.wake_(model, X, y, output="linear")
    model.append(nn.ReLU())
    with pytest.raises(sr.ParameterError, match="ends with relu"):
        sr.torch.wake_(model, X, y, output="softmax")


def test_the_guard_of_a_module(tensors, parameters):
    X, y = tensors
    model = perceptron()
    network = sr.torch.network(model, X)
    expected = sr.guard(network, X.numpy()[:, 0], y.numpy(), parameters)
    assert sr.torch.guard(model, X, y, parameters) == expected
    by = {"objective": "macro-f1", "distort": "clean"}
    expected = sr.guard(network, X.numpy()[:, 0], y.numpy(), parameters, **by)
    assert sr.torch.guard(model, X, y, parameters, **by) == expected
    head = Functional()
    p = parameters.replace(patch=0, target_rate=[0.02])
    inside = sr.torch.inputs(head, X, head="last")
    assert inside.shape == (200, 20)
    expected = sr.guard(sr.torch.network(head, X, head="last"), inside, y.numpy(), p)
    assert sr.torch.guard(head, X, y, p, head="last") == expected


def test_the_guard_reads_loaders(tensors, parameters):
    X, y = tensors
    model = perceptron()
    shuffled = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(X[:100], y[:100]), 20, shuffle=True
    )
    on = {"moment": "tuned", "moment_updates": 100, "moment_training": {"batch_size": 20}}
    found = sr.torch.guard(model, X[100:], y[100:], parameters, calibration=shuffled, **on)
    assert found.before > 0.5  # labels of other samples teach nothing
    for pair in ((shuffled, y[:100]), (X[100:], None)):
        with pytest.raises(sr.InputError, match="labels"):
            sr.torch.guard(model, *pair, parameters)
    with pytest.raises(sr.InputError, match="another order"):
        sr.torch.guard(
            model, X[100:], y[100:], parameters, calibration=shuffled,
            calibration_labels=y[:100], **on,
        )  # fmt: skip
    with pytest.raises(sr.ParameterError, match="calibration_labels"):
        sr.torch.guard(model, X, y, parameters, **on)


def test_a_trace_of_a_module(tmp_path, tensors, parameters):
    X, y = tensors
    model = perceptron()
    network = sr.torch.network(model, X)
    sr.sleep(network, X.numpy()[:, 0], parameters, y=y.numpy(), trace=tmp_path / "a.csv")
    sr.torch.sleep_(model, X, parameters, labels=y, trace=tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()
    with pytest.raises(sr.InputError, match="labels"):
        sr.torch.sleep_(model, X, parameters, trace=tmp_path / "b.csv")
