"""Studies whose trials are done elsewhere: by other processes, or on other machines."""

from __future__ import annotations

import functools
import os
import socket
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from . import _core
from ._progress import Listener
from .errors import InputError, Stopped, WorkerError


@dataclass(frozen=True)
class Task:
    """
    A trial that is to be done.

    Attributes
    ----------
    place : int
        In the plan.
    id : str
        SHA-256 of its configuration.
    network : str
        The same of the trained network that it begins with; empty: it has none to share.
    work : float
        About how much it is.
    """

    place: int
    id: str
    network: str
    work: float


@dataclass(frozen=True)
class Lost:
    """Why a trial could not be done anywhere."""

    reason: str


Finished = list[tuple[Task, "str | Lost | BaseException"]]
"""Trials with their outcome (JSON), why there is none, or what was raised."""


class Pool(Protocol):
    """Those who do the trials."""

    def room(self) -> int:
        """So many more trials can be given away now."""
        ...

    def submit(self, task: Task, configuration: str) -> None:
        """Give a trial away."""
        ...

    def finished(self) -> Finished:
        """Wait until some are done, or for a moment."""
        ...

    def cancel(self) -> None:
        """Take back what has not begun."""
        ...


def trainings_first(tasks: Sequence[Task]) -> list[Task]:
    """Put one trial of each network first: the others find it trained."""
    firsts: list[Task] = []
    others: list[Task] = []
    seen: set[str] = set()
    for task in tasks:
        if task.network in seen:
            others.append(task)
        else:
            firsts.append(task)
            if task.network:
                seen.add(task.network)
    return firsts + others


@dataclass
class Counts:
    """How far a study is."""

    trials: int
    done: int
    finished: int = 0
    lost: int = 0


def do_all(run: Any, pool: Pool, listener: Listener | None) -> Counts:
    """
    Do the missing trials of a study.

    Parameters
    ----------
    run : _core.StudyRun
        Has the plan and the database.

    Raises
    ------
    Stopped
        The listener returned False. What was done is in the database.
    """
    waiting = deque(trainings_first([Task(*each) for each in run.missing()]))
    counts = Counts(run.trials, run.trials - len(waiting))
    work = sum(task.work for task in waiting)
    done_work = 0.0
    under_way = 0

    def tell() -> None:
        note = f"{counts.done} of {counts.trials} trials"
        if listener is not None and listener(done_work / work if work else 1.0, note) is False:
            raise Stopped("stopped")

    try:
        while waiting or under_way:
            tell()
            for _ in range(min(pool.room(), len(waiting))):
                task = waiting.popleft()
                pool.submit(task, run.configuration(task.place))
                under_way += 1
            found = pool.finished()
            under_way -= len(found)
            run.store([(t.place, text) for t, text in found if isinstance(text, str)])
            for task, text in found:
                if isinstance(text, Lost):
                    run.store_failure(task.place, text.reason)
                    counts.lost += 1
                done_work += task.work
            for _, raised in found:
                if isinstance(raised, BaseException):
                    raise raised
            counts.done += len(found)
            counts.finished += len(found)
        tell()
    finally:
        pool.cancel()
    return counts


@functools.cache
def _runner(networks: str) -> Any:
    return _core.TrialRunner(networks)


def do_trial(configuration: str, networks: str, version: str) -> str:
    """
    Do a trial, where this is called.

    Parameters
    ----------
    configuration : JSON
    networks : folder for trained networks
    version : of the program that asks

    Returns
    -------
    str
        JSON: the outcome, and who found it.
    """
    here = _core.version()
    if here != version:
        raise WorkerError(f"{place()} has sleepreplay {here}, and the client {version}")
    try:
        return str(_runner(networks).run(configuration, None))
    except InputError as error:
        # Which machine it was is half of what is wrong.
        raise WorkerError(f"{place()}: {error}") from error


def place() -> str:
    """Name this process."""
    return f"{socket.gethostname()} (process {os.getpid()})"


class FuturesPool:
    """Any executor of `concurrent.futures`."""

    def __init__(self, executor: Executor, networks: str, work: Callable[..., str] = do_trial):
        self._executor = executor
        self._arguments = (networks, _core.version())
        self._work = work
        self._tasks: dict[Future[str], Task] = {}
        self._done: SimpleQueue[Future[str]] = SimpleQueue()

    def room(self) -> int:
        """So many more trials can be given away now."""
        # How many it does at a time is its own affair; a queue of so many keeps it busy.
        return 1000 - len(self._tasks)

    def submit(self, task: Task, configuration: str) -> None:
        """Give a trial away."""
        future = self._executor.submit(self._work, configuration, *self._arguments)
        self._tasks[future] = task
        future.add_done_callback(self._done.put)

    def finished(self) -> Finished:
        """Wait until some are done, or for a moment."""
        found: Finished = []
        for future in take_all(self._done):
            raised = future.exception()
            found.append((self._tasks.pop(future), raised or future.result()))
        return found

    def cancel(self) -> None:
        """Take back what has not begun."""
        for future in self._tasks:
            future.cancel()


def take_all(queue: SimpleQueue[Any], seconds: float = 0.2) -> list[Any]:
    """Wait for something in a queue, not longer than that; take all that is there."""
    found = []
    try:
        found.append(queue.get(timeout=seconds))
        while True:
            found.append(queue.get_nowait())
    except Empty:
        return found
