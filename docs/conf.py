"""The site of the documentation; scripts/docs builds it."""

import pathlib
import re

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent

project = "Hypnos"
author = "the authors of Hypnos"
copyright = f"2026, {author}"
version = release = re.search(
    r"project\(hypnos VERSION ([0-9.]+)", (REPOSITORY / "CMakeLists.txt").read_text()
)[1]

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
    "breathe",
]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # scripts/docs has run the notebooks

default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say them in words
autoclass_content = "class"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

# A type in words ("file", "samples") is also the name of several attributes; a C++ function that
# several headers declare is one.
suppress_warnings = ["ref.python", "duplicate_declaration.cpp"]

breathe_projects = {"hypnos": str(REPOSITORY / "build" / "docs" / "doxygen" / "xml")}
breathe_default_project = "hypnos"

html_theme = "furo"
html_title = "Hypnos"
html_static_path = ["_static", "../build/docs/static"]
html_js_files = ["accessible.js"]
mathjax_path = "tex-svg.js"  # scripts/docs puts it there, so that the site asks for nothing
html_show_sphinx = False
html_extra_path = ["../build/watch/page"]  # by scripts/watch: guides/watch.md points there
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#3b5b92", "color-brand-content": "#3b5b92"},
    "dark_css_variables": {"color-brand-primary": "#9db8e6", "color-brand-content": "#9db8e6"},
}

NOTEBOOK_LINK = re.compile(r"\]\(((?:\.\./)*)\.\./(examples/\w+\.ipynb)\)")
FOLDER_LINK = re.compile(r"\[([^\]]+)\]\((\.\./[^)#]*/)\)")


def mend_links(app, document, source):
    """Links lead to notebooks, which are pages; of folders, which are none, the names stay."""
    if document.startswith("examples/"):
        source[0] = source[0].replace("](../docs/", "](../")
    source[0] = NOTEBOOK_LINK.sub(r"](\1\2)", source[0])
    source[0] = FOLDER_LINK.sub(
        lambda m: f"`{m[2].replace('../', '')}`" if m[1].strip("`") in m[2] else m[1], source[0]
    )


SEVERAL_NAMES = re.compile(r"^(\s*)(\w+(?:, \w+)+) : (.*)$")


def join_names(app, what, name, obj, options, lines):
    """Attributes that are described together stay together: napoleon knows single names."""
    for at, line in enumerate(lines):
        found = SEVERAL_NAMES.match(line)
        if found and what == "class":
            lines[at] = f"{found[1]}{found[2].replace(', ', ' / ')} : {found[3]}"


def setup(app):
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", join_names, priority=400)
    app.connect("source-read", mend_links)
