"""Ctrl-C and callbacks that stop: in time, and nothing is lost or half done."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import sleepreplay as sr

# Times out of order would show up here; these limits are generous, and no measurement.
SLOW = 20.0

BEGIN = """
import signal, sys, time, hashlib
import numpy as np, sleepreplay as sr
# Whoever runs the tests in the background has them ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
random = np.random.default_rng(1)
X, y = random.random((200, 28, 28), dtype=np.float32), np.arange(200) % 10
network = sr.Network([random.normal(size=(800, 784), scale=.05), random.normal(size=(10, 800))])
long = sr.Parameters.load("authors-mnist").replace(steps=10**9, target_rate=[.02, .02])
def told(part, note):
    print("begun", flush=True)
"""


def interrupted(work: str, tmp_path: Path) -> str:
    """Run work that prints "begun"; press Ctrl-C; return what it printed after that."""
    process = subprocess.Popen(
        [sys.executable, "-c", BEGIN + work], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert process.stdout is not None
    watchdog = threading.Timer(120, process.kill)  # where it does not stop, the test fails
    watchdog.start()
    for line in process.stdout:
        if line.strip() == "begun":
            break
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    begin = time.monotonic()
    rest = process.stdout.read()
    code = process.wait()
    watchdog.cancel()
    assert code == 0
    assert time.monotonic() - begin < SLOW
    return rest


def test_sleep(tmp_path):
    said = interrupted(
        """
try:
    sr.sleep(network, X, long, progress=told, record="night.npy")
except KeyboardInterrupt:
    print("interrupted")
""",
        tmp_path,
    )
    assert "interrupted" in said
    assert list(tmp_path.iterdir()) == []


def test_sleep_of_a_module(tmp_path):
    pytest.importorskip("torch")
    said = interrupted(
        """
import torch
model = torch.nn.Sequential(torch.nn.Linear(784, 400), torch.nn.ReLU(), torch.nn.Linear(400, 10))
def state(): return hashlib.sha256(b"".join(p.detach().numpy().tobytes() for p in model.parameters())).hexdigest()
before = state()
try:
    sr.torch.sleep_(model, torch.from_numpy(X.reshape(200, -1)), long, progress=told, shape=(28, 28))
except KeyboardInterrupt:
    print("interrupted", state() == before, model.training)
""",  # noqa: E501
        tmp_path,
    )
    assert "interrupted True True" in said


def test_a_sequence_of_tasks(tmp_path):
    said = interrupted(
        """
sequence = sr.tasks.Sequence("pairs", parameters=long, hidden=[100], epochs=1)
try:
    sequence.learn(X, y, X, y, progress=told)
except KeyboardInterrupt:
    print("interrupted")
""",
        tmp_path,
    )
    assert "interrupted" in said


def test_a_sleep_after_a_task(tmp_path):
    pytest.importorskip("torch")
    said = interrupted(
        """
import torch
model = torch.nn.Sequential(torch.nn.Linear(784, 400), torch.nn.ReLU(), torch.nn.Linear(400, 10))
before = [p.detach().clone() for p in model.parameters()]
sleeper = sr.torch.Sleeper(model, long, shape=(28, 28))
try:
    sleeper.after_task(torch.from_numpy(X.reshape(200, -1)), y, progress=told)
except KeyboardInterrupt:
    same = all(torch.equal(p, b) for p, b in zip(model.parameters(), before))
    print("interrupted", same, sleeper.tasks)
""",
        tmp_path,
    )
    assert "interrupted True 0" in said


TUNE = """
def tune(progress=None):
    return sr.tune(network, X, y, X_judge=X, y_judge=y, budget=40, max_steps=300,
                   base=sr.Parameters(patch=5), journal="journal", progress=progress)
"""


def test_a_search_goes_on(tmp_path):
    said = interrupted(
        TUNE
        + """
def told(part, note):
    from pathlib import Path
    if Path("journal").exists() and Path("journal").read_text().count("\\n") > 4:
        print("begun", flush=True)
try:
    tune(told)
except KeyboardInterrupt:
    print("interrupted")
""",
        tmp_path,
    )
    assert "interrupted" in said
    assert (tmp_path / "journal").read_text().count("\n") > 4
    again = subprocess.run(
        [sys.executable, "-c", BEGIN + TUNE + "print(tune().parameters.to_toml())"],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert not (tmp_path / "journal").exists()
    fresh = subprocess.run(
        [sys.executable, "-c", BEGIN + TUNE + "print(tune().parameters.to_toml())"],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert fresh.stdout == again.stdout


def test_a_study_goes_on(tmp_path):
    (tmp_path / "small.toml").write_text(
        'answers = "Does it go on?"\ndata = "data.npz"\nprotocol = "authors"\nhidden = [400, 400]\n'
        "updates = 300\nseeds = 6\nstages = []\n"
    )
    said = interrupted(
        """
np.savez("data.npz", x_train=X, y_train=y, x_test=X, y_test=y)
def told(part, note):
    if part > 0.3:
        print("begun", flush=True)
try:
    sr.run("small.toml", "results.sqlite", jobs=1, progress=told)
except KeyboardInterrupt:
    print("interrupted")
""",
        tmp_path,
    )
    assert "interrupted" in said
    done = len(sr.results(tmp_path / "results.sqlite"))
    assert 0 < done < 6
    status = sr.run(tmp_path / "small.toml", tmp_path / "results.sqlite")
    assert (status.done, status.finished) == (6, 6 - done)


def test_a_callback_stops(network, images, parameters):
    calls = []

    def stop(part: float, note: str) -> bool:
        calls.append((part, note))
        return False

    before = [np.array(w) for w in network.weights]
    with pytest.raises(sr.Stopped):
        sr.sleep(network, images[0], parameters.replace(steps=10**9), progress=stop)
    assert calls
    assert all(0 <= part <= 1 for part, _ in calls)
    assert all((a == b).all() for a, b in zip(network.weights, before, strict=True))


def test_an_error_of_a_callback_is_raised(network, images, parameters):
    def fail(part: float, note: str) -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        sr.sleep(network, images[0], parameters.replace(steps=10**9), progress=fail)


def test_the_interpreter_ends_while_a_thread_sleeps():
    script = (
        BEGIN
        + """
import threading
threading.Thread(target=lambda: sr.sleep(network, X, long), daemon=True).start()
time.sleep(0.3)
"""
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
