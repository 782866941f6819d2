"""Sleep after each task of somebody's own training loop."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from . import _core
from ._data import Normalization, as_count, as_threads
from ._progress import Progress, listening, part_of
from ._sleep import SleepReport, check_seed, run_sleep
from ._torch_data import labeled_inputs, tail_inputs
from ._torch_network import check_normalization, data_of, tail_of
from ._torch_tail import Tail
from ._torch_weights import write
from .errors import InputError, ParameterError
from .network import Network
from .parameters import Parameters, as_parameters

_CALIBRATIONS = ("running", "current", "all")
_SEED_OF_TASKS = 1_000_000  # as in tasks in sequence: each sleep has noise of its own
_SLEEP_PART = 0.9  # of the work; the rest is waking


class Sleeper:
    """
    Puts a module to sleep after each task of your own training, in place, and wakes it.

    Call `after_task` when a task has been learned. The sleep after task k is 1 + `growth` (k - 1)
    times as long as the first, and has noise of its own. With the same weights it is, to the last
    bit, the sleep of `sleepreplay.tasks` and of `hypnos run`.

    Waking multiplies the weights. What the optimizer remembers of the gradients before, momentum
    above all, does not fit them any more: give the optimizer to `after_task`, which clears its
    state, or make a new one.

    Parameters
    ----------
    model : torch.nn.Module
    parameters : Parameters, or name of a preset or file
        Of each sleep; `growth` says how much longer later ones are.
    calibration : {"running", "current", "all"}
        What shapes the noise (a mean) and the scale factors (the largest activations).
        running: the mean of the data of all tasks so far, which the sleeper keeps as a sum, and the
        activations by the data of this task; no old data are needed. current: the data of this
        task. all: the data of all tasks so far, which you then give as `all_data`.
    wake : bool
        Wake the module after each sleep, by the data of this task, which need labels then.
    head, output, normalization, shape, layout : as in `sleep_`
        What comes into a head changes while the layers before it are trained; the running mean then
        has what came in at the time.
    seed : int
        Of the noise; the sleep after task k has the seed `seed` + 1,000,000 k.
    threads : int
        0: all cores. Results do not depend on it.

    Raises
    ------
    ParameterError
        There is no such calibration, preset or seed.

    Examples
    --------
    >>> import torch
    >>> import sleepreplay as sr
    >>> _ = torch.manual_seed(1)
    >>> model = torch.nn.Sequential(
    ...     torch.nn.Flatten(), torch.nn.Linear(64, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10)
    ... )
    >>> parameters = sr.Parameters.load("authors-mnist").replace(
    ...     patch=3, steps=100, growth=0.5, target_rate=[0.01, 0.01]
    ... )
    >>> sleeper = sr.torch.Sleeper(model, parameters)
    >>> optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.5)
    >>> for task in range(3):
    ...     images, labels = torch.rand(50, 1, 8, 8), torch.randint(10, (50,))
    ...     loss = torch.nn.functional.cross_entropy(model(images), labels)
    ...     loss.backward()
    ...     optimizer.step()
    ...     report = sleeper.after_task(images, labels, optimizer=optimizer)
    >>> report.steps, sleeper.tasks
    (200, 3)
    """

    def __init__(
        self,
        model: nn.Module,
        parameters: Parameters | str | os.PathLike[str],
        *,
        calibration: str = "running",
        wake: bool = True,
        head: str | None = None,
        output: str | None = None,
        seed: int = 1,
        normalization: Normalization | None = None,
        shape: Sequence[int] | None = None,
        layout: str | None = None,
        threads: int = 0,
    ) -> None:
        if calibration not in _CALIBRATIONS:
            raise ParameterError(
                f"calibration is {calibration!r}; it must be running, current or all",
                "calibration",
            )
        self.model = model
        self.parameters = as_parameters(parameters)
        self.calibration = calibration
        self.wake = bool(wake)
        self._head = head
        self._output = output
        self._seed = check_seed(seed)
        self._normalization = normalization
        self._shape = shape
        self._layout = layout
        self._threads = as_threads(threads)
        self._tasks = 0
        self._samples = 0  # of the running mean
        self._sums: NDArray[np.float64] | None = None  # [features], of these

    @property
    def tasks(self) -> int:
        """How many tasks have been slept on."""
        return self._tasks

    def after_task(
        self,
        data: Any,
        labels: Any = None,
        *,
        all_data: Any = None,
        optimizer: torch.optim.Optimizer | None = None,
        progress: Progress = None,
    ) -> SleepReport:
        """
        Sleep on a task that has been learned, and wake.

        When anything goes wrong, or on Ctrl-C, module, optimizer and sleeper are as they were.

        Parameters
        ----------
        data : tensor [samples x ...], array, or DataLoader of (samples, labels)
            What the task was trained on.
        labels : tensor or array [samples], of data that are a tensor or an array
            Class numbers from 0; needed for waking.
        all_data : tensor, array or DataLoader, with the calibration "all"
            The data of all tasks so far, those of this one included.
        optimizer : torch.optim.Optimizer, optional
            Its state is cleared: momentum begins anew.
        progress : True, or a function of (part, note)

        Returns
        -------
        SleepReport
            `report.waking_factor` says by what the outputs were multiplied.

        Raises
        ------
        ModelError
            A part of the head cannot sleep; the message names it.
        InputError
            The data cannot be used, or have no labels to wake by; no factor fits them.
        ParameterError, RateError, Stopped
            As in `sleepreplay.sleep`.
        """
        if (self.calibration == "all") != (all_data is not None):
            raise ParameterError(
                'all_data go with calibration="all", which needs the data of all tasks so far',
                "all_data",
            )
        if optimizer is not None and not isinstance(optimizer, torch.optim.Optimizer):
            raise ParameterError(
                f"optimizer is {type(optimizer).__name__}; it must be a torch.optim.Optimizer",
                "optimizer",
            )
        tail, network = tail_of(self.model, data, self._head, self._output)
        check_normalization(tail, self._normalization)
        task = self._tasks + 1
        samples = self._data(network, tail, data, labels, labeled=self.wake)
        sums = self._sums_with(samples) if self.calibration == "running" else None
        shaping = samples
        if self.calibration == "all":
            shaping = self._data(network, tail, all_data, None, labeled=False)
        core = network._core
        del network
        with listening(progress, f"sleep after task {task}") as listener:
            core, report = run_sleep(
                core,
                shaping,
                Parameters._of(self.parameters._core.after(task)),
                seed=(self._seed + _SEED_OF_TASKS * task) % 2**64,
                input_spikes=None,
                record=None,
                record_steps=1,
                consume=True,
                threads=self._threads,
                progress=part_of(listener, 0, _SLEEP_PART if self.wake else 1),
                names=["input", *(layer.name for layer in tail.layers)],
                note=tail.note(),
                sums=sums,
            )
            if self.wake:
                waking = part_of(listener, _SLEEP_PART, 1)
                core, factor = _core.wake(core, samples, True, self._threads, waking)
                report = dataclasses.replace(report, waking_factor=factor)
        try:
            write(tail, core)
        finally:  # On Ctrl-C the weights are written all the same.
            self._tasks = task
            if sums is not None:
                self._sums, self._samples = np.array(sums.sums), sums.samples
            if optimizer is not None:
                optimizer.state.clear()
        return report

    def state_dict(self) -> dict[str, Any]:
        """
        What a training that goes on later needs, beside the state of model and optimizer.

        Returns
        -------
        dict
            Numbers, and a tensor of the sums of the running mean, [features], float64; `torch.save`
            writes it, and `torch.load` reads it.
        """
        sums = None if self._sums is None else torch.from_numpy(self._sums.copy())
        return {"tasks": self._tasks, "samples": self._samples, "sums": sums}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """
        Go on where another sleeper was.

        Raises
        ------
        InputError
            This is no state of a sleeper, or it has no running mean, which this one needs.
        """
        if not isinstance(state, Mapping) or set(state) != {"tasks", "samples", "sums"}:
            raise InputError("state is not what Sleeper.state_dict() returns")
        tasks, samples = as_count(state["tasks"], "tasks"), as_count(state["samples"], "samples")
        sums = state["sums"]
        if sums is not None:
            sums = np.array(torch.as_tensor(sums).cpu().numpy(), dtype=np.float64)
            if sums.ndim != 1 or not bool(np.isfinite(sums).all()):
                raise InputError("state: sums are not finite numbers, [features]")
        if (sums is None) != (samples == 0):
            raise InputError("state: sums and samples do not go together")
        if self.calibration == "running" and tasks > 0 and sums is None:
            raise InputError(
                "state is of a sleeper without running mean; this one has calibration='running'"
            )
        self._tasks, self._samples, self._sums = tasks, samples, sums

    def _data(
        self, network: Network, tail: Tail, data: Any, labels: Any, labeled: bool
    ) -> _core.Data:
        """Take data of the user, as what comes into the tail."""
        if labeled:
            X, y = labeled_inputs(self.model, tail, data, labels)
        else:
            X, y = tail_inputs(self.model, tail, data, with_labels=False)[0], None
        return data_of(network, tail, X, y, self._shape, self._layout, self._normalization)

    def _sums_with(self, samples: _core.Data) -> _core.ImageSums:
        """Sums of the data of all tasks, these included."""
        before = _core.ImageSums([] if self._sums is None else self._sums.tolist(), self._samples)
        return before.and_of(samples)
