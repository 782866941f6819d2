"""
Find the tail of an ONNX graph, as `sleepreplay.onnx` describes it.

The search goes down from the outputs: over what only changes the form of an answer to the logits,
then from layer to layer. Whatever cannot sleep is refused with the name of its node.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx

from ._onnx_bytes import TYPES, Array, ModelFile, external, subgraphs
from .errors import ModelError
from .network import Network

# What may follow the logits: answers in another form.
_AFTER = (
    "ArgMax",
    "ArrayFeatureExtractor",
    "Cast",
    "Dropout",
    "Flatten",
    "Identity",
    "LogSoftmax",
    "Reshape",
    "Sigmoid",
    "Softmax",
    "Squeeze",
    "TopK",
    "ZipMap",
)


@dataclass(frozen=True)
class Tail:
    """
    The part of a model that sleeps.

    Attributes
    ----------
    network : Network
        Its weights in single precision.
    layers : list of str
        Names of its Gemm or MatMul nodes.
    input : str
        Name of the tensor that comes into it.
    whole : bool
        Whether that is the model's own input, flattened at most.
    note : str
        What was found, in words.
    """

    network: Network
    layers: list[str]
    input: str
    whole: bool
    note: str
    _weights: list[Array] = field(repr=False)
    _biases: list[Array | None] = field(repr=False)


def find_tail(file: ModelFile) -> Tail:
    """Find the tail of a model, or refuse it."""
    graph = _Graph(file)
    layers, kind = graph.layers()
    network = _network(file, layers, kind)
    entry, whole = graph.entry(layers[0])
    names = [_called(layer.node) for layer in layers]
    note = f"What slept: {', '.join(names)}."
    before = graph.producers.get(entry)
    if not whole and before is not None:
        note += f" Before it: {_described(before)}."
    return Tail(
        network=network,
        layers=names,
        input=entry,
        whole=whole,
        note=note,
        _weights=[layer.weights for layer in layers],
        _biases=[layer.biases for layer in layers],
    )


@dataclass(frozen=True)
class _Layer:
    """One fully connected layer."""

    node: onnx.NodeProto
    weights: Array  # [outputs x inputs]
    biases: Array | None
    below: str  # tensor that comes into it


def _network(file: ModelFile, layers: list[_Layer], kind: str) -> Network:
    weights = [file.read(layer.weights) for layer in layers]
    biases = [None if a.biases is None else file.read(a.biases) for a in layers]
    top, units = _described(layers[-1].node), weights[-1].shape[0]
    if kind == "sigmoid" and units > 1:
        raise ModelError(
            f"{top} has {units} units that a Sigmoid follows: several labels for a sample; it "
            "cannot sleep"
        )
    if kind == "softmax" and units == 1:
        raise ModelError(f"{top} has one unit and no Sigmoid follows; only classifiers can sleep")
    return Network(weights, biases, output=kind)


# ---- Single nodes


def _called(node: onnx.NodeProto) -> str:
    return node.name or (node.output[0] if node.output else "")


def _described(node: onnx.NodeProto) -> str:
    return f"{node.op_type} node {_called(node)!r}"


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def _is(node: onnx.NodeProto, *operations: str) -> bool:
    """Whether a node is one of these operations of the standard, not another one of that name."""
    standard = node.domain in ("", "ai.onnx") or (
        node.domain == "ai.onnx.ml" and node.op_type in ("ArrayFeatureExtractor", "ZipMap")
    )
    return standard and node.op_type in operations


def _uses(graph: onnx.GraphProto) -> Iterator[tuple[str, str]]:
    """Name what each tensor is used by, in subgraphs too."""
    for node in graph.node:
        for name in node.input:
            yield name, _described(node)
        for inner in subgraphs(node):
            yield from _uses(inner)
    for output in graph.output:
        yield output.name, f"output {output.name!r}"


# ---- The graph


class _Graph:
    """Tensors by name: which node computes them, and what uses them."""

    def __init__(self, file: ModelFile) -> None:
        self.file = file
        self.initializers = file.initializers
        self.inputs = {i.name for i in file.graph.input} - set(file.initializers)
        self.outputs = [o.name for o in file.graph.output]
        self.producers = {name: node for node in file.graph.node for name in node.output if name}
        self.users: dict[str, list[str]] = {}
        for name, user in _uses(file.graph):
            self.users.setdefault(name, []).append(user)
        self._check_order()

    def _check_order(self) -> None:
        """Refuse a graph in which a node uses what comes later: walks through it might not end."""
        ready: set[str] = set()
        for node in self.file.graph.node:
            for name in node.input:
                if name in self.producers and name not in ready:
                    raise ModelError(
                        f"{_described(node)} uses {name!r}, which a later node computes; the model "
                        "is not valid"
                    )
            ready.update(node.output)

    def layers(self) -> tuple[list[_Layer], str]:
        """Find the layers of the tail, from below, and what the output units do."""
        logits, ends = self._logits()
        top, kind = self._top(logits, ends[logits])
        layers: list[_Layer] = []
        tensor = top
        while (found := self._layer(self._through(tensor))) is not None:
            layers.insert(0, found)
            below = self.producers.get(self._through(found.below))
            if below is None or not _is(below, "Relu"):
                break
            tensor = below.input[0]
        if not layers:
            node = self.producers.get(top)
            what = f"the input {top!r}" if node is None else _described(node)
            raise ModelError(
                f"the model ends with {what}; what can sleep is a tail of Gemm, or MatMul and Add, "
                "with Relu between them"
            )
        for layer in layers[1:]:
            self._check_chain(layer.below, shown=set(ends))
        return layers, kind

    def entry(self, first: _Layer) -> tuple[str, bool]:
        """Find what comes into the tail, and whether it is the model's input."""
        tensor = first.below
        while (node := self.producers.get(tensor)) is not None:
            if not self._passes(node) and not self._flattens(node, first.weights.shape[1]):
                return first.below, False
            tensor = node.input[0]
        return (tensor, True) if tensor in self.inputs else (first.below, False)

    # -- from the outputs to the logits

    def _logits(self) -> tuple[str, dict[str, list[onnx.NodeProto]]]:
        """
        Find the tensor of which all outputs are forms.

        Also give each tensor that outputs are forms of, with the nodes between it and them.
        """
        ends: dict[str, list[onnx.NodeProto]] = {}
        origin: dict[str, str] = {}
        for output in self.outputs:
            tensor, passed = output, []
            while (node := self.producers.get(tensor)) is not None and _is(node, *_AFTER):
                passed.append(node)
                tensor = node.input[1 if node.op_type == "ArrayFeatureExtractor" else 0]
            ends.setdefault(tensor, []).extend(passed)
            origin.setdefault(tensor, output)
        if not ends:
            raise ModelError(f"{str(self.file.path)!r} has no output")
        # An output may show a hidden layer: then it is below another one.
        below = {end: self._sources(end) - {end} for end in ends}
        tops = [t for t in ends if not any(t in below[other] for other in ends)]
        if len(tops) != 1:
            names = ", ".join(repr(origin[t]) for t in tops)
            raise ModelError(
                f"the outputs {names} come from different layers; only one head sleeps"
            )
        return tops[0], ends

    def _top(self, logits: str, after: list[onnx.NodeProto]) -> tuple[str, str]:
        """Find the top layer's output and what the output units do."""
        squashing = [n for n in after if n.op_type in ("Softmax", "LogSoftmax", "Sigmoid")]
        node = self.producers.get(logits)
        if node is None:
            raise ModelError(
                f"no node computes the output, which is {logits!r}; there is nothing that can sleep"
            )
        if len({n.op_type == "Sigmoid" for n in squashing}) > 1:
            raise ModelError(
                f"{_described(squashing[0])} and {_described(squashing[-1])} both follow the same "
                "output units; it is one or the other"
            )
        for n in squashing:
            if n.op_type != "Sigmoid" and _attributes(n).get("axis", -1) not in (1, -1):
                raise ModelError(f"{_described(n)} is not over the classes (axis 1)")
        if _is(node, "Relu"):
            if squashing:
                raise ModelError(
                    f"{_described(squashing[0])} follows {_described(node)}; output units are "
                    "either softmax, sigmoid or ReLU"
                )
            return self._through(node.input[0]), "relu"
        sigmoid = any(n.op_type == "Sigmoid" for n in squashing)
        return logits, "sigmoid" if sigmoid else "softmax"

    # -- what a tensor is made of

    def _sources(self, tensor: str) -> set[str]:
        """All tensors that a tensor is computed from, and itself."""
        waiting, found = [tensor], set()
        while waiting:
            name = waiting.pop()
            node = self.producers.get(name)
            if node is not None and name not in found:
                waiting.extend(i for i in node.input if i)
            found.add(name)
        return found

    def _constant(self, tensor: str) -> bool:
        """Whether a tensor depends on no input."""
        return self._sources(tensor).isdisjoint(self.inputs)

    def _value(self, tensor: str) -> list[Any] | None:
        """Numbers of a small constant."""
        found = self.initializers.get(tensor)
        if found is None:
            node = self.producers.get(tensor)
            if node is None or not _is(node, "Constant"):
                return None
            attributes = _attributes(node)
            if "value" not in attributes:
                numbers = attributes.get("value_ints", attributes.get("value_int"))
                return None if numbers is None else list(np.atleast_1d(numbers))
            found = attributes["value"]
        if external(found) is not None:
            return None
        return list(onnx.numpy_helper.to_array(found).ravel())

    # -- between layers

    def _through(self, tensor: str) -> str:
        """Go down over nodes that leave [samples x features] as it is."""
        while (node := self.producers.get(tensor)) is not None and self._passes(node):
            tensor = node.input[0]
        return tensor

    def _passes(self, node: onnx.NodeProto) -> bool:
        if _is(node, "Identity"):
            return True
        if _is(node, "Flatten"):
            return bool(_attributes(node).get("axis", 1) == 1)
        if _is(node, "Dropout"):
            training = node.input[2] if len(node.input) > 2 else ""
            return not training or self._value(training) == [0]
        return False

    def _flattens(self, node: onnx.NodeProto, features: int) -> bool:
        if not _is(node, "Reshape"):
            return False
        shape = self._value(node.input[1])
        return shape is not None and len(shape) == 2 and int(shape[1]) in (-1, features)

    def _check_chain(self, tensor: str, shown: set[str]) -> None:
        """Refuse what another node uses between a layer and the one below; outputs may show it."""
        while not _is(node := self.producers[tensor], "Gemm", "MatMul"):
            users = [u for u in self.users.get(tensor, []) if not u.startswith("output ")]
            if len(users) > 1 and tensor not in shown:
                raise ModelError(
                    f"{tensor!r} goes to {' and to '.join(users)}; a network that sleeps is a "
                    "chain of layers"
                )
            if _is(node, "Add"):  # of the layer below
                break
            tensor = node.input[0]

    # -- one layer

    def _layer(self, tensor: str) -> _Layer | None:
        """Find the layer that computes a tensor; None: it is something else."""
        node = self.producers.get(tensor)
        if node is None:
            return None
        if _is(node, "Gemm"):
            bias = node.input[2] if len(node.input) > 2 else ""
            return self._linear(node, node, bias or None)
        if _is(node, "MatMul"):
            return self._linear(node, node, None)
        if not _is(node, "Add"):
            return None
        first, second = node.input[0], node.input[1]
        for product, bias in ((first, second), (second, first)):
            below = self.producers.get(product)
            if below is not None and _is(below, "MatMul") and self._constant(bias):
                if len(self.users.get(product, [])) > 1:
                    return None
                return self._linear(below, node, bias)
        return None

    def _linear(
        self, node: onnx.NodeProto, adding: onnx.NodeProto, bias: str | None
    ) -> _Layer | None:
        """Take a Gemm, or a MatMul and the node that adds its bias."""
        # A MatMul has no attributes.
        attributes = _attributes(node) if node.op_type == "Gemm" else {}
        if not self._constant(node.input[1]):
            return None
        for scale in ("alpha", "beta") if bias is not None else ("alpha",):
            if attributes.get(scale, 1.0) != 1.0:
                raise ModelError(
                    f"{_described(node)} has {scale} = {attributes[scale]:g}; only 1 can sleep"
                )
        if attributes.get("transA", 0):
            raise ModelError(f"{_described(node)} transposes its input; it cannot sleep")
        weights = self._weights(node, out_first=bool(attributes.get("transB", 0)))
        biases = None if bias is None else self._biases(adding, bias, weights.shape[0])
        return _Layer(node, weights, biases, node.input[0])

    def _weights(self, node: onnx.NodeProto, out_first: bool) -> Array:
        array = self._array(node, node.input[1])
        if len(array.shape) != 2:
            raise ModelError(
                f"{_described(node)} has weights {array.name!r} of the shape {list(array.shape)}; "
                "only matrices can sleep"
            )
        if out_first:
            return array
        return dataclasses.replace(array, shape=array.shape[::-1], order="F")

    def _biases(self, node: onnx.NodeProto, name: str, units: int) -> Array:
        array = self._array(node, name)
        if array.shape not in ((units,), (1, units)):
            raise ModelError(
                f"{_described(node)} has biases {name!r} of the shape {list(array.shape)} for "
                f"{units} units; it must be one for each"
            )
        return dataclasses.replace(array, shape=(units,))

    def _array(self, node: onnx.NodeProto, name: str) -> Array:
        """Find where the numbers of a node are; refuse what cannot be replaced."""
        tensor = self.initializers.get(name)
        if tensor is None:
            source = self.producers.get(name)
            where = f"from {_described(source)}" if source is not None else f"as {name!r}"
            raise ModelError(
                f"{_described(node)} takes its weights {where}; only initializers of the graph can "
                "change"
            )
        users = self.users.get(name, [])
        if len(users) > 1:
            raise ModelError(
                f"the initializer {name!r} is shared by {' and '.join(users)}; only weights of "
                "their own can change"
            )
        if tensor.data_type not in TYPES:
            kind = onnx.TensorProto.DataType.Name(tensor.data_type)
            raise ModelError(
                f"the initializer {name!r} of {_described(node)} holds {kind}; it must be FLOAT, "
                "DOUBLE or FLOAT16"
            )
        return self.file.array(name)
