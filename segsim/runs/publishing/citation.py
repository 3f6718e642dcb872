"""How to cite segsim, and results made with it: by version, commit and the hash of the model's code."""

from collections.abc import Mapping
from typing import Any

from segsim.runs.provenance import code_hash, find_commit, versions
from segsim.words.text import Text

TITLE = "segsim: agent-based simulation of housing and school segregation"
AUTHORS = "The segsim authors"
_IN_SWEDISH = "segsims upphovspersoner. segsim: agentbaserad simulering av boende- och skolsegregation"


def describe_source(about: Mapping[str, Any] | None = None) -> str:
    """Return version, commit and hash of the model's code: of a record, or as they are here."""
    version = (about["versions"] if about else versions())["segsim"]
    commit = str(about.get("commit", "")) if about else find_commit()
    parts = [f"version {version}", *([f"commit {commit[:12]}"] if commit else [])]
    return ", ".join([*parts, f"model {about['code'] if about else code_hash()}"])


def cite(about: Mapping[str, Any] | None = None) -> Text:
    """Return one line to cite by: the program, and of a record what its results were made with."""
    source = describe_source(about)
    made = str(about["made"])[:10] if about else ""
    english = f"{AUTHORS}. {TITLE} ({source})."
    swedish = f"{_IN_SWEDISH} ({source.replace(', model ', ', modell ')})."
    if not made:
        return Text(english, swedish)
    return Text(english + f" Results made {made}.", swedish + f" Resultaten gjordes {made}.")


def write_bibtex(about: Mapping[str, Any] | None = None) -> str:
    """Return the same as an entry of BibTeX."""
    version = (about["versions"] if about else versions())["segsim"]
    year = f"  year = {{{str(about['made'])[:4]}}},\n" if about else ""
    return (
        f"@software{{segsim,\n  title = {{{TITLE}}},\n  author = {{{{{AUTHORS}}}}},\n"
        f"{year}  version = {{{version}}},\n  note = {{{describe_source(about)}}},\n}}"
    )
