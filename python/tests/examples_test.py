"""The notebooks of examples/, and the scripts there, run from top to bottom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sleepreplay

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOTEBOOKS = sorted(path.name for path in EXAMPLES.glob("*.ipynb"))
MOST_BYTES = 100_000


def run(*command: str) -> str:
    folder = str(Path(sleepreplay.__file__).parents[1])
    path = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_are_notebooks():
    assert len(NOTEBOOKS) == 3


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook(name):
    assert name in run(str(EXAMPLES / "run"), str(EXAMPLES / name))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_is_small(name):
    """Outputs are tables of text, and small pictures."""
    content = (EXAMPLES / name).read_bytes()
    assert len(content) < MOST_BYTES
    outputs = [o for cell in json.loads(content)["cells"] for o in cell.get("outputs", [])]
    assert not [o for o in outputs if o["output_type"] == "error"]


def test_script():
    accuracies = [
        float(line.split()[-1]) for line in run(str(EXAMPLES / "fashion.py")).splitlines()
    ]
    assert len(accuracies) == 4
    assert accuracies[-1] > 0.5


def test_forgetting():
    said = run(str(EXAMPLES / "forgetting.py")).splitlines()
    trained, woken, slept = (float(line.split()[-1]) for line in said)
    assert trained < 0.25
    assert woken < 0.25
    assert slept > 0.35
