"""
Studies on a cluster, by Dask's distributed scheduler; the command is `hypnos-cluster`.

The client alone opens the database. Workers get a trial's configuration as JSON and return its
outcome as JSON. Needs `pip install "sleepreplay[cluster]"`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as _Path

import distributed
from distributed.comm.addressing import resolve_address

from . import _core
from ._dask_pool import DaskPool, threads_of
from ._progress import Listener, Progress, listening
from ._remote import do_all, place
from ._study import Path, RunStatus, Settings, plan_settings
from .errors import FileError, Stopped, WorkerError


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
    FileError
        The scheduler file is none.
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
    address = address_of(scheduler)
    try:
        resolve_address(address)
        client = distributed.Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkerError(f"the scheduler at {scheduler} cannot be reached: {error}") from error
    try:
        yield client
    finally:
        client.close(timeout=2)


def address_of(scheduler: str) -> str:
    """Take an address as it is, and read the one in a scheduler file."""
    path = _Path(scheduler)
    if not path.is_file():
        if path.suffix == ".json":
            raise FileError(f"{scheduler}: there is no such scheduler file", scheduler)
        return scheduler
    try:
        address = json.loads(path.read_bytes())["address"]
    except OSError as error:
        raise FileError(f"{scheduler}: cannot be read: {error.strerror}", scheduler) from error
    except (ValueError, TypeError, KeyError, RecursionError):
        address = None
    if not isinstance(address, str):
        raise FileError(
            f"{scheduler}: is no scheduler file, or one that is not written yet: it has no address",
            scheduler,
        )
    return address


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
