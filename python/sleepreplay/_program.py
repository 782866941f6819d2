"""The program `hypnos`, which comes with the package."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def path() -> str:
    """Find the program."""
    return str(Path(__file__).parent / "bin" / "hypnos")


def main() -> None:
    """Become the program."""
    program = path()
    os.execv(program, [program, *sys.argv[1:]])
