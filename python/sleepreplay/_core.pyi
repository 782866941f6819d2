"""The library as C++ offers it to the files beside this one; see python/src/."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._progress import Listener

Floats = NDArray[np.float32]

class Parameters:
    def __init__(self) -> None: ...
    @property
    def source(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def steps(self) -> int: ...
    @property
    def time_step(self) -> float: ...
    @property
    def max_rate(self) -> float: ...
    @property
    def patch(self) -> int: ...
    @property
    def decay(self) -> float: ...
    @property
    def increment(self) -> float: ...
    @property
    def decrement(self) -> float: ...
    @property
    def threshold(self) -> list[float] | None: ...
    @property
    def target_rate(self) -> list[float] | None: ...
    @property
    def alpha_scale(self) -> float | None: ...
    @property
    def alpha(self) -> list[float] | None: ...
    @property
    def dose(self) -> float: ...
    @property
    def growth(self) -> float: ...
    @property
    def bias(self) -> str: ...
    @property
    def inhibition(self) -> float: ...
    @property
    def output_current(self) -> float: ...
    def to_toml(self) -> str: ...
    def with_setting(self, setting: str) -> Parameters: ...
    def after(self, tasks: int) -> Parameters: ...
    def check(self, layers: int) -> None: ...

def load_parameters(file_or_preset: str) -> Parameters: ...
def parse_parameters(toml: str, origin: str) -> Parameters: ...
def preset_names() -> list[str]: ...

class Data:
    @property
    def samples(self) -> int: ...
    @property
    def features(self) -> int: ...

def make_data(
    images: Floats,
    shape: tuple[int, int, int],
    layout: str,
    labels: NDArray[np.uint32] | None,
    classes: int,
    means: Sequence[float],
    deviations: Sequence[float],
) -> Data: ...
def folds(
    data: Data, count: int, seed: int
) -> list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]: ...

class Network:
    @property
    def weights(self) -> list[Floats]: ...
    @property
    def biases(self) -> list[Floats | None]: ...
    @property
    def output(self) -> str: ...
    @property
    def dropout(self) -> float: ...
    @property
    def dropout_form(self) -> str: ...
    @property
    def classes(self) -> int: ...
    @property
    def from_file(self) -> bool: ...

def make_network(
    weights: Sequence[Floats],
    biases: Sequence[Floats],
    output: str,
    dropout: float,
    dropout_form: str,
) -> Network: ...
def load_network(
    path: str, layers: Sequence[str], batch_norm: str | None, without_effect: Sequence[str]
) -> Network: ...
def save_network(network: Network, path: str) -> None: ...
def predict(network: Network, data: Data, threads: int) -> Floats: ...
def measure(
    network: Network, data: Data, distortion: str, seed: int, threads: int
) -> dict[str, Any]: ...
def explain(network: Network, data: Data, threads: int) -> dict[str, Any]: ...
def distort(
    network: Network | None, data: Data, distortion: str, seed: int, threads: int
) -> Floats: ...

class ImageSums:
    def __init__(self, sums: Sequence[float], samples: int) -> None: ...
    @property
    def samples(self) -> int: ...
    @property
    def sums(self) -> NDArray[np.float64]: ...
    def and_of(self, data: Data) -> ImageSums: ...

def sleep(
    network: Network,
    data: Data,
    sums: ImageSums | None,
    parameters: Parameters,
    seed: int,
    spikes: NDArray[np.uint8] | None,
    record: str,
    record_steps: int,
    trace: str,
    trace_steps: int,
    consume: bool,
    threads: int,
    listener: Listener | None,
) -> tuple[Network, dict[str, Any]]: ...
def wake(
    network: Network, data: Data, consume: bool, threads: int, listener: Listener | None
) -> tuple[Network, float]: ...

class OutputsOfFold:
    def __init__(
        self,
        labels: NDArray[np.uint32],
        before: NDArray[np.float32],
        after: list[NDArray[np.float32]],
    ) -> None: ...

def compare_outputs(
    objective: str, folds: list[OutputsOfFold], classes: int, steps: int, threads: int
) -> dict[str, Any]: ...
def guard(
    network: Network,
    calibration: Data,
    held_out: Data,
    parameters: Parameters,
    seed: int,
    noise_seeds: int,
    objective: str,
    distort: str,
    moment: str,
    moment_training: dict[str, Any],
    moment_updates: int,
    moment_learning_rate: float | None,
    threads: int,
    listener: Listener | None,
) -> dict[str, Any]: ...
def objective_classes(objective: str) -> list[int]: ...

class Search:
    def __init__(
        self,
        search: str,
        firing: str,
        objective: str,
        distort: str,
        callable: bool,
        moment: str,
        budget: int,
        noise_seeds: int,
        seed: int,
        max_steps: int,
        doses: Sequence[float],
        cautious: bool,
        moment_training: Mapping[str, bool | float | str],
        moment_updates: int,
        moment_learning_rate: float | None,
    ) -> None: ...

def check_search(search: Search, networks: int) -> None: ...
def check_patch(base: Parameters, data: Data) -> None: ...
def tune(
    subjects: list[tuple[Network, Data, Data]],
    search: Search,
    base: Parameters,
    start: Parameters | None,
    judge: Callable[[int, Network], float] | None,
    journal: str,
    threads: int,
    listener: Listener | None,
) -> tuple[dict[str, Any], str]: ...

class TaskSequence:
    def __init__(
        self,
        tasks: Sequence[Sequence[int]],
        division: str,
        learner: str,
        task_order: str,
        task_samples: int | None,
        task_fraction: float | None,
        sleep_when: str,
        calibration: str,
        wake: bool,
        memory: int,
        replay: str,
        replay_fraction: float,
        later_learning_rate: float | None,
        carry_momentum: bool,
        ewc_strength: float,
        exemplars: str,
        hidden: Sequence[int],
        training: Mapping[str, bool | float | str],
        parameters: Parameters | None,
        seed: int,
        noise: int,
    ) -> None: ...

class SequenceSearch:
    def __init__(
        self,
        seeds: Sequence[int],
        samples: int,
        budget: int,
        search: str,
        max_steps: int,
        noise_seeds: int,
        doses: Sequence[float],
        cautious: bool,
        seed: int,
    ) -> None: ...

def learn_sequence(
    sequence: TaskSequence,
    train: Data,
    test: Data,
    callback: Callable[[int, bool, list[float], Network], Any] | None,
    threads: int,
    listener: Listener | None,
) -> dict[str, Any]: ...
def tune_sequence(
    sequence: TaskSequence,
    text: str,
    train: Data,
    search: SequenceSearch,
    journal: str,
    threads: int,
    listener: Listener | None,
) -> tuple[dict[str, Any], str]: ...

class StudyRun:
    def __init__(self, plan: str, settings: Sequence[str], study: str, database: str) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def trials(self) -> int: ...
    def failed(self) -> int: ...
    def missing(self) -> list[tuple[int, str, str, float]]: ...
    def configuration(self, place: int) -> str: ...
    def store(self, found: Sequence[tuple[int, str]]) -> None: ...
    def store_failure(self, place: int, reason: str) -> None: ...

class TrialRunner:
    def __init__(self, networks: str) -> None: ...
    def run(self, configuration: str, listener: Listener | None) -> str: ...

def run(
    plan: str,
    database: str,
    settings: Sequence[str],
    study: str,
    cache: str,
    threads: int,
    listener: Listener | None,
) -> dict[str, Any]: ...
def results(database: str, study: str) -> tuple[str, str]: ...
def verify(
    results: str,
    study: str,
    trials: int,
    seed: int,
    cheapest: bool,
    threads: int,
    listener: Listener | None,
) -> str: ...
def results_markdown(database: str, study: str, measure: str) -> str: ...
def report(
    input: str, study: str, recording: str, trace: str, listener: Listener | None
) -> str: ...
def version() -> str: ...
