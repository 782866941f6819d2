"""Version of the package, and of the library in it."""

from __future__ import annotations

from . import _core

__version__: str = _core.version().split(" ")[0]
