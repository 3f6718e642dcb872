"""The documents: links lead somewhere, commands exist, examples run, and every key has a meaning."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from docs.site.check import find_faults
from docs.site.command_page import walk
from docs.site.keys import find_section, list_parts
from docs.site.reference import PAGES, write_reference
from segsim.catalogue import MEASURES
from segsim.cli import app
from segsim.flows import FLOWS
from segsim.policies import POLICIES

ROOT = Path(__file__).parents[1]
PROVENANCE = ROOT / "segsim" / "sweden" / "PROVENANCE.md"
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "python").glob("*.md")]
)
COMMANDS = {
    name: {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for name, command in walk("", typer.main.get_command(app).commands)
}
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
OPTION = re.compile(r"--[a-z][a-z-]*")


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of reference."""
    folder = tmp_path_factory.mktemp("docs") / "reference"
    write_reference(folder)
    return folder


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings, as code hosts and the site make them."""
    names = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)]
    return set(names)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_document__lead_somewhere(document: Path, reference: Path) -> None:
    dead = []
    for link in LINK.findall(document.read_text("utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if target.parent == ROOT / "docs" / "reference":
            target = reference / target.name
        known = target.exists() and (not anchor or anchor in anchors(target.read_text("utf-8")))
        dead += [] if known else [link]
    assert dead == []


def test_documents__are_all_on_the_site() -> None:
    listed = {
        (page.parent / f"{entry}.md").resolve()
        for page in (ROOT / "docs").rglob("*.md")
        for tree in re.findall(r"```\{toctree\}\n:hidden:\n\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        for entry in tree.split()
    }
    assert {*DOCUMENTS, PROVENANCE} - listed == {ROOT / "docs" / "index.md"}
    shown = {ROOT / "docs" / "reference" / f"{name}.md" for name in PAGES}
    assert shown <= listed


def test_keys_of_scenario_files__all_have_a_meaning() -> None:
    silent = [
        f"{part.path}.{name}"
        for part in list_parts()
        for name, field in part.section.model_fields.items()
        if not field.description and find_section(field) is None
    ]
    assert silent == []


def test_reference__names_every_policy_measure_flow_and_command(reference: Path) -> None:
    text = {page.stem: page.read_text("utf-8") for page in reference.glob("*.md")}
    assert [kind for kind in POLICIES if f"`{kind}`" not in text["policies"]] == []
    assert [kind for kind in POLICIES if f"`{kind}`" not in text["policies_in_swedish"]] == []
    assert [name for name in (*MEASURES, *FLOWS) if f"`{name}`" not in text["measures"]] == []
    assert [name for name in COMMANDS if f"## `segsim {name}`" not in text["commands"]] == []


def list_calls(text: str) -> list[str]:
    """Return the calls of segsim among a document's indented lines."""
    lines = (line.strip().removeprefix(".venv/bin/") for line in text.splitlines() if line.startswith("    "))
    return [line.split("    #")[0] for line in lines if line.startswith("segsim ")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_calls_of_a_document__are_of_commands_and_options_there_are(document: Path) -> None:
    for call in list_calls(document.read_text("utf-8")):
        words = shlex.split(call, comments=True)[1:]
        name = " ".join(words[:2]) if " ".join(words[:2]) in COMMANDS else words[0]
        assert name in COMMANDS, call
        assert set(OPTION.findall(call)) <= COMMANDS[name], call


@pytest.mark.parametrize("document", ["boards.md"])
def test_examples_in_python__run(document: str) -> None:
    for example in re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / document).read_text("utf-8"), re.DOTALL
    ):
        exec(compile(example, document, "exec"), {"__name__": "example"})


def test_check_of_the_site__finds_dead_links_and_what_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<h2 id="here"></h2><a href="#here"></a><a href="a.html#there"></a><a href="b.html"></a>'
        '<a href="https://example.org"></a><script src="https://example.org/x.js"></script>'
    )
    (tmp_path / "a.css").write_text("@import '//example.org/font.css'; a { background: url(data:image/png) }")
    assert list(find_faults(tmp_path)) == [
        "a.html: fetches https://example.org/x.js",
        "a.html: a.html#there leads nowhere",
        "a.html: b.html leads nowhere",
        "a.css: fetches //example.org/font.css",
    ]
