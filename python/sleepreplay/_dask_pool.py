"""The workers of a Dask scheduler, as a pool that does trials."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import distributed

from . import _core
from ._remote import Finished, Lost, Task, do_trial
from .errors import WorkerError


def threads_of(client: distributed.Client) -> int:
    """How many trials the workers do at a time."""
    return sum(client.nthreads().values())


def do_on_worker(
    configurations: Sequence[str], networks: str, version: str
) -> tuple[list[str], str, float]:
    """
    Do some trials on a worker, one after the other.

    Returns
    -------
    outcomes : list of str
    address : str
        Of the worker.
    seconds : float
        That it took.
    """
    begin = time.perf_counter()
    worker = distributed.get_worker()
    folder = networks or os.path.join(worker.local_directory, "networks")
    outcomes = [do_trial(each, folder, version) for each in configurations]
    return outcomes, worker.address, time.perf_counter() - begin


# Trials that take less time than this travel together: the way there and back takes milliseconds.
_BUNDLE_SECONDS = 0.2
_LARGEST_BUNDLE = 100
_LONG_SECONDS = 1.0


@dataclass(frozen=True)
class _Sent:
    task: Task
    configuration: str


class DaskPool:
    """The workers of a scheduler."""

    def __init__(
        self,
        client: distributed.Client,
        networks: str,
        work: Callable[..., tuple[list[str], str, float]] = do_on_worker,
    ):
        self._client = client
        self._arguments = (networks, _core.version())
        self._work = work
        self._completed = distributed.as_completed(
            loop=client.loop, with_results=True, raise_errors=False
        )
        self._ready: list[_Sent] = []  # to be sent
        self._under_way: dict[distributed.Future[Any], list[_Sent]] = {}
        self._holders: dict[str, str] = {}  # which worker has a network
        self._suspects: list[_Sent] = []  # whose workers died
        self._alone = False  # a suspect is tried again, by itself
        self._bundle = 1
        self._seconds = 0.0  # of a trial, about
        self._threads = threads_of(client)
        self._counted = time.monotonic()

    def room(self) -> int:
        """So many more trials can be given away now."""
        if self._suspects or self._alone:
            return 0
        if time.monotonic() - self._counted > 1:
            self._threads = threads_of(self._client)
            self._counted = time.monotonic()
        # Of short ones some wait at the scheduler, so that no worker waits for them. Long ones do
        # not: they would wait behind each other while another worker has nothing to do.
        waiting = 0 if self._seconds > _LONG_SECONDS else 2
        most = (1 + waiting) * max(1, self._threads) * self._bundle
        return most - len(self._ready) - sum(map(len, self._under_way.values()))

    def submit(self, task: Task, configuration: str) -> None:
        """Give a trial away."""
        self._ready.append(_Sent(task, configuration))

    def finished(self) -> Finished:
        """Wait until some are done, or for a moment."""
        self._send_all()
        self._try_a_suspect()
        found: Finished = []
        for future, result in self._batch():
            sent = self._under_way.pop(future)
            if not isinstance(result, tuple):
                raise WorkerError("the scheduler is gone, or has dropped the trials")
            if isinstance(result[1], BaseException):  # (type, exception, traceback)
                found += self._mishap(sent, result[1])
            else:
                outcomes, address, seconds = result
                self._learn(sent, address, seconds)
                found += [(each.task, text) for each, text in zip(sent, outcomes, strict=True)]
            self._alone = False
            future.release()
        return found

    def cancel(self) -> None:
        """Take back what is under way."""
        if self._under_way and self._client.status == "running":
            self._client.cancel(list(self._under_way))

    def _send_all(self) -> None:
        by_holder: dict[str, list[_Sent]] = {}
        for each in self._ready:
            by_holder.setdefault(self._holders.get(each.task.network, ""), []).append(each)
        size = min(self._bundle, max(1, len(self._ready) // max(1, self._threads)))
        for holder, sent in by_holder.items():
            for begin in range(0, len(sent), size):
                self._send(sent[begin : begin + size], "trial", holder)
        self._ready.clear()

    def _send(self, sent: list[_Sent], kind: str, holder: str = "") -> None:
        # Others take it all the same when they have nothing to do.
        near = {"workers": [holder], "allow_other_workers": True} if holder else {}
        future = self._client.submit(
            self._work,
            [each.configuration for each in sent],
            *self._arguments,
            key=f"hypnos-{kind}-{sent[0].task.id}",
            pure=False,
            **near,
        )
        self._under_way[future] = sent
        self._completed.add(future)

    def _batch(self, seconds: float = 0.2) -> list[tuple[distributed.Future[Any], Any]]:
        """Wait for results, not longer than that; take all that are there."""
        end = time.monotonic() + seconds
        batch = self._completed.next_batch(block=False)
        while not batch and time.monotonic() < end:
            time.sleep(0.005)
            batch = self._completed.next_batch(block=False)
        return list(batch)

    def _learn(self, sent: list[_Sent], address: str, seconds: float) -> None:
        for each in sent:
            if each.task.network:
                self._holders[each.task.network] = address
        of_one = seconds / len(sent)
        self._seconds = 0.8 * self._seconds + 0.2 * of_one if self._seconds else of_one
        self._bundle = min(_LARGEST_BUNDLE, max(1, int(_BUNDLE_SECONDS / max(self._seconds, 1e-6))))

    def _mishap(self, sent: list[_Sent], error: BaseException) -> Finished:
        if not isinstance(error, distributed.KilledWorker):
            return [(each.task, error) for each in sent]
        if not self._alone:
            # It may be that another trial on the same worker has killed it.
            self._suspects += sent
            return []
        reason = f"worker: those who did it died, again and again (the last: {error.last_worker})"
        return [(sent[0].task, Lost(reason))]

    def _try_a_suspect(self) -> None:
        """Send one of those whose workers died, when nothing else is under way."""
        if self._suspects and not self._under_way:
            self._alone = True
            self._send([self._suspects.pop()], "suspect")
