"""
Networks of DeepLearnToolbox in MATLAB files.

A network there is a structure, usually called `nn`, with a cell `W` of one matrix for each layer.
There are two forms of them:

- DeepLearnToolbox itself: [outputs x (1 + inputs)], the bias in the first column.
- The variant that the authors of Sleep Replay Consolidation released: [outputs x inputs], no bias.

Which one a file has is decided by its shapes: each layer has as many inputs as the layer below it
has outputs. A single layer is decided by the field `size`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import FileError, InputError, MissingFileError, ModelError
from .network import Network

try:
    import scipy.io as matlab_files  # type: ignore[import-untyped]
except ImportError as error:  # pragma: no cover
    raise ImportError("sleepreplay.matlab needs SciPy (pip install scipy)") from error

_TO_OURS = {"softmax": "softmax", "linear": "softmax", "relu": "relu", "sigm": "sigmoid"}
_TO_THEIRS = {"softmax": "softmax", "relu": "relu", "sigmoid": "sigm"}


def load(
    path: str | os.PathLike[str], *, name: str | None = None, output: str | None = None
) -> Network:
    """
    Read a network of DeepLearnToolbox.

    Parameters
    ----------
    path : file
        Of MATLAB 5 to 7.2, as `save -v7` writes it.
    name : str, optional
        Variable in the file, where it has several networks: a structure with a field `W`, or a
        cell of matrices.
    output : {"softmax", "relu", "sigmoid"}, optional
        What the output units do. Default: what the structure says. A cell of matrices says
        nothing.

    Returns
    -------
    Network
        Of hidden ReLU units. `output` "linear" becomes "softmax": both give the same outputs, and
        differ in how the network is woken. `dropoutFraction` becomes classical dropout, as
        DeepLearnToolbox does it.

    Raises
    ------
    FileError
        The file is not a MATLAB file, has no network, or can be read in two ways; the message
        names both.
    ModelError
        Hidden or output units have a function that cannot sleep.

    Examples
    --------
    >>> import os, tempfile
    >>> import sleepreplay as sr
    >>> file = os.path.join(tempfile.mkdtemp(), "nn.mat")
    >>> sr.matlab.save(file, sr.Network([[[1.0, 2.0]], [[3.0], [4.0]]], output="relu"))
    >>> sr.matlab.load(file)
    Network(2-1-2, relu, no biases)
    """
    file = os.fspath(path)
    variable, value = _choose(_read(file), name, file)
    where = f"{variable!r} of {file!r}"
    fields = value if isinstance(value, dict) else {"W": value}
    matrices = _matrices(fields["W"], where)
    has_bias = _has_bias(matrices, _sizes(fields, where), where)
    if len(matrices) > 1:
        _check_hidden(fields, where)
    _check_separate_biases(fields, where)
    return Network(
        [m[:, 1:] if has_bias else m for m in matrices],
        [m[:, 0] for m in matrices] if has_bias else None,
        output=output or _output(fields, len(matrices[-1]), where),
        dropout=_dropout(fields, where),
        dropout_form="classical",
    )


def save(path: str | os.PathLike[str], network: Network, *, name: str = "nn") -> None:
    """
    Write a network of DeepLearnToolbox.

    A network without biases is written as the released variant has it, one with biases as
    DeepLearnToolbox has it. Numbers are in double precision, as MATLAB's are, so that `load` gives
    them back to the last bit.

    Parameters
    ----------
    path : file
        To write; replaced in one step.
    network : Network
        Where only some layers have biases, the others get biases of 0. Inverted dropout becomes
        a `dropoutFraction` of 0: DeepLearnToolbox knows the classical form only, and multiplies
        activations by 1 - dropoutFraction.
    name : str
        Variable in the file.

    Examples
    --------
    >>> import os, tempfile
    >>> import sleepreplay as sr
    >>> network = sr.Network([[[1.0, 2.0]], [[3.0], [4.0]]])
    >>> network.to_mat(os.path.join(tempfile.mkdtemp(), "nn.mat"))
    """
    if not name.isidentifier() or name.startswith("_") or not name.isascii() or len(name) > 63:
        raise InputError(f"name is {name!r}; it cannot be the name of a variable in MATLAB")
    weights = [w.astype(np.float64) for w in network.weights]
    if any(b is not None for b in network.biases):
        weights = [
            np.column_stack([np.zeros(len(w)) if b is None else b.astype(np.float64), w])
            for w, b in zip(weights, network.biases, strict=True)
        ]
    # The shortest number that is the same in single precision: 0.2, not 0.20000000298.
    dropout = float(str(np.float32(network.dropout)))
    sizes = np.array([network.sizes], dtype=np.float64)
    structure = {
        "size": sizes,
        "n": float(sizes.size),
        "activation_function": "relu",
        "learningRate": 0.1,
        "momentum": 0.5,
        "scaling_learningRate": 1.0,
        "weightPenaltyL2": 0.0,
        "nonSparsityPenalty": 0.0,
        "sparsityTarget": 0.05,
        "inputZeroMaskedFraction": 0.0,
        "dropoutFraction": dropout if network.dropout_form == "classical" else 0.0,
        "testing": 0.0,
        "output": _TO_THEIRS[network.output],
        "W": _cell(weights),
        "vW": _cell([np.zeros_like(w) for w in weights]),
        "p": _cell(
            [
                np.zeros((1, n)) if i else np.zeros((0, 0))
                for i, n in enumerate(sizes[0].astype(int))
            ]
        ),
    }
    target = Path(path).resolve()
    part = target.with_name(target.name + ".hypnos-part")
    try:
        matlab_files.savemat(
            os.fspath(part), {name: structure}, appendmat=False, do_compression=True
        )
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _cell(arrays: list[NDArray[np.float64]]) -> NDArray[np.object_]:
    cell = np.empty((1, len(arrays)), dtype=object)
    for index, array in enumerate(arrays):
        cell[0, index] = array
    return cell


def _read(file: str) -> dict[str, Any]:
    if not os.path.isfile(file):
        raise MissingFileError(f"there is no file {file!r}", file)
    try:
        found = matlab_files.loadmat(file, appendmat=False)
    except NotImplementedError:
        raise FileError(
            f"{file!r} is a file of MATLAB 7.3; write it with save('{os.path.basename(file)}', "
            "'nn', '-v7')",
            file,
        ) from None
    except Exception as error:
        raise FileError(f"{file!r} is not a file of MATLAB: {error}", file) from None
    return {key: value for key, value in found.items() if not key.startswith("__")}


def _is_matrix(value: Any) -> bool:
    if hasattr(value, "toarray"):
        value = value.toarray()
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiub" and value.ndim == 2


def _is_cell(value: Any) -> bool:
    return (
        isinstance(value, np.ndarray)
        and value.dtype == object
        and value.size > 0
        and all(_is_matrix(element) for element in value.ravel())
    )


def _as_network(value: Any) -> Any:
    """Take a structure with `W` as a dict of its fields, and a cell of matrices as it is."""
    if isinstance(value, np.ndarray) and value.dtype.names and value.size == 1:
        fields = {field: value[field].ravel()[0] for field in value.dtype.names}
        return fields if "W" in fields else None
    return value if _is_cell(value) else None


def _choose(variables: dict[str, Any], name: str | None, file: str) -> tuple[str, Any]:
    networks = {key: n for key, v in variables.items() if (n := _as_network(v)) is not None}
    if name is not None:
        if name not in networks:
            what = "is not a network" if name in variables else "is not there"
            others = f"; networks are {', '.join(networks)}" if networks else ""
            raise FileError(
                f"{name!r} {what} in {file!r}: a network is a structure with a field W, or a cell "
                f"of matrices{others}",
                file,
            )
        return name, networks[name]
    if not networks:
        raise FileError(
            f"{file!r} has no network, which is a structure with a field W, or a cell of matrices; "
            f"it has {', '.join(variables) or 'nothing'}",
            file,
        )
    if len(networks) > 1:
        raise FileError(
            f"{file!r} has several networks: {', '.join(networks)}; say which, by name", file
        )
    return next(iter(networks.items()))


def _matrices(cell: Any, where: str) -> list[NDArray[Any]]:
    if not _is_cell(cell):
        raise FileError(f"W in {where} is not a cell of matrices")
    return [e.toarray() if hasattr(e, "toarray") else e for e in cell.ravel()]


def _sizes(fields: dict[str, Any], where: str) -> list[int] | None:
    sizes = fields.get("size")
    if sizes is None:
        return None
    numbers = np.asarray(sizes).ravel()
    if numbers.dtype.kind not in "fiu" or len(numbers) < 2:
        raise FileError(f"size in {where} is not the number of units of each layer")
    return [int(n) for n in numbers]


def _has_bias(matrices: list[NDArray[Any]], sizes: list[int] | None, where: str) -> bool:
    """Decide whether the first column of each matrix is the bias."""
    shapes = " ".join("x".join(map(str, m.shape)) for m in matrices)
    readings = []
    for has_bias in (False, True):
        columns = [m.shape[1] - has_bias for m in matrices]
        units = [columns[0], *(m.shape[0] for m in matrices)]
        if min(columns) > 0 and columns == units[:-1] and sizes in (None, units):
            readings.append(has_bias)
    if len(readings) == 1:
        return readings[0]
    said = "" if sizes is None else f" and size {sizes}"
    if not readings:
        raise FileError(
            f"W in {where} has the shapes {shapes}{said}: a chain neither as [outputs x inputs] "
            "nor as [outputs x (1 + inputs)] with the bias in the first column"
        )
    raise FileError(
        f"W in {where} has the shape {shapes}, which can be read in two ways: [outputs x inputs], "
        "or [outputs x (1 + inputs)] with the bias in the first column. A field size would say "
        "which"
    )


def _text(fields: dict[str, Any], field: str) -> str | None:
    value = fields.get(field)
    if value is None:
        return None
    texts = np.asarray(value).ravel()
    return str(texts[0]) if len(texts) == 1 else str(value)


def _number(fields: dict[str, Any], field: str, where: str) -> float:
    value = np.asarray(fields.get(field, 0.0)).ravel()
    if len(value) == 0:
        return 0.0
    if len(value) != 1 or value.dtype.kind not in "fiub":
        raise FileError(f"{field} in {where} is not a number")
    return float(value[0])


def _check_hidden(fields: dict[str, Any], where: str) -> None:
    activation = _text(fields, "activation_function")
    if activation not in (None, "relu"):
        raise ModelError(
            f"activation_function of {where} is {activation!r}; a network that sleeps has 'relu'"
        )


def _check_separate_biases(fields: dict[str, Any], where: str) -> None:
    """Refuse biases in a field of their own, which only some functions of the release read."""
    values = np.asarray(fields.get("b", 0.0), dtype=object).ravel()
    if any(np.asarray(v).size and np.any(v) for v in values):
        raise FileError(
            f"{where} has biases in a field b, which can be read in two ways: nnff ignores them, "
            "nnff_no_err adds them to hidden layers. Put them into W as first column, or remove b"
        )


def _output(fields: dict[str, Any], units: int, where: str) -> str:
    output = _text(fields, "output")
    if output is None:
        raise FileError(
            f'{where} does not say what its output units do; give output="relu" (as the '
            'published networks), "softmax" or "sigmoid"'
        )
    if output not in _TO_OURS:
        raise ModelError(
            f"output of {where} is {output!r}; it must be 'softmax', 'linear', 'relu' or 'sigm'"
        )
    if output == "sigm" and units > 1:
        raise ModelError(
            f"output of {where} is 'sigm' with {units} units; output=\"softmax\" gives the same "
            "answers, by what comes into these units"
        )
    return _TO_OURS[output]


def _dropout(fields: dict[str, Any], where: str) -> float:
    dropout = _number(fields, "dropoutFraction", where)
    if not 0 <= dropout < 1:
        raise FileError(f"dropoutFraction in {where} is {dropout:g}; it must be in [0, 1)")
    return dropout
