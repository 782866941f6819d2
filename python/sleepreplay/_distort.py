"""Images that are harder to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._data import Normalization, as_array, as_threads, make_data
from ._sleep import check_seed
from .errors import ParameterError
from .network import Network, data_for

__all__ = ["distort"]


def as_distortion(distortion: Any, name: str = "distortion") -> str:
    """Take the words of a distortion."""
    if not isinstance(distortion, str):
        raise ParameterError(
            f'{name} is {distortion!r}; it must be a text like "blur=2.5"', "distort"
        )
    return distortion


def distort(
    X: Any,
    distortion: str,
    y: Any = None,
    *,
    network: Network | None = None,
    seed: int = 1,
    shape: Sequence[int] | None = None,
    layout: str | None = None,
    normalization: Normalization | None = None,
    threads: int = 0,
) -> NDArray[np.float32]:
    """
    Distort images.

    Parameters
    ----------
    X : array [samples x features] or images
        Pixels from 0 to 1, which may have been normalized.
    distortion : str
        "gaussian-noise=0.4" (deviation), "salt-and-pepper=0.2" (part of the pixels), "blur=2.5"
        (deviation of a Gaussian, in pixels), "contrast=0.3" (factor), "occlusion=10" (side of a
        square), "shift=3" (pixels), "rotation=30" (degrees); against a network "fgsm=0.1" and
        "pgd=0.1" (change of each pixel at most). Definitions are those of MNIST-C (Mu and Gilmer
        2019) where it has one; docs/distortions.md has all.
    y : array [samples], optional
        Class numbers from 0; those that are made against a network need them.
    network : Network, optional
        Against which fgsm and pgd are made.
    seed : int
        Draws noise, places and directions, for each image its own.
    shape, layout, normalization : as in `sleep`

    Returns
    -------
    array of X's shape, float32
        Normalized as X was.

    Examples
    --------
    >>> import numpy as np
    >>> import sleepreplay as sr
    >>> image = np.zeros((1, 3, 3), dtype=np.float32)
    >>> image[0, 1, 1] = 1
    >>> sr.distort(image, "blur=0.5").round(2)
    array([[[0.01, 0.08, 0.01],
            [0.08, 0.62, 0.08],
            [0.01, 0.08, 0.01]]], dtype=float32)
    """
    words = as_distortion(distortion)
    form: dict[str, Any] = {"shape": shape, "layout": layout, "normalization": normalization}
    adversarial = words.startswith(("fgsm", "pgd"))
    if adversarial and network is None:
        raise ParameterError(f"{words} is made against a network; give network", "network")
    if network is not None:
        data = data_for(network, X, y, **form, needs_labels=adversarial)
    else:
        data = make_data(X, None, classes=1, **form)
    found = _core.distort(
        None if network is None else network._core,
        data,
        words,
        check_seed(seed),
        as_threads(threads),
    )
    return found.reshape(as_array(X).shape)
