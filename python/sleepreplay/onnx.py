"""
Sleep for ONNX files: the fully connected tail of a model sleeps, all else stays as it is.

The tail is the longest chain of fully connected layers with ReLU between them that ends at the
model's output: Gemm, or MatMul and Add, with Relu; Identity, Dropout (which does nothing outside
of training) and Flatten may stand between them, and Softmax, LogSoftmax, Sigmoid or ArgMax at the
end. What is before the tail (convolutions, say) is run by onnxruntime to get the tail's input.

Only the bytes of the tail's weights (after waking: weights and biases) change in the file. They are
replaced in place, so that every other byte stays, whatever program wrote the file.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

try:
    import onnx
except ImportError as error:  # pragma: no cover
    raise ImportError("sleepreplay.onnx needs onnx (pip install onnx)") from error

from . import _core
from ._data import Normalization
from ._onnx_bytes import Array, ModelFile, check_target, existing, replace
from ._onnx_graph import Tail, find_tail
from ._progress import Progress, listening, part_of
from ._sleep import SleepReport, run_sleep
from .errors import Error, FileError, InputError, ModelError, ParameterError
from .network import Network, data_for
from .parameters import Parameters, as_parameters

__all__ = ["Tail", "inputs", "load", "save", "sleep"]

BATCH = 256  # samples that go through onnxruntime at once


def load(path: str | os.PathLike[str]) -> Tail:
    """
    Find the tail of a model.

    Parameters
    ----------
    path : file
        The model.

    Raises
    ------
    ModelError
        The model does not end in layers that can sleep; the message names the node.
    FileError
        The file is not an ONNX model, or keeps the weights in a form that cannot be replaced.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> import onnx
    >>> import sleepreplay as sr
    >>> graph = onnx.parser.parse_graph(
    ...     "g (float[n, 2] x) => (float[n, 3] y) { y = MatMul(x, w) }"
    ... )
    >>> graph.initializer.extend([onnx.numpy_helper.from_array(np.ones((2, 3), "f4"), "w")])
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "model.onnx"
    >>> onnx.save_model(onnx.helper.make_model(graph), file)
    >>> sr.onnx.load(file).network
    Network(2-3, softmax, no biases)
    """
    file = existing(path)
    try:
        return find_tail(ModelFile(file))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, Error):
            raise
        # A node without its inputs, or a name that is not text: onnx reads such files too.
        raise FileError(f"{str(file)!r} is not a valid ONNX model: {error}", str(file)) from None


def inputs(path: str | os.PathLike[str], X: Any) -> Any:
    """
    Compute what comes into the tail of a model.

    Parameters
    ----------
    path : file
        The model.
    X : array [samples x ...]
        As the model takes it.

    Returns
    -------
    X itself where the whole model is the tail; else an array [samples x features], found by
    onnxruntime.

    Raises
    ------
    ImportError
        There is something before the tail, and onnxruntime is not installed.
    """
    file = existing(path)
    return _inputs(file, load(file), X)


def save(source: str | os.PathLike[str], target: str | os.PathLike[str], network: Network) -> None:
    """
    Write a model whose tail has the weights and biases of a network.

    A number that is the same in single precision keeps its bytes; in a file of half precision the
    others are rounded.

    Parameters
    ----------
    source : file
        The model.
    target : file
        To write; may be the source.
    network : Network
        From `load(source).network`, by sleep, waking or search.

    Raises
    ------
    InputError
        The network has other shapes than the tail.
    FileError
        The weights lie in a file beside the model, and source and target would share it.
    """
    file = existing(source)
    _save(file, Path(target), load(file), network)


def sleep(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    X: Any,
    parameters: Parameters | str | os.PathLike[str],
    *,
    seed: int = 1,
    y: Any = None,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    normalization: Normalization | None = None,
    threads: int = 0,
    progress: Progress = None,
) -> SleepReport:
    """
    Put the tail of a model to sleep.

    Parameters
    ----------
    source : file
        The model.
    target : file
        To write; may be the source. It is written in one step at the end: a sleep that was stopped
        leaves everything as it was.
    X : array [samples x ...]
        What the model was trained on, as the model takes it. If there is something before the
        tail, it needs onnxruntime.
    parameters : Parameters, or name of a preset or file
        Of the sleep.
    seed : int
        Of the noise.
    y : array [samples], optional
        Class numbers from 0. With them the network is woken too: the tail's weights and biases are
        scaled so that its outputs fit the labels best.
    shape, layout : optional, as in `sleepreplay.sleep`
        Of one sample of the tail's input. Images [samples x channels x rows x columns] need
        neither.
    normalization : (mean, std), optional
        How X was normalized; only where the whole model is the tail.
    threads, progress : optional
        As in `sleepreplay.sleep`.

    Returns
    -------
    SleepReport
        Its note says which nodes slept.

    Raises
    ------
    ModelError
        The model does not end in layers that can sleep; the message names the node.
    FileError
        See `load` and `save`.
    InputError, ParameterError, RateError, Stopped
        As `sleepreplay.sleep` raises them.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> import onnx
    >>> import sleepreplay as sr
    >>> random = np.random.default_rng(1)
    >>> graph = onnx.parser.parse_graph(
    ...     "g (float[n, 64] x) => (float[n, 10] y)"
    ...     "{ h = MatMul(x, w) r = Relu(h) y = MatMul(r, v) }"
    ... )
    >>> for name, shape in (("w", (64, 50)), ("v", (50, 10))):
    ...     weights = random.normal(size=shape).astype(np.float32)
    ...     graph.initializer.extend([onnx.numpy_helper.from_array(weights, name)])
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "model.onnx"
    >>> onnx.save_model(onnx.helper.make_model(graph), file)
    >>> X = random.random((100, 64), dtype=np.float32)
    >>> parameters = sr.Parameters.load("authors-mnist").replace(
    ...     patch=3, steps=100, target_rate=[0.01, 0.01]
    ... )
    >>> report = sr.onnx.sleep(file, file, X, parameters, shape=(8, 8))
    >>> report.end, report.note
    ('complete', 'What slept: h, y.')
    """
    file = existing(source)
    tail = load(file)
    check_target(file, Path(target), _arrays(tail))
    if normalization is not None and not tail.whole:
        raise ParameterError(
            f"normalization is for the model's own input, but {tail.input!r} is what comes into "
            "the tail",
            "normalization",
        )
    with listening(progress, "sleep") as listener:
        data = data_for(
            tail.network,
            _inputs(file, tail, X),
            y,
            shape=shape,
            layout=layout,
            normalization=normalization,
            channels_first=True,
        )
        core, report = run_sleep(
            tail.network._core,
            data,
            as_parameters(parameters),
            seed=seed,
            input_spikes=None,
            record=None,
            record_steps=0,
            consume=False,
            threads=threads,
            progress=part_of(listener, 0.0, 1.0 if y is None else 0.9),
            names=["input", *tail.layers],
            note=tail.note,
        )
        if y is not None:
            core, _ = _core.wake(core, data, False, threads, part_of(listener, 0.9, 1.0))
    _save(file, Path(target), tail, Network._of(core))
    return report


# ---- What is before the tail


def _inputs(file: Path, tail: Tail, X: Any) -> Any:
    if tail.whole:
        return X
    try:
        import onnxruntime  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError(
            f"before the tail that sleeps the model has other nodes, up to {tail.input!r}; running "
            "them needs onnxruntime (pip install onnxruntime)"
        ) from error
    model = onnx.load(os.fspath(file))
    initializers = {t.name for t in model.graph.initializer}
    entries = [i for i in model.graph.input if i.name not in initializers]
    if len(entries) != 1:
        names = ", ".join(repr(i.name) for i in entries)
        raise ModelError(f"the model has the inputs {names}; only models with one can sleep")
    # Only what leads to the tail is run.
    del model.graph.output[:]
    model.graph.output.append(onnx.ValueInfoProto(name=tail.input))
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    samples = _samples(X, entries[0])
    dimensions = entries[0].type.tensor_type.shape.dim
    fixed = dimensions[0].dim_value if dimensions and dimensions[0].HasField("dim_value") else 0
    size = fixed or BATCH
    collected: list[NDArray[np.float32]] = []
    for begin in range(0, len(samples), size):
        batch = samples[begin : begin + size]
        missing = fixed - len(batch) if fixed else 0
        if missing > 0:
            batch = np.concatenate([batch, np.repeat(batch[-1:], missing, axis=0)])
        (found,) = session.run([tail.input], {entries[0].name: batch})
        found = np.asarray(found, dtype=np.float32)
        features = tail.network.sizes[0]
        if found.size != len(batch) * features or found.shape[0] != len(batch):
            raise ModelError(
                f"{tail.input!r}, what comes into the tail, has the shape {list(found.shape)} for "
                f"{len(batch)} samples; it must be [samples x {features}]"
            )
        collected.append(found.reshape(len(batch), features)[: size - max(missing, 0)])
    return np.concatenate(collected)


def _samples(X: Any, entry: onnx.ValueInfoProto) -> NDArray[Any]:
    """Take X in the type of the model's input."""
    if hasattr(X, "detach"):
        X = X.detach().cpu().numpy()
    array = np.asarray(X)
    if array.ndim == 0 or len(array) == 0:
        raise InputError("X has no samples")
    wanted = onnx.helper.tensor_dtype_to_np_dtype(entry.type.tensor_type.elem_type)
    if array.dtype != wanted:
        if array.dtype.kind != "f" or wanted.kind != "f":
            raise InputError(
                f"X holds {array.dtype}, but the model's input {entry.name!r} takes {wanted}"
            )
        array = array.astype(wanted)
    return np.ascontiguousarray(array)


# ---- What is written


def _arrays(tail: Tail) -> list[Array]:
    return [*tail._weights, *(b for b in tail._biases if b is not None)]


def _save(source: Path, target: Path, tail: Tail, network: Network) -> None:
    check_target(source, target, _arrays(tail))
    sizes = tail.network.sizes
    if network.sizes != sizes:
        raise InputError(f"the network is {network.sizes}, the tail of the model {sizes}")
    changes = list(zip(tail._weights, network.weights, strict=True))
    for place, biases in zip(tail._biases, network.biases, strict=True):
        if place is not None and biases is not None:
            changes.append((place, biases))
        elif place is not None or (biases is not None and biases.any()):
            raise InputError("the network and the tail of the model have not the same biases")
    replace(source, target, changes)
