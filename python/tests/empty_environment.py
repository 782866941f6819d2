"""What must work where nothing but the wheel and NumPy is installed. Run by scripts/wheel."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import sleepreplay as sr

assert not {"torch", "sklearn", "onnx", "nir", "scipy", "pandas"} & set(sys.modules)
assert Path(sr.__file__).is_relative_to(Path(sys.prefix)), sr.__file__

random = np.random.default_rng(1)
network = sr.Network([random.normal(size=(50, 64)), random.normal(size=(10, 50))])
X = random.random((100, 8, 8), dtype=np.float32)
parameters = sr.Parameters.load("authors-mnist").replace(
    patch=3, steps=200, target_rate=[0.01, 0.01]
)
slept, report = sr.sleep(network, X, parameters)
assert report.steps == 200
assert not slept.same_weights(network)
awake, factor = sr.wake(slept, X, slept.predict(X).argmax(1))
assert factor > 0

for module in ("torch", "sklearn", "onnx", "nir", "matlab"):
    try:
        getattr(sr, module)
    except ImportError as error:
        assert f"sleepreplay.{module} needs" in str(error), error
    else:
        raise AssertionError(f"sleepreplay.{module} came without its library")

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    Path("small.toml").write_text(
        'answers = "Does it run?"\ndata = "data.npz"\nprotocol = "authors"\nhidden = [20]\n'
        "epochs = 1\nseeds = 1\nstages = []\n"
    )
    np.savez(
        "data.npz",
        x_train=random.random((60, 8), dtype=np.float32),
        y_train=np.arange(60) % 3,
        x_test=random.random((30, 8), dtype=np.float32),
        y_test=np.arange(30) % 3,
    )
    status = sr.run("small.toml", "results.sqlite")
    assert (status.trials, status.done) == (1, 1)
    assert "accuracy" in sr.results("results.sqlite").to_csv()
    assert sr.report("results.sqlite").html.startswith("<!")
    program = Path(sys.prefix) / "bin" / "hypnos"
    listed = subprocess.run([program, "results", "results.sqlite"], capture_output=True, text=True)
    assert "small" in listed.stdout, listed
print("the wheel works in an empty environment")
