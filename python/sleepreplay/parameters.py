"""Parameters of a sleep."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from . import _core as core_module
from ._files import write_text
from .errors import FileError, MissingFileError, ParameterError

_NAMES = (
    "source",
    "rule",
    "steps",
    "time_step",
    "max_rate",
    "patch",
    "decay",
    "increment",
    "decrement",
    "threshold",
    "target_rate",
    "alpha_scale",
    "alpha",
    "dose",
    "growth",
    "bias",
    "inhibition",
    "output_current",
)

_ALTERNATIVES = (("threshold", "target_rate"), ("alpha", "alpha_scale"))


def _toml(value: Any) -> str:
    """Write a value as TOML does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (Sequence,)) or hasattr(value, "tolist"):
        value = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(value, Sequence):
            return "[" + ", ".join(_toml(float(v)) for v in value) + "]"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if hasattr(value, "item"):
        return _toml(value.item())
    raise TypeError(f"a parameter cannot be {value!r}")


class Parameters:
    """
    All that determines a sleep beside the network, its input and the seed. Never changed.

    Parameters
    ----------
    **values
        Any of the attributes below, by name.

    Attributes
    ----------
    steps : int
        Length of the sleep [time steps].
    max_rate : float
        Input rate scale [Hz].
    time_step : float
        Length of a time step [s].
    patch : int
        Side of the noise's patch [pixels]; 0: the whole input.
    decay : float
        Of the membrane potential, per step.
    increment, decrement : float
        By how much a weight grows where both units fire, and shrinks where the target unit fires
        alone.
    threshold : list of float or None
        Firing threshold of each layer.
    target_rate : list of float or None
        Instead of thresholds: how often the units of each layer fire at first [spikes per unit and
        step].
    alpha_scale : float or None
        The input gain of each layer is its scale factor times this.
    alpha : list of float or None
        Instead: the input gain of each layer.
    dose : float
        Part of the way that the weights go from their values before the sleep to those after it.
    growth : float
        Of tasks in sequence: the sleep after task k is 1 + growth (k - 1) times `steps` long. A
        sleep alone does not know it.
    rule : {"tadros2022", "sigmoid", "hebbian"}
        Plasticity rule.
    bias : {"none", "current"}
        What biases do during sleep.
    inhibition, output_current : float
        Times the mean input of the layer, subtracted; into each output unit, per step.
    source : str
        Where the values come from.

    Examples
    --------
    >>> import sleepreplay as sr
    >>> parameters = sr.Parameters.load("authors-mnist-3pct")
    >>> parameters.replace(steps=2000).steps
    2000
    """

    __slots__ = ("_core",)
    _core: core_module.Parameters

    def __init__(self, **values: Any) -> None:
        self._core = core_module.Parameters()
        self._core = self.replace(**values)._core

    @classmethod
    def _of(cls, core: core_module.Parameters) -> Parameters:
        parameters = cls.__new__(cls)
        parameters._core = core
        return parameters

    @classmethod
    def load(cls, file_or_preset: str | os.PathLike[str]) -> Parameters:
        """
        Read a parameter file or, if there is no such file, the preset of that name.

        Raises
        ------
        InputError
            Neither exists, or the file has an unknown key or a wrong value.
        """
        return cls._of(core_module.load_parameters(os.fspath(file_or_preset)))

    @classmethod
    def from_toml(cls, text: str) -> Parameters:
        """Read the text of a parameter file."""
        if not isinstance(text, str):
            raise ParameterError(f"text is {type(text).__name__}; it must be a str", "text")
        try:
            return cls._of(core_module.parse_parameters(text, "the text"))
        except MissingFileError as error:  # It is no file at all.
            raise FileError(str(error), error.file) from None

    @staticmethod
    def presets() -> list[str]:
        """Names of all presets."""
        return core_module.preset_names()

    def replace(self, **values: Any) -> Parameters:
        """
        Make a copy with some values replaced.

        A `threshold` takes the place of a `target_rate`, an `alpha` that of an `alpha_scale`, and
        the other way round.

        Raises
        ------
        ParameterError
            There is no such parameter, or it does not take the value.
        """
        for one, other in _ALTERNATIVES:
            if one in values and other in values:
                raise ParameterError(f"{one} and {other} exclude each other; give one", one)
        core = self._core
        for name, value in values.items():
            try:
                text = _toml(value)
            except (TypeError, ValueError) as error:
                raise ParameterError(f"{name}: {error}", name) from None
            core = core.with_setting(f"{name}={text}")
        return type(self)._of(core)

    def to_toml(self) -> str:
        """Write the text of a parameter file."""
        return self._core.to_toml()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a parameter file, which `hypnos sleep --params` reads too."""
        write_text(path, self.to_toml())

    def to_dict(self) -> dict[str, Any]:
        """All values by name; those that are not set are None."""
        return {name: getattr(self._core, name) for name in _NAMES}

    def __getattr__(self, name: str) -> Any:
        if name in _NAMES:
            return getattr(self._core, name)
        raise AttributeError(f"sleep parameters have no {name!r}; they are {', '.join(_NAMES)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *_NAMES]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Parameters):
            return NotImplemented
        return self.to_toml() == other.to_toml()

    def __hash__(self) -> int:
        return hash(self.to_toml())

    def __reduce__(self) -> tuple[Any, ...]:
        return Parameters.from_toml, (self.to_toml(),)

    def __repr__(self) -> str:
        values = {name: value for name, value in self.to_dict().items() if value not in (None, "")}
        return "Parameters(" + ", ".join(f"{n}={v!r}" for n, v in values.items()) + ")"

    def _repr_html_(self) -> str:
        from ._html import table

        rows = [(n, v) for n, v in self.to_dict().items() if v not in (None, "")]
        return table(("parameter", "value"), rows)


def as_parameters(parameters: Parameters | str | os.PathLike[str]) -> Parameters:
    """Take parameters, or the name of a file or preset."""
    if isinstance(parameters, Parameters):
        return parameters
    if isinstance(parameters, (str, os.PathLike)):
        return Parameters.load(parameters)
    raise ParameterError(
        f"parameters is {type(parameters).__name__}; it must be sleepreplay.Parameters, or the "
        "name of a preset or file",
        "parameters",
    )
