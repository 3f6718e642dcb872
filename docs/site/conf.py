"""How Sphinx makes the site: `make docs`, from the root of the repository.

The source is the repository itself, so that a link between documents leads to the same place in an
editor, on a code host and on the site. Nothing is fetched when the site is read: search, fonts and scripts
lie beside the pages.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from sphinx.application import Sphinx  # noqa: E402

from docs.site.reference import write_reference  # noqa: E402
from segsim import __version__  # noqa: E402

project = "segsim"
author = copyright = "The segsim authors"
release = version = __version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
root_doc = "docs/index"
include_patterns = [
    "*.md",
    "docs/**.md",
    "notebooks/*.ipynb",
    "segsim/sweden/PROVENANCE.md",
]
exclude_patterns = ["build", "results", ".*", "dist", "docs/site"]

# Docstrings are written in Markdown's manner, with one grave accent around code.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

myst_heading_anchors = 4
myst_enable_extensions = []
nb_execution_mode = "cache"
nb_execution_cache_path = str(ROOT / "build" / "notebooks")
nb_execution_timeout = 1800
nb_execution_raise_on_error = True
nb_output_stderr = "remove"  # remarks of libraries on the machine that built the site
suppress_warnings = ["misc.highlighting_failure"]  # `segsim` commands with what they print are no language

html_theme = "pydata_sphinx_theme"
html_title = "segsim"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_extra_path = ["index.html"]
html_show_sourcelink = False
html_show_search_summary = False  # a browser fetches no page beside one that is opened as a file
html_sidebars = {"docs/index": []}
html_theme_options = {
    "navbar_align": "left",
    "header_links_before_dropdown": 8,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

write_reference(ROOT / "docs" / "reference")


def escape_bars(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Let |x| in a docstring be an absolute value, where reStructuredText would look for a substitution."""
    lines[:] = [line.replace("|", "\\|") for line in lines]


def skip_fields(app: Sphinx, what: str, name: str, thing: object, skip: bool, options: object) -> bool | None:
    """Leave out the fields of named tuples, which the class tells of itself."""
    return True if (getattr(thing, "__doc__", None) or "").startswith("Alias for field number") else None


def setup(app: Sphinx) -> None:
    """Tell Sphinx of what is done to docstrings."""
    app.connect("autodoc-process-docstring", escape_bars)
    app.connect("autodoc-skip-member", skip_fields)
