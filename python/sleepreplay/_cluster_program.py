"""The command `hypnos-cluster`."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import time
from collections.abc import Sequence

from . import _core
from .errors import Error, InputError


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


class _Signal(KeyboardInterrupt):
    """Another signal than that of Ctrl-C."""


def _interrupt(number: int, frame: object) -> None:
    raise _Signal(number)


def main(words: Sequence[str] | None = None) -> int:
    """
    Run the command.

    Returns
    -------
    int
        0 done, 1 the work failed, 2 the call or an input is wrong, 130 interrupted (143 by
        SIGTERM, 129 by SIGHUP).
    """
    call = _arguments().parse_args(words)
    try:
        from .cluster import run
    except ModuleNotFoundError as error:
        if error.name not in ("dask", "distributed"):
            raise
        _say('hypnos-cluster: it needs Dask: pip install "sleepreplay[cluster]"')
        return 1
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
    except KeyboardInterrupt as stopped:
        _say(f"interrupted: the same command goes on from what is in {call.db}")
        return 128 + (int(stopped.args[0]) if isinstance(stopped, _Signal) else signal.SIGINT)
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
