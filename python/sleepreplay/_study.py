"""Studies, their results, and their page."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from . import _core
from ._data import as_count, as_threads
from ._files import write_text
from ._progress import Progress, listening
from ._remote import FuturesPool, do_all
from ._sleep import check_seed
from .errors import ParameterError

Path = str | os.PathLike[str]
Settings = Mapping[str, Any] | Sequence[str]


@dataclass(frozen=True)
class RunStatus:
    """
    How far a study is.

    Attributes
    ----------
    study : str
        What the database calls it.
    trials, done, finished, failed : int
        Of the plan; in the database; by this call; done, with a stage that could not be done.
    """

    study: str
    trials: int
    done: int
    finished: int
    failed: int


def run(
    plan: Path,
    database: Path,
    *,
    settings: Settings | None = None,
    study: str | None = None,
    cache: Path | None = None,
    jobs: int = 0,
    executor: Executor | None = None,
    progress: Progress = None,
) -> RunStatus:
    """
    Run a study: the trials of a plan that the database does not have yet.

    Ctrl-C drops the trials under way; the same call goes on from there. What is found does not
    depend on who does the trials, to the last bit.

    Parameters
    ----------
    plan : file (TOML; docs/studies.md)
    database : file (SQLite); made if it is not there
    settings : keys of the plan to change, in all its variants: a dict, or texts "key=value" whose
        values are written as in TOML
    study : what the database calls the study; default: the name of the plan's file
    cache : folder for trained networks; default: DATABASE.cache
    jobs : trials at a time, one thread each; 0: all cores
    executor : of `concurrent.futures`, which does the trials in place of `jobs` threads of this
        process: its processes, `dask.distributed.Client().get_executor()`,
        `mpi4py.futures.MPIPoolExecutor()`, ... They must find the data, and the folder `cache`,
        under the same paths. It is not shut down.
    progress : True, or a function of (part, note)

    Raises
    ------
    WorkerError
        The executor's processes have another version, or not the data.
    """
    texts = plan_settings(settings)
    if executor is not None:
        if jobs:
            raise ParameterError("jobs says nothing where an executor does the trials", "jobs")
        remote = _core.StudyRun(os.fspath(plan), texts, study or "", os.fspath(database))
        networks = os.path.abspath(cache if cache is not None else f"{os.fspath(database)}.cache")
        with listening(progress, "run") as listener:
            counts = do_all(remote, FuturesPool(executor, networks), listener)
        return RunStatus(remote.name, counts.trials, counts.done, counts.finished, remote.failed())
    with listening(progress, "run") as listener:
        found = _core.run(
            os.fspath(plan),
            os.fspath(database),
            texts,
            study or "",
            "" if cache is None else os.fspath(cache),
            as_threads(jobs, "jobs"),
            listener,
        )
    return RunStatus(**found)


def plan_settings(settings: Settings | None) -> list[str]:
    """Write settings as the program takes them: "key=value"."""
    if settings is None:
        return []
    if not isinstance(settings, Mapping):
        return list(settings)
    return [f"{key}={_plan_text(value)}" for key, value in settings.items()]


def _plan_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_plan_text(v) for v in value) + "]"
    return str(value)


@dataclass(frozen=True)
class Results:
    """
    What studies found.

    Attributes
    ----------
    studies, trials : list of dict
        All that is known, as `hypnos results --json` writes it.
    """

    database: str
    study: str
    studies: list[dict[str, Any]] = field(repr=False)
    trials: list[dict[str, Any]] = field(repr=False)
    _csv: str = field(repr=False, default="")

    def to_csv(self) -> str:
        """One line for each trial, as `hypnos results --csv` writes it."""
        return self._csv

    def to_pandas(self) -> Any:
        """One row for each trial, as a DataFrame (needs pandas)."""
        import io

        import pandas

        return pandas.read_csv(io.StringIO(self._csv))

    def to_markdown(self, measure: str = "accuracy") -> str:
        """
        Means over seeds by moment, with intervals of the gains.

        Parameters
        ----------
        measure : "accuracy", "balanced_accuracy", "cut_recall", ...
        """
        return _core.results_markdown(self.database, self.study, measure)

    def __len__(self) -> int:
        return len(self.trials)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.to_markdown())}</pre>"


def results(database: Path, *, study: str | None = None) -> Results:
    """
    Read what studies found.

    Parameters
    ----------
    database : file that `run` made
    study : only this one; default: all

    Raises
    ------
    FileError
        It is not there, or no such database.
    """
    text, csv = _core.results(os.fspath(database), study or "")
    found = json.loads(text)
    return Results(os.fspath(database), study or "", found["studies"], found["trials"], csv)


@dataclass(frozen=True)
class Verification:
    """
    Trials that were run again.

    Attributes
    ----------
    verified, equal : int
        How many were run again, and how many of them found the same, to the last bit.
    refused : int
        How many cannot be run here, because their data are not here, or are others.
    trials : list of dict
        Of each "id", "equal", "seconds", "numbers" (their version), and "differences": "where",
        "claimed", "found". One that cannot be run has "refusal": why.
    """

    verified: int
    equal: int
    refused: int
    trials: list[dict[str, Any]] = field(repr=False)

    def __bool__(self) -> bool:
        """All are equal: at least one was run, and none was refused."""
        return self.verified > 0 and self.equal == self.verified and self.refused == 0


def verify(
    results: Path,
    *,
    study: str | None = None,
    trials: int | None = 5,
    seed: int = 1,
    cheapest: bool = False,
    jobs: int = 0,
    progress: Progress = None,
) -> Verification:
    """
    Run trials of known results again, from nothing, and compare to the last bit.

    Parameters
    ----------
    results : database that `run` made, or what `hypnos results --json` printed
    study : only its trials
    trials : so many; None: all
    seed : they are drawn by it
    cheapest : not drawn: those that take the least work
    jobs : trials at a time; 0: all cores
    progress : True, or a function of (part, note)

    Raises
    ------
    FileError
        The file is neither, or has no trials, or a trial's configuration, id and words do not
        belong together.
    ParameterError
        `seed` goes with `cheapest`, which draws none.
    """
    if trials is not None and (trials := as_count(trials, "trials")) == 0:
        raise ParameterError("trials is 0; it must be 1 or more, or None", "trials")
    if cheapest and seed != 1:
        raise ParameterError("seed does not go with cheapest: nothing is drawn", "seed")
    with listening(progress, "verify") as listener:
        text = _core.verify(
            os.fspath(results),
            study or "",
            -1 if trials is None else trials,
            check_seed(seed),
            cheapest,
            as_threads(jobs, "jobs"),
            listener,
        )
    return Verification(**json.loads(text))


@dataclass(frozen=True)
class Page:
    """A report page: one HTML file. Notebooks show it."""

    html: str = field(repr=False)

    def save(self, path: Path) -> None:
        """Write the page."""
        write_text(path, self.html)

    def _repr_html_(self) -> str:
        source = html.escape(self.html, quote=True)
        return (
            f'<iframe srcdoc="{source}" style="width: 100%; height: 40em; border: 1px solid #ccc">'
            "</iframe>"
        )


def report(
    database: Path,
    *,
    study: str | None = None,
    recording: Path | None = None,
    trace: Path | None = None,
    progress: Progress = None,
) -> Page:
    """
    Make the page of figures of a results database.

    Parameters
    ----------
    database : file that `run` made, or that `hypnos report --json` wrote
    study : only this one
    recording : file of a recorded sleep, shown too
    trace : file of its accuracy
    """

    def text(path: Path | None) -> str:
        return "" if path is None else os.fspath(path)

    with listening(progress, "report") as listener:
        return Page(
            _core.report(os.fspath(database), study or "", text(recording), text(trace), listener)
        )
