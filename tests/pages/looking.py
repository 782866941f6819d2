"""Scripts of web/tests/ that look at pages, and where the pages are."""

import json
import pathlib
import shutil
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def node(script, *arguments):
    """What the script prints as JSON."""
    done = subprocess.run(
        [shutil.which("node"), REPOSITORY / "web" / "tests" / script, *map(str, arguments)],
        capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)
