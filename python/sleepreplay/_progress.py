"""From `progress=` to a listener that the core calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .errors import ParameterError

Listener = Callable[[float, str], Any]
"""Called with the part of the work that is done, in [0, 1], and a note; False stops the work."""

Progress = bool | Listener | None


@contextmanager
def listening(progress: Progress, label: str) -> Iterator[Listener | None]:
    """Make a listener: none, the caller's own, or a bar of tqdm."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError as error:
            raise ImportError(
                "progress=True needs tqdm (pip install tqdm); or give a function of (part, note)"
            ) from error
        with tqdm(total=100, desc=label, bar_format="{l_bar}{bar}|{postfix}") as bar:

            def show(part: float, note: str) -> None:
                bar.n = round(100 * part, 1)
                bar.set_postfix_str(note)

            yield show
            bar.n = 100
            bar.refresh()
    elif callable(progress):
        yield progress
    else:
        raise ParameterError(
            f"progress is {progress!r}; it must be True, or a function of (part, note)", "progress"
        )


def part_of(listener: Listener | None, begin: float, end: float) -> Listener | None:
    """Tell a listener of a stretch of the work as if it were from `begin` to `end`."""
    if listener is None:
        return None
    return lambda part, note: listener(begin + (end - begin) * part, note)
