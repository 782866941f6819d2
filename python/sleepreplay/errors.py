"""What sleepreplay raises. All are of the family `Error`."""

from __future__ import annotations


class Error(Exception):
    """Root of what sleepreplay raises."""


class InputError(Error, ValueError):
    """What was given cannot be used; the message says what is wrong."""


class ParameterError(InputError):
    """
    A parameter or argument has a value, or a name, that cannot be.

    Attributes
    ----------
    parameter : str
        Its name.
    """

    def __init__(self, message: str, parameter: str = "") -> None:
        super().__init__(message)
        self.parameter = parameter


class RateError(ParameterError):
    """
    A layer cannot fire nearly as often as its target rate says.

    Attributes
    ----------
    layer : int
        Its number, from 1.
    target, highest : float
        The target, and the highest rate that it can reach [spikes per unit and step].
    """

    def __init__(
        self,
        message: str,
        parameter: str = "",
        layer: int = 0,
        target: float = 0.0,
        highest: float = 0.0,
    ) -> None:
        super().__init__(message, parameter)
        self.layer = layer
        self.target = target
        self.highest = highest


class FileError(InputError):
    """
    A file cannot be used.

    Attributes
    ----------
    file : str
        Its path.
    """

    def __init__(self, message: str, file: str = "") -> None:
        super().__init__(message)
        self.file = file


class MissingFileError(FileError, FileNotFoundError):
    """There is no such file."""


class ModelError(InputError, TypeError):
    """A model has a part that cannot sleep; the message names it."""


class SystemFailure(Error, OSError):
    """Something that should work failed: writing a file, reaching a server."""


class WorkerError(SystemFailure):
    """Whoever does the trials of a study cannot do them; the message names it."""


class Stopped(Error):
    """A progress callback returned False. Nothing was changed."""
