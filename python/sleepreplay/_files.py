"""Writes files so that none is lost."""

from __future__ import annotations

import os
from pathlib import Path


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a file in one step: a reader sees the old file or the new one."""
    file = Path(path).resolve()
    part = file.with_name(file.name + ".hypnos-part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
