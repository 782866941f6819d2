"""The hypnos program, called by the studies that are no plans."""

import json
import pathlib
import subprocess
import sys

PARAMETERS = pathlib.Path(__file__).resolve().parent / "parameters"
DEFAULT_PROGRAM = pathlib.Path(__file__).resolve().parent.parent / "build/release/hypnos"


def run(program, *arguments):
    """The result of one call of the program; ends with its error when it fails."""
    done = subprocess.run([program, *map(str, arguments), "--json"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr.strip())
    return json.loads(done.stdout)
