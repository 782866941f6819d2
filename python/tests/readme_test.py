"""The README's example in Python, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
EXAMPLE = re.compile(
    r"<!-- tested by python/tests/readme_test.py -->\n```python\n(.*?)```", re.DOTALL
)
# Labels that can be learned, and some training.
TRAINING = """
labels = images[:, 0, 10:20, 14].argmax(1)
optimizer = torch.optim.Adam(model.parameters(), 0.003)
for _ in range(30):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()
"""


def test_example():
    torch = pytest.importorskip("torch")
    (text,) = EXAMPLE.findall(README.read_text(encoding="utf-8"))
    text = text.replace("# ... train it ...", TRAINING)
    torch.manual_seed(1)
    names: dict[str, object] = {}
    exec(compile(text, str(README), "exec"), names)
    assert names["report"].end == "complete"
