"""The text of a YAML file as nodes, and what is wrong with it in plain words."""

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError
from ruamel.yaml.nodes import MappingNode, Node

from segsim.errors import ScenarioError
from segsim.words.text import Text

MAX_VALUES = 50_000
MAX_DEPTH = 40
TOO_LARGE = Text(
    f"too large; at most {MAX_DEPTH} levels and {MAX_VALUES} values, and no alias of itself",
    f"för stor; högst {MAX_DEPTH} nivåer och {MAX_VALUES} värden, och inget alias för sig själv",
)


class _BoundedComposer(Composer):
    """Composes no more values than a file may hold, so that a vast one is refused before it is read whole."""

    values = level = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        is_key = isinstance(parent, MappingNode) and index is None
        self.values += not is_key
        self.level += 1
        if self.values > MAX_VALUES or self.level > MAX_DEPTH + 1:
            raise ComposerError(None, None, TOO_LARGE.en, self.parser.peek_event().start_mark)
        node = super().compose_node(parent, index)
        self.level -= 1
        return node


def parse_yaml(text: str, file: str) -> Node:
    """Return the root of a YAML text."""
    if not text.strip():
        raise ScenarioError(
            f"{file}:1: the file is empty; begin with a copy of one that comes with segsim",
            f"{file}:1: filen är tom; börja med en kopia av en som följer med segsim",
        )
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = _BoundedComposer
        root: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ScenarioError(
            f"{file}:{mark.line + 1 if mark else 1}: {explain_yaml_error(error, text)}",
            f"{file}:{mark.line + 1 if mark else 1}: {explain_yaml_error(error, text):sv}",
        ) from error
    except (YAMLError, YAMLStreamError) as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        raise ScenarioError(
            f"{file}:{line}: is not YAML text; it holds characters YAML does not allow",
            f"{file}:{line}: är inte YAML; texten innehåller tecken som YAML inte tillåter",
        ) from error
    except (ValueError, AttributeError, IndexError, KeyError, TypeError, AssertionError) as error:
        raise ScenarioError(f"{file}:1: is not YAML ({error})", f"{file}:1: är inte YAML") from error
    if root is None:
        raise ScenarioError(
            f"{file}:1: the file holds only comments; write at least `extends: CITY` or `city:`",
            f"{file}:1: filen innehåller bara kommentarer; skriv åtminstone `extends: STAD` eller `city:`",
        )
    return root


def explain_yaml_error(error: MarkedYAMLError, text: str) -> Text:
    """Say what the YAML library found, and what to do."""
    problem = str(error.problem or error.context or "cannot be understood")
    lines = text.splitlines()
    mark = error.problem_mark
    if problem == TOO_LARGE.en:
        return TOO_LARGE
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "\\t" in problem or re.match(r"\s*\t", line):
        return Text("a tab is used to indent; use spaces", "en tabb används som indrag; använd mellanslag")
    if "undefined alias" in problem:
        return Text(
            f"not YAML: {problem}; a text that begins with * needs quotes",
            "inte YAML: en text som börjar med * behöver citattecken",
        )
    if "mapping values are not allowed" in problem:
        return Text(
            'not YAML: a second ":" in the line, or uneven indentation; use quotes, or indent evenly',
            'inte YAML: ett andra ":" på raden, eller ojämna indrag; använd citattecken, eller jämna indrag',
        )
    if "found another document" in problem:
        return Text(
            'a file holds one scenario; remove the line "---" in the middle',
            'en fil rymmer ett scenario; ta bort raden "---" i mitten',
        )
    return Text(
        f"not YAML: {problem}; check indentation, quotes and brackets here and in the line before",
        "inte YAML; se efter indrag, citattecken och parenteser här och på raden före",
    )
