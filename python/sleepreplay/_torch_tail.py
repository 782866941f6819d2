"""
Which part of a module of PyTorch sleeps.

The module looks at a few samples, and each of its parts notes what comes in and what goes out. The
walk then goes from the module's output back, part by part, as long as the parts can sleep and what
goes out of one is what comes into the next: the same numbers, or their ReLU, or the same flattened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import nn

from .errors import ModelError, ParameterError

_WITHOUT_EFFECT = (nn.Dropout, nn.Identity)
_FLATTEN = (*_WITHOUT_EFFECT, nn.Flatten)
_FINAL: dict[type[nn.Module], str] = {
    nn.Softmax: "softmax",
    nn.LogSoftmax: "softmax",
    nn.Sigmoid: "sigmoid",
}
_ALLOWED = (
    "a head can have Linear, ReLU, Dropout, Flatten, Identity, BatchNorm1d between a Linear and a "
    "ReLU, and a final Softmax, LogSoftmax or Sigmoid"
)


@dataclass(frozen=True)
class Layer:
    """A fully connected layer of the tail, and the BatchNorm behind it."""

    name: str
    linear: nn.Linear
    norm: nn.BatchNorm1d | None = None
    norm_name: str = ""


@dataclass(frozen=True)
class Tail:
    """
    What sleeps, and where its input comes from.

    Attributes
    ----------
    layers : from the input to the output
    output : "softmax", "relu" or "sigmoid"
    first, first_name : the part whose input is that of the tail
    is_whole : whether that is the module's own input
    image : dimensions of one sample before it is flattened, where they are known
    """

    layers: tuple[Layer, ...]
    output: str
    first: nn.Module
    first_name: str
    is_whole: bool
    image: tuple[int, ...] | None

    def note(self) -> str:
        """Say what sleeps."""
        where = "the whole module" if self.is_whole else f"its part from {self.first_name!r} on"
        return f"{where} sleeps: {', '.join(layer.name for layer in self.layers)}"


@dataclass(frozen=True)
class Call:
    """A part of the module that was called, and with what."""

    name: str
    module: nn.Module
    input: torch.Tensor
    output: torch.Tensor

    def __str__(self) -> str:
        return f"{self.name or 'the module'} ({type(self.module).__name__})"


@contextmanager
def as_it_is(model: nn.Module) -> Iterator[None]:
    """Switch to eval mode without gradients; every part's own mode comes back."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        for module, _ in modes:
            module.training = False
        with torch.no_grad():
            yield
    finally:
        for module, mode in modes:
            module.training = mode


def place_of(model: nn.Module) -> tuple[torch.device, torch.dtype]:
    """Find device and number type of a module."""
    parameter = next(model.parameters(), None)
    if parameter is None:
        raise ModelError("the module has no parameters; nothing in it can sleep")
    if any(p.device.type == "meta" for p in model.parameters()):
        raise ModelError("the module is on the meta device, and has no weights yet")
    return parameter.device, parameter.dtype


def trace(model: nn.Module, samples: torch.Tensor) -> tuple[list[Call], torch.Tensor]:
    """Let the module look at a few samples: the calls of its parts in order, and its output."""
    calls: list[Call] = []

    def listener(name: str):  # type: ignore[no-untyped-def]
        def note(module: nn.Module, given: object, output: object) -> None:
            first = given[0] if isinstance(given, tuple) and given else None
            if isinstance(first, torch.Tensor) and isinstance(output, torch.Tensor):
                # Copies: a later part may change them in place.
                calls.append(Call(name, module, first.detach().clone(), output.detach().clone()))

        return note

    handles = [
        module.register_forward_hook(listener(name))
        for name, module in model.named_modules()
        if next(module.children(), None) is None
    ]
    try:
        with as_it_is(model):
            output = model(samples)
    finally:
        for handle in handles:
            handle.remove()
    if not isinstance(output, torch.Tensor):
        raise ModelError(
            f"the module returns {type(output).__name__}; one that sleeps returns a tensor of "
            "[samples x classes]"
        )
    return calls, output


def flat(x: torch.Tensor) -> torch.Tensor:
    """Flatten all but the samples."""
    return x.reshape(x.shape[0], -1)


def _same(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.shape == b.shape and torch.equal(a, b)


def _between(before: torch.Tensor, after: torch.Tensor) -> str | None:
    """Find what a function between two parts did: nothing, a ReLU, a flattening, or else."""
    if _same(before, after):
        return "nothing"
    if _same(torch.relu(before), after):
        return "relu"
    if before.dim() > 2 and before.shape[0] == after.shape[0]:
        if _same(flat(before), after):
            return "flatten"
        if _same(torch.relu(flat(before)), after):
            return "relu"
    return None


def _behind_output(last: torch.Tensor, output: torch.Tensor) -> str | None:
    """Find what a function did to what came out of the last part."""
    if last.dim() != 2:
        return None
    column = output.reshape(-1, 1) if last.shape[1] == 1 else output
    for name, values in (
        ("linear", last),
        ("relu", torch.relu(last)),
        ("softmax", torch.softmax(last, 1)),
        ("softmax", torch.log_softmax(last, 1)),
        ("sigmoid", torch.sigmoid(last)),
    ):
        if _same(values, column):
            return name
    return None


def _does_what_it_says(call: Call) -> bool:
    """Whether the numbers that go out are what a part of this kind makes of those that come in."""
    module = call.module
    if isinstance(module, nn.ReLU):
        return _same(torch.relu(call.input), call.output)
    if isinstance(module, _WITHOUT_EFFECT):
        return _same(call.input, call.output)
    if isinstance(module, nn.Flatten):
        return torch.equal(call.input.reshape(-1), call.output.reshape(-1))
    if isinstance(module, tuple(_FINAL)):
        return _behind_output(call.input, call.output) in ("linear", _FINAL[type(module)])
    return True


def _memory(tensor: torch.Tensor) -> tuple[int, object]:
    """Find where a tensor lies; meta tensors, which lie nowhere, are themselves."""
    return (tensor.data_ptr() or id(tensor), tensor.device)


class _Walk:
    """From the output of a module back to the first layer that can sleep."""

    def __init__(
        self, model: nn.Module, calls: list[Call], output: torch.Tensor, head: str | None
    ) -> None:
        self.calls = calls
        self.head = head
        self.part = _part_named(model, calls, head)  # ids of its modules
        self.holders = Counter(  # how many parts hold the same tensor
            place
            for module in model.modules()
            for place in {_memory(p) for p in module._parameters.values() if p is not None}
        )
        self.times = Counter(id(call.module) for call in calls)
        self.layers: list[Layer] = []  # from the output back
        self.kind: str | None = None  # of the output
        self.norm: Call | None = None  # a BatchNorm that waits for its Linear
        self.relu = False  # there is one behind the next layer
        self.after = output  # what must come out of the next call
        self.complete = 0  # layers that are whole
        self.first = 0  # index of the call of the last of these
        self.ended = "there is no Linear"

    def go(self) -> None:
        """Walk as far as the parts can sleep; with a head, as far as it goes."""
        for index in range(len(self.calls), 0, -1):
            call = self.calls[index - 1]
            if self.part is not None and id(call.module) not in self.part:
                if not self.layers:
                    raise ModelError(f"{call} comes after the head {self.head!r}; {_ALLOWED}")
                return
            why = self._take(call)
            if why:
                self.ended = f"{call} {why}"
                if self.part is not None:
                    raise ModelError(f"{self.ended}; {_ALLOWED}")
                return
            if isinstance(call.module, nn.Linear):
                self.complete, self.first = len(self.layers), index - 1
            self.after = call.input

    def _take(self, call: Call) -> str:
        """Take a call as part of the tail, or say why it cannot be."""
        module = call.module
        if not isinstance(module, (nn.Linear, nn.BatchNorm1d, nn.ReLU, *_FLATTEN, *_FINAL)):
            return "cannot sleep"
        if self.times[id(module)] > 1 and not isinstance(module, (*_FLATTEN, nn.ReLU)):
            return "is called more than once"
        if not _does_what_it_says(call):
            return "does something else than its kind does"
        why = self._link(call) or self._unwritable(module)
        if why:
            return why
        if isinstance(module, nn.Linear):
            return self._take_linear(call, module)
        if isinstance(module, nn.BatchNorm1d):
            if not self.layers or not self.relu or self.norm is not None or call.output.dim() != 2:
                return "does not stand between a Linear and a ReLU"
            self.norm = call
        elif isinstance(module, nn.ReLU):
            self.relu = True
        return ""

    def _unwritable(self, module: nn.Module) -> str:
        """Say why weights that are written into this part would not be its weights."""
        if not isinstance(module, (nn.Linear, nn.BatchNorm1d)):
            return ""
        for name in ("weight", "bias"):
            tensor = getattr(module, name)
            if tensor is None:
                continue
            if module._parameters.get(name) is None:
                return (
                    f"computes its {name} anew at each call (weight_norm, spectral_norm or pruning)"
                )
            if self.holders[_memory(tensor)] > 1:
                return f"shares its {name} with another part"
            if any(
                step == 0 and size > 1
                for step, size in zip(tensor.stride(), tensor.shape, strict=True)
            ):
                return f"has an expanded {name}, which cannot be written; give it a clone()"
            if tensor.is_inference() and not torch.is_inference_mode_enabled():
                return f"has a {name} that was made in inference mode; give it a clone()"
        return ""

    def _link(self, call: Call) -> str:
        """Look at what lies between this call and what comes after it."""
        unknown = "has an output with which something unknown is done"
        is_final = type(call.module) in _FINAL
        if self.layers or self.kind is not None or self.relu:
            if is_final:
                return "does not stand at the end"
            between = _between(call.output, self.after)
            self.relu = self.relu or between == "relu"
            return unknown if between is None else ""
        behind = _behind_output(call.output, self.after)
        if behind is None:
            return unknown
        if is_final:
            self.kind = _FINAL[type(call.module)]
            return "" if behind == "linear" else unknown
        if behind != "linear":
            self.kind = behind
        return ""

    def _take_linear(self, call: Call, linear: nn.Linear) -> str:
        if call.input.dim() != 2:
            return f"works on inputs of {call.input.dim()} dimensions"
        if self.layers and not self.relu:
            return "has no ReLU behind it"
        norm = None if self.norm is None else self.norm.module
        assert norm is None or isinstance(norm, nn.BatchNorm1d)
        self.layers.append(
            Layer(call.name, linear, norm, "" if self.norm is None else self.norm.name)
        )
        if self.kind is None:
            self.kind = "relu" if self.relu else "linear"
        self.norm, self.relu = None, False
        return ""

    def input_call(self) -> Call:
        """Find the call whose input is the tail's: what only flattens it belongs to the tail."""
        first = self.calls[self.first]
        for call in reversed(self.calls[: self.first]):
            inside = self.part is None or id(call.module) in self.part
            if (
                not inside
                or not isinstance(call.module, _FLATTEN)
                or self.times[id(call.module)] > 1
                or not _does_what_it_says(call)
            ):
                break
            if _between(call.output, first.input) not in ("nothing", "flatten"):
                break
            first = call
        return first


def _part_named(model: nn.Module, calls: list[Call], head: str | None) -> set[int] | None:
    if head is None:
        return None
    part = dict(model.named_modules()).get(head)
    if part is None or head == "":
        names = ", ".join(name for name, _ in model.named_children())
        raise ParameterError(f"head: there is no module {head!r}; at the top are {names}", "head")
    modules = {id(module) for module in part.modules()}
    if not any(id(call.module) in modules for call in calls):
        raise ParameterError(f"head: {head!r} is not called by the module", "head")
    return modules


def find_tail(
    model: nn.Module,
    calls: list[Call],
    output: torch.Tensor,
    given: torch.Tensor,
    head: str | None,
    trained: str | None,
) -> Tail:
    """
    Find the longest tail of layers that can sleep, or take the head that the user names.

    Parameters
    ----------
    calls, output : what `trace` found with the samples `given`
    head : name of a part
    trained : what the user says of outputs that are those of the last Linear

    Raises
    ------
    ModelError
        No layer can sleep, or one of the head cannot.
    ParameterError
        There is no such part.
    """
    walk = _Walk(model, calls, output, head)
    walk.go()
    if walk.complete == 0:
        raise ModelError(f"no layer of the module can sleep: {walk.ended}")
    layers = tuple(reversed(walk.layers[: walk.complete]))
    units = layers[-1].linear.out_features
    kind = walk.kind
    if trained not in (None, "softmax", "relu", "sigmoid"):
        raise ParameterError(
            f"output is {trained!r}; it must be softmax, relu or sigmoid", "output"
        )
    if kind == "linear":
        kind = trained or ("sigmoid" if units == 1 else "softmax")
    elif trained is not None and trained != kind:
        raise ParameterError(f"output is {trained!r}, but the module ends with {kind}", "output")
    if kind == "sigmoid" and units != 1:
        raise ModelError(
            f"the output is a sigmoid of {units} units: it has several labels for a sample, and "
            "cannot sleep"
        )
    if kind != "sigmoid" and units == 1:
        raise ModelError("an output of one unit tells two classes apart by a sigmoid, not so")
    assert kind is not None
    first = walk.input_call()
    is_whole = _between(given, first.input) in ("nothing", "flatten")
    if is_whole:
        image: tuple[int, ...] | None = tuple(given.shape[1:])
    else:
        image = tuple(first.input.shape[1:]) if first.input.dim() > 2 else None
    return Tail(layers, kind, first.module, first.name, is_whole, image)
