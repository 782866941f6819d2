"""The README's example in Python, run as it stands there, on a model that has learned little."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = re.compile(
    r"<!-- tested by python/tests/readme_test.py[^>]*-->\n```python\n(.*?)```", re.DOTALL
)
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_example():
    """It is run as it stands, on the model of docs/start.md, which it makes better."""
    pytest.importorskip("torch")
    (text,) = EXAMPLE.findall((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    start = BLOCK.search((REPOSITORY / "docs" / "start.md").read_text(encoding="utf-8"))
    assert start
    before, _ = start[1].split("parameters = ")
    names: dict[str, Any] = {}
    exec(compile(before, "start.md", "exec"), names)
    exec(compile(text, "README.md", "exec"), names)
    assert names["report"].end == "complete"
    assert names["accuracy"]() > names["before"] + 0.1
