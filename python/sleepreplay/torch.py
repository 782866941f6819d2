"""
Modules of PyTorch: put to sleep and woken in place.

What sleeps is the tail of a module: fully connected layers with ReLU between them, up to its
output. `Linear`, `ReLU`, `Dropout`, `Flatten`, `Identity`, `BatchNorm1d` between a `Linear` and a
`ReLU`, and a final `Softmax`, `LogSoftmax` or `Sigmoid` can be part of it; `ReLU`, `flatten` and
`softmax` may also be functions in `forward`. Whether the tail is what was found is checked with
the data: its answers must be those of the module.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from . import _core
from ._data import Normalization, make_data
from ._models import Adapted
from ._progress import Progress, listening
from ._sleep import SleepReport, run_sleep
from .errors import InputError, ModelError, ParameterError
from .network import Network
from .parameters import Parameters, as_parameters

_SAMPLES_TO_LOOK_AT = 4
_BATCH = 1024

_WITHOUT_EFFECT = (nn.Dropout, nn.Identity)
_FINAL = {nn.Softmax: "softmax", nn.LogSoftmax: "softmax", nn.Sigmoid: "sigmoid"}


@dataclass
class _Layer:
    """A fully connected layer of the tail."""

    name: str
    linear: nn.Linear
    norm: nn.BatchNorm1d | None = None
    norm_name: str = ""


@dataclass
class _Tail:
    """What sleeps, and where its input comes from."""

    layers: list[_Layer]
    output: str
    first: nn.Module  # what its input comes into
    first_name: str
    is_whole: bool  # the tail's input is the module's
    image: tuple[int, ...] | None  # dimensions of one sample, where the tail's input is flat

    def note(self) -> str:
        where = "the whole module" if self.is_whole else f"its part from {self.first_name!r} on"
        return f"{where} sleeps: {', '.join(layer.name for layer in self.layers)}"


@dataclass
class _Call:
    """A module that was called while the model looked at a few samples."""

    name: str
    module: nn.Module
    input: torch.Tensor
    output: torch.Tensor


@contextmanager
def _as_it_is(model: nn.Module) -> Iterator[None]:
    """Switch to eval mode without gradients; every module's own mode comes back."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        for module, _ in modes:
            module.training = False
        with torch.no_grad():
            yield
    finally:
        for module, mode in modes:
            module.training = mode


def _place(model: nn.Module) -> tuple[torch.device, torch.dtype]:
    parameter = next(model.parameters(), None)
    if parameter is None:
        raise ModelError("the module has no parameters; nothing in it can sleep")
    return parameter.device, parameter.dtype


def _samples(batch: Any) -> torch.Tensor:
    """Take the samples of a batch: a tensor, or the first of (samples, labels, ...)."""
    if isinstance(batch, (list, tuple)) and batch:
        batch = batch[0]
    if not isinstance(batch, torch.Tensor):
        raise InputError(
            f"a batch of the data is {type(batch).__name__}; it must be a tensor, or a tuple that "
            "begins with one"
        )
    return batch


def _labels(batch: Any) -> torch.Tensor:
    if not isinstance(batch, (list, tuple)) or len(batch) < 2:
        raise InputError("the data have no labels; give them as labels=, or batches of two tensors")
    return torch.as_tensor(batch[1])


def _is_loader(data: Any) -> bool:
    return not hasattr(data, "shape") and not isinstance(data, (list, tuple))


def _batches(data: Any) -> Iterable[Any]:
    """Walk through data in batches: of a loader its own."""
    if isinstance(data, torch.utils.data.Dataset):
        raise InputError("the data are a Dataset; give torch.utils.data.DataLoader(dataset, 1000)")
    if _is_loader(data):
        if iter(data) is data:
            raise InputError(
                "the data can be walked through only once; give a tensor or a DataLoader"
            )
        return data  # type: ignore[no-any-return]
    if isinstance(data, (list, tuple)):
        raise InputError(
            "the data are a list; give a tensor or an array of samples, or a DataLoader "
            "(labels separately)"
        )
    tensor = torch.as_tensor(data)
    return (tensor[i : i + _BATCH] for i in range(0, len(tensor), _BATCH))


def _first_batch(data: Any) -> torch.Tensor:
    random = torch.random.get_rng_state()
    try:
        for batch in _batches(data):
            samples = _samples(batch)
            if len(samples) > 0:
                return samples[:_SAMPLES_TO_LOOK_AT]
    finally:
        torch.random.set_rng_state(random)
    raise InputError("the data have no samples")


def _trace(model: nn.Module, samples: torch.Tensor) -> tuple[list[_Call], torch.Tensor]:
    """Let the model look at a few samples, and note which modules it calls in which order."""
    device, dtype = _place(model)
    calls: list[_Call] = []
    handles = []
    for name, module in model.named_modules():
        if next(module.children(), None) is not None:
            continue

        def note(module: nn.Module, given: Any, output: Any, name: str = name) -> None:
            if given and isinstance(given[0], torch.Tensor) and isinstance(output, torch.Tensor):
                calls.append(
                    _Call(name, module, given[0].detach().clone(), output.detach().clone())
                )

        handles.append(module.register_forward_hook(note))
    try:
        with _as_it_is(model):
            given = samples.to(device)
            output = model(given.to(dtype) if given.is_floating_point() else given)
    finally:
        for handle in handles:
            handle.remove()
    if not isinstance(output, torch.Tensor):
        raise ModelError(
            f"the module returns {type(output).__name__}; one that sleeps returns a tensor of "
            "[samples x classes]"
        )
    return calls, output


def _same(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.shape == b.shape and torch.equal(a, b)


def _flat(x: torch.Tensor) -> torch.Tensor:
    return x.reshape(x.shape[0], -1)


def _step(before: torch.Tensor, after: torch.Tensor) -> str | None:
    """Find what a function between two modules did: nothing, a ReLU, or a flattening."""
    if _same(before, after):
        return ""
    if _same(torch.relu(before), after):
        return "relu"
    if before.dim() > 2 and before.shape[0] == after.shape[0]:
        if _same(_flat(before), after):
            return "flatten"
        if _same(torch.relu(_flat(before)), after):
            return "relu"
    return None


def _output_kind(last: torch.Tensor, output: torch.Tensor) -> str | None:
    """Find what a function did to the outputs of the last layer."""
    if _same(last, output):
        return "linear"
    if _same(torch.relu(last), output):
        return "relu"
    if torch.equal(torch.softmax(last, -1), output) or torch.equal(
        torch.log_softmax(last, -1), output
    ):
        return "softmax"
    if _same(torch.sigmoid(last), output) or _same(torch.sigmoid(last).squeeze(-1), output):
        return "sigmoid"
    if last.shape[-1] == 1 and _same(last.squeeze(-1), output):
        return "linear"
    return None


def _describe(call: _Call) -> str:
    return f"{call.name or 'the module'} ({type(call.module).__name__})"


def _find_tail(
    model: nn.Module,
    calls: list[_Call],
    output: torch.Tensor,
    given: torch.Tensor,
    head: str | None,
) -> _Tail:
    """Walk from the output back to the first layer that can be part of the tail."""
    allowed = None
    if head is not None:
        part = dict(model.named_modules()).get(head)
        if part is None or head == "":
            names = [name for name, _ in model.named_children()]
            raise ParameterError(
                f"head: there is no module {head!r}; at the top are {', '.join(names)}", "head"
            )
        allowed = {id(module) for module in part.modules()}
        if not any(id(call.module) in allowed for call in calls):
            raise ParameterError(f"head: {head!r} is not called by the module", "head")

    def refuse(call: _Call, why: str) -> ModelError:
        return ModelError(
            f"{_describe(call)} {why}; a head can have Linear, ReLU, Dropout, Flatten, Identity, "
            "BatchNorm1d between a Linear and a ReLU, and a final Softmax, LogSoftmax or Sigmoid"
        )

    counts: dict[int, int] = {}
    for call in calls:
        counts[id(call.module)] = counts.get(id(call.module), 0) + 1

    layers: list[_Layer] = []  # from the output back
    kind: str | None = None  # of the output
    norm: _Call | None = None  # waits for its Linear
    relu = False  # there is one behind the layer that comes next, walking back
    after = output
    ready: tuple[int, int] | None = (
        None  # number of layers and index of the call at the last Linear
    )
    image: tuple[int, ...] | None = None
    stopped = ""
    index = len(calls)
    while index > 0:
        call = calls[index - 1]
        if allowed is not None and id(call.module) not in allowed:
            if not layers:
                raise refuse(call, f"comes after the head {head!r}")
            break
        module = call.module
        strict = allowed is not None
        step: str | None
        if not layers and norm is None and kind is None and not isinstance(module, tuple(_FINAL)):
            found = _output_kind(call.output, after)
            step = "" if found is not None else None
            if found not in (None, "linear"):
                kind = found
        else:
            step = _step(call.output, after)
        if step is None:
            stopped = f"what comes after {_describe(call)} is not known"
            if strict:
                raise ModelError(f"{stopped}: its output is not what the next layer gets")
            break
        if step == "relu":
            relu = True
        if counts[id(module)] > 1 and not isinstance(module, (*_WITHOUT_EFFECT, nn.ReLU)):
            stopped = f"{_describe(call)} is called more than once"
            if strict:
                raise refuse(call, "is called more than once")
            break
        if isinstance(module, nn.Linear):
            if layers and not relu:
                stopped = f"there is no ReLU behind {_describe(call)}"
                if strict:
                    raise refuse(call, "has no ReLU behind it")
                break
            if call.input.dim() != 2:
                stopped = f"{_describe(call)} works on inputs of {call.input.dim()} dimensions"
                if strict:
                    raise refuse(call, f"works on inputs of {call.input.dim()} dimensions")
                break
            layers.append(
                _Layer(
                    call.name,
                    module,
                    None if norm is None else norm.module,  # type: ignore[arg-type]
                    "" if norm is None else norm.name,
                )
            )
            if kind is None:
                kind = "relu" if relu else "linear"
            norm = None
            relu = False
            ready = (len(layers), index - 1)
        elif isinstance(module, nn.ReLU):
            relu = True
        elif isinstance(module, nn.BatchNorm1d):
            if not layers or not relu or norm is not None or call.output.dim() != 2:
                stopped = f"{_describe(call)} does not stand between a Linear and a ReLU"
                if strict:
                    raise refuse(call, "does not stand between a Linear and a ReLU")
                break
            norm = call
        elif isinstance(module, tuple(_FINAL)):
            if layers or kind is not None:
                stopped = f"{_describe(call)} stands between layers"
                if strict:
                    raise refuse(call, "stands between layers")
                break
            kind = _FINAL[type(module)]
            if not _same(call.output, after) and not _same(call.output.squeeze(-1), after):
                raise ModelError(f"what comes after {_describe(call)} is not known")
        elif not isinstance(module, (*_WITHOUT_EFFECT, nn.Flatten)):
            if strict or not layers:
                raise refuse(call, "cannot sleep")
            stopped = f"{_describe(call)} cannot sleep"
            break
        after = call.input
        index -= 1
    if ready is None:
        raise ModelError(f"no layer of the module can sleep: {stopped or 'there is no Linear'}")
    # Behind a BatchNorm there may have been no Linear; what was found up to the last one counts.
    count, at = ready
    layers = layers[:count][::-1]
    first = calls[at]
    # What only flattens in front of the first layer shows the shape of an image.
    while at > 0:
        before = calls[at - 1]
        if not isinstance(before.module, (*_WITHOUT_EFFECT, nn.Flatten)):
            break
        if allowed is not None and id(before.module) not in allowed:
            break
        if counts[id(before.module)] > 1 or _step(before.output, first.input) not in (
            "",
            "flatten",
        ):
            break
        at -= 1
        first = calls[at]
    is_whole = _step(given.to(first.input.dtype), first.input) in ("", "flatten")
    if is_whole:
        image = tuple(given.shape[1:])
    elif first.input.dim() > 2:
        image = tuple(first.input.shape[1:])
    units = layers[-1].linear.out_features
    if kind == "linear":
        kind = "sigmoid" if units == 1 else "softmax"
    if kind == "sigmoid" and units != 1:
        raise ModelError(
            f"the output is a sigmoid of {units} units: several labels for a sample; it cannot sleep"
        )
    assert kind is not None
    return _Tail(layers, kind, first.module, first.name, is_whole, image)


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    """Take a tensor as an array; single precision on the CPU is not copied."""
    return tensor.detach().to(device="cpu", dtype=torch.float32).contiguous().numpy()


def _scale_and_shift(
    norm: nn.BatchNorm1d, name: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the factor and the shift that a BatchNorm is in eval mode, of each unit."""
    if norm.running_mean is None or norm.running_var is None:
        raise ModelError(
            f"{name} (BatchNorm1d) keeps no running statistics (track_running_stats=False)"
        )
    mean = _array(norm.running_mean).astype(np.float64)
    variance = _array(norm.running_var).astype(np.float64)
    gamma = np.ones_like(mean) if norm.weight is None else _array(norm.weight).astype(np.float64)
    beta = np.zeros_like(mean) if norm.bias is None else _array(norm.bias).astype(np.float64)
    scale = gamma / np.sqrt(variance + norm.eps)
    shift = beta - scale * mean
    if not (np.isfinite(scale).all() and np.isfinite(shift).all()):
        raise ModelError(f"{name} (BatchNorm1d) makes NaN or infinity")
    if (scale == 0).any():
        raise ModelError(
            f"{name} (BatchNorm1d): the scale of unit {int(np.argmin(scale != 0))} is 0, so that it "
            "cannot be taken out of the weights again; remove the unit"
        )
    return scale, shift


def _folded(layer: _Layer) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    weights = _array(layer.linear.weight)
    biases = None if layer.linear.bias is None else _array(layer.linear.bias)
    if layer.norm is None:
        return weights, biases
    scale, shift = _scale_and_shift(layer.norm, layer.norm_name)
    inner = np.zeros(len(scale)) if biases is None else biases.astype(np.float64)
    return (
        (scale[:, None] * weights.astype(np.float64)).astype(np.float32),
        (scale * inner + shift).astype(np.float32),
    )


def _network_of(tail: _Tail) -> Network:
    arrays = [_folded(layer) for layer in tail.layers]
    return Network([w for w, _ in arrays], [b for _, b in arrays], output=tail.output)


def _put(target: torch.Tensor, values: NDArray[Any], changed: NDArray[np.bool_] | None) -> None:
    """Write values into a tensor; those that did not change keep their bits."""
    new = torch.from_numpy(np.array(values) if not values.flags.writeable else values)
    if changed is None:
        target.copy_(new)
        return
    mask = torch.from_numpy(changed).to(target.device)
    target.copy_(torch.where(mask, new.to(device=target.device, dtype=target.dtype), target))


def _write(tail: _Tail, core: _core.Network) -> None:
    """Put weights and biases of a network into the module."""
    for layer, weights, biases in zip(tail.layers, core.weights, core.biases, strict=True):
        linear = layer.linear
        if layer.norm is None:
            exact = linear.weight.dtype == torch.float32
            _put(linear.weight, weights, None if exact else weights != _array(linear.weight))
            if linear.bias is not None and biases is not None:
                exact = linear.bias.dtype == torch.float32
                _put(linear.bias, biases, None if exact else biases != _array(linear.bias))
            continue
        scale, _ = _scale_and_shift(layer.norm, layer.norm_name)
        was, was_biases = _folded(layer)
        _put(linear.weight, weights.astype(np.float64) / scale[:, None], weights != was)
        if biases is None or was_biases is None or not (biases != was_biases).any():
            continue
        inner = 0.0 if linear.bias is None else _array(linear.bias).astype(np.float64)
        shift = biases.astype(np.float64) - scale * inner
        mean = layer.norm.running_mean
        assert mean is not None
        if layer.norm.bias is not None:
            _put(layer.norm.bias, shift + scale * _array(mean), None)
        else:
            _put(mean, -shift / scale, None)


def _write_whole(tail: _Tail, core: _core.Network) -> None:
    """Write all or, when it is interrupted, all the same: no module is half asleep."""
    with torch.no_grad():
        try:
            _write(tail, core)
        except KeyboardInterrupt:
            _write(tail, core)
            raise


def _inputs(
    model: nn.Module, tail: _Tail, data: Any, with_labels: bool
) -> tuple[Any, torch.Tensor | None]:
    """Collect what comes into the tail, and the labels of the batches."""
    labels: list[torch.Tensor] = []
    if tail.is_whole and not _is_loader(data):
        return data, None
    parts: list[torch.Tensor] = []

    def note(module: nn.Module, given: Any) -> None:
        parts.append(given[0].detach().to(device="cpu", dtype=torch.float32).clone())

    device, dtype = _place(model)
    # Whoever walks through a loader draws from PyTorch's random numbers; the user's stay as they are.
    random = torch.random.get_rng_state()
    handle = None if tail.is_whole else tail.first.register_forward_pre_hook(note)
    try:
        with _as_it_is(model):
            for batch in _batches(data):
                samples = _samples(batch)
                if with_labels:
                    labels.append(_labels(batch))
                if tail.is_whole:
                    parts.append(samples.detach().to(device="cpu", dtype=torch.float32))
                else:
                    samples = samples.to(device)
                    model(samples.to(dtype) if samples.is_floating_point() else samples)
    finally:
        torch.random.set_rng_state(random)
        if handle is not None:
            handle.remove()
    if not parts:
        raise InputError("the data have no samples")
    return torch.cat(parts), torch.cat(labels) if labels else None


def _check_answers(tail: _Tail, network: Network, calls: list[_Call]) -> None:
    """Compare the answers of what was found with those of the module's last layer."""
    last = next(
        c for c in reversed(calls) if c.module is (tail.layers[-1].norm or tail.layers[-1].linear)
    )
    first = next(c for c in calls if c.module is tail.first)
    mine = network.predict(_array(_flat(first.input)), threads=1)
    theirs = _array(last.output)
    if network.output == "relu":
        theirs = np.maximum(theirs, 0)
    if network.output == "sigmoid":
        theirs = np.stack([np.zeros(len(theirs), np.float32), theirs[:, 0]], axis=1)
    half = tail.layers[0].linear.weight.dtype in (torch.float16, torch.bfloat16)
    tolerance = (0.05 if half else 1e-3) * max(1.0, float(np.abs(theirs).max()))
    if float(np.abs(mine - theirs).max()) > tolerance:
        raise ModelError(
            f"the layers {', '.join(layer.name for layer in tail.layers)} alone do not give the "
            "module's answers: its forward does something else between them; name a smaller head="
        )


def _tail_of(model: nn.Module, data: Any, head: str | None) -> tuple[_Tail, Network]:
    if not isinstance(model, nn.Module):
        raise ModelError(f"the model is {type(model).__name__}; it must be a torch.nn.Module")
    samples = _first_batch(data)
    if not samples.is_floating_point():
        raise InputError(
            f"the data hold {samples.dtype}; give what the module was trained on, for example "
            "x.float() / 255"
        )
    calls, output = _trace(model, samples)
    device, dtype = _place(model)
    tail = _find_tail(model, calls, output, samples.to(device=device, dtype=dtype), head)
    network = _network_of(tail)
    _check_answers(tail, network, calls)
    return tail, network


def _data(
    network: Network,
    tail: _Tail,
    X: Any,
    y: Any,
    shape: Sequence[int] | None,
    layout: str | None,
    normalization: Normalization | None,
) -> _core.Data:
    if shape is None and tail.image is not None and len(getattr(X, "shape", ())) == 2:
        shape = _shape_of(tail.image)
    return make_data(
        X,
        y,
        classes=network.classes,
        shape=shape,
        layout=layout,
        normalization=normalization,
        channels_first=True,
        name="data",
    )


def _shape_of(image: tuple[int, ...]) -> tuple[int, ...] | None:
    if len(image) == 2:
        return image
    if len(image) == 3:
        return (image[1], image[2], image[0])
    return None


def network(model: nn.Module, data: Any, *, head: str | None = None) -> Network:
    """
    Take the part of a module that sleeps as a Network.

    Parameters
    ----------
    model : torch.nn.Module
    data : tensor, array or DataLoader
        A few samples are looked at.
    head : str, optional
        Name of the part that sleeps, as in `model.named_modules()`.
    """
    return _tail_of(model, data, head)[1]


def sleep_(
    model: nn.Module,
    data: Any,
    parameters: Parameters | str | os.PathLike[str],
    *,
    head: str | None = None,
    seed: int = 1,
    normalization: Normalization | None = None,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    input_spikes: Any = None,
    record: str | os.PathLike[str] | None = None,
    state_steps: int = 100,
    threads: int = 0,
    progress: Progress = None,
) -> SleepReport:
    """
    Put a module, or its head, to sleep, in place.

    Keys of the state dict, hooks, devices, dtypes and training modes stay as they are. Weights of
    other types than float32 sleep as float32; those that did not change keep their bits. When
    anything goes wrong, or on Ctrl-C, the module is as it was.

    Parameters
    ----------
    model : torch.nn.Module
    data : tensor [samples x ...], array, or DataLoader
        What the module was trained on; of batches (samples, labels) the samples. They shape the
        noise and the scale factors.
    parameters : Parameters, or name of a preset or file
    head : str, optional
        Name of the part that sleeps, as in `model.named_modules()`: "fc", "classifier". Default:
        the longest tail of layers that can sleep; `report.note` says which.
    seed : int
        Of the noise.
    normalization : (mean, std), optional
        How the data were normalized, one number each or one for each channel: the noise has the
        shape of the mean before that.
    shape : (rows, columns) or (rows, columns, channels), optional
        Of what comes into the head, where it is flat and the noise's patch is part of an image.
    layout, input_spikes, record, state_steps, threads, progress : as in `sleepreplay.sleep`

    Returns
    -------
    SleepReport

    Raises
    ------
    ModelError
        A part of the head cannot sleep; the message names it.
    ParameterError, RateError, InputError, Stopped : as in `sleepreplay.sleep`

    Examples
    --------
    >>> import torch
    >>> import sleepreplay as sr
    >>> _ = torch.manual_seed(1)
    >>> model = torch.nn.Sequential(
    ...     torch.nn.Flatten(), torch.nn.Linear(64, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10)
    ... )
    >>> images = torch.rand(100, 1, 8, 8)
    >>> parameters = sr.Parameters.load("authors-mnist").replace(
    ...     patch=3, steps=100, target_rate=[0.01, 0.01]
    ... )
    >>> report = sr.torch.sleep_(model, images, parameters, seed=1)
    >>> report.steps, report.layers
    (100, ['input', '1', '3'])
    """
    tail, network = _tail_of(model, data, head)
    X, _ = _inputs(model, tail, data, with_labels=False)
    samples = _data(network, tail, X, None, shape, layout, normalization)
    core = network._core
    del network
    slept, report = run_sleep(
        core,
        samples,
        as_parameters(parameters),
        seed=seed,
        input_spikes=input_spikes,
        record=record,
        state_steps=state_steps,
        consume=True,
        threads=threads,
        progress=progress,
        names=["input", *(layer.name for layer in tail.layers)],
        note=tail.note(),
    )
    _write_whole(tail, slept)
    return report


def wake_(
    model: nn.Module,
    data: Any,
    labels: Any = None,
    *,
    head: str | None = None,
    threads: int = 0,
    progress: Progress = None,
) -> float:
    """
    Wake a module in place: multiply its outputs by the factor that fits the labels best.

    Parameters
    ----------
    model : torch.nn.Module
    data : tensor [samples x ...], array, or DataLoader of (samples, labels)
    labels : tensor or array [samples], where the data have none
        Class numbers from 0.
    head : str, optional
        As in `sleep_`.

    Returns
    -------
    float
        The factor.
    """
    tail, network = _tail_of(model, data, head)
    X, found = _inputs(model, tail, data, with_labels=labels is None)
    y = found if labels is None else labels
    if y is None:
        raise InputError("the data have no labels; give them as labels=, or a DataLoader with both")
    samples = _data(network, tail, X, y, None, None, None)
    core = network._core
    del network
    with listening(progress, "wake") as listener:
        awake, factor = _core.wake(core, samples, True, threads, listener)
    _write_whole(tail, awake)
    return factor


def adapt(model: nn.Module, X: Any, head: str | None) -> Adapted:
    """Take a module for a search; what sleeps of it is found by a few samples."""
    import copy

    tail, network = _tail_of(model, torch.as_tensor(X), head)

    def inputs(samples: Any) -> Any:
        return _inputs(model, tail, torch.as_tensor(samples), with_labels=False)[0]

    def rebuilt(slept: Network) -> nn.Module:
        twin = copy.deepcopy(model)
        modules: dict[str, Any] = dict(twin.named_modules())
        layers = [
            _Layer(
                layer.name,
                modules[layer.name],
                None if layer.norm is None else modules[layer.norm_name],
                layer.norm_name,
            )
            for layer in tail.layers
        ]
        _write_whole(dataclasses.replace(tail, layers=layers), slept._core)
        return twin

    return Adapted(network, inputs, rebuilt, channels_first=True)
