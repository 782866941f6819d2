"""The examples of docs/python.md and of all docstrings, run as they stand there."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
import torch

import sleepreplay

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TESTED_ELSEWHERE = "<!-- tested by tests/integration/readme_test.py -->\n"
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
MODULES = sorted(
    f"sleepreplay.{module.name}"
    for module in pkgutil.iter_modules(sleepreplay.__path__)
    if module.name != "_core"
)


@pytest.mark.parametrize(("page", "least"), [("python.md", 20), ("start.md", 2)])
def test_pages(page, least, tmp_path, monkeypatch):
    """Run all blocks in order, in one namespace; errors name the line of the page."""
    file = DOCS / page
    text = file.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) == text.count("```python"), "a block of Python is not closed"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    # On a machine with other work, threads of PyTorch wait for each other.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    names: dict[str, object] = {"__name__": "page"}
    try:
        for block in blocks:
            above = text.count("\n", 0, block.start(1))
            exec(compile("\n" * above + block[1], str(file), "exec"), names)
    finally:
        torch.set_num_threads(threads)
    assert len(blocks) >= least


def test_other_blocks_say_that_they_are_not_run():
    for file in DOCS.rglob("*.md"):
        if file.name in ("python.md", "start.md"):
            continue
        text = file.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            if text[: block.start()].endswith(TESTED_ELSEWHERE):
                continue
            assert "not run" in block[1].splitlines()[0], file


def test_links():
    for file in DOCS.rglob("*.md"):
        for target in LINK.findall(file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), (file, target)


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0


def test_docstrings_were_found():
    """Examples of the functions that people call are there to be run."""
    with_examples = {
        test.name
        for name in MODULES
        for test in doctest.DocTestFinder().find(importlib.import_module(name))
        if test.examples
    }
    assert {"sleepreplay._sleep.sleep", "sleepreplay.torch.sleep_"} <= with_examples
