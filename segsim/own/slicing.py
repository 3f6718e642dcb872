"""The statements of a module that some of its names need, found by reading and not by running it.

What a part does not need, such as the line of a script that begins a sweep, is left out. So a part can be run
elsewhere, and its hash changes with whatever it is made of and with nothing else.
"""

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

EVERYTHING = "*"
"""Stands for all names of a module."""


class Statement(NamedTuple):
    """One statement of a module, with the names it gives a value, changes and uses."""

    node: ast.stmt
    binds: frozenset[str]
    changes: frozenset[str]
    uses: frozenset[str]

    def belongs_to(self, needed: set[str], values: set[str]) -> bool:
        """Tell whether the statement makes something that is needed, or changes a value that is."""
        return bool(self.binds & needed or self.changes & needed & values)


def slice_module(text: str, names: Iterable[str]) -> str:
    """Return the statements of a module that some names need, in their order and as they are written.

    Parameters
    ----------
    text : str
        The module.
    names : iterable of str
        What is needed; `EVERYTHING` is all but what runs only when the module is the main one.

    Raises
    ------
    SyntaxError
        If the text is not Python.
    """
    statements = [describe(node) for node in ast.parse(text).body if not runs_as_main(node)]
    needed = set(names)
    kept = statements if EVERYTHING in needed else select_needed(statements, needed)
    lines = text.splitlines()
    return "\n".join("\n".join(lines[first - 1 : last]) for first, last in list_spans(kept)) + "\n"


def select_needed(statements: list[Statement], needed: set[str]) -> list[Statement]:
    """Return the statements that some names need, directly or not."""
    values = {
        name
        for one in statements
        if not isinstance(one.node, ast.Import | ast.ImportFrom)
        for name in one.binds
    }
    kept: set[int] = set()
    grows = True
    while grows:
        more = {i for i, one in enumerate(statements) if i not in kept and one.belongs_to(needed, values)}
        needed = needed.union(*(statements[i].uses for i in more))
        kept |= more
        grows = bool(more)
    return [one for i, one in enumerate(statements) if i in kept or is_for_all(one.node)]


def list_spans(statements: Iterable[Statement]) -> list[tuple[int, int]]:
    """Return the first and last line of statements, decorators included; those of one line once."""
    spans: list[tuple[int, int]] = []
    for node in (one.node for one in statements):
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        if not spans or first > spans[-1][1]:
            spans.append((first, node.end_lineno or first))
    return spans


def describe(node: ast.stmt) -> Statement:
    """Return a statement with the names it binds, changes and uses."""
    inside = list(ast.walk(node))
    uses = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return Statement(node, frozenset(list_bound(node)), frozenset(list_changed(node)), frozenset(uses))


def list_bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds in its module."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from list_bound(child)


def list_changed(node: ast.stmt) -> Iterator[str]:
    """Yield the names whose value a statement changes: `a[0] = 1`, `a.b = 1`, `a += 1`, `a.append(1)`."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for inner in ast.walk(node):
        targets: list[ast.expr] = []
        if isinstance(inner, ast.Assign):
            targets = inner.targets
        elif isinstance(inner, ast.AugAssign):
            targets = [inner.target]
        elif isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call):
            targets = [inner.value.func] if isinstance(inner.value.func, ast.Attribute) else []
        for target in targets:
            while isinstance(target, ast.Attribute | ast.Subscript):
                target = target.value
            if isinstance(target, ast.Name):
                yield target.id


def runs_as_main(node: ast.stmt) -> bool:
    """Tell whether a statement is `if __name__ == "__main__":`."""
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)


def is_for_all(node: ast.stmt) -> bool:
    """Tell whether a statement holds for the whole module: `from __future__ import`, `from x import *`."""
    if not isinstance(node, ast.ImportFrom):
        return False
    return node.module == "__future__" or any(alias.name == "*" for alias in node.names)


def list_defined(text: str) -> set[str]:
    """Return the names a module binds at its top."""
    return {name for node in ast.parse(text).body for name in list_bound(node)}


def list_imports(text: str) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield every import of a module, wherever in it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def replace_nodes(text: str, replacements: Iterable[tuple[ast.stmt, str]]) -> str:
    """Return a text with some of its statements written otherwise, the last of them first."""
    lines = text.splitlines()
    for node, new in sorted(replacements, key=lambda pair: -pair[0].lineno):
        last = (node.end_lineno or node.lineno) - 1
        # columns of a syntax tree count bytes
        before = lines[node.lineno - 1].encode()[: node.col_offset].decode()
        after = lines[last].encode()[node.end_col_offset :].decode()
        lines[node.lineno - 1 : last + 1] = [f"{before}{new}{after}"]
    return "\n".join(lines) + "\n"
