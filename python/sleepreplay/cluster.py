"""
Studies on a cluster, by Dask's distributed scheduler: the command `hypnos-cluster`.

The client alone opens the database. Workers get a trial's configuration as JSON and return its
outcome as JSON. Needs `pip install "sleepreplay[cluster]"`.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as _Path
from typing import Any

import distributed
from distributed.comm.addressing import resolve_address

from . import _core
from ._progress import Listener, Progress, listening
from ._remote import Lost, Task, do_all, do_trial, place
from ._study import Path, RunStatus, Settings, plan_settings
from .errors import Error, InputError, Stopped, WorkerError


def run(
    plan: Path,
    database: Path,
    scheduler: str | distributed.Client,
    *,
    settings: Settings | None = None,
    study: str | None = None,
    networks: Path | None = None,
    progress: Progress = None,
) -> RunStatus:
    """
    Run a study on the workers of a Dask scheduler: the trials that the database does not have yet.

    A worker that dies loses what it was doing; that trial goes to another. A trial whose workers
    die again and again is marked as failed. Ctrl-C, or the end of this process, loses the trials
    that are under way; the same call goes on from there.

    Parameters
    ----------
    plan, database, settings, study, progress : as of `sleepreplay.run`
    scheduler : its address ("tcp://head:8786"), its file, or a client
    networks : folder for trained networks, on the disk of each worker; default: one for each
        worker, which ends with it

    Raises
    ------
    WorkerError
        The scheduler cannot be reached, a worker has another version of the package, or not the
        data.
    """
    texts = plan_settings(settings)
    remote = _core.StudyRun(os.fspath(plan), texts, study or "", os.fspath(database))
    folder = "" if networks is None else os.path.abspath(networks)
    with connected(scheduler) as client, listening(progress, "run") as listener:
        wait_for_workers(client, listener)
        check_versions(client)
        counts = do_all(remote, DaskPool(client, folder), listener)
    return RunStatus(remote.name, counts.trials, counts.done, counts.finished, remote.failed())


@contextmanager
def connected(scheduler: str | distributed.Client) -> Iterator[distributed.Client]:
    """Open a client, and close it; somebody else's is left open."""
    if isinstance(scheduler, distributed.Client):
        yield scheduler
        return
    file = scheduler if _Path(scheduler).is_file() else None
    try:
        if file is None:
            resolve_address(scheduler)
        client = distributed.Client(
            address=None if file else scheduler, scheduler_file=file, set_as_default=False
        )
    except (OSError, ValueError, TimeoutError) as error:
        raise WorkerError(f"the scheduler at {scheduler} cannot be reached: {error}") from error
    try:
        yield client
    finally:
        client.close(timeout=2)


def threads_of(client: distributed.Client) -> int:
    """How many trials the workers do at a time."""
    return sum(client.nthreads().values())


def wait_for_workers(client: distributed.Client, listener: Listener | None) -> None:
    """Wait until there is a worker."""
    while threads_of(client) == 0:
        if listener is not None and listener(0.0, "waiting for a worker") is False:
            raise Stopped("stopped")
        time.sleep(0.2)


def check_versions(client: distributed.Client) -> None:
    """Refuse workers with another version, by name."""
    here = _core.version()
    try:
        found = client.run(worker_version)
    except ModuleNotFoundError as error:
        raise WorkerError(
            f"a worker cannot load the package ({error}); install sleepreplay there"
        ) from error
    wrong = [(name, version) for name, version in found.values() if version != here]
    if wrong:
        which = "; ".join(f"{name} has sleepreplay {version}" for name, version in wrong)
        raise WorkerError(f"{which}; the client has {here}. Install the same everywhere")


def worker_version() -> tuple[str, str]:
    """Say who this is, and which version of the package it has."""
    return place(), _core.version()


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

    def finished(self) -> Sequence[tuple[Task, str | Lost]]:
        """Wait until some are done, or for a moment."""
        self._send_all()
        self._try_a_suspect()
        found: list[tuple[Task, str | Lost]] = []
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

    def _mishap(self, sent: list[_Sent], error: BaseException) -> list[tuple[Task, str | Lost]]:
        if not isinstance(error, distributed.KilledWorker):
            raise error
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


def _bar(part: float, note: str) -> None:
    if sys.stderr.isatty():
        filled = round(30 * part)
        bar = "#" * filled + "." * (30 - filled)
        print(f"\r[{bar}] {100 * part:5.1f}%  {note}\x1b[K", end="", file=sys.stderr, flush=True)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hypnos-cluster",
        description="Run studies of Hypnos on the workers of a Dask scheduler.",
    )
    parser.add_argument("--version", action="version", version=f"hypnos {_core.version()}")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser(
        "run",
        help="run a study: the trials of a plan, over seeds",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="A trial that is in the database is not done again: after Ctrl-C, or when this\n"
        "process was killed, the same command goes on. docs/cluster.md has the commands for a\n"
        "workstation, for machines reached by SSH, and for Slurm.\n\n"
        "Example:\n"
        "  hypnos-cluster run studies/figure1.toml --db results.sqlite --scheduler tcp://head:8786",
    )
    verb.add_argument("plan", help="plan (TOML)")
    verb.add_argument(
        "--db", required=True, metavar="FILE", help="results database; made if it is not there"
    )
    verb.add_argument(
        "--scheduler", required=True, help="address of Dask's scheduler, or its scheduler file"
    )
    verb.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one key of the plan, in all its variants; may be repeated",
    )
    verb.add_argument("--study", metavar="NAME", help="what the database calls the study")
    verb.add_argument(
        "--networks",
        metavar="DIR",
        help="folder for trained networks, on the disk of each worker (default: one for each "
        "worker, which ends with it)",
    )
    verb.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main(words: Sequence[str] | None = None) -> int:
    """
    Run the command.

    Returns
    -------
    int
        0 done, 1 the work failed, 2 the call or an input is wrong, 130 interrupted.
    """
    call = _arguments().parse_args(words)
    # That a worker died and its trials go to another is not news for the user.
    logging.getLogger("distributed").setLevel(logging.ERROR)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    began = time.monotonic()
    try:
        status = run(
            call.plan,
            call.db,
            call.scheduler,
            settings=call.set,
            study=call.study,
            networks=call.networks,
            progress=_bar,
        )
    except KeyboardInterrupt:
        _say(f"interrupted: the same command goes on from what is in {call.db}")
        return 130
    except Error as error:
        _say(f"hypnos-cluster: {error}")
        return 2 if isinstance(error, InputError) else 1
    seconds = time.monotonic() - began
    _say(
        f"{call.db}: {status.trials} trials of {status.study}, {status.finished} of them done now, "
        f"in {seconds:.1f} s"
    )
    if status.failed:
        _say(
            f"note: {status.failed} of the {status.trials} trials had a stage that could not be "
            "done; hypnos results --csv says why"
        )
    if call.json:
        found = {
            "study": status.study,
            "trials": status.trials,
            "finished": status.finished,
            "failed": status.failed,
            "seconds": seconds,
            "database": call.db,
        }
        print(json.dumps(found))
    return 0


def _say(line: str) -> None:
    clear = "\r\x1b[K" if sys.stderr.isatty() else ""
    print(f"{clear}{line}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
