"""The README's example in Python, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
EXAMPLE = re.compile(
    r"<!-- tested by python/tests/readme_test.py -->\n```python\n(.*?)```", re.DOTALL
)


def test_example():
    pytest.importorskip("torch")
    (text,) = EXAMPLE.findall(README.read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    exec(compile(text, str(README), "exec"), names)
    assert names["report"].end == "complete"
