#!/usr/bin/env python3
"""Prints a source file after the preprocessor, by its command in build/dev/compile_commands.json."""

import json
import pathlib
import shlex
import subprocess
import sys

file = pathlib.Path(sys.argv[1]).resolve()
commands = json.loads(pathlib.Path("build/dev/compile_commands.json").read_text())
entry = next(c for c in commands if pathlib.Path(c["file"]) == file)
arguments = shlex.split(entry["command"])
at = arguments.index("-o")
del arguments[at : at + 2]
arguments[arguments.index("-c")] = "-E"
arguments = [a for a in arguments if not a.endswith("ccache")]
sys.exit(subprocess.run(arguments, cwd=entry["directory"]).returncode)
