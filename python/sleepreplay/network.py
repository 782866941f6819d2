"""Networks as plain arrays."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core as core_module
from ._data import Normalization, as_threads, make_data
from .errors import InputError, ModelError, ParameterError


def _numbers(array: Any, name: str, argument: str) -> NDArray[np.float32]:
    if hasattr(array, "detach"):
        # NumPy has no bfloat16.
        array = array.detach().cpu().float().numpy()
    if np.ma.is_masked(array):
        raise ParameterError(f"{name} has masked values; fill them first", argument)
    try:
        array = np.asarray(array)
        if array.dtype.kind in "fiubO":
            numbers: NDArray[np.float32] = np.asarray(array, dtype=np.float32, order="C")
            return numbers
    except (TypeError, ValueError) as error:
        raise ParameterError(f"{name} cannot be used: {error}", argument) from None
    raise ParameterError(f"{name} holds {array.dtype}; it must be numbers", argument)


def _matrix(array: Any, name: str) -> NDArray[np.float32]:
    matrix = _numbers(array, name, "weights")
    if matrix.ndim != 2:
        raise ParameterError(
            f"{name} has the shape {matrix.shape}; it must be [outputs x inputs]", "weights"
        )
    return matrix


def _vector(array: Any, name: str) -> NDArray[np.float32]:
    if array is None:
        return np.empty(0, dtype=np.float32)
    vector = _numbers(array, name, "biases")
    if vector.ndim != 1:
        raise ParameterError(f"{name} has the shape {vector.shape}; it must be [outputs]", "biases")
    return vector


class Network:
    """
    A multilayer perceptron: fully connected layers, ReLU between them. Never changed.

    Parameters
    ----------
    weights : sequence of arrays [outputs x inputs]
        From the input to the output, as PyTorch keeps them.
    biases : sequence of arrays [outputs] or None, optional
        One for each layer; None: it has none.
    output : {"softmax", "relu", "sigmoid"}
        What the output units do: softmax (cross-entropy), ReLU (squared error), or one unit with a
        sigmoid for two classes.
    dropout : float
        Part of the hidden units that was dropped while training.
    dropout_form : {"inverted", "classical"}
        Where the scale of dropout is made up for: while training, as PyTorch does, or by
        multiplying hidden activations by 1 - dropout.

    Attributes
    ----------
    weights : list of arrays [outputs x inputs], float32, read-only
    biases : list of arrays [outputs], float32, read-only, or None

    Raises
    ------
    InputError
        Shapes do not form a chain, or a value is NaN or infinite.

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> network = sr.Network([np.ones((3, 2)), np.ones((2, 3))])
    >>> network.sizes
    [2, 3, 2]
    """

    __slots__ = ("_core",)
    _core: core_module.Network

    def __init__(
        self,
        weights: Sequence[Any],
        biases: Sequence[Any] | None = None,
        *,
        output: str = "softmax",
        dropout: float = 0.0,
        dropout_form: str = "inverted",
    ) -> None:
        matrices = [_matrix(w, f"weights[{i}]") for i, w in enumerate(weights)]
        vectors = []
        if biases is not None and any(b is not None for b in biases):
            vectors = [_vector(b, f"biases[{i}]") for i, b in enumerate(biases)]
        try:
            part = float(dropout)
        except (TypeError, ValueError):
            raise ParameterError(
                f"dropout is {dropout!r}; it must be a number", "dropout"
            ) from None
        self._core = core_module.make_network(
            matrices, vectors, str(output), part, str(dropout_form)
        )

    @classmethod
    def _of(cls, core: core_module.Network) -> Network:
        network = cls.__new__(cls)
        network._core = core
        return network

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        layers: Sequence[str] = (),
        batch_norm: str | None = None,
        without_effect: Sequence[str] = (),
    ) -> Network:
        """
        Read a safetensors file, as the program does.

        What the file says beyond the network (names and types of tensors, how it was trained) is
        kept, and written again by `save`.

        Parameters
        ----------
        path : file
        layers : names of the layers, from the input to the output, where the file leaves it open
        batch_norm : {"before-relu", "after-relu"}, where the file leaves it open
        without_effect : tensors or modules that no answer depends on

        Raises
        ------
        FileError
            The file is not one of a multilayer perceptron, or can be read in two ways.
        """
        return cls._of(
            core_module.load_network(
                os.fspath(path), list(layers), batch_norm, list(without_effect)
            )
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a safetensors file, which the program and PyTorch read."""
        core_module.save_network(self._core, os.fspath(path))

    @classmethod
    def from_sklearn(cls, model: Any) -> Network:
        """
        Take the weights of a fitted `MLPClassifier` (activation "relu").

        Raises
        ------
        InputError
            It is not fitted, or its activation is another one.
        """
        if not hasattr(model, "coefs_"):
            raise InputError(f"{type(model).__name__} has no coefs_; is it fitted?")
        if model.activation != "relu":
            raise InputError(
                f"activation is {model.activation!r}; a network that sleeps has ReLU units "
                '(MLPClassifier(activation="relu"))'
            )
        kinds = {"softmax": "softmax", "logistic": "sigmoid"}
        if model.out_activation_ not in kinds:
            raise InputError(f"the output is {model.out_activation_!r}; only classifiers can sleep")
        if model.out_activation_ == "logistic" and model.n_outputs_ > 1:
            raise InputError("this classifier has several labels for a sample; it cannot sleep")
        return cls(
            [w.T for w in model.coefs_], model.intercepts_, output=kinds[model.out_activation_]
        )

    @classmethod
    def from_keras_weights(cls, arrays: Sequence[Any], *, output: str = "softmax") -> Network:
        """
        Take what `get_weights()` of a Keras model of Dense layers gives.

        Kernels [inputs x outputs], each followed by its bias [outputs] if it has one.
        """
        weights: list[Any] = []
        biases: list[Any] = []
        for array in map(np.asarray, arrays):
            if array.ndim == 2:
                weights.append(array.T)
                biases.append(None)
            elif array.ndim == 1 and weights and biases[-1] is None:
                biases[-1] = array
            else:
                raise InputError(
                    f"an array of the shape {array.shape} is neither a kernel nor the bias of the "
                    "kernel before it; only Dense layers can sleep"
                )
        return cls(weights, biases, output=output)

    @classmethod
    def from_mat(
        cls, path: str | os.PathLike[str], *, name: str | None = None, output: str | None = None
    ) -> Network:
        """Read a network of DeepLearnToolbox from a MATLAB file; see `sleepreplay.matlab.load`."""
        from . import matlab

        return matlab.load(path, name=name, output=output)

    def to_mat(self, path: str | os.PathLike[str], *, name: str = "nn") -> None:
        """Write a network of DeepLearnToolbox; see `sleepreplay.matlab.save`."""
        from . import matlab

        matlab.save(path, self, name=name)

    @property
    def weights(self) -> list[NDArray[np.float32]]:
        """Weights of each layer, [outputs x inputs]."""
        return self._core.weights

    @property
    def biases(self) -> list[NDArray[np.float32] | None]:
        """Biases of each layer, [outputs]; None where there are none."""
        return self._core.biases

    @property
    def output(self) -> str:
        """What the output units do: "softmax", "relu" or "sigmoid"."""
        return self._core.output

    @property
    def dropout(self) -> float:
        """Part of the hidden units that was dropped while training."""
        return float(self._core.dropout)

    @property
    def dropout_form(self) -> str:
        """Where the scale of dropout is made up for: "inverted" or "classical"."""
        return self._core.dropout_form

    @property
    def classes(self) -> int:
        """How many classes it tells apart."""
        return self._core.classes

    @property
    def sizes(self) -> list[int]:
        """Units of each layer, the input first."""
        weights = self.weights
        return [weights[0].shape[1], *(w.shape[0] for w in weights)]

    def predict(self, X: Any, *, threads: int = 0) -> NDArray[np.float32]:
        """
        Outputs for each sample, [samples x classes].

        Activations of ReLU units, or logits; of one sigmoid unit with input z the logits (0, z).
        The class of the largest is the answer.
        """
        return core_module.predict(
            self._core, make_data(X, classes=self.classes), as_threads(threads)
        )

    def same_weights(self, other: Network) -> bool:
        """Whether all weights and biases are equal to the last bit."""
        mine, theirs = (*self.weights, *self.biases), (*other.weights, *other.biases)
        return self.sizes == other.sizes and all(
            (a is None and b is None)
            or (a is not None and b is not None and a.tobytes() == b.tobytes())
            for a, b in zip(mine, theirs, strict=True)
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (
            [np.array(w) for w in self.weights],
            [None if b is None else np.array(b) for b in self.biases],
            self.output,
            self.dropout,
            self.dropout_form,
        )

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        biases = "" if any(b is not None for b in self.biases) else ", no biases"
        return f"Network({sizes}, {self.output}{biases})"


def _rebuild(
    weights: list[Any], biases: list[Any], output: str, dropout: float, dropout_form: str
) -> Network:
    return Network(weights, biases, output=output, dropout=dropout, dropout_form=dropout_form)


def data_for(
    network: Network,
    X: Any,
    y: Any = None,
    *,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    normalization: Normalization | None = None,
    channels_first: bool = False,
    name: str = "X",
    needs_labels: bool = False,
) -> core_module.Data:
    """Take samples for this network."""
    if not isinstance(network, Network):
        raise ModelError(
            f"the network is {type(network).__name__}; it must be a sleepreplay.Network"
        )
    if needs_labels and y is None:
        raise InputError("y is None; give the class of each sample")
    return make_data(
        X,
        y,
        classes=network.classes,
        shape=shape,
        layout=layout,
        normalization=normalization,
        channels_first=channels_first,
        name=name,
    )
