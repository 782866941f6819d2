"""
Where the numbers of an ONNX model lie in its files, and how to replace them there.

An ONNX file is one message of protobuf. Writing it again with the onnx package may move fields and
drop those that it does not know. Here the bytes of single initializers are found and replaced, so
that every other byte stays, whatever program wrote the file.

The initializers are ModelProto.graph.initializer. Each keeps its numbers as raw bytes, as a list of
numbers, or in a file beside the model.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray

from .errors import FileError, InputError, MissingFileError

TYPES: dict[int, np.dtype[Any]] = {
    onnx.TensorProto.FLOAT: np.dtype("<f4"),
    onnx.TensorProto.DOUBLE: np.dtype("<f8"),
    onnx.TensorProto.FLOAT16: np.dtype("<f2"),
}

# Numbers of fields in onnx.proto.
_GRAPH = 7  # of ModelProto
_INITIALIZER = 5  # of GraphProto
_FLOATS, _INTEGERS, _NAME, _RAW, _DOUBLES = 4, 5, 8, 9, 10  # of TensorProto

Piece = tuple[int, int]  # begin and end in a file


@dataclass(frozen=True)
class Array:
    """An array of a file: where its bytes are, and how to read them."""

    name: str
    file: Path
    pieces: tuple[Piece, ...]
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: Literal["C", "F"] = "C"  # F: the file has the axes in the opposite order

    def of(self, content: bytes | bytearray) -> NDArray[Any]:
        """Take the array from the bytes of the file."""
        taken = b"".join(content[begin:end] for begin, end in self.pieces)
        return np.frombuffer(taken, self.dtype).reshape(self.shape, order=self.order)

    def put(self, content: bytearray, values: NDArray[np.float32]) -> None:
        """Replace those numbers that changed in single precision."""
        before = self.of(content)
        values = values.reshape(self.shape)
        with np.errstate(over="ignore"):
            rounded = values.astype(self.dtype)
            changed = before.astype(np.float32) != values
        if not np.isfinite(rounded).all():
            raise InputError(
                f"a value of {self.name!r} is too large for its type ({self.dtype.name})"
            )
        packed = np.where(changed, rounded, before).tobytes(self.order)
        for begin, end in self.pieces:
            content[begin:end], packed = packed[: end - begin], packed[end - begin :]


class ModelFile:
    """
    The file of a model.

    Attributes
    ----------
    path : Path
    graph : onnx.GraphProto
    initializers : dict
        Tensors of the graph by name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._contents = {path: path.read_bytes()}
        try:
            self.graph = onnx.load_model_from_string(self._contents[path]).graph
            self._places = _places(self._contents[path])
        except Exception as error:
            raise FileError(f"{str(path)!r} is not an ONNX model: {error}", str(path)) from None
        if not self.graph.node:
            raise FileError(f"{str(path)!r} is not an ONNX model: it has no nodes", str(path))
        self.initializers = {t.name: t for t in self.graph.initializer}

    def array(self, name: str) -> Array:
        """Find where the numbers of an initializer are; its type is one of TYPES."""
        tensor = self.initializers[name]
        dtype, shape = TYPES[tensor.data_type], tuple(tensor.dims)
        size = dtype.itemsize * int(np.prod(shape))
        entries = external(tensor)
        if entries is None:
            file, pieces = self.path, self._within(tensor)
        else:
            file, piece = self._beside(name, entries, size)
            pieces = (piece,)
        if sum(end - begin for begin, end in pieces) != size:
            raise FileError(
                f"the initializer {name!r} has not the number of values that its shape "
                f"{list(shape)} says",
                str(self.path),
            )
        return Array(name, file, pieces, dtype, shape)

    def read(self, array: Array) -> NDArray[np.float32]:
        """Read an array in single precision."""
        if array.file not in self._contents:
            self._contents[array.file] = array.file.read_bytes()
        with np.errstate(over="ignore"):
            return array.of(self._contents[array.file]).astype(np.float32)

    def _within(self, tensor: onnx.TensorProto) -> tuple[Piece, ...]:
        places = self._places[tensor.name]
        if tensor.HasField("raw_data"):
            return (places[_RAW][-1],)
        if tensor.data_type == onnx.TensorProto.FLOAT16 and _INTEGERS in places:
            raise FileError(
                f"the initializer {tensor.name!r} keeps numbers of half precision as int32_data, "
                "whose size depends on their values; write it with onnx.numpy_helper.from_array",
                str(self.path),
            )
        numbers = _DOUBLES if tensor.data_type == onnx.TensorProto.DOUBLE else _FLOATS
        return tuple(places.get(numbers, ()))

    def _beside(self, name: str, entries: dict[str, str], size: int) -> tuple[Path, Piece]:
        file = _file_beside(self.path, entries)
        begin = int(entries.get("offset", 0))
        end = begin + int(entries.get("length", size))
        if file.stat().st_size < end:
            raise FileError(f"{str(file)!r} is too short for {name!r}", str(file))
        return file, (begin, end)


def existing(path: str | os.PathLike[str]) -> Path:
    """Take the path of a file that must be there."""
    file = Path(path)
    if not file.is_file():
        raise MissingFileError(f"there is no file {str(file)!r}", str(file))
    return file


def external(tensor: onnx.TensorProto) -> dict[str, str] | None:
    """Say where in a file beside the model a tensor's numbers are, if they are there."""
    if tensor.data_location != onnx.TensorProto.EXTERNAL:
        return None
    return {entry.key: entry.value for entry in tensor.external_data}


def subgraphs(node: onnx.NodeProto) -> Iterator[onnx.GraphProto]:
    """Walk over the graphs inside a node, such as the branches of an If."""
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            yield attribute.g
        yield from attribute.graphs


# ---- Protobuf


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """Read a number of 7 bits a byte; also say where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _fields(data: memoryview, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Walk over a message: number of each field, begin and end of its content."""
    at = begin
    while at < end:
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            start = at
            _, at = _varint(data, at)
        elif kind == 2:
            size, start = _varint(data, at)
            at = start + size
        elif kind in (1, 5):
            start, at = at, at + (8 if kind == 1 else 4)
        else:
            raise IndexError
        if at > end:
            raise IndexError
        yield key >> 3, start, at


def _places(content: bytes) -> dict[str, dict[int, list[Piece]]]:
    """Find the initializers in a model's bytes: by name, where each field of theirs is."""
    data = memoryview(content)
    found: dict[str, dict[int, list[Piece]]] = {}
    graphs = [(b, e) for number, b, e in _fields(data, 0, len(data)) if number == _GRAPH]
    for begin, end in graphs:
        for number, tensor, tensor_end in _fields(data, begin, end):
            if number != _INITIALIZER:
                continue
            places: dict[int, list[Piece]] = {}
            for part, start, stop in _fields(data, tensor, tensor_end):
                places.setdefault(part, []).append((start, stop))
            if _NAME in places:
                start, stop = places[_NAME][-1]
                found[content[start:stop].decode()] = places
    return found


# ---- Files beside a model


def _file_beside(model: Path, entries: dict[str, str]) -> Path:
    location = entries.get("location", "")
    parts = Path(location)
    if not location or parts.is_absolute() or ".." in parts.parts:
        raise FileError(
            f"{str(model)!r} keeps weights in {location!r}, which is not beside it", str(model)
        )
    return existing(model.parent / parts)


def _files_beside(model: Path) -> list[Path]:
    """All files that a model keeps numbers in."""
    graph = onnx.load(os.fspath(model), load_external_data=False).graph
    found = (external(tensor) for tensor in _tensors(graph))
    return sorted({_file_beside(model, entries) for entries in found if entries is not None})


def _tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    """Walk over all tensors of a graph, in subgraphs too."""
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
        for inner in subgraphs(node):
            yield from _tensors(inner)


# ---- Writing


def check_target(source: Path, target: Path, arrays: Iterable[Array]) -> None:
    """Refuse a target that would share files with its source."""
    beside = {a.file for a in arrays if a.file != source}
    same_folder = source.resolve().parent == target.resolve().parent
    if beside and same_folder and source.resolve() != target.resolve():
        raise FileError(
            f"{str(source)!r} keeps its weights in {beside.pop().name!r} beside it, which the "
            "target would share; give a target in another folder, or the source itself",
            str(source),
        )


def replace(
    source: Path, target: Path, changes: Iterable[tuple[Array, NDArray[np.float32]]]
) -> None:
    """Write a model, and the files beside it, with other numbers in some of its arrays."""
    changed: dict[Path, bytearray] = {}
    for array, values in changes:
        if array.file not in changed:
            changed[array.file] = bytearray(array.file.read_bytes())
        array.put(changed[array.file], values)
    folder = target.resolve().parent
    writes: list[tuple[Path, bytearray | Path]] = []
    for file in _files_beside(source):
        copy = folder / file.relative_to(source.parent)
        if copy != file.resolve() and copy.exists() and not target.exists():
            raise FileError(
                f"{str(copy)!r} exists already, and does not belong to {target.name!r}; give "
                "another folder",
                str(copy),
            )
        if file in changed or copy != file.resolve():
            writes.append((copy, changed.get(file, file)))
    writes.append((target.resolve(), changed.get(source, source)))
    _write(writes, source)


def _write(writes: list[tuple[Path, bytearray | Path]], like: Path) -> None:
    """Write all files under other names first, then give them their own; the model last."""
    parts = [(path, path.with_name(path.name + ".hypnos-part")) for path, _ in writes]
    try:
        for (_, part), (_, content) in zip(parts, writes, strict=True):
            part.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, part)
            else:
                part.write_bytes(content)
            shutil.copymode(like, part)
        for path, part in parts:
            os.replace(part, path)
    finally:
        for _, part in parts:
            part.unlink(missing_ok=True)
