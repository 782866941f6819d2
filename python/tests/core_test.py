"""Networks, sleep, waking, measures and the guard."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
from conftest import program

import sleepreplay as sr


def run(*arguments: object) -> str:
    done = subprocess.run(
        [program(), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def write_npz(path, images):
    X, y = images
    np.savez(path, x_train=X, y_train=y, x_test=X[:20], y_test=y[:20])


def test_same_bytes_as_the_program(tmp_path, network, images, parameters):
    write_npz(tmp_path / "data.npz", images)
    network.save(tmp_path / "a.safetensors")
    parameters.save(tmp_path / "p.toml")
    run(
        "sleep", tmp_path / "a.safetensors", "--params", tmp_path / "p.toml", "--data",
        tmp_path / "data.npz", "--seed", 7, "-o", tmp_path / "b.safetensors",
    )  # fmt: skip
    slept, report = sr.sleep(network, images[0], parameters, seed=7)
    assert slept.same_weights(sr.Network.load(tmp_path / "b.safetensors"))
    assert not slept.same_weights(network)
    run("wake", tmp_path / "b.safetensors", "-o", tmp_path / "c.safetensors")
    awake, _ = sr.wake(slept, *images)
    assert awake.same_weights(sr.Network.load(tmp_path / "c.safetensors"))
    assert report.steps == 300


def test_the_network_that_was_given_stays(network, images, parameters):
    before = copy.deepcopy(network)
    slept, _ = sr.sleep(network, images[0], parameters)
    sr.wake(network, *images)
    sr.guard(network, *images, parameters)
    assert network.same_weights(before)
    with pytest.raises(ValueError, match="read-only"):
        slept.weights[0][0, 0] = 1


def test_the_same_for_every_number_of_threads_and_again(network, images, parameters):
    first, _ = sr.sleep(network, images[0], parameters, threads=1)
    second, _ = sr.sleep(network, images[0], parameters, threads=3)
    other, _ = sr.sleep(network, images[0], parameters, seed=2)
    assert first.same_weights(second)
    assert not first.same_weights(other)


def test_arrays_of_every_kind_give_the_same(network, images, parameters):
    X = images[0]
    first, _ = sr.sleep(network, X, parameters)
    for same in (
        X.astype(np.float64),
        np.asfortranarray(X),
        X[:, :, :, None],
        X[:, None],
        X.tolist(),
        np.repeat(X, 2, axis=0)[::2],
    ):
        assert sr.sleep(network, same, parameters)[0].same_weights(first)
    flat = X.reshape(len(X), -1)
    assert sr.sleep(network, flat, parameters, shape=(8, 8))[0].same_weights(first)
    with pytest.raises(sr.ParameterError, match="patch"):
        sr.sleep(network, flat, parameters)


def test_arrays_are_not_copied():
    """A large array must not be there a second time."""
    script = """
import resource, numpy as np, sleepreplay as sr
def peak():  # of this process, not of its parent
    with open("/proc/self/status") as lines:
        return next(int(l.split()[1]) * 1024 for l in lines if l.startswith("VmHWM"))
X = np.full((200_000, 256), 0.5, dtype=np.float32)
network = sr.Network([np.ones((4, 256)), np.ones((2, 4))])
parameters = sr.Parameters.load("authors-mnist").replace(patch=0, steps=10, target_rate=[.1, .1])
sr.sleep(network, X[:10], parameters)
before = peak()
sr.sleep(network, X, parameters)
print((peak() - before) / X.nbytes)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 0.25


def test_files_keep_what_they_say(tmp_path, images):
    """Names, types and the recipe of a file survive loading, sleeping and saving."""
    write_npz(tmp_path / "data.npz", images)
    run(
        "train", "--data", tmp_path / "data.npz", "--protocol", "authors", "--hidden", "20",
        "--epochs", 2, "-o", tmp_path / "a.safetensors",
    )  # fmt: skip
    network = sr.Network.load(tmp_path / "a.safetensors")
    parameters = sr.Parameters.load("authors-mnist").replace(
        patch=3, steps=50, target_rate=[0.02, 0.02]
    )
    slept, _ = sr.sleep(network, images[0], parameters, seed=3)
    slept.save(tmp_path / "b.safetensors")
    shown = run("inspect", tmp_path / "b.safetensors")
    assert "data.npz" in shown
    assert '"steps":50' in shown
    assert sr.Network.load(tmp_path / "b.safetensors").same_weights(slept)


def test_pickle(network, parameters):
    twin = pickle.loads(pickle.dumps(network))
    assert twin.same_weights(network)
    assert twin.output == network.output
    assert pickle.loads(pickle.dumps(parameters)) == parameters


def test_given_spikes_drive_the_sleep(network, images, parameters):
    spikes = np.random.default_rng(1).random((300, 64)) < 0.1
    first, report = sr.sleep(network, images[0], parameters, input_spikes=spikes)
    assert report.rates[0] == pytest.approx(spikes.mean())
    again, _ = sr.sleep(network, images[0], parameters, input_spikes=spikes.astype(float), seed=9)
    assert again.same_weights(first)
    with pytest.raises(sr.ParameterError, match="300 steps"):
        sr.sleep(network, images[0], parameters.replace(steps=301), input_spikes=spikes)


def test_a_recording(tmp_path, network, images, parameters):
    _, report = sr.sleep(network, images[0], parameters, record=tmp_path / "night.npy")
    spikes = np.load(tmp_path / "night.npy")
    for layer, counts in enumerate(report.spike_counts):
        units = spikes["unit"][spikes["layer"] == layer]
        assert np.bincount(units, minlength=len(counts)).tolist() == counts.tolist()
    assert (tmp_path / "night.state.npy").exists()


def test_a_trace_is_that_of_the_program(tmp_path, network, images, parameters):
    X, y = images
    write_npz(tmp_path / "data.npz", images)
    network.save(tmp_path / "a.safetensors")
    parameters.save(tmp_path / "p.toml")
    run(
        "sleep", tmp_path / "a.safetensors", "--params", tmp_path / "p.toml", "--data",
        tmp_path / "data.npz", "--trace", tmp_path / "theirs.csv", "--trace-steps", 50,
        "-o", tmp_path / "b.safetensors",
    )  # fmt: skip
    slept, _ = sr.sleep(network, X, parameters, y=y, trace=tmp_path / "mine.csv", trace_steps=50)
    mine = (tmp_path / "mine.csv").read_text()
    assert mine == (tmp_path / "theirs.csv").read_text()
    assert float(mine.splitlines()[-1].split(",")[1]) == sr.measure(slept, X, y).accuracy
    with pytest.raises(sr.ParameterError, match="needs y"):
        sr.sleep(network, X, parameters, trace=tmp_path / "mine.csv")
    with pytest.raises(sr.ParameterError, match="trace_steps"):
        sr.sleep(network, X, parameters, y=y, trace=tmp_path / "mine.csv", trace_steps=0)


def test_files_are_written_in_one_step(tmp_path, parameters):
    file = tmp_path / "p.toml"
    parameters.save(file)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    parameters.replace(steps=7).save(link)
    assert link.is_symlink()
    assert sr.Parameters.load(file).steps == 7
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        parameters.save(tmp_path / "folder")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "link.toml", "p.toml"]


def test_measures_are_those_of_numpy(network, images):
    X, y = images
    found = sr.measure(network, X, y)
    answers = network.predict(X).argmax(1)
    assert found.accuracy == (answers == y).mean()
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (y, answers), 1)
    assert found.confusion.tolist() == confusion.tolist()
    recalls = np.diag(confusion) / confusion.sum(1)
    assert found.recall == pytest.approx(recalls)
    assert found.balanced_accuracy == pytest.approx(recalls.mean())


def test_predictions_are_a_plain_forward_pass(network, images):
    X = images[0].reshape(200, -1).astype(np.float64)
    (w1, w2), (b1, b2) = network.weights, network.biases
    expected = np.maximum(X @ w1.T + b1, 0) @ w2.T + b2
    assert network.predict(images[0]) == pytest.approx(expected, abs=1e-5)


def test_wake_finds_the_best_factor(network, images):
    X, y = images
    shrunk = sr.Network(
        [w * 0.01 for w in network.weights], [np.zeros(50), np.zeros(10)], output="relu"
    )
    awake, factor = sr.wake(shrunk, X, y)
    before, after, target = shrunk.predict(X), awake.predict(X), np.eye(10)[y]
    assert factor == pytest.approx((before * target).sum() / (before**2).sum(), rel=1e-5)
    assert after == pytest.approx(before * factor, rel=1e-3, abs=1e-6)


def test_the_guard_says_whether_it_helps(network, images, parameters):
    verdict = sr.guard(network, *images, parameters)
    assert verdict.samples == 200
    assert bool(verdict) == (verdict.low > 0)
    assert verdict.before == sr.measure(network, *images).accuracy


def test_the_guard_judges_what_it_is_asked_for(network, images, parameters):
    words = "blur=1,gaussian-noise=0.2"
    X, y = images
    images = ((X - X.min()) / np.ptp(X), y)
    verdict = sr.guard(
        network, *images, parameters, objective="0.5*macro-f1+0.5*worst-class", distort=words
    )
    seen = [sr.measure(network, *images, distortion=one) for one in words.split(",")]
    expected = np.mean([(m.macro_f1 + m.worst_recall) / 2 for m in seen])
    assert verdict.before == pytest.approx(expected)
    assert verdict.low <= verdict.improvement <= verdict.high
    with pytest.raises(sr.ParameterError, match="there is no measure"):
        sr.guard(network, *images, parameters, objective="speed")


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda n, X: sr.sleep(n, (X * 255).astype("uint8"), "authors-mnist"), sr.InputError,
         "two ways"),
        (lambda n, X: sr.measure(n, X[:, :5], np.zeros(200)), sr.InputError, "64"),
        (lambda n, X: sr.sleep(n, X[:0], "authors-mnist"), sr.InputError, "no samples"),
        (lambda n, X: sr.sleep(n, X * np.nan, "authors-mnist"), sr.InputError, "nan"),
        (lambda n, X: sr.sleep(n, X, sr.Parameters(patch=3)), sr.ParameterError, "steps"),
        (lambda n, X: sr.sleep(n, X, "authors-nothing"), sr.InputError, "authors-mnist"),
        (lambda n, X: sr.sleep(n, X, 7), sr.ParameterError, "preset"),
        (lambda n, X: sr.sleep(n, X, "authors-mnist", seed=-1), sr.ParameterError, "seed"),
        (lambda n, X: sr.sleep(n, X, "authors-mnist", seed=1.5), sr.ParameterError, "seed"),
        (lambda n, X: sr.sleep(n, X, "authors-mnist", record="night"), sr.ParameterError, "npy"),
        (lambda n, X: sr.wake(n, X, np.full(200, 10)), sr.InputError, "label 10"),
        (lambda n, X: sr.wake(n, X, np.arange(3)), sr.InputError, "3 labels"),
        (lambda n, X: sr.wake(n, X, np.eye(10)[np.zeros(200, int)]), sr.InputError, "argmax"),
        (lambda n, X: sr.Network([X[0], X[0]], output="tanh"), sr.ParameterError, "softmax"),
        (lambda n, X: sr.Network([X[0], X[0][:, :3]]), sr.InputError, "layer 2"),
        (lambda n, X: sr.Parameters(target_rate="no"), sr.ParameterError, "target_rate"),
        (lambda n, X: sr.Parameters(steps=1.5), sr.ParameterError, "whole number"),
        (lambda n, X: sr.Parameters.load("none.toml"), sr.InputError, "none.toml"),
        (lambda n, X: sr.Network.load("none.safetensors"), FileNotFoundError, "none.safetensors"),
        (lambda n, X: sr.results("none.sqlite"), FileNotFoundError, "none.sqlite"),
        (lambda n, X: sr.sleep(n, np.ones((5, 4, 4, 4), np.float32), "authors-mnist"),
         sr.ParameterError, "layout"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_words(network, images, make, error, words):
    with pytest.raises(error, match=words) as raised:
        make(network, images[0])
    assert isinstance(raised.value, sr.Error)
    assert isinstance(raised.value, ValueError)
    assert "\n" not in str(raised.value)


def test_samples_below_zero_need_their_normalization(network, images, parameters):
    X = images[0]
    mean, deviation = float(X.mean()), float(X.std())
    normal = (X - mean) / deviation
    with pytest.raises(sr.InputError, match="positive"):
        sr.sleep(network, normal - normal.mean(0), parameters)
    _, known = sr.sleep(network, normal, parameters, normalization=(mean, deviation))
    _, plain = sr.sleep(network, X, parameters)
    assert known.rates[0] == pytest.approx(plain.rates[0], rel=0.05)


def test_parameters(tmp_path, parameters):
    assert sr.Parameters.from_toml(parameters.to_toml()) == parameters
    changed = parameters.replace(threshold=[1, 2], alpha=np.array([3.0, 4.0]))
    assert (changed.threshold, changed.target_rate) == ([1.0, 2.0], None)
    assert (changed.alpha, changed.alpha_scale) == ([3.0, 4.0], None)
    assert parameters.target_rate == [0.02, 0.02]
    assert sr.Parameters(**{k: v for k, v in parameters.to_dict().items() if v is not None}) == (
        parameters
    )
    assert sr.Parameters(source='a "quoted" \\ text').source == 'a "quoted" \\ text'
    with pytest.raises(sr.ParameterError, match="did you mean max_rate"):
        parameters.replace(max_rat=3)
    with pytest.raises(AttributeError, match="max_rate"):
        parameters.max_rat  # noqa: B018
    parameters.save(tmp_path / "p.toml")
    assert sr.Parameters.load(tmp_path / "p.toml") == parameters
    for name in sr.Parameters.presets():
        assert sr.Parameters.load(name).steps > 0


def test_networks_of_other_libraries_arrays(network):
    arrays = [array for w, b in zip(network.weights, network.biases) for array in (w.T, b)]
    assert sr.Network.from_keras_weights(arrays).same_weights(network)
    with pytest.raises(sr.InputError, match="Dense"):
        sr.Network.from_keras_weights([np.ones((3, 3, 1, 8))])


def test_errors_name_argument_and_value(network, images, parameters):
    with pytest.raises(sr.RateError) as raised:
        sr.sleep(network, images[0] * 1e-6, parameters)
    assert raised.value.layer == 1
    assert raised.value.target == 0.02
    assert raised.value.highest < 0.02


def test_notebooks_show_reports_and_parameters(network, images, parameters):
    _, report = sr.sleep(network, images[0], parameters)
    assert "hidden 1" in report._repr_html_()
    assert "max_rate" in parameters._repr_html_()
    named = parameters.replace(source="<script>")
    assert "<script>" not in named._repr_html_()
    assert "accuracy" in sr.measure(network, *images)._repr_html_()


def test_import_is_quick_and_lean():
    script = """
import sys, time
import numpy
begin = time.perf_counter()
import sleepreplay
print(time.perf_counter() - begin)
assert not {"torch", "sklearn", "pandas", "scipy", "onnx", "tqdm"} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_stub_says_what_the_module_has():
    import ast
    from pathlib import Path

    from sleepreplay import _core

    stub = ast.parse((Path(sr.__file__).parent / "_core.pyi").read_text())
    said = {n.name for n in stub.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    assert said == {name for name in vars(_core) if not name.startswith("_")}
    for node in stub.body:
        if isinstance(node, ast.FunctionDef):
            arguments = [a.arg for a in node.args.args]
            found = getattr(_core, node.name).__doc__ or ""
            named = found.split("(", 1)[1].rsplit(")", 1)[0]
            for argument in arguments:
                assert f"{argument}:" in named, (node.name, argument)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"threads": -1}, "threads is -1"),
        ({"threads": 10**6}, "threads is 1000000"),
        ({"record_steps": 1.5}, "record_steps is 1.5"),
        ({"seed": float("inf")}, "seed is inf"),
        ({"seed": np.array([1, 2])}, "seed is array"),
        ({"shape": ("8", "8")}, "shape"),
        ({"shape": 8}, "shape is 8"),
        ({"normalization": ("a", 1)}, "normalization"),
        ({"progress": 3}, "progress is 3"),
    ],
)
def test_arguments_of_the_wrong_kind_are_named(network, images, parameters, options, words):
    with pytest.raises(sr.ParameterError, match=words) as raised:
        sr.sleep(network, images[0], parameters, **options)
    assert "\n" not in str(raised.value)


def test_values_that_would_be_taken_for_others(network, images):
    X, y = images
    with pytest.raises(sr.InputError, match="y is None"):
        sr.measure(network, X, None)
    with pytest.raises(sr.InputError, match="y is None"):
        sr.wake(network, X, None)
    with pytest.raises(sr.InputError, match="below 2"):
        sr.measure(network, X, y + 2**32)
    with pytest.raises(sr.InputError, match="masked"):
        sr.measure(network, X, np.ma.array(y, mask=y > 3))
    with pytest.raises(sr.InputError, match="masked"):
        network.predict(np.ma.array(X, mask=X > 0.9))
    with pytest.raises(sr.ParameterError, match="must be numbers"):
        sr.Network([np.eye(2) * 1j])
    with pytest.raises(sr.ModelError, match="NoneType"):
        sr.measure(None, X, y)
    assert not sr.Network([np.ones((2, 3))]).same_weights(sr.Network([np.ones((3, 2))]))


def test_parameters_that_exclude_each_other(parameters):
    with pytest.raises(sr.ParameterError, match="exclude"):
        parameters.replace(threshold=[1.0, 1.0], target_rate=[0.1, 0.1])
    text = 'a "b"\n\\c\t\r\x01\x7f'
    assert parameters.replace(source=text).source == text
    with pytest.raises(sr.FileError) as raised:
        sr.Parameters.from_toml("steps = ")
    assert not isinstance(raised.value, FileNotFoundError)


def test_noise_without_a_shape_names_what_helps(images, network, parameters):
    X, _ = images
    with pytest.raises(sr.InputError, match=r"silent; say .* normalization=\(mean, std\)"):
        sr.sleep(network, (X - X.mean()) / X.std() - 3, parameters)
    as_said = (X - X.mean()) / X.std()
    sr.sleep(network, as_said, parameters, normalization=(X.mean(), X.std()))


def test_guard_after_training_on(images, network, parameters):
    X, y = images
    on = {
        "calibration": X[:150], "y_calibration": y[:150], "moment": "tuned",
        "moment_updates": 100, "moment_training": {"protocol": "modern", "batch_size": 20},
    }  # fmt: skip
    held_out = X[150:], y[150:]
    as_it_is = sr.guard(network, *held_out, parameters, calibration=X[:150])
    tuned = sr.guard(network, *held_out, parameters, **on)
    assert tuned.before > as_it_is.before + 0.3
    assert tuned.steps == parameters.steps
    assert tuned == sr.guard(network, *held_out, parameters, **on)
    still = sr.guard(network, *held_out, parameters.replace(increment=0, decrement=0), **on)
    assert still.before == tuned.before
    assert not still
    with pytest.raises(sr.ParameterError, match="give calibration and y_calibration"):
        sr.guard(network, *held_out, parameters, moment="tuned", moment_updates=10)
    with pytest.raises(sr.ParameterError, match="moment_updates"):
        sr.guard(network, *held_out, parameters, **{**on, "moment_updates": 0})
    with pytest.raises(sr.ParameterError, match="awake"):
        sr.guard(network, *held_out, parameters, moment="later")
    for option in (
        {"moment_updates": 10},
        {"moment_learning_rate": 0.1},
        {"y_calibration": y[:150]},
    ):
        with pytest.raises(sr.ParameterError, match='goes with moment="tuned"'):
            sr.guard(network, *held_out, parameters, calibration=X[:150], **option)
    with pytest.raises(sr.ParameterError, match="learning_rate"):
        sr.guard(network, *held_out, parameters, **on, moment_learning_rate=-1)


@pytest.mark.parametrize(
    ("helps", "low", "high", "words"),
    [
        (True, 0.1, 0.3, "it helps"),
        (False, -0.1, 0.3, "not shown to help"),
        (False, -0.3, -0.1, "does harm"),
    ],
)
def test_verdicts_in_words(helps, low, high, words):
    said = str(sr.Verdict(helps, 77, 0.5, 0.7, low, high, 200))
    assert words in said
    assert f"[{low:+.4f}, {high:+.4f}] by 200 samples" in said
