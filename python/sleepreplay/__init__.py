"""
Sleep Replay Consolidation for trained neural networks.

A trained network is mapped to a spiking network, driven by noise shaped like its average input,
rewired by a local Hebbian rule, mapped back, and woken (Tadros et al. 2022; Bazhenov et al. 2024).

`sleepreplay.tasks` has tasks in sequence. `sleepreplay.torch`, `.sklearn`, `.onnx`, `.nir`,
`.optuna`, `.matlab` and `.cluster` are loaded when they are first used; each needs the library of
its name (`.matlab` needs SciPy, `.cluster` Dask).
"""

from __future__ import annotations

import importlib
from typing import Any

from . import tasks
from ._distort import distort
from ._explain import Prospect, explain
from ._measure import Metrics, Verdict, guard, measure
from ._sleep import SleepReport, sleep, wake
from ._study import Page, Results, RunStatus, Verification, report, results, run, verify
from ._tune import Tuned, tune
from ._version import __version__
from .errors import (
    Error,
    FileError,
    InputError,
    MissingFileError,
    ModelError,
    ParameterError,
    RateError,
    Stopped,
    SystemFailure,
    WorkerError,
)
from .network import Network
from .parameters import Parameters

_LAZY = {
    "cluster": "Dask",
    "matlab": "SciPy",
    "nir": "nir",
    "onnx": "onnx",
    "optuna": "Optuna",
    "sklearn": "scikit-learn",
    "torch": "PyTorch",
}

__all__ = [
    "Error",
    "FileError",
    "InputError",
    "Metrics",
    "MissingFileError",
    "ModelError",
    "Network",
    "Page",
    "ParameterError",
    "Parameters",
    "Prospect",
    "RateError",
    "Results",
    "RunStatus",
    "SleepReport",
    "Stopped",
    "SystemFailure",
    "Tuned",
    "Verdict",
    "Verification",
    "WorkerError",
    "__version__",
    "cluster",
    "distort",
    "explain",
    "guard",
    "matlab",
    "measure",
    "nir",
    "onnx",
    "optuna",
    "report",
    "results",
    "run",
    "sklearn",
    "sleep",
    "tasks",
    "torch",
    "tune",
    "verify",
    "wake",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        try:
            return importlib.import_module(f".{name}", __name__)
        except ModuleNotFoundError as error:
            if (error.name or "").startswith(__name__):
                raise
            raise ImportError(
                f"sleepreplay.{name} needs {_LAZY[name]}: pip install {_package(name)}"
            ) from error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _package(name: str) -> str:
    return {"cluster": "distributed", "matlab": "scipy", "sklearn": "scikit-learn"}.get(name, name)


def __dir__() -> list[str]:
    return sorted(__all__)
