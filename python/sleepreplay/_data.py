"""From what users hold to samples that the core reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from .errors import InputError, ParameterError

CHANNELS = (1, 3, 4)  # of images, where nothing else says which axis they are

MOST_THREADS = 1024

Normalization = tuple[Any, Any]


def as_array(X: Any, name: str = "X") -> NDArray[np.float32]:
    """Take samples as single precision; contiguous float32 arrays are not copied."""
    if hasattr(X, "toarray"):
        raise InputError(f"{name} is sparse; give {name}.toarray()")
    if np.ma.is_masked(X):
        raise InputError(f"{name} has masked values; fill them first")
    if hasattr(X, "detach"):
        X = X.detach().cpu()
        # NumPy has no bfloat16.
        X = (X.float() if X.is_floating_point() else X).numpy()
    try:
        array = np.asarray(X)
    except ValueError:
        raise InputError(f"{name} has samples of different sizes") from None
    if array.dtype == object:
        try:
            array = array.astype(np.float32)
        except (TypeError, ValueError) as error:
            raise InputError(f"{name} holds what is not a number: {error}") from None
    if array.dtype.kind in "iub":
        raise InputError(
            f"{name} holds whole numbers ({array.dtype}), which can be read in two ways: pixels "
            f"({name}.astype('float32') / 255), or values as they are ({name}.astype('float32')). "
            "Give what the network was trained on"
        )
    if array.dtype.kind != "f":
        raise InputError(f"{name} holds {array.dtype}; it must be numbers")
    if array.ndim < 2:
        raise InputError(
            f"{name} has the shape {array.shape}; it must be [samples x features] or images"
        )
    return np.ascontiguousarray(array, dtype=np.float32)


def as_labels(y: Any, name: str = "y") -> NDArray[np.uint32]:
    """Take labels as numbers of classes, from 0."""
    if hasattr(y, "detach"):
        y = y.detach().cpu()
        y = (y.float() if y.is_floating_point() else y).numpy()
    if np.ma.is_masked(y):
        raise InputError(f"{name} has masked values; every sample needs a class")
    array = np.asarray(y)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise InputError(
            f"{name} has the shape {array.shape}; it must be one class number for each sample "
            "(of one-hot rows: y.argmax(1))"
        )
    whole = array.dtype.kind in "iub" or (
        array.dtype.kind == "f" and bool((array == np.floor(array)).all())
    )
    if not whole:
        raise InputError(f"{name} holds {array.dtype}; it must be class numbers from 0")
    if array.size and array.min() < 0:
        raise InputError(f"{name} holds {array.min()}; class numbers begin with 0")
    if array.size and array.max() >= 2**32:
        raise InputError(f"{name} holds {array.max()}; class numbers are below 2^32")
    return np.ascontiguousarray(array, dtype=np.uint32)


def as_count(value: Any, name: str, highest: int = 2**63 - 1) -> int:
    """Take a whole number, 0 or more."""
    try:
        number = int(value)
        right = bool(number == value) and not isinstance(value, (bool, np.bool_))
    except (TypeError, ValueError, OverflowError):
        number, right = -1, False
    if not right or not 0 <= number <= highest:
        limit = "0 or more" if highest >= 2**63 - 1 else f"from 0 to {highest}"
        raise ParameterError(f"{name} is {value!r}; it must be a whole number, {limit}", name)
    return number


def as_number(value: Any, name: str) -> float:
    """Take a number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ParameterError(f"{name} is {value!r}; it must be a number", name) from None


def as_numbers(values: Any, name: str) -> list[float]:
    """Take a list of numbers."""
    try:
        return [float(value) for value in values]
    except (TypeError, ValueError):
        raise ParameterError(f"{name} is {values!r}; it must be a list of numbers", name) from None


def as_threads(value: Any, name: str = "threads") -> int:
    """Take a number of threads; 0: all cores."""
    return as_count(value, name, MOST_THREADS)


def image_shape(
    dimensions: Sequence[int], shape: Sequence[int] | None, layout: str | None, channels_first: bool
) -> tuple[tuple[int, int, int], str]:
    """
    Find rows, columns and channels of one sample, and how the channels lie.

    Parameters
    ----------
    dimensions : of one sample
    shape : what the user says: (rows, columns) or (rows, columns, channels)
    layout : what the user says of the channels: "first" or "last"
    channels_first : whether that is the habit of where the samples come from
    """
    count = int(np.prod(dimensions))
    if shape is not None:
        try:
            shape = [as_count(side, "shape") for side in shape]
        except TypeError:
            raise ParameterError(f"shape is {shape!r}; give (rows, columns)", "shape") from None
        full = (*shape, 1) if len(shape) == 2 else tuple(shape)
        if len(full) != 3 or int(np.prod(full)) != count:
            raise ParameterError(
                f"shape {tuple(shape)} is not of {count} features; give (rows, columns) or (rows, "
                "columns, channels)",
                "shape",
            )
        if full[2] > 1 and layout is None and not channels_first:
            raise ParameterError(
                'layout says how the channels of an image lie: "first" (all of one channel, then '
                'the next) or "last" (all channels of a pixel side by side)',
                "layout",
            )
        return (full[0], full[1], full[2]), layout or ("first" if channels_first else "last")
    if len(dimensions) == 1:
        return (1, dimensions[0], 1), layout or "last"
    if len(dimensions) == 2:
        return (dimensions[0], dimensions[1], 1), layout or "last"
    if len(dimensions) != 3:
        return (1, count, 1), layout or "last"
    if layout is None:
        layout = "first" if channels_first else _layout_of(dimensions)
    if layout == "first":
        return (dimensions[1], dimensions[2], dimensions[0]), layout
    return (dimensions[0], dimensions[1], dimensions[2]), layout


def _layout_of(dimensions: Sequence[int]) -> str:
    first, last = dimensions[0] in CHANNELS, dimensions[2] in CHANNELS
    if first == last:
        raise ParameterError(
            f'images of {tuple(dimensions)} can be read in two ways: say layout="first" '
            '([channels x rows x columns]) or layout="last" ([rows x columns x channels])',
            "layout",
        )
    return "first" if first else "last"


def as_moments(normalization: Normalization | None) -> tuple[list[float], list[float]]:
    """Take (mean, std) as lists."""
    if normalization is None:
        return [], []
    try:
        mean, deviation = normalization
    except (TypeError, ValueError):
        raise ParameterError("normalization must be (mean, std)", "normalization") from None
    try:
        means = [float(m) for m in np.atleast_1d(np.asarray(mean, dtype=float)).ravel()]
        deviations = [float(d) for d in np.atleast_1d(np.asarray(deviation, dtype=float)).ravel()]
    except (TypeError, ValueError):
        raise ParameterError(
            "normalization must be (mean, std), which are numbers", "normalization"
        ) from None
    if len(means) != len(deviations):
        raise ParameterError(
            f"normalization has {len(means)} means and {len(deviations)} deviations",
            "normalization",
        )
    if not all(np.isfinite(means)) or not all(d > 0 and np.isfinite(d) for d in deviations):
        raise ParameterError(
            "normalization must have finite means and positive deviations", "normalization"
        )
    return means, deviations


def make_data(
    X: Any,
    y: Any = None,
    *,
    classes: int,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    normalization: Normalization | None = None,
    channels_first: bool = False,
    name: str = "X",
) -> _core.Data:
    """Take samples, and labels if there are some, for the core."""
    array = as_array(X, name)
    if layout not in (None, "first", "last"):
        raise ParameterError(f'layout is {layout!r}; it must be "first" or "last"', "layout")
    full, found_layout = image_shape(array.shape[1:], shape, layout, channels_first)
    if array.shape[0] == 0:
        raise InputError(f"{name} has no samples")
    means, deviations = as_moments(normalization)
    features = int(np.prod(array.shape[1:]))
    if means and len(means) not in (1, full[2], features):
        raise ParameterError(
            f"normalization has {len(means)} means for samples of {features} features in "
            f"{full[2]} channels; give one, or one for each channel or feature",
            "normalization",
        )
    labels = None if y is None else as_labels(y)
    return _core.make_data(
        array.reshape(array.shape[0], features),
        full,
        found_layout,
        labels,
        classes,
        means,
        deviations,
    )
