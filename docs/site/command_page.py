"""The commands with their arguments and options, from the command line itself."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_type_hints

import typer

from docs.site.markdown import cell, code, read_opening, table
from segsim.cli import app


def write_commands() -> str:
    """Return the page in Markdown."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return "\n\n".join(
        [
            read_opening("commands"),
            *(write_command(name, command) for name, command in walk("", commands)),
            "",
        ]
    )


def walk(before: str, commands: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each command and those below it, by name."""
    for name, command in commands.items():
        yield f"{before}{name}", command
        yield from walk(f"{before}{name} ", getattr(command, "commands", {}))


def write_command(name: str, command: Any) -> str:
    """Return what a command does and takes."""
    kinds = get_type_hints(command.callback) if command.callback else {}
    rows = [parameter_row(parameter, kinds[parameter.name]) for parameter in command.params]
    parts = [f"## {code(f'segsim {name}')}", command.help or ""]
    if rows:
        parts.append(table(("Argument or option", "Meaning", "If left out"), rows))
    return "\n\n".join(parts)


def parameter_row(parameter: Any, kind: Any) -> tuple[str, str, str]:
    """Return how an argument or option is written, what it means, and what holds without it."""
    name = ", ".join(code(name) for name in parameter.opts)
    if parameter.param_type_name == "argument":
        name = code(parameter.name)
    meaning = parameter.help or ""
    if isinstance(kind, type) and issubclass(kind, Enum):
        meaning = f"{meaning.removesuffix('.')}: {', '.join(code(choice.value) for choice in kind)}."
    default = getattr(parameter.default, "value", parameter.default)
    shown = "" if not default or callable(default) else code(default)
    return name, cell(meaning), "required" if parameter.required else shown
