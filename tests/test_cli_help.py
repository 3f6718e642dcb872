"""Every command says what it is in English and, with --language sv, in Swedish."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from segsim.cli import app
from segsim.cli.help import SWEDISH


def walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command and group of commands, with how it is called."""
    yield path, command
    for name, one in getattr(command, "commands", {}).items():
        yield from walk(one, (*path, name))


COMMANDS = dict(walk(typer.main.get_command(app)))


def call(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return the help that a command line prints, its lines joined."""
    with pytest.raises(SystemExit) as exit_:
        app(arguments, prog_name="segsim")
    assert exit_.value.code == 0
    out, said = capsys.readouterr()
    assert said == ""
    return " ".join(out.split())


def list_texts(command: Any) -> list[str]:
    """Return everything a command says of itself."""
    texts = [command.help, command.epilog, *(getattr(one, "help", None) for one in command.params)]
    return [text for text in texts if text]


def test_all_texts__are_there_in_swedish_and_none_is_left_over() -> None:
    said = {text for command in COMMANDS.values() for text in list_texts(command)}
    assert said | {"Show this message and exit."} == SWEDISH.keys()
    assert all(text != swedish for text, swedish in SWEDISH.items())


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("asked", [["--help", "--language", "sv"], ["--language=sv", "-h"]])
def test_help__is_in_swedish_where_it_is_asked_for(path, asked, capsys):
    said = call([*path, *asked], capsys)
    assert said.startswith(f"Användning: {' '.join(('segsim', *path))} [TILLVAL]")
    for text in list_texts(COMMANDS[path]):
        assert " ".join(SWEDISH[text].split()) in said
        assert " ".join(text.split()) not in said


@pytest.mark.parametrize("asked", [["--help"], ["--help", "--language", "en"]])
@pytest.mark.parametrize("path", [(), ("run",), ("results",), ("results", "verify")], ids=" ".join)
def test_help__is_in_english_else(path, asked, capsys):
    assert "Usage: " in call([*path, *asked], capsys)
