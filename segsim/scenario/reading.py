"""YAML read into plain values that remember their file and line; the only home of the YAML library."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from segsim.errors import ScenarioError, tell_reason
from segsim.scenario.files.yaml_text import MAX_DEPTH, MAX_VALUES, TOO_LARGE, parse_yaml
from segsim.words.characters import find_hidden
from segsim.words.text import Text

Keys = tuple[str | int, ...]
"""The way from the top of a file to a value: keys of mappings, numbers of list items."""

MAX_BYTES = 1_000_000
"""More than this is no scenario but a mistake or an attack, refused before time or memory runs out."""
MOST_TOLD = 25
"""Problems of one file that are told; a thousand would hide the first."""
_TAG = "tag:yaml.org,2002:"


class Unset(Enum):
    """What `null` means in a mapping: as if neither this file nor the one it extends had the key."""

    UNSET = "null"


UNSET = Unset.UNSET


class FileText(str):
    """A text of a file that remembers the folder of that file, so that paths can be found from there."""

    folder: Path = Path()


class Origin(NamedTuple):
    """Where a value was written; line 0 stands for a place without lines, such as the command line.

    Such a place may be called otherwise in Swedish.
    """

    file: str
    line: int
    swedish: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def __format__(self, language: str) -> str:
        """Return where it is in English, or in Swedish for "sv"."""
        return self.swedish if self.swedish and language == "sv" else str(self)


class Problem(NamedTuple):
    """One thing that is wrong, and where."""

    origin: Origin
    text: Text

    def __format__(self, language: str) -> str:
        """Return what is wrong in English, or in Swedish for "sv"."""
        return f"{format(self.origin, language)}: {format(self.text, language)}"


@dataclass
class Document:
    """The values of one file, or of a file merged over the one it extends, and where each was written."""

    values: dict[str, Any]
    origins: dict[Keys, Origin] = field(default_factory=dict)

    def origin(self, keys: Keys) -> Origin:
        """Return where a value was written, or else the nearest value that holds it."""
        return find_origin(self.origins, keys)


def find_origin(origins: Mapping[Keys, Origin], keys: Keys) -> Origin:
    """Return the origin of a value, or else that of the nearest value that holds it."""
    for length in range(len(keys), -1, -1):
        if keys[:length] in origins:
            return origins[keys[:length]]
    return Origin("scenario", 0, "scenariot")


def find_cause(origins: Mapping[Keys, Origin], keys: Keys, text: Text) -> Origin:
    """Return where what is wrong was written, be it beside the value that it is told of.

    What a file inherits was right before the file changed something, and so was the file before an override.
    Of the values around, the last to be given whose key the text names is the cause.
    """
    here, file = find_origin(origins, keys), find_origin(origins, ()).file
    layers = {0: 2, file: 1}  # an override has no line; a scenario inherits from one file alone

    def layer(origin: Origin) -> int:
        return layers.get(origin.file if origin.line else 0, 0)

    around = {keys: here} | {
        known: origin
        for known, origin in origins.items()
        if known and len(known) <= len(keys) + 2 and (known[:1] == keys[:1] or len(known) == 1)
    }
    within = {layer(origin) for known, origin in around.items() if known[: len(keys)] == keys}
    if len({layer(origin) for origin in around.values()}) == 1 or within == {2}:
        return here
    words = set(re.findall(r"[A-Za-z_]\w*", text.en))
    causes = [
        known
        for known, origin in around.items()
        if layer(origin) > min(within) and words.intersection(known[count_shared(known, keys) :])
    ]
    if not causes:
        return here
    return around[max(causes, key=lambda one: (layer(around[one]), count_shared(one, keys)))]


def count_shared(one: Keys, other: Keys) -> int:
    """Return how many keys two ways have in common from the top."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def refuse(problems: list[Problem], others: int = 0) -> None:
    """Raise one error that lists the problems, if any, in the order of the file, and the number of others."""
    if problems:
        ordered = sorted(dict.fromkeys(problems), key=lambda p: (p.origin.file, p.origin.line))
        told = ordered[:MOST_TOLD]
        if more := len(ordered) - len(told) + others:
            rest = Text(f"and {more} more; mend these first", f"och {more} till; rätta dessa först")
            told.append(Problem(ordered[-1].origin._replace(line=0), rest))
        raise ScenarioError("\n".join(f"{one}" for one in told), "\n".join(f"{one:sv}" for one in told))


def read_document(path: Path) -> Document:
    """Read one YAML file.

    Parameters
    ----------
    path : Path
        The file; relative to the current directory.

    Returns
    -------
    Document
        Its values as dict, tuple, FileText, int, float and bool, with the line of each; None where nothing
        is written, or `null` in a list, and UNSET for `null` in a mapping.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is not UTF-8, is not YAML or holds anything but plain values.
    """
    return parse_document(read_text(path, show_path(path)), path)


def parse_document(text: str, path: Path) -> Document:
    """Return what a text says as the file of a path, which need not be written yet; see `read_document`."""
    file = show_path(path)
    root = parse_yaml(text, file)
    if not isinstance(root, MappingNode):
        raise ScenarioError(
            f'{file}:{line_number(root)}: the file must be "key: value" lines; found {describe_node(root)}',
            f'{file}:{line_number(root)}: filen ska bestå av rader "nyckel: värde"; där står '
            f"{describe_node(root):sv}",
        )
    reader = _Reader(file, path.resolve().parent)
    values = reader.read_value(root, ())
    refuse(reader.problems)
    return Document(values, reader.origins)


def read_value(text: str, where: str) -> Any:
    """Read one value written as YAML, such as `0.5` or `[4, 5]` on the command line."""
    reader = _Reader(where, Path.cwd())
    try:
        root = parse_yaml(text, where)
    except ScenarioError as error:
        raise ScenarioError(
            f"{where}: {text!r} is not a value in YAML", f"{where}: {text!r} är inte ett värde i YAML"
        ) from error
    value = reader.read_value(root, ())
    refuse([Problem(Origin(where, 0), problem.text) for problem in reader.problems])
    return None if value is UNSET else value


def show_path(path: Path) -> str:
    """Return a path as its reader would write it: relative to the current directory when it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def read_text(path: Path, file: str) -> str:
    """Return the text of a file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = tell_reason(error)
        raise ScenarioError(
            f"{file}: cannot be read ({reason})", f"{file}: går inte att läsa ({reason:sv})"
        ) from error
    if len(content) > MAX_BYTES:
        raise ScenarioError(
            f"{file}: {len(content)} bytes is too large for a scenario; at most {MAX_BYTES}",
            f"{file}: {len(content)} byte är för stort för ett scenario; högst {MAX_BYTES}",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError(
            f"{file}:{line}: is not UTF-8 text (byte 0x{content[error.start]:02x}); save the file as UTF-8",
            f"{file}:{line}: är inte text i UTF-8 (byte 0x{content[error.start]:02x}); spara filen som UTF-8",
        ) from error


def line_number(node: Node) -> int:
    """Return the line of a node, counted from 1."""
    return int(node.start_mark.line) + 1


def describe_node(node: Node) -> Text:
    """Name what a node is."""
    if isinstance(node, SequenceNode):
        return Text("a list", "en lista")
    word = f'"{str(node.value)[:40]}"'
    return Text("a mapping", "nycklar med värden") if isinstance(node, MappingNode) else Text(word, word)


def find_decimal_comma(node: MappingNode) -> str:
    """Return a number with a decimal comma in braces, which YAML reads as a value and a key; else nothing."""
    for (_, before), (key, value) in pairwise(node.value):
        whole = isinstance(before, ScalarNode) and re.fullmatch(r"[-+]?\d+", before.value)
        part = isinstance(key, ScalarNode) and re.fullmatch(r"\d+", key.value)
        if whole and part and isinstance(value, ScalarNode) and value.value == "":
            return f"{before.value},{key.value}"
    return ""


_TEXTS = ("str", "int", "timestamp", "merge", "value")
_PLAIN = (*_TEXTS, "float", "bool", "null")
"""Kinds of words that YAML tells apart by how they are written, and those of them read as they stand."""


class _Reader:
    """Turn the nodes of one file into values, noting lines and problems on the way."""

    def __init__(self, file: str, folder: Path) -> None:
        self.file = file
        self.folder = folder
        self.origins: dict[Keys, Origin] = {}
        self.problems: list[Problem] = []
        self._lists = 0

    def note_problem(self, node: Node, text: str, swedish: str) -> None:
        """Note a problem at a node."""
        self.problems.append(Problem(Origin(self.file, line_number(node)), Text(text, swedish)))

    def read_value(self, node: Node, keys: Keys) -> Any:
        """Return the value of a node."""
        self.origins.setdefault(keys, Origin(self.file, line_number(node)))
        if len(keys) > MAX_DEPTH or len(self.origins) > MAX_VALUES:
            self.note_problem(node, TOO_LARGE.en, TOO_LARGE.sv)
            refuse(self.problems)
        if isinstance(node, MappingNode):
            self.refuse_tag(node, "map")
            return dict(self.read_items(node, keys))
        if isinstance(node, SequenceNode):
            self.refuse_tag(node, "seq")
            self._lists += 1
            items = tuple(self.read_value(item, (*keys, i)) for i, item in enumerate(node.value))
            self._lists -= 1
            return items
        return self.read_scalar(node)

    def refuse_tag(self, node: Node, *allowed: str) -> None:
        """Note a problem if a node has a tag that asks for more than plain values."""
        if str(node.tag).removeprefix(_TAG) not in allowed:
            self.note_problem(
                node,
                f'the tag "{node.tag}" is not allowed; write plain values',
                f'taggen "{node.tag}" är inte tillåten; skriv vanliga värden',
            )

    def refuse_hidden(self, node: Node) -> None:
        """Note a problem if a text holds a character that nobody sees, or that turns what follows."""
        if code := find_hidden(str(node.value)):
            self.note_problem(
                node,
                f"holds a character that is not seen ({code}); delete it",
                f"innehåller ett tecken som inte syns ({code}); ta bort det",
            )

    def read_items(self, node: MappingNode, keys: Keys) -> Iterator[tuple[str | int, Any]]:
        """Yield the keys and values of a mapping; a whole number, such as an age, stays a number."""
        seen: dict[str | int, int] = {}
        if node.flow_style and (comma := find_decimal_comma(node)):
            self.note_problem(
                node,
                f"{comma} has a decimal comma; write {comma.replace(',', '.')}",
                f"{comma} har decimalkomma; skriv {comma.replace(',', '.')}",
            )
            return
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.note_problem(
                    key_node,
                    f"a key must be a word; found {describe_node(key_node)}",
                    f"en nyckel ska vara ett ord; här står {describe_node(key_node):sv}",
                )
                continue
            self.refuse_tag(key_node, *_PLAIN)
            self.refuse_hidden(key_node)
            is_number = key_node.tag == f"{_TAG}int"
            key = self.read_whole(key_node, key_node.value) if is_number else str(key_node.value)
            if key in seen:
                self.note_problem(
                    key_node,
                    f'the key "{key}" is written twice (first in line {seen[key]}); remove one',
                    f'nyckeln "{key}" står två gånger (först på rad {seen[key]}); ta bort en',
                )
                continue
            seen[key] = line_number(key_node)
            self.origins[*keys, key] = Origin(self.file, seen[key])
            yield key, self.read_value(value_node, (*keys, key))

    def read_scalar(self, node: Node) -> Any:
        """Return the value of a node that is one word, number or text."""
        tag, text = str(node.tag).removeprefix(_TAG), str(node.value)
        if tag == "null" and text.lower() in ("null", "~", ""):
            return UNSET if text and not self._lists else None
        if tag == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if tag == "int" and not re.fullmatch(r"0\d+", text):  # 0181 is a code, not a number
            return self.read_whole(node, text)
        if tag == "float":
            return self.read_decimal(node, text)
        self.refuse_tag(node, *_TEXTS)
        self.refuse_hidden(node)
        value = FileText(text)
        value.folder = self.folder
        return value

    def read_whole(self, node: Node, text: str) -> int:
        """Return a whole number."""
        digits = text.replace("_", "")
        sign = -1 if digits.startswith("-") else 1
        digits = digits.lstrip("+-")
        base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2].lower(), 10)
        try:
            return sign * int(digits if base == 10 else digits[2:], base)
        except ValueError:
            self.note_problem(
                node,
                f"{text[:20]}... ({len(text)} digits) is too large a number",
                f"{text[:20]}... ({len(text)} siffror) är ett för stort tal",
            )
            return 0

    def read_decimal(self, node: Node, text: str) -> float:
        """Return a finite decimal number."""
        try:
            number = float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").lower())
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.note_problem(
                node, f"{text[:40]} is not a finite number", f"{text[:40]} är inget ändligt tal"
            )
        return number if math.isfinite(number) else 0.0
