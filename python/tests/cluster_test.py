"""Trials by other processes: executors, and a cluster whose parts are killed."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import distributed
import numpy as np
import pytest

import sleepreplay as sr
from sleepreplay import _core, _dask_pool, _remote, cluster

PLAN = """
answers = "a test"
data = "data"
per_class = [10, 20]
hidden = [32]
protocol = "authors"
epochs = 100
sleep = "sleep.toml"
finetune_epochs = 50
seeds = 5
"""
SLEEP = """
steps = 3000
max_rate = 200
patch = 0
increment = 0.001
decrement = 0.0002
threshold = [0.5, 0.5]
alpha_scale = 3
"""


def write_half(folder: Path, half: str, seed: int) -> None:
    random_numbers = np.random.default_rng(seed)
    labels = np.repeat(np.arange(4, dtype=np.uint8), 30)
    centers = np.random.default_rng(0).random((4, 64))
    images = centers[labels] + 0.3 * random_numbers.standard_normal((120, 64))
    np.save(folder / f"{half}-images.npy", images.clip(0, 1).astype(np.float32).reshape(-1, 8, 8))
    np.save(folder / f"{half}-labels.npy", labels)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    for seed, half in enumerate(("train", "test")):
        write_half(tmp_path / "data", half, seed)
    (tmp_path / "sleep.toml").write_text(SLEEP)
    (tmp_path / "plan.toml").write_text(PLAN)
    return tmp_path / "plan.toml"


def rows(database: Path) -> dict[str, list[str]]:
    """All rows by table, but for times."""
    connection = sqlite3.connect(database)
    found = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
        if table == "durations":
            continue
        cursor = connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        found[table] = sorted(
            repr([v for n, v in zip(names, row) if n != "finished"]) for row in cursor
        )
    connection.close()
    assert found["measurements"]
    return found


@pytest.mark.parametrize("kind", [ProcessPoolExecutor, ThreadPoolExecutor])
def test_an_executor_finds_what_this_process_finds(plan: Path, tmp_path: Path, kind: type) -> None:
    here = sr.run(plan, tmp_path / "here", jobs=1)
    notes = []
    with kind(2) as executor:
        there = sr.run(
            plan,
            tmp_path / "there",
            executor=executor,
            progress=lambda part, note: notes.append((part, note)),
        )
        assert there == here
        again = sr.run(plan, tmp_path / "there", executor=executor)
        assert (again.done, again.finished) == (10, 0)
    assert notes[0] == (0.0, "0 of 10 trials")
    assert notes[-1] == (1.0, "10 of 10 trials")
    assert rows(tmp_path / "there") == rows(tmp_path / "here")
    verified = sr.verify(tmp_path / "there", trials=3, jobs=2)
    assert verified
    assert (verified.verified, verified.equal) == (3, 3)


def test_what_was_not_run_again_is_not_verified(plan: Path, tmp_path: Path) -> None:
    sr.run(plan, tmp_path / "r", jobs=2)
    for options, name in [
        ({"trials": 0}, "trials"),
        ({"trials": 1.5}, "trials"),
        ({"trials": 2**70}, "trials"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**64}, "seed"),
        ({"seed": 2, "cheapest": True}, "seed"),
    ]:
        with pytest.raises(sr.ParameterError, match=name):
            sr.verify(tmp_path / "r", **options)  # type: ignore[arg-type]
    empty = tmp_path / "empty.json"
    empty.write_text('{"studies": [], "trials": []}')
    with pytest.raises(sr.FileError, match="has no trials"):
        sr.verify(empty)
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    verified = sr.verify(tmp_path / "r", trials=2)
    assert (verified.verified, verified.equal, verified.refused) == (0, 0, 2)
    assert not verified
    assert all("data" in trial["refusal"] for trial in verified.trials)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"address": 5}', '{"address": "tcp://'])
def test_a_scheduler_file_without_an_address_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "scheduler.json"
    file.write_text(text)
    with pytest.raises(sr.FileError, match="is no scheduler file"):
        cluster.address_of(str(file))
    file.write_text('{"address": "tcp://head:8786"}')
    assert cluster.address_of(str(file)) == "tcp://head:8786"
    with pytest.raises(sr.FileError, match="there is no such scheduler file"):
        cluster.address_of(str(tmp_path / "nothing.json"))


def test_what_an_executor_has_done_stays_done(plan: Path, tmp_path: Path) -> None:
    def stop_in_the_middle(part: float, note: str) -> bool:
        return part < 0.3

    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(sr.Stopped):
            sr.run(plan, tmp_path / "r", executor=executor, progress=stop_in_the_middle)
        done = len(sr.results(tmp_path / "r"))
        assert 0 < done < 10
        assert sr.run(plan, tmp_path / "r", executor=executor).finished == 10 - done
    with pytest.raises(sr.ParameterError, match="jobs"):
        sr.run(plan, tmp_path / "r", executor=executor, jobs=2)


def test_other_data_than_the_plans_are_refused(plan: Path, tmp_path: Path) -> None:
    run = _core.StudyRun(str(plan), [], "", str(tmp_path / "r"))
    write_half(tmp_path / "data", "test", 7)
    with ThreadPoolExecutor(1) as executor:
        pool = _remote.FuturesPool(executor, str(tmp_path / "networks"))
        with pytest.raises(sr.WorkerError, match=r"data: is not what the study was planned with"):
            _remote.do_all(run, pool, None)
    with ThreadPoolExecutor(1) as executor:
        (tmp_path / "data" / "test-labels.npy").unlink()
        pool = _remote.FuturesPool(executor, str(tmp_path / "networks"))
        with pytest.raises(sr.WorkerError, match=socket.gethostname()):
            _remote.do_all(run, pool, None)


class AtOnce(Executor):
    """Does what it is given before it says that it has taken it."""

    def submit(self, work: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments, **options))
        except ValueError as error:
            future.set_exception(error)
        return future


def test_what_others_found_is_kept_when_a_trial_raises(plan: Path, tmp_path: Path) -> None:
    def third_raises(configuration: str, networks: str, version: str) -> str:
        if json.loads(configuration)["seed"] == 3:
            raise ValueError("the third")
        return _remote.do_trial(configuration, networks, version)

    run = _core.StudyRun(str(plan), ["per_class=10"], "", str(tmp_path / "r"))
    pool = _remote.FuturesPool(AtOnce(), str(tmp_path / "networks"), third_raises)
    with pytest.raises(ValueError, match="the third"):
        _remote.do_all(run, pool, None)
    assert len(sr.results(tmp_path / "r")) == 4


def test_the_command_says_what_it_needs() -> None:
    script = (
        "import sys; sys.modules['distributed'] = None; "
        "from sleepreplay._cluster_program import main; "
        "sys.exit(main(['run', 'p', '--db', 'd', '--scheduler', 's']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == 'hypnos-cluster: it needs Dask: pip install "sleepreplay[cluster]"\n'


def test_a_worker_of_another_version_is_refused() -> None:
    with pytest.raises(sr.WorkerError, match=r"has sleepreplay .*, and the client 0\.0"):
        _remote.do_trial("{}", "networks", "0.0")


def test_trainings_that_trials_share_come_first() -> None:
    tasks = [_remote.Task(i, str(i), network, 1.0) for i, network in enumerate("aab")]
    tasks += [_remote.Task(3, "3", "", 1.0), _remote.Task(4, "4", "", 1.0)]
    assert [task.place for task in _remote.trainings_first(tasks)] == [0, 2, 3, 4, 1]


class Machine:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path, workers: int):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.processes = [
            self.start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        ]
        for _ in range(workers):
            self.processes.append(
                self.start("worker", self.address, "--nthreads", "1", "--no-dashboard")
            )
        with self.client() as client:
            client.wait_for_workers(workers, timeout=60)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
            "DASK_TEMPORARY_DIRECTORY": str(self.folder),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def client(self) -> distributed.Client:
        return distributed.Client(self.address, set_as_default=False)

    def command(self, plan: Path, database: Path) -> list[str]:
        return [
            *(sys.executable, "-m", "sleepreplay._cluster_program", "run", str(plan)),
            *("--db", str(database), "--scheduler", self.address, "--json"),
        ]

    def close(self) -> None:
        for process in reversed(self.processes):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    started = Machine(tmp_path, 2)
    yield started
    started.close()


def kill_a_worker(machine: Machine, choice: random.Random) -> None:
    """Kill a process that does trials, and not the nanny that starts another."""
    with machine.client() as client:
        pids = list(client.run(os.getpid).values())
    if pids:
        os.kill(choice.choice(pids), signal.SIGKILL)


def test_killed_and_finished_equals_undisturbed(
    plan: Path, tmp_path: Path, machine: Machine
) -> None:
    seed = int(os.environ.get("HYPNOS_KILL_SEED", random.randrange(10**6)))
    kills = int(os.environ.get("HYPNOS_KILLS", 4))
    print(f"HYPNOS_KILL_SEED={seed} HYPNOS_KILLS={kills}")
    plan.write_text(PLAN.replace("seeds = 5", f"seeds = {25 * kills}"))
    sr.run(plan, tmp_path / "here")
    moments = random.Random(seed)
    command = machine.command(plan, tmp_path / "there")
    client = subprocess.Popen(command, stdout=subprocess.PIPE)
    for kill in range(kills):
        time.sleep(moments.uniform(0.5, 1.5))
        kill_a_worker(machine, moments)
        if kill in (kills // 3, 2 * kills // 3):
            client.kill()
            client.communicate()
            client = subprocess.Popen(command, stdout=subprocess.PIPE)
    output, _ = client.communicate(timeout=300)
    assert client.returncode == 0
    assert json.loads(output)["failed"] == 0
    assert rows(tmp_path / "there") == rows(tmp_path / "here")


def test_a_trial_that_kills_its_workers_is_marked_and_the_study_goes_on(
    plan: Path, tmp_path: Path, machine: Machine
) -> None:
    def deadly(
        configurations: list[str], networks: str, version: str
    ) -> tuple[list[str], str, float]:
        if any(json.loads(each)["seed"] == 30 for each in configurations):
            os.kill(os.getpid(), signal.SIGKILL)
        return _dask_pool.do_on_worker(configurations, networks, version)

    settings = ["per_class=10", "seeds=40"]  # enough for trials to travel together
    run = _core.StudyRun(str(plan), settings, "", str(tmp_path / "r"))
    with machine.client() as client:
        counts = _remote.do_all(run, _dask_pool.DaskPool(client, "", deadly), None)
    assert (counts.done, counts.lost) == (40, 1)
    trials = {t["configuration"]["seed"]: t for t in sr.results(tmp_path / "r").trials}
    reason = trials.pop(30)["failure"]
    assert reason.startswith("worker: those who did it died, again and again")
    assert {trial["failure"] for trial in trials.values()} == {None}


def count_of_trials(database: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        ((count,),) = connection.execute("SELECT count(*) FROM trials")
    except sqlite3.OperationalError:  # not there yet, or without tables
        return 0
    connection.close()
    return int(count)


def test_the_command_can_be_interrupted_and_goes_on(
    plan: Path, tmp_path: Path, machine: Machine
) -> None:
    plan.write_text(PLAN.replace("seeds = 5", "seeds = 400"))
    command = machine.command(plan, tmp_path / "r")
    client = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while count_of_trials(tmp_path / "r") == 0:
        time.sleep(0.01)
    client.send_signal(signal.SIGINT)
    output, errors = client.communicate(timeout=30)
    assert client.returncode == 130
    assert output == b""
    assert errors.decode().startswith("interrupted: the same command goes on from what is in ")
    done = len(sr.results(tmp_path / "r"))
    assert 0 < done < 800
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert (found["finished"], found["trials"]) == (800 - done, 800)


def test_what_is_wrong_is_said_in_one_line(plan: Path, tmp_path: Path, machine: Machine) -> None:
    def error_of(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "sleepreplay._cluster_program", "run", *words],
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stderr

    database = ("--db", str(tmp_path / "r"))
    status, error = error_of("no.toml", *database, "--scheduler", machine.address)
    assert (status, error.count("\n")) == (2, 1)
    assert error.startswith("hypnos-cluster: no.toml: ")
    status, error = error_of(str(plan), *database, "--scheduler", "nowhere://x:1")
    assert (status, error.count("\n")) == (1, 1)
    assert "the scheduler at nowhere://x:1 cannot be reached" in error


def test_versions_are_compared_before_anything_is_done(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine.client() as client:
        cluster.check_versions(client)
        monkeypatch.setattr(_core, "version", lambda: "0.0 (old)")
        with pytest.raises(sr.WorkerError, match=r"process \d+\) has sleepreplay 0.* has 0\.0"):
            cluster.check_versions(client)
