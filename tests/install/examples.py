#!/usr/bin/env python3
"""Writes the examples in the comments of public headers as C++ files, to be compiled.

usage: examples.py INCLUDE_FOLDER OUTPUT_FOLDER
"""

import pathlib
import re
import sys

# What an example takes for granted: further headers, and declarations before it.
GIVEN = {
    "database": ("", "void use(double accuracy);"),
    "progress": ("", "void draw_bar(double, std::string_view); bool user_has_had_enough();"),
    "recording": (
        "sleep",
        "extern Network network; extern SleepParameters parameters;"
        "extern std::vector<double> gains; extern Stimulus stimulus;",
    ),
    "stages": ("presets", ""),
}


def examples_in(text: str) -> list[str]:
    """Blocks of comment lines that are indented by five spaces, and are no formulas."""
    blocks = re.findall(r"(?:^///? {5}.*\n)+", text, re.MULTILINE)
    return [re.sub(r"^///? {5}", "", block, flags=re.MULTILINE) for block in blocks if ";" in block]


def as_file(name: str, example: str) -> str:
    header, given = GIVEN.get(name, ("", ""))
    includes = [f"#include <hypnos/{h}.hpp>" for h in (name, header) if h]
    if not re.match(r"enum|template|struct", example):
        example = f"void example() {{\n{example}}}\n"
    return "\n".join([*includes, "namespace hypnos {", given, example, "}", ""])


include, output = map(pathlib.Path, sys.argv[1:])
count = 0
for path in sorted((include / "hypnos").glob("*.hpp")):
    for example in examples_in(path.read_text()):
        (output / f"example-{count}.cpp").write_text(as_file(path.stem, example))
        count += 1
if count < 6:
    sys.exit(f"{count} examples were found, and there are more")
