"""Distortions against plain references in NumPy and SciPy, with the same random numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

import sleepreplay as sr
from sleepreplay.errors import InputError, ParameterError

KINDS = [
    "clean",
    "gaussian-noise",
    "salt-and-pepper",
    "blur",
    "contrast",
    "occlusion",
    "shift",
    "rotation",
]
DISTORTION = 12  # the purpose of the random numbers, in src/base/random.hpp
SEED = 5


class Philox:
    """Philox4x32-10 (Salmon et al. 2011), one word after the other."""

    def __init__(self, seed: int, position: int):
        self.key = (seed & 0xFFFFFFFF, seed >> 32)
        self.position = position
        self.block = 0
        self.words: list[int] = []

    def next(self) -> int:
        if not self.words:
            self.words = self._block(self.block)
            self.block += 1
        return self.words.pop(0)

    def _block(self, block: int) -> list[int]:
        c = [block, self.position & 0xFFFFFFFF, self.position >> 32, DISTORTION]
        k0, k1 = self.key
        for _ in range(10):
            a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
            low = 0xFFFFFFFF
            c = [(b >> 32) ^ c[1] ^ k0, b & low, (a >> 32) ^ c[3] ^ k1, a & low]
            k0, k1 = (k0 + 0x9E3779B9) & low, (k1 + 0xBB67AE85) & low
        return c

    def uniform(self) -> float:
        return (self.next() >> 8) / 2**24

    def fine_uniform(self) -> float:
        high, low = self.next() >> 5, self.next() >> 6
        return (high << 26 | low) / 2**53

    def below(self, bound: int) -> int:
        while True:
            product = self.next() * bound
            if product & 0xFFFFFFFF >= 2**32 % bound:
                return product >> 32

    def sign(self) -> int:
        return 1 if self.next() >> 31 else -1

    def normals(self, count: int) -> np.ndarray:
        values = []
        while len(values) < count:
            radius = np.sqrt(-2 * np.log(1 - self.fine_uniform()))
            angle = 2 * np.pi * self.fine_uniform()
            values += [radius * np.cos(angle), radius * np.sin(angle)]
        return np.array(values[:count])


def images() -> np.ndarray:
    random = np.random.default_rng(1)
    smooth = ndimage.gaussian_filter(random.random((6, 20, 16)), (0, 1, 1))
    return ((smooth - smooth.min()) / np.ptp(smooth)).astype(np.float32)


def reference(kind: str, strength: float, image: np.ndarray, number: int) -> np.ndarray:
    random = Philox(SEED, number * 64 + KINDS.index(kind))
    x = image.astype(float)
    rows, columns = x.shape
    if kind == "gaussian-noise":
        x = x + strength * random.normals(x.size).reshape(x.shape)
    elif kind == "salt-and-pepper":
        drawn = [(random.uniform() < strength, random.next() >> 31) for _ in range(x.size)]
        hit, white = np.array(drawn).T.reshape(2, *x.shape)
        x = np.where(hit, white, x)
    elif kind == "blur":
        x = ndimage.gaussian_filter(x, strength, mode="nearest", truncate=4)
    elif kind == "contrast":
        x = (x - x.mean()) * strength + x.mean()
    elif kind == "occlusion":
        side = int(strength)
        top, left = random.below(rows - side + 1), random.below(columns - side + 1)
        x = x.copy()
        x[top : top + side, left : left + side] = 0
    elif kind == "shift":
        down, right = strength * random.sign(), strength * random.sign()
        x = ndimage.shift(np.pad(x, 1), (-down, -right), order=1, mode="constant")[1:-1, 1:-1]
    elif kind == "rotation":
        angle = np.deg2rad(strength * random.sign())
        matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        middle = (np.array(x.shape) + 1) / 2
        padded = np.pad(x, 1)
        offset = middle - matrix @ middle
        x = ndimage.affine_transform(padded, matrix, offset, order=1, mode="constant")[1:-1, 1:-1]
    return x.clip(0, 1)


@pytest.mark.parametrize(
    ("kind", "strength"),
    [
        ("gaussian-noise", 0.3),
        ("salt-and-pepper", 0.25),
        ("blur", 0.7),
        ("blur", 2.5),
        ("contrast", 0.3),
        ("contrast", 4),
        ("occlusion", 5),
        ("shift", 3),
        ("shift", 1.5),
        ("rotation", 30),
    ],
)
def test_equals_the_reference(kind: str, strength: float) -> None:
    X = images()
    expected = [reference(kind, strength, image, i) for i, image in enumerate(X)]
    found = sr.distort(X, f"{kind}={strength}", seed=SEED)
    assert found.shape == X.shape
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=2e-6)


def plain_logits(network: sr.Network, X: np.ndarray) -> np.ndarray:
    hidden = np.maximum(X @ network.weights[0].T, 0)
    return hidden @ network.weights[1].T


def plain_gradient(network: sr.Network, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    first, last = (w.astype(float) for w in network.weights)
    before = X @ first.T
    logits = np.maximum(before, 0) @ last.T
    scaled = 10 * logits / np.ptp(logits, axis=1, keepdims=True)
    probabilities = np.exp(scaled - scaled.max(1, keepdims=True))
    probabilities /= probabilities.sum(1, keepdims=True)
    probabilities[np.arange(len(y)), y] -= 1
    return ((probabilities @ last) * (before > 0)) @ first


def test_the_fast_gradient_sign_method_equals_the_reference() -> None:
    random = np.random.default_rng(2)
    network = sr.Network([random.normal(size=(30, 12)), random.normal(size=(4, 30))])
    X = random.random((50, 12), dtype=np.float32)
    y = random.integers(4, size=50)
    gradient = plain_gradient(network, X.astype(float), y)
    expected = (X + 0.1 * np.sign(gradient)).clip(0, 1)
    found = sr.distort(X, "fgsm=0.1", y, network=network)
    clear = np.abs(gradient) > 1e-4 * np.abs(gradient).max()
    np.testing.assert_allclose(found[clear], expected[clear], atol=1e-6)


def test_projected_gradient_descent_finds_worse_images() -> None:
    random = np.random.default_rng(2)
    network = sr.Network([random.normal(size=(30, 12)), random.normal(size=(4, 30))])
    X = random.random((200, 12), dtype=np.float32)
    y = plain_logits(network, X).argmax(1)
    accuracy = {
        words: sr.measure(network, X, y, distortion=words).accuracy
        for words in ("clean", "gaussian-noise=0.1", "fgsm=0.1", "pgd=0.1")
    }
    assert accuracy["clean"] == 1
    assert accuracy["pgd=0.1"] <= accuracy["fgsm=0.1"] < accuracy["gaussian-noise=0.1"]
    found = sr.distort(X, "pgd=0.1", y, network=network)
    assert np.abs(found - X).max() <= 0.1 + 1e-6


def test_undoes_normalization() -> None:
    X = images()
    expected = (sr.distort(X, "contrast=0.2") - 0.3) / 0.5
    found = sr.distort((X - 0.3) / 0.5, "contrast=0.2", normalization=(0.3, 0.5))
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_says_what_is_wrong() -> None:
    X = images()
    for words in ("blurr=1", "blur", "clean=1", "blur=1,clean"):
        with pytest.raises(ParameterError):
            sr.distort(X, words)
    with pytest.raises(ParameterError, match="against a network"):
        sr.distort(X, "fgsm=0.1")
    with pytest.raises(InputError, match="pixels from 0 to 1"):
        sr.distort(X * 3, "blur=1")
    with pytest.raises(InputError, match="rows and columns"):
        sr.distort(X.reshape(len(X), -1), "blur=1")
